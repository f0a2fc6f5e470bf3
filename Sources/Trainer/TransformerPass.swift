import KernelInterface
import Kernels

/// The forward and the backward pass of a transformer over one arena.
///
/// Glossary: R = sequences · T rows, D width, M = mlpRatio · D, V vocabulary, H heads. Every
/// activation is [R, columns] with its columns padded to whole lane groups.
final class TransformerPass: ModelPass {

  /// Where everything stands in the arena.
  struct Plan {
    struct Layer {
      /// The residual stream before attention and before the MLP.
      var input: Int
      var middle: Int
      var attentionInverse: Int
      var attentionInput: Int
      var qkv: Int
      var state: Int
      var attention: Int
      var mlpInverse: Int
      var mlpInput: Int
      /// Before the activation; the same place as `activated` for ReLU, whose derivative can be
      /// read off its result.
      var hidden: Int
      var activated: Int
    }
    /// The matrices of a layer.
    struct PackedLayer {
      var qkv: PackedMatrix
      var attentionOutput: PackedMatrix
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
    /// The gradients by the residual stream, by a norm's result, by the queries, keys and values,
    /// by the MLP's inner layer.
    var dResidual = 0
    var dNormalized = 0
    var dQKV = 0
    var dHidden = 0
    /// What the output adds to a tied embedding, kept aside until the end of a step: mixed into
    /// the embedding's own chain, it would make the sum depend on the size of micro-batches.
    var dTied: Int?
    var attentionScratch = 0
    /// What attention keeps of one sequence for the backward pass.
    let stateCount: Int
    let count: Int

    init(model: Transformer, sequences: Int, kernels: any KernelSet.Type) {
      let c = model.configuration
      let rows = sequences * c.context
      let inner = c.mlpRatio * c.width
      stateCount = kernels.attentionStateCount(positions: c.context, heads: c.heads)
      var arena = ArenaPlan()
      func rowsOf(_ columns: Int) -> Int { arena.reserve(rows * padded(columns)) }
      for _ in 0..<c.layers {
        let hidden = rowsOf(inner)
        layers.append(
          Layer(
            input: rowsOf(c.width), middle: rowsOf(c.width),
            attentionInverse: arena.reserve(rows), attentionInput: rowsOf(c.width),
            qkv: rowsOf(3 * c.width),
            state: arena.reserve(sequences * stateCount),
            attention: rowsOf(c.width), mlpInverse: arena.reserve(rows), mlpInput: rowsOf(c.width),
            hidden: hidden, activated: c.activation == .relu ? hidden : rowsOf(inner)))
      }
      last = rowsOf(c.width)
      lastInverse = arena.reserve(rows)
      normalized = rowsOf(c.width)
      logits = rowsOf(c.vocabulary)
      dResidual = rowsOf(c.width)
      dNormalized = rowsOf(c.width)
      dQKV = rowsOf(3 * c.width)
      dHidden = rowsOf(inner)
      if c.output == .tied { dTied = arena.reserve(c.vocabulary * padded(c.width)) }
      attentionScratch = arena.reserve(
        kernels.attentionScratchCount(
          positions: c.context, heads: c.heads, headWidth: c.width / c.heads))
      for _ in 0..<c.layers {
        packedLayers.append(
          PackedLayer(
            qkv: arena.reserveMatrix(c.width, 3 * c.width),
            attentionOutput: arena.reserveMatrix(c.width, c.width),
            mlpInput: arena.reserveMatrix(c.width, inner),
            mlpOutput: arena.reserveMatrix(inner, c.width)))
      }
      packedOutput = arena.reserveMatrix(c.width, c.vocabulary)
      count = arena.count
    }
  }

  private let model: Transformer
  private let kernels: any KernelSet.Type
  private let plan: Plan
  private let arena: AlignedBuffer
  private let dense: DenseLayers
  private let limit: Int
  let logitsStride: Int

  init(model: Transformer, sequences: Int, kernels: any KernelSet.Type) {
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
      let layer = plan.packedLayers[index]
      let weights = model.offsets.layers[index]
      dense.pack(parameters + weights.qkv, c.width, 3 * c.width, to: layer.qkv, training: training)
      dense.pack(
        parameters + weights.attentionOutput, c.width, c.width, to: layer.attentionOutput,
        training: training)
      dense.pack(
        parameters + weights.mlpInput, c.width, inner, to: layer.mlpInput, training: training)
      dense.pack(
        parameters + weights.mlpOutput, inner, c.width, to: layer.mlpOutput, training: training)
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

  /// The formulas stand at `Transformer`; every activation is overwritten.
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
      table: parameters + offsets.embedding, tableStride: stride,
      positions: offsets.positions.map { parameters + $0 }, period: c.context,
      y: base + residual(after: 0), stride: stride)

