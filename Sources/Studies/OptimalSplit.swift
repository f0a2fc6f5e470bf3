import Foundation
import ScalingLaws

/// How the best size and the best data grow with compute: N ~ C^a, D ~ C^b, D ~ N^x, x = b/a.
///
/// Three estimates of Hoffmann et al. (2022, arXiv 2203.15556) are offered: `isoFLOP` (their approach
/// 2), `envelope` (approach 1) and, from a fitted loss law, x = α/β (approach 3, `LossFit`).
/// Intervals are over ladders: a ladder is one draw of the language with one seed, and is resampled as
/// a whole.
public struct OptimalSplit: Sendable {
  /// What was counted.
  public let accounting: Accounting
  /// Every budget whose minimum lies inside the measured sizes, ascending.
  public let valleys: [BudgetProfile]
  /// The valleys from which the exponents are taken, ascending.
  public let used: [BudgetProfile]
  /// a in N ~ C^a.
  public let sizeExponent: Estimate
  /// b in D ~ C^b.
  public let dataExponent: Estimate
  /// x in D ~ N^x.
  public let ratio: Estimate
  /// The exponent of the excess along the minima, positive when it falls.
  public let excessExponent: Estimate

  private let points: [CurvePoint]
  private let uncertainty: Uncertainty

  /// The minima at budgets a factor two apart, and the slopes through the resolved ones.
  ///
  /// - Parameters:
  ///   - points: Learning curves of several widths and ladders.
  ///   - accounting: What is counted.
  ///   - budgets: C in FLOPs, as it is counted; nil takes powers of two around 3e8.
  ///   - deviations: How clear a minimum must be to be used, in standard deviations between seeds;
  ///     0 takes every interior minimum.
  ///   - uncertainty: How the intervals are made; by default a jackknife below ten ladders.
  /// - Throws: `UnresolvedMinima` if fewer than three minima can be used.
  public init(
    _ points: [CurvePoint], _ accounting: Accounting = .all, budgets: [Double]? = nil,
    deviations: Double, uncertainty: Uncertainty = Uncertainty()
  ) throws {
    let curves = CurveSet(points, accounting)
    let asked = budgets ?? curves.budgets(from: LanguageGrid.leastBudget / 4)
    let valleys = asked.compactMap { BudgetProfile(curves, compute: $0) }
    let used = deviations > 0 ? valleys.filter { $0.isResolved(deviations: deviations) } : valleys
    guard used.count >= 3 else {
      throw UnresolvedMinima(budgets: asked.count, interior: valleys.count, resolved: used.count)
    }
    let kept = used.map(\.compute)
    let ensemble = try Ensemble(of: points, resampling: \.ladder, uncertainty: uncertainty) {
      points in
      let curves = CurveSet(points, accounting)
      let slopes = Slopes(kept.compactMap { BudgetProfile(curves, compute: $0) })
      // A resample that loses most of its minima says nothing about their slope.
      guard let slopes, slopes.count * 2 > kept.count else {
        throw UnresolvedMinima(
          budgets: kept.count, interior: slopes?.count ?? 0, resolved: slopes?.count ?? 0)
      }
      return slopes
    }
    self.points = points
    self.uncertainty = uncertainty
    self.accounting = accounting
    self.valleys = valleys
    self.used = used
    sizeExponent = ensemble.estimate { $0.size }
    dataExponent = ensemble.estimate { $0.data }
    ratio = ensemble.estimate { $0.data / $0.size }
    excessExponent = ensemble.estimate { -$0.excess }
  }

  /// The budgets that are used, in FLOPs.
  public var budgets: [Double] { used.map(\.compute) }

  /// The decades between the first and the last budget that is used.
  public var decades: Double { log10(used[used.count - 1].compute / used[0].compute) }

  /// x of this split less x of another over the same ladders, with a paired interval.
  ///
  /// The same text and the same initial values enter both, so that much of what varies between
  /// ladders cancels.
  public func ratioDifference(from other: OptimalSplit) throws -> Estimate {
    let tagged =
      points.map { Tagged(point: $0, isOther: false) }
      + other.points.map { Tagged(point: $0, isOther: true) }
    let (mine, theirs) = (budgets, other.budgets)
    let (myAccounting, theirAccounting) = (accounting, other.accounting)
    let ensemble = try Ensemble(of: tagged, resampling: \.point.ladder) { points in
      func ratio(_ points: [CurvePoint], _ accounting: Accounting, _ budgets: [Double]) -> Double {
        let curves = CurveSet(points, accounting)
        guard let slopes = Slopes(budgets.compactMap { BudgetProfile(curves, compute: $0) }) else {
          return .nan
        }
        return slopes.data / slopes.size
      }
      return ratio(points.filter { !$0.isOther }.map(\.point), myAccounting, mine)
        - ratio(points.filter(\.isOther).map(\.point), theirAccounting, theirs)
    }
    return ensemble.estimate { $0 }
  }

  private struct Tagged: Sendable {
    var point: CurvePoint
    var isOther: Bool
  }

