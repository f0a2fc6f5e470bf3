import KernelInterface
import Kernels

/// A transformer position by position, with the keys and values of each layer kept.
///
/// Glossary: B sequences, R rows at once (B times the positions of a call), D width, M = mlpRatio ·
/// D, V vocabulary, H heads, T context. The keys and values of layer l are a ring of T positions in
/// the order of `KernelSet.attentionStep`; all sequences of a batch write the same place of the ring
/// at the same time, whatever their ages, so that the distance between two places is one number.
final class TransformerDecodingPass: DecodingPass {
  /// The rows that prompts are taken in: enough for full speed of the products, few enough for the
  /// cache.
  private static let rowsAtOnce = 256

  private struct Plan {
    var residual = 0
    var normalized = 0
    var inverse = 0
    var qkv = 0
    var attention = 0
    var hidden = 0
    var logits = 0
    var scratch = 0
    /// The embedding as [D, V], if the output is tied to it.
    var transposed: Int?
    /// The spread bias of each layer, if there is one.
    var biases: [Int] = []
    var caches: [Int] = []
    let count: Int

    init(model: Transformer, sequences: Int, rows: Int, kernels: any KernelSet.Type) {
      let c = model.configuration
      let head = c.width / c.heads
      var arena = ArenaPlan()
      residual = arena.reserve(rows * padded(c.width))
      normalized = arena.reserve(rows * padded(c.width))
      inverse = arena.reserve(rows)
      qkv = arena.reserve(rows * padded(3 * c.width))
      attention = arena.reserve(rows * padded(c.width))
      hidden = arena.reserve(rows * padded(c.mlpRatio * c.width))
      logits = arena.reserve(sequences * padded(c.vocabulary))
      scratch = arena.reserve(
        kernels.attentionStepScratchCount(
          sequences: sequences, heads: c.heads, headWidth: head, slots: c.context))
      if c.output == .tied { transposed = arena.reserve(c.width * padded(c.vocabulary)) }
      for _ in 0..<c.layers {
        if c.initialBias != nil {
          biases.append(
            arena.reserve(
              kernels.attentionStepBiasCount(positions: c.context, heads: c.heads)))
        }
        caches.append(
          arena.reserve(
            kernels.attentionCacheCount(
              sequences: sequences, heads: c.heads, headWidth: head, slots: c.context)))
      }
      count = arena.count
    }
  }

  private let model: Transformer
  private let kernels: any KernelSet.Type
  private let plan: Plan
  private let arena: AlignedBuffer
  private let dense: DenseLayers
  private let limit: Int
  let rowLimit: Int
  /// The keys that each sequence sees, for every position of a call: [positions, B].
  private let visible: UnsafeMutableBufferPointer<Int32>
  private var sequences = 0
  /// The positions taken since `begin`; the place in the ring is this modulo T.
  private var clock = 0
  let logitsStride: Int

  init(model: Transformer, sequences: Int, kernels: any KernelSet.Type) {
    self.model = model
    self.kernels = kernels
    limit = sequences
    let c = model.configuration
    rowLimit = max(sequences, min(Self.rowsAtOnce, sequences * c.context))
    plan = Plan(model: model, sequences: sequences, rows: rowLimit, kernels: kernels)
    arena = AlignedBuffer(count: plan.count)
    dense = DenseLayers(kernels: kernels, arena: arena.pointer)
    visible = .allocate(capacity: rowLimit)
    visible.initialize(repeating: 1)
    logitsStride = padded(c.vocabulary)
  }

  deinit { visible.deallocate() }

  var byteCount: Int { 4 * (arena.count + visible.count) }

  func prepare(parameters: UnsafePointer<Float>) {
    let c = model.configuration
    let base = arena.pointer
    if let transposed = plan.transposed {
      dense.transpose(
        c.vocabulary, c.width, parameters + model.offsets.embedding, to: base + transposed)
    }
    let cacheCount = kernels.attentionCacheCount(
      sequences: limit, heads: c.heads, headWidth: c.width / c.heads, slots: c.context)
    for index in 0..<c.layers {
      if let bias = model.offsets.layers[index].bias {
        kernels.spreadAttentionBias(
          positions: c.context, heads: c.heads, bias: parameters + bias,
          spread: base + plan.biases[index])
      }
      // What other parameters have left behind may be infinite, and must not be multiplied by zero.
      kernels.zero(count: padded(cacheCount), y: base + plan.caches[index])
    }
    sequences = 0
  }

