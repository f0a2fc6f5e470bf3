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
  let offsets: Offsets

  /// Where the tensors begin in the flat buffers.
  struct Offsets: Sendable {
    struct Layer {
      var stateNorm: Int?
      var forget: Int
      var forgetBias: Int
      var value: Int
      var gate: Int
      var stateOutput: Int
      var mlpNorm: Int?
      var mlpInput: Int
      var mlpOutput: Int
    }
    var embedding: Int
    var layers: [Layer]
    var norm: Int?
    /// nil if the output is tied to the embedding.
    var output: Int?
  }

  /// Makes the model of a configuration, or says which field is wrong.
  public init(_ configuration: GatedRecurrenceConfiguration) throws(ConfigurationError) {
    try configuration.validate()
    self.configuration = configuration
    let c = configuration
    let fanIn = 1 / Double(c.width).squareRoot()
    let residual = c.scalesResidualOutputs ? 1 / Double(2 * c.layers).squareRoot() : 1
    let activationGain = c.activation == .relu ? 2.0.squareRoot() : 1
    let embedding = c.embeddingDeviation ?? (c.output == .tied ? fanIn : 1)
    let state = c.stateWidth
    let inner = c.mlpRatio * c.width
    let reach = Reproducible.log(Double(c.context))
    let biases = (0..<state).map { channel in
      Float(state == 1 ? reach : reach * (Double(channel) / Double(state - 1)))
    }

    var layout = ParameterLayout()
    func gain(_ name: String) -> Int? {
      guard c.normGain else { return nil }
      return layout.append(name, shape: [c.width], role: .vector, initial: .constant(1))
    }
    func matrix(_ name: String, _ rows: Int, _ columns: Int, scale: Double) -> Int {
      let deviation = scale / Double(rows).squareRoot()
      return layout.append(
        name, shape: [rows, columns], role: .hidden, initial: .normal(deviation: deviation))
    }

    let embeddingOffset = layout.append(
      "embedding", shape: [c.vocabulary, c.width], role: .embedding,
      initial: .normal(deviation: embedding))
    var layers: [Offsets.Layer] = []
    for index in 0..<c.layers {
      let name = "layers.\(index)"
      let stateNorm = gain("\(name).recurrence.norm")
      let forget = matrix("\(name).recurrence.forget", c.width, state, scale: 1)
      let forgetBias = layout.append(
        "\(name).recurrence.forget.bias", shape: [state], role: .vector, initial: .table(biases))
      let value = matrix("\(name).recurrence.value", c.width, state, scale: 1)
      let gate = matrix("\(name).recurrence.gate", c.width, state, scale: 1)
      let stateOutput = matrix("\(name).recurrence.output", state, c.width, scale: residual)
      let mlpNorm = gain("\(name).mlp.norm")
      let mlpInput = matrix("\(name).mlp.input", c.width, inner, scale: activationGain)
      let mlpOutput = matrix("\(name).mlp.output", inner, c.width, scale: residual)
      layers.append(
        Offsets.Layer(
          stateNorm: stateNorm, forget: forget, forgetBias: forgetBias, value: value, gate: gate,
          stateOutput: stateOutput, mlpNorm: mlpNorm, mlpInput: mlpInput, mlpOutput: mlpOutput))
    }
    let norm = gain("norm")
    var output: Int?
    if c.output == .untied {
      output = layout.append(
        "output", shape: [c.width, c.vocabulary], role: .output,
        initial: c.zeroOutput ? .constant(0) : .normal(deviation: fanIn))
    }
    offsets = Offsets(embedding: embeddingOffset, layers: layers, norm: norm, output: output)
    self.layout = layout
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

  /// The floats of the arena of a pass over this many sequences at once.
  public func workspaceCount(sequences: Int, kernels: any KernelSet.Type) -> Int {
    GatedRecurrencePass.Plan(model: self, sequences: sequences, kernels: kernels).count
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
