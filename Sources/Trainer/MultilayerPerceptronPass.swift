import KernelInterface
import Kernels

/// The forward and the backward pass of a multilayer perceptron.
final class MultilayerPerceptronPass: ModelPass {
  struct Plan {
    /// The inputs of every affine layer, [R, inputs].
    var inputs: [Int] = []
    /// Before the activation; the layer's result itself for a ReLU. One for each hidden layer.
    var hidden: [Int] = []
    var output = 0
    /// The gradients by the inputs of one layer and of the next.
    var gradients = (0, 0)
    var packed: [PackedMatrix] = []
    let count: Int

    init(model: MultilayerPerceptron, rows: Int) {
      let c = model.configuration
      var arena = ArenaPlan()
      for layer in model.layers {
        let place = arena.reserve(rows * padded(layer.inputs))
        if !inputs.isEmpty {
          hidden.append(
            c.activation == .relu ? place : arena.reserve(rows * padded(layer.inputs)))
        }
        inputs.append(place)
      }
      output = arena.reserve(rows * padded(c.outputs))
      if c.layers > 0 {
        gradients = (
          arena.reserve(rows * padded(c.width)), arena.reserve(rows * padded(c.width))
        )
      }
      packed = model.layers.map { arena.reserveMatrix($0.inputs, $0.outputs) }
      count = arena.count
    }
  }

  private let model: MultilayerPerceptron
  private let kernels: any KernelSet.Type
  private let plan: Plan
  private let arena: AlignedBuffer
  private let dense: DenseLayers
  private let limit: Int
  let logitsStride: Int

  init(model: MultilayerPerceptron, rows: Int, kernels: any KernelSet.Type) {
    self.model = model
    self.kernels = kernels
    limit = rows
    plan = Plan(model: model, rows: rows)
    arena = AlignedBuffer(count: plan.count)
    dense = DenseLayers(kernels: kernels, arena: arena.pointer)
    logitsStride = padded(model.configuration.outputs)
  }

  /// Packs every matrix once for all micro-batches of a step.
  func prepare(parameters: UnsafePointer<Float>, training: Bool) {
    for index in 0..<model.layers.count {
      let layer = model.layers[index]
      // The first layer has no gradient by its inputs.
      dense.pack(
        parameters + layer.weights, layer.inputs, layer.outputs, to: plan.packed[index],
        training: training && index > 0)
    }
  }

  /// The formulas stand at `MultilayerPerceptron`; every activation is overwritten.
  func forward(
    sequences: Int, inputs: ModelInputs, parameters: UnsafePointer<Float>
  ) -> UnsafeMutablePointer<Float> {
    precondition(sequences <= limit, "\(sequences) examples in a pass over at most \(limit)")
    let c = model.configuration
    let base = arena.pointer
    kernels.padRows(
      rows: sequences, width: c.inputs, x: inputs.vectors, y: base + plan.inputs[0])
    for index in 0...c.layers {
      let layer = model.layers[index]
      let y = base + (index == c.layers ? plan.output : plan.hidden[index])
      if let bias = layer.bias {
        kernels.broadcast(
          rows: sequences, width: layer.outputs, x: parameters + bias, y: y,
          stride: padded(layer.outputs))
      }
      dense.multiply(
        sequences, base + plan.inputs[index], layer.inputs, plan.packed[index].plain,
        layer.outputs, plus: layer.bias == nil ? nil : UnsafePointer(y), to: y)
      if index < c.layers {
        dense.activate(
          c.activation, sequences * padded(c.width), y, to: base + plan.inputs[index + 1])
      }
    }
    return base + plan.output
  }

  /// The backward pass, from the output down; `gradients +=`.
  func backward(
    sequences: Int, inputs: ModelInputs, parameters: UnsafePointer<Float>,
    gradients: UnsafeMutablePointer<Float>
  ) {
    let c = model.configuration
    let base = arena.pointer
    var dy = base + plan.output
    var (free, next) = (base + plan.gradients.0, base + plan.gradients.1)
    var index = c.layers
    while index >= 0 {
      let layer = model.layers[index]
      dense.addOuter(
        sequences, base + plan.inputs[index], layer.inputs, dy, layer.outputs,
        to: gradients + layer.weights)
      if let bias = layer.bias {
        kernels.addRows(
          rows: sequences, width: layer.outputs, x: dy, stride: padded(layer.outputs),
          y: gradients + bias)
      }
      if index > 0 {
        dense.multiply(
          sequences, dy, layer.outputs, plan.packed[index].transposed, layer.inputs, to: free)
        dense.activateBackward(
          c.activation, sequences * padded(c.width), base + plan.hidden[index - 1], free)
        dy = free
        (free, next) = (next, free)
      }
      index -= 1
    }
  }

  func finish(gradients: UnsafeMutablePointer<Float>) {}
}
