import Kernels
import Testing

@testable import Trainer

/// Trajectories pinned bit by bit, on every instruction set that this processor has.
///
/// A difference means that stored results no longer belong to this program. If the change of
/// arithmetic is meant, raise `trainerVersion` and take over the hashes that the failure prints;
/// if not, find it.
@Suite struct GoldenTests {
  /// A model, how it is trained, and what its weights hash to afterwards.
  struct Trajectory: Sendable, CustomTestStringConvertible {
    var testDescription: String
    var configuration: TransformerConfiguration
    var optimizer: Optimizer
    var schedule: Schedule
    var hash: UInt64
  }

  static let trajectories = [
    Trajectory(
      testDescription: "relative bias, ReLU, untied",
      configuration: TransformerConfiguration(
        vocabulary: 11, context: 9, width: 12, positions: .relativeBias(.previousTokens(value: 4))),
      optimizer: .adamW(rates: .maximalUpdate(baseWidth: 32)),
      schedule: .cooldown(rate: 6e-3, warmup: 4, steps: 12, from: 0.8),
      hash: 14_748_192_277_378_851_819),
    Trajectory(
      testDescription: "two layers, learned positions, GELU, tied, gains",
      configuration: TransformerConfiguration(
        vocabulary: 11, context: 18, width: 24, layers: 2, heads: 3, mlpRatio: 2,
        activation: .gelu, positions: .learned, output: .tied, normGain: true),
      optimizer: .adamW(beta2: 0.95, decay: 0.1, clip: 0.5),
      schedule: .cosine(rate: 1e-2, warmup: 3, steps: 12), hash: 14_343_674_463_662_376_936),
  ]

  @Test func theVersionBelongsToTheseHashes() { #expect(trainerVersion == 3) }

  @Test(arguments: trajectories, InstructionSet.available)
  func weightsAfterTrainingHaveTheirBits(_ trajectory: Trajectory, isa: InstructionSet) throws {
    let run = try TrainingRun(
      model: Transformer(trajectory.configuration), optimizer: trajectory.optimizer,
      schedule: trajectory.schedule, seed: 2024, sequencesPerBatch: 3, instructionSet: isa)
    let c = trajectory.configuration
    for step in 0..<12 {
      let (tokens, targets) = markovBatch(
        step: step, sequences: 3, positions: c.context, vocabulary: c.vocabulary)
      try run.step(tokens: tokens, targets: targets)
    }
    #expect(run.snapshot().fingerprint == trajectory.hash)
  }

  @Test(arguments: InstructionSet.available)
  func memoriesHaveTheirBits(isa: InstructionSet) throws {
    let run = try TrainingRun(
      model: AssociativeMemory(
        AssociativeMemoryConfiguration(
          inputs: 50, outputs: 20, dimension: 13, embeddings: .gaussian(seed: 6))),
      optimizer: .sgd(), schedule: .constant(rate: 1), seed: 1, sequencesPerBatch: 32,
      instructionSet: isa)
    for step in 0..<30 {
      let (tokens, targets) = randomBatch(
        sequences: 32, positions: 1, inputs: 50, outputs: 20, seed: UInt64(step))
      try run.step(tokens: tokens, targets: targets)
    }
    #expect(run.snapshot().fingerprint == 10_818_140_558_174_590_481)
  }
}
