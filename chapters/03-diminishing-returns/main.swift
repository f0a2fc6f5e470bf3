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
  @Option(help: "Widths of the language models.")
  var widths = Profiled(
    smoke: [8, 16, 32, 48], course: [8, 12, 16, 24, 32, 48, 64, 96, 128],
    full: [8, 12, 16, 24, 32, 48, 64, 96, 128])

  @Option(help: "A narrower width, for the left side of the cheapest budgets.")
  var narrowWidth = Profiled(4)

  @Option(help: "The dearest run of the narrower width: 3e8 FLOPs doubled so many times.")
  var narrowDoublings = Profiled(smoke: 2, course: 5, full: 6)

  @Option(help: "Seeds of every language model: initial values and order of the data.")
  var seeds = Profiled(smoke: 2, course: 3, full: 5)

  @Option(help: "Draws of the language, each with its own exact entropy.")
  var draws = Profiled(smoke: 1, course: 2, full: 3)

  @Option(help: "The dearest training run: 3e8 FLOPs doubled so many times.")
  var doublings = Profiled(smoke: 6, course: 10, full: 13)

  @Option(help: "The dearest run in the second language: 3e8 FLOPs doubled so many times.")
  var secondDoublings = Profiled(smoke: 4, course: 8, full: 12)

  @Option(help: "Widths whose local exponents along the data are shown.")
  var slopeWidths = Profiled(smoke: [8, 32], course: [8, 24, 64], full: [8, 24, 64])

  @Option(help: "Tokens at which local exponents along the size are shown.")
  var slopeTokens = Profiled(
    smoke: [60_000], course: [60_000, 240_000, 960_000], full: [60_000, 240_000, 960_000])

  @Option(help: "Dimensions of the perceptrons.")
  var dimensions = Profiled(smoke: 20, course: 50, full: 200)

  @Option(help: "Examples a dimension of the perceptrons.")
  var loads = Profiled(
    smoke: [0.5, 1, 2, 4], course: [0.5, 1, 2, 4, 8, 16, 32, 64],
    full: [0.5, 1, 2, 4, 8, 16, 32, 64])

  @Option(help: "Students of each perceptron and load.")
  var students = Profiled(smoke: 12, course: 24, full: 96)

  @Option(help: "Width of the models that read a text again and again.")
  var repeatWidth = Profiled(smoke: 16, course: 64, full: 64)

  @Option(help: "Tokens of the texts that are read again and again.")
  var pools = Profiled(
    smoke: [5120, 10_240], course: [12_800, 25_600, 51_200],
    full: [12_800, 25_600, 51_200, 102_400, 204_800])

  @Option(help: "How often they are read.")
  var epochs = Profiled(
    smoke: [1, 2, 4, 8], course: [1, 2, 4, 8, 16, 24], full: [1, 2, 4, 8, 16, 24, 32])

  @Option(help: "Facts of the pools of which each is met by chance.")
  var facts = Profiled(
    smoke: [100, 1000], course: [100, 1000, 10_000, 100_000], full: [100, 1000, 10_000, 100_000])

  @Option(help: "Widths of the foretold runs, ascending, one more than there are distances.")
  var dearWidths = Profiled(smoke: [16, 24], course: [24, 32, 48, 64], full: [24, 32, 48, 64])

  @Option(help: "Seeds of the foretold runs.")
  var dearSeeds = Profiled(smoke: 2, course: 2, full: 5)

  @Option(help: "Cuts of the game in hindsight: 3e8 FLOPs doubled so many times.")
  var hindsightCuts = Profiled(smoke: [3], course: [4, 5, 6], full: [4, 5, 6, 7])

  @Option(help: "Budgets of the regression, features times examples, as powers of two.")
  var budgets = Profiled(
    smoke: [14, 15, 16, 17, 18], course: Array(14...24), full: Array(14...26))

  init() {}

  /// Refuses what cannot be used, before anything is started.
  func validate() throws {
    for (name, count) in [
      ("seeds", seeds), ("draws", draws), ("dear-seeds", dearSeeds), ("students", students),
    ] {
      try check(name, count, least: 1)
    }
    try check("widths", widths, least: 3, in: 4...1024)
    try check("dimensions", dimensions, in: 2...10_000)
    try check("doublings", doublings, in: 5...20)
    try check("second-doublings", secondDoublings, in: 3...20)
    try check("narrow-doublings", narrowDoublings, in: 0...20)
    try check("budgets", budgets, least: 3, in: 10...30)
    try check("facts", facts, in: 2...10_000_000)
    try check("dear-widths", dearWidths, least: 2, in: 4...1024)
    try check("slope-widths", slopeWidths, in: 4...1024)
    try check("slope-tokens", slopeTokens, in: 1...1_000_000_000)
    try check("loads", loads, least: 3, in: 0.1...1000)
    try check("epochs", epochs, least: 2, in: 1...1000)
    for profile in Profile.allCases {
      let epochs = epochs[profile]
      if epochs.first == 1, epochs == epochs.sorted() { continue }
      throw ValidationError("--epochs must begin with 1 and ascend; found \(epochs).")
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
/// The fits end at 3e8 FLOPs doubled so many times; in the smoke profile, which judges nothing, earlier.
let cutDoublings = settings.profile == .smoke ? 3 : 5
/// How many times dearer the foretold runs are.
let distances = settings.profile == .smoke ? [10.0] : [10.0, 30, 60]

//: ## What is trained
//:
//: The language models of @ch:power-law-error and @ch:data-optimal-exponents are in the run store and
//: are not trained again. New are perceptrons, models that read the same text many times, and the cheap
//: part of the grid in two languages that no other chapter knows. What is trained last
//: depends on forecasts and comes later.

let languages = LanguageGrid.draws(settings.draws)
let secondLanguage = LanguageGrid.secondLanguage()

// Every width of a language at the budgets 6 N D = 3e8 · 2^j, each trunk with its branches.
let models = LanguageGrid.Models(
  widths: settings.widths, narrow: (settings.narrowWidth, settings.narrowDoublings),
  seeds: settings.seeds)
let ladders = chapter.batch(
  languages.flatMap { models.trials($0, doublings: settings.doublings) })
let secondLadders = chapter.batch(
  models.trials(secondLanguage, doublings: settings.secondDoublings))

let perceptrons = chapter.batch(
  TeacherPerceptron.Rule.allCases.flatMap { rule in
    settings.loads.map { load in
      PerceptronRun(
        rule: rule, dimensions: settings.dimensions,
        examples: Int((load * Double(settings.dimensions)).rounded()), students: settings.students,
        seed: 1)
    }
  })

let repeatedRuns = chapter.batch(
  settings.pools.flatMap { unique in
    (1...UInt64(settings.seeds)).map { seed in
      RepeatedRun(
        language: languages[0], width: settings.repeatWidth, unique: unique,
        epochs: settings.epochs, seed: seed)
    }
  })

// The languages of the extrapolation game: fresh draws of both kinds.
struct FreshLanguage {
  var key: String
  var name: String
  var language: MarkovLanguage.Definition
}
let gameLanguages = [
  FreshLanguage(key: "Fresh", name: "Fresh draw", language: MarkovLanguage.Definition(seed: 11)),
  FreshLanguage(
    key: "FreshSecond", name: "Fresh second language",
    language: LanguageGrid.secondLanguage(seed: 11)),
]
let gameLadders = chapter.batch(
  gameLanguages.flatMap { models.trials($0.language, doublings: cutDoublings) })

let spectra = SpectrumOptimum.spectra
let optima = chapter.batch(SpectrumOptimum.trials(budgets: settings.budgets))

try chapter.runAll()

//: ## What does a doubling of compute buy?
//:
//: At each budget we take the excess at the bottom of the isoFLOP valley; two budgets lie a factor two
//: apart. That is the frontier: what the best split of a budget reaches. The floor is exact, so the share of the
//: excess that a doubling removes is measured and not fitted.

struct Frontier {
  var key: String
  var name: String
  var curve: FrontierCurve
}
let first = CurvePoint.points(of: ladders.runs, .branch)
let second = CurvePoint.points(of: secondLadders.runs, .branch)
// A set whose grid is too small for a frontier is left out.
let frontiers =
  languages.enumerated().compactMap { index, language in
    (try? FrontierCurve(first.filter { $0.draw == language.seed })).map {
      Frontier(key: "Draw\(index + 1)", name: "Draw \(index + 1)", curve: $0)
    }
  }
  + [try? FrontierCurve(second)].compactMap { $0 }.map {
    Frontier(key: "Second", name: "Second language", curve: $0)
  }

// MARK: - aside The tables and the figure of the frontier
try chapter.require(
  frontiers.first?.key == "Draw1",
  "The frontier of the first draw is too short: too few budgets have their minimum inside --widths "
    + "\(settings.widths).")
/// What is asked the price of, in nats.
let nextGain = 0.05
struct DoublingRow {
  var frontier: Frontier
  var doubling: FrontierCurve.Doubling
  var price: Estimate?
}
let doublingRows = frontiers.flatMap { frontier in
  frontier.curve.doublings.enumerated().map { index, doubling in
    DoublingRow(
      frontier: frontier, doubling: doubling,
      price: frontier.curve.price(of: nextGain, from: index))
  }
}
try chapter.show(
  table: Table(doublingRows) {
    Column("Set", alignment: .leading) { $0.frontier.name }
    Column("$C$ before (FLOPs)", digits: 2) { $0.doubling.compute }
    Column("Excess before") { $0.doubling.excess }
    Column("Gain (nats)", digits: 2) { $0.doubling.gain }
    Column("Share of the excess", digits: 2, percent: true) { $0.doubling.share.value }
    Column("Local exponent", digits: 2) { $0.doubling.exponent }
    Column("Price of the next 0.05 nats", digits: 2) { $0.price }
  }, name: "doublings",
  caption:
    "What each doubling of compute along the frontier does to the loss. The price is the factor of compute "
    + "that lowers the loss by the next 0.05 nats; a dash: beyond what was measured. Brackets are "
    + "95 % intervals over \\(seedCount) seeds.")
try chapter.show(
  table: Table(frontiers) {
    Column("Set", alignment: .leading) { $0.name }
    Column("$\\gamma$ in excess $\\propto C^{-\\gamma}$") { $0.curve.exponent }
    Column("Gain, change a decade (nats)", digits: 2) { $0.curve.gainSlope }
    Column("First gain less last (nats)", digits: 2) { $0.curve.gainDrop }
    Column("$\\gamma$, change a decade", digits: 2) { $0.curve.exponentSlope }
  }, name: "tapers",
  caption:
    "In nats the gains shrink; as shares of what is left they do not. Brackets are 95 % intervals over "
    + "seeds.")
try chapter.show(
  figure: Plot.facets(
    [
      Panel("Gain of a doubling", x: .compute, y: .linear("Nats", includingZero: true)) {
        Recipe.sideBySide {
          for frontier in frontiers {
            Recipe.estimates(
              frontier.curve.doublings, x: \.middle, y: \.gain, series: { _ in frontier.name })
          }
        }
      },
      Panel("Local exponent", x: .compute, y: .linear("$\\gamma_j$", includingZero: true)) {
        Recipe.sideBySide {
          for frontier in frontiers {
            Recipe.estimates(
              frontier.curve.doublings, x: \.middle, y: \.exponent, series: { _ in frontier.name })
          }
        }
      },
    ], height: 220, sharing: .x, labels: .legend),
  name: "doublings",
  caption:
    "The same doublings twice: the drop of the loss in nats, and the local exponent of the excess, "
    + "which is the share that the doubling removes. Bars are 95 % intervals over seeds.",
  alternativeText:
    "Two panels against compute, three lines each. Left, the gain in nats falls as compute grows. Right, the "
    + "local exponent rises.")
chapter.record("seedCount", settings.seeds)
for frontier in frontiers {
  let isQuiet = frontier.key != "Draw1"
  let curve = frontier.curve
  let known = curve.doublings
  chapter.record("gamma\(frontier.key)", ifAny: curve.exponent, quiet: isQuiet)
  chapter.record("gainFirst\(frontier.key)", ifAny: known[0].gain, digits: 2, quiet: isQuiet)
  chapter.record("gainLast\(frontier.key)", ifAny: known.last!.gain, digits: 2, quiet: isQuiet)
  chapter.record(
    "exponentFirst\(frontier.key)", ifAny: known[0].exponent, digits: 2, quiet: isQuiet)
  chapter.record(
    "exponentLast\(frontier.key)", ifAny: known.last!.exponent, digits: 2, quiet: isQuiet)
  chapter.record("gainSlope\(frontier.key)", ifAny: curve.gainSlope, digits: 2, quiet: isQuiet)
  chapter.record(
    "exponentSlope\(frontier.key)", ifAny: curve.exponentSlope, digits: 2, quiet: isQuiet)
  let prices = known.indices.compactMap { curve.price(of: nextGain, from: $0) }
  chapter.record("priceFirst\(frontier.key)", ifAny: prices.first, digits: 2, quiet: isQuiet)
  chapter.record("priceLast\(frontier.key)", ifAny: prices.last, digits: 2, quiet: isQuiet)
  chapter.record(
    "halving\(frontier.key)", pow(2, 1 / curve.exponent.value), digits: 2, quiet: isQuiet)
}
/// An estimate of every set in words.
func everySet(_ value: (FrontierCurve) -> Estimate) -> String {
  frontiers.map { "\($0.name): \(value($0.curve).formatted(digits: 2))" }
    .joined(separator: "; ")
}
chapter.record("gainSlopes", everySet { $0.gainSlope })
chapter.record("exponentSlopes", everySet { $0.exponentSlope })
// MARK: - end

//: In the first draw the excess falls as $C^{-\gamma}$ with $\gamma = \(gammaDraw1)$: to halve it costs
//: \(halvingDraw1) times the compute. The first measured doubling gains \(gainFirstDraw1) nats, the last one
//: \(gainLastDraw1); the change is \(gainSlopeDraw1) nats a decade. The next 0.05 nats cost a factor of \(priceFirstDraw1) at the start and of \(priceLastDraw1)
//: where the measurement ends (@tbl:doublings).
//:
//: The second language, whose frontier ends earlier, is still on the flat part: there the gains have hardly
//: begun to shrink. A gain in nats is a power of $C$ only once the exponent has settled; before that a
//: rising exponent can make each doubling gain as much as the last. Two doublings more would decide it.
//:
//: As a *share* the doublings do not weaken. The local exponent goes from \(exponentFirstDraw1) to
//: \(exponentLastDraw1), a change of \(exponentSlopeDraw1) a decade (@tbl:tapers). This is no contradiction. A
//: gain in nats is the share times what is left, and what is left shrinks. Whether "returns diminish" is
//: a matter of the unit, as long as the floor is where one thinks it is.

//: ## Along which axis does it bend?
//:
//: The frontier mixes both axes. Here each is walked alone: data at fixed width, size at fixed data. A
//: local exponent is the slope over a factor of four, centred.

// MARK: - aside Local exponents along N and D
let sizes = Dictionary(grouping: first, by: \.width).mapValues { $0[0].parameters }
let dataPlaces = (0..<24).map { 2e4 * pow(2, Double($0) / 2) }
let dataSlopes = settings.slopeWidths.flatMap { width in
  LocalExponent.along(
    .data, of: first, at: dataPlaces.map { (sizes[width] ?? 0, $0) }, series: "width \(width)")
}
let sizePlaces = (0..<20).map { 1.5e3 * pow(2, Double($0) / 2) }
let sizeSlopes = settings.slopeTokens.flatMap { tokens in
  LocalExponent.along(
    .size, of: first, at: sizePlaces.map { ($0, Double(tokens)) },
    series: "$D$ = \(Estimate(Double(tokens) / 1000).formatted(digits: 2)) k")
}
try chapter.show(
  figure: Plot.facets(
    [
      Panel("Along the data", x: .tokens, y: .linear("Local exponent", includingZero: true)) {
        Recipe.estimates(dataSlopes, x: \.place, y: \.exponent, series: \.series)
      },
      Panel("Along the size", x: .parameters, y: .linear("Local exponent", includingZero: true)) {
        Recipe.estimates(sizeSlopes, x: \.place, y: \.exponent, series: \.series)
      },
    ], height: 220, sharing: .none),
  name: "local",
  caption:
    "Local exponents of the excess, over all draws. Along the data the exponent of a narrow model falls, for "
    + "it runs out of room; along the size the same happens where the data are few. Bars are 95 % "
    + "intervals over seeds and draws.",
  alternativeText:
    "Two panels of local exponents. Along the data the exponent of narrow models falls towards zero while "
    + "that of wide models stays up; along the size it falls to zero where data are few.")
let wideSlopes = dataSlopes.filter { $0.series == "width \(settings.slopeWidths.last!)" }
let narrowSlopes = dataSlopes.filter { $0.series == "width \(settings.slopeWidths.first!)" }
chapter.record("narrowWidthShown", settings.slopeWidths.first!)
chapter.record("wideWidthShown", settings.slopeWidths.last!)
chapter.record("narrowSlopeFirst", ifAny: narrowSlopes.first?.exponent, digits: 2)
chapter.record("narrowSlopeLast", ifAny: narrowSlopes.last?.exponent, digits: 2)
chapter.record("wideSlopeFirst", ifAny: wideSlopes.first?.exponent, digits: 2)
chapter.record("wideSlopeLast", ifAny: wideSlopes.last?.exponent, digits: 2)
let scarce = sizeSlopes.filter { $0.series == sizeSlopes.first?.series }
chapter.record("scarceSlopeLast", ifAny: scarce.last?.exponent, digits: 2)
// MARK: - end

//: One axis alone does run into a wall. At width \(narrowWidthShown) the exponent in $D$ falls from
//: \(narrowSlopeFirst) to \(narrowSlopeLast): more text does not help a model that is full. At width
//: \(wideWidthShown) it goes from \(wideSlopeFirst) to \(wideSlopeLast). With little data a larger model gains
//: \(scarceSlopeLast) at the end of the range (@fig:local). Who reports that returns diminish has often scaled
//: one of two things that are needed together.

//: ## From loss to accuracy
//:
//: The oldest diminishing return is that of examples. A perceptron learns a linear rule in
//: $d = \(dimensions)$ dimensions from $P$ examples; its error is the angle to the true rule over $\pi$, exact for each
//: student. Statistical mechanics gives that error in the limit of many dimensions without any free
//: parameter, for the student with the largest margin [@opper1990] and for one that merely adds its examples
//: up [@vallet1989].

struct PerceptronLadder {
  var rule: TeacherPerceptron.Rule
  var name: String
  var ladder: GainLadder
  /// Theory at each number of examples, in the limit of many dimensions.
  var theory: [Double]
  /// The largest relative distance from theory.
  var worst: Double {
    zip(ladder.errors, theory).map { abs($0.value / $1 - 1) }.max() ?? .nan
  }
}
let perceptronLadders = try chapter.attempt(
  TeacherPerceptron.Rule.allCases.map { rule in
    let own = perceptrons.runs.filter { $0.trial.rule == rule }
    let ladder = try GainLadder(
      own.flatMap { run in
        run.outcome.errors.enumerated().map { student, error in
          .init(unit: student, examples: Double(run.trial.examples), error: error)
        }
      })
    return PerceptronLadder(
      rule: rule, name: rule == .hebb ? "sum of the examples" : "largest margin", ladder: ladder,
      theory: ladder.examples.map {
        TeacherPerceptron.theoreticalError(rule, load: $0 / Double(settings.dimensions))
      })
  })
// The same question to language models of one width, in nats: seeds and draws are the units.
let ladderNumbers = Set(first.map(\.ladder)).sorted()
let languageLadder = try chapter.attempt(
  GainLadder(
    first.filter { $0.width == settings.repeatWidth }.map { point in
      .init(
        unit: ladderNumbers.firstIndex(of: point.ladder)!, examples: point.tokens,
        error: point.excess)
    }))

// MARK: - aside The figure and the table of accuracy
struct PerceptronPoint {
  var name: String
  var load: Double
  var error: Estimate
  var theory: Double
  var ratio: Estimate?
}
let perceptronPoints = perceptronLadders.flatMap { row in
  row.ladder.examples.indices.map { index in
    PerceptronPoint(
      name: row.name, load: row.ladder.examples[index] / Double(settings.dimensions),
      error: row.ladder.errors[index], theory: row.theory[index],
      ratio: index >= 2 ? row.ladder.ratios[index - 2] : nil)
  }
}
try chapter.show(
  figure: Plot(
    height: 230, x: .log("Examples a dimension $P/d$"), y: .log("Error")
  ) {
    for row in perceptronLadders {
      let points = perceptronPoints.filter { $0.name == row.name }
      Line(points, x: \.load, y: \.theory, series: row.name, style: .dashed)
      ErrorBars(points, x: \.load, low: \.error.low, high: \.error.high, series: row.name)
      Points(points, x: \.load, y: \.error.value, series: row.name)
    }
  }, name: "perceptron",
  caption:
    "The error of two perceptrons on the same kind of examples. Dots are measured, with 95 % intervals "
    + "over students; dashed lines are theory without a free parameter.",
  alternativeText:
    "Two falling series of dots on logarithmic axes, each on a dashed line of theory. The largest margin falls "
    + "about twice as steeply as the sum of the examples.")
try chapter.show(
  table: Table(perceptronPoints) {
    Column("Student", alignment: .leading) { $0.name }
    Column("$P/d$", digits: 2) { $0.load }
    Column("Error") { $0.error }
    Column("theory") { $0.theory }
    Column("Gain an example, over that of the step before", digits: 2) { $0.ratio }
  }, name: "perceptron",
  caption: "The two ladders in numbers. Below 1, a further example gains less than those before.")
chapter.record("dimensions", settings.dimensions)
chapter.record("loadLeast", settings.loads.min()!, digits: 2)
chapter.record("loadMost", settings.loads.max()!, digits: 2)
for row in perceptronLadders {
  let key = row.rule == .hebb ? "Sum" : "Margin"
  chapter.record("exponent\(key)", ifAny: row.ladder.exponent, digits: 2)
  chapter.record("worst\(key)", row.worst, digits: 2, percent: true)
  for (index, error) in row.ladder.errors.enumerated() {
    chapter.record("error\(key)\(index + 1)", ifAny: error, theory: row.theory[index], quiet: true)
  }
}
let allRatios = (perceptronLadders.map(\.ladder) + [languageLadder]).flatMap(\.ratios)
chapter.record("ratioCount", allRatios.count)
chapter.record("ratioMost", ifAny: allRatios.max { $0.value < $1.value }, digits: 2)
chapter.record("languageRatioMost", ifAny: languageLadder.ratios.map(\.value).max(), digits: 2)
// MARK: - end

//: From $P/d = \(loadLeast)$ to \(loadMost) theory is met within \(worstMargin) and \(worstSum). The exponents over
//: the upper half are \(exponentMargin) for the largest margin and \(exponentSum) for the sum: same examples, same rule,
//: two exponents. The exponent belongs to the learner as much as to the data. In all \(ratioCount) steps, those of the
//: language models included, the gain of a further example is at most \(ratioMost) of what it was the step
//: before, for the language models at most \(languageRatioMost).

//: ## When the text runs out
//:
//: The web has one copy of itself. @muennighoff2023 ask what a second reading is worth. Here a pool of $U$
//: tokens is read again and again, in a new order each time, by a model of width \(repeatWidth); each
//: number of readings has its own cooldown. The pool is the beginning of the text that other runs of
//: the seed read once, so that only the repetition differs.

let fresh = first.filter {
  $0.draw == languages[0].seed && $0.width == settings.repeatWidth
}
let repetitions = Repetition.pools(of: repeatedRuns.runs, fresh: fresh)

// MARK: - aside The figure and the table of repetition
func thousands(_ count: Double) -> String { Estimate(count / 1000).formatted(digits: 3) + " k" }
struct RepetitionRow {
  var pool: Repetition
  var reading: Repetition.Reading
  var isBest: Bool { reading.epochs == pool.best.epochs }
  var name: String { "$U$ = \(thousands(Double(pool.unique)))" }
}
let repetitionRows = repetitions.flatMap { pool in
  pool.readings.map { RepetitionRow(pool: pool, reading: $0) }
}
let freshCells = DearCell.cells(of: fresh)
try chapter.show(
  figure: Plot(height: 250, x: .log("Tokens read"), y: .excessLoss) {
    Line(freshCells, x: \.tokens, y: \.excess, series: "fresh text", color: .ink)
    Points(freshCells, x: \.tokens, y: \.excess, series: "fresh text", color: .ink)
    Recipe.estimates(
      repetitionRows, x: \.reading.tokens, y: \.reading.excess, series: \.name)
  }, name: "repetition",
  caption:
    "Excess against tokens read, fresh or from a pool of $U$ tokens read again and again. Bars are 95 % "
    + "intervals over seeds.",
  alternativeText:
    "A falling line for fresh text. Each pool follows it at first, then leaves it, flattens and, for the "
    + "smallest pools, rises again.")
try chapter.show(
  table: Table(repetitionRows) {
    Column("$U$ (tokens)") { $0.pool.unique }
    Column("Readings") { $0.reading.epochs }
    Column("Excess (nats)") { $0.reading.excess }
    Column("Over one reading", digits: 2) { $0.reading.ratio }
    Column("Worth in fresh tokens", digits: 2) { $0.reading.freshTokens }
    Column("The same for large models", digits: 2) { $0.reading.promised }
    Column("A token read", digits: 2, percent: true) { $0.reading.worth }
    Column("Best", alignment: .leading) { $0.isBest ? "best" : "" }
  }, name: "repetition",
  caption:
    "What reading again is worth: the fresh tokens that do the same, beside what the formula of "
    + "@muennighoff2023 gives for large models, and each as a share of the tokens read. A dash: worse than "
    + "one reading of the smallest pool.")
chapter.record("repeatWidth", settings.repeatWidth)
chapter.record("poolLeast", repetitions.first!.unique)
chapter.record("poolMost", repetitions.last!.unique)
let largest = repetitions.last!
chapter.record("bestSmall", repetitions.first!.best.epochs)
chapter.record("bestLarge", largest.best.epochs)
chapter.record("bestRatioSmall", ifAny: repetitions.first!.best.ratio, digits: 2)
chapter.record("bestRatioLarge", ifAny: largest.best.ratio, digits: 2)
let helpful = Set([repetitions.first!.helpful, largest.helpful]).sorted()
chapter.record("helpful", helpful.map(String.init).joined(separator: " or "))
chapter.record("mostEpochs", settings.epochs.max()!)
chapter.record("overreadSmall", ifAny: repetitions.first!.readings.last!.ratio, digits: 2)
chapter.record("overreadLarge", ifAny: largest.readings.last!.ratio, digits: 2)
let fourReadings = repetitionRows.filter { $0.reading.epochs == 4 }.compactMap(\.reading.worth)
let eight = repetitionRows.filter { $0.reading.epochs == 8 }
chapter.record(
  "worthEight",
  ifAny: eight.compactMap { row in
    row.reading.freshTokens.map { $0 / Double(row.pool.unique) }
  }.max(), digits: 2)
chapter.record(
  "promisedEight", ifAny: eight.first.map { $0.reading.promised / Double($0.pool.unique) },
  digits: 2)
chapter.record("worthFourLeast", ifAny: fourReadings.min(), digits: 2, percent: true)
chapter.record("worthFourMost", ifAny: fourReadings.max(), digits: 2, percent: true)
// MARK: - end

//: Reading again helps, and then it hurts. With $U = \(poolLeast)$ the least excess is after
//: \(bestSmall) readings, with $U = \(poolMost)$ after \(bestLarge), at \(bestRatioSmall) and \(bestRatioLarge) of the excess of one
//: reading. Every further doubling of the readings helps beyond the noise up to \(helpful) readings. After
//: \(mostEpochs) the excess is \(overreadSmall) and \(overreadLarge) of that of a single reading. A token of the first four
//: readings is worth \(worthFourLeast) to \(worthFourMost) of a fresh one (@tbl:repetition), which is
//: what @muennighoff2023 find for far larger models and far more text: four readings are nearly as good as fresh ones.
//: Then the two part. By their formula eight readings do as much as \(promisedEight) fresh ones; here it is
//: \(worthEight) at most. Their formula only saturates, and cannot say that reading on does harm.

//: ### Does a finite pool flatten the exponent?
//:
//: A text can run out, and so can the things that are to be learned from it. These are opposite. Take a pool
//: of $M$ facts with Zipf frequencies, $p_i \propto i^{-g}$, and a learner that knows what it has met once: the
//: chance of being asked something new is $\sum_i p_i (1 - p_i)^D$, exactly [@hutter2021]. Without end it falls
//: as $D^{-(1 - 1/g)}$.

let poolExponent = 1.5
let factPools = settings.facts.map { FactPool(exponent: poolExponent, facts: $0) }
struct PoolSlope {
  var facts: Int
  var questions: Double
  var exponent: Double
  var name: String {
    let thousands = facts / 1000
    let rest = String(format: "%03d", facts % 1000)
    return "$M$ = " + (facts < 10_000 ? "\(facts)" : "\(thousands),\(rest)")
  }
}
let poolSlopes = factPools.flatMap { pool in
  let questions = (0...15).map { 30 * pow(2, Double($0)) }
  let unknown = questions.map { pool.unknown(after: $0) }
  return questions.indices.dropLast().map { index in
    PoolSlope(
      facts: pool.probabilities.count, questions: questions[index],
      exponent: log2(unknown[index] / unknown[index + 1]))
  }
}

// MARK: - aside Draw the slopes of the pools
try chapter.show(
  figure: Plot(
    height: 210, x: .log("Questions $D$"), y: .linear("Local exponent", domain: 0...1)
  ) {
    Rule(y: factPools[0].dataExponent, label: "$1 - 1/g$")
    Line(poolSlopes.filter { $0.exponent <= 1 }, x: \.questions, y: \.exponent, series: \.name)
    Points(poolSlopes.filter { $0.exponent <= 1 }, x: \.questions, y: \.exponent, series: \.name)
  }, name: "pools",
  caption:
    "Local exponents of the chance to meet something new, for pools of $M$ facts and $g = \\(poolExponent)$. "
    + "Exact.",
  alternativeText:
    "Lines that start near one third and leave upwards, the smaller the pool the earlier.")
chapter.record("poolExponent", poolExponent, digits: 2)
let largestPool = factPools.last!
let asymptotic = largestPool.localExponent(at: 1000)
chapter.record("poolLargest", largestPool.probabilities.count)
chapter.record("poolAsymptotic", asymptotic, theory: largestPool.dataExponent)
chapter.record("poolSmallest", factPools[0].probabilities.count)
chapter.record("poolSteep", factPools[0].localExponent(at: 1000), digits: 2)
// MARK: - end

//: With \(poolLargest) facts the exponent at a thousand questions is \(poolAsymptotic), theory says \(poolAsymptotic.theory). With
//: \(poolSmallest) it is \(poolSteep), and rising: when all there is has nearly been learned, the rest goes
//: quickly. A finite *world* steepens the law, a finite *text* about it flattens it. In our language, whose
//: table has a finite number of entries, the frontier steepens too.

//: ## The extrapolation game
//:
//: Now forecast. In two fresh languages every law is fitted to the cheap runs and
//: asked for the loss of models 10, 30 and 60 times dearer: two widths at each distance, near where the best
//: one is to be expected. What it says goes into the run store, which refuses a forecast for runs that it
//: already has. Only then are they trained.
//:
//: Three forms compete. The sum of two powers; the power mean, whose corner can be sharp; and a law
//: whose data term may change its exponent once [@caballero2022]. Each is fitted twice, once with
//: the floor to be found and once told the truth.

let rules = ForecastGame.Rules(
  cut: LanguageGrid.leastBudget * pow(2, Double(cutDoublings)), distances: distances,
  widths: settings.dearWidths, seeds: settings.dearSeeds)
let games = gameLanguages.map { fresh in
  ForecastGame(
    rules, key: fresh.key, name: fresh.name, language: fresh.language,
    points: gameLadders.runs.filter { $0.trial.language == fresh.language }.flatMap {
      CurvePoint.points($0.outcome, of: $0.trial)
    })
}

// Every foretold loss, to four digits, goes into the store.
var writtenInTime = true
for game in games {
  let isFirst = try chapter.forecast(game.key, game.written, of: game.dearRuns)
  writtenInTime = writtenInTime && isFirst
}
let dearRuns = chapter.batch(games.flatMap(\.dearRuns))
try chapter.runAll()

chapter.record("cutFlops", rules.cut, digits: 2)
chapter.record("gameRuns", games[0].points.count)
chapter.record("dearSeeds", settings.dearSeeds)
chapter.record(
  "writtenInTime",
  writtenInTime
    ? "All forecasts stood in the store before the runs began."
    : "With these settings the runs were in the store first: what follows is hindsight.")

//: The cut stands at \(cutFlops) FLOPs and leaves \(gameRuns) runs a language. \(writtenInTime)

let results = games.map { game in
  game.result(
    dearRuns.runs.filter { $0.trial.run.language == game.language }.flatMap {
      CurvePoint.points($0.outcome, of: $0.trial.run)
    })
}

// MARK: - aside The figures and the table of the game
struct GameRow {
  var result: ForecastGame.Result
  var method: ForecastMethod
  var errors: [ForecastError]
  var worst: Double { errors.map { abs($0.gain) }.max() ?? .nan }
}
let gameRows = results.flatMap { result in
  ForecastMethod.all.compactMap { method -> GameRow? in
    let own = result.errors.filter { $0.method == method }
    return own.isEmpty ? nil : GameRow(result: result, method: method, errors: own)
  }
}
/// A signed share, as tables write it.
func signed(_ share: Double?) -> String {
  guard let share, share.isFinite else { return "–" }
  if abs(share) > 10 { return share > 0 ? "above +1000 %" : "below −1000 %" }
  let percent = (share * 1000).rounded() / 10
  return (percent > 0 ? "+" : percent < 0 ? "−" : "") + "\(abs(percent)) %"
}
try chapter.show(
  table: Table(gameRows) {
    Column("Language", alignment: .leading) { $0.result.game.name }
    Column("Law", alignment: .leading) { $0.method.formName }
    Column("Floor", alignment: .leading) { $0.method.knowsFloor ? "known" : "fitted" }
    for distance in distances {
      Column("Loss, \(Int(distance))×", alignment: .trailing) { row in
        signed(row.errors.first { $0.distance == distance }?.total)
      }
    }
    for distance in distances {
      Column("Excess, \(Int(distance))×", alignment: .trailing) { row in
        signed(row.errors.first { $0.distance == distance }?.excess)
      }
    }
    for distance in distances {
      Column("Gain, \(Int(distance))×", alignment: .trailing) { row in
        signed(row.errors.first { $0.distance == distance }?.gain)
      }
    }
    Column("In the interval", alignment: .trailing) { row in
      let inside = row.errors.reduce(0) { $0 + $1.inside }
      return "\(inside) of \(row.errors.reduce(0) { $0 + $1.cells })"
    }
  }, name: "game",
  caption:
    "How far each forecast was off, as a share of the loss, of the excess and of the gain over the best run "
    + "below the cut, at each distance. A negative gain: the dear runs did better than foretold. The "
    + "last column counts cells whose loss lies in the forecast's own 95 % interval.")

struct GamePoint {
  var cell: DearCell
  var isDear: Bool
}
/// The best cell of each budget below the cut, then the better of both widths at each distance.
func gamePoints(_ result: ForecastGame.Result) -> [GamePoint] {
  let dear = distances.compactMap { distance in
    result.cells(at: distance).min { $0.excess < $1.excess }
  }
  return result.game.bestCells.map { GamePoint(cell: $0, isDear: false) }
    + dear.map { GamePoint(cell: $0, isDear: true) }
}
let shown = results[0]
let shownPoints = gamePoints(shown)
let shownFloor = shown.cells.first?.entropy ?? 0
if let sum = shown.game.forecast(ForecastMethod(.additive, knowsFloor: false)),
  let told = shown.game.forecast(ForecastMethod(.additive, knowsFloor: true))
{
  let budgets = shownPoints.map(\.cell.compute)
  try chapter.show(
    figure: Plot.facets(
      [
        Panel("Loss", x: .compute, y: .loss) {
          Recipe.extrapolation(
            shownPoints, x: \.cell.compute, y: \.cell.loss, isHeldOut: \.isDear,
            law: { sum.frontierLoss(compute: $0) })
          Rule(y: shownFloor, label: "entropy")
        },
        Panel("Excess", x: .compute, y: .excessLoss) {
          Recipe.extrapolation(
            shownPoints, x: \.cell.compute, y: \.cell.excess, isHeldOut: \.isDear,
            law: { max(1e-3, sum.frontierLoss(compute: $0) - shownFloor) }, cut: nil)
          Line(
            over: budgets.min()!...budgets.max()!, series: "floor known", style: .dotted,
            color: .series(2)
          ) {
            max(1e-3, told.frontierLoss(compute: $0) - shownFloor)
          }
        },
      ], height: 230, sharing: .x, labels: .none),
    name: "game",
    caption:
      "The fresh draw of the game. Filled: the best run of each budget below the cut; hollow: the better of "
      + "both dear runs. The line is the sum with a fitted floor at its own best split, dashed where it was "
      + "foretold; dotted: the sum with the true floor. Left the loss, right the same less the entropy.",
    alternativeText:
      "Two panels. In the loss the forecast passes close to the hollow points; in the excess, on a "
      + "logarithmic axis, it lies visibly above them.")
}
struct GainPoint {
  var result: String
  var method: String
  var distance: String
  var gain: Double
}
let gainPoints = gameRows.flatMap { row in
  row.errors.map { error in
    GainPoint(
      result: row.result.game.name,
      method: "\(row.method.formName), \(row.method.knowsFloor ? "floor known" : "floor fitted")",
      distance: "\(Int(error.distance)) times", gain: error.gain)
  }
}
try chapter.show(
  figure: Plot.facets(
    results.map { result in
      let own = gainPoints.filter { $0.result == result.game.name }
      return Panel(
        result.game.name, x: .linear("$\\dfrac{\\text{foretold gain}}{\\text{gain}} - 1$"),
        y: .categories()
      ) {
        Rule(x: 0)
        Rule(x: -gainTolerance, style: .dotted)
        Rule(x: gainTolerance, style: .dotted)
        for (distance, shape) in zip(distances, PointShape.allCases) {
          let name = "\(Int(distance)) times"
          Points(
            own.filter { $0.distance == name }, x: \.gain, y: \.method, series: name, shape: shape)
        }
      }
    }, height: 190, sharing: .y, labels: .legend),
  name: "gains",
  caption:
    "The error of the foretold gain by form, floor and distance. Between the dotted lines the rule is "
    + "met; to the left the runs did better than foretold.",
  alternativeText:
    "Dot plots of six methods in two languages, three dots each. With a fitted floor most dots lie to the left "
    + "of the tolerance.")

func row(_ key: String, _ form: LossLaw.Form, knowsFloor: Bool) -> GameRow? {
  gameRows.first {
    $0.result.game.key == key && $0.method == ForecastMethod(form, knowsFloor: knowsFloor)
  }
}
for game in games {
  let isQuiet = game.key != "Fresh"
  for (word, form) in [
    ("Sum", LossLaw.Form.additive), ("Mean", .powerMean), ("Broken", .broken),
  ] {
    for knowsFloor in [false, true] {
      let own = row(game.key, form, knowsFloor: knowsFloor)
      let key = "\(word)\(knowsFloor ? "Told" : "")\(game.key)"
      let last = own?.errors.last
      let isSum = word == "Sum"
      chapter.record(
        "total\(key)", ifAny: last?.total, digits: 2, percent: true, quiet: isQuiet || !isSum)
      chapter.record(
        "excess\(key)", ifAny: last?.excess, digits: 2, percent: true, quiet: isQuiet || !isSum)
      chapter.record(
        "gain\(key)", ifAny: last?.gain, digits: 2, percent: true, quiet: isQuiet || !isSum)
      chapter.record(
        "floor\(key)",
        ifAny: own.flatMap { $0.result.game.forecast($0.method)?.fit.floor },
        quiet: isQuiet || knowsFloor || word == "Broken")
    }
  }
  chapter.record(
    "entropy\(game.key)", game.points[0].entropy, unit: "nats", digits: 4, quiet: isQuiet)
}
let inside = gameRows.flatMap(\.errors).reduce(0) { $0 + $1.inside }
let judgedCells = gameRows.flatMap(\.errors).reduce(0) { $0 + $1.cells }
chapter.record("insideCount", inside)
chapter.record("judgedCells", judgedCells)
let insideFree = gameRows.filter { !$0.method.knowsFloor }.flatMap(\.errors)
chapter.record("insideFree", insideFree.reduce(0) { $0 + $1.inside })
chapter.record("cellsFree", insideFree.reduce(0) { $0 + $1.cells })
chapter.record("farthest", Int(distances.last!))
// MARK: - end

//: In the fresh draw, at \(farthest) times the compute, the sum with a fitted floor is off by \(totalSumFresh) of the loss.
//: That sounds like a near miss. It is \(excessSumFresh) of the *excess*, and \(gainSumFresh) of the gain: of what
//: the money bought, the law foretold a small part. It put the floor at \(floorSumFresh), and the entropy is
//: \(entropyFresh). Told the floor, it is off by \(totalSumToldFresh) of the loss, \(excessSumToldFresh) of the excess and
//: \(gainSumToldFresh) of the gain. @fig:game shows the same numbers twice, @fig:gains and @tbl:game all six laws.
//:
//: The stated intervals hold \(insideCount) of \(judgedCells) cells, and with a fitted floor \(insideFree) of
//: \(cellsFree). Each calls itself a 95 % interval. They tell how far *the same form* would move with other
//: seeds, and the form is what is wrong.

//: ## When does extrapolation work?
//:
//: The game has two languages and one cut. To see a pattern we play it on in hindsight: on the three sets of the
//: frontier with other cuts, and in the regression, where the fits see exact risks near the best
//: splits of small budgets and are asked for budgets 8, 32 and 64 times larger.

/// How one law fared in one world, over all of its sets, cuts or spectra.
struct WhenRow {
  var world: String
  var method: ForecastMethod
  var errors: [ForecastError]

  /// The span of the errors of the gain about one distance.
  func span(_ distance: Double) -> String {
    let gains = errors.filter { abs(log($0.distance / distance)) < 0.2 }.map(\.gain)
    guard let low = gains.min(), let high = gains.max() else { return "–" }
    return low == high ? signed(low) : "\(signed(low)) to \(signed(high))"
  }
  /// Whether every gain is within the tolerance.
  var works: String {
    let good = errors.count { abs($0.gain) <= gainTolerance }
    if errors.isEmpty { return "–" }
    return good == errors.count ? "yes" : good == 0 ? "no" : "in \(good) of \(errors.count) cases"
  }
}
func play(_ points: [CurvePoint], _ method: ForecastMethod, cut: Double, unit: Double)
  -> [ForecastError]
{
  ForecastGame.inHindsight(method, points, cut: cut, unit: unit, distances: [8, 32, 64])
}
let regressionCut = pow(2, Double(settings.budgets.max()! - 6))
let regressionSets = spectra.map { spectrum in
  optima.runs.filter { $0.trial.regression == spectrum }.flatMap {
    CurvePoint.points($0.outcome, of: $0.trial)
  }
}
let regressionRows = ForecastMethod.all.map { method in
  WhenRow(
    world: "Regression, \(spectra.count) spectra", method: method,
    errors: regressionSets.flatMap { play($0, method, cut: regressionCut, unit: 1) })
}
let languageCuts = settings.hindsightCuts.map { LanguageGrid.leastBudget * pow(2, Double($0)) }
let languageSets =
  languages.map { language in first.filter { $0.draw == language.seed } } + [second]
let languageRows = ForecastMethod.all.map { method in
  WhenRow(
    world: "Languages, \(languageSets.count) sets, \(languageCuts.count) cuts", method: method,
    errors: languageSets.flatMap { points in
      languageCuts.flatMap { play(points, method, cut: $0, unit: 6) }
    })
}
let foretoldRows = ForecastMethod.all.map { method in
  WhenRow(
    world: "Fresh languages, foretold", method: method,
    errors: gameRows.filter { $0.method == method }.flatMap(\.errors))
}

// MARK: - aside The table of worlds
try chapter.show(
  table: Table(regressionRows + languageRows + foretoldRows) {
    Column("World", alignment: .leading) { $0.world }
    Column("Law", alignment: .leading) { $0.method.formName }
    Column("Floor", alignment: .leading) { $0.method.knowsFloor ? "known" : "fitted" }
    Column("8 or 10 times", alignment: .trailing) { $0.span(9) }
    Column("30 or 32 times", alignment: .trailing) { $0.span(31) }
    Column("60 or 64 times", alignment: .trailing) { $0.span(62) }
    Column("Within 10 %", alignment: .leading) { $0.works }
  }, name: "when",
  caption:
    "The error of the foretold gain, least to greatest over the cases of each row. The first rows are hindsight on "
    + "runs that were known, the last ones were written down before the runs.")
for (world, rows) in [("regression", regressionRows), ("language", languageRows)] {
  for row in rows where row.method.form != .broken {
    let (form, isTold) = (row.method.form == .additive ? "Sum" : "Mean", row.method.knowsFloor)
    chapter.record(
      "\(world)\(form)\(isTold ? "Told" : "")", ifAny: row.errors.map { abs($0.gain) }.max(),
      digits: 2, percent: true, quiet: isTold && world == "regression")
  }
}
// MARK: - end

//: **It works where the form is right.** In the regression the power mean misses the gain by at most
//: \(regressionMean), up to 64 times beyond the fit, whether it knows the floor or not. The sum, fitted to the same
//: exact numbers, misses up to \(regressionSum): no noise was needed to fail, a corner that is too round was enough.
//:
//: **Knowing the floor helps and does not cure.** In the languages, with other cuts, the sum misses up to
//: \(languageSum) with a fitted floor and \(languageSumTold) with the true one; the power mean \(languageMean) and
//: \(languageMeanTold). The frontier steepens on its way to the floor, and none of these forms has an exponent
//: that grows. So almost every miss has the same sign: dear runs do better than foretold.
//:
//: **A close forecast may be luck.** In the fresh languages the power mean with a fitted floor comes closest of all.
//: Its floor, \(floorMeanFresh) nats in the first of them, is absurd. A floor that is too low and exponents
//: that are too small err in opposite directions and cancel, here. Nobody who knows only the losses could tell.
//:
//: **Freedom is not knowledge.** The broken law has three parameters more, and they bend where the cheap runs
//: happen to bend. In the regression, whose runs have no noise at all, it is the worst of the three.

//: ## Verdicts

func verdictOnTaper() -> Verdict {
  let curves = frontiers.map(\.curve)
  guard curves.allSatisfy({ $0.gainSlope.hasInterval }) else { return .notDecided }
  if curves.contains(where: { $0.gainSlope.low > 0 }) { return .fails }
  guard curves.allSatisfy({ $0.gainSlope.high < 0 }) else { return .notDecided }
  return curves.allSatisfy { $0.gainDrop.low > 0 } ? .holds : .holdsWithLimit
}
func verdictOnFlattening() -> Verdict {
  let slopes = frontiers.map(\.curve.exponentSlope)
  guard slopes.allSatisfy(\.hasInterval) else { return .notDecided }
  if slopes.contains(where: { $0.low > 0 }) { return .fails }
  return slopes.allSatisfy { $0.high < 0 } ? .holds : .notDecided
}
func verdictOnSublinear() -> Verdict {
  guard allRatios.allSatisfy(\.hasInterval) else { return .notDecided }
  if allRatios.contains(where: { $0.low > 1 }) { return .fails }
  return allRatios.allSatisfy { $0.high < 1 } ? .holds : .notDecided
}
/// Whether a method's mean gain is within the tolerance at every distance, in both languages.
func foretells(_ method: ForecastMethod) -> Bool {
  games.allSatisfy { game in
    guard let row = row(game.key, method.form, knowsFloor: method.knowsFloor) else { return false }
    return row.errors.count == distances.count && row.worst <= gainTolerance
  }
}
/// The largest standard error of a mean gain over seeds, as a share of the gain.
let gainNoiseSeen = results.map(\.gainNoise).max() ?? .infinity
func verdictOnForetold() -> Verdict {
  if !(gainNoiseSeen <= gainNoise) { return .notDecided }
  if foretells(ForecastMethod(.additive, knowsFloor: false)) { return .holds }
  return ForecastMethod.all.contains(where: foretells) ? .holdsWithLimit : .fails
}
let able = ForecastMethod.all.filter(foretells)
chapter.record(
  "ableMethods",
  able.isEmpty
    ? "none of the six laws does"
    : "of the six laws these do: "
      + able.map { "\($0.formName) with the floor \($0.knowsFloor ? "known" : "fitted")" }
      .joined(separator: ", "))
chapter.record("gainNoise", ifAny: gainNoiseSeen, digits: 2, percent: true)
let sumWorst = gameRows.filter {
  $0.method == ForecastMethod(.additive, knowsFloor: false)
}.map(\.worst).max()
chapter.record("sumWorst", ifAny: sumWorst, digits: 2, percent: true)

chapter.judge(
  taper, verdictOnTaper(),
  because: """
    Change of the gain in nats a decade: \\(gainSlopes). In the first draw it goes from \
    \\(gainFirstDraw1) to \\(gainLastDraw1).
    """)
chapter.judge(
  flattening, verdictOnFlattening(),
  because: """
    Change of the local exponent a decade: \\(exponentSlopes). Above zero, the share that a \
    doubling removes grows.
    """)
chapter.judge(
  sublinear, verdictOnSublinear(),
  because: """
    In \\(ratioCount) steps of three ladders the gain of a further example is at most \\(ratioMost) of what it was before.
    """)
chapter.judge(
  foretold, verdictOnForetold(),
  because: """
    The sum with a fitted floor misses the gain by up to \\(sumWorst); \\(ableMethods). The noise of a gain is \
    \\(gainNoise) of it.
    """)

//: ## Limits
//:
//: * The language has a finite table to be learned, so that its law must steepen in the end. Natural text may
//:   have no end that anybody can reach.
//: * The frontier spans two decades of compute. A bend that takes four would not be seen.
//: * The dear runs have two widths at each distance and \(dearSeeds) seeds. Their widths were chosen from the
//:   grids of the chapters before, and not by the forecasts.
//: * The game in hindsight is no forecast: whoever writes it has seen the runs. It is shown apart.
//: * One model width reads the repeated text, without dropout or weight decay, which would push
//:   the harm of many readings further out.
//:
//: ## Exercises
//:
//: ### Exercise: A floor that is off
//:
//: Somebody believes that the floor lies 0.05 nats lower than it does, and another that it lies 0.05 nats higher.
//: What do they read off the frontier of the first draw?
//:
//: #### Solution
//:
//: Add 0.05 to every excess of @tbl:doublings, or subtract it, and take $\log_2$ of neighbouring ratios. With a floor
//: too low the local exponent rises to 0.24 and then falls back to 0.21: "returns diminish at some
//: point". With one too high it climbs from 0.16 to 0.42: "scaling accelerates". The truth is
//: 0.14 to 0.28. Two per cent of the loss decide which headline is written.
//:
//: ### Exercise: The price of the next step
//:
//: If the excess $e$ falls as $C^{-1/4}$, at what excess do the next 0.05 nats cost ten times the compute?
//:
//: #### Solution
//:
//: $(1 - 0.05/e)^{-4} = 10$ gives $e = 0.05/(1 - 10^{-1/4}) = 0.11$. The same formula says 3.2 at
//: $e = 0.20$, where @tbl:doublings has 3.0.
//:
//: ### Exercise: A smaller reader
//:
//: A model of width 16 has a tenth of the parameters. Does it suffer more or less from reading the same text again?
//:
//: #### Solution
//:
//: `swift run -c release diminishing-returns --repeat-width 16` trains nine short runs. The best number of readings
//: goes from 8 to 16 for $U = 25{,}600$ and to 24 or more for $U = 51{,}200$, and 24 readings of the smallest pool
//: leave 0.80 of the excess of one where the wide model had 1.6 times as much. A model with less room has less room for
//: what does not generalise. The wide one still has the lower excess after its best reading, in each pool.
//:
//: ### Exercise: Models of the wrong size
//:
//: Foretell narrower dear models: widths 16 to 48 instead of 24 to 64. These runs are new, so that the forecast
//: comes first again. Does the order of the laws change?
//:
//: #### Solution
//:
//: `swift run -c release diminishing-returns --dear-widths 16,24,32,48` trains sixteen runs, in a minute or two. The
//: order stays: the power mean with a fitted floor is closest, with 5 and 3 of its 6 cells inside its intervals, then
//: the laws that know the floor; sum and broken law with a fitted floor miss four fifths of the gain, as before. What is missed
//: lies along the data as much as along the size.

try chapter.finish()
