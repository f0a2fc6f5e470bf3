import Foundation
import ScalingLaws

/// The excess loss at the best split of budgets a factor two apart: what each doubling of compute buys.
///
/// The excess of a budget is that at the minimum of its isoFLOP profile (`BudgetProfile`), whether or not
/// the place of the minimum is resolved: a valley's floor is known better than its place. Intervals
/// resample ladders.
public struct FrontierCurve: Sendable {
  /// A doubling of compute along the frontier.
  public struct Doubling: Sendable {
    /// C before it, in FLOPs.
    public var compute: Double
    /// The excess before it, in nats per token.
    public var excess: Estimate
    /// By how much it lowers the loss, in nats per token.
    public var gain: Estimate
    /// log2 of the excess before over the excess after: the local exponent in C.
    public var exponent: Estimate
    /// The share of the excess that it removes.
    public var share: Estimate
    /// C at the geometric middle.
    public var middle: Double { compute * 2.0.squareRoot() }
  }

  /// The budgets in FLOPs, ascending, each twice the one before.
  public let budgets: [Double]
  /// One for each budget but the last.
  public let doublings: [Doubling]
  /// The excess at the last budget.
  public let last: Estimate
  /// γ in excess ~ C^-γ, over all budgets.
  public let exponent: Estimate
  /// How the gain of a doubling changes with log10 C, in nats a decade.
  public let gainSlope: Estimate
  /// How the local exponent changes with log10 C.
  public let exponentSlope: Estimate
  /// The first gain less the last.
  public let gainDrop: Estimate

  private let ensemble: Ensemble<[Double]>

  /// The frontier of learning curves over the longest unbroken row of budgets with a minimum inside.
  ///
  /// - Throws: `UnresolvedMinima` if fewer than three budgets follow each other.
  public init(_ points: [CurvePoint], _ accounting: Accounting = .all) throws {
    let curves = CurveSet(points, accounting)
    let asked = curves.budgets(from: LanguageGrid.leastBudget / 4)
    let interior = asked.map { BudgetProfile(curves, compute: $0) != nil }
    var best = 0..<0
    var start = 0
    for (index, isInterior) in (interior + [false]).enumerated() where !isInterior {
      if index - start > best.count { best = start..<index }
      start = index + 1
    }
    guard best.count >= 3 else {
      throw UnresolvedMinima(
        budgets: asked.count, interior: interior.count { $0 }, resolved: best.count)
    }
    let budgets = Array(asked[best])
    let ensemble = try Ensemble(of: points, resampling: \.ladder) { points in
      let curves = CurveSet(points, accounting)
      return budgets.map { BudgetProfile(curves, compute: $0).map { log($0.excess) } ?? .nan }
    }
    let middles = budgets.dropLast().map { log10($0 * 2.0.squareRoot()) }
    func gains(_ row: [Double]) -> [Double] { zip(row, row.dropFirst()).map { exp($0) - exp($1) } }
    func exponents(_ row: [Double]) -> [Double] {
      zip(row, row.dropFirst()).map { ($0 - $1) / log(2) }
    }
    self.budgets = budgets
    self.ensemble = ensemble
    doublings = budgets.indices.dropLast().map { j in
      Doubling(
        compute: budgets[j], excess: ensemble.estimate(.logarithmic) { exp($0[j]) },
        gain: ensemble.estimate { gains($0)[j] },
        exponent: ensemble.estimate { exponents($0)[j] },
        share: ensemble.estimate { 1 - exp($0[j + 1] - $0[j]) })
    }
    last = ensemble.estimate(.logarithmic) { exp($0[budgets.count - 1]) }
    exponent = ensemble.estimate { -Slopes.slope(budgets.map { log($0) }, $0) }
    gainSlope = ensemble.estimate { Slopes.slope(middles, gains($0)) }
    exponentSlope = ensemble.estimate { Slopes.slope(middles, exponents($0)) }
    gainDrop = ensemble.estimate { row in
      let gains = gains(row)
      return gains[0] - gains[gains.count - 1]
    }
  }

  /// By what factor compute must grow from a budget to lower the loss by so many nats; nil if the
  /// frontier was not measured that far.
  ///
  /// Between two budgets log excess is linear in log C.
  public func price(of nats: Double, from index: Int) -> Estimate? {
    let logs = budgets.map { log($0) }
    func price(_ row: [Double]) -> Double {
      let goal = exp(row[index]) - nats
      guard goal > 0, let upper = row.indices.first(where: { $0 > index && exp(row[$0]) <= goal })
      else { return .nan }
      let part = (row[upper - 1] - log(goal)) / (row[upper - 1] - row[upper])
      return exp(logs[upper - 1] + part * (logs[upper] - logs[upper - 1]) - logs[index])
    }
    guard price(ensemble.law).isFinite else { return nil }
    return ensemble.estimate(.logarithmic) { price($0) }
  }
}
