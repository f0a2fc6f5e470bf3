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
      and AdamW on one batch. FLOPs are counted from the shapes, causal attention at its half and \
      the first layer's queries, keys and values once for each token where they are computed so: \
      padding, softmax, norms and the optimiser cost time but do not count. Before a model is \
      timed, its first loss is compared with the logarithm of the vocabulary, and a falling loss \
      on one repeated batch shows that it learns; a wrong one ends the program with status 1.
      """)

  @OptionGroup var output: RowOutput

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
    transform: InstructionSet.onThisProcessor)
  var isa: InstructionSet = .best

  @Option(help: "Seconds to spend on each row.")
  var seconds = 1.0

  func validate() throws {
    try benchmarks.validate(seconds: seconds)
    guard vocabulary >= 2 else {
      throw ValidationError(
        "--vocabulary must be at least 2, or there is nothing to learn; found \(vocabulary).")
    }
    try benchmarks.validate("--batch", sequences: batch, context: context)
  }

  /// What is printed of one width.
  struct Row: ResultRow {
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

    static let header = "width  tokens/s  GFLOP/s     peak  of peak  memory GB/s"

    var line: String {
      String(
        format: "%5d %9.0f %8.1f %8.1f %7.1f%% %12.1f", width, tokensPerSecond, gflops, peakGflops,
        100 * fractionOfPeak, bandwidthGBs)
    }
  }

  func run() throws {
    let bandwidth = Bandwidth.measure(bytes: Bandwidth.memory, kernels: isa.kernels) / 1e9
    for (index, width) in widths.enumerated() {
      let row = try measure(width: width, bandwidth: bandwidth)
      if index == 0 { try output.begin(Row.self) }
      try output.write(row)
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

    let flops = model.flopsPerTrainingStep(sequences: batch)
    let steps = max(1, Int(2e7 / flops))
    var timing = Timing(.processor)
    let peak = try isa.peak(.processor, seconds: seconds) {
      try timing.measure {
        for index in 0..<steps {
          let (tokens, targets) = pool[index % pool.count]
          try run.step(tokens: tokens, targets: targets)
        }
      }
    }
    let stepsPerSecond = Double(steps) / timing.seconds
    let tokens = stepsPerSecond * Double(run.tokensPerStep)
    let speed = stepsPerSecond * flops / 1e9
    let peakSpeed = peak / 1e9
    return Row(
      isa: isa.rawValue, layers: layers, width: width, context: context, batch: batch,
      vocabulary: vocabulary, tokensPerSecond: tokens, gflops: speed, peakGflops: peakSpeed,
      fractionOfPeak: speed / peakSpeed, bandwidthGBs: bandwidth)
  }
}
