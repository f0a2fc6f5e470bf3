import Laboratory
import Randomness
import Tasks
import Trainer

/// One small transformer trained on a Markov language: a constant trunk and its cooldown branches.
///
/// The trunk trains at a constant rate. For each entry of `steps` a branch leaves it at 80 % of
/// those steps and cools down linearly to a rate of zero (Hägele et al. 2024, arXiv 2405.18392), so
/// that one trunk gives the whole axis of data at little more than the price of its longest run.
/// Every branch, and the trunk at the same step, is measured by its exact excess loss: the
/// Kullback-Leibler divergence of the true next-token distribution from the model's, averaged over
/// the counted positions of held-out windows. Nothing is fitted and no floor is guessed.
public struct LanguageRun: Trial {
  /// The name in the run store.
  public static let name = "language-run"
  /// Bumped when `run` means something else.
  public static let version = 1

  /// The language that is learned.
  public var language: MarkovLanguage.Definition
  /// The width of the model.
  public var width: Int
  /// The lengths of the branches in optimiser steps, ascending.
  public var steps: [Int]
  /// The learning rate of a model 32 wide; wider ones follow muP (`RateRule.maximalUpdate`).
  public var rate: Double
  /// The steps of the linear warm-up.
  public var warmup: Int
  /// Decides the initial values and the order of the data.
  public var seed: UInt64

  /// A trunk with a branch at each of `steps`.
  public init(
    language: MarkovLanguage.Definition, width: Int, steps: [Int], rate: Double = LanguageGrid.rate,
    warmup: Int = 30,
    seed: UInt64
  ) {
    self.language = language
    self.width = width
    self.steps = steps
    self.rate = rate
    self.warmup = warmup
    self.seed = seed
  }

  /// What a run measures.
  public struct Outcome: Codable, Sendable {
    /// All trained parameters.
    public var parameters: Int
    /// The trained parameters outside the embedding and output tables.
    public var parametersWithoutEmbeddings: Int
    /// The entropy rate of the language: the irreducible loss, in nats per token.
    public var entropy: Double
    /// One entry per branch.
    public var branches: [Branch]
  }

  /// A finished branch.
  public struct Branch: Codable, Sendable {
    /// The optimiser steps of the branch.
    public var steps: Int
    /// Tokens trained on, D.
    public var tokens: Int
    /// Training FLOPs counted from the shapes, forward and backward, attention included.
    public var flops: Double
    /// The exact excess loss in nats per token.
    public var excess: Double
    /// The excess of the trunk at the same step, without cooldown; nil at the last branch, which
    /// the trunk does not reach.
    public var uncooledExcess: Double?
  }

  /// The positions of a sequence.
  public static let context = 32
  /// The sequences of a batch.
  public static let sequencesPerBatch = 8
  /// The attention heads of every model.
  public static let heads = 4
  /// The tokens of one optimiser step.
  public static let tokensPerStep = context * sequencesPerBatch
  /// The share of a branch's steps after which it leaves the trunk.
  public static let cooldownStart = 0.8
  /// The held-out windows on which a branch is measured.
  public static let heldOutWindows = 1536

  /// The model of a given width; nil if the width is not one that can be built.
  public static func model(for language: MarkovLanguage.Definition, width: Int) -> Transformer? {
    try? makeModel(for: language, width: width)
  }

  static func makeModel(
    for language: MarkovLanguage.Definition, width: Int
  ) throws(ConfigurationError) -> Transformer {
    try Transformer(
      TransformerConfiguration(
        vocabulary: language.vocabulary, context: context, width: width, layers: 1, heads: heads,
        positions: .relativeBias(.previousTokens(value: 4))))
  }

  /// Refuses lengths of training that are not positive and ascending.
  static func check(steps: [Int]) throws(TrialInputError) {
    if let first = steps.first, first > 0, zip(steps, steps.dropFirst()).allSatisfy(<) { return }
    throw TrialInputError(
      field: "steps", found: "\(steps)", requirement: "be positive and ascending",
      advice: "Give the lengths of the branches, for example [100, 200, 400].")
  }

