//: # Fit your own runs
//:
//: A lab that has trained a few hundred models keeps a table: parameters, tokens, loss. One command
//: makes a scaling law of it. This chapter works through such a table from end to end, as you would
//: with yours. It is the table of the book's own language runs (@ch:power-law-error), of which we know
//: what no lab knows: the floor that the fit has to guess.
//:
//: Every block that begins with `$ scaling` is what that command printed when this page was made. A fit
//: prints a number for everything. The question of the chapter is which of them to believe.

import Foundation
import Laboratory
import Notebook
import Plotting
import ScalingCommand
import ScalingLaws
import Studies
import Tasks

// MARK: - aside The settings of this chapter
struct Settings: ChapterSettings {
  @Option(help: "Widths of the language models.")
  var widths = Profiled(
    smoke: [8, 16, 32, 48], course: [8, 12, 16, 24, 32, 48, 64, 96, 128],
    full: [8, 12, 16, 24, 32, 48, 64, 96, 128])

  @Option(help: "Seeds of every language model: initial values and order of the data.")
  var seeds = Profiled(smoke: 2, course: 3, full: 5)

  @Option(help: "The dearest training run: 3e8 FLOPs doubled so many times.")
  var doublings = Profiled(smoke: 6, course: 10, full: 13)

  init() {}

  /// Refuses what cannot be used, before anything is started.
  func validate() throws {
    try check("seeds", seeds, least: 1)
    try check("doublings", doublings, in: 5...20)
    try check("widths", widths, least: 3, in: 4...1024)
  }
}
// MARK: - end

let chapter = try Chapter<Settings>(
  5, "fit-your-own", title: "Fit your own runs", workbench: workbench)
let settings = chapter.settings

//: ## The claim, and how it will be judged
//:
//: A law is fitted to cheap runs so as to predict dear ones. Whoever plans with it needs more than a
//: good guess: the interval has to say how good. The rule was written before the runs were fitted.

// MARK: - aside The claim, as the program states it
let claim = chapter.claim(
  "honest-intervals",
  statement:
    "A careful fit of the cheaper half of a table knows what it does not know: its intervals hold the "
    + "floor, and the losses of the dearer half.",
  quotation: "to predict performance gains with larger models",
  source: "Scaling Up AI, an episode on scaling laws",
  theory:
    "An interval from resampled runs measures the scatter of the runs about the law. It holds the truth "
    + "if the law is right; it is blind to a law that bends beyond the runs. @besiroglu2024 found "
    + "published intervals far too narrow for their number of runs, and @li2025 how much hangs on "
    + "choices of the fit that no interval counts.",
  rule:
    "The additive law is fitted to the runs of at most the middle budget, with 95 % intervals over seeds. "
    + "(1) The interval of $E$ contains the language's exact entropy. (2) The interval of the predicted "
    + "loss contains the mean loss over seeds in at least 90 % of the dearer cells. *Holds* if both, "
    + "*holds with a limit* if one, *fails* if neither is so. *Not decided* if the cheaper half leaves "
    + "$\\alpha$, $\\beta$ or $E$ open.")
// MARK: - end

/// How many of the dearer cells the intervals must contain.
let neededShare = 0.9

//: ## A table
//:
//: The runs are those of the first language of chapter 1, trial for trial: if the run store has them,
//: nothing is trained here.

let language = MarkovLanguage.Definition(seed: 1)
let runs = try chapter.run(
  LanguageGrid.trials(
    language: language, widths: settings.widths, seeds: settings.seeds,
    doublings: settings.doublings))
let cells = LanguageGrid.cells(of: runs)
let budgets = Set(cells.map(\.doublings)).sorted()
try chapter.require(budgets.count >= 4, "--widths \(settings.widths) have runs at too few budgets.")
let entropy = cells[0].entropy

/// One line for each finished model, and one for each point of the learning curves.
var table = "N,D,C,loss,seed\n"
var curves = "run,N,D,loss\n"
for cell in cells {
  let compute = 6 * cell.parameters * cell.tokens
  table += "\(cell.parameters),\(cell.tokens),\(compute),\(cell.loss),\(cell.seed)\n"
  if let uncooled = cell.uncooledExcess {
    curves += "w\(cell.width)-s\(cell.seed),\(cell.parameters),\(cell.tokens),"
    curves += "\(entropy + uncooled)\n"
  }
}
chapter.attach(table, name: "runs", kind: "csv")
chapter.attach(curves, name: "curves", kind: "csv")

