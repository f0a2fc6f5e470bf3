import KernelInterface
import Randomness

/// What a tensor does in its model; rules for learning rates go by it.
public enum TensorRole: String, Codable, Hashable, Sendable {
  /// A table of rows picked by token or position: its fan-in is one row, whatever the width.
  case embedding
  /// A matrix from a width to a width.
  case hidden
  /// The matrix from the width to the logits.
  case output
  /// A gain or a table of biases, of a size that does not multiply activations across the width.
  case vector
}

/// How a tensor begins.
public enum InitialValues: Hashable, Sendable {
  case constant(Float)
  /// Independent normal values of mean zero.
  case normal(deviation: Double)
  /// Given values, row by row without padding.
  case table([Float])

  /// The standard deviation of the distribution that the values are drawn from; zero if fixed.
  public var standardDeviation: Double {
    if case .normal(let deviation) = self { deviation } else { 0 }
  }
}

/// One named tensor in a flat buffer of parameters.
///
/// A tensor is a row-major matrix, or a vector (one row). Rows are `stride` floats apart; the
/// columns beyond the logical ones are zero in parameters, gradients and moments, always.
public struct ParameterTensor: Hashable, Sendable {
  /// The name in checkpoints, for example `layers.0.mlp.input`.
  public let name: String
  /// The logical shape, one or two numbers, for example `[V, D]`.
  public let shape: [Int]
  /// Where the tensor begins in the flat buffer, in floats; a multiple of 16.
  public let offset: Int
  /// The distance between rows in floats; a multiple of 16.
  public let stride: Int
  /// What rules for learning rates go by.
  public let role: TensorRole
  /// How the tensor begins.
  public let initial: InitialValues
  /// Whether weight decay applies; it does to matrices, not to gains and biases.
  public let decays: Bool
  /// What the schedule's rate is multiplied by for this tensor.
  public internal(set) var rateMultiplier: Double = 1

  /// The number of rows; one for a vector.
  public var rows: Int { shape.count == 1 ? 1 : shape[0] }
  /// The number of columns, padding not counted.
  public var columns: Int { shape[shape.count - 1] }
  /// The number of values, padding not counted.
  public var count: Int { rows * columns }
  /// The number of floats that the tensor occupies, padding counted.
  public var paddedCount: Int { rows * stride }
}

/// The tensors of a model, in their order in the flat buffers.
public struct ParameterLayout: Hashable, Sendable {
  /// The tensors by ascending offset.
  public private(set) var tensors: [ParameterTensor] = []
  /// The floats of a flat buffer, padding counted.
  public private(set) var paddedCount = 0

  init() {}

  /// The number of trained parameters, padding not counted.
  public var parameterCount: Int { tensors.reduce(0) { $0 + $1.count } }

  /// The tensor of a name.
  public subscript(name: String) -> ParameterTensor? { tensors.first { $0.name == name } }

  /// Appends a tensor and returns its offset.
  mutating func append(
    _ name: String, shape: [Int], role: TensorRole, initial: InitialValues
  ) -> Int {
    precondition((1...2).contains(shape.count) && shape.allSatisfy { $0 > 0 }, "shape \(shape)")
    let tensor = ParameterTensor(
      name: name, shape: shape, offset: paddedCount, stride: padded(shape[shape.count - 1]),
      role: role, initial: initial, decays: role != .vector)
    tensors.append(tensor)
    paddedCount += tensor.paddedCount
    return tensor.offset
  }

  /// Appends a matrix, [inputs, outputs].
  mutating func appendMatrix(
    _ name: String, _ inputs: Int, _ outputs: Int, role: TensorRole, initial: InitialValues
  ) -> MatrixWeights {
    let offset = append(name, shape: [inputs, outputs], role: role, initial: initial)
    return MatrixWeights(offset: offset, inputs: inputs, outputs: outputs)
  }

  /// The same tensors with the rate multipliers that `rule` gives them.
  func applying(_ rule: RateRule, width: Int) throws(ConfigurationError) -> ParameterLayout {
    if case .named(let multipliers) = rule {
      let check = FieldCheck(RateRule.self)
      for name in multipliers.keys.sorted() { try check.requireTensor(name, of: self, "named") }
    }
    var copy = self
    for index in copy.tensors.indices {
      copy.tensors[index].rateMultiplier = rule.multiplier(of: copy.tensors[index], width: width)
    }
    return copy
  }

  /// Writes the initial values of every tensor; padding becomes zero.
  ///
  /// Each tensor draws from a stream of its own name, so that adding or widening one leaves the
  /// start of the others as it was.
  func writeInitialValues(seed: UInt64, to parameters: UnsafeMutablePointer<Float>) {
    parameters.update(repeating: 0, count: paddedCount)
    for tensor in tensors {
      var stream = RandomStream(seed: seed, "initial \(tensor.name)")
      for row in 0..<tensor.rows {
        let values = parameters + tensor.offset + row * tensor.stride
        for column in 0..<tensor.columns {
          switch tensor.initial {
          case .constant(let value): values[column] = value
          case .normal(let deviation): values[column] = Float(stream.normal() * deviation)
          case .table(let table): values[column] = table[row * tensor.columns + column]
          }
        }
      }
    }
  }

  /// The values of a tensor without its padding, row by row.
  func unpadded(_ tensor: ParameterTensor, from flat: UnsafePointer<Float>) -> [Float] {
    var values: [Float] = []
    values.reserveCapacity(tensor.count)
    for row in 0..<tensor.rows {
      let start = flat + tensor.offset + row * tensor.stride
      values.append(contentsOf: UnsafeBufferPointer(start: start, count: tensor.columns))
    }
    return values
  }

  /// Writes a tensor's values, row by row without padding, into a flat buffer.
  func write(_ values: [Float], of tensor: ParameterTensor, to flat: UnsafeMutablePointer<Float>) {
    precondition(values.count == tensor.count, "\(values.count) values for \(tensor.name)")
    for row in 0..<tensor.rows {
      for column in 0..<tensor.columns {
        flat[tensor.offset + row * tensor.stride + column] = values[row * tensor.columns + column]
      }
    }
  }
}
