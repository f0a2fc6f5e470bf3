internal import CHarfBuzz
import MathTree
import Plotting

// Fractions, roots, accents, delimiters that grow, arrays.
extension MathLayout {
  // MARK: - Fractions

  /// Appendix G, rule 15.
  mutating func fraction(
    _ above: MathNode, _ below: MathNode, _ kind: FractionStyle, _ style: MathStyle
  ) -> MathBox {
    var style = style
    switch kind {
    case .display: style.level = .display
    case .text: style.level = .text
    case .automatic, .bare: break
    }
    let top = layout(above, style.numerator)
    let bottom = layout(below, style.denominator)
    let isDisplay = style.isDisplay
    var up: Double
    var down: Double
    var result = MathBox()
    let width = max(top.width + top.italic, bottom.width + bottom.italic)
    // The space on both sides that TeX calls null delimiters.
    let side = 0.12 * size(style)
    if kind == .bare {
      up = constant(
        isDisplay
          ? HB_OT_MATH_CONSTANT_STACK_TOP_DISPLAY_STYLE_SHIFT_UP
          : HB_OT_MATH_CONSTANT_STACK_TOP_SHIFT_UP, style)
      down = constant(
        isDisplay
          ? HB_OT_MATH_CONSTANT_STACK_BOTTOM_DISPLAY_STYLE_SHIFT_DOWN
          : HB_OT_MATH_CONSTANT_STACK_BOTTOM_SHIFT_DOWN, style)
      let least = constant(
        isDisplay
          ? HB_OT_MATH_CONSTANT_STACK_DISPLAY_STYLE_GAP_MIN : HB_OT_MATH_CONSTANT_STACK_GAP_MIN,
        style)
      let gap = (up - top.depth) - (bottom.height - down)
      if gap < least {
        up += (least - gap) / 2
        down += (least - gap) / 2
      }
    } else {
      let thickness = constant(HB_OT_MATH_CONSTANT_FRACTION_RULE_THICKNESS, style)
      let axis = axis(style)
      up = constant(
        isDisplay
          ? HB_OT_MATH_CONSTANT_FRACTION_NUMERATOR_DISPLAY_STYLE_SHIFT_UP
          : HB_OT_MATH_CONSTANT_FRACTION_NUMERATOR_SHIFT_UP, style)
      down = constant(
        isDisplay
          ? HB_OT_MATH_CONSTANT_FRACTION_DENOMINATOR_DISPLAY_STYLE_SHIFT_DOWN
          : HB_OT_MATH_CONSTANT_FRACTION_DENOMINATOR_SHIFT_DOWN, style)
      let gapAbove = constant(
        isDisplay
          ? HB_OT_MATH_CONSTANT_FRACTION_NUM_DISPLAY_STYLE_GAP_MIN
          : HB_OT_MATH_CONSTANT_FRACTION_NUMERATOR_GAP_MIN, style)
      let gapBelow = constant(
        isDisplay
          ? HB_OT_MATH_CONSTANT_FRACTION_DENOM_DISPLAY_STYLE_GAP_MIN
          : HB_OT_MATH_CONSTANT_FRACTION_DENOMINATOR_GAP_MIN, style)
      up = max(up, axis + thickness / 2 + gapAbove + top.depth)
      down = max(down, bottom.height + gapBelow + thickness / 2 - axis)
      result.addRule(x: side, y: -axis - thickness / 2, width: width, thickness: thickness)
    }
    result.add(top, x: side + (width - top.width) / 2, y: -up)
    result.add(bottom, x: side + (width - bottom.width) / 2, y: down)
    result.width = width + 2 * side
    return result
  }

  // MARK: - Roots

  /// Appendix G, rule 11.
  mutating func root(_ body: MathNode, _ index: MathNode?, _ style: MathStyle) -> MathBox {
    var inner = layout(body, style.cramped)
    inner.width += inner.italic
    let thickness = constant(HB_OT_MATH_CONSTANT_RADICAL_RULE_THICKNESS, style)
    var gap = constant(
      style.isDisplay
        ? HB_OT_MATH_CONSTANT_RADICAL_DISPLAY_STYLE_VERTICAL_GAP
        : HB_OT_MATH_CONSTANT_RADICAL_VERTICAL_GAP, style)
    let needed = inner.height + inner.depth + gap + thickness
    let sign = stretched("√", to: needed, isVertical: true, style)
    let surplus = sign.height + sign.depth - needed
    if surplus > 0 { gap += surplus / 2 }
    let top = inner.height + gap + thickness
    var result = MathBox()
    var x = 0.0
    if let index {
      let degree = layout(index, MathStyle(level: .scriptScript, isCramped: true))
      let raise = percent(HB_OT_MATH_CONSTANT_RADICAL_DEGREE_BOTTOM_RAISE_PERCENT)
      let before = constant(HB_OT_MATH_CONSTANT_RADICAL_KERN_BEFORE_DEGREE, style)
      let after = constant(HB_OT_MATH_CONSTANT_RADICAL_KERN_AFTER_DEGREE, style)
      let bottom = (sign.height + sign.depth) - top
      result.add(
        degree, x: max(0, before), y: bottom - raise * (top + bottom) - degree.depth)
      x = max(0, max(0, before) + degree.width + after)
    }
    result.add(sign, x: x, y: sign.height - top)
    x += sign.width
    result.addRule(x: x, y: -top, width: inner.width, thickness: thickness)
    result.add(inner, x: x)
    result.height = max(
      result.height, top + constant(HB_OT_MATH_CONSTANT_RADICAL_EXTRA_ASCENDER, style))
    result.width = x + inner.width
    return result
  }

