import MathTree

/// Extents from a table of Inter's advances: within a few per cent for words, a fair guess for
/// formulas, and the same everywhere.
public struct ApproximateMeasurer: TextMeasurer {
  /// A measurer; it has no state.
  public init() {}

  /// The room that the text takes.
  public func extent(of text: RichText, style: TextStyle) -> TextExtent {
    let weight =
      switch style.weight {
      case .regular: 1.0
      case .medium: 1.02
      case .semibold: 1.05
      }
    var all = Box()
    for piece in text.pieces {
      switch piece {
      case .words(let words): all.append(Self.characters(words, size: style.size * weight))
      case .formula(let node, _): all.append(Self.box(node, size: style.size))
      }
    }
    return TextExtent(width: all.width, height: all.height, depth: all.depth, style: style)
  }

  private struct Box {
    var width = 0.0
    var height = 0.0
    var depth = 0.0

    mutating func append(_ other: Box) {
      width += other.width
      height = max(height, other.height)
      depth = max(depth, other.depth)
    }
  }

  /// The size of a script relative to its line.
  private static let scriptScale = 0.75
  /// The height of the line on which fractions are centred, in em.
  private static let axis = 0.27

  private static func characters(_ text: String, size: Double) -> Box {
    let width = text.unicodeScalars.reduce(0) { $0 + advance(of: $1) }
    return Box(width: width * size, height: 0.76 * size, depth: 0.2 * size)
  }

  private static func box(_ node: MathNode, size: Double, isScript: Bool = false) -> Box {
    func inner(_ node: MathNode) -> Box { box(node, size: size, isScript: isScript) }
    func script(_ node: MathNode?) -> Box? {
      node.map { box($0, size: size * scriptScale, isScript: true) }
    }
    switch node {
    case .row(let nodes):
      var row = Box()
      var before: MathClass?
      for (node, kind) in zip(nodes, MathSpacing.classes(of: nodes)) {
        if let before, let kind {
          row.width += MathSpacing.between(before, kind, isScript: isScript) / 18 * size
        }
        before = kind ?? before
        row.append(inner(node))
      }
      return row
    case .number(let text), .letter(let text, _), .symbol(let text, _), .text(let text),
      .function(let text, _), .delimiter(let text, _, _):
      return characters(text, size: size)
    case .largeOperator(let sign, _):
      return Box(width: sign == "∫" ? 0.6 * size : size, height: 0.9 * size, depth: 0.35 * size)
    case .fraction(let above, let below, let kind):
      let isLarge = kind == .display
      let parts = [above, below].map {
        isLarge ? inner($0) : box($0, size: size * scriptScale, isScript: true)
      }
      return Box(
        width: parts.map(\.width).max()! + 0.25 * size,
        height: parts[0].height + parts[0].depth + (axis + 0.1) * size,
        depth: parts[1].height + parts[1].depth - (axis - 0.1) * size)
    case .root(let body, let index):
      var root = inner(body)
      root.width += 0.8 * size + (script(index)?.width ?? 0) * 0.5
      root.height += 0.2 * size
      return root
    case .scripts(let base, let scripts):
      var result = inner(base)
      let upper = script(scripts.upper)
      let lower = script(scripts.lower)
      result.width +=
        max(upper?.width ?? 0, lower?.width ?? 0) + Double(scripts.primes) * 0.25 * size
      if let upper { result.height = max(result.height, upper.height + 0.38 * size) }
      if let lower { result.depth = max(result.depth, lower.depth + 0.2 * size) }
      return result
    case .stack(let base, let over, let under):
      var result = inner(base)
      for (part, isOver) in [(script(over), true), (script(under), false)] {
        guard let part else { continue }
        result.width = max(result.width, part.width)
        if isOver { result.height += part.height + part.depth }
        if !isOver { result.depth += part.height + part.depth }
      }
      return result
    case .accent(let accent, let body):
      var result = inner(body)
      if accent.isBelow { result.depth += 0.15 * size } else { result.height += 0.15 * size }
      return result
    case .fenced(let left, let body, let right):
      var result = inner(body)
      result.width += (left.isEmpty ? 0.12 : 0.42) * size + (right.isEmpty ? 0.12 : 0.42) * size
      return result
    case .array(let array): return self.array(array, size: size, isScript: isScript)
    case .space(let width): return Box(width: width * size)
    case .style(_, let body), .value(_, let body): return inner(body)
    case .reference(let reference): return characters(reference.name, size: size)
    }
  }

  private static func array(_ array: MathArray, size: Double, isScript: Bool) -> Box {
    let cells = array.rows.map { $0.map { box($0, size: size, isScript: isScript) } }
    let widths = array.alignments.indices.map { column in
      cells.compactMap { column < $0.count ? $0[column].width : nil }.max() ?? 0
    }
    let total = cells.reduce(0) { sum, row in
      sum + max(1.2 * size, row.map { $0.height + $0.depth }.max() ?? 0)
    }
    return Box(
      width: widths.reduce(0, +) + Double(max(0, widths.count - 1)) * size,
      height: total / 2 + axis * size, depth: total / 2 - axis * size)
  }

  private static func advance(of character: Unicode.Scalar) -> Double {
    switch character {
    case "\u{2009}", "\u{200A}": 0.16
    case " ", "i", "j", "l", "I", ".", ",", ":", ";", "'", "|", "!": 0.28
    case "f", "r", "t", "(", ")", "[", "]", "/", "-": 0.37
    case "m", "w", "M", "W", "%", "@": 0.88
    case "A"..."Z": 0.70
    case "\u{2212}", "+", "=", "<", ">", "×", "≈", "≤", "≥", "±", "∝": 0.65
    case "0"..."9": 0.62
    default: 0.58
    }
  }
}
