import Foundation
import Laboratory
import ScalingLaws
import Tasks

/// The (N, D) plane of a language: widths times training budgets, with 6 N D = 3e8 · 2^j FLOPs.
public enum LanguageGrid {
  /// The cheapest training budget in FLOPs, by the rule C = 6 N D.
  public static let leastBudget = 3e8
  /// The learning rate of every model at width 32; the chapters check that it is interior.
  public static let rate = 6e-3
  /// The shortest and the longest run, in optimiser steps.
  public static let stepRange = 100...16_000

  /// The book's language, order 2 over 64 tokens, in its first `count` draws; the draw of seed 1 is
  /// the first.
  public static func draws(_ count: Int) -> [MarkovLanguage.Definition] {
    (0..<max(0, count)).map { MarkovLanguage.Definition(seed: UInt64($0) + 1) }
  }

  /// The book's second language: order 3 over 32 tokens.
  public static func secondLanguage(seed: UInt64 = 1) -> MarkovLanguage.Definition {
    MarkovLanguage.Definition(vocabulary: 32, amplitudes: [0.8, 1.2, 0.8], seed: seed)
  }

  /// One measured cell.
  public struct Cell: Sendable {
    /// Which draw of the language.
    public var draw: UInt64
    /// The seed of the run.
    public var seed: UInt64
    /// The width of the model.
    public var width: Int
    /// j in 6 N D = 3e8 · 2^j.
    public var doublings: Int
    /// N, all trained parameters.
    public var parameters: Int
    /// D, tokens trained on.
    public var tokens: Int
    /// The language's entropy rate: the floor, in nats per token.
    public var entropy: Double
    /// The exact excess loss after cooldown, in nats per token.
    public var excess: Double
    /// The excess without cooldown, where the trunk reached this step.
    public var uncooledExcess: Double?

    /// The loss in nats per token.
    public var loss: Double { entropy + excess }
    /// The cell in the shape that all worlds share.
    public var onPlane: PlaneCell {
      PlaneCell(
        n: Double(parameters), d: Double(tokens), excess: excess, floor: entropy, seed: seed)
    }
    /// The same cell measured without cooldown; nil where the trunk did not reach it.
    public var uncooledOnPlane: PlaneCell? {
      uncooledExcess.map { excess in
        var cell = onPlane
        cell.excess = excess
        return cell
      }
    }
  }

  /// The steps of the branches of one width: every budget up to 2^`doublings` that is within range.
  public static func steps(parameters: Int, doublings: Int) -> [Int] {
    (0...max(0, doublings)).compactMap { j in
      let flopsPerStep = 6 * Double(parameters) * Double(LanguageRun.tokensPerStep)
      let steps = Int((leastBudget * pow(2, Double(j)) / flopsPerStep).rounded())
      return stepRange.contains(steps) ? steps : nil
    }
  }

  /// A trunk with all its branches for each width and seed.
  ///
  /// A width that no model can have is passed on: its trial fails with the reason.
  public static func trials(
    language: MarkovLanguage.Definition, widths: [Int], seeds: Int, doublings: Int
  ) -> [LanguageRun] {
    widths.flatMap { width in
      let model = LanguageRun.model(for: language, width: width)
      let steps = steps(parameters: model?.parameterCount ?? 2_000, doublings: doublings)
      return (1...max(1, seeds)).map { seed in
        LanguageRun(language: language, width: width, steps: steps, seed: UInt64(seed))
      }
    }
  }

  /// The models that a chapter measures every language with.
  ///
  /// Chapters that give the same models get the same trials, and so the same runs from the store.
  public struct Models: Sendable {
    /// The widths, each at every budget.
    public var widths: [Int]
    /// A narrower width beside, whose runs end earlier: it gives the cheapest budgets a left side and
    /// would be wasted on the dear ones.
    public var narrow: (width: Int, doublings: Int)
    /// The runs of each width, with seeds from 1.
    public var seeds: Int

    /// The models.
    public init(widths: [Int], narrow: (width: Int, doublings: Int), seeds: Int) {
      self.widths = widths
      self.narrow = narrow
      self.seeds = seeds
    }

    /// A trunk with all its branches for each width and seed, at the budgets 6 N D = 3e8 · 2^j with
    /// j up to `doublings`.
    public func trials(_ language: MarkovLanguage.Definition, doublings: Int) -> [LanguageRun] {
      let beside = LanguageGrid.trials(
        language: language, widths: [narrow.width], seeds: seeds,
        doublings: min(doublings, narrow.doublings))
      let main = LanguageGrid.trials(
        language: language, widths: widths, seeds: seeds, doublings: doublings)
      return (beside + main).filter { !$0.steps.isEmpty }
    }
  }

  /// The cells of finished runs, in the order of the runs.
  public static func cells(of runs: Runs<LanguageRun>) -> [Cell] {
    runs.flatMap { run in
      run.outcome.branches.map { branch in
        let compute = 6 * Double(run.outcome.parameters) * Double(branch.tokens)
        return Cell(
          draw: run.trial.language.seed, seed: run.trial.seed, width: run.trial.width,
          doublings: Int(log2(compute / leastBudget).rounded()),
          parameters: run.outcome.parameters, tokens: branch.tokens,
          entropy: run.outcome.entropy, excess: branch.excess,
          uncooledExcess: branch.uncooledExcess)
      }
    }
  }

  /// The cells whose N lies within a factor √`factor` of the best N at their budget.
  ///
  /// At a fixed budget that keeps D/N within `factor` of the compute-optimal line either way.
  public static func nearFrontier(_ cells: [Cell], factor: Double) -> [Cell] {
    let optima = Dictionary(grouping: cells, by: \.doublings).mapValues { cells in
      // The best width by the mean over seeds, so that all seeds keep the same cells.
      Dictionary(grouping: cells, by: \.parameters)
        .mapValues { $0.reduce(0) { $0 + Foundation.log($1.excess) } / Double($0.count) }
        .min { ($0.value, $0.key) < ($1.value, $1.key) }?.key ?? 0
    }
    return cells.filter { cell in
      let ratio = Double(cell.parameters) / Double(optima[cell.doublings] ?? cell.parameters)
      return ratio * ratio <= factor && 1 / (ratio * ratio) <= factor
    }
  }

  /// The excess of each size and seed at one amount of data, read between its two nearest cells.
  ///
  /// A size whose runs do not reach that far is left out.
  public static func excess(at tokens: Double, in cells: [PlaneCell]) throws -> [PlaneCell] {
    let rungs = Dictionary(grouping: cells) { [$0.n, Double($0.seed)] }
    var found: [PlaneCell] = []
    for rung in rungs.values {
      let curve = try ExcessSurface(rung, n: \.n, d: \.d, excess: \.excess)
      guard let excess = curve.excess(n: rung[0].n, d: tokens) else { continue }
      var cell = rung[0]
      cell.d = tokens
      cell.excess = excess
      found.append(cell)
    }
    return found.sorted { ($0.n, $0.seed) < ($1.n, $1.seed) }
  }
}
