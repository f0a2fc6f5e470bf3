// ScalingLaws: laws of the form "loss falls as a power of size and data", fitted to anybody's runs.
//
// What stands here, from the bottom up:
//
// - `Estimate` is a value with its interval; `StudentT` and `percentile` supply the quantiles.
// - `Ensemble` is a fitted law together with the laws that resampled runs gave; it turns any
//   quantity of the law into an `Estimate`. `Uncertainty` says what is resampled and which interval
//   is drawn from it.
// - `PowerLaw` (y = A x^-alpha), `PowerLawWithFloor` (y = E + A x^-alpha) and `LossLaw`
//   (L = E + A/N^alpha + B/D^beta, its power mean and its maximum) are fitted by `fit(_:...)`, which
//   takes the caller's own run type and key paths or closures into it.
// - `LossFit` also says how its parameters vary together, which rows pull hardest and what its form
//   scores (`LossFit+Diagnostics`); `LossLaw.optimum` and `lifetimeOptimum` split a budget, and
//   `RepeatedData` knows what text is worth when it is read again.
// - `IsoFLOPFit` and `Envelope` find compute-optimal sizes without a law.
// - `VariableProjection` fits the additive law a second way, as a check on the first.
// - `ExcessSurface` reads local exponents and gains off a grid of runs without any law;
//   `LossLaw.evaluation(on:...)` measures a law on runs that it has not seen.
// - `FitError` refuses data that cannot be fitted; `FitWarning` says what a fit cannot show.
//
// It depends on `Randomness` for the draws of the bootstrap and on NLopt for L-BFGS, and knows
// nothing of models or training, so that every fit is tested on planted laws.
//
// Inside, one objective (`LogResidualObjective`) covers every form: the sum is the power mean with
// q = 1 and the maximum its limit, with gradient and Hessian written out. L-BFGS explores from many
// starts; a damped Newton iteration then finishes each, because L-BFGS stops on tolerances that leave
// the objective 1e-6 or more (relative) above its minimum and so blur which starts agree.
//
// Rows are brought into one order before anything is summed: shuffling the runs changes no bit.
//
// Rejected: a fit that returns parameters only (nobody then asks whether another minimum is as
// good); automatic differentiation (six parameters); simulated annealing and global optimisers (the
// starts cover the box and the answer says how many agree); a general expression language for laws.
