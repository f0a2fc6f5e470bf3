import Foundation
import Laboratory
import Randomness
import Tasks
import Trainer

/// A small transformer that learns to answer serial problems in one mode of writing.
///
/// All lengths up to `trained` have the same share of every batch. Runs of several lengths share a
/// constant trunk, and each ends in a cooldown of its own. Accuracy is measured on problems that no
/// training contained, with answers that the model writes greedily, reading its own tokens.
public struct ReasoningRun: AnsweringRun {
  /// The name in the run store.
  public static let name = "reasoning-run"
  /// Bumped when `run` means something else.
  public static let version = 1

  /// How the model tells positions apart.
  public enum Positions: String, Codable, Hashable, Sendable {
    /// A learned vector per position.
    case learned
    /// A learned bias per head and distance.
    case relative
  }

  /// The task.
  public var task: SerialTask
  /// What the model writes.
  public var mode: AnswerMode
  /// The width of the model.
  public var width: Int
  /// The layers of the model.
  public var layers: Int
  /// How the model tells positions apart.
  public var positions: Positions
  /// The distinct problems trained on.
  public var problems: Int
  /// The most operations of a training problem.
  public var trained: Int
  /// The most operations of a test problem.
  public var tested: Int
  /// The lengths of the runs in optimiser steps, ascending.
  public var steps: [Int]
  /// The learning rate of a model 32 wide; wider ones follow muP (`RateRule.maximalUpdate`).
  public var rate: Double
  /// Decides the problems, the initial values and the order of the data.
  public var seed: UInt64

  /// A run; `tested` is `trained` unless given.
  public init(
    _ task: SerialTask, _ mode: AnswerMode, width: Int = 32, layers: Int = 2,
    positions: Positions = .learned, problems: Int = 20_000, trained: Int = 8, tested: Int? = nil,
    steps: [Int], rate: Double = ReasoningRun.usualRate, seed: UInt64
  ) {
    self.task = task
    self.mode = mode
    self.width = width
    self.layers = layers
    self.positions = positions
    self.problems = problems
    self.trained = trained
    self.tested = tested ?? trained
    self.steps = steps
    self.rate = rate
    self.seed = seed
  }

  /// The learning rate that the chapter checks to be interior.
  public static let usualRate = 2e-3
  /// The sequences of a batch.
  public static let sequencesPerBatch = 16
  /// The attention heads of a layer.
  public static let heads = 2
  /// The steps of the linear warm-up.
  public static let warmup = 30
  /// The most test problems of one length.
  public static let testProblems = 200

  /// What a run measures.
  public struct Outcome: Codable, Sendable, BranchedOutcome {
    /// All trained parameters.
    public var parameters: Int
    /// One entry per length of training.
    public var branches: [Branch]
    /// The mean loss of twenty equal parts of the trunk, in nats per target.
    public var trunkLoss: [Double]
    /// What became of forced wrong steps, of the longest run; nil if the mode writes no steps.
    public var intervention: Intervention?
  }

  /// A finished, annealed run.
  public struct Branch: Codable, Sendable, FinishedBranch {
    /// Optimiser steps.
    public var steps: Int
    /// Training FLOPs counted from the shapes.
    public var flops: Double
    /// The scores, of length 1, 2, ….
    public var scores: [Score]

    /// The share of right answers to problems of length k; nil if there are none.
    public func accuracy(length: Int) -> Double? {
      scores.first { $0.length == length }.map(\.accuracy)
    }
  }

  /// How the test problems of one length were answered.
  public struct Score: Codable, Sendable {
    /// k, the operations of each problem.
    public var length: Int
    /// How many were asked.
    public var problems: Int
    /// How many answers were right.
    public var right: Int
    /// How many first went wrong at step 1, 2, … k, and at the end; empty if no steps are written.
    public var firstWrong: [Int]
    /// Steps after the first wrong one that follow from the step before.
    public var consistent = 0
    /// Steps after the first wrong one that do not follow and are true all the same.
    public var returned = 0
    /// All other steps after the first wrong one.
    public var astray = 0
    /// Right answers although a step was wrong.
    public var recovered = 0

    /// The share of right answers.
    public var accuracy: Double { Double(right) / Double(problems) }
  }

  /// A wrong state was put in the place of the middle step of the longest training problems.
  public struct Intervention: Codable, Sendable {
    /// How many problems.
    public var problems: Int
    /// How many answers follow from the wrong state.
    public var followed: Int
    /// How many answers are those of the problem as if nothing had been changed.
    public var restored: Int
  }

  /// How problems are written. With `tested` above `trained` the question has room for one more
  /// operation than the longest problem, so that the sign after the last one is known from training.
  public var format: AnswerFormat {
    AnswerFormat(
      task, mode, room: tested > trained ? tested + 1 : trained, longest: max(trained, tested))
  }

  /// The positions of a sequence.
  public var context: Int { format.context }

