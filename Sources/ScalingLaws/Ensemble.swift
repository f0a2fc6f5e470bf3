import Foundation
import Randomness

/// A fitted law together with the laws that resampled runs gave: any quantity of it has an interval.
///
///     let fit = try LossLaw.fit(runs, n: \.n, d: \.d, loss: \.loss, resampling: \.seed)
///     fit.estimate { $0.loss(n: 1e9, d: 2e10) }        // an extrapolation with its interval
///
/// The draws are fixed by `Uncertainty.seed`; the same runs give the same intervals.
public struct Ensemble<Law: Sendable>: Sendable {
  /// The law of all runs.
  public let law: Law
  /// The laws of the resamples that could be fitted, in order.
  public let replicates: [Law]
  /// How many resamples could not be fitted.
  public let failed: Int
  /// The interval that `estimate` makes; never `.automatic`.
  public let interval: Uncertainty.Interval
  /// The number of units (groups or rows) that were resampled.
  public let units: Int
  /// The degrees of freedom behind the interval.
  public let degrees: Double
  /// The level of the interval; 0 if one group alone gives none.
  public let level: Double

  /// The scale on which a standard error is added and subtracted.
  public enum Scale: Sendable {
    /// For exponents and losses.
    case linear
    /// For coefficients, which vary by factors; the quantity must be positive.
    case logarithmic
  }

  /// `quantity` of the law, with the interval that the resamples give it.
  ///
  /// Replicates whose quantity is not finite are left out; if that leaves fewer than half, the
  /// interval is the whole line.
  public func estimate(_ scale: Scale = .linear, _ quantity: (Law) -> Double) -> Estimate {
    let value = quantity(law)
    guard level > 0 else { return Estimate(value) }
    func map(_ x: Double) -> Double { scale == .linear ? x : log(x) }
    func unmap(_ x: Double) -> Double { scale == .linear ? x : exp(x) }
    let center = map(value)
    let values = replicates.map { map(quantity($0)) }.filter(\.isFinite)
    guard center.isFinite, values.count * 2 >= replicates.count, values.count > 1 else {
      return Estimate(value: value, low: unmap(-.infinity), high: .infinity, level: level)
    }
    var bounds: (Double, Double)
    switch interval {
    case .automatic, .percentile, .expanded:
      let sorted = values.sorted()
      let tail = tailFraction
      bounds = (percentile(ofSorted: sorted, tail), percentile(ofSorted: sorted, 1 - tail))
    case .biasCorrected:
      let sorted = values.sorted()
      // Ties count half; a bias beyond one deviation is no longer to be corrected.
      let below = Double(sorted.count { $0 < center }) + Double(sorted.count { $0 == center }) / 2
      let share = min(max(below / Double(sorted.count), 0.16), 0.84)
      let bias = Normal.quantile(share)
      let reach = Normal.quantile(0.5 + level / 2)
      bounds = (
        percentile(ofSorted: sorted, normalCumulative(2 * bias - reach)),
        percentile(ofSorted: sorted, normalCumulative(2 * bias + reach))
      )
    case .jackknife, .groupFits:
      let count = Double(values.count)
      let mean = values.reduce(0, +) / count
      let squares = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
      let variance =
        interval == .jackknife ? squares * (count - 1) / count : squares / (count - 1) / count
      let half = StudentT.quantile(0.5 + level / 2, degrees: degrees) * variance.squareRoot()
      bounds = (center - half, center + half)
    }
    // Percentiles of a skewed quantity may leave the value itself outside; an interval may not.
    bounds = (min(bounds.0, center), max(bounds.1, center))
    return Estimate(value: value, low: unmap(bounds.0), high: unmap(bounds.1), level: level)
  }

  /// The percentile at which the interval ends below.
  ///
  /// Expanded: Φ(−√(n/(n − p)) t), so that the interval of a mean of n normal values with p fitted
  /// parameters has half width t s/√n.
  private var tailFraction: Double {
    let plain = (1 - level) / 2
    guard interval == .expanded else { return plain }
    let n = Double(units)
    let t = StudentT.quantile(1 - plain, degrees: degrees)
    return normalCumulative(-t * (n / degrees).squareRoot())
  }

