/// What models of layers on a residual stream state alike, whatever mixes their positions.
protocol ResidualConfiguration {
  var vocabulary: Int { get }
  var context: Int { get }
  var width: Int { get }
  var layers: Int { get }
  var mlpRatio: Int { get }
  var activation: TransformerConfiguration.Activation { get }
  var output: TransformerConfiguration.Output { get }
  var normGain: Bool { get }
  var scalesResidualOutputs: Bool { get }
  var zeroOutput: Bool { get }
  var embeddingDeviation: Double? { get }
  /// Whether embeddings have learned positions added to them.
  var addsPositions: Bool { get }
}

extension TransformerConfiguration: ResidualConfiguration {
  var addsPositions: Bool { positions == .learned }
}
extension GatedRecurrenceConfiguration: ResidualConfiguration {
  var addsPositions: Bool { false }
}

extension ResidualConfiguration {
  /// Throws if the deviation of embeddings is none.
  func checkEmbeddingDeviation() throws(ConfigurationError) {
    guard let embeddingDeviation else { return }
    try FieldCheck(Self.self).require(
      embeddingDeviation.isFinite && embeddingDeviation > 0, "embeddingDeviation",
      embeddingDeviation, "be a positive number", "1 suits an untied output.")
  }
}

extension ResidualConfiguration {
  /// Whether the first layer's projection is computed once for each token (`Projection`).
  ///
  /// A vocabulary of at most 4 T is a gain from batches of four sequences on. Nothing of a batch
  /// decides, since the sums of gradients depend on it.
  var projectsTokens: Bool { !addsPositions && vocabulary <= 4 * context }

  /// What that saves of the three products of [D, columns] in a training step.
  func flopsSaved(columns: Int, sequences: Int) -> Double {
    guard projectsTokens else { return 0 }
    return 6 * Double(width * columns) * Double(sequences * context - vocabulary)
  }
}

/// Appends the tensors of a model on a residual stream one by one, with their initial values.
///
/// The initial values are those of `Transformer`.
struct ResidualLayout {
  private(set) var layout = ParameterLayout()
  private let c: any ResidualConfiguration
  private let fanIn: Double

  /// A layout without tensors.
  init(_ configuration: some ResidualConfiguration) {
    c = configuration
    fanIn = 1 / Double(configuration.width).squareRoot()
  }

  /// A table of rows of the width that tokens or positions pick.
  mutating func table(_ name: String, rows: Int) -> MatrixWeights {
    let deviation = c.embeddingDeviation ?? (c.output == .tied ? fanIn : 1)
    return layout.appendMatrix(
      name, rows, c.width, role: .embedding, initial: .normal(deviation: deviation))
  }

  /// A matrix that reads the residual stream, or `scale` times larger at the start.
  mutating func matrix(
    _ name: String, _ rows: Int, _ columns: Int, scale: Double = 1
  ) -> MatrixWeights {
    layout.appendMatrix(
      name, rows, columns, role: .hidden,
      initial: .normal(deviation: scale / Double(rows).squareRoot()))
  }

  /// A matrix that writes into the residual stream.
  mutating func residualMatrix(_ name: String, rows: Int) -> MatrixWeights {
    matrix(
      name, rows, c.width,
      scale: c.scalesResidualOutputs ? 1 / Double(2 * c.layers).squareRoot() : 1)
  }

  /// A norm of the residual stream.
  mutating func norm(_ name: String) -> NormWeights {
    NormWeights(
      width: c.width,
      gain: c.normGain ? vector(name, shape: [c.width], initial: .constant(1)) : nil)
  }

  /// Biases; returns their offset.
  mutating func vector(_ name: String, shape: [Int], initial: InitialValues) -> Int {
    layout.append(name, shape: shape, role: .vector, initial: initial)
  }

  /// A layer's MLP: its norm and both matrices.
  mutating func mlp(_ name: String) -> MLPWeights {
    let inner = c.mlpRatio * c.width
    return MLPWeights(
      norm: norm("\(name).norm"),
      input: matrix("\(name).input", c.width, inner, scale: c.activation.gain),
      activation: c.activation,
      output: residualMatrix("\(name).output", rows: inner))
  }

  /// The last norm and the matrix of the logits, unless they are tied to `embedding`.
  mutating func output(embedding: MatrixWeights) -> OutputWeights {
    OutputWeights(
      norm: norm("norm"), embedding: embedding,
      matrix: c.output == .tied
        ? nil
        : layout.appendMatrix(
          "output", c.width, c.vocabulary, role: .output,
          initial: c.zeroOutput ? .constant(0) : .normal(deviation: fanIn)))
  }
}
