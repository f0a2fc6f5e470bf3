import Foundation
import Literate

/// A number as the book prints it: significant digits, a real minus sign, powers of ten where
/// zeros would be counted, and an interval in brackets: 0.395 [0.381, 0.410].
///
/// - From 10^6 on and below 10^-3 a power of ten is split off; from 10,000 on, thousands have
///   commas.
/// - Zero digits mean an exact count, printed in full.
/// - Both ends of an interval have the decimals and the power of ten of the value.
struct NumberText: Equatable {
  /// The value, or the value and its interval, without the power of ten.
  var digits: String
  /// Whether `digits` has several numbers, so that a power of ten needs parentheses.
  var isCompound = false
  var exponent: Int?
  var unit = ""
  var isPercent = false

  /// What stands between a number and its unit.
  static let unitSpace = "\u{00A0}"
  static let minus = "\u{2212}"

  /// A number alone.
  init(_ value: Double, digits: Int, percent: Bool = false, unit: String = "") {
    let scale = Scale(reference: value, digits: digits, percent: percent)
    self.digits = scale.text(value)
    exponent = scale.exponent
    self.unit = unit
    isPercent = percent
  }

  /// A number with its interval.
  init(
    _ value: Double, low: Double, high: Double, digits: Int, percent: Bool = false,
    unit: String = ""
  ) {
    let reference = value == 0 ? max(abs(low), abs(high)) : value
    let scale = Scale(reference: reference, digits: digits, percent: percent)
    self.digits = "\(scale.text(value)) [\(scale.text(low)), \(scale.text(high))]"
    isCompound = true
    exponent = scale.exponent
    self.unit = unit
    isPercent = percent
  }

  /// The part of a recorded value that prose asks for; nil if the value does not have it.
  init?(_ record: ValueRecord, part: ValueReference.Part) {
    func number(_ value: Double) -> NumberText {
      NumberText(value, digits: record.digits, percent: record.percent, unit: record.unit)
    }
    switch part {
    case .value: self = number(record.value)
    case .low:
      guard let low = record.low else { return nil }
      self = number(low)
    case .high:
      guard let high = record.high else { return nil }
      self = number(high)
    case .theory:
      guard let theory = record.theory else { return nil }
      self = number(theory)
    case .interval:
      guard let low = record.low, let high = record.high else { return nil }
      self = NumberText(
        record.value, low: low, high: high, digits: record.digits, percent: record.percent,
        unit: record.unit)
    }
  }

  private var body: String { isCompound && exponent != nil ? "(\(digits))" : digits }

  private var suffix: String {
    if isPercent { return Self.unitSpace + "%" }
    return unit.isEmpty ? "" : Self.unitSpace + unit
  }

  /// The number for running text.
  var inlines: [Inline] {
    guard let exponent else { return [.text(body + suffix)] }
    return [
      .text(body + "\u{00A0}×\u{00A0}10"), .superscript([.text(Scale.signed(exponent))]),
    ] + (suffix.isEmpty ? [] : [.text(suffix)])
  }

  /// The number for a formula.
  var math: MathNode {
    var nodes: [MathNode] = []
    if isCompound, exponent != nil { nodes.append(.symbol("(", .opening)) }
    if !isCompound, digits.hasPrefix(Self.minus) {
      nodes = [.symbol(Self.minus, .ordinary), .number(String(digits.dropFirst()))]
    } else {
      nodes.append(isCompound ? .text(digits) : .number(digits))
    }
    if isCompound, exponent != nil { nodes.append(.symbol(")", .closing)) }
    if let exponent {
      let power: MathNode =
        exponent < 0
        ? .row([.symbol(Self.minus, .ordinary), .number(String(-exponent))])
        : .number(String(exponent))
      nodes += [
        .symbol("×", .binary), .scripts(.number("10"), MathScripts(upper: power)),
      ]
    }
    if !suffix.isEmpty { nodes.append(.text(suffix)) }
    return nodes.count == 1 ? nodes[0] : .row(nodes)
  }

  /// The number as one string, with its power of ten as superscript characters.
  var plain: String {
    guard let exponent else { return body + suffix }
    let raised = Scale.signed(exponent).map { Self.superscripts[$0] ?? $0 }
    return body + " × 10" + String(raised) + suffix
  }

  private static let superscripts: [Character: Character] = [
    "0": "⁰", "1": "¹", "2": "²", "3": "³", "4": "⁴", "5": "⁵", "6": "⁶", "7": "⁷", "8": "⁸",
    "9": "⁹", "\u{2212}": "⁻",
  ]

  /// The decimals and the power of ten that a number and its interval share.
  private struct Scale {
    var factor = 1.0
    var exponent: Int?
    var decimals = 0
    /// What numbers are rounded to if they have more digits than are significant; 1 otherwise.
    var unit = 1.0

    init(reference: Double, digits: Int, percent: Bool) {
      if percent { factor = 100 }
      let size = abs(reference * factor)
      guard size > 0, size.isFinite, digits > 0 else {
        decimals = 0
        return
      }
      // The power of ten after rounding: 9.996 to three digits is 10.0.
      let rounded = String(format: "%.\(digits - 1)e", size)
      let power = Int(rounded[rounded.index(after: rounded.firstIndex(of: "e")!)...]) ?? 0
      if power < -3 || power >= 6 {
        exponent = power
        decimals = digits - 1
      } else {
        decimals = max(0, digits - 1 - power)
        if power >= digits { unit = pow(10, Double(power - digits + 1)) }
      }
    }

    func text(_ value: Double) -> String {
      guard value.isFinite else {
        return value.isNaN ? "undefined" : value < 0 ? "\(NumberText.minus)∞" : "∞"
      }
      var scaled = value * factor
      if let exponent {
        // A division by an exact power keeps the correct rounding where a product would not.
        scaled =
          exponent >= 0 ? scaled / pow(10, Double(exponent)) : scaled * pow(10, Double(-exponent))
      }
      if unit > 1 { scaled = (scaled / unit).rounded() * unit }
      let text = String(format: "%.\(decimals)f", abs(scaled))
      let isZero = text.allSatisfy { $0 == "0" || $0 == "." }
      return (scaled < 0 && !isZero ? NumberText.minus : "") + Self.grouped(text)
    }

    static func signed(_ number: Int) -> String {
      number < 0 ? NumberText.minus + String(-number) : String(number)
    }

    /// Commas between thousands from 10,000 on.
    static func grouped(_ text: String) -> String {
      let whole = text.prefix { $0 != "." }
      guard whole.count >= 5 else { return text }
      var result = ""
      for (index, digit) in whole.enumerated() {
        if index > 0, (whole.count - index) % 3 == 0 { result += "," }
        result.append(digit)
      }
      return result + text.dropFirst(whole.count)
    }
  }
}
