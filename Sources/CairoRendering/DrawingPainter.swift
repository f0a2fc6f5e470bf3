internal import CCairo
import Foundation
import MathTree
import Plotting

/// Draws a figure on a page.
///
/// Its texts are outlines; those that belong to the book's fonts become text again, which a reader
/// can search and copy, and which takes less room.
struct DrawingPainter {
  let painter: PagePainter

  private var context: OpaquePointer { painter.context }

  func draw(_ drawing: Drawing) { draw(drawing.items) }

  private func draw(_ items: [Drawing.Item]) {
    for item in items {
      switch item {
      case .path(let segments, let transform, let look):
        within(transform) {
          trace(segments)
          paint(look)
        }
      case .glyphs(let glyphs, let transform, let look): draw(glyphs, transform, look)
      case .clip(let segments, let inner):
        cairo_save(context)
        trace(segments)
        cairo_clip(context)
        draw(inner)
        cairo_restore(context)
      }
    }
  }

  private func within(_ transform: Drawing.Transform, _ body: () -> Void) {
    cairo_save(context)
    var matrix = cairo_matrix_t(
      xx: transform.a, yx: transform.b, xy: transform.c, yy: transform.d, x0: transform.e,
      y0: transform.f)
    cairo_transform(context, &matrix)
    body()
    cairo_restore(context)
  }

  private func trace(_ segments: [Drawing.Segment], x: Double = 0, y: Double = 0) {
    cairo_new_path(context)
    add(segments, x: x, y: y)
  }

  private func add(_ segments: [Drawing.Segment], x: Double, y: Double) {
    for segment in segments {
      switch segment {
      case .move(let p): cairo_move_to(context, p.x + x, p.y + y)
      case .line(let p): cairo_line_to(context, p.x + x, p.y + y)
      case .curve(let a, let b, let c):
        cairo_curve_to(context, a.x + x, a.y + y, b.x + x, b.y + y, c.x + x, c.y + y)
      case .arc(let center, let radius):
        cairo_new_sub_path(context)
        cairo_arc(context, center.x + x, center.y + y, radius, 0, 2 * .pi)
        cairo_close_path(context)
      case .close: cairo_close_path(context)
      }
    }
  }

  private func paint(_ look: Drawing.Look) {
    func fill() {
      guard let color = look.fill else { return }
      painter.setColor(color, opacity: look.fillOpacity)
      cairo_fill_preserve(context)
    }
    func stroke() {
      guard let color = look.stroke else { return }
      painter.setColor(color)
      cairo_set_line_width(context, look.strokeWidth)
      cairo_set_line_join(context, CAIRO_LINE_JOIN_ROUND)
      cairo_set_line_cap(context, look.hasRoundCaps ? CAIRO_LINE_CAP_ROUND : CAIRO_LINE_CAP_BUTT)
      cairo_set_dash(context, look.dash, Int32(look.dash.count), 0)
      cairo_stroke_preserve(context)
    }
    fill()
    stroke()
    cairo_new_path(context)
  }

  // MARK: - Text

  private func draw(
    _ glyphs: [Drawing.Glyph], _ transform: Drawing.Transform, _ look: Drawing.Look
  ) {
    let known = glyphs.map { painter.book.character(outline: $0.outline) }
    guard !known.contains(where: { $0 == nil }) else {
      within(transform) {
        for glyph in glyphs {
          guard let segments = try? Drawing.outline(glyph.outline) else { continue }
          trace(segments, x: glyph.x, y: glyph.y)
          paint(look)
        }
      }
      return
    }
    // The transform's scale is that of font units, y upwards: text is drawn in units of its own.
    let scale = abs(transform.a != 0 ? transform.d : transform.c)
    let upright = transform.after(Drawing.Transform(a: 1 / scale, d: -1 / scale))
    var stretches: [PagePainter.Stretch] = []
    var end: Double?
    for (glyph, found) in zip(glyphs, known) {
      guard let found else { continue }
      let unitsPerEm = painter.book.pageFace(found.font).unitsPerEm
      let place = Point(glyph.x * scale, -glyph.y * scale)
      let run = GlyphRun(
        font: found.font, size: scale * unitsPerEm, text: String(found.scalar), width: 0,
        glyphs: [.init(id: found.glyph, x: 0, y: 0)],
        clusters: [.init(bytes: String(found.scalar).utf8.count, glyphs: 1)])
      func append(_ run: GlyphRun, _ place: Point) {
        if let last = stretches.last, last.font == run.font, last.size == run.size,
          last.baseline == place.y
        {
          stretches[stretches.count - 1].append(run, place)
        } else {
          stretches.append(PagePainter.Stretch(run, place, look.fill))
        }
      }
      // Blanks have no outline; the gap that they leave tells of them.
      if let end, glyph.x - end > 0.16 * unitsPerEm,
        let blank = painter.book.pageFace(found.font).glyph(" ")
      {
        var space = run
        space.text = " "
        space.glyphs[0].id = blank
        space.clusters[0].bytes = 1
        append(space, Point(end * scale, place.y))
      }
      end = glyph.x + painter.book.pageFace(found.font).advance(of: found.glyph)
      append(run, place)
    }
    within(upright) {
      for stretch in stretches {
        if let rim = look.stroke {
          cairo_new_path(context)
          painter.traceGlyphs(stretch)
          painter.setColor(rim)
          cairo_set_line_width(context, look.strokeWidth * scale)
          cairo_set_line_join(context, CAIRO_LINE_JOIN_ROUND)
          cairo_set_dash(context, nil, 0, 0)
          cairo_stroke(context)
        }
        if let color = look.fill {
          painter.setColor(color, opacity: look.fillOpacity)
          painter.show(stretch)
        }
      }
    }
  }
}

