import Foundation
import Laboratory
import ScalingLaws

/// What repeating a text is worth, measured in fresh tokens.
///
/// (Muennighoff et al. 2023, arXiv 2305.16264, ask the same of large models.)
public struct Repetition: Sendable {
  /// A pool, read so many times.
  public struct Reading: Sendable {
    /// U, the tokens of the pool.
    public var unique: Int
    /// How often the pool was read.
    public var epochs: Int
    /// The geometric mean of the excess over seeds, in nats per token.
    public var excess: Estimate
    /// That over the excess after one reading.
    public var ratio: Estimate
    /// The fresh tokens that give the same excess; nil if that is outside what was measured.
    public var freshTokens: Double?
    /// log excess after these epochs less that after the epochs before; nil for the first.
    public var step: Estimate?

    /// The tokens read, fresh and repeated.
    public var tokens: Double { Double(unique * epochs) }
    /// The fresh tokens that do the same, for each token read; nil as `freshTokens`.
    public var worth: Double? { freshTokens.map { $0 / tokens } }
    /// The fresh tokens that do the same by the formula that Muennighoff et al. fitted to large
    /// models: R readings beyond the first are worth U R* (1 − exp(−R/R*)) (`RepeatedData`).
    public var promised: Double {
      let decay = RepeatedData.tokenDecay
      return Double(unique) * (1 + decay * (1 - exp(-Double(epochs - 1) / decay)))
    }
  }

  /// U, the tokens of the pool.
  public let unique: Int
  /// By epochs, ascending.
  public let readings: [Reading]

  /// The reading with the least excess.
  public var best: Reading { readings.min { $0.excess.value < $1.excess.value }! }

  /// The epochs up to which every further reading helped beyond doubt: its interval is below zero.
  public var helpful: Int {
    let first = readings.dropFirst().firstIndex { reading in
      guard let step = reading.step else { return true }
      return !(step.hasInterval && step.high < 0)
    }
    return readings[(first ?? readings.count) - 1].epochs
  }

  /// The pools of repeated runs, ascending, beside models of the same width on fresh text.
  ///
  /// - Parameter fresh: Learning curves of the same width and language, one reading each.
  public static func pools(
    of runs: Runs<RepeatedRun>, fresh: [CurvePoint]
  ) -> [Repetition] {
    // One reading of a pool is fresh text, and reaches below the learning curves.
    let once = runs.flatMap { run in
      zip(run.trial.epochs, run.outcome.excess).filter { $0.0 == 1 }.map {
        (tokens: Double(run.trial.unique), excess: $0.1)
      }
    }
    let all = once + fresh.map { (tokens: $0.tokens, excess: $0.excess) }
    let curve = Dictionary(grouping: all, by: \.tokens).map { tokens, own in
      (tokens: tokens, log: own.reduce(0) { $0 + log($1.excess) } / Double(own.count))
    }.sorted { $0.tokens < $1.tokens }
    return Dictionary(grouping: runs, by: \.trial.unique).sorted { $0.key < $1.key }.map {
      Repetition(unique: $0.key, $0.value.map { ($0.trial.epochs, $0.outcome.excess) }, curve)
    }
  }

  init(
    unique: Int, _ seeds: [(epochs: [Int], excess: [Double])],
    _ curve: [(tokens: Double, log: Double)]
  ) {
    self.unique = unique
    readings = seeds[0].epochs.indices.map { index in
      let logs = seeds.map { log($0.excess[index]) }
      let level = Estimate.mean(of: logs)
      let ratio = Estimate.mean(of: seeds.map { log($0.excess[index] / $0.excess[0]) })
      return Reading(
        unique: unique, epochs: seeds[0].epochs[index], excess: level.exponential,
        ratio: ratio.exponential,
        freshTokens: Self.tokens(log: level.value, on: curve),
        step: index == 0
          ? nil
          : Estimate.mean(of: seeds.map { log($0.excess[index] / $0.excess[index - 1]) }))
    }
  }

  /// Where a falling curve reaches a level, between its points in the logarithms.
  private static func tokens(
    log level: Double, on curve: [(tokens: Double, log: Double)]
  ) -> Double? {
    guard let first = curve.first, level <= first.log,
      let upper = curve.indices.first(where: { curve[$0].log <= level })
    else { return nil }
    guard upper > 0 else { return first.tokens }
    let (before, after) = (curve[upper - 1], curve[upper])
    let part = (before.log - level) / (before.log - after.log)
    return before.tokens * pow(after.tokens / before.tokens, part)
  }
}

extension Estimate {
  /// The exponential of a value and its bounds.
  fileprivate var exponential: Estimate {
    hasInterval
      ? Estimate(value: exp(value), low: exp(low), high: exp(high), level: level)
      : Estimate(exp(value))
  }
}
