/// A formula's characters, each with its place in the file.
package struct MathSource {
  package struct Located {
    package var scalar: Unicode.Scalar
    package var location: SourceLocation

    package init(scalar: Unicode.Scalar, location: SourceLocation) {
      self.scalar = scalar
      self.location = location
    }
  }
  package var scalars: [Located]

  package init(scalars: [Located]) { self.scalars = scalars }
}

/// Reads formulas in the part of TeX that this book uses.
///
/// Anything unknown is an error with its place: a formula that is printed half right is worse than
/// one that stops the build.
public struct MathParser {
  let scalars: [MathSource.Located]
  let end: SourceLocation
  var position = 0
  var variant = MathVariant.italic
  /// What was opened and not yet closed: "{", "\left" or the name of an environment.
  var depth = 0

  /// Reads one formula, without its dollar signs.
  public static func parse(
    _ tex: String, at start: SourceLocation = SourceLocation(file: "formula", line: 1, column: 1)
  ) throws(MathError) -> MathNode {
    var location = start
    var scalars: [MathSource.Located] = []
    for scalar in tex.unicodeScalars {
      scalars.append(.init(scalar: scalar, location: location))
      if scalar == "\n" {
        location.line += 1
        if location.column != nil { location.column = 1 }
      } else {
        location = location.moved(columns: UTF8.width(scalar))
      }
    }
    return try parse(MathSource(scalars: scalars), end: location)
  }

  package static func parse(_ source: MathSource, end: SourceLocation) throws(MathError) -> MathNode
  {
    var parser = MathParser(scalars: source.scalars, end: end)
    let node = try parser.row()
    if let scalar = parser.peek {
      throw parser.error(.unbalanced(String(scalar), expected: "{"))
    }
    if let (name, location) = parser.stopCommand {
      throw MathError(
        .unbalanced("\\" + name, expected: name == "right" ? "\\left" : "\\begin"), at: location)
    }
    return node
  }

  init(scalars: [MathSource.Located], end: SourceLocation) {
    self.scalars = scalars
    self.end = end
  }

  // MARK: - Characters

  var peek: Unicode.Scalar? {
    position < scalars.count && stopCommand == nil ? scalars[position].scalar : nil
  }

  var here: SourceLocation {
    position < scalars.count ? scalars[position].location : end
  }

  func error(_ problem: MathError.Problem) -> MathError {
    MathError(problem, at: here)
  }

  mutating func skipSpace() {
    while position < scalars.count, scalars[position].scalar.properties.isWhitespace {
      position += 1
    }
  }

  mutating func take(_ scalar: Unicode.Scalar) -> Bool {
    skipSpace()
    guard position < scalars.count, scalars[position].scalar == scalar else { return false }
    position += 1
    return true
  }

  /// The command at the position, without moving: its name and length with the backslash.
  func command(at start: Int) -> (name: String, length: Int)? {
    guard start < scalars.count, scalars[start].scalar == "\\" else { return nil }
    var stop = start + 1
    while stop < scalars.count, scalars[stop].scalar.isASCII,
      scalars[stop].scalar.properties.isAlphabetic
    {
      stop += 1
    }
    if stop == start + 1, stop < scalars.count { stop += 1 }
    var name = ""
    for item in scalars[(start + 1)..<stop] { name.unicodeScalars.append(item.scalar) }
    return (name, stop - start)
  }

  // MARK: - Rows

  /// A command that ended the last row: `\right`, `\end`, `\\` or `\middle`.
  var stopCommand: (name: String, location: SourceLocation)? {
    guard let (name, _) = command(at: position) else { return nil }
    return ["right", "end", "\\", "middle"].contains(name) ? (name, here) : nil
  }

  /// Atoms up to a closing brace, `&`, a stopping command or the end; none of these is taken.
  mutating func row() throws(MathError) -> MathNode {
    var nodes: [MathNode] = []
    while true {
      skipSpace()
      guard position < scalars.count, stopCommand == nil else { break }
      let scalar = scalars[position].scalar
      if scalar == "}" { break }
      if scalar == "&" {
        if depth == 0 { throw error(.strayCharacter("&", instead: "\\&")) }
        break
      }
      if let (name, length) = command(at: position), name == "displaystyle" || name == "textstyle" {
        position += length
        let rest = try row()
        nodes.append(.style(isDisplay: name == "displaystyle", rest))
        break
      }
      let atom = try scripted()
      // Letters of a word that is not italic stay together: \mathrm{total}.
      if case .letter(let next, let nextVariant) = atom, nextVariant != .italic,
        variant == nextVariant, case .letter(let last, variant)? = nodes.last
      {
        nodes[nodes.count - 1] = .letter(last + next, variant)
      } else {
        nodes.append(atom)
      }
    }
    return nodes.count == 1 ? nodes[0] : .row(nodes)
  }