// MARK: - aside Run the command, keep what it prints
let folder = FileManager.default.temporaryDirectory
  .appendingPathComponent("fit-your-own-\(ProcessInfo.processInfo.processIdentifier)")
try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)

func write(_ text: String, to name: String) throws {
  try text.write(to: folder.appendingPathComponent(name), atomically: true, encoding: .utf8)
}

/// Long sentences go on below, further in; rows of tables stay whole.
func wrapped(_ text: String, columns: Int = 76) -> String {
  text.split(separator: "\n", omittingEmptySubsequences: false).map { line in
    guard line.count > columns, !line.contains("   ") else { return String(line) }
    var rows = [""]
    for word in line.split(separator: " ", omittingEmptySubsequences: false) {
      if rows[rows.count - 1].count + word.count >= columns {
        rows.append("    " + word)
      } else {
        rows[rows.count - 1] += (rows == [""] ? "" : " ") + word
      }
    }
    return rows.joined(separator: "\n")
  }.joined(separator: "\n")
}

/// What `scaling` prints; an error is what it would print, too.
func scaling(_ arguments: [String]) -> String {
  do {
    return try Scaling.output(of: arguments, in: folder)
  } catch {
    return "Error: \(error)".replacing(folder.path + "/", with: "")
  }
}

/// Runs a command line for the reader to see.
func show(_ name: String, _ line: String) {
  let words = line.split(separator: " ").map { String($0).replacing("'", with: "") }
  chapter.record(
    name, "$ scaling \(line)\n\n" + wrapped(scaling(words)), quiet: true)
}

/// What of a fit's JSON is used below.
struct Fit: Decodable {
  struct Number: Decodable {
    var value: Double?
    var low: Double?
    var high: Double?
    var estimate: Estimate? {
      guard let value else { return nil }
      guard let low, let high else { return Estimate(value) }
      return Estimate(value: value, low: low, high: high)
    }
  }
  struct Optimal: Decodable {
    var a: Number?
  }
  struct HeldOut: Decodable {
    var rows: Int
    var error: Double
    var bias: Double
  }
  var parameters: [String: Number]
  var optimal: Optimal
  var rows: Int
  var heldOut: HeldOut?

  func callAsFunction(_ name: String) -> Estimate? { parameters[name]?.estimate }
}
struct Optima: Decodable {
  var optimal: Fit.Optimal
}
struct Prediction: Decodable {
  var loss: Fit.Number
}

/// Runs a command with --json; nil if there is no result.
func decoded<Value: Decodable>(_ type: Value.Type, _ arguments: [String]) -> Value? {
  try? JSONDecoder().decode(type, from: Data(scaling(arguments + ["--json"]).utf8))
}
func fit(_ arguments: String...) -> Fit? {
  decoded(Fit.self, ["fit", "runs.csv", "--no-comparison"] + arguments)
}
// MARK: - end

try write(table, to: "runs.csv")
try write(curves, to: "curves.csv")
// MARK: - aside The table's first lines
chapter.record(
  "head",
  "$ head -4 runs.csv\n\n"
    + table.split(separator: "\n").prefix(4)
    .joined(separator: "\n"), quiet: true)
chapter.record("runCount", cells.count)
chapter.record("seedCount", settings.seeds)
chapter.record("entropy", entropy, unit: "nats per token", digits: 4)
// MARK: - end

//: The table has \(runCount) rows; it lies beside this page as `runs.csv`.
//:
//: ```output
//: \(head)
//: ```
//:
//: Two of $N$, $D$ and $C$ and the loss are needed, under any of their usual names. Here `C` is
//: $6ND$.
//:
//: ## One command
//:
//: The runs of one seed share their data, so they err together: `--group seed` resamples seeds and
//: not rows. Without it the intervals suppose that every run errs on its own.

show("fitted", "fit runs.csv --group seed")
let all = fit("--group", "seed")

