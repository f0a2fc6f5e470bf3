import Foundation

/// Compute-optimal sizes from learning curves: approach 1 of Hoffmann et al. (2022, arXiv 2203.15556).
///
/// At many budgets the run with the lowest loss is read off the curves, and powers of compute go
/// through these runs. The best size jumps from one run to the next, so the answer depends on which
/// sizes were run; and a point inside a run whose learning rate still has to fall lies above what a
/// run of that length would reach, by more for longer runs. Prefer `IsoFLOPFit`.
public struct Envelope: Sendable {
  /// One point of a learning curve.
  public struct Point: Sendable {
    /// The run it belongs to.
    public var run: Int
    /// What is left out as a whole when intervals are made: the run, or its seed.
    public var unit: Int
    /// Parameters.
    public var n: Double
    /// Tokens so far.
    public var d: Double
    /// The loss there.
    public var loss: Double

    /// Creates a point.
    public init(run: Int, unit: Int, n: Double, d: Double, loss: Double) {
      self.run = run
      self.unit = unit
      self.n = n
      self.d = d
      self.loss = loss
    }
  }

  /// The best run at one budget.
  public struct Best: Equatable, Sendable {
    /// C in FLOPs.
    public let compute: Double
    /// The run.
    public let run: Int
    /// Its parameters.
    public let n: Double
    /// C/6N.
    public let d: Double
    /// Its loss there, between its points by a straight line in the logarithms.
    public let loss: Double
  }

  /// The best runs at the budgets that are used, ascending in compute.
  public let best: [Best]
  /// The budgets that are left out because the best run is the smallest or largest that reaches them.
  public let atEdge: Int
  /// The powers through the best runs.
  public let powers: OptimalPowers
  /// The powers without each unit in turn; nil with fewer than three units.
  public let ensemble: Ensemble<OptimalPowers>?
  /// The number of runs.
  public let runs: Int

  /// The runs that are best anywhere.
  public var runsOnEnvelope: Int { Set(best.map(\.run)).count }

  /// Any quantity, with its interval if there is an ensemble.
  public func estimate(
    _ scale: Ensemble<OptimalPowers>.Scale = .linear, _ quantity: (OptimalPowers) -> Double
  ) -> Estimate {
    ensemble?.estimate(scale, quantity) ?? Estimate(quantity(powers))
  }

  /// Reads the envelope at sixteen budgets to a doubling, wherever three runs can be compared.
  ///
  /// Intervals are jackknives over units, with Student's t; nil units leave none.
  public init(_ points: [Point]) throws {
    let (best, atEdge) = Self.read(points)
    runs = Set(points.map(\.run)).count
    guard let powers = Self.powers(best) else {
      throw TooFewMinima(budgets: best.count + atEdge, interior: Set(best.map(\.n)).count)
    }
    (self.best, self.atEdge, self.powers) = (best, atEdge, powers)
    guard Set(points.map(\.unit)).count >= 3 else {
      ensemble = nil
      return
    }
    ensemble = try? Ensemble(
      of: points, resampling: \.unit, uncertainty: Uncertainty(interval: .jackknife)
    ) { points in
      let best = Self.read(points).best
      guard let powers = Self.powers(best) else { throw TooFewMinima(budgets: 0, interior: 0) }
      return powers
    }
  }

  private static func powers(_ best: [Best]) -> OptimalPowers? {
    guard Set(best.map(\.n)).count >= 2 else { return nil }
    return OptimalPowers(
      compute: best.map(\.compute), size: best.map(\.n), data: best.map(\.d))
  }

  private struct Curve {
    var run: Int
    var n: Double
    var logCompute: [Double] = []
    var logLoss: [Double] = []

    func loss(at x: Double) -> Double? {
      guard let first = logCompute.first, let last = logCompute.last, x >= first - 1e-9,
        x <= last + 1e-9
      else { return nil }
      let upper = logCompute.firstIndex { $0 >= x } ?? logCompute.count - 1
      guard upper > 0 else { return logLoss[0] }
      let width = logCompute[upper] - logCompute[upper - 1]
      let part = width > 0 ? min(1, (x - logCompute[upper - 1]) / width) : 1
      return logLoss[upper - 1] + part * (logLoss[upper] - logLoss[upper - 1])
    }
  }

  private static func read(_ points: [Point]) -> (best: [Best], atEdge: Int) {
    let curves = Dictionary(grouping: points, by: \.run).sorted { $0.key < $1.key }.map {
      run, points in
      var curve = Curve(run: run, n: points[0].n)
      for point in points.sorted(by: { $0.d < $1.d }) {
        curve.logCompute.append(log(LossLaw.flopsPerParameterToken * point.n * point.d))
        curve.logLoss.append(log(point.loss))
      }
      return curve
    }
    let low = curves.compactMap(\.logCompute.first).min() ?? 0
    let high = curves.compactMap(\.logCompute.last).max() ?? 0
    let step = log(2.0) / 16
    var best: [Best] = []
    var atEdge = 0
    // Budgets are multiples of the step, so that leaving out a run does not move them.
    for index in stride(
      from: (low / step).rounded(.up), through: (high / step).rounded(.down), by: 1)
    {
      let x = index * step
      let read: [(Curve, Double)] = curves.compactMap { curve in
        curve.loss(at: x).map { (curve, $0) }
      }
      let sizes = Set(read.map(\.0.n))
      guard sizes.count >= 3, let lowest = read.min(by: { ($0.1, $0.0.n) < ($1.1, $1.0.n) }) else {
        continue
      }
      guard lowest.0.n > sizes.min()!, lowest.0.n < sizes.max()! else {
        atEdge += 1
        continue
      }
      best.append(
        Best(
          compute: exp(x), run: lowest.0.run, n: lowest.0.n,
          d: exp(x) / (LossLaw.flopsPerParameterToken * lowest.0.n), loss: exp(lowest.1)))
    }
    return (best, atEdge)
  }
}
