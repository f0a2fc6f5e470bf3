extension Recipe {
  /// The same marks, with what several series have at one x side by side: bars do not hide each
  /// other.
  ///
  ///     Recipe.sideBySide {
  ///       ErrorBars(rows, x: \.budget, low: \.low, high: \.high, series: \.mode)
  ///       Points(rows, x: \.budget, y: \.share, series: \.mode)
  ///     }
  ///
  /// Only the places on the page move, around the x that all have; the data, as CSV and in words,
  /// stay what they are, and so does the axis. What has no series stays in the middle.
  ///
  /// - Parameter apart: The distance of neighbouring series, in points.
  public static func sideBySide(
    apart: Double = 2, @MarkBuilder _ marks: () -> [any Mark]
  ) -> [any Mark] {
    let layers = marks().map(\.layer)
    var places: [String: Double] = [:]
    for series in layers.flatMap(\.series) where places[series] == nil {
      places[series] = Double(places.count)
    }
    let middle = Double(places.count - 1) / 2
    return layers.map { layer in
      var layer = layer
      for (index, row) in layer.rows.enumerated() {
        guard let place = row.series.flatMap({ places[$0] }) else { continue }
        layer.rows[index].dx = apart * (place - middle)
      }
      return RawMark(layer: layer)
    }
  }
}
