import KernelInterface

/// A multilayer perceptron: affine layers with a ReLU or a GELU between them.
///
/// With x an input vector, one a position, every position a sequence of its own:
///
///     x = activation(x Wl + bl)        for each hidden layer
///     output = x Wout + bout
///
/// Its outputs are numbers for a regression, `step(inputs:values:)`, whose loss is the squared
/// error; or logits for a classification, `step(inputs:targets:)` and
/// `step(inputs:distributions:rows:)`, whose loss is the cross-entropy.
///
/// Initial values: matrices N(0, 1 / fan-in), times √2 before a ReLU, Wout zero unless configured,
/// biases zero. For rules of learning rates the first matrix counts as an embedding, because its
/// fan-in does not grow with the width, and so does the output of a linear model: maximal update
/// parametrisation with Adam then needs nothing more (Yang et al. 2022, arXiv 2203.03466, table 8).
///
/// The parameters number `N = (I + 1) W + (L − 1)(W + 1) W + (W + 1) O`, the ones for biases.
public struct MultilayerPerceptron: Model {
  /// The name in checkpoints.
  public static let kind = "multilayer-perceptron"

  /// The sizes and the form that the model was made of.
  public let configuration: MultilayerPerceptronConfiguration
  /// The trained tensors, `layers.0`, `layers.0.bias`, ..., `output`, `output.bias`.
  public let layout: ParameterLayout
  let layers: [Layer]

  /// One affine layer, the output included.
  struct Layer: Sendable {
    let matrix: MatrixWeights
    /// The offset of the bias, [outputs].
    let bias: Int?
  }

  /// Makes the model of a configuration, or says which field is wrong.
  public init(_ configuration: MultilayerPerceptronConfiguration) throws(ConfigurationError) {
    try configuration.validate()
    self.configuration = configuration
    let c = configuration
    var layout = ParameterLayout()
    var layers: [Layer] = []
    for index in 0...c.layers {
      let isOutput = index == c.layers
      let inputs = index == 0 ? c.inputs : c.width
      let outputs = isOutput ? c.outputs : c.width
      let name = isOutput ? "output" : "layers.\(index)"
      let gain = isOutput ? 1 : c.activation.gain
      let matrix = layout.appendMatrix(
        name, inputs, outputs,
        role: index == 0 ? .embedding : isOutput ? .output : .hidden,
        initial: isOutput && c.zeroOutput
          ? .constant(0) : .normal(deviation: gain / Double(inputs).squareRoot()))
      let bias =
        c.biases
        ? layout.append("\(name).bias", shape: [outputs], role: .vector, initial: .constant(0))
        : nil
      layers.append(Layer(matrix: matrix, bias: bias))
    }
    self.layers = layers
    self.layout = layout
  }

  /// One: every example is a sequence.
  public var positionsPerSequence: Int { 1 }
  /// None: inputs are vectors.
  public var inputCount: Int { 0 }
  /// The numbers of an input vector, I.
  public var inputWidth: Int? { configuration.inputs }
  /// The numbers of an output vector, O.
  public var outputCount: Int { configuration.outputs }
  /// The units of a hidden layer, W.
  public var width: Int { configuration.width }

  /// The FLOPs of one example, counted from the shapes.
  ///
  /// Forward, `2 (I W + (L − 1) W² + W O)`. The backward pass has two products for each, but no
  /// gradient by the inputs: `2 I W` less (`2 I O` of a linear model). Not counted: biases,
  /// activations, the optimiser.
  public func flopsPerToken(training: Bool) -> Double {
    let products = layers.map { 2 * Double($0.matrix.inputs) * Double($0.matrix.outputs) }
    let forward = products.reduce(0, +)
    return training ? 3 * forward - products[0] : forward
  }

  /// The floats of the arena of a pass over this many examples at once.
  public func workspaceCount(sequences: Int, kernels: any KernelSet.Type) -> Int {
    MultilayerPerceptronPass.Plan(model: self, rows: sequences).arena.count
  }

  /// The machine that runs this model over at most `sequences` examples at once.
  public func makePass(sequences: Int, kernels: any KernelSet.Type) -> any ModelPass {
    MultilayerPerceptronPass(model: self, rows: sequences, kernels: kernels)
  }
}
