//: # How fast should data grow with the model?
//:
//: Somebody has ten times the computers of last year. How much of it goes into a larger model, and
//: how much into more data? If the best sizes follow powers of the compute, $N \propto C^a$ and
//: $D \propto C^b$, then the best data follow a power of the size, $D \propto N^x$ with $x = b/a$, and one
//: number answers. Published values of $x$ run from below 0.4 to above 1.
//:
//: One recording gives the number 0.28. This chapter asks whether $x$ is a number at all. First
//: we measure it where it can be computed, then on the runs of the chapter before, in three ways,
//: and then we change what a paper might not even mention: what is counted as a parameter, how
//: the learning rate ends, how long it warms up.

import Foundation
import Laboratory
import Notebook
import Plotting
import ScalingLaws
import Studies
import Tasks
import Trainer

// MARK: - aside The settings of this chapter
struct Settings: ChapterSettings {
  @Option(help: "Widths of the language models.")
  var widths = Profiled(
    smoke: [8, 16, 32, 48], course: [8, 12, 16, 24, 32, 48, 64, 96, 128],
    full: [8, 12, 16, 24, 32, 48, 64, 96, 128])

  @Option(help: "A narrower width, for the left side of the cheapest budgets.")
  var narrowWidth = Profiled(4)

  @Option(help: "The dearest run of the narrower width: 3e8 FLOPs doubled so many times.")
  var narrowDoublings = Profiled(smoke: 2, course: 4, full: 5)

  @Option(help: "Seeds of every language model: initial values and order of the data.")
  var seeds = Profiled(smoke: 2, course: 3, full: 5)

  @Option(help: "Draws of the language, each with its own exact entropy.")
  var draws = Profiled(smoke: 1, course: 2, full: 3)

  @Option(help: "The dearest training run: 3e8 FLOPs doubled so many times.")
  var doublings = Profiled(smoke: 6, course: 10, full: 13)

  @Option(help: "The dearest run in the second language: 3e8 FLOPs doubled so many times.")
  var secondDoublings = Profiled(smoke: 4, course: 8, full: 12)

  @Option(help: "Widths of the models that are trained under other protocols.")
  var protocolWidths = Profiled(
    smoke: [8, 16, 32], course: [8, 12, 16, 24, 32, 48, 64], full: [8, 12, 16, 24, 32, 48, 64, 96])

  @Option(help: "The dearest run under another protocol: 3e8 FLOPs doubled so many times.")
  var protocolDoublings = Profiled(smoke: 4, course: 7, full: 9)

  @Option(help: "The longest run under another protocol, in steps; the fixed cosine ends there.")
  var protocolSteps = Profiled(smoke: 2000, course: 8000, full: 16_000)

  @Option(help: "Steps of the long warm-up.")
  var longWarmup = Profiled(smoke: 100, course: 1000, full: 1000)

  @Option(help: "Budgets of the regression, features times examples, as powers of two.")
  var budgets = Profiled(
    smoke: [14, 15, 16, 17, 18], course: Array(14...24), full: Array(14...26))

  @Option(help: "Steps of the runs that check the learning rate.")
  var rateCheckSteps = Profiled(smoke: 100, course: 500, full: 2000)

  init() {}

  /// Refuses what cannot be used, before anything is started.
  func validate() throws {
    for profile in Profile.allCases {
      let counts = [
        ("seeds", seeds[profile]), ("draws", draws[profile]),
        ("protocol-steps", protocolSteps[profile]),
        ("rate-check-steps", rateCheckSteps[profile]),
      ]
      for (name, count) in counts where count < 1 {
        throw ValidationError("--\(name) must be at least 1; found \(count).")
      }
      if longWarmup[profile] < 0 || longWarmup[profile] >= protocolSteps[profile] {
        throw ValidationError(
          "--long-warmup must be shorter than --protocol-steps (\(protocolSteps[profile])); "
            + "found \(longWarmup[profile]).")
      }
      try check("doublings", [doublings[profile]], least: 1, in: 5...20)
      try check("narrow-doublings", [narrowDoublings[profile]], least: 1, in: 0...20)
      try check("second-doublings", [secondDoublings[profile]], least: 1, in: 3...20)
      try check("protocol-doublings", [protocolDoublings[profile]], least: 1, in: 3...20)
      try check("budgets", budgets[profile], least: 3, in: 10...30)
    }
  }

  private func check(_ name: String, _ values: [Int], least: Int, in range: ClosedRange<Int>) throws
  {
    if values.allSatisfy(range.contains) && values.count >= least { return }
    throw ValidationError(
      "--\(name) takes at least \(least) of the numbers from \(range.lowerBound) to "
        + "\(range.upperBound); found \(values).")
  }
}
// MARK: - end

let chapter = try Chapter<Settings>(
  2, "data-optimal-exponents", title: "How fast should data grow with the model?",
  workbench: workbench)
let settings = chapter.settings

//: ## The claim, and how it will be judged
//:
//: The sentence can be tested as soon as it is a formula: at the best split of every budget,
//: $D \propto N^{x}$ with $x = 0.28$. What $x$ is depends on what is measured and how, so the claim is
//: given every chance: it holds if it holds under *any* protocol that people use.

// MARK: - aside The claim, as the program states it
let claim = chapter.claim(
  "power-of-028",
  statement:
    "At the compute-optimal split the tokens grow as the parameters to the power of 0.28.",
  quotation:
    "data set size should increase at roughly the rate of model size, raised to the power of 0.28.",
  source: "Voices of Tomorrow, an episode on scaling laws",
  theory:
    "If the loss is $E + A N^{-\\alpha} + B D^{-\\beta}$ and $C = 6ND$, the best split has $x = \\alpha/\\beta$ "
    + "(Hoffmann et al. 2022). They found $x$ near 1; Kaplan et al. (2020) found $N \\propto C^{0.73}$, "
    + "$D \\propto C^{0.27}$, so $x = 0.37$. In a regression with a power-law spectrum "
    + "$i^{-b}$ theory says $x = b$ (Maloney et al. 2022; Bordelon et al. 2024): no value is "
    + "universal.",
  rule:
    "$x$ is the ratio of the slopes of $\\log D$ and $\\log N$ against $\\log C$ along the resolved isoFLOP "
    + "minima; a minimum is resolved if the excess rises on both sides by more than three standard "
    + "deviations between seeds. The protocols: a cooldown at the end of each run; none; one fixed "
    + "cosine for runs of every length; a long warm-up, with and without cooldown; each with "
    + "parameters and FLOPs counted with and without embeddings. *Holds* if under at least one "
    + "of them 0.28 lies in the 95 % interval of $x$ over seeds and draws of the language, and the "
    + "interval is narrower than 0.5. *Not decided* if fewer than half of the protocols have five "
    + "resolved budgets and an interval that narrow. *Fails* otherwise.")
// MARK: - end

//: The numbers of this rule stand in one place, and nothing below changes them.

/// The exponent that the claim names.
let claimed = 0.28
/// A minimum counts if both sides rise by so many standard deviations between seeds.
let resolvedDeviations = 3.0
/// An interval of x that is wider decides nothing.
let widestInterval = 0.5
/// A protocol with fewer resolved budgets decides nothing.
let fewestBudgets = 5

chapter.judge(claim, .notDecided, because: "Nothing has been trained for this chapter yet.")
try chapter.finish()
