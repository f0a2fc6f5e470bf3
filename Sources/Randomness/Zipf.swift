/// The Zipf distribution over `count` outcomes: `p(i) = (i + 1)^-exponent / Σ`, i = 0, 1, ….
public struct ZipfDistribution: Sendable {
  /// The exponent, often called g or s.
  public let exponent: Double
  /// The probabilities, descending; they sum to one up to rounding.
  public let probabilities: [Double]
  @usableFromInline let table: AliasTable

  /// The number of outcomes.
  public var count: Int { probabilities.count }

  /// Makes the distribution; the same bits on every machine.
  /// - Complexity: O(count) in time and memory: 16 bytes an outcome.
  public init(exponent: Double, count: Int) {
    precondition(count > 0, "a Zipf distribution needs at least one outcome; found \(count)")
    precondition(exponent.isFinite, "a Zipf exponent must be finite; found \(exponent)")
    self.exponent = exponent
    let weights = (1...count).map { Reproducible.pow(Double($0), -exponent) }
    // From the smallest up, so that a long tail loses nothing.
    let total = (exponent >= 0 ? weights.reversed() : weights).reduce(0, +)
    probabilities = weights.map { $0 / total }
    table = AliasTable(weights: probabilities)
  }

  /// Draws an outcome; one word.
  @inlinable
  public func sample(using stream: inout RandomStream) -> Int { table.sample(using: &stream) }
}
