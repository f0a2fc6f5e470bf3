import ArgumentParser
import Foundation
import KernelInterface
import Kernels
import Trainer

/// Times training steps along each size of a transformer and looks for cliffs.
struct Sweep: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "sweep",
    abstract: "Time training steps over widths, contexts and vocabularies and look for cliffs.",
    discussion: """
      One size varies in each family, over multiples of 16 and sizes between them; the others stay \
      at 1 layer, width 64, context 64, 64 tokens. Before a model is timed, its loss and its \
      gradient on one sequence are compared bit for bit between all instruction sets that this \
      processor has, the portable one among them; a difference ends the program with status 1. \
      FLOPs are counted from the shapes without padding. A row is a cliff if it is more than 25 % \
      slower, in FLOPs a second, than its smaller neighbour, or slower than both neighbours and \
      more than 25 % slower than one. (Small models are slower than larger ones everywhere: a row \
      far below its larger neighbour alone is no cliff.) A suspected cliff and its neighbours are \
      timed again, side by side, up to five times, and most of these must show it; any cliff ends \
      the program with status 1.
      """)

  /// The size that varies.
  enum Family: String, CaseIterable, Encodable, ExpressibleByArgument {
    case width, context, vocabulary

    /// From the smallest to the largest that this package is made for.
    var sizes: [Int] {
      switch self {
      case .width:
        [
          8, 12, 16, 20, 24, 28, 32, 40, 48, 56, 64, 72, 80, 96, 100, 112, 128, 132, 160, 192, 200,
          256, 260, 320, 384, 448, 512,
        ]
      case .context:
        [5, 8, 12, 16, 17, 24, 31, 32, 33, 48, 64, 65, 100, 128, 200, 256, 300, 512, 777, 1024]
      case .vocabulary:
        [
          5, 8, 10, 16, 17, 32, 50, 64, 65, 100, 128, 200, 256, 257, 500, 512, 1000, 1024, 2048,
          3000, 4096,
        ]
      }
    }
  }

  @OptionGroup var output: RowOutput

  @Option(parsing: .upToNextOption, help: "Families: width, context, vocabulary (default: all).")
  var families: [Family] = Family.allCases

  @Option(help: "Tokens of a step, about.")
  var tokens = 2048

  @Option(help: "Instruction set: avx512, avx2 or portable (default: the fastest).")
  var isa: InstructionSet = .best

  @Option(help: "Seconds to spend on each row.")
  var seconds = 0.3

  func validate() throws {
    try isa.validate()
    guard tokens >= 1 else {
      throw ValidationError("--tokens must be at least 1; found \(tokens).")
    }
    guard tokens <= mostPositions else {
      throw ValidationError("--tokens must be at most \(mostPositions); found \(tokens).")
    }
    try benchmarks.validate(seconds: seconds)
  }

  /// One line of the result.
  struct Row: ResultRow {
    var family: Family
    var size: Int
    var isa: String
    var tokensPerSecond: Double
    var gflops: Double
    var peakGflops: Double
    var fractionOfPeak: Double
    var bandwidthGBs: Double
    /// The instruction sets whose loss and gradient agree bit for bit.
    var equalOn: [String]
    var isCliff = false

    /// Whatever disturbs a measurement makes it slower.
    mutating func keepFaster(_ other: Row) {
      guard other.gflops > gflops else { return }
      tokensPerSecond = other.tokensPerSecond
      gflops = other.gflops
      peakGflops = other.peakGflops
      fractionOfPeak = other.fractionOfPeak
    }

    static let header = "family       size   tokens/s  GFLOP/s  of peak  equal on"

    var line: String {
      family.rawValue.padding(toLength: 11, withPad: " ", startingAt: 0)
        + String(
          format: "%6d%11.0f%9.1f%8.1f%%  ", size, tokensPerSecond, gflops, 100 * fractionOfPeak)
        + equalOn.joined(separator: " ") + (isCliff ? "  CLIFF" : "")
    }
  }

  func run() throws {
    let bandwidth = Bandwidth.measure(bytes: Bandwidth.memory, kernels: isa.kernels)
    try output.begin(Row.self)
    var cliffs: [String] = []
    for family in families {
      var rows: [Row] = []
      for size in family.sizes {
        let sets = try compare(family, size)
        var row = try measure(family, size)
        row.equalOn = sets.map(\.rawValue)
        row.bandwidthGBs = bandwidth / 1e9
        rows.append(row)
      }
      var judged: Set<Int> = []
      while let index = Self.cliffs(rows.map(\.gflops)).first(where: { !judged.contains($0) }) {
        judged.insert(index)
        guard try Self.confirmed(by: { try isSlowAgain(index, among: &rows) }) else { continue }
        rows[index].isCliff = true
        cliffs.append("\(family.rawValue) \(rows[index].size)")
      }
      for row in rows { try output.write(row) }
    }
    guard cliffs.isEmpty else {
      throw Failure("more than 25 % below a neighbour: \(cliffs.joined(separator: ", "))")
    }
    if !output.json { try writeLine("no row is more than 25 % below its neighbours") }
  }

  /// The indices of the rows that are cliffs; see the command's discussion for the rule.
  static func cliffs(_ speeds: [Double]) -> [Int] {
    speeds.indices.filter { index in
      let speed = speeds[index]
      let smaller = index > 0 ? speeds[index - 1] : 0
      let larger = index + 1 < speeds.count ? speeds[index + 1] : 0
      return speed < 0.75 * smaller || (speed < smaller && speed < 0.75 * larger)
    }
  }

  /// Whether most of five looks find a cliff; it looks no more often than that takes.
  static func confirmed(by look: () throws -> Bool) rethrows -> Bool {
    var (found, cleared) = (0, 0)
    while found < 3 && cleared < 3 {
      if try look() { found += 1 } else { cleared += 1 }
    }
    return found == 3
  }

  /// Times a row and its neighbours side by side, keeps what is faster, and judges by this time alone:
  /// a processor's speed may have changed since the first one.
  private func isSlowAgain(_ index: Int, among rows: inout [Row]) throws -> Bool {
    let first = max(0, index - 1)
    var speeds: [Double] = []
    for place in first...min(rows.count - 1, index + 1) {
      let again = try measure(rows[place].family, rows[place].size)
      speeds.append(again.gflops)
      rows[place].keepFaster(again)
    }
    return Self.cliffs(speeds).contains(index - first)
  }

  private func model(_ family: Family, _ size: Int) throws -> Transformer {
    let context = family == .context ? size : 64
    return try Transformer(
      TransformerConfiguration(
        vocabulary: family == .vocabulary ? size : 64, context: context,
        width: family == .width ? size : 64,
        positions: .relativeBias(context > 4 ? .previousTokens(value: 4) : .zero)))
  }

  /// The instruction sets that agree, all of them, or an error.
  private func compare(_ family: Family, _ size: Int) throws -> [InstructionSet] {
    let model = try model(family, size)
    let differentiation = Differentiation(model: model, seed: 1)
    var batches = RandomBatches(
      seed: 2, vocabulary: model.inputCount, tokens: model.positionsPerSequence)
    let (tokens, targets) = batches.next()
    let sets = InstructionSet.available
    let results = sets.map { differentiation.run(tokens: tokens, targets: targets, isa: $0) }
    for (set, result) in zip(sets, results).dropFirst() {
      guard
        result.loss == results[0].loss,
        result.gradient.map(\.bitPattern) == results[0].gradient.map(\.bitPattern)
      else {
        throw Failure(
          "\(family.rawValue) \(size): \(set.rawValue) must give the loss and the gradient of "
            + "\(sets[0].rawValue) bit for bit; found the losses \(result.loss) and "
            + "\(results[0].loss). Run the tests of Kernels.")
      }
    }
    guard results[0].loss.isFinite else {
      throw Failure("\(family.rawValue) \(size): the loss is \(results[0].loss).")
    }
    return sets
  }

  /// Times steps beside the peak.
  private func measure(_ family: Family, _ size: Int) throws -> Row {
    let model = try model(family, size)
    let run = try TrainingRun(
      model: model, optimizer: .adamW(), schedule: .constant(rate: 1e-4), seed: 1,
      sequencesPerBatch: max(1, tokens / model.positionsPerSequence), instructionSet: isa)
    var batches = RandomBatches(seed: 1, vocabulary: model.inputCount, tokens: run.tokensPerStep)
    let (tokens, targets) = batches.next()
    let flops = model.flopsPerTrainingStep(sequences: run.sequencesPerBatch)
    let steps = max(1, Int(2e7 / flops))
    var timing = Timing(.processor)
    let peakSpeed = try isa.peak(.processor, seconds: seconds) {
      for _ in 0..<2 {
        try timing.measure {
          for _ in 0..<steps { try run.step(tokens: tokens, targets: targets) }
        }
      }
    }
    let stepsPerSecond = Double(steps) / timing.seconds
    let tokensPerSecond = stepsPerSecond * Double(run.tokensPerStep)
    let speed = stepsPerSecond * flops
    return Row(
      family: family, size: size, isa: isa.rawValue, tokensPerSecond: tokensPerSecond,
      gflops: speed / 1e9, peakGflops: peakSpeed / 1e9, fractionOfPeak: speed / peakSpeed,
      bandwidthGBs: 0, equalOn: [])
  }
}
