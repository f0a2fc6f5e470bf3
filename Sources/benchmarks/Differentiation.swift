import KernelInterface
import Kernels
import Randomness
import Trainer

/// A transformer at fixed parameters: its loss, its logits and its gradient on one batch.
///
/// It runs the model's own pass, as a training step does, in one micro-batch.
final class Differentiation {
  let model: Transformer
  /// The flat parameters, with padding.
  let parameters: AlignedBuffer

  /// Parameters that make every term of the gradient matter.
  ///
  /// Matrices have the model's initial deviation; an output that begins at zero, whose gradient
  /// reaches nothing below it, gets that of its fan-in instead. Gains lie around one, biases around
  /// zero.
  init(model: Transformer, seed: UInt64) {
    self.model = model
    parameters = AlignedBuffer(count: model.layout.paddedCount)
    for tensor in model.layout.tensors {
      var stream = RandomStream(seed: seed, "differentiation \(tensor.name)")
      let fanIn = 1 / Double(tensor.rows).squareRoot()
      let (center, deviation) =
        switch tensor.role {
        case .embedding, .hidden: (0.0, tensor.initial.standardDeviation)
        case .output: (0.0, fanIn)
        case .vector: tensor.shape.count == 1 ? (1.0, 0.2) : (0.0, 0.5)
        }
      for row in 0..<tensor.rows {
        let values = parameters.pointer + (tensor.offset + row * tensor.stride)
        for column in 0..<tensor.columns {
          values[column] = Float(center + deviation * stream.normal())
        }
      }
    }
  }

  /// What one pass over a batch gives.
  struct Result {
    /// The mean cross-entropy over the targets that count, in nats.
    var loss: Double
    /// [tokens, V], without padding.
    var logits: [Float]
    /// The gradient of `loss` by the flat parameters, with padding.
    var gradient: [Float]
  }

  /// Runs forward and backward; a negative target does not count.
  ///
  /// Tokens and targets must be in range, and at least one target must count.
  func run(tokens: [Int32], targets: [Int32], isa: InstructionSet) -> Result {
    let kernels = isa.kernels
    let sequences = tokens.count / model.positionsPerSequence
    precondition(
      sequences * model.positionsPerSequence == tokens.count && targets.count == tokens.count,
      "\(tokens.count) tokens and \(targets.count) targets are no whole sequences")
    let counted = targets.count { $0 >= 0 }
    let columns = model.outputCount
    let pass = model.makePass(sequences: sequences, kernels: kernels)
    let gradients = AlignedBuffer(count: model.layout.paddedCount)
    let losses = AlignedBuffer(count: tokens.count)

    var values: [Float] = []
    values.reserveCapacity(tokens.count * columns)
    pass.prepare(parameters: parameters.pointer, training: true)
    tokens.withUnsafeBufferPointer { tokens in
      let inputs = ModelInputs.tokens(tokens.baseAddress!)
      let logits = pass.forward(
        sequences: sequences, inputs: inputs, parameters: parameters.pointer)
      for row in 0..<tokens.count {
        let start = logits + row * pass.logitsStride
        values.append(contentsOf: UnsafeBufferPointer(start: start, count: columns))
      }
      kernels.crossEntropy(
        rows: tokens.count, columns: columns, logits: logits, stride: pass.logitsStride,
        targets: targets, gradientScale: Float(1 / Double(counted)), losses: losses.pointer)
      pass.backward(
        sequences: sequences, inputs: inputs, parameters: parameters.pointer,
        gradients: gradients.pointer)
    }
    pass.finish(parameters: parameters.pointer, gradients: gradients.pointer)
    let loss = losses.floats.reduce(0.0) { $0 + Double($1) } / Double(counted)
    return withExtendedLifetime(pass) {
      Result(loss: loss, logits: values, gradient: Array(gradients.floats))
    }
  }

  /// The values of a tensor in a flat buffer, row by row without padding.
  static func unpadded(_ tensor: ParameterTensor, _ flat: some RandomAccessCollection<Float>)
    -> [Float]
  {
    var values: [Float] = []
    values.reserveCapacity(tensor.count)
    for row in 0..<tensor.rows {
      let start = flat.index(flat.startIndex, offsetBy: tensor.offset + row * tensor.stride)
      values.append(contentsOf: flat[start..<flat.index(start, offsetBy: tensor.columns)])
    }
    return values
  }
}
