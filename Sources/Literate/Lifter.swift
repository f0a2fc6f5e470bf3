// Formulas, values and cross-references are not CommonMark: `_` in a formula would begin emphasis,
// `\(` is an escaped parenthesis. They are lifted out before the parse, each replaced by a short
// name between two private characters, and put back into the tree.

/// Something lifted out of prose.
enum Lifted {
  case math(MathNode, source: String)
  case equation(Equation, source: String, line: Int)
  case reference(ValueReference, source: String)
  case crossReference(CrossReference, source: String)
  case citation(Citation, source: String)

  /// What stood in the prose, for the places where it was code after all.
  var source: String {
    switch self {
    case .math(_, let source), .reference(_, let source), .crossReference(_, let source),
      .citation(_, let source):
      source
    case .equation(_, let source, _): source
    }
  }
}

/// Prose without the lifted things: plain CommonMark.
struct LiftedProse {
  static let open: Unicode.Scalar = "\u{E000}"
  static let close: Unicode.Scalar = "\u{E001}"

  var markdown: [UInt8] = []
  /// For each line of `markdown`, its line in the file.
  var lineNumbers: [Int] = []
  var lifted: [Lifted] = []

  /// Where each line of `markdown` begins.
  var lineStarts: [Int] {
    [0] + markdown.indices.filter { markdown[$0] == UInt8(ascii: "\n") }.map { $0 + 1 }
  }
}

struct Lifter {
  private let file: String
  private let context: String?
  private let lines: [ProseLine]
  private var bytes: [UInt8] = []
  /// For each line, where it begins in `bytes`.
  private var starts: [Int] = []
  private var position = 0
  private var row = 0
  private var result = LiftedProse()

  init(lines: [ProseLine], file: String, context: String?) {
    self.file = file
    self.context = context
    self.lines = lines
    for line in lines {
      starts.append(bytes.count)
      bytes += line.text.utf8
      bytes.append(UInt8(ascii: "\n"))
    }
  }

  static func lift(
    _ lines: [ProseLine], file: String, context: String?
  ) throws(LiterateError) -> LiftedProse {
    var lifter = Lifter(lines: lines, file: file, context: context)
    try lifter.run()
    return lifter.result
  }

  private mutating func run() throws(LiterateError) {
    var fence: (mark: UInt8, count: Int, row: Int)?
    while row < lines.count {
      let text = lines[row].text
      if text.unicodeScalars.contains(where: { $0 == LiftedProse.open || $0 == LiftedProse.close })
      {
        throw LiterateError(.reservedCharacter, at: location(of: position))
      }
      if let open = fence {
        if lines[row].isMarker {
          throw LiterateError(.unclosedCodeFence, at: location(of: starts[open.row]))
        }
        if let mark = Self.fence(text), mark.mark == open.mark, mark.count >= open.count,
          mark.isBare
        {
          fence = nil
        }
        copyLine()
      } else if lines[row].isMarker {
        copyLine()
      } else if let mark = Self.fence(text), mark.canOpen {
        fence = (mark.mark, mark.count, row)
        copyLine()
      } else {
        try liftLine()
      }
    }
    if let fence { throw LiterateError(.unclosedCodeFence, at: location(of: starts[fence.row])) }
  }

  /// The mark of a fenced code block at the beginning of a line, behind the marks of quotes.
  private static func fence(
    _ text: String
  ) -> (mark: UInt8, count: Int, isBare: Bool, canOpen: Bool)? {
    let rest = text.utf8.drop { $0 == 32 || $0 == UInt8(ascii: ">") }
    guard let mark = rest.first, mark == UInt8(ascii: "`") || mark == UInt8(ascii: "~") else {
      return nil
    }
    let count = rest.prefix { $0 == mark }.count
    guard count >= 3 else { return nil }
    let info = rest.dropFirst(count)
    return (
      mark, count, info.allSatisfy { $0 == 32 },
      mark == UInt8(ascii: "~") || !info.contains(UInt8(ascii: "`"))
    )
  }

  // MARK: - Copying

  private var lineEnd: Int { row + 1 < starts.count ? starts[row + 1] - 1 : bytes.count - 1 }

  private mutating func copyLine() {
    if position == starts[row] { result.lineNumbers.append(lines[row].line) }
    result.markdown += bytes[position...lineEnd]
    position = lineEnd + 1
    row += 1
  }

  private mutating func copy(to end: Int) {
    while position < end {
      let byte = bytes[position]
      result.markdown.append(byte)
      if byte == UInt8(ascii: "\n") {
        row += 1
        if row < lines.count { result.lineNumbers.append(lines[row].line) }
      }
      position += 1
    }
  }

  private mutating func skip(to end: Int) {
    while position < end {
      if bytes[position] == UInt8(ascii: "\n") { row += 1 }
      position += 1
    }
  }

  private mutating func put(_ item: Lifted) {
    result.markdown += "\(LiftedProse.open)\(result.lifted.count)\(LiftedProse.close)".utf8
    result.lifted.append(item)
  }

