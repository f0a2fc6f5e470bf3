import Laboratory
import Tasks
import Testing
import Trainer

@testable import Studies

struct ReasoningRunTests {
  static func run(
    _ mode: AnswerMode, _ steps: [Int] = [20], tested: Int? = nil, seed: UInt64 = 1
  ) -> ReasoningRun {
    ReasoningRun(
      .cups, mode, width: 16, layers: 1, problems: 300, trained: 2, tested: tested, steps: steps,
      seed: seed)
  }

  static func text(_ outcome: ReasoningRun.Outcome) throws -> String {
    try CanonicalJSON.encode(outcome)
  }

  @Test(arguments: AnswerMode.allCases)
  func everyModeIsTrainedAndScored(mode: AnswerMode) throws {
    let outcome = try Self.run(mode, [10, 20]).run(TrialContext())
    #expect(outcome.branches.map(\.steps) == [10, 20])
    #expect(outcome.trunkLoss.count == 20)
    #expect((outcome.intervention != nil) == mode.isWritten)
    for branch in outcome.branches {
      #expect(branch.flops == Double(branch.steps) * Self.run(mode).flopsPerStep)
      #expect(branch.scores.map(\.length) == [1, 2])
      #expect(branch.scores.map(\.problems) == [12, 125])
      for score in branch.scores where mode.isWritten {
        // Every answer is right, or some step or the end is wrong; a step may be made good again.
        let wrong = score.firstWrong.reduce(0, +)
        #expect(wrong >= score.problems - score.right)
        #expect(wrong - score.recovered == score.problems - score.right)
      }
    }
  }

  @Test func aBranchDoesNotDependOnItsSiblings() throws {
    let alone = try Self.run(.steps, [20]).run(TrialContext())
    let among = try Self.run(.steps, [8, 20, 30]).run(TrialContext())
    let (one, other) = (alone.branches[0], among.branches[1])
    #expect(try CanonicalJSON.encode(one) == CanonicalJSON.encode(other))
  }

  @Test func theSameTrialGivesTheSameOutcomeAndAnotherSeedAnother() throws {
    let first = try Self.text(Self.run(.steps).run(TrialContext()))
    #expect(try Self.text(Self.run(.steps).run(TrialContext())) == first)
    #expect(try Self.text(Self.run(.steps, seed: 2).run(TrialContext())) != first)
  }

  @Test func stepsOfTwoOperationsAreLearned() throws {
    let outcome = try Self.run(.steps, [1000]).run(TrialContext())
    let score = outcome.branches[0].scores[1]
    #expect(score.accuracy > 0.9, "\(score)")
    #expect(outcome.parameters == Self.run(.steps).parameters)
  }

  @Test func longerTestProblemsGetRoomAndTheSignBehindThem() throws {
    let run = Self.run(.steps, tested: 4)
    #expect(run.format.room == 5 && run.format.longest == 4)
    #expect(try run.run(TrialContext()).branches[0].scores.map(\.length) == [1, 2, 3, 4])
    #expect(Self.run(.steps).format.room == 2)
  }

  @Test func answeringIsCountedTokenByToken() {
    let run = ReasoningRun(.cups, .steps, width: 32, layers: 2, steps: [1], seed: 1)
    // 18 positions: 2 · 12 · d² and the logits for each, 4 d for each of 171 visible pairs a layer.
    let matrices = 18.0 * Double(2 * 12 * 1024 * 2 + 2 * 32 * 19)
    #expect(run.answerFlops(length: 8) == matrices + 4 * 32 * 171 * 2)
    let direct = ReasoningRun(.cups, .direct, width: 32, layers: 2, steps: [1], seed: 1)
    #expect(direct.answerFlops(length: 8) == direct.answerFlops(length: 1))
  }

