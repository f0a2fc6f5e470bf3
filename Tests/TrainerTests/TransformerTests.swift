import Foundation
import Testing

@testable import Trainer

@Suite struct TransformerTests {
  /// The language model of the small-scale studies.
  static func languageModel(width: Int) -> TransformerConfiguration {
    TransformerConfiguration(
      vocabulary: 64, context: 32, width: width,
      positions: .relativeBias(.previousTokens(value: 4)))
  }

  @Test(arguments: [8, 12, 16, 24, 32, 48, 64, 96, 128])
  func parametersOfTheLanguageModelAreCountedByTheFormula(width d: Int) throws {
    let model = try Transformer(Self.languageModel(width: d))
    #expect(model.parameterCount == 2 * 64 * d + 12 * d * d + 4 * 32)
    #expect(model.parameterCountWithoutEmbeddings == 12 * d * d + 4 * 32)
    #expect(model.sixN == 6 * Double(2 * 64 * d + 12 * d * d + 4 * 32))
  }

  @Test func tensorsHaveNamesShapesAndAlignedPlaces() throws {
    var c = Self.languageModel(width: 12)
    c.layers = 2
    c.normGain = true
    let model = try Transformer(c)
    #expect(
      model.layout.tensors.map { "\($0.name) \($0.shape)" } == [
        "embedding [64, 12]",
        "layers.0.attention.norm [12]", "layers.0.attention.qkv [12, 36]",
        "layers.0.attention.bias [4, 32]", "layers.0.attention.output [12, 12]",
        "layers.0.mlp.norm [12]", "layers.0.mlp.input [12, 48]", "layers.0.mlp.output [48, 12]",
        "layers.1.attention.norm [12]", "layers.1.attention.qkv [12, 36]",
        "layers.1.attention.bias [4, 32]", "layers.1.attention.output [12, 12]",
        "layers.1.mlp.norm [12]", "layers.1.mlp.input [12, 48]", "layers.1.mlp.output [48, 12]",
        "norm [12]", "output [12, 64]",
      ])
    var end = 0
    for tensor in model.layout.tensors {
      #expect(tensor.offset == end)
      #expect(tensor.offset.isMultiple(of: 16) && tensor.stride.isMultiple(of: 16))
      #expect(tensor.stride >= tensor.columns && tensor.stride < tensor.columns + 16)
      #expect(tensor.decays == (tensor.shape.count == 2 && tensor.name.hasSuffix("bias") == false))
      end = tensor.offset + tensor.paddedCount
    }
    #expect(model.layout.paddedCount == end)
  }

  @Test func initialValuesHaveTheirDeviations() throws {
    var c = Self.languageModel(width: 64)
    c.layers = 2
    c.zeroOutput = false
    let model = try Transformer(c)
    let run = try TrainingRun(
      model: model, optimizer: .sgd(), schedule: .constant(rate: 0.1), seed: 5,
      sequencesPerBatch: 1)
    let snapshot = run.snapshot()
    let expected: [String: Double] = [
      "embedding": 1, "layers.1.attention.qkv": 1 / 8, "layers.0.attention.output": 1 / 16,
      "layers.1.mlp.input": 2.0.squareRoot() / 8, "layers.0.mlp.output": 1 / 32, "output": 1 / 8,
    ]
    for (name, deviation) in expected {
      let values = try #require(snapshot.values(of: name)).map(Double.init)
      let n = Double(values.count)
      let mean = values.reduce(0, +) / n
      let variance = values.reduce(0) { $0 + $1 * $1 } / n
      #expect(abs(mean) < 4 * deviation / n.squareRoot(), "\(name)")
      let ratio = variance / (deviation * deviation)
      let spread = (2 / n).squareRoot()
      #expect(abs(ratio - 1) < 4 * spread, "\(name)")
      let tensor = try #require(model.layout[name])
      #expect(abs(tensor.initial.standardDeviation - deviation) < 1e-12)
    }
  }

  @Test func tiedEmbeddingBeginsSmallerAndGeluWithoutItsFactor() throws {
    let c = TransformerConfiguration(
      vocabulary: 9, context: 4, width: 16, activation: .gelu, positions: .learned, output: .tied)
    let layout = try Transformer(c).layout
    #expect(layout["embedding"]?.initial == .normal(deviation: 0.25))
    #expect(layout["positions"]?.initial == .normal(deviation: 0.25))
    #expect(layout["layers.0.mlp.input"]?.initial == .normal(deviation: 0.25))
    #expect(layout["output"] == nil)
  }

  @Test func relativeBiasBeginsAtTheConfiguredTable() throws {
    let model = try Transformer(Self.languageModel(width: 8))
    let run = try TrainingRun(
      model: model, optimizer: .sgd(), schedule: .constant(rate: 0.1), seed: 5,
      sequencesPerBatch: 1)
    let table = try #require(run.snapshot().values(of: "layers.0.attention.bias"))
    for head in 0..<4 {
      for distance in 0..<32 {
        #expect(table[head * 32 + distance] == (distance == head + 1 ? 4 : 0))
      }
    }
    var linear = Self.languageModel(width: 8)
    linear.positions = .relativeBias(.linear)
    let slopes: [Float] = [0.25, 0.0625, 0.015625, 0.00390625]
    let expected = slopes.flatMap { slope in (0..<32).map { -slope * Float($0) } }
    #expect(linear.initialBias == .table(expected))
  }

  @Test func initialValuesOfATensorDoNotDependOnTheOthers() throws {
    func embedding(_ change: (inout TransformerConfiguration) -> Void) throws -> [Float]? {
      var c = Self.languageModel(width: 8)
      change(&c)
      let run = try TrainingRun(
        model: Transformer(c), optimizer: .sgd(), schedule: .constant(rate: 0.1), seed: 5,
        sequencesPerBatch: 1)
      return run.snapshot().values(of: "embedding")
    }
    let plain = try embedding { _ in }
    #expect(try embedding { $0.layers = 2 } == plain)
    #expect(try embedding { $0.normGain = true } == plain)
  }

  @Test func flopsAreCountedFromTheShapes() throws {
    let model = try Transformer(Self.languageModel(width: 16))
    let layer: Double = 2 * 12 * 256 + 2 * 16 * 33
    let logits: Double = 2 * 16 * 64
    #expect(model.flopsPerToken(training: false) == layer + logits)
    #expect(model.flopsPerToken(training: true) == 3 * (layer + logits))
    var deep = Self.languageModel(width: 16)
    deep.layers = 3
    #expect(try Transformer(deep).flopsPerToken(training: false) == 3 * layer + logits)
  }

  @Test func aTrainingStepProjectsEachTokenOnce() throws {
    var configuration = Self.languageModel(width: 16)
    let rows = Double(8 * 32)
    let all = try rows * Transformer(configuration).flopsPerToken(training: true)
    let projections: Double = 3 * 6 * 256 * (rows - 64)
    #expect(try Transformer(configuration).flopsPerTrainingStep(sequences: 8) == all - projections)
    // Not if they depend on the position too, or if a step may hold few of many tokens.
    configuration.positions = .learned
    #expect(try Transformer(configuration).flopsPerTrainingStep(sequences: 8) == all)
    configuration.positions = .none
    configuration.vocabulary = 129
    let model = try Transformer(configuration)
    #expect(
      model.flopsPerTrainingStep(sequences: 8) == rows * model.flopsPerToken(training: true))
  }

  @Test func zeroOutputGivesTheUniformLoss() throws {
    let model = try Transformer(Self.languageModel(width: 8))
    let run = try TrainingRun(
      model: model, optimizer: .adamW(), schedule: .constant(rate: 0.1), seed: 1,
      sequencesPerBatch: 2)
    let (tokens, targets) = randomBatch(
      sequences: 2, positions: 32, inputs: 64, outputs: 64, seed: 3)
    #expect(abs(try run.evaluate(tokens: tokens, targets: targets) - log(64)) < 1e-6)
  }

  @Test(arguments: GradientTests.everyKind + GradientTests.oddSizes)
  func logitsEqualTheReference(_ test: GradientTests.Case) throws {
    let c = test.configuration
    let probe = Probe(try Transformer(c), seed: 21)
    let (tokens, _) = randomBatch(
      sequences: 3, positions: c.context, inputs: c.vocabulary, outputs: c.vocabulary, seed: 2)
    let evaluator = Evaluator(
      model: probe.model, sequences: 3, microBatch: 2, kernels: probe.kernels)
    evaluator.parameters.assign(probe.parameters)
    let found = try evaluator.logits(tokens: tokens)
    let expected = ReferenceTransformer(configuration: c).logits(probe.tensors, tokens: tokens)
    #expect(found.count == expected.logits.count)
    for (value, reference) in zip(found, expected.logits) {
      #expect(abs(Double(value) - reference) < 1e-5 * (1 + abs(reference)))
    }
  }

  /// What a position's logits may depend on: itself and what stands before it.
  @Test func laterTokensDoNotChangeTheLogits() throws {
    let c = Self.languageModel(width: 16)
    let probe = Probe(try Transformer(c), seed: 3)
    let evaluator = Evaluator(
      model: probe.model, sequences: 1, microBatch: 1, kernels: probe.kernels)
    evaluator.parameters.assign(probe.parameters)
    let (tokens, _) = randomBatch(
      sequences: 1, positions: 32, inputs: 64, outputs: 64, seed: 2)
    let original = try evaluator.logits(tokens: tokens)
    var changed = tokens
    for index in 20..<32 { changed[index] = (tokens[index] + 1) % 64 }
    let others = try evaluator.logits(tokens: changed)
    #expect(original[..<(20 * 64)] == others[..<(20 * 64)])
    #expect(original[(20 * 64)...] != others[(20 * 64)...])
  }
}
