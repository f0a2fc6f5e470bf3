import Laboratory
import Tasks

/// A point of a learning curve: one width, one seed, one amount of data.
public struct CurvePoint: Sendable {
  /// Which draw of the language.
  public var draw: UInt64
  /// The seed of the run.
  public var seed: UInt64
  /// The width of the model.
  public var width: Int
  /// All trained parameters.
  public var parameters: Double
  /// The trained parameters outside the embedding and output tables.
  public var parametersWithoutEmbeddings: Double
  /// D, tokens trained on.
  public var tokens: Double
  /// Training FLOPs counted from the shapes, forward and backward, attention included.
  public var flops: Double
  /// The language's entropy rate: the floor, in nats per token.
  public var entropy: Double
  /// The exact excess loss, in nats per token.
  public var excess: Double

  /// A point from its parts.
  public init(
    draw: UInt64 = 1, seed: UInt64 = 1, width: Int, parameters: Double,
    parametersWithoutEmbeddings: Double, tokens: Double, flops: Double, entropy: Double = 0,
    excess: Double
  ) {
    self.draw = draw
    self.seed = seed
    self.width = width
    self.parameters = parameters
    self.parametersWithoutEmbeddings = parametersWithoutEmbeddings
    self.tokens = tokens
    self.flops = flops
    self.entropy = entropy
    self.excess = excess
  }

  /// The loss in nats per token.
  public var loss: Double { entropy + excess }

  /// The runs that share language and seed: they saw the same text in the same order.
  public var ladder: Ladder { Ladder(draw: draw, seed: seed) }

  /// One draw of the language and one seed: what is resampled as a whole.
  public struct Ladder: Hashable, Comparable, Sendable {
    /// Which draw of the language.
    public var draw: UInt64
    /// The seed of the runs.
    public var seed: UInt64
    /// By draw, then by seed.
    public static func < (a: Self, b: Self) -> Bool { (a.draw, a.seed) < (b.draw, b.seed) }
  }
}

extension Sequence where Element == CurvePoint {
  /// The same points with the floor of the first one's language: every loss is shifted by the
  /// difference of the exact entropies, so that draws of a language can share the E of one fit.
  public func onOneFloor() -> [CurvePoint] {
    var floor: Double?
    return map { point in
      var point = point
      point.entropy = floor ?? point.entropy
      floor = point.entropy
      return point
    }
  }
}

extension CurvePoint {
  /// The reading of a run whose learning rate is looked at.
  public enum Reading: Sendable {
    /// After the cooldown of a branch of its own, or wherever a scheduled run stands.
    case branch
    /// On the trunk, at a constant rate.
    case trunk
  }

  /// The points of trunks with their cooldown branches; a reading that a branch lacks is left out.
  public static func points(of runs: Runs<LanguageRun>, _ reading: Reading) -> [CurvePoint] {
    runs.flatMap { run in
      points(
        run.outcome, language: run.trial.language, width: run.trial.width, seed: run.trial.seed,
        reading)
    }
  }

  /// The points of one run's outcome.
  public static func points(
    _ outcome: LanguageRun.Outcome, of run: LanguageRun, _ reading: Reading = .branch
  ) -> [CurvePoint] {
    points(outcome, language: run.language, width: run.width, seed: run.seed, reading)
  }

  /// The exact cells around the best split of a regression's budget: N features, D examples.
  public static func points(
    _ outcome: SpectrumOptimum.Outcome, of run: SpectrumOptimum
  ) -> [CurvePoint] {
    outcome.cells.map { cell in
      CurvePoint(
        width: cell.size, parameters: Double(cell.size), parametersWithoutEmbeddings: 0,
        tokens: Double(cell.examples), flops: 0, entropy: run.regression.noise,
        excess: cell.excess)
    }
  }

  /// The points of runs that were read on their way.
  public static func points(of runs: Runs<ScheduledRun>) -> [CurvePoint] {
    runs.flatMap { run in
      points(
        run.outcome, language: run.trial.language, width: run.trial.width, seed: run.trial.seed,
        .branch)
    }
  }

  private static func points(
    _ outcome: LanguageRun.Outcome, language: MarkovLanguage.Definition, width: Int, seed: UInt64,
    _ reading: Reading
  ) -> [CurvePoint] {
    outcome.branches.compactMap { branch in
      guard let excess = reading == .branch ? branch.excess : branch.uncooledExcess else {
        return nil
      }
      return CurvePoint(
        draw: language.seed, seed: seed, width: width, parameters: Double(outcome.parameters),
        parametersWithoutEmbeddings: Double(outcome.parametersWithoutEmbeddings),
        tokens: Double(branch.tokens), flops: branch.flops, entropy: outcome.entropy,
        excess: excess)
    }
  }
}

/// What is counted as the size of a model and as the compute of its training.
public enum Accounting: String, CaseIterable, Sendable {
  /// All parameters, and C = 6 N D.
  case all
  /// All parameters, and FLOPs counted from the shapes, attention included.
  case counted
  /// Parameters outside the embedding and output tables, and C = 6 N D with all of them.
  case sizeWithoutEmbeddings
  /// Parameters outside the embedding and output tables, and C = 6 N D with these alone: what
  /// Kaplan et al. (2020, arXiv 2001.08361) count.
  case withoutEmbeddings

  /// N.
  public func size(_ point: CurvePoint) -> Double {
    switch self {
    case .all, .counted: point.parameters
    case .sizeWithoutEmbeddings, .withoutEmbeddings: point.parametersWithoutEmbeddings
    }
  }

  /// C, in FLOPs.
  public func compute(_ point: CurvePoint) -> Double {
    switch self {
    case .all, .sizeWithoutEmbeddings: 6 * point.parameters * point.tokens
    case .counted: point.flops
    case .withoutEmbeddings: 6 * point.parametersWithoutEmbeddings * point.tokens
    }
  }
}
