/// A place where prose quotes a recorded value: `\(name)` or `\(name.part)`.
public struct ValueReference: Hashable, Sendable {
  /// The parts of a value that can be quoted.
  public enum Part: String, CaseIterable, Sendable {
    /// The value itself, with its unit: `\(name)`.
    case value
    case low, high
    /// The value with both ends of its interval.
    case interval
    /// What theory predicts for it.
    case theory
  }

  /// The value's name.
  public var name: String
  /// Which of its parts.
  public var part: Part
  /// Where it stands.
  public var location: SourceLocation

  /// Creates a reference.
  public init(name: String, part: Part = .value, location: SourceLocation) {
    self.name = name
    self.part = part
    self.location = location
  }
}

extension ValueReference {
  /// Reads `name)` or `name.part)` behind `\(`; the second result is the position behind it.
  package static func parse(
    _ bytes: [UInt8], at start: Int, limit: Int, location: SourceLocation
  ) throws(MathError) -> (ValueReference, Int) {
    let rest = bytes[start..<max(start, limit)]
    let name = rest.prefix(while: isNameByte)
    var end = name.endIndex
    var part = Part.value
    if end < limit, bytes[end] == UInt8(ascii: ".") {
      let word = rest[(end + 1)...].prefix(while: isNameByte)
      let text = String(decoding: word, as: UTF8.self)
      guard let known = Part(rawValue: text) else {
        throw MathError(
          .unknownPart(text, name: String(decoding: name, as: UTF8.self)), at: location)
      }
      part = known
      end = word.endIndex
    }
    guard !name.isEmpty, end < limit, bytes[end] == UInt8(ascii: ")") else {
      let found = "\\(" + String(decoding: rest.prefix(24), as: UTF8.self)
      throw MathError(.badReference(found), at: location)
    }
    let text = String(decoding: name, as: UTF8.self)
    return (ValueReference(name: text, part: part, location: location), end + 1)
  }

  /// Whether a byte may stand in the name of a value.
  package static func isNameByte(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"), 0x80...:
      true
    default: false
    }
  }
}
