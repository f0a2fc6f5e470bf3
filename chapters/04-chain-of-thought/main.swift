//: # Does it help to think step by step?
//:
//: Ask a language model for the answer and it may be wrong; ask it to write down its steps first and
//: it is right. By now this is common knowledge, and common knowledge has several explanations. The
//: steps are extra tokens, and extra tokens are extra computation. The steps are extra labels, and
//: labels teach. The steps are written and *read again*, so that each one is a small problem. Or the
//: steps let a model try, fail and try again.
//:
//: This chapter builds two tasks in which the explanations come apart, trains a few hundred small
//: transformers on them, and counts what each explanation is worth: in training examples, in training
//: FLOPs, in parameters, and in FLOPs for each answer.

import Foundation
import Laboratory
import Notebook
import Plotting
import ScalingLaws
import Studies
import Tasks

// MARK: - aside The settings of this chapter
struct Settings: ChapterSettings {
  @Option(help: "Seeds: problems, initial values and order of the data.")
  var seeds = Profiled(smoke: 2, course: 3, full: 6)

  @Option(help: "Operations of the longest problem, k.")
  var longest = Profiled(smoke: 3, course: 8, full: 8)

  @Option(help: "Updates of the model that writes its steps; others get as many FLOPs.")
  var updates = Profiled(
    smoke: [30, 60], course: [300, 450, 700, 1200], full: [300, 450, 700, 1200, 2400])

  @Option(help: "Distinct problems to train on, fewer than the usual 20,000.")
  var examples = Profiled(
    smoke: [100, 400], course: [100, 400, 1600, 6400], full: [100, 200, 400, 800, 1600, 3200, 6400])

  @Option(help: "Widths of the models that write their steps, beside the usual one.")
  var writingWidths = Profiled(smoke: [8], course: [8, 16], full: [8, 12, 16, 24])

  @Option(help: "Widths of the models that answer at once, beside the usual one.")
  var directWidths = Profiled(smoke: [16], course: [16, 48], full: [16, 24, 48, 96])

  @Option(help: "Layers of the models that answer at once.")
  var depths = Profiled(smoke: [1, 2], course: [1, 2, 3, 4, 6], full: [1, 2, 3, 4, 5, 6])

  @Option(help: "Updates of the models of several depths.")
  var depthUpdates = Profiled(smoke: 60, course: 2400, full: 9600)

  @Option(help: "Operations of the longest problem that is only tested.")
  var tested = Profiled(smoke: 4, course: 12, full: 12)

  @Option(help: "Rooms behind each door of the largest maze.")
  var rooms = Profiled(smoke: 2, course: 4, full: 5)

  @Option(help: "Updates of the model that searches the maze; others get as many FLOPs.")
  var searchUpdates = Profiled(
    smoke: [30, 60], course: [400, 800, 1200], full: [400, 800, 1200, 2400])

  init() {}

  /// Refuses what cannot be used, before anything is started.
  func validate() throws {
    for profile in Profile.allCases {
      for (name, value, range) in [
        ("seeds", seeds[profile], 1...100), ("longest", longest[profile], 2...12),
        ("tested", tested[profile], longest[profile]...24), ("rooms", rooms[profile], 2...10),
        ("depth-updates", depthUpdates[profile], 1...1_000_000),
      ] where !range.contains(value) {
        throw ValidationError(
          "--\(name) must lie in \(range.lowerBound)...\(range.upperBound); found \(value).")
      }
      for (name, values) in [
        ("updates", updates[profile]), ("examples", examples[profile]),
        ("writing-widths", writingWidths[profile]), ("direct-widths", directWidths[profile]),
        ("depths", depths[profile]), ("search-updates", searchUpdates[profile]),
      ] where values.isEmpty || values.contains(where: { $0 < 1 }) {
        throw ValidationError("--\(name) takes one or more positive numbers; found \(values).")
      }
    }
  }
}
// MARK: - end

let chapter = try Chapter<Settings>(
  4, "chain-of-thought", title: "Does it help to think step by step?", workbench: workbench)
let settings = chapter.settings

//: ## Three claims, and how they will be judged
//:
//: All three come from one conversation. The first is about what we see, the second about why, the
//: third about what might help more. Each rule below was written before the runs that it judges. A
//: comparison is made seed by seed, and an interval is Student's 95 % interval over the seeds.

