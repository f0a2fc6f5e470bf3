// Trainer: small models, trained one single-threaded run at a time, bit for bit the same anywhere.
//
// What it is for
//   A `Model` (`Transformer`, `GatedRecurrence`, `MultilayerPerceptron`, `AssociativeMemory`) is a
//   value: its configuration, the layout of its parameters, their initial values, its FLOPs. A
//   `ModelPass` is the machine that runs it: an arena of activations, a forward pass and a
//   hand-written backward pass over `KernelSet`'s functions. What passes share are values that know
//   their places among the parameters and in the arena and stand forward beside backward:
//   `MatrixLayer`, `NormLayer`, `Projection`, `MLPBlock`, `OutputLayer`; `DecodingStream` serves the
//   passes that write. `TrainingRun` owns the parameters, the gradient and the optimiser's state and takes steps;
//   `Evaluator` measures losses and gives a teacher's distributions; `Decoder` writes with a
//   `LanguageModel` token by token, by what its `DecodingPass` keeps of the earlier ones;
//   `Schedule` and `Optimizer` are values; `TrainingSnapshot` branches a run or begins a second
//   phase; `Checkpoint` puts it into a safetensors file that other programs read.
//
// What it depends on
//   `KernelInterface` and `Kernels` (every loop over floats), `Randomness` (initial values),
//   Foundation (files and JSON of checkpoints). It knows no task and no law.
//
// How it stays fast
//   All memory is allocated when a run is made: a step allocates nothing. Sequences pass through in
//   micro-batches that fit the cache; every gradient element is one chain over all of a step's
//   rows, so that the size of a micro-batch changes no bit. What a first layer computes of a token
//   alone is computed once a step for each token (`Projection`). Adjacent tensors with equal
//   rates are updated by one call.
//
// Rejected designs
//   Automatic differentiation (measured several times slower at these sizes, and a backward pass is
//   part of what this package explains); a graph of layer objects under one protocol (dispatch
//   per layer, and the order of operations gets lost); threads within a step (waking a second core
//   costs more than a small step: run one training run per core instead); a generic
//   `TrainingRun<Model>` (slow where it is not specialised, and heterogeneous runs need a box
//   anyway).

/// The version of the training arithmetic.
///
/// It changes whenever the same configuration, seed and data would give other weights; stored
/// outcomes carry it, and a golden test pins the trajectories that belong to it.
public let trainerVersion = 3
