import Foundation
import Randomness
import Testing

@testable import ScalingLaws

struct IsoFLOPTests {
  static let law = LossLaw(
    floor: 1.8172, sizeCoefficient: 482.01, alpha: 0.3478, dataCoefficient: 2085.43, beta: 0.3658)

  /// `count` sizes within a factor of four of the best, at budgets half a decade apart.
  static func runs(count: Int = 9, scatter: Double = 0, draw: Int = 0) -> [PlantedRun] {
    var stream = RandomStream(seed: UInt64(draw), "isoFLOP")
    return (0..<7).flatMap { step -> [PlantedRun] in
      let compute = 1e18 * pow(10, Double(step) / 2)
      let best = law.optimum(compute: compute)!.n
      return (0..<count).map { index in
        let n = best * pow(4, 2 * Double(index) / Double(count - 1) - 1.1)
        let d = compute / 6 / n
        return PlantedRun(
          n: n, d: d, loss: law.loss(n: n, d: d) * exp(scatter * stream.normal()))
      }
    }
  }

  static func fit(_ runs: [PlantedRun], samples: Int = 200) throws -> IsoFLOPFit {
    try IsoFLOPFit(
      runs, n: { $0.n }, d: { $0.d }, loss: { $0.loss }, samples: samples)
  }

  @Test func minimaLieWhereTheLawHasThem() throws {
    let fit = try Self.fit(Self.runs())
    #expect(fit.profiles.count == 7 && fit.used.count == 7)
    for profile in fit.used {
      let best = Self.law.optimum(compute: profile.compute)!
      #expect(abs(profile.size / best.n - 1) < 0.05)
      #expect(abs(profile.loss / best.loss - 1) < 1e-3)
    }
    #expect(abs(fit.powers.sizeExponent - Self.law.optimalSizeExponent) < 0.005)
    #expect(abs(fit.powers.sizeExponent + fit.powers.dataExponent - 1) < 1e-9)
    #expect(abs(fit.powers.size(compute: 1e20) / Self.law.optimum(compute: 1e20)!.n - 1) < 0.05)
    #expect(fit.exponentsWithoutOne.count == 7)
  }

  @Test func intervalsHoldTheTruthMostly() throws {
    let held = try (0..<60).count { draw in
      try Self.fit(Self.runs(scatter: 0.005, draw: draw), samples: 100)
        .estimate { $0.sizeExponent }.contains(Self.law.optimalSizeExponent)
    }
    #expect(held >= 52)
  }

  @Test func minimaBeyondTheSizesAreLeftOut() throws {
    // Only small models at the last two budgets.
    let runs = Self.runs()
    let small = runs.filter { run in
      let compute = 6 * run.n * run.d
      return compute < 2e20 || run.n < 0.7 * Self.law.optimum(compute: compute)!.n
    }
    let fit = try Self.fit(small)
    #expect(fit.used.count == 5)
    #expect(fit.profiles.filter { $0.verdict == .aboveLargest }.count == 2)
    #expect(fit.profiles[6].size.isNaN)
  }

  @Test func runsWithoutBudgetsHaveNoMinima() {
    #expect(throws: TooFewMinima.self) { try Self.fit(planted(side: 2)) }
    #expect(throws: TooFewMinima(budgets: 1, interior: 1)) {
      try Self.fit(Array(Self.runs().prefix(9)))
    }
  }

  @Test func budgetsAreGroupedByTolerance() {
    #expect(
      isoFLOPBudgets(compute: [100, 1, 104, 1.04, 110]) == [[1, 3], [0, 2], [4]])
    #expect(isoFLOPBudgets(compute: []) == [])
  }
}

struct EnvelopeTests {
  /// Curves of a law without a schedule: every point is what a run of that length reaches.
  static func points(sizes: Int = 25) -> [Envelope.Point] {
    (0..<sizes).flatMap { index -> [Envelope.Point] in
      let n = 1e7 * pow(10, 3 * Double(index) / Double(sizes - 1))
      return (0..<60).map { step in
        let d = 1e8 * pow(10, 4 * Double(step) / 59)
        return Envelope.Point(
          run: index, unit: index, n: n, d: d, loss: IsoFLOPTests.law.loss(n: n, d: d))
      }
    }
  }

