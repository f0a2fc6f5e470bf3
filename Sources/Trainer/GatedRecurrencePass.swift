import KernelInterface
import Kernels

/// The forward and the backward pass of a gated recurrence over one arena.
///
/// Glossary: R = sequences · T rows, D width, E width of the state, M = mlpRatio · D, V vocabulary.
/// Every activation is [R, columns] with its columns padded to whole lane groups.
final class GatedRecurrencePass: ModelPass {
  /// Where everything stands in the arena.
  struct Plan {
    struct Layer {
      /// The residual stream before the recurrence and before the MLP.
      var input: Int
      var middle: Int
      var stateInverse: Int
      var stateInput: Int
      /// The recurrence's operands; the backward pass turns them into their gradients.
      var forget: Int
      var value: Int
      var gate: Int
      /// The state before each chunk of the scan.
      var state: Int
      /// The recurrence's result, behind its gate.
      var gated: Int
      var mlpInverse: Int
      var mlpInput: Int
      /// Before the activation; the same place as `activated` for ReLU, whose derivative can be
      /// read off its result.
      var hidden: Int
      var activated: Int
    }
    /// The matrices of a layer.
    struct PackedLayer {
      var forget: PackedMatrix
      var value: PackedMatrix
      var gate: PackedMatrix
      var stateOutput: PackedMatrix
      var mlpInput: PackedMatrix
      var mlpOutput: PackedMatrix
    }
    var layers: [Layer] = []
    var packedLayers: [PackedLayer] = []
    var packedOutput = PackedMatrix(plain: 0, transposed: 0)
    var last = 0
    var lastInverse = 0
    var normalized = 0
    var logits = 0
    /// The gradients by the residual stream, by a norm's result, by the recurrence's result, by the
    /// MLP's inner layer.
    var dResidual = 0
    var dNormalized = 0
    var dGated = 0
    var dHidden = 0
    /// What the output adds to a tied embedding, kept aside until the end of a step: mixed into
    /// the embedding's own chain, it would make the sum depend on the size of micro-batches.
    var dTied: Int?
    let count: Int

    init(model: GatedRecurrence, sequences: Int, kernels: any KernelSet.Type) {
      let c = model.configuration
      let rows = sequences * c.context
      let inner = c.mlpRatio * c.width
      let states = kernels.gatedScanStateCount(positions: c.context, width: c.stateWidth)
      var arena = ArenaPlan()
      func rowsOf(_ columns: Int) -> Int { arena.reserve(rows * padded(columns)) }
      for _ in 0..<c.layers {
        let hidden = rowsOf(inner)
        layers.append(
          Layer(
            input: rowsOf(c.width), middle: rowsOf(c.width),
            stateInverse: arena.reserve(rows), stateInput: rowsOf(c.width),
            forget: rowsOf(c.stateWidth), value: rowsOf(c.stateWidth), gate: rowsOf(c.stateWidth),
            state: arena.reserve(sequences * states), gated: rowsOf(c.stateWidth),
            mlpInverse: arena.reserve(rows), mlpInput: rowsOf(c.width),
            hidden: hidden, activated: c.activation == .relu ? hidden : rowsOf(inner)))
      }
      last = rowsOf(c.width)
      lastInverse = arena.reserve(rows)
      normalized = rowsOf(c.width)
      logits = rowsOf(c.vocabulary)
      dResidual = rowsOf(c.width)
      dNormalized = rowsOf(c.width)
      dGated = rowsOf(c.stateWidth)
      dHidden = rowsOf(inner)
      if c.output == .tied { dTied = arena.reserve(c.vocabulary * padded(c.width)) }
      for _ in 0..<c.layers {
        packedLayers.append(
          PackedLayer(
            forget: arena.reserveMatrix(c.width, c.stateWidth),
            value: arena.reserveMatrix(c.width, c.stateWidth),
            gate: arena.reserveMatrix(c.width, c.stateWidth),
            stateOutput: arena.reserveMatrix(c.stateWidth, c.width),
            mlpInput: arena.reserveMatrix(c.width, inner),
            mlpOutput: arena.reserveMatrix(inner, c.width)))
      }
      packedOutput = arena.reserveMatrix(c.width, c.vocabulary)
      count = arena.count
    }
  }

  private let model: GatedRecurrence
  private let kernels: any KernelSet.Type
  private let plan: Plan
  private let arena: AlignedBuffer
  private let dense: DenseLayers
  private let limit: Int
  let logitsStride: Int

