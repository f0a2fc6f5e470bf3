import Foundation
import Randomness

/// The runs of each compute budget: indices into `compute`, the smallest budget first.
///
/// Budgets that were planned are never hit exactly, because sizes and steps are whole numbers; runs
/// within `tolerance` (relative) of the least of a budget belong to it.
public func isoFLOPBudgets(compute: [Double], tolerance: Double = 0.05) -> [[Int]] {
  let order = compute.indices.sorted { (compute[$0], $0) < (compute[$1], $1) }
  var budgets: [[Int]] = []
  for index in order {
    if let first = budgets.last?.first, compute[index] <= compute[first] * (1 + tolerance) {
      budgets[budgets.count - 1].append(index)
    } else {
      budgets.append([index])
    }
  }
  return budgets
}

/// The loss over model size at one compute budget, and where it is least.
///
/// The minimum is that of a parabola in log N through the logarithms of the losses around the lowest
/// (Hoffmann et al. 2022, arXiv 2203.15556, section 3.2, takes one through all; far from its minimum
/// a profile is no parabola).
public struct IsoFLOPProfile: Equatable, Sendable {
  /// What the runs say about the minimum.
  public enum Verdict: String, Codable, Sendable {
    /// It lies between sizes that were run.
    case interior
    /// The loss falls up to the smallest size that was run.
    case belowSmallest = "below the smallest"
    /// The loss falls up to the largest size that was run.
    case aboveLargest = "above the largest"
    /// The parabola opens downwards or not at all.
    case noMinimum = "no minimum"
    /// Fewer than three sizes were run.
    case tooFewSizes = "too few sizes"
  }

  /// C in FLOPs, the geometric mean of its runs.
  public let compute: Double
  /// The sizes that were run, ascending, and the geometric mean of the losses of each.
  public let sizes: [Double]
  /// As many losses as sizes.
  public let losses: [Double]
  /// What the runs say about the minimum.
  public let verdict: Verdict
  /// N at the minimum; NaN unless it is interior.
  public let size: Double
  /// The loss at the minimum; NaN unless it is interior.
  public let loss: Double
  /// The sizes between which the parabola was fitted; nil if there is none.
  public let fitted: ClosedRange<Double>?
  /// c in log loss = log(least) + c (log N/N_min)².
  public let curvature: Double

  /// D at the minimum, C/6N.
  public var data: Double { compute / (LossLaw.flopsPerParameterToken * size) }

  /// The parabola's loss at a size.
  public func parabola(size n: Double) -> Double {
    let u = log(n / size)
    return loss * exp(curvature * u * u)
  }
}

/// The parabola of one budget before it is judged.
struct BudgetParabola: Sendable {
  let logCompute: Double
  /// log N less its mean, and log loss, of the runs within the window.
  let x: [Double]
  var y: [Double]
  let center: Double
  let sizes: [Double]
  let losses: [Double]

  init(n: [Double], compute: [Double], loss: [Double], window: Double) {
    logCompute = compute.reduce(0) { $0 + log($1) } / Double(compute.count)
    let bySize = Dictionary(grouping: n.indices) { n[$0] }
    let sizes = bySize.keys.sorted()
    let losses = sizes.map { size in
      exp(bySize[size]!.reduce(0) { $0 + log(loss[$1]) } / Double(bySize[size]!.count))
    }
    (self.sizes, self.losses) = (sizes, losses)
    let lowest = losses.indices.min { losses[$0] < losses[$1] } ?? 0
    let near = sizes.sorted { abs(log($0 / sizes[lowest])) < abs(log($1 / sizes[lowest])) }
    let kept = Set(
      near.enumerated().filter {
        $0.offset < 5 || abs(log($0.element / sizes[lowest])) <= log(window) + 1e-9
      }.map(\.element))
    let rows = n.indices.filter { kept.contains(n[$0]) }.sorted {
      (n[$0], loss[$0]) < (n[$1], loss[$1])
    }
    let mean = rows.reduce(0) { $0 + log(n[$1]) } / Double(max(1, rows.count))
    center = mean
    x = rows.map { log(n[$0]) - mean }
    y = rows.map { log(loss[$0]) }
  }

  /// The coefficients of 1, x and x² by least squares; nil with fewer than three sizes.
  var coefficients: (Double, Double, Double)? {
    let count = Double(x.count)
    guard Set(x).count >= 3 else { return nil }
    let x2 = x.map { $0 * $0 }
    let second = x2.reduce(0, +)
    let third = zip(x, x2).reduce(0) { $0 + $1.0 * $1.1 }
    let fourth = x2.reduce(0) { $0 + $1 * $1 }
    let mean = y.reduce(0, +) / count
    let first = zip(x, y).reduce(0) { $0 + $1.0 * ($1.1 - mean) }
    let square = zip(x2, y).reduce(0) { $0 + ($1.0 - second / count) * ($1.1 - mean) }
    let spread = fourth - second * second / count
    let determinant = second * spread - third * third
    guard determinant > 1e-12 * second * spread else { return nil }
    let c = (second * square - third * first) / determinant
    let b = (spread * first - third * square) / determinant
    return (mean - c * second / count, b, c)
  }

