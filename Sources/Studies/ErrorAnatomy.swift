import Foundation
import Tasks

/// Where chains of written steps break, and what becomes of them: pooled over seeds.
///
/// Compares what was counted with a model of independent slips: each step is wrong with the same
/// probability ε whatever its place and whatever was written before it, and a slip puts any of the
/// other states in the place of the right one with equal probability.
public struct ErrorAnatomy: Sendable {
  /// The task.
  public let task: SerialTask
  /// k, the operations of every problem.
  public let length: Int
  /// The scores, one a seed, of problems of the same length whose steps were written.
  public let scores: [ReasoningRun.Score]

  /// An anatomy of `scores`; nil if there are none, or none that has steps.
  public init?(_ task: SerialTask, _ scores: [ReasoningRun.Score]) {
    guard let length = scores.first?.length,
      scores.allSatisfy({ $0.length == length && $0.firstWrong.count == length + 1 })
    else { return nil }
    self.task = task
    self.length = length
    self.scores = scores
  }

  /// One place in the chain.
  public struct Place: Sendable, Equatable {
    /// The step, from 1.
    public let step: Int
    /// Chains that were right before it.
    public let atRisk: Int
    /// How many of these are wrong at it.
    public let wrong: Int
    /// The share of these; 0 if none was at risk.
    public var hazard: Double { atRisk > 0 ? Double(wrong) / Double(atRisk) : 0 }
  }

  /// Each step of the chain: how often it is the first wrong one.
  public var places: [Place] {
    var atRisk = sum(\.problems)
    return (1...length).map { step in
      let wrong = sum { $0.firstWrong[step - 1] }
      defer { atRisk -= wrong }
      return Place(step: step, atRisk: atRisk, wrong: wrong)
    }
  }

  /// ε, the share of wrong steps among those whose predecessors were all right.
  public var slip: Double {
    let places = places
    return share(places.reduce(0) { $0 + $1.wrong }, of: places.reduce(0) { $0 + $1.atRisk }) ?? 0
  }

  /// The share of right answers.
  public var accuracy: Double { share(sum(\.right), of: sum(\.problems)) ?? 0 }

  /// The share of right answers if slips were independent.
  public var predictedAccuracy: Double { task.accuracy(slip: slip, length: length) }

  /// Of the steps after the first wrong one, the share that follows from the step before it; nil if
  /// there are none.
  public var carriedOn: Double? { share(sum(\.consistent), of: stepsAfter) }

  /// Of the steps after the first wrong one, the share that does not follow from the step before it
  /// and is true.
  public var putRight: Double? { share(sum(\.returned), of: stepsAfter) }

  /// Of the chains in which something is wrong, the share whose answer is right.
  public var rightInTheEnd: Double? {
    share(sum(\.recovered), of: sum { $0.firstWrong.reduce(0, +) })
  }

  private var stepsAfter: Int { sum { $0.consistent + $0.returned + $0.astray } }
  private func sum(_ count: (ReasoningRun.Score) -> Int) -> Int {
    scores.reduce(0) { $0 + count($1) }
  }
  private func share(_ count: Int, of all: Int) -> Double? {
    all > 0 ? Double(count) / Double(all) : nil
  }
}

extension SerialTask {
  /// The share of right answers of a chain whose steps slip independently:
  /// `1/s + (1 − 1/s) (1 − s ε/(s − 1))ᵏ` with s states.
  ///
  /// Every operation is a permutation, so a wrong state that is carried on correctly stays wrong, and
  /// a slip leads from it to the true one with probability 1/(s − 1): two states, right and wrong,
  /// whose transition matrix has the second eigenvalue 1 − s ε/(s − 1).
  ///
  /// - Parameters:
  ///   - slip: ε, in 0...1.
  ///   - length: k, the operations.
  public func accuracy(slip: Double, length: Int) -> Double {
    precondition((0...1).contains(slip), "a probability lies in 0...1, not \(slip)")
    let count = Double(states)
    return 1 / count + (1 - 1 / count) * pow(1 - count * slip / (count - 1), Double(length))
  }
}
