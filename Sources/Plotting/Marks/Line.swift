import Foundation

/// Straight lines through the points of each series, in the order of the data.
///
/// A value that has no place on the axis (not finite; not positive on a logarithmic axis) breaks
/// the line.
public struct Line: Mark {
  /// The data and the look.
  public let layer: Layer

  /// Lines over data, one a series.
  public init<Data: Sequence, X: Plottable, Y: Plottable>(
    _ data: Data, x: (Data.Element) -> X, y: (Data.Element) -> Y,
    series: (Data.Element) -> String, style: LineStyle = .solid, width: Double? = nil,
    color: Color? = nil
  ) {
    layer = Layer(
      kind: .line(style: style, width: width),
      rows: data.map { .init(series: series($0), x: x($0).datum, y: y($0).datum) }, color: color)
  }

  /// One line over data.
  public init<Data: Sequence, X: Plottable, Y: Plottable>(
    _ data: Data, x: (Data.Element) -> X, y: (Data.Element) -> Y, series: String? = nil,
    style: LineStyle = .solid, width: Double? = nil, color: Color? = nil
  ) {
    layer = Layer(
      kind: .line(style: style, width: width),
      rows: data.map { .init(series: series, x: x($0).datum, y: y($0).datum) }, color: color)
  }

  /// The graph of a function over a range, dashed unless told otherwise.
  ///
  /// Places are equal ratios apart if the range is positive and spans a factor of five or more, else
  /// equal differences.
  public init(
    over range: ClosedRange<Double>, samples: Int = 64, series: String? = nil,
    style: LineStyle = .dashed, width: Double? = nil, color: Color? = nil,
    _ function: (Double) -> Double
  ) {
    layer = Layer(
      kind: .line(style: style, width: width),
      rows: places(over: range, count: samples).map { x in
        .init(series: series, x: .number(x), y: .number(function(x)))
      }, color: color)
  }
}

/// Places over a range whose ends are exact.
func places(over range: ClosedRange<Double>, count: Int) -> [Double] {
  precondition(count >= 2, "a function needs at least 2 samples; found \(count)")
  let low = range.lowerBound
  let high = range.upperBound
  let isGeometric = low > 0 && high / low >= 5
  return (0..<count).map { index in
    if index == 0 { return low }
    if index == count - 1 { return high }
    let fraction = Double(index) / Double(count - 1)
    return isGeometric ? low * pow(high / low, fraction) : low + (high - low) * fraction
  }
}