  /// An atom with its scripts.
  mutating func scripted() throws(MathError) -> MathNode {
    skipSpace()
    let scalar = scalars[position].scalar
    let isScript = scalar == "^" || scalar == "_" || scalar == "'"
    var base = isScript ? MathNode.row([]) : try atom()
    var scripts = MathScripts()
    while true {
      skipSpace()
      if let (name, length) = command(at: position), name == "limits" || name == "nolimits" {
        guard let changed = Self.withLimits(base, name == "limits") else {
          throw error(.limitsWithoutOperator("\\" + name))
        }
        base = changed
        position += length
      } else if take("'") {
        scripts.primes += 1
      } else if take("_") {
        if scripts.lower != nil { throw error(.doubleScript("_")) }
        scripts.lower = try argument(of: "_")
      } else if take("^") {
        if scripts.upper != nil { throw error(.doubleScript("^")) }
        scripts.upper = try argument(of: "^")
      } else {
        break
      }
    }
    guard scripts != MathScripts() else { return base }
    // A brace over or under a term carries its label.
    if case .accent(let accent, _) = base, accent.mark == "\u{23DF}" || accent.mark == "\u{23DE}" {
      return .stack(base, over: scripts.upper, under: scripts.lower)
    }
    return .scripts(base, scripts)
  }

  static func withLimits(_ node: MathNode, _ limits: Bool) -> MathNode? {
    switch node {
    case .largeOperator(let sign, _): .largeOperator(sign, limits: limits)
    case .function(let name, _): .function(name, limits: limits)
    default: nil
    }
  }

  /// A group in braces or a single atom.
  mutating func argument(of name: String) throws(MathError) -> MathNode {
    skipSpace()
    guard position < scalars.count, stopCommand == nil, scalars[position].scalar != "}",
      scalars[position].scalar != "&"
    else { throw error(.missingArgument(of: name)) }
    if scalars[position].scalar == "{" { return try group() }
    // One digit only, as in TeX: x^23 is x^2 3.
    if ("0"..."9").contains(scalars[position].scalar) {
      position += 1
      return .number(String(scalars[position - 1].scalar))
    }
    return try atom()
  }

  mutating func group() throws(MathError) -> MathNode {
    let opening = here
    position += 1
    let outer = depth
    depth = 0
    let node = try row()
    depth = outer
    guard position < scalars.count else {
      throw MathError(.unbalanced("{", expected: "}"), at: opening)
    }
    if let stop = stopCommand {
      throw MathError(.unbalanced("\\" + stop.name, expected: "}"), at: stop.location)
    }
    position += 1
    return node
  }

  // MARK: - Atoms

  mutating func atom() throws(MathError) -> MathNode {
    let scalar = scalars[position].scalar
    switch scalar {
    case "{": return try group()
    case "\\": return try command()
    case "~":
      position += 1
      return .space(0.25)
    case "%", "#", "$": throw error(.strayCharacter(String(scalar), instead: "\\\(scalar)"))
    case "\"": throw error(.strayCharacter("\"", instead: "\\text{...}"))
    case "0"..."9", ".": return number()
    default:
      guard let node = MathSymbols.character(scalar) else {
        throw error(.unsupportedText(String(scalar)))
      }
      position += 1
      if case .letter(let letter, _) = node {
        let isGreek = !scalar.isASCII
        let isItalicGreek = isGreek && scalar >= "α"
        if variant == .italic, isGreek, !isItalicGreek { return .letter(letter, .upright) }
        return .letter(letter, variant)
      }
      return node
    }
  }

  mutating func number() -> MathNode {
    var text = ""
    var hasPoint = false
    while position < scalars.count {
      let scalar = scalars[position].scalar
      if ("0"..."9").contains(scalar) {
        text.unicodeScalars.append(scalar)
      } else if scalar == ".", !hasPoint, position + 1 < scalars.count,
        ("0"..."9").contains(scalars[position + 1].scalar)
      {
        hasPoint = true
        text += "."
      } else {
        break
      }
      position += 1
    }
    if text.isEmpty {
      position += 1
      return .symbol(".", .ordinary)
    }
    return .number(text)
  }

