//: # Do improvements taper off?
//:
//: Every lecture on scaling has the slide on which the curve flattens, and every lecture on scaling
//: has the slide on which the line goes on straight. Often it is the same data. Four recordings
//: say that returns diminish, that they do so "at some point", and that gains could be foretold.
//: This chapter pins each of them to an axis, a unit and a rule, and then measures.

import Foundation
import Laboratory
import Notebook
import Plotting
import ScalingLaws
import Studies
import Tasks

// MARK: - aside The settings of this chapter
struct Settings: ChapterSettings {
  @Option(help: "Seeds of every language model: initial values and order of the data.")
  var seeds = Profiled(smoke: 2, course: 3, full: 5)

  @Option(help: "Draws of the language, each with its own exact entropy.")
  var draws = Profiled(smoke: 1, course: 2, full: 3)

  init() {}

  /// Refuses what cannot be used, before anything is started.
  func validate() throws {
    for profile in Profile.allCases {
      for (name, count) in [("seeds", seeds[profile]), ("draws", draws[profile])] where count < 1 {
        throw ValidationError("--\(name) must be at least 1; found \(count).")
      }
    }
  }
}
// MARK: - end

let chapter = try Chapter<Settings>(
  3, "diminishing-returns", title: "Do improvements taper off?", workbench: workbench)
let settings = chapter.settings

//: ## Four claims, and how they will be judged
//:
//: "Diminishing" needs a unit. In nats, a power law tapers by its nature: each doubling of $C$ takes
//: the same *share* of what is left, and less is left each time. So the first claim is about nats and
//: the second about the share. The third moves from loss to errors, and the fourth asks for
//: what a planner wants: a number, written down before the expensive run.

// MARK: - aside The claims, as the program states them
let taper = chapter.claim(
  "taper",
  statement:
    "In nats, each doubling of compute along the frontier lowers the loss by less than the doubling "
    + "before it.",
  quotation: "the improvements taper off the more you scale",
  source: "Voices of Tomorrow, an episode on scaling laws",
  theory:
    "If the excess on the frontier is $k C^{-\\gamma}$, a doubling gains $k C^{-\\gamma}(1 - 2^{-\\gamma})$: "
    + "it shrinks by the same factor $2^{-\\gamma}$ each time.",
  rule:
    "Gain $g_j$ is the drop of the excess between the best splits of two budgets a factor two apart. "
    + "*Holds* if in every set (each draw, and the second language) the slope of $g$ against "
    + "$\\log C$ has a 95 % interval, over seeds, below zero, and the last gain is smaller than "
    + "the first by more than the interval of their difference. *Holds with a limit* if the slope "
    + "is below zero in every set and the second condition is missed. *Fails* if the interval of "
    + "a slope lies above zero. *Not decided* otherwise.")

let flattening = chapter.claim(
  "flattening",
  statement:
    "The share of the excess that a doubling of compute removes shrinks as compute grows: beyond some "
    + "point the loss falls more slowly than a power law.",
  quotation: "we see diminishing returns at some point",
  source: "Scaling Up AI, an episode on scaling laws",
  theory:
    "A single power law keeps the share constant. Read against a floor that is put too low, any power "
    + "law seems to flatten; against one that is put too high, it seems to steepen. Here the "
    + "floor is exact.",
  rule:
    "The local exponent $\\gamma_j = \\log_2(\\text{excess}_j / \\text{excess}_{j+1})$ along the frontier "
    + "is regressed on $\\log C$. *Holds* if in every set the slope has a 95 % interval below zero, "
    + "*fails* if in any set it lies above zero, *not decided* otherwise.")

let sublinear = chapter.claim(
  "sublinear",
  statement: "Each further example raises the accuracy by less than the examples before it.",
  quotation:
    "I just think a lot of things like scale sublinearly in general ... as you add more data, like your "
    + "accuracy doesn't really improve linearly.",
  source: "No Priors, The Future is Small Models, with Matei Zaharia, 6 April 2023",
  theory:
    "A perceptron with $P$ examples in $d$ dimensions errs with probability about $0.50\\,d/P$ if it "
    + "keeps the largest margin [@opper1990], and about $0.40\\,(d/P)^{1/2}$ if it adds its "
    + "examples up [@vallet1989].",
  rule:
    "For both perceptrons the accuracy, for language models of one size the loss in nats, is read "
    + "at numbers of examples a factor two apart; the gain per further example is compared with "
    + "that of the step before. *Holds* if every ratio of neighbouring gains has a 95 % interval, "
    + "over students or seeds, below 1, *fails* if one lies above 1, *not decided* otherwise.")

let foretold = chapter.claim(
  "foretold",
  statement:
    "A law fitted to cheap runs foretells, within 10 %, how much better runs 10, 30 and 60 times dearer "
    + "will be.",
  quotation: "them to predict performance gains with larger models",
  source: "Scaling Up AI, an episode on scaling laws",
  theory:
    "If the law is right and the floor is identified, the error of a forecast grows with the logarithm "
    + "of the distance. Neither is given: a floor fitted near the frontier is poorly determined "
    + "[@besiroglu2024].",
  rule:
    "In two languages that no other chapter uses, laws are fitted to the runs of at most "
    + "$3 \\cdot 10^8 \\cdot 2^5$ FLOPs, and their forecasts written to the run store, which refuses "
    + "them later. Then models 10, 30 and 60 times dearer than that are trained. The gain is the best "
    + "loss below the cut less the loss of the dear model. *Holds* if the additive law with a fitted "
    + "floor misses the mean gain at each of the three distances, in both languages, by at most "
    + "10 %. *Holds with a limit* if it does not, but the power mean or the broken law with a "
    + "fitted floor, or one of the three with the true floor, does. *Fails* otherwise. *Not decided* if "
    + "at some distance the standard error over seeds exceeds 5 % of the gain.")
// MARK: - end

//: The numbers of these rules stand in one place, and nothing below changes them.

/// How well a gain must be foretold.
let gainTolerance = 0.10
/// How noisy a measured gain may be: its standard error over seeds, as a share of it.
let gainNoise = 0.05
/// The fits end at 3e8 FLOPs doubled so many times.
let cutDoublings = 5
/// How many times dearer the foretold runs are.
let distances = [10.0, 30, 60]

try chapter.finish()
