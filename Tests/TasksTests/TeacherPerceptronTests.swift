import Foundation
import Randomness
import Tasks
import Testing

struct TeacherPerceptronTests {
  @Test func theoryHasItsLimits() {
    // The sum of the examples: 1/√(2πα); the largest margin: 0.50/α.
    let sum = TeacherPerceptron.theoreticalError(.hebb, load: 1000)
    #expect(abs(sum * (2 * Double.pi * 1000).squareRoot() - 1) < 0.01)
    let margin = TeacherPerceptron.theoreticalError(.maximalStability, load: 200)
    #expect(abs(margin * 200 - 0.50) < 0.02)
    // Both begin by guessing.
    for rule in TeacherPerceptron.Rule.allCases {
      #expect(TeacherPerceptron.theoreticalError(rule, load: 0.01) > 0.4)
    }
  }

  @Test(arguments: TeacherPerceptron.Rule.allCases, [1.0, 4])
  func studentsErrAsTheorySays(rule: TeacherPerceptron.Rule, load: Double) throws {
    let world = TeacherPerceptron(dimensions: 60)
    let students = 10
    let errors = try (0..<students).map { student -> Double in
      var stream = RandomStream(seed: 1, "perceptron").split(student)
      return try world.error(rule, examples: Int(60 * load), using: &stream)
    }
    let mean = errors.reduce(0, +) / Double(students)
    let theory = TeacherPerceptron.theoreticalError(rule, load: load)
    #expect(abs(mean / theory - 1) < 0.08, "\(mean) against \(theory)")
  }

  @Test func theLargestMarginLearnsWhatItWasShown() throws {
    var stream = RandomStream(seed: 2, "perceptron")
    let few = try TeacherPerceptron(dimensions: 20).error(
      .maximalStability, examples: 20, using: &stream)
    let many = try TeacherPerceptron(dimensions: 20).error(
      .maximalStability, examples: 400, using: &stream)
    #expect(many < few)
    #expect(many > 0)
  }
}

struct FactPoolTests {
  @Test func aLargePoolFollowsItsPower() {
    let pool = FactPool(exponent: 1.5, facts: 100_000)
    #expect(abs(pool.probabilities.reduce(0, +) - 1) < 1e-12)
    #expect(abs(pool.localExponent(at: 1000) / pool.dataExponent - 1) < 0.05)
  }

  @Test func aSmallPoolSteepensWithoutEnd() {
    let pool = FactPool(exponent: 1.5, facts: 100)
    let slopes = [30.0, 300, 3000, 30_000].map { pool.localExponent(at: $0) }
    #expect(zip(slopes, slopes.dropFirst()).allSatisfy { $0 < $1 })
    #expect(slopes[3] > 2)
  }

  @Test func nothingAskedNothingKnown() {
    #expect(abs(FactPool(exponent: 2, facts: 10).unknown(after: 0) - 1) < 1e-12)
    #expect(FactPool(exponent: 2, facts: 1).unknown(after: 1) == 0)
  }
}
