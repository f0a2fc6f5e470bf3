import Foundation
import Laboratory
import Tasks
import Testing
import Trainer

@testable import Studies

struct ProtocolRunTests {
  static let language = LanguageRunTests.language

  @Test func aScheduledRunAtAConstantRateReadsTheTrunk() throws {
    let trunk = try LanguageRunTests.outcome([10, 20, 40])
    let run = ScheduledRun(
      language: Self.language, width: 8, steps: [10, 20],
      schedule: .constant(rate: LanguageGrid.rate, warmup: 30), seed: 1)
    let outcome = try run.run(TrialContext())
    #expect(outcome.branches.map(\.excess) == trunk.branches.prefix(2).map(\.uncooledExcess))
    #expect(outcome.parameters == trunk.parameters)
  }

  @Test func aFixedCosineReadMidwayIsNoFinishedRun() throws {
    let run = ScheduledRun(
      language: Self.language, width: 8, steps: [40, 80],
      schedule: .cosine(rate: LanguageGrid.rate, warmup: 5, steps: 80, floor: 0), seed: 1)
    let outcome = try run.run(TrialContext())
    #expect(outcome.branches[1].excess < outcome.branches[0].excess)
    #expect(outcome.branches[1].tokens == 80 * LanguageRun.tokensPerStep)
  }

  @Test func theFirstReadingOfAPoolIsFreshText() throws {
    let unique = 20 * LanguageRun.tokensPerStep
    let run = RepeatedRun(
      language: Self.language, width: 8, unique: unique, epochs: [1, 2], seed: 1)
    let outcome = try run.run(TrialContext())
    let fresh = try LanguageRunTests.outcome([20, 40])
    #expect(outcome.excess[0] == fresh.branches[0].excess)
    // The second reading sees the same text again, so it is another run than fresh text.
    #expect(outcome.excess[1] != fresh.branches[1].excess)
    #expect(outcome.entropy == fresh.entropy)
  }

  @Test(arguments: [(100, [1]), (0, [1]), (256, [2, 1]), (256, [])])
  func wrongPoolsAndEpochsAreNamed(unique: Int, epochs: [Int]) {
    let run = RepeatedRun(
      language: Self.language, width: 8, unique: unique, epochs: epochs, seed: 1)
    #expect(throws: TrialInputError.self) { try run.run(TrialContext()) }
  }

  @Test func aDearRunIsTheRunItWraps() throws {
    let run = LanguageRun(language: Self.language, width: 8, steps: [20], seed: 1)
    let dear = DearRun(run)
    #expect(
      try dear.run(TrialContext()).branches[0].excess
        == (try run.run(TrialContext())).branches[0].excess)
    #expect(dear.flops == run.flops && dear.trainingTokens == run.trainingTokens)
  }

  @Test func studentsOfOneSeedAreTheSameAndDifferFromEachOther() throws {
    func errors(seed: UInt64) throws -> [Double] {
      try PerceptronRun(
        rule: .hebb, dimensions: 10, examples: 20, students: 3, seed: seed
      ).run(TrialContext()).errors
    }
    let first = try errors(seed: 1)
    #expect(try errors(seed: 1) == first)
    #expect(try errors(seed: 2) != first)
    #expect(Set(first).count == 3)
    #expect(throws: TrialInputError.self) {
      try PerceptronRun(rule: .hebb, dimensions: 1, examples: 20, students: 3, seed: 1)
        .run(TrialContext())
    }
  }

  @Test func aNarrowWidthEndsEarlier() {
    let models = LanguageGrid.Models(widths: [8, 16], narrow: (4, 2), seeds: 2)
    let trials = models.trials(.init(seed: 1), doublings: 6)
    #expect(Set(trials.map(\.width)) == [4, 8, 16])
    #expect(trials.allSatisfy { !$0.steps.isEmpty })
    #expect(trials.filter { $0.width == 4 }.allSatisfy { $0.steps.count == 3 })
    #expect(trials.count == 6)
    // The widths beside are trained as without it, so that the store has one run for both.
    let plain = LanguageGrid.trials(
      language: .init(seed: 1), widths: [8, 16], seeds: 2, doublings: 6)
    #expect(trials.filter { $0.width > 4 } == plain)
  }

  @Test func theRateIsInteriorWhereItsNeighboursAreWorse() {
    let check = RateCheck(
      zip(RateCheck.rates, [0.5, 0.4, 0.3, 0.35]).map { (width: 8, rate: $0, excess: $1) }
        + zip(RateCheck.rates, [0.5, 0.4, 0.3, 0.2, 0.1]).map { (width: 16, rate: $0, excess: $1) })
    #expect(check.isInterior(width: 8), "the last rate diverged")
    #expect(!check.isInterior(width: 16), "the last rate is best")
    #expect(!check.isInterior(width: 32), "nothing was run")
    #expect(check.excess(rate: LanguageGrid.rate, width: 8) == 0.3)
    #expect(check.excess(rate: RateCheck.rates[4], width: 8) == nil)
    let trials = RateCheck.trials(widths: [8, 16], steps: 100)
    #expect(trials.count == 10 && trials.allSatisfy { $0.steps == [100] })
    #expect(trials.contains { $0.rate == LanguageGrid.rate && $0.width == 16 })
  }
}

struct RepetitionTests {
  /// Excess after so many readings: fresh text falls with a power; repeating is worth half.
  static func repetition(_ unique: Int) -> Repetition {
    let curve = (0..<12).map { step in
      let tokens = 1000 * Double(1 << step)
      return (tokens: tokens, log: -0.5 * log(tokens))
    }
    let epochs = [1, 2, 4]
    let seeds = [0.999, 1, 1.001].map { factor in
      (
        epochs: epochs,
        excess: epochs.map { epoch -> Double in
          let worth = Double(unique) * (1 + 0.5 * Double(epoch - 1))
          return factor / worth.squareRoot() * (epoch == 4 ? 1.5 : 1)
        }
      )
    }
    return Repetition(unique: unique, seeds, curve)
  }

  @Test func worthAndHarmAreRead() throws {
    let repetition = Self.repetition(4000)
    let second = repetition.readings[1]
    #expect(abs(try #require(second.freshTokens) / 6000 - 1) < 0.01)
    #expect(repetition.best.epochs == 2)
    #expect(repetition.helpful == 2)
    #expect(repetition.readings[0].step == nil)
    #expect(second.ratio.high < 1)
    #expect(second.tokens == 8000)
    #expect(abs(try #require(second.worth) / 0.75 - 1) < 0.01)
    // One reading is worth itself; the formula saturates at 1 + R* pools.
    #expect(repetition.readings[0].promised == 4000)
    #expect(second.promised > 7800 && second.promised < 8000)
  }
}
