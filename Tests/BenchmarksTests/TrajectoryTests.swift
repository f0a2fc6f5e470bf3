import Kernels
import Testing

@testable import benchmarks

@Suite struct TrajectoryTests {
  /// The release build checks the same hashes: `benchmarks trajectory`.
  @Test(arguments: TrajectoryModel.allCases)
  func weightsHaveTheirRecordedBits(model: TrajectoryModel) throws {
    let outcome = try model.train(steps: TrajectoryModel.recordedSteps, isa: .best)
    #expect(outcome.fingerprint == model.recordedHash)
  }

  @Test(arguments: TrajectoryModel.allCases)
  func everyInstructionSetGivesTheSameBits(model: TrajectoryModel) throws {
    let hashes = try InstructionSet.available.map { try model.train(steps: 3, isa: $0).fingerprint }
    #expect(Set(hashes).count == 1)
    // Another step gives other weights: the hash is not that of the beginning.
    #expect(try model.train(steps: 2, isa: .best).fingerprint != hashes[0])
  }

  @Test func wrongSettingsAreNamed() {
    for flags in [["--steps", "0"], ["--workers", "0"], ["--models", "rnn"]] {
      #expect(throws: (any Error).self) { try Trajectory.parse(flags) }
    }
  }
}
