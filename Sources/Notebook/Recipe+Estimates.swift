import Plotting
import ScalingLaws

extension Recipe {
  /// Measured values with their intervals: a line, a bar and a point for each row, a colour for each
  /// series.
  ///
  /// A value without an interval has no bar.
  ///
  /// - Parameters:
  ///   - apart: How far neighbouring series are shifted along x, so that the bars of rows at one
  ///     place stand side by side; 0 shifts none. For a linear axis.
  ///   - radius: Of the points.
  public static func estimates<Rows: Sequence>(
    _ rows: Rows, x: (Rows.Element) -> Double, y: (Rows.Element) -> Estimate,
    series: (Rows.Element) -> String, apart: Double = 0, radius: Double = 2.3
  ) -> [any Mark] {
    let rows = rows.map { (x: x($0), y: y($0), series: series($0)) }
    var order: [String] = []
    for row in rows where !order.contains(row.series) { order.append(row.series) }
    let middle = Double(order.count - 1) / 2
    let placed = rows.map { row in
      let place = Double(order.firstIndex(of: row.series) ?? 0)
      return (x: row.x + apart * (place - middle), y: row.y, series: row.series)
    }
    let bounded = placed.filter(\.y.hasInterval)
    return [
      Line(placed, x: { $0.x }, y: { $0.y.value }, series: { $0.series }),
      ErrorBars(
        bounded, x: { $0.x }, low: { $0.y.low }, high: { $0.y.high }, series: { $0.series }),
      Points(placed, x: { $0.x }, y: { $0.y.value }, series: { $0.series }, radius: radius),
    ]
  }
}
