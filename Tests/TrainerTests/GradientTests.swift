import Kernels
import Testing

@testable import Trainer

/// The third ring: gradients against central differences of a reference in Double.
///
/// Tolerance: an element may be off by 5e-6 times the sum of its own size and the root mean square
/// of its tensor's gradient, plus 2e-8 for tensors whose gradient vanishes. fp32 has 6e-8 a
/// rounding; some dozens of them meet in an element.
@Suite struct GradientTests {
  static let relativeTolerance = 5e-6
  static let absoluteTolerance = 2e-8

  /// A configuration and the batch that it is tested on.
  struct Case: CustomTestStringConvertible {
    var configuration: TransformerConfiguration
    var sequences = 2
    var seed: UInt64
    /// The elements that are compared in each tensor; all if there are fewer.
    var sample = Int.max

    var testDescription: String {
      let c = configuration
      return "d \(c.width), L \(c.layers), T \(c.context), H \(c.heads), \(c.activation), "
        + "\(c.positions), \(c.output), gain \(c.normGain)"
    }
  }

  static let positions: [TransformerConfiguration.Positions] = [
    .none, .learned, .relativeBias(.zero),
  ]

  /// Every kind, so small that each parameter is compared.
  static let everyKind: [Case] = positions.flatMap { positions in
    [TransformerConfiguration.Activation.relu, .gelu].flatMap { activation in
      [TransformerConfiguration.Output.untied, .tied].flatMap { output in
        [false, true].map { gain in
          Case(
            configuration: TransformerConfiguration(
              vocabulary: 5, context: 3, width: 4, layers: 1, heads: 2, mlpRatio: 2,
              activation: activation, positions: positions, output: output, normGain: gain),
            seed: 11)
        }
      }
    }
  }

  /// Sizes that do not fit the lanes: widths, contexts, vocabularies, two layers.
  static let oddSizes: [Case] = [
    Case(
      configuration: TransformerConfiguration(
        vocabulary: 7, context: 5, width: 12, layers: 2, heads: 3, positions: .relativeBias(.zero),
        normGain: true), seed: 1, sample: 6),
    Case(
      configuration: TransformerConfiguration(
        vocabulary: 19, context: 18, width: 12, layers: 1, heads: 2, activation: .gelu,
        positions: .learned, output: .tied), sequences: 1, seed: 2, sample: 4),
    Case(
      configuration: TransformerConfiguration(
        vocabulary: 33, context: 7, width: 24, layers: 1, heads: 4,
        positions: .relativeBias(.zero)), sequences: 2, seed: 3, sample: 4),
    Case(
      configuration: TransformerConfiguration(
        vocabulary: 6, context: 4, width: 8, layers: 2, heads: 4, mlpRatio: 3, activation: .gelu,
        positions: .learned, output: .tied, normGain: true), seed: 4, sample: 8),
    Case(
      configuration: TransformerConfiguration(
        vocabulary: 16, context: 17, width: 4, layers: 1, heads: 1,
        positions: .relativeBias(.zero)), sequences: 3, seed: 5, sample: 8),
    Case(
      configuration: TransformerConfiguration(
        vocabulary: 6, context: 1, width: 6, layers: 1, heads: 2, positions: .none),
      sequences: 5, seed: 6, sample: 12),
  ]

  @Test(arguments: everyKind)
  func everyParameterOfEveryKindHasTheRightGradient(_ test: Case) throws { try check(test) }

  @Test(arguments: oddSizes)
  func oddSizesHaveTheRightGradient(_ test: Case) throws { try check(test) }

  private func check(_ test: Case) throws {
    let model = try Transformer(test.configuration)
    let c = test.configuration
    let probe = Probe(model, seed: test.seed)
    let (tokens, targets) = randomBatch(
      sequences: test.sequences, positions: c.context, inputs: c.vocabulary,
      outputs: c.vocabulary, seed: test.seed &+ 100)
    let reference = ReferenceTransformer(configuration: c)
    let (loss, margin) = reference.loss(probe.tensors, tokens: tokens, targets: targets)
    // Nearer to a kink than the step, a central difference of a ReLU would be no derivative.
    #expect(margin > 1e-4, "choose another seed")

    let found = try probe.gradient(tokens: tokens, targets: targets)
    #expect(abs(found.loss - loss) <= 2e-6 * loss)
    try Self.compare(
      found.byTensor, model: model, at: probe.tensors, sample: test.sample, seed: test.seed
    ) { reference.loss($0, tokens: tokens, targets: targets).mean }
  }