  /// Resamples the groups of any runs and applies any analysis to each resample.
  ///
  /// Groups are put in ascending order first; the runs of a group keep theirs. `fit` is called from
  /// several threads at once. It throws what `fit` throws on all runs; failures on resamples are
  /// counted, and are an error if they are more than half.
  ///
  ///     let ensemble = try Ensemble(of: runs, resampling: \.seed) { try frontier(of: $0) }
  ///     let slope = ensemble.estimate { $0.exponent }
  public init<Run: Sendable, Group: Hashable & Comparable>(
    of runs: [Run], resampling group: (Run) -> Group, uncertainty: Uncertainty = Uncertainty(),
    fit: @Sendable ([Run]) throws -> Law
  ) throws {
    precondition(
      uncertainty.unit != .residuals, "residuals belong to a law's own fit; use .groups or .rows")
    let law = try fit(runs)
    var rows: [Group: [Int]] = [:]
    for (index, run) in runs.enumerated() { rows[group(run), default: []].append(index) }
    let groups = rows.keys.sorted().map { rows[$0]! }
    try self.init(
      law: law, groups: groups, rows: runs.count, parameters: 1, uncertainty: uncertainty
    ) { resample in
      let counts = resample.counts
      return Result {
        try fit(counts.indices.flatMap { [Run](repeating: runs[$0], count: counts[$0]) })
      }
    }
  }

  /// One resample: how often each row occurs and, for residuals, from which row each takes its own.
  struct Resample {
    var counts: [Int]
    var sources: [Int]
  }

  /// Fits each resample; `groups` are the rows of each group.
  init(
    law: Law, groups: [[Int]], rows: Int, parameters: Int, uncertainty: Uncertainty,
    fit: @Sendable (Resample) -> Result<Law, any Error>
  ) throws(FitError) {
    self.law = law
    let overGroups = uncertainty.unit == .groups
    units = overGroups ? groups.count : rows
    if overGroups && groups.count < 2 {
      guard uncertainty.interval == .automatic else { throw .tooFewGroups(found: groups.count) }
      (replicates, failed, interval, degrees, level) = ([], 0, .jackknife, 0, 0)
      return
    }
    level = uncertainty.level
    interval = Self.chosen(uncertainty, groups: groups.count)
    degrees = Double(max(1, units - (overGroups ? 1 : parameters)))
    let interval = self.interval
    let count: Int
    switch interval {
    case .jackknife, .groupFits: count = groups.count
    default: count = uncertainty.samples
    }
    let root = RandomStream(seed: uncertainty.seed, "bootstrap")
    let results = parallelMap(count) { sample -> Result<Law, any Error> in
      var resample = Resample(counts: [Int](repeating: 0, count: rows), sources: [])
      var stream = root.split(sample)
      switch interval {
      case .jackknife:
        for (index, group) in groups.enumerated() where index != sample {
          for row in group { resample.counts[row] = 1 }
        }
      case .groupFits:
        for row in groups[sample] { resample.counts[row] = 1 }
      default:
        switch uncertainty.unit {
        case .groups:
          for _ in groups {
            for row in groups[stream.uniform(below: groups.count)] { resample.counts[row] += 1 }
          }
        case .rows:
          for group in groups {
            for _ in group { resample.counts[group[stream.uniform(below: group.count)]] += 1 }
          }
        case .residuals:
          resample.sources = Array(0..<rows)
          for group in groups {
            for row in group {
              resample.counts[row] = 1
              resample.sources[row] = group[stream.uniform(below: group.count)]
            }
          }
        }
      }
      return fit(resample)
    }
    var laws: [Law] = []
    var firstFailure: String?
    for result in results {
      switch result {
      case .success(let law): laws.append(law)
      case .failure(let error): firstFailure = firstFailure ?? "\(error)"
      }
    }
    replicates = laws
    failed = count - laws.count
    if let firstFailure, failed * 2 > count {
      throw .resamplingFailed(failed: failed, of: count, first: firstFailure)
    }
  }

  private static func chosen(_ uncertainty: Uncertainty, groups: Int) -> Uncertainty.Interval {
    guard uncertainty.interval == .automatic else { return uncertainty.interval }
    return uncertainty.unit == .groups && groups < 10 ? .jackknife : .expanded
  }
}

extension Ensemble {
  /// An ensemble whose resamples were fitted before, such as one read from a file.
  ///
  /// - Parameters:
  ///   - units: The number of groups or rows that were resampled.
  ///   - degrees: The degrees of freedom behind the interval.
  ///   - level: The level of the interval; 0 gives none.
  public init(
    law: Law, replicates: [Law], interval: Uncertainty.Interval, units: Int, degrees: Double,
    level: Double
  ) {
    precondition(level >= 0 && level < 1, "a level must lie in 0..<1, not \(level)")
    precondition(degrees > 0, "degrees of freedom must be positive, not \(degrees)")
    self.law = law
    self.replicates = replicates
    failed = 0
    self.interval = interval
    self.units = units
    self.degrees = degrees
    self.level = level
  }
}
