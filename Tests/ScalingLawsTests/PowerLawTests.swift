import Foundation
import Testing

@testable import ScalingLaws

struct PowerLawTests {
  struct Point {
    var width: Int
    var error: Float
  }

  @Test func aPlantedLineIsRecoveredFromIntegersAndFloats() throws {
    let points = [10, 100, 1000, 10000].map {
      Point(width: $0, error: Float(3 * pow(Double($0), -0.5)))
    }
    let fit = try PowerLaw.fit(points, x: \.width, y: \.error)
    #expect(relativeDifference(fit.law.exponent, 0.5) < 1e-6)
    #expect(relativeDifference(fit.law.coefficient, 3) < 1e-6)
    #expect(fit.rSquared > 0.999999)
    #expect(relativeDifference(fit.law(400), 0.15) < 1e-6)
    #expect(fit.search == nil && fit.floor == Estimate(0))
  }

  // From scipy.stats.linregress on the logarithms.
  @Test func standardErrorsAreThoseOfOrdinaryLeastSquares() throws {
    let points: [(x: Double, y: Double)] = [(1, 2), (2, 1.5), (4, 1.2), (8, 0.7), (16, 0.65)]
    let fit = try PowerLaw.fit(points, x: \.x, y: \.y)
    #expect(abs(fit.law.exponent - 0.4342512427) < 1e-9)
    #expect(abs(fit.exponentError - 0.0500964969) < 1e-9)
    #expect(abs(fit.logCoefficientError - 0.0850566834) < 1e-9)
    #expect(abs(fit.rSquared - 0.9616070511) < 1e-9)
    let half = StudentT.quantile(0.975, degrees: 3) * fit.exponentError
    #expect(abs(fit.exponent.high - fit.exponent.value - half) < 1e-9)
    #expect(relativeDifference(fit.coefficient.value, fit.law.coefficient) == 0)
  }

  @Test(arguments: [FitObjective.huber(), .absolute])
  func aRobustLineIgnoresAnOutlier(objective: FitObjective) throws {
    var runs = plantedCurve(floor: 0)
    runs[3].loss *= 5
    let robust = try PowerLaw.fit(runs, x: \.n, y: \.loss, objective: objective)
    #expect(abs(robust.law.exponent - 0.5) < 1e-3)
    let squared = try PowerLaw.fit(runs, x: \.n, y: \.loss)
    #expect(abs(squared.law.exponent - 0.5) > 0.02)
  }

  @Test(arguments: [FitObjective.huber(), .squared, .absolute])
  func aPlantedFloorIsRecovered(objective: FitObjective) throws {
    let fit = try PowerLawWithFloor.fit(
      plantedCurve(floor: 1), x: \.n, y: \.loss, objective: objective)
    #expect(abs(fit.law.floor - 1) < 1e-8)
    #expect(abs(fit.law.exponent - 0.5) < 1e-8)
    #expect(relativeDifference(fit.law.coefficient, 30) < 1e-7)
    #expect(fit.search?.converged == true)
  }

  @Test func aKnownFloorLeavesAStraightLine() throws {
    let fit = try PowerLawWithFloor.fit(
      plantedCurve(floor: 1), x: \.n, y: \.loss, floor: .known(1))
    #expect(fit.law.floor == 1 && !fit.floor.hasInterval)
    #expect(abs(fit.law.exponent - 0.5) < 1e-10)
  }

  @Test func aFloorLeftInTheDataBendsTheLine() throws {
    let runs = plantedCurve(floor: 1)
    let line = try PowerLaw.fit(runs, x: \.n, y: \.loss)
    #expect(line.law.exponent < 0.3)
    #expect(line.rSquared < 0.98)
  }

  @Test func aRiseHasANegativeExponentAndAWarning() throws {
    let fit = try PowerLaw.fit([1.0, 2, 4, 8], x: { $0 }, y: { 3 * $0 })
    #expect(abs(fit.law.exponent + 1) < 1e-12)
    #expect(
      fit.warnings.contains {
        if case .exponentNotPositive("alpha", _) = $0 { true } else { false }
      })
  }
}
