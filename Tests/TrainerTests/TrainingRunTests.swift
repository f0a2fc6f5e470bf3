import Foundation
import Testing

@testable import Trainer

@Suite struct TrainingRunTests {
  static let (positions, vocabulary, sequences) = (12, 9, 4)

  static let configuration = TransformerConfiguration(
    vocabulary: vocabulary, context: positions, width: 12,
    positions: .relativeBias(.previousTokens(value: 4)))

  static func run(
    schedule: Schedule = .constant(rate: 6e-3, warmup: 3), optimizer: Optimizer = .adamW(),
    microBatch: Int? = nil
  ) throws -> TrainingRun {
    try TrainingRun(
      model: Transformer(configuration), optimizer: optimizer, schedule: schedule, seed: 7,
      sequencesPerBatch: sequences, microBatch: microBatch)
  }

  @discardableResult
  static func advance(_ run: TrainingRun, to end: Int) throws -> [Float] {
    var losses: [Float] = []
    while run.completedSteps < end {
      let (tokens, targets) = markovBatch(
        step: run.completedSteps, sequences: sequences, positions: positions,
        vocabulary: vocabulary)
      losses.append(try run.step(tokens: tokens, targets: targets))
    }
    return losses
  }

  @Test func trainingLearnsTheLanguage() throws {
    let run = try Self.run(schedule: .cooldown(rate: 2e-2, warmup: 10, steps: 300, from: 0.7))
    let losses = try Self.advance(run, to: 300)
    #expect(abs(losses[0] - Float(log(9.0))) < 1e-5)
    // The entropy of the language is 0.62 nats, that of its single tokens ln 9 = 2.2.
    #expect(losses.suffix(20).reduce(0, +) / 20 < 1.2)
  }

  @Test func aRunCountsStepsTokensAndFlops() throws {
    let run = try Self.run()
    try Self.advance(run, to: 5)
    #expect(run.completedSteps == 5)
    #expect(run.tokensPerStep == 48)
    #expect(run.flops == 5 * 48 * run.model.flopsPerToken(training: true))
  }

  @Test func theSameRunGivesTheSameBits() throws {
    let first = try Self.run()
    let second = try Self.run()
    #expect(try Self.advance(first, to: 10) == Self.advance(second, to: 10))
    #expect(first.snapshot() == second.snapshot())
    #expect(first.snapshot().fingerprint == second.snapshot().fingerprint)
  }

  @Test(arguments: [1, 2, 3]) func theMicroBatchChangesNoBit(size: Int) throws {
    let whole = try Self.run(microBatch: 4)
    let parts = try Self.run(microBatch: size)
    #expect(try Self.advance(whole, to: 10) == Self.advance(parts, to: 10))
    #expect(whole.snapshot() == parts.snapshot())
  }

  @Test(arguments: [Optimizer.adamW(), .sgd()])
  func aResumedRunEqualsAnUninterruptedOne(_ optimizer: Optimizer) throws {
    let schedule = Schedule.cosine(rate: 1e-2, warmup: 3, steps: 20)
    let whole = try Self.run(schedule: schedule, optimizer: optimizer)
    let losses = try Self.advance(whole, to: 20)

    let half = try Self.run(schedule: schedule, optimizer: optimizer)
    try Self.advance(half, to: 9)
    let resumed = try TrainingRun(
      from: half.snapshot(), model: whole.model, optimizer: optimizer, schedule: schedule,
      sequencesPerBatch: Self.sequences)
    #expect(resumed.completedSteps == 9)
    #expect(try Self.advance(resumed, to: 20) == Array(losses[9...]))
    #expect(resumed.snapshot() == whole.snapshot())
  }