  mutating func command() throws(MathError) -> MathNode {
    let start = here
    guard let (name, length) = command(at: position), !name.isEmpty else {
      throw error(.strayCharacter("\\", instead: "\\backslash"))
    }
    if name == "(" { return try reference(start) }
    position += length
    if let node = MathSymbols.symbols[name] {
      if case .letter(let letter, .italic) = node, variant == .boldItalic || variant == .bold {
        return .letter(letter, variant)
      }
      return node
    }
    if let accent = MathSymbols.accents[name] {
      return .accent(accent, try argument(of: "\\" + name))
    }
    if let variant = MathSymbols.variants[name] {
      let outer = self.variant
      self.variant = variant
      let node = try argument(of: "\\" + name)
      self.variant = outer
      return node
    }
    if let node = try sizedDelimiter(name) { return node }
    switch name {
    case "frac", "dfrac", "tfrac":
      let above = try argument(of: "\\" + name)
      let below = try argument(of: "\\" + name)
      return .fraction(
        above, below, name == "frac" ? .automatic : name == "dfrac" ? .display : .text)
    case "binom":
      let above = try argument(of: "\\binom")
      let below = try argument(of: "\\binom")
      return .fenced(left: "(", .fraction(above, below, .bare), right: ")")
    case "sqrt":
      let index = try optionalArgument()
      return .root(try argument(of: "\\sqrt"), index: index)
    case "text", "textrm": return .text(try words(of: "\\" + name))
    case "operatorname":
      let limits = take("*")
      return .function(try words(of: "\\operatorname"), limits: limits)
    case "overset", "stackrel":
      let over = try argument(of: "\\" + name)
      return .stack(try argument(of: "\\" + name), over: over, under: nil)
    case "underset":
      let under = try argument(of: "\\underset")
      return .stack(try argument(of: "\\underset"), over: nil, under: under)
    case "substack":
      skipSpace()
      guard position < scalars.count, scalars[position].scalar == "{" else {
        throw error(.missingArgument(of: "\\substack"))
      }
      let opening = here
      position += 1
      let rows = try arrayRows()
      guard take("}") else { throw MathError(.unbalanced("{", expected: "}"), at: opening) }
      return .array(MathArray(kind: .substack, alignments: [.center], rows: rows))
    case "not":
      skipSpace()
      if position < scalars.count, case .symbol(let sign, _) = try atom(),
        let negated = MathSymbols.negations[sign]
      {
        return .symbol(negated, .relation)
      }
      throw MathError(.missingArgument(of: "\\not"), at: start)
    case "limits", "nolimits": throw MathError(.limitsWithoutOperator("\\" + name), at: start)
    case "left": return try fenced(start)
    case "begin": return try environment(start)
    default:
      throw MathError(
        .unknownCommand(
          "\\" + name,
          nearest: nearestNames(to: name, among: MathSymbols.allCommands).map { "\\" + $0 }),
        at: start)
    }
  }

  mutating func reference(_ start: SourceLocation) throws(MathError) -> MathNode {
    // Names are short and ASCII mostly: bytes of what follows suffice.
    var text = ""
    for item in scalars[(position + 2)...].prefix(80) { text.unicodeScalars.append(item.scalar) }
    let bytes = Array(text.utf8)
    let (reference, length) = try ValueReference.parse(
      bytes, at: 0, limit: bytes.count, location: start)
    position += 2 + String(decoding: bytes[..<length], as: UTF8.self).unicodeScalars.count
    return .reference(reference)
  }

  /// Plain words in braces.
  mutating func words(of name: String) throws(MathError) -> String {
    skipSpace()
    guard position < scalars.count, scalars[position].scalar == "{" else {
      throw error(.missingArgument(of: name))
    }
    let opening = here
    position += 1
    var text = ""
    while position < scalars.count, scalars[position].scalar != "}" {
      let scalar = scalars[position].scalar
      if scalar == "{" { throw error(.unbalanced("{", expected: "}")) }
      if scalar == "\\" {
        guard position + 1 < scalars.count else { break }
        let next = scalars[position + 1].scalar
        guard next == "," || "%$#&_{} ".unicodeScalars.contains(next) else {
          let (found, _) = command(at: position) ?? ("", 0)
          throw error(.unsupportedText("\\" + found))
        }
        if next == "," { text += "\u{2009}" } else { text.unicodeScalars.append(next) }
        position += 2
        continue
      }
      text.unicodeScalars.append(scalar == "\n" || scalar == "~" ? " " : scalar)
      position += 1
    }
    guard position < scalars.count else {
      throw MathError(.unbalanced("{", expected: "}"), at: opening)
    }
    position += 1
    return text
  }

  /// `[...]` behind `\sqrt`.
  mutating func optionalArgument() throws(MathError) -> MathNode? {
    let opening = here
    guard take("[") else { return nil }
    var nodes: [MathNode] = []
    while true {
      skipSpace()
      guard let scalar = peek, scalar != "}", scalar != "&" else {
        throw MathError(.unbalanced("[", expected: "]"), at: opening)
      }
      if scalar == "]" { break }
      nodes.append(try scripted())
    }
    position += 1
    return nodes.count == 1 ? nodes[0] : .row(nodes)
  }
}