// MARK: - aside The claims, as the program states them
let helps = chapter.claim(
  "steps-help",
  statement:
    "After the same training FLOPs, a model that writes its steps answers long problems right, and a "
    + "model of the same size that answers at once is mostly wrong.",
  quotation:
    "if you ask a model a math problem and it just tries to answer ... it's wrong. But if you tell "
    + "it, do the explanation for things step by step and then answer, it's more likely to be right.",
  source: "No Priors: The Future is Small Models, with Matei Zaharia",
  theory:
    "A transformer of fixed depth that answers at once cannot compose permutations of five things "
    + "for all $k$, unless TC⁰ = NC¹; with its steps written and read again, constant depth suffices "
    + "[@merrill2023; @feng2023; @li2024]. For a fixed $k$ theory forbids nothing.",
  rule:
    "We compare the accuracy on the longest problems after equal training FLOPs, the largest budget. "
    + "*Holds* if in both tasks the interval of the difference, steps minus direct, lies above 0.2 "
    + "and the direct model is right in less than half of the cases. *Holds with a limit* if that is "
    + "so in one task and the other difference is not below zero. *Fails* if the interval of a "
    + "difference lies below zero. *Not decided* otherwise.")

let content = chapter.claim(
  "content",
  statement:
    "What helps is the content of the steps, written and read again: not the extra tokens, not the "
    + "extra labels, not the writing itself.",
  quotation: "do the explanation for things step by step",
  source: "No Priors: The Future is Small Models, with Matei Zaharia",
  theory:
    "Only fed-back content makes every step a problem of constant depth. Filler tokens add width, "
    + "which helps where the work can be done in parallel [@pfau2024]; labels add a better gradient.",
  rule:
    "We compare steps with filler tokens, with dense labels and with wrong steps, on the longest "
    + "problems, after equal training FLOPs. *Holds* if in both tasks all three intervals of the "
    + "difference lie above 0.2. *Holds with a limit* if all lie above zero. *Fails* if for some "
    + "control, in both tasks, the interval reaches zero or less. *Not decided* otherwise.")

let retracting = chapter.claim(
  "backtracking",
  statement:
    "After the same training FLOPs, a model that writes a search which may retract finds the goal "
    + "more often than one that writes only the way to it, and than one that answers at once.",
  quotation:
    "if it had a scratch pad, if it had a way to backtrack ... it might become better.",
  source: "No Priors: The Future is Small Models, with Matei Zaharia",
  theory:
    "The first room of the way depends on the last one. A model that must name it at once has to "
    + "look ahead; a search needs one look-up for each token, and nothing but more tokens "
    + "[@bachmann2024; @gandhi2024].",
  rule:
    "We compare the accuracy in the longest mazes after equal training FLOPs, the largest budget. "
    + "*Holds* if both intervals of the difference, search minus path and search minus direct, lie "
    + "above 0.2. *Holds with a limit* if so, but the way written backwards, which never retracts, "
    + "is right at least as often as the search less 0.05. *Fails* if one of the two intervals reaches "
    + "zero or less. *Not decided* otherwise.")

/// What a difference between two accuracies must exceed to count.
let clearGain = 0.2
/// The accuracy below which a model is mostly wrong.
let mostlyWrong = 0.5
/// How much less often a way of writing may be right and still count as good.
let asGood = 0.05
// MARK: - end

//: ## Two tasks of serial steps
//:
//: A problem has a start and $k$ operations, and asks where they lead.
//:
//: * **Arithmetic**: a number from 0 to 6, changed by $k$ operations from $+0 \ldots +6$ and
//:   $\times 1 \ldots \times 6$, modulo 7.
//: * **Cups**: a ball under one of five cups, and $k$ of the ten swaps of two cups.
//:
//: In both, every operation permutes the states, so a model that ignores the start is right one time in
//: seven, or in five, *exactly*. The two look alike and differ in theory: the maps
//: $x \mapsto ax + b$ form a solvable group, which constant depth can compose in principle [@liu2023];
//: swaps of five cups generate the group $S_5$, whose word problem is complete for NC¹
//: [@barrington1989].
//:
//: A problem is written as `x0 o1 … ok PAD … PAD =`, padded so that step $i$ always finds operation $i$ at the
//: same distance. Five *modes* differ in what follows:
//:
//: | mode | what the model writes | what it adds to *direct* |
//: |---|---|---|
//: | direct | the answer | |
//: | steps | `x1 x2 … xk END`, its own steps, read again | tokens, labels, feedback, content |
//: | filler | $k$ dots are given, then the answer | tokens |
//: | dense | the answer; in training, $x_i$ is asked for at operation $i$ | labels |
//: | wrong | $k - 1$ random states, then the answer, END | tokens, labels, feedback |
//:
//: Table: Five modes of answering. {#tbl:modes}
//:
//: Only the answer is judged: the token before the end. All texts are written greedily by the model
//: itself; nobody corrects a step. A problem that is tested was never trained on.
//:
//: ## What is trained
//:
//: The usual model has two layers, is 32 wide and has \(parameters) parameters; it sees
//: \(sequences) problems an update, as many of each length, from \(problems) distinct ones. A run of
//: any length is a branch of one constant trunk that cools down over the last 30 % of *its own*
//: updates [@hagele2024]: no mode is read off in the middle of a schedule. A sequence with steps is
//: longer than one without, so at equal updates, which are equal examples, it costs more; at equal
//: FLOPs, direct answering gets more updates. Both comparisons are made.
//:
//: A pilot with other seeds chose the sizes, the budgets and the learning rate, so that the figures are not
//: saturated; then the rules above were written, and then the runs of this chapter were made.

