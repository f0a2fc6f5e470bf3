import Foundation

/// The ticks of an axis.
struct Ticks: Equatable, Sendable {
  struct Major: Equatable, Sendable {
    var value: Double
    var label: RichText
  }

  var majors: [Major]
  var minors: [Double] = []

  /// The ticks that a person would choose, at most `limit` of them labelled.
  ///
  /// `isCrowded` says whether a set of labels would run into each other; sets are tried from the
  /// richest on.
  static func choose(
    axis: Axis, scale: Scale, labels: LabelTable = LabelTable(), limit: Int,
    isCrowded: ([Major]) -> Bool
  ) -> Ticks {
    if let explicit = axis.ticks {
      let inside = explicit.filter { scale.contains($0.value) }
      let numbers = NumberLabel.labels(inside.map(\.value), format: axis.format, step: nil)
      let majors = zip(inside, numbers).map { tick, number in
        Major(value: tick.value, label: tick.label.map { labels[$0] } ?? number)
      }
      return Ticks(majors: majors, minors: [])
    }
    switch scale.kind {
    case .categories(let names):
      return Ticks(
        majors: names.enumerated().map {
          Major(value: Double($0.offset) + 0.5, label: labels[$0.element])
        })
    case .linear:
      return linear(scale.domain, format: axis.format, limit: limit, isCrowded: isCrowded)
    case .logarithmic:
      return logarithmic(scale.domain, format: axis.format, limit: limit, isCrowded: isCrowded)
    }
  }

  // MARK: Linear

  /// The smallest of 1, 2, 2.5, 5 times a power of ten that is not smaller than `minimum`.
  static func niceStep(_ minimum: Double) -> Double {
    let exponent = floor(log10(minimum))
    for factor in [1, 2, 2.5, 5, 10] where factor * pow(10, exponent) >= minimum * (1 - 1e-9) {
      return factor * pow(10, exponent)
    }
    return pow(10, exponent + 1)
  }

  static func multiples(of step: Double, in domain: ClosedRange<Double>) -> [Double] {
    let first = Int(ceil(domain.lowerBound / step - 1e-6))
    let last = Int(floor(domain.upperBound / step + 1e-6))
    guard first <= last else { return [] }
    // A step below one is divided by its reciprocal, so that 3 * 0.1 is 0.3.
    let reciprocal = 1 / step
    let isExact = abs(reciprocal - reciprocal.rounded()) < 1e-9 * reciprocal
    return (first...last).map {
      isExact && step < 1 ? Double($0) / reciprocal.rounded() : Double($0) * step
    }
  }

  /// Of the steps that leave room, the one whose count is nearest to five eighths of the limit; steps
  /// of 2.5 need a digit more and must earn it.
  private static func linear(
    _ domain: ClosedRange<Double>, format: NumberFormat, limit: Int,
    isCrowded: ([Major]) -> Bool
  ) -> Ticks {
    let span = domain.upperBound - domain.lowerBound
    let ideal = max(3, 0.62 * Double(limit))
    func majors(_ step: Double) -> [Major] {
      let values = multiples(of: step, in: domain)
      return zip(values, NumberLabel.labels(values, format: format, step: step)).map {
        Major(value: $0, label: $1)
      }
    }
    var best: (majors: [Major], cost: Double)?
    let first = Int(floor(log10(span))) - 2
    for exponent in first...(first + 3) {
      for factor in [1, 2, 2.5, 5] {
        let step = factor * pow(10, Double(exponent))
        // Labels are costly; most steps are out of the question.
        guard span / step < Double(limit) + 1 else { continue }
        let candidate = majors(step)
        guard candidate.count >= 2, candidate.count <= max(2, limit), !isCrowded(candidate) else {
          continue
        }
        let cost =
          abs(log(Double(candidate.count) / ideal)) + (factor == 2.5 ? 0.35 : 0)
          + (candidate.count < 3 ? 0.5 : 0)
        if cost < best?.cost ?? .infinity { best = (candidate, cost) }
      }
    }
    if let best { return Ticks(majors: best.majors) }
    // Labels too long for two neighbours: the outermost ones of a fine step.
    let fine = majors(niceStep(span / 4))
    return Ticks(majors: fine.count > 2 ? [fine[0], fine[fine.count - 1]] : fine)
  }

