internal import CHarfBuzz
public import MathTree
import Plotting

/// Lays formulas out by TeX's rules with the constants of a font's MATH table.
///
/// The rules are those of Knuth, The TeXbook, appendix G; where OpenType has other parameters than
/// TeX's fonts, as for scripts and fractions, they are read as the specification of the MATH table
/// and MathML Core, sections 3 and 5, say.
struct MathLayout {
  let book: FontBook
  let face: PageFace
  /// The size of text style in points.
  let baseSize: Double
  let wordType: WordType
  var missing: [Unicode.Scalar] = []

  /// The type of words within formulas.
  struct WordType {
    var font = BookFont.textRegular
    /// Its size relative to that of the formula's letters.
    var scale = 1.0
    /// Whether numbers, names of functions and upright letters are set in it too.
    var holdsNumbers = false
  }

  /// Call within the book's lock.
  init(book: FontBook, size: Double, words: WordType = WordType()) {
    self.book = book
    face = book.pageFace(.math)
    baseSize = size
    wordType = words
  }

  // MARK: - Sizes and constants

  func size(_ style: MathStyle) -> Double {
    switch style.level {
    case .display, .text: baseSize
    case .script: baseSize * percent(HB_OT_MATH_CONSTANT_SCRIPT_PERCENT_SCALE_DOWN)
    case .scriptScript: baseSize * percent(HB_OT_MATH_CONSTANT_SCRIPT_SCRIPT_PERCENT_SCALE_DOWN)
    }
  }

  func percent(_ constant: hb_ot_math_constant_t) -> Double {
    Double(hb_ot_math_get_constant(face.hbFont, constant)) / 100
  }

  /// A constant of the font in points.
  func constant(_ constant: hb_ot_math_constant_t, _ style: MathStyle) -> Double {
    Double(hb_ot_math_get_constant(face.hbFont, constant)) / face.unitsPerEm * size(style)
  }

  /// The height of the line on which fractions and signs are centred.
  func axis(_ style: MathStyle) -> Double { constant(HB_OT_MATH_CONSTANT_AXIS_HEIGHT, style) }

  // MARK: - Nodes

  mutating func layout(_ node: MathNode, _ style: MathStyle) -> MathBox {
    switch node {
    case .row(let nodes):
      if nodes.count == 1 { return layout(nodes[0], style) }
      return row(nodes, MathSpacing.classes(of: nodes), style)
    case .number(let text): return upright(text, style)
    case .letter(let text, let variant): return letter(text, variant, style)
    case .symbol(let text, _): return characters(text, style)
    case .text(let text): return words(text, style)
    case .function(let name, _):
      var box = upright(name, style)
      box.glyph = nil
      box.isCharacter = true
      return box
    case .largeOperator(let sign, _): return largeOperator(sign, style)
    case .fraction(let above, let below, let kind): return fraction(above, below, kind, style)
    case .root(let body, let index): return root(body, index, style)
    case .scripts(let base, let scripts): return self.scripts(base, scripts, style)
    case .accent(let accent, let body): return self.accent(accent, body, style)
    case .stack(let base, let over, let under):
      let body = layout(base, style)
      return limits(
        body, over: over.map { layout($0, style.superscript) },
        under: under.map { layout($0, style.subscript) }, style)
    case .fenced(let left, let body, let right): return fenced(left, body, right, style)
    case .delimiter(let sign, _, let scale):
      // A factor of 0 is set by the fence around it.
      return delimiter(sign, height: scale * normalDelimiterHeight(style), style)
    case .array(let array): return self.array(array, style)
    case .space(let width):
      var box = MathBox()
      box.width = width * size(style)
      return box
    case .style(let isDisplay, let body):
      return layout(
        body, MathStyle(level: isDisplay ? .display : .text, isCramped: style.isCramped))
    case .value(_, let body): return layout(body, style)
    case .reference(let reference): return words(reference.name, style)
    }
  }

  /// Atoms with the space between them.
  mutating func row(
    _ nodes: [MathNode], _ kinds: [MathClass?], _ style: MathStyle, after first: MathClass? = nil
  ) -> MathBox {
    var result = MathBox()
    var before = first
    var lean = 0.0
    var wasSlanted = false
    for (node, kind) in zip(nodes, kinds) {
      let box = layout(node, style)
      if let kind {
        if let before {
          result.width +=
            MathSpacing.between(before, kind, isScript: style.isScript) / 18
            * size(style)
        }
        before = kind
      }
      // Between two slanted letters nothing is corrected; their advances fit.
      if !(wasSlanted && box.isSlanted) { result.width += lean }
      result.add(box, x: result.width)
      result.width += box.width
      lean = box.italic
      wasSlanted = box.isSlanted
    }
    result.width += lean
    return result
  }

