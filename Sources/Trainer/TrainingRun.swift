import KernelInterface
import Kernels

/// One training run: parameters, gradient, the optimiser's state, and the steps that change them.
///
/// A run is used by one thread at a time; runs on different threads share nothing. All memory is
/// allocated here: a step allocates nothing. The same model, optimiser, schedule, seed and batches
/// give the same bits on every machine, whatever the micro-batch.
///
///     let run = try TrainingRun(
///       model: Transformer(configuration), optimizer: .adamW(),
///       schedule: .cooldown(rate: 6e-3, warmup: 30, steps: 800, from: 0.8),
///       seed: 1, sequencesPerBatch: 8)
///     for _ in 0..<800 { try run.step(tokens: tokens, targets: targets) }
public final class TrainingRun {
  /// The update rule, fixed for the run.
  public let optimizer: Optimizer
  /// The learning rate; a branch replaces it, keeping the rates of the steps already taken.
  public private(set) var schedule: Schedule
  /// The sequences of every step's batch.
  public let sequencesPerBatch: Int
  /// The tensors, with the rate multipliers that the optimiser gives them.
  public let layout: ParameterLayout
  /// The steps taken so far; also the number of the next step.
  public private(set) var completedSteps = 0
  /// The global norm of the last step's gradient before clipping; zero if nothing clips.
  public private(set) var gradientNorm = 0.0
  /// Measures losses with the current parameters.
  public let evaluator: Evaluator

  private let kernels: any KernelSet.Type
  private let parameters: AlignedBuffer
  private let gradients: AlignedBuffer
  private let firstMoment: AlignedBuffer?
  private let secondMoment: AlignedBuffer?
  private let spans: [Span]
  /// β₁ and β₂ to the power of the steps taken, by repeated multiplication.
  private var powers = (first: 1.0, second: 1.0)

  /// Adjacent tensors that one call updates.
  private struct Span {
    var offset: Int
    var count: Int
    var multiplier: Double
    var decay: Float
  }

  /// A run at its beginning.
  ///
  /// - Parameters:
  ///   - seed: Decides the initial values, together with the tensors' names.
  ///   - sequencesPerBatch: The sequences of every step's batch.
  ///   - microBatch: The sequences that run at once; nil chooses as many as fit the cache.
  ///   - instructionSet: Which build of the kernels runs; all give the same bits.
  public init(
    model: any Model, optimizer: Optimizer, schedule: Schedule, seed: UInt64,
    sequencesPerBatch: Int, microBatch: Int? = nil, instructionSet: InstructionSet = .best
  ) throws(ConfigurationError) {
    try optimizer.validate()
    try schedule.validate()
    let check = FieldCheck(TrainingRun.self)
    try check.require(
      sequencesPerBatch >= 1, "sequencesPerBatch", sequencesPerBatch, "be at least 1",
      "8 suits a small language model.")
    if let microBatch {
      try check.require(
        microBatch >= 1, "microBatch", microBatch, "be at least 1",
        "Leave it out to have one chosen.")
    }
    self.optimizer = optimizer
    self.schedule = schedule
    self.sequencesPerBatch = sequencesPerBatch
    kernels = instructionSet.kernels
    layout = try model.layout.applying(optimizer.rates, width: model.width)
    evaluator = Evaluator(
      model: model, sequences: sequencesPerBatch,
      microBatch: microBatch.map { min($0, sequencesPerBatch) }, kernels: kernels)
    parameters = evaluator.parameters
    gradients = AlignedBuffer(count: layout.paddedCount)
    var weightDecay: Float = 0
    if case .adamW(_, _, _, let decay) = optimizer.rule {
      weightDecay = Float(decay)
      firstMoment = AlignedBuffer(count: layout.paddedCount)
      secondMoment = AlignedBuffer(count: layout.paddedCount)
    } else {
      firstMoment = nil
      secondMoment = nil
    }
    spans = layout.tensors.reduce(into: []) { spans, tensor in
      let decay = tensor.decays ? weightDecay : 0
      if let last = spans.last, last.multiplier == tensor.rateMultiplier, last.decay == decay {
        spans[spans.count - 1].count += tensor.paddedCount
      } else {
        spans.append(
          Span(
            offset: tensor.offset, count: tensor.paddedCount, multiplier: tensor.rateMultiplier,
            decay: decay))
      }
    }
    layout.writeInitialValues(seed: seed, to: parameters.pointer)
  }

