// ScalingCommand: the fits of this package on anybody's runs, from a command line.
//
// `scaling fit runs.csv` fits a law of the loss, `scaling isoflop` and `scaling envelope` find the
// compute-optimal sizes without a law, `scaling predict` and `scaling plan` use a fit, and
// `scaling runs` lists this package's own. RunTables reads, ScalingLaws fits, Plotting and
// CairoRendering draw; what stands here is the command line and what is printed.
//
// Bad data end with status 65, wrong usage with 64. A table that leaves a parameter open is neither: the
// result says 'not identified' and gives no number. Everything is computed before anything is
// written, and files are written beside their place and renamed.
//
// It is a library so that `scaling` and the chapter that explains it run the same lines; the program
// itself is Sources/scaling.
//
// Rejected: guessing which of two columns is meant (a wrong guess is a wrong law), and a default that
// leaves out the runs that fit badly (the user knows which runs went wrong; a residual does not).

import ArgumentParser
import Foundation

/// The command `scaling` with all its subcommands.
public struct Scaling: ParsableCommand {
  /// Name, help and subcommands.
  public static let configuration = CommandConfiguration(
    commandName: "scaling",
    abstract: "Scaling laws from a table of training runs.",
    subcommands: subcommands)

  /// Every subcommand, in the order of the help.
  static let subcommands: [any ParsableCommand.Type] = [
    Fit.self, IsoFLOPCommand.self, EnvelopeCommand.self, Predict.self, PlanRuns.self, Runs.self,
  ]

  /// Creates the command, as parsing needs it.
  public init() {}

  /// What `scaling` prints for `arguments` where `folder` is the working directory.
  ///
  /// Only files that are there already are found in it; files that the command writes need full paths.
  ///
  /// - Throws: what the command would print as its error: `DataError`, `FitError`, or the error of a
  ///   wrong command line.
  public static func output(of arguments: [String], in folder: URL) throws -> String {
    let paths = arguments.map { argument in
      let path = folder.appendingPathComponent(argument).path
      let isFile = !argument.isEmpty && FileManager.default.fileExists(atPath: path)
      return isFile ? path : argument
    }
    guard let command = try parseAsRoot(paths) as? any TextCommand else {
      throw ValidationError("'\(arguments.joined(separator: " "))' names no subcommand.")
    }
    return try command.text().replacing(folder.path + "/", with: "")
  }
}
