import ArgumentParser
import Foundation
import Plotting
import RunTables
import ScalingLaws

/// A command that finds the best sizes without a law.
protocol OptimaCommand: TextCommand {
  /// Whether JSON is printed.
  var json: Bool { get }
  /// Where a figure is drawn.
  var figure: String? { get }
  /// Reads and fits; prints nothing.
  func result() throws -> OptimaReport
}

extension OptimaCommand {
  func text() throws -> String {
    let result = try result()
    complainOfSkippedRows(result.table)
    if let figure, let plot = result.figure { try FigureFile.write(plot, to: figure) }
    return json ? result.json.text() : result.text
  }
}

struct IsoFLOPCommand: OptimaCommand {
  static let configuration = CommandConfiguration(
    commandName: "isoflop",
    abstract: "Find the best size at each compute budget, and how it grows.",
    discussion: """
      Approach 2 of Hoffmann et al. 2022 (arXiv 2203.15556): runs of several sizes at each of \
      several budgets C = 6 N D, a parabola through the lowest losses of each budget, and powers of \
      C through the minima. It supposes no law of the loss. Without --group the intervals come from \
      a bootstrap of the residuals about the parabolas.
      """)

  @OptionGroup var input: TableOptions

  @Option(help: "Runs of one budget agree in C within this share.")
  var tolerance = 0.05

  @Option(help: "The parabola takes sizes within this factor of the best, and the nearest five.")
  var window = 4.0

  @OptionGroup var resampling: ResamplingOptions

  @OptionGroup var budgets: BudgetOptions

  @Flag(help: "Print JSON.")
  var json = false

  @Option(help: ArgumentHelp("Draw the profiles as SVG, PDF or PNG.", valueName: "file"))
  var figure: String?

  func validate() throws {
    guard tolerance >= 0, tolerance < 1 else {
      throw ValidationError("--tolerance must lie in 0..<1, not \(tolerance).")
    }
    guard window > 1, window.isFinite else {
      throw ValidationError("--window must be a factor above 1, not \(window).")
    }
    if let figure { try FigureFile.validate(figure) }
  }

  func result() throws -> OptimaReport {
    let table = try input.read()
    let duplicates = Traps(table).duplicates
    do {
      var groups: (@Sendable (RunTable.Run) -> Int)?
      if input.group != nil { groups = { $0.group } }
      let fit = try IsoFLOPFit(
        table.runs, n: { $0.n }, d: { $0.d }, loss: { $0.loss }, groups: groups,
        tolerance: tolerance, window: window, samples: resampling.bootstrap,
        seed: resampling.seed)
      return OptimaReport(
        isoFLOP: fit, table: table, group: input.group, budgets: budgets.values,
        more: [duplicates].compactMap(\.self))
    } catch let error as TooFewMinima {
      return OptimaReport(open: "\(error)", table: table, approach: "isoFLOP profiles")
    }
  }
}

struct EnvelopeCommand: OptimaCommand {
  static let configuration = CommandConfiguration(
    commandName: "envelope",
    abstract: "Find the best run at each compute budget from learning curves.",
    discussion: """
      Approach 1 of Hoffmann et al. 2022 (arXiv 2203.15556). Each row is a point of a learning \
      curve: the run, its size N, the tokens D that it had seen and its loss there. Powers of C go \
      through the runs that are best at sixteen budgets to a doubling. Points inside a run whose \
      learning rate still has to fall bias the answer; `scaling isoflop` has no such bias.
      """)

  @OptionGroup var input: TableOptions

  @Option(
    name: .customLong("run"),
    help: ArgumentHelp("The column of the run that a point belongs to.", valueName: "column"))
  var runColumn: String?

  @OptionGroup var budgets: BudgetOptions

  @Flag(help: "Print JSON.")
  var json = false

  @Option(help: ArgumentHelp("Draw curves and envelope as SVG, PDF or PNG.", valueName: "file"))
  var figure: String?

  func validate() throws {
    if let figure { try FigureFile.validate(figure) }
    guard input.group == nil else {
      throw ValidationError("an envelope leaves out whole runs; --group is not used, --run is.")
    }
  }

  func result() throws -> OptimaReport {
    let table = try input.read(run: runColumn, hasCurves: true)
    do {
      let envelope = try Envelope(
        table.runs.map {
          Envelope.Point(run: $0.group, unit: $0.group, n: $0.n, d: $0.d, loss: $0.loss)
        })
      return OptimaReport(envelope: envelope, table: table, budgets: budgets.values)
    } catch let error as TooFewMinima {
      return OptimaReport(open: "\(error)", table: table, approach: "envelope of learning curves")
    }
  }
}
