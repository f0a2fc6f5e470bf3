/// Steps that a model wrote, held against the truth.
public struct WrittenSteps: Codable, Hashable, Sendable {
  /// Whether the token before the end is the answer.
  public var isRight: Bool
  /// The first step that is not the true state, from 1; k + 1 if all k are true but more or less
  /// than k were written. nil if nothing is wrong.
  public var firstWrong: Int?
  /// Steps after the first wrong one that follow from the step before them.
  public var consistent = 0
  /// Steps after the first wrong one that do not, and are the true state all the same.
  public var returned = 0
  /// All other steps after the first wrong one.
  public var astray = 0

  /// Judges what was written after the question of `problem`, the end included.
  public init(_ written: some Collection<Int32>, of problem: SerialProblem, format: AnswerFormat) {
    let truth = problem.states(in: format.task)
    isRight = format.answer(in: written) == truth.last
    let steps = written.prefix { $0 != format.end }.map(Int.init)
    let wrong = truth.indices.first { $0 >= steps.count || steps[$0] != truth[$0] }
    firstWrong = wrong.map { $0 + 1 }
    if wrong == nil, steps.count != truth.count || steps.count == written.count {
      firstWrong = truth.count + 1
    }
    guard let wrong, wrong < steps.count else { return }
    for index in wrong + 1..<max(wrong + 1, min(steps.count, truth.count)) {
      let before = steps[index - 1]
      let follows =
        before < format.task.states
        && steps[index] == format.task.apply(problem.operations[index], to: before)
      if follows {
        consistent += 1
      } else if steps[index] == truth[index] {
        returned += 1
      } else {
        astray += 1
      }
    }
  }
}
