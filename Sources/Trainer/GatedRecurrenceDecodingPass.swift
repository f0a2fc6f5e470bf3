import KernelInterface
import Kernels

/// A gated recurrence position by position: what is kept of a sequence is one state a layer.
///
/// Glossary: B sequences, R rows at once (B times the positions of a call), D width, E width of the
/// state.
final class GatedRecurrenceDecodingPass: DecodingPass {
  private struct Plan {
    let stream: DecodingStream
    let forget: Int
    let value: Int
    let gate: Int
    let gated: Int
    /// The state of each layer, [B, E].
    var states: [Int] = []
    let arena: ArenaPlan

    init(model: GatedRecurrence, sequences: Int) {
      let c = model.configuration
      var arena = ArenaPlan()
      stream = DecodingStream(
        c, output: model.weights.output, sequences: sequences, context: c.context, in: &arena)
      forget = arena.reserve(stream.rowLimit, c.stateWidth)
      value = arena.reserve(stream.rowLimit, c.stateWidth)
      gate = arena.reserve(stream.rowLimit, c.stateWidth)
      gated = arena.reserve(stream.rowLimit, c.stateWidth)
      for _ in 0..<c.layers { states.append(arena.reserve(sequences, c.stateWidth)) }
      self.arena = arena
    }
  }

  private let model: GatedRecurrence
  private let plan: Plan
  private let work: Workspace
  private var sequences = 0

  init(model: GatedRecurrence, sequences: Int, kernels: any KernelSet.Type) {
    self.model = model
    plan = Plan(model: model, sequences: sequences)
    work = Workspace(plan.arena, limit: sequences, kernels: kernels)
  }

  var logitsStride: Int { plan.stream.output.stride }
  var rowLimit: Int { plan.stream.rowLimit }
  var byteCount: Int { work.byteCount }

  func prepare(parameters: UnsafePointer<Float>) {
    plan.stream.prepare(work, parameters)
    sequences = 0
  }

  func begin(sequences: Int) {
    work.checkLimit(sequences)
    self.sequences = sequences
  }

  func advance(
    positions: Int, tokens: UnsafePointer<Int32>, ages: UnsafePointer<Int32>,
    parameters: UnsafePointer<Float>
  ) -> UnsafePointer<Float> {
    let c = model.configuration
    let base = work.arena
    let stride = padded(c.stateWidth)
    let rows = positions * sequences
    let (forget, value, gate) = (base + plan.forget, base + plan.value, base + plan.gate)
    let gated = base + plan.gated
    let x = plan.stream.begin(work, rows, tokens: tokens, parameters)

    for index in 0..<c.layers {
      let layer = model.weights.layers[index]
      let states = base + plan.states[index]
      let u = plan.stream.normalize(work, rows, x, layer.stateNorm, parameters)
      layer.forget.multiply(work, rows, u, parameters, to: forget)
      layer.value.multiply(work, rows, u, parameters, to: value)
      layer.gate.multiply(work, rows, u, parameters, to: gate)
      for position in 0..<positions {
        // A sequence begins with an empty state; what came before was waiting.
        for sequence in 0..<sequences where Int(ages[sequence]) + position <= 0 {
          work.kernels.zero(count: stride, y: states + sequence * stride)
        }
        let row = position * sequences * stride
        work.kernels.gatedStep(
          sequences: sequences, width: c.stateWidth, forget: forget + row, value: value + row,
          gate: gate + row, stride: stride, bias: parameters + layer.forgetBias, state: states,
          output: gated + row)
      }
      layer.stateOutput.multiply(work, rows, gated, parameters, to: x, accumulate: true)
      plan.stream.addMLP(work, rows, x, layer.mlp, parameters)
    }
    return plan.stream.finish(work, sequences, positions: positions, parameters)
  }
}