  // MARK: - Accents

  /// Appendix G, rules 9, 10 and 12.
  mutating func accent(
    _ accent: MathAccent, _ body: MathNode, _ style: MathStyle
  ) -> MathBox {
    if accent.isWide {
      switch accent.mark {
      case "\u{00AF}": return bar(body, isBelow: false, style)
      case "_": return bar(body, isBelow: true, style)
      case "\u{23DE}", "\u{23DF}", "\u{2192}": return spanned(accent, body, style)
      default: break
      }
    }
    let base = layout(dotless(body), style.cramped)
    let scalar = accent.combining ?? accent.mark.unicodeScalars.first ?? " "
    let text = String(scalar)
    guard let glyph = face.glyph(scalar) else { return base }
    var mark = single(glyph, saying: text, style)
    var chosen = glyph
    if accent.isWide {
      let unit = size(style) / face.unitsPerEm
      let wider = variants(of: glyph, isVertical: false).last {
        $0.length * unit <= base.width + base.italic
      }
      if let wider {
        mark = single(wider.glyph, saying: text, style)
        chosen = wider.glyph
      }
    }
    let unit = size(style) / face.unitsPerEm
    let middle =
      Double(hb_ot_math_get_glyph_top_accent_attachment(face.hbFont, chosen)) * unit
    let place = base.accentPlace ?? (base.width + base.italic) / 2
    let rise =
      base.height
      - min(base.height, constant(HB_OT_MATH_CONSTANT_ACCENT_BASE_HEIGHT, style))
    var result = base
    result.add(mark, x: place - middle, y: -rise)
    result.glyph = nil
    // Scripts stand as they would beside the letter alone.
    result.isCharacter = base.isCharacter
    return result
  }

  /// An i or j under an accent loses its dot.
  private func dotless(_ node: MathNode) -> MathNode {
    switch node {
    case .letter("i", .italic): .symbol("\u{1D6A4}", .ordinary)
    case .letter("j", .italic): .symbol("\u{1D6A5}", .ordinary)
    default: node
    }
  }

  private mutating func bar(_ body: MathNode, isBelow: Bool, _ style: MathStyle) -> MathBox {
    var result = layout(body, style.cramped)
    result.width += result.italic
    result.italic = 0
    let thickness = constant(
      isBelow
        ? HB_OT_MATH_CONSTANT_UNDERBAR_RULE_THICKNESS : HB_OT_MATH_CONSTANT_OVERBAR_RULE_THICKNESS,
      style)
    let gap = constant(
      isBelow
        ? HB_OT_MATH_CONSTANT_UNDERBAR_VERTICAL_GAP : HB_OT_MATH_CONSTANT_OVERBAR_VERTICAL_GAP,
      style)
    // The line is a little shorter than what it covers, so that two lines do not join.
    let inset = 0.05 * size(style)
    let y = isBelow ? result.depth + gap : -(result.height + gap + thickness)
    result.addRule(x: inset, y: y, width: result.width - 2 * inset, thickness: thickness)
    result.glyph = nil
    result.isCharacter = false
    return result
  }

  /// A brace or an arrow over or under the whole of a term.
  private mutating func spanned(
    _ accent: MathAccent, _ body: MathNode, _ style: MathStyle
  ) -> MathBox {
    var base = layout(body, style)
    base.width += base.italic
    let sign = stretched(accent.mark, to: base.width, isVertical: false, style)
    let gap = 0.1 * size(style)
    var result = MathBox()
    let width = max(base.width, sign.width)
    result.add(base, x: (width - base.width) / 2)
    let y =
      accent.isBelow ? base.depth + gap + sign.height : -(base.height + gap + sign.depth)
    result.add(sign, x: (width - sign.width) / 2, y: y)
    result.width = width
    return result
  }

  // MARK: - Delimiters

  /// A form of a glyph and its length in font units.
  struct Variant {
    var glyph: UInt32
    var length: Double
  }

