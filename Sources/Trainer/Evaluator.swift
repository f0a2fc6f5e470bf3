import KernelInterface
import Kernels

/// A model with its parameters, ready to be run forward: losses and logits.
///
/// Any whole number of sequences may be passed; they go through the arena in micro-batches. Losses
/// are summed in Double, in order, so that the size of a micro-batch changes no bit. Not for two
/// threads at a time.
public final class Evaluator {
  /// The model that is measured.
  public let model: any Model
  /// The sequences of a micro-batch.
  public let microBatch: Int
  let kernels: any KernelSet.Type
  let parameters: AlignedBuffer
  let pass: any ModelPass
  private let losses: AlignedBuffer
  private let positions: Int
  private let inputCount: Int
  private let outputCount: Int

  /// What the logits are compared with.
  enum Targets {
    /// A target a position; negative: not counted.
    case tokens(UnsafeBufferPointer<Int32>)
    /// A row of a table a position; negative: not counted.
    case distributions(DistributionTable, rows: UnsafeBufferPointer<Int32>)

    var indices: UnsafeBufferPointer<Int32> {
      switch self {
      case .tokens(let targets): targets
      case .distributions(_, let rows): rows
      }
    }
  }

  /// Measures the model that a snapshot or a checkpoint holds.
  ///
  /// - Parameters:
  ///   - microBatch: The sequences that run at once; nil chooses as many as fit the cache.
  ///   - instructionSet: Which build of the kernels runs; all give the same bits.
  public convenience init(
    model: any Model, snapshot: TrainingSnapshot, microBatch: Int? = nil,
    instructionSet: InstructionSet = .best
  ) throws(TrainingError) {
    try snapshot.check(against: model)
    self.init(
      model: model, sequences: 64, microBatch: microBatch, kernels: instructionSet.kernels)
    parameters.assign(snapshot.parameters)
  }

  /// An evaluator with all parameters zero, for batches of about `sequences` sequences.
  init(model: any Model, sequences: Int, microBatch: Int?, kernels: any KernelSet.Type) {
    self.model = model
    self.kernels = kernels
    positions = model.positionsPerSequence
    inputCount = model.inputCount
    outputCount = model.outputCount
    parameters = AlignedBuffer(count: model.layout.paddedCount)
    let chosen =
      microBatch ?? Self.sequencesThatFit(model: model, sequences: sequences, kernels: kernels)
    precondition(chosen >= 1, "a micro-batch needs at least one sequence, not \(chosen)")
    self.microBatch = chosen
    pass = model.makePass(sequences: chosen, kernels: kernels)
    losses = AlignedBuffer(count: chosen * positions)
  }

  /// What the activations of a micro-batch may fill by default, in floats.
  ///
  /// Smaller micro-batches read the weights and add to the gradients more often, larger ones leave
  /// a cache of 1 MiB; between 0.5 and 1.5 MiB little changes (`benchmarks step --micro-batch`).
  static let defaultActivations = 250_000

  /// The largest micro-batch whose activations stay within `defaultActivations`, at least one
  /// sequence.
  private static func sequencesThatFit(
    model: any Model, sequences: Int, kernels: any KernelSet.Type
  ) -> Int {
    let shared = model.workspaceCount(sequences: 0, kernels: kernels)
    var count = max(1, sequences)
    while count > 1,
      model.workspaceCount(sequences: count, kernels: kernels) - shared > defaultActivations
    {
      count = (count + 1) / 2
    }
    return count
  }

  // MARK: - Losses

  /// The mean cross-entropy in nats over the positions whose target is not negative.
  public func evaluate(
    tokens: UnsafeBufferPointer<Int32>, targets: UnsafeBufferPointer<Int32>
  ) throws(TrainingError) -> Double {
    let (sequences, counted) = try check(tokens: tokens, targets: .tokens(targets))
    return total(sequences: sequences, tokens: tokens, targets: .tokens(targets))
      / Double(counted)
  }

  /// The mean cross-entropy in nats over the positions whose target is not negative.
  public func evaluate(tokens: [Int32], targets: [Int32]) throws(TrainingError) -> Double {
    try withPointers(tokens, targets) { (tokens, targets) throws(TrainingError) in
      try evaluate(tokens: tokens, targets: targets)
    }
  }

  /// The mean cross-entropy in nats against given distributions.
  ///
  /// The target of position i is row `rows[i]` of `distributions`; a negative row does not count.
  /// The result is the entropy of the distributions plus the Kullback-Leibler divergence of the
  /// model from them: subtract the former to get an excess loss without the noise of targets.
  public func evaluateSoft(
    tokens: UnsafeBufferPointer<Int32>, distributions: DistributionTable,
    rows: UnsafeBufferPointer<Int32>
  ) throws(TrainingError) -> Double {
    let targets = Targets.distributions(distributions, rows: rows)
    let (sequences, counted) = try check(tokens: tokens, targets: targets)
    return total(sequences: sequences, tokens: tokens, targets: targets) / Double(counted)
  }

  /// The mean cross-entropy in nats against given distributions.
  public func evaluateSoft(
    tokens: [Int32], distributions: DistributionTable, rows: [Int32]
  ) throws(TrainingError) -> Double {
    try withPointers(tokens, rows) { (tokens, rows) throws(TrainingError) in
      try evaluateSoft(tokens: tokens, distributions: distributions, rows: rows)
    }
  }

