import Foundation
import Kernels
import Testing

@testable import Trainer

@Suite struct EvaluatorTests {
  static let configuration = TransformerConfiguration(
    vocabulary: 7, context: 5, width: 8, positions: .learned)

  static func evaluator(microBatch: Int = 2) throws -> (Evaluator, Probe) {
    let probe = Probe(try Transformer(configuration), seed: 3)
    let evaluator = Evaluator(
      model: probe.model, sequences: 4, microBatch: microBatch, kernels: probe.kernels)
    evaluator.parameters.assign(probe.parameters)
    return (evaluator, probe)
  }

  /// Three distributions over seven tokens.
  static let distributions: [Float] = [
    0.5, 0.25, 0.25, 0, 0, 0, 0,
    0.125, 0.125, 0.125, 0.125, 0.125, 0.125, 0.25,
    0, 0, 0, 1, 0, 0, 0,
  ]

  /// Width, context, sequences: all at once, even parts, four heads' lanes, one alone, long ones.
  @Test(
    arguments: [
      (8, 5, 3), (8, 32, 70), (16, 64, 30), (32, 20, 17), (96, 32, 32), (128, 64, 9), (16, 400, 5),
    ])
  func chosenMicroBatchesFitAndAreEven(shape: (Int, Int, Int)) throws {
    let (width, context, sequences) = shape
    let model = try Transformer(
      TransformerConfiguration(
        vocabulary: 64, context: context, width: width, positions: .learned))
    for set in InstructionSet.available {
      let size = Evaluator(
        model: model, sequences: sequences, microBatch: nil, kernels: set.kernels
      ).microBatch
      let together = model.sequencesTogether(kernels: set.kernels)
      #expect((1...sequences).contains(size), "\(set)")

      func floats(_ count: Int) -> Int {
        model.workspaceCount(sequences: count, kernels: set.kernels)
          - model.workspaceCount(sequences: 0, kernels: set.kernels)
      }
      let most = Evaluator.defaultActivations + model.parameterCount
      #expect(floats(size) <= most || size <= together, "\(set) \(size)")
      #expect(size >= together || together > 2, "\(set) \(size)")
      guard size < sequences else { continue }
      // One micro-batch less would not do, nor smaller ones as many.
      let parts = (sequences + size - 1) / size
      #expect(size.isMultiple(of: together) || size < together, "\(set) \(size)")
      #expect((size - together) * parts < sequences, "\(set) \(size)")
      let larger = (sequences + parts - 2) / (parts - 1)
      #expect(floats((larger + together - 1) / together * together) > most, "\(set) \(size)")
    }
  }

  @Test func theLossIsTheReferencesOverAnyNumberOfSequences() throws {
    let (evaluator, probe) = try Self.evaluator()
    let (tokens, targets) = randomBatch(
      sequences: 9, positions: 5, inputs: 7, outputs: 7, seed: 6)
    let expected = ReferenceTransformer(configuration: Self.configuration)
      .loss(probe.tensors, tokens: tokens, targets: targets).mean
    #expect(abs(try evaluator.evaluate(tokens: tokens, targets: targets) - expected) < 2e-6)
  }

  @Test func softLossIsTheMeanCrossEntropyAgainstTheRows() throws {
    let (evaluator, probe) = try Self.evaluator()
    let (tokens, _) = randomBatch(sequences: 9, positions: 5, inputs: 7, outputs: 7, seed: 6)
    let rows = tokens.indices.map { Int32($0 % 4) - 1 }
    let logits = ReferenceTransformer(configuration: Self.configuration)
      .logits(probe.tensors, tokens: tokens).logits
    var sum = 0.0
    for (position, row) in rows.enumerated() where row >= 0 {
      for token in 0..<7 {
        let loss = meanCrossEntropy(
          logits: Array(logits[position * 7..<position * 7 + 7]), columns: 7,
          targets: [Int32(token)])
        sum += Double(Self.distributions[Int(row) * 7 + token]) * loss
      }
    }
    let table = try DistributionTable(columns: 7, probabilities: Self.distributions)
    let found = try evaluator.evaluateSoft(tokens: tokens, distributions: table, rows: rows)
    #expect(abs(found - sum / Double(rows.count { $0 >= 0 })) < 2e-6)
  }

  @Test func aCertainDistributionEqualsAHardTarget() throws {
    let (evaluator, _) = try Self.evaluator()
    let (tokens, _) = randomBatch(sequences: 3, positions: 5, inputs: 7, outputs: 7, seed: 1)
    let table = try DistributionTable(columns: 7, probabilities: Self.distributions)
    let soft = try evaluator.evaluateSoft(
      tokens: tokens, distributions: table, rows: tokens.map { _ in 2 })
    let hard = try evaluator.evaluate(tokens: tokens, targets: tokens.map { _ in 3 })
    #expect(abs(soft - hard) < 1e-6)
  }