  func variants(of glyph: UInt32, isVertical: Bool) -> [Variant] {
    let direction = isVertical ? HB_DIRECTION_BTT : HB_DIRECTION_LTR
    var buffer = [hb_ot_math_glyph_variant_t](repeating: .init(), count: 32)
    var count = UInt32(buffer.count)
    _ = hb_ot_math_get_glyph_variants(face.hbFont, glyph, direction, 0, &count, &buffer)
    return buffer.prefix(Int(count)).map {
      Variant(glyph: $0.glyph, length: Double($0.advance))
    }
  }

  /// The smallest form of a sign of at least the given length in points; the assembled form where
  /// none is long enough, the longest where there is no assembly.
  func stretched(
    _ sign: String, to length: Double, isVertical: Bool, _ style: MathStyle
  ) -> MathBox {
    guard let scalar = sign.unicodeScalars.first, let glyph = face.glyph(scalar) else {
      return MathBox()
    }
    let unit = size(style) / face.unitsPerEm
    let extents = face.extents(of: glyph)
    let own = (isVertical ? extents.top - extents.bottom : extents.width) * unit
    if own >= length { return single(glyph, saying: sign, style) }
    let forms = variants(of: glyph, isVertical: isVertical)
    if let form = forms.first(where: { $0.length * unit >= length }) {
      return single(form.glyph, saying: sign, style)
    }
    return assembled(glyph, saying: sign, to: length / unit, isVertical: isVertical, style)
      ?? single(forms.last?.glyph ?? glyph, saying: sign, style)
  }

  /// Parts joined to the given length in font units (OpenType, MATH table, glyph assembly).
  private func assembled(
    _ glyph: UInt32, saying text: String, to length: Double, isVertical: Bool, _ style: MathStyle
  ) -> MathBox? {
    let direction = isVertical ? HB_DIRECTION_BTT : HB_DIRECTION_LTR
    var buffer = [hb_ot_math_glyph_part_t](repeating: .init(), count: 16)
    var count = UInt32(buffer.count)
    var italic: Int32 = 0
    _ = hb_ot_math_get_glyph_assembly(
      face.hbFont, glyph, direction, 0, &count, &buffer, &italic)
    let parts = Array(buffer.prefix(Int(count)))
    guard !parts.isEmpty else { return nil }
    let least = Double(hb_ot_math_get_min_connector_overlap(face.hbFont, direction))
    func isExtender(_ part: hb_ot_math_glyph_part_t) -> Bool {
      part.flags.rawValue & HB_OT_MATH_GLYPH_PART_FLAG_EXTENDER.rawValue != 0
    }
    var chain = parts
    for repeats in 0...400 {
      chain = parts.flatMap { Array(repeating: $0, count: isExtender($0) ? repeats : 1) }
      let longest =
        chain.reduce(0) { $0 + Double($1.full_advance) } - least * Double(max(0, chain.count - 1))
      if !chain.isEmpty, longest >= length { break }
    }
    guard !chain.isEmpty else { return nil }
    let longest =
      chain.reduce(0) { $0 + Double($1.full_advance) } - least * Double(chain.count - 1)
    let surplus = chain.count > 1 ? max(0, longest - length) / Double(chain.count - 1) : 0
    let unit = size(style) / face.unitsPerEm
    var glyphs: [GlyphRun.Glyph] = []
    var place = 0.0
    var across = 0.0
    for (index, part) in chain.enumerated() {
      if index > 0 {
        let most = Double(min(chain[index - 1].end_connector_length, part.start_connector_length))
        place -= min(max(least, most), least + surplus)
      }
      let extents = face.extents(of: part.glyph)
      // Parts are measured from their own lower or left edge.
      glyphs.append(
        isVertical
          ? .init(id: part.glyph, x: 0, y: -(place - extents.bottom) * unit)
          : .init(id: part.glyph, x: (place - extents.left) * unit, y: 0))
      across = max(
        across, isVertical ? face.advance(of: part.glyph) : max(0, extents.top))
      place += Double(part.full_advance)
    }
    var box = MathBox()
    if isVertical {
      box.width = across * unit
      box.height = place * unit
    } else {
      box.width = place * unit
      let all = chain.map { face.extents(of: $0.glyph) }
      box.height = (all.map(\.top).max() ?? 0) * unit
      box.depth = -(all.map(\.bottom).min() ?? 0) * unit
    }
    box.runs = [
      .init(
        run: GlyphRun(
          font: .math, size: size(style), text: text, width: box.width, glyphs: glyphs,
          clusters: [.init(bytes: text.utf8.count, glyphs: glyphs.count)]), place: Point(0, 0))
    ]
    return box
  }

