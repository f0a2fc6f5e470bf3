// Tasks: data whose truth is known.
//
// A scaling law can only be checked where the answer is known: the irreducible loss, the exponents,
// the best possible prediction. Each task here is a world with such a truth.
//
// - `SpectralRegression`: linear regression on features with power-law variances, learned by one
//   pass of stochastic gradient descent. Its expected risk follows from a recursion without any
//   sampling; theory gives both exponents.
// - `MarkovLanguage`: a language of order 1, 2 or 3 with its exact conditional distributions,
//   stationary distribution and entropy rates, so that the excess loss of a trained model is a
//   divergence that is measured, not a difference from a fitted floor.
// - `ZipfAssociation`: facts of Zipf frequency, one answer each; theory gives both exponents.
//
// A task makes data and judges predictions. It never trains: models and optimisers are `Trainer`'s,
// and what joins the two is `Studies`'. Tables come out the same bit for bit on every machine.
//
// Depends on `Randomness`. Layer 1.
//
// Rejected designs:
// - A common protocol of tasks: the three share neither the form of their data nor the form of
//   their truth, and nothing calls them without knowing which one it has.
// - Data sets as files: a draw costs less than reading it, and a seed cannot go stale.
// - Monte Carlo estimates of the loss against drawn targets: at a tenth of a nat they need a million
//   tokens for an error of a per cent; the exact distributions need none.
