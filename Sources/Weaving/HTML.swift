/// Escaping for HTML that is well-formed XML too.
enum HTML {
  /// A text between tags.
  static func text(_ text: String) -> String {
    escape(text, quotes: false)
  }

  /// A text between double quotes.
  static func attribute(_ text: String) -> String {
    escape(text, quotes: true)
  }

  /// Code within running text: a line may end behind the slashes of a path and the underscores of a
  /// name, but not within a flag as `--seeds` nor at the hyphens of a name.
  static func code(_ text: String) -> String {
    var result = "<code>"
    var part = ""
    func flush() {
      // What is wider than a phone has to break somewhere.
      let isWhole = part.contains("-") && part.count <= 34
      result += isWhole ? "<span class=\"together\">\(self.text(part))</span>" : self.text(part)
      part = ""
    }
    for character in text {
      switch character {
      case " ":
        flush()
        result += " "
      case "/", "_":
        part.append(character)
        // Nobody looks for the rest of a path behind `./` alone.
        let isLong = part.count > 3
        flush()
        if isLong { result += "<wbr/>" }
      default: part.append(character)
      }
    }
    flush()
    return result + "</code>"
  }

  private static func escape(_ text: String, quotes: Bool) -> String {
    let needsWork = text.utf8.contains {
      $0 == UInt8(ascii: "&") || $0 == UInt8(ascii: "<") || $0 == UInt8(ascii: ">")
        || $0 == UInt8(ascii: "\"") || $0 < 32
    }
    guard needsWork else { return text }
    var result = ""
    result.reserveCapacity(text.utf8.count + 16)
    for scalar in text.unicodeScalars {
      switch scalar {
      case "&": result += "&amp;"
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      case "\"" where quotes: result += "&quot;"
      case "\n" where quotes: result += "&#10;"
      // XML has no other control characters.
      case _ where scalar.value < 32 && scalar != "\n" && scalar != "\t": result += "\u{FFFD}"
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result
  }
}

/// Base64 without line breaks (RFC 4648, section 4).
enum Base64 {
  private static let digits = Array(
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)

  static func encode(_ bytes: [UInt8]) -> String {
    var result: [UInt8] = []
    result.reserveCapacity((bytes.count + 2) / 3 * 4)
    var index = 0
    while index < bytes.count {
      let count = min(3, bytes.count - index)
      let a = UInt32(bytes[index])
      let b = count > 1 ? UInt32(bytes[index + 1]) : 0
      let c = count > 2 ? UInt32(bytes[index + 2]) : 0
      let word = a << 16 | b << 8 | c
      result.append(digits[Int(word >> 18)])
      result.append(digits[Int(word >> 12 & 63)])
      result.append(count > 1 ? digits[Int(word >> 6 & 63)] : UInt8(ascii: "="))
      result.append(count > 2 ? digits[Int(word & 63)] : UInt8(ascii: "="))
      index += 3
    }
    return String(decoding: result, as: UTF8.self)
  }
}