  @Test func unusableTrialsSayWhatIsWrong() {
    #expect(throws: TrialInputError.self) { try Self.run(.steps, []).run(TrialContext()) }
    #expect(throws: TrialInputError.self) { try Self.run(.steps, [20, 10]).run(TrialContext()) }
    #expect(throws: TrialInputError.self) {
      try Self.run(.steps, tested: 1).run(TrialContext())
    }
    let odd = ReasoningRun(.cups, .steps, width: 15, steps: [20], seed: 1)
    #expect(throws: ConfigurationError.self) { try odd.run(TrialContext()) }
  }
}

struct ProblemStreamTests {
  @Test func everyLengthHasItsShareAndNoProblemComesTwiceInAnEpoch() throws {
    // Two groups of 3 and 8 sequences of one token; each says who it is.
    let groups = [0..<3, 3..<11].map { range in
      ProblemStream.Group(tokens: range.map { Int32($0) }, targets: range.map { Int32($0) })
    }
    let model = try Transformer(
      TransformerConfiguration(
        vocabulary: 11, context: 1, width: 4, heads: 1, positions: .none))
    func losses(_ groups: [ProblemStream.Group]) throws -> [Float] {
      let run = try TrainingRun(
        model: model, optimizer: .adamW(), schedule: .constant(rate: 0.01), seed: 1,
        sequencesPerBatch: 6)
      var stream = ProblemStream(groups, context: 1, sequencesPerBatch: 6, seed: 1)
      return try stream.train(run, until: 4) + stream.train(run, until: 8)
    }
    #expect(try losses(groups) == losses(groups))
    let empty = ProblemStream.Group(tokens: [], targets: [])
    #expect(try losses([groups[0], empty, groups[1]]) == losses(groups))
    var stream = ProblemStream(groups, context: 1, sequencesPerBatch: 6, seed: 1)
    var seen: [Int32] = []
    for step in 0..<8 { seen += stream.batch(step: step).tokens }
    #expect(seen.count { $0 < 3 } == 24)
    for token: Int32 in 0..<11 { #expect(seen.count { $0 == token } == (token < 3 ? 8 : 3)) }
  }
}

struct SearchRunTests {
  @Test(arguments: MazeFormat.Mode.allCases)
  func everyWayOfWritingIsTrainedAndScored(mode: MazeFormat.Mode) throws {
    let maze = DoorMaze(doors: 2, longest: 3)
    let run = SearchRun(maze, mode, width: 16, problems: 300, steps: [10, 20], seed: 1)
    let outcome = try run.run(TrialContext())
    #expect(outcome.branches.map(\.steps) == [10, 20])
    #expect(outcome.parameters == run.parameters)
    for branch in outcome.branches {
      #expect(branch.accuracies.count == 3)
      #expect(branch.accuracies.allSatisfy { (0...1).contains($0) })
      #expect(branch.tokensRead.allSatisfy { $0 >= Double(run.format.questionLength) })
    }
    #expect(try CanonicalJSON.encode(run.run(TrialContext())) == CanonicalJSON.encode(outcome))
  }
}

struct SeedSharesTests {
  @Test func sharesAreComparedSeedBySeed() {
    let writing: SeedShares = [1: 0.9, 2: 0.7, 3: 0.8]
    let direct: SeedShares = [1: 0.4, 2: 0.2, 4: 0.9]
    // Seeds 1 and 2 are shared, and there the difference is the same: its interval has no width.
    let ahead = writing.ahead(of: direct)
    #expect(abs(ahead.value - 0.5) < 1e-12 && ahead.width < 1e-12)
    #expect(abs(writing.mean.value - 0.8) < 1e-12)
    #expect(writing[4] == nil && direct[4] == 0.9)
  }

  @Test func theIntervalOfAShareEndsWhereASharesDo() {
    let shares: SeedShares = [1: 0.99, 2: 0.8, 3: 1]
    #expect(shares.mean.high > 1)
    #expect(shares.share.high == 1 && shares.share.low == shares.mean.low)
    #expect(SeedShares([:]).isEmpty)
  }
}
