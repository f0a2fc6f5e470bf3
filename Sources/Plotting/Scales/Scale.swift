import Foundation

/// Where the values of an axis stand: from data to points on the page.
struct Scale: Equatable, Sendable {
  enum Kind: Equatable, Sendable {
    case linear
    case logarithmic
    case categories([String])
  }

  var kind: Kind
  /// The ends of the axis in data units (categories: 0 and their count).
  var domain: ClosedRange<Double>
  /// Where the lower and the upper end stand on the page.
  var start: Double
  var end: Double

  var length: Double { abs(end - start) }
  var isLogarithmic: Bool { kind == .logarithmic }

  /// The place of a value; nil if it is not finite or, on a logarithmic axis, not positive.
  func position(_ value: Double) -> Double? {
    guard value.isFinite else { return nil }
    let fraction: Double
    if isLogarithmic {
      guard value > 0 else { return nil }
      fraction =
        (log10(value) - log10(domain.lowerBound))
        / (log10(domain.upperBound) - log10(domain.lowerBound))
    } else {
      fraction = (value - domain.lowerBound) / (domain.upperBound - domain.lowerBound)
    }
    // Far outside the page nothing is seen; a bound keeps coordinates printable.
    return start + min(100, max(-100, fraction)) * (end - start)
  }

  /// The place of a number or of the middle of a category.
  func position(_ datum: Datum) -> Double? {
    switch (datum, kind) {
    case (.name(let name), .categories(let names)):
      return names.firstIndex(of: name).flatMap { position(Double($0) + 0.5) }
    case (.number(let value), .linear), (.number(let value), .logarithmic):
      return position(value)
    case (.number(let value), .categories(let names)):
      return names.firstIndex(of: NumberLabel.shortest(value)).flatMap {
        position(Double($0) + 0.5)
      }
    case (.name, _):
      return nil
    }
  }

  /// Whether the value lies between the ends.
  func contains(_ value: Double) -> Bool {
    let slack = 1e-9 * length
    guard let place = position(value) else { return false }
    return place >= min(start, end) - slack && place <= max(start, end) + slack
  }

  /// The width of one category.
  var step: Double {
    if case .categories(let names) = kind { return length / Double(max(1, names.count)) }
    return 0
  }

  /// The domain of numbers with room around them, its ends moved to a round number that is near.
  static func domain(of values: [Double], axis: Axis, tight: Bool = false) -> ClosedRange<Double> {
    if let domain = axis.domain { return domain }
    let isLogarithmic = axis.kind == .logarithmic
    var finite = values.filter { $0.isFinite && (!isLogarithmic || $0 > 0) }
    if axis.includesZero && !isLogarithmic { finite.append(0) }
    guard let low = finite.min(), let high = finite.max() else {
      return isLogarithmic ? 1...10 : 0...1
    }
    return isLogarithmic
      ? logarithmicDomain(low, high, tight: tight)
      : linearDomain(low, high, includesZero: axis.includesZero, tight: tight)
  }

  private static func linearDomain(
    _ low: Double, _ high: Double, includesZero: Bool, tight: Bool
  ) -> ClosedRange<Double> {
    if low == high {
      let half = low == 0 ? 1 : abs(low) * 0.1
      return (low - half)...(high + half)
    }
    if tight { return low...high }
    let span = high - low
    let step = Ticks.niceStep(span / 5)
    var lower = end(low, round: floor(low / step + 1e-9) * step, outward: -1, span: span)
    var upper = end(high, round: ceil(high / step - 1e-9) * step, outward: 1, span: span)
    // An axis that begins just above zero hides nothing by beginning at zero.
    if low >= 0, lower < 0.08 * span { lower = 0 }
    if high <= 0, upper > -0.08 * span { upper = 0 }
    return lower...upper
  }

  /// The end of an axis: the round number beyond the data if it is near but not too near, else a
  /// little room.
  private static func end(_ value: Double, round: Double, outward: Double, span: Double)
    -> Double
  {
    let distance = abs(value - round) / span
    if distance >= 0.015, distance <= 0.1 { return round }
    return value + outward * 0.04 * span
  }

  private static func logarithmicDomain(_ low: Double, _ high: Double, tight: Bool)
    -> ClosedRange<Double>
  {
    var lower = log10(low)
    var upper = log10(high)
    if upper - lower < 1e-9 { return (low / 2)...(high * 2) }
    if tight { return low...high }
    let span = upper - lower
    lower = end(lower, round: floor(lower + 1e-9), outward: -1, span: span)
    upper = end(upper, round: ceil(upper - 1e-9), outward: 1, span: span)
    return pow(10, lower)...pow(10, upper)
  }
}
