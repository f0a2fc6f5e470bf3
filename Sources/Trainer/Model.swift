import KernelInterface

/// A model that the training loop, the optimisers and the checkpoints can serve.
///
/// A model is a value without memory of its own: the caller holds the parameters in a flat buffer
/// that `layout` describes. Its inputs are sequences of `positionsPerSequence` tokens, or vectors of
/// `inputWidth` numbers; each position yields one row of outputs, which the losses on tokens take
/// for logits. A model of single inputs has sequences of one position.
public protocol Model: Sendable {
  associatedtype Configuration: Codable, Hashable, Sendable

  /// The name of this kind of model in checkpoints, for example `transformer`.
  static var kind: String { get }

  /// Makes the model of a configuration, or says which field is wrong.
  init(_ configuration: Configuration) throws(ConfigurationError)

  var configuration: Configuration { get }
  /// The tensors that are trained.
  var layout: ParameterLayout { get }
  /// The positions of one sequence, T.
  var positionsPerSequence: Int { get }
  /// Input tokens are 0 ..< inputCount; zero if inputs are vectors.
  var inputCount: Int { get }
  /// The numbers of an input vector; nil if inputs are tokens.
  var inputWidth: Int? { get }
  /// The outputs of a position. Targets are 0 ..< outputCount, or as many numbers.
  var outputCount: Int { get }
  /// The size that a rule for learning rates across sizes goes by, D.
  var width: Int { get }

  /// The tensors that the logits depend on but training leaves alone, for checkpoints.
  var frozenTensors: [NamedTensor] { get }

  /// The FLOPs of one position, counted from the shapes; see the model for the formula.
  func flopsPerToken(training: Bool) -> Double

  /// The FLOPs that a training step over this many sequences takes: `flopsPerToken` of every position,
  /// less those of products that are computed once for many.
  func flopsPerTrainingStep(sequences: Int) -> Double

  /// The floats of the arena that a pass over this many sequences at once allocates.
  func workspaceCount(sequences: Int, kernels: any KernelSet.Type) -> Int

  /// The sequences that a pass takes together: fewer take about as long.
  func sequencesTogether(kernels: any KernelSet.Type) -> Int

  /// The machine that runs this model over at most `sequences` sequences at once.
  func makePass(sequences: Int, kernels: any KernelSet.Type) -> any ModelPass
}

extension Model {
  /// `flopsPerToken` of every position.
  public func flopsPerTrainingStep(sequences: Int) -> Double {
    flopsOfAllPositions(sequences: sequences)
  }

  func flopsOfAllPositions(sequences: Int) -> Double {
    Double(sequences * positionsPerSequence) * flopsPerToken(training: true)
  }
}

/// A tensor by itself: its name, its shape, its values row by row.
public struct NamedTensor: Hashable, Sendable {
  /// The name in checkpoints.
  public var name: String
  /// The extents, rows first.
  public var shape: [Int]
  /// The values, row by row.
  public var values: [Float]

  /// A tensor of the given values.
  public init(name: String, shape: [Int], values: [Float]) {
    self.name = name
    self.shape = shape
    self.values = values
  }
}

extension Model {
  /// Inputs are tokens.
  public var inputWidth: Int? { nil }

  /// One.
  public func sequencesTogether(kernels: any KernelSet.Type) -> Int { 1 }

  /// None.
  public var frozenTensors: [NamedTensor] { [] }

  /// The number of trained parameters, N.
  public var parameterCount: Int { layout.parameterCount }

  /// The number of trained parameters outside embedding and output tables.
  public var parameterCountWithoutEmbeddings: Int {
    layout.tensors.reduce(0) { sum, tensor in
      tensor.role == .embedding || tensor.role == .output ? sum : sum + tensor.count
    }
  }

  /// The customary estimate of the training FLOPs per token, 6 N with all parameters counted.
  public var sixN: Double { 6 * Double(parameterCount) }
}

/// Where the inputs of a micro-batch stand.
public enum ModelInputs {
  /// A token a position.
  case tokens(UnsafePointer<Int32>)
  /// `inputWidth` numbers a position, one position behind the other, without padding.
  case vectors(UnsafePointer<Float>)

  /// The tokens; `TrainingRun` and `Evaluator` see to it that a model gets the inputs it takes.
  var tokens: UnsafePointer<Int32> {
    guard case .tokens(let tokens) = self else { preconditionFailure("vectors for tokens") }
    return tokens
  }

  /// The vectors.
  var vectors: UnsafePointer<Float> {
    guard case .vectors(let vectors) = self else { preconditionFailure("tokens for vectors") }
    return vectors
  }
}

/// The forward and the backward pass of a model over one micro-batch, with the memory they need.
///
/// A pass is made once and used for every step; its methods allocate nothing. It is used by one
/// thread at a time. Tokens are trusted to be in range: `TrainingRun` and `Evaluator` check them.
public protocol ModelPass: AnyObject {
  /// The row stride of the logits.
  var logitsStride: Int { get }

  /// Prepares the weights for the passes that follow; called whenever they may have changed.
  ///
  /// - Parameter training: Whether `backward` will be called too.
  func prepare(parameters: UnsafePointer<Float>, training: Bool)

  /// Runs the model forward and returns the logits, [sequences · T, outputCount].
  ///
  /// The returned memory belongs to the pass and holds until the next call. The caller may
  /// overwrite it by the gradient of the loss by the logits and then call `backward`.
  func forward(
    sequences: Int, inputs: ModelInputs, parameters: UnsafePointer<Float>
  ) -> UnsafeMutablePointer<Float>

  /// Adds the gradient of the micro-batch of the last `forward` to `gradients` (accumulated).
  ///
  /// The logits' memory holds the gradient by the logits. Every element of the gradient is
  /// accumulated sequence by sequence in order, so that two calls over half of the sequences each
  /// give the bits of one call over all.
  func backward(
    sequences: Int, inputs: ModelInputs, parameters: UnsafePointer<Float>,
    gradients: UnsafeMutablePointer<Float>)

  /// Adds what `backward` kept aside, once, after the last micro-batch of a step.
  func finish(parameters: UnsafePointer<Float>, gradients: UnsafeMutablePointer<Float>)
}

extension ModelPass {
  /// Nothing: for models that use their weights as they are.
  func prepare(parameters: UnsafePointer<Float>, training: Bool) {}

  /// Nothing: for models whose `backward` keeps nothing aside.
  func finish(parameters: UnsafePointer<Float>, gradients: UnsafeMutablePointer<Float>) {}
}
