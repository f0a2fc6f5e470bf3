import ArgumentParser
import Foundation
import Kernels
import Randomness
import Trainer

/// Trains one small model on each instruction set and compares the bits of the weights.
struct Trajectory: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "trajectory",
    abstract: "Train the same small transformer on each instruction set and compare all bits.",
    discussion: """
      The model (1 layer, width 24, context 32, 64 tokens) learns random tokens. The hash covers \
      the bit pattern of every trained weight. Different hashes end the program with status 1: \
      results would then depend on the processor.
      """)

  @Flag(help: "Print one JSON object a row.")
  var json = false

  @Option(help: "Training steps.")
  var steps = 50

  @Option(help: "Sequences of 32 tokens in a step's batch.")
  var batch = 4

  func validate() throws {
    guard steps >= 1, batch >= 1 else {
      throw ValidationError(
        "--steps and --batch must be at least 1; found \(steps) and \(batch).")
    }
  }

  /// What is printed of one instruction set.
  struct Row: Codable {
    var isa: String
    var hash: String
    var tokensPerSecond: Double
  }

  func run() throws {
    if !json { write("isa       hash              tokens/s\n") }
    var hashes: [String] = []
    for isa in InstructionSet.available {
      let row = try measure(isa)
      hashes.append(row.hash)
      if json {
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        write(String(decoding: try encoder.encode(row), as: UTF8.self) + "\n")
      } else {
        let name = row.isa.padding(toLength: 9, withPad: " ", startingAt: 0)
        write("\(name) \(row.hash)  \(Int(row.tokensPerSecond))\n")
      }
    }
    guard Set(hashes).count == 1 else {
      throw ValidationError(
        "all instruction sets must give the same weights; found \(hashes.joined(separator: ", ")). "
          + "Run the tests of Kernels to find the function that differs.")
    }
  }

  private func measure(_ isa: InstructionSet) throws -> Row {
    let model = try Transformer(
      TransformerConfiguration(
        vocabulary: 64, context: 32, width: 24,
        positions: .relativeBias(.previousTokens(value: 4))))
    let run = try TrainingRun(
      model: model, optimizer: .adamW(rates: .maximalUpdate(baseWidth: 32)),
      schedule: .cosine(rate: 6e-3, warmup: min(10, steps - 1), steps: steps), seed: 1,
      sequencesPerBatch: batch, instructionSet: isa)
    var batches = RandomBatches(seed: 1, vocabulary: 64, tokens: run.tokensPerStep)
    let clock = ContinuousClock()
    let start = clock.now
    for _ in 0..<steps {
      let (tokens, targets) = batches.next()
      try run.step(tokens: tokens, targets: targets)
    }
    let seconds = start.duration(to: clock.now) / .seconds(1)
    let hash = String(run.snapshot().fingerprint, radix: 16)
    return Row(
      isa: isa.rawValue, hash: String(repeating: "0", count: 16 - hash.count) + hash,
      tokensPerSecond: Double(steps * run.tokensPerStep) / seconds)
  }

  // Not `print`, which holds lines back when the output is a file.
  private func write(_ text: String) { FileHandle.standardOutput.write(Data(text.utf8)) }
}

/// Batches of uniformly random tokens, with random targets.
struct RandomBatches {
  private var stream: RandomStream
  private let vocabulary: Int
  private let tokens: Int

  init(seed: UInt64, vocabulary: Int, tokens: Int) {
    stream = RandomStream(seed: seed, "benchmark batches")
    self.vocabulary = vocabulary
    self.tokens = tokens
  }

  /// The next batch.
  mutating func next() -> (tokens: [Int32], targets: [Int32]) {
    (draw(), draw())
  }

  private mutating func draw() -> [Int32] {
    var result: [Int32] = []
    result.reserveCapacity(tokens)
    for _ in 0..<tokens { result.append(Int32(stream.uniform(below: vocabulary))) }
    return result
  }
}
