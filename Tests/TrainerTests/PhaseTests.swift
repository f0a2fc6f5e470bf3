import Foundation
import Testing

@testable import Trainer

/// Trainings of more than one task: distillation, answers only, a second phase.
@Suite struct PhaseTests {
  static func table(_ probabilities: [Double], columns: Int) throws -> DistributionTable {
    try DistributionTable(columns: columns, probabilities: probabilities.map { Float($0) })
  }

  // MARK: - Distillation

  @Test(arguments: [1.0, 2.5])
  func aTeachersDistributionsAreItsSoftmax(temperature: Double) throws {
    let model = try Transformer(EvaluatorTests.configuration)
    let teacher = try Evaluator(model: model, snapshot: DecoderTests.snapshot(model, seed: 3))
    let (tokens, _) = randomBatch(sequences: 9, positions: 5, inputs: 7, outputs: 7, seed: 6)
    let table = try teacher.distributions(tokens: tokens, temperature: temperature)
    #expect(table.rows == 45 && table.columns == 7)
    let logits = try teacher.logits(tokens: tokens)
    for row in 0..<45 {
      let weights = logits[row * 7..<row * 7 + 7].map { exp(Double($0) / temperature) }
      let total = weights.reduce(0, +)
      for (found, weight) in zip(table.probabilities(row: row), weights) {
        #expect(abs(Double(found) - weight / total) < 1e-6)
      }
    }
  }

  @Test func softTargetsHaveTheRightGradient() throws {
    let c = TransformerConfiguration(vocabulary: 7, context: 5, width: 8, positions: .learned)
    let model = try Transformer(c)
    let probe = Probe(model, seed: 3)
    let (tokens, _) = randomBatch(sequences: 2, positions: 5, inputs: 7, outputs: 7, seed: 6)
    let rows = tokens.indices.map { Int32($0 % 4) - 1 }
    let table = try DistributionTable(columns: 7, probabilities: EvaluatorTests.distributions)
    let reference = ReferenceTransformer(configuration: c)
    #expect(reference.logits(probe.tensors, tokens: tokens).kinkMargin > 1e-4)
    func loss(_ parameters: [String: [Double]]) -> Double {
      let logits = reference.logits(parameters, tokens: tokens).logits
      var sum = 0.0
      for (position, row) in rows.enumerated() where row >= 0 {
        let values = logits[position * 7..<position * 7 + 7]
        let normaliser = log(values.reduce(0) { $0 + exp($1) })
        for (token, value) in values.enumerated() {
          sum += Double(EvaluatorTests.distributions[Int(row) * 7 + token]) * (normaliser - value)
        }
      }
      return sum / Double(rows.count { $0 >= 0 })
    }
    let found = try withPointers(tokens, rows) { (tokens, rows) throws(TrainingError) in
      try probe.gradient(.tokens(tokens), against: .distributions(table, rows: rows))
    }
    #expect(abs(found.loss - loss(probe.tensors)) < 2e-6)
    try GradientTests.compare(
      found.byTensor, model: model, at: probe.tensors, sample: 12, seed: 1, loss: loss)
  }

  @Test func aStudentComesNearToItsTeacher() throws {
    let teacher = try TrainingRunTests.run(
      schedule: .cooldown(rate: 2e-2, warmup: 10, steps: 200, from: 0.7))
    try TrainingRunTests.advance(teacher, to: 200)
    let student = try TrainingRun(
      model: GatedRecurrence(
        GatedRecurrenceConfiguration(vocabulary: 9, context: 12, width: 16, layers: 2)),
      optimizer: .adamW(), schedule: .cooldown(rate: 2e-2, warmup: 10, steps: 300, from: 0.7),
      seed: 3, sequencesPerBatch: 4)
    func divergence(step: Int) throws -> Double {
      let (tokens, _) = markovBatch(step: step, sequences: 40, positions: 12, vocabulary: 9)
      let table = try teacher.evaluator.distributions(tokens: tokens)
      let rows = tokens.indices.map { Int32($0) }
      return try student.evaluateSoft(tokens: tokens, distributions: table, rows: rows)
        - table.meanEntropy(rows: rows)
    }
    let before = try divergence(step: 5000)
    while student.completedSteps < 300 {
      let (tokens, _) = markovBatch(
        step: student.completedSteps, sequences: 4, positions: 12, vocabulary: 9)
      try student.step(
        tokens: tokens, distributions: teacher.evaluator.distributions(tokens: tokens),
        rows: tokens.indices.map { Int32($0) })
    }
    let after = try divergence(step: 5000)
    #expect(before > 0.3 && after >= 0 && after < before / 3, "\(before) became \(after)")
  }

