import Randomness

/// Distinct problems of each length, those for training apart from those for testing.
///
/// No problem is in both parts, and none is twice in one. Of the short problems, of which there are
/// few, at most a quarter is for testing; training takes what is left. For one seed the training
/// problems of a small count are among those of a larger one, and the test problems are the same.
public struct SerialProblems: Sendable {
  /// The training problems; entry i has problems of length i + 1.
  public let training: [[SerialProblem]]
  /// The test problems; entry i has problems of length i + 1.
  public let test: [[SerialProblem]]

  /// Draws the problems of lengths 1, 2, ….
  ///
  /// - Parameters:
  ///   - count: The training problems of all lengths together: as many of each length, as far as
  ///     there are enough; the rest is made up by the longer ones, and if these are too few, too, it
  ///     is left out.
  ///   - trained: The longest problems for training.
  ///   - tested: The longest problems for testing, `trained` or more.
  ///   - testPerLength: The most test problems of one length.
  ///   - seed: Decides everything.
  /// - Complexity: O(problems), and the size of a length's space where that is small.
  public init(
    _ task: SerialTask, training count: Int, trained: Int, tested: Int, testPerLength: Int,
    seed: UInt64
  ) {
    precondition(
      trained >= 1 && tested >= trained,
      "lengths must be 1 … trained … tested; found \(trained) and \(tested)")
    precondition(count >= 0 && testPerLength >= 1, "a split needs problems; found \(count)")
    let stream = RandomStream(seed: seed, "serial problems").split(task.rawValue)
    let spaces = (1...tested).map { task.problemCount(length: $0) ?? .max }
    let testCounts = spaces.map { min(testPerLength, max(1, $0 / 4)) }
    // A large space is drawn from, and only half of it: until the last one is found takes too long.
    let quotas = Self.quotas(
      count,
      room: (0..<trained).map { index in
        let space = spaces[index]
        return (space <= Self.shuffledWhole ? space : space / 2) - testCounts[index]
      })
    var training: [[SerialProblem]] = []
    var test: [[SerialProblem]] = []
    for index in 0..<tested {
      let quota = index < trained ? quotas[index] : 0
      var random = stream.split(index + 1)
      let drawn = Self.draw(
        testCounts[index] + quota, task, length: index + 1, space: spaces[index], using: &random)
      test.append(Array(drawn.prefix(testCounts[index])))
      if index < trained { training.append(Array(drawn.dropFirst(testCounts[index]))) }
    }
    self.training = training
    self.test = test
  }

  /// The largest number of problems of one length that are put in random order to draw from them.
  private static let shuffledWhole = 10_000

  /// Shares `count` equally among the lengths, none beyond its room; the longer ones make up.
  static func quotas(_ count: Int, room: [Int]) -> [Int] {
    var quotas: [Int] = []
    var left = count
    for (index, space) in room.enumerated() {
      let share = left / (room.count - index)
      quotas.append(min(share, space))
      left -= quotas[index]
    }
    return quotas
  }

  /// The first `count` of the problems of one length in random order, each different.
  private static func draw(
    _ count: Int, _ task: SerialTask, length: Int, space: Int, using random: inout RandomStream
  ) -> [SerialProblem] {
    // A small space is shuffled whole: drawing until all are different would take ever longer.
    if space <= shuffledWhole {
      return random.permutation(space).prefix(count).map { code in
        var rest = code / task.states
        let operations = (0..<length).map { _ in
          defer { rest /= task.operations }
          return rest % task.operations
        }
        return SerialProblem(start: code % task.states, operations: operations)
      }
    }
    precondition(count <= space / 2, "\(count) of \(space) problems of length \(length)")
    var seen: Set<SerialProblem> = []
    var problems: [SerialProblem] = []
    while problems.count < count {
      let problem = SerialProblem(
        start: random.uniform(below: task.states),
        operations: (0..<length).map { _ in random.uniform(below: task.operations) })
      if seen.insert(problem).inserted { problems.append(problem) }
    }
    return problems
  }
}