  init(model: GatedRecurrence, sequences: Int, kernels: any KernelSet.Type) {
    self.model = model
    self.kernels = kernels
    limit = sequences
    plan = Plan(model: model, sequences: sequences, kernels: kernels)
    arena = AlignedBuffer(count: plan.count)
    dense = DenseLayers(kernels: kernels, arena: arena.pointer)
    logitsStride = padded(model.configuration.vocabulary)
  }

  /// Packs every matrix once for all micro-batches of a step.
  func prepare(parameters: UnsafePointer<Float>, training: Bool) {
    let c = model.configuration
    let inner = c.mlpRatio * c.width
    for index in 0..<c.layers {
      let packed = plan.packedLayers[index]
      let weights = model.offsets.layers[index]
      func pack(_ offset: Int, _ k: Int, _ n: Int, to packed: PackedMatrix) {
        dense.pack(parameters + offset, k, n, to: packed, training: training)
      }
      pack(weights.forget, c.width, c.stateWidth, to: packed.forget)
      pack(weights.value, c.width, c.stateWidth, to: packed.value)
      pack(weights.gate, c.width, c.stateWidth, to: packed.gate)
      pack(weights.stateOutput, c.stateWidth, c.width, to: packed.stateOutput)
      pack(weights.mlpInput, c.width, inner, to: packed.mlpInput)
      pack(weights.mlpOutput, inner, c.width, to: packed.mlpOutput)
    }
    if let output = model.offsets.output {
      dense.pack(
        parameters + output, c.width, c.vocabulary, to: plan.packedOutput, training: training)
    } else {
      dense.packTied(
        parameters + model.offsets.embedding, c.vocabulary, c.width, to: plan.packedOutput,
        training: training)
    }
  }

  /// The formulas stand at `GatedRecurrence`; every activation is overwritten.
  func forward(
    sequences: Int, inputs: ModelInputs, parameters: UnsafePointer<Float>
  ) -> UnsafeMutablePointer<Float> {
    precondition(sequences <= limit, "\(sequences) sequences in a pass over at most \(limit)")
    let c = model.configuration
    let offsets = model.offsets
    let base = arena.pointer
    let rows = sequences * c.context
    let stride = padded(c.width)
    let inner = c.mlpRatio * c.width

    func residual(after layer: Int) -> Int {
      layer < c.layers ? plan.layers[layer].input : plan.last
    }

    kernels.embed(
      rows: rows, width: c.width, tokens: inputs.tokens,
      table: parameters + offsets.embedding, tableStride: stride, positions: nil, period: 1,
      y: base + residual(after: 0), stride: stride)

    for index in 0..<c.layers {
      let at = plan.layers[index]
      let packed = plan.packedLayers[index]
      let weights = offsets.layers[index]
      let u = base + at.stateInput
      dense.normalize(
        rows, c.width, base + at.input, gain: weights.stateNorm.map { parameters + $0 }, to: u,
        inverse: base + at.stateInverse)
      dense.multiply(
        rows, u, c.width, packed.forget.plain, c.stateWidth, to: base + at.forget)
      dense.multiply(rows, u, c.width, packed.value.plain, c.stateWidth, to: base + at.value)
      dense.multiply(rows, u, c.width, packed.gate.plain, c.stateWidth, to: base + at.gate)
      kernels.gatedScan(
        sequences: sequences, positions: c.context, width: c.stateWidth,
        forget: base + at.forget, value: base + at.value, gate: base + at.gate,
        stride: padded(c.stateWidth), bias: parameters + weights.forgetBias,
        state: base + at.state, output: base + at.gated)
      dense.multiply(
        rows, base + at.gated, c.stateWidth, packed.stateOutput.plain, c.width,
        plus: base + at.input, to: base + at.middle)

      dense.normalize(
        rows, c.width, base + at.middle, gain: weights.mlpNorm.map { parameters + $0 },
        to: base + at.mlpInput, inverse: base + at.mlpInverse)
      dense.multiply(
        rows, base + at.mlpInput, c.width, packed.mlpInput.plain, inner, to: base + at.hidden)
      dense.activate(
        c.activation, rows * padded(inner), base + at.hidden, to: base + at.activated)
      dense.multiply(
        rows, base + at.activated, inner, packed.mlpOutput.plain, c.width,
        plus: base + at.middle, to: base + residual(after: index + 1))
    }

    dense.normalize(
      rows, c.width, base + plan.last, gain: offsets.norm.map { parameters + $0 },
      to: base + plan.normalized, inverse: base + plan.lastInverse)
    dense.multiply(
      rows, base + plan.normalized, c.width, plan.packedOutput.plain, c.vocabulary,
      to: base + plan.logits)
    return base + plan.logits
  }

