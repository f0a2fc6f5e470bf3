import Laboratory
import Tasks
import Testing
import Trainer

@testable import Studies

struct LanguageRunTests {
  static let language = MarkovLanguage.Definition(
    vocabulary: 12, amplitudes: [0.8, 1.2], seed: 3)

  static func outcome(_ steps: [Int], seed: UInt64 = 1) throws -> LanguageRun.Outcome {
    try LanguageRun(language: language, width: 8, steps: steps, seed: seed).run(TrialContext())
  }

  @Test func aBranchDoesNotDependOnItsSiblings() throws {
    let alone = try Self.outcome([20])
    let among = try Self.outcome([10, 20, 30])
    #expect(alone.branches[0].excess == among.branches[1].excess)
    #expect(alone.branches[0].uncooledExcess == nil)
    #expect(among.branches[2].uncooledExcess == nil)
    #expect(among.branches[0].uncooledExcess != nil)
  }

  @Test func theSameTrialGivesTheSameBitsAndAnotherSeedOthers() throws {
    let first = try Self.outcome([20])
    let second = try Self.outcome([20])
    let other = try Self.outcome([20], seed: 2)
    #expect(first.branches[0].excess == second.branches[0].excess)
    #expect(first.branches[0].excess != other.branches[0].excess)
  }

  @Test func trainingApproachesTheFloorFromAbove() throws {
    let outcome = try Self.outcome([10, 80])
    #expect(outcome.branches[1].excess > 0)
    #expect(outcome.branches[1].excess < outcome.branches[0].excess)
    let truth = MarkovLanguage(Self.language).irreducibleLoss
    #expect(outcome.entropy == truth)
  }

  @Test func parametersAndTokensAreCountedAsStated() throws {
    let run = LanguageRun(
      language: MarkovLanguage.Definition(seed: 1), width: 64, steps: [100], seed: 1)
    // 2 V d + 12 d² + H T.
    #expect(run.parameters == 2 * 64 * 64 + 12 * 64 * 64 + 4 * 32)
    #expect(run.trainingTokens == 100 * 256)
  }

  @Test func aDivergingRunNamesItsStep() throws {
    let run = LanguageRun(
      language: Self.language, width: 8, steps: [50], rate: 1e30, seed: 1)
    #expect {
      try run.run(TrialContext())
    } throws: { error in
      guard case TrainingError.diverged(let step, _)? = error as? TrainingError else {
        return false
      }
      return step > 0
    }
  }

  @Test func aWidthThatHeadsDoNotDivideIsNamed() throws {
    let run = LanguageRun(language: Self.language, width: 30, steps: [10], seed: 1)
    #expect {
      try run.run(TrialContext())
    } throws: { error in
      (error as? ConfigurationError)?.field == "width"
    }
    #expect(run.parameters == 0 && run.flops == 0)
  }

  @Test(arguments: [[], [0], [20, 10], [10, 10]])
  func stepsMustAscend(steps: [Int]) throws {
    #expect {
      try Self.outcome(steps)
    } throws: { error in
      (error as? TrialInputError)?.field == "steps"
    }
  }
}

struct LanguageGridTests {
  @Test func stepsAreBudgetsWithinRange() {
    let steps = LanguageGrid.steps(parameters: 1920, doublings: 13)
    #expect(steps.first == 102 && steps.last == 13_021)
    #expect(zip(steps, steps.dropFirst()).allSatisfy { abs(Double($1) / Double($0) - 2) < 0.02 })
    #expect(LanguageGrid.steps(parameters: 213_120, doublings: 10) == [117, 235, 469, 938])
  }

  @Test func theFrontierKeepsCellsAroundTheBest() {
    let cells = [1000, 2000, 4000, 8000, 16_000].map { n in
      // One budget with its best size at 4000.
      LanguageGrid.Cell(
        draw: 1, seed: 1, width: n, doublings: 0, parameters: n, tokens: 64_000_000 / n,
        entropy: 2, excess: n == 4000 ? 0.1 : 0.2, uncooledExcess: nil)
    }
    #expect(LanguageGrid.nearFrontier(cells, factor: 4).map(\.parameters) == [2000, 4000, 8000])
    #expect(LanguageGrid.nearFrontier(cells, factor: 1.5).map(\.parameters) == [4000])
  }

  @Test func excessBetweenBudgetsIsReadOnALogarithmicLine() throws {
    let cells = [(10_000.0, 0.4), (40_000.0, 0.1)].map {
      PlaneCell(n: 100, d: $0.0, excess: $0.1, floor: 2)
    }
    let found = try LanguageGrid.excess(at: 20_000, in: cells)
    #expect(found.count == 1 && abs(found[0].excess - 0.2) < 1e-12)
    #expect(try LanguageGrid.excess(at: 50_000, in: cells).isEmpty)
  }
}
