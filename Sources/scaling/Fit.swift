import ArgumentParser
import Foundation
import ScalingLaws

struct Fit: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Fit a law of the loss over model size N and data D.",
    discussion: """
      The table is a CSV file whose first line names its columns: N, D and loss, or C with one of \
      N and D (C = 6 N D). Numbers may be written 1.4B, 300M or 6e23. Without --group the \
      intervals come from a bootstrap of rows, which supposes that runs err independently; name \
      the column of the seed if several runs share one. Below ten groups the interval is the \
      jackknife's with Student's t.
      """)

  enum Objective: String, ExpressibleByArgument, CaseIterable { case huber, squared, absolute }

  /// How many starts, or the grid of Hoffmann et al. 2022.
  struct StartsOption: ExpressibleByArgument, Equatable {
    var starts: Starts
    init(starts: Starts) { self.starts = starts }
    init?(argument: String) {
      if argument == "hoffmann" {
        starts = .hoffmann2022
      } else if let count = Int(argument), count > 0 {
        starts = .spread(count)
      } else {
        return nil
      }
    }
    var defaultValueDescription: String {
      if case .spread(let count) = starts { "\(count)" } else { "hoffmann" }
    }
  }

  @Argument(help: "The table of runs; - is the standard input.")
  var table: String

  @Option(help: ArgumentHelp("The column of model sizes. (default: N)", valueName: "column"))
  var n: String?

  @Option(help: ArgumentHelp("The column of training tokens. (default: D)", valueName: "column"))
  var d: String?

  @Option(
    help: ArgumentHelp(
      "The column of training FLOPs, for N or D. (default: C)", valueName: "column"))
  var c: String?

  @Option(help: ArgumentHelp("The column of losses. (default: loss)", valueName: "column"))
  var loss: String?

  @Option(
    help: ArgumentHelp("Resample the groups of this column, such as seeds.", valueName: "column"))
  var group: String?

  @Option(help: "How the terms in N and D combine.")
  var form: LossLaw.Form = .additive

  @Option(help: "What is minimised over the log residuals.")
  var objective: Objective = .huber

  @Option(help: "Where huber turns from square to linear. (default: 0.001)")
  var delta: Double?

  @Option(help: "The known irreducible loss; without it E is fitted.")
  var floor: Double?

  @Option(help: "Bootstrap resamples; 0 for no intervals.")
  var bootstrap = 200

  @Option(help: "The seed of the bootstrap.")
  var seed: UInt64 = 1

  @Option(help: "Starts of the optimiser, or 'hoffmann' for the grid of Hoffmann et al. 2022.")
  var starts = StartsOption(starts: .spread(256))

  @Flag(help: "Leave out rows with faults instead of stopping at the first.")
  var skipInvalid = false

  @Flag(help: "Print JSON.")
  var json = false

  func validate() throws {
    if bootstrap != 0 && bootstrap < 20 {
      throw ValidationError("--bootstrap must be 0 or at least 20, not \(bootstrap).")
    }
    if let delta {
      guard delta > 0, delta.isFinite else {
        throw ValidationError("--delta must be a positive number, not \(delta).")
      }
      guard objective == .huber else {
        throw ValidationError("--delta belongs to --objective huber, not \(objective.rawValue).")
      }
    }
    if let floor, !(floor >= 0 && floor.isFinite) {
      throw ValidationError("--floor must be a number that is not negative, not \(floor).")
    }
    if n != nil, d != nil, c != nil {
      throw ValidationError("give two of --n, --d and --c; the third follows from C = 6 N D.")
    }
    if bootstrap == 0, group != nil {
      throw ValidationError("--group says what to resample; --bootstrap 0 resamples nothing.")
    }
  }

  mutating func run() throws {
    do {
      let report = try report()
      for fault in report.skipped { Self.complain("skipped: \(fault)") }
      print(json ? try report.json() : report.text())
    } catch let error as DataError {
      Self.complain("Error: \(error)")
      throw ExitCode(65)
    } catch let error as FitError {
      Self.complain("Error: \(error)")
      throw ExitCode(65)
    }
  }

  private static func complain(_ text: String) {
    FileHandle.standardError.write(Data((text + "\n").utf8))
  }

  /// Reads, fits and collects; prints nothing.
  func report() throws -> FitReport {
    let table = try CSVTable(path: table)
    let columns = try RunColumns(
      table, names: RunColumns.Names(n: n, d: d, c: c, loss: loss, group: group))
    let (runs, skipped) = try columns.runs(floor: floor, skipInvalid: skipInvalid)
    let clock = ContinuousClock()
    let start = clock.now
    let fit: LossFit
    let known = floor.map { Floor.known($0) } ?? .free
    if group != nil {
      fit = try LossLaw.fit(
        runs, n: \.n, d: \.d, loss: \.loss, resampling: \.group, form: form, floor: known,
        objective: fitObjective, starts: starts.starts,
        uncertainty: Uncertainty(samples: bootstrap, seed: seed))
    } else {
      fit = try LossLaw.fit(
        runs, n: \.n, d: \.d, loss: \.loss, form: form, floor: known, objective: fitObjective,
        starts: starts.starts,
        uncertainty: bootstrap == 0 ? nil : .rows(samples: bootstrap, seed: seed))
    }
    return FitReport(
      fit: fit, objective: fitObjective, table: table.file, group: group, skipped: skipped,
      seconds: start.duration(to: clock.now) / .seconds(1))
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
