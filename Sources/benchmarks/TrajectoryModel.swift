import ArgumentParser
import Kernels
import Randomness
import Trainer

/// A model and the way it is trained, small enough that software multiply-adds train it too.
///
/// Together they take every kind of model, of loss, of optimiser and of rate rule that there is, in
/// sizes that are no multiples of 16; the narrow transformer has one width of which most kernels
/// have a form of their own, and more sequences than its attention takes together.
enum TrajectoryModel: String, CaseIterable, Encodable, ExpressibleByArgument {
  case transformer
  case transformerTied = "transformer-tied"
  case transformerNarrow = "transformer-narrow"
  case recurrence
  case recurrenceTied = "recurrence-tied"
  case regression
  case classification
  case memory
  case distillation

  /// The steps after which `recordedHash` holds.
  static let recordedSteps = 200

  /// The fingerprint of the weights after `recordedSteps` steps, on any machine.
  ///
  /// It belongs to one `trainerVersion`.
  var recordedHash: UInt64 {
    switch self {
    case .transformer: 0x10e6_d1cc_84d3_e2bb
    case .transformerTied: 0x05ad_5ee8_d519_e8e3
    case .transformerNarrow: 0xc3fb_881d_eac6_8daa
    case .recurrence: 0x72d1_31b5_7746_46b6
    case .recurrenceTied: 0x259a_16eb_e041_880b
    case .regression: 0x3205_8446_095a_b741
    case .classification: 0xf002_7033_9d3e_61ce
    case .memory: 0xcdd9_de48_b25f_3f79
    case .distillation: 0x62a8_af12_d80a_716f
    }
  }

  /// What a training ends with.
  struct Outcome {
    var fingerprint: UInt64
    /// All that went through the model.
    var positions: Int
  }

  private static let vocabulary = 21

  /// The model at its beginning.
  private func model() throws -> any Model {
    switch self {
    case .transformer:
      try Transformer(
        TransformerConfiguration(
          vocabulary: Self.vocabulary, context: 19, width: 24,
          positions: .relativeBias(.previousTokens(value: 4))))
    case .transformerTied:
      try Transformer(
        TransformerConfiguration(
          vocabulary: Self.vocabulary, context: 12, width: 20, layers: 2, activation: .gelu,
          positions: .learned, output: .tied, normGain: true))
    case .transformerNarrow:
      try Transformer(
        TransformerConfiguration(
          vocabulary: 64, context: 21, width: 8, layers: 2, positions: .relativeBias(.zero)))
    case .recurrence:
      try GatedRecurrence(
        GatedRecurrenceConfiguration(vocabulary: Self.vocabulary, context: 19, width: 24))
    case .recurrenceTied:
      try GatedRecurrence(
        GatedRecurrenceConfiguration(
          vocabulary: Self.vocabulary, context: 12, width: 12, layers: 2, stateRatio: 2,
          activation: .gelu, output: .tied, normGain: true))
    case .regression:
      try MultilayerPerceptron(
        MultilayerPerceptronConfiguration(inputs: 5, outputs: 3, width: 36, layers: 2))
    case .classification:
      try MultilayerPerceptron(
        MultilayerPerceptronConfiguration(
          inputs: 18, outputs: 7, width: 20, activation: .gelu, biases: false))
    case .memory:
      try AssociativeMemory(
        AssociativeMemoryConfiguration(
          inputs: 50, outputs: Self.vocabulary, dimension: 13, embeddings: .gaussian(seed: 6)))
    case .distillation:
      try Transformer(
        TransformerConfiguration(
          vocabulary: Self.vocabulary, context: 16, width: 12, positions: .none))
    }
  }

  private func sequences(_ model: any Model) -> Int {
    if model.positionsPerSequence == 1 { return 24 }
    return self == .transformerNarrow ? 5 : 3
  }

  private func optimizer() -> Optimizer {
    switch self {
    case .transformerTied, .recurrenceTied: .adamW(beta2: 0.95, decay: 0.1, clip: 0.5)
    case .memory: .sgd(clip: 1)
    case .classification: .sgd()
    default: .adamW(rates: .maximalUpdate(baseWidth: 32))
    }
  }

  /// Trains from the beginning, for at least one step.
  func train(steps: Int, isa: InstructionSet) throws -> Outcome {
    let model = try model()
    let warmup = min(10, steps - 1)
    let run = try TrainingRun(
      model: model, optimizer: optimizer(),
      schedule: self == .memory || self == .classification
        ? .constant(rate: 0.5) : .cosine(rate: 6e-3, warmup: warmup, steps: steps),
      seed: 1, sequencesPerBatch: sequences(model), instructionSet: isa)
    let positions = run.tokensPerStep
    var stream = RandomStream(seed: 1, "trajectory")
    func indices(below bound: Int) -> [Int32] {
      (0..<positions).map { _ in Int32(stream.uniform(below: bound)) }
    }
    func numbers(_ count: Int) -> [Float] { (0..<count).map { _ in Float(stream.normal()) } }
    // Some positions do not count.
    func targets() -> [Int32] { indices(below: model.outputCount + 2).map { $0 - 2 } }
    let table = try DistributionTable(
      columns: 7,
      probabilities: [Float](repeating: 1 / 8, count: 6) + [1 / 4, 0, 0, 1 / 2, 0, 1 / 4, 0, 1 / 4])
    for _ in 0..<steps {
      switch self {
      case .regression:
        try run.step(inputs: numbers(positions * 5), values: numbers(positions * 3))
      case .classification:
        let inputs = numbers(positions * 18)
        if run.completedSteps.isMultiple(of: 2) {
          try run.step(inputs: inputs, targets: targets())
        } else {
          try run.step(
            inputs: inputs, distributions: table, rows: indices(below: 3).map { $0 - 1 })
        }
      case .distillation:
        let tokens = indices(below: model.inputCount)
        // Its own teacher, of other tokens and sharpened.
        try run.step(
          tokens: tokens,
          distributions: run.evaluator.distributions(tokens: tokens.reversed(), temperature: 0.5),
          rows: (0..<positions).map { Int32($0) })
      default:
        try run.step(tokens: indices(below: model.inputCount), targets: targets())
      }
    }
    return Outcome(fingerprint: run.snapshot().fingerprint, positions: steps * positions)
  }
}
