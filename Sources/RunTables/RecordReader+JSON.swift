import Foundation

/// JSON lines: one object a line; the fields of inner objects are named by their path, `model.size`.
extension RecordReader {
  /// The names of the first object's fields.
  func firstKeys() throws(DataError) -> [String] {
    foundKeys = []
    guard try nextObject() else { throw .empty(file: file) }
    // The object is read again as the first row; it is still in the window, whose bytes have moved.
    window.start -= consumed
    line = row
    defer { foundKeys = nil }
    return foundKeys ?? []
  }

  /// Reads one line.
  func nextObject() throws(DataError) -> Bool {
    while true {
      var position = window.start
      let newline = UInt8(ascii: "\n")
      while true {
        while position < window.end, window.base[position] != newline { position += 1 }
        if position < window.end || window.isAtEnd { break }
        let offset = position - window.start
        guard try window.extend() else {
          throw .lineTooLong(file: file, row: line, limit: ByteWindow.limit)
        }
        position = window.start + offset
      }
      guard window.start < window.end else { return false }
      let (start, end) = (window.start, position)
      let next = position < window.end ? position + 1 : position
      row = line
      line += 1
      window.start = next
      consumed = next - start
      var scanner = Scanner(bytes: window.base, position: start, end: end)
      scanner.skipSpace()
      guard scanner.position < end else { continue }
      for index in wanted.indices {
        if index < fields.count { fields[index] = Field() } else { fields.append(Field()) }
      }
      fieldCount = wanted.count
      path.removeAll(keepingCapacity: true)
      try object(&scanner, depth: 0)
      scanner.skipSpace()
      guard scanner.position == end else { throw notJSON("text after the object") }
      return true
    }
  }

  /// A place in a line.
  struct Scanner {
    let bytes: UnsafeMutablePointer<UInt8>
    var position: Int
    let end: Int

    mutating func skipSpace() {
      while position < end, bytes[position] <= 0x20 { position += 1 }
    }

    mutating func take(_ byte: Character) -> Bool {
      skipSpace()
      guard position < end, bytes[position] == byte.asciiValue! else { return false }
      position += 1
      return true
    }

    /// The bytes between quotes, which stay escaped; nil if there is no closed string.
    mutating func string() -> Range<Int>? {
      guard take("\"") else { return nil }
      let start = position
      while position < end, bytes[position] != UInt8(ascii: "\"") {
        position += bytes[position] == UInt8(ascii: "\\") ? 2 : 1
      }
      guard position < end else { return nil }
      position += 1
      return start..<position - 1
    }

    /// Passes over a list; false if it is not closed.
    mutating func skipList() -> Bool {
      var depth = 0
      while position < end {
        switch bytes[position] {
        case UInt8(ascii: "\""):
          guard string() != nil else { return false }
          continue
        case UInt8(ascii: "["), UInt8(ascii: "{"): depth += 1
        case UInt8(ascii: "]"), UInt8(ascii: "}"): depth -= 1
        default: break
        }
        position += 1
        if depth == 0 { return true }
      }
      return false
    }
  }

  private func notJSON(_ reason: String) -> DataError {
    .notJSON(file: file, row: row, reason: reason)
  }

  private func object(_ scanner: inout Scanner, depth: Int) throws(DataError) {
    guard depth < 32 else { throw notJSON("more than 32 objects within one another") }
    guard scanner.take("{") else { throw notJSON("no '{' at its beginning") }
    if scanner.take("}") { return }
    let prefix = path.count
    repeat {
      guard let key = scanner.string() else { throw notJSON("a key without quotes around it") }
      guard scanner.take(":") else { throw notJSON("a key without ':' behind it") }
      path.append(
        contentsOf: UnsafeBufferPointer(start: scanner.bytes + key.lowerBound, count: key.count))
      scanner.skipSpace()
      guard scanner.position < scanner.end else { throw notJSON("an unclosed object") }
      switch scanner.bytes[scanner.position] {
      case UInt8(ascii: "{"):
        path.append(UInt8(ascii: "."))
        try object(&scanner, depth: depth + 1)
      case UInt8(ascii: "["):
        guard scanner.skipList() else { throw notJSON("an unclosed list") }
      case UInt8(ascii: "\""):
        guard let value = scanner.string() else { throw notJSON("an unclosed string") }
        try keep(
          Field(start: value.lowerBound, end: value.upperBound, isQuoted: true, isPresent: true))
      default:
        let start = scanner.position
        while scanner.position < scanner.end, !Self.ends(scanner.bytes[scanner.position]) {
          scanner.position += 1
        }
        guard scanner.position > start else { throw notJSON("a key without a value") }
        try keep(
          Field(start: start, end: scanner.position, isQuoted: false, isPresent: true))
      }
      path.removeLast(path.count - prefix)
    } while scanner.take(",")
    guard scanner.take("}") else { throw notJSON("an unclosed object") }
  }

  /// Whether a byte ends a number, true, false or null.
  private static func ends(_ byte: UInt8) -> Bool {
    byte <= 0x20 || byte == UInt8(ascii: ",") || byte == UInt8(ascii: "}")
      || byte == UInt8(ascii: "]")
  }

  private func keep(_ field: Field) throws(DataError) {
    if foundKeys != nil { foundKeys?.append(Self.unescaped(String(decoding: path, as: UTF8.self))) }
    for index in wanted.indices where wanted[index] == path {
      guard !fields[index].isPresent else {
        throw .duplicateKey(file: file, row: row, name: String(decoding: path, as: UTF8.self))
      }
      fields[index] = field
    }
  }

  /// A JSON string's text without its escapes.
  static func unescaped(_ text: String) -> String {
    guard text.contains("\\") else { return text }
    let value = try? JSONSerialization.jsonObject(
      with: Data("\"\(text)\"".utf8), options: .fragmentsAllowed)
    return value as? String ?? text
  }
}