  /// The logits of every position, [tokens, outputCount], without padding.
  ///
  /// Attention is causal, so the logits of a position do not depend on the tokens after it: fill a
  /// sequence that is still being written with any token. Allocates the result.
  public func logits(tokens: [Int32]) throws(TrainingError) -> [Float] {
    let ignored = [Int32](repeating: 0, count: tokens.count)
    return try withPointers(tokens, ignored) { (tokens, ignored) throws(TrainingError) in
      let (sequences, _) = try check(tokens: tokens, targets: .tokens(ignored))
      var result: [Float] = []
      result.reserveCapacity(tokens.count * outputCount)
      forEachMicroBatch(sequences: sequences, tokens: tokens) { _, count, logits in
        for row in 0..<count * positions {
          let start = logits + row * pass.logitsStride
          result.append(contentsOf: UnsafeBufferPointer(start: start, count: outputCount))
        }
      }
      return result
    }
  }

  // MARK: - The loop over micro-batches

  /// Sums the losses of all rows; accumulates their gradient too, if asked for.
  ///
  /// The gradient is that of `gradientScale` times the sum. It stops at the first micro-batch whose
  /// loss is not finite, since the rest can change nothing about it.
  func total(
    sequences: Int, tokens: UnsafeBufferPointer<Int32>, targets: Targets,
    gradientScale: Float = 0, gradients: UnsafeMutablePointer<Float>? = nil
  ) -> Double {
    pass.prepare(parameters: parameters.pointer, training: gradients != nil)
    var sum = 0.0
    var start = 0
    while start < sequences, sum.isFinite {
      let count = min(microBatch, sequences - start)
      let first = start * positions
      let rows = count * positions
      let input = tokens.baseAddress! + first
      let logits = pass.forward(
        sequences: count, tokens: input, parameters: parameters.pointer)
      switch targets {
      case .tokens(let targets):
        kernels.crossEntropy(
          rows: rows, columns: outputCount, logits: logits, stride: pass.logitsStride,
          targets: targets.baseAddress! + first, gradientScale: gradientScale,
          losses: losses.pointer)
      case .distributions(let table, let indices):
        kernels.crossEntropySoft(
          rows: rows, columns: outputCount, logits: logits, stride: pass.logitsStride,
          targets: table.buffer.pointer, targetStride: table.stride,
          targetRows: indices.baseAddress! + first, gradientScale: gradientScale,
          losses: losses.pointer)
      }
      let values = losses.pointer
      for row in 0..<rows { sum += Double(values[row]) }
      if let gradients, sum.isFinite {
        pass.backward(
          sequences: count, tokens: input, parameters: parameters.pointer, gradients: gradients)
      }
      start += count
    }
    if let gradients { pass.finish(gradients: gradients) }
    return sum
  }

  private func forEachMicroBatch(
    sequences: Int, tokens: UnsafeBufferPointer<Int32>,
    _ body: (_ first: Int, _ count: Int, _ logits: UnsafeMutablePointer<Float>) -> Void
  ) {
    pass.prepare(parameters: parameters.pointer, training: false)
    var start = 0
    while start < sequences {
      let count = min(microBatch, sequences - start)
      let input = tokens.baseAddress! + start * positions
      body(
        start, count,
        pass.forward(sequences: count, tokens: input, parameters: parameters.pointer))
      start += count
    }
  }

  // MARK: - Checks

  /// The number of sequences and of positions that count, or what is wrong with the batch.
  ///
  /// The kernels trust their indices, so every token and every target is looked at here.
  func check(
    tokens: UnsafeBufferPointer<Int32>, targets: Targets
  ) throws(TrainingError) -> (sequences: Int, counted: Int) {
    guard tokens.count > 0 else { throw .noTokens }
    guard tokens.count.isMultiple(of: positions) else {
      throw .partialSequence(tokens: tokens.count, positions: positions)
    }
    let indices = targets.indices
    guard indices.count == tokens.count else {
      throw .targetCount(tokens: tokens.count, targets: indices.count)
    }
    let limit: Int
    switch targets {
    case .tokens: limit = outputCount
    case .distributions(let table, _):
      guard table.columns == outputCount else {
        throw .distributionWidth(columns: table.columns, expected: outputCount)
      }
      limit = table.rows
    }
    var counted = 0
    var index = 0
    while index < tokens.count {
      let token = tokens[index]
      guard token >= 0, Int(token) < inputCount else {
        throw .tokenOutOfRange(index: index, token: token, count: inputCount)
      }
      let target = indices[index]
      if target >= 0 {
        guard Int(target) < limit else {
          if case .tokens = targets {
            throw .targetOutOfRange(index: index, target: target, count: limit)
          }
          throw .distributionOutOfRange(index: index, row: target, count: limit)
        }
        counted += 1
      }
      index += 1
    }
    guard counted > 0 else { throw .noTargets }
    return (tokens.count / positions, counted)
  }
}

/// Calls `body` with both arrays' storage.
func withPointers<Result>(
  _ first: [Int32], _ second: [Int32],
  _ body: (UnsafeBufferPointer<Int32>, UnsafeBufferPointer<Int32>) throws(TrainingError) -> Result
) throws(TrainingError) -> Result {
  try first.withUnsafeBufferPointer { (first) throws(TrainingError) in
    try second.withUnsafeBufferPointer { (second) throws(TrainingError) in
      try body(first, second)
    }
  }
}