  func begin(sequences: Int) {
    precondition(sequences <= limit, "\(sequences) sequences in a pass over at most \(limit)")
    self.sequences = sequences
    clock = 0
  }

  func advance(
    positions: Int, tokens: UnsafePointer<Int32>, ages: UnsafePointer<Int32>,
    parameters: UnsafePointer<Float>
  ) -> UnsafePointer<Float> {
    let c = model.configuration
    let offsets = model.offsets
    let base = arena.pointer
    let stride = padded(c.width)
    let inner = c.mlpRatio * c.width
    let rows = positions * sequences
    precondition(rows <= rowLimit, "\(rows) rows in a pass over at most \(rowLimit)")
    let x = base + plan.residual
    let y = base + plan.normalized

    kernels.embed(
      rows: rows, width: c.width, tokens: tokens, table: parameters + offsets.embedding,
      tableStride: stride, positions: nil, period: 1, y: x, stride: stride)
    for position in 0..<positions {
      for sequence in 0..<sequences {
        let age = Int(ages[sequence]) + position
        let row = position * sequences + sequence
        visible[row] = Int32(min(max(age + 1, 1), c.context))
        if let table = offsets.positions {
          let place = min(max(age, 0), c.context - 1)
          kernels.add(count: stride, x: parameters + table + place * stride, y: x + row * stride)
        }
      }
    }

    for index in 0..<c.layers {
      let weights = offsets.layers[index]
      normalize(rows, x, gain: weights.attentionNorm, parameters, to: y)
      dense.multiply(rows, y, c.width, parameters + weights.qkv, 3 * c.width, to: base + plan.qkv)
      for position in 0..<positions {
        let row = position * sequences
        kernels.attentionStep(
          sequences: sequences, heads: c.heads, headWidth: c.width / c.heads,
          scale: model.scoreScale, qkv: base + plan.qkv + row * padded(3 * c.width),
          qkvStride: padded(3 * c.width),
          bias: weights.bias == nil ? nil : UnsafePointer(base + plan.biases[index]),
          slots: c.context, slot: (clock + position) % c.context,
          visible: visible.baseAddress! + row, cache: base + plan.caches[index],
          output: base + plan.attention + row * stride, outputStride: stride,
          scratch: base + plan.scratch)
      }
      dense.multiply(
        rows, base + plan.attention, c.width, parameters + weights.attentionOutput, c.width, to: x,
        accumulate: true)
      normalize(rows, x, gain: weights.mlpNorm, parameters, to: y)
      let hidden = base + plan.hidden
      dense.multiply(rows, y, c.width, parameters + weights.mlpInput, inner, to: hidden)
      dense.activate(c.activation, rows * padded(inner), hidden, to: hidden)
      dense.multiply(
        rows, hidden, inner, parameters + weights.mlpOutput, c.width, to: x, accumulate: true)
    }

    let last = (positions - 1) * sequences * stride
    normalize(sequences, x + last, gain: offsets.norm, parameters, to: y)
    let output = offsets.output.map { parameters + $0 }
    dense.multiply(
      sequences, y, c.width, output ?? UnsafePointer(base + plan.transposed!), c.vocabulary,
      to: base + plan.logits)
    clock += positions
    return UnsafePointer(base + plan.logits)
  }

  private func normalize(
    _ rows: Int, _ x: UnsafePointer<Float>, gain: Int?, _ parameters: UnsafePointer<Float>,
    to y: UnsafeMutablePointer<Float>
  ) {
    dense.normalize(
      rows, model.configuration.width, x, gain: gain.map { parameters + $0 }, to: y,
      inverse: arena.pointer + plan.inverse)
  }
}
