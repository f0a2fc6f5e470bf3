import KernelInterface
import Kernels

/// The forward and the backward pass of a multilayer perceptron.
final class MultilayerPerceptronPass: ModelPass {
  struct Plan {
    /// The inputs of every affine layer, [R, inputs].
    var inputs: [Int] = []
    /// What the activation sees, and then what it leaves there for the backward pass; the layer's result
    /// itself for a ReLU. One for each hidden layer.
    var hidden: [Int] = []
    var output = 0
    /// The gradients by the inputs of one layer and of the next.
    var gradients = (0, 0)
    /// The matrices of the affine layers.
    let matrices: [MatrixLayer]
    let arena: ArenaPlan

    init(model: MultilayerPerceptron, rows: Int) {
      let c = model.configuration
      var arena = ArenaPlan()
      for layer in model.layers {
        let place = arena.reserve(rows, layer.matrix.inputs)
        if !inputs.isEmpty {
          hidden.append(
            c.activation == .relu ? place : arena.reserve(rows, layer.matrix.inputs))
        }
        inputs.append(place)
      }
      output = arena.reserve(rows, c.outputs)
      if c.layers > 0 {
        gradients = (arena.reserve(rows, c.width), arena.reserve(rows, c.width))
      }
      matrices = model.layers.map { MatrixLayer($0.matrix, in: &arena) }
      self.arena = arena
    }
  }

  private let model: MultilayerPerceptron
  private let plan: Plan
  private let work: Workspace
  let logitsStride: Int

  init(model: MultilayerPerceptron, rows: Int, kernels: any KernelSet.Type) {
    self.model = model
    plan = Plan(model: model, rows: rows)
    work = Workspace(plan.arena, limit: rows, kernels: kernels)
    logitsStride = padded(model.configuration.outputs)
  }

  /// Packs every matrix once for all micro-batches of a step.
  func prepare(parameters: UnsafePointer<Float>, training: Bool) {
    for index in 0..<plan.matrices.count {
      // The first layer has no gradient by its inputs.
      plan.matrices[index].pack(work, parameters, training: training && index > 0)
    }
  }

  /// The formulas stand at `MultilayerPerceptron`; every activation is overwritten.
  func forward(
    sequences: Int, inputs: ModelInputs, parameters: UnsafePointer<Float>
  ) -> UnsafeMutablePointer<Float> {
    work.checkLimit(sequences)
    let c = model.configuration
    let base = work.arena
    work.kernels.padRows(
      rows: sequences, width: c.inputs, x: inputs.vectors, y: base + plan.inputs[0])
    for index in 0...c.layers {
      let matrix = plan.matrices[index]
      let outputs = matrix.weights.outputs
      let y = base + (index == c.layers ? plan.output : plan.hidden[index])
      let bias = model.layers[index].bias
      if let bias {
        work.kernels.broadcast(
          rows: sequences, width: outputs, x: parameters + bias, y: y, stride: padded(outputs))
      }
      matrix.forward(
        work, sequences, base + plan.inputs[index], plus: bias == nil ? nil : UnsafePointer(y),
        to: y)
      if index < c.layers {
        c.activation.forward(
          work, sequences * padded(c.width), y, to: base + plan.inputs[index + 1])
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
    let base = work.arena
    var dy = base + plan.output
    var (free, next) = (base + plan.gradients.0, base + plan.gradients.1)
    var index = c.layers
    while index >= 0 {
      let matrix = plan.matrices[index]
      let outputs = matrix.weights.outputs
      matrix.weights.addGradient(work, sequences, base + plan.inputs[index], dy, to: gradients)
      if let bias = model.layers[index].bias {
        work.kernels.addRows(
          rows: sequences, width: outputs, x: dy, stride: padded(outputs), y: gradients + bias)
      }
      if index > 0 {
        c.activation.backward(
          work, sequences, base + plan.hidden[index - 1], dy: dy, through: matrix, to: free)
        dy = free
        (free, next) = (next, free)
      }
      index -= 1
    }
  }
}
