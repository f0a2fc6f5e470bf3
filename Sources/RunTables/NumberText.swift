import Foundation

/// Numbers as people write sizes: 2.71, 6e23, 1_000_000, 124M, 1.4B, 300K, 15T.
enum NumberText {
  /// The number that `count` bytes spell, spaces around them aside; nil for anything else.
  ///
  /// Decimal digits with a point, an exponent, underscores between digits and a factor K, M, B (or G) or
  /// T, small letters too. NaN, infinities, hexadecimal digits and commas are no numbers of a run. The
  /// result is the double nearest to the decimal digits, times the factor.
  static func value(_ bytes: UnsafePointer<UInt8>, _ count: Int) -> Double? {
    var (first, last) = (0, count)
    while first < last, isSpace(bytes[first]) { first += 1 }
    while last > first, isSpace(bytes[last - 1]) { last -= 1 }
    guard last > first else { return nil }
    var factor = 1.0
    switch bytes[last - 1] | 0x20 {
    case UInt8(ascii: "k"): factor = 1e3
    case UInt8(ascii: "m"): factor = 1e6
    case UInt8(ascii: "b"), UInt8(ascii: "g"): factor = 1e9
    case UInt8(ascii: "t"): factor = 1e12
    default: break
    }
    // A digit or point with the bit 0x20 set is itself, so only letters lead here.
    if factor != 1 { last -= 1 }
    guard let number = decimal(bytes + first, last - first) else { return nil }
    return number * factor
  }

  /// The number that a text spells.
  static func value(_ text: String) -> Double? {
    var text = text
    return text.withUTF8 { $0.baseAddress.flatMap { [count = $0.count] in value($0, count) } }
  }

  private static func isSpace(_ byte: UInt8) -> Bool {
    byte == 0x20 || byte >= 0x09 && byte <= 0x0D
  }

  /// 10^0 to 10^22, which doubles hold exactly.
  private static let powers = (0...22).map { pow(10, Double($0)) }

  private static func decimal(_ bytes: UnsafePointer<UInt8>, _ count: Int) -> Double? {
    var position = 0
    var negative = false
    if position < count,
      bytes[position] == UInt8(ascii: "-") || bytes[position] == UInt8(ascii: "+")
    {
      negative = bytes[position] == UInt8(ascii: "-")
      position += 1
    }
    var mantissa: UInt64 = 0
    var (digits, significant, scale) = (0, 0, 0)
    var (sawPoint, sawUnderscore) = (false, false)
    while position < count {
      let byte = bytes[position]
      if byte >= 0x30, byte <= 0x39 {
        digits += 1
        if significant > 0 || byte != 0x30 { significant += 1 }
        if significant <= 19 {
          mantissa = mantissa &* 10 &+ UInt64(byte &- 0x30)
          if sawPoint { scale -= 1 }
        } else if !sawPoint {
          scale += 1
        }
      } else if byte == UInt8(ascii: "."), !sawPoint {
        sawPoint = true
      } else if byte == UInt8(ascii: "_"), digits > 0 {
        sawUnderscore = true
      } else {
        break
      }
      position += 1
    }
    guard digits > 0 else { return nil }
    if position < count, bytes[position] | 0x20 == UInt8(ascii: "e") {
      position += 1
      var down = false
      if position < count,
        bytes[position] == UInt8(ascii: "-") || bytes[position] == UInt8(ascii: "+")
      {
        down = bytes[position] == UInt8(ascii: "-")
        position += 1
      }
      var (exponent, places) = (0, 0)
      while position < count, bytes[position] >= 0x30, bytes[position] <= 0x39 {
        exponent = min(exponent * 10 + Int(bytes[position] - 0x30), 100_000)
        places += 1
        position += 1
      }
      guard places > 0 else { return nil }
      scale += down ? -exponent : exponent
    }
    guard position == count else { return nil }
    // Both factors are exact, so their product or quotient is rounded once (Clinger 1990).
    if significant <= 19, mantissa <= 1 << 53, scale >= -22, scale <= 22 {
      let exact = Double(mantissa)
      let size = scale < 0 ? exact / powers[-scale] : exact * powers[scale]
      return negative ? -size : size
    }
    var text = String(decoding: UnsafeBufferPointer(start: bytes, count: count), as: UTF8.self)
    if sawUnderscore { text.removeAll { $0 == "_" } }
    return strtod(text, nil)
  }
}