  @Test func aBranchEqualsARunThatWasCooledFromTheStart() throws {
    let trunk = try Self.run()
    try Self.advance(trunk, to: 16)
    let snapshot = trunk.snapshot()
    let cooled = Schedule.cooldown(rate: 6e-3, warmup: 3, steps: 20, from: 0.8)

    let direct = try Self.run(schedule: cooled)
    try Self.advance(direct, to: 20)
    let branch = try TrainingRun(
      from: snapshot, model: trunk.model, optimizer: trunk.optimizer, schedule: cooled,
      sequencesPerBatch: Self.sequences)
    try Self.advance(branch, to: 20)
    #expect(branch.snapshot() == direct.snapshot())

    // The trunk itself becomes the branch, goes back, and goes on as if nothing had happened.
    try trunk.restore(snapshot, schedule: cooled)
    try Self.advance(trunk, to: 20)
    #expect(trunk.snapshot() == direct.snapshot())
    try trunk.restore(snapshot, schedule: .constant(rate: 6e-3, warmup: 3))
    try Self.advance(trunk, to: 20)
    let constant = try Self.run()
    try Self.advance(constant, to: 20)
    #expect(trunk.snapshot() == constant.snapshot())
    #expect(trunk.snapshot() != direct.snapshot())
  }

  @Test func foreignSnapshotsAreRefused() throws {
    let run = try Self.run()
    var other = Self.configuration
    other.width = 8
    let narrow = try TrainingRun(
      model: Transformer(other), optimizer: .adamW(), schedule: .constant(rate: 1), seed: 1,
      sequencesPerBatch: 1)
    let plain = try Self.run(optimizer: .sgd())
    for snapshot in [narrow.snapshot(), plain.snapshot()] {
      let error = #expect(throws: TrainingError.self) { try run.restore(snapshot) }
      guard case .foreignSnapshot = error else {
        Issue.record("\(String(describing: error))")
        continue
      }
    }
    try plain.restore(run.snapshot())
    #expect(throws: ConfigurationError.self) {
      try run.restore(run.snapshot(), schedule: .constant(rate: -1))
    }
  }

  /// Weights of 1e29 overflow in the gradient, weights of 1e38 in the loss.
  @Test(arguments: [1e30, 1e38]) func aDivergedStepChangesNothing(rate: Double) throws {
    let run = try Self.run(schedule: .constant(rate: rate), optimizer: .sgd(clip: 1))
    try Self.advance(run, to: 1)
    let before = run.snapshot()
    let error = #expect(throws: TrainingError.self) { try Self.advance(run, to: 2) }
    guard case .diverged(let step, _) = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(step == 1)
    #expect(run.snapshot() == before)
  }

  @Test func aTiedRunKeepsNothingOfAStepThatWasUndone() throws {
    // The sums that are kept aside for the tied embedding must not enter the next step.
    var c = Self.configuration
    c.output = .tied
    let run = try TrainingRun(
      model: Transformer(c), optimizer: .adamW(), schedule: .constant(rate: 1e-2), seed: 1,
      sequencesPerBatch: Self.sequences, microBatch: 1)
    let start = run.snapshot()
    try Self.advance(run, to: 1)
    let first = run.snapshot()
    try run.restore(start)
    try Self.advance(run, to: 1)
    #expect(run.snapshot() == first)
  }

  @Test func wrongBatchesAreNamed() throws {
    let run = try Self.run()
    let before = run.snapshot()
    let (tokens, targets) = markovBatch(
      step: 0, sequences: Self.sequences, positions: Self.positions, vocabulary: Self.vocabulary)
    func error(_ tokens: [Int32], _ targets: [Int32]) -> TrainingError? {
      #expect(throws: TrainingError.self) { try run.step(tokens: tokens, targets: targets) }
    }
    #expect(error([], []) == .noTokens)
    #expect(
      error(Array(tokens.dropLast()), Array(targets.dropLast()))
        == .partialSequence(tokens: 47, positions: 12))
    #expect(
      error(Array(tokens.dropLast(12)), Array(targets.dropLast(12)))
        == .wrongBatch(sequences: 3, expected: 4))
    #expect(error(tokens, Array(targets.dropLast())) == .targetCount(tokens: 48, targets: 47))
    for bad: Int32 in [-1, 9, .max, .min] {
      var wrong = tokens
      wrong[13] = bad
      #expect(error(wrong, targets) == .tokenOutOfRange(index: 13, token: bad, count: 9))
    }
    var wrong = targets
    wrong[14] = 9
    #expect(error(tokens, wrong) == .targetOutOfRange(index: 14, target: 9, count: 9))
    #expect(error(tokens, targets.map { _ in -1 }) == .noTargets)
    #expect(run.snapshot() == before)
  }
}
