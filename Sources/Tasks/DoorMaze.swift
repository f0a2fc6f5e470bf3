import Randomness

/// A search whose first move is a choice: one of several doors leads to the goal, the others do not.
///
/// Behind every door is a passage of k rooms, the first one being the room at the door. The goal is
/// the last room of one passage; the others are dead ends. Rooms have random numbers, and the
/// question lists for every room which one follows. Each move is one look-up; but which door to take
/// shows only at the end. (Bachmann & Nagarajan 2024, *The pitfalls of next-token prediction*, arXiv
/// 2403.06963, study this graph as the path-star task.)
///
/// Who guesses is right with probability 1 / `doors`. All passages of a problem have the same k.
public struct DoorMaze: Codable, Hashable, Sendable {
  /// The doors, B.
  public var doors: Int
  /// The rooms of the longest passage.
  public var longest: Int

  /// A maze; room numbers are 0 ..< doors · longest.
  public init(doors: Int, longest: Int) {
    precondition(
      doors >= 2 && longest >= 1, "a maze needs two doors and a room behind each; found \(doors)")
    self.doors = doors
    self.longest = longest
  }

  /// The number of rooms that have numbers; shorter problems leave some of them apart.
  public var rooms: Int { doors * longest }
  /// How often a guess is right.
  public var chance: Double { 1 / Double(doors) }

  /// One maze with its goal.
  public struct Problem: Codable, Hashable, Sendable {
    /// The rooms behind each door, in order.
    public var passages: [[Int]]
    /// The door behind which the goal is.
    public var answer: Int

    /// k, the rooms of each passage.
    public var length: Int { passages[0].count }
    /// The room to reach.
    public var goal: Int { passages[answer][length - 1] }
    /// The way from the door to the goal.
    public var path: [Int] { passages[answer] }
  }

  /// Draws a problem with `length` rooms in each passage.
  public func problem(length: Int, using random: inout RandomStream) -> Problem {
    precondition(
      (1...longest).contains(length), "a passage has 1...\(longest) rooms, not \(length)")
    let order = random.permutation(rooms)
    return Problem(
      passages: (0..<doors).map { Array(order[$0 * length..<($0 + 1) * length]) },
      answer: random.uniform(below: doors))
  }

  /// The number of different problems with `length` rooms in each passage, or `Int.max`.
  public func problemCount(length: Int) -> Int {
    var count = doors
    for taken in 0..<doors * length {
      let (product, overflow) = count.multipliedReportingOverflow(by: rooms - taken)
      if overflow { return .max }
      count = product
    }
    return count
  }

  /// Distinct problems, `count` of them for training, at most `test` of each length for testing.
  ///
  /// Entry i has problems of length i + 1. No problem is in both parts. Of the short problems, of
  /// which there are few, at most a quarter is for testing and half for training; the longer ones
  /// make up for them.
  public func problems(
    training count: Int, testPerLength test: Int, seed: UInt64
  ) -> (training: [[Problem]], test: [[Problem]]) {
    let stream = RandomStream(seed: seed, "door maze")
    var parts: (training: [[Problem]], test: [[Problem]]) = ([], [])
    let spaces = (1...longest).map(problemCount)
    let quotas = SerialProblems.quotas(count, room: spaces.map { $0 / 2 })
    for length in 1...longest {
      let test = min(test, max(1, spaces[length - 1] / 4))
      let quota = quotas[length - 1]
      var random = stream.split(length)
      var seen: Set<Problem> = []
      var drawn: [Problem] = []
      // At most three quarters of all problems are drawn, so new ones keep coming.
      while drawn.count < test + quota {
        let problem = problem(length: length, using: &random)
        if seen.insert(problem).inserted { drawn.append(problem) }
      }
      parts.test.append(Array(drawn.prefix(test)))
      parts.training.append(Array(drawn.dropFirst(test)))
    }
    return parts
  }
}

