import Literate

/// Prints formulas as MathML Core, with TeX's spacing written out.
///
/// Browsers take the space around an operator from a dictionary that knows neither unary signs nor
/// scripts, so every `mo` states its own (Knuth, The TeXbook, chapter 18: thin, medium and thick
/// space are 3, 4 and 5 eighteenths of an em; the latter two vanish in scripts).
struct MathML {
  /// A formula within text.
  static func inline(_ node: MathNode) -> String {
    "<math>\(MathML().print(node, Context()))</math>"
  }

  /// A formula on its own line.
  static func display(_ node: MathNode) -> String {
    "<math display=\"block\">\(MathML().print(node, Context(isDisplay: true)))</math>"
  }

  private struct Context {
    var isDisplay = false
    var isScript = false
    /// Whether the formula is within a term, where fractions are set in text style.
    func script() -> Context { Context(isDisplay: false, isScript: true) }
    func text() -> Context { Context(isDisplay: false, isScript: isScript) }
  }

  private func print(_ node: MathNode, _ context: Context) -> String {
    switch node {
    case .row(let nodes): return row(nodes, context)
    case .number(let text): return "<mn>\(HTML.text(text))</mn>"
    case .letter(let text, let variant): return letter(text, variant)
    case .symbol(let text, let kind): return symbol(text, kind, context)
    case .text(let text): return "<mtext>\(HTML.text(Self.hardSpaces(text)))</mtext>"
    case .function(let name, _): return "<mi>\(HTML.text(name))</mi>"
    case .largeOperator(let sign, let limits):
      return "<mo\(context.isDisplay ? " largeop=\"true\"" : "")"
        + "\(limits ? " movablelimits=\"false\"" : "") lspace=\"0\" rspace=\"0\">\(sign)</mo>"
    case .fraction(let above, let below, let style): return fraction(above, below, style, context)
    case .root(let body, let index):
      let radicand = print(body, context)
      guard let index else { return "<msqrt>\(radicand)</msqrt>" }
      return "<mroot>\(wrapped(body, context))\(wrapped(index, context.script()))</mroot>"
    case .scripts(let base, let scripts): return self.scripts(base, scripts, context)
    case .accent(let accent, let body): return self.accent(accent, body, context)
    case .stack(let base, let over, let under): return stack(base, over, under, context)
    case .fenced(let left, let body, let right):
      return
        "<mrow>\(fence(left, "prefix"))\(print(body, context))\(fence(right, "postfix"))</mrow>"
    case .delimiter(let sign, let kind, let scale): return delimiter(sign, kind, scale, context)
    case .array(let array): return self.array(array, context)
    case .space(let width): return "<mspace width=\"\(Self.em(width))\"/>"
    case .style(let isDisplay, let body):
      return "<mstyle displaystyle=\"\(isDisplay)\">"
        + print(body, Context(isDisplay: isDisplay, isScript: context.isScript)) + "</mstyle>"
    case .value(let name, let body):
      return "<mrow class=\"value\" data-value=\"\(HTML.attribute(name))\">"
        + print(body, context) + "</mrow>"
    case .reference(let reference): return "<mtext>\(HTML.text(reference.name))</mtext>"
    }
  }

  /// One element, as MathML wants for the parts of a fraction or script.
  private func wrapped(_ node: MathNode, _ context: Context) -> String {
    switch node {
    case .row: "<mrow>\(print(node, context))</mrow>"
    default: print(node, context)
    }
  }

  // MARK: - Rows

  private func row(_ nodes: [MathNode], _ context: Context) -> String {
    let kinds = MathSpacing.classes(of: nodes)
    var result = ""
    var before: MathClass?
    for (index, node) in nodes.enumerated() {
      guard let kind = kinds[index] else {
        // A space in the source is no atom: it leaves the class before it.
        result += print(node, context)
        continue
      }
      if kind == .ordinary, case .symbol(let text, .binary) = node {
        result += symbol(text, .ordinary, context)
        before = .ordinary
        continue
      }
      // Operators write their own space; what is left is that around functions.
      if kind == .function, before == .ordinary || before == .closing { result += Self.thin }
      result += print(node, context)
      let after = kinds[(index + 1)...].lazy.compactMap { $0 }.first
      if kind == .function, after == .ordinary || after == .function || after == .inner {
        result += Self.thin
      }
      before = kind
    }
    return result
  }

  private static let thin = "<mspace width=\"0.1667em\"/>"

  // MARK: - Letters and signs

  private func letter(_ text: String, _ variant: MathVariant) -> String {
    switch variant {
    case .italic: return "<mi>\(HTML.text(text))</mi>"
    case .upright:
      return text.unicodeScalars.count == 1
        ? "<mi mathvariant=\"normal\">\(HTML.text(text))</mi>" : "<mi>\(HTML.text(text))</mi>"
    default:
      let mapped = String(
        String.UnicodeScalarView(text.unicodeScalars.map { MathAlphabet.scalar($0, variant) }))
      return "<mi mathvariant=\"normal\">\(HTML.text(mapped))</mi>"
    }
  }

  private func symbol(_ text: String, _ kind: MathClass, _ context: Context) -> String {
    let (left, right): (String, String) =
      switch kind {
      case .binary: context.isScript ? ("0", "0") : ("0.2222em", "0.2222em")
      case .relation: context.isScript ? ("0", "0") : ("0.2778em", "0.2778em")
      case .punctuation: ("0", context.isScript ? "0" : "0.1667em")
      default: ("0", "0")
      }
    // A variable-like sign is set as an identifier: it needs no space and never stretches.
    if kind == .ordinary, Self.identifiers.contains(text) {
      return "<mi mathvariant=\"normal\">\(HTML.text(text))</mi>"
    }
    return "<mo stretchy=\"false\" lspace=\"\(left)\" rspace=\"\(right)\">\(HTML.text(text))</mo>"
  }

  private static let identifiers: Set<String> = ["∞", "∂", "∇", "ℓ", "ℏ", "∅", "ℜ", "ℑ", "ℵ"]

  private func fence(_ sign: String, _ form: String) -> String {
    sign.isEmpty
      ? ""
      : "<mo form=\"\(form)\" stretchy=\"true\" symmetric=\"true\" lspace=\"0\" rspace=\"0\">"
        + "\(HTML.text(sign))</mo>"
  }

  private func delimiter(
    _ sign: String, _ kind: MathClass, _ scale: Double, _ context: Context
  ) -> String {
    guard !sign.isEmpty else { return "" }
    if scale == 0 {
      return "<mo stretchy=\"true\" symmetric=\"true\" lspace=\"0.2778em\" rspace=\"0.2778em\">"
        + "\(HTML.text(sign))</mo>"
    }
    let space = kind == .relation && !context.isScript ? "0.2778em" : "0"
    let size = Self.em(scale)
    return "<mo stretchy=\"true\" symmetric=\"true\" minsize=\"\(size)\" maxsize=\"\(size)\" "
      + "lspace=\"\(space)\" rspace=\"\(space)\">\(HTML.text(sign))</mo>"
  }

  // MARK: - Structures

  private func fraction(
    _ above: MathNode, _ below: MathNode, _ style: FractionStyle, _ context: Context
  ) -> String {
    let inner = context.text()
    // Numerators of a fraction in text style are as small as scripts, and as closely spaced.
    let isSmall = style == .text || (style != .display && !context.isDisplay)
    let part = isSmall ? Context(isDisplay: false, isScript: true) : inner
    let line = style == .bare ? " linethickness=\"0\"" : ""
    let body = "<mfrac\(line)>\(wrapped(above, part))\(wrapped(below, part))</mfrac>"
    switch style {
    case .display: return "<mstyle displaystyle=\"true\">\(body)</mstyle>"
    case .text: return "<mstyle displaystyle=\"false\">\(body)</mstyle>"
    case .automatic, .bare: return body
    }
  }

  private func hasLimits(_ base: MathNode, _ context: Context) -> Bool {
    guard context.isDisplay else { return false }
    return switch base {
    case .largeOperator(_, let limits), .function(_, let limits): limits
    default: false
    }
  }

  private func scripts(
    _ base: MathNode, _ scripts: MathScripts, _ context: Context
  ) -> String {
    let inner = context.script()
    var core = wrapped(base, context)
    // A delimiter alone under scripts would be stretched off the axis: an empty letter beside it
    // makes it a term.
    if case .delimiter = base { core = "<mrow><mi></mi>\(core)</mrow>" }
    let lower = scripts.lower.map { wrapped($0, inner) }
    var upper = scripts.upper.map { wrapped($0, inner) }
    var prime = ""
    if scripts.primes > 0 {
      // Raised by the font itself: a superscript would set the sign twice as high and half as large.
      let sign = ["′", "″", "‴", "⁗"][min(scripts.primes, 4) - 1]
      let space = lower == nil && upper == nil ? "0.08em" : "0"
      prime = "<mo lspace=\"\(space)\" rspace=\"0\">\(sign)</mo>"
      if let power = upper { upper = "<mrow>\(prime)\(power)</mrow>" }
    }
    if hasLimits(base, context) {
      switch (lower, upper) {
      case (let lower?, let upper?): return "<munderover>\(core)\(lower)\(upper)</munderover>"
      case (let lower?, nil): return "<munder>\(core)\(lower)</munder>"
      case (nil, let upper?): return "<mover>\(core)\(upper)</mover>"
      case (nil, nil): return core
      }
    }
    switch (lower, upper) {
    case (let lower?, let upper?): return "<msubsup>\(core)\(lower)\(upper)</msubsup>"
    case (let lower?, nil):
      let body = "<msub>\(core)\(lower)</msub>"
      return prime.isEmpty ? body : "<mrow>\(body)\(prime)</mrow>"
    case (nil, let upper?): return "<msup>\(core)\(upper)</msup>"
    case (nil, nil): return "<mrow>\(core)\(prime)</mrow>"
    }
  }

  private func accent(_ accent: MathAccent, _ body: MathNode, _ context: Context) -> String {
    let core = wrapped(body, context)
    // No font has a line that grows, so a long one is drawn as a border.
    if accent.isWide, accent.mark == "\u{00AF}" || accent.mark == "_" {
      return "<mrow class=\"\(accent.isBelow ? "underline" : "overline")\">\(core)</mrow>"
    }
    let sign = accent.isWide ? Self.growing[accent.mark] ?? accent.mark : accent.mark
    let mark =
      "<mo stretchy=\"\(accent.isWide)\" lspace=\"0\" rspace=\"0\">\(HTML.text(sign))</mo>"
    return accent.isBelow
      ? "<munder accentunder=\"true\">\(core)\(mark)</munder>"
      : "<mover accent=\"true\">\(core)\(mark)</mover>"
  }

  /// Marks of which fonts have wider forms, in place of the spacing ones.
  private static let growing = ["\u{02C6}": "\u{0302}", "\u{02DC}": "\u{0303}"]

  private func stack(
    _ base: MathNode, _ over: MathNode?, _ under: MathNode?, _ context: Context
  ) -> String {
    let core = wrapped(base, context)
    let inner = context.script()
    switch (under.map { wrapped($0, inner) }, over.map { wrapped($0, inner) }) {
    case (let under?, let over?): return "<munderover>\(core)\(under)\(over)</munderover>"
    case (let under?, nil): return "<munder>\(core)\(under)</munder>"
    case (nil, let over?): return "<mover>\(core)\(over)</mover>"
    case (nil, nil): return core
    }
  }

  private func array(_ array: MathArray, _ context: Context) -> String {
    let name =
      switch array.kind {
      case .matrix: "matrix"
      case .cases: "cases"
      case .aligned: "aligned"
      case .substack: "substack"
      }
    // Only aligned equations are formulas on lines of their own.
    let isDisplay = array.kind == .aligned
    let inner =
      array.kind == .substack
      ? context.script() : Context(isDisplay: isDisplay, isScript: context.isScript)
    var result = "<mtable class=\"\(name)\" displaystyle=\"\(isDisplay)\">"
    for row in array.rows {
      result += "<mtr>"
      for (column, cell) in row.enumerated() {
        let side =
          switch array.alignments[column] {
          case .leading: "left"
          case .center: "center"
          case .trailing: "right"
          }
        result += "<mtd class=\"\(side)\">"
        // What begins the right side of an equation stands behind the left side, not alone.
        if array.kind == .aligned, column % 2 == 1 {
          result += self.row([.row([])] + cell.atoms, inner)
        } else {
          result += print(cell, inner)
        }
        result += "</mtd>"
      }
      result += "</mtr>"
    }
    return result + "</mtable>"
  }

  /// A length in em with at most four decimals.
  static func em(_ width: Double) -> String {
    let rounded = (abs(width) * 10_000).rounded()
    var text = String(Int(rounded) / 10_000)
    var rest = String(Int(rounded) % 10_000)
    if rest != "0" {
      rest = String(repeating: "0", count: 4 - rest.count) + rest
      while rest.last == "0" { rest.removeLast() }
      text += "." + rest
    }
    return (width < 0 && rounded > 0 ? "-" : "") + text + "em"
  }

  /// Spaces at the ends of a text would be dropped.
  private static func hardSpaces(_ text: String) -> String {
    var text = text
    if text.hasPrefix(" ") { text = "\u{00A0}" + text.dropFirst() }
    if text.hasSuffix(" ") { text = text.dropLast() + "\u{00A0}" }
    return text
  }
}
