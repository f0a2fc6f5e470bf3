import Foundation
import Randomness
import Testing

@Suite struct VariatesTests {
  /// `χ²` of counts against expectations, as a standard score by Wilson and Hilferty's cube root.
  func chiSquareScore(_ counts: [Int], _ expected: [Double]) -> Double {
    var sum = 0.0
    for (count, mean) in zip(counts, expected) {
      sum += (Double(count) - mean) * (Double(count) - mean) / mean
    }
    let k = Double(counts.count - 1)
    return (cbrt(sum / k) - (1 - 2 / (9 * k))) / (2 / (9 * k)).squareRoot()
  }

  @Test func uniformFillsTheUnitInterval() {
    var stream = RandomStream(seed: 1, "uniform")
    var counts = [Int](repeating: 0, count: 64)
    var sum = 0.0
    let count = 40_000
    for _ in 0..<count {
      let u = stream.uniform()
      #expect(u >= 0 && u < 1)
      counts[Int(u * 64)] += 1
      sum += u
    }
    #expect(((sum / Double(count) - 0.5) * (12 * Double(count)).squareRoot()).magnitude < 4)
    #expect(chiSquareScore(counts, .init(repeating: Double(count) / 64, count: 64)).magnitude < 4)
  }

  @Test(arguments: [1, 2, 3, 10, 64, 100])
  func boundedIntegersAreEquallyLikely(bound: Int) {
    var stream = RandomStream(seed: 2, "bounded").split(bound)
    var counts = [Int](repeating: 0, count: bound)
    let count = 20_000
    for _ in 0..<count { counts[stream.uniform(below: bound)] += 1 }
    guard bound > 1 else { return }
    let expected = [Double](repeating: Double(count) / Double(bound), count: bound)
    #expect(chiSquareScore(counts, expected).magnitude < 4)
  }

  /// Without rejection, `⌊word · 3 / 8⌋` would have the remainders 0, 1, 2 as 3 to 3 to 2.
  @Test func hugeBoundsAreUnbiased() {
    var stream = RandomStream(seed: 3, "huge")
    let count = 20_000
    var remainders = [0, 0, 0]
    for _ in 0..<count { remainders[stream.uniform(below: 3 << 61) % 3] += 1 }
    let expected = [Double](repeating: Double(count) / 3, count: 3)
    #expect(chiSquareScore(remainders, expected).magnitude < 4)
  }

  @Test func normalHasTheMomentsAndTheShape() {
    var stream = RandomStream(seed: 4, "normal")
    let count = 40_000
    var moments = [0.0, 0, 0, 0]
    var counts = [Int](repeating: 0, count: 50)
    for _ in 0..<count {
      let z = stream.normal()
      for (i, power) in [z, z * z, z * z * z, z * z * z * z].enumerated() { moments[i] += power }
      counts[min(49, Int(0.5 * erfc(-z / 2.0.squareRoot()) * 50))] += 1
    }
    // Variances of z, z², z³, z⁴: 1, 2, 15, 96.
    for (i, (mean, variance)) in [(0.0, 1.0), (1, 2), (0, 15), (3, 96)].enumerated() {
      let score = (moments[i] / Double(count) - mean) / (variance / Double(count)).squareRoot()
      #expect(score.magnitude < 4, "moment \(i + 1)")
    }
    #expect(chiSquareScore(counts, .init(repeating: Double(count) / 50, count: 50)).magnitude < 4)
  }

