import KernelInterface
import Kernels

@testable import Trainer

/// SplitMix64: numbers for tests that do not depend on the package's own streams.
struct TestGenerator: RandomNumberGenerator {
  var state: UInt64

  init(_ seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var z = state
    z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
    z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
    return z ^ (z >> 31)
  }

  /// Uniform in -1 ..< 1.
  mutating func symmetric() -> Double { Double(next() >> 11) * 0x1p-52 - 1 }
}

/// A model at given parameters: its loss and its gradient through the program under test.
struct Probe {
  let model: any Model
  let kernels: any KernelSet.Type
  /// The flat parameters, with padding.
  var parameters: [Float]

  /// Parameters that make every term of the gradient matter: uniform, of the size that keeps
  /// activations near one; gains around one.
  init(
    _ model: any Model, seed: UInt64, kernels: any KernelSet.Type = InstructionSet.best.kernels
  ) {
    self.model = model
    self.kernels = kernels
    var generator = TestGenerator(seed)
    parameters = [Float](repeating: 0, count: model.layout.paddedCount)
    for tensor in model.layout.tensors {
      let matrix = tensor.role == .hidden || tensor.role == .output
      let scale = matrix ? (3 / Double(tensor.rows)).squareRoot() : 1
      let center = tensor.shape.count == 1 ? 1.0 : 0
      let values = (0..<tensor.count).map { _ in Float(center + scale * generator.symmetric()) }
      parameters.withUnsafeMutableBufferPointer {
        model.layout.write(values, of: tensor, to: $0.baseAddress!)
      }
    }
  }

  /// The parameters by name, without padding.
  var tensors: [String: [Double]] { unpadded(parameters) }

  private func unpadded(_ flat: [Float]) -> [String: [Double]] {
    flat.withUnsafeBufferPointer { flat in
      Dictionary(
        uniqueKeysWithValues: model.layout.tensors.map {
          ($0.name, model.layout.unpadded($0, from: flat.baseAddress!).map(Double.init))
        })
    }
  }

  /// The mean loss, the gradient by tensor, and the flat gradient with its padding.
  func gradient(
    tokens: [Int32], targets: [Int32], microBatch: Int? = nil
  ) throws -> (loss: Double, byTensor: [String: [Double]], flat: [Float]) {
    try withPointers(tokens, targets) { (tokens, targets) throws(TrainingError) in
      try gradient(.tokens(tokens), against: .tokens(targets), microBatch: microBatch)
    }
  }

  /// The same for any inputs and targets.
  func gradient(
    _ inputs: Evaluator.Inputs, against targets: Evaluator.Targets, microBatch: Int? = nil
  ) throws(TrainingError) -> (loss: Double, byTensor: [String: [Double]], flat: [Float]) {
    let given =
      switch inputs {
      case .tokens(let tokens): tokens.count
      case .vectors(let vectors): vectors.count / (model.inputWidth ?? 1)
      }
    let all = given / model.positionsPerSequence
    let evaluator = Evaluator(
      model: model, sequences: all, microBatch: microBatch ?? all, kernels: kernels)
    evaluator.parameters.assign(parameters)
    let gradients = AlignedBuffer(count: model.layout.paddedCount)
    let (sequences, counted) = try evaluator.check(inputs, against: targets)
    let total = evaluator.total(
      sequences: sequences, inputs: inputs, targets: targets,
      gradientScale: Float(1 / Double(counted)), gradients: gradients.pointer)
    let flat = gradients.values
    return (total / Double(counted), unpadded(flat), flat)
  }
}

/// Tokens and targets without structure; every fifth target or so is ignored.
func randomBatch(
  sequences: Int, positions: Int, inputs: Int, outputs: Int, seed: UInt64
) -> (tokens: [Int32], targets: [Int32]) {
  var generator = TestGenerator(seed)
  let count = sequences * positions
  let tokens = (0..<count).map { _ in Int32(generator.next() % UInt64(inputs)) }
  var targets = (0..<count).map { _ in
    generator.next() % 5 == 0 ? -1 : Int32(generator.next() % UInt64(outputs))
  }
  targets[count - 1] = Int32(outputs - 1)
  return (tokens, targets)
}

/// The batches of a language of which the next token is mostly a function of the last two.
func markovBatch(
  step: Int, sequences: Int, positions: Int, vocabulary: Int
) -> (tokens: [Int32], targets: [Int32]) {
  var generator = TestGenerator(UInt64(step) &* 7919 &+ 17)
  var tokens: [Int32] = []
  var targets: [Int32] = []
  for _ in 0..<sequences {
    var chain = (0..<2).map { _ in Int(generator.next() % UInt64(vocabulary)) }
    while chain.count < positions + 1 {
      let rule = (3 * chain[chain.count - 1] + 5 * chain[chain.count - 2] + 1) % vocabulary
      let noise = Int(generator.next() % UInt64(vocabulary))
      chain.append(generator.next() % 8 == 0 ? noise : rule)
    }
    tokens += chain[0..<positions].map { Int32($0) }
    targets += chain[1...positions].enumerated().map { $0.offset == 0 ? -1 : Int32($0.element) }
  }
  return (tokens, targets)
}
