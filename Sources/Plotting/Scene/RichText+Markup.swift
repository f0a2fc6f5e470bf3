extension RichText {
  /// Reads the mark-up of labels: `"Parameters $N$"`, `"$C^{-0.24}$"`, `"$\\alpha_N$ (fit)"`.
  ///
  /// Between two `$` letters are math italic, digits and signs upright, `^` and `_` raise and lower
  /// the next character or `{...}`, `\alpha` and other names become their signs, `\text{...}` and
  /// `\mathrm{...}` are upright, blanks are ignored; relations and operators get their own. `\$` is a dollar
  /// sign, and so is a `$` without a partner. An unknown name is shown as it is written.
  public init(_ markup: String) {
    self.init(runs: [])
    var rest = Substring(markup)
    while let next = rest.first {
      if rest.hasPrefix("\\$") {
        append(Run("$"))
        rest = rest.dropFirst(2)
      } else if next == "$", let end = rest.dropFirst().firstIndex(of: "$") {
        var reader = MathReader(rest[rest.index(after: rest.startIndex)..<end])
        for run in reader.read() { append(run) }
        rest = rest[rest.index(after: end)...]
      } else {
        append(Run(String(next)))
        rest = rest.dropFirst()
      }
    }
  }

  /// Breaks mark-up at blanks outside of math into lines no wider than `width` where that is possible.
  static func lines(
    _ markup: String, width: Double, style: TextStyle, measurer: any TextMeasurer
  ) -> [RichText] {
    let whole = RichText(markup)
    if whole.isEmpty { return [] }
    if measurer.width(of: whole, style: style) <= width { return [whole] }
    var words: [String] = [""]
    var isMath = false
    for character in markup {
      if character == "$" { isMath.toggle() }
      if character == " ", !isMath {
        words.append("")
      } else {
        words[words.count - 1].append(character)
      }
    }
    var lines: [String] = []
    for word in words where !word.isEmpty {
      if let last = lines.last,
        measurer.width(of: RichText(last + " " + word), style: style) <= width
      {
        lines[lines.count - 1] = last + " " + word
      } else {
        lines.append(word)
      }
    }
    return lines.map { RichText($0) }
  }
}

/// Reads the inside of `$...$`.
private struct MathReader {
  var rest: Substring

  init(_ text: Substring) { rest = text }

  mutating func read(script: RichText.Script = .none) -> [RichText.Run] {
    var runs: [RichText.Run] = []
    while let character = rest.first {
      switch character {
      case " ":
        rest = rest.dropFirst()
      case "^", "_":
        rest = rest.dropFirst()
        let inner: RichText.Script = character == "^" ? .superscript : .subscript
        var reader = MathReader(takeArgument())
        runs += reader.read(script: inner)
      case "\\":
        runs += command(script: script, isFirst: runs.isEmpty)
      case "{", "}":
        rest = rest.dropFirst()
      default:
        rest = rest.dropFirst()
        runs.append(symbol(character, script: script, isFirst: runs.isEmpty))
      }
    }
    return runs
  }

  /// The next character, command or braced group, without its braces.
  private mutating func takeArgument() -> Substring {
    guard let first = rest.first else { return "" }
    if first == "\\" {
      let name = rest.dropFirst().prefix { $0.isLetter }
      var end = name.endIndex
      // `_\text{opt}`: the braces belong to the command.
      if end < rest.endIndex, rest[end] == "{", let close = rest[end...].firstIndex(of: "}") {
        end = rest.index(after: close)
      }
      let argument = rest[rest.startIndex..<end]
      rest = rest[end...]
      return argument
    }
    guard first == "{" else {
      defer { rest = rest.dropFirst() }
      return rest.prefix(1)
    }
    var depth = 0
    for index in rest.indices {
      if rest[index] == "{" { depth += 1 }
      if rest[index] == "}" { depth -= 1 }
      if depth == 0 {
        let inner = rest[rest.index(after: rest.startIndex)..<index]
        rest = rest[rest.index(after: index)...]
        return inner
      }
    }
    defer { rest = "" }
    return rest.dropFirst()
  }