//: ```output
//: \(fitted)
//: ```
//:
//: Read it from below. The warnings come first in importance: each names a way in which such tables
//: are known to mislead. Then the runs that pull hardest: if one row moves an exponent by a
//: standard error, look at that run before you look at the law. The correlations say which parameters
//: cannot be told apart: a higher floor is paid for by steeper exponents. The comparison of forms is
//: a test on the dearest fifth of the runs, which each form predicts from the rest. And the share of
//: starts that agree says that the minimum is one: an optimiser that stops early is a different
//: trouble from a table that does not decide.
//:
//: The parameters come last. Here one of them can be checked.

// MARK: - aside The values of this section
chapter.record("floorAll", ifAny: all?("E"), digits: 4)
chapter.record("alphaAll", ifAny: all?("alpha"))
chapter.record("betaAll", ifAny: all?("beta"))
chapter.record(
  "floorErrorAll", ifAny: all?("E").map { $0.value / entropy - 1 }, digits: 2, percent: true)
chapter.record(
  "floorHeldAll",
  all?("E").map { $0.contains(entropy) ? "contains" : "does not contain" } ?? "is open beside")
// MARK: - end

//: The fit puts the floor at $E = \(floorAll)$. The language's entropy is \(entropy): the fit is off by
//: \(floorErrorAll), and its interval \(floorHeldAll) the truth. With your runs you would not know.
//:
//: ## Two ways without a law
//:
//: The exponent $a$ of $N_\mathrm{opt} \propto C^a$ does not need a law of the loss. At each budget the
//: loss over $N$ is a valley; `scaling isoflop` finds its bottom [@hoffmann2022].

show("profiles", "isoflop runs.csv --group seed")
let isoFLOP = decoded(Optima.self, ["isoflop", "runs.csv", "--group", "seed"])
let envelope = decoded(Optima.self, ["envelope", "curves.csv"])

//: ```output
//: \(profiles)
//: ```

// MARK: - aside Draw the valleys, make the table of exponents
let valleys = try? IsoFLOPFit(
  cells, n: { Double($0.parameters) }, d: { Double($0.tokens) }, loss: { $0.loss },
  groups: { Int($0.seed) })
if let valleys {
  try chapter.show(
    figure: Plot(
      height: 300, x: .log("Parameters $N$"), y: .log("Loss (nats per token)"), colors: .ladder
    ) {
      Recipe.isoFLOP(
        valleys.profiles.filter { $0.sizes.count > 2 }.map { profile in
          let isInterior = profile.verdict == .interior
          return Valley(
            budget: profile.compute,
            runs: zip(profile.sizes, profile.losses).map { (size: $0, loss: $1) },
            curve: isInterior ? { profile.parabola(size: $0) } : nil,
            minimum: isInterior ? (profile.size, profile.loss) : nil)
        })
    }, name: "valleys",
    caption:
      "The loss over size at each budget, the mean over \\(seedCount) seeds; a colour is a budget in "
      + "FLOPs. Diamonds are the minima of parabolas through the sizes near the bottom; a budget "
      + "without a diamond has no minimum between the sizes that were run.",
    alternativeText:
      "A ladder of valleys: for each compute budget the loss falls with the number of parameters and then "
      + "rises again; the bottoms move to larger models as the budget grows.")
}
struct Approach {
  var name: String
  var a: Estimate?
}
let approaches = [
  Approach(name: "law of all runs", a: all?.optimal.a?.estimate),
  Approach(name: "isoFLOP profiles", a: isoFLOP?.optimal.a?.estimate),
  Approach(name: "envelope of learning curves", a: envelope?.optimal.a?.estimate),
]
try chapter.show(
  table: Table(approaches) {
    Column("Approach") { $0.name }
    Column("$a$ in $N_\\mathrm{opt} \\propto C^a$") { $0.a }
  }, name: "exponents",
  caption: "How the best size grows with compute, three ways, with 95 % intervals.")
// MARK: - end

//: The third way takes the lowest of all learning curves at each budget
//: (`scaling envelope curves.csv`). Our curves are of models that were not cooled down, so it
//: answers another question: the best size for a lab that never lets the learning rate fall.
//: Ask of a table which question it can answer before you ask which answer is right.
//:
//: The comparison of forms said more than the interval did: by Akaike's criterion and on the runs
//: that were held out, the power mean is far ahead of the sum. With `--form power-mean` the floor of
//: the same runs is \(floorPower). The two forms put it on two sides of the entropy, and neither
//: interval knows of the other: an interval is blind to what its form cannot do.
//:
//: ## Predict what is dear
//:
//: Now the test that counts. The runs of at most the middle budget are fitted, the others are
//: predicted.