  /// The model that is trained.
  public var model: any Model { evaluator.model }
  /// The tokens of every step, ignored targets included.
  public var tokensPerStep: Int { sequencesPerBatch * model.positionsPerSequence }
  /// The FLOPs of all steps so far, counted from the shapes; see the model for the formula.
  public var flops: Double {
    Double(completedSteps) * Double(tokensPerStep) * model.flopsPerToken(training: true)
  }

  /// The bytes of all memory that the run keeps, allocated when it was made.
  ///
  /// Parameters, their gradient and the optimiser's moments, 4 bytes each (16 bytes a parameter for
  /// AdamW, 8 for gradient descent), packed weights (8 bytes a parameter of a matrix), and the
  /// activations of one micro-batch. Frozen tensors belong to the model and are not counted.
  public var byteCount: Int {
    evaluator.byteCount
      + 4 * (gradients.count + (firstMoment?.count ?? 0) + (secondMoment?.count ?? 0))
  }

  // MARK: - Steps

  /// Takes one step on a batch and returns the mean loss before it, in nats.
  ///
  /// - Parameters:
  ///   - tokens: `sequencesPerBatch` sequences of T tokens, one after the other.
  ///   - targets: A target a position; a negative one does not count.
  /// - Throws: `TrainingError.diverged` if the loss or the gradient is not finite; the run is then
  ///   as before the step. Errors of the batch name the index that is wrong.
  @discardableResult
  public func step(
    tokens: UnsafeBufferPointer<Int32>, targets: UnsafeBufferPointer<Int32>
  ) throws(TrainingError) -> Float {
    try step(.tokens(tokens), against: .tokens(targets))
  }

  /// Takes one step on a batch and returns the mean loss before it, in nats.
  @discardableResult
  public func step(tokens: [Int32], targets: [Int32]) throws(TrainingError) -> Float {
    try withPointers(tokens, targets) { (tokens, targets) throws(TrainingError) in
      try step(.tokens(tokens), against: .tokens(targets))
    }
  }

  /// Takes one step towards given distributions, for example a teacher's.
  ///
  /// The target of position i is row `rows[i]` of `distributions`; a negative row does not count.
  @discardableResult
  public func step(
    tokens: [Int32], distributions: DistributionTable, rows: [Int32]
  ) throws(TrainingError) -> Float {
    try withPointers(tokens, rows) { (tokens, rows) throws(TrainingError) in
      try step(.tokens(tokens), against: .distributions(distributions, rows: rows))
    }
  }

  /// Takes one step of a classification of vectors and returns the mean cross-entropy before it.
  ///
  /// - Parameters:
  ///   - inputs: `sequencesPerBatch` vectors, row by row without padding.
  ///   - targets: A class an example; a negative one does not count.
  @discardableResult
  public func step(
    inputs: UnsafeBufferPointer<Float>, targets: UnsafeBufferPointer<Int32>
  ) throws(TrainingError) -> Float {
    try step(.vectors(inputs), against: .tokens(targets))
  }

  /// Takes one step of a classification of vectors and returns the mean cross-entropy before it.
  @discardableResult
  public func step(inputs: [Float], targets: [Int32]) throws(TrainingError) -> Float {
    try withPointers(inputs, targets) { (inputs, targets) throws(TrainingError) in
      try step(inputs: inputs, targets: targets)
    }
  }

  /// Takes one step of a classification of vectors towards given distributions.
  ///
  /// The target of example i is row `rows[i]` of `distributions`; a negative row does not count.
  @discardableResult
  public func step(
    inputs: [Float], distributions: DistributionTable, rows: [Int32]
  ) throws(TrainingError) -> Float {
    try withPointers(inputs, rows) { (inputs, rows) throws(TrainingError) in
      try step(.vectors(inputs), against: .distributions(distributions, rows: rows))
    }
  }

  /// Takes one step of a regression and returns the mean loss before it.
  ///
  /// The loss of an example is its squared error, summed over the outputs; where other programs take
  /// the mean over the outputs too, their loss is this one over `outputCount`.
  ///
  /// - Parameters:
  ///   - inputs: `sequencesPerBatch` vectors, row by row without padding.
  ///   - values: The outputs that should come out, likewise.
  @discardableResult
  public func step(
    inputs: UnsafeBufferPointer<Float>, values: UnsafeBufferPointer<Float>
  ) throws(TrainingError) -> Float {
    try step(.vectors(inputs), against: .values(values))
  }

