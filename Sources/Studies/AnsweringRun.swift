import Foundation
import Laboratory
import Trainer

/// A transformer that learns to write answers, in runs of several lengths that share a trunk.
public protocol AnsweringRun: Trial where Outcome: BranchedOutcome {
  /// The lengths of the runs in optimiser steps, ascending.
  var steps: [Int] { get set }
  /// The positions of a sequence.
  var context: Int { get }
  /// The model at its beginning.
  ///
  /// - Throws: `ConfigurationError` if its sizes do not fit together.
  func makeModel() throws(ConfigurationError) -> Transformer
}

extension AnsweringRun {
  /// The trained parameters; 0 if the model cannot be built.
  public var parameters: Int { (try? makeModel())?.parameterCount ?? 0 }

  /// The FLOPs of one optimiser step, counted from the shapes; 0 if the model cannot be built.
  public var flopsPerStep: Double {
    guard let model = try? makeModel() else { return 0 }
    return Double(ReasoningRun.sequencesPerBatch * context) * model.flopsPerToken(training: true)
  }

  /// The same run with other lengths: those that cost so many training FLOPs each, and `steps`.
  ///
  /// Two modes that spend the same are compared at equal training FLOPs, whatever the length of
  /// their sequences and the size of their models.
  public func spending(_ flops: [Double], or steps: [Int] = []) -> Self {
    var run = self
    let perStep = max(1, flopsPerStep)
    run.steps = Set(flops.map { max(1, Int(($0 / perStep).rounded())) } + steps).sorted()
    return run
  }

  /// The sequences of the trunk and of all cooldowns, times their positions.
  public var trainingTokens: Double {
    Double(AnnealedTraining.totalSteps(steps) * ReasoningRun.sequencesPerBatch * context)
  }

  /// The counted FLOPs of the trunk and of all cooldowns.
  var trainingFlops: Double { Double(AnnealedTraining.totalSteps(steps)) * flopsPerStep }
}

/// What runs of several lengths measure.
public protocol BranchedOutcome {
  /// What one of them measures.
  associatedtype Branch: FinishedBranch
  /// One entry per length of training.
  var branches: [Branch] { get }
}

/// A finished, annealed run.
public protocol FinishedBranch {
  /// Optimiser steps.
  var steps: Int { get }
  /// Training FLOPs counted from the shapes.
  var flops: Double { get }
}

extension BranchedOutcome {
  /// The branch of so many optimiser steps.
  public func branch(steps: Int) -> Branch? { branches.first { $0.steps == steps } }

  /// The branch that is nearest to so many training FLOPs, on a logarithmic scale.
  public func branch(spending flops: Double) -> Branch? {
    branches.min { abs(log($0.flops / flops)) < abs(log($1.flops / flops)) }
  }
}