/// The comparison for --hold-out: half-way to the next budget, which is a factor of two away.
func rule(above doublings: Int) -> String {
  "C>" + String(format: "%.3g", LanguageGrid.leastBudget * pow(2, Double(doublings) + 0.5))
}
let middle = budgets[(budgets.count - 1) / 2]
let most = budgets[budgets.count - 3]

show("halved", "fit runs.csv --group seed --no-comparison --hold-out '\(rule(above: middle))'")

//: ```output
//: \(halved)
//: ```
//:
//: 'Not identified' is an answer, and a number in its place would be none: \(openHalf). No plan can be
//: made of this fit, and `scaling predict` refuses to. So we hold out less, the two dearest budgets
//: alone.

show("mostly", "fit runs.csv --group seed --no-comparison --hold-out '\(rule(above: most))'")

//: ```output
//: \(mostly)
//: ```
//:
//: Kept with `--json`, a fit answers for single models. Of the cells that were held out, this one has
//: the lowest loss:

/// The mean over seeds of a cell that was held out, and what a fit says of it.
struct DearCell {
  var n: Int
  var d: Int
  var loss: Double
  var predicted: Estimate?
  var compute: Double { 6 * Double(n) * Double(d) }
  /// Its compute in words; cells of one budget differ by the rounding of steps.
  var budget: String { Valley(budget: compute, runs: []).name }
  var isHeld: Bool { predicted?.contains(loss) ?? false }
  /// How far a loss is above the measured one, in percent.
  func percent(_ value: Double) -> Double { 100 * (value / loss - 1) }
}

/// A fit to the runs of the lower budgets, and what it says of the others.
struct Extrapolation {
  var fit: Fit?
  var dear: [DearCell]

  init(above doublings: Int, file: String) throws {
    let arguments = ["--group", "seed", "--no-comparison", "--hold-out", rule(above: doublings)]
    fit = decoded(Fit.self, ["fit", "runs.csv"] + arguments)
    try write(scaling(["fit", "runs.csv"] + arguments + ["--json"]), to: file)
    let held = cells.filter { $0.doublings > doublings }
    dear = Dictionary(grouping: held) { [$0.parameters, $0.tokens] }.values.map { seeds in
      let (n, d) = (seeds[0].parameters, seeds[0].tokens)
      let prediction = decoded(
        Prediction.self, ["predict", "--fit", file, "--n", "\(n)", "--d", "\(d)"])
      return DearCell(
        n: n, d: d, loss: seeds.reduce(0) { $0 + $1.loss } / Double(seeds.count),
        predicted: prediction?.loss.estimate)
    }.sorted { ($0.compute, $0.n) < ($1.compute, $1.n) }
  }

  var floor: Estimate? { fit?("E") }
  var predicted: [DearCell] { dear.filter { $0.predicted != nil } }
  var held: [DearCell] { dear.filter(\.isHeld) }
  /// The parameters that the runs leave open.
  var open: [String] {
    ["A", "B", "E", "alpha", "beta"].filter { fit?($0) == nil }
      .map { ["alpha": "α", "beta": "β"][$0] ?? $0 }
  }
  /// The part of the loss above the floor that the predictions miss.
  var excessMissed: Double? {
    guard !predicted.isEmpty else { return nil }
    let missed = predicted.reduce(0) { $0 + abs($1.predicted!.value - $1.loss) }
    return missed / predicted.reduce(0) { $0 + $1.loss - entropy }
  }
}
let half = try chapter.attempt(Extrapolation(above: middle, file: "half.json"))
let near = try chapter.attempt(Extrapolation(above: most, file: "fit.json"))
let best = near.dear.min { $0.loss < $1.loss }!
show("predicted", "predict --fit fit.json --n \(best.n) --d \(best.d)")
chapter.record("bestLoss", best.loss, digits: 4)

