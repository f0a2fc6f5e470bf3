/// Marks for the figures that scaling laws are shown in.
///
/// A recipe is an array of marks: it stands in a `Plot` or in a `Panel`, alone or with others.
///
///     Plot(x: .tokens, y: .excessLoss, colors: .ladder) {
///       Recipe.ladder(runs, x: \.tokens, y: \.excess, rung: { "width \($0.width)" })
///       Rule(y: 0.05, label: "noise of the evaluation")
///     }
///
/// Recipes know nothing of fits: a law is a closure, an interval a range. What is measured is drawn
/// solid or as points, what is fitted or predicted is dashed.
public enum Recipe {
  /// Rows of a table that a recipe made from the caller's data.
  struct Row {
    var series: String?
    var x: Datum
    var y: Double
    var interval: ClosedRange<Double>?
  }

  /// Bars for the rows that have an interval.
  static func bars(_ rows: [Row], color: Color? = nil) -> [any Mark] {
    let known = rows.filter { $0.interval != nil }
    if known.isEmpty { return [] }
    return [
      RawMark(
        layer: Layer(
          kind: .errorBars(isHorizontal: false),
          rows: known.map {
            .init(
              series: $0.series, x: $0.x, low: $0.interval?.lowerBound,
              high: $0.interval?.upperBound)
          }, color: color))
    ]
  }

  static func points(
    _ rows: [Row], shape: PointShape = .circle, hollow: Bool = false, radius: Double = 2.3,
    color: Color? = nil
  ) -> [any Mark] {
    if rows.isEmpty { return [] }
    return [
      RawMark(
        layer: Layer(
          kind: .points(shape: shape, isHollow: hollow, radius: radius),
          rows: rows.map { .init(series: $0.series, x: $0.x, y: .number($0.y)) }, color: color))
    ]
  }

  /// The numbers of a column, from the least to the greatest; nil if they are no range.
  static func range(_ values: some Sequence<Double>) -> ClosedRange<Double>? {
    let finite = values.filter(\.isFinite)
    guard let low = finite.min(), let high = finite.max(), low < high else { return nil }
    return low...high
  }
}

/// A mark made of rows.
struct RawMark: Mark {
  let layer: Layer
}
