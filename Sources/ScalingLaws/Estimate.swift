import Foundation

/// A value with the interval that is believed to hold the truth.
///
/// A value without an interval has level 0 and bounds equal to itself.
public struct Estimate: Codable, Equatable, Sendable {
  /// The best single value.
  public var value: Double
  /// The lower bound of the interval.
  public var low: Double
  /// The upper bound of the interval.
  public var high: Double
  /// The share of repetitions in which such an interval is meant to hold the truth, in 0..<1.
  public var level: Double

  /// Creates a value with an interval.
  public init(value: Double, low: Double, high: Double, level: Double = 0.95) {
    precondition(level >= 0 && level < 1, "a level must lie in 0..<1, not \(level)")
    precondition(!(low > high), "an interval runs upwards, not from \(low) to \(high)")
    self.value = value
    self.low = low
    self.high = high
    self.level = level
  }

  /// Creates a value without an interval.
  public init(_ value: Double) {
    self.init(value: value, low: value, high: value, level: 0)
  }

  /// Whether there is an interval at all.
  public var hasInterval: Bool { level > 0 }

  /// The upper bound less the lower.
  public var width: Double { high - low }

  /// Whether the interval holds `truth`, bounds included; never for NaN.
  public func contains(_ truth: Double) -> Bool { low <= truth && truth <= high }

  /// Whether the two intervals have a value in common.
  public func overlaps(_ other: Estimate) -> Bool { low <= other.high && other.low <= high }

  /// The value and, if there is one, its interval: "0.512 (0.480 to 0.541)".
  ///
  /// `digits` are the significant digits of the value. The bounds are printed to the same decimal
  /// place, because digits beyond those of the value say nothing.
  public func formatted(digits: Int = 3) -> String {
    let printed = Self.format(value, digits: digits, like: value)
    guard hasInterval else { return printed }
    let lower = Self.format(low, digits: digits, like: value)
    let upper = Self.format(high, digits: digits, like: value)
    return "\(printed) (\(lower) to \(upper))"
  }

  /// `number` to the decimal place that `digits` significant digits of `model` reach.
  private static func format(_ number: Double, digits: Int, like model: Double) -> String {
    guard number.isFinite, model.isFinite else { return "\(number)" }
    let magnitude = model == 0 ? 0 : Int(log10(abs(model)).rounded(.down))
    if magnitude >= -4, magnitude < 6 {
      return String(format: "%.\(max(0, digits - 1 - magnitude))f", number)
    }
    return String(format: "%.\(max(0, digits - 1))e", number)
  }
}

extension Estimate {
  /// The mean of independent values with Student's t-interval: `mean ± t(n - 1) s / √n`.
  ///
  /// Use it for a handful of seeds, where a bootstrap has too few distinct resamples: three values
  /// have ten. It supposes that the values scatter about normally around the truth, so give it
  /// logarithms of quantities that vary by factors. A single value gives an estimate without an
  /// interval.
  public static func mean(of values: [Double], level: Double = 0.95) -> Estimate {
    precondition(!values.isEmpty, "the mean of no values is not defined")
    let count = Double(values.count)
    let mean = values.reduce(0, +) / count
    guard values.count > 1 else { return Estimate(mean) }
    let squares = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    let error = (squares / (count - 1) / count).squareRoot()
    let half = StudentT.quantile(0.5 + level / 2, degrees: count - 1) * error
    return Estimate(value: mean, low: mean - half, high: mean + half, level: level)
  }
}

/// The `fraction` percentile of values, by linear interpolation between the order statistics.
///
/// It is Hyndman & Fan's (1996) definition 7, the default of numpy and R. `sorted` ascends and is
/// not empty; `fraction` lies in 0...1.
public func percentile(ofSorted sorted: [Double], _ fraction: Double) -> Double {
  precondition(!sorted.isEmpty, "no percentile of no values")
  precondition(fraction >= 0 && fraction <= 1, "a fraction must lie in 0...1, not \(fraction)")
  let position = fraction * Double(sorted.count - 1)
  let index = Int(position.rounded(.down))
  guard index + 1 < sorted.count else { return sorted[sorted.count - 1] }
  let part = position - Double(index)
  // Equal neighbours are returned as they are: infinities must not become NaN.
  guard part > 0, sorted[index] != sorted[index + 1] else { return sorted[index] }
  return sorted[index] + part * (sorted[index + 1] - sorted[index])
}
