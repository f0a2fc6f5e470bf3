/// Reads a chapter: a Swift program whose `//:` lines are prose.
public enum ChapterSource {
  /// Reads a chapter's source into a document.
  ///
  /// - Parameters:
  ///   - text: The whole file.
  ///   - file: The file's name as messages should give it.
  public static func parse(_ text: String, file: String) throws(LiterateError) -> Document {
    let pieces = try split(text, file: file)
    var lines: [ProseLine] = []
    for (index, piece) in pieces.enumerated() {
      switch piece {
      case .prose(let prose): lines += prose
      case .code(let listing):
        lines.append(ProseLine(marker: index, line: listing.lines.lowerBound))
      case .asideBegin(_, let line), .asideEnd(let line):
        lines.append(ProseLine(marker: index, line: line))
      }
    }
    let parsed = try Markdown.parse(lines: lines, file: file, context: nil, pieces: pieces)
    return try Structure.document(parsed, file: file)
  }

  /// Cuts a file into prose, code and the marks of asides.
  static func split(_ text: String, file: String) throws(LiterateError) -> [Piece] {
    var splitter = Splitter(file: file)
    for (index, line) in linesOf(text).enumerated() {
      try splitter.take(line, number: index + 1)
    }
    return try splitter.finish()
  }

  /// The lines of a text without their ends, whatever these are.
  static func linesOf(_ text: String) -> [String] {
    text.utf8.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).map {
      String(decoding: $0.last == UInt8(ascii: "\r") ? $0.dropLast() : $0, as: UTF8.self)
    }
  }
}

/// A stretch of a chapter's file.
enum Piece: Equatable {
  case prose([ProseLine])
  case code(Listing)
  case asideBegin(title: String, line: Int)
  case asideEnd(line: Int)
}

/// A line of prose with its place in the file.
struct ProseLine: Equatable {
  var text: String
  var line: Int
  /// Bytes of the file's line before the text.
  var column: Int
  /// Whether it stands for code rather than prose.
  var isMarker = false

  init(_ text: String, line: Int, column: Int) {
    self.text = text
    self.line = line
    self.column = column
  }

  /// The line that stands for a piece of code: a comment, as these may interrupt any paragraph.
  init(marker index: Int, line: Int) {
    self.init("<!--piece \(index)-->", line: line, column: 0)
    isMarker = true
  }
}

private struct Splitter {
  let file: String
  var pieces: [Piece] = []
  var prose: [ProseLine] = []
  var code: [(text: String, line: Int)] = []
  var blockBegin: Int?
  var aside: (title: String, line: Int)?

  init(file: String) { self.file = file }

  mutating func take(_ line: String, number: Int) throws(LiterateError) {
    if blockBegin != nil {
      takeBlockLine(line, number: number, column: 0)
    } else if line.hasPrefix("//:") {
      let hasSpace = line.utf8.dropFirst(3).first == UInt8(ascii: " ")
      let column = hasSpace ? 4 : 3
      takeProse(ProseLine(String(line.dropFirst(column)), line: number, column: column))
    } else if line.hasPrefix("/*:") {
      blockBegin = number
      takeBlockLine(String(line.dropFirst(3)), number: number, column: 3)
    } else if let title = Self.mark("aside", in: line) {
      guard !title.isEmpty else { throw error(.asideWithoutTitle, number) }
      guard aside == nil else { throw error(.asideInAside(title: title), number) }
      flush()
      aside = (title, number)
      pieces.append(.asideBegin(title: title, line: number))
    } else if Self.mark("end", in: line) == "" {
      guard aside != nil else { throw error(.endWithoutAside, number) }
      flush()
      aside = nil
      pieces.append(.asideEnd(line: number))
    } else {
      if !prose.isEmpty, Self.isBlank(line) {
        // Empty lines after prose may lie within it; they count as code only if code follows.
        prose.append(ProseLine("", line: number, column: 0))
        return
      }
      flushProse()
      code.append((line, number))
    }
  }

  /// `// MARK: - WORD rest`: the rest; nil if the line is no such mark.
  static func mark(_ word: String, in line: String) -> String? {
    guard line.hasPrefix("// MARK: - \(word)") else { return nil }
    let rest = line.dropFirst("// MARK: - \(word)".count)
    guard rest.isEmpty || rest.first == " " else { return nil }
    return String(trimmed(rest[...]))
  }

  static func isBlank(_ line: String) -> Bool { line.utf8.allSatisfy { $0 == 32 || $0 == 9 } }

  private static func trimmed(_ text: Substring) -> Substring {
    var text = text
    while text.first == " " { text.removeFirst() }
    while text.last == " " { text.removeLast() }
    return text
  }

  private mutating func takeBlockLine(_ line: String, number: Int, column: Int) {
    var text = line
    if text.hasSuffix("*/") {
      text.removeLast(2)
      blockBegin = nil
    }
    if column == 3, text.first == " " {
      text.removeFirst()
      takeProse(ProseLine(text, line: number, column: 4))
    } else {
      takeProse(ProseLine(text, line: number, column: column))
    }
  }

  private mutating func takeProse(_ line: ProseLine) {
    flushCode()
    prose.append(line)
  }

  private mutating func flush() {
    flushProse()
    flushCode()
  }

  private mutating func flushProse() {
    if !prose.isEmpty { pieces.append(.prose(prose)) }
    prose = []
  }

  private mutating func flushCode() {
    defer { code = [] }
    guard let first = code.firstIndex(where: { !Self.isBlank($0.text) }),
      let last = code.lastIndex(where: { !Self.isBlank($0.text) })
    else { return }
    pieces.append(
      .code(
        Listing(
          code: code[first...last].map(\.text).joined(separator: "\n"),
          lines: code[first].line...code[last].line)))
  }

  mutating func finish() throws(LiterateError) -> [Piece] {
    if let blockBegin { throw error(.unclosedProseBlock, blockBegin) }
    if let aside { throw error(.unclosedAside(title: aside.title), aside.line) }
    flush()
    return pieces
  }

  private func error(_ problem: LiterateError.Problem, _ line: Int) -> LiterateError {
    LiterateError(problem, at: SourceLocation(file: file, line: line))
  }
}
