import RunTables
import ScalingLaws

extension FitAnalysis {
  /// Everything, for programs; `scaling predict` and `scaling plan` read `law` and `resamples`.
  func json() -> JSON {
    var fields: [(String, JSON)] = [("form", .text(request.form.rawValue))]
    fields.append(("identified", .bool(isIdentified)))
    fields.append(("parameters", .object(parameters)))
    let exponentsOpen = fit == nil || open.contains { ["alpha", "beta"].contains($0.parameter) }
    if let fit, !exponentsOpen {
      fields.append(
        (
          "optimal",
          .object([
            ("a", .estimate(fit.optimalSizeExponent)), ("b", .estimate(fit.optimalDataExponent)),
          ])
        ))
    } else {
      fields.append(("optimal", .object([("a", .null), ("b", .null)])))
    }
    fields += [
      ("objective", .optional(fit?.search.objective)),
      ("starts", .integer(fit?.search.starts ?? 0)),
      ("agreeing", .integer(fit?.search.agreeing ?? 0)),
      ("nextBest", .optional(fit?.search.nextBest)),
      ("converged", .bool(fit?.search.converged ?? false)),
      ("rows", .integer(fitted.runs.count)), ("drawnFrom", .optional(drawnFrom.map(Double.init))),
      ("skipped", .integer(table.skippedCount)),
      ("warnings", .list(warnings.map { .text($0) })),
      ("seconds", .number((seconds * 1e4).rounded() / 1e4)),
      (
        "notIdentified",
        .list(
          open.map {
            .object([("parameter", .text($0.parameter)), ("reason", .text($0.reason))])
          })
      ),
      ("minimised", objectiveJSON), ("table", .text(table.file)),
      ("columns", .list(table.used.map { .text($0) })),
      ("span", span),
    ]
    if let intervals = intervalText { fields.append(("interval", .text(intervals))) }
    if let holdOut, let heldOut {
      fields.append(
        (
          "heldOut",
          .object([
            ("rule", .text(holdOut.text)), ("rows", .integer(heldOut.rows)),
            ("error", .number(heldOut.totalError)), ("bias", .number(heldOut.totalBias)),
          ])
        ))
    }
    fields.append(
      (
        "optima",
        .list(
          optima.map {
            .object([
              ("C", .number($0.compute)), ("N", .estimate($0.n)), ("D", .estimate($0.d)),
              ("tokensPerParameter", .estimate($0.tokensPerParameter)),
              ("loss", .estimate($0.loss)),
            ])
          })
      ))
    if !forms.isEmpty { fields.append(("forms", formsJSON)) }
    fields.append(
      (
        "pulls",
        .list(
          pulls.map {
            .object([
              ("row", .integer(fileRow(of: $0.row))), ("N", .number($0.row.n)),
              ("D", .number($0.row.d)), ("loss", .number($0.row.loss)),
              ("residual", .number($0.row.residual)), ("parameter", .text($0.parameter)),
              ("without", .number($0.value)), ("standardErrors", .number($0.shift)),
            ])
          })
      ))
    if let correlation = fit?.correlation {
      fields.append(
        (
          "correlation",
          .object([
            ("names", .list(correlation.names.map { .text($0) })),
            ("matrix", .list(correlation.matrix.map { .list($0.map { .number($0) }) })),
          ])
        ))
    }
    fields.append(("diagnosticSeconds", .number((diagnosticSeconds * 1e4).rounded() / 1e4)))
    fields += lawJSON(hasOpenExponents: exponentsOpen)
    return .object(fields)
  }

  private var parameters: [(String, JSON)] {
    let known = Dictionary(
      fit?.parameters.map { ($0.name, $0) } ?? [], uniquingKeysWith: { $1 })
    var names = ParameterNames.of(request.form, floor: request.floor)
    if request.floor != nil, request.form != .kaplan { names.append("E") }
    return names.map { name in
      if let open = open.first(where: { $0.parameter == name }) {
        return (
          name,
          .object([
            ("value", .null), ("low", .null), ("high", .null), ("identified", .bool(false)),
            ("reason", .text(open.reason)),
          ])
        )
      }
      guard let parameter = known[name] else {
        return (name, .object([("value", .optional(request.floor)), ("given", .bool(true))]))
      }
      var more: [(String, JSON)] = []
      if let error = parameter.standardError { more.append(("standardError", .number(error))) }
      if name == "E", request.floor != nil { more.append(("given", .bool(true))) }
      return (name, .estimate(parameter.estimate, more))
    }
  }

  private var objectiveJSON: JSON {
    switch request.objective {
    case .huber(let delta): .object([("name", .text("huber")), ("delta", .number(delta))])
    case .squared: .object([("name", .text("squared"))])
    case .absolute: .object([("name", .text("absolute"))])
    }
  }

  private var span: JSON {
    func range(_ values: [Double]) -> JSON {
      .object([("low", .optional(values.min())), ("high", .optional(values.max()))])
    }
    return .object([
      ("N", range(fitted.runs.map(\.n))), ("D", range(fitted.runs.map(\.d))),
      ("C", range(fitted.runs.map(\.c))),
    ])
  }

  private var formsJSON: JSON {
    .object([
      ("judgedOn", .text(comparedOn)),
      (
        "scores",
        .list(
          forms.map { score in
            var fields: [(String, JSON)] = [
              ("form", .text(score.form.rawValue)), ("parameters", .integer(score.parameters)),
              ("AIC", .optional(score.informationExcess)),
              ("heldOutError", .optional(score.heldOutError)),
            ]
            if let failure = score.failure { fields.append(("failure", .text(failure))) }
            return .object(fields)
          })
      ),
    ])
  }

  /// The law and its resamples, which predictions need; not for laws with an open exponent.
  private func lawJSON(hasOpenExponents: Bool) -> [(String, JSON)] {
    guard let fit, !hasOpenExponents else { return [] }
    let names = LossLaw.names(of: request.form)
    var fields: [(String, JSON)] = [
      ("law", .object(zip(names, fit.law.numbers).map { ($0, .number($1)) }))
    ]
    guard let ensemble = fit.ensemble, ensemble.level > 0 else { return fields }
    fields.append(
      (
        "resamples",
        .object([
          ("interval", .text(ensemble.interval.rawValue)), ("units", .integer(ensemble.units)),
          ("degrees", .number(ensemble.degrees)), ("level", .number(ensemble.level)),
          ("names", .list(names.map { .text($0) })),
          ("best", .list(fit.law.numbers.map { .number($0) })),
          (
            "values",
            .list(ensemble.replicates.map { .list($0.numbers.map { .number($0) }) })
          ),
        ])
      ))
    return fields
  }

  /// The row of the file that a row of the fit stands in.
  func fileRow(of row: LossFit.Row) -> Int {
    func distance(_ run: RunTables.RunTable.Run) -> Double {
      abs(run.n / row.n - 1) + abs(run.d / row.d - 1) + abs(run.loss / row.loss - 1)
    }
    return fitted.runs.min { distance($0) < distance($1) }?.row ?? 0
  }
}
