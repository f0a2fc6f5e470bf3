/// The mathematical alphabets of Unicode (block U+1D400, with its exceptions in U+2100).
public enum MathAlphabet {
  /// The letter or digit in another shape; itself where there is none.
  public static func scalar(_ scalar: Unicode.Scalar, _ variant: MathVariant) -> Unicode.Scalar {
    switch variant {
    case .upright: scalar
    case .italic:
      scalar == "h"
        ? "\u{210E}"
        : shifted(scalar, upper: 0x1D434, lower: 0x1D44E, greek: 0x1D6E2)
    case .bold:
      shifted(scalar, upper: 0x1D400, lower: 0x1D41A, digit: 0x1D7CE, greek: 0x1D6A8)
    case .boldItalic: shifted(scalar, upper: 0x1D468, lower: 0x1D482, greek: 0x1D71C)
    case .blackboard:
      exceptions[scalar] ?? shifted(scalar, upper: 0x1D538, lower: 0x1D552, digit: 0x1D7D8)
    case .calligraphic: script[scalar] ?? shifted(scalar, upper: 0x1D49C, lower: 0x1D4B6)
    case .sans: shifted(scalar, upper: 0x1D5A0, lower: 0x1D5BA, digit: 0x1D7E2)
    case .monospace: shifted(scalar, upper: 0x1D670, lower: 0x1D68A, digit: 0x1D7F6)
    }
  }

  private static let exceptions: [Unicode.Scalar: Unicode.Scalar] = [
    "C": "ℂ", "H": "ℍ", "N": "ℕ", "P": "ℙ", "Q": "ℚ", "R": "ℝ", "Z": "ℤ",
  ]

  private static let script: [Unicode.Scalar: Unicode.Scalar] = [
    "B": "ℬ", "E": "ℰ", "F": "ℱ", "H": "ℋ", "I": "ℐ", "L": "ℒ", "M": "ℳ", "R": "ℛ", "e": "ℯ",
    "g": "ℊ", "o": "ℴ",
  ]

  /// Greek variants that stand behind omega in each alphabet.
  private static let variants: [Unicode.Scalar: UInt32] = [
    "∂": 51, "ϵ": 52, "ϑ": 53, "ϰ": 54, "ϕ": 55, "ϱ": 56, "ϖ": 57,
  ]

  private static func shifted(
    _ scalar: Unicode.Scalar, upper: UInt32, lower: UInt32, digit: UInt32? = nil,
    greek: UInt32? = nil
  ) -> Unicode.Scalar {
    var value: UInt32?
    switch scalar {
    case "A"..."Z": value = upper + scalar.value - 0x41
    case "a"..."z": value = lower + scalar.value - 0x61
    case "0"..."9": value = digit.map { $0 + scalar.value - 0x30 }
    case "\u{0391}"..."\u{03A9}": value = greek.map { $0 + scalar.value - 0x391 }
    case "\u{03B1}"..."\u{03C9}": value = greek.map { $0 + 26 + scalar.value - 0x3B1 }
    default:
      if let greek, let offset = variants[scalar] { value = greek + offset }
    }
    return value.flatMap(Unicode.Scalar.init) ?? scalar
  }
}
