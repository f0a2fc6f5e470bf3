/// The learning rate as a function of the step: a warm-up, then constant, a cooldown or a cosine.
///
/// A schedule is a value: runs whose schedules agree up to a step agree bit for bit up to it, so a
/// cooldown can branch off a constant trunk. Steps count from 0.
public struct Schedule: Codable, Hashable, Sendable {
  /// What follows the warm-up.
  public enum Shape: Codable, Hashable, Sendable {
    case constant
    /// Constant up to step `start`, then linearly to zero at step `end`.
    case cooldown(start: Int, end: Int)
    /// From the end of the warm-up along half a cosine to `floor` times the rate at step `end`.
    case cosine(end: Int, floor: Double)
  }

  /// The rate after the warm-up.
  public var rate: Double
  /// The steps of the linear warm-up: step s has the rate times (s + 1) / warmup.
  public var warmup: Int
  /// What follows the warm-up.
  public var shape: Shape

  /// A schedule of a given shape.
  public init(rate: Double, warmup: Int = 0, shape: Shape) {
    self.rate = rate
    self.warmup = warmup
    self.shape = shape
  }

  /// A warm-up, then a constant rate for ever.
  public static func constant(rate: Double, warmup: Int = 0) -> Self {
    Schedule(rate: rate, warmup: warmup, shape: .constant)
  }

  /// A warm-up, a constant rate, and a linear cooldown over the last part of `steps` steps.
  ///
  /// The cooldown begins at the step next to `fraction` of all (Hägele et al. 2024, arXiv
  /// 2405.18392).
  public static func cooldown(
    rate: Double, warmup: Int = 0, steps: Int, from fraction: Double
  ) -> Self {
    let start = cooldownStart(steps: steps, fraction: fraction)
    return .cooldown(rate: rate, warmup: warmup, start: start, end: steps)
  }

  /// A warm-up, a constant rate up to step `start`, and a linear cooldown to zero at step `end`.
  public static func cooldown(rate: Double, warmup: Int = 0, start: Int, end: Int) -> Self {
    Schedule(rate: rate, warmup: warmup, shape: .cooldown(start: start, end: end))
  }

  /// The step at which a cooldown from a fraction of `steps` begins; take the snapshot there.
  public static func cooldownStart(steps: Int, fraction: Double) -> Int {
    precondition((0...1).contains(fraction), "a fraction must be in 0...1, not \(fraction)")
    return Int((fraction * Double(steps)).rounded())
  }

  /// A warm-up, then half a cosine down to `floor` times the rate at step `steps`.
  public static func cosine(
    rate: Double, warmup: Int = 0, steps: Int, floor: Double = 0.1
  ) -> Self {
    Schedule(rate: rate, warmup: warmup, shape: .cosine(end: steps, floor: floor))
  }

  /// Throws the first field that makes no schedule.
  public func validate() throws(ConfigurationError) {
    let check = FieldCheck(Self.self)
    try check.require(
      rate.isFinite && rate >= 0, "rate", rate, "be a number of at least 0", "Try 0.006.")
    try check.require(warmup >= 0, "warmup", warmup, "be at least 0", "Count it in steps.")
    switch shape {
    case .constant: break
    case .cooldown(let start, let end):
      try check.require(
        start >= 0 && end > start, "shape", "a cooldown from \(start) to \(end)",
        "begin at a step of at least 0 and end later", "Give the steps in order.")
    case .cosine(let end, let floor):
      try check.require(
        end > warmup, "shape", "a cosine that ends at \(end)",
        "end after the warm-up (\(warmup))", "Train longer or warm up more quickly.")
      try check.require(
        (0...1).contains(floor), "shape", "a cosine with floor \(floor)",
        "have a floor in 0...1", "The floor is a fraction of the rate.")
    }
  }

  /// The rate of step `step`, counted from 0; the same bits on every machine.
  public func rate(step: Int) -> Double {
    if step < warmup { return rate * (Double(step + 1) / Double(warmup)) * decay(step: step) }
    return rate * decay(step: step)
  }

  /// The factor of the shape, 1 while it has not begun.
  private func decay(step: Int) -> Double {
    switch shape {
    case .constant: return 1
    case .cooldown(let start, let end):
      if step < start { return 1 }
      return step >= end ? 0 : Double(end - step) / Double(end - start)
    case .cosine(let end, let floor):
      if step < warmup { return 1 }
      if step >= end { return floor }
      let progress = Double(step - warmup) / Double(end - warmup)
      return floor + (1 - floor) * 0.5 * (1 + Self.cosineOfHalfTurns(progress))
    }
  }

  /// cos(π x) for x in 0...1, from additions and multiplications alone.
  ///
  /// Taylor series of the cosine up to x = 1/4 and, mirrored, from 3/4 on; of the sine of π (x − 1/2)
  /// between. On ±π/4 the terms beyond degree 16 are below 1e-17. Absolute error at most 4e-16;
  /// exact at 0, 1/2 and 1.
  static func cosineOfHalfTurns(_ x: Double) -> Double {
    if x > 0.75 { return -cosineOfHalfTurns(1 - x) }
    let offset = x <= 0.25 ? x : x - 0.5
    let angle = Double.pi * offset
    let square = angle * angle
    var series = 1.0
    // The factor between neighbouring terms is −angle² / (k (k ± 1)).
    var k = 16
    while k > 0 {
      series = 1 - series * (square / Double(x <= 0.25 ? (k - 1) * k : k * (k + 1)))
      k -= 2
    }
    return x <= 0.25 ? series : -(angle * series)
  }
}