  // MARK: - Characters

  /// The features of a style: fonts have sturdier forms for scripts.
  private func features(_ style: MathStyle) -> [String] {
    switch style.level {
    case .display, .text: []
    case .script: ["ssty=1"]
    case .scriptScript: ["ssty=2"]
    }
  }

  /// Characters of the formula's face on the baseline.
  mutating func characters(
    _ text: String, _ style: MathStyle, features: [String]? = nil
  ) -> MathBox {
    guard text.unicodeScalars.allSatisfy(face.covers) else { return words(text, style) }
    let size = size(style)
    let shape = face.shape(text, features: features ?? self.features(style))
    let unit = size / face.unitsPerEm
    var box = MathBox()
    box.width = shape.advance * unit
    var (top, bottom) = (-Double.infinity, Double.infinity)
    for glyph in shape.glyphs {
      let extents = face.extents(of: glyph.id)
      top = max(top, extents.top + glyph.y)
      bottom = min(bottom, extents.bottom + glyph.y)
    }
    if shape.glyphs.isEmpty { (top, bottom) = (0, 0) }
    box.height = top * unit
    box.depth = -bottom * unit
    box.runs = [
      .init(run: GlyphRun(shape, text: text, face: face, size: size), place: Point(0, 0))
    ]
    if let last = shape.glyphs.last {
      box.italic =
        Double(hb_ot_math_get_glyph_italics_correction(face.hbFont, last.id)) * unit
    }
    if shape.glyphs.count == 1, let only = shape.glyphs.first {
      box.glyph = (only.id, size)
      box.accentPlace =
        Double(hb_ot_math_get_glyph_top_accent_attachment(face.hbFont, only.id)) * unit
    }
    box.isCharacter = true
    return box
  }

  private mutating func letter(
    _ text: String, _ variant: MathVariant, _ style: MathStyle
  ) -> MathBox {
    if variant == .upright { return upright(text, style) }
    var mapped = ""
    for scalar in text.unicodeScalars {
      mapped.unicodeScalars.append(MathAlphabet.scalar(scalar, variant))
    }
    var box = characters(mapped, style)
    box.isSlanted = variant == .italic || variant == .boldItalic
    return box
  }

  /// Numbers and upright letters, in the face of formulas or that of words.
  private mutating func upright(_ text: String, _ style: MathStyle) -> MathBox {
    guard wordType.holdsNumbers else { return characters(text, style) }
    var box = words(text, style)
    box.isCharacter = true
    return box
  }

  /// Words in the text's own face.
  mutating func words(_ text: String, _ style: MathStyle) -> MathBox {
    var box = MathBox()
    let (runs, absent) = book.runs(
      text, font: wordType.font, size: size(style) * wordType.scale)
    missing += absent
    for run in runs {
      let face = book.pageFace(run.font)
      let unit = run.size / face.unitsPerEm
      for glyph in run.glyphs {
        let extents = face.extents(of: glyph.id)
        box.height = max(box.height, extents.top * unit)
        box.depth = max(box.depth, -extents.bottom * unit)
      }
      box.runs.append(.init(run: run, place: Point(box.width, 0)))
      box.width += run.width
    }
    return box
  }

  private mutating func largeOperator(_ sign: String, _ style: MathStyle) -> MathBox {
    guard let scalar = sign.unicodeScalars.first, let glyph = face.glyph(scalar) else {
      return words(sign, style)
    }
    let wanted =
      style.isDisplay
      ? Double(
        hb_ot_math_get_constant(face.hbFont, HB_OT_MATH_CONSTANT_DISPLAY_OPERATOR_MIN_HEIGHT))
      : 0
    let chosen =
      variants(of: glyph, isVertical: true).first { $0.length >= wanted }?.glyph
      ?? (style.isDisplay ? variants(of: glyph, isVertical: true).last?.glyph : nil) ?? glyph
    let box = single(chosen, saying: sign, style)
    return box.lowered(by: (box.height - box.depth) / 2 - axis(style))
  }

  /// One glyph by its number.
  func single(_ glyph: UInt32, saying text: String, _ style: MathStyle) -> MathBox {
    let size = size(style)
    let unit = size / face.unitsPerEm
    let extents = face.extents(of: glyph)
    var box = MathBox()
    box.width = face.advance(of: glyph) * unit
    box.height = extents.top * unit
    box.depth = -extents.bottom * unit
    box.italic = Double(hb_ot_math_get_glyph_italics_correction(face.hbFont, glyph)) * unit
    box.runs = [
      .init(
        run: GlyphRun(
          font: .math, size: size, text: text, width: box.width,
          glyphs: [.init(id: glyph, x: 0, y: 0)],
          clusters: [.init(bytes: text.utf8.count, glyphs: 1)]), place: Point(0, 0))
    ]
    return box
  }

