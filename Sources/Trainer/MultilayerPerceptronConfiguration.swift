/// The size and the form of a multilayer perceptron.
public struct MultilayerPerceptronConfiguration: Codable, Hashable, Sendable {
  /// The non-linearity of the hidden layers.
  public typealias Activation = TransformerConfiguration.Activation

  /// The numbers of an input vector, I.
  public var inputs: Int
  /// The numbers of an output vector, O: the regression's targets, or the classes' logits.
  public var outputs: Int
  /// The units of each hidden layer, W.
  public var width: Int
  /// The number of hidden layers, L; none makes a linear model.
  public var layers: Int
  /// The non-linearity of the hidden layers.
  public var activation: Activation
  /// Whether each layer adds a learned bias, begun at zero.
  public var biases: Bool
  /// Whether the output matrix begins at zero, so that the first output is zero.
  public var zeroOutput: Bool

  /// A configuration; `validate` says whether it can be built.
  public init(
    inputs: Int, outputs: Int, width: Int, layers: Int = 1, activation: Activation = .relu,
    biases: Bool = true, zeroOutput: Bool = true
  ) {
    self.inputs = inputs
    self.outputs = outputs
    self.width = width
    self.layers = layers
    self.activation = activation
    self.biases = biases
    self.zeroOutput = zeroOutput
  }

  /// Throws the first field that cannot be built, with its value.
  public func validate() throws(ConfigurationError) {
    let check = FieldCheck(Self.self)
    try check.requireSizes(["inputs": inputs, "outputs": outputs, "width": width])
    try check.require(layers >= 0, "layers", layers, "be at least 0", "0 makes a linear model.")
    try check.require(
      layers <= 1 << 10, "layers", layers, "be at most \(1 << 10)",
      "Deeper stacks without residual connections do not train.")
  }
}
