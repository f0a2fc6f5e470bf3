import Laboratory
import ScalingLaws

/// The shares of right answers of one setting, by seed.
///
/// Settings are compared seed by seed: runs of one seed had the same problems in the same order.
public struct SeedShares: Sendable, Equatable, ExpressibleByDictionaryLiteral {
  private var shares: [UInt64: Double]

  /// The shares of given seeds.
  public init(_ shares: [UInt64: Double]) { self.shares = shares }

  /// The shares of given seeds.
  public init(dictionaryLiteral elements: (UInt64, Double)...) {
    shares = Dictionary(elements) { first, _ in first }
  }

  /// Whether there is no seed.
  public var isEmpty: Bool { shares.isEmpty }

  /// The share of a seed; nil if it was not measured.
  public subscript(seed: UInt64) -> Double? {
    get { shares[seed] }
    set { shares[seed] = newValue }
  }

  /// The mean with Student's interval over seeds; there must be a seed.
  public var mean: Estimate { .mean(of: shares.keys.sorted().compactMap { shares[$0] }) }

  /// The same, cut where a share ends: at 0 and at 1.
  public var share: Estimate {
    var estimate = mean
    if estimate.low < 0 { estimate.low = 0 }
    if estimate.high > 1 { estimate.high = 1 }
    return estimate
  }

  /// The mean difference from other shares with Student's interval, over the seeds that both have;
  /// they must share one.
  public func ahead(of other: SeedShares) -> Estimate {
    .mean(
      of: shares.keys.sorted().compactMap { seed in
        guard let minuend = shares[seed], let subtrahend = other[seed] else { return nil }
        return minuend - subtrahend
      })
  }
}

extension SeedShares {
  /// The shares that `share` reads from the outcomes of runs; a run without one is left out.
  public init<T: Trial>(
    _ runs: some Sequence<Run<T>>, seed: (T) -> UInt64, share: (T.Outcome) -> Double?
  ) {
    self.init([:])
    for run in runs { self[seed(run.trial)] = share(run.outcome) }
  }

  /// The shares of right answers to problems of one length, at the branch that `choose` finds.
  public init(
    _ runs: some Sequence<Run<ReasoningRun>>, length: Int,
    _ choose: (ReasoningRun.Outcome) -> ReasoningRun.Branch? = { $0.branches.last }
  ) {
    self.init(runs, seed: \.seed) { choose($0)?.accuracy(length: length) }
  }
}
