/// The size and the form of a decoder-only transformer.
///
/// The defaults are the language model of small-scale studies: no positions but a relative bias
/// must be chosen, root-mean-square norm without gain, ReLU, untied output that begins at zero.
public struct TransformerConfiguration: Codable, Hashable, Sendable {
  /// The non-linearity between the two matrices of a layer's MLP.
  public enum Activation: String, Codable, Hashable, Sendable { case relu, gelu }

  /// How attention learns where a token stands.
  public enum Positions: Codable, Hashable, Sendable {
    /// Only the causal mask tells positions apart.
    case none
    /// A learned vector per position, added to the embedding; knows no position beyond T.
    case learned
    /// A learned bias per head and distance, [H, T], added to the scores of each layer.
    case relativeBias(start: BiasStart)

    /// A learned bias per head and distance with the given start.
    public static func relativeBias(_ start: BiasStart) -> Self { .relativeBias(start: start) }
  }

  /// The initial values of a relative bias: row h, column distance (query − key).
  public enum BiasStart: Codable, Hashable, Sendable {
    case zero
    /// Head h begins by looking h + 1 tokens back: `value` at distance h + 1, zero elsewhere.
    ///
    /// Without such a start, small models linger at the loss of a bigram model.
    case previousTokens(value: Float)
    /// Head h loses `2^(−8 (h + 1) / H)` per step of distance (Press et al. 2022, arXiv
    /// 2108.12409), rounded to the next power of two below.
    case linear
    /// Any table, row by row: H · T values.
    case table(values: [Float])
  }

  /// Which matrix turns the last activations into logits.
  public enum Output: String, Codable, Hashable, Sendable {
    /// The logits have a matrix of their own, [D, V].
    case untied
    /// The logits are the products with the embedding's rows.
    case tied
  }

  /// The number of tokens, V.
  public var vocabulary: Int
  /// The positions of a sequence, T.
  public var context: Int
  /// The width of the residual stream, D.
  public var width: Int
  /// The number of layers, L; each is attention and an MLP.
  public var layers: Int
  /// The attention heads of a layer, H; each is D / H wide.
  public var heads: Int
  /// The width of the MLP's inner layer over D.
  public var mlpRatio: Int
  /// The non-linearity of the MLP.
  public var activation: Activation
  /// How attention learns where a token stands.
  public var positions: Positions
  /// Which matrix turns the last activations into logits.
  public var output: Output
  /// Whether each norm has a learned gain per column, begun at one.
  public var normGain: Bool
  /// Whether the matrices that write into the residual stream begin smaller by 1 / √(2 L).
  public var scalesResidualOutputs: Bool
  /// Whether an untied output matrix begins at zero, so that the first loss is ln V exactly.
  public var zeroOutput: Bool
  /// The standard deviation of embeddings and learned positions at the start.
  ///
  /// nil means 1, and 1 / √D if the output is tied, where 1 would begin with logits of size √D.
  public var embeddingDeviation: Double?

  /// A configuration; `validate` says whether it can be built.
  public init(
    vocabulary: Int, context: Int, width: Int, layers: Int = 1, heads: Int = 4, mlpRatio: Int = 4,
    activation: Activation = .relu, positions: Positions, output: Output = .untied,
    normGain: Bool = false, scalesResidualOutputs: Bool = true, zeroOutput: Bool = true,
    embeddingDeviation: Double? = nil
  ) {
    self.vocabulary = vocabulary
    self.context = context
    self.width = width
    self.layers = layers
    self.heads = heads
    self.mlpRatio = mlpRatio
    self.activation = activation
    self.positions = positions
    self.output = output
    self.normGain = normGain
    self.scalesResidualOutputs = scalesResidualOutputs
    self.zeroOutput = zeroOutput
    self.embeddingDeviation = embeddingDeviation
  }

  /// The longest context that a model accepts; the attention keeps its T² weights in memory.
  public static let longestContext = 4096

  /// Throws the first field that cannot be built, with its value.
  public func validate() throws(ConfigurationError) {
    let check = FieldCheck(Self.self)
    try check.requireSizes([
      "vocabulary": vocabulary, "context": context, "width": width, "layers": layers,
      "heads": heads, "mlpRatio": mlpRatio,
    ])
    try check.require(
      width.isMultiple(of: heads), "width", width, "be a multiple of heads (\(heads))",
      "Use \(max(1, width / heads) * heads) or another number of heads.")
    try check.require(
      context <= Self.longestContext, "context", context, "be at most \(Self.longestContext)",
      "Cut the text into shorter sequences.")
    try checkEmbeddingDeviation()
    guard case .relativeBias(let start) = positions else { return }
    switch start {
    case .zero, .linear: break
    case .previousTokens(let value):
      try check.require(
        value.isFinite, "positions", value, "begin at a finite value", "4 is a good start.")
      try check.require(
        context > heads, "positions", "previousTokens with \(heads) heads and context \(context)",
        "leave each head a distance: context greater than heads", "Use fewer heads or `zero`.")
    case .table(let values):
      try check.require(
        values.count == heads * context, "positions", "a table of \(values.count) values",
        "have heads times context values (\(heads * context))", "Give H rows of T values.")
      try check.require(
        values.allSatisfy(\.isFinite), "positions", "a table with a NaN or an infinity",
        "have finite values", "Use a large negative number to close a distance.")
    }
  }

  /// The initial table of a layer's relative bias, row by row, or nil without one.
  var initialBias: InitialValues? {
    guard case .relativeBias(let start) = positions else { return nil }
    switch start {
    case .zero: return .constant(0)
    case .table(let values): return .table(values)
    case .previousTokens(let value):
      var table = [Float](repeating: 0, count: heads * context)
      for head in 0..<heads { table[head * context + head + 1] = value }
      return .table(table)
    case .linear:
      var table = [Float](repeating: 0, count: heads * context)
      for head in 0..<heads {
        let exponent = (8 * (head + 1) + heads - 1) / heads
        let slope = Float(sign: .plus, exponent: -exponent, significand: 1)
        for distance in 0..<context { table[head * context + distance] = -slope * Float(distance) }
      }
      return .table(table)
    }
  }
}
