import KernelInterface
import Kernels
import Randomness

/// The size of an associative memory and where its frozen embeddings come from.
public struct AssociativeMemoryConfiguration: Codable, Hashable, Sendable {
  /// The frozen vector of each input.
  public enum Embeddings: Codable, Hashable, Sendable {
    /// Independent normal values, N(0, 1 / n), from a seed of their own.
    case gaussian(seed: UInt64)
    /// The first n inputs get a unit vector each, all others zero: they cannot be told apart.
    case truncatedOneHot
    /// Given values, row by row: inputs · n of them.
    case table(values: [Float])
  }

  /// The number of inputs.
  public var inputs: Int
  /// The number of outputs, the columns of the trained matrix.
  public var outputs: Int
  /// The dimension of the embeddings, n: the rows of the trained matrix.
  public var dimension: Int
  /// Where the frozen vectors come from.
  public var embeddings: Embeddings
  /// The standard deviation of the trained matrix at the start; 0 begins at the uniform output.
  public var initialDeviation: Double

  /// A configuration; `validate` says whether it can be built.
  public init(
    inputs: Int, outputs: Int, dimension: Int, embeddings: Embeddings, initialDeviation: Double = 0
  ) {
    self.inputs = inputs
    self.outputs = outputs
    self.dimension = dimension
    self.embeddings = embeddings
    self.initialDeviation = initialDeviation
  }

  /// Throws the first field that cannot be built, with its value.
  public func validate() throws(ConfigurationError) {
    let check = FieldCheck(Self.self)
    try check.requireSizes(
      ["inputs": inputs, "outputs": outputs, "dimension": dimension], atMost: 1 << 24,
      "Keep fewer inputs.")
    try check.require(
      initialDeviation.isFinite && initialDeviation >= 0, "initialDeviation", initialDeviation,
      "be a number of at least 0", "0 begins at the uniform output.")
    guard case .table(let values) = embeddings else { return }
    try check.require(
      values.count == inputs * dimension, "embeddings", "a table of \(values.count) values",
      "have inputs times dimension values (\(inputs * dimension))", "Give one row per input.")
    try check.require(
      values.allSatisfy(\.isFinite), "embeddings", "a table with a NaN or an infinity",
      "have finite values", "Repair the table.")
  }
}

/// An associative memory: `logits = e_x W`, frozen embeddings e, trained W.
///
/// W is [n, outputs]; e is [inputs, n]. There is no bias, and the loss is the cross-entropy of the
/// softmax, so that training is convex. Each position is a sequence of its own: a batch of B
/// sequences is B pairs of input and target. (Cabannes, Dohmatob & Bietti 2024, *Scaling laws for
/// associative memories*, arXiv 2310.02984.)
public struct AssociativeMemory: Model {
  /// The name in checkpoints.
  public static let kind = "associative-memory"

  /// The sizes and the form that the model was made of.
  public let configuration: AssociativeMemoryConfiguration
  /// The one trained tensor, `memory`, [n, outputs].
  public let layout: ParameterLayout
  let memory: MatrixWeights
  let embeddings: FrozenBuffer

  /// Makes the model of a configuration, or says which field is wrong.
  public init(_ configuration: AssociativeMemoryConfiguration) throws(ConfigurationError) {
    try configuration.validate()
    self.configuration = configuration
    let c = configuration
    var layout = ParameterLayout()
    memory = layout.appendMatrix(
      "memory", c.dimension, c.outputs, role: .output,
      initial: c.initialDeviation > 0 ? .normal(deviation: c.initialDeviation) : .constant(0))
    self.layout = layout

    let stride = padded(c.dimension)
    embeddings = FrozenBuffer(count: c.inputs * stride) { table in
      switch c.embeddings {
      case .gaussian(let seed):
        var stream = RandomStream(seed: seed, "associative memory embeddings")
        let deviation = 1 / Double(c.dimension).squareRoot()
        for input in 0..<c.inputs {
          for column in 0..<c.dimension {
            table[input * stride + column] = Float(stream.normal() * deviation)
          }
        }
      case .truncatedOneHot:
        for input in 0..<min(c.inputs, c.dimension) { table[input * stride + input] = 1 }
      case .table(let values):
        for input in 0..<c.inputs {
          for column in 0..<c.dimension {
            table[input * stride + column] = values[input * c.dimension + column]
          }
        }
      }
    }
  }

