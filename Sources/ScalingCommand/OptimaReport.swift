import Foundation
import Plotting
import RunTables
import ScalingLaws

/// Compute-optimal sizes as they are printed, from profiles or an envelope.
struct OptimaReport {
  let table: RunTable
  /// How the sizes were found.
  let approach: String
  /// Why there is no answer; nil if there is one.
  private(set) var open: String?
  private(set) var sizeExponent: Estimate?
  private(set) var dataExponent: Estimate?
  private(set) var intervalText: String?
  /// The optimum at the budgets that were asked for.
  private(set) var optima: [(compute: Double, n: Estimate, d: Estimate)] = []
  /// The table of budgets: header first.
  private(set) var rows: [[String]] = []
  private var budgetsJSON: [JSON] = []
  private(set) var warnings: [String] = []
  private(set) var figure: Plot?

  init(open: String, table: RunTable, approach: String) {
    self.table = table
    self.approach = approach
    self.open = open
  }

  // MARK: Profiles

  init(isoFLOP fit: IsoFLOPFit, table: RunTable, group: String?, budgets: [Double], more: [String])
  {
    self.table = table
    approach = "isoFLOP profiles"
    take({ fit.estimate($0, $1) }, used: fit.used.map(\.compute), budgets: budgets)
    if let ensemble = fit.ensemble, ensemble.level > 0 {
      intervalText =
        group.map { "\(ensemble.interval.rawValue) over \(ensemble.units) groups of '\($0)'" }
        ?? "bootstrap of \(ensemble.units) residuals, \(ensemble.replicates.count) resamples"
    }
    rows = [["C (FLOPs)", "sizes", "N_opt", "D_opt", "D/N", "loss", ""]]
    for profile in fit.profiles {
      let isInterior = profile.verdict == .interior
      rows.append(
        [Text.number(profile.compute), "\(profile.sizes.count)"]
          + (isInterior
            ? [
              Text.amount(profile.size), Text.amount(profile.data),
              Text.number(profile.data / profile.size), Text.loss(profile.loss), "",
            ] : ["", "", "", "", "left out: \(profile.verdict.rawValue)"]))
      budgetsJSON.append(
        .object([
          ("C", .number(profile.compute)), ("sizes", .integer(profile.sizes.count)),
          ("verdict", .text(profile.verdict.rawValue)), ("N", .number(profile.size)),
          ("D", .number(profile.data)), ("loss", .number(profile.loss)),
        ]))
    }
    let left = fit.profiles.count - fit.used.count
    if left > 0 {
      warnings.append(
        "\(left) of \(fit.profiles.count) budgets have no minimum between the sizes that were run; "
          + "they are left out.")
    }
    common(used: fit.used.map(\.compute))
    if let low = fit.exponentsWithoutOne.min(), let high = fit.exponentsWithoutOne.max(),
      high - low > 0.1
    {
      warnings.append(
        "a runs from \(Text.number(low)) to \(Text.number(high)) when one budget is left out: single "
          + "budgets carry it.")
    }
    if fit.ensemble == nil {
      warnings.append(
        "there are no intervals: no budget has more than three runs, or most resamples lose their "
          + "minima.")
    }
    warnings += more
    figure = Self.plot(fit)
  }

  private static func plot(_ fit: IsoFLOPFit) -> Plot {
    let shown = fit.profiles.filter { $0.sizes.count > 1 }
    return Plot(
      x: .log("Parameters $N$"), y: .log("Loss (nats per token)"), colors: .ladder
    ) {
      Recipe.isoFLOP(
        shown.map { profile in
          Valley(
            budget: profile.compute,
            runs: zip(profile.sizes, profile.losses).map { (size: $0, loss: $1) },
            curve: profile.verdict == .interior ? { profile.parabola(size: $0) } : nil,
            minimum: profile.verdict == .interior ? (profile.size, profile.loss) : nil,
            interval: nil)
        })
    }
  }

  // MARK: Envelopes

