import Randomness

/// What a model writes between a question and its answer.
public enum AnswerMode: String, Codable, Hashable, Sendable, CaseIterable {
  /// Nothing: the answer stands at the equals sign.
  case direct
  /// The state after every operation; the last one is the answer.
  case steps
  /// As many dots as there are operations, then the answer: the room of the steps without content.
  case filler
  /// Nothing; but in training the state after each operation is asked for where the operation
  /// stands: the labels of the steps without their feedback.
  case dense
  /// As many states as there are steps, drawn at random but for the last: feedback without content.
  case wrong

  /// Whether the model writes tokens of its own until it ends, rather than one answer.
  public var isWritten: Bool { self == .steps || self == .wrong }
}

/// How serial problems and their answers are written as tokens.
///
///     x0 o1 … ok PAD … PAD =        and then, for steps,        x1 x2 … xk END
///
/// The question is padded to the same length for all k, so that step i always looks back by the same
/// distance to operation i. Tokens are the states, then the operations, then four signs.
public struct AnswerFormat: Codable, Hashable, Sendable {
  /// The task.
  public var task: SerialTask
  /// What stands between question and answer.
  public var mode: AnswerMode
  /// The operations that a question has room for.
  public var room: Int
  /// The most steps that are ever written.
  public var longest: Int

  /// A format.
  public init(_ task: SerialTask, _ mode: AnswerMode, room: Int, longest: Int) {
    precondition(
      longest >= 1 && room >= longest,
      "a question needs room for its operations; found \(longest) in \(room)")
    self.task = task
    self.mode = mode
    self.room = room
    self.longest = longest
  }

  /// Fills the room of a question that has fewer operations.
  public var pad: Int32 { Int32(task.states + task.operations) }
  /// Ends the question.
  public var equals: Int32 { pad + 1 }
  /// Ends an answer that the model writes.
  public var end: Int32 { pad + 2 }
  /// Stands where a step would stand.
  public var dot: Int32 { pad + 3 }
  /// The number of tokens, V.
  public var vocabulary: Int { Int(pad) + 4 }

  /// The tokens of a question.
  public var questionLength: Int { room + 2 }

  /// The positions of a sequence: the question and all that is read after it.
  public var context: Int {
    switch mode {
    case .direct, .dense: questionLength
    case .steps, .filler, .wrong: questionLength + longest
    }
  }

  /// The tokens that a model reads to answer a problem of k operations, the question included.
  ///
  /// The answer to a problem of k steps takes k tokens after the question; the sign of the end is
  /// read off the last one.
  public func tokensRead(length: Int) -> Int {
    switch mode {
    case .direct, .dense: questionLength
    case .steps, .filler, .wrong: questionLength + length
    }
  }

  /// The token of an operation.
  public func token(operation: Int) -> Int32 { Int32(task.states + operation) }

  /// The tokens of a question, `questionLength` of them.
  public func question(_ problem: SerialProblem) -> [Int32] {
    precondition(
      problem.length <= room, "\(problem.length) operations in a room for \(room)")
    let padding = [Int32](repeating: pad, count: room - problem.length)
    return [Int32(problem.start)] + problem.operations.map { token(operation: $0) } + padding
      + [equals]
  }

  /// What is given to the model after the question: the dots of `filler`, or nothing.
  public func given(length: Int) -> [Int32] {
    mode == .filler ? [Int32](repeating: dot, count: length) : []
  }

  /// Appends one training sequence, `context` tokens and as many targets; −1 is not counted.
  ///
  /// - Parameter random: Draws the steps of `wrong`; other modes leave it alone.
  public func write(
    _ problem: SerialProblem, using random: inout RandomStream, tokens: inout [Int32],
    targets: inout [Int32]
  ) {
    precondition(
      problem.length <= longest, "\(problem.length) steps in a format for \(longest)")
    let first = tokens.count
    let states = problem.states(in: task).map { Int32($0) }
    let answer = states.last ?? Int32(problem.start)
    tokens += question(problem)
    targets += [Int32](repeating: -1, count: context)
    let equalsAt = first + questionLength - 1
    switch mode {
    case .direct:
      targets[equalsAt] = answer
    case .dense:
      for (index, state) in states.enumerated() { targets[first + 1 + index] = state }
      targets[equalsAt] = answer
    case .filler:
      tokens += given(length: problem.length)
      targets[equalsAt + problem.length] = answer
    case .steps, .wrong:
      var written = states
      if mode == .wrong {
        for index in written.indices.dropLast() {
          written[index] = Int32(random.uniform(below: task.states))
        }
      }
      tokens += written
      for (index, state) in written.enumerated() { targets[equalsAt + index] = state }
      targets[equalsAt + written.count] = end
    }
    tokens += [Int32](repeating: pad, count: first + context - tokens.count)
  }

  /// The answer in what the model wrote after the question: the token before the end.
  ///
  /// One token for `direct`, `dense` and `filler`. nil if it did not end, or wrote no state.
  public func answer(in written: some Collection<Int32>) -> Int? {
    let states = written.prefix { $0 != end }
    if mode.isWritten && states.count == written.count { return nil }
    guard let last = Array(states).last, last >= 0, last < task.states else { return nil }
    return Int(last)
  }
}