    for index in 0..<c.layers {
      let at = plan.layers[index]
      let packed = plan.packedLayers[index]
      let weights = offsets.layers[index]
      normalize(
        rows, base + at.input, gain: weights.attentionNorm, parameters,
        to: base + at.attentionInput, inverse: base + at.attentionInverse)
      dense.multiply(
        rows, base + at.attentionInput, c.width, packed.qkv.plain, 3 * c.width, to: base + at.qkv)
      kernels.attention(
        sequences: sequences, positions: c.context, heads: c.heads, headWidth: c.width / c.heads,
        scale: model.scoreScale, qkv: base + at.qkv, qkvStride: padded(3 * c.width),
        bias: weights.bias.map { parameters + $0 },
        output: base + at.attention, outputStride: stride,
        state: base + at.state, scratch: base + plan.attentionScratch)
      dense.multiply(
        rows, base + at.attention, c.width, packed.attentionOutput.plain, c.width,
        plus: base + at.input, to: base + at.middle)

      normalize(
        rows, base + at.middle, gain: weights.mlpNorm, parameters,
        to: base + at.mlpInput, inverse: base + at.mlpInverse)
      dense.multiply(
        rows, base + at.mlpInput, c.width, packed.mlpInput.plain, inner, to: base + at.hidden)
      dense.activate(
        c.activation, rows * padded(inner), base + at.hidden, to: base + at.activated)
      dense.multiply(
        rows, base + at.activated, inner, packed.mlpOutput.plain, c.width,
        plus: base + at.middle, to: base + residual(after: index + 1))
    }

    normalize(
      rows, base + plan.last, gain: offsets.norm, parameters,
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
    normalizeBackward(
      rows, base + plan.last, gain: offsets.norm, parameters, gradients,
      inverse: base + plan.lastInverse, dy: dy, dx: dx)

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
      normalizeBackward(
        rows, base + at.middle, gain: weights.mlpNorm, parameters, gradients,
        inverse: base + at.mlpInverse, dy: dy, dx: dx)

      let dQKV = base + plan.dQKV
      dense.addOuter(
        rows, base + at.attention, c.width, dx, c.width, to: gradients + weights.attentionOutput)
      dense.multiply(rows, dx, c.width, packed.attentionOutput.transposed, c.width, to: dy)
      attentionBackward(
        sequences, qkv: base + at.qkv, output: base + at.attention, doutput: dy,
        state: base + at.state, dqkv: dQKV, dbias: weights.bias.map { gradients + $0 })
      dense.addOuter(
        rows, base + at.attentionInput, c.width, dQKV, 3 * c.width, to: gradients + weights.qkv)
      dense.multiply(rows, dQKV, 3 * c.width, packed.qkv.transposed, c.width, to: dy)
      normalizeBackward(
        rows, base + at.input, gain: weights.attentionNorm, parameters, gradients,
        inverse: base + at.attentionInverse, dy: dy, dx: dx)
    }

    kernels.embedBackward(
      rows: rows, width: c.width, tokens: inputs.tokens, dy: dx, stride: stride,
      dtable: gradients + offsets.embedding, tableStride: stride,
      dpositions: offsets.positions.map { gradients + $0 }, period: c.context)
  }

  func finish(gradients: UnsafeMutablePointer<Float>) {
    guard let tied = plan.dTied else { return }
    let count = model.configuration.vocabulary * padded(model.configuration.width)
    kernels.add(
      count: count, x: arena.pointer + tied, y: gradients + model.offsets.embedding)
    kernels.zero(count: count, y: arena.pointer + tied)
  }
}

// MARK: - Attention and norms

extension TransformerPass {
  /// The backward pass of attention, one call a sequence if there is a bias.
  ///
  /// A call sums the gradient by the bias over its own sequences before it adds the sum: calls of
  /// one sequence make the result independent of the size of a micro-batch.
  private func attentionBackward(
    _ sequences: Int, qkv: UnsafePointer<Float>, output: UnsafePointer<Float>,
    doutput: UnsafePointer<Float>, state: UnsafePointer<Float>,
    dqkv: UnsafeMutablePointer<Float>, dbias: UnsafeMutablePointer<Float>?
  ) {
    let c = model.configuration
    let together = dbias == nil ? sequences : 1
    var sequence = 0
    while sequence < sequences {
      let row = sequence * c.context
      kernels.attentionBackward(
        sequences: together, positions: c.context, heads: c.heads, headWidth: c.width / c.heads,
        scale: model.scoreScale, qkv: qkv + row * padded(3 * c.width),
        qkvStride: padded(3 * c.width),
        output: output + row * padded(c.width), doutput: doutput + row * padded(c.width),
        outputStride: padded(c.width), state: state + sequence * plan.stateCount,
        dqkv: dqkv + row * padded(3 * c.width), dbias: dbias,
        scratch: arena.pointer + plan.attentionScratch)
      sequence += together
    }
  }

  private func normalize(
    _ rows: Int, _ x: UnsafePointer<Float>, gain: Int?, _ parameters: UnsafePointer<Float>,
    to y: UnsafeMutablePointer<Float>, inverse: UnsafeMutablePointer<Float>
  ) {
    dense.normalize(
      rows, model.configuration.width, x, gain: gain.map { parameters + $0 }, to: y,
      inverse: inverse)
  }

  private func normalizeBackward(
    _ rows: Int, _ x: UnsafePointer<Float>, gain: Int?, _ parameters: UnsafePointer<Float>,
    _ gradients: UnsafeMutablePointer<Float>, inverse: UnsafePointer<Float>,
    dy: UnsafePointer<Float>, dx: UnsafeMutablePointer<Float>
  ) {
    dense.normalizeBackward(
      rows, model.configuration.width, x, gain: gain.map { parameters + $0 }, inverse: inverse,
      dy: dy, dx: dx, dgain: gain.map { gradients + $0 })
  }
}
