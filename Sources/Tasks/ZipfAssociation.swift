import Randomness

/// Facts of Zipf frequency: infinitely many inputs, each with its own answer.
///
/// Input x = 0, 1, 2, … is asked with probability `(x + 1)^-g / ζ(g)`. Its answer is one of V
/// outputs, drawn once; with probability `confusion` a question is answered at random instead. The
/// entropy of the answer to any question is therefore the same, and it is the irreducible loss.
///
/// Theory, for an associative memory that has room for N facts and has seen D: the facts beyond
/// the N most frequent ones are lost, and so are those that were never asked, so that the excess
/// loss is `N^-(g - 1)` for plentiful D and `D^-(1 - 1/g)` for plentiful N (Hutter 2021, "Learning
/// curve theory", arXiv 2102.04074; Cabannes, Dohmatob & Bietti 2023, "Scaling laws for associative
/// memories", arXiv 2310.02984).
///
/// Only the first `inputs` of the infinitely many inputs are told apart; the index `inputs` stands
/// for all rarer ones together. No model can know their answers: its best prediction is uniform.
public struct ZipfAssociation: Sendable {
  /// What fixes the facts.
  public struct Definition: Codable, Hashable, Sendable {
    /// g, above 1: how fast frequencies fall.
    public var exponent: Double
    /// The number of inputs that are told apart.
    public var inputs: Int
    /// V, the number of outputs.
    public var outputs: Int
    /// The probability of a random answer, in 0..<1.
    public var confusion: Double
    /// The seed of the answers.
    public var seed: UInt64

    /// Makes a definition.
    public init(
      exponent: Double, inputs: Int, outputs: Int = 64, confusion: Double = 0, seed: UInt64
    ) {
      self.exponent = exponent
      self.inputs = inputs
      self.outputs = outputs
      self.confusion = confusion
      self.seed = seed
    }
  }

  /// What fixes these facts.
  public let definition: Definition
  /// The probability of each input, `inputs + 1` of them; the last is that of all rarer ones.
  public let probabilities: [Double]
  /// The answer of each input that is told apart.
  public let answers: [Int32]
  /// The irreducible loss: the entropy of the answer, in nats, the same for every input.
  public let entropy: Double
  let table: AliasTable

  /// The number of inputs that are told apart.
  public var inputs: Int { definition.inputs }
  /// V, the number of outputs.
  public var outputs: Int { definition.outputs }
  /// α, the exponent of the excess loss in the room for facts: `g − 1`.
  public var sizeExponent: Double { definition.exponent - 1 }
  /// β, the exponent of the excess loss in the examples: `1 − 1/g`.
  public var dataExponent: Double { 1 - 1 / definition.exponent }
  /// The excess loss of a uniform prediction, `ln V − entropy`: that of a fact not known at all.
  public var ignorance: Double { Reproducible.log(Double(outputs)) - entropy }

  /// Draws the answers.
  /// - Complexity: O(inputs).
  public init(_ definition: Definition) {
    precondition(
      definition.exponent > 1 && definition.exponent < .infinity,
      "the Zipf exponent must be a number above 1; found \(definition.exponent)")
    precondition(
      definition.inputs >= 1 && definition.inputs < 1 << 24,
      "inputs must lie in 1..<2^24; found \(definition.inputs)")
    precondition(
      definition.outputs >= 2, "there must be at least 2 outputs; found \(definition.outputs)")
    precondition(
      definition.confusion >= 0 && definition.confusion < 1,
      "confusion must be a probability in 0..<1; found \(definition.confusion)")
    self.definition = definition
    let total = hurwitzZeta(definition.exponent, from: 1)
    probabilities =
      (0..<definition.inputs).map {
        Reproducible.pow(Double($0 + 1), -definition.exponent) / total
      } + [hurwitzZeta(definition.exponent, from: Double(definition.inputs + 1)) / total]
    table = AliasTable(weights: probabilities)
    var stream = RandomStream(seed: definition.seed, "zipf association").split("answers")
    answers = (0..<definition.inputs).map { _ in
      Int32(truncatingIfNeeded: stream.uniform(below: definition.outputs))
    }
    let other = definition.confusion / Double(definition.outputs)
    let right = 1 - definition.confusion + other
    entropy =
      -right * Reproducible.log(right)
      - (other > 0 ? Double(definition.outputs - 1) * other * Reproducible.log(other) : 0)
  }

  // MARK: Data

  /// Draws questions and answers, `count` of each, into the caller's buffers.
  ///
  /// An input may be the index `inputs`: a rare one, whose answer is uniform.
  public func sample(
    _ count: Int, using stream: inout RandomStream,
    inputs: UnsafeMutablePointer<Int32>, targets: UnsafeMutablePointer<Int32>
  ) {
    let (known, outputs, confusion) = (self.inputs, self.outputs, definition.confusion)
    for index in 0..<count {
      let input = table.sample(using: &stream)
      inputs[index] = Int32(truncatingIfNeeded: input)
      let random = input == known || (confusion > 0 && stream.uniform() < confusion)
      targets[index] =
        random ? Int32(truncatingIfNeeded: stream.uniform(below: outputs)) : answers[input]
    }
  }

