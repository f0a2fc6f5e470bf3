/// The area between two values at each x, of each series: an interval around a line.
public struct Band: Mark {
  /// The data and the look.
  public let layer: Layer

  /// Bands over data, one a series.
  public init<Data: Sequence, X: Plottable>(
    _ data: Data, x: (Data.Element) -> X, low: (Data.Element) -> Double,
    high: (Data.Element) -> Double, series: (Data.Element) -> String, color: Color? = nil
  ) {
    layer = Layer(
      kind: .band,
      rows: data.map {
        .init(series: series($0), x: x($0).datum, low: low($0), high: high($0))
      }, color: color)
  }

  /// One band over data.
  public init<Data: Sequence, X: Plottable>(
    _ data: Data, x: (Data.Element) -> X, low: (Data.Element) -> Double,
    high: (Data.Element) -> Double, series: String? = nil, color: Color? = nil
  ) {
    layer = Layer(
      kind: .band,
      rows: data.map { .init(series: series, x: x($0).datum, low: low($0), high: high($0)) },
      color: color)
  }

  /// The area between two functions over a range.
  public init(
    over range: ClosedRange<Double>, samples: Int = 64, series: String? = nil,
    color: Color? = nil, low: (Double) -> Double, high: (Double) -> Double
  ) {
    layer = Layer(
      kind: .band,
      rows: places(over: range, count: samples).map { x in
        .init(series: series, x: .number(x), low: low(x), high: high(x))
      }, color: color)
  }
}

/// Intervals as thin bars without caps, upright at each x or lying at each y.
///
/// Ends are placed by the axis's scale, so bars on a logarithmic axis are as uneven as they should
/// be. A bar that reaches zero or below on a logarithmic axis runs to the end of the axis and carries
/// an open mark there.
public struct ErrorBars: Mark {
  /// The data and the look.
  public let layer: Layer

  /// Upright bars over data.
  public init<Data: Sequence, X: Plottable>(
    _ data: Data, x: (Data.Element) -> X, low: (Data.Element) -> Double,
    high: (Data.Element) -> Double, series: (Data.Element) -> String, color: Color? = nil
  ) {
    layer = Layer(
      kind: .errorBars(isHorizontal: false),
      rows: data.map {
        .init(series: series($0), x: x($0).datum, low: low($0), high: high($0))
      }, color: color)
  }

  /// Upright bars of one series, or of none.
  public init<Data: Sequence, X: Plottable>(
    _ data: Data, x: (Data.Element) -> X, low: (Data.Element) -> Double,
    high: (Data.Element) -> Double, series: String? = nil, color: Color? = nil
  ) {
    layer = Layer(
      kind: .errorBars(isHorizontal: false),
      rows: data.map { .init(series: series, x: x($0).datum, low: low($0), high: high($0)) },
      color: color)
  }

  /// Lying bars over data: intervals of x at each y.
  public init<Data: Sequence, Y: Plottable>(
    _ data: Data, y: (Data.Element) -> Y, low: (Data.Element) -> Double,
    high: (Data.Element) -> Double, series: (Data.Element) -> String, color: Color? = nil
  ) {
    layer = Layer(
      kind: .errorBars(isHorizontal: true),
      rows: data.map {
        .init(series: series($0), y: y($0).datum, low: low($0), high: high($0))
      }, color: color)
  }

  /// Lying bars of one series, or of none.
  public init<Data: Sequence, Y: Plottable>(
    _ data: Data, y: (Data.Element) -> Y, low: (Data.Element) -> Double,
    high: (Data.Element) -> Double, series: String? = nil, color: Color? = nil
  ) {
    layer = Layer(
      kind: .errorBars(isHorizontal: true),
      rows: data.map { .init(series: series, y: y($0).datum, low: low($0), high: high($0)) },
      color: color)
  }
}