  func profile() -> IsoFLOPProfile {
    var verdict = IsoFLOPProfile.Verdict.tooFewSizes
    var (size, loss, curvature) = (Double.nan, Double.nan, 0.0)
    if let (a, b, c) = coefficients {
      let vertex = -b / (2 * c)
      curvature = c
      let lowest = losses.indices.min { losses[$0] < losses[$1] } ?? 0
      if c > 0, vertex > x[0], vertex < x[x.count - 1] {
        verdict = .interior
        size = exp(center + vertex)
        loss = exp(a + vertex * (b + vertex * c))
      } else if lowest == 0 {
        verdict = .belowSmallest
      } else if lowest == losses.count - 1 {
        verdict = .aboveLargest
      } else {
        verdict = .noMinimum
      }
    }
    let fitted = x.first.flatMap { low in
      x.last.map { exp(center + low)...exp(center + $0) }
    }
    return IsoFLOPProfile(
      compute: exp(logCompute), sizes: sizes, losses: losses, verdict: verdict, size: size,
      loss: loss, fitted: verdict == .tooFewSizes ? nil : fitted, curvature: curvature)
  }
}

/// Powers of compute through the minima of several budgets: N_opt = k C^a, D_opt = C^b / 6k.
public struct OptimalPowers: Equatable, Sendable {
  /// a in N ~ C^a.
  public let sizeExponent: Double
  /// b in D ~ C^b.
  public let dataExponent: Double
  /// log N at the mean of log C.
  let logSize: Double
  let logData: Double
  let center: Double
  /// The standard deviation of log N about the line.
  public let scatter: Double

  /// The line of least squares through minima at two or more budgets; nil with fewer.
  init?(compute: [Double], size: [Double], data: [Double]) {
    let c = compute.map { log($0) }
    let count = Double(c.count)
    guard Set(c).count >= 2 else { return nil }
    let middle = c.reduce(0, +) / count
    center = middle
    let cc = c.reduce(0) { $0 + ($1 - middle) * ($1 - middle) }
    func slope(_ values: [Double]) -> (slope: Double, mean: Double) {
      let y = values.map { log($0) }
      let mean = y.reduce(0, +) / count
      return (zip(c, y).reduce(0) { $0 + ($1.0 - middle) * ($1.1 - mean) } / cc, mean)
    }
    let (a, logN) = slope(size)
    let (b, logD) = slope(data)
    (sizeExponent, dataExponent, logSize, logData) = (a, b, logN, logD)
    let squares = zip(c, size).reduce(0) {
      let r = log($1.1) - logN - a * ($1.0 - middle)
      return $0 + r * r
    }
    scatter = (squares / max(1, count - 2)).squareRoot()
  }

  /// N_opt at a budget.
  public func size(compute: Double) -> Double {
    exp(logSize + sizeExponent * (log(compute) - center))
  }

  /// D_opt at a budget.
  public func data(compute: Double) -> Double {
    exp(logData + dataExponent * (log(compute) - center))
  }
}

/// Compute-optimal sizes from isoFLOP profiles: approach 2 of Hoffmann et al. (2022, arXiv 2203.15556).
///
/// No law of the loss is supposed, but the budgets must be many and the sizes of each must reach past
/// its minimum on both sides. Budgets whose minimum is not interior are left out and counted.
public struct IsoFLOPFit: Sendable {
  /// Every budget, the smallest first.
  public let profiles: [IsoFLOPProfile]
  /// The powers through the interior minima.
  public let powers: OptimalPowers
  /// The powers of resampled runs; nil where nothing can be resampled.
  public let ensemble: Ensemble<OptimalPowers>?
  /// a without each used budget in turn.
  public let exponentsWithoutOne: [Double]

  /// The budgets that are used.
  public var used: [IsoFLOPProfile] { profiles.filter { $0.verdict == .interior } }

  /// Any quantity, with its interval if there is an ensemble.
  public func estimate(
    _ scale: Ensemble<OptimalPowers>.Scale = .linear, _ quantity: (OptimalPowers) -> Double
  ) -> Estimate {
    ensemble?.estimate(scale, quantity) ?? Estimate(quantity(powers))
  }

