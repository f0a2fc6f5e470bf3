import KernelInterface
import Randomness

/// A language model whose memory is a fixed number of numbers: a diagonal linear recurrence with
/// gates in the place of attention.
///
/// With x the residual stream, [B T, D], and s the logistic function:
///
///     x = embedding[token]
///     u = norm(x)                                                  for each layer
///     h[t] = s(z[t]) h[t−1] + (1 − s(z[t])) (u Wvalue)[t]          z = u Wforget + bforget
///     x += (silu(u Wgate) h) Woutput
///     x += activation(norm(x) W1) W2                               for each layer
///     logits = norm(x) Wout                                        or norm(x) Eᵀ if tied
///
/// `norm` is the root-mean-square norm with epsilon 1e-5, products of vectors are channel by channel,
/// and `silu(g) = g s(g)`. A state is a moving average whose rate each channel and token chooses; in
/// training it is a scan over the sequence, in decoding one step. This is the gated linear recurrence
/// of Martin & Cundy 2018 (arXiv 1709.04057), whose transition depends on the input alone, with an
/// output gate; state-space models of that kind are called selective (Gu & Dao 2023, arXiv
/// 2312.00752).
///
/// Initial values: as in `Transformer`; the biases of the forget gates `ln T · j / (E − 1)` for
/// channel j, so that, before tokens have a say, memories reach from 2 positions back to T + 1.
///
/// The parameters number `N = 2 V D + (4 r' + 2 r) D² L + r' D L` for an untied output, a state of
/// ratio r' and an MLP of ratio r.
public struct GatedRecurrence: LanguageModel {
  /// The name in checkpoints.
  public static let kind = "gated-recurrence"

  /// The sizes and the form that the model was made of.
  public let configuration: GatedRecurrenceConfiguration
  /// The trained tensors, from the embedding to the output.
  public let layout: ParameterLayout
  let weights: Weights

  /// Where the tensors stand in the flat buffers.
  struct Weights: Sendable {
    struct Layer {
      let stateNorm: NormWeights
      /// Wforget, [D, E].
      let forget: MatrixWeights
      /// The offset of bforget, [E].
      let forgetBias: Int
      /// Wvalue, [D, E].
      let value: MatrixWeights
      /// Wgate, [D, E].
      let gate: MatrixWeights
      /// Woutput, [E, D].
      let stateOutput: MatrixWeights
      let mlp: MLPWeights
    }
    let embedding: EmbeddingWeights
    let layers: [Layer]
    let output: OutputWeights
  }

  /// Makes the model of a configuration, or says which field is wrong.
  public init(_ configuration: GatedRecurrenceConfiguration) throws(ConfigurationError) {
    try configuration.validate()
    self.configuration = configuration
    let c = configuration
    let state = c.stateWidth
    let reach = Reproducible.log(Double(c.context))
    let biases = (0..<state).map { channel in
      Float(state == 1 ? reach : reach * (Double(channel) / Double(state - 1)))
    }

    var tensors = ResidualLayout(c)
    let embedding = EmbeddingWeights(
      table: tensors.table("embedding", rows: c.vocabulary), positions: nil)
    var layers: [Weights.Layer] = []
    for index in 0..<c.layers {
      let name = "layers.\(index).recurrence"
      layers.append(
        Weights.Layer(
          stateNorm: tensors.norm("\(name).norm"),
          forget: tensors.matrix("\(name).forget", c.width, state),
          forgetBias: tensors.vector(
            "\(name).forget.bias", shape: [state], initial: .table(biases)),
          value: tensors.matrix("\(name).value", c.width, state),
          gate: tensors.matrix("\(name).gate", c.width, state),
          stateOutput: tensors.residualMatrix("\(name).output", rows: state),
          mlp: tensors.mlp("layers.\(index).mlp")))
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
  /// Forward: the matrices `2 (4 r' + 2 r) D² L` and the logits `2 D V`; the backward pass has two
  /// products for each, so training is three times forward. Not counted: the recurrence itself, some
  /// twenty operations for each number of the state, and what else is linear in D.
  public func flopsPerToken(training: Bool) -> Double {
    let c = configuration
    let width = Double(c.width)
    let matrices = 2 * Double((4 * c.stateRatio + 2 * c.mlpRatio) * c.layers) * width * width
    let forward = matrices + 2 * width * Double(c.vocabulary)
    return training ? 3 * forward : forward
  }

  /// The same at every position: the state does not grow.
  public func flopsPerStep(position: Int) -> Double { flopsPerToken(training: false) }

  /// `flopsPerToken` of every position, less what is saved where the first layer's operands are
  /// computed once for each token: if V is at most 4 T.
  public func flopsPerTrainingStep(sequences: Int) -> Double {
    flopsOfAllPositions(sequences: sequences)
      - configuration.flopsSaved(columns: 3 * configuration.stateWidth, sequences: sequences)
  }

  /// The embedding, if the first layer's projection goes by tokens.
  var projectedEmbedding: MatrixWeights? {
    configuration.projectsTokens ? weights.embedding.table : nil
  }

  /// The floats of the arena of a pass over this many sequences at once.
  public func workspaceCount(sequences: Int, kernels: any KernelSet.Type) -> Int {
    GatedRecurrencePass.Plan(model: self, sequences: sequences, kernels: kernels).arena.count
  }

  /// The machine that runs this model over at most `sequences` at once.
  public func makePass(sequences: Int, kernels: any KernelSet.Type) -> any ModelPass {
    GatedRecurrencePass(model: self, sequences: sequences, kernels: kernels)
  }

  /// The machine that runs this model position by position.
  public func makeDecodingPass(
    sequences: Int, kernels: any KernelSet.Type
  ) -> any DecodingPass {
    GatedRecurrenceDecodingPass(model: self, sequences: sequences, kernels: kernels)
  }
}