//: ```output
//: \(predicted)
//: ```
//:
//: It was trained, \(seedCount) times: its loss is \(bestLoss).

// MARK: - aside Draw the predictions and the floors
if !near.predicted.isEmpty {
  try chapter.show(
    figure: Plot(
      height: 240, x: .log("Parameters $N$"), y: .linear("Predicted less measured loss (%)")
    ) {
      Rule(y: 0)
      Recipe.sideBySide(apart: 4) {
        ErrorBars(
          near.predicted, x: \.n, low: { $0.percent($0.predicted!.low) },
          high: { $0.percent($0.predicted!.high) }, series: \.budget)
        Points(near.predicted, x: \.n, y: { $0.percent($0.predicted!.value) }, series: \.budget)
      }
    }, name: "predictions",
    caption:
      "What a fit to all but the two dearest budgets predicts for their cells, less what was measured, "
      + "the mean over \\(seedCount) seeds. Bars are 95 % intervals of the law.",
    alternativeText:
      "Dots with upright bars over model size, one for each cell that was held out, in two colours for two "
      + "budgets, and a line at zero where prediction and measurement agree.")
}
let power = fit("--group", "seed", "--form", "power-mean")
let floors = [
  ("cheaper half", half.floor), ("all but two budgets", near.floor), ("all runs", all?("E")),
  ("all, power mean", power?("E")),
].compactMap { name, estimate in
  estimate.map { ForestRow.measured(name, $0.value, $0.low...$0.high) }
}
if !floors.isEmpty {
  try chapter.show(
    figure: .forest(
      [ForestGroup("", floors)], x: .linear("Floor $E$ (nats per token)"),
      rules: [(value: entropy, label: "entropy")], decimals: 3),
    name: "floors",
    caption:
      "The fitted floor with its 95 % interval over seeds, and the language's exact entropy. The first "
      + "three are fits of the sum.",
    alternativeText: "Fitted floors with intervals, and a line at the known entropy.")
}
chapter.record("nearCount", near.dear.count)
chapter.record("nearHeld", near.held.count)
let leftOpen = half.open.formatted(.list(type: .and).locale(Locale(identifier: "en_GB")))
chapter.record(
  "openHalf",
  half.open.isEmpty
    ? "these runs leave nothing open"
    : "these runs leave \(leftOpen) open")
chapter.record("floorPower", ifAny: power?("E"), digits: 4)
chapter.record("floorHalf", ifAny: half.floor, digits: 4)
chapter.record("floorNear", ifAny: near.floor, digits: 4)
chapter.record("alphaNear", ifAny: near.fit?("alpha"))
chapter.record("betaNear", ifAny: near.fit?("beta"))
chapter.record("errorNear", ifAny: near.fit?.heldOut?.error, digits: 2, percent: true)
chapter.record("excessMissed", ifAny: near.excessMissed, digits: 2, percent: true)
// MARK: - end

//: The losses of the two dearest budgets are predicted with an error of \(errorNear), which sounds
//: small. What there was to gain is the loss above the floor, and of that the predictions miss
//: \(excessMissed). The intervals hold \(nearHeld) of the \(nearCount) cells.
//:
//: The reason stands in the figure of floors. With the runs of more compute the floor moves from
//: \(floorHalf) by \(floorNear) to \(floorAll), $\alpha$ from \(alphaNear) to \(alphaAll) and $\beta$
//: from \(betaNear) to \(betaAll). Each interval is that of the law that fits *those* runs best; a sum
//: of two powers follows the bend of the losses only where it has seen them.
//:
//: ## Plan a budget
//:
//: With the fit to all runs, what would ten times the dearest run buy?

try write(
  scaling(["fit", "runs.csv", "--group", "seed", "--no-comparison", "--json"]), to: "all.json")
let largest = cells.map { 6 * Double($0.parameters) * Double($0.tokens) }.max()!
show(
  "planned",
  "plan --fit all.json --compute \(String(format: "%.2g", 10 * largest)) --inference-tokens 1B")

//: ```output
//: \(planned)
//: ```
//:
//: Missing the best size by a factor of two costs less than it seems it should: a plan need not be
//: exact in $N$. The loss beside it is an extrapolation, and the section above says what those are
//: worth.
//:
//: ## Verdict

