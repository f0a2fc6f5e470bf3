import Foundation
import Randomness
import Tasks
import Testing

@Suite struct ZipfAssociationTests {
  let certain = ZipfAssociation(.init(exponent: 1.5, inputs: 40, outputs: 8, seed: 1))
  let confused = ZipfAssociation(
    .init(exponent: 1.35, inputs: 30, outputs: 8, confusion: 0.2, seed: 2))

  @Test func probabilitiesAreThoseOfAnInfiniteZipfLaw() {
    for world in [certain, confused] {
      #expect(world.probabilities.count == world.inputs + 1)
      #expect((world.probabilities.reduce(0, +) - 1).magnitude < 1e-13)
      #expect((world.mass(from: 0) - 1).magnitude < 1e-15)
      #expect(
        (world.mass(from: world.inputs) - world.probabilities[world.inputs]).magnitude < 1e-15)
      let g = world.definition.exponent
      for x in 1..<world.inputs {
        let ratio = world.probabilities[x] / world.probabilities[0]
        #expect((ratio * pow(Double(x + 1), g) - 1).magnitude < 1e-13)
      }
    }
  }

  @Test func entropyIsThatOfTheAnswer() {
    #expect(certain.entropy == 0)
    #expect((certain.ignorance - log(8)).magnitude < 1e-15)
    let right = 0.8 + 0.2 / 8
    let entropy = -right * log(right) - 7 * 0.025 * log(0.025)
    #expect((confused.entropy - entropy).magnitude < 1e-14)
  }

  @Test func perfectPredictionHasNoExcessAndIgnoranceHasAll() {
    for world in [certain, confused] {
      let perfect = [Double](repeating: world.entropy, count: world.inputs)
      #expect(
        (world.excess(crossEntropies: perfect) - world.truncation(facts: world.inputs))
          .magnitude < 1e-14)
      let uniform = [Double](repeating: log(8), count: world.inputs)
      #expect((world.excess(crossEntropies: uniform) - world.ignorance).magnitude < 1e-13)
      #expect((world.excess(crossEntropies: []) - world.ignorance).magnitude < 1e-14)
      let half = [Double](repeating: world.entropy, count: 12)
      #expect((world.excess(crossEntropies: half) - world.truncation(facts: 12)).magnitude < 1e-14)
    }
  }

  @Test func crossEntropyIsLeastForTheTruth() {
    var table = [Float](repeating: 0, count: 31 * 16)
    confused.copyDistributions(to: &table, stride: 16)
    for input in [0, 5, 29] {
      let truth = (0..<8).map { Double(table[input * 16 + $0]) }
      #expect(table[input * 16 + 8..<input * 16 + 16].allSatisfy { $0 == 0 })
      #expect((truth.reduce(0, +) - 1).magnitude < 1e-6)
      let least = confused.crossEntropy(input: input, of: truth)
      #expect((least - confused.entropy).magnitude < 1e-6)
      let uniform = [Double](repeating: 0.125, count: 8)
      #expect((confused.crossEntropy(input: input, of: uniform) - log(8)).magnitude < 1e-14)
      #expect(truth.firstIndex(of: truth.max() ?? 0) == Int(confused.answers[input]))
    }
    #expect(table[30 * 16..<30 * 16 + 8].allSatisfy { $0 == 0.125 })
  }

  @Test func drawsFollowTheFrequenciesAndTheAnswers() {
    var stream = RandomStream(seed: 3, "draws")
    let count = 20_000
    var inputs = [Int32](repeating: 0, count: count)
    var targets = inputs
    confused.sample(count, using: &stream, inputs: &inputs, targets: &targets)
    for (input, probability) in confused.probabilities.enumerated() {
      let drawn = inputs.count { $0 == Int32(input) }
      let deviation = (Double(count) * probability * (1 - probability)).squareRoot()
      #expect((Double(drawn) - Double(count) * probability).magnitude < 4.5 * deviation)
    }
    var right = 0.0, known = 0.0
    for (input, target) in zip(inputs, targets) where Int(input) < confused.inputs {
      known += 1
      if confused.answers[Int(input)] == target { right += 1 }
    }
    let expected = 0.8 + 0.2 / 8
    #expect(
      (right / known - expected).magnitude < 4 * (expected * (1 - expected) / known).squareRoot())
    certain.sample(count, using: &stream, inputs: &inputs, targets: &targets)
    for (input, target) in zip(inputs, targets) where Int(input) < certain.inputs {
      #expect(certain.answers[Int(input)] == target)
    }
  }

  @Test func unitEmbeddingsKeepTheFirstInputsApart() {
    var table = [Float](repeating: -1, count: 41 * 16)
    certain.copyUnitEmbeddings(width: 10, to: &table, stride: 16)
    for input in 0...40 {
      for column in 0..<16 {
        #expect(table[input * 16 + column] == (input == column && input < 10 ? 1 : 0))
      }
    }
  }

  @Test func normalEmbeddingsHaveUnitLengthOnAverage() {
    var table = [Float](repeating: -1, count: 41 * 32)
    var stream = RandomStream(seed: 4, "embedding")
    certain.copyNormalEmbeddings(width: 20, using: &stream, to: &table, stride: 32)
    var squares = 0.0
    for input in 0..<40 {
      for column in 0..<20 {
        let value = Double(table[input * 32 + column])
        squares += value * value
      }
      #expect(table[input * 32 + 20..<input * 32 + 32].allSatisfy { $0 == 0 })
    }
    // 800 squares of variance 2/400 each.
    #expect((squares / 40 - 1).magnitude < 4 * (2.0 / 800).squareRoot())
    #expect(table[40 * 32..<41 * 32].allSatisfy { $0 == 0 })
  }

  @Test func unseenIsTheMeanOfDraws() {
    var stream = RandomStream(seed: 5, "unseen")
    let (samples, runs) = (60, 400)
    var inputs = [Int32](repeating: 0, count: samples)
    var targets = inputs
    var values: [Double] = []
    for _ in 0..<runs {
      certain.sample(samples, using: &stream, inputs: &inputs, targets: &targets)
      let seen = Set(inputs)
      var mass = certain.probabilities[40]
      for x in 0..<40 where !seen.contains(Int32(x)) { mass += certain.probabilities[x] }
      values.append(mass * certain.ignorance)
    }
    let mean = values.reduce(0, +) / Double(runs)
    let variance = values.map { ($0 - mean) * ($0 - mean) }.reduce(0, +) / Double(runs - 1)
    let error = (variance / Double(runs)).squareRoot()
    #expect((mean - certain.unseen(samples: samples)).magnitude < 3.5 * error)
    #expect(error < 0.01 * mean)
  }

  @Test(arguments: [1.35, 1.5])
  func finiteSizesApproachTheExponents(exponent: Double) {
    let world = ZipfAssociation(.init(exponent: exponent, inputs: 20_000, seed: 1))
    let size = log(world.truncation(facts: 100) / world.truncation(facts: 1000)) / log(10)
    #expect((size / world.sizeExponent - 1).magnitude < 0.01)
    let data = log(world.unseen(samples: 200) / world.unseen(samples: 2000)) / log(10)
    #expect((data / world.dataExponent - 1).magnitude < 0.02)
  }
}