  /// The backward pass, in the reverse order of `forward`; `gradients +=`.
  func backward(
    sequences: Int, inputs: ModelInputs, parameters: UnsafePointer<Float>,
    gradients: UnsafeMutablePointer<Float>
  ) {
    let c = model.configuration
    let offsets = model.offsets
    let base = arena.pointer
    let rows = sequences * c.context
    let stride = padded(c.width)
    let inner = c.mlpRatio * c.width
    let dx = base + plan.dResidual
    let dy = base + plan.dNormalized

    func normalizeBackward(_ x: Int, _ inverse: Int, gain: Int?) {
      dense.normalizeBackward(
        rows, c.width, base + x, gain: gain.map { parameters + $0 }, inverse: base + inverse,
        dy: dy, dx: dx, dgain: gain.map { gradients + $0 })
    }

    if let output = offsets.output {
      dense.addOuter(
        rows, base + plan.normalized, c.width, base + plan.logits, c.vocabulary,
        to: gradients + output)
    } else if let tied = plan.dTied {
      dense.addOuter(
        rows, base + plan.logits, c.vocabulary, base + plan.normalized, c.width, to: base + tied)
    }
    dense.multiply(
      rows, base + plan.logits, c.vocabulary, plan.packedOutput.transposed, c.width, to: dy)
    kernels.zero(count: rows * stride, y: dx)
    normalizeBackward(plan.last, plan.lastInverse, gain: offsets.norm)

    for above in 0..<c.layers {
      let index = c.layers - 1 - above
      let at = plan.layers[index]
      let packed = plan.packedLayers[index]
      let weights = offsets.layers[index]
      let dHidden = base + plan.dHidden
      dense.addOuter(
        rows, base + at.activated, inner, dx, c.width, to: gradients + weights.mlpOutput)
      dense.multiply(rows, dx, c.width, packed.mlpOutput.transposed, inner, to: dHidden)
      dense.activateBackward(c.activation, rows * padded(inner), base + at.hidden, dHidden)
      dense.addOuter(
        rows, base + at.mlpInput, c.width, dHidden, inner, to: gradients + weights.mlpInput)
      dense.multiply(rows, dHidden, inner, packed.mlpInput.transposed, c.width, to: dy)
      normalizeBackward(at.middle, at.mlpInverse, gain: weights.mlpNorm)

      let dGated = base + plan.dGated
      dense.addOuter(
        rows, base + at.gated, c.stateWidth, dx, c.width, to: gradients + weights.stateOutput)
      dense.multiply(rows, dx, c.width, packed.stateOutput.transposed, c.stateWidth, to: dGated)
      kernels.gatedScanBackward(
        sequences: sequences, positions: c.context, width: c.stateWidth,
        forget: base + at.forget, value: base + at.value, gate: base + at.gate,
        stride: padded(c.stateWidth), bias: parameters + weights.forgetBias,
        state: base + at.state, doutput: dGated, dbias: gradients + weights.forgetBias)
      // The operands' places hold their gradients now; those by the norm's result add up in dy.
      func operandBackward(
        _ place: Int, _ packed: PackedMatrix, weights: Int, plus addend: UnsafePointer<Float>?
      ) {
        dense.addOuter(
          rows, base + at.stateInput, c.width, base + place, c.stateWidth, to: gradients + weights)
        dense.multiply(
          rows, base + place, c.stateWidth, packed.transposed, c.width, plus: addend, to: dy)
      }
      operandBackward(at.forget, packed.forget, weights: weights.forget, plus: nil)
      operandBackward(at.value, packed.value, weights: weights.value, plus: dy)
      operandBackward(at.gate, packed.gate, weights: weights.gate, plus: dy)
      normalizeBackward(at.input, at.stateInverse, gain: weights.stateNorm)
    }

    kernels.embedBackward(
      rows: rows, width: c.width, tokens: inputs.tokens, dy: dx, stride: stride,
      dtable: gradients + offsets.embedding, tableStride: stride, dpositions: nil, period: 1)
  }

  func finish(gradients: UnsafeMutablePointer<Float>) {
    guard let tied = plan.dTied else { return }
    let count = model.configuration.vocabulary * padded(model.configuration.width)
    kernels.add(
      count: count, x: arena.pointer + tied, y: gradients + model.offsets.embedding)
    kernels.zero(count: count, y: arena.pointer + tied)
  }
}