func verdict() -> Verdict {
  guard half.open.isEmpty, let floor = half.floor, floor.hasInterval else { return .notDecided }
  let share = Double(half.held.count) / Double(half.dear.count)
  switch (floor.contains(entropy), share >= neededShare) {
  case (true, true): return .holds
  case (false, false): return .fails
  default: return .holdsWithLimit
  }
}
// MARK: - aside The words of the verdict
chapter.record(
  "floorHeldHalf",
  half.floor.map { $0.contains(entropy) ? "contains" : "does not contain" } ?? "is open beside")
chapter.record(
  "predictedHalf",
  half.predicted.isEmpty
    ? "no prediction follows from them"
    : "their intervals contain \(half.held.count) of \(half.dear.count) dearer cells")
// MARK: - end
chapter.judge(
  claim, verdict(),
  because: """
    Of the cheaper half, \\(openHalf), and \\(predictedHalf). Its interval of $E$, \\(floorHalf), \
    \\(floorHeldHalf) the entropy, \\(entropy). More decades of compute, or more sizes in the \
    cheaper half, would decide.
    """)

//: ## Limits
//:
//: * One table, from one language and one architecture. Over other tables the intervals may do better or
//:   worse; `benchmarks fit --coverage` counts how often they hold the truth when the law is right.
//: * Intervals over \(seedCount) seeds use Student's $t$ with few degrees of freedom and are wide for that
//:   reason; none of their width comes from doubt about the form of the law.
//: * The second hold-out, of the two dearest budgets, and the fit of the power mean were added after a first
//:   look at the results. The rule stayed as it was, and they do not enter it.
//: * The mean over seeds of a cell scatters, too; the intervals are those of the law alone.
//:
//: ## Exercises

// MARK: - aside The runs behind the solutions
let known = fit("--group", "seed", "--hold-out", rule(above: most), "--floor", "\(entropy)")
let byRows = fit("--hold-out", rule(above: most))
let long = fit("--group", "seed", "--hold-out", "D<100k")
chapter.record("alphaKnown", ifAny: known?("alpha"))
chapter.record("betaKnown", ifAny: known?("beta"))
chapter.record("errorKnown", ifAny: known?.heldOut?.error, digits: 2, percent: true)
chapter.record("floorRows", ifAny: byRows?("E"), digits: 4)
chapter.record("floorLong", ifAny: long?("E"), digits: 4)
chapter.record("alphaLong", ifAny: long?("alpha"))
chapter.record("rowsLong", long?.rows ?? 0)
try FileManager.default.removeItem(at: folder)
// MARK: - end

//: ### Exercise: If the floor were known
//:
//: Give the fit without the two dearest budgets the entropy with `--floor`. What becomes of the
//: exponents, and of the prediction?
//:
//: #### Solution
//:
//: Add `--floor` and the entropy to the command above. $\alpha$ becomes \(alphaKnown), after
//: \(alphaNear), and $\beta$ \(betaKnown), after \(betaNear); the held-out error is \(errorKnown), after
//: \(errorNear) with the floor fitted. Floor and exponents no longer trade among themselves; what
//: error is left belongs to the form.
//:
//: ### Exercise: Rows or seeds
//:
//: Leave out `--group seed` there. Which interval of $E$ is narrower, and why?
//:
//: #### Solution
//:
//: Without the two dearest budgets the floor is \(floorRows) over rows and \(floorNear) over seeds. The
//: seeds agree with one another, so the interval over them is narrow. The rows scatter about a form
//: that they do not quite follow, and their bootstrap shows how much the floor hangs on which of them are in
//: the table. Runs of one seed saw the same data, so rows are no independent witnesses, and three
//: seeds are few: show both, and trust neither beyond the runs.
//:
//: ### Exercise: Short runs
//:
//: Many labs drop runs that saw little data. Fit only runs of at least 100,000 tokens. Does the floor
//: come closer to the entropy?
//:
//: #### Solution
//:
//: `--hold-out 'D<100k'` leaves \(rowsLong) runs. The floor is \(floorLong), against \(floorAll) with
//: all runs and the entropy of \(entropy); $\alpha$ is \(alphaLong). Whether to drop them is a choice
//: that the fit cannot make for you: report both.

try chapter.finish()