  // MARK: Logarithmic

  private static func logarithmic(
    _ domain: ClosedRange<Double>, format: NumberFormat, limit: Int,
    isCrowded: ([Major]) -> Bool
  ) -> Ticks {
    let low = log10(domain.lowerBound)
    let high = log10(domain.upperBound)
    let decades = high - low
    func labelled(_ values: [Double]) -> [Major] {
      zip(values, NumberLabel.labels(values, format: format, step: nil)).map {
        Major(value: $0, label: $1)
      }
    }
    func fits(_ majors: [Major]) -> Bool { majors.count <= limit && !isCrowded(majors) }

    let subdivision = decades <= 12 ? multiplesOfDecades([2, 3, 4, 5, 6, 7, 8, 9], in: domain) : []
    // Less than a factor three: equal steps serve better than multiples of a decade.
    if decades < 0.45 {
      return linear(domain, format: format, limit: min(limit, 6), isCrowded: isCrowded)
    }
    let whole = multiplesOfDecades([1], in: domain)
    if whole.count < 3 {
      // The denser sets, each with the price of being less usual.
      let sets: [([Double], Double)] = [
        ([1, 2, 5], 0), ([1, 3], 0.05), ([1, 2, 4, 8], 0.4), ([1, 2, 3, 4, 5, 6, 8], 0.8),
      ]
      let ideal = max(3, 0.62 * Double(limit))
      var best: (majors: [Major], cost: Double)?
      for (factors, price) in sets {
        let majors = labelled(multiplesOfDecades(factors, in: domain))
        guard majors.count >= 3, fits(majors) else { continue }
        let cost = abs(log(Double(majors.count) / ideal)) + price
        if cost < best?.cost ?? .infinity { best = (majors, cost) }
      }
      if let best {
        return Ticks(
          majors: best.majors, minors: without(best.majors, subdivision, in: domain))
      }
    }
    for every in 1...40 {
      let exponents = Int(ceil(low - 1e-9))...max(Int(ceil(low - 1e-9)), Int(floor(high + 1e-9)))
      let values = exponents.filter { $0 % every == 0 }.map { powerOfTen($0) }
        .filter {
          domain.contains($0) || abs(log10($0) - low) < 1e-9 || abs(log10($0) - high) < 1e-9
        }
      let majors = labelled(values)
      if majors.count < 2 { break }
      if fits(majors) {
        let minors = every == 1 ? subdivision : exponents.map { powerOfTen($0) }
        return Ticks(majors: majors, minors: without(majors, minors, in: domain))
      }
    }
    if decades < 1 { return linear(domain, format: format, limit: limit, isCrowded: isCrowded) }
    let few = labelled(multiplesOfDecades([1, 2, 5], in: domain))
    let ends = few.count > 2 ? [few[0], few[few.count - 1]] : few
    return Ticks(majors: ends, minors: without(ends, subdivision, in: domain))
  }

  private static func without(
    _ majors: [Major], _ minors: [Double], in domain: ClosedRange<Double>
  ) -> [Double] {
    let taken = Set(majors.map(\.value))
    return minors.filter { !taken.contains($0) && domain.contains($0) }
  }

  /// The products of the factors and powers of ten within the domain, ascending.
  static func multiplesOfDecades(_ factors: [Double], in domain: ClosedRange<Double>) -> [Double] {
    let first = Int(floor(log10(domain.lowerBound) - 1e-9))
    let last = Int(ceil(log10(domain.upperBound) + 1e-9))
    var values: [Double] = []
    for exponent in first...last {
      for factor in factors {
        let value =
          exponent < 0 ? factor / powerOfTen(-exponent) : factor * powerOfTen(exponent)
        let slack = 1 + 1e-9
        if value * slack >= domain.lowerBound, value <= domain.upperBound * slack {
          values.append(value)
        }
      }
    }
    return values
  }

  private static func powerOfTen(_ exponent: Int) -> Double {
    exponent < 0 ? 1 / pow(10, Double(-exponent)) : pow(10, Double(exponent))
  }
}
