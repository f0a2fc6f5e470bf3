import ArgumentParser
import Foundation
import RunTables
import ScalingLaws

struct Fit: TextCommand {
  static let configuration = CommandConfiguration(
    abstract: "Fit a law of the loss over model size N and data D.",
    discussion: """
      The table needs two of N, D and C (the third follows from C = 6 N D) and the loss. Columns are \
      found by their usual names (N, params, Model Size; D, tokens, Training Tokens; C, FLOPs; \
      loss, val_loss), or named by the options. Numbers may be written 1.4B, 300M or 6e23.

      Without --group the intervals come from a bootstrap of rows, which supposes that runs err \
      independently; name the column of the seed if several runs share one. Below ten groups the \
      interval is the jackknife's with Student's t. A parameter that the runs leave open is marked \
      'not identified' and has no number.
      """)

  enum Objective: String, ExpressibleByArgument, CaseIterable { case huber, squared, absolute }

  /// How many starts, or the grid of Hoffmann et al. 2022.
  struct StartsOption: ExpressibleByArgument, Equatable {
    var starts: Starts
    init(starts: Starts) { self.starts = starts }
    init?(argument: String) {
      if argument == "hoffmann" {
        starts = .hoffmann2022
      } else if let count = Int(argument), count > 0, count <= 1_000_000 {
        starts = .spread(count)
      } else {
        return nil
      }
    }
    var defaultValueDescription: String {
      if case .spread(let count) = starts { "\(count)" } else { "hoffmann" }
    }
  }

  @OptionGroup var input: TableOptions

  @Option(help: "How the terms in N and D combine.")
  var form: LossLaw.Form = .additive

  @Option(help: "What is minimised over the log residuals.")
  var objective: Objective = .huber

  @Option(help: "Where huber turns from square to linear. (default: 0.001)")
  var delta: Double?

  @Option(help: "The known irreducible loss; without it E is fitted.")
  var floor: Double?

  @OptionGroup var resampling: ResamplingOptions

  @Option(
    help: ArgumentHelp(
      "Fit so many of the runs, drawn at random; tables of more than \(FitAnalysis.mostRuns) need it.",
      valueName: "runs"))
  var sample: Int?

  @Option(
    help: """
      Starts of the optimiser, spread over what the data allow, or 'hoffmann' for the grid of \
      4500 starts of Hoffmann et al. 2022.
      """)
  var starts = StartsOption(starts: .spread(256))

  @Option(
    help: ArgumentHelp(
      "Keep these runs out of the fit and judge it by them.", valueName: "comparison"))
  var holdOut: HoldOut?

  @OptionGroup var budgets: BudgetOptions

  @Option(help: ArgumentHelp("The column of learning rates.", valueName: "column"))
  var learningRate: String?

  @Flag(inversion: .prefixedNo, help: "Fit the other forms too and compare.")
  var comparison = true

  @Flag(help: "Print JSON, which `scaling predict` and `scaling plan` read.")
  var json = false

  @Option(
    help: ArgumentHelp("Draw the fit and its residuals as SVG, PDF or PNG.", valueName: "file"))
  var figure: String?

  @Option(help: ArgumentHelp("Write everything as one HTML page.", valueName: "file.html"))
  var report: String?

  func validate() throws {
    if let sample, sample < 20 {
      throw ValidationError("--sample must be at least 20, not \(sample).")
    }
    if let delta {
      guard delta > 0, delta.isFinite else {
        throw ValidationError("--delta must be a positive number, not \(delta).")
      }
      guard objective == .huber else {
        throw ValidationError("--delta belongs to --objective huber, not \(objective.rawValue).")
      }
    }
    if let floor {
      guard floor >= 0, floor.isFinite else {
        throw ValidationError("--floor must be a number that is not negative, not \(floor).")
      }
      guard form != .kaplan || floor == 0 else {
        throw ValidationError("--form kaplan has no floor; leave --floor out.")
      }
    }
    if resampling.bootstrap == 0, input.group != nil {
      throw ValidationError("--group says what to resample; --bootstrap 0 resamples nothing.")
    }
    if let figure { try FigureFile.validate(figure) }
  }

  func text() throws -> String {
    let analysis = try analysis()
    complainOfSkippedRows(analysis.table)
    let figures = figure != nil || report != nil ? try FitFigures(analysis) : nil
    if let figure, let plot = figures?.main { try FigureFile.write(plot, to: figure) }
    if let report, let figures {
      try OutputFile.write(Array(FitPage(analysis, figures: figures).html().utf8), to: report)
    }
    if figure != nil, figures?.main == nil {
      complain("no figure was drawn: there is no law to draw.")
    }
    return json ? analysis.json().text() : analysis.text()
  }

  /// Reads, fits and collects; prints nothing.
  func analysis() throws -> FitAnalysis {
    let others = [holdOut?.otherColumn].compactMap(\.self)
    let all = try input.read(floor: floor, learningRate: learningRate, others: others)
    guard all.runs.count > 1 else {
      throw FitError.tooFewRows(
        found: 1, needed: ParameterNames.of(form, floor: floor).count + 1,
        parameters: ParameterNames.of(form, floor: floor))
    }
    return try FitAnalysis(
      all, holdOut: holdOut,
      request: FitAnalysis.Request(
        form: form, objective: fitObjective, floor: floor, starts: starts.starts,
        bootstrap: resampling.bootstrap, seed: resampling.seed, sample: sample, group: input.group,
        compute: budgets.values, comparesForms: comparison))
  }

  private var fitObjective: FitObjective {
    switch objective {
    case .huber: .huber(delta: delta ?? 1e-3)
    case .squared: .squared
    case .absolute: .absolute
    }
  }
}

extension LossLaw.Form: ExpressibleByArgument {}
