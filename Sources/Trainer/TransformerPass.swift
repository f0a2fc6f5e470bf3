import KernelInterface
import Kernels

/// The forward and the backward pass of a transformer over one arena.
///
/// Glossary: R = sequences · T rows, D width, M = mlpRatio · D, V vocabulary, H heads. Every
/// activation is [R, columns] with its columns padded to whole lane groups.
final class TransformerPass: ModelPass {
  /// The layers and where everything stands in the arena.
  struct Plan {
    struct Layer {
      /// The residual stream before attention.
      let input: Int
      let projection: Projection
      /// Queries, keys and values, [R, 3 D], or [V, 3 D] where they go by tokens, and the gradient.
      let operands: Int
      let dOperands: Int
      /// The offset of the relative bias among the parameters.
      let bias: Int?
      /// What attention keeps for the backward pass.
      let state: Int
      /// The heads' results, [R, D].
      let attention: Int
      let attentionOutput: MatrixLayer
      /// The residual stream before the MLP.
      let middle: Int
      let mlp: MLPBlock

      /// `embedding` is given to a layer that sees nothing but its rows; `dOperands` is where gradients
      /// by the operands of positions stand.
      init(
        _ weights: Transformer.Weights.Layer, embedding: MatrixWeights?, dOperands: Int, rows: Int,
        stateCount: Int, in arena: inout ArenaPlan
      ) {
        let width = weights.qkv.inputs
        input = arena.reserve(rows, width)
        var projection = Projection(
          weights.attentionNorm, of: embedding, rows: rows, in: &arena)
        (operands, self.dOperands) = projection.appendForTokens(
          weights.qkv, gradient: dOperands, rows: rows, in: &arena)
        self.projection = projection
        bias = weights.bias
        state = arena.reserve(stateCount)
        attention = arena.reserve(rows, width)
        attentionOutput = MatrixLayer(weights.attentionOutput, in: &arena)
        middle = arena.reserve(rows, width)
        mlp = MLPBlock(weights.mlp, rows: rows, in: &arena)
      }
    }

    private(set) var layers: [Layer] = []
    /// The residual stream after all layers.
    let last: Int
    let output: OutputLayer
    /// The gradient by the residual stream.
    let dResidual: Int
    let scratch: GradientScratch
    let attentionScratch: Int
    let arena: ArenaPlan

    init(model: Transformer, sequences: Int, kernels: any KernelSet.Type) {
      let c = model.configuration
      let rows = sequences * c.context
      let stateCount = kernels.attentionStateCount(positions: c.context, heads: c.heads)
      var arena = ArenaPlan()
      let byTokens = model.projectedEmbedding != nil
      let dOperands = arena.reserve(byTokens && c.layers == 1 ? 0 : rows, 3 * c.width)
      for (index, weights) in model.weights.layers.enumerated() {
        layers.append(
          Layer(
            weights, embedding: index == 0 ? model.projectedEmbedding : nil, dOperands: dOperands,
            rows: rows, stateCount: sequences * stateCount, in: &arena))
      }
      last = arena.reserve(rows, c.width)
      output = OutputLayer(model.weights.output, rows: rows, in: &arena)
      dResidual = arena.reserve(rows, c.width)
      scratch = GradientScratch(rows: rows, width: c.width, mlpRatio: c.mlpRatio, in: &arena)
      attentionScratch = arena.reserve(
        kernels.attentionScratchCount(
          positions: c.context, heads: c.heads, headWidth: c.width / c.heads, byTokens: byTokens))
      self.arena = arena
    }

    /// Where the residual stream stands before a layer, or after the last one.
    func residual(before layer: Int) -> Int {
      layer < layers.count ? layers[layer].input : last
    }
  }

  private let model: Transformer
  private let plan: Plan
  private let work: Workspace
  let logitsStride: Int

  init(model: Transformer, sequences: Int, kernels: any KernelSet.Type) {
    self.model = model
    plan = Plan(model: model, sequences: sequences, kernels: kernels)
    work = Workspace(plan.arena, limit: sequences, kernels: kernels)
    logitsStride = model.weights.output.stride
  }

