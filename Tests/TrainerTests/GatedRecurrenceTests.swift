import Foundation
import Kernels
import Testing

@testable import Trainer

@Suite struct GatedRecurrenceTests {
  /// A configuration and the batch that it is tested on.
  struct Case: CustomTestStringConvertible {
    var configuration: GatedRecurrenceConfiguration
    var sequences = 2
    var seed: UInt64
    /// The elements that are compared in each tensor; all if there are fewer.
    var sample = Int.max

    var testDescription: String {
      let c = configuration
      return "d \(c.width), state \(c.stateWidth), L \(c.layers), T \(c.context), "
        + "\(c.activation), \(c.output), gain \(c.normGain)"
    }
  }

  /// Every kind, so small that each parameter is compared.
  static let everyKind: [Case] =
    [TransformerConfiguration.Activation.relu, .gelu].flatMap { activation in
      [TransformerConfiguration.Output.untied, .tied].flatMap { output in
        [false, true].map { gain in
          Case(
            configuration: GatedRecurrenceConfiguration(
              vocabulary: 5, context: 4, width: 4, mlpRatio: 2, activation: activation,
              output: output, normGain: gain),
            seed: 21)
        }
      }
    }

  /// Widths that do not fit the lanes, contexts around one and two chunks of the scan.
  static let oddSizes: [Case] = [
    Case(
      configuration: GatedRecurrenceConfiguration(
        vocabulary: 7, context: 15, width: 12, layers: 2, normGain: true), seed: 3, sample: 5),
    Case(
      configuration: GatedRecurrenceConfiguration(vocabulary: 19, context: 16, width: 10),
      sequences: 3, seed: 2, sample: 5),
    Case(
      configuration: GatedRecurrenceConfiguration(
        vocabulary: 5, context: 17, width: 6, stateRatio: 3, activation: .gelu, output: .tied),
      seed: 3, sample: 6),
    Case(
      configuration: GatedRecurrenceConfiguration(
        vocabulary: 17, context: 33, width: 20, stateRatio: 2), sequences: 1, seed: 4, sample: 4),
    Case(
      configuration: GatedRecurrenceConfiguration(vocabulary: 6, context: 1, width: 3),
      sequences: 5, seed: 5),
  ]

