import Laboratory
import Randomness
import Tasks
import Trainer

/// An associative memory trained on pairs whose inputs follow Zipf's law, for several amounts of
/// data.
///
/// The memory gives the `facts` most frequent inputs a vector of their own and all others none, so
/// N = `facts` counts what it can store at best. Every amount of data is a run of its own: the rate
/// falls linearly to zero at its end. The excess is exact: no input is sampled to measure it.
public struct AssociationRun: Trial {
  /// The name in the run store.
  public static let name = "association-run"
  /// Bumped when `run` means something else.
  public static let version = 1

  /// The task.
  public var association: ZipfAssociation.Definition
  /// N, the inputs that have a vector of their own.
  public var facts: Int
  /// The amounts of data D to train with, in pairs; multiples of 32.
  public var pairs: [Int]
  /// Decides the data.
  public var seed: UInt64

  /// A run for each entry of `pairs`.
  public init(association: ZipfAssociation.Definition, facts: Int, pairs: [Int], seed: UInt64) {
    self.association = association
    self.facts = facts
    self.pairs = pairs
    self.seed = seed
  }

  /// What the runs end with.
  public struct Outcome: Codable, Sendable {
    /// The conditional entropy of the answers: the irreducible loss, in nats.
    public var entropy: Double
    /// The exact excess loss for each of `pairs`, in nats.
    public var excess: [Double]
  }

  private static let batch = 32
  /// The first learning rate on the mean gradient of a batch: 2 on the summed one.
  private static let rate = 64.0

  private var model: AssociativeMemory? {
    try? AssociativeMemory(
      AssociativeMemoryConfiguration(
        inputs: association.inputs + 1, outputs: association.outputs, dimension: facts,
        embeddings: .truncatedOneHot))
  }

  /// The pairs of all runs.
  public var trainingTokens: Double { Double(pairs.reduce(0, +)) }

  /// The counted FLOPs of all runs.
  public var flops: Double { trainingTokens * (model?.flopsPerToken(training: true) ?? 0) }

  /// Trains once for each amount of data.
  ///
  /// - Throws: `TrialInputError` for pairs that are no positive multiple of the batch,
  ///   `ConfigurationError`, `TrainingError.diverged`.
  public func run(_ context: TrialContext) throws -> Outcome {
    guard facts >= 1, facts <= association.inputs else {
      throw TrialInputError(
        field: "facts", found: "\(facts)",
        requirement: "be between 1 and the task's inputs (\(association.inputs))",
        advice: "Give the memory fewer facts, or the task more inputs.")
    }
    if let wrong = pairs.first(where: { $0 <= 0 || $0 % Self.batch != 0 }) {
      throw TrialInputError(
        field: "pairs", found: "\(wrong)", requirement: "be a positive multiple of \(Self.batch)",
        advice: "One batch holds \(Self.batch) pairs.")
    }
    let task = ZipfAssociation(association)
    return Outcome(
      entropy: task.entropy, excess: try pairs.map { try excess(after: $0, of: task) })
  }

  private func excess(after pairs: Int, of task: ZipfAssociation) throws -> Double {
    let model = try AssociativeMemory(
      AssociativeMemoryConfiguration(
        inputs: task.inputs + 1, outputs: association.outputs, dimension: facts,
        embeddings: .truncatedOneHot))
    let steps = pairs / Self.batch
    let run = try TrainingRun(
      model: model, optimizer: .sgd(),
      schedule: .cooldown(rate: Self.rate, steps: steps, from: 0), seed: seed,
      sequencesPerBatch: Self.batch)
    // The same pairs in the same order for every size and length.
    var random = RandomStream(seed: seed, "pairs")
    var inputs = [Int32](repeating: 0, count: Self.batch)
    var targets = inputs
    for _ in 0..<steps {
      task.sample(Self.batch, using: &random, inputs: &inputs, targets: &targets)
      try run.step(tokens: inputs, targets: targets)
    }
    let logits = try run.evaluator.logits(tokens: (0..<facts).map(Int32.init))
    return task.excess(
      crossEntropies: (0..<facts).map { input in
        let row = logits[input * association.outputs..<(input + 1) * association.outputs]
        return task.crossEntropy(input: input, of: Self.softmax(row))
      })
  }

  /// The probabilities of a row of logits.
  private static func softmax(_ logits: ArraySlice<Float>) -> [Double] {
    let largest = Double(logits.max() ?? 0)
    let powers = logits.map { Reproducible.exp(Double($0) - largest) }
    let sum = powers.reduce(0, +)
    return powers.map { $0 / sum }
  }
}
