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

  @Option(help: "Seeds of every language model: initial values and order of the data.")
  var seeds = Profiled(smoke: 2, course: 3, full: 5)

  @Option(help: "Draws of the language, each with its own exact entropy.")
  var draws = Profiled(smoke: 1, course: 2, full: 3)

  @Option(help: "The dearest training run: 3e8 FLOPs doubled so many times.")
  var doublings = Profiled(smoke: 6, course: 10, full: 13)

  @Option(help: "Width at which the data law is read.")
  var dataLawWidth = Profiled(smoke: 16, course: 64, full: 64)

  @Option(help: "Tokens at which the size law is read.")
  var sizeLawTokens = Profiled(smoke: 60_000, course: 800_000, full: 1_600_000)

  @Option(help: "Tokens from which ten times more are tried.")
  var planeTokens = Profiled(
    smoke: [50_000, 80_000], course: [32_000, 64_000, 128_000, 240_000, 330_000],
    full: [32_000, 64_000, 128_000, 240_000, 330_000])

  @Option(help: "Budgets of the regression, features times examples, as powers of two.")
  var budgets = Profiled(
    smoke: [14, 15, 16, 17, 18], course: Array(14...24), full: Array(14...26))

  @Option(help: "Facts that the associative memory has room for.")
  var facts = Profiled(
    smoke: [16, 32, 64], course: [16, 32, 64, 128, 256, 512], full: [16, 32, 64, 128, 256, 512])

  @Option(help: "Pairs that the associative memory is trained on.")
  var pairs = Profiled(
    smoke: [2048, 4096, 8192], course: [2048, 4096, 8192, 16_384, 32_768, 65_536],
    full: [2048, 4096, 8192, 16_384, 32_768, 65_536])

  @Option(help: "Steps of the runs that check the learning rate.")
  var rateCheckSteps = Profiled(smoke: 100, course: 500, full: 2000)

  init() {}

  /// Refuses what cannot be used, before anything is started.
  func validate() throws {
    for (name, count) in [
      ("seeds", seeds), ("draws", draws), ("data-law-width", dataLawWidth),
      ("size-law-tokens", sizeLawTokens), ("rate-check-steps", rateCheckSteps),
    ] {
      try check(name, count, least: 1)
    }
    try check("widths", widths, least: 2, in: 4...1024)
    try check("doublings", doublings, in: 5...20)
    try check("budgets", budgets, least: 3, in: 10...30)
    try check("facts", facts, least: 3, in: 1...512)
    try check("pairs", pairs, least: 3, in: 32...1_000_000, multipleOf: 32)
  }
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
//: The form is the one that @hoffmann2022 fit to their language models. Each rule below was written
//: before the runs that it judges.