  /// Compares with central differences of `loss`, and along a random direction with all elements.
  static func compare(
    _ found: [String: [Double]], model: any Model, at point: [String: [Double]], sample: Int,
    seed: UInt64, loss: ([String: [Double]]) -> Double
  ) throws {
    let step = 1e-5
    var generator = TestGenerator(seed &+ 1000)
    for tensor in model.layout.tensors {
      let gradient = try #require(found[tensor.name])
      let size = (gradient.reduce(0) { $0 + $1 * $1 } / Double(tensor.count)).squareRoot()
      func difference(along direction: [(index: Int, weight: Double)]) -> Double {
        var moved = point
        for (index, weight) in direction { moved[tensor.name]![index] += step * weight }
        let above = loss(moved)
        for (index, weight) in direction { moved[tensor.name]![index] -= 2 * step * weight }
        return (above - loss(moved)) / (2 * step)
      }
      var indices = Array(0..<tensor.count)
      if sample < tensor.count { indices = Array(indices.shuffled(using: &generator)[..<sample]) }
      for index in indices {
        let expected = difference(along: [(index, 1)])
        let bound = relativeTolerance * (size + abs(expected)) + absoluteTolerance
        #expect(
          abs(gradient[index] - expected) <= bound,
          "\(tensor.name)[\(index)]: \(gradient[index]), expected \(expected)")
      }
      let direction = gradient.indices.map { index in
        (index: index, weight: generator.symmetric() > 0 ? 1.0 : -1)
      }
      let along = direction.reduce(0) { $0 + $1.weight * gradient[$1.index] }
      let scale = size * Double(tensor.count).squareRoot()
      #expect(
        abs(along - difference(along: direction))
          <= 4 * relativeTolerance * scale + 4 * absoluteTolerance,
        "\(tensor.name) along a direction")
    }
  }

  @Test(arguments: [(3, 5, 4, 8), (40, 21, 24, 33), (10, 16, 17, 5)])
  func associativeMemoryHasTheRightGradient(
    inputs: Int, outputs: Int, dimension: Int, batch: Int
  ) throws {
    let model = try AssociativeMemory(
      AssociativeMemoryConfiguration(
        inputs: inputs, outputs: outputs, dimension: dimension, embeddings: .gaussian(seed: 3)))
    let probe = Probe(model, seed: 9)
    let (tokens, targets) = randomBatch(
      sequences: batch, positions: 1, inputs: inputs, outputs: outputs, seed: 5)
    let embeddings = model.frozenTensors[0].values.map(Double.init)
    func loss(_ parameters: [String: [Double]]) -> Double {
      let rows = tokens.flatMap { embeddings[Int($0) * dimension..<(Int($0) + 1) * dimension] }
      return meanCrossEntropy(
        logits: product(rows, dimension, parameters["memory"]!, outputs), columns: outputs,
        targets: targets)
    }
    let found = try probe.gradient(tokens: tokens, targets: targets)
    let expected = loss(probe.tensors)
    #expect(abs(found.loss - expected) <= 2e-6 * expected)
    try Self.compare(
      found.byTensor, model: model, at: probe.tensors, sample: 100, seed: 2, loss: loss)
  }

  @Test(arguments: everyKind + oddSizes)
  func paddingOfTheGradientStaysZero(_ test: Case) throws {
    let model = try Transformer(test.configuration)
    let c = test.configuration
    let (tokens, targets) = randomBatch(
      sequences: test.sequences, positions: c.context, inputs: c.vocabulary,
      outputs: c.vocabulary, seed: 1)
    let flat = try Probe(model, seed: 4).gradient(tokens: tokens, targets: targets).flat
    #expect(Self.paddingIsZero(flat, model))
  }

  /// Whether the columns beyond the logical ones are zero.
  static func paddingIsZero(_ flat: [Float], _ model: any Model) -> Bool {
    model.layout.tensors.allSatisfy { tensor in
      (0..<tensor.rows).allSatisfy { row in
        let start = tensor.offset + row * tensor.stride
        return flat[start + tensor.columns..<start + tensor.stride].allSatisfy { $0 == 0 }
      }
    }
  }

  @Test(arguments: everyKind + oddSizes)
  func theGradientDoesNotDependOnTheMicroBatch(_ test: Case) throws {
    let model = try Transformer(test.configuration)
    let c = test.configuration
    let (tokens, targets) = randomBatch(
      sequences: 6, positions: c.context, inputs: c.vocabulary, outputs: c.vocabulary, seed: 8)
    let probe = Probe(model, seed: 5)
    let whole = try probe.gradient(tokens: tokens, targets: targets, microBatch: 6)
    for microBatch in [1, 2, 4, 5] {
      let parts = try probe.gradient(tokens: tokens, targets: targets, microBatch: microBatch)
      #expect(parts.flat.map(\.bitPattern) == whole.flat.map(\.bitPattern))
      #expect(parts.loss == whole.loss)
    }
  }
}
