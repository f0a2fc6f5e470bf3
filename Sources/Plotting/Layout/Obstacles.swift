/// What a text must not cover.
struct Obstacles {
  /// Places of points, and places along lines three points apart, with the series they belong to.
  private(set) var places: [(point: Point, series: String?)] = []
  /// Texts that have their place.
  var texts: [Rect] = []

  /// What the marks of a panel cover; names of contours may stand on contours.
  init(panel: PlacedPanel, withContours: Bool = true) {
    for layer in panel.panel.layers {
      switch layer.kind {
      case .points, .annotation:
        for row in layer.rows {
          if let point = panel.point(row) { places.append((point, row.series)) }
        }
      case .contours: if withContours { addLine(layer.rows.map { panel.point($0) }, nil) }
      case .line:
        for group in layer.groups { addLine(group.rows.map { panel.point($0) }, group.series) }
      case .rule:
        for row in layer.rows {
          if let y = row.y.flatMap({ panel.y.position($0) }) {
            addLine([Point(panel.frame.x, y), Point(panel.frame.maxX, y)], nil)
          } else if let x = row.x.flatMap({ panel.x.position($0) }) {
            addLine([Point(x, panel.frame.y), Point(x, panel.frame.maxY)], nil)
          }
        }
      case .segment:
        addLine(layer.rows.map { panel.point($0) }, nil)
      case .errorBars(let isHorizontal):
        for row in layer.rows {
          addLine(
            panel.barEnds(row, isHorizontal: isHorizontal).map { [$0.0, $0.1] } ?? [], row.series)
        }
      default: break
      }
    }
  }

  private mutating func addLine(_ points: [Point?], _ series: String?) {
    for (start, end) in zip(points, points.dropFirst()) {
      guard let start, let end else { continue }
      let length = max(abs(end.x - start.x), abs(end.y - start.y))
      let count = max(1, min(400, Int(length / 3)))
      for step in 0...count {
        let fraction = Double(step) / Double(count)
        let point = Point(
          start.x + (end.x - start.x) * fraction, start.y + (end.y - start.y) * fraction)
        places.append((point, series))
      }
    }
  }

  /// How much a rectangle would cover; what belongs to `series` does not count.
  func cost(_ rect: Rect, except series: String? = nil) -> Int {
    var cost = 0
    for place in places where rect.contains(place.point) {
      if series == nil || place.series != series { cost += 1 }
    }
    for text in texts where text.intersects(rect) { cost += 20 }
    return cost
  }
}

extension PlacedPanel {
  /// The place of a row with an x and a y.
  func point(_ row: Layer.Row) -> Point? {
    guard let x = row.x.flatMap({ x.position($0) }), let y = row.y.flatMap({ y.position($0) })
    else { return nil }
    return Point(x + row.dx, y)
  }

  /// The ends of a bar on the page, the lower value first; a value that is not positive on a
  /// logarithmic axis is taken to the lower end of the axis.
  func barEnds(_ row: Layer.Row, isHorizontal: Bool) -> (Point, Point)? {
    guard let low = row.low, let high = row.high, !low.isNaN, !high.isNaN else { return nil }
    let along = isHorizontal ? x : y
    guard
      let across = (isHorizontal ? row.y : row.x).flatMap({ (isHorizontal ? y : x).position($0) })
    else { return nil }
    func end(_ value: Double) -> Double {
      if along.isLogarithmic && value <= 0 || value == -.infinity { return along.start }
      return value == .infinity ? along.end : along.position(value) ?? along.start
    }
    return isHorizontal
      ? (Point(end(low) + row.dx, across), Point(end(high) + row.dx, across))
      : (Point(across + row.dx, end(low)), Point(across + row.dx, end(high)))
  }
}
