import KernelInterface
import Kernels

/// A gated recurrence position by position: what is kept of a sequence is one state a layer.
///
/// Glossary: B sequences, R rows at once (B times the positions of a call), D width, E width of the
/// state, M = mlpRatio · D, V vocabulary.
final class GatedRecurrenceDecodingPass: DecodingPass {
  /// The rows that prompts are taken in.
  private static let rowsAtOnce = 256

  private struct Plan {
    var residual = 0
    var normalized = 0
    var inverse = 0
    var forget = 0
    var value = 0
    var gate = 0
    var gated = 0
    var hidden = 0
    var logits = 0
    /// The embedding as [D, V], if the output is tied to it.
    var transposed: Int?
    /// The state of each layer, [B, E].
    var states: [Int] = []
    let count: Int

    init(model: GatedRecurrence, sequences: Int, rows: Int) {
      let c = model.configuration
      var arena = ArenaPlan()
      func rowsOf(_ columns: Int) -> Int { arena.reserve(rows * padded(columns)) }
      residual = rowsOf(c.width)
      normalized = rowsOf(c.width)
      inverse = arena.reserve(rows)
      forget = rowsOf(c.stateWidth)
      value = rowsOf(c.stateWidth)
      gate = rowsOf(c.stateWidth)
      gated = rowsOf(c.stateWidth)
      hidden = rowsOf(c.mlpRatio * c.width)
      logits = arena.reserve(sequences * padded(c.vocabulary))
      if c.output == .tied { transposed = arena.reserve(c.width * padded(c.vocabulary)) }
      for _ in 0..<c.layers { states.append(arena.reserve(sequences * padded(c.stateWidth))) }
      count = arena.count
    }
  }

  private let model: GatedRecurrence
  private let kernels: any KernelSet.Type
  private let plan: Plan
  private let arena: AlignedBuffer
  private let dense: DenseLayers
  private let limit: Int
  private var sequences = 0
  let logitsStride: Int
  let rowLimit: Int

  init(model: GatedRecurrence, sequences: Int, kernels: any KernelSet.Type) {
    self.model = model
    self.kernels = kernels
    limit = sequences
    let c = model.configuration
    rowLimit = max(sequences, min(Self.rowsAtOnce, sequences * c.context))
    plan = Plan(model: model, sequences: sequences, rows: rowLimit)
    arena = AlignedBuffer(count: plan.count)
    dense = DenseLayers(kernels: kernels, arena: arena.pointer)
    logitsStride = padded(c.vocabulary)
  }

  var byteCount: Int { 4 * arena.count }

  func prepare(parameters: UnsafePointer<Float>) {
    let c = model.configuration
    if let transposed = plan.transposed {
      dense.transpose(
        c.vocabulary, c.width, parameters + model.offsets.embedding,
        to: arena.pointer + transposed)
    }
    sequences = 0
  }

  func begin(sequences: Int) {
    precondition(sequences <= limit, "\(sequences) sequences in a pass over at most \(limit)")
    self.sequences = sequences
  }

  func advance(
    positions: Int, tokens: UnsafePointer<Int32>, ages: UnsafePointer<Int32>,
    parameters: UnsafePointer<Float>
  ) -> UnsafePointer<Float> {
    let c = model.configuration
    let offsets = model.offsets
    let base = arena.pointer
    let stride = padded(c.width)
    let stateStride = padded(c.stateWidth)
    let inner = c.mlpRatio * c.width
    let rows = positions * sequences
    precondition(rows <= rowLimit, "\(rows) rows in a pass over at most \(rowLimit)")
    let x = base + plan.residual
    let y = base + plan.normalized
    func normalize(_ rows: Int, _ x: UnsafePointer<Float>, gain: Int?) {
      dense.normalize(
        rows, c.width, x, gain: gain.map { parameters + $0 }, to: y, inverse: base + plan.inverse)
    }

    kernels.embed(
      rows: rows, width: c.width, tokens: tokens, table: parameters + offsets.embedding,
      tableStride: stride, positions: nil, period: 1, y: x, stride: stride)
    for index in 0..<c.layers {
      let weights = offsets.layers[index]
      let states = base + plan.states[index]
      normalize(rows, x, gain: weights.stateNorm)
      dense.multiply(
        rows, y, c.width, parameters + weights.forget, c.stateWidth, to: base + plan.forget)
      dense.multiply(
        rows, y, c.width, parameters + weights.value, c.stateWidth, to: base + plan.value)
      dense.multiply(
        rows, y, c.width, parameters + weights.gate, c.stateWidth, to: base + plan.gate)
      for position in 0..<positions {
        // A sequence begins with an empty state; what came before was waiting.
        for sequence in 0..<sequences where Int(ages[sequence]) + position <= 0 {
          kernels.zero(count: stateStride, y: states + sequence * stateStride)
        }
        let row = position * sequences * stateStride
        kernels.gatedStep(
          sequences: sequences, width: c.stateWidth, forget: base + plan.forget + row,
          value: base + plan.value + row, gate: base + plan.gate + row, stride: stateStride,
          bias: parameters + weights.forgetBias, state: states, output: base + plan.gated + row)
      }
      dense.multiply(
        rows, base + plan.gated, c.stateWidth, parameters + weights.stateOutput, c.width, to: x,
        accumulate: true)
      normalize(rows, x, gain: weights.mlpNorm)
      let hidden = base + plan.hidden
      dense.multiply(rows, y, c.width, parameters + weights.mlpInput, inner, to: hidden)
      dense.activate(c.activation, rows * padded(inner), hidden, to: hidden)
      dense.multiply(
        rows, hidden, inner, parameters + weights.mlpOutput, c.width, to: x, accumulate: true)
    }

    normalize(sequences, x + (positions - 1) * sequences * stride, gain: offsets.norm)
    let output = offsets.output.map { parameters + $0 }
    dense.multiply(
      sequences, y, c.width, output ?? UnsafePointer(base + plan.transposed!), c.vocabulary,
      to: base + plan.logits)
    return UnsafePointer(base + plan.logits)
  }
}
