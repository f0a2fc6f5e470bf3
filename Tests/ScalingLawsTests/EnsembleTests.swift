import Foundation
import Testing

@testable import ScalingLaws

/// The truth lies in the 95 % interval in 90 to 99 of 100 repetitions.
///
/// The draws are numbers 0 to 99, as they come; none was picked.
struct CoverageTests {
  static let repetitions = 100
  static let band = 90...99

  static func hits(_ covered: @Sendable (Int) throws -> Bool) rethrows -> Int {
    try (0..<repetitions).count { try covered($0) }
  }

  @Test(arguments: [3, 5, 12])
  func seedsCoverTheExponentOfAPowerLaw(seeds: Int) throws {
    let hits = try Self.hits { draw in
      try PowerLaw.fit(
        plantedCurve(
          floor: 0, count: 8, seeds: seeds, scatter: 0.02, seedScatter: 0.02, draw: draw),
        x: \.n, y: \.loss, resampling: \.seed, uncertainty: Uncertainty(samples: 100)
      ).exponent.contains(0.5)
    }
    #expect(Self.band.contains(hits))
  }

  @Test func rowsCoverTheExponentOfAPowerLawWithFloor() throws {
    let hits = try Self.hits { draw in
      try PowerLawWithFloor.fit(
        plantedCurve(floor: 1, count: 24, scatter: 0.01, draw: draw), x: \.n, y: \.loss,
        starts: .spread(2), uncertainty: .rows(samples: 100)
      ).exponent.contains(0.5)
    }
    #expect(Self.band.contains(hits))
  }

  @Test func seedsCoverTheFloorOfAPowerLawWithFloor() throws {
    let hits = try Self.hits { draw in
      try PowerLawWithFloor.fit(
        plantedCurve(floor: 1, count: 10, seeds: 4, scatter: 0.01, seedScatter: 0.01, draw: draw),
        x: \.n, y: \.loss, resampling: \.seed, starts: .spread(2)
      ).floor.contains(1)
    }
    #expect(Self.band.contains(hits))
  }

  @Test(arguments: [FitObjective.huber(), .squared])
  func seedsCoverTheExponentOfTheAdditiveLaw(objective: FitObjective) throws {
    let hits = try Self.hits { draw in
      try LossLaw.fit(
        planted(side: 5, seeds: 4, scatter: 0.01, seedScatter: 0.005, draw: draw), n: \.n, d: \.d,
        loss: \.loss, resampling: \.seed, objective: objective, starts: .spread(1)
      ).alpha.contains(0.34)
    }
    #expect(Self.band.contains(hits))
  }

  @Test func residualsCoverTheExponentOfTheAdditiveLaw() throws {
    let hits = try Self.hits { draw in
      try LossLaw.fit(
        planted(side: 6, scatter: 0.01, draw: draw), n: \.n, d: \.d, loss: \.loss,
        objective: .squared, starts: .spread(1), uncertainty: .residuals(samples: 60)
      ).beta.contains(0.28)
    }
    #expect(Self.band.contains(hits))
  }

  @Test func plainPercentilesOfThreeSeedsCoverTooLittle() throws {
    let hits = try Self.hits { draw in
      try PowerLaw.fit(
        plantedCurve(floor: 0, count: 8, seeds: 3, scatter: 0.02, seedScatter: 0.02, draw: draw),
        x: \.n, y: \.loss, resampling: \.seed,
        uncertainty: Uncertainty(interval: .percentile, samples: 100)
      ).exponent.contains(0.5)
    }
    #expect(hits < 85)
  }
}

struct EnsembleTests {
  struct Sample: Sendable {
    var value: Double
    var seed: Int
  }

  static let samples = (0..<30).map { Sample(value: Double($0 * $0 % 17), seed: $0 % 5) }

  static func mean(_ samples: [Sample]) -> Double {
    samples.reduce(0) { $0 + $1.value } / Double(samples.count)
  }

  @Test func theJackknifeOfAMeanOfEqualGroupsIsStudentsInterval() throws {
    let ensemble = try Ensemble(of: Self.samples, resampling: \.seed) { Self.mean($0) }
    let means = (0..<5).map { seed in Self.mean(Self.samples.filter { $0.seed == seed }) }
    let expected = Estimate.mean(of: means)
    let found = ensemble.estimate { $0 }
    #expect(ensemble.interval == .jackknife)
    #expect(abs(found.low - expected.low) < 1e-12 && abs(found.high - expected.high) < 1e-12)
    let fits = try Ensemble(
      of: Self.samples, resampling: \.seed, uncertainty: Uncertainty(interval: .groupFits)
    ) { Self.mean($0) }.estimate { $0 }
    #expect(abs(fits.low - expected.low) < 1e-12)
  }

