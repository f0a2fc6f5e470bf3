// Studies: trials that more than one chapter uses, and their plain analysis.
//
// Here the trainer meets the tasks: a trial draws its data from a task whose truth is known, trains
// with `Trainer`, and returns numbers measured exactly. Chapters share trials only through the
// laboratory's store: two chapters that ask for the same value get the same run.
//
// Depends on Laboratory, Tasks, Trainer, ScalingLaws, Randomness, Kernels. Knows no prose and draws
// no figure.
//
// Rejected: one trial per cell of the (N, D) grid. Most of its training would repeat the constant
// trunk of the cell before it; a trial is a trunk with all its cooldown branches.

import Dispatch
import Kernels
import Laboratory
import Randomness
import Trainer

/// What the laboratory must know of this package's trainer and this machine.
public let workbench = Workbench(
  trainerVersion: trainerVersion,
  instructionSet: InstructionSet.best.rawValue,
  measureFLOPS: measuredTrainingFLOPS)

/// FLOP/s of one core on training steps of a small language model, measured for about a second.
private func measuredTrainingFLOPS() -> Double {
  let model = LanguageRun.model(for: .init(seed: 1), width: 32)
  guard
    let model,
    let run = try? TrainingRun(
      model: model, optimizer: .adamW(), schedule: .constant(rate: 1e-3), seed: 0,
      sequencesPerBatch: LanguageRun.sequencesPerBatch)
  else { return 0 }
  var random = RandomStream(seed: 0, "calibration")
  let tokens = (0..<run.tokensPerStep).map { _ in
    Int32(random.uniform(below: model.configuration.vocabulary))
  }
  let start = DispatchTime.now().uptimeNanoseconds
  var elapsed = 0.0
  while elapsed < 1 {
    for _ in 0..<20 {
      guard (try? run.step(tokens: tokens, targets: tokens)) != nil else { return 0 }
    }
    elapsed = Double(DispatchTime.now().uptimeNanoseconds - start) * 1e-9
  }
  return run.flops / elapsed
}