  /// Takes one step of a regression and returns the mean squared error before it.
  @discardableResult
  public func step(inputs: [Float], values: [Float]) throws(TrainingError) -> Float {
    try withPointers(inputs, values) { (inputs, values) throws(TrainingError) in
      try step(inputs: inputs, values: values)
    }
  }

  private func step(
    _ inputs: Evaluator.Inputs, against targets: Evaluator.Targets
  ) throws(TrainingError) -> Float {
    let (sequences, counted) = try evaluator.check(inputs, against: targets)
    guard sequences == sequencesPerBatch else {
      throw .wrongBatch(sequences: sequences, expected: sequencesPerBatch)
    }
    kernels.zero(count: layout.paddedCount, y: gradients.pointer)
    let total = evaluator.total(
      sequences: sequences, inputs: inputs, targets: targets,
      gradientScale: Float(1 / Double(counted)), gradients: gradients.pointer)
    let loss = Float(total / Double(counted))
    guard loss.isFinite else {
      try evaluator.checkFinite(inputs, targets)
      throw .diverged(step: completedSteps, loss: loss)
    }
    let scale = clippingScale()
    guard scale.isFinite else { throw .diverged(step: completedSteps, loss: loss) }
    update(gradientScale: scale)
    completedSteps += 1
    return loss
  }

  /// `min(1, clip / norm)`, or NaN if the norm is not finite.
  private func clippingScale() -> Float {
    guard let clip = optimizer.clip else { return 1 }
    var squares = 0.0
    for index in 0..<spans.count {
      let span = spans[index]
      squares += Double(
        kernels.sumOfSquares(count: span.count, x: gradients.pointer + span.offset))
    }
    gradientNorm = squares.squareRoot()
    guard gradientNorm.isFinite else { return .nan }
    return gradientNorm > clip ? Float(clip / gradientNorm) : 1
  }

  private func update(gradientScale: Float) {
    let rate = schedule.rate(step: completedSteps)
    switch optimizer.rule {
    case .adamW(let beta1, let beta2, let epsilon, _):
      powers.first *= beta1
      powers.second *= beta2
      guard let firstMoment, let secondMoment else { return }
      let correction1 = Float(1 / (1 - powers.first))
      let correction2 = Float(1 / (1 - powers.second))
      for index in 0..<spans.count {
        let span = spans[index]
        kernels.adamW(
          count: span.count, parameters: parameters.pointer + span.offset,
          gradients: gradients.pointer + span.offset,
          firstMoment: firstMoment.pointer + span.offset,
          secondMoment: secondMoment.pointer + span.offset,
          rate: Float(rate * span.multiplier), beta1: Float(beta1), beta2: Float(beta2),
          epsilon: Float(epsilon), decay: span.decay,
          correction1: correction1, correction2: correction2, gradientScale: gradientScale)
      }
    case .sgd:
      for index in 0..<spans.count {
        let span = spans[index]
        kernels.addScaled(
          count: span.count, factor: -(Float(rate * span.multiplier) * gradientScale),
          x: gradients.pointer + span.offset, y: parameters.pointer + span.offset)
      }
    }
  }

  // MARK: - Losses

  /// The mean cross-entropy in nats of the current parameters; see `Evaluator`.
  public func evaluate(tokens: [Int32], targets: [Int32]) throws(TrainingError) -> Double {
    try evaluator.evaluate(tokens: tokens, targets: targets)
  }

  /// The mean cross-entropy in nats against given distributions; see `Evaluator`.
  public func evaluateSoft(
    tokens: [Int32], distributions: DistributionTable, rows: [Int32]
  ) throws(TrainingError) -> Double {
    try evaluator.evaluateSoft(tokens: tokens, distributions: distributions, rows: rows)
  }

  /// The mean cross-entropy in nats of a classification of vectors; see `Evaluator`.
  public func evaluate(inputs: [Float], targets: [Int32]) throws(TrainingError) -> Double {
    try evaluator.evaluate(inputs: inputs, targets: targets)
  }

