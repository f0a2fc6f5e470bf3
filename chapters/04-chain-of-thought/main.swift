//: # Does it help to think step by step?
//:
//: Ask a language model for the answer and it may be wrong; ask it to write down its steps first
//: and it is right [@nye2021; @wei2022]. That is common knowledge by now, with several
//: explanations. The steps are extra tokens, and extra tokens are extra computation. The steps are
//: extra labels, and labels teach. The steps are written and *read again*, so that each one is a
//: small problem. Or the steps let a model try, fail and try again.
//:
//: This chapter builds two tasks in which the explanations come apart, trains more than a hundred
//: small transformers on them, and counts what each explanation is worth: in training examples, in
//: training FLOPs, in parameters, and in FLOPs for each answer.

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

  @Option(help: "The same for arithmetic, which takes longer to learn.")
  var arithmeticUpdates = Profiled(
    smoke: [30, 60], course: [450, 700, 1200, 2000], full: [450, 700, 1200, 2000, 4000])

  @Option(help: "Distinct problems to train on, fewer than the usual 20,000.")
  var examples = Profiled(
    smoke: [100, 400], course: [100, 400, 1600], full: [100, 200, 400, 800, 1600, 3200, 6400])

  @Option(help: "Widths of the models that write their steps, beside the usual one.")
  var writingWidths = Profiled(smoke: [8], course: [8, 16], full: [8, 12, 16, 24])

  @Option(help: "Widths of the models that answer at once, beside the usual one.")
  var directWidths = Profiled(smoke: [16], course: [16, 48], full: [16, 24, 48, 96])

  @Option(help: "Layers of the models that answer at once.")
  var depths = Profiled(smoke: [1, 2], course: [1, 2, 3, 4, 6], full: [1, 2, 3, 4, 5, 6])

  @Option(help: "Updates of the models of several depths.")
  var depthUpdates = Profiled(smoke: 60, course: 2400, full: 9600)

  @Option(help: "Operations of the longest problem that models of several depths are trained on.")
  var depthLongest = Profiled(smoke: 2, course: 5, full: 5)

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
    try check("seeds", seeds, in: 1...100)
    try check("longest", longest, in: 2...12)
    try check("rooms", rooms, in: 2...10)
    try check("depth-longest", depthLongest, in: 2...12)
    try check("depth-updates", depthUpdates, in: 10...1_000_000)
    for (name, counts) in [
      ("updates", updates), ("arithmetic-updates", arithmeticUpdates),
      ("search-updates", searchUpdates),
    ] {
      try check(name, counts, in: 10...1_000_000)
    }
    for profile in Profile.allCases {
      let (least, most) = (longest[profile] + 1, 24)
      if (least...most).contains(tested[profile]) { continue }
      throw ValidationError(
        "--tested must lie in \(least)...\(most); found \(tested[profile]).")
    }
    for (name, counts) in [
      ("examples", examples), ("writing-widths", writingWidths), ("direct-widths", directWidths),
      ("depths", depths),
    ] {
      try checkPositive(name, counts)
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
//: * **Arithmetic**: a number from 0 to 6. Each of $k$ operations adds 0 to 6 or multiplies by 1 to
//:   6, modulo 7.
//: * **Cups**: a ball under one of five cups, and $k$ of the ten swaps of two cups.
//:
//: In both, every operation permutes the states, so a model that ignores the start is right one
//: time in seven, or in five, *exactly*. The two look alike and differ in theory: the maps
//: $x \mapsto ax + b$ form a solvable group, which constant depth can compose in principle
//: [@liu2023]; swaps of five cups generate the group $S_5$, whose word problem is complete for NC¹
//: [@barrington1989].
//:
//: A problem is written as `x0 o1 … ok PAD … PAD =`, padded so that step $i$ always finds operation
//: $i$ at the same distance. Five *modes* differ in what follows:
//:
//: | Mode | What the model writes | What it adds to *direct* |
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
//: \(sequences) problems an update, as many of each length, from \(problems) distinct ones. A run
//: of any length is a branch of one constant trunk that cools down over the last 30 % of *its own*
//: updates [@hagele2024]: no mode is read off in the middle of a schedule. A sequence with steps is
//: longer than one without, so at equal updates, which are equal examples, it costs more; at equal
//: FLOPs, direct answering gets more updates. Both comparisons are made.
//:
//: A pilot with other seeds chose the sizes, the budgets and the learning rate, so that the figures
//: are not saturated; then the rules above were written, and then the runs of this chapter were
//: made.

/// A length at which direct answers are not yet a guess.
let short = min(2, settings.longest)
let seeds = (1...UInt64(settings.seeds)).map { $0 }
let k = settings.longest

let usualWidth = usual(.cups, .steps, seed: 1).width

/// The lengths of the runs of the writing model.
func updates(_ task: SerialTask) -> [Int] {
  (task == .cups ? settings.updates : settings.arithmeticUpdates).sorted()
}

/// The usual run of a mode, without its lengths.
func usual(_ task: SerialTask, _ mode: AnswerMode, seed: UInt64) -> ReasoningRun {
  ReasoningRun(task, mode, trained: k, steps: [], seed: seed)
}

/// The budgets in training FLOPs: what the updates of the writing model cost.
func budgets(_ task: SerialTask) -> [Double] {
  updates(task).map { Double($0) * usual(task, .steps, seed: 1).flopsPerStep }
}

// Every mode at all budgets, and at as many updates as the writing model.
let grid = chapter.batch(
  SerialTask.allCases.flatMap { task in
    AnswerMode.allCases.flatMap { mode in
      seeds.map { usual(task, mode, seed: $0).spending(budgets(task), or: [updates(task).last!]) }
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
let sides: [AnswerMode] = [.direct, .steps]

// Fewer distinct problems, the same training.
let byExamples = chapter.batch(
  SerialTask.allCases.flatMap { task in
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
        // Wide models cost most, and arithmetic is the longer training: there only narrow ones.
        + settings.directWidths.filter { task == .cups || $0 < usualWidth }.map { width in
          variant(task, .direct, seed: seed) { $0.width = width }
        }
    }
  })

// Other depths: shorter problems, longer training, half the rate; and one layer that writes.
let byDepth = chapter.batch(
  seeds.flatMap { seed in
    settings.depths.map { layers in
      variant(.cups, .direct, seed: seed) {
        $0.layers = layers
        $0.trained = settings.depthLongest
        $0.tested = settings.depthLongest
        $0.steps = [settings.depthUpdates]
        $0.rate = ReasoningRun.usualRate / 2
      }
    } + [variant(.cups, .steps, seed: seed) { $0.layers = 1 }]
  })

// Trained to k, tested beyond.
let byLength = chapter.batch(
  [ReasoningRun.Positions.learned, .relative].flatMap { positions in
    seeds.map { seed in
      ReasoningRun(
        .cups, .steps, positions: positions, trained: k, tested: settings.tested,
        steps: [updates(.cups).last!], seed: seed)
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

// MARK: - aside Shares of right answers, seed by seed
func runs(_ task: SerialTask, _ mode: AnswerMode) -> [Run<ReasoningRun>] {
  grid.runs.filter { $0.trial.task == task && $0.trial.mode == mode }
}
/// After equal training FLOPs; the largest budget unless another is given.
func atEqualFLOPs(
  _ task: SerialTask, _ mode: AnswerMode, length: Int = k, budget: Double? = nil
) -> SeedShares {
  SeedShares(runs(task, mode), length: length) {
    $0.branch(spending: budget ?? budgets(task).last!)
  }
}
/// After as many updates as the writing model had at its largest budget.
func atEqualExamples(_ task: SerialTask, _ mode: AnswerMode, length: Int = k) -> SeedShares {
  SeedShares(runs(task, mode), length: length) { $0.branch(steps: updates(task).last!) }
}
/// Records a share, or that it was not measured.
func record(_ name: String, _ share: Double?, line: Int = #line) {
  chapter.record(
    name, ifAny: share, digits: 2, percent: true, missing: "not measured", line: line)
}
/// A share of right answers at a place of a figure.
struct SharePoint {
  var task = SerialTask.cups
  var series: String
  var x: Double
  var share: Estimate
}
/// A curve for each series against the operations, the series side by side.
func curves(_ points: [SharePoint], apart: Double = 1.8) -> [any Mark] {
  Recipe.estimates(points, x: \.x, y: \.share, series: \.series, apart: apart, radius: 2)
}
extension SerialTask {
  var title: String { rawValue.capitalized }
}
// MARK: - end

chapter.record("parameters", usual(.arithmetic, .steps, seed: 1).parameters)
chapter.record("sequences", ReasoningRun.sequencesPerBatch)
chapter.record("problems", usual(.cups, .steps, seed: 1).problems)
chapter.record("seedCount", settings.seeds)
chapter.record("longest", k)
chapter.record("testProblems", ReasoningRun.testProblems)

//: ## Five modes, one to eight steps
//:
//: @fig:modes shows every mode after the same training FLOPs, the largest budget:
//: \(budgetArithmetic) for arithmetic, \(budgetCups) for cups. Dashed is what the best guess gets
//: that sees the start and none of the operations: for short problems it is more than chance,
//: because an operation may well leave things as they are.

let modePoints = SerialTask.allCases.flatMap { task in
  AnswerMode.allCases.flatMap { mode in
    (1...k).map { length in
      SharePoint(
        task: task, series: mode.rawValue, x: Double(length),
        share: atEqualFLOPs(task, mode, length: length).share)
    }
  }
}

// MARK: - aside Draw the figure
let lengths = (1...k).map { $0 }
try chapter.show(
  figure: Plot.facets(
    SerialTask.allCases.map { task in
      Panel(task.title, x: .counts("Operations $k$", 1...k), y: .accuracy()) {
        Line(lengths, x: { $0 }, y: { task.bestGuess(length: $0) }, style: .dashed, color: .muted)
        Rule(y: task.chance, label: "chance")
        curves(modePoints.filter { $0.task == task })
      }
    }, height: 240),
  name: "modes",
  caption:
    "Right answers after equal training FLOPs, the mean over \\(seedCount) seeds with Student's 95 % "
    + "interval. Dashed: exact chance, and the best guess from the start alone.")

struct ModeRow {
  var task: SerialTask
  var mode: AnswerMode
  var examples: SeedShares { atEqualExamples(task, mode) }
  var flops: SeedShares { atEqualFLOPs(task, mode) }
  var behind: Estimate? {
    mode == .steps ? nil : atEqualFLOPs(task, .steps).ahead(of: flops)
  }
  var run: ReasoningRun { usual(task, mode, seed: 1) }
}
let modeRows = SerialTask.allCases.flatMap { task in
  AnswerMode.allCases.map { ModeRow(task: task, mode: $0) }
}
try chapter.show(
  table: Table(modeRows) {
    Column("Task") { $0.task.title }
    Column("Mode") { $0.mode.rawValue }
    Column("Equal examples") { $0.examples.share }
    Column("Equal FLOPs") { $0.flops.share }
    Column("Steps are ahead by") { $0.behind }
    Column("Tokens read") { $0.run.format.tokensRead(length: k) }
    Column("FLOPs an answer", digits: 2) { $0.run.answerFlops(length: k) }
  }, name: "answers",
  caption:
    "Right answers to problems of \\(longest) operations after as many updates as the writing model had "
    + "(equal examples: \\(updatesArithmetic) for arithmetic, \\(updatesCups) for cups) and after equal "
    + "training FLOPs, with 95 % intervals over seeds; what an answer costs with keys and values kept."
)
for task in SerialTask.allCases {
  chapter.record("updates\(task.title)", updates(task).last!)
  chapter.record("budget\(task.title)", budgets(task).last!, unit: "FLOPs", digits: 2)
}
for task in SerialTask.allCases {
  chapter.record("chance\(task.title)", task.chance)
  chapter.record("guess\(task.title)", task.bestGuess(length: k), quiet: true)
  chapter.record(
    "shortDense\(task.title)", atEqualFLOPs(task, .dense, length: short).share, quiet: true)
  chapter.record(
    "shortDirect\(task.title)", atEqualFLOPs(task, .direct, length: short).share, quiet: true)
  for mode in AnswerMode.allCases {
    let name = mode.rawValue.capitalized + task.title
    chapter.record("share\(name)", atEqualFLOPs(task, mode).share, quiet: true)
    chapter.record("examples\(name)", atEqualExamples(task, mode).share, quiet: true)
  }
}
// MARK: - end

//: With \(longest) operations, steps are right in \(shareStepsArithmetic) of the cases of
//: arithmetic and in \(shareStepsCups) of cups; direct answers in \(shareDirectArithmetic) and
//: \(shareDirectCups), where chance is \(chanceArithmetic) and \(chanceCups). The controls tell the
//: explanations apart. *Filler* has as many tokens as steps, and gets \(shareFillerArithmetic) and
//: \(shareFillerCups): extra computation by itself does nothing here. *Wrong* writes, and reads
//: what it wrote, and gets \(shareWrongArithmetic) and \(shareWrongCups): the form does nothing
//: without the content, and it costs the model even the short problems. *Dense* has every label
//: that steps have, and gets \(shareDenseArithmetic) and \(shareDenseCups); at $k = 2$ the labels
//: do help, from \(shortDirectCups) to \(shortDenseCups) in cups and from \(shortDirectArithmetic)
//: to \(shortDenseArithmetic) in arithmetic. What carries over to long problems is one thing only:
//: true content, read again.

//: ## Training time
//:
//: Each mode is read at budgets that grow by about one half, each time from a run that was annealed
//: for it.

let timePoints = SerialTask.allCases.flatMap { task in
  AnswerMode.allCases.flatMap { mode in
    budgets(task).map { budget in
      SharePoint(
        task: task, series: mode.rawValue, x: budget,
        share: atEqualFLOPs(task, mode, budget: budget).share)
    }
  }
}
// MARK: - aside Draw the figure
try chapter.show(
  figure: Plot.facets(
    SerialTask.allCases.map { task in
      Panel(task.title, x: .compute, y: .accuracy()) {
        Rule(y: task.chance, label: "chance")
        Recipe.estimates(
          timePoints.filter { $0.task == task }, x: \.x, y: \.share, series: \.series, apart: 1.8)
      }
    }, height: 240),
  name: "budgets",
  caption:
    "Right answers to problems of \\(longest) operations against training compute; every point is a run with a "
    + "cooldown of its own.")
for task in SerialTask.allCases {
  let steps = budgets(task).map { (flops: $0, share: atEqualFLOPs(task, .steps, budget: $0).share) }
  let onset = steps.firstIndex { $0.share.value > 0.5 }
  record("before\(task.title)", onset.flatMap { $0 > 0 ? steps[$0 - 1].share.value : nil })
  record("after\(task.title)", onset.map { steps[$0].share.value })
}
// MARK: - end

//: The steps are not learned little by little. From one budget to the next accuracy goes from
//: \(beforeCups) to \(afterCups) in cups and from \(beforeArithmetic) to \(afterArithmetic) in
//: arithmetic, for all lengths at once, because all lengths need the same table of single
//: operations. Seeds differ most in when this happens: there the intervals are wide. Direct answers
//: creep, and in cups only: what they gain is at the shortest problems.

//: ## Examples
//:
//: A worked problem shows all its states, a bare one only the last. We shrink the set of distinct
//: problems and leave the training as it is.

struct ExamplePoint {
  var task: SerialTask
  var mode: AnswerMode
  var problems: Int
  var length: Int
  var share: Estimate
}
let exampleCounts = settings.examples.sorted() + [usual(.cups, .steps, seed: 1).problems]
let examplePoints = SerialTask.allCases.flatMap { task in
  sides.flatMap { mode in
    exampleCounts.flatMap { problems in
      [short, k].compactMap { length -> ExamplePoint? in
        let fewer = byExamples.runs.filter {
          $0.trial.task == task && $0.trial.mode == mode && $0.trial.problems == problems
        }
        let found =
          fewer.isEmpty
          ? atEqualFLOPs(task, mode, length: length) : SeedShares(fewer, length: length)
        return found.isEmpty
          ? nil
          : ExamplePoint(
            task: task, mode: mode, problems: problems, length: length, share: found.share)
      }
    }
  }
}
// MARK: - aside Draw the figure
try chapter.show(
  figure: Plot.facets(
    SerialTask.allCases.flatMap { task in
      [short, k].map { length in
        Panel(
          "\(task.title), $k = \(length)$", x: .log("Distinct problems"), y: .accuracy()
        ) {
          let own = examplePoints.filter { $0.task == task && $0.length == length }
          Rule(y: task.bestGuess(length: length), label: "best guess")
          Recipe.estimates(
            own, x: { Double($0.problems) }, y: \.share, series: \.mode.rawValue)
        }
      }
    }, columns: 2, height: 400),
  name: "examples",
  caption:
    "Right answers against the distinct problems of all lengths in the training set, after equal training FLOPs "
    + "(\\(budgetArithmetic) for arithmetic, \\(budgetCups) for cups): few problems are read again "
    + "and again.")
let mostExamples = exampleCounts.last!
for task in SerialTask.allCases {
  /// The shares by the number of problems, fewest first.
  func shares(_ mode: AnswerMode, length: Int) -> [ExamplePoint] {
    examplePoints.filter { $0.task == task && $0.mode == mode && $0.length == length }
  }
  let (name, steps, direct) = (task.title, shares(.steps, length: k), shares(.direct, length: k))
  let enough = steps.firstIndex { $0.share.value > 0.5 }
  let fewer = enough.flatMap { $0 > 0 ? steps[$0 - 1] : nil }
  record("stepsOfFewest\(name)", steps.first?.share.value)
  record("stepsOfEnough\(name)", enough.map { steps[$0].share.value })
  record("directOfMost\(name)", direct.last?.share.value)
  record("directShortOfMost\(name)", shares(.direct, length: short).last?.share.value)
  chapter.record("enough\(name)", enough.map { steps[$0].problems } ?? mostExamples)
  if task == .cups {
    record("stepsShortOfFewest", shares(.steps, length: short).first?.share.value)
  } else {
    record("guessShort", task.bestGuess(length: short))
    record("stepsOfFewer", fewer?.share.value)
    chapter.record("fewer", fewer?.problems ?? exampleCounts[0])
  }
}
chapter.record("fewest", exampleCounts[0])
chapter.record("most", mostExamples)
// MARK: - end

//: In cups \(enoughCups) worked problems of all lengths together suffice for \(stepsOfEnoughCups) at
//: $k = \(longest)$; \(most) bare answers give \(directOfMostCups), a guess. In arithmetic it takes
//: \(enoughArithmetic) worked problems for \(stepsOfEnoughArithmetic); with \(fewer) it is
//: \(stepsOfFewer) in the mean, for some seeds learn the operations and some do not. And \(most) bare
//: answers give \(directOfMostArithmetic), a guess too. There is no rate of exchange at that length:
//: within reach, no number of bare answers is worth the worked ones. With \(fewest) problems, about a dozen of each
//: length, the steps are a guess in both tasks (\(stepsOfFewestCups) and \(stepsOfFewestArithmetic)):
//: what was read again and again is remembered, and no table of operations comes of it. At $k = 2$
//: bare answers are worth something in cups: \(directShortOfMostCups) with all \(most), against
//: \(stepsShortOfFewest) for steps with \(fewest). In arithmetic \(most) of them give
//: \(directShortOfMostArithmetic) even there, where the start alone gives \(guessShort).

//: ## Parameters, and the price of an answer
//:
//: A model that writes reads more tokens for each answer. Is it still cheaper to write than to have
//: a wider model answer at once? @fig:price holds accuracy against the parameters and against the
//: FLOPs of one answer, with keys and values kept.

struct PricePoint {
  var task: SerialTask
  var mode: AnswerMode
  var width: Int
  var parameters: Int
  var answerFlops: Double
  var share: Estimate
}
let pricePoints = SerialTask.allCases.flatMap { task in
  sides.flatMap { mode in
    let others = byWidth.runs.filter { $0.trial.task == task && $0.trial.mode == mode }
    return Set((others + runs(task, mode)).map(\.trial.width)).sorted().map { width in
      let own = others.filter { $0.trial.width == width }
      var trial = usual(task, mode, seed: 1)
      trial.width = width
      return PricePoint(
        task: task, mode: mode, width: width, parameters: trial.parameters,
        answerFlops: trial.answerFlops(length: k),
        share: (own.isEmpty ? atEqualFLOPs(task, mode) : SeedShares(own, length: k)).share)
    }
  }
}
// MARK: - aside Draw the figure
try chapter.show(
  figure: Plot.facets(
    SerialTask.allCases.flatMap { task in
      let own = pricePoints.filter { $0.task == task }
      return [
        Panel(task.title, x: .parameters, y: .accuracy()) {
          Rule(y: task.chance, label: "chance")
          Recipe.estimates(
            own, x: { Double($0.parameters) }, y: \.share, series: \.mode.rawValue)
        },
        Panel(task.title, x: .log("FLOPs an answer"), y: .accuracy()) {
          Rule(y: task.chance, label: "chance")
          Recipe.estimates(own, x: \.answerFlops, y: \.share, series: \.mode.rawValue)
        },
      ]
    }, columns: 2, height: 400, sharing: .y),
  name: "price",
  caption:
    "Right answers to problems of \\(longest) operations against parameters and against the FLOPs of an "
    + "answer. A point is a width; each width had as many updates as the usual model of its mode.")
try chapter.show(
  table: Table(pricePoints) {
    Column("Task") { $0.task.title }
    Column("Mode") { $0.mode.rawValue }
    Column("Width") { $0.width }
    Column("Parameters") { $0.parameters }
    Column("FLOPs an answer", digits: 2) { $0.answerFlops }
    Column("Right at $k$ = \(k)") { $0.share }
  }, name: "price", caption: "Width, price and accuracy of models that write and that do not.")
for task in SerialTask.allCases {
  let own = pricePoints.filter { $0.task == task }
  let writing = own.first { $0.mode == .steps && $0.share.value > 0.5 }
  let direct = own.last { $0.mode == .direct }
  for (name, point) in [("writing", writing), ("direct", direct)] {
    record("\(name)Share\(task.title)", point?.share.value)
    chapter.record("\(name)Parameters\(task.title)", point?.parameters ?? 0, quiet: true)
    chapter.record("\(name)Price\(task.title)", point?.answerFlops ?? 0, digits: 2, quiet: true)
  }
}
// MARK: - end

//: The smallest writing model of cups that is mostly right has \(writingParametersCups) parameters,
//: pays \(writingPriceCups) FLOPs for an answer and is right in \(writingShareCups) of the cases.
//: The widest direct model has \(directParametersCups), pays \(directPriceCups), and is right in
//: \(directShareCups). In arithmetic it takes \(writingParametersArithmetic) parameters to write
//: (\(writingShareArithmetic) right), and \(directParametersArithmetic) do not help to answer at
//: once (\(directShareArithmetic)). So writing is not a way to spend more for each answer: at equal
//: price of an answer, too, it is the writing model that is right. Width is of no use for work that
//: has to be done one thing after the other.

//: ## Depth instead of steps
//:
//: A layer can do one thing after another, so depth should buy steps. Theory says how many: with a
//: tree of compositions, $O(\log k)$ layers of sufficient width suffice [@liu2023]. For swaps of
//: five cups no constant number does, at any polynomial width, unless TC⁰ = NC¹. These direct
//: models were trained for \(depthUpdates) updates on problems of up to \(depthLongest) operations,
//: so that no part of the training is spent on problems out of reach, and with half the usual
//: learning rate.

struct DepthRow {
  var name: String
  var layers: Int
  var parameters: Int
  var flops: Double
  var shares: [Estimate]
}
let depthLengths = (1...settings.depthLongest).map { $0 }
func depthRow(_ name: String, _ runs: [Run<ReasoningRun>]) -> DepthRow? {
  guard let first = runs.first else { return nil }
  return DepthRow(
    name: name, layers: first.trial.layers, parameters: first.outcome.parameters,
    flops: first.outcome.branches.last!.flops,
    shares: depthLengths.filter { $0 <= first.trial.tested }.map {
      SeedShares(runs, length: $0).share
    })
}
let directRows = settings.depths.sorted().compactMap { layers in
  depthRow(
    layers == 1 ? "1 layer" : "\(layers)",
    byDepth.runs.filter { $0.trial.layers == layers && $0.trial.mode == .direct })
}
let writingRow = depthRow(
  "1 layer, writing", byDepth.runs.filter { $0.trial.mode == .steps })
let depthRows = directRows + [writingRow].compactMap { $0 }

// MARK: - aside Draw the figure, make the table
let depthPoints = depthRows.flatMap { row in
  row.shares.enumerated().map { index, share in
    SharePoint(series: row.name, x: Double(index + 1), share: share)
  }
}
try chapter.show(
  figure: Plot(
    height: 270, x: .counts("Operations $k$", 1...settings.depthLongest), y: .accuracy()
  ) {
    Line(
      depthLengths, x: { $0 }, y: { SerialTask.cups.bestGuess(length: $0) }, style: .dashed,
      color: .muted)
    Rule(y: SerialTask.cups.chance, label: "chance")
    curves(depthPoints, apart: 2.4)
  }, name: "depth",
  caption:
    "Cups: direct answers of models with one to six layers after \\(depthUpdates) updates, and one "
    + "layer that writes its steps after \\(updatesCups). Dashed: chance, and the best guess from the "
    + "start alone.")
try chapter.show(
  table: Table(depthRows) {
    Column("Layers") { $0.name }
    Column("Parameters") { $0.parameters }
    Column("Training FLOPs", digits: 2) { $0.flops }
    for length in depthLengths.dropFirst() {
      Column("$k$ = \(length)", digits: 2) {
        $0.shares.count >= length ? $0.shares[length - 1] : nil
      }
    }
  }, name: "depth", caption: "Right answers to cups by depth, with 95 % intervals over seeds.")
chapter.record("depthUpdates", settings.depthUpdates)
chapter.record("depthLayers", directRows.last?.layers ?? 0)
chapter.record("depthLongest", settings.depthLongest)
chapter.record("middle", (settings.depthLongest + 1) / 2)
let middle = (settings.depthLongest + 1) / 2 - 1
record("shallowMiddle", directRows.first?.shares[middle].value)
record("twoMiddle", directRows.first { $0.layers == 2 }?.shares[middle].value)
record("fourMiddle", directRows.last { $0.layers <= 4 }?.shares[middle].value)
record("deepMiddle", directRows.last?.shares[middle].value)
record("shallowLongest", directRows.first?.shares.last?.value)
record("deepLongest", directRows.last?.shares.last?.value)
chapter.record(
  "guessMiddle", SerialTask.cups.bestGuess(length: middle + 1), digits: 2, percent: true)
record(
  "writingLongest",
  SeedShares(byDepth.runs.filter { $0.trial.mode == .steps }, length: k).share.value)
// MARK: - end

//: At $k = \(middle)$, where the start alone gives \(guessMiddle), one layer gets \(shallowMiddle),
//: two \(twoMiddle), four \(fourMiddle) and \(depthLayers) layers \(deepMiddle); at
//: $k = \(depthLongest)$ one layer gets \(shallowLongest) and \(depthLayers) layers \(deepLongest).
//: So depth does buy serial steps, but a doubling buys about one of them, and what theory allows is
//: not yet what training finds. One layer that writes is right in \(writingLongest) of the problems
//: with $k = \(longest)$.

//: ## Longer than trained
//:
//: The steps were learned for up to \(longest) operations. @fig:length asks for up to
//: \(testedLongest), with room for them in the question. A model with a learned vector for each
//: position has never trained the vectors of the positions that the longer problems need; one that
//: knows only distances, by a learned bias per head, has seen every distance between a step and its
//: operation.

let lengthPoints = [
  (ReasoningRun.Positions.learned, "learned positions"), (.relative, "relative positions"),
].flatMap { positions, name in
  (1...settings.tested).map { length in
    SharePoint(
      series: name, x: Double(length),
      share: SeedShares(byLength.runs.filter { $0.trial.positions == positions }, length: length)
        .share)
  }
}
// MARK: - aside Draw the figure
try chapter.show(
  figure: Plot(height: 230, x: .counts("Operations $k$", 1...settings.tested), y: .accuracy()) {
    Rule(x: Double(k) + 0.5, label: "trained up to here", style: .dotted)
    Rule(y: SerialTask.cups.chance, label: "chance")
    curves(lengthPoints)
  }, name: "length",
  caption:
    "Cups, step by step: problems longer than any that was trained on, with two ways to tell positions "
    + "apart, after \\(updatesCups) updates.")
chapter.record("testedLongest", settings.tested)
for (name, positions) in [("learned", ReasoningRun.Positions.learned), ("relative", .relative)] {
  let own = byLength.runs.filter { $0.trial.positions == positions }
  record("\(name)Next", SeedShares(own, length: k + 1).share.value)
  record("\(name)Far", SeedShares(own, length: settings.tested).share.value)
  let scores = own.compactMap { $0.outcome.branches.last?.scores.last }
  let anatomy = ErrorAnatomy(.cups, scores)
  record(
    "\(name)Begun", anatomy.map { Double($0.places[k].atRisk) / Double($0.places[0].atRisk) })
}
chapter.record("next", k + 1)
// MARK: - end

//: One operation more than trained, $k = \(next)$: learned positions \(learnedNext), relative ones
//: \(relativeNext). At $k = \(testedLongest)$: \(learnedFar) and \(relativeFar). It is not the
//: chain as such that fails: of the problems with \(testedLongest) operations, the first \(longest)
//: steps are all right in \(learnedBegun) and \(relativeBegun) of the cases. Learned positions fail
//: where the first untrained vector is used. A relative form goes on for a while and then loses its
//: place or its end, for it, too, has only seen texts of at most \(longest) steps. Writing steps
//: makes a task learnable; that the procedure is learned for every length does not follow.

//: ## Anatomy of an error
//:
//: A chain that is right \(longest) times in a row is right because each link is. If a link breaks
//: with probability $\varepsilon$, whatever its place, and a broken link puts any of the $s - 1$
//: other states in its place, then what is written wrong stays wrong as long as it is carried on
//: correctly: every operation is a permutation. Only another broken link can lead back. So
//:
//: $$P(\text{right}) = \frac1s + \Bigl(1 - \frac1s\Bigr)\Bigl(1 - \frac{s\,\varepsilon}{s - 1}\Bigr)^{k}.$$ {#eq:slips}
//:
//: We take the models that have begun to learn, find for each place how often the first wrong step
//: falls there among chains that were right so far, and hold the accuracy against @eq:slips.

struct Anatomy {
  var task: SerialTask
  var updates: Int
  var seeds: Int
  var errors: ErrorAnatomy
}
/// A model has begun to learn if it is right in more cases than any guess.
let begun = 0.3
func dissected(rightAbove least: Double) -> [Anatomy] {
  SerialTask.allCases.flatMap { task in
    updates(task).compactMap { updates -> Anatomy? in
      let scores = runs(task, .steps).compactMap { run in
        run.outcome.branch(steps: updates)?.scores.first { $0.length == k }
      }.filter { $0.accuracy > least }
      return ErrorAnatomy(task, scores).map {
        Anatomy(task: task, updates: updates, seeds: scores.count, errors: $0)
      }
    }
  }
}
// A short training may leave none that has begun: then all are shown, which err as guesses do.
let learning = dissected(rightAbove: begun)
let anatomies = learning.isEmpty ? dissected(rightAbove: -1) : learning
/// Learned, but not to the end.
let partial = anatomies.filter { $0.errors.accuracy < 0.995 }

// MARK: - aside Draw the figure, make the table
struct HazardPoint {
  var name: String
  var step: Int
  var hazard: Double
}
let hazardPoints = (partial.isEmpty ? anatomies : partial).flatMap { anatomy in
  anatomy.errors.places.filter { $0.atRisk >= 50 || $0.step == 1 }.map {
    HazardPoint(
      name: "\(anatomy.task.rawValue), \(anatomy.updates) updates", step: $0.step,
      hazard: $0.hazard)
  }
}
try chapter.show(
  figure: Plot(
    height: 230, x: .counts("Step", 1...k),
    y: .linear("Wrong here if right so far", format: .percent, includingZero: true)
  ) {
    Line(hazardPoints, x: \.step, y: \.hazard, series: \.name)
    Points(hazardPoints, x: \.step, y: \.hazard, series: \.name)
  }, name: "slips",
  caption:
    "Where a chain of \\(longest) steps breaks: the share of chains that first go wrong at a step, among "
    + "those that were right so far (at least 50), for models that have begun to learn and still err."
)
try chapter.show(
  table: Table(anatomies) {
    Column("Task") { $0.task.title }
    Column("Updates") { $0.updates }
    Column("Seeds") { $0.seeds }
    Column("$\\varepsilon$", digits: 2) { $0.errors.slip }
    Column("Right", digits: 2, percent: true) { $0.errors.accuracy }
    Column("By @eq:slips", digits: 2, percent: true) { $0.errors.predictedAccuracy }
    Column("Carried on", digits: 2, percent: true) { $0.errors.carriedOn }
    Column("Put right", digits: 2, percent: true) { $0.errors.putRight }
    Column("Right in the end", digits: 2, percent: true) { $0.errors.rightInTheEnd }
  }, name: "slips",
  caption:
    "Chains of \\(longest) steps, of the seeds that have begun to learn. Of the steps after the first wrong one: those that follow from the step "
    + "before (carried on), and those that do not and are true (put right). Last: chains with a wrong step whose "
    + "answer is right.")

struct Forced {
  var task: SerialTask
  var followed: Estimate
  var restored: Estimate
}
let forced = SerialTask.allCases.compactMap { task -> Forced? in
  let cases = runs(task, .steps).compactMap(\.outcome.intervention)
  guard !cases.isEmpty else { return nil }
  return Forced(
    task: task,
    followed: .mean(of: cases.map { Double($0.followed) / Double($0.problems) }),
    restored: .mean(of: cases.map { Double($0.restored) / Double($0.problems) }))
}
for row in forced {
  chapter.record("followed\(row.task.title)", row.followed, digits: 2, percent: true)
  chapter.record("restored\(row.task.title)", row.restored, digits: 2, percent: true)
}
record(
  "slipError", partial.map { abs($0.errors.accuracy - $0.errors.predictedAccuracy) }.max())
record("carriedLeast", partial.compactMap(\.errors.carriedOn).min())
record("rightInTheEndMost", partial.compactMap(\.errors.rightInTheEnd).max())
// MARK: - end

//: @eq:slips predicts the accuracy of these models from $\varepsilon$ alone to within \(slipError)
//: of all problems: most of what is lost is lost to single slips. @fig:slips shows where the model
//: of independent slips is too simple: in cups the late steps are harder than the early ones, and
//: in arithmetic nearly all that goes wrong goes wrong at the first step, the only one that takes
//: its state from the question and not from the step before.
//:
//: Does a wrong step recover? Of the steps behind the first wrong one at least \(carriedLeast)
//: simply carry on from it, and of all chains with a wrong step at most \(rightInTheEndMost) end
//: with the right answer. That is less than a guess gets, as it must be: a wrong state that is
//: carried on correctly stays wrong. We also *put* a wrong state in the place of the middle step.
//: After the largest budget, in cups, \(followedCups) of the answers then follow from the wrong
//: state and \(restoredCups) from the right one; in arithmetic \(followedArithmetic) and
//: \(restoredArithmetic). So the model believes what stands written. That is why steps help: each
//: answer hangs on them, as the sentence of the claim has it. It is also why a slip is final:
//: nothing in the training text ever shows a step taken back.

//: ## May a model take a step back?
//:
//: The second sentence asks for more than steps: a way to backtrack. In a **maze of doors** one of
//: \(doors) doors leads to the goal; behind each is a passage of $k$ rooms. The rooms have random
//: numbers, the question lists which room follows which, and the goal. Each move is one look-up;
//: which door to take shows only at the end. Four ways to write, all trained with the same FLOPs:
//:
//: | Mode | What the model writes |
//: |---|---|
//: | direct | the room at the right door |
//: | path | the rooms from the right door to the goal |
//: | search | the rooms behind the first door; at a dead end BACK, then behind the next, until the goal |
//: | backwards | the rooms from the goal back to the door: no choice, and nothing to retract |
//:
//: Table: Four ways through a maze. {#tbl:ways}
//:
//: The first two must choose a door before anything is written; it is the choice that next-token
//: prediction is known to fail at [@bachmann2024]. A search that is written down, dead ends
//: included, can be learned [@gandhi2024].

struct MazePoint {
  var mode: MazeFormat.Mode
  var budget: Double
  var length: Int
  var share: Estimate
  var tokens: Double
  var flops: Double
}
func mazeRuns(_ mode: MazeFormat.Mode) -> [Run<SearchRun>] {
  searches.runs.filter { $0.trial.mode == mode }
}
func mazeShares(_ mode: MazeFormat.Mode, length: Int, budget: Double) -> SeedShares {
  SeedShares(mazeRuns(mode), seed: \.seed) {
    $0.branch(spending: budget)?.accuracies[length - 1]
  }
}
let mazePoints = MazeFormat.Mode.allCases.flatMap { mode in
  searchBudgets.flatMap { budget in
    (1...maze.longest).map { length in
      let read = mazeRuns(mode).compactMap {
        $0.outcome.branch(spending: budget)?.tokensRead[length - 1]
      }
      let tokens = read.reduce(0, +) / Double(max(1, read.count))
      return MazePoint(
        mode: mode, budget: budget, length: length,
        share: mazeShares(mode, length: length, budget: budget).share, tokens: tokens,
        flops: SearchRun(maze, mode, steps: [], seed: 1).answerFlops(tokens: tokens))
    }
  }
}
chapter.record("doors", maze.doors)
chapter.record("rooms", maze.longest)
chapter.record("mazeChance", maze.chance)

// MARK: - aside Draw the figure, make the table
try chapter.show(
  figure: Plot.facets(
    [
      Panel(
        "After the largest budget", x: .counts("Rooms behind each door $k$", 1...maze.longest),
        y: .accuracy("Right doors")
      ) {
        Rule(y: maze.chance, label: "chance")
        curves(
          mazePoints.filter { $0.budget == searchBudgets.last! }.map {
            SharePoint(series: $0.mode.rawValue, x: Double($0.length), share: $0.share)
          })
      },
      Panel("$k = \(maze.longest)$", x: .compute, y: .accuracy("Right doors")) {
        let own = mazePoints.filter { $0.length == maze.longest }
        Rule(y: maze.chance, label: "chance")
        Recipe.estimates(own, x: \.budget, y: \.share, series: \.mode.rawValue, apart: 1.8)
      },
    ], height: 240, sharing: .y),
  name: "maze",
  caption:
    "Mazes of \\(doors) doors: right doors by the rooms behind each, and against training compute, the mean "
    + "over \\(seedCount) seeds with 95 % intervals.")
try chapter.show(
  table: Table(
    mazePoints.filter { $0.length == maze.longest && $0.budget == searchBudgets.last! }
  ) {
    Column("Mode") { $0.mode.rawValue }
    Column("Right doors at $k$ = \(maze.longest)") { $0.share }
    Column("Search is ahead by") { row in
      row.mode == .search ? nil : searchAhead(of: row.mode)
    }
    Column("Tokens read") { $0.tokens }
    Column("FLOPs an answer", digits: 2) { $0.flops }
  }, name: "maze",
  caption:
    "The largest mazes after \\(mazeBudget) of training. Search stops at the goal, so its tokens are a mean."
)
func searchAhead(of mode: MazeFormat.Mode) -> Estimate {
  let (length, budget) = (maze.longest, searchBudgets.last!)
  return mazeShares(.search, length: length, budget: budget)
    .ahead(of: mazeShares(mode, length: length, budget: budget))
}
chapter.record("mazeBudget", searchBudgets.last!, unit: "FLOPs", digits: 2)
for point in mazePoints where point.budget == searchBudgets.last! && point.length == maze.longest {
  chapter.record("maze\(point.mode.rawValue.capitalized)", point.share)
  chapter.record(
    "maze\(point.mode.rawValue.capitalized)Tokens", point.tokens, digits: 3, quiet: true)
}
// MARK: - end

//: Chance is \(mazeChance). After \(mazeBudget), in mazes with \(rooms) rooms behind each door,
//: direct answers are right in \(mazeDirect) of the cases and the path in \(mazePath): the path has
//: steps, true ones, and they come too late, for the first one is the choice. The search that may
//: retract is right in \(mazeSearch). So a way to take a step back helps where a choice has to be
//: made before its reason is known. But it is not the only cure, nor the cheapest: the way written
//: *backwards* needs no choice, is right in \(mazeBackwards), and reads \(mazeBackwardsTokens)
//: tokens where search reads \(mazeSearchTokens). What both share is that every token they write is
//: one look-up away from what stands before it.

//: ## The learning rate
//:
//: @tbl:rates tries five rates on one seed of cups, where each mode is not saturated: at the
//: smallest budget for steps, at the largest for direct answers, there with $k = 2$. For direct
//: answers the rate that we use, \(rateUsed), is interior; steps would learn faster with a higher
//: one, so the comparison leans to the side of direct answers.

struct RateRow {
  var rate: Double
  var shares: [Double?]
}
/// One seed: at the first and at the last budget, for steps and for direct answers.
let rateRows = rates.map { rate in
  RateRow(
    rate: rate,
    shares: [AnswerMode.steps, .direct].flatMap { mode -> [Double?] in
      let run = byRate.runs.first { $0.trial.mode == mode && $0.trial.rate == rate }?.outcome
      return [run?.branches.first, run?.branches.last].map { branch in
        branch?.accuracy(length: mode == .steps ? k : short)
      }
    })
}
// MARK: - aside The table of rates
try chapter.show(
  table: Table(rateRows) {
    Column("Rate") { "\($0.rate)" }
    Column("Steps, $k$ = \(k), smallest budget", digits: 2) { $0.shares[0] }
    Column("largest", digits: 2) { $0.shares[1] }
    Column("Direct, $k$ = \(short), smallest budget", digits: 2) { $0.shares[2] }
    Column("largest", digits: 2) { $0.shares[3] }
  }, name: "rates",
  caption: "Cups: right answers at five learning rates, one seed. \\(rateUsed) is used everywhere.")
chapter.record("rateUsed", ReasoningRun.usualRate, digits: 1)
// MARK: - end

//: ## Verdicts

func ahead(_ task: SerialTask, of mode: AnswerMode) -> Estimate {
  atEqualFLOPs(task, .steps).ahead(of: atEqualFLOPs(task, mode))
}

func verdictOnSteps() -> Verdict {
  let gains = SerialTask.allCases.map { ahead($0, of: .direct) }
  guard gains.allSatisfy(\.hasInterval) else { return .notDecided }
  if gains.contains(where: { $0.high < 0 }) { return .fails }
  let clear = SerialTask.allCases.filter { task in
    ahead(task, of: .direct).low > clearGain
      && atEqualFLOPs(task, .direct).share.value < mostlyWrong
  }
  if clear.count == gains.count { return .holds }
  return clear.isEmpty ? .notDecided : .holdsWithLimit
}
let controls: [AnswerMode] = [.filler, .dense, .wrong]
func verdictOnContent() -> Verdict {
  let gains = controls.map { control in SerialTask.allCases.map { ahead($0, of: control) } }
  let all = gains.flatMap { $0 }
  guard all.allSatisfy(\.hasInterval) else { return .notDecided }
  if gains.contains(where: { $0.allSatisfy { $0.low <= 0 } }) { return .fails }
  if all.allSatisfy({ $0.low > clearGain }) { return .holds }
  return all.allSatisfy { $0.low > 0 } ? .holdsWithLimit : .notDecided
}
func verdictOnSearch() -> Verdict {
  let gains = [searchAhead(of: .path), searchAhead(of: .direct)]
  guard gains.allSatisfy(\.hasInterval) else { return .notDecided }
  if gains.contains(where: { $0.low <= 0 }) { return .fails }
  guard gains.allSatisfy({ $0.low > clearGain }) else { return .notDecided }
  return searchAhead(of: .backwards).value <= asGood ? .holdsWithLimit : .holds
}

for task in SerialTask.allCases {
  chapter.record("ahead\(task.title)", ahead(task, of: .direct), digits: 2)
  chapter.record("direct\(task.title)", atEqualFLOPs(task, .direct).share.value, digits: 2)
}
let leastAhead = SerialTask.allCases.flatMap { task in controls.map { ahead(task, of: $0) } }
  .min { $0.low < $1.low }!
chapter.record("leastAhead", leastAhead, digits: 2)
chapter.record("searchAheadOfPath", searchAhead(of: .path), digits: 2)
chapter.record("searchAheadOfBackwards", searchAhead(of: .backwards), digits: 2)

chapter.judge(
  helps, verdictOnSteps(),
  because: """
    At \\(longest) operations steps are ahead of direct answers by \\(aheadArithmetic) in arithmetic and by \
    \\(aheadCups) in cups, where direct answers are right in \\(directArithmetic) and \\(directCups) of the cases.
    """)
chapter.judge(
  content, verdictOnContent(),
  because: """
    The control that comes closest is still behind the steps by \\(leastAhead).
    """)
chapter.judge(
  retracting, verdictOnSearch(),
  because: """
    In the largest mazes search is ahead of the path by \\(searchAheadOfPath), and of the way written backwards, \
    which never retracts, by \\(searchAheadOfBackwards).
    """)

//: ## Limits
//:
//: * The steps are given: every training text shows the right intermediate states. Nothing here
//:   says how a model should find out which steps to write, or that a model trained on ordinary
//:   text writes steps that are the ones it uses.
//: * The tasks are made of serial work and of nothing else. Where a question needs one look-up,
//:   steps have nothing to give.
//: * Theory speaks of all $k$ and of what can be computed; we measure up to $k = \(longest)$ what
//:   small models *learn* from some ten thousand examples. A direct model that fails here may
//:   succeed with more training: an exercise follows that.
//: * Intervals are over \(seedCount) seeds, and one seed asks \(testProblems) problems of each
//:   length: where all seeds are right or all guess, the interval is too short by the noise of the
//:   test itself, about two points.
//: * After a first look, in which one of three writing models had not begun to learn arithmetic
//:   after 1200 updates, the runs of arithmetic were made longer, up to \(updatesArithmetic). The
//:   rules stayed as they were. After the same look the models of different depth were trained on
//:   problems of up to \(depthLongest) operations only, for on longer ones depth made no difference;
//:   no claim is judged by them.
//: * One learning rate serves all modes. It is the best one for direct answers; steps learn faster
//:   with a higher one.
//:
//: ## Exercises
//:
//: ### Exercise: What the start alone tells
//:
//: A model of the cups sees where the ball starts and understands none of the swaps. Show that its
//: best guess is right with probability $\frac15 + \frac45\, 2^{-k}$, and find that line in
//: @fig:modes.
//:
//: #### Solution
//:
//: Of the ten swaps four move a given cup, so the ball stays with probability $0.6$ and goes to
//: each other cup with $0.1$. The transition matrix is $0.1\, J + 0.5\, I$, where $J$ is all ones:
//: its second eigenvalue is $\frac12$, so after $k$ swaps the ball is where it began with
//: probability $\frac15 + \frac45\, 2^{-k}$, and that is the best guess.
//: `SerialTask.bestGuess(length:)` multiplies the matrix out for either task; it is the dashed line
//: that starts at 60 %.
//:
//: ### Exercise: How good must a step be?
//:
//: By @eq:slips, how large may $\varepsilon$ be if nine in ten chains of eight swaps shall be
//: right? How many of twelve swaps are right then?
//:
//: #### Solution
//:
//: $0.9 = 0.2 + 0.8\,(1 - 1.25\,\varepsilon)^8$ gives
//: $1 - 1.25\,\varepsilon = 0.875^{1/8} = 0.9834$, so $\varepsilon = 0.0132$: a step must be right
//: in 98.7 % of the cases. Twelve swaps are then right in $0.2 + 0.8 \cdot 0.9834^{12} = 0.85$ of
//: the cases. `SerialTask.cups.accuracy(slip: 0.0132, length: 12)` says the same.
//:
//: ### Exercise: Is the deep model only short of training?
//:
//: Train the direct models of @fig:depth half as long again:
//: `swift run -c release chain-of-thought --depth-updates 3600`. Which depths gain, and for which
//: $k$?
//:
//: #### Solution
//:
//: Only the depth runs are new; the rest comes from the store. One and two layers gain a few points
//: or none. Four and six layers gain several points at $k = 3$ to $5$, and six stay little better
//: than four. One layer that writes needs none of this.

try chapter.finish()
