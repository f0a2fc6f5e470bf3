import ArgumentParser
import Foundation
import Laboratory

/// Lists or exports what the run store holds.
struct Runs: TextCommand {
  static let configuration = CommandConfiguration(
    abstract: "List the stored runs, or export them as CSV.",
    discussion: """
      Without --csv: how many runs of each trial type are stored. With --csv: one row a run, with \
      the fields of its parameters (parameters.width) and of its outcome (outcome.loss) as columns, \
      for example for `scaling fit --n outcome.parameters --d parameters.tokens --loss \
      outcome.loss`. Lists of an outcome stand in the table `metric` of the store, which is a SQLite \
      file.
      """)

  @Flag(help: "Print comma-separated values.")
  var csv = false

  @Option(help: ArgumentHelp("Only the runs of this trial type.", valueName: "type"))
  var trial: String?

  @Option(help: ArgumentHelp("The run store. (default: .runs/runs.sqlite)", valueName: "path"))
  var store: String?

  /// Everything that is printed.
  func text() throws -> String {
    let path = store ?? RunStore.defaultPath(for: #filePath)
    guard FileManager.default.fileExists(atPath: path) else {
      throw LaboratoryError.noStore(path: path)
    }
    let runs = try RunStore.open(path: path, access: .readOnly)
    if let trial {
      let names = try runs.typeNames()
      guard names.contains(trial) else {
        let hint = NearestWord.to(trial, in: names).map { " Did you mean '\($0)'?" } ?? ""
        throw ValidationError(
          "No runs of type '\(trial)' are stored.\(hint) "
            + (names.isEmpty
              ? "The store is empty." : "The types are \(names.joined(separator: ", "))."))
      }
    }
    guard !csv else { return try runs.csv(trial: trial) }
    let types = try runs.types().filter { trial == nil || $0.name == trial }
    guard !types.isEmpty else { return "The run store \(path) is empty.\n" }
    let header = ["type", "version", "trainer", "runs", "failed", "seconds", "FLOPs", "last"]
    let rows = types.map { type in
      [
        type.name, "\(type.version)", "\(type.trainer)", "\(type.outcomes)", "\(type.failures)",
        String(format: "%.1f", type.seconds), String(format: "%.2e", type.flops),
        String(type.finished.prefix(10)),
      ]
    }
    return Text.table([header] + rows, rightAligned: 1..<header.count, spaces: 2)
      .joined(separator: "\n")
  }
}
