import Randomness
import Tasks
import Testing

@Suite struct AnswerFormatTests {
  /// 3, +4 → 0, ×5 → 0, +6 → 6.
  static let problem = SerialProblem(start: 3, operations: [4, 11, 6])
  /// 7 states and 13 operations: PAD 20, = 21, END 22, dot 23.
  static let question: [Int32] = [3, 11, 18, 13, 20, 21]

  static func write(_ mode: AnswerMode) -> (tokens: [Int32], targets: [Int32]) {
    let format = AnswerFormat(.arithmetic, mode, room: 4, longest: 4)
    var random = RandomStream(seed: 5, "test")
    var (tokens, targets): ([Int32], [Int32]) = ([], [])
    format.write(problem, using: &random, tokens: &tokens, targets: &targets)
    #expect(tokens.count == format.context && targets.count == format.context)
    #expect(tokens.allSatisfy { $0 >= 0 && $0 < format.vocabulary })
    #expect(targets.allSatisfy { $0 < format.vocabulary })
    return (tokens, targets)
  }

  @Test func eachModeWritesItsLayout() {
    let no: Int32 = -1
    let direct = Self.write(.direct)
    #expect(direct.tokens == Self.question)
    #expect(direct.targets == [no, no, no, no, no, 6])
    let dense = Self.write(.dense)
    #expect(dense.tokens == Self.question)
    #expect(dense.targets == [no, 0, 0, 6, no, 6])
    let steps = Self.write(.steps)
    #expect(steps.tokens == Self.question + [0, 0, 6, 20])
    #expect(steps.targets == [no, no, no, no, no, 0, 0, 6, 22, no])
    let filler = Self.write(.filler)
    #expect(filler.tokens == Self.question + [23, 23, 23, 20])
    #expect(filler.targets == [no, no, no, no, no, no, no, no, 6, no])
    let wrong = Self.write(.wrong)
    #expect(wrong.tokens[8] == 6 && wrong.targets[7...9] == [6, 22, no])
    #expect(wrong.targets[5...6] == wrong.tokens[6...7])
  }

  @Test func wrongStepsAreUniformAndTheLastIsRight() {
    let format = AnswerFormat(.cups, .wrong, room: 8, longest: 8)
    var random = RandomStream(seed: 1, "test")
    var counts = [Int](repeating: 0, count: 5)
    let problem = SerialProblem(start: 0, operations: [Int](repeating: 9, count: 8))
    for _ in 0..<500 {
      var (tokens, targets): ([Int32], [Int32]) = ([], [])
      format.write(problem, using: &random, tokens: &tokens, targets: &targets)
      for token in tokens[10..<17] { counts[Int(token)] += 1 }
      #expect(tokens[17] == 0)
    }
    // 3500 draws: 700 each, with a standard deviation of 24.
    #expect(counts.allSatisfy { abs($0 - 700) < 100 })
  }

  @Test func tokensReadAreThoseOfTheQuestionAndOfWhatFollows() {
    func read(_ mode: AnswerMode) -> Int {
      AnswerFormat(.cups, mode, room: 8, longest: 8).tokensRead(length: 5)
    }
    #expect(AnswerMode.allCases.map(read) == [10, 15, 15, 10, 15])
  }

  @Test func theAnswerIsTheTokenBeforeTheEnd() {
    let steps = AnswerFormat(.arithmetic, .steps, room: 4, longest: 4)
    #expect(steps.answer(in: [0, 4, 22]) == 4)
    #expect(steps.answer(in: [0, 4, 22, 5]) == 4)
    #expect(steps.answer(in: [0, 4, 6]) == nil)
    #expect(steps.answer(in: [22]) == nil)
    #expect(steps.answer(in: [0, 20, 22]) == nil)
    #expect(AnswerFormat(.arithmetic, .direct, room: 4, longest: 4).answer(in: [4]) == 4)
  }

  @Test func writtenStepsAreJudgedOneByOne() {
    let format = AnswerFormat(.arithmetic, .steps, room: 6, longest: 6)
    // 1, +1 → 2, +1 → 3, +1 → 4, +1 → 5, +1 → 6.
    let problem = SerialProblem(start: 1, operations: [1, 1, 1, 1, 1])
    func judge(_ written: [Int32]) -> WrittenSteps {
      WrittenSteps(written, of: problem, format: format)
    }
    let right = judge([2, 3, 4, 5, 6, 22])
    #expect(right.isRight && right.firstWrong == nil)
    // Wrong at step 2 and carried on correctly: the answer is wrong, as operations permute.
    let carried = judge([2, 5, 6, 0, 1, 22])
    #expect(!carried.isRight && carried.firstWrong == 2)
    #expect([carried.consistent, carried.returned, carried.astray] == [3, 0, 0])
    // Wrong at step 2, back on the truth at 3.
    let returned = judge([2, 0, 4, 5, 6, 22])
    #expect(returned.isRight && returned.firstWrong == 2)
    #expect([returned.consistent, returned.returned, returned.astray] == [2, 1, 0])
    let astray = judge([3, 0, 1, 22])
    #expect(astray.firstWrong == 1 && !astray.isRight)
    #expect([astray.consistent, astray.returned, astray.astray] == [1, 0, 1])
    // All steps true, but no end; too few of them.
    #expect(judge([2, 3, 4, 5, 6, 6]).firstWrong == 6)
    #expect(judge([2, 3, 4, 5, 6, 6]).isRight == false)
    #expect(judge([2, 3, 22]).firstWrong == 3)
    #expect(judge([2, 3, 4, 5, 6]).firstWrong == 6)
  }
}
