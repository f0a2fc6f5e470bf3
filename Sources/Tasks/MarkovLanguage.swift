import Randomness

/// A language in which the next token depends on the last k tokens, by known probabilities.
///
/// Over V tokens, with the last k tokens as the context,
///
///     logit(v | context) = −a ln(v + 2) + Σ_{j = 1…k} amplitude_j · G_j[last j tokens, v]
///
/// where the G are standard normal numbers, drawn once from the seed, and v counts from 0. The
/// first term makes some tokens common; the term of order j can be learned only from j tokens.
///
/// A context is an integer *row*: the tokens are its digits in base V, the latest token last, so
/// `row(next) = (row · V + token) mod V^k`.
///
/// Everything about the language is known: `probabilities`, the `stationary` distribution over
/// contexts, the entropy of each row and the entropy rates. Tables are the same bit for bit on
/// every machine. They hold V^(k + 1) entries: 1,048,576 for V = 32 and k = 3, in all 28 bytes each.
public struct MarkovLanguage: Sendable {
  /// What fixes a language.
  public struct Definition: Codable, Hashable, Sendable {
    /// V, the number of tokens, at least 2.
    public var vocabulary: Int
    /// The strengths of the terms of order 1…k, one to three of them.
    public var amplitudes: [Double]
    /// a, the exponent of the token's overall frequency.
    public var frequencyExponent: Double
    /// The seed of the one draw of the language.
    public var seed: UInt64

    /// k, the number of tokens that the next one depends on.
    public var order: Int { amplitudes.count }

    /// Makes a definition; the defaults are an order-2 language over 64 tokens.
    public init(
      vocabulary: Int = 64, amplitudes: [Double] = [0.8, 1.2], frequencyExponent: Double = 1.5,
      seed: UInt64
    ) {
      self.vocabulary = vocabulary
      self.amplitudes = amplitudes
      self.frequencyExponent = frequencyExponent
      self.seed = seed
    }
  }

  /// What fixes this language.
  public let definition: Definition
  /// The number of contexts, V^k.
  public let rows: Int
  /// The probability of each token after each context; [rows, V], row-major.
  public let probabilities: [Double]
  /// The entropy of the next token after each context, in nats.
  public let rowEntropies: [Double]
  /// The probability of each context in a long text.
  public let stationary: [Double]
  /// The entropy of the next token when the last 0, 1, …, k tokens are known, in nats.
  ///
  /// The last one is the irreducible loss; the one of order j is the best that a model can reach
  /// which sees j tokens.
  public let entropyRates: [Double]
  /// The transitions that the power iteration took.
  public let iterations: Int

  let first: AliasTable
  let next: AliasRows

  /// V, the number of tokens.
  public var vocabulary: Int { definition.vocabulary }
  /// k, the number of tokens that the next one depends on.
  public var order: Int { definition.order }
  /// The entropy of the next token given its context, in nats: no model can have a lower loss.
  public var irreducibleLoss: Double { entropyRates[order] }

  /// Draws the language and computes its truth.
  /// - Complexity: O(V^(k+1)) times the iterations, which are some 40.
  public init(_ definition: Definition) {
    let (vocabulary, order) = (definition.vocabulary, definition.order)
    precondition(vocabulary >= 2, "a language needs at least 2 tokens; found \(vocabulary)")
    precondition(
      (1...3).contains(order), "a language has 1 to 3 amplitudes, one an order; found \(order)")
    precondition(
      definition.amplitudes.allSatisfy { $0.isFinite && $0 >= 0 }
        && definition.frequencyExponent.isFinite,
      "amplitudes must be finite and not negative, the frequency exponent finite; found \(definition)"
    )
    var rows = 1
    for _ in 0..<order { rows *= vocabulary }
    precondition(
      rows * vocabulary <= 1 << 26,
      "a table of \(vocabulary)^\(order + 1) probabilities is too large: at most 2^26")
    self.definition = definition
    self.rows = rows
    (probabilities, rowEntropies) = Self.table(definition, rows: rows)
    (stationary, iterations) = Self.stationaryDistribution(
      probabilities, rows: rows, vocabulary: vocabulary)
    entropyRates = Self.rates(
      probabilities: probabilities, stationary: stationary, rowEntropies: rowEntropies,
      vocabulary: vocabulary, order: order)
    first = AliasTable(weights: stationary)
    next = AliasRows(rows: rows, columns: vocabulary, weights: probabilities)
  }

  /// The next-token probabilities after context `row`.
  public func distribution(row: Int) -> ArraySlice<Double> {
    probabilities[row * vocabulary..<(row + 1) * vocabulary]
  }

  /// Writes the table of probabilities as floats, [rows, V] with the given row stride.
  ///
  /// The columns from V up to the stride become zero. `table` holds `rows · stride` floats. This is
  /// the form that a soft cross-entropy takes, with context rows as target rows.
  public func copyProbabilities(to table: UnsafeMutablePointer<Float>, stride: Int) {
    precondition(
      stride >= vocabulary, "a row of \(vocabulary) tokens needs that stride; found \(stride)")
    for row in 0..<rows {
      let target = table + row * stride
      for token in 0..<vocabulary { target[token] = Float(probabilities[row * vocabulary + token]) }
      for column in vocabulary..<stride { target[column] = 0 }
    }
  }

  /// The divergence of a prediction from the truth after context `row`, `Σ p ln(p / q)`, in nats.
  public func divergence(row: Int, from prediction: some Collection<Double>) -> Double {
    precondition(
      prediction.count == vocabulary,
      "a prediction has \(vocabulary) probabilities; found \(prediction.count)")
    var sum = 0.0
    for (p, q) in zip(distribution(row: row), prediction) {
      sum += p * (Reproducible.log(p) - Reproducible.log(q))
    }
    return sum
  }
}
