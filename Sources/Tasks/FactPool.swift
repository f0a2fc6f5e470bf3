import Randomness

/// A finite pool of facts of Zipf frequency, learned by whoever meets them: exact, without sampling.
///
/// Fact i = 1…M is asked with a probability proportional to `i^-g`; whoever has met it knows it. After D
/// questions the chance to be asked something new is
///
///     E(D) = Σ p_i (1 − p_i)^D
///
/// (Hutter 2021, "Learning curve theory", arXiv 2102.04074). With infinitely many facts it falls as
/// `D^-(1 - 1/g)`. A finite pool follows that law until its rarest facts come up, and then falls faster
/// than any power.
public struct FactPool: Sendable {
  /// g, above 1: how fast frequencies fall.
  public let exponent: Double
  /// The probability of each fact, the most frequent first; their sum is 1.
  public let probabilities: [Double]

  /// A pool of `facts` facts.
  public init(exponent: Double, facts: Int) {
    precondition(exponent > 1, "the exponent of a pool must be above 1; found \(exponent)")
    precondition(facts >= 1, "a pool needs at least 1 fact; found \(facts)")
    let weights = (1...facts).map { Reproducible.pow(Double($0), -exponent) }
    // Smallest first, so that the sum is accurate.
    let sum = weights.reversed().reduce(0, +)
    self.exponent = exponent
    probabilities = weights.map { $0 / sum }
  }

  /// The exponent of a pool without end: `1 − 1/g`.
  public var dataExponent: Double { 1 - 1 / exponent }

  /// The chance that the question after `questions` others is a new one.
  public func unknown(after questions: Double) -> Double {
    precondition(questions >= 0, "a count of questions cannot be negative; found \(questions)")
    return probabilities.reversed().reduce(0) { sum, p in
      // A pool of one fact is known after its first question.
      p < 1
        ? sum + p * Reproducible.exp(questions * Reproducible.log(1 - p))
        : sum + (questions > 0 ? 0 : 1)
    }
  }

  /// −d log E / d log D between `questions` and twice as many.
  public func localExponent(at questions: Double) -> Double {
    -Reproducible.log(unknown(after: 2 * questions) / unknown(after: questions))
      / Reproducible.log(2)
  }
}