  /// A delimiter centred on the axis.
  func delimiter(_ sign: String, height: Double, _ style: MathStyle) -> MathBox {
    guard !sign.isEmpty else {
      var empty = MathBox()
      empty.width = 0.12 * size(style)
      return empty
    }
    var box = stretched(sign, to: height, isVertical: true, style)
    let shift = (box.height - box.depth) / 2 - axis(style)
    box = box.lowered(by: shift)
    box.italic = 0
    return box
  }

  func normalDelimiterHeight(_ style: MathStyle) -> Double {
    guard let glyph = face.glyph("(") else { return size(style) }
    let extents = face.extents(of: glyph)
    return (extents.top - extents.bottom) / face.unitsPerEm * size(style)
  }

  /// Appendix G, rule 19: nine tenths of what is enclosed are covered, and all but 5 pt.
  mutating func fenced(
    _ left: String, _ body: MathNode, _ right: String, _ style: MathStyle
  ) -> MathBox {
    var inner = layout(body, style)
    let axis = axis(style)
    let reach = max(inner.height - axis, inner.depth + axis)
    let height = max(2 * reach * 0.901, 2 * reach - 0.5 * size(style))
    // The delimiters of \middle grow with the fence.
    if case .row(let nodes) = body, nodes.contains(where: \.isGrowing) {
      inner = middled(nodes, height: height, style)
    }
    var result = MathBox()
    let opening = delimiter(left, height: height, style)
    let closing = delimiter(right, height: height, style)
    result.add(opening, x: 0)
    result.add(inner, x: opening.width)
    result.add(closing, x: opening.width + inner.width + inner.italic)
    result.width = opening.width + inner.width + inner.italic + closing.width
    return result
  }

  private mutating func middled(
    _ nodes: [MathNode], height: Double, _ style: MathStyle
  ) -> MathBox {
    var result = MathBox()
    for node in nodes {
      let space = 5.0 / 18 * size(style)
      if case .delimiter(let sign, _, 0) = node {
        let box = delimiter(sign, height: height, style)
        result.add(box, x: result.width + space)
        result.width += box.width + 2 * space
      } else {
        let box = layout(node, style)
        result.add(box, x: result.width)
        result.width += box.width + box.italic
      }
    }
    return result
  }

  // MARK: - Arrays

  mutating func array(_ array: MathArray, _ style: MathStyle) -> MathBox {
    var cell = style.textual
    switch array.kind {
    case .aligned: cell = MathStyle(level: .display)
    case .substack: cell = style
    case .matrix, .cases: break
    }
    let em = size(cell)
    var boxes: [[MathBox]] = []
    for row in array.rows {
      var cells: [MathBox] = []
      for (column, node) in row.enumerated() {
        // What begins the right side of an equation stands behind the left side, not alone.
        let content =
          array.kind == .aligned && column % 2 == 1 ? .row([.row([])] + node.atoms) : node
        var box = layout(content, cell)
        box.width += box.italic
        cells.append(box)
      }
      boxes.append(cells)
    }
    let columns = array.alignments.count
    let widths = (0..<columns).map { column in
      boxes.compactMap { column < $0.count ? $0[column].width : nil }.max() ?? 0
    }
    var starts: [Double] = []
    var x = 0.0
    for column in 0..<columns {
      if column > 0 {
        switch array.kind {
        case .aligned: x += column % 2 == 1 ? 0 : 2 * em
        case .matrix, .cases, .substack: x += em
        }
      }
      starts.append(x)
      x += widths[column]
    }
    // Baselines are 1.2 em apart, those of equations 1.5, and rows keep a gap in any case.
    let isSubstack = array.kind == .substack
    let pitch = (array.kind == .aligned ? 1.5 : isSubstack ? 1.05 : 1.2) * em
    let gap = (array.kind == .aligned ? 0.4 : 0.15) * em
    let strut = isSubstack ? (0.0, 0.0) : (0.7 * 1.2 * em, 0.3 * 1.2 * em)
    var result = MathBox()
    var y = 0.0
    var depthBefore = 0.0
    for (index, row) in boxes.enumerated() {
      let height = max(strut.0, row.map(\.height).max() ?? 0)
      if index > 0 { y += max(pitch, depthBefore + gap + height) }
      for (column, box) in row.enumerated() {
        let room = widths[column] - box.width
        let shift: Double =
          switch array.alignments[column] {
          case .leading: 0
          case .center: room / 2
          case .trailing: room
          }
        result.add(box, x: starts[column] + shift, y: y)
      }
      depthBefore = max(strut.1, row.map(\.depth).max() ?? 0)
      result.height = max(result.height, height - y)
      result.depth = max(result.depth, depthBefore + y)
    }
    result.width = x
    if isSubstack { return result }
    return result.lowered(by: (result.height - result.depth) / 2 - axis(style))
  }
}

extension MathNode {
  fileprivate var isGrowing: Bool {
    if case .delimiter(_, _, 0) = self { true } else { false }
  }
}
