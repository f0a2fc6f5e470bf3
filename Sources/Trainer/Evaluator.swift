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
  /// The numbers that a regression aims at, with padding; nil for models of tokens.
  private let values: AlignedBuffer?
  private let positions: Int
  private let inputCount: Int
  private let inputWidth: Int?
  private let outputCount: Int

  /// What goes into the model.
  enum Inputs {
    /// A token a position.
    case tokens(UnsafeBufferPointer<Int32>)
    /// A vector a position, one behind the other.
    case vectors(UnsafeBufferPointer<Float>)
  }

  /// What the outputs are compared with.
  enum Targets {
    /// A target a position; negative: not counted.
    case tokens(UnsafeBufferPointer<Int32>)
    /// A row of a table a position; negative: not counted.
    case distributions(DistributionTable, rows: UnsafeBufferPointer<Int32>)

    /// A vector a position, one behind the other; all count.
    case values(UnsafeBufferPointer<Float>)
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
    inputWidth = model.inputWidth
    outputCount = model.outputCount
    parameters = AlignedBuffer(count: model.layout.paddedCount)
    let chosen =
      microBatch ?? Self.sequencesThatFit(model: model, sequences: sequences, kernels: kernels)
    precondition(chosen >= 1, "a micro-batch needs at least one sequence, not \(chosen)")
    self.microBatch = chosen
    pass = model.makePass(sequences: chosen, kernels: kernels)
    losses = AlignedBuffer(count: chosen * positions)
    values =
      model.inputWidth == nil
      ? nil : AlignedBuffer(count: chosen * positions * padded(model.outputCount))
  }

  /// The bytes of its buffers: parameters, the pass's activations and packed weights, losses.
  ///
  /// Frozen tensors belong to the model and are not counted.
  public var byteCount: Int {
    4
      * (parameters.count + losses.count + (values?.count ?? 0)
        + model.workspaceCount(sequences: microBatch, kernels: kernels))
  }

  /// What the activations of a micro-batch may fill by default, in floats, beside as many as the model
  /// has parameters.
  ///
  /// Smaller micro-batches read the weights and add to the gradients more often, which costs more the
  /// more there are; larger ones leave a cache of 1 MiB. From width 32 to 128, contexts of 12 to 64
  /// and one or two layers, no other size is faster by more than 3 % (`benchmarks step
  /// --micro-batch`).
  static let defaultActivations = 110_000

  /// The floats of a matrix that fills such a cache alone.
  static let farMatrix = 250_000

  /// The floats of activations for each parameter of a model with such a matrix.
  ///
  /// It reads its weights and adds to its gradients outside that cache; more rows at a time do so
  /// less often. One of width 512 reaches 68 % of the peak of multiply-adds instead of 48 % with one
  /// sequence of 64 tokens at a time (one core of a 2.5 GHz Cascade Lake with AVX-512).
  static let activationsPerParameter = 4

  /// What the activations may fill if more than two sequences that are taken together need so much.
  ///
  /// Two are worth it at any size: with AVX2, width 16 and 1024 positions, attention's lanes by head
  /// bring 32 % of the peak of multiply-adds instead of 26 % (`benchmarks step --widths 16 --context
  /// 1024 --batch 4 --micro-batch`, one core of a 3.2 GHz Zen 3).
  static let activationsTogether = 375_000

  /// The largest micro-batch whose activations stay within the limits above, in whole multiples of the
  /// sequences that are taken together, at least one sequence; then as small as it may be for as many
  /// micro-batches.
  private static func sequencesThatFit(
    model: any Model, sequences: Int, kernels: any KernelSet.Type
  ) -> Int {
    let shared = model.workspaceCount(sequences: 0, kernels: kernels)
    func floats(_ count: Int) -> Int {
      model.workspaceCount(sequences: count, kernels: kernels) - shared
    }
    let largest = model.layout.tensors.map(\.count).max() ?? 0
    let parameters = model.layout.parameterCount
    let most =
      largest > farMatrix ? activationsPerParameter * parameters : defaultActivations + parameters
    guard sequences > 1, floats(sequences) > most else { return max(1, sequences) }

    let together = model.sequencesTogether(kernels: kernels)
    var fitting = 0
    var next = sequences / together + 1
    while next - fitting > 1 {
      let middle = (fitting + next) / 2
      if floats(middle * together) <= most { fitting = middle } else { next = middle }
    }
    if fitting == 0 {
      let fits = together <= 2 || floats(together) <= activationsTogether
      if fits && together <= sequences { return together }
      return (1..<max(2, together)).last { floats($0) <= most } ?? 1
    }
    let parts = (sequences + (fitting * together - 1)) / (fitting * together)
    let even = (sequences + (parts - 1)) / parts
    return (even + (together - 1)) / together * together
  }

  // MARK: - Losses of tokens

  /// The mean cross-entropy in nats over the positions whose target is not negative.
  public func evaluate(
    tokens: UnsafeBufferPointer<Int32>, targets: UnsafeBufferPointer<Int32>
  ) throws(TrainingError) -> Double {
    try mean(.tokens(tokens), against: .tokens(targets))
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
    try mean(.tokens(tokens), against: .distributions(distributions, rows: rows))
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
  /// Language models are causal, so the logits of a position do not depend on the tokens after it:
  /// fill a sequence that is still being written with any token. Allocates the result.
  public func logits(tokens: [Int32]) throws(TrainingError) -> [Float] {
    try withPointers(tokens, []) { (tokens, _: UnsafeBufferPointer<Int32>) throws(TrainingError) in
      try outputs(.tokens(tokens))
    }
  }

  /// The model's distributions at every position, one row a token: targets for a student.
  ///
  /// - Parameter temperature: What the logits are divided by; above 1 the distributions are flatter,
  ///   and a student sees more of what its teacher holds for improbable (Hinton, Vinyals & Dean
  ///   2015, arXiv 1503.02531, section 2). The student's own logits are not divided.
  /// - Throws: `TrainingError.temperature` unless it is a positive number, `notFinite` if the logits
  ///   are not, and errors of the tokens.
  public func distributions(
    tokens: [Int32], temperature: Double = 1
  ) throws(TrainingError) -> DistributionTable {
    guard temperature.isFinite, temperature > 0 else { throw .temperature(temperature) }
    return try DistributionTable(
      columns: outputCount, logits: logits(tokens: tokens), temperature: temperature)
  }

  // MARK: - Losses of vectors

  /// The mean cross-entropy in nats of a classification over the examples whose target is not
  /// negative.
  ///
  /// - Parameter inputs: [examples, inputWidth], row by row without padding.
  public func evaluate(inputs: [Float], targets: [Int32]) throws(TrainingError) -> Double {
    try withPointers(inputs, targets) { (inputs, targets) throws(TrainingError) in
      try mean(.vectors(inputs), against: .tokens(targets))
    }
  }

  /// The mean cross-entropy in nats of a classification against given distributions.
  ///
  /// The target of example i is row `rows[i]` of `distributions`; a negative row does not count.
  public func evaluateSoft(
    inputs: [Float], distributions: DistributionTable, rows: [Int32]
  ) throws(TrainingError) -> Double {
    try withPointers(inputs, rows) { (inputs, rows) throws(TrainingError) in
      try mean(.vectors(inputs), against: .distributions(distributions, rows: rows))
    }
  }

  /// The mean over examples of the squared error, summed over an example's outputs.
  ///
  /// - Parameters:
  ///   - inputs: [examples, inputWidth], row by row without padding.
  ///   - values: [examples, outputCount], likewise.
  public func evaluate(inputs: [Float], values: [Float]) throws(TrainingError) -> Double {
    try withPointers(inputs, values) { (inputs, values) throws(TrainingError) in
      try mean(.vectors(inputs), against: .values(values))
    }
  }

  /// The outputs of every example, [examples, outputCount], without padding; allocates the result.
  public func outputs(inputs: [Float]) throws(TrainingError) -> [Float] {
    try withPointers(inputs, []) { (inputs, _: UnsafeBufferPointer<Int32>) throws(TrainingError) in
      try outputs(.vectors(inputs))
    }
  }

  // MARK: - The loop over micro-batches

  private func mean(_ inputs: Inputs, against targets: Targets) throws(TrainingError) -> Double {
    let (sequences, counted) = try check(inputs, against: targets)
    let sum = total(sequences: sequences, inputs: inputs, targets: targets)
    if !sum.isFinite { try checkFinite(inputs, targets) }
    return sum / Double(counted)
  }

  private func outputs(_ inputs: Inputs) throws(TrainingError) -> [Float] {
    let sequences = try check(inputs)
    var result: [Float] = []
    result.reserveCapacity(sequences * positions * outputCount)
    pass.prepare(parameters: parameters.pointer, training: false)
    var start = 0
    while start < sequences {
      let count = min(microBatch, sequences - start)
      let outputs = pass.forward(
        sequences: count, inputs: place(of: start, in: inputs), parameters: parameters.pointer)
      for row in 0..<count * positions {
        let start = outputs + row * pass.logitsStride
        result.append(contentsOf: UnsafeBufferPointer(start: start, count: outputCount))
      }
      start += count
    }
    return result
  }

  /// Where the inputs of a sequence begin.
  private func place(of sequence: Int, in inputs: Inputs) -> ModelInputs {
    switch inputs {
    case .tokens(let tokens): .tokens(tokens.baseAddress! + sequence * positions)
    case .vectors(let vectors):
      .vectors(vectors.baseAddress! + sequence * positions * (inputWidth ?? 0))
    }
  }

  /// Sums the losses of all rows; accumulates their gradient too, if asked for.
  ///
  /// The gradient is that of `gradientScale` times the sum. It stops at the first micro-batch whose
  /// loss is not finite, since the rest can change nothing about it.
  func total(
    sequences: Int, inputs: Inputs, targets: Targets,
    gradientScale: Float = 0, gradients: UnsafeMutablePointer<Float>? = nil
  ) -> Double {
    pass.prepare(parameters: parameters.pointer, training: gradients != nil)
    var sum = 0.0
    var start = 0
    while start < sequences, sum.isFinite {
      let count = min(microBatch, sequences - start)
      let first = start * positions
      let rows = count * positions
      let input = place(of: start, in: inputs)
      let outputs = pass.forward(
        sequences: count, inputs: input, parameters: parameters.pointer)
      switch targets {
      case .tokens(let targets):
        kernels.crossEntropy(
          rows: rows, columns: outputCount, logits: outputs, stride: pass.logitsStride,
          targets: targets.baseAddress! + first, gradientScale: gradientScale,
          losses: losses.pointer)
      case .distributions(let table, let indices):
        kernels.crossEntropySoft(
          rows: rows, columns: outputCount, logits: outputs, stride: pass.logitsStride,
          targets: table.buffer.pointer, targetStride: table.stride,
          targetRows: indices.baseAddress! + first, gradientScale: gradientScale,
          losses: losses.pointer)
      case .values(let values):
        guard let padding = self.values else { preconditionFailure("values for tokens") }
        kernels.padRows(
          rows: rows, width: outputCount, x: values.baseAddress! + first * outputCount,
          y: padding.pointer)
        kernels.squaredError(
          rows: rows, columns: outputCount, outputs: outputs, stride: pass.logitsStride,
          targets: padding.pointer, targetStride: padded(outputCount),
          gradientScale: gradientScale, losses: losses.pointer)
      }
      let losses = losses.pointer
      for row in 0..<rows { sum += Double(losses[row]) }
      if let gradients, sum.isFinite {
        pass.backward(
          sequences: count, inputs: input, parameters: parameters.pointer, gradients: gradients)
      }
      start += count
    }
    if let gradients { pass.finish(parameters: parameters.pointer, gradients: gradients) }
    return sum
  }

  // MARK: - Checks

  /// The number of sequences and of positions that count, or what is wrong with the batch.
  ///
  /// The kernels trust their indices, so every token and every target is looked at here.
  func check(
    _ inputs: Inputs, against targets: Targets
  ) throws(TrainingError) -> (sequences: Int, counted: Int) {
    let sequences = try check(inputs)
    let rows = sequences * positions
    switch targets {
    case .tokens(let targets):
      return (sequences, try count(targets, rows: rows, limit: outputCount, table: false))
    case .distributions(let table, let indices):
      guard table.columns == outputCount else {
        throw .distributionWidth(columns: table.columns, expected: outputCount)
      }
      return (sequences, try count(indices, rows: rows, limit: table.rows, table: true))
    case .values(let values):
      guard values.count == rows * outputCount else {
        throw .valueCount(found: values.count, expected: rows * outputCount, outputs: outputCount)
      }
      return (sequences, rows)
    }
  }

  /// The number of sequences, or what is wrong with the inputs.
  private func check(_ inputs: Inputs) throws(TrainingError) -> Int {
    switch (inputs, inputWidth) {
    case (.tokens(let tokens), nil):
      guard tokens.count > 0 else { throw .noTokens }
      guard tokens.count.isMultiple(of: positions) else {
        throw .partialSequence(tokens: tokens.count, positions: positions)
      }
      // The greatest first, which takes vectors of tokens; a negative one is a great number without
      // its sign.
      var greatest: UInt32 = 0
      for index in 0..<tokens.count {
        greatest = max(greatest, UInt32(bitPattern: tokens[index]))
      }
      if Int(greatest) >= inputCount,
        let index = tokens.firstIndex(where: { $0 < 0 || Int($0) >= inputCount })
      {
        throw .tokenOutOfRange(index: index, token: tokens[index], count: inputCount)
      }
      return tokens.count / positions
    case (.vectors(let vectors), let width?):
      guard vectors.count > 0, vectors.count.isMultiple(of: width * positions) else {
        throw .partialVector(numbers: vectors.count, width: width * positions)
      }
      return vectors.count / (width * positions)
    case (.tokens, let width?): throw .tokensForVectors(width: width)
    case (.vectors, nil): throw .vectorsForTokens(count: inputCount)
    }
  }

  /// The targets that count: those that are not negative.
  private func count(
    _ indices: UnsafeBufferPointer<Int32>, rows: Int, limit: Int, table: Bool
  ) throws(TrainingError) -> Int {
    guard indices.count == rows else {
      throw .targetCount(tokens: rows, targets: indices.count)
    }
    var counted = 0
    var greatest: Int32 = -1
    for index in 0..<rows {
      greatest = max(greatest, indices[index])
      counted += indices[index] < 0 ? 0 : 1
    }
    if Int(greatest) >= limit, let index = indices.firstIndex(where: { Int($0) >= limit }) {
      let target = indices[index]
      if !table { throw .targetOutOfRange(index: index, target: target, count: limit) }
      throw .distributionOutOfRange(index: index, row: target, count: limit)
    }
    guard counted > 0 else { throw .noTargets }
    return counted
  }

  /// Throws if a loss that is not finite comes from numbers that were given.
  func checkFinite(_ inputs: Inputs, _ targets: Targets) throws(TrainingError) {
    if case .vectors(let vectors) = inputs, let index = vectors.firstIndex(where: { !$0.isFinite })
    {
      throw .notFinite(what: "inputs", index: index, value: vectors[index])
    }
    if case .values(let values) = targets, let index = values.firstIndex(where: { !$0.isFinite }) {
      throw .notFinite(what: "values", index: index, value: values[index])
    }
  }
}

/// Calls `body` with both arrays' storage.
func withPointers<First, Second, Result>(
  _ first: [First], _ second: [Second],
  _ body: (UnsafeBufferPointer<First>, UnsafeBufferPointer<Second>) throws(TrainingError) -> Result
) throws(TrainingError) -> Result {
  try first.withUnsafeBufferPointer { (first) throws(TrainingError) in
    try second.withUnsafeBufferPointer { (second) throws(TrainingError) in
      try body(first, second)
    }
  }
}