  @Test func theEnvelopeOfExactCurvesHasTheLawsExponent() throws {
    let envelope = try Envelope(Self.points())
    #expect(envelope.runs == 25 && envelope.runsOnEnvelope > 15)
    #expect(abs(envelope.powers.sizeExponent - IsoFLOPTests.law.optimalSizeExponent) < 0.03)
    #expect(envelope.estimate { $0.sizeExponent }.hasInterval)
    for best in envelope.best {
      #expect(best.loss <= IsoFLOPTests.law.loss(n: best.n, d: best.d) * 1.001)
    }
  }

  @Test func theSmallestAndTheLargestRunAreNoMinimum() throws {
    let envelope = try Envelope(Self.points(sizes: 6))
    #expect(envelope.atEdge > 0)
    #expect(envelope.best.allSatisfy { $0.n > 1.01e7 && $0.n < 0.99e10 })
    #expect(throws: TooFewMinima.self) { try Envelope(Self.points(sizes: 2)) }
  }
}

struct LaneMathTests {
  @Test func expAndLogAreWithinTwoUnitsOfTheLibrary() {
    for step in 0..<20000 {
      let x = -700 + 1400 * Double(step) / 19999
      let e = LaneMath.exp(Lanes(repeating: x))[3]
      #expect(abs(e - exp(x)) <= 2 * exp(x).ulp)
      let positive = exp(x)
      let l = LaneMath.log(Lanes(repeating: positive))[5]
      #expect(abs(l - log(positive)) <= 2 * max(log(positive).ulp, 1e-16))
    }
  }
}

struct NarrowingTests {
  @Test(arguments: [FitObjective.huber(), .huber(delta: 0.1), .squared])
  func narrowingFindsTheMinimumOfQuasiNewton(objective: FitObjective) throws {
    for draw in 0..<3 {
      let runs = planted(scatter: 0.01, draw: draw)
      func fit(_ method: SearchMethod) throws -> LossFit {
        try LossLaw.fit(
          runs, n: \.n, d: \.d, loss: \.loss, objective: objective, starts: .spread(12),
          method: method)
      }
      let (quick, slow) = (try fit(.narrowing), try fit(.quasiNewton))
      #expect(quick.search.objective <= slow.search.objective * (1 + 1e-9))
      #expect(quick.search.converged && quick.search.agreeing > 6)
      #expect(abs(quick.law.alpha - slow.law.alpha) < 1e-4)
    }
  }

  @Test func aLawWithABreakIsRecovered() throws {
    let law = LossLaw(
      .broken, floor: 1.5, sizeCoefficient: 400, alpha: 0.34, dataCoefficient: 2000, beta: 0.36,
      bend: LossLaw.Break(change: -0.2, data: 3e9, width: 0.3))
    let fit = try LossLaw.fit(
      planted(law, side: 10), n: \.n, d: \.d, loss: \.loss, form: .broken, starts: .spread(24))
    #expect(fit.search.objective < 1e-9)
    #expect(relativeDifference(fit.law.loss(n: 1e9, d: 1e10), law.loss(n: 1e9, d: 1e10)) < 1e-5)
  }

  @Test func kaplansLawIsRecovered() throws {
    let law = LossLaw(
      .kaplan, floor: 0, sizeCoefficient: 11, alpha: 0.076, dataCoefficient: 23, beta: 0.103)
    let fit = try LossLaw.fit(
      planted(law), n: \.n, d: \.d, loss: \.loss, form: .kaplan, starts: .spread(24))
    #expect(relativeDifference(fit.law.alpha, 0.076) < 1e-5)
    #expect(relativeDifference(fit.law.beta, 0.103) < 1e-5)
  }
}
