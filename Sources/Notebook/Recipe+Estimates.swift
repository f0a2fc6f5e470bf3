import Plotting
import ScalingLaws

extension Recipe {
  /// Measured values with their intervals: a line, a bar and a point for each row, a colour for each
  /// series.
  ///
  /// A value without an interval has no bar.
  ///
  /// - Parameters:
  ///   - apart: How far the bars of neighbouring series at one x stand apart, in points; 0 leaves
  ///     them on each other.
  ///   - radius: Of the points.
  public static func estimates<Rows: Sequence>(
    _ rows: Rows, x: (Rows.Element) -> Double, y: (Rows.Element) -> Estimate,
    series: (Rows.Element) -> String, apart: Double = 0, radius: Double = 2.3
  ) -> [any Mark] {
    let rows = rows.map { (x: x($0), y: y($0), series: series($0)) }
    let bounded = rows.filter(\.y.hasInterval)
    return sideBySide(apart: apart) {
      Line(rows, x: { $0.x }, y: { $0.y.value }, series: { $0.series })
      ErrorBars(
        bounded, x: { $0.x }, low: { $0.y.low }, high: { $0.y.high }, series: { $0.series })
      Points(rows, x: { $0.x }, y: { $0.y.value }, series: { $0.series }, radius: radius)
    }
  }
}
