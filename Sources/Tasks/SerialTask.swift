/// A hidden state that operations change one after the other; the question is where it ends.
///
/// Every operation is a permutation of the states. Two things follow. Whatever the operations are, a
/// uniform start gives a uniform end, so that a guess which does not know the start is right with
/// probability `chance` exactly. And a wrong state stays wrong as long as it is carried on
/// correctly: only a second mistake can lead back to the truth.
public enum SerialTask: String, Codable, Hashable, Sendable, CaseIterable {
  /// A number in 0…6; the operations are +0…+6 and ×1…×6 modulo 7.
  case arithmetic
  /// A ball under one of five cups; the operations are the ten swaps of two cups.
  ///
  /// The swaps generate all 120 permutations, the symmetric group S₅, whose word problem is
  /// complete for NC¹ (Barrington 1989, *Bounded-width polynomial-size branching programs
  /// recognize exactly those languages in NC¹*, doi:10.1016/0022-0000(89)90037-8).
  case cups

  /// The number of states.
  public var states: Int {
    switch self {
    case .arithmetic: 7
    case .cups: 5
    }
  }

  /// The number of operations.
  public var operations: Int {
    switch self {
    case .arithmetic: 13
    case .cups: 10
    }
  }

  /// The state after one operation.
  public func apply(_ operation: Int, to state: Int) -> Int {
    precondition(
      (0..<states).contains(state) && (0..<operations).contains(operation),
      "\(rawValue) has \(states) states and \(operations) operations; found operation "
        + "\(operation) on state \(state)")
    switch self {
    case .arithmetic:
      return operation < 7 ? (state + operation) % 7 : state * (operation - 6) % 7
    case .cups:
      let (one, other) = Self.swaps[operation]
      return state == one ? other : state == other ? one : state
    }
  }

  /// The pairs of cups, (0, 1), (0, 2), … (3, 4).
  private static let swaps = (0..<5).flatMap { one in
    (one + 1..<5).map { (one, $0) }
  }

  /// How often a guess is right that does not know the start, or does not know the operations of a
  /// problem whose start is uniform: one over the number of states.
  public var chance: Double { 1 / Double(states) }

  /// How often the best guess is right that sees the start and none of the operations.
  ///
  /// Operations are independent and uniform: the best guess after the start s is the most probable
  /// end, and the starts are equally probable. Exact, by `length` products with the transition
  /// matrix. It falls to `chance` as problems grow longer; what lies between them is what a model
  /// can get without any serial work.
  public func bestGuess(length: Int) -> Double {
    precondition(length >= 0, "a problem has no negative length; found \(length)")
    var sum = 0.0
    for start in 0..<states {
      var probabilities = [Double](repeating: 0, count: states)
      probabilities[start] = 1
      for _ in 0..<length {
        var next = [Double](repeating: 0, count: states)
        for state in 0..<states {
          for operation in 0..<operations {
            next[apply(operation, to: state)] += probabilities[state] / Double(operations)
          }
        }
        probabilities = next
      }
      sum += probabilities.max() ?? 0
    }
    return sum / Double(states)
  }

  /// The number of different problems with `length` operations; nil if it exceeds an `Int`.
  public func problemCount(length: Int) -> Int? {
    var count = states
    for _ in 0..<length {
      let (product, overflow) = count.multipliedReportingOverflow(by: operations)
      if overflow { return nil }
      count = product
    }
    return count
  }
}

/// One problem: a start and the operations to carry out.
public struct SerialProblem: Codable, Hashable, Sendable {
  /// The first state.
  public var start: Int
  /// The operations, in order.
  public var operations: [Int]

  /// A problem from its parts.
  public init(start: Int, operations: [Int]) {
    self.start = start
    self.operations = operations
  }

  /// k, the number of operations.
  public var length: Int { operations.count }

  /// The state after each operation; the last one is the answer.
  public func states(in task: SerialTask) -> [Int] {
    var state = start
    return operations.map { operation in
      state = task.apply(operation, to: state)
      return state
    }
  }
}
