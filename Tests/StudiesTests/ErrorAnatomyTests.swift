import Randomness
import Tasks
import Testing

@testable import Studies

struct ErrorAnatomyTests {
  /// The score of chains that slip with probability `slip`, as the judge of written steps counts.
  static func score(
    _ task: SerialTask, slip: Double, length: Int, problems: Int
  ) -> ReasoningRun.Score {
    let format = AnswerFormat(task, .steps, room: length, longest: length)
    var random = RandomStream(seed: 7, "slips")
    var score = ReasoningRun.Score(
      length: length, problems: problems, right: 0,
      firstWrong: [Int](repeating: 0, count: length + 1))
    for _ in 0..<problems {
      let problem = SerialProblem(
        start: random.uniform(below: task.states),
        operations: (0..<length).map { _ in random.uniform(below: task.operations) })
      var state = problem.start
      var written: [Int32] = []
      for operation in problem.operations {
        state = task.apply(operation, to: state)
        if Double(random.uniform(below: 1000)) < 1000 * slip {
          state = (state + 1 + random.uniform(below: task.states - 1)) % task.states
        }
        written.append(Int32(state))
      }
      let steps = WrittenSteps(written + [format.end], of: problem, format: format)
      if steps.isRight { score.right += 1 }
      guard let first = steps.firstWrong else { continue }
      score.firstWrong[first - 1] += 1
      score.consistent += steps.consistent
      score.returned += steps.returned
      score.astray += steps.astray
      if steps.isRight { score.recovered += 1 }
    }
    return score
  }

  @Test(arguments: SerialTask.allCases, [0.02, 0.1, 0.3])
  func independentSlipsGiveTheAccuracyThatTheoryPredicts(task: SerialTask, slip: Double) throws {
    let anatomy = try #require(
      ErrorAnatomy(task, [Self.score(task, slip: slip, length: 8, problems: 20_000)]))
    // Four standard deviations of 20,000 coins are 0.014.
    #expect(abs(anatomy.slip - slip) < 0.014)
    #expect(abs(anatomy.accuracy - task.accuracy(slip: slip, length: 8)) < 0.014)
    #expect(abs(anatomy.predictedAccuracy - anatomy.accuracy) < 0.03)
    #expect(abs(try #require(anatomy.carriedOn) - (1 - slip)) < 0.02)
    #expect(anatomy.places.map(\.step) == Array(1...8))
    for place in anatomy.places where place.atRisk > 2000 {
      #expect(abs(place.hazard - slip) < 0.05, "step \(place.step)")
    }
  }

  @Test(arguments: SerialTask.allCases)
  func theFormulaHasItsLimits(task: SerialTask) {
    #expect(task.accuracy(slip: 0, length: 8) == 1)
    // A slip to any state with equal probability forgets everything: ε = (s − 1)/s.
    let forgetting = 1 - task.chance
    #expect(abs(task.accuracy(slip: forgetting, length: 1) - task.chance) < 1e-12)
    #expect(abs(task.accuracy(slip: 0.1, length: 500) - task.chance) < 1e-9)
  }

  @Test func countsArePooledAndMayBeMissing() throws {
    var one = ReasoningRun.Score(length: 2, problems: 10, right: 8, firstWrong: [1, 1, 0])
    one.consistent = 1
    let other = ReasoningRun.Score(length: 2, problems: 10, right: 10, firstWrong: [0, 0, 0])
    let anatomy = try #require(ErrorAnatomy(.cups, [one, other]))
    #expect(anatomy.accuracy == 0.9)
    #expect(anatomy.places.map(\.atRisk) == [20, 19])
    #expect(anatomy.slip == 2.0 / 39)
    #expect(anatomy.carriedOn == 1 && anatomy.putRight == 0 && anatomy.rightInTheEnd == 0)
    let flawless = try #require(ErrorAnatomy(.cups, [other]))
    #expect(flawless.carriedOn == nil && flawless.rightInTheEnd == nil)
    #expect(ErrorAnatomy(.cups, []) == nil)
    let direct = ReasoningRun.Score(length: 2, problems: 10, right: 8, firstWrong: [])
    #expect(ErrorAnatomy(.cups, [direct]) == nil)
  }
}