/// A character of one of the book's fonts that an outline is the shape of.
struct KnownCharacter {
  var font: BookFont
  var glyph: UInt32
  var scalar: Unicode.Scalar
}

extension FontBook {
  /// The character that an outline shows; nil if it is none that labels are made of. Call within
  /// `withLock`.
  func character(outline: String) -> KnownCharacter? {
    if knownOutlines.isEmpty { knownOutlines = labelOutlines() }
    return knownOutlines[outline]
  }

  /// The outlines of all characters that labels of figures are made of.
  private func labelOutlines() -> [String: KnownCharacter] {
    var result: [String: KnownCharacter] = [:]
    let latin: [Unicode.Scalar] = (0x21...0x17F).compactMap { Unicode.Scalar($0) }
    let greek: [Unicode.Scalar] = (0x391...0x3F5).compactMap { Unicode.Scalar($0) }
    let signs: [Unicode.Scalar] =
      (0x2010...0x2044).compactMap { Unicode.Scalar($0) }
      + Array("′″−×÷±≈≠≤≥≪≫∝∞∼∈∑∏∂√→←↑↓".unicodeScalars)
    let ascii = Array(latin[..<94])
    let slanted = (ascii + greek).map { MathAlphabet.scalar($0, .italic) }
    for font in [BookFont.sansRegular, .sansMedium, .sansSemibold, .sansItalic] {
      add(latin + greek + signs, font, to: &result)
      addContextual(ascii + signs, font, to: &result)
    }
    let marks = (0x300...0x30C).compactMap { Unicode.Scalar($0) } + ["\u{20D7}"]
    let fences = Array("()[]{}|‖⌊⌋⌈⌉⟨⟩√∑∏∐∫∬∮⋃⋂".unicodeScalars)
    let alphabets = [MathVariant.bold, .boldItalic, .blackboard, .calligraphic].flatMap { variant in
      ascii.map { MathAlphabet.scalar($0, variant) }
    }
    add(latin + greek + signs + slanted + alphabets + marks, .math, to: &result)
    add(Array("⋯⋮±∓∗⋆∘∪∩⊕⊗∧∨≡≃≅≲≳∉⊂⊆⟂∥∣↦⇒⟹ℓℏ∇∀∃∅".unicodeScalars) + fences, .math, to: &result)
    addVariants(fences + marks, to: &result)
    addScripts(ascii + greek + signs + slanted, to: &result)
    // Signs that Inter lacks come from whichever of the other faces has them.
    for font in BookFont.allCases { add(signs, font, to: &result) }
    return result
  }

  private func add(
    _ scalars: [Unicode.Scalar], _ font: BookFont,
    to result: inout [String: KnownCharacter]
  ) {
    let face = pageFace(font)
    for scalar in scalars {
      guard let glyph = face.glyph(scalar) else { continue }
      let outline = GlyphOutline(face: face.face, glyph: glyph).pathData
      if outline.isEmpty || result[outline] != nil { continue }
      result[outline] = KnownCharacter(font: font, glyph: glyph, scalar: scalar)
    }
  }

  /// The sturdier forms that characters of formulas take in scripts.
  private func addScripts(
    _ scalars: [Unicode.Scalar], to result: inout [String: KnownCharacter]
  ) {
    let face = pageFace(.math)
    for scalar in scalars where face.covers(scalar) {
      for level in ["ssty=1", "ssty=2"] {
        let shape = face.shape(String(scalar), features: [level])
        guard shape.glyphs.count == 1, let form = shape.glyphs.first else { continue }
        let outline = GlyphOutline(face: face.face, glyph: form.id).pathData
        if outline.isEmpty || result[outline] != nil { continue }
        result[outline] = KnownCharacter(font: .math, glyph: form.id, scalar: scalar)
      }
    }
  }

  /// The larger forms of what grows: delimiters, roots, operators, wide accents.
  private func addVariants(
    _ scalars: [Unicode.Scalar], to result: inout [String: KnownCharacter]
  ) {
    let layout = MathLayout(book: self, size: 10)
    for scalar in scalars {
      guard let glyph = layout.face.glyph(scalar) else { continue }
      for isVertical in [true, false] {
        for form in layout.variants(of: glyph, isVertical: isVertical) {
          let outline = GlyphOutline(face: layout.face.face, glyph: form.glyph).pathData
          if outline.isEmpty || result[outline] != nil { continue }
          result[outline] = KnownCharacter(font: .math, glyph: form.glyph, scalar: scalar)
        }
      }
    }
  }

  /// The forms that signs take between figures, capitals or brackets, as a sign of multiplication
  /// that stands higher.
  private func addContextual(
    _ scalars: [Unicode.Scalar], _ font: BookFont, to result: inout [String: KnownCharacter]
  ) {
    let face = pageFace(font)
    for scalar in scalars where !scalar.properties.isAlphabetic {
      for (before, after) in [("1", "1"), ("H", "H"), ("(", ")"), ("1 ", " 1"), ("H ", " H")] {
        let shape = face.shape(before + String(scalar) + after)
        guard let form = shape.glyphs.first(where: { $0.byte == before.utf8.count }) else {
          continue
        }
        let outline = GlyphOutline(face: face.face, glyph: form.id).pathData
        if outline.isEmpty || result[outline] != nil { continue }
        result[outline] = KnownCharacter(font: font, glyph: form.id, scalar: scalar)
      }
    }
  }
}
