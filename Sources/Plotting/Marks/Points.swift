/// A mark at each x and y.
///
/// Its colour says the series, or an amount where `value` and `scale` are given.
/// Not for more than a few hundred points: thin them or draw a `Line`.
public struct Points: Mark {
  /// The data and the look.
  public let layer: Layer

  /// Points over data.
  ///
  /// - Parameters:
  ///   - series: The series of an element; it decides the colour.
  ///   - label: Mark-up beside a point; nil for none.
  ///   - hollow: Whether the inside is the page's colour: for other runs than the filled ones.
  ///   - radius: In points.
  ///   - color: A colour for all, whatever the series.
  public init<Data: Sequence, X: Plottable, Y: Plottable>(
    _ data: Data, x: (Data.Element) -> X, y: (Data.Element) -> Y,
    series: (Data.Element) -> String, label: ((Data.Element) -> String?)? = nil,
    shape: PointShape = .circle, hollow: Bool = false, radius: Double = 2.3, color: Color? = nil
  ) {
    layer = Layer(
      kind: .points(shape: shape, isHollow: hollow, radius: radius),
      rows: data.map {
        .init(series: series($0), x: x($0).datum, y: y($0).datum, label: label?($0))
      }, color: color)
  }

  /// Points of one series, or of none.
  public init<Data: Sequence, X: Plottable, Y: Plottable>(
    _ data: Data, x: (Data.Element) -> X, y: (Data.Element) -> Y,
    series: String? = nil, label: ((Data.Element) -> String?)? = nil,
    shape: PointShape = .circle, hollow: Bool = false, radius: Double = 2.3, color: Color? = nil
  ) {
    layer = Layer(
      kind: .points(shape: shape, isHollow: hollow, radius: radius),
      rows: data.map {
        .init(series: series, x: x($0).datum, y: y($0).datum, label: label?($0))
      }, color: color)
  }

  /// Points whose colour is an amount: a heat map of places that form no grid.
  ///
  /// - Parameters:
  ///   - value: The amount; a value that is not finite leaves the point out.
  ///   - scale: What the colours mean; it also makes the colour bar.
  public init<Data: Sequence, X: Plottable, Y: Plottable>(
    _ data: Data, x: (Data.Element) -> X, y: (Data.Element) -> Y,
    value: (Data.Element) -> Double, scale: ColorScale,
    label: ((Data.Element) -> String?)? = nil, shape: PointShape = .circle, radius: Double = 4
  ) {
    layer = Layer(
      kind: .points(shape: shape, isHollow: false, radius: radius),
      rows: data.map {
        .init(x: x($0).datum, y: y($0).datum, value: value($0), label: label?($0))
      }, scale: scale)
  }
}