  /// The number of trained parameters; 0 if the width cannot be built.
  public var parameters: Int {
    Self.model(for: language, width: width)?.parameterCount ?? 0
  }

  /// The trunk's steps and the branches' cooldowns.
  private var totalSteps: Int {
    let trunk = steps.map(Self.start).max() ?? 0
    return trunk + steps.reduce(0) { $0 + $1 - Self.start(of: $1) }
  }

  private static func start(of steps: Int) -> Int {
    Schedule.cooldownStart(steps: steps, fraction: cooldownStart)
  }

  /// The tokens of the trunk and of all cooldowns.
  public var trainingTokens: Double { Double(totalSteps * Self.tokensPerStep) }

  /// The counted FLOPs of training and of measuring.
  public var flops: Double {
    guard let model = Self.model(for: language, width: width) else { return 0 }
    let evaluated = Double((2 * steps.count - 1) * Self.heldOutWindows * Self.context)
    return trainingTokens * model.flopsPerToken(training: true)
      + evaluated * model.flopsPerToken(training: false)
  }

  /// Trains the trunk and its branches.
  ///
  /// - Throws: `ConfigurationError` for a width that is not a multiple of the heads,
  ///   `TrialInputError` for steps that are not positive and ascending, `TrainingError.diverged`.
  public func run(_ context: TrialContext) throws -> Outcome {
    try Self.check(steps: steps)
    let model = try Self.makeModel(for: language, width: width)
    let world = try LanguageWorld.shared(language)
    let optimizer = Optimizer.adamW(rates: .maximalUpdate(baseWidth: 32))
    let trunk = try TrainingRun(
      model: model, optimizer: optimizer, schedule: .constant(rate: rate, warmup: warmup),
      seed: seed, sequencesPerBatch: Self.sequencesPerBatch)

    // What happens on the trunk, in order: a branch leaves, or the trunk itself is measured.
    enum Event { case branch(Int), measure(Int) }
    let trunkSteps = steps.map(Self.start).max() ?? 0
    let events =
      (steps.indices.map { (step: Self.start(of: steps[$0]), event: Event.branch($0)) }
      + steps.indices.map { (step: steps[$0], event: Event.measure($0)) })
      .filter { $0.step <= trunkSteps }
      .sorted { $0.step < $1.step }

    var branches = steps.map { steps in
      Branch(
        steps: steps, tokens: steps * Self.tokensPerStep,
        flops: Double(steps * Self.tokensPerStep) * model.flopsPerToken(training: true), excess: 0)
    }
    var batches = BatchStream(language: world.language, seed: seed)
    for (step, event) in events {
      try batches.train(trunk, until: step)
      switch event {
      case .measure(let index):
        branches[index].uncooledExcess = try world.excess(of: trunk)
      case .branch(let index):
        let branch = try TrainingRun(
          from: trunk.snapshot(), model: model, optimizer: optimizer,
          schedule: .cooldown(rate: rate, warmup: warmup, start: step, end: steps[index]),
          sequencesPerBatch: Self.sequencesPerBatch)
        try batches.train(branch, until: steps[index])
        branches[index].excess = try world.excess(of: branch)
      }
    }
    return Outcome(
      parameters: model.parameterCount,
      parametersWithoutEmbeddings: model.parameterCountWithoutEmbeddings,
      entropy: world.language.irreducibleLoss, branches: branches)
  }
}

/// A trial's own field that no run can be made of.
public struct TrialInputError: Error, Equatable, CustomStringConvertible {
  /// The field of the trial.
  public var field: String
  /// Its value, as text.
  public var found: String
  /// What must hold, completing 'must'.
  public var requirement: String
  /// What to do.
  public var advice: String

  /// The whole text.
  public var description: String {
    "`\(field)` must \(requirement); found \(found). \(advice)"
  }
}