  // MARK: - Scripts

  private mutating func scripts(
    _ base: MathNode, _ scripts: MathScripts, _ style: MathStyle
  ) -> MathBox {
    let body = layout(base, style)
    var upper = scripts.upper.map { layout($0, style.superscript) }
    if scripts.primes > 0 {
      let sign = ["′", "″", "‴", "⁗"][min(scripts.primes, 4) - 1]
      // A prime is raised by its font already, so that it is lowered by what scripts are raised.
      var primes = characters(sign, style, features: [])
        .lowered(by: constant(Self.superscriptShift(style), style))
      primes.width += primes.italic
      if let power = upper {
        primes.add(power, x: primes.width)
        primes.width += power.width + power.italic
      }
      upper = primes
    }
    let lower = scripts.lower.map { layout($0, style.subscript) }
    if style.isDisplay, Self.takesLimits(base) {
      return limits(body, over: upper, under: lower, style)
    }
    return attach(
      body, upper: upper, lower: lower, isOperator: base.isLargeOperator, style)
  }

  private static func superscriptShift(_ style: MathStyle) -> hb_ot_math_constant_t {
    style.isCramped
      ? HB_OT_MATH_CONSTANT_SUPERSCRIPT_SHIFT_UP_CRAMPED
      : HB_OT_MATH_CONSTANT_SUPERSCRIPT_SHIFT_UP
  }

  private static func takesLimits(_ base: MathNode) -> Bool {
    switch base {
    case .largeOperator(_, let limits), .function(_, let limits): limits
    default: false
    }
  }

  /// Scripts beside a box (appendix G, rule 18).
  private func attach(
    _ body: MathBox, upper: MathBox?, lower: MathBox?, isOperator: Bool, _ style: MathStyle
  ) -> MathBox {
    var up = 0.0
    var down = 0.0
    if !body.isCharacter {
      up =
        body.height
        - constant(HB_OT_MATH_CONSTANT_SUPERSCRIPT_BASELINE_DROP_MAX, style.superscript)
      down =
        body.depth + constant(HB_OT_MATH_CONSTANT_SUBSCRIPT_BASELINE_DROP_MIN, style.subscript)
    }
    if let upper {
      up = max(
        up, constant(Self.superscriptShift(style), style),
        upper.depth + constant(HB_OT_MATH_CONSTANT_SUPERSCRIPT_BOTTOM_MIN, style))
    }
    if let lower {
      down = max(down, constant(HB_OT_MATH_CONSTANT_SUBSCRIPT_SHIFT_DOWN, style))
      if upper == nil {
        down = max(
          down, lower.height - constant(HB_OT_MATH_CONSTANT_SUBSCRIPT_TOP_MAX, style))
      }
    }
    if let upper, let lower {
      let least = constant(HB_OT_MATH_CONSTANT_SUB_SUPERSCRIPT_GAP_MIN, style)
      let gap = (up - upper.depth) - (lower.height - down)
      if gap < least {
        down += least - gap
        let rise =
          constant(HB_OT_MATH_CONSTANT_SUPERSCRIPT_BOTTOM_MAX_WITH_SUBSCRIPT, style)
          - (up - upper.depth)
        if rise > 0 {
          up += rise
          down -= rise
        }
      }
    }
    var result = body
    result.glyph = nil
    result.isCharacter = false
    result.accentPlace = nil
    result.italic = 0
    var end = body.width
    if upper == nil, lower == nil { end += body.italic }
    if let lower {
      // An operator leans away from its subscript.
      let lean = isOperator ? body.italic : 0
      let kern = kern(body, lower, isAbove: false, shift: down, style)
      result.add(lower, x: body.width - lean + kern, y: down)
      end = max(end, body.width - lean + kern + lower.width + lower.italic)
    }
    if let upper {
      let lean = isOperator ? 0 : body.italic
      let kern = kern(body, upper, isAbove: true, shift: up, style)
      result.add(upper, x: body.width + lean + kern, y: -up)
      end = max(end, body.width + lean + kern + upper.width + upper.italic)
    }
    result.width = end + constant(HB_OT_MATH_CONSTANT_SPACE_AFTER_SCRIPT, style)
    return result
  }