  @Test(arguments: everyKind + oddSizes)
  func everyParameterHasTheRightGradient(_ test: Case) throws {
    let c = test.configuration
    let model = try GatedRecurrence(c)
    let probe = Probe(model, seed: test.seed)
    let (tokens, targets) = randomBatch(
      sequences: test.sequences, positions: c.context, inputs: c.vocabulary,
      outputs: c.vocabulary, seed: test.seed &+ 100)
    let reference = ReferenceRecurrence(configuration: c)
    func loss(_ parameters: [String: [Double]]) -> Double {
      meanCrossEntropy(
        logits: reference.logits(parameters, tokens: tokens).logits, columns: c.vocabulary,
        targets: targets)
    }
    #expect(
      reference.logits(probe.tensors, tokens: tokens).kinkMargin > 1e-4, "choose another seed")
    let found = try probe.gradient(tokens: tokens, targets: targets)
    let expected = loss(probe.tensors)
    #expect(abs(found.loss - expected) <= 2e-6 * expected)
    try GradientTests.compare(
      found.byTensor, model: model, at: probe.tensors, sample: test.sample, seed: test.seed,
      loss: loss)
    #expect(GradientTests.paddingIsZero(found.flat, model))
  }

  @Test(arguments: everyKind + oddSizes)
  func neitherTheMicroBatchNorTheInstructionSetChangesABit(_ test: Case) throws {
    let c = test.configuration
    let model = try GatedRecurrence(c)
    let (tokens, targets) = randomBatch(
      sequences: 6, positions: c.context, inputs: c.vocabulary, outputs: c.vocabulary, seed: 8)
    let whole = try Probe(model, seed: 5).gradient(tokens: tokens, targets: targets)
    for isa in InstructionSet.available {
      let probe = Probe(model, seed: 5, kernels: isa.kernels)
      for microBatch in [1, 4, 6] {
        let parts = try probe.gradient(tokens: tokens, targets: targets, microBatch: microBatch)
        #expect(parts.flat.map(\.bitPattern) == whole.flat.map(\.bitPattern))
        #expect(parts.loss == whole.loss)
      }
    }
  }

  @Test(arguments: everyKind + oddSizes)
  func decodingGivesTheBitsOfTheScan(_ test: Case) throws {
    let c = test.configuration
    let model = try GatedRecurrence(c)
    let snapshot = DecoderTests.snapshot(model, seed: test.seed)
    for isa in InstructionSet.available {
      let sequences = DecoderTests.prompts(
        [c.context, c.context, c.context], vocabulary: c.vocabulary, seed: test.seed)
      let decoder = try Decoder(
        model: model, snapshot: snapshot, sequences: 4, instructionSet: isa)
      for position in 0..<c.context {
        if position == 0 {
          try decoder.begin(with: sequences.map { [$0[0]] })
        } else {
          try decoder.advance(with: sequences.map { $0[position] })
        }
        let expected = try DecoderTests.logits(
          model, snapshot, after: sequences.map { Array($0[...position]) })
        #expect(decoder.logits == expected.flatMap { $0 }, "\(isa), position \(position)")
      }
    }
  }

  @Test(arguments: everyKind + oddSizes)
  func promptsOfAnyLengthGiveTheBitsOfTheScan(_ test: Case) throws {
    let c = test.configuration
    let model = try GatedRecurrence(c)
    let snapshot = DecoderTests.snapshot(model, seed: test.seed)
    for size in [5, 200] {
      let decoder = try Decoder(model: model, snapshot: snapshot, sequences: size)
      // The second round must not see the states that the first one left behind.
      for lengths in [[c.context, 1, c.context / 2 + 1], [1], [c.context, c.context]] {
        let prompts = DecoderTests.prompts(
          lengths, vocabulary: c.vocabulary, seed: test.seed + 1)
        try decoder.begin(with: prompts)
        let expected = try DecoderTests.logits(model, snapshot, after: prompts)
        #expect(decoder.logits == expected.flatMap { $0 })
      }
    }
  }

  @Test func completionsAreThoseOfTheFullForwardPass() throws {
    let test = Self.oddSizes[0]
    let model = try GatedRecurrence(test.configuration)
    let snapshot = DecoderTests.snapshot(model, seed: test.seed)
    let prompts = DecoderTests.prompts([1, 15, 8, 14], vocabulary: 7, seed: 9)
    let expected = try prompts.map {
      try DecoderTests.greedy(model, snapshot, $0, limit: 20, stop: 3)
    }
    for size in [1, 3, 9] {
      let decoder = try Decoder(model: model, snapshot: snapshot, sequences: size)
      #expect(try decoder.generate(from: prompts, atMost: 20, stop: .token(3)) == expected)
    }
  }

  @Test func whatADecoderKeepsDoesNotGrowWithTheContext() throws {
    func bytes(context: Int) throws -> Int {
      let model = try GatedRecurrence(
        GatedRecurrenceConfiguration(vocabulary: 9, context: context, width: 16))
      return try Decoder(
        model: model, snapshot: DecoderTests.snapshot(model, seed: 1), sequences: 300
      ).byteCount
    }
    #expect(try bytes(context: 10) == bytes(context: 10_000))
  }

  @Test func parametersThatOverflowAreNamedAndLeaveNothingBehind() throws {
    let model = try GatedRecurrence(
      GatedRecurrenceConfiguration(vocabulary: 7, context: 12, width: 8))
    let good = DecoderTests.snapshot(model, seed: 3)
    let value = try #require(model.layout["layers.0.recurrence.value"])
    var parameters = good.parameters
    for index in value.offset..<value.offset + value.paddedCount { parameters[index] *= 3e38 }
    let bad = TrainingSnapshot(
      modelKind: good.modelKind, layout: good.layout, step: 0, parameters: parameters,
      firstMoment: nil, secondMoment: nil)
    let decoder = try Decoder(model: model, snapshot: bad, sequences: 2)
    let prompts: [[Int32]] = [[1, 2, 3, 4, 5, 6, 0, 1], [4]]
    #expect(throws: DecodingError.self) { try decoder.generate(from: prompts, atMost: 2) }
    try decoder.load(good)
    try decoder.begin(with: prompts)
    #expect(
      try decoder.logits == DecoderTests.logits(model, good, after: prompts).flatMap { $0 })
  }

  @Test func itLearnsALanguageOfTwoTokensBack() throws {
    let model = try GatedRecurrence(
      GatedRecurrenceConfiguration(vocabulary: 9, context: 12, width: 12, layers: 2))
    let run = try TrainingRun(
      model: model, optimizer: .adamW(),
      schedule: .cooldown(rate: 2e-2, warmup: 10, steps: 300, from: 0.7), seed: 7,
      sequencesPerBatch: TrainingRunTests.sequences)
    let losses = try TrainingRunTests.advance(run, to: 300)
    #expect(abs(losses[0] - Float(log(9.0))) < 1e-5)
    // The entropy of the language is 0.62 nats, that of its single tokens ln 9 = 2.2.
    #expect(losses.suffix(20).reduce(0, +) / 20 < 1.4)
  }

  @Test func itIsReadFromItsCheckpoint() throws {
    let model = try GatedRecurrence(
      GatedRecurrenceConfiguration(vocabulary: 9, context: 12, width: 12, stateRatio: 2))
    let run = try TrainingRun(
      model: model, optimizer: .adamW(), schedule: .constant(rate: 1e-2), seed: 7,
      sequencesPerBatch: TrainingRunTests.sequences)
    try TrainingRunTests.advance(run, to: 3)
    let (read, snapshot) = try CheckpointTests.roundTrip(run, as: GatedRecurrence.self)
    #expect(read.configuration == model.configuration)
    #expect(snapshot == run.snapshot())
  }

  @Test func sizesAndFlopsAreThoseOfTheFormulas() throws {
    let c = GatedRecurrenceConfiguration(
      vocabulary: 64, context: 32, width: 16, layers: 3, stateRatio: 2)
    let model = try GatedRecurrence(c)
    #expect(model.parameterCount == 2 * 64 * 16 + 3 * (16 * 256 + 32))
    let forward: Double = 2 * 3 * 16 * 256 + 2 * 16 * 64
    #expect(model.flopsPerToken(training: false) == forward)
    #expect(model.flopsPerToken(training: true) == 3 * forward)
    // Three operands of the first layer are computed once for each of 64 tokens.
    let saved: Double = 3 * 2 * 3 * 16 * 32 * (256 - 64)
    #expect(model.flopsPerTrainingStep(sequences: 8) == 256 * 3 * forward - saved)
    #expect(model.flopsOfDecoding(prompt: 1, generated: 32) == 32 * forward)
  }

  @Test func forgetGatesBeginWithMemoriesFromTwoPositionsToTheContext() throws {
    let model = try GatedRecurrence(
      GatedRecurrenceConfiguration(vocabulary: 4, context: 50, width: 8))
    let run = try TrainingRun(
      model: model, optimizer: .sgd(), schedule: .constant(rate: 0), seed: 1, sequencesPerBatch: 1)
    let biases = try #require(run.snapshot().values(of: "layers.0.recurrence.forget.bias"))
    // A channel that keeps the share s of its state remembers 1 / (1 − s) positions.
    let memories = biases.map { 1 + exp(Double($0)) }
    #expect(abs(memories[0] - 2) < 1e-5 && abs(memories[7] - 51) < 1e-3)
    #expect(zip(memories, memories.dropFirst()).allSatisfy { $0 < $1 })
  }

  @Test func wrongConfigurationsNameTheirField() {
    let good = GatedRecurrenceConfiguration(vocabulary: 4, context: 5, width: 6)
    let fields: [(WritableKeyPath<GatedRecurrenceConfiguration, Int>, String)] = [
      (\.vocabulary, "vocabulary"), (\.context, "context"), (\.width, "width"),
      (\.layers, "layers"), (\.stateRatio, "stateRatio"), (\.mlpRatio, "mlpRatio"),
    ]
    func field(_ configuration: GatedRecurrenceConfiguration) -> String? {
      #expect(throws: ConfigurationError.self) { try GatedRecurrence(configuration) }?.field
    }
    for (path, name) in fields {
      for value in [0, -3, .max] {
        var wrong = good
        wrong[keyPath: path] = value
        #expect(field(wrong) == name)
      }
    }
    for value in [0, -1, .nan, .infinity] as [Double] {
      var wrong = good
      wrong.embeddingDeviation = value
      #expect(field(wrong) == "embeddingDeviation")
    }
  }
}
