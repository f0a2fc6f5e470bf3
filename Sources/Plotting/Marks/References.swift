/// A line across the panel at one value: a known truth, a chance level, a limit.
public struct Rule: Mark {
  /// The data and the look.
  public let layer: Layer

  /// A lying line at a value of y, with mark-up for its label.
  public init<Y: Plottable>(
    y: Y, label: String? = nil, style: LineStyle = .dashed, color: Color = .muted
  ) {
    layer = Layer(
      kind: .rule(style: style), rows: [.init(y: y.datum, label: label)], color: color)
  }

  /// An upright line at a value of x, with mark-up for its label.
  public init<X: Plottable>(
    x: X, label: String? = nil, style: LineStyle = .dashed, color: Color = .muted
  ) {
    layer = Layer(
      kind: .rule(style: style), rows: [.init(x: x.datum, label: label)], color: color)
  }
}

/// A straight line from one place to another, perhaps with an arrow head at its end.
public struct Segment: Mark {
  /// The data and the look.
  public let layer: Layer

  /// A segment between two places in data units.
  public init<X: Plottable, Y: Plottable>(
    from start: (x: X, y: Y), to end: (x: X, y: Y), arrow: Bool = false, color: Color = .muted
  ) {
    layer = Layer(
      kind: .segment(hasArrow: arrow),
      rows: [
        .init(x: start.x.datum, y: start.y.datum), .init(x: end.x.datum, y: end.y.datum),
      ], color: color)
  }
}

/// A note in the drawing.
///
/// For what the reader would otherwise miss; a figure carries two or three of them, not ten.
public struct Annotation: Mark {
  /// The data and the look.
  public let layer: Layer

  /// A note at a place in data units.
  ///
  /// - Parameters:
  ///   - text: Mark-up; a line feed begins a new line.
  ///   - dx: Points to move the text to the right.
  ///   - dy: Points to move the text upwards.
  ///   - arrow: Whether a thin arrow leads from the moved text to the place.
  public init<X: Plottable, Y: Plottable>(
    _ text: String, x: X, y: Y, dx: Double = 0, dy: Double = 0, anchor: Scene.Anchor = .start,
    arrow: Bool = false, color: Color = .muted
  ) {
    layer = Layer(
      kind: .annotation(dx: dx, dy: dy, anchor: anchor, hasArrow: arrow),
      rows: [.init(x: x.datum, y: y.datum, label: text)], color: color)
  }
}