  private func location(of offset: Int) -> SourceLocation {
    var index = row
    while index > 0, starts[index] > offset { index -= 1 }
    while index + 1 < starts.count, starts[index + 1] <= offset { index += 1 }
    return SourceLocation(
      file: file, line: lines[index].line,
      column: context == nil ? lines[index].column + offset - starts[index] + 1 : nil,
      context: context)
  }

  // MARK: - Lifting

  /// Copies the rest of one line, lifting what begins in it; a formula may take further lines.
  private mutating func liftLine() throws(LiterateError) {
    let firstRow = row
    if position == starts[row] { result.lineNumbers.append(lines[row].line) }
    while position < bytes.count {
      let byte = bytes[position]
      switch byte {
      case UInt8(ascii: "\n"):
        result.markdown.append(byte)
        position += 1
        row += 1
        // What follows a formula of several lines on its last line belongs to this line.
        if row > firstRow { return }
      case UInt8(ascii: "\\"): try liftEscape()
      case UInt8(ascii: "`"): copyCodeSpan()
      case UInt8(ascii: "$"): try liftFormula()
      case UInt8(ascii: "@"): try liftReference()
      case UInt8(ascii: "[") where bytes[position + 1] == UInt8(ascii: "@"): try liftCitation()
      default:
        result.markdown.append(byte)
        position += 1
      }
    }
  }

  /// Where the paragraph around `position` ends: an empty line, a code block, a piece of code.
  private var paragraphEnd: Int {
    var index = row
    while index + 1 < lines.count {
      let next = lines[index + 1]
      if next.isMarker || next.text.utf8.allSatisfy({ $0 == 32 }) || Self.fence(next.text) != nil {
        break
      }
      index += 1
    }
    return index + 1 < starts.count ? starts[index + 1] - 1 : bytes.count - 1
  }

  private mutating func copyCodeSpan() {
    let end = paragraphEnd
    var open = position
    while open < end, bytes[open] == UInt8(ascii: "`") { open += 1 }
    let count = open - position
    var index = open
    while index < end {
      guard bytes[index] == UInt8(ascii: "`") else {
        index += 1
        continue
      }
      var stop = index
      while stop < end, bytes[stop] == UInt8(ascii: "`") { stop += 1 }
      if stop - index == count { return copy(to: stop) }
      index = stop
    }
    copy(to: open)
  }

  private mutating func liftEscape() throws(LiterateError) {
    guard position + 1 < bytes.count, bytes[position + 1] == UInt8(ascii: "(") else {
      let step = bytes[position + 1] == UInt8(ascii: "\n") ? 1 : 2
      result.markdown += bytes[position..<position + step]
      position += step
      return
    }
    let start = location(of: position)
    let reference: ValueReference
    let end: Int
    do {
      (reference, end) = try ValueReference.parse(
        bytes, at: position + 2, limit: lineEnd, location: start)
    } catch {
      throw LiterateError(error)
    }
    let source = String(decoding: bytes[position..<end], as: UTF8.self)
    position = end
    put(.reference(reference, source: source))
  }

  /// `@fig:name`, or `@key` of the bibliography; any other `@` is a character of the text.
  private mutating func liftReference() throws(LiterateError) {
    let rest = bytes[position + 1..<lineEnd]
    let prefix = rest.prefix(while: ValueReference.isNameByte)
    let word = String(decoding: prefix, as: UTF8.self)
    let isInsideWord = position > 0 && ValueReference.isNameByte(bytes[position - 1])
    var name = rest.dropFirst(prefix.count + 1).prefix(while: ValueReference.isNameByte)
    while name.last == UInt8(ascii: "-") { name.removeLast() }
    let place = location(of: position)
    if !isInsideWord, !prefix.isEmpty, rest.dropFirst(prefix.count).first == UInt8(ascii: ":"),
      !name.isEmpty
    {
      guard let kind = CrossReference.Kind(rawValue: word) else {
        let known = CrossReference.Kind.allCases.map(\.rawValue)
        throw LiterateError(
          .unknownReferenceKind(word, nearest: nearestNames(to: word, among: known)), at: place)
      }
      let reference = CrossReference(
        kind: kind, name: String(decoding: name, as: UTF8.self), location: place)
      let source = String(decoding: bytes[position..<name.endIndex], as: UTF8.self)
      position = name.endIndex
      return put(.crossReference(reference, source: source))
    }
    if !isInsideWord, Citation.isKey(word) {
      position = prefix.endIndex
      return put(
        .citation(
          Citation(style: .narrative, items: [.init(key: word)], location: place),
          source: "@" + word))
    }
    result.markdown.append(bytes[position])
    position += 1
  }

