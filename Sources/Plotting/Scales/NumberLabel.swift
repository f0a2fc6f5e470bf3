import Foundation
import MathTree

/// Numbers as tick labels.
enum NumberLabel {
  /// A number with a fixed count of decimals, commas between thousands and a true minus sign.
  static func plain(_ value: Double, decimals: Int) -> String {
    var text = String(format: "%.\(max(0, decimals))f", abs(value))
    if Double(text) == 0 { return "0" }
    let whole = text.prefix { $0 != "." }
    if whole.count > 4 {
      var grouped = ""
      for (index, digit) in whole.enumerated() {
        if index > 0, (whole.count - index) % 3 == 0 { grouped.append(",") }
        grouped.append(digit)
      }
      text = grouped + text.dropFirst(whole.count)
    }
    return (value < 0 ? "\u{2212}" : "") + text
  }

  /// A number with as many decimals as it needs, at most `limit`.
  static func shortest(_ value: Double, limit: Int = 6) -> String {
    for decimals in 0..<limit {
      let scale = pow(10, Double(decimals))
      if abs((value * scale).rounded() / scale - value) <= abs(value) * 1e-9 {
        return plain(value, decimals: decimals)
      }
    }
    return plain(value, decimals: limit)
  }

  /// `m × 10^e`, or `10^e` alone if the factor is one.
  static func power(mantissa: Double, exponent: Int) -> RichText {
    if mantissa == 0 { return RichText(verbatim: "0") }
    let minus = MathNode.symbol("\u{2212}", .binary)
    var nodes: [MathNode] = mantissa < 0 ? [minus] : []
    var tex = mantissa < 0 ? "-" : ""
    if abs(mantissa) != 1 {
      let factor = shortest(abs(mantissa))
      nodes += [.number(factor), .symbol("×", .binary)]
      tex += factor + " \\times "
    }
    let power = MathNode.number(String(abs(exponent)))
    nodes.append(
      .scripts(
        .number("10"), MathScripts(upper: exponent < 0 ? .row([minus, power]) : power)))
    return RichText(pieces: [.formula(.row(nodes), tex: tex + "10^{\(exponent)}")])
  }

  /// The factor in 1..<10 and the power of ten of a number that is not zero.
  static func decompose(_ value: Double) -> (mantissa: Double, exponent: Int) {
    if value == 0 { return (0, 0) }
    var exponent = Int(floor(log10(abs(value)) + 1e-12))
    var mantissa = value / pow(10, Double(exponent))
    mantissa = (mantissa * 1e9).rounded() / 1e9
    if abs(mantissa) >= 10 {
      mantissa /= 10
      exponent += 1
    }
    return (mantissa, exponent)
  }

  /// The number as mark-up, as on an axis: `20,000`, `$3 \\times 10^{9}$`.
  static func markup(_ value: Double) -> String {
    let (mantissa, exponent) = decompose(value)
    guard abs(exponent) >= 5 || exponent < -3 else { return prose(value) }
    let factor = shortest((mantissa * 100).rounded() / 100, limit: 2)
    return factor == "1" ? "$10^{\(exponent)}$" : "$\(factor) \\times 10^{\(exponent)}$"
  }

  /// The number as a person would write it in running text: three digits, or a power of ten.
  static func prose(_ value: Double) -> String {
    if value == 0 { return "0" }
    if !value.isFinite { return "\(value)" }
    let (mantissa, exponent) = decompose(value)
    if exponent >= 6 || exponent < -4 {
      let factor = shortest((mantissa * 100).rounded() / 100)
      let raised = String(exponent).map { MathNode.superscripts[$0] ?? $0 }
      return (factor == "1" ? "" : factor + " × ") + "10" + String(raised)
    }
    let decimals = max(0, 2 - exponent)
    let scale = pow(10, Double(2 - exponent))
    return shortest((value * scale).rounded() / scale, limit: decimals)
  }

  /// One style for all numbers of an axis.
  ///
  /// Powers are written when a number would need seven digits, or four zeros behind the point.
  static func labels(_ values: [Double], format: NumberFormat, step: Double?) -> [RichText] {
    let sizes = values.filter { $0 != 0 }.map { abs($0) }
    let largest = sizes.max() ?? 1
    let smallest = sizes.min() ?? 1
    switch format {
    case .percent:
      let decimals = step.map { decimalsNeeded($0 * 100) }
      return values.map { value in
        let number =
          decimals.map { plain(value * 100, decimals: $0) } ?? shortest(value * 100, limit: 4)
        return RichText(verbatim: number + "\u{2009}%")
      }
    case .automatic where largest >= 1e6 || (step == nil ? smallest < 0.9e-3 : largest < 0.9e-3),
      .power:
      guard step != nil else {
        return values.map { value in
          let parts = decompose(value)
          return power(mantissa: parts.mantissa, exponent: parts.exponent)
        }
      }
      // Linear: the same power for all, so that the factors can be compared.
      let exponent = decompose(largest).exponent
      return values.map { value in
        let mantissa = (value / pow(10, Double(exponent)) * 1e9).rounded() / 1e9
        return power(mantissa: mantissa, exponent: exponent)
      }
    case .automatic, .plain:
      if let step {
        let decimals = decimalsNeeded(step)
        return values.map { RichText(verbatim: plain($0, decimals: decimals)) }
      }
      return values.map { RichText(verbatim: shortest($0, limit: 12)) }
    }
  }

  /// The decimals that every multiple of a step can be written with.
  static func decimalsNeeded(_ step: Double) -> Int {
    for decimals in 0..<12 {
      let scaled = step * pow(10, Double(decimals))
      if abs(scaled - scaled.rounded()) < 1e-6 * max(1, abs(scaled)) { return decimals }
    }
    return 12
  }
}