let seeds = (1...UInt64(settings.seeds)).map { $0 }
let k = settings.longest
let allUpdates = settings.updates.max()!

/// The usual run of a mode, without its lengths.
func usual(_ task: SerialTask, _ mode: AnswerMode, seed: UInt64) -> ReasoningRun {
  ReasoningRun(task, mode, trained: k, steps: [], seed: seed)
}

/// The budgets in training FLOPs: what the updates of the writing model cost.
func budgets(_ task: SerialTask) -> [Double] {
  settings.updates.sorted().map { Double($0) * usual(task, .steps, seed: 1).flopsPerStep }
}

// Every mode at all budgets, and at as many updates as the writing model.
let grid = chapter.batch(
  SerialTask.allCases.flatMap { task in
    AnswerMode.allCases.flatMap { mode in
      seeds.map { usual(task, mode, seed: $0).spending(budgets(task), or: [allUpdates]) }
    }
  })

/// A variant of the usual run: one length, as many updates as the usual model of that mode has at
/// the largest budget.
func variant(
  _ task: SerialTask, _ mode: AnswerMode, seed: UInt64, _ change: (inout ReasoningRun) -> Void
) -> ReasoningRun {
  var run = usual(task, mode, seed: seed).spending([budgets(task).last!])
  change(&run)
  return run
}
let sides: [AnswerMode] = [.steps, .direct]

// Fewer distinct problems, the same training.
let exampleTasks: [SerialTask] = chapter.profile == .full ? SerialTask.allCases : [.cups]
let byExamples = chapter.batch(
  exampleTasks.flatMap { task in
    sides.flatMap { mode in
      settings.examples.flatMap { problems in
        seeds.map { variant(task, mode, seed: $0) { $0.problems = problems } }
      }
    }
  })

// Other widths.
let byWidth = chapter.batch(
  SerialTask.allCases.flatMap { task in
    seeds.flatMap { seed in
      settings.writingWidths.map { width in
        variant(task, .steps, seed: seed) { $0.width = width }
      }
        + settings.directWidths.map { width in
          variant(task, .direct, seed: seed) { $0.width = width }
        }
    }
  })

// Other depths, longer training, and one layer that writes its steps.
let byDepth = chapter.batch(
  seeds.flatMap { seed in
    settings.depths.map { layers in
      variant(.cups, .direct, seed: seed) {
        $0.layers = layers
        $0.steps = [settings.depthUpdates]
      }
    } + [variant(.cups, .steps, seed: seed) { $0.layers = 1 }]
  })

// Trained to k, tested beyond.
let byLength = chapter.batch(
  [ReasoningRun.Positions.learned, .relative].flatMap { positions in
    seeds.map { seed in
      ReasoningRun(
        .cups, .steps, positions: positions, trained: k, tested: settings.tested,
        steps: [allUpdates], seed: seed)
    }
  })

// The neighbours of the learning rate.
let rates = [0.25, 0.5, 1, 2, 4].map { $0 * ReasoningRun.usualRate }
let byRate = chapter.batch(
  sides.flatMap { mode in
    rates.map { rate in
      var run = usual(.cups, mode, seed: 1)
      run = run.spending([budgets(.cups).first!, budgets(.cups).last!])
      run.rate = rate
      return run
    }
  })

// The mazes.
let maze = DoorMaze(doors: 3, longest: settings.rooms)
let searchBudgets = settings.searchUpdates.sorted().map {
  Double($0) * SearchRun(maze, .search, steps: [], seed: 1).flopsPerStep
}
let searches = chapter.batch(
  MazeFormat.Mode.allCases.flatMap { mode in
    seeds.map { SearchRun(maze, mode, steps: [], seed: $0).spending(searchBudgets) }
  })

try chapter.runAll()

try chapter.finish()
