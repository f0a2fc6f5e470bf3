import KernelInterface
import Kernels

/// A transformer position by position, with the keys and values of each layer kept.
///
/// Glossary: B sequences, R rows at once (B times the positions of a call), D width, H heads, T
/// context. The keys and values of layer l are a ring of T positions in
/// the order of `KernelSet.attentionStep`; all sequences of a batch write the same place of the ring
/// at the same time, whatever their ages, so that the distance between two places is one number.
final class TransformerDecodingPass: DecodingPass {
  private struct Plan {
    let stream: DecodingStream
    let qkv: Int
    let attention: Int
    let scratch: Int
    /// The spread bias of each layer, if there is one.
    var biases: [Int] = []
    /// The keys and values of each layer, `cacheCount` floats.
    var caches: [Int] = []
    let cacheCount: Int
    let arena: ArenaPlan

    init(model: Transformer, sequences: Int, kernels: any KernelSet.Type) {
      let c = model.configuration
      let head = c.width / c.heads
      var arena = ArenaPlan()
      stream = DecodingStream(
        c, output: model.weights.output, sequences: sequences, context: c.context, in: &arena)
      qkv = arena.reserve(stream.rowLimit, 3 * c.width)
      attention = arena.reserve(stream.rowLimit, c.width)
      scratch = arena.reserve(
        kernels.attentionStepScratchCount(
          sequences: sequences, heads: c.heads, headWidth: head, slots: c.context))
      cacheCount = kernels.attentionCacheCount(
        sequences: sequences, heads: c.heads, headWidth: head, slots: c.context)
      for layer in model.weights.layers {
        if layer.bias != nil {
          biases.append(
            arena.reserve(
              kernels.attentionStepBiasCount(positions: c.context, heads: c.heads)))
        }
        caches.append(arena.reserve(cacheCount))
      }
      self.arena = arena
    }
  }

  private let model: Transformer
  private let plan: Plan
  private let work: Workspace
  /// The keys that each sequence sees, for every position of a call: [positions, B].
  private let visible: UnsafeMutableBufferPointer<Int32>
  private var sequences = 0
  /// The positions taken since `begin`; the place in the ring is this modulo T.
  private var clock = 0

  init(model: Transformer, sequences: Int, kernels: any KernelSet.Type) {
    self.model = model
    plan = Plan(model: model, sequences: sequences, kernels: kernels)
    work = Workspace(plan.arena, limit: sequences, kernels: kernels)
    visible = .allocate(capacity: plan.stream.rowLimit)
    visible.initialize(repeating: 1)
  }

  deinit { visible.deallocate() }

  var logitsStride: Int { plan.stream.output.stride }
  var rowLimit: Int { plan.stream.rowLimit }
  var byteCount: Int { work.byteCount + 4 * visible.count }

  func prepare(parameters: UnsafePointer<Float>) {
    let c = model.configuration
    plan.stream.prepare(work, parameters)
    for index in 0..<c.layers {
      if let bias = model.weights.layers[index].bias {
        work.kernels.spreadAttentionBias(
          positions: c.context, heads: c.heads, bias: parameters + bias,
          spread: work.arena + plan.biases[index])
      }
      // What other parameters have left behind may be infinite, and must not be multiplied by zero.
      work.kernels.zero(count: padded(plan.cacheCount), y: work.arena + plan.caches[index])
    }
    sequences = 0
  }

  func begin(sequences: Int) {
    work.checkLimit(sequences)
    self.sequences = sequences
    clock = 0
  }

  func advance(
    positions: Int, tokens: UnsafePointer<Int32>, ages: UnsafePointer<Int32>,
    parameters: UnsafePointer<Float>
  ) -> UnsafePointer<Float> {
    let c = model.configuration
    let base = work.arena
    let rows = positions * sequences
    let qkv = base + plan.qkv
    let attention = base + plan.attention
    let x = plan.stream.begin(work, rows, tokens: tokens, parameters)
    seePositions(positions, ages: ages, x, parameters)

    for index in 0..<c.layers {
      let layer = model.weights.layers[index]
      let u = plan.stream.normalize(work, rows, x, layer.attentionNorm, parameters)
      layer.qkv.multiply(work, rows, u, parameters, to: qkv)
      for position in 0..<positions {
        let row = position * sequences
        work.kernels.attentionStep(
          sequences: sequences, heads: c.heads, headWidth: c.width / c.heads,
          scale: model.scoreScale, qkv: qkv + row * padded(3 * c.width),
          qkvStride: padded(3 * c.width),
          bias: layer.bias == nil ? nil : UnsafePointer(base + plan.biases[index]),
          slots: c.context, slot: (clock + position) % c.context,
          visible: visible.baseAddress! + row, cache: base + plan.caches[index],
          output: attention + row * padded(c.width), outputStride: padded(c.width),
          scratch: base + plan.scratch)
      }
      layer.attentionOutput.multiply(work, rows, attention, parameters, to: x, accumulate: true)
      plan.stream.addMLP(work, rows, x, layer.mlp, parameters)
    }

    clock += positions
    return plan.stream.finish(work, sequences, positions: positions, parameters)
  }

  /// Notes the keys that each row sees and adds learned positions to x, [R, D].
  private func seePositions(
    _ positions: Int, ages: UnsafePointer<Int32>, _ x: UnsafeMutablePointer<Float>,
    _ parameters: UnsafePointer<Float>
  ) {
    let c = model.configuration
    let stride = padded(c.width)
    for position in 0..<positions {
      for sequence in 0..<sequences {
        let age = Int(ages[sequence]) + position
        let row = position * sequences + sequence
        visible[row] = Int32(min(max(age + 1, 1), c.context))
        if let table = model.weights.embedding.positions {
          let place = min(max(age, 0), c.context - 1)
          work.kernels.add(
            count: stride, x: parameters + table.offset + place * stride, y: x + row * stride)
        }
      }
    }
  }
}
