// Delimiters that grow, and everything between \begin and \end.
extension MathParser {
  /// The delimiter behind `\left`, `\big`...; "." is the invisible one.
  mutating func delimiter() throws(MathError) -> String {
    skipSpace()
    guard position < scalars.count else { throw error(.badDelimiter("the end of the formula")) }
    let scalar = scalars[position].scalar
    if scalar == "\\", let (name, length) = command(at: position) {
      switch MathSymbols.symbols[name] {
      case .symbol(let sign, .opening), .symbol(let sign, .closing):
        position += length
        return sign
      case .symbol(let sign, _) where sign == "‖" || sign == "|" || sign == "∣" || sign == "∥":
        position += length
        return sign == "∣" ? "|" : sign == "∥" ? "‖" : sign
      default: throw error(.badDelimiter("\\" + name))
      }
    }
    guard "()[]|/.<>".unicodeScalars.contains(scalar) else {
      throw error(.badDelimiter(String(scalar)))
    }
    position += 1
    switch scalar {
    case ".": return ""
    case "<": return "⟨"
    case ">": return "⟩"
    default: return String(scalar)
    }
  }

  mutating func sizedDelimiter(_ name: String) throws(MathError) -> MathNode? {
    if let scale = MathSymbols.sizes[name] {
      let sign = try delimiter()
      let kind: MathClass =
        "([{⟨⌊⌈".contains(sign) && !sign.isEmpty
        ? .opening : ")]}⟩⌋⌉".contains(sign) && !sign.isEmpty ? .closing : .ordinary
      return .delimiter(sign, kind, scale: scale)
    }
    guard let last = name.last, "lrm".contains(last),
      let scale = MathSymbols.sizes[String(name.dropLast())]
    else { return nil }
    return .delimiter(
      try delimiter(), last == "l" ? .opening : last == "r" ? .closing : .relation, scale: scale)
  }

  mutating func fenced(_ start: SourceLocation) throws(MathError) -> MathNode {
    let left = try delimiter()
    let outer = depth
    depth = 0
    var nodes: [MathNode] = []
    while true {
      nodes.append(try row())
      guard let (name, length) = command(at: position), name == "middle" || name == "right" else {
        let found = position < scalars.count ? here : start
        throw MathError(.unbalanced("\\left", expected: "\\right"), at: found)
      }
      position += length
      let sign = try delimiter()
      if name == "right" {
        depth = outer
        return .fenced(left: left, nodes.count == 1 ? nodes[0] : .row(nodes), right: sign)
      }
      nodes.append(.delimiter(sign, .relation, scale: 0))
    }
  }

  // MARK: - Environments

  mutating func arrayRows() throws(MathError) -> [[MathNode]] {
    let outer = depth
    depth = 1
    var rows: [[MathNode]] = [[]]
    while true {
      rows[rows.count - 1].append(try row())
      if take("&") { continue }
      guard let (name, length) = command(at: position), name == "\\" else { break }
      position += length
      rows.append([])
    }
    depth = outer
    // A row break before the end opens no new row.
    if rows.count > 1, rows[rows.count - 1] == [.row([])] { rows.removeLast() }
    return rows
  }

  mutating func environment(_ start: SourceLocation) throws(MathError) -> MathNode {
    let name = try words(of: "\\begin")
    guard let (kind, left, right) = MathSymbols.environments[name] else {
      throw MathError(
        .unknownEnvironment(
          name, nearest: nearestNames(to: name, among: Array(MathSymbols.environments.keys))),
        at: start)
    }
    let columns = name == "array" ? try words(of: "\\begin{array}") : ""
    let rows = try arrayRows()
    guard let (stop, length) = command(at: position), stop == "end" else {
      let found = position < scalars.count ? here : start
      throw MathError(.unbalanced("\\begin{\(name)}", expected: "\\end{\(name)}"), at: found)
    }
    let closing = here
    position += length
    let ended = try words(of: "\\end")
    guard ended == name else {
      throw MathError(
        .unbalanced("\\end{\(ended)}", expected: "\\end{\(name)}"), at: closing)
    }
    let width = rows.map(\.count).max() ?? 0
    let alignments = (0..<width).map { column -> MathArray.Alignment in
      switch kind {
      case .cases: .leading
      case .aligned: column % 2 == 0 ? .trailing : .leading
      case .matrix, .substack:
        switch columns.filter({ $0 != "|" && $0 != " " }).dropFirst(column).first {
        case "l": .leading
        case "r": .trailing
        default: .center
        }
      }
    }
    let array = MathNode.array(MathArray(kind: kind, alignments: alignments, rows: rows))
    return left.isEmpty && right.isEmpty ? array : .fenced(left: left, array, right: right)
  }
}