  /// Finds the minima and fits the powers.
  ///
  /// Without groups the intervals come from a bootstrap of the residuals about the parabolas, pooled
  /// over all budgets: it supposes that log losses scatter alike everywhere. With groups, such as
  /// seeds, whole groups are resampled (`Uncertainty`).
  ///
  /// - Parameters:
  ///   - groups: The group of each run; nil for none.
  ///   - tolerance: How far runs of one budget may differ in compute (relative).
  ///   - window: The parabola takes sizes within this factor of the lowest, and the nearest five.
  ///   - samples: Bootstrap resamples; 0 for no intervals.
  public init<Run: Sendable>(
    _ runs: [Run], n: @Sendable (Run) -> Double, d: @Sendable (Run) -> Double,
    loss: @Sendable (Run) -> Double, groups: (@Sendable (Run) -> Int)? = nil,
    tolerance: Double = 0.05, window: Double = 4, samples: Int = 1000, seed: UInt64 = 1
  ) throws {
    precondition(tolerance >= 0 && window > 1, "a window is a factor above 1, not \(window)")
    let parabolas = Self.parabolas(
      runs, n: n, d: d, loss: loss, tolerance: tolerance, window: window)
    profiles = parabolas.map { $0.profile() }
    guard let powers = Self.powers(profiles) else {
      throw TooFewMinima(
        budgets: profiles.count, interior: profiles.count { $0.verdict == .interior })
    }
    self.powers = powers
    let used = profiles.filter { $0.verdict == .interior }
    exponentsWithoutOne =
      used.count > 2
      ? used.indices.compactMap { left in
        Self.powers(used.indices.filter { $0 != left }.map { used[$0] })?.sizeExponent
      } : []
    guard samples > 0 else {
      ensemble = nil
      return
    }
    if let groups {
      ensemble = try Ensemble(
        of: runs, resampling: groups, uncertainty: Uncertainty(samples: samples, seed: seed)
      ) { runs in
        let profiles = Self.parabolas(
          runs, n: n, d: d, loss: loss, tolerance: tolerance, window: window
        ).map { $0.profile() }
        guard let powers = Self.powers(profiles) else {
          throw TooFewMinima(
            budgets: profiles.count, interior: profiles.count { $0.verdict == .interior })
        }
        return powers
      }
      return
    }
    let interior = zip(parabolas, profiles).filter { $1.verdict == .interior }.map(\.0)
    ensemble = Self.residualBootstrap(interior, powers: powers, samples: samples, seed: seed)
  }

  private static func parabolas<Run>(
    _ runs: [Run], n: (Run) -> Double, d: (Run) -> Double, loss: (Run) -> Double,
    tolerance: Double, window: Double
  ) -> [BudgetParabola] {
    let compute = runs.map { LossLaw.flopsPerParameterToken * n($0) * d($0) }
    return isoFLOPBudgets(compute: compute, tolerance: tolerance).map { members in
      BudgetParabola(
        n: members.map { n(runs[$0]) }, compute: members.map { compute[$0] },
        loss: members.map { loss(runs[$0]) }, window: window)
    }
  }

  private static func powers(_ profiles: [IsoFLOPProfile]) -> OptimalPowers? {
    let used = profiles.filter { $0.verdict == .interior }
    return OptimalPowers(
      compute: used.map(\.compute), size: used.map(\.size), data: used.map(\.data))
  }

  /// Powers through the minima of parabolas whose residuals were drawn anew from all of them.
  private static func residualBootstrap(
    _ parabolas: [BudgetParabola], powers: OptimalPowers, samples: Int, seed: UInt64
  ) -> Ensemble<OptimalPowers>? {
    var fitted: [[Double]] = []
    var residuals: [Double] = []
    for parabola in parabolas {
      guard let (a, b, c) = parabola.coefficients else { continue }
      fitted.append(parabola.x.map { a + $0 * (b + $0 * c) })
      // Residuals of a parabola through n points are too small by √((n − 3)/n) on average.
      let count = Double(parabola.x.count)
      guard parabola.x.count > 3 else { continue }
      let inflation = (count / (count - 3)).squareRoot()
      residuals += zip(parabola.y, fitted[fitted.count - 1]).map { ($0 - $1) * inflation }
    }
    let units = parabolas.reduce(0) { $0 + $1.x.count }
    let degrees = parabolas.reduce(0) { $0 + max(0, $1.x.count - 3) }
    guard degrees > 0 else { return nil }
    let root = RandomStream(seed: seed, "isoFLOP")
    let (lines, drawn) = (fitted, residuals)
    let laws = parallelMap(samples) { sample -> OptimalPowers? in
      var stream = root.split(sample)
      var profiles: [IsoFLOPProfile] = []
      for (parabola, line) in zip(parabolas, lines) {
        var other = parabola
        other.y = line.map { $0 + drawn[stream.uniform(below: drawn.count)] }
        profiles.append(other.profile())
      }
      return Self.powers(profiles)
    }.compactMap(\.self)
    guard laws.count * 2 > samples else { return nil }
    return Ensemble(
      law: powers, replicates: laws, interval: .expanded, units: units, degrees: Double(degrees),
      level: 0.95)
  }
}

/// Runs that do not show where the best sizes lie at two or more budgets.
public struct TooFewMinima: Error, Equatable, CustomStringConvertible {
  /// The budgets that were found.
  public let budgets: Int
  /// Those with a minimum between the sizes that were run.
  public let interior: Int

  /// The whole text.
  public var description: String {
    "exponents of the best sizes need interior minima at 2 budgets or more; of \(budgets) budgets "
      + "\(interior) \(interior == 1 ? "has" : "have") one. Add sizes on the side where the loss "
      + "still falls, or more budgets; runs of one budget must agree in C = 6 N D."
  }
}