/// How mazes and the ways through them are written as tokens.
///
///     next(0) next(1) … next(n − 1) door 1 … door B goal =        and then what the mode writes
///
/// Token v at place u says that room v follows room u; the sign NONE that no room does. Tokens are
/// the rooms, then four signs.
public struct MazeFormat: Codable, Hashable, Sendable {
  /// What a model writes after the question.
  public enum Mode: String, Codable, Hashable, Sendable, CaseIterable {
    /// The room at the right door.
    case direct
    /// The rooms from the right door to the goal.
    case path
    /// The rooms from the goal back to the right door.
    case backwards
    /// A depth-first search: the rooms behind the first door; at a dead end the sign BACK, then the
    /// rooms behind the next door, until the goal.
    case search
  }

  /// The maze.
  public var maze: DoorMaze
  /// What is written.
  public var mode: Mode

  /// A format.
  public init(_ maze: DoorMaze, _ mode: Mode) {
    self.maze = maze
    self.mode = mode
  }

  /// No room follows.
  public var none: Int32 { Int32(maze.rooms) }
  /// Ends the question.
  public var equals: Int32 { none + 1 }
  /// Retracts the passage that was tried last.
  public var back: Int32 { none + 2 }
  /// Ends what the model writes.
  public var end: Int32 { none + 3 }
  /// The number of tokens, V.
  public var vocabulary: Int { Int(none) + 4 }

  /// The tokens of a question.
  public var questionLength: Int { maze.rooms + maze.doors + 2 }

  /// The most tokens that are written and read again: all but the last one.
  public var longestWritten: Int {
    switch mode {
    case .direct: 0
    case .path, .backwards: maze.longest
    case .search: maze.doors * maze.longest + maze.doors - 1
    }
  }

  /// The positions of a sequence.
  public var context: Int { questionLength + longestWritten }

  /// The tokens of a question.
  public func question(_ problem: DoorMaze.Problem) -> [Int32] {
    var next = [Int32](repeating: none, count: maze.rooms)
    for passage in problem.passages {
      for (room, following) in zip(passage, passage.dropFirst()) { next[room] = Int32(following) }
    }
    return next + problem.passages.map { Int32($0[0]) } + [Int32(problem.goal), equals]
  }

  /// What a perfect model writes after the question, the end included.
  public func solution(of problem: DoorMaze.Problem) -> [Int32] {
    switch mode {
    case .direct: return [Int32(problem.path[0])]
    case .path: return problem.path.map { Int32($0) } + [end]
    case .backwards: return problem.path.reversed().map { Int32($0) } + [end]
    case .search:
      let tried = problem.passages.prefix(problem.answer + 1)
      return Array(tried.map { $0.map { Int32($0) } }.joined(separator: [back])) + [end]
    }
  }

  /// Appends one training sequence, `context` tokens and as many targets; −1 is not counted.
  public func write(
    _ problem: DoorMaze.Problem, tokens: inout [Int32], targets: inout [Int32]
  ) {
    let first = tokens.count
    let solution = solution(of: problem)
    tokens += question(problem)
    targets += [Int32](repeating: -1, count: context)
    let equalsAt = first + questionLength - 1
    for (index, token) in solution.enumerated() { targets[equalsAt + index] = token }
    tokens += solution.dropLast()
    tokens += [Int32](repeating: end, count: first + context - tokens.count)
  }

  /// The door that the model's text names, as the room at it; nil if it names none.
  ///
  /// The first room of a path, the last one of a path backwards, and of a search the first room
  /// after the last retraction. Except for `direct`, a text that does not end names none.
  public func answer(in written: some Collection<Int32>) -> Int32? {
    let text = Array(written.prefix { $0 != end })
    if mode != .direct && text.count == written.count { return nil }
    let door: Int32?
    switch mode {
    case .direct, .path: door = text.first
    case .backwards: door = text.last
    case .search: door = text.split(separator: back, omittingEmptySubsequences: false).last?.first
    }
    return door.flatMap { $0 < none ? $0 : nil }
  }

  /// Whether the text names the right door.
  public func isRight(_ written: some Collection<Int32>, for problem: DoorMaze.Problem) -> Bool {
    answer(in: written) == Int32(problem.path[0])
  }
}
