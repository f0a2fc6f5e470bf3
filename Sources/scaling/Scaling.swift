// scaling: the fits of this package on anybody's runs, from a command line.
//
// `scaling fit runs.csv` reads a table of runs and prints the law with its intervals. It depends on
// ScalingLaws for the fits and on ArgumentParser for the command line. `DataError` is bad data (exit
// code 65); wrong usage is ArgumentParser's (64). Everything is computed before anything is printed,
// so that nothing half-written is ever left.
//
// Rejected: a general data-frame reader (a table of runs has four columns), guessing which column is
// meant when the name does not match (a wrong guess is a wrong law; the nearest name is suggested).

import ArgumentParser

@main
struct Scaling: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "scaling",
    abstract: "Scaling laws from a table of training runs.",
    subcommands: subcommands)

  /// Every subcommand, in the order of the help.
  static let subcommands: [any ParsableCommand.Type] = [Fit.self, Runs.self]
}