  @Test func aStepTowardsACertainDistributionIsThatTowardsItsToken() throws {
    func run() throws -> TrainingRun {
      try TrainingRun(
        model: Transformer(Self.configuration), optimizer: .sgd(), schedule: .constant(rate: 0.1),
        seed: 1, sequencesPerBatch: 3)
    }
    let (tokens, _) = randomBatch(sequences: 3, positions: 5, inputs: 7, outputs: 7, seed: 1)
    let table = try DistributionTable(columns: 7, probabilities: Self.distributions)
    let (soft, hard) = (try run(), try run())
    for _ in 0..<3 {
      let first = try soft.step(
        tokens: tokens, distributions: table, rows: tokens.map { $0 == 0 ? -1 : 2 })
      let second = try hard.step(tokens: tokens, targets: tokens.map { $0 == 0 ? -1 : 3 })
      #expect(abs(first - second) < 1e-6)
    }
    let pair = zip(soft.snapshot().parameters, hard.snapshot().parameters)
    #expect(pair.allSatisfy { abs($0 - $1) < 1e-6 })
  }

  @Test(arguments: [1, 3, 4, 64]) func theMicroBatchChangesNoBit(size: Int) throws {
    let (tokens, targets) = randomBatch(
      sequences: 9, positions: 5, inputs: 7, outputs: 7, seed: 6)
    let expected = try Self.evaluator().0.evaluate(tokens: tokens, targets: targets)
    let found = try Self.evaluator(microBatch: size).0.evaluate(tokens: tokens, targets: targets)
    #expect(found == expected)
  }

  @Test func anEvaluatorOfASnapshotMeasuresTheRun() throws {
    let run = try TrainingRunTests.run()
    try TrainingRunTests.advance(run, to: 4)
    let (tokens, targets) = markovBatch(step: 99, sequences: 7, positions: 12, vocabulary: 9)
    let evaluator = try Evaluator(model: run.model, snapshot: run.snapshot())
    #expect(
      try evaluator.evaluate(tokens: tokens, targets: targets)
        == run.evaluate(tokens: tokens, targets: targets))
    let other = try Transformer(Self.configuration)
    #expect(throws: TrainingError.self) { try Evaluator(model: other, snapshot: run.snapshot()) }
  }

  @Test func evaluationLeavesTheRunAlone() throws {
    let (measured, silent) = (try TrainingRunTests.run(), try TrainingRunTests.run())
    let (tokens, targets) = markovBatch(step: 99, sequences: 7, positions: 12, vocabulary: 9)
    for end in 1...4 {
      try TrainingRunTests.advance(measured, to: end)
      _ = try measured.evaluate(tokens: tokens, targets: targets)
      _ = try measured.evaluator.logits(tokens: tokens)
    }
    try TrainingRunTests.advance(silent, to: 4)
    #expect(measured.snapshot() == silent.snapshot())
  }

  @Test func wrongDistributionsAreNamed() throws {
    let (evaluator, _) = try Self.evaluator()
    let table = try DistributionTable(columns: 7, probabilities: Self.distributions)
    let tokens = [Int32](repeating: 1, count: 5)
    func error(_ table: DistributionTable, _ rows: [Int32]) -> TrainingError? {
      #expect(throws: TrainingError.self) {
        try evaluator.evaluateSoft(tokens: tokens, distributions: table, rows: rows)
      }
    }
    #expect(
      error(table, [0, 1, 2, 3, 0]) == .distributionOutOfRange(index: 3, row: 3, count: 3))
    #expect(error(table, [-1, -1, -1, -1, -1]) == .noTargets)
    let narrow = try DistributionTable(columns: 2, probabilities: [0.5, 0.5])
    #expect(error(narrow, [0, 0, 0, 0, 0]) == .distributionWidth(columns: 2, expected: 7))

    #expect(throws: TrainingError.notADistribution(row: 1, sum: 0.75)) {
      try DistributionTable(columns: 2, probabilities: [0.5, 0.5, 0.5, 0.25])
    }
    #expect(throws: TrainingError.notADistribution(row: 0, sum: 1)) {
      try DistributionTable(columns: 2, probabilities: [1.5, -0.5])
    }
    #expect(throws: TrainingError.self) {
      try DistributionTable(columns: 2, probabilities: [.nan, 0.5])
    }
  }
}