  /// `[@key; @key, detail]`; it may run over the end of a line.
  private mutating func liftCitation() throws(LiterateError) {
    let place = location(of: position)
    let end = paragraphEnd
    let shown = bytes[position..<end].prefix { $0 != UInt8(ascii: "\n") }.prefix(32)
    let fault = LiterateError(.badCitation(String(decoding: shown, as: UTF8.self)), at: place)
    guard let close = bytes[position..<end].firstIndex(of: UInt8(ascii: "]")) else { throw fault }
    let inside = String(decoding: bytes[position + 1..<close], as: UTF8.self)
    var items: [Citation.Item] = []
    for part in inside.split(separator: ";", omittingEmptySubsequences: false) {
      let words = part.split { $0 == " " || $0 == "\n" }.joined(separator: " ")
      guard words.first == "@" else { throw fault }
      let halves = words.dropFirst().split(
        separator: ",", maxSplits: 1, omittingEmptySubsequences: false)
      guard Citation.isKey(halves[0]) else { throw fault }
      let detail = halves.count > 1 ? String(halves[1].drop { $0 == " " }) : ""
      items.append(Citation.Item(key: String(halves[0]), detail: detail))
    }
    let source = String(decoding: bytes[position...close], as: UTF8.self)
    skip(to: close + 1)
    put(
      .citation(
        Citation(style: .parenthetical, items: items, location: place), source: source))
  }

  private mutating func liftFormula() throws(LiterateError) {
    let start = position
    let isDisplay = start + 1 < bytes.count && bytes[start + 1] == UInt8(ascii: "$")
    let mark = isDisplay ? 2 : 1
    guard let close = formulaEnd(from: start + mark, isDisplay: isDisplay) else {
      throw LiterateError(
        .formula(.unclosed(isDisplay ? "$$" : "$")), at: location(of: start))
    }
    let firstLine = lines[row].line
    let text = formulaText(start + mark..<close)
    guard text.scalars.contains(where: { !$0.scalar.properties.isWhitespace }) else {
      throw LiterateError(.formula(.empty), at: location(of: start))
    }
    let math: MathNode
    do {
      math = try MathParser.parse(text, end: location(of: close))
    } catch {
      throw LiterateError(error)
    }
    skip(to: close + mark)
    let source = String(decoding: bytes[start..<position], as: UTF8.self)
    if isDisplay {
      let name = equationName()
      put(.equation(Equation(math: math, name: name), source: source, line: firstLine))
    } else {
      put(.math(math, source: source))
    }
  }

  private func formulaEnd(from start: Int, isDisplay: Bool) -> Int? {
    let end = paragraphEnd
    var index = start
    while index < end {
      switch bytes[index] {
      case UInt8(ascii: "\\"): index += 2
      case UInt8(ascii: "$"):
        if !isDisplay { return index }
        if index + 1 < end, bytes[index + 1] == UInt8(ascii: "$") { return index }
        return nil
      default: index += 1
      }
    }
    return nil
  }

  /// The formula's characters with their places, without the marks of a quote around it.
  private func formulaText(_ range: Range<Int>) -> MathSource {
    let isQuoted = lines[row].text.utf8.first { $0 != 32 } == UInt8(ascii: ">")
    var scalars: [MathSource.Located] = []
    var index = range.lowerBound
    var line = row
    while index < range.upperBound {
      let end = min(range.upperBound, line + 1 < starts.count ? starts[line + 1] : bytes.count)
      var begin = index
      if line > row, isQuoted {
        while begin < end, bytes[begin] == 32 { begin += 1 }
        if begin < end, bytes[begin] == UInt8(ascii: ">") { begin += 1 } else { begin = index }
      }
      var offset = begin
      for scalar in String(decoding: bytes[begin..<end], as: UTF8.self).unicodeScalars {
        scalars.append(.init(scalar: scalar, location: location(of: offset)))
        offset += UTF8.width(scalar)
      }
      index = end
      line += 1
    }
    return MathSource(scalars: scalars)
  }

  /// `{#eq:name}` behind a display formula.
  private mutating func equationName() -> String? {
    var index = position
    while index < lineEnd, bytes[index] == 32 { index += 1 }
    let prefix = Array("{#eq:".utf8)
    guard bytes[index..<lineEnd].starts(with: prefix) else { return nil }
    let name = bytes[index + prefix.count..<lineEnd].prefix(while: ValueReference.isNameByte)
    guard !name.isEmpty, name.endIndex < lineEnd, bytes[name.endIndex] == UInt8(ascii: "}") else {
      return nil
    }
    position = name.endIndex + 1
    return String(decoding: name, as: UTF8.self)
  }
}

extension Citation {
  /// Whether a word has the form of a key: lower-case letters and hyphens, a year, perhaps a letter.
  static func isKey(_ word: some StringProtocol) -> Bool {
    func isLetter(_ byte: UInt8) -> Bool {
      (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte)
    }
    let bytes = Array(word.utf8)
    guard let first = bytes.first, isLetter(first) else { return false }
    let rest = bytes.drop { isLetter($0) || $0 == UInt8(ascii: "-") }
    let year = rest.prefix { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
    let tail = rest.dropFirst(year.count)
    return year.count == 4 && tail.count <= 1 && tail.allSatisfy(isLetter)
  }
}
