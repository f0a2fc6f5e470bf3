import ArgumentParser
import Foundation
import Kernels
import Synchronization

/// Trains every model on each instruction set, alone and beside another run, and compares the bits.
struct Trajectory: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "trajectory",
    abstract: "Train every model on each instruction set and compare the bits of the weights.",
    discussion: """
      Each model is trained on data without structure, once by one worker and once by two at the \
      same time, on every instruction set of this processor. The hash covers the bit pattern of \
      every trained weight after the last step. The weights must be the same in all rows of a model, \
      and after \(TrajectoryModel.recordedSteps) steps they must be those that are recorded in this \
      program, in debug and in release builds; a difference ends the program with status 1: results \
      would then depend on the machine.
      """)

  @OptionGroup var output: RowOutput

  @Option(help: "Training steps.")
  var steps = TrajectoryModel.recordedSteps

  @Option(
    parsing: .upToNextOption,
    help:
      "Models: \(TrajectoryModel.allCases.map(\.rawValue).joined(separator: ", ")) (default: all)."
  )
  var models: [TrajectoryModel] = TrajectoryModel.allCases

  @Option(parsing: .upToNextOption, help: "Numbers of workers, each of which trains the model.")
  var workers = [1, 2]

  func validate() throws {
    guard steps >= 1 else {
      throw ValidationError("--steps must be at least 1; found \(steps).")
    }
    guard workers.allSatisfy({ $0 >= 1 }) else {
      throw ValidationError("--workers must be at least 1; found \(workers).")
    }
    guard workers.allSatisfy({ $0 <= 1024 }) else {
      throw ValidationError("--workers must be at most 1024; found \(workers).")
    }
  }

  /// What is printed of one model, instruction set and number of workers.
  struct Row: ResultRow {
    var model: TrajectoryModel
    var isa: String
    var workers: Int
    /// `debug` or `release`.
    var build: String
    var steps: Int
    var hash: String
    /// Of all workers together.
    var positionsPerSecond: Double

    static let header = "model               isa       workers  hash              positions/s"

    var line: String {
      model.rawValue.padding(toLength: 20, withPad: " ", startingAt: 0)
        + isa.padding(toLength: 10, withPad: " ", startingAt: 0)
        + String(format: "%7d  ", workers) + hash + String(format: "%13.0f", positionsPerSecond)
    }
  }

  /// How this program was compiled.
  static var build: String {
    #if DEBUG
      "debug"
    #else
      "release"
    #endif
  }

  func run() throws {
    try output.begin(Row.self)
    for model in models {
      var first: UInt64?
      for isa in InstructionSet.available {
        for count in workers {
          let (hashes, speed) = try train(model, isa, workers: count)
          for hash in hashes {
            guard hash == first ?? hash else {
              throw Failure(
                "\(model.rawValue) must end with the weights \(Self.text(first ?? hash)); \(count) "
                  + "workers on \(isa.rawValue) found \(Self.text(hash)). Run the tests of Kernels "
                  + "to find the function that differs.")
            }
            first = hash
          }
          try output.write(
            Row(
              model: model, isa: isa.rawValue, workers: count, build: Self.build, steps: steps,
              hash: Self.text(hashes[0]), positionsPerSecond: speed))
        }
      }
      guard steps != TrajectoryModel.recordedSteps || first == model.recordedHash else {
        throw Failure(
          "\(model.rawValue) must end with the recorded weights \(Self.text(model.recordedHash)); "
            + "found \(first.map(Self.text) ?? "none"). If the change of arithmetic is meant, raise "
            + "`trainerVersion` and record the new hash in TrajectoryModel.swift.")
      }
    }
  }

  /// Trains the model on each of `workers` threads at once; their hashes, and positions a second.
  private func train(
    _ model: TrajectoryModel, _ isa: InstructionSet, workers: Int
  ) throws -> (hashes: [UInt64], speed: Double) {
    let outcomes = Mutex<[Result<TrajectoryModel.Outcome, any Error>]>([])
    let clock = ContinuousClock()
    let start = clock.now
    DispatchQueue.concurrentPerform(iterations: workers) { _ in
      let outcome = Result { try model.train(steps: steps, isa: isa) }
      outcomes.withLock { $0.append(outcome) }
    }
    let seconds = start.duration(to: clock.now) / .seconds(1)
    let ended = try outcomes.withLock { try $0.map { try $0.get() } }
    let positions = ended.reduce(0) { $0 + $1.positions }
    return (ended.map(\.fingerprint), Double(positions) / seconds)
  }

  private static func text(_ hash: UInt64) -> String {
    let digits = String(hash, radix: 16)
    return String(repeating: "0", count: 16 - digits.count) + digits
  }
}
