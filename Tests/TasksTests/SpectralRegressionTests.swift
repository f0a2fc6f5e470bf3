import Foundation
import Randomness
import Tasks
import Testing

@Suite struct SpectralRegressionTests {
  let world = SpectralRegression(featureExponent: 1.5, targetExponent: 1.4, noise: 0.1)

  /// The recursion in matrix form, as it stands in textbooks: one feature after the other, in the
  /// second moments `m_i = E(w_i − θ_i)²`.
  func naiveEstimation(
    _ world: SpectralRegression, size: Int, samples: Int, rate: Double
  ) -> Double {
    let variances = (1...size).map { pow(Double($0), -world.featureExponent) }
    var moments = (1...size).map { pow(Double($0), world.featureExponent - world.targetExponent) }
    let trace = variances.reduce(0, +)
    for t in 0..<samples {
      let e = rate / trace * (1 - Double(t) / Double(samples))
      let residual =
        zip(variances, moments).map { $0 * $1 }.reduce(0, +) + world.noise
        + world.truncation(size: size)
      for (i, l) in variances.enumerated() {
        moments[i] = (1 - 2 * e * l + 2 * e * e * l * l) * moments[i] + e * e * l * residual
      }
    }
    return zip(variances, moments).map { $0 * $1 }.reduce(0, +)
  }

  @Test(arguments: [(1, 10), (7, 100), (8, 33), (21, 64)])
  func expectedRiskEqualsTheNaiveRecursion(size: Int, samples: Int) {
    let risk = world.expectedRisk(size: size, samples: samples)
    let naive = naiveEstimation(world, size: size, samples: samples, rate: 0.4)
    #expect((risk.estimation / naive - 1).magnitude < 1e-12)
    #expect(risk.irreducible == 0.1)
    #expect(risk.total == 0.1 + risk.excess)
  }

  @Test func expectedRiskIsTheSameOnEveryMachine() {
    let risk = world.expectedRisk(size: 19, samples: 50)
    #expect(risk.estimation.bitPattern == 4_603_741_196_068_272_144)
    #expect(risk.truncation.bitPattern == 4_605_037_829_256_273_069)
  }

  @Test func sampledRiskAgreesWithTheExpectedOne() {
    var stream = RandomStream(seed: 1, "sampled risk")
    let runs = 400
    let values = (0..<runs).map { _ in
      world.sampledRisk(size: 6, samples: 40, using: &stream).estimation
    }
    let mean = values.reduce(0, +) / Double(runs)
    let variance = values.map { ($0 - mean) * ($0 - mean) }.reduce(0, +) / Double(runs - 1)
    let error = (variance / Double(runs)).squareRoot()
    let expected = world.expectedRisk(size: 6, samples: 40).estimation
    #expect((mean - expected).magnitude < 3 * error)
    // The test can fail: the error is small beside what is compared.
    #expect(error < 0.03 * expected)
  }

  @Test func noExamplesLeaveTheWholeSignal() {
    let risk = world.expectedRisk(size: 9, samples: 0)
    let whole = world.truncation(size: 0)
    #expect((risk.excess - whole).magnitude < 1e-12 * whole)
  }

  @Test func truncationIsTheSumOfTheTail() {
    // ζ(2) = π²/6, ζ(4) = π⁴/90, and one term less each time.
    let square = SpectralRegression(featureExponent: 2, targetExponent: 2, noise: 0)
    let fourth = SpectralRegression(featureExponent: 2, targetExponent: 4, noise: 0)
    #expect((square.truncation(size: 0) / (Double.pi * .pi / 6) - 1).magnitude < 2e-15)
    #expect((fourth.truncation(size: 0) / (pow(.pi, 4) / 90) - 1).magnitude < 2e-15)
    for size in [1, 3, 30, 1000] {
      let difference = world.truncation(size: size - 1) - world.truncation(size: size)
      let term = pow(Double(size), -1.4)
      #expect((difference - term).magnitude < 1e-13 * world.truncation(size: size))
    }
  }

  @Test(arguments: [(1.5, 1.5), (2.0, 1.5)])
  func slopesNearTheLimitsAreThoseOfTheory(b: Double, c: Double) {
    let world = SpectralRegression(featureExponent: b, targetExponent: c, noise: 0.01)
    // Infinitely many examples: the truncation alone.
    let size = log(world.truncation(size: 100) / world.truncation(size: 400)) / log(4)
    #expect((size / world.sizeExponent - 1).magnitude < 0.01)
    // Many more features than the examples can teach.
    let few = world.expectedRisk(size: 96, samples: 48).excess
    let many = world.expectedRisk(size: 96, samples: 192).excess
    let data = log(few / many) / log(4)
    #expect((data / world.dataExponent - 1).magnitude < 0.12)
  }

  @Test func moreIsNeverWorseInExpectation() {
    var last = Double.infinity
    for size in [4, 8, 16] {
      let excess = world.expectedRisk(size: size, samples: 300).excess
      #expect(excess < last)
      last = excess
    }
    last = .infinity
    for samples in [10, 40, 160] {
      let excess = world.expectedRisk(size: 8, samples: samples).excess
      #expect(excess < last)
      last = excess
    }
  }
}