// MARK: - aside The claims, as the program states them
let additive = chapter.claim(
  "additive",
  statement: "The excess loss is the sum of a power of the parameters and a power of the data.",
  quotation:
    "the error is proportional to 1 over the number of parameters raised to a power, plus 1 over the "
    + "data set size raised to another power",
  source: "Voices of Tomorrow, an episode on scaling laws",
  theory:
    "@hoffmann2022 fit the sum. Where one bottleneck must be passed before the other "
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
// MARK: - end

//: The thresholds of these rules stand in one place, and nothing below changes them.

/// How well the sum must predict the total loss of cells it has not seen.
let totalTolerance = 0.02
/// How much better a power mean must predict the excess to count against the sum.
let betterFactor = 2.0
/// The cells that a fit does not see: a third of the plane, chosen by place and not by result.
func isHeldOut(size: Int, data: Int) -> Bool { (size + 2 * data) % 3 == 0 }

//: ## What is trained
//:
//: All trials of the chapter stand in one queue, so that no core waits. A trial is a value; what the
//: run store already knows of it is not trained again.

let spectra = SpectrumOptimum.spectra
let optima = chapter.batch(SpectrumOptimum.trials(budgets: settings.budgets))

let zipfs = [1.2, 1.35, 1.5]
let memories = chapter.batch(
  zipfs.flatMap { zipf in
    settings.facts.flatMap { facts in
      (1...UInt64(settings.seeds)).map { seed in
        AssociationRun(
          association: .init(exponent: zipf, inputs: 512, confusion: 0.05, seed: seed),
          facts: facts, pairs: settings.pairs, seed: seed)
      }
    }
  })

let languages = LanguageGrid.draws(settings.draws)
let ladders = chapter.batch(
  languages.flatMap { language in
    LanguageGrid.trials(
      language: language, widths: settings.widths, seeds: settings.seeds,
      doublings: settings.doublings)
  })

// The learning rate has to be interior at both ends of the ladder: try its neighbours there.
let rateChecks = chapter.batch(
  RateCheck.trials(
    widths: [settings.widths.min()!, settings.widths.max()!], steps: settings.rateCheckSteps))

try chapter.runAll()

//: ## First world: a regression whose error can be computed
//:
//: A linear model sees the first $N$ of infinitely many features. Feature $i$ has variance $i^{-b}$
//: and explains $i^{-c}$ of the answer; noise of variance 0.1 is the floor. Stochastic gradient
//: descent makes one pass over $D$ examples. Its *expected* error follows exactly from a recursion,
//: so nothing in this world is random. Theory [@bordelon2021; @lin2024] says
//: that the excess falls with $\alpha = c - 1$ in $N$ and with $\beta = (c - 1)/b$ in $D$.
//:
//: Two exponents that act together are best read on the **frontier**. For each budget $C = ND$ we take
//: the best split. There the two terms keep their proportion, so the excess is a power of either
//: alone, whatever the form of the law.

struct Frontier {
  var world: SpectralRegression
  var runs: [SpectrumOptimum.Outcome]
  var alpha: Estimate
  var beta: Estimate

  init(_ world: SpectralRegression, _ runs: [SpectrumOptimum.Outcome]) throws {
    self.world = world
    self.runs = runs
    alpha = try PowerLaw.fit(runs, x: \.size, y: \.excess).exponent
    beta = try PowerLaw.fit(runs, x: \.examples, y: \.excess).exponent
  }
  var alphaError: Double { alpha.value / world.sizeExponent - 1 }
  var betaError: Double { beta.value / world.dataExponent - 1 }
  var worst: Double { max(abs(alphaError), abs(betaError)) }
  var name: String { "$b$ = \(world.featureExponent), $c$ = \(world.targetExponent)" }
}

let frontiers = try chapter.attempt(
  spectra.map { spectrum in
    try Frontier(spectrum, optima.runs.filter { $0.trial.regression == spectrum }.map(\.outcome))
  })

// MARK: - aside The table and the values of this section
try chapter.show(
  table: Table(frontiers) {
    Column("$b$") { $0.world.featureExponent }
    Column("$c$") { $0.world.targetExponent }
    Column("$\\alpha$ measured") { $0.alpha }
    Column("theory") { $0.world.sizeExponent }
    Column("error", digits: 2, percent: true) { $0.alphaError }
    Column("$\\beta$ measured") { $0.beta }
    Column("theory") { $0.world.dataExponent }
    Column("error", digits: 2, percent: true) { $0.betaError }
  }, name: "spectra",
  caption:
    "Exponents of the exact excess along the frontier of seven spectra, beside theory. Nothing is "
    + "fitted but the slope; brackets are 95 % intervals of the regression line.")

let good = frontiers.filter { $0.worst < 0.03 }
chapter.record("spectraCount", frontiers.count)
chapter.record("spectraWithin", good.count)
chapter.record("spectraWorst", good.map(\.worst).max() ?? .nan, digits: 2, percent: true)
for (index, frontier) in frontiers.enumerated() {
  chapter.record(
    "spectrumAlpha\(index + 1)", frontier.alpha, theory: frontier.world.sizeExponent, quiet: true)
  chapter.record(
    "spectrumBeta\(index + 1)", frontier.beta, theory: frontier.world.dataExponent, quiet: true)
}
let slow = frontiers.max { $0.worst < $1.worst }!
chapter.record("slowB", slow.world.featureExponent)
chapter.record("slowC", slow.world.targetExponent)
chapter.record("slowSpectrumError", slow.worst, digits: 2, percent: true)
// MARK: - end

//: In \(spectraWithin) of the \(spectraCount) spectra both exponents are within 3 % of theory, at
//: worst \(spectraWorst). The farthest is $b = \(slowB)$, $c = \(slowC)$ with \(slowSpectrumError): its exponents are the
//: smallest, and small exponents reach their asymptote late.

// MARK: - aside Draw the figure
try chapter.show(
  figure: Plot.facets(
    [
      Panel("Best size", x: .log("Features $N$"), y: .log("Excess risk")) {
        for frontier in frontiers {
          Points(frontier.runs, x: \.size, y: \.excess, series: frontier.name)
          Line(frontier.runs, x: \.size, y: \.excess, series: frontier.name)
        }
      },
      Panel("Best number of examples", x: .log("Examples $D$"), y: .log("Excess risk")) {
        for frontier in frontiers {
          Points(frontier.runs, x: \.examples, y: \.excess, series: frontier.name)
          Line(frontier.runs, x: \.examples, y: \.excess, series: frontier.name)
        }
      },
    ], height: 230, sharing: .y),
  name: "frontier",
  caption:
    "The excess risk at the best split of each budget, against the features and the examples of that "
    + "split. Each line is a spectrum; each point is exact.",
  alternativeText:
    "Two panels of falling straight lines on logarithmic axes, one line per spectrum: excess risk "
    + "against the best number of features and against the best number of examples.")
// MARK: - end

//: ## Second world: a memory for facts that are rarer and rarer
//:
//: Inputs follow Zipf's law, $p(x) \propto x^{-g}$, and each has an answer of its own among 64, spoilt
//: in one case of twenty. A model $\operatorname{softmax}(W e_x)$ whose embedding has room for the $N$ most
//: frequent inputs is trained on $D$ pairs by gradient descent. The entropy of the answers is the
//: floor, $E = \(memoryEntropy)$. What was not stored, or never seen, is lost: summing the tails of
//: Zipf's law gives $\alpha = g - 1$ [@cabannes2023] and $\beta = 1 - 1/g$ [@hutter2021].

struct Memory {
  var zipf: Double
  var cells: [PlaneCell] = []
  var alphaTheory: Double { zipf - 1 }
  var betaTheory: Double { 1 - 1 / zipf }
}

var memoriesByZipf: [Memory] = zipfs.map { Memory(zipf: $0) }
for run in memories.runs {
  let world = zipfs.firstIndex(of: run.trial.association.exponent)!
  let size = settings.facts.firstIndex(of: run.trial.facts)!
  for (data, pairs) in run.trial.pairs.enumerated() {
    memoriesByZipf[world].cells.append(
      PlaneCell(
        n: Double(run.trial.facts), d: Double(pairs), excess: run.outcome.excess[data],
        floor: run.outcome.entropy, seed: run.trial.seed,
        isHeldOut: isHeldOut(size: size, data: data)))
  }
}
chapter.record("memoryEntropy", memoriesByZipf[0].cells[0].floor, unit: "nats")

struct MemoryFit {
  var memory: Memory
  var fit: LossFit

  init(_ memory: Memory) throws {
    self.memory = memory
    fit = try LossLaw.fit(
      memory.cells, n: \.n, d: \.d, loss: \.loss, resampling: \.seed, form: .powerMean,
      floor: .known(memory.cells[0].floor), starts: .spread(24))
  }
  var worst: Double {
    let alphaError = abs(fit.alpha.value / memory.alphaTheory - 1)
    let betaError = abs(fit.beta.value / memory.betaTheory - 1)
    return max(alphaError, betaError)
  }
}
let memoryFits = try chapter.attempt(memoriesByZipf.map(MemoryFit.init))

// MARK: - aside The table and the values of this section
try chapter.show(
  table: Table(memoryFits) {
    Column("$g$") { $0.memory.zipf }
    Column("$\\alpha$ measured") { $0.fit.alpha }
    Column("theory") { $0.memory.alphaTheory }
    Column("$\\beta$ measured") { $0.fit.beta }
    Column("theory") { $0.memory.betaTheory }
    Column("$q$ of the power mean") { $0.fit.law.sharpness }
  }, name: "memories",
  caption:
    "The associative memory: exponents of a power mean fitted to all cells with the floor known, "
    + "beside theory without free parameters. Brackets are 95 % intervals over seeds.")

for (index, world) in memoryFits.enumerated() {
  chapter.record(
    "memoryAlpha\(index + 1)", world.fit.alpha, theory: world.memory.alphaTheory, quiet: true)
  chapter.record(
    "memoryBeta\(index + 1)", world.fit.beta, theory: world.memory.betaTheory, quiet: true)
}
chapter.record("memoryWorst", memoryFits.map(\.worst).max()!, digits: 2, percent: true)
// MARK: - end

//: Theory is met within \(memoryWorst). The exponents are not properties of "learning": they are
//: properties of the *data*. A steeper Zipf law makes every exponent larger.

//: ## Third world: a language that transformers learn
//:
//: The language is made, not found. Each of 64 tokens depends on the two before it through random
//: tables, drawn once; its entropy rate is computed exactly from the stationary distribution. For
//: the first draw it is \(entropy1). That is the floor $E$: no model can have a lower
//: loss, and the excess of a model is its Kullback-Leibler divergence from the true next-token
//: distribution, measured on held-out windows without the noise of sampled targets.
//:
//: The models are decoder-only transformers of one layer, from \(parametersLeast) to
//: \(parametersMost) parameters, trained in one pass with AdamW. The learning rate is warmed up,
//: held, and cooled down to zero over the last fifth of the run; a run of any length is a branch of
//: one constant trunk [@hagele2024]. Budgets are powers of two apart: $6ND = 3 \cdot 10^8 \cdot 2^j$.

let cells = LanguageGrid.cells(of: ladders.runs)
// Only what could be trained: a width that the heads do not divide has failed and is reported.
let widths = Set(cells.map(\.width)).sorted()
let lawWidth = widths.min { abs($0 - settings.dataLawWidth) < abs($1 - settings.dataLawWidth) }!

/// One draw of the language with its runs.
struct Draw {
  var number: Int
  var entropy: Double
  var cells: [LanguageGrid.Cell]
  var plane: [PlaneCell]

  init(_ number: Int, _ cells: [LanguageGrid.Cell]) {
    self.number = number
    self.cells = cells
    entropy = cells[0].entropy
    plane = cells.map { cell in
      var point = cell.onPlane
      point.isHeldOut = isHeldOut(
        size: widths.firstIndex(of: cell.width)!, data: cell.doublings)
      return point
    }
  }
}
let draws = languages.enumerated().map { index, language in
  Draw(index + 1, cells.filter { $0.draw == language.seed })
}
for draw in draws {
  chapter.record(
    "entropy\(draw.number)", draw.entropy, unit: "nats per token", digits: 4,
    quiet: draw.number > 1)
}
chapter.record("parametersLeast", cells.map(\.parameters).min()!)
chapter.record("parametersMost", cells.map(\.parameters).max()!)
chapter.record("languageCells", draws[0].plane.overSeeds().count)
chapter.record("seedCount", settings.seeds)

struct Rung {
  var width: Int
  var cells: [PlaneCell]
}
let rungs = widths.map { width in
  Rung(width: width, cells: draws[0].cells.filter { $0.width == width }.map(\.onPlane).overSeeds())
}
let sharpLaw = try chapter.attempt(
  LossLaw.fit(
    draws[0].plane, n: \.n, d: \.d, loss: \.loss, form: .powerMean,
    floor: .known(draws[0].entropy), starts: .spread(24)
  ).law)

// MARK: - aside Draw the ladder
func name(_ rung: Rung) -> String {
  rung.width == widths[0] ? "width \(rung.width)" : "\(rung.width)"
}
try chapter.show(
  figure: Plot(
    height: 290, x: .log("Training tokens $D$"), y: .log("Excess loss (nats per token)"),
    colors: .ladder
  ) {
    for rung in rungs {
      Line(over: rung.cells[0].d...rung.cells.last!.d, series: name(rung)) { tokens in
        sharpLaw.excess(n: rung.cells[0].n, d: tokens)
      }
      Points(rung.cells, x: \.d, y: \.excess, series: name(rung))
    }
  }, name: "ladder",
  caption:
    "The excess loss of \\(languageCells) cells, the mean over \\(seedCount) seeds each, against the tokens "
    + "they were trained on; a colour is a width. Dashed: one power mean fitted to all of them.",
  alternativeText:
    "Falling curves on logarithmic axes, one for each width of the model. Narrow models bend away "
    + "and flatten; wide ones go on falling. Dashed lines of one fitted law run through the points.",
  png: true)
// MARK: - end

//: ### One variable at a time
//:
//: The first laws were of one variable, the other in plenty [@kaplan2020].
//: At width \(dataLawWidth) the excess falls with $D$ as a power with exponent \(dataSlope1)
//: over \(dataDecades) decades ($R^2 = \(dataR2Draw1)$). Among the models that
//: reach $D = \(sizeLawTokens)$ tokens it falls with $N$ with exponent \(sizeSlope1)
//: ($R^2 = \(sizeR2Draw1)$).

struct SingleLaws {
  var draw: Draw
  var data: PowerFit<PowerLaw>
  var size: PowerFit<PowerLaw>
  /// Of models that were not cooled down, at the same points.
  var uncooled: PowerFit<PowerLaw>

  init(_ draw: Draw) throws {
    self.draw = draw
    let rung = draw.cells.filter { $0.width == lawWidth }
    data = try PowerLaw.fit(rung, x: \.tokens, y: \.excess, resampling: \.seed)
    let tokens = Double(settings.sizeLawTokens)
    size = try PowerLaw.fit(
      try LanguageGrid.excess(at: tokens, in: draw.plane), x: \.n, y: \.excess,
      resampling: \.seed)
    uncooled = try PowerLaw.fit(
      try LanguageGrid.excess(at: tokens, in: draw.cells.compactMap(\.uncooledOnPlane)),
      x: \.n, y: \.excess, resampling: \.seed)
  }
}
let singles = try chapter.attempt(draws.map(SingleLaws.init))
for laws in singles {
  let (number, isQuiet) = (laws.draw.number, laws.draw.number > 1)
  chapter.record("dataSlope\(number)", laws.data.exponent, quiet: isQuiet)
  chapter.record("dataR2Draw\(number)", laws.data.rSquared, digits: 4, quiet: isQuiet)
  chapter.record("sizeSlope\(number)", laws.size.exponent, quiet: isQuiet)
  chapter.record("sizeR2Draw\(number)", laws.size.rSquared, digits: 4, quiet: isQuiet)
  chapter.record("uncooledSlope\(number)", laws.uncooled.exponent, quiet: isQuiet)
}
let tokensAtWidth = cells.filter { $0.width == lawWidth }.map { Double($0.tokens) }
chapter.record("dataLawWidth", lawWidth)
chapter.record("sizeLawTokens", settings.sizeLawTokens)
chapter.record(
  "dataDecades", log10(tokensAtWidth.max()! / tokensAtWidth.min()!), digits: 2)

// MARK: - aside The table of single laws
try chapter.show(
  table: Table(singles) {
    Column("Draw") { $0.draw.number }
    Column("Entropy (nats)", digits: 4) { $0.draw.entropy }
    Column("Exponent in $D$") { $0.data.exponent }
    Column("$R^2$", digits: 4) { $0.data.rSquared }
    Column("Exponent in $N$") { $0.size.exponent }
    Column("$R^2$", digits: 4) { $0.size.rSquared }
    Column("In $N$, no cooldown") { $0.uncooled.exponent }
  }, name: "singles",
  caption:
    "Single-variable laws of the excess, by draw of the language. Brackets are 95 % intervals over "
    + "\\(seedCount) seeds.")
// MARK: - end

//: A straight line over one variable is not yet a law of two. The exponent in $N$ is read where
//: data still matters, so it is smaller than the $\alpha$ of a fit with both terms. The last column is
//: read from models that were not cooled down: \(uncooledSlope1) in the first draw.

//: ### The learning rate is interior
//:
//: A ladder whose largest model has the wrong learning rate measures the learning rate. At both ends
//: of the ladder the neighbours of the rate that we use, \(rateUsed), are tried.

// MARK: - aside The table of rates
let rateCheck = RateCheck(rateChecks.runs)
try chapter.show(
  table: Table(RateCheck.rates) {
    Column("Rate") { $0 }
    for width in [widths.first!, widths.last!] {
      Column("Excess at width \(width) (nats)", alignment: .trailing) { rate in
        rateCheck.excess(rate: rate, width: width).map { Estimate($0).formatted() } ?? "diverged"
      }
    }
  }, name: "rates",
  caption: "The excess after \\(rateSteps) steps at five learning rates, one seed.")
chapter.record("rateUsed", LanguageGrid.rate, digits: 2)
chapter.record("rateSteps", settings.rateCheckSteps)
// MARK: - end

//: ## Is the law of two variables a sum?
//:
//: In every world a third of the cells is held out, chosen by place. Sum, maximum and power
//: mean are fitted to the rest, with the floor known, and predict what they have not seen.

var forms: [FormComparison] = []
for frontier in frontiers {
  var cells: [PlaneCell] = []
  for (budget, run) in frontier.runs.enumerated() {
    for (size, cell) in run.cells.enumerated() {
      cells.append(
        PlaneCell(
          n: Double(cell.size), d: Double(cell.examples), excess: cell.excess,
          floor: frontier.world.noise, isHeldOut: isHeldOut(size: size, data: budget)))
    }
  }
  forms.append(try chapter.attempt(FormComparison("Regression, \(frontier.name)", cells)))
}
forms += try chapter.attempt(
  memoriesByZipf.map { memory in
    try FormComparison("Memory, $g$ = \(memory.zipf)", memory.cells.overSeeds())
  })
let languageForms = try chapter.attempt(
  draws.map { draw in
    try FormComparison("Language, draw \(draw.number)", draw.plane.overSeeds())
  })
let exactForms = forms
forms += languageForms

// MARK: - aside Draw the figure, make the table
try chapter.show(
  figure: Plot(
    height: 250, x: .log("Error of the predicted excess on held-out cells"), y: .categories()
  ) {
    Points(forms, x: \.sum.excessError, y: \.world, series: "sum")
    Points(forms, x: \.maximum.excessError, y: \.world, series: "maximum", shape: .square)
    Points(forms, x: \.powerMean.excessError, y: \.world, series: "power mean", shape: .diamond)
  }, name: "forms",
  caption:
    "How well each form predicts the excess of cells that its fit has not seen: the root mean square "
    + "of the log ratio, with the floor known.",
  alternativeText:
    "Dot plot with one row per world and three dots each. In the first two worlds the power mean's error "
    + "is many times smaller than the sum's.")
try chapter.show(
  table: Table(forms) {
    Column("World") { $0.world }
    Column("Sum", digits: 2, percent: true) { $0.sum.excessError }
    Column("Maximum", digits: 2, percent: true) { $0.maximum.excessError }
    Column("Power mean", digits: 2, percent: true) { $0.powerMean.excessError }
    Column("$q$") { $0.powerMean.law.sharpness }
    Column("$\\alpha$ by sum") { $0.sum.law.alpha }
    Column("by power mean") { $0.powerMean.law.alpha }
    Column("$\\beta$ by sum") { $0.sum.law.beta }
    Column("by power mean") { $0.powerMean.law.beta }
  }, name: "forms",
  caption: "Held-out error of the excess, and what each form makes of the exponents.")

chapter.record("exactRatioLeast", exactForms.map(\.ratio).min()!, digits: 2)
chapter.record("exactRatioMost", exactForms.map(\.ratio).max()!, digits: 2)
chapter.record("languageRatio", languageForms.map(\.ratio).max()!, digits: 2)
chapter.record(
  "languageTotalError", languageForms.map(\.sum.totalError).max()!, digits: 2, percent: true)
chapter.record(
  "languageExcessError", languageForms.map(\.sum.excessError).max()!, digits: 2, percent: true)
chapter.record("languageSharpness", languageForms[0].powerMean.law.sharpness)
// MARK: - end

//: In the first two worlds the power mean is \(exactRatioLeast) to \(exactRatioMost) times as close as the sum,
//: with $q$ well above 1. The reason is plain: a fact that the model has no room for is lost whether or not
//: it was seen, so the two shortages do not add. The sum's exponents pay for its wrong corner.
//: For the language the ratio is at most \(languageRatio), with $q = \(languageSharpness)$: the sum
//: predicts the total loss of cells it has not seen within \(languageTotalError), which is
//: \(languageExcessError) of the *excess*.

//: ## Which runs go in decides what comes out
//:
//: Nobody outside such a world knows $E$. The usual fit guesses it, with Huber loss on log residuals
//: and a grid of starts [@hoffmann2022; @besiroglu2024]; how much
//: such choices decide is a study of its own [@li2025]. We fit it three times: to all cells, to the cells within a factor eight of the compute-optimal line, which are what a
//: careful lab has, and to the cheaper half of the budgets, which is what one extrapolates from.

struct Selection {
  var draw: Draw
  /// For names of values, and for readers.
  var key: String
  var name: String
  var fit: LossFit

  /// nil if these cells do not identify a law.
  init?(_ draw: Draw, _ key: String, _ name: String, _ cells: [LanguageGrid.Cell]) {
    (self.draw, self.key, self.name) = (draw, key, name)
    let fit = try? LossLaw.fit(
      cells, n: \.parameters, d: \.tokens, loss: \.loss, resampling: \.seed, starts: .spread(64))
    guard let fit else { return nil }
    self.fit = fit
  }
  var floorError: Double { fit.floor.value / draw.entropy - 1 }
}
let budgets = Set(cells.map(\.doublings)).sorted()
let middle = budgets[(budgets.count - 1) / 2]
var selections: [Selection] = []
for draw in draws {
  let near = LanguageGrid.nearFrontier(draw.cells, factor: 8)
  let cheap = draw.cells.filter { $0.doublings <= middle }
  selections += [
    Selection(draw, "All", "all cells", draw.cells),
    Selection(draw, "Near", "near the frontier", near),
    Selection(draw, "Cheap", "cheaper half", cheap),
  ].compactMap { $0 }
}

// MARK: - aside Draw the figure, make the table
try chapter.show(
  figure: Plot.facets(
    draws.map { draw in
      let own = selections.filter { $0.draw.number == draw.number }
      return Panel(
        "Draw \(draw.number)", x: .linear("Fitted floor $E$ (nats per token)"), y: .categories()
      ) {
        Rule(x: draw.entropy, label: "entropy")
        ErrorBars(own, y: \.name, low: \.fit.floor.low, high: \.fit.floor.high)
        Points(own, x: \.fit.floor.value, y: \.name)
      }
    }, height: 150, sharing: .y),
  name: "selections",
  caption:
    "The floor that the additive law fits to three selections of the same runs, with 95 % intervals "
    + "over seeds. The dashed line is the language's entropy, the true floor.",
  alternativeText:
    "Forest plot: for each draw of the language three fitted floors with intervals, and a line at the "
    + "known entropy.")

try chapter.show(
  table: Table(selections) {
    Column("Draw") { $0.draw.number }
    Column("Selection", alignment: .leading) { $0.name }
    Column("Runs") { $0.fit.rows }
    Column("$E$ fitted") { $0.fit.floor }
    Column("Error of $E$", digits: 2, percent: true) { $0.floorError }
    Column("$\\alpha$") { $0.fit.alpha }
    Column("$\\beta$") { $0.fit.beta }
  }, name: "selections",
  caption: "Three selections of the same runs, three laws.")

let agreeing = selections.map { Double($0.fit.search.agreeing) / Double($0.fit.search.starts) }
chapter.record("agreeing", ifAny: agreeing.min(), digits: 2, percent: true)
for draw in draws {
  for key in ["All", "Near", "Cheap"] {
    let found = selections.first { $0.draw.number == draw.number && $0.key == key }
    let (name, isQuiet) = ("\(key)\(draw.number)", draw.number > 1)
    chapter.record("floor\(name)", ifAny: found?.fit.floor, quiet: true)
    chapter.record(
      "floorError\(name)", ifAny: found?.floorError, digits: 2, percent: true, quiet: isQuiet)
    chapter.record("alpha\(name)", ifAny: found?.fit.alpha, quiet: isQuiet)
    chapter.record("beta\(name)", ifAny: found?.fit.beta, quiet: isQuiet)
  }
}
// MARK: - end

//: In the first draw the fitted floor is off by \(floorErrorAll1) with all cells, by \(floorErrorNear1)
//: near the frontier and by \(floorErrorCheap1) with the cheaper half. The exponents move with it:
//: $\alpha$ is \(alphaAll1), \(alphaNear1) and \(alphaCheap1); $\beta$ is \(betaAll1), \(betaNear1)
//: and \(betaCheap1). The optimiser is not to blame: of its starts at least \(agreeing) end in the same
//: minimum. The choice of runs is. Near the frontier $N$ and $D$ rise together, and what is left
//: of $N^{-\alpha} + D^{-\beta}$ is hardly more than one power of compute.

//: ## Ten times the size, or ten times the data?
//:
//: The plane answers without any fit. From each point we go ten times up in $N$, or ten times up in
//: $D$, and read the excess there, between the nearest measured cells.

struct Choices {
  var draw: Draw
  var points: [TenfoldChoice]
}
let sizes = Set(cells.map { Double($0.parameters) }).sorted()
let choices = try chapter.attempt(
  draws.map { draw in
    Choices(
      draw: draw,
      points: try TenfoldChoice.all(
        draw.plane, sizes: sizes, amounts: settings.planeTokens.map(Double.init)))
  })

// MARK: - aside Draw the plane
/// A count in thousands, as the axes write it.
func thousands(_ count: Double) -> String { Estimate(count / 1000).formatted(digits: 2) + " k" }
let points = choices.flatMap(\.points)
let columns = Set(points.map(\.d)).sorted().map(thousands)
if choices.contains(where: { !$0.points.isEmpty }) {
  try chapter.show(
    figure: Plot.facets(
      choices.filter { !$0.points.isEmpty }.map { choices in
        Panel(
          "Draw \(choices.draw.number)", x: .categories("Tokens $D$", order: columns),
          y: .categories("Parameters $N$")
        ) {
          Cells(
            choices.points.reversed(), x: { thousands($0.d) }, y: { thousands($0.n) },
            value: { log10($0.advantage.value) },
            scale: .diverging(
              "$\\log_{10} \\dfrac{\\text{excess after } 10 D}{\\text{excess after } 10 N}$"),
            label: { point in
              let value = Estimate(point.advantage.value).formatted(digits: 2)
              return point.isResolved ? value : value + " ?"
            })
        }
      }, height: 200),
    name: "plane",
    caption:
      "Excess after ten times the data over excess after ten times the size, starting from $D$ tokens and "
      + "$N$ parameters. Above 1, size gains more. Where a cell is empty one of the two larger runs is missing."
      + (choices.allSatisfy { $0.points.allSatisfy(\.isResolved) }
        ? "" : " A question mark: the interval over seeds contains 1."),
    alternativeText:
      "A grid of numbers coloured from one hue to another: where data is plentiful and the model small, "
      + "size gains more; where the model is large and data scarce, data gains more.")
}

let sizeWins = points.filter { $0.isResolved && $0.advantage.value > 1 }
let dataWins = points.filter { $0.isResolved && $0.advantage.value < 1 }
chapter.record("choiceCount", points.count)
chapter.record("sizeWins", sizeWins.count)
chapter.record("dataWins", dataWins.count)
chapter.record("tenfoldLeast", ifAny: points.map(\.data).min { $0.value < $1.value })
chapter.record("tenfoldMost", ifAny: points.map(\.data).max { $0.value < $1.value })
// MARK: - end

//: Of \(choiceCount) points, size gains more at \(sizeWins) and data at \(dataWins); at the rest the
//: seeds do not tell. The answer is a place on the plane and not a fact about models: the scarcer
//: one gains more. Most of the plane that we can reach is short of data, for ten times the tokens
//: must still be trained on.
//:
//: Ten times the data divides the excess by \(tenfoldLeast) at the least and by \(tenfoldMost) at the
//: most.

//: ## Verdicts

let slopes = singles.flatMap { [$0.data.exponent, $0.size.exponent] }
let beaten = forms.filter { $0.ratio > betterFactor }

func verdictOnSum() -> Verdict {
  guard slopes.allSatisfy({ $0.hasInterval && $0.low > 0 }) else { return .notDecided }
  guard languageForms.allSatisfy({ $0.sum.totalError <= totalTolerance }) else { return .fails }
  return beaten.isEmpty ? .holds : .holdsWithLimit
}
func verdictOnSize() -> Verdict {
  if !dataWins.isEmpty { return .fails }
  return sizeWins.isEmpty ? .notDecided : .holds
}
func verdictOnTenfold() -> Verdict {
  let gains = points.map(\.data).filter(\.hasInterval)
  if gains.contains(where: { $0.low > 10 }) { return .fails }
  return gains.isEmpty || gains.contains { $0.high >= 10 } ? .notDecided : .holds
}

chapter.record("sumBeaten", beaten.count)
chapter.record("worldCount", forms.count)
chapter.judge(
  additive, verdictOnSum(),
  because: """
    The sum predicts the held-out total loss of the language within \\(languageTotalError). In \\(sumBeaten) \
    of \\(worldCount) worlds a power mean predicts the held-out excess more than twice as well.
    """)
chapter.judge(
  faster, verdictOnSize(),
  because: """
    Of \\(choiceCount) points, size gains more at \\(sizeWins) and data at \\(dataWins).
    """)
chapter.judge(
  tenfold, verdictOnTenfold(),
  because: """
    Ten times the data divides the excess by \\(tenfoldMost) at the most.
    """)

//: ## Limits
//:
//: * The language is a Markov chain of order two, and the models have one layer. Its exponents are its
//:   own: a second draw moves them little, another order would move them more.
//: * The range is two decades in each direction. Laws that differ by a slow bend are not
//:   separated by it.
//: * Intervals are over \(seedCount) seeds and say nothing about other languages, other architectures, or a
//:   learning rate tuned for every cell.
//: * After a first look at the results the longest runs were lengthened and the size law was read at
//:   more tokens, so that more of the plane is long of data. The rules stayed as they were.
//: * The spectra were chosen where theory is at home ($c \le b$); for $c > b$ the noise of the gradient
//:   adds a slower term, and the data exponent is no longer $(c - 1)/b$.
//:
//: ## Exercises
//:
//: ### Exercise: A floor that is guessed
//:
//: Fit the regression's cells for $b = c = 1.5$ with the floor free. Is the floor right? Which
//: exponent suffers more?
//:
//: #### Solution
//:
//: In `FormComparison` (`Sources/Studies/Plane.swift`) replace `floor: .known(floor)` by
//: `floor: .free`. The sum puts the floor too high, because its corner is too round and a higher
//: floor is the cheapest way to sharpen it; $\alpha$ pays more than $\beta$. The power mean, which has the
//: right corner, finds the floor.
//:
//: ### Exercise: Only the frontier
//:
//: Keep only cells within a factor two of the compute-optimal line instead of eight. What happens
//: to the intervals of $\alpha$, $\beta$ and $E$?
//:
//: #### Solution
//:
//: Call `LanguageGrid.nearFrontier(draw.cells, factor: 2)`. On the frontier $D \propto N^x$, so the
//: two terms are powers of one variable and only their sum is determined. The interval of $E$ widens
//: in the first draw, the floor stays too low in both, and $\beta$ falls further.
//:
//: ### Exercise: The scarce one
//:
//: Predict, from the additive law fitted to all cells, where on the plane ten times the size and ten
//: times the data gain the same. Then hold it against the figure.
//:
//: #### Solution
//:
//: Both gains are equal where $A N^{-\alpha}(1 - 10^{-\alpha}) = B D^{-\beta}(1 - 10^{-\beta})$. Solve for
//: $D$: a straight line on logarithmic paper with slope $\alpha/\beta$. It runs between the two
//: colours of the figure.

try chapter.finish()
