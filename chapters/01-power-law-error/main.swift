//: # Does error fall as a power of size and data?
//:
//: People who train language models plan with one picture: on logarithmic paper the error falls along
//: a straight line as the model grows, and along another as the data grows. Three recordings turn the
//: picture into sentences. This chapter turns the sentences into claims that can fail, fixes how each
//: will be judged, and only then trains.
//:
//: We measure in worlds whose floor is *known*. The loss that no model can beat is computed exactly,
//: so what is left, the **excess loss**, is measured and not fitted. A fit that has to guess the floor
//: can then be caught guessing wrong.

import Laboratory
import Notebook
import Plotting
import ScalingLaws
import Studies

// MARK: - aside The settings of this chapter
struct Settings: ChapterSettings {
  @Option(help: "Widths of the language models.")
  var widths = Profiled(
    smoke: [8, 12, 16, 24], course: [8, 12, 16, 24, 32, 48, 64, 96, 128],
    full: [8, 12, 16, 24, 32, 48, 64, 96, 128])

  @Option(help: "Seeds of every language model: initial values and order of the data.")
  var seeds = Profiled(smoke: 2, course: 3, full: 5)

  @Option(help: "Draws of the language, each with its own exact entropy.")
  var draws = Profiled(smoke: 1, course: 2, full: 3)

  @Option(help: "The dearest training run: 3e8 FLOPs doubled so many times.")
  var doublings = Profiled(smoke: 5, course: 10, full: 13)

  @Option(help: "Width at which the data law is read.")
  var dataLawWidth = Profiled(smoke: 16, course: 64, full: 64)

  @Option(help: "Tokens at which the size law is read.")
  var sizeLawTokens = Profiled(smoke: 100_000, course: 240_000, full: 1_600_000)

  @Option(help: "Training budgets of the regression: examples times features, as powers of two.")
  var spectrumBudgets = Profiled(
    smoke: [14, 16, 18], course: [14, 16, 18, 20, 22, 24], full: [14, 16, 18, 20, 22, 24, 26])

  init() {}
}
// MARK: - end

let chapter = try Chapter<Settings>(
  1, "power-law-error", title: "Does error fall as a power of size and data?",
  workbench: workbench)
let settings = chapter.settings

//: ## Three claims, and how they will be judged
//:
//: The first sentence is a formula spoken aloud. With $N$ parameters, $D$ tokens and a floor $E$ it
//: reads
//:
//: $$L(N, D) = E + \frac{A}{N^\alpha} + \frac{B}{D^\beta}.$$
//:
//: The form is the one that Hoffmann et al. (2022) fit to their language models. Each rule below is
//: code that ran only after it was written.

let additive = chapter.claim(
  "additive",
  statement: "The excess loss is the sum of a power of the parameters and a power of the data.",
  quotation:
    "the error is proportional to 1 over the number of parameters raised to a power, plus 1 over the "
    + "data set size raised to another power",
  source: "Voices of Tomorrow, an episode on scaling laws",
  theory:
    "Hoffmann et al. (2022) fit the sum. Where one bottleneck must be passed before the other "
    + "matters, a maximum or a power mean, "
    + "$\\left[(A N^{-\\alpha})^q + (B D^{-\\beta})^q\\right]^{1/q}$ with $q > 1$, is as natural; $q = 1$ is the sum.",
  rule:
    "*Holds* if in every draw of the language both single-variable exponents have 95 % intervals "
    + "above zero, the sum predicts the total loss of held-out cells within 2 %, and in no world a "
    + "power mean predicts the held-out excess more than twice as well. *Holds with a limit* if only "
    + "the last condition is missed. *Not decided* if an interval contains zero. *Fails* otherwise."
)

let faster = chapter.claim(
  "faster-in-size",
  statement: "Ten times the parameters lower the loss more than ten times the data.",
  quotation:
    "The improvement is faster when we increase the number of parameters, N, than when we increase "
    + "the data set size, D.",
  source: "Voices of Tomorrow, an episode on scaling laws",
  theory:
    "None of the three worlds orders the two: on the line $A N^{-\\alpha} = B D^{-\\beta}$ they are "
    + "equal partners, and off it the scarcer one gains more.",
  rule:
    "At points spread over the plane we compare the excess after ten times $N$ with the excess after "
    + "ten times $D$. A point is resolved if the 95 % interval of the ratio, over seeds, excludes 1. "
    + "*Holds* if size wins at every resolved point of every draw, *fails* if data wins at any, "
    + "*not decided* if no point is resolved.")

let tenfold = chapter.claim(
  "tenfold",
  statement: "Ten times the data lowers the excess loss by less than a factor of ten.",
  quotation:
    "A ten-fold increase in data doesn't necessarily give you a ten-fold improvement in performance.",
  source: "Scaling Up AI, an episode on scaling laws",
  theory:
    "A data exponent below 1 says so: the excess falls by $10^{\\beta}$ at most. In the regression "
    + "$\\beta = (c - 1)/b$, in the memory $\\beta = 1 - 1/g$; both are below 1.",
  rule:
    "*Holds* if at every point of the plane, in every draw, the 95 % interval of the improvement "
    + "from ten times the data lies below 10; *fails* if it lies above 10 at any; else *not decided*."
)

//: The thresholds of these rules stand in one place, and nothing below changes them.

/// How well the sum must predict the total loss of cells it has not seen.
let totalTolerance = 0.02
/// How much better a power mean must predict the excess to count against the sum.
let betterFactor = 2.0
/// The cells that a fit does not see: a third of the plane, chosen by place and not by result.
func isHeldOut(size: Int, data: Int) -> Bool { (size + 2 * data) % 3 == 0 }

try chapter.finish()