  /// The mean over examples of the squared error; see `Evaluator`.
  public func evaluate(inputs: [Float], values: [Float]) throws(TrainingError) -> Double {
    try evaluator.evaluate(inputs: inputs, values: values)
  }

  // MARK: - Snapshots

  /// A copy of everything that the following steps depend on, but for schedule and data.
  public func snapshot() -> TrainingSnapshot {
    TrainingSnapshot(
      modelKind: type(of: model).kind, layout: model.layout, step: completedSteps,
      parameters: parameters.values, firstMoment: firstMoment?.values,
      secondMoment: secondMoment?.values)
  }

  /// Goes back, or over, to the state of a snapshot, bit for bit.
  ///
  /// - Parameter schedule: The schedule from here on; nil keeps the present one. A cooldown branch
  ///   passes its cooldown here.
  public func restore(_ snapshot: TrainingSnapshot, schedule: Schedule? = nil) throws {
    try schedule?.validate()
    try load(snapshot)
    if let schedule { self.schedule = schedule }
  }

  private func load(_ snapshot: TrainingSnapshot) throws(TrainingError) {
    try snapshot.check(against: model)
    if let firstMoment, let secondMoment {
      guard let first = snapshot.firstMoment, let second = snapshot.secondMoment else {
        throw .foreignSnapshot(reason: "the run's optimiser keeps moments, the snapshot has none")
      }
      firstMoment.assign(first)
      secondMoment.assign(second)
    }
    parameters.assign(snapshot.parameters)
    completedSteps = snapshot.step
    gradientNorm = 0
    powers = (1, 1)
    if case .adamW(let beta1, let beta2, _, _) = optimizer.rule {
      for _ in 0..<snapshot.step {
        powers.first *= beta1
        powers.second *= beta2
      }
    }
  }

  /// A run that goes on from a snapshot.
  ///
  /// With the snapshot's own optimiser and schedule it takes the very steps that the original run
  /// would have taken; with a cooldown it is a branch of the constant trunk.
  public convenience init(
    from snapshot: TrainingSnapshot, model: any Model, optimizer: Optimizer, schedule: Schedule,
    sequencesPerBatch: Int, microBatch: Int? = nil, instructionSet: InstructionSet = .best
  ) throws {
    try self.init(
      model: model, optimizer: optimizer, schedule: schedule, seed: 0,
      sequencesPerBatch: sequencesPerBatch, microBatch: microBatch, instructionSet: instructionSet)
    try load(snapshot)
  }

  /// A new run that begins with the parameters of a snapshot: the second phase of a training, on
  /// another task, with its own optimiser and schedule, from step 0 and with moments of zero.
  ///
  /// - Parameters:
  ///   - snapshot: Where the parameters come from; moments are not needed. It may be of another
  ///     model, even of another kind, if the tensors that are taken over have the same shapes.
  ///   - fresh: Names of tensors that begin as in a first phase instead, for example `output`.
  ///   - seed: Decides the initial values of the fresh tensors.
  /// - Throws: `TrainingError.foreignSnapshot` if a tensor is missing or has another shape,
  ///   `ConfigurationError` as for a run at its beginning, and if `fresh` names no tensor.
  public convenience init(
    parametersOf snapshot: TrainingSnapshot, fresh: Set<String> = [], model: any Model,
    optimizer: Optimizer, schedule: Schedule, seed: UInt64, sequencesPerBatch: Int,
    microBatch: Int? = nil, instructionSet: InstructionSet = .best
  ) throws {
    try self.init(
      model: model, optimizer: optimizer, schedule: schedule, seed: seed,
      sequencesPerBatch: sequencesPerBatch, microBatch: microBatch, instructionSet: instructionSet)
    let check = FieldCheck(TrainingRun.self)
    for name in fresh.sorted() { try check.requireTensor(name, of: layout, "fresh") }
    for tensor in layout.tensors where !fresh.contains(tensor.name) {
      guard let source = snapshot.layout[tensor.name], let values = snapshot.values(of: tensor.name)
      else {
        throw TrainingError.foreignSnapshot(reason: "the snapshot has no tensor '\(tensor.name)'")
      }
      guard source.shape == tensor.shape else {
        throw TrainingError.foreignSnapshot(
          reason: "the snapshot has \(tensor.name) \(source.shape), the model \(tensor.shape)")
      }
      layout.write(values, of: tensor, to: parameters.pointer)
    }
  }
}
