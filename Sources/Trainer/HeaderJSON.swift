import Foundation

/// The JSON that a safetensors header may hold, read strictly.
///
/// Foundation's readers keep one of two equal keys and say nothing, and they lose the order of
/// keys; a header with a tensor named twice must be refused, and tensors keep the file's order, so
/// the little that is needed is read here: objects, arrays, strings and whole numbers of at least
/// zero. For the same reason a header is written entry by entry; Foundation writes the literals.
indirect enum HeaderJSON: Equatable {
  case object([Member])
  case array([HeaderJSON])
  case string(String)
  case number(Int)

  struct Member: Equatable {
    var key: String
    var value: HeaderJSON
  }

  /// What is wrong with the text and at which byte.
  struct Failure: Error, Equatable {
    var reason: String
    var byte: Int
  }

  /// Reads one value; only spaces may follow it.
  init(_ bytes: some Collection<UInt8>) throws(Failure) {
    var reader = Reader(bytes: Array(bytes))
    self = try reader.value(depth: 0)
    reader.skipSpace()
    guard reader.position == reader.bytes.count else {
      throw reader.failure("has text after its end")
    }
  }

  /// A JSON string literal, quotes included.
  static func quoted(_ text: String) -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = .withoutEscapingSlashes
    guard let literal = try? encoder.encode(text) else {
      preconditionFailure("'\(text)' has no JSON literal")
    }
    return String(decoding: literal, as: UTF8.self)
  }

  private struct Reader {
    let bytes: [UInt8]
    var position = 0

    func failure(_ reason: String) -> Failure { Failure(reason: reason, byte: position) }

    var current: UInt8? { position < bytes.count ? bytes[position] : nil }

    mutating func skipSpace() {
      while let byte = current, [0x20, 0x0A, 0x0D, 0x09].contains(byte) { position += 1 }
    }

    /// Takes a character, after spaces, if it stands there.
    mutating func take(_ character: Character) -> Bool {
      skipSpace()
      guard current == character.asciiValue else { return false }
      position += 1
      return true
    }

    mutating func value(depth: Int) throws(Failure) -> HeaderJSON {
      guard depth < 8 else { throw failure("is nested too deeply") }
      skipSpace()
      switch current {
      case UInt8(ascii: "{"): return .object(try members(depth: depth))
      case UInt8(ascii: "["): return .array(try elements(depth: depth))
      case UInt8(ascii: "\""): return .string(try string())
      case .some(UInt8(ascii: "0")...UInt8(ascii: "9")): return .number(try number())
      case nil: throw failure("ends too early")
      default: throw failure("has no value where one must stand")
      }
    }

    private mutating func members(depth: Int) throws(Failure) -> [Member] {
      position += 1
      var result: [Member] = []
      var keys: Set<String> = []
      if take("}") { return result }
      repeat {
        skipSpace()
        guard current == UInt8(ascii: "\"") else { throw failure("has a key that is no string") }
        let key = try string()
        guard keys.insert(key).inserted else { throw failure("names '\(key)' twice") }
        guard take(":") else { throw failure("lacks a colon after '\(key)'") }
        result.append(Member(key: key, value: try value(depth: depth + 1)))
      } while take(",")
      guard take("}") else { throw failure("lacks a closing brace") }
      return result
    }

    private mutating func elements(depth: Int) throws(Failure) -> [HeaderJSON] {
      position += 1
      var result: [HeaderJSON] = []
      if take("]") { return result }
      repeat { result.append(try value(depth: depth + 1)) } while take(",")
      guard take("]") else { throw failure("lacks a closing bracket") }
      return result
    }

    private mutating func number() throws(Failure) -> Int {
      var result = 0
      let start = position
      while let byte = current, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) {
        let (product, over) = result.multipliedReportingOverflow(by: 10)
        let (sum, overToo) = product.addingReportingOverflow(Int(byte - UInt8(ascii: "0")))
        guard !over, !overToo else { throw failure("has a number too large") }
        result = sum
        position += 1
      }
      if bytes[start] == UInt8(ascii: "0"), position > start + 1 {
        throw failure("has a number with a leading zero")
      }
      if let byte = current,
        [UInt8(ascii: "."), UInt8(ascii: "e"), UInt8(ascii: "E")].contains(byte)
      {
        throw failure("has a number that is not whole")
      }
      return result
    }

    private mutating func string() throws(Failure) -> String {
      position += 1
      var text: [UInt8] = []
      while true {
        guard let byte = current else { throw failure("has a string without an end") }
        position += 1
        switch byte {
        case UInt8(ascii: "\""):
          guard let result = String(validating: text, as: UTF8.self) else {
            throw failure("has a string that is no UTF-8")
          }
          return result
        case UInt8(ascii: "\\"): text.append(contentsOf: String(try escape()).utf8)
        case 0..<0x20: throw failure("has a control character in a string")
        default: text.append(byte)
        }
      }
    }

    private mutating func escape() throws(Failure) -> Unicode.Scalar {
      guard let byte = current else { throw failure("has a string without an end") }
      position += 1
      switch byte {
      case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return Unicode.Scalar(byte)
      case UInt8(ascii: "n"): return "\n"
      case UInt8(ascii: "r"): return "\r"
      case UInt8(ascii: "t"): return "\t"
      case UInt8(ascii: "b"): return "\u{8}"
      case UInt8(ascii: "f"): return "\u{C}"
      case UInt8(ascii: "u"):
        let high = try hex()
        if let scalar = Unicode.Scalar(high) { return scalar }
        // A surrogate: its partner must follow as another escape.
        guard (0xD800..<0xDC00).contains(high), current == UInt8(ascii: "\\") else {
          throw failure("has half a surrogate pair")
        }
        position += 1
        guard current == UInt8(ascii: "u") else { throw failure("has half a surrogate pair") }
        position += 1
        let low = try hex()
        guard (0xDC00..<0xE000).contains(low),
          let scalar = Unicode.Scalar(0x10000 + (high - 0xD800) << 10 + (low - 0xDC00))
        else { throw failure("has half a surrogate pair") }
        return scalar
      default: throw failure("has an unknown escape")
      }
    }

    private mutating func hex() throws(Failure) -> UInt32 {
      guard position + 4 <= bytes.count,
        let text = String(validating: bytes[position..<position + 4], as: UTF8.self),
        text.allSatisfy(\.isHexDigit), let value = UInt32(text, radix: 16)
      else { throw failure("has an escape without four hexadecimal digits") }
      position += 4
      return value
    }
  }
}