  private func symbol(_ character: Character, script: RichText.Script, isFirst: Bool)
    -> RichText.Run
  {
    switch character {
    case "=", "<", ">":
      return spaced(String(character), by: " ", script: script, isFirst: isFirst)
    case "+":
      return spaced("+", by: "\u{2009}", script: script, isFirst: isFirst)
    case "-":
      return isFirst
        ? .init("\u{2212}", script: script)
        : spaced("\u{2212}", by: "\u{2009}", script: script, isFirst: false)
    default:
      return .init(
        String(character), isMath: character.isLetter && character.isASCII, script: script)
    }
  }

  /// A sign between blanks; a sign that begins a formula or stands in a script has none before it.
  private func spaced(_ sign: String, by blank: String, script: RichText.Script, isFirst: Bool)
    -> RichText.Run
  {
    if script != .none { return .init(sign, script: script) }
    return .init((isFirst ? "" : blank) + sign + blank, script: script)
  }

  private mutating func command(script: RichText.Script, isFirst: Bool) -> [RichText.Run] {
    let name = rest.dropFirst().prefix { $0.isLetter }
    guard !name.isEmpty else {
      let sign = rest.dropFirst().prefix(1)
      rest = rest.dropFirst(2)
      let isSpace = [",", ";", ":", " "].contains(sign)
      return [.init(isSpace ? "\u{2009}" : String(sign), script: script)]
    }
    rest = rest[name.endIndex...]
    switch String(name) {
    case "text", "mathrm", "operatorname":
      return [.init(String(takeArgument()), script: script)]
    case let name where Self.letters[name] != nil:
      return [.init(Self.letters[name]!, isMath: name.first!.isLowercase, script: script)]
    case let name where Self.relations[name] != nil:
      return [spaced(Self.relations[name]!, by: " ", script: script, isFirst: isFirst)]
    case let name where Self.operators[name] != nil:
      return [spaced(Self.operators[name]!, by: "\u{2009}", script: script, isFirst: isFirst)]
    case let name where Self.signs[name] != nil:
      return [.init(Self.signs[name]!, script: script)]
    case let name where Self.functions.contains(name):
      guard let mark = rest.first, mark == "_" || mark == "^", script == .none else {
        return [.init(name + "\u{2009}", script: script)]
      }
      // The base of a logarithm stands close to it, its argument does not.
      rest = rest.dropFirst()
      var reader = MathReader(takeArgument())
      let scripts = reader.read(script: mark == "^" ? .superscript : .subscript)
      return [.init(name)] + scripts + [.init("\u{2009}")]
    default:
      return [.init("\\" + name, script: script)]
    }
  }

  private static let functions: Set = ["log", "ln", "exp", "min", "max", "sin", "cos", "tanh"]
  private static let signs = [
    "infty": "∞", "partial": "∂", "sum": "∑", "sqrt": "√", "ldots": "…",
    "ell": "ℓ", "prime": "′",
  ]
  private static let operators = ["times": "×", "cdot": "·", "pm": "±"]
  private static let relations = [
    "le": "≤", "leq": "≤", "ge": "≥", "geq": "≥", "ne": "≠", "approx": "≈",
    "sim": "∼", "propto": "∝", "to": "→", "equiv": "≡",
  ]
  private static let letters = [
    "alpha": "α", "beta": "β", "gamma": "γ", "delta": "δ", "epsilon": "ε", "varepsilon": "ε",
    "zeta": "ζ", "eta": "η", "theta": "θ", "iota": "ι", "kappa": "κ", "lambda": "λ", "mu": "μ",
    "nu": "ν", "xi": "ξ", "pi": "π", "rho": "ρ", "sigma": "σ", "tau": "τ", "upsilon": "υ",
    "phi": "φ", "varphi": "φ", "chi": "χ", "psi": "ψ", "omega": "ω", "Gamma": "Γ", "Delta": "Δ",
    "Theta": "Θ", "Lambda": "Λ", "Xi": "Ξ", "Pi": "Π", "Sigma": "Σ", "Phi": "Φ", "Psi": "Ψ",
    "Omega": "Ω",
  ]
}
