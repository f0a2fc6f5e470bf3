import Foundation
import Laboratory
import Tasks
import Trainer

/// A small transformer that learns to find the door behind which a goal lies, in one way of writing.
///
/// Mazes of all lengths have the same share of every batch. Runs of several lengths share a constant
/// trunk, and each ends in a cooldown of its own; answers are written greedily.
public struct SearchRun: AnsweringRun {
  /// The name in the run store.
  public static let name = "search-run"
  /// Bumped when `run` means something else.
  public static let version = 1

  /// The mazes.
  public var maze: DoorMaze
  /// What the model writes.
  public var mode: MazeFormat.Mode
  /// The width of the model.
  public var width: Int
  /// The layers of the model.
  public var layers: Int
  /// The distinct problems trained on.
  public var problems: Int
  /// The lengths of the runs in optimiser steps, ascending.
  public var steps: [Int]
  /// The learning rate of a model 32 wide.
  public var rate: Double
  /// Decides the problems, the initial values and the order of the data.
  public var seed: UInt64

  /// A run.
  public init(
    _ maze: DoorMaze, _ mode: MazeFormat.Mode, width: Int = 32, layers: Int = 2,
    problems: Int = 20_000, steps: [Int], rate: Double = ReasoningRun.usualRate, seed: UInt64
  ) {
    self.maze = maze
    self.mode = mode
    self.width = width
    self.layers = layers
    self.problems = problems
    self.steps = steps
    self.rate = rate
    self.seed = seed
  }

  /// What a run measures.
  public struct Outcome: Codable, Sendable, BranchedOutcome {
    /// All trained parameters.
    public var parameters: Int
    /// One entry per length of training.
    public var branches: [Branch]
  }

  /// A finished, annealed run.
  public struct Branch: Codable, Sendable, FinishedBranch {
    /// Optimiser steps.
    public var steps: Int
    /// Training FLOPs counted from the shapes.
    public var flops: Double
    /// The share of right doors, for passages of 1, 2, … rooms.
    public var accuracies: [Double]
    /// The mean number of tokens read to answer, for passages of 1, 2, … rooms.
    public var tokensRead: [Double]
  }

  /// How problems are written.
  public var format: MazeFormat { MazeFormat(maze, mode) }

  /// The positions of a sequence.
  public var context: Int { format.context }

  /// The model at its beginning.
  public func makeModel() throws(ConfigurationError) -> Transformer {
    try Transformer(
      TransformerConfiguration(
        vocabulary: format.vocabulary, context: context, width: width, layers: layers,
        heads: ReasoningRun.heads, activation: .gelu, positions: .learned))
  }

  /// The FLOPs of an answer during which so many tokens are read, keys and values kept.
  public func answerFlops(tokens: Double) -> Double {
    guard let model = try? makeModel() else { return 0 }
    let written = max(0, Int(tokens.rounded()) - format.questionLength)
    return model.flopsOfDecoding(prompt: format.questionLength, generated: written + 1)
  }

  /// The counted FLOPs of training and an estimate of those of testing.
  public var flops: Double {
    trainingFlops
      + Double(steps.count * ReasoningRun.testProblems * maze.longest)
      * answerFlops(tokens: Double(format.context))
  }

  /// Trains and tests.
  ///
  /// - Throws: `ConfigurationError`, `TrialInputError`, `TrainingError.diverged`.
  public func run(_ context: TrialContext) throws -> Outcome {
    let format = format
    let model = try makeModel()
    let split = maze.problems(
      training: problems, testPerLength: ReasoningRun.testProblems, seed: seed)
    let groups = split.training.map { problems in
      var group = ProblemStream.Group(tokens: [], targets: [])
      for problem in problems {
        format.write(problem, tokens: &group.tokens, targets: &group.targets)
      }
      return group
    }
    let training = AnnealedTraining(
      model: model, rate: rate, warmup: ReasoningRun.warmup, steps: steps,
      sequencesPerBatch: ReasoningRun.sequencesPerBatch, seed: seed)
    let (branches, _) = try training.run(groups) { run in
      let decoder = try Decoder(
        model: model, snapshot: run.snapshot(), sequences: ReasoningRun.testProblems)
      var branch = Branch(
        steps: run.completedSteps, flops: run.flops, accuracies: [], tokensRead: [])
      for problems in split.test {
        let texts = try decoder.generate(
          from: problems.map(format.question), atMost: format.longestWritten + 1,
          stop: .token(format.end)
        ).map(\.tokens)
        let right = zip(texts, problems).count { format.isRight($0, for: $1) }
        let written = texts.reduce(0) { $0 + $1.count - 1 }
        branch.accuracies.append(Double(right) / Double(problems.count))
        branch.tokensRead.append(
          Double(format.questionLength) + Double(written) / Double(problems.count))
      }
      return branch
    }
    return Outcome(parameters: model.parameterCount, branches: branches)
  }
}