  /// The model at its beginning.
  public func makeModel() throws(ConfigurationError) -> Transformer {
    try Transformer(
      TransformerConfiguration(
        vocabulary: format.vocabulary, context: context, width: width, layers: layers,
        heads: Self.heads, activation: .gelu,
        positions: positions == .learned ? .learned : .relativeBias(.zero)))
  }

  /// The FLOPs of answering one problem of `length` operations: every token that is read goes
  /// through the model once, with the keys and values of those before it kept.
  public func answerFlops(length: Int) -> Double {
    guard let model = try? makeModel() else { return 0 }
    let prompt = format.questionLength + format.given(length: length).count
    return model.flopsOfDecoding(prompt: prompt, generated: mode.isWritten ? length + 1 : 1)
  }

  /// The counted FLOPs of training and an estimate of those of testing.
  public var flops: Double {
    let test = (1...tested).reduce(0.0) { $0 + answerFlops(length: $1) }
    return trainingFlops
      + Double(steps.count * Self.testProblems) * test
  }

  /// Trains and tests.
  ///
  /// - Throws: `ConfigurationError`, `TrialInputError`, `TrainingError.diverged`.
  public func run(_ context: TrialContext) throws -> Outcome {
    guard trained >= 1, tested >= trained else {
      throw TrialInputError(
        field: "tested", found: "\(tested)", requirement: "be at least `trained` (\(trained))",
        advice: "Problems for testing may be longer than those for training, not shorter.")
    }
    let format = format
    let model = try makeModel()
    let split = SerialProblems(
      task, training: problems, trained: trained, tested: tested,
      testPerLength: Self.testProblems, seed: seed)
    var random = RandomStream(seed: seed, "wrong steps")
    let groups = split.training.map { problems in
      var group = ProblemStream.Group(tokens: [], targets: [])
      for problem in problems {
        format.write(problem, using: &random, tokens: &group.tokens, targets: &group.targets)
      }
      return group
    }
    let training = AnnealedTraining(
      model: model, rate: rate, warmup: Self.warmup, steps: steps,
      sequencesPerBatch: Self.sequencesPerBatch, seed: seed)
    var intervention: Intervention?
    let (branches, trunk) = try training.run(groups) { run in
      let decoder = try Decoder(
        model: model, snapshot: run.snapshot(), sequences: Self.testProblems)
      if run.completedSteps == steps.last, mode.isWritten {
        intervention = try intervene(split.test[trained - 1], decoder)
      }
      return Branch(
        steps: run.completedSteps, flops: run.flops,
        scores: try split.test.map { try score($0, decoder) })
    }
    let parts = 20
    let trunkLoss = (0..<parts).map { part in
      let losses = trunk[part * trunk.count / parts..<(part + 1) * trunk.count / parts]
      return losses.reduce(0) { $0 + Double($1) } / Double(max(1, losses.count))
    }
    return Outcome(
      parameters: model.parameterCount, branches: branches, trunkLoss: trunkLoss,
      intervention: intervention)
  }

  /// Asks problems of one length.
  private func score(_ problems: [SerialProblem], _ decoder: Decoder) throws -> Score {
    let format = format
    let length = problems[0].length
    let questions = problems.map { format.question($0) + format.given(length: length) }
    // One more than the steps for the end; a longer text has failed.
    let texts = try decoder.generate(
      from: questions, atMost: mode.isWritten ? length + 1 : 1, stop: .token(format.end))
    var score = Score(
      length: length, problems: problems.count, right: 0,
      firstWrong: mode.isWritten ? [Int](repeating: 0, count: length + 1) : [])
    for (problem, text) in zip(problems, texts) {
      guard mode.isWritten else {
        if format.answer(in: text.tokens) == problem.states(in: task).last { score.right += 1 }
        continue
      }
      let steps = WrittenSteps(text.tokens, of: problem, format: format)
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

  /// Puts a wrong state in the place of the middle step and lets the model go on.
  private func intervene(
    _ problems: [SerialProblem], _ decoder: Decoder
  ) throws -> Intervention {
    let format = format
    let middle = (problems[0].length + 1) / 2
    var random = RandomStream(seed: seed, "interventions")
    var beginnings: [[Int32]] = []
    var altered: [Int] = []
    for problem in problems {
      var states = Array(problem.states(in: task).prefix(middle))
      let shift = 1 + random.uniform(below: task.states - 1)
      states[middle - 1] = (states[middle - 1] + shift) % task.states
      beginnings.append(format.question(problem) + states.map { Int32($0) })
      let rest = SerialProblem(
        start: states[middle - 1], operations: Array(problem.operations.dropFirst(middle)))
      altered.append(rest.states(in: task).last ?? rest.start)
    }
    let texts = try decoder.generate(
      from: beginnings, atMost: problems[0].length - middle + 1, stop: .token(format.end))
    var result = Intervention(problems: problems.count, followed: 0, restored: 0)
    for ((problem, text), altered) in zip(zip(problems, texts), altered) {
      let answer = format.answer(in: text.tokens)
      if answer == altered { result.followed += 1 }
      if answer == problem.states(in: task).last { result.restored += 1 }
    }
    return result
  }
}