  /// Packs every matrix once for all micro-batches of a step.
  func prepare(parameters: UnsafePointer<Float>, training: Bool) {
    for index in 0..<plan.layers.count {
      let layer = plan.layers[index]
      layer.projection.prepare(work, parameters, training: training)
      layer.attentionOutput.pack(work, parameters, training: training)
      layer.mlp.pack(work, parameters, training: training)
    }
    plan.output.pack(work, parameters, training: training)
  }

  /// The formulas stand at `Transformer`; every activation is overwritten.
  func forward(
    sequences: Int, inputs: ModelInputs, parameters: UnsafePointer<Float>
  ) -> UnsafeMutablePointer<Float> {
    work.checkLimit(sequences)
    let c = model.configuration
    let base = work.arena
    let rows = sequences * c.context

    model.weights.embedding.forward(
      work, rows, tokens: inputs.tokens, parameters, to: base + plan.residual(before: 0))

    for index in 0..<c.layers {
      let layer = plan.layers[index]
      let x = base + layer.input
      let middle = base + layer.middle
      let qkv = base + layer.operands
      let attention = base + layer.attention
      // By which attention finds the rows, where they are those of tokens.
      let tokens = layer.projection.goesByTokens ? inputs.tokens : nil

      if tokens == nil {
        layer.projection.forward(work, rows, x, tokens: inputs.tokens, parameters)
      }
      work.kernels.attention(
        sequences: sequences, positions: c.context, heads: c.heads, headWidth: c.width / c.heads,
        scale: model.scoreScale, qkv: qkv, qkvStride: padded(3 * c.width), tokens: tokens,
        bias: layer.bias.map { parameters + $0 }, output: attention, outputStride: padded(c.width),
        state: base + layer.state, scratch: base + plan.attentionScratch)
      layer.attentionOutput.forward(work, rows, attention, plus: x, to: middle)

      layer.mlp.forward(
        work, rows, middle, parameters, to: base + plan.residual(before: index + 1))
    }
    return plan.output.forward(work, rows, base + plan.last, parameters)
  }

  /// The backward pass, in the reverse order of `forward`; `gradients +=`.
  func backward(
    sequences: Int, inputs: ModelInputs, parameters: UnsafePointer<Float>,
    gradients: UnsafeMutablePointer<Float>
  ) {
    let c = model.configuration
    let base = work.arena
    let rows = sequences * c.context
    let dx = base + plan.dResidual
    let dy = base + plan.scratch.normalized

    plan.output.backward(
      work, rows, base + plan.last, parameters, gradients, dx: dx, scratch: plan.scratch)

    for above in 0..<c.layers {
      let layer = plan.layers[c.layers - 1 - above]
      let attention = base + layer.attention
      let tokens = layer.projection.goesByTokens ? inputs.tokens : nil

      layer.mlp.backward(
        work, rows, base + layer.middle, parameters, gradients, dx: dx, scratch: plan.scratch)

      layer.attentionOutput.backward(work, rows, attention, dy: dx, gradients, to: dy)
      work.kernels.attentionBackward(
        sequences: sequences, positions: c.context, heads: c.heads, headWidth: c.width / c.heads,
        scale: model.scoreScale, qkv: base + layer.operands, qkvStride: padded(3 * c.width),
        tokens: tokens, doutput: dy, outputStride: padded(c.width), state: base + layer.state,
        dqkv: base + layer.dOperands, dbias: layer.bias.map { gradients + $0 },
        scratch: base + plan.attentionScratch)
      if tokens == nil {
        layer.projection.backward(
          work, rows, base + layer.input, tokens: inputs.tokens, parameters, gradients, dx: dx,
          scratch: plan.scratch)
      }
    }

    model.weights.embedding.backward(work, rows, tokens: inputs.tokens, dx: dx, gradients)
  }

  func finish(parameters: UnsafePointer<Float>, gradients: UnsafeMutablePointer<Float>) {
    for index in 0..<plan.layers.count {
      plan.layers[index].projection.finish(work, parameters, gradients)
    }
    plan.output.finish(work, gradients)
  }
}
