extension MathNode {
  /// The formula on one line of plain text, as one writes it in a letter: `N^b`, `10³`, `(a + b)/c`,
  /// `√x`. For descriptions, tables of data and terminals.
  public var linear: String { linear(isScript: false) }

  private func linear(isScript: Bool) -> String {
    switch self {
    case .row(let nodes): return Self.linear(nodes, isScript: isScript)
    case .number(let text), .letter(let text, _), .symbol(let text, _), .text(let text),
      .function(let text, _), .largeOperator(let text, _), .delimiter(let text, _, _):
      return text
    case .fraction(let above, let below, _):
      return above.enclosed(isScript) + "/" + below.enclosed(isScript)
    case .root(let body, let index):
      let degree = index.map { raised($0.linear) ?? $0.linear } ?? ""
      return degree + "√" + body.enclosed(isScript)
    case .scripts(let base, let scripts):
      var text = base.linear(isScript: isScript) + String(repeating: "′", count: scripts.primes)
      if let lower = scripts.lower { text += "_" + lower.script }
      if let upper = scripts.upper { text += raised(upper.script) ?? "^" + upper.script }
      return text
    case .accent(let accent, let body):
      let text = body.linear(isScript: isScript)
      guard text.count == 1, let mark = accent.combining else { return text }
      return text + String(mark)
    case .stack(let base, let over, let under):
      return base.linear(isScript: isScript) + (under.map { "_" + $0.script } ?? "")
        + (over.map { "^" + $0.script } ?? "")
    case .fenced(let left, let body, let right):
      return left + body.linear(isScript: isScript) + right
    case .array(let array):
      return array.rows.map { row in
        row.map { $0.linear(isScript: isScript) }.joined(separator: " ")
      }.joined(separator: "; ")
    case .space(let width): return width <= 0 ? "" : width < 0.25 ? "\u{2009}" : " "
    case .style(_, let body), .value(_, let body): return body.linear(isScript: isScript)
    case .reference(let reference): return reference.name
    }
  }

  private static func linear(_ nodes: [MathNode], isScript: Bool) -> String {
    var text = ""
    var before: MathClass?
    for (node, kind) in zip(nodes, MathSpacing.classes(of: nodes)) {
      if let before, let kind {
        switch MathSpacing.between(before, kind, isScript: isScript) {
        case 5: text += " "
        case 4: text += "\u{2009}"
        case 3 where before == .punctuation: text += " "
        case 3 where before == .function || kind == .function: text += "\u{2009}"
        default: break
        }
      }
      before = kind ?? before
      text += node.linear(isScript: isScript)
    }
    return text
  }

  /// In parentheses if it has several parts.
  private func enclosed(_ isScript: Bool) -> String {
    let text = linear(isScript: isScript)
    if case .fraction = self { return "(\(text))" }
    return atoms.count > 1 ? "(\(text))" : text
  }

  /// As a script: in parentheses if something is added or compared in it.
  private var script: String {
    let text = linear(isScript: true)
    let isCompound = MathSpacing.classes(of: atoms).contains {
      $0 == .binary || $0 == .relation || $0 == .inner
    }
    return isCompound ? "(\(text))" : text
  }

  private func raised(_ text: String) -> String? {
    let signs = text.compactMap { Self.superscripts[$0] }
    return signs.count == text.count ? String(signs) : nil
  }

  /// Raised signs for text that has no styles.
  public static let superscripts: [Character: Character] = [
    "-": "⁻", "\u{2212}": "⁻", "0": "⁰", "1": "¹", "2": "²", "3": "³", "4": "⁴", "5": "⁵",
    "6": "⁶", "7": "⁷", "8": "⁸", "9": "⁹",
  ]
}

extension MathAccent {
  /// The mark as the combining character that stands behind the letter it marks; nil for braces and
  /// lines, which span a term.
  public var combining: Unicode.Scalar? { Self.combining[mark] }

  private static let combining: [String: Unicode.Scalar] = [
    "\u{02C6}": "\u{0302}", "\u{02DC}": "\u{0303}", "\u{00AF}": "\u{0304}",
    "\u{2192}": "\u{20D7}", "\u{02D9}": "\u{0307}", "\u{00A8}": "\u{0308}",
    "\u{02C7}": "\u{030C}", "\u{02D8}": "\u{0306}", "\u{00B4}": "\u{0301}",
    "\u{0060}": "\u{0300}", "\u{02DA}": "\u{030A}",
  ]
}
