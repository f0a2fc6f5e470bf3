import KernelInterface

/// A decoder-only transformer with pre-norm layers and without biases on its matrices.
///
/// With x the residual stream, [B T, D]:
///
///     x = embedding[token] (+ positions[t])
///     x += attention(norm(x) Wqkv) Wo            for each layer
///     x += activation(norm(x) W1) W2             for each layer
///     logits = norm(x) Wout                      or norm(x) Eᵀ if tied
///
/// `norm` is the root-mean-square norm with epsilon 1e-5. Attention is causal softmax attention
/// with scores scaled by 1 / √(D / H), plus a learned bias per head and distance if configured.
///
/// Initial values: embeddings and learned positions N(0, 1), matrices N(0, 1 / fan-in), W1 times √2
/// before a ReLU (which halves the variance), Wo and W2 times 1 / √(2 L), Wout zero.
///
/// The parameters number `N = 2 V D + (4 + 2 r) D² L + H T L` for an untied output, an MLP of
/// ratio r and a relative bias; `12 D²` a layer for r = 4.
public struct Transformer: LanguageModel {
  /// The name in checkpoints.
  public static let kind = "transformer"

  /// The sizes and the form that the model was made of.
  public let configuration: TransformerConfiguration
  /// The trained tensors, from the embedding to the output.
  public let layout: ParameterLayout
  let weights: Weights

  /// Where the tensors stand in the flat buffers.
  struct Weights: Sendable {
    struct Layer {
      let attentionNorm: NormWeights
      /// [D, 3 D].
      let qkv: MatrixWeights
      /// The offset of the relative bias, [H, T].
      let bias: Int?
      /// Wo, [D, D].
      let attentionOutput: MatrixWeights
      let mlp: MLPWeights
    }
    let embedding: EmbeddingWeights
    let layers: [Layer]
    let output: OutputWeights
  }

  /// Makes the model of a configuration, or says which field is wrong.
  public init(_ configuration: TransformerConfiguration) throws(ConfigurationError) {
    try configuration.validate()
    self.configuration = configuration
    let c = configuration
    var tensors = ResidualLayout(c)
    let embedding = EmbeddingWeights(
      table: tensors.table("embedding", rows: c.vocabulary),
      positions: c.positions == .learned ? tensors.table("positions", rows: c.context) : nil)
    var layers: [Weights.Layer] = []
    for index in 0..<c.layers {
      let name = "layers.\(index)"
      layers.append(
        Weights.Layer(
          attentionNorm: tensors.norm("\(name).attention.norm"),
          qkv: tensors.matrix("\(name).attention.qkv", c.width, 3 * c.width),
          bias: c.initialBias.map {
            tensors.vector("\(name).attention.bias", shape: [c.heads, c.context], initial: $0)
          },
          attentionOutput: tensors.residualMatrix("\(name).attention.output", rows: c.width),
          mlp: tensors.mlp("\(name).mlp")))
    }
    weights = Weights(
      embedding: embedding, layers: layers, output: tensors.output(embedding: embedding.table))
    layout = tensors.layout
  }

  /// The positions of a sequence, T.
  public var positionsPerSequence: Int { configuration.context }
  /// The number of tokens, V.
  public var inputCount: Int { configuration.vocabulary }
  /// The number of tokens, V.
  public var outputCount: Int { configuration.vocabulary }
  /// The width of the residual stream, D.
  public var width: Int { configuration.width }

  /// The FLOPs of one position, counted from the shapes.
  ///
  /// A multiplication and an addition are two FLOPs. Forward, per position: the matrices
  /// `2 (4 + 2 r) D² L`, the logits `2 D V`, and attention `2 D (T + 1) L`: scores and weighted
  /// values cost 2 D each per visible position, and a position sees (T + 1) / 2 on average under
  /// the causal mask. The backward pass has two products for each product of the forward pass, so
  /// training is three times forward. Not counted: norms, softmax, activations, the optimiser
  /// (all linear in D, or independent of the batch). For World-B-like models, 6 N misses the
  /// attention and counts the embedding, which multiplies nothing.
  public func flopsPerToken(training: Bool) -> Double {
    let c = configuration
    let width = Double(c.width)
    let matrices = 2 * Double((4 + 2 * c.mlpRatio) * c.layers) * width * width
    let logits = 2 * width * Double(c.vocabulary)
    let attention = 2 * width * Double(c.context + 1) * Double(c.layers)
    let forward = matrices + logits + attention
    return training ? 3 * forward : forward
  }

  /// `flopsPerToken` of every position, less what is saved where the first layer's queries, keys and
  /// values are computed once for each token: without learned positions, if V is at most 4 T.
  public func flopsPerTrainingStep(sequences: Int) -> Double {
    flopsOfAllPositions(sequences: sequences)
      - configuration.flopsSaved(columns: 3 * configuration.width, sequences: sequences)
  }

  /// The embedding, if the first layer's projection goes by tokens.
  var projectedEmbedding: MatrixWeights? {
    configuration.projectsTokens ? weights.embedding.table : nil
  }

  /// The floats of the arena of a pass over this many sequences at once.
  public func workspaceCount(sequences: Int, kernels: any KernelSet.Type) -> Int {
    TransformerPass.Plan(model: self, sequences: sequences, kernels: kernels).arena.count
  }

  /// As many as attention takes together.
  public func sequencesTogether(kernels: any KernelSet.Type) -> Int {
    let c = configuration
    return kernels.attentionSequences(
      positions: c.context, heads: c.heads, headWidth: c.width / c.heads)
  }

  /// The machine that runs this model over at most `sequences` at once.
  public func makePass(sequences: Int, kernels: any KernelSet.Type) -> any ModelPass {
    TransformerPass(model: self, sequences: sequences, kernels: kernels)
  }

  /// Attention over the position + 1 keys that are seen, `4 D (position + 1) L`, and the matrices.
  ///
  /// The mean over all positions is `flopsPerToken(training: false)`.
  public func flopsPerStep(position: Int) -> Double {
    let c = configuration
    let mean = 2 * Double(c.width) * Double(c.layers)
    return flopsPerToken(training: false) + mean * Double(2 * (position + 1) - (c.context + 1))
  }

  /// The machine that runs this model position by position.
  public func makeDecodingPass(
    sequences: Int, kernels: any KernelSet.Type
  ) -> any DecodingPass {
    TransformerDecodingPass(model: self, sequences: sequences, kernels: kernels)
  }

  /// What scores are multiplied by, 1 / √(D / H).
  var scoreScale: Float {
    1 / Float(configuration.width / configuration.heads).squareRoot()
  }
}