  /// One: a pair is a sequence.
  public var positionsPerSequence: Int { 1 }
  /// The number of inputs.
  public var inputCount: Int { configuration.inputs }
  /// The number of outputs.
  public var outputCount: Int { configuration.outputs }
  /// The dimension of the embeddings, n.
  public var width: Int { configuration.dimension }

  /// The embeddings, [inputs, n].
  public var frozenTensors: [NamedTensor] {
    let c = configuration
    let stride = padded(c.dimension)
    let values = (0..<c.inputs).flatMap { input in
      UnsafeBufferPointer(start: embeddings.pointer + input * stride, count: c.dimension)
    }
    return [NamedTensor(name: "embeddings", shape: [c.inputs, c.dimension], values: values)]
  }

  /// `2 n · outputs` forward, and as much again for the gradient: no gradient by the inputs.
  public func flopsPerToken(training: Bool) -> Double {
    let product = 2 * Double(configuration.dimension) * Double(configuration.outputs)
    return training ? 2 * product : product
  }

  /// The floats of the arena of a pass over this many sequences at once.
  public func workspaceCount(sequences: Int, kernels: any KernelSet.Type) -> Int {
    AssociativeMemoryPass.Plan(model: self, sequences: sequences).arena.count
  }

  /// The machine that runs this model over at most `sequences` at once.
  public func makePass(sequences: Int, kernels: any KernelSet.Type) -> any ModelPass {
    AssociativeMemoryPass(model: self, sequences: sequences, kernels: kernels)
  }
}

/// The forward and the backward pass of an associative memory.
final class AssociativeMemoryPass: ModelPass {
  /// Where everything stands in the arena.
  struct Plan {
    /// The embeddings of the inputs, [R, n].
    let embedded: Int
    /// [R, outputs].
    let logits: Int
    let arena: ArenaPlan

    init(model: AssociativeMemory, sequences: Int) {
      var arena = ArenaPlan()
      embedded = arena.reserve(sequences, model.memory.inputs)
      logits = arena.reserve(sequences, model.memory.outputs)
      self.arena = arena
    }
  }

  private let model: AssociativeMemory
  private let plan: Plan
  private let work: Workspace
  let logitsStride: Int

  init(model: AssociativeMemory, sequences: Int, kernels: any KernelSet.Type) {
    self.model = model
    plan = Plan(model: model, sequences: sequences)
    work = Workspace(plan.arena, limit: sequences, kernels: kernels)
    logitsStride = padded(model.memory.outputs)
  }

  /// `logits = e_x W`.
  func forward(
    sequences: Int, inputs: ModelInputs, parameters: UnsafePointer<Float>
  ) -> UnsafeMutablePointer<Float> {
    work.checkLimit(sequences)
    let width = model.memory.inputs
    let e = work.arena + plan.embedded
    let logits = work.arena + plan.logits
    work.kernels.embed(
      rows: sequences, width: width, tokens: inputs.tokens, table: model.embeddings.pointer,
      tableStride: padded(width), positions: nil, period: 1, y: e, stride: padded(width))
    model.memory.multiply(work, sequences, e, parameters, to: logits)
    return logits
  }

  /// `dW += eᵀ dlogits`.
  func backward(
    sequences: Int, inputs: ModelInputs, parameters: UnsafePointer<Float>,
    gradients: UnsafeMutablePointer<Float>
  ) {
    model.memory.addGradient(
      work, sequences, work.arena + plan.embedded, work.arena + plan.logits, to: gradients)
  }
}