  @Test func entropiesAreThoseOfTheRowsThatCount() throws {
    let table = try DistributionTable(columns: 4, probabilities: [1, 0, 0, 0, 0.5, 0.25, 0.25, 0])
    #expect(table.meanEntropy(rows: [0, -1]) == 0)
    #expect(abs(table.meanEntropy(rows: [1, 0, -1]) - 0.75 * log(2)) < 1e-12)
    #expect(table.probabilities(row: 1) == [0.5, 0.25, 0.25, 0])
  }

  @Test func aTemperatureMustBePositive() throws {
    let model = try Transformer(EvaluatorTests.configuration)
    let teacher = try Evaluator(model: model, snapshot: DecoderTests.snapshot(model, seed: 3))
    for temperature in [0, -1, .nan, .infinity] {
      let error = #expect(throws: TrainingError.self) {
        try teacher.distributions(tokens: [0, 1, 2, 3, 4], temperature: temperature)
      }
      guard case .temperature = error else {
        Issue.record("\(temperature): \(String(describing: error))")
        continue
      }
    }
  }

  // MARK: - Answers only

  /// The last token is the sum of the first two, modulo nine; only it counts.
  private func sums(step: Int) -> (tokens: [Int32], targets: [Int32]) {
    var generator = TestGenerator(UInt64(step) &+ 1)
    var (tokens, targets): ([Int32], [Int32]) = ([], [])
    for _ in 0..<16 {
      let (a, b) = (Int32(generator.next() % 9), Int32(generator.next() % 9))
      tokens += [a, b, 9]
      targets += [-1, -1, (a + b) % 9]
    }
    return (tokens, targets)
  }

  @Test func positionsThatDoNotCountHaveNoGradientOfTheirOwn() throws {
    let c = TransformerConfiguration(vocabulary: 10, context: 3, width: 16, positions: .learned)
    let probe = Probe(try Transformer(c), seed: 2)
    let (tokens, targets) = sums(step: 0)
    let masked = try probe.gradient(tokens: tokens, targets: targets)
    // Positions 0 and 1 see no question: their targets would be noise, and change the gradient.
    let all = try probe.gradient(tokens: tokens, targets: targets.map { max($0, 0) })
    #expect(masked.flat != all.flat)
    let reference = ReferenceTransformer(configuration: c)
      .loss(probe.tensors, tokens: tokens, targets: targets)
    #expect(abs(masked.loss - reference.mean) < 2e-6 * reference.mean)
    // The learned rows of the embedding of the last token's successor never enter.
    #expect(masked.byTensor["output"] != all.byTensor["output"])
  }

  @Test func answersAreLearnedFromTheirOwnTokensAlone() throws {
    let run = try TrainingRun(
      model: Transformer(
        TransformerConfiguration(vocabulary: 10, context: 3, width: 32, positions: .learned)),
      optimizer: .adamW(), schedule: .cooldown(rate: 1e-2, warmup: 10, steps: 500, from: 0.7),
      seed: 3, sequencesPerBatch: 16)
    for step in 0..<500 {
      let (tokens, targets) = sums(step: step)
      try run.step(tokens: tokens, targets: targets)
    }
    let (tokens, targets) = sums(step: 9999)
    #expect(try run.evaluate(tokens: tokens, targets: targets) < 0.3)
  }

  // MARK: - A second phase

  static let second: Schedule = .constant(rate: 1e-3)

  @Test func aSecondPhaseBeginsWithTheParametersAndNothingElse() throws {
    let first = try TrainingRunTests.run()
    try TrainingRunTests.advance(first, to: 9)
    let snapshot = first.snapshot()
    let run = try TrainingRun(
      parametersOf: snapshot, model: first.model, optimizer: .adamW(), schedule: Self.second,
      seed: 99, sequencesPerBatch: 4)
    #expect(run.completedSteps == 0)
    #expect(run.snapshot().parameters == snapshot.parameters)
    #expect(run.snapshot().firstMoment?.allSatisfy { $0 == 0 } == true)
    // A run that goes on has moments and a count of steps: its next step is another one.
    let going = try TrainingRun(
      from: snapshot, model: first.model, optimizer: .adamW(), schedule: Self.second,
      sequencesPerBatch: 4)
    let (tokens, targets) = markovBatch(step: 50, sequences: 4, positions: 12, vocabulary: 9)
    #expect(
      try run.step(tokens: tokens, targets: targets) == going.step(tokens: tokens, targets: targets)
    )
    #expect(run.snapshot().parameters != going.snapshot().parameters)
    #expect(run.completedSteps == 1 && going.completedSteps == 10)
  }

  @Test func aSecondPhaseNeedsNoMoments() throws {
    let first = try TrainingRunTests.run(optimizer: .sgd())
    try TrainingRunTests.advance(first, to: 3)
    let run = try TrainingRun(
      parametersOf: first.snapshot(), model: first.model, optimizer: .adamW(),
      schedule: Self.second, seed: 1, sequencesPerBatch: 7)
    #expect(run.snapshot().parameters == first.snapshot().parameters)
    // A checkpoint without its optimiser will do.
    let (model, snapshot) = try CheckpointTests.withFile { url in
      try Checkpoint.write(
        first.snapshot(), of: first.model, to: url, includingOptimizer: false)
      return try Checkpoint(contentsOf: url).load(Transformer.self)
    }
    let read = try TrainingRun(
      parametersOf: snapshot, model: model, optimizer: .adamW(), schedule: Self.second, seed: 1,
      sequencesPerBatch: 7)
    #expect(read.snapshot() == run.snapshot())
  }

  @Test func freshTensorsBeginAsInAFirstPhase() throws {
    let first = try TrainingRunTests.run()
    try TrainingRunTests.advance(first, to: 9)
    var c = TrainingRunTests.configuration
    c.zeroOutput = false
    let model = try Transformer(c)
    let run = try TrainingRun(
      parametersOf: first.snapshot(), fresh: ["output"], model: model, optimizer: .adamW(),
      schedule: Self.second, seed: 5, sequencesPerBatch: 4)
    let beginning = try TrainingRun(
      model: model, optimizer: .adamW(), schedule: Self.second, seed: 5, sequencesPerBatch: 4)
    for tensor in model.layout.tensors {
      let source = tensor.name == "output" ? beginning : first
      #expect(run.snapshot().values(of: tensor.name) == source.snapshot().values(of: tensor.name))
    }
  }

  @Test func whatASecondPhaseLacksIsNamed() throws {
    let first = try TrainingRunTests.run()
    var c = TrainingRunTests.configuration
    c.vocabulary = 11
    let wider = try Transformer(c)
    func second(_ model: any Model, fresh: Set<String>) throws -> TrainingRun {
      try TrainingRun(
        parametersOf: first.snapshot(), fresh: fresh, model: model, optimizer: .adamW(),
        schedule: Self.second, seed: 5, sequencesPerBatch: 4)
    }
    #expect(
      throws: TrainingError.foreignSnapshot(
        reason: "the snapshot has embedding [9, 12], the model [11, 12]")
    ) { try second(wider, fresh: ["output"]) }
    #expect(try second(wider, fresh: ["embedding", "output"]).completedSteps == 0)
    c.vocabulary = 9
    c.normGain = true
    let gained = try Transformer(c)
    #expect(
      throws: TrainingError.foreignSnapshot(
        reason: "the snapshot has no tensor 'layers.0.attention.norm'")
    ) { try second(gained, fresh: []) }
    let error = #expect(throws: ConfigurationError.self) { try second(wider, fresh: ["head"]) }
    #expect(error?.field == "fresh" && error?.value == "head")
  }
}
