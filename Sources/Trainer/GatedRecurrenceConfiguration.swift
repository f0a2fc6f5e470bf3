/// The size and the form of a gated linear recurrence.
///
/// The defaults are those of the transformer, so that the two can be compared: root-mean-square norm
/// without gain, ReLU, untied output that begins at zero.
public struct GatedRecurrenceConfiguration: Codable, Hashable, Sendable {
  /// The non-linearity between the two matrices of a layer's MLP.
  public typealias Activation = TransformerConfiguration.Activation
  /// Which matrix turns the last activations into logits.
  public typealias Output = TransformerConfiguration.Output

  /// The number of tokens, V.
  public var vocabulary: Int
  /// The positions of a training sequence, T; the recurrence itself has no longest context.
  public var context: Int
  /// The width of the residual stream, D.
  public var width: Int
  /// The number of layers, L; each is a recurrence and an MLP.
  public var layers: Int
  /// The numbers of a layer's state over D; all that is left of earlier tokens.
  public var stateRatio: Int
  /// The width of the MLP's inner layer over D.
  public var mlpRatio: Int
  /// The non-linearity of the MLP.
  public var activation: Activation
  /// Which matrix turns the last activations into logits.
  public var output: Output
  /// Whether each norm has a learned gain per column, begun at one.
  public var normGain: Bool
  /// Whether the matrices that write into the residual stream begin smaller by 1 / √(2 L).
  public var scalesResidualOutputs: Bool
  /// Whether an untied output matrix begins at zero, so that the first loss is ln V exactly.
  public var zeroOutput: Bool
  /// The standard deviation of embeddings at the start.
  ///
  /// nil means 1, and 1 / √D if the output is tied, where 1 would begin with logits of size √D.
  public var embeddingDeviation: Double?

  /// A configuration; `validate` says whether it can be built.
  public init(
    vocabulary: Int, context: Int, width: Int, layers: Int = 1, stateRatio: Int = 1,
    mlpRatio: Int = 4, activation: Activation = .relu, output: Output = .untied,
    normGain: Bool = false, scalesResidualOutputs: Bool = true, zeroOutput: Bool = true,
    embeddingDeviation: Double? = nil
  ) {
    self.vocabulary = vocabulary
    self.context = context
    self.width = width
    self.layers = layers
    self.stateRatio = stateRatio
    self.mlpRatio = mlpRatio
    self.activation = activation
    self.output = output
    self.normGain = normGain
    self.scalesResidualOutputs = scalesResidualOutputs
    self.zeroOutput = zeroOutput
    self.embeddingDeviation = embeddingDeviation
  }

  /// The numbers of a layer's state, E.
  public var stateWidth: Int { stateRatio * width }

  /// Throws the first field that cannot be built, with its value.
  public func validate() throws(ConfigurationError) {
    try FieldCheck(Self.self).requireSizes([
      "vocabulary": vocabulary, "context": context, "width": width, "layers": layers,
      "stateRatio": stateRatio, "mlpRatio": mlpRatio,
    ])
    try checkEmbeddingDeviation()
  }
}
