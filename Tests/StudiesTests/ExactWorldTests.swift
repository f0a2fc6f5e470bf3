import Foundation
import Laboratory
import ScalingLaws
import Studies
import Tasks
import Testing

struct ExactWorldTests {
  @Test func theFrontierOfARegressionHasTheExponentsOfTheory() throws {
    let world = SpectralRegression(featureExponent: 1.5, targetExponent: 1.5, noise: 0.1)
    let points = try [12, 13, 14, 15].map {
      try SpectrumOptimum(world, doublings: $0).run(TrialContext())
    }
    let alpha = try PowerLaw.fit(points, x: \.size, y: \.excess).exponent.value
    let beta = try PowerLaw.fit(points, x: \.examples, y: \.excess).exponent.value
    #expect(abs(alpha / world.sizeExponent - 1) < 0.05)
    #expect(abs(beta / world.dataExponent - 1) < 0.05)
  }

  @Test func everySpectrumIsAskedAtEveryBudget() {
    let trials = SpectrumOptimum.trials(budgets: [14, 15])
    #expect(SpectrumOptimum.spectra.count == 7 && Set(trials).count == 14)
    // Theory's exponents hold where the target falls no faster than the features.
    #expect(SpectrumOptimum.spectra.allSatisfy { $0.targetExponent <= $0.featureExponent })
  }

  @Test func theBestSplitLiesInsideItsCells() throws {
    let world = SpectralRegression(featureExponent: 2, targetExponent: 1.5, noise: 0.1)
    let outcome = try SpectrumOptimum(world, doublings: 13).run(TrialContext())
    let sizes = outcome.cells.map { Double($0.size) }
    #expect(outcome.cells.count == 9)
    #expect(sizes.min()! < outcome.size && outcome.size < sizes.max()!)
    #expect(outcome.cells.allSatisfy { $0.excess >= outcome.excess * 0.999 })
    #expect(abs(outcome.size * outcome.examples / pow(2, 13) - 1) < 1e-12)
  }

  @Test func anAssociativeMemoryLosesWhatItHasNoRoomFor() throws {
    let definition = ZipfAssociation.Definition(
      exponent: 1.5, inputs: 64, outputs: 16, confusion: 0, seed: 1)
    let run = AssociationRun(association: definition, facts: 16, pairs: [1024, 8192], seed: 1)
    let outcome = try run.run(TrialContext())
    let lost = ZipfAssociation(definition).truncation(facts: 16)
    #expect(outcome.excess[1] < outcome.excess[0])
    #expect(outcome.excess[1] > lost, "no memory beats its size")
    #expect(outcome.excess[1] < 1.5 * lost)
  }

  @Test(arguments: [(0, [32]), (65, [32]), (8, [33]), (8, [0])])
  func wrongFactsAndPairsAreNamed(facts: Int, pairs: [Int]) throws {
    let run = AssociationRun(
      association: .init(exponent: 1.5, inputs: 64, seed: 1), facts: facts, pairs: pairs, seed: 1)
    #expect(throws: TrialInputError.self) { try run.run(TrialContext()) }
  }
}

struct PlaneTests {
  /// Cells of a law without noise, two seeds.
  static func cells(_ law: LossLaw) -> [PlaneCell] {
    var cells: [PlaneCell] = []
    for i in 0..<8 {
      for j in 0..<8 {
        for seed in [1, 2] as [UInt64] {
          let (n, d) = (1000 * pow(2, Double(i)), 10_000 * pow(2, Double(j)))
          let excess = law.excess(n: n, d: d) * (seed == 1 ? 1.001 : 0.999)
          cells.append(
            PlaneCell(
              n: n, d: d, excess: excess, floor: law.floor, seed: seed,
              isHeldOut: (i + 2 * j) % 3 == 0))
        }
      }
    }
    return cells
  }

  static let sum = LossLaw(
    .additive, floor: 2, sizeCoefficient: 20, alpha: 0.5, dataCoefficient: 30, beta: 0.4)

  @Test func theFormThatMadeTheCellsPredictsThemBest() throws {
    let added = try FormComparison("sum", Self.cells(Self.sum).overSeeds())
    #expect(added.sum.excessError < 1e-3)
    #expect(added.maximum.excessError > 0.03)
    var sharp = Self.sum
    sharp.form = .powerMean
    sharp.sharpness = 5
    let meant = try FormComparison("power mean", Self.cells(sharp).overSeeds())
    #expect(meant.ratio > 5)
    #expect(abs(meant.powerMean.law.sharpness - 5) < 0.2)
  }

  @Test func theScarcerOfSizeAndDataGainsMore() throws {
    let choices = try TenfoldChoice.all(
      Self.cells(Self.sum), sizes: [1000, 8000], amounts: [10_000, 80_000])
    #expect(choices.count == 4)
    let starvedOfSize = choices.first { $0.n == 1000 && $0.d == 80_000 }!
    let starvedOfData = choices.first { $0.n == 8000 && $0.d == 10_000 }!
    #expect(starvedOfSize.advantage.value > 1 && starvedOfSize.isResolved)
    #expect(starvedOfData.advantage.value < 1 && starvedOfData.isResolved)
  }

  @Test func pointsFromWhichTenfoldLeavesThePlaneAreLeftOut() throws {
    #expect(
      try TenfoldChoice.all(Self.cells(Self.sum), sizes: [100_000], amounts: [10_000]).isEmpty)
  }

  @Test func aSingleSeedResolvesNothing() throws {
    let one = Self.cells(Self.sum).filter { $0.seed == 1 }
    let choices = try TenfoldChoice.all(one, sizes: [1000], amounts: [80_000])
    #expect(choices.count == 1 && !choices[0].isResolved)
  }
}
