/// Colours Swift by its tokens alone: keywords, types, numbers, texts, comments, attributes.
///
/// A lexer is enough here: what a name means would need the compiler, and a listing that is too
/// colourful is read less well.
struct SwiftHighlighter {
  private let bytes: [UInt8]
  private var position = 0
  private var result: [Token] = []

  /// A stretch of code; its kind is the class of pages' spans, nil for what is plain.
  struct Token: Equatable {
    var text: String
    var kind: String?
  }

  /// The code as HTML, with tokens in spans.
  static func html(_ code: String) -> String {
    tokens(code).map { token in
      let text = HTML.text(token.text)
      return token.kind.map { "<span class=\"\($0)\">\(text)</span>" } ?? text
    }.joined()
  }

  /// The code in order, cut into tokens.
  static func tokens(_ code: String) -> [Token] {
    var highlighter = SwiftHighlighter(bytes: Array(code.utf8))
    highlighter.run(until: nil)
    return highlighter.result
  }

  private init(bytes: [UInt8]) { self.bytes = bytes }

  private static let keywords: Set<String> = [
    "actor", "any", "as", "async", "await", "borrowing", "break", "case", "catch", "class",
    "consuming", "continue", "default", "defer", "deinit", "do", "else", "enum", "extension",
    "fallthrough", "false", "fileprivate", "final", "for", "func", "get", "guard", "if", "import",
    "in", "indirect", "init", "inout", "internal", "is", "lazy", "let", "mutating", "nil",
    "nonisolated", "nonmutating", "open", "operator", "override", "private", "protocol", "public",
    "repeat", "rethrows", "return", "self", "sending", "set", "some", "static", "struct",
    "subscript", "super", "switch", "throw", "throws", "true", "try", "typealias", "unowned", "var",
    "weak", "where", "while",
  ]

  private var current: UInt8? { position < bytes.count ? bytes[position] : nil }

  private func next(_ offset: Int) -> UInt8? {
    position + offset < bytes.count ? bytes[position + offset] : nil
  }

  private mutating func emit(_ range: Range<Int>, as kind: String? = nil) {
    guard !range.isEmpty else { return }
    result.append(Token(text: String(decoding: bytes[range], as: UTF8.self), kind: kind))
  }

  /// Reads tokens up to the end, or up to a closing parenthesis without partner.
  private mutating func run(until close: UInt8?) {
    var depth = 0
    var plain = position
    while let byte = current {
      if let close {
        if byte == UInt8(ascii: "(") { depth += 1 }
        if byte == close {
          if depth == 0 { break }
          depth -= 1
        }
      }
      guard let (kind, end) = token(byte) else {
        position += 1
        continue
      }
      emit(plain..<position)
      if kind == "s" {
        string(hashes: end)
      } else {
        emit(position..<end, as: kind.isEmpty ? nil : kind)
        position = end
      }
      plain = position
    }
    emit(plain..<position)
  }

  /// The token at the position and its end; for a string, the number of `#` before its quote.
  private func token(_ byte: UInt8) -> (kind: String, end: Int)? {
    switch byte {
    case UInt8(ascii: "/") where next(1) == UInt8(ascii: "/"):
      return ("c", scan(position) { $0 != UInt8(ascii: "\n") })
    case UInt8(ascii: "/") where next(1) == UInt8(ascii: "*"): return ("c", blockComment())
    case UInt8(ascii: "\""): return ("s", 0)
    case UInt8(ascii: "#"):
      let end = scan(position) { $0 == UInt8(ascii: "#") }
      if end < bytes.count, bytes[end] == UInt8(ascii: "\"") { return ("s", end - position) }
      return ("k", scan(position + 1, Self.isWord))
    case UInt8(ascii: "@"): return ("a", scan(position + 1, Self.isWord))
    case UInt8(ascii: "0")...UInt8(ascii: "9"): return ("n", number())
    case _ where Self.isWord(byte):
      let end = scan(position, Self.isWord)
      let word = String(decoding: bytes[position..<end], as: UTF8.self)
      let isMember = position > 0 && bytes[position - 1] == UInt8(ascii: ".")
      if Self.keywords.contains(word), !isMember { return ("k", end) }
      if byte >= UInt8(ascii: "A"), byte <= UInt8(ascii: "Z") { return ("t", end) }
      return ("", end)
    default: return nil
    }
  }

  private func scan(_ start: Int, _ accepts: (UInt8) -> Bool) -> Int {
    var end = start
    while end < bytes.count, accepts(bytes[end]) { end += 1 }
    return end
  }

  private static func isWord(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), 0x80...:
      true
    default: false
    }
  }

  private func blockComment() -> Int {
    var depth = 0
    var end = position
    while end < bytes.count {
      if bytes[end...].starts(with: "/*".utf8) {
        depth += 1
        end += 2
      } else if bytes[end...].starts(with: "*/".utf8) {
        depth -= 1
        end += 2
        if depth == 0 { break }
      } else {
        end += 1
      }
    }
    return end
  }

  /// Digits, letters and `_`; a point only before a digit, a sign only behind an exponent's `e`.
  private func number() -> Int {
    var end = position
    while end < bytes.count {
      let byte = bytes[end]
      let previous = end > position ? bytes[end - 1] : 0
      let isDigitNext =
        end + 1 < bytes.count
        && (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(bytes[end + 1])
      if Self.isWord(byte) || (byte == UInt8(ascii: ".") && isDigitNext)
        || ((byte == UInt8(ascii: "-") || byte == UInt8(ascii: "+"))
          && previous == UInt8(ascii: "e") && isDigitNext)
      {
        end += 1
      } else {
        break
      }
    }
    return end
  }

  /// A text with its interpolations, which are code again.
  private mutating func string(hashes: Int) {
    let start = position
    position += hashes
    let isLong = bytes[position...].starts(with: "\"\"\"".utf8)
    let quote = [UInt8](repeating: UInt8(ascii: "\""), count: isLong ? 3 : 1)
    let marks = [UInt8](repeating: UInt8(ascii: "#"), count: hashes)
    let interpolation = [UInt8(ascii: "\\")] + marks + [UInt8(ascii: "(")]
    position += quote.count
    var plain = start
    while let byte = current {
      if bytes[position...].starts(with: interpolation) {
        position += interpolation.count
        emit(plain..<position, as: "s")
        run(until: UInt8(ascii: ")"))
        plain = position
      } else if byte == UInt8(ascii: "\\"), hashes == 0 {
        position = min(position + 2, bytes.count)
      } else if bytes[position...].starts(with: quote + marks) {
        position += quote.count + hashes
        emit(plain..<position, as: "s")
        return
      } else if byte == UInt8(ascii: "\n"), !isLong {
        break
      } else {
        position += 1
      }
    }
    emit(plain..<position, as: "s")
  }
}
