/// A JSON value with its numbers as they were written, for comparing and flattening.
///
/// `JSONDecoder` needs a type to decode into; here the shape is the question.
enum JSONTree: Equatable {
  case null
  case bool(Bool)
  case number(String)
  case string(String)
  case array([JSONTree])
  case object([Member])

  struct Member: Equatable {
    var name: String
    var value: JSONTree
  }

  /// Parses a JSON text; nil if it is none.
  init?(_ text: String) {
    var parser = Parser(bytes: Array(text.utf8))
    guard let tree = parser.value() else { return nil }
    parser.skipSpace()
    guard parser.index == parser.bytes.count else { return nil }
    self = tree
  }

  /// A leaf as it is printed: a word without its quotes, a number as it was written.
  var text: String {
    switch self {
    case .null: "null"
    case .bool(let value): value ? "true" : "false"
    case .number(let digits): digits
    case .string(let word): word
    case .array(let items): "[" + items.map(\.text).joined(separator: ",") + "]"
    case .object(let members):
      "{" + members.map { "\($0.name):\($0.value.text)" }.joined(separator: ",") + "}"
    }
  }

  /// The fields of an object, nested ones as `model.width`; lists are one field.
  var fields: [(name: String, value: String)] {
    guard case .object(let members) = self else { return [("value", text)] }
    return members.flatMap { member -> [(name: String, value: String)] in
      guard case .object = member.value else { return [(member.name, member.value.text)] }
      return member.value.fields.map { ("\(member.name).\($0.name)", $0.value) }
    }
  }
}

extension JSONTree {
  /// The fields that are no lists; a value that is no object is one field, `value`.
  var scalars: [(name: String, value: String)] {
    switch self {
    case .array: return []
    case .object(let members):
      return members.flatMap { member -> [(name: String, value: String)] in
        switch member.value {
        case .array: return []
        case .object:
          return member.value.scalars.map { ("\(member.name).\($0.name)", $0.value) }
        default: return [(member.name, member.value.text)]
        }
      }
    default: return [("value", text)]
    }
  }
}

/// A number found in an outcome.
struct Metric: Equatable {
  /// The path of names that leads to it, for example `branches.loss`.
  var name: String
  /// Its place in the outermost list on the way, if there is one.
  var step: Int?
  var value: Double
}

extension JSONTree {
  /// The longest list whose numbers become metrics; weights of a network are not for SQL.
  static let longestSeries = 4096

  /// The numbers of an outcome, flattened so that SQL can select them.
  ///
  /// The index in the outermost list is the metric's step; deeper indices join the name.
  var metrics: [Metric] {
    var found: [Metric] = []
    collect(name: "", step: nil, into: &found)
    return found
  }

  private func collect(name: String, step: Int?, into found: inout [Metric]) {
    func join(_ part: String) -> String { name.isEmpty ? part : "\(name).\(part)" }
    switch self {
    case .number(let digits):
      if let value = Double(digits) {
        found.append(Metric(name: name.isEmpty ? "value" : name, step: step, value: value))
      }
    case .object(let members):
      for member in members {
        member.value.collect(name: join(member.name), step: step, into: &found)
      }
    case .array(let items) where items.count <= Self.longestSeries:
      for (index, item) in items.enumerated() {
        if step == nil {
          item.collect(name: name, step: index, into: &found)
        } else {
          item.collect(name: join(String(index)), step: step, into: &found)
        }
      }
    case .null, .bool, .string, .array:
      break
    }
  }
}

private struct Parser {
  var bytes: [UInt8]
  var index = 0

  mutating func skipSpace() {
    while index < bytes.count, [0x20, 0x09, 0x0A, 0x0D].contains(bytes[index]) { index += 1 }
  }

  mutating func take(_ byte: UInt8) -> Bool {
    skipSpace()
    guard index < bytes.count, bytes[index] == byte else { return false }
    index += 1
    return true
  }

  mutating func word(_ text: String) -> Bool {
    let word = Array(text.utf8)
    guard bytes[index...].starts(with: word) else { return false }
    index += word.count
    return true
  }

  mutating func value() -> JSONTree? {
    skipSpace()
    guard index < bytes.count else { return nil }
    switch bytes[index] {
    case UInt8(ascii: "{"): return object()
    case UInt8(ascii: "["): return array()
    case UInt8(ascii: "\""): return string().map { .string($0) }
    case UInt8(ascii: "t"): return word("true") ? .bool(true) : nil
    case UInt8(ascii: "f"): return word("false") ? .bool(false) : nil
    case UInt8(ascii: "n"): return word("null") ? .null : nil
    default: return number()
    }
  }

  mutating func number() -> JSONTree? {
    let start = index
    let allowed = Set("+-.eE0123456789".utf8)
    while index < bytes.count, allowed.contains(bytes[index]) { index += 1 }
    let digits = String(decoding: bytes[start..<index], as: UTF8.self)
    return Double(digits) == nil ? nil : .number(digits)
  }

  mutating func array() -> JSONTree? {
    index += 1
    var items: [JSONTree] = []
    if take(UInt8(ascii: "]")) { return .array(items) }
    while true {
      guard let item = value() else { return nil }
      items.append(item)
      if take(UInt8(ascii: "]")) { return .array(items) }
      guard take(UInt8(ascii: ",")) else { return nil }
    }
  }

  mutating func object() -> JSONTree? {
    index += 1
    var members: [JSONTree.Member] = []
    if take(UInt8(ascii: "}")) { return .object(members) }
    while true {
      skipSpace()
      guard index < bytes.count, bytes[index] == UInt8(ascii: "\""), let name = string(),
        take(UInt8(ascii: ":")), let item = value()
      else { return nil }
      members.append(.init(name: name, value: item))
      if take(UInt8(ascii: "}")) { return .object(members) }
      guard take(UInt8(ascii: ",")) else { return nil }
    }
  }

  mutating func string() -> String? {
    index += 1
    var units: [UInt8] = []
    while index < bytes.count {
      let byte = bytes[index]
      index += 1
      if byte == UInt8(ascii: "\"") { return String(decoding: units, as: UTF8.self) }
      guard byte == UInt8(ascii: "\\") else {
        units.append(byte)
        continue
      }
      guard let scalar = escape() else { return nil }
      units += Array(String(scalar).utf8)
    }
    return nil
  }

  mutating func escape() -> Unicode.Scalar? {
    guard index < bytes.count else { return nil }
    let byte = bytes[index]
    index += 1
    switch byte {
    case UInt8(ascii: "n"): return "\n"
    case UInt8(ascii: "t"): return "\t"
    case UInt8(ascii: "r"): return "\r"
    case UInt8(ascii: "b"): return "\u{8}"
    case UInt8(ascii: "f"): return "\u{C}"
    case UInt8(ascii: "u"):
      guard let high = hexadecimal() else { return nil }
      guard (0xD800..<0xDC00).contains(high) else { return Unicode.Scalar(high) }
      guard word("\\u"), let low = hexadecimal(), (0xDC00..<0xE000).contains(low) else {
        return nil
      }
      return Unicode.Scalar(0x10000 + ((high - 0xD800) << 10) + (low - 0xDC00))
    default: return Unicode.Scalar(byte)
    }
  }

  mutating func hexadecimal() -> UInt32? {
    guard index + 4 <= bytes.count else { return nil }
    defer { index += 4 }
    return UInt32(String(decoding: bytes[index..<index + 4], as: UTF8.self), radix: 16)
  }
}
