import Foundation
import Testing

@testable import Trainer

@Suite struct ConfigurationTests {
  static let good = TransformerConfiguration(
    vocabulary: 10, context: 6, width: 8, positions: .relativeBias(.zero))

  /// A wrong configuration and the beginning of its text.
  struct Wrong: CustomTestStringConvertible {
    var text: String
    var change: @Sendable (inout TransformerConfiguration) -> Void
    var testDescription: String { text }
    init(_ text: String, _ change: @escaping @Sendable (inout TransformerConfiguration) -> Void) {
      self.text = text
      self.change = change
    }
  }

  static let wrong: [Wrong] = [
    Wrong("`vocabulary` of TransformerConfiguration must be at least 1; found 0.") {
      $0.vocabulary = 0
    },
    Wrong("`context` of TransformerConfiguration must be at least 1; found -3.") {
      $0.context = -3
    },
    Wrong("`width` of TransformerConfiguration must be at least 1; found 0.") { $0.width = 0 },
    Wrong("`layers` of TransformerConfiguration must be at least 1; found 0.") { $0.layers = 0 },
    Wrong("`heads` of TransformerConfiguration must be at least 1; found 0.") { $0.heads = 0 },
    Wrong("`mlpRatio` of TransformerConfiguration must be at least 1; found 0.") {
      $0.mlpRatio = 0
    },
    Wrong("`width` of TransformerConfiguration must be at most 1048576; found 4194304.") {
      $0.width = 4_194_304
    },
    Wrong("`width` of TransformerConfiguration must be a multiple of heads (4); found 10. Use 8") {
      $0.width = 10
    },
    Wrong("`context` of TransformerConfiguration must be at most 4096; found 5000.") {
      $0.context = 5000
    },
    Wrong("`embeddingDeviation` of TransformerConfiguration must be a positive number; found 0.0") {
      $0.embeddingDeviation = 0
    },
    Wrong("`positions` of TransformerConfiguration must leave each head a distance") {
      $0.context = 4
      $0.positions = .relativeBias(.previousTokens(value: 4))
    },
    Wrong("`positions` of TransformerConfiguration must begin at a finite value; found inf.") {
      $0.positions = .relativeBias(.previousTokens(value: .infinity))
    },
    Wrong("`positions` of TransformerConfiguration must have heads times context values (24)") {
      $0.positions = .relativeBias(.table(values: [1]))
    },
  ]

  @Test(arguments: wrong) func aWrongFieldIsNamedWithItsValue(_ wrong: Wrong) throws {
    var configuration = Self.good
    try configuration.validate()
    wrong.change(&configuration)
    let error = #expect(throws: ConfigurationError.self) { try Transformer(configuration) }
    #expect(error?.description.hasPrefix(wrong.text) == true, "\(error?.description ?? "")")
  }

  @Test func wrongMemoriesAreNamed() {
    func text(_ change: (inout AssociativeMemoryConfiguration) -> Void) -> String? {
      var c = AssociativeMemoryConfiguration(
        inputs: 4, outputs: 3, dimension: 2, embeddings: .truncatedOneHot)
      change(&c)
      return #expect(throws: ConfigurationError.self) { try AssociativeMemory(c) }?.field
    }
    #expect(text { $0.inputs = 0 } == "inputs")
    #expect(text { $0.outputs = -1 } == "outputs")
    #expect(text { $0.dimension = 0 } == "dimension")
    #expect(text { $0.initialDeviation = -1 } == "initialDeviation")
    #expect(text { $0.embeddings = .table(values: [1, 2]) } == "embeddings")
    #expect(
      text { $0.embeddings = .table(values: [1, 2, 3, 4, 5, 6, 7, .nan]) } == "embeddings")
  }

  @Test(arguments: [
    TransformerConfiguration.Positions.none, .learned, .relativeBias(.zero), .relativeBias(.linear),
    .relativeBias(.previousTokens(value: 4)), .relativeBias(.table(values: [1, 2])),
  ])
  func configurationsSurviveJSON(_ positions: TransformerConfiguration.Positions) throws {
    var configuration = Self.good
    configuration.positions = positions
    let data = try JSONEncoder().encode(configuration)
    #expect(
      try JSONDecoder().decode(TransformerConfiguration.self, from: data) == configuration)
  }

  @Test func wrongOptimizersAreNamed() throws {
    func field(_ optimizer: Optimizer) -> String? {
      #expect(throws: ConfigurationError.self) { try optimizer.validate() }?.field
    }
    #expect(field(.adamW(beta1: 1)) == "beta1")
    #expect(field(.adamW(beta2: -0.1)) == "beta2")
    #expect(field(.adamW(epsilon: 0)) == "epsilon")
    #expect(field(.adamW(epsilon: 1e-60)) == "epsilon")
    #expect(field(.adamW(decay: .nan)) == "decay")
    #expect(field(.adamW(clip: 0)) == "clip")
    #expect(field(.sgd(rates: .maximalUpdate(baseWidth: 0))) == "rates")
    #expect(field(.sgd(rates: .named(["output": -1]))) == "rates")

    let model = try Transformer(Self.good)
    let error = #expect(throws: ConfigurationError.self) {
      try TrainingRun(
        model: model, optimizer: .sgd(rates: .named(["outptu": 1])),
        schedule: .constant(rate: 1), seed: 1, sequencesPerBatch: 1)
    }
    #expect(error?.value == "outptu")
    #expect(error?.advice.contains("layers.0.mlp.output, output") == true)
  }

  @Test func wrongRunsAreNamed() throws {
    let model = try Transformer(Self.good)
    func field(batch: Int, micro: Int?) -> String? {
      #expect(throws: ConfigurationError.self) {
        try TrainingRun(
          model: model, optimizer: .sgd(), schedule: .constant(rate: 1), seed: 1,
          sequencesPerBatch: batch, microBatch: micro)
      }?.field
    }
    #expect(field(batch: 0, micro: nil) == "sequencesPerBatch")
    #expect(field(batch: 2, micro: 0) == "microBatch")
  }
}
