import Laboratory
import Tasks

/// Whether the learning rate in use has its best value between its neighbours.
///
/// A ladder whose wide or narrow end has the wrong learning rate measures the learning rate: so five
/// rates around the one in use (`LanguageGrid.rate`) are tried at the ends of the ladder.
public struct RateCheck: Sendable {
  /// The rates that are tried, a factor two apart, the one in use in their middle.
  public static let rates = [1.5e-3, 3e-3, 6e-3, 12e-3, 24e-3]

  /// One run of each rate at each width, on the first draw of the language.
  public static func trials(widths: [Int], steps: Int) -> [LanguageRun] {
    widths.flatMap { width in
      rates.map { rate in
        LanguageRun(
          language: MarkovLanguage.Definition(seed: 1), width: width, steps: [steps], rate: rate,
          seed: 1)
      }
    }
  }

  private let excesses: [Int: [Double: Double]]

  /// The check by its runs; those that diverged are not among them.
  public init(_ runs: Runs<LanguageRun>) {
    self.init(
      runs.map { run in
        (width: run.trial.width, rate: run.trial.rate, excess: run.outcome.branches[0].excess)
      })
  }

  init(_ runs: [(width: Int, rate: Double, excess: Double)]) {
    excesses = Dictionary(grouping: runs, by: \.width).mapValues { own in
      Dictionary(own.map { ($0.rate, $0.excess) }) { first, _ in first }
    }
  }

  /// The excess in nats at one rate and width; nil if the run diverged.
  public func excess(rate: Double, width: Int) -> Double? { excesses[width]?[rate] }

  /// Whether the best rate at a width is neither the first nor the last that was tried.
  public func isInterior(width: Int) -> Bool {
    let own = Self.rates.map { excess(rate: $0, width: width) ?? .infinity }
    guard let best = own.indices.min(by: { own[$0] < own[$1] }), own[best].isFinite else {
      return false
    }
    return best > 0 && best < own.count - 1
  }
}
