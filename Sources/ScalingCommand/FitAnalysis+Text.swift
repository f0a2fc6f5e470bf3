import Foundation
import ScalingLaws

extension FitAnalysis {
  /// Everything, for people.
  func text() -> String {
    let count = drawnFrom.map { "\(fitted.runs.count) of \($0)" } ?? "\(fitted.runs.count)"
    let data = "\(count) runs of \(table.file)" + (drawnFrom == nil ? "" : ", drawn at random")
    let columns = table.used.joined(separator: ", ")
    var lines = ["\(formula), \(data) (columns \(columns))", ""]
    lines += parameterLines
    lines.append("")
    if let intervalText { lines.append("intervals: 95 %, \(intervalText)") }
    if let fit {
      let search = fit.search
      lines.append(
        "objective: \(Estimate(search.objective).formatted(digits: 6)) (\(objectiveName)); "
          + "\(search.agreeing) of \(search.starts) starts agree"
          + (search.nextBest.map {
            "; the next minimum has \(Estimate($0).formatted(digits: 6))"
          } ?? ""))
      lines.append(
        "residuals: \(Text.number(100 * fit.residualDeviation)) % root mean square")
    }
    if let holdOut, let heldOut {
      lines.append(
        "held out (\(holdOut.text)): \(heldOut.rows) runs, error "
          + "\(Text.number(100 * heldOut.totalError)) %, bias "
          + "\(Text.number(100 * heldOut.totalBias)) %")
    }
    lines += section("The best split of a budget", optimumLines)
    lines += section("Forms on the same runs", formLines)
    lines += section("Correlation", correlationLines)
    lines += section("Runs that pull hardest", pullLines)
    lines += section("", openLines.map { "not identified: \($0)" })
    lines += section("", warnings.map { "warning: \($0)" })
    return lines.joined(separator: "\n")
  }

  /// Each reason with the parameters that it leaves open.
  var openLines: [String] {
    var reasons: [String] = []
    for item in open where !reasons.contains(item.reason) { reasons.append(item.reason) }
    return reasons.map { reason in
      let names = open.filter { $0.reason == reason }.map { "`\($0.parameter)`" }
      return "\(names.joined(separator: ", ")): \(reason)"
    }
  }

  private func section(_ title: String, _ lines: [String]) -> [String] {
    lines.isEmpty ? [] : [""] + (title.isEmpty ? [] : [title]) + lines
  }

  var formula: String {
    switch request.form {
    case .additive: "L = E + A N^-alpha + B D^-beta"
    case .powerMean: "L = E + ((A N^-alpha)^q + (B D^-beta)^q)^(1/q)"
    case .maximum: "L = E + max(A N^-alpha, B D^-beta)"
    case .broken:
      "L = E + A N^-alpha + B D^-beta (1 + (D/break)^(1/width))^(-width change)"
    case .kaplan: "L = ((A N^-alpha)^(1/beta) + (B D^-beta)^(1/beta))^beta"
    }
  }

  /// What the intervals are over.
  var intervalText: String? {
    guard let ensemble = fit?.ensemble, ensemble.level > 0 else { return nil }
    let unit = request.group.map { "groups of '\($0)'" } ?? "rows"
    let count = ensemble.replicates.count + ensemble.failed
    return ensemble.interval == .jackknife
      ? "jackknife over \(ensemble.units) \(unit), Student's t"
      : (ensemble.interval == .biasCorrected ? "bias-corrected bootstrap" : "bootstrap")
        + " over \(ensemble.units) \(unit), \(count) resamples"
  }

  var objectiveName: String {
    switch request.objective {
    case .huber(let delta): "huber, delta \(delta)"
    case .squared: "squared"
    case .absolute: "absolute"
    }
  }

  /// Name, value, standard error and interval of each parameter.
  var parameterRows: [[String]] {
    let hasIntervals = intervalText != nil
    var rows = [["", "value", "std. error", hasIntervals ? "95 % interval" : ""]]
    let known = Dictionary(
      fit?.parameters.map { ($0.name, $0) } ?? [], uniquingKeysWith: { $1 })
    var names = ParameterNames.of(request.form, floor: request.floor)
    if let floor = request.floor, request.form != .kaplan {
      rows.append(["E", Estimate(floor).formatted(digits: 4), "", "given"])
      names.removeAll { $0 == "E" }
    }
    for name in names {
      if open.contains(where: { $0.parameter == name }) {
        rows.append([name, "not identified"])
      } else if let parameter = known[name] {
        rows.append([
          name, Estimate(parameter.estimate.value).formatted(digits: 4),
          parameter.standardError.map { Estimate($0).formatted(digits: 2) } ?? "",
          Text.interval(parameter.estimate),
        ])
      }
    }
    guard let fit, !open.contains(where: { ["alpha", "beta"].contains($0.parameter) }) else {
      return rows
    }
    for (name, estimate) in [
      ("a, N_opt ~ C^a", fit.optimalSizeExponent), ("b, D_opt ~ C^b", fit.optimalDataExponent),
    ] {
      rows.append([
        name, Estimate(estimate.value).formatted(digits: 4), "", Text.interval(estimate),
      ])
    }
    return rows
  }

  private var parameterLines: [String] { Text.table(parameterRows) }

  /// Budget, N, D, D/N and loss.
  var optimumRows: [[String]] {
    guard !optima.isEmpty else { return [] }
    return [["C (FLOPs)", "N", "D", "D/N", "loss"]]
      + optima.map {
        [
          Text.number($0.compute), Text.amount($0.n), Text.amount($0.d),
          $0.tokensPerParameter.formatted(digits: 3), $0.loss.formatted(digits: 4),
        ]
      }
  }

  private var optimumLines: [String] { Text.table(optimumRows) }

  var formRows: [[String]] {
    guard !forms.isEmpty else { return [] }
    return [["form", "parameters", "AIC above the best", "error held out"]]
      + forms.map { score in
        [
          score.form.rawValue, "\(score.parameters)",
          score.informationExcess.map { String(format: "%.1f", $0) } ?? "no fit",
          score.heldOutError.map { "\(Text.number(100 * $0)) %" } ?? "no fit",
        ]
      }
  }

  private var formLines: [String] {
    guard !forms.isEmpty else { return [] }
    return Text.table(formRows, rightAligned: [1, 2, 3]) + ["held out: \(comparedOn)"]
  }

  var correlationRows: [[String]] {
    guard let correlation = fit?.correlation, open.isEmpty else { return [] }
    let names = correlation.names.map { ["A", "B"].contains($0) ? "log \($0)" : $0 }
    return [[""] + names]
      + zip(names, correlation.matrix).map { name, row in
        [name] + row.map { String(format: "%.2f", $0) }
      }
  }

  private var correlationLines: [String] {
    Text.table(correlationRows, rightAligned: Set(1..<10))
  }

  var pullRows: [[String]] {
    guard !pulls.isEmpty, open.isEmpty else { return [] }
    return [["row", "N", "D", "loss", "residual", "moves", "by"]]
      + pulls.prefix(5).map { pull in
        [
          "\(fileRow(of: pull.row))", Text.amount(pull.row.n), Text.amount(pull.row.d),
          Estimate(pull.row.loss).formatted(digits: 4),
          "\(Text.number(100 * pull.row.residual)) %", pull.parameter,
          "\(Estimate(pull.shift).formatted(digits: 2)) std. errors",
        ]
      }
  }

  private var pullLines: [String] { Text.table(pullRows) }
}