  /// x by the same analysis with one width, or one budget at either end, left out.
  public func ratiosWithoutParts() -> [Double] {
    func ratio(_ points: [CurvePoint], _ budgets: [Double]) -> Double? {
      let curves = CurveSet(points, accounting)
      let valleys = budgets.compactMap { BudgetProfile(curves, compute: $0) }
      guard valleys.count * 2 > budgets.count, let slopes = Slopes(valleys) else { return nil }
      return slopes.data / slopes.size
    }
    let widths = Set(points.map(\.width)).sorted()
    return widths.compactMap { width in ratio(points.filter { $0.width != width }, budgets) }
      + [Array(budgets.dropFirst()), budgets.dropLast()].compactMap { ratio(points, $0) }
  }

  /// x along the envelope of the learning curves: at each of many budgets, the width with the
  /// lowest excess (Hoffmann et al. 2022, approach 1).
  ///
  /// From the first to the last budget that is used, sixteen to a doubling. The best width jumps
  /// from one rung of the ladder to the next, so the answer depends on where the rungs stand.
  public func envelope() throws -> Estimate {
    let (accounting, first, last) = (accounting, used[0].compute, used[used.count - 1].compute)
    let count = max(2, Int((16 * log2(last / first)).rounded()))
    let budgets = (0...count).map { first * pow(last / first, Double($0) / Double(count)) }
    let ensemble = try Ensemble(of: points, resampling: \.ladder, uncertainty: uncertainty) {
      points in
      let curves = CurveSet(points, accounting)
      let best = budgets.compactMap { compute -> (c: Double, n: Double, d: Double)? in
        let x = log(compute)
        let readings = curves.rungs.compactMap { rung -> (CurveSet.Rung, Double)? in
          let values = rung.curves.compactMap { entry in
            entry.curve.value(at: x).map { $0 * entry.curve.weight }
          }
          guard values.count == curves.ladders else { return nil }
          return (rung, values.reduce(0, +))
        }
        return readings.min { $0.1 < $1.1 }.map {
          (x, log($0.0.size), x - log($0.0.computePerToken))
        }
      }
      let c = best.map(\.c)
      return Slopes.slope(c, best.map(\.d)) / Slopes.slope(c, best.map(\.n))
    }
    return ensemble.estimate { $0 }
  }

  // MARK: The price of another exponent

  /// How many times the compute one pays who follows D ~ N^x from the smallest minimum.
  ///
  /// At `factor` times the smallest used budget the path's model is read off the isoFLOP profile, and
  /// the frontier says how much less compute would have reached its excess. nil where the path
  /// leaves the measured sizes.
  public func priceOfFollowing(_ x: Double, factor: Double) throws -> Estimate? {
    let start = used[0].compute
    let (accounting, kept) = (accounting, budgets)
    @Sendable func price(_ points: [CurvePoint]) -> Double {
      let curves = CurveSet(points, accounting)
      let valleys = kept.compactMap { BudgetProfile(curves, compute: $0) }
      guard let first = valleys.first, first.compute == start,
        let there = BudgetProfile(curves, compute: start * factor),
        let reached = there.excess(size: first.size * pow(factor, 1 / (1 + x)))
      else { return .nan }
      let frontier = (valleys.filter { $0.compute < there.compute } + [there])
      guard let upper = frontier.firstIndex(where: { $0.excess <= reached }), upper > 0 else {
        return reached <= there.excess ? 1 : .nan
      }
      let (before, after) = (frontier[upper - 1], frontier[upper])
      let part = log(before.excess / reached) / log(before.excess / after.excess)
      let compute = before.compute * pow(after.compute / before.compute, part)
      return there.compute / compute
    }
    guard price(points).isFinite else { return nil }
    return try Ensemble(of: points, resampling: \.ladder) { price($0) }
      .estimate(.logarithmic) { $0 }
  }
}

/// Learning curves that do not show where the best sizes lie.
public struct UnresolvedMinima: Error, Equatable, CustomStringConvertible {
  /// The budgets that were asked for.
  public var budgets: Int
  /// Those whose lowest width has neighbours on both sides.
  public var interior: Int
  /// Those of them whose sides rise clearly.
  public var resolved: Int

  /// The whole text.
  public var description: String {
    "a slope of the best sizes needs at least 3 resolved minima; of \(budgets) budgets \(interior) have "
      + "an interior minimum and \(resolved) a resolved one. Add widths on the side that is "
      + "missing, more budgets, or a second seed."
  }
}

/// Slopes of log N, log D and log excess against log C over several minima.
struct Slopes: Sendable {
  let count: Int
  let size: Double
  let data: Double
  let excess: Double

  /// nil with fewer than two minima.
  init?(_ valleys: [BudgetProfile]) {
    guard valleys.count >= 2 else { return nil }
    let c = valleys.map { log($0.compute) }
    count = valleys.count
    size = Self.slope(c, valleys.map { log($0.size) })
    data = Self.slope(c, valleys.map { log($0.tokens) })
    excess = Self.slope(c, valleys.map { log($0.excess) })
  }

  /// The slope of least squares of y over x.
  static func slope(_ x: [Double], _ y: [Double]) -> Double {
    let count = Double(x.count)
    let (mx, my) = (x.reduce(0, +) / count, y.reduce(0, +) / count)
    let both = zip(x, y).reduce(0) { $0 + ($1.0 - mx) * ($1.1 - my) }
    return both / x.reduce(0) { $0 + ($1 - mx) * ($1 - mx) }
  }
}
