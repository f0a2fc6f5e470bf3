import ArgumentParser
import Foundation
import Kernels
import Trainer

/// Times whole training steps of small language models.
struct Steps: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "step",
    abstract: "Time training steps of small transformers against the peak of multiply-adds.",
    discussion: """
      The models have 4 heads, a relative bias and a ReLU; a step is forward, backward, clipping \
      and AdamW on one batch. FLOPs are counted from the shapes, with causal attention at its \
      half: padding, softmax, norms and the optimiser cost time but do not count. Before a model \
      is timed, its first loss is compared with the logarithm of the vocabulary, and a falling \
      loss on one repeated batch shows that it learns; a wrong one ends the program with status 1.
      """)

  @Flag(help: "Print one JSON object a row.")
  var json = false

  @Option(parsing: .upToNextOption, help: "Widths.")
  var widths = [8, 16, 32, 64, 96, 128]

  @Option(help: "Layers of each model.")
  var layers = 2

  @Option(help: "Positions of a sequence.")
  var context = 64

  @Option(help: "Sequences of a step's batch.")
  var batch = 32

  @Option(help: "Tokens that the model tells apart.")
  var vocabulary = 64

  @Option(help: "Sequences that run at once (default: as many as fit the cache).")
  var microBatch: Int?

  @Option(
    help: "Instruction set: avx512, avx2 or portable (default: the fastest).",
    transform: Self.instructionSet)
  var isa: InstructionSet = .best

  @Option(help: "Seconds to spend on each row.")
  var seconds = 1.0

  private static func instructionSet(_ name: String) throws -> InstructionSet {
    let available = InstructionSet.available
    guard let isa = available.first(where: { $0.rawValue == name }) else {
      let names = available.map(\.rawValue).joined(separator: ", ")
      throw ValidationError("This processor has \(names); it lacks '\(name)'.")
    }
    return isa
  }

  func validate() throws {
    guard seconds > 0 else {
      throw ValidationError("--seconds must be positive; found \(seconds).")
    }
    guard vocabulary >= 2 else {
      throw ValidationError(
        "--vocabulary must be at least 2, or there is nothing to learn; found \(vocabulary).")
    }
  }

  /// What is printed of one width.
  struct Row: Codable {
    var isa: String
    var layers: Int
    var width: Int
    var context: Int
    var batch: Int
    var vocabulary: Int
    var tokensPerSecond: Double
    var gflops: Double
    var peakGflops: Double
    var fractionOfPeak: Double
    /// The bandwidth of memory.
    var bandwidthGBs: Double
  }

  func run() throws {
    let bandwidth = Bandwidth.measure(bytes: Bandwidth.memory, kernels: isa.kernels) / 1e9
    for (index, width) in widths.enumerated() {
      let row = try measure(width: width, bandwidth: bandwidth)
      if index == 0 && !json {
        write("width  tokens/s  GFLOP/s     peak  of peak  memory GB/s\n")
      }
      if json {
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        write(String(decoding: try encoder.encode(row), as: UTF8.self) + "\n")
      } else {
        write(
          String(
            format: "%5d %9.0f %8.1f %8.1f %7.1f%% %12.1f\n", row.width, row.tokensPerSecond,
            row.gflops, row.peakGflops, 100 * row.fractionOfPeak, row.bandwidthGBs))
      }
    }
  }

  private func measure(width: Int, bandwidth: Double) throws -> Row {
    let model = try Transformer(
      TransformerConfiguration(
        vocabulary: vocabulary, context: context, width: width, layers: layers,
        positions: .relativeBias(.previousTokens(value: 4))))
    let run = try TrainingRun(
      model: model, optimizer: .adamW(rates: .maximalUpdate(baseWidth: 32)),
      schedule: .constant(rate: 6e-3, warmup: 10), seed: 1, sequencesPerBatch: batch,
      microBatch: microBatch, instructionSet: isa)
    var batches = RandomBatches(seed: 1, vocabulary: vocabulary, tokens: run.tokensPerStep)
    let pool = (0..<16).map { _ in batches.next() }

    let first = try run.step(tokens: pool[0].tokens, targets: pool[0].targets)
    var last = first
    for _ in 0..<40 { last = try run.step(tokens: pool[0].tokens, targets: pool[0].targets) }
    guard abs(Double(first) - log(Double(vocabulary))) < 1e-4, last < 0.95 * first else {
      throw ValidationError(
        "width \(width) must begin at ln \(vocabulary) and learn a repeated batch; its loss went from "
          + "\(first) to \(last). Run the tests of Trainer.")
    }

    // The peak is measured in turn with the steps, so that both see the same clock frequency.
    var fastest = Double.infinity
    var peak = Double.infinity
    let rounds = 20_000
    let steps = max(1, Int(2e7 / (Double(run.tokensPerStep) * model.flopsPerToken(training: true))))
    var sink: Float = 0
    let clock = ContinuousClock()
    let end = clock.now + .seconds(seconds)
    repeat {
      let began = ProcessorTime.seconds
      for index in 0..<steps {
        let (tokens, targets) = pool[index % pool.count]
        try run.step(tokens: tokens, targets: targets)
      }
      let middle = ProcessorTime.seconds
      sink += isa.kernels.multiplyAddPeak(iterations: rounds)
      fastest = min(fastest, middle - began)
      peak = min(peak, ProcessorTime.seconds - middle)
    } while clock.now < end
    precondition(sink.isFinite)
    let tokens = Double(steps * run.tokensPerStep) / fastest
    let speed = tokens * model.flopsPerToken(training: true) / 1e9
    let peakSpeed = 768 * Double(rounds) / peak / 1e9
    return Row(
      isa: isa.rawValue, layers: layers, width: width, context: context, batch: batch,
      vocabulary: vocabulary, tokensPerSecond: tokens, gflops: speed, peakGflops: peakSpeed,
      fractionOfPeak: speed / peakSpeed, bandwidthGBs: bandwidth)
  }

  // Not `print`, which holds lines back when the output is a file.
  private func write(_ text: String) { FileHandle.standardOutput.write(Data(text.utf8)) }
}