  /// The cut-in between the corners of two letters, where the font has one.
  private func kern(
    _ body: MathBox, _ script: MathBox, isAbove: Bool, shift: Double, _ style: MathStyle
  ) -> Double {
    guard let (glyph, size) = body.glyph, let (other, otherSize) = script.glyph else { return 0 }
    let (corner, opposite) =
      isAbove
      ? (HB_OT_MATH_KERN_TOP_RIGHT, HB_OT_MATH_KERN_BOTTOM_LEFT)
      : (HB_OT_MATH_KERN_BOTTOM_RIGHT, HB_OT_MATH_KERN_TOP_LEFT)
    /// The kerning of both glyphs at a height over the body's baseline.
    func total(at height: Double) -> Double {
      let place = isAbove ? height - shift : height + shift
      func one(_ glyph: UInt32, _ size: Double, _ corner: hb_ot_math_kern_t, _ height: Double)
        -> Double
      {
        let unit = size / face.unitsPerEm
        return Double(
          hb_ot_math_get_glyph_kerning(
            face.hbFont, glyph, corner, Int32((height / unit).rounded()))) * unit
      }
      return one(glyph, size, corner, height) + one(other, otherSize, opposite, place)
    }
    let first = isAbove ? shift - script.depth : -body.depth
    let second = isAbove ? body.height : script.height - shift
    let kerns = [total(at: first), total(at: second)]
    return kerns.max { abs($0) > abs($1) } ?? 0
  }

  /// What stands above and below (appendix G, rule 13a).
  func limits(
    _ body: MathBox, over: MathBox?, under: MathBox?, _ style: MathStyle
  ) -> MathBox {
    // The limits of some fonts touch the operator: a sixth of an em is kept at least.
    let least = 0.16 * size(style)
    let width = max(body.width, over?.width ?? 0, under?.width ?? 0)
    var result = MathBox()
    result.add(body, x: (width - body.width) / 2)
    if let over {
      let gap = max(
        least, constant(HB_OT_MATH_CONSTANT_UPPER_LIMIT_GAP_MIN, style),
        constant(HB_OT_MATH_CONSTANT_UPPER_LIMIT_BASELINE_RISE_MIN, style) - over.depth)
      result.add(
        over, x: (width - over.width) / 2 + body.italic / 2, y: -(body.height + gap + over.depth))
    }
    if let under {
      let gap = max(
        least, constant(HB_OT_MATH_CONSTANT_LOWER_LIMIT_GAP_MIN, style),
        constant(HB_OT_MATH_CONSTANT_LOWER_LIMIT_BASELINE_DROP_MIN, style) - under.height)
      result.add(
        under, x: (width - under.width) / 2 - body.italic / 2, y: body.depth + gap + under.height)
    }
    result.width = width
    return result
  }
}

extension MathNode {
  fileprivate var isLargeOperator: Bool {
    if case .largeOperator = self { true } else { false }
  }
}

extension FontBook {
  /// Lays a formula out.
  ///
  /// - Parameters:
  ///   - size: The size of the text around it in points.
  ///   - isDisplay: Whether it stands on its own line.
  public func formula(_ node: MathNode, size: Double, isDisplay: Bool) -> Formula {
    withLock {
      var layout = MathLayout(book: self, size: size)
      var box = layout.layout(node, MathStyle(level: isDisplay ? .display : .text))
      box.width += box.italic
      return Formula(box, missing: layout.missing)
    }
  }

  /// Lays out a formula within text, in the parts between which a line may end: behind relations
  /// and binary operations that stand in no brackets.
  public func formulaParts(_ node: MathNode, size: Double) -> [FormulaPart] {
    withLock {
      let nodes = node.atoms
      let kinds = MathSpacing.classes(of: nodes)
      let style = MathStyle(level: .text)
      var layout = MathLayout(book: self, size: size)
      var parts: [FormulaPart] = []
      var start = 0
      var depth = 0
      for index in nodes.indices {
        switch kinds[index] {
        case .opening: depth += 1
        case .closing: depth -= 1
        default: break
        }
        let isEnd = index == nodes.count - 1
        let isOperator = kinds[index] == .relation || kinds[index] == .binary
        guard isEnd || (isOperator && depth == 0 && index > start) else { continue }
        var box = layout.row(
          Array(nodes[start...index]), Array(kinds[start...index]), style)
        box.width += box.italic
        var space = 0.0
        if !isEnd, let left = kinds[index],
          let right = kinds[(index + 1)...].lazy.compactMap({ $0 }).first
        {
          space = MathSpacing.between(left, right, isScript: false) / 18 * size
        }
        parts.append(
          FormulaPart(
            formula: Formula(box, missing: layout.missing), space: space,
            endsWithRelation: kinds[index] == .relation))
        layout.missing = []
        start = index + 1
      }
      return parts
    }
  }
}

extension Formula {
  init(_ box: MathBox, missing: [Unicode.Scalar]) {
    width = box.width
    height = box.height
    depth = box.depth
    runs = box.runs
    rules = box.rules
    self.missing = missing
  }
}
