import Laboratory
import Tasks
import Trainer

/// One small transformer trained on a Markov language under any schedule, read on its way.
///
/// Unlike a `LanguageRun` it has no cooldown branches: at each of `steps` the model is measured as
/// it stands, whatever its learning rate then is. That is how losses are read off the middle of a
/// run whose schedule was made for another length, and what that does to an exponent can be
/// measured. Batches and initial values are those of a `LanguageRun` with the same seed.
public struct ScheduledRun: Trial {
  /// The name in the run store.
  public static let name = "scheduled-run"
  /// Bumped when `run` means something else.
  public static let version = 1

  /// The language that is learned.
  public var language: MarkovLanguage.Definition
  /// The width of the model.
  public var width: Int
  /// The steps at which the model is measured, ascending.
  public var steps: [Int]
  /// The learning rate, the same for every length of training.
  public var schedule: Schedule
  /// How the rate depends on the width.
  public var rates: RateRule
  /// Decides the initial values and the order of the data.
  public var seed: UInt64

  /// A run that is measured at each of `steps`.
  public init(
    language: MarkovLanguage.Definition, width: Int, steps: [Int], schedule: Schedule,
    rates: RateRule = .maximalUpdate(baseWidth: 32), seed: UInt64
  ) {
    self.language = language
    self.width = width
    self.steps = steps
    self.schedule = schedule
    self.rates = rates
    self.seed = seed
  }

  private var model: Transformer? { LanguageRun.model(for: language, width: width) }

  /// The tokens of the whole run.
  public var trainingTokens: Double { Double((steps.max() ?? 0) * LanguageRun.tokensPerStep) }

  /// The counted FLOPs of training and of measuring.
  public var flops: Double {
    guard let model else { return 0 }
    let evaluated = Double(steps.count * LanguageRun.heldOutWindows * LanguageRun.context)
    return trainingTokens * model.flopsPerToken(training: true)
      + evaluated * model.flopsPerToken(training: false)
  }

  /// Trains up to the last of `steps` and measures on the way.
  ///
  /// - Returns: What a `LanguageRun` returns, with one branch for each of `steps`; there is no
  ///   other reading without cooldown.
  /// - Throws: `ConfigurationError` for a width that is not a multiple of the heads,
  ///   `TrialInputError` for steps that are not positive and ascending, `TrainingError.diverged`.
  public func run(_ context: TrialContext) throws -> LanguageRun.Outcome {
    try LanguageRun.check(steps: steps)
    let model = try LanguageRun.makeModel(for: language, width: width)
    let world = try LanguageWorld.shared(language)
    let run = try TrainingRun(
      model: model, optimizer: .adamW(rates: rates), schedule: schedule, seed: seed,
      sequencesPerBatch: LanguageRun.sequencesPerBatch)
    var batches = BatchStream(language: world.language, seed: seed)
    var branches: [LanguageRun.Branch] = []
    for steps in steps {
      try batches.train(run, until: steps)
      branches.append(
        LanguageRun.Branch(
          steps: steps, tokens: steps * LanguageRun.tokensPerStep, flops: run.flops,
          excess: try world.excess(of: run)))
    }
    return LanguageRun.Outcome(
      parameters: model.parameterCount,
      parametersWithoutEmbeddings: model.parameterCountWithoutEmbeddings,
      entropy: world.language.irreducibleLoss, branches: branches)
  }
}