  /// Writes the true distribution of the answer to each input, [inputs + 1, V], as floats.
  ///
  /// The last row, that of the rarer inputs, is uniform. Columns from V up to the stride become
  /// zero; `table` holds `(inputs + 1) · stride` floats.
  public func copyDistributions(to table: UnsafeMutablePointer<Float>, stride: Int) {
    precondition(
      stride >= outputs, "a row of \(outputs) outputs needs that stride; found \(stride)")
    let other = Float(definition.confusion / Double(outputs))
    let right = Float(1 - definition.confusion + definition.confusion / Double(outputs))
    for input in 0...inputs {
      let row = table + input * stride
      for output in 0..<stride {
        row[output] = output >= outputs ? 0 : input == inputs ? 1 / Float(outputs) : other
      }
      if input < inputs { row[Int(answers[input])] = right }
    }
  }

  // MARK: Embeddings

  /// Writes embeddings in which the first `width` inputs have a unit vector each, [inputs + 1, width].
  ///
  /// The other inputs have the zero vector: a linear memory cannot tell them apart. The room for
  /// facts is then exactly `width`. Columns up to the stride become zero.
  public func copyUnitEmbeddings(
    width: Int, to table: UnsafeMutablePointer<Float>, stride: Int
  ) {
    checkEmbedding(width: width, stride: stride)
    for input in 0...inputs {
      let row = table + input * stride
      for column in 0..<stride { row[column] = 0 }
      if input < min(width, inputs) { row[input] = 1 }
    }
  }

  /// Writes embeddings of independent normal numbers of variance `1 / width`, [inputs + 1, width].
  ///
  /// Vectors of different inputs are nearly orthogonal; the room for facts grows in proportion to
  /// the width only for large widths. The rarer inputs have the zero vector.
  public func copyNormalEmbeddings(
    width: Int, using stream: inout RandomStream, to table: UnsafeMutablePointer<Float>, stride: Int
  ) {
    checkEmbedding(width: width, stride: stride)
    let deviation = (1 / Double(width)).squareRoot()
    for input in 0...inputs {
      let row = table + input * stride
      for column in 0..<stride {
        row[column] = column < width && input < inputs ? Float(deviation * stream.normal()) : 0
      }
    }
  }

  private func checkEmbedding(width: Int, stride: Int) {
    precondition(
      width > 0 && stride >= width, "an embedding of width \(width) does not fit stride \(stride)")
  }

  // MARK: Truth

  /// The probability of the inputs from `first` on, the rarer ones included.
  public func mass(from first: Int) -> Double {
    precondition(first >= 0, "an input cannot be negative; found \(first)")
    return hurwitzZeta(definition.exponent, from: Double(first + 1))
      / hurwitzZeta(definition.exponent, from: 1)
  }

  /// The excess loss of a model, in nats, exactly: the mean divergence from the true answers.
  ///
  /// - Parameter crossEntropies: The cross-entropy of the model's prediction for each of the first
  ///   inputs against the true distribution, in nats; all inputs beyond are predicted uniformly, as
  ///   a linear memory does whose embeddings of them are zero.
  public func excess(crossEntropies: some Collection<Double>) -> Double {
    precondition(
      crossEntropies.count <= inputs,
      "only \(inputs) inputs are told apart; found \(crossEntropies.count) cross-entropies")
    var sum = mass(from: crossEntropies.count) * ignorance
    for (probability, value) in zip(probabilities, crossEntropies).reversed() {
      sum += probability * (value - entropy)
    }
    return sum
  }

  /// The cross-entropy of a prediction for `input` against the true distribution, in nats.
  public func crossEntropy(input: Int, of prediction: some Collection<Double>) -> Double {
    precondition(
      prediction.count == outputs,
      "a prediction has \(outputs) probabilities; found \(prediction.count)")
    let known = input < inputs ? 1 - definition.confusion : 0
    var sum = 0.0
    for (output, q) in prediction.enumerated() {
      let right = input < inputs && output == Int(answers[input])
      let p = (1 - known) / Double(outputs) + (right ? known : 0)
      if p > 0 { sum -= p * Reproducible.log(q) }
    }
    return sum
  }

  /// The excess loss of a model that knows the first `facts` inputs perfectly and no other.
  ///
  /// The finite-size form of `N^-α`: `ignorance · Σ_{x ≥ N} p(x)`.
  public func truncation(facts: Int) -> Double { mass(from: facts) * ignorance }

  /// The expected excess loss of a model that knows exactly the inputs asked in `samples` draws.
  ///
  /// The finite-size form of `D^-β`: `ignorance · Σ p(x) (1 − p(x))^D`. The inputs that are not told
  /// apart count as never asked, so choose `inputs` well above `samples^(1/g)`.
  public func unseen(samples: Int) -> Double {
    var sum = probabilities[inputs]
    for p in probabilities.dropLast().reversed() {
      sum += p * Reproducible.exp(Double(samples) * Reproducible.log(1 - p))
    }
    return sum * ignorance
  }
}
