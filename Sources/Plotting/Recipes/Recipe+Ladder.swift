extension Recipe {
  /// A ladder of models: the points of each rung, and a law through them.
  ///
  /// With `colors: .ladder` a figure colours the rungs in the order of the numbers in their names.
  ///
  /// - Parameters:
  ///   - rung: The name of the rung that a run belongs to, for example "width 32".
  ///   - interval: The interval of `y`; nil draws no bar.
  ///   - law: The law at a place `x` for the rung of a run, drawn dashed over the rung's range; without
  ///     it a line joins the points.
  ///   - band: The interval of the law.
  public static func ladder<Run, X: Plottable>(
    _ runs: [Run], x: (Run) -> X, y: (Run) -> Double, rung: (Run) -> String,
    interval: ((Run) -> ClosedRange<Double>?)? = nil,
    law: ((_ run: Run, _ x: Double) -> Double)? = nil,
    band: ((_ run: Run, _ x: Double) -> ClosedRange<Double>)? = nil
  ) -> [any Mark] {
    let rows = runs.map { Row(series: rung($0), x: x($0).datum, y: y($0), interval: interval?($0)) }
    var marks: [any Mark] = []
    var seen: Set<String> = []
    for (run, row) in zip(runs, rows) {
      guard let name = row.series, seen.insert(name).inserted,
        let range = range(rows.filter { $0.series == name }.compactMap(\.x.number))
      else { continue }
      if let band {
        marks.append(
          Band(
            over: range, series: name, low: { band(run, $0).lowerBound },
            high: { band(run, $0).upperBound }))
      }
      if let law { marks.append(Line(over: range, series: name) { law(run, $0) }) }
    }
    if law == nil {
      marks.append(
        RawMark(
          layer: Layer(
            kind: .line(style: .solid, width: nil),
            rows: rows.map { .init(series: $0.series, x: $0.x, y: .number($0.y)) })))
    }
    return marks + bars(rows) + points(rows)
  }

  /// Training curves or runs of many sizes under their lower envelope.
  ///
  /// - Parameters:
  ///   - curve: The name of the curve that a run belongs to; curves are thin lines.
  ///   - envelope: The best that each budget buys, in order of compute; a strong line with points.
  ///   - law: A law of the envelope, dashed; it reaches over the envelope by `beyond`.
  ///   - beyond: The factor in compute by which the law is drawn past the last point.
  public static func frontier<Run, X: Plottable>(
    _ runs: [Run], compute: (Run) -> X, loss: (Run) -> Double, curve: (Run) -> String,
    envelope: [(compute: Double, loss: Double)], law: ((Double) -> Double)? = nil,
    beyond: Double = 1
  ) -> [any Mark] {
    var marks: [any Mark] = [
      Line(runs, x: compute, y: loss, series: curve, width: 0.8),
      Points(runs, x: compute, y: loss, series: curve, radius: 1.4),
    ]
    if let law, let range = range(envelope.map(\.compute)) {
      marks.append(
        Line(
          over: range.lowerBound...(range.upperBound * beyond), series: "law of the frontier",
          color: .series(2), law))
    }
    marks.append(
      Line(
        envelope, x: { $0.compute }, y: { $0.loss }, series: "frontier", width: 1.8, color: .ink))
    marks.append(
      Points(envelope, x: { $0.compute }, y: { $0.loss }, series: "frontier", color: .ink))
    return marks
  }

  /// A law that was fitted to some runs, held against others that it had not seen.
  ///
  /// Filled points were fitted, hollow ones held out; the law is solid where it was fitted and dashed
  /// beyond.
  ///
  /// - Parameters:
  ///   - isHeldOut: Whether the fit did not see a run.
  ///   - law: The fitted law.
  ///   - band: Its interval of prediction.
  ///   - interval: The interval of a measured value.
  ///   - cut: What to write at the boundary; nil draws none.
  public static func extrapolation<Run, X: Plottable>(
    _ runs: [Run], x: (Run) -> X, y: (Run) -> Double, isHeldOut: (Run) -> Bool,
    law: @escaping (Double) -> Double, band: ((Double) -> ClosedRange<Double>)? = nil,
    interval: ((Run) -> ClosedRange<Double>?)? = nil, cut: String? = "the fit ends here",
    color: Color = .series(1)
  ) -> [any Mark] {
    let all = runs.map { run in
      (
        row: Row(x: x(run).datum, y: y(run), interval: interval?(run)), isHeldOut: isHeldOut(run)
      )
    }
    let seen = all.filter { !$0.isHeldOut }.map(\.row)
    let held = all.filter(\.isHeldOut).map(\.row)
    guard let fitted = range(seen.compactMap(\.x.number)) else { return [] }
    let end = max(fitted.upperBound, held.compactMap(\.x.number).max() ?? 0)
    // The boundary lies between the last run that was fitted and the first that was not.
    let ahead = held.compactMap(\.x.number).min().flatMap { $0 > fitted.upperBound ? $0 : nil }
    let isRatio = fitted.lowerBound > 0 && end / fitted.lowerBound >= 5
    let boundary =
      ahead.map {
        isRatio ? (fitted.upperBound * $0).squareRoot() : (fitted.upperBound + $0) / 2
      } ?? fitted.upperBound
    var marks: [any Mark] = []
    if let band {
      marks.append(
        Band(
          over: fitted.lowerBound...end, color: color, low: { band($0).lowerBound },
          high: { band($0).upperBound }))
    }
    marks.append(Line(over: fitted.lowerBound...boundary, style: .solid, color: color, law))
    if end > boundary { marks.append(Line(over: boundary...end, color: color, law)) }
    func named(_ name: String, _ rows: [Row]) -> [Row] {
      rows.map { row in
        var row = row
        row.series = name
        return row
      }
    }
    if let cut, ahead != nil { marks.append(Rule(x: boundary, label: cut, style: .dotted)) }
    return marks + bars(seen + held, color: color)
      + points(named("fitted", seen), color: color)
      + points(named("held out", held), hollow: true, radius: 2.6, color: color)
  }
}
