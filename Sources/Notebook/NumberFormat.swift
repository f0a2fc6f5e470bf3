import Foundation

/// Numbers as the book prints them: significant digits, a real minus sign, thousands separators.
public struct NumberFormat: Sendable {
  /// Significant digits; 0 for an exact count.
  public var digits: Int
  /// Whether the number is printed as a percentage.
  public var percent: Bool
  /// Printed behind the number, with a narrow space.
  public var unit: String

  /// A format.
  public init(digits: Int = 3, percent: Bool = false, unit: String = "") {
    self.digits = digits
    self.percent = percent
    self.unit = unit
  }

  /// `value` in this format.
  public func text(_ value: Double) -> String {
    behind(plain(value, like: value))
  }

  /// `value` with its interval in brackets, all to the decimal place of the value.
  public func text(_ value: Double, low: Double, high: Double) -> String {
    behind("\(plain(value, like: value)) [\(plain(low, like: value)), \(plain(high, like: value))]")
  }

  private func behind(_ text: String) -> String {
    if percent { return text + " %" }
    return unit.isEmpty ? text : text + " " + unit
  }

  /// `value` to the decimal place that `digits` significant digits of `model` reach.
  private func plain(_ value: Double, like model: Double) -> String {
    let value = percent ? 100 * value : value
    let model = percent ? 100 * model : model
    guard value.isFinite, model.isFinite else {
      return value.isNaN ? "–" : value < 0 ? "−∞" : "∞"
    }
    if digits == 0 { return Self.grouped(String(format: "%.0f", abs(value)), negative: value < 0) }
    // The magnitude after rounding: 0.9996 to three digits is 1.00.
    let rounded = Double(String(format: "%.\(digits - 1)e", model)) ?? model
    let magnitude = rounded == 0 ? 0 : Int(floor(log10(abs(rounded))))
    if magnitude < -4 || magnitude >= 7 {
      return Self.scientific(value, decimals: digits - 1)
    }
    let text = String(format: "%.\(max(0, digits - 1 - magnitude))f", abs(value))
    return Self.grouped(text, negative: value < 0)
  }

  private static let superscripts = Array("⁰¹²³⁴⁵⁶⁷⁸⁹")

  private static func scientific(_ value: Double, decimals: Int) -> String {
    let parts = String(format: "%.\(decimals)e", abs(value)).split(separator: "e")
    let exponent = Int(parts[1]) ?? 0
    let sign = exponent < 0 ? "⁻" : ""
    let superscript = String(
      abs(exponent).description.map { digit in
        superscripts[digit.wholeNumberValue ?? 0]
      })
    return "\(value < 0 ? "−" : "")\(parts[0]) × 10\(sign)\(superscript)"
  }

  /// Digits of the whole part in threes, from four on only if there are five or more.
  private static func grouped(_ text: String, negative: Bool) -> String {
    let parts = text.split(separator: ".", maxSplits: 1)
    var whole = String(parts[0])
    if whole.count > 4 {
      var index = whole.index(whole.endIndex, offsetBy: -3)
      while index > whole.startIndex {
        whole.insert(",", at: index)
        guard whole.distance(from: whole.startIndex, to: index) > 3 else { break }
        index = whole.index(index, offsetBy: -3)
      }
    }
    let fraction = parts.count > 1 ? "." + parts[1] : ""
    // A number that is rounded to zero has no sign.
    let isZero = !text.contains { ("1"..."9").contains($0) }
    return (negative && !isZero ? "−" : "") + whole + fraction
  }
}
