import ArgumentParser
import Foundation
import Kernels
import Randomness
import Trainer

/// Times writing with a transformer, keys and values kept, against recomputing the prefix.
struct Decoding: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "decode",
    abstract: "Time writing with kept keys and values against recomputing the prefix.",
    discussion: """
      The models have 4 heads, a relative bias and a ReLU. A batch of sequences is written from one \
      token to the full context, once with kept keys and values and once by a full forward pass \
      over the prefix for each token, its length rounded up to 16 positions, as attention takes \
      them anyway (the pass gives the logits of all positions, about 3 % more than needed). \
      tokens/s counts the tokens of all sequences. Before anything is timed, the logits of both \
      ways are compared at every position; a difference ends the program with status 1.
      """)

  @OptionGroup var output: RowOutput

  @Option(parsing: .upToNextOption, help: "Widths.")
  var widths = [64]

  @Option(help: "Layers of each model.")
  var layers = 2

  @Option(parsing: .upToNextOption, help: "Numbers of sequences that are written at once.")
  var batches = [64]

  @Option(help: "Tokens of a sequence.")
  var context = 256

  @Option(help: "Tokens that the model tells apart.")
  var vocabulary = 64

  @Option(
    help: "Instruction set: avx512, avx2 or portable (default: the fastest).",
    transform: InstructionSet.onThisProcessor)
  var isa: InstructionSet = .best

  @Option(help: "Seconds to spend on each row.")
  var seconds = 5.0

  func validate() throws {
    try benchmarks.validate(seconds: seconds)
    guard context > 4 else {
      throw ValidationError(
        "--context must be greater than the 4 heads, which begin by looking back; "
          + "found \(context).")
    }
    guard batches.allSatisfy({ $0 >= 1 }) else {
      throw ValidationError("--batches must be at least 1; found \(batches).")
    }
    for batch in batches {
      try benchmarks.validate("--batches", sequences: batch, context: context)
    }
  }

  /// What is printed of one width and batch.
  struct Row: ResultRow {
    var isa: String
    var width: Int
    var layers: Int
    var batch: Int
    var context: Int
    var tokensPerSecond: Double
    var recomputingTokensPerSecond: Double
    var speedup: Double
    /// Of writing with kept keys and values, counted from the shapes.
    var gflops: Double
    var peakGflops: Double
    /// What is kept of the sequences, activations and parameters included.
    var bytes: Int

    static let header =
      "width  batch   tokens/s  recomputing  speedup  GFLOP/s (peak)     MiB"

    var line: String {
      String(
        format: "%5d %6d %10.0f %12.0f %7.1fx %8.1f (%4.0f) %7.1f", width, batch, tokensPerSecond,
        recomputingTokensPerSecond, speedup, gflops, peakGflops, Double(bytes) / 1_048_576)
    }
  }

  func run() throws {
    try output.begin(Row.self)
    for width in widths {
      for batch in batches { try output.write(try measure(width: width, batch: batch)) }
    }
  }

  /// A model, its initial parameters, and one that reads prefixes of up to `positions` tokens.
  private func model(width: Int, positions: Int) throws -> (Transformer, TrainingSnapshot) {
    let model = try Transformer(
      TransformerConfiguration(
        vocabulary: vocabulary, context: positions, width: width, layers: layers,
        positions: .relativeBias(.previousTokens(value: 4)), zeroOutput: false))
    // The weights of a run at its beginning do; each tensor draws from a stream of its own name.
    let run = try TrainingRun(
      model: model, optimizer: .sgd(), schedule: .constant(rate: 0), seed: 1, sequencesPerBatch: 1,
      instructionSet: isa)
    return (model, run.snapshot())
  }

  private func measure(width: Int, batch: Int) throws -> Row {
    let (model, snapshot) = try model(width: width, positions: context)
    let decoder = try Decoder(
      model: model, snapshot: snapshot, sequences: batch, instructionSet: isa)
    var stream = RandomStream(seed: 1, "decoding benchmark")
    let tokens = (0..<context).map { _ in
      (0..<batch).map { _ in Int32(stream.uniform(below: vocabulary)) }
    }
    try check(decoder, model, snapshot, tokens: tokens)

    func writeAll() throws {
      try decoder.begin(with: tokens[0].map { [$0] })
      for position in 1..<context { try decoder.advance(with: tokens[position]) }
    }
    var writing = Timing(.processor)
    let peak = try isa.peak(.processor, seconds: seconds / 2) { try writing.measure(writeAll) }
    let kept = writing.seconds

    let recomputing = try recompute(width: width, batch: batch, limit: seconds / 2)
    let written = Double(batch * context)
    let flops = Double(batch) * model.flopsOfDecoding(prompt: 1, generated: context)
    return Row(
      isa: isa.rawValue, width: width, layers: layers, batch: batch, context: context,
      tokensPerSecond: written / kept, recomputingTokensPerSecond: written / recomputing,
      speedup: recomputing / kept, gflops: flops / kept / 1e9,
      peakGflops: peak / 1e9, bytes: decoder.byteCount)
  }

  /// Compares the logits of both ways at every position of every sequence.
  private func check(
    _ decoder: Decoder, _ model: Transformer, _ snapshot: TrainingSnapshot, tokens: [[Int32]]
  ) throws {
    let batch = tokens[0].count
    let evaluator = try Evaluator(model: model, snapshot: snapshot, instructionSet: isa)
    let expected = try evaluator.logits(
      tokens: (0..<batch).flatMap { sequence in tokens.map { $0[sequence] } })
    for position in 0..<context {
      if position == 0 {
        try decoder.begin(with: tokens[0].map { [$0] })
      } else {
        try decoder.advance(with: tokens[position])
      }
      let found = decoder.logits
      for sequence in 0..<batch {
        for token in 0..<vocabulary {
          let place = (sequence * context + position) * vocabulary + token
          guard found[sequence * vocabulary + token] == expected[place] else {
            throw ValidationError(
              "kept keys and values must give the logits of the full forward pass; position "
                + "\(position) of sequence \(sequence) has \(found[sequence * vocabulary + token]), "
                + "not \(expected[place]). Run the tests of Trainer.")
          }
        }
      }
    }
  }

  /// The seconds that it takes to write all tokens by a forward pass over each prefix.
  private func recompute(width: Int, batch: Int, limit: Double) throws -> Double {
    let steps = stride(from: 16, to: context + 16, by: 16).map { min($0, context) }
    let passes = try steps.map { positions in
      let (model, snapshot) = try model(width: width, positions: max(positions, 5))
      let tokens = [Int32](repeating: 1, count: batch * model.positionsPerSequence)
      return (try Evaluator(model: model, snapshot: snapshot, instructionSet: isa), tokens)
    }
    var fastest = [Timing](repeating: Timing(.processor), count: steps.count)
    try repeated(seconds: limit) {
      for (index, (evaluator, tokens)) in passes.enumerated() {
        try fastest[index].measure { _ = try evaluator.evaluate(tokens: tokens, targets: tokens) }
      }
    }
    // Each pass serves the tokens whose prefix has its length when rounded up.
    return zip(steps.indices, fastest).reduce(0) { sum, pass in
      let before = pass.0 == 0 ? 0 : steps[pass.0 - 1]
      return sum + Double(steps[pass.0] - before) * pass.1.seconds
    }
  }
}
