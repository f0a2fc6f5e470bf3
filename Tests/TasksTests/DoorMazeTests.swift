import Randomness
import Testing

@testable import Tasks

@Suite struct DoorMazeTests {
  static let maze = DoorMaze(doors: 3, longest: 2)
  /// Rooms 4 → 1, 0 → 5 and 3 → 2; the goal is 5.
  static let problem = DoorMaze.Problem(passages: [[4, 1], [0, 5], [3, 2]], answer: 1)
  /// Six rooms: NONE 6, = 7, BACK 8, END 9.
  static let question: [Int32] = [5, 6, 6, 2, 1, 6, 4, 0, 3, 5, 7]

  static func format(_ mode: MazeFormat.Mode) -> MazeFormat { MazeFormat(maze, mode) }

  @Test func theQuestionListsEveryRoomAndTheDoors() {
    #expect(Self.format(.direct).question(Self.problem) == Self.question)
    #expect(Self.format(.direct).vocabulary == 10)
  }

  @Test func eachModeWritesItsSolution() {
    func solution(_ mode: MazeFormat.Mode) -> [Int32] {
      Self.format(mode).solution(of: Self.problem)
    }
    #expect(solution(.direct) == [0])
    #expect(solution(.path) == [0, 5, 9])
    #expect(solution(.backwards) == [5, 0, 9])
    #expect(solution(.search) == [4, 1, 8, 0, 5, 9])
  }

  @Test(arguments: MazeFormat.Mode.allCases)
  func theSolutionIsRightAndFitsTheContext(mode: MazeFormat.Mode) {
    let maze = DoorMaze(doors: 4, longest: 5)
    let format = MazeFormat(maze, mode)
    var random = RandomStream(seed: 1, "test")
    for length in 1...5 {
      for _ in 0..<20 {
        let problem = maze.problem(length: length, using: &random)
        let solution = format.solution(of: problem)
        #expect(format.isRight(solution, for: problem))
        #expect(solution.count <= format.longestWritten + 1)
        var (tokens, targets): ([Int32], [Int32]) = ([], [])
        format.write(problem, tokens: &tokens, targets: &targets)
        #expect(tokens.count == format.context && targets.count == format.context)
        #expect(targets.filter { $0 >= 0 } == solution)
        #expect(Set(problem.passages.joined()).count == 4 * length)
      }
    }
  }

  @Test func textsThatNameNoDoorAreNoAnswer() {
    #expect(Self.format(.path).answer(in: [0, 5]) == nil)
    #expect(Self.format(.path).answer(in: [9]) == nil)
    #expect(Self.format(.search).answer(in: [4, 1, 8, 9]) == nil)
    #expect(Self.format(.search).answer(in: [4, 1, 8, 0, 5, 9]) == 0)
    #expect(Self.format(.backwards).answer(in: [5, 6, 9]) == nil)
    #expect(Self.format(.direct).answer(in: [7]) == nil)
  }

  @Test func ofFewProblemsSomeAreLeftAndTheLongerOnesMakeUp() {
    // Six rooms and three doors: 6 · 5 · 4 · 3 = 360 problems with one room behind each door.
    #expect((1...2).map(Self.maze.problemCount) == [360, 2160])
    let (training, test) = Self.maze.problems(training: 1000, testPerLength: 200, seed: 3)
    #expect(training.map(\.count) == [180, 820] && test.map(\.count) == [90, 200])
    let all = Self.maze.problems(training: 20_000, testPerLength: 200, seed: 3)
    #expect(all.training.map(\.count) == [180, 1080])
    #expect(DoorMaze(doors: 4, longest: 9).problemCount(length: 9) == .max)
  }

  @Test func problemsAreDistinctAndEveryDoorIsAsLikely() {
    let (training, test) = Self.maze.problems(training: 301, testPerLength: 50, seed: 3)
    #expect(training.map(\.count) == [150, 151] && test.map(\.count) == [50, 50])
    for index in 0..<2 {
      #expect(Set(training[index]).union(test[index]).count == training[index].count + 50)
    }
    let maze = DoorMaze(doors: 3, longest: 5)
    let problems = maze.problems(training: 5000, testPerLength: 1, seed: 1).training.joined()
    for door in 0..<3 {
      // 1667 of 5000, with a standard deviation of 33.
      #expect(abs(problems.count { $0.answer == door } - 1667) < 140)
    }
    #expect(maze.chance == 1.0 / 3)
  }
}
