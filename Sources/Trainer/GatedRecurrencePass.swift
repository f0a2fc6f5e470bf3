import KernelInterface
import Kernels

/// The forward and the backward pass of a gated recurrence over one arena.
///
/// Glossary: R = sequences · T rows, D width, E width of the state, M = mlpRatio · D, V vocabulary.
/// Every activation is [R, columns] with its columns padded to whole lane groups.
final class GatedRecurrencePass: ModelPass {
  /// The layers and where everything stands in the arena.
  struct Plan {
    struct Layer {
      /// The residual stream before the recurrence.
      let input: Int
      let projection: Projection
      /// The operands of the recurrence, [R, E]; the backward pass turns each into its gradient.
      let forget: Int
      let value: Int
      let gate: Int
      /// The offset of the forget gates' bias among the parameters.
      let forgetBias: Int
      /// The state before each chunk of the scan.
      let state: Int
      /// The recurrence's result, behind its gate, [R, E].
      let gated: Int
      let output: MatrixLayer
      /// The residual stream before the MLP.
      let middle: Int
      let mlp: MLPBlock

      /// `embedding` is given to a layer that sees nothing but its rows.
      init(
        _ weights: GatedRecurrence.Weights.Layer, embedding: MatrixWeights?, rows: Int,
        stateCount: Int, in arena: inout ArenaPlan
      ) {
        let width = weights.forget.inputs
        input = arena.reserve(rows, width)
        var projection = Projection(weights.stateNorm, of: embedding, rows: rows, in: &arena)
        forget = projection.append(weights.forget, rows: rows, in: &arena)
        value = projection.append(weights.value, rows: rows, in: &arena)
        gate = projection.append(weights.gate, rows: rows, in: &arena)
        self.projection = projection
        forgetBias = weights.forgetBias
        state = arena.reserve(stateCount)
        gated = arena.reserve(rows, weights.stateOutput.inputs)
        output = MatrixLayer(weights.stateOutput, in: &arena)
        middle = arena.reserve(rows, width)
        mlp = MLPBlock(weights.mlp, rows: rows, in: &arena)
      }
    }

    private(set) var layers: [Layer] = []
    /// The residual stream after all layers.
    let last: Int
    let output: OutputLayer
    /// The gradients by the residual stream and by the recurrence's result.
    let dResidual: Int
    let dGated: Int
    let scratch: GradientScratch
    let arena: ArenaPlan

    init(model: GatedRecurrence, sequences: Int, kernels: any KernelSet.Type) {
      let c = model.configuration
      let rows = sequences * c.context
      let states = kernels.gatedScanStateCount(positions: c.context, width: c.stateWidth)
      var arena = ArenaPlan()
      for (index, weights) in model.weights.layers.enumerated() {
        layers.append(
          Layer(
            weights, embedding: index == 0 ? model.projectedEmbedding : nil, rows: rows,
            stateCount: sequences * states, in: &arena))
      }
      last = arena.reserve(rows, c.width)
      output = OutputLayer(model.weights.output, rows: rows, in: &arena)
      dResidual = arena.reserve(rows, c.width)
      dGated = arena.reserve(rows, c.stateWidth)
      scratch = GradientScratch(rows: rows, width: c.width, mlpRatio: c.mlpRatio, in: &arena)
      self.arena = arena
    }

    /// Where the residual stream stands before a layer, or after the last one.
    func residual(before layer: Int) -> Int {
      layer < layers.count ? layers[layer].input : last
    }
  }

  private let model: GatedRecurrence
  private let plan: Plan
  private let work: Workspace
  let logitsStride: Int

  init(model: GatedRecurrence, sequences: Int, kernels: any KernelSet.Type) {
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
      layer.output.pack(work, parameters, training: training)
      layer.mlp.pack(work, parameters, training: training)
    }
    plan.output.pack(work, parameters, training: training)
  }

  /// The formulas stand at `GatedRecurrence`; every activation is overwritten.
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
      let forget = base + layer.forget
      let value = base + layer.value
      let gate = base + layer.gate
      let gated = base + layer.gated

      layer.projection.forward(work, rows, x, tokens: inputs.tokens, parameters)
      work.kernels.gatedScan(
        sequences: sequences, positions: c.context, width: c.stateWidth,
        forget: forget, value: value, gate: gate, stride: padded(c.stateWidth),
        bias: parameters + layer.forgetBias, state: base + layer.state, output: gated)
      layer.output.forward(work, rows, gated, plus: x, to: middle)

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
    let dGated = base + plan.dGated

    plan.output.backward(
      work, rows, base + plan.last, parameters, gradients, dx: dx, scratch: plan.scratch)

    for above in 0..<c.layers {
      let layer = plan.layers[c.layers - 1 - above]
      let forget = base + layer.forget
      let value = base + layer.value
      let gate = base + layer.gate

      layer.mlp.backward(
        work, rows, base + layer.middle, parameters, gradients, dx: dx, scratch: plan.scratch)

      layer.output.backward(work, rows, base + layer.gated, dy: dx, gradients, to: dGated)
      work.kernels.gatedScanBackward(
        sequences: sequences, positions: c.context, width: c.stateWidth,
        forget: forget, value: value, gate: gate, stride: padded(c.stateWidth),
        bias: parameters + layer.forgetBias, state: base + layer.state, doutput: dGated,
        dbias: gradients + layer.forgetBias)
      layer.projection.backward(
        work, rows, base + layer.input, tokens: inputs.tokens, parameters, gradients, dx: dx,
        scratch: plan.scratch)
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