  init(envelope: Envelope, table: RunTable, budgets: [Double]) {
    self.table = table
    approach = "envelope of learning curves"
    take(
      { envelope.estimate($0, $1) }, used: envelope.best.map(\.compute), budgets: budgets)
    if let ensemble = envelope.ensemble, ensemble.level > 0 {
      intervalText = "jackknife over \(ensemble.units) runs, Student's t"
    }
    rows = [["run", "N", "best from C", "to C", "loss there"]]
    for run in Set(envelope.best.map(\.run)).sorted() {
      let own = envelope.best.filter { $0.run == run }
      let name = table.groups.indices.contains(run) ? table.groups[run] : "\(run)"
      rows.append([
        name, Text.amount(own[0].n), Text.number(own[0].compute),
        Text.number(own[own.count - 1].compute), Text.loss(own[own.count - 1].loss),
      ])
      budgetsJSON.append(
        .object([
          ("run", .text(name)), ("N", .number(own[0].n)), ("from", .number(own[0].compute)),
          ("to", .number(own[own.count - 1].compute)),
          ("loss", .number(own[own.count - 1].loss)),
        ]))
    }
    let count = envelope.runsOnEnvelope
    if count < 5 {
      warnings.append(
        "only \(count) of \(envelope.runs) runs are best anywhere; the exponents are those of where "
          + "these few stand. Add sizes between them.")
    }
    if envelope.atEdge > 0 {
      warnings.append(
        "at \(envelope.atEdge) budgets the smallest or the largest run is the best; they are left "
          + "out.")
    }
    common(used: envelope.best.map(\.compute))
    warnings.append(
      "points inside a run whose learning rate had not yet fallen lie above what a run of that "
        + "length would reach, which favours small models; `scaling isoflop` does without them.")
    figure = Self.plot(envelope, table)
  }

  private static func plot(_ envelope: Envelope, _ table: RunTable) -> Plot {
    Plot(x: .log("Training FLOPs $C$"), y: .log("Loss (nats per token)")) {
      Line(
        table.runs.sorted { ($0.n, $0.d) < ($1.n, $1.d) }, x: \.c, y: \.loss,
        series: { RichText.escaped(table.groups[$0.group]) }, width: 0.7, color: .muted)
      Line(envelope.best, x: \.compute, y: \.loss, series: "envelope", color: .series(1))
    }
  }

  // MARK: Both

  private mutating func take(
    _ estimate: (Ensemble<OptimalPowers>.Scale, (OptimalPowers) -> Double) -> Estimate,
    used: [Double], budgets: [Double]
  ) {
    sizeExponent = estimate(.linear) { $0.sizeExponent }
    dataExponent = estimate(.linear) { $0.dataExponent }
    let largest = used.max() ?? 1
    for compute in budgets.isEmpty ? [1.0, 10, 100].map({ $0 * largest }) : budgets {
      optima.append(
        (
          compute, estimate(.logarithmic) { $0.size(compute: compute) },
          estimate(.logarithmic) { $0.data(compute: compute) }
        ))
    }
  }

  private mutating func common(used: [Double]) {
    guard let low = used.min(), let high = used.max() else { return }
    let decades = log10(high / low)
    if decades < 1.5 {
      warnings.append(
        "the budgets that are used span \(Text.number(decades)) decades; exponents from so few "
          + "extrapolate badly.")
    }
    if let sizeExponent, sizeExponent.hasInterval, sizeExponent.width > 0.3 {
      warnings.append(
        "a is open between \(Text.interval(sizeExponent, digits: 2)): add budgets, sizes or seeds.")
    }
  }

  var text: String {
    var lines = ["\(approach), \(table.runs.count) rows of \(table.file)", ""]
    if let open { return (lines + ["not identified: \(open)"]).joined(separator: "\n") }
    if let sizeExponent, let dataExponent {
      lines += Text.table([
        ["", "value", intervalText == nil ? "" : "95 % interval"],
        ["a, N_opt ~ C^a", Text.loss(sizeExponent.value), Text.interval(sizeExponent)],
        ["b, D_opt ~ C^b", Text.loss(dataExponent.value), Text.interval(dataExponent)],
      ])
    }
    if let intervalText { lines += ["", "intervals: 95 %, \(intervalText)"] }
    lines += [""] + Text.table(rows) + ["", "On the line through the optima"]
    lines += Text.table(
      [["C (FLOPs)", "N", "D", "D/N"]]
        + optima.map {
          [
            Text.number($0.compute), Text.amount($0.n), Text.amount($0.d),
            Text.number($0.d.value / $0.n.value),
          ]
        })
    lines += warnings.isEmpty ? [] : [""] + warnings.map { "warning: \($0)" }
    return lines.joined(separator: "\n")
  }

  var json: JSON {
    var fields: [(String, JSON)] = [
      ("approach", .text(approach)), ("identified", .bool(open == nil)),
      (
        "optimal",
        .object([
          ("a", sizeExponent.map { .estimate($0) } ?? .null),
          ("b", dataExponent.map { .estimate($0) } ?? .null),
        ])
      ),
      ("rows", .integer(table.runs.count)), ("skipped", .integer(table.skippedCount)),
      (
        "optima",
        .list(
          optima.map {
            .object([("C", .number($0.compute)), ("N", .estimate($0.n)), ("D", .estimate($0.d))])
          })
      ),
      ("budgets", .list(budgetsJSON)),
      ("warnings", .list(((open.map { [$0] } ?? []) + warnings).map { .text($0) })),
    ]
    if let intervalText { fields.append(("interval", .text(intervalText))) }
    return .object(fields)
  }
}
