import Laboratory
import Randomness
import Tasks
import Trainer

/// One small transformer trained again and again on the same few texts.
///
/// The pool is the first `unique` tokens of the text that a `LanguageRun` with the same seed reads. The
/// first epoch is therefore that run; each later epoch sees the same sequences in a new order. As
/// there, a constant trunk has a cooldown branch for each entry of `epochs`.
public struct RepeatedRun: Trial {
  /// The name in the run store.
  public static let name = "repeated-run"
  /// Bumped when `run` means something else.
  public static let version = 1

  /// The language that is learned.
  public var language: MarkovLanguage.Definition
  /// The width of the model.
  public var width: Int
  /// U, the tokens of the pool; a multiple of a step's tokens.
  public var unique: Int
  /// How often the pool is read, one branch for each, ascending.
  public var epochs: [Int]
  /// Decides the initial values, the pool and its orders.
  public var seed: UInt64

  /// A trunk with a branch after each of `epochs`.
  public init(
    language: MarkovLanguage.Definition, width: Int, unique: Int, epochs: [Int], seed: UInt64
  ) {
    self.language = language
    self.width = width
    self.unique = unique
    self.epochs = epochs
    self.seed = seed
  }

  /// What a run measures.
  public struct Outcome: Codable, Sendable {
    /// All trained parameters.
    public var parameters: Int
    /// The entropy rate of the language: the irreducible loss, in nats per token.
    public var entropy: Double
    /// The exact excess loss on fresh text after each of `epochs`, in nats per token.
    public var excess: [Double]
  }

  private static let warmup = 30

  private var steps: [Int] { epochs.map { $0 * unique / LanguageRun.tokensPerStep } }

  private static func start(of steps: Int) -> Int {
    Schedule.cooldownStart(steps: steps, fraction: LanguageRun.cooldownStart)
  }

  /// The tokens of the trunk and of all cooldowns, repeated ones included.
  public var trainingTokens: Double {
    let trunk = steps.map(Self.start).max() ?? 0
    let cooldowns = steps.reduce(0) { $0 + $1 - Self.start(of: $1) }
    return Double((trunk + cooldowns) * LanguageRun.tokensPerStep)
  }

  /// The counted FLOPs of training and of measuring.
  public var flops: Double {
    guard let model = LanguageRun.model(for: language, width: width) else { return 0 }
    let evaluated = Double(epochs.count * LanguageRun.heldOutWindows * LanguageRun.context)
    return trainingTokens * model.flopsPerToken(training: true)
      + evaluated * model.flopsPerToken(training: false)
  }

  /// Trains the trunk and its branches.
  ///
  /// - Throws: `TrialInputError` for a pool that is no multiple of a step's tokens and for epochs
  ///   that are not positive and ascending; else what `LanguageRun.run` throws.
  public func run(_ context: TrialContext) throws -> Outcome {
    guard unique > 0, unique % LanguageRun.tokensPerStep == 0 else {
      throw TrialInputError(
        field: "unique", found: "\(unique)",
        requirement: "be a positive multiple of \(LanguageRun.tokensPerStep)",
        advice: "That is how many tokens one step reads.")
    }
    guard let first = epochs.first, first > 0, zip(epochs, epochs.dropFirst()).allSatisfy(<) else {
      throw TrialInputError(
        field: "epochs", found: "\(epochs)", requirement: "be positive and ascending",
        advice: "Give how often the pool is read, for example [1, 2, 4].")
    }
    let model = try LanguageRun.makeModel(for: language, width: width)
    let world = try LanguageWorld.shared(language)
    let optimizer = Optimizer.adamW(rates: .maximalUpdate(baseWidth: 32))
    let trunk = try TrainingRun(
      model: model, optimizer: optimizer,
      schedule: .constant(rate: LanguageGrid.rate, warmup: Self.warmup), seed: seed,
      sequencesPerBatch: LanguageRun.sequencesPerBatch)
    var pool = TextPool(language: world.language, tokens: unique, seed: seed)
    let excess = try steps.map { steps in
      let start = Self.start(of: steps)
      try pool.train(trunk, until: start)
      let branch = try TrainingRun(
        from: trunk.snapshot(), model: model, optimizer: optimizer,
        schedule: .cooldown(
          rate: LanguageGrid.rate, warmup: Self.warmup, start: start, end: steps),
        sequencesPerBatch: LanguageRun.sequencesPerBatch)
      try pool.train(branch, until: steps)
      return try world.excess(of: branch)
    }
    return Outcome(
      parameters: model.parameterCount, entropy: world.language.irreducibleLoss, excess: excess)
  }
}

/// A finite text that is read in a new order each time.
struct TextPool {
  private let tokens: [Int32]
  private let targets: [Int32]
  private let sequences: Int
  private let orders: RandomStream
  private var epoch = -1
  private var order: [Int] = []
  private var batch: (tokens: [Int32], targets: [Int32])

  init(language: MarkovLanguage, tokens count: Int, seed: UInt64) {
    let stream = RandomStream(seed: seed, "training text")
    let step = LanguageRun.tokensPerStep
    var tokens = [Int32](repeating: 0, count: count)
    var targets = tokens
    tokens.withUnsafeMutableBufferPointer { tokens in
      targets.withUnsafeMutableBufferPointer { targets in
        for index in 0..<count / step {
          var random = stream.split(index)
          language.sample(
            sequences: LanguageRun.sequencesPerBatch, length: LanguageRun.context, using: &random,
            tokens: tokens.baseAddress! + index * step, targets: targets.baseAddress! + index * step
          )
        }
      }
    }
    self.tokens = tokens
    self.targets = targets
    sequences = count / LanguageRun.context
    orders = RandomStream(seed: seed, "order of the pool")
    batch = ([Int32](repeating: 0, count: step), [Int32](repeating: 0, count: step))
  }

  /// Trains from the run's next step up to, and not including, `step`.
  mutating func train(_ run: TrainingRun, until step: Int) throws {
    let (count, length) = (LanguageRun.sequencesPerBatch, LanguageRun.context)
    let batches = sequences / count
    while run.completedSteps < step {
      let epoch = run.completedSteps / batches
      if epoch != self.epoch {
        self.epoch = epoch
        var random = orders.split(epoch)
        // The first epoch is in the order of the text, so that it equals a run without repeats.
        order = epoch == 0 ? Array(0..<sequences) : random.permutation(sequences)
      }
      let first = run.completedSteps % batches * count
      for row in 0..<count {
        let source = order[first + row] * length
        for position in 0..<length {
          batch.tokens[row * length + position] = tokens[source + position]
          batch.targets[row * length + position] = targets[source + position]
        }
      }
      _ = try run.step(tokens: batch.tokens, targets: batch.targets)
    }
  }
}