  @Test func theSameSeedDrawsTheSameResamples() throws {
    func estimate(_ seed: UInt64) throws -> Estimate {
      try Ensemble(
        of: Self.samples, resampling: \.seed,
        uncertainty: Uncertainty(interval: .percentile, seed: seed)
      ) { Self.mean($0) }.estimate { $0 }
    }
    #expect(try estimate(1) == estimate(1))
    #expect(try estimate(1) != estimate(2))
  }

  @Test func wholeGroupsAreDrawn() throws {
    // Every group holds its own number six times: a resample that split one would show other counts.
    let runs = (0..<30).map { Sample(value: Double($0 % 5), seed: $0 % 5) }
    let ensemble = try Ensemble(
      of: runs, resampling: \.seed, uncertainty: Uncertainty(interval: .percentile, samples: 50)
    ) { Dictionary(grouping: $0, by: \.seed).mapValues(\.count) }
    #expect(ensemble.replicates.allSatisfy { $0.values.allSatisfy { $0 % 6 == 0 } })
    #expect(ensemble.replicates.allSatisfy { $0.values.reduce(0, +) == 30 })
    #expect(Set(ensemble.replicates.map(\.count)).count > 1)
  }

  @Test func rowsAreDrawnWithinTheirGroup() throws {
    let ensemble = try Ensemble(
      of: Self.samples, resampling: \.seed, uncertainty: .rows(samples: 20)
    ) { Dictionary(grouping: $0, by: \.seed).mapValues(\.count) }
    #expect(ensemble.replicates.allSatisfy { $0.values.allSatisfy { $0 == 6 } && $0.count == 5 })
  }

  @Test func moreThanHalfFailedResamplesAreAnError() throws {
    struct Refusal: Error {}
    #expect(throws: FitError.self) {
      try Ensemble(
        of: Self.samples, resampling: \.seed, uncertainty: Uncertainty(interval: .jackknife)
      ) { runs in
        guard runs.count == 30 else { throw Refusal() }
        return Self.mean(runs)
      }
    }
    let some = try Ensemble(of: Self.samples, resampling: \.seed) { runs in
      guard runs.contains(where: { $0.seed == 2 }) else { throw Refusal() }
      return Self.mean(runs)
    }
    #expect(some.failed == 1 && some.replicates.count == 4)
  }

  @Test func oneGroupHasNoInterval() throws {
    let fit = try LossLaw.fit(
      planted(side: 4), n: \.n, d: \.d, loss: \.loss, resampling: \.seed, starts: .spread(1))
    #expect(!fit.alpha.hasInterval)
    #expect(fit.warnings.contains(.fewGroups(1)))
    #expect(throws: FitError.tooFewGroups(found: 1)) {
      try LossLaw.fit(
        planted(side: 4), n: \.n, d: \.d, loss: \.loss, resampling: \.seed, starts: .spread(1),
        uncertainty: Uncertainty(interval: .jackknife))
    }
  }

  @Test func anyQuantityOfALawHasAnInterval() throws {
    let fit = try LossLaw.fit(
      planted(side: 4, seeds: 3, scatter: 0.005), n: \.n, d: \.d, loss: \.loss, resampling: \.seed,
      starts: .spread(4))
    let far = fit.estimate { $0.loss(n: 1e12, d: 1e13) }
    let near = fit.estimate { $0.loss(n: 1e8, d: 1e9) }
    #expect(far.width > near.width && near.width > 0)
    #expect(far.contains(chinchilla.loss(n: 1e12, d: 1e13)))
    let gain = fit.gain(n: 1e9, d: 1e10)
    #expect(gain.size.contains(chinchilla.gain(n: 1e9, d: 1e10).size))
    #expect(fit.optimalSizeExponent.contains(chinchilla.optimalSizeExponent))
    // A quantity that is nowhere finite has the whole line as its interval.
    #expect(fit.estimate { _ in .nan }.high == .infinity)
  }
}

struct BiasCorrectionTests {
  static func ensemble(_ values: [Double], center: Double) -> Ensemble<Double> {
    Ensemble(
      law: center, replicates: values, interval: .biasCorrected, units: 100, degrees: 95,
      level: 0.95)
  }

  static let values = (0..<1000).map { Double($0) }

  @Test func resamplesAroundTheEstimateGivePlainPercentiles() {
    let interval = Self.ensemble(Self.values, center: 499.5).estimate { $0 }
    #expect(abs(interval.low - 999 * 0.025) < 0.5 && abs(interval.high - 999 * 0.975) < 0.5)
  }

  @Test func resamplesThatLieTooHighShiftTheIntervalDown() {
    // A third of the resamples lie below: z0 = -0.4307, tails at Φ(2 z0 ± 1.96).
    let interval = Self.ensemble(Self.values, center: 333).estimate { $0 }
    #expect(abs(interval.low - 999 * 0.00239) < 1 && abs(interval.high - 999 * 0.8639) < 2)
  }

  @Test func aBiasBeyondOneDeviationKeepsTheEstimateInside() {
    let interval = Self.ensemble(Self.values, center: -50).estimate { $0 }
    #expect(interval.low == -50 && interval.high > 300)
  }
}
