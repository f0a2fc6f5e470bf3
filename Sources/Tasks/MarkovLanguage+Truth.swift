import Randomness

// How a language's tables are computed from its definition.

extension MarkovLanguage {
  /// The probabilities and the entropy of each row.
  static func table(
    _ definition: Definition, rows: Int
  ) -> (probabilities: [Double], entropies: [Double]) {
    let vocabulary = definition.vocabulary
    let stream = RandomStream(seed: definition.seed, "markov language")
    // G_j has V^j rows; a stream of its own, so that a further order leaves the lower ones alone.
    var terms: [[Double]] = []
    var count = vocabulary
    for (j, amplitude) in definition.amplitudes.enumerated() {
      count *= vocabulary
      var draws = stream.split("order").split(j + 1)
      terms.append((0..<count).map { _ in amplitude * draws.normal() })
    }
    let frequency = (0..<vocabulary).map {
      -definition.frequencyExponent * Reproducible.log(Double($0 + 2))
    }
    var probabilities = [Double](repeating: 0, count: rows * vocabulary)
    var entropies = [Double](repeating: 0, count: rows)
    var logits = frequency
    for row in 0..<rows {
      for token in 0..<vocabulary { logits[token] = frequency[token] }
      for term in terms {
        // The last j tokens are the row's last j digits.
        let start = row * vocabulary % term.count
        for token in 0..<vocabulary { logits[token] += term[start + token] }
      }
      let largest = logits.max() ?? 0
      var total = 0.0
      for token in 0..<vocabulary {
        let weight = Reproducible.exp(logits[token] - largest)
        probabilities[row * vocabulary + token] = weight
        total += weight
      }
      // H = ln Σ exp(logit) − Σ p logit
      var mean = 0.0
      for token in 0..<vocabulary {
        probabilities[row * vocabulary + token] /= total
        mean += probabilities[row * vocabulary + token] * (logits[token] - largest)
      }
      entropies[row] = Reproducible.log(total) - mean
    }
    return (probabilities, entropies)
  }

  /// The distribution over contexts that a transition leaves as it is, by power iteration.
  ///
  /// Every k-step transition is possible, so the iteration converges to the only one; it stops when
  /// the distribution changes by at most 1e-14 in all.
  static func stationaryDistribution(
    _ probabilities: [Double], rows: Int, vocabulary: Int
  ) -> (distribution: [Double], iterations: Int) {
    let limit = 10_000
    var current = [Double](repeating: 1 / Double(rows), count: rows)
    var following = current
    // The context (x₁, …, x_k) goes to (x₂, …, x_k, v): all x₁ share their successors.
    let suffixes = rows / vocabulary
    for iteration in 1...limit {
      for index in 0..<rows { following[index] = 0 }
      var row = 0
      for _ in 0..<vocabulary {
        for suffix in 0..<suffixes {
          let mass = current[row]
          let (source, target) = (row * vocabulary, suffix * vocabulary)
          for token in 0..<vocabulary {
            following[target + token] += mass * probabilities[source + token]
          }
          row += 1
        }
      }
      let total = following.reduce(0, +)
      var change = 0.0
      for index in 0..<rows {
        following[index] /= total
        change += (following[index] - current[index]).magnitude
      }
      swap(&current, &following)
      if change <= 1e-14 { return (current, iteration) }
    }
    preconditionFailure(
      "the language forgets its start too slowly: its stationary distribution still moves after "
        + "\(limit) transitions. Choose smaller amplitudes.")
  }

  /// The entropy rates of order 0…k: differences of block entropies, and the last one directly.
  static func rates(
    probabilities: [Double], stationary: [Double], rowEntropies: [Double], vocabulary: Int,
    order: Int
  ) -> [Double] {
    // The block of k tokens, and the shorter blocks at its end.
    var block = stationary
    var entropies: [Double] = []
    for _ in 0..<order {
      entropies.append(block.reduce(0) { $0 - ($1 > 0 ? $1 * Reproducible.log($1) : 0) })
      let shorter = block.count / vocabulary
      var marginal = [Double](repeating: 0, count: shorter)
      for (index, mass) in block.enumerated() { marginal[index % shorter] += mass }
      block = marginal
    }
    let ascending = [0] + entropies.reversed()
    var rates = zip(ascending.dropFirst(), ascending).map { $0 - $1 }
    rates.append(zip(stationary, rowEntropies).reduce(0) { $0 + $1.0 * $1.1 })
    return rates
  }
}
