import Foundation
import Randomness
import Tasks
import Testing

@Suite struct MarkovLanguageTests {
  static let definitions = [
    MarkovLanguage.Definition(vocabulary: 6, amplitudes: [0.9], seed: 1),
    MarkovLanguage.Definition(vocabulary: 5, amplitudes: [0.8, 1.2], seed: 2),
    MarkovLanguage.Definition(vocabulary: 4, amplitudes: [0.8, 1.2, 0.8], seed: 3),
  ]

  @Test(arguments: definitions)
  func rowsAreDistributionsWithTheirEntropies(definition: MarkovLanguage.Definition) {
    let language = MarkovLanguage(definition)
    for row in 0..<language.rows {
      let p = language.distribution(row: row)
      #expect((p.reduce(0, +) - 1).magnitude < 1e-14)
      #expect(p.allSatisfy { $0 > 0 })
      let entropy = p.reduce(0) { $0 - $1 * log($1) }
      #expect((language.rowEntropies[row] - entropy).magnitude < 1e-13)
    }
  }

  @Test(arguments: definitions)
  func stationaryDistributionIsLeftByATransition(definition: MarkovLanguage.Definition) {
    let language = MarkovLanguage(definition)
    #expect((language.stationary.reduce(0, +) - 1).magnitude < 1e-13)
    var after = [Double](repeating: 0, count: language.rows)
    for row in 0..<language.rows {
      for (token, p) in language.distribution(row: row).enumerated() {
        after[(row * language.vocabulary + token) % language.rows] += language.stationary[row] * p
      }
    }
    for (a, b) in zip(after, language.stationary) { #expect((a - b).magnitude < 1e-14) }
  }

  @Test(arguments: definitions)
  func entropyRatesAreThoseOfTheConditionals(definition: MarkovLanguage.Definition) {
    let language = MarkovLanguage(definition)
    #expect(language.entropyRates.count == language.order + 1)
    #expect(language.irreducibleLoss == language.entropyRates.last)
    for (a, b) in zip(language.entropyRates, language.entropyRates.dropFirst()) { #expect(b < a) }
    // Order j from its definition: the mixture of all rows that share the last j tokens.
    var contexts = 1
    for j in 0...language.order {
      var mass = [Double](repeating: 0, count: contexts)
      var joint = [Double](repeating: 0, count: contexts * language.vocabulary)
      for row in 0..<language.rows {
        mass[row % contexts] += language.stationary[row]
        for (token, p) in language.distribution(row: row).enumerated() {
          joint[row % contexts * language.vocabulary + token] += language.stationary[row] * p
        }
      }
      var entropy = 0.0
      for (index, p) in joint.enumerated() {
        entropy -= p * log(p / mass[index / language.vocabulary])
      }
      #expect((language.entropyRates[j] - entropy).magnitude < 1e-12, "order \(j)")
      contexts *= language.vocabulary
    }
  }

  @Test func languageIsTheSameOnEveryMachine() {
    let language = MarkovLanguage(Self.definitions[2])
    #expect(language.probabilities[100].bitPattern == 4_604_279_174_015_239_218)
    #expect(language.irreducibleLoss.bitPattern == 4_605_043_669_450_887_456)
  }

  @Test func logitsAreTheSumOfTheirTerms() {
    // Without amplitudes, the frequencies alone: (v + 2)^-a.
    let plain = MarkovLanguage(
      .init(vocabulary: 5, amplitudes: [0, 0], frequencyExponent: 1.5, seed: 9))
    let weights = (0..<5).map { pow(Double($0 + 2), -1.5) }
    for row in 0..<25 {
      for (p, w) in zip(plain.distribution(row: row), weights) {
        #expect((p - w / weights.reduce(0, +)).magnitude < 1e-15)
      }
    }
    // A further order of no strength changes nothing, and the lower order's draw stays.
    let first = MarkovLanguage(.init(vocabulary: 5, amplitudes: [0.8], seed: 9))
    let second = MarkovLanguage(.init(vocabulary: 5, amplitudes: [0.8, 0], seed: 9))
    for row in 0..<25 {
      #expect(Array(second.distribution(row: row)) == Array(first.distribution(row: row % 5)))
    }
    #expect((second.entropyRates[2] - first.entropyRates[1]).magnitude < 1e-12)
  }

  @Test(arguments: definitions)
  func positionsThatCountHaveTheirContextAndTarget(definition: MarkovLanguage.Definition) {
    let language = MarkovLanguage(definition)
    var stream = RandomStream(seed: 5, "windows")
    let (sequences, length) = (7, 11)
    let windows = language.windows(sequences, length: length, using: &stream)
    for sequence in 0..<sequences {
      for t in 0..<length {
        let at = sequence * length + t
        #expect((0..<Int32(language.vocabulary)).contains(windows.tokens[at]))
        if t < language.order - 1 {
          #expect(windows.targets[at] == -1)
          #expect(windows.contexts[at] == -1)
          continue
        }
        var row = 0
        for back in stride(from: language.order - 1, through: 0, by: -1) {
          row = row * language.vocabulary + Int(windows.tokens[at - back])
        }
        #expect(Int(windows.contexts[at]) == row)
        if t + 1 < length { #expect(windows.targets[at] == windows.tokens[at + 1]) }
      }
    }
    #expect(windows.counted == sequences * (length - language.order + 1))
    let entropies = windows.contexts.filter { $0 >= 0 }.map { language.rowEntropies[Int($0)] }
    #expect(
      (windows.meanEntropy - entropies.reduce(0, +) / Double(windows.counted)).magnitude < 1e-13)
  }

  @Test func theBatchSizeDoesNotChangeTheSequences() {
    let language = MarkovLanguage(Self.definitions[1])
    var together = RandomStream(seed: 6, "batch")
    var apart = together
    let six = language.windows(6, length: 9, using: &together)
    let parts = (0..<3).map { _ in language.windows(2, length: 9, using: &apart) }
    #expect(six.tokens == parts.flatMap(\.tokens))
    #expect(six.targets == parts.flatMap(\.targets))
    #expect(six.contexts == parts.flatMap(\.contexts))
  }

  @Test(arguments: definitions)
  func sampledTextFollowsTheDistribution(definition: MarkovLanguage.Definition) {
    let language = MarkovLanguage(definition)
    var stream = RandomStream(seed: 7, "text")
    let windows = language.windows(1500, length: language.order + 1, using: &stream)
    // The first and the second position that count: the start is stationary and stays so.
    for position in [language.order - 1, language.order] {
      var counts = [Int: Int](), total = 0.0
      for sequence in 0..<windows.sequences {
        let at = sequence * windows.length + position
        let key = Int(windows.contexts[at]) * language.vocabulary + Int(windows.targets[at])
        counts[key, default: 0] += 1
      }
      // Cells with fewer than five expected are pooled.
      var pooled = 0.0, pooledCount = 0.0, cells = 0.0
      for row in 0..<language.rows {
        for (token, p) in language.distribution(row: row).enumerated() {
          let expected = language.stationary[row] * p * Double(windows.sequences)
          let count = Double(counts[row * language.vocabulary + token] ?? 0)
          if expected < 5 {
            pooled += expected
            pooledCount += count
          } else {
            total += (count - expected) * (count - expected) / expected
            cells += 1
          }
        }
      }
      if pooled > 5 {
        total += (pooledCount - pooled) * (pooledCount - pooled) / pooled
        cells += 1
      }
      let k = cells - 1
      let score = (cbrt(total / k) - (1 - 2 / (9 * k))) / (2 / (9 * k)).squareRoot()
      #expect(score.magnitude < 4, "position \(position)")
    }
  }

  @Test func softCrossEntropyLessEntropyIsTheDivergence() {
    let language = MarkovLanguage(Self.definitions[1])
    var stream = RandomStream(seed: 8, "prediction")
    let weights = (0..<5).map { _ in 0.1 + stream.uniform() }
    let prediction = weights.map { $0 / weights.reduce(0, +) }
    for row in [0, 7, 24] {
      let p = language.distribution(row: row)
      let cross = zip(p, prediction).map { -$0 * log($1) }.reduce(0, +)
      let divergence = language.divergence(row: row, from: prediction)
      #expect((cross - language.rowEntropies[row] - divergence).magnitude < 1e-13)
      #expect(divergence > 0)
      #expect(language.divergence(row: row, from: p).magnitude < 1e-15)
    }
  }

  @Test func tableForTheTrainerIsPaddedWithZeros() {
    let language = MarkovLanguage(Self.definitions[1])
    var table = [Float](repeating: -1, count: language.rows * 16)
    language.copyProbabilities(to: &table, stride: 16)
    for row in 0..<language.rows {
      for column in 0..<16 {
        let expected = column < 5 ? Float(language.probabilities[row * 5 + column]) : 0
        #expect(table[row * 16 + column] == expected)
      }
    }
  }

  @Test func definitionSurvivesCoding() throws {
    let data = try JSONEncoder().encode(Self.definitions)
    #expect(
      try JSONDecoder().decode([MarkovLanguage.Definition].self, from: data) == Self.definitions)
  }
}
