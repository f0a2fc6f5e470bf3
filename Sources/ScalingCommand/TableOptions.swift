import ArgumentParser
import Foundation
import Laboratory
import RunTables
import ScalingLaws

/// Which table is read, and which of its columns.
struct TableOptions: ParsableArguments {
  @Argument(
    help: """
      The table of runs: comma- or tab-separated values, JSON lines, or a run store of this \
      package; - is the standard input.
      """)
  var table: String

  @Option(help: ArgumentHelp("The column of model sizes N.", valueName: "column"))
  var n: String?

  @Option(help: ArgumentHelp("The column of training tokens D.", valueName: "column"))
  var d: String?

  @Option(
    help: ArgumentHelp("The column of training FLOPs C, in place of N or D.", valueName: "column"))
  var c: String?

  @Option(help: ArgumentHelp("The column of losses.", valueName: "column"))
  var loss: String?

  @Option(
    help: ArgumentHelp("Resample the groups of this column, such as seeds.", valueName: "column"))
  var group: String?

  @Option(help: ArgumentHelp("The trial type of a run store.", valueName: "type"))
  var trial: String?

  @Flag(help: "Leave out rows with faults, and count them, instead of stopping at the first.")
  var skipInvalid = false

  func validate() throws {
    if n != nil, d != nil, c != nil {
      throw ValidationError("give two of --n, --d and --c; the third follows from C = 6 N D.")
    }
  }

  /// Reads the table.
  func read(
    floor: Double? = nil, learningRate: String? = nil, run: String? = nil, hasCurves: Bool = false,
    others: [String] = []
  ) throws(DataError) -> RunTable {
    try RunTable(
      path: table, trial: trial,
      names: RunTable.Names(
        n: n, d: d, c: c, loss: loss, group: group, learningRate: learningRate, run: run,
        others: others),
      floor: floor, hasCurves: hasCurves, skipInvalid: skipInvalid)
  }
}

/// How often the runs are resampled for the intervals.
struct ResamplingOptions: ParsableArguments {
  @Option(help: "Bootstrap resamples; 0 for no intervals.")
  var bootstrap = 1000

  @Option(help: "The seed of the bootstrap.")
  var seed: UInt64 = 1

  func validate() throws {
    guard bootstrap == 0 || bootstrap >= 20 else {
      throw ValidationError("--bootstrap must be 0 or at least 20, not \(bootstrap).")
    }
    guard bootstrap <= 1_000_000 else {
      throw ValidationError("--bootstrap must be at most 1000000, not \(bootstrap).")
    }
  }
}

/// The budgets at which optima are wanted.
struct BudgetOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "A budget in FLOPs at which the optimum is wanted; may be given again.", valueName: "FLOPs"))
  var compute: [Amount] = []

  /// In FLOPs.
  var values: [Double] { compute.map(\.value) }
}

/// A command whose whole result is the text that it prints.
protocol TextCommand: ParsableCommand {
  /// Does the work, writes the files that were asked for and returns what is printed.
  func text() throws -> String
}

extension TextCommand {
  /// Prints `text` on the standard output, or its error on the standard error.
  func run() throws {
    try reportingBadData {
      let text = try text()
      try OutputFile.writeStandardOutput(text.hasSuffix("\n") ? text : text + "\n")
    }
  }
}

/// Runs a command's work and turns bad data into status 65.
func reportingBadData(_ work: () throws -> Void) throws {
  func fail(_ error: any Error) throws -> Never {
    complain("Error: \(error)")
    throw ExitCode(65)
  }
  do {
    try work()
  } catch let error as DataError {
    try fail(error)
  } catch let error as FitError {
    try fail(error)
  } catch let error as FitFileError {
    try fail(error)
  } catch let error as LaboratoryError {
    complain("Error: \(error)")
    throw ExitCode(1)
  } catch let error as OutputError {
    complain("Error: \(error)")
    throw ExitCode(73)
  }
}

/// Prints a line on the standard error.
func complain(_ text: String) {
  FileHandle.standardError.write(Data((text + "\n").utf8))
}

/// Says which rows were left out.
func complainOfSkippedRows(_ table: RunTable) {
  for fault in table.skipped { complain("skipped: \(fault)") }
  let more = table.skippedCount - table.skipped.count
  if more > 0 { complain("skipped: \(more) more rows") }
}

/// A number of the command line as people write sizes: 70B, 1.4T, 5.76e23.
struct Amount: ExpressibleByArgument, Equatable {
  var value: Double

  init(_ value: Double) { self.value = value }

  init?(argument: String) {
    guard let value = RunTable.number(argument), value > 0, value.isFinite else { return nil }
    self.value = value
  }

  var defaultValueDescription: String { Text.amount(value) }
}
