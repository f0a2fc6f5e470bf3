/// A row of a forest plot: an estimate with its interval, measured here or published elsewhere.
public struct ForestRow: Sendable {
  /// Where a value comes from.
  public enum Origin: Sendable { case measured, published }

  /// What was estimated, or how.
  public var name: String
  /// The estimate.
  public var value: Double
  /// Its interval; nil if none is known.
  public var interval: ClosedRange<Double>?
  /// Where the value comes from.
  public var origin: Origin

  /// A value that was measured here: a disc with its bar.
  public static func measured(
    _ name: String, _ value: Double, _ interval: ClosedRange<Double>? = nil
  ) -> ForestRow {
    ForestRow(name: name, value: value, interval: interval, origin: .measured)
  }

  /// A value that others published: a hollow diamond; its name should say who.
  public static func published(
    _ name: String, _ value: Double, _ interval: ClosedRange<Double>? = nil
  ) -> ForestRow {
    ForestRow(name: name, value: value, interval: interval, origin: .published)
  }
}

/// Rows of a forest plot under one heading.
public struct ForestGroup: Sendable {
  /// The heading; empty for none.
  public var heading: String
  /// The rows from top to bottom.
  public var rows: [ForestRow]

  /// A group of rows.
  public init(_ heading: String = "", _ rows: [ForestRow]) {
    self.heading = heading
    self.rows = rows
  }
}

extension Plot {
  /// A forest plot: one estimate a row, its interval as a bar, the numbers beside it, and what was
  /// claimed or published as marks and rules.
  ///
  /// - Parameters:
  ///   - groups: The rows; names must differ within the figure.
  ///   - x: The axis of the estimates.
  ///   - rules: Values that hold for all rows, such as a claimed or a theoretical one.
  ///   - notes: Over the numbers, for example "95 % interval".
  ///   - decimals: Digits behind the point of the numbers.
  public static func forest(
    _ groups: [ForestGroup], x: Axis, rules: [(value: Double, label: String)] = [],
    notes: String = "95\u{00A0}% interval", decimals: Int = 2, width: Double = 468
  ) -> Plot {
    func format(_ value: Double) -> String { NumberLabel.plain(value, decimals: decimals) }
    let rows = groups.flatMap(\.rows)
    let headings = groups.map(\.heading).filter { !$0.isEmpty }
    let order = groups.flatMap { ($0.heading.isEmpty ? [] : [$0.heading]) + $0.rows.map(\.name) }
    precondition(
      Set(order).count == order.count, "names in a forest plot must differ; found \(order)")
    let published = rows.filter { $0.origin == .published }
    let measured = rows.filter { $0.origin == .measured }
    // One kind needs no legend.
    let isMixed = !published.isEmpty && !measured.isEmpty
    let here = isMixed ? "measured here" : nil
    let elsewhere = isMixed ? "published" : nil
    let edge = 46.0 + (isMixed ? 14 : 0)
    return Plot(
      width: width, height: max(90, edge + 15.5 * Double(order.count)), x: x,
      y: .categories(order: order, headings: headings)
    ) {
      for rule in rules { Rule(x: rule.value, label: rule.label) }
      for (origin, name, color) in [
        (measured, here, Color.series(1)), (published, elsewhere, Color.ink),
      ] {
        if !origin.isEmpty {
          let known = origin.filter { $0.interval != nil }
          if !known.isEmpty {
            ErrorBars(
              known, y: \.name, low: { $0.interval?.lowerBound ?? $0.value },
              high: { $0.interval?.upperBound ?? $0.value }, series: name, color: color)
          }
          let isHere = color == .series(1)
          Points(
            origin, x: \.value, y: \.name, series: name, shape: isHere ? .circle : .diamond,
            hollow: !isHere, radius: isHere ? 2.5 : 2.7, color: color)
        }
      }
      RowNotes(rows, y: \.name, title: notes) { row in
        guard let interval = row.interval else { return format(row.value) }
        return
          "\(format(row.value))  [\(format(interval.lowerBound)), \(format(interval.upperBound))]"
      }
    }
  }
}