  @Test func normalQuantileInvertsTheDistributionFunction() {
    var worst = 0.0
    for exponent in stride(from: -52.0, through: -1.0, by: 0.37) {
      let p = pow(2, exponent)
      let z = Normal.quantile(p)
      // d p / p = φ(z) / p · dz: an error of z in units of its last place.
      let back = 0.5 * erfc(-z / 2.0.squareRoot())
      let density = exp(-z * z / 2) / (2 * Double.pi).squareRoot()
      worst = max(worst, ((back - p) / density).magnitude / max(z.magnitude, 0.1))
    }
    #expect(worst < 2e-15)
    #expect(Normal.quantile(0.5) == 0)
    // Exactly odd where 1 − p is exact.
    for p in [0x1p-3, 0x1p-10, 0x1p-40, 0.4375] {
      #expect(Normal.quantile(p) == -Normal.quantile(1 - p))
    }
    #expect((Normal.quantile(0.975) - 1.959963984540054).magnitude < 1e-15)
  }

  @Test func everyPermutationIsEquallyLikely() {
    var stream = RandomStream(seed: 6, "permutation")
    var counts: [[Int]: Int] = [:]
    let count = 12_000
    for _ in 0..<count { counts[stream.permutation(4), default: 0] += 1 }
    #expect(counts.count == 24)
    let expected = [Double](repeating: Double(count) / 24, count: 24)
    #expect(chiSquareScore(Array(counts.values), expected).magnitude < 4)
  }

  @Test func shuffleKeepsTheElements() {
    var stream = RandomStream(seed: 7, "shuffle")
    var letters = Array("scaling laws")
    stream.shuffle(&letters)
    #expect(letters != Array("scaling laws"))
    #expect(letters.sorted() == Array("scaling laws").sorted())
    var none: [Int] = []
    stream.shuffle(&none)
    #expect(none.isEmpty)
  }

  @Test func aliasTableDrawsByWeight() {
    var stream = RandomStream(seed: 8, "alias")
    let weights = [1.0, 0, 2, 4, 0.5, 0, 8, 0.25, 3]
    let table = AliasTable(weights: weights)
    let count = 40_000
    var counts = [Int](repeating: 0, count: weights.count)
    for _ in 0..<count { counts[table.sample(using: &stream)] += 1 }
    let total = weights.reduce(0, +)
    for (i, weight) in weights.enumerated() where weight == 0 { #expect(counts[i] == 0) }
    let kept = weights.indices.filter { weights[$0] > 0 }
    let score = chiSquareScore(
      kept.map { counts[$0] }, kept.map { weights[$0] / total * Double(count) })
    #expect(score.magnitude < 4)
  }

  @Test func aliasRowsAreIndependentTables() {
    var stream = RandomStream(seed: 9, "rows")
    let rows = AliasRows(rows: 3, columns: 4, weights: [1, 1, 1, 1, 0, 0, 5, 0, 1, 2, 3, 4])
    var counts = [Int](repeating: 0, count: 4)
    for _ in 0..<10_000 {
      #expect(rows.sample(row: 1, using: &stream) == 2)
      counts[rows.sample(row: 2, using: &stream)] += 1
    }
    #expect(chiSquareScore(counts, [1000, 2000, 3000, 4000]).magnitude < 4)
  }

  @Test func oneOutcomeIsAlwaysDrawn() {
    var stream = RandomStream(seed: 10, "one")
    #expect(AliasTable(weights: [3]).sample(using: &stream) == 0)
  }

  @Test(arguments: [0.0, 1, 1.35])
  func zipfFollowsItsPower(exponent: Double) {
    let zipf = ZipfDistribution(exponent: exponent, count: 40)
    #expect((zipf.probabilities.reduce(0, +) - 1).magnitude < 1e-14)
    for i in 0..<40 {
      let ratio = zipf.probabilities[i] / zipf.probabilities[0]
      #expect((ratio * pow(Double(i + 1), exponent) - 1).magnitude < 1e-14)
    }
    var stream = RandomStream(seed: 11, "zipf")
    var counts = [Int](repeating: 0, count: 40)
    for _ in 0..<20_000 { counts[zipf.sample(using: &stream)] += 1 }
    #expect(chiSquareScore(counts, zipf.probabilities.map { $0 * 20_000 }).magnitude < 4)
  }
}
