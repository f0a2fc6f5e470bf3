import KernelInterface
import Kernels

/// The forward and the backward pass of a transformer over one arena.
///
/// Glossary: R = sequences · T rows, D width, M = mlpRatio · D, V vocabulary, H heads. Every
/// activation is [R, columns] with its columns padded to whole lane groups.
final class TransformerPass: ModelPass {
  static let epsilon: Float = 1e-5

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
    /// Where a matrix stands as `gemmPacked` reads it: `[k, n]` for the forward pass and its
    /// transpose for the backward pass.
    struct Packed {
      var plain: Int
      var transposed: Int
    }
    /// The matrices of a layer.
    struct PackedLayer {
      var qkv: Packed
      var attentionOutput: Packed
      var mlpInput: Packed
      var mlpOutput: Packed
    }
    var layers: [Layer] = []
    var packedLayers: [PackedLayer] = []
    var packedOutput = Packed(plain: 0, transposed: 0)
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
      func packed(_ rows: Int, _ columns: Int) -> Packed {
        Packed(
          plain: arena.reserve(rows * padded(columns)),
          transposed: arena.reserve(columns * padded(rows)))
      }
      for _ in 0..<c.layers {
        packedLayers.append(
          PackedLayer(
            qkv: packed(c.width, 3 * c.width), attentionOutput: packed(c.width, c.width),
            mlpInput: packed(c.width, inner), mlpOutput: packed(inner, c.width)))
      }
      packedOutput = packed(c.width, c.vocabulary)
      count = arena.count
    }
  }

  private let model: Transformer
  private let kernels: any KernelSet.Type
  private let plan: Plan
  private let arena: AlignedBuffer
  private let limit: Int
  let logitsStride: Int

  init(model: Transformer, sequences: Int, kernels: any KernelSet.Type) {
    self.model = model
    self.kernels = kernels
    limit = sequences
    plan = Plan(model: model, sequences: sequences, kernels: kernels)
    arena = AlignedBuffer(count: plan.count)
    logitsStride = padded(model.configuration.vocabulary)
  }

  /// Packs every matrix once for all micro-batches of a step.
  func prepare(parameters: UnsafePointer<Float>, training: Bool) {
    let c = model.configuration
    let inner = c.mlpRatio * c.width
    for index in 0..<c.layers {
      let layer = plan.packedLayers[index]
      let weights = model.offsets.layers[index]
      pack(parameters + weights.qkv, c.width, 3 * c.width, to: layer.qkv, training)
      pack(
        parameters + weights.attentionOutput, c.width, c.width, to: layer.attentionOutput, training)
      pack(parameters + weights.mlpInput, c.width, inner, to: layer.mlpInput, training)
      pack(parameters + weights.mlpOutput, inner, c.width, to: layer.mlpOutput, training)
    }
    let packed = plan.packedOutput
    if let output = model.offsets.output {
      pack(parameters + output, c.width, c.vocabulary, to: packed, training)
    } else {
      let tied = Plan.Packed(plain: packed.transposed, transposed: packed.plain)
      // The embedding is the output's transpose: what is plain for the one is not for the other.
      packTransposed(parameters + model.offsets.embedding, c.vocabulary, c.width, to: tied)
      if training {
        packPlain(parameters + model.offsets.embedding, c.vocabulary, c.width, to: tied)
      }
    }
  }

  /// Packs W, [k, n].
  private func pack(
    _ w: UnsafePointer<Float>, _ k: Int, _ n: Int, to packed: Plan.Packed, _ training: Bool
  ) {
    packPlain(w, k, n, to: packed)
    if training { packTransposed(w, k, n, to: packed) }
  }

  private func packPlain(
    _ w: UnsafePointer<Float>, _ k: Int, _ n: Int, to packed: Plan.Packed
  ) {
    kernels.pack(k: k, n: n, b: w, bStride: padded(n), into: arena.pointer + packed.plain)
  }

  private func packTransposed(
    _ w: UnsafePointer<Float>, _ k: Int, _ n: Int, to packed: Plan.Packed
  ) {
    kernels.packTransposed(
      k: n, n: k, b: w, bStride: padded(n), into: arena.pointer + packed.transposed)
  }

  /// The formulas stand at `Transformer`; every activation is overwritten.
  func forward(
    sequences: Int, tokens: UnsafePointer<Int32>, parameters: UnsafePointer<Float>
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
      rows: rows, width: c.width, tokens: tokens,
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
      multiply(
        rows, base + at.attentionInput, c.width, packed.qkv.plain, 3 * c.width, to: base + at.qkv)
      kernels.attention(
        sequences: sequences, positions: c.context, heads: c.heads, headWidth: c.width / c.heads,
        scale: scoreScale, qkv: base + at.qkv, qkvStride: padded(3 * c.width),
        bias: weights.bias.map { parameters + $0 },
        output: base + at.attention, outputStride: stride,
        state: base + at.state, scratch: base + plan.attentionScratch)
      multiply(
        rows, base + at.attention, c.width, packed.attentionOutput.plain, c.width,
        plus: base + at.input, to: base + at.middle)

      normalize(
        rows, base + at.middle, gain: weights.mlpNorm, parameters,
        to: base + at.mlpInput, inverse: base + at.mlpInverse)
      multiply(
        rows, base + at.mlpInput, c.width, packed.mlpInput.plain, inner, to: base + at.hidden)
      let count = rows * padded(inner)
      switch c.activation {
      case .relu: kernels.relu(count: count, x: base + at.hidden, y: base + at.activated)
      case .gelu: kernels.gelu(count: count, x: base + at.hidden, y: base + at.activated)
      }
      multiply(
        rows, base + at.activated, inner, packed.mlpOutput.plain, c.width,
        plus: base + at.middle, to: base + residual(after: index + 1))
    }

    normalize(
      rows, base + plan.last, gain: offsets.norm, parameters,
      to: base + plan.normalized, inverse: base + plan.lastInverse)
    multiply(
      rows, base + plan.normalized, c.width, plan.packedOutput.plain, c.vocabulary,
      to: base + plan.logits)
    return base + plan.logits
  }

  /// The backward pass, in the reverse order of `forward`; `gradients +=`.
  func backward(
    sequences: Int, tokens: UnsafePointer<Int32>, parameters: UnsafePointer<Float>,
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
      addOuter(
        rows, base + plan.normalized, c.width, base + plan.logits, c.vocabulary,
        to: gradients + output)
    } else if let tied = plan.dTied {
      addOuter(
        rows, base + plan.logits, c.vocabulary, base + plan.normalized, c.width, to: base + tied)
    }
    multiply(
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
      let count = rows * padded(inner)
      addOuter(
        rows, base + at.activated, inner, dx, c.width, to: gradients + weights.mlpOutput)
      multiply(rows, dx, c.width, packed.mlpOutput.transposed, inner, to: dHidden)
      switch c.activation {
      case .relu: kernels.reluBackward(count: count, x: base + at.hidden, dy: dHidden, dx: dHidden)
      case .gelu: kernels.geluBackward(count: count, x: base + at.hidden, dy: dHidden, dx: dHidden)
      }
      addOuter(
        rows, base + at.mlpInput, c.width, dHidden, inner, to: gradients + weights.mlpInput)
      multiply(rows, dHidden, inner, packed.mlpInput.transposed, c.width, to: dy)
      normalizeBackward(
        rows, base + at.middle, gain: weights.mlpNorm, parameters, gradients,
        inverse: base + at.mlpInverse, dy: dy, dx: dx)

      let dQKV = base + plan.dQKV
      addOuter(
        rows, base + at.attention, c.width, dx, c.width, to: gradients + weights.attentionOutput)
      multiply(rows, dx, c.width, packed.attentionOutput.transposed, c.width, to: dy)
      attentionBackward(
        sequences, qkv: base + at.qkv, output: base + at.attention, doutput: dy,
        state: base + at.state, dqkv: dQKV, dbias: weights.bias.map { gradients + $0 })
      addOuter(
        rows, base + at.attentionInput, c.width, dQKV, 3 * c.width, to: gradients + weights.qkv)
      multiply(rows, dQKV, 3 * c.width, packed.qkv.transposed, c.width, to: dy)
      normalizeBackward(
        rows, base + at.input, gain: weights.attentionNorm, parameters, gradients,
        inverse: base + at.attentionInverse, dy: dy, dx: dx)
    }

    kernels.embedBackward(
      rows: rows, width: c.width, tokens: tokens, dy: dx, stride: stride,
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

// MARK: - Products and norms

extension TransformerPass {
  private var scoreScale: Float {
    let c = model.configuration
    return 1 / Float(c.width / c.heads).squareRoot()
  }

  /// `y = x W + addend`; x is [rows, k], W is [k, n], packed.
  private func multiply(
    _ rows: Int, _ x: UnsafePointer<Float>, _ k: Int, _ packed: Int, _ n: Int,
    plus addend: UnsafePointer<Float>? = nil, to y: UnsafeMutablePointer<Float>
  ) {
    kernels.gemmPacked(
      m: rows, n: n, k: k, a: x, aStride: padded(k), panels: arena.pointer + packed,
      c: y, cStride: padded(n), addend: addend)
  }

  /// `dW += xᵀ dy`; x is [rows, m], dy is [rows, n].
  private func addOuter(
    _ rows: Int, _ x: UnsafePointer<Float>, _ m: Int, _ dy: UnsafePointer<Float>, _ n: Int,
    to dw: UnsafeMutablePointer<Float>
  ) {
    kernels.gemmTN(
      m: m, n: n, k: rows, a: x, aStride: padded(m), b: dy, bStride: padded(n),
      c: dw, cStride: padded(n), accumulate: true)
  }

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
        scale: scoreScale, qkv: qkv + row * padded(3 * c.width), qkvStride: padded(3 * c.width),
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
    let width = model.configuration.width
    kernels.rmsNorm(
      rows: rows, width: width, x: x, stride: padded(width), gain: gain.map { parameters + $0 },
      epsilon: Self.epsilon, y: y, inverseRMS: inverse)
  }

  private func normalizeBackward(
    _ rows: Int, _ x: UnsafePointer<Float>, gain: Int?, _ parameters: UnsafePointer<Float>,
    _ gradients: UnsafeMutablePointer<Float>, inverse: UnsafePointer<Float>,
    dy: UnsafePointer<Float>, dx: UnsafeMutablePointer<Float>
  ) {
    let width = model.configuration.width
    kernels.rmsNormBackward(
      rows: rows, width: width, x: x, stride: padded(width), gain: gain.map { parameters + $0 },
      inverseRMS: inverse, dy: dy, dx: dx, dgain: gain.map { gradients + $0 })
  }
}
