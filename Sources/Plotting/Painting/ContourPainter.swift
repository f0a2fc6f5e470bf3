/// Draws contours and the values in them.
///
/// A value stands in a gap of its line, upright, where it covers least.
struct ContourPainter {
  let layout: GridLayout
  let panel: PlacedPanel

  private var style: TextStyle { TextStyle(size: layout.theme.noteSize) }

  /// A line of one level on the page and the text that stands in it.
  private struct Line {
    var level: Double
    var points: [Point] = []
    var text: RichText?
  }

  /// The lines of a layer; a break ends a line and carries its text.
  private func lines(of layer: Layer) -> [Line] {
    var lines: [Line] = []
    var current = Line(level: 0)
    for row in layer.rows {
      if row.isBreak {
        current.level = row.value ?? 0
        current.text = row.label.map { layout.labels[$0] }
        if current.points.count > 1 { lines.append(current) }
        current = Line(level: 0)
      } else if let point = panel.point(row) {
        current.points.append(point)
      }
    }
    return lines
  }

  private func color(_ layer: Layer, level: Double) -> Color {
    if let color = layer.color { return color }
    let hasCells = panel.panel.layers.contains { if case .cells = $0.kind { true } else { false } }
    if hasCells, let scale = layout.colorBar?.scale { return scale.textColor(level) }
    return .muted
  }

  /// The boxes of the texts, one for each line that has one and has room for it.
  private func boxes(_ lines: [Line]) -> [Rect?] {
    var taken: [Rect] = []
    let frame = panel.frame.insetBy(3)
    let obstacles = Obstacles(panel: panel, withContours: false)
    return lines.map { line in
      guard let text = line.text else { return nil }
      let extent = layout.extent(text, style)
      let width = extent.width + 5
      let height = style.size + extent.above + extent.below
      var best: (cost: Double, box: Rect)?
      for index in line.points.indices {
        let point = line.points[index]
        let box = Rect(
          x: point.x - width / 2, y: point.y - height / 2, width: width, height: height)
        guard frame.contains(Point(box.x, box.y)), frame.contains(Point(box.maxX, box.maxY)),
          !taken.contains(where: { $0.intersects(box.insetBy(-3)) })
        else { continue }
        let covered = obstacles.cost(box.insetBy(-3))
        // The middle of the line reads best.
        let middle = abs(Double(index) / Double(line.points.count - 1) - 0.5)
        let cost = Double(covered) + middle
        if cost < best?.cost ?? .infinity { best = (cost, box) }
      }
      guard let best else { return nil }
      taken.append(best.box)
      return best.box
    }
  }

  func lines(_ layer: Layer) -> [Scene.Item] {
    guard case .contours = layer.kind else { return [] }
    let lines = lines(of: layer)
    return zip(lines, boxes(lines)).compactMap { line, box in
      var path = Path()
      var piece: [Point] = []
      for point in line.points {
        if let box, box.contains(point) {
          if piece.count > 1 { path.add(piece) }
          piece = []
        } else {
          piece.append(point)
        }
      }
      if piece.count > 1 { path.add(piece) }
      if path.pieces.isEmpty { return nil }
      let color = color(layer, level: line.level)
      return .path(path, fill: nil, stroke: .init(color, width: layout.theme.barWidth))
    }
  }

  func names(_ layer: Layer) -> [Scene.Item] {
    guard case .contours = layer.kind else { return [] }
    let lines = lines(of: layer)
    return zip(lines, boxes(lines)).compactMap { line, box in
      guard let box, let text = line.text else { return nil }
      let extent = layout.extent(text, style)
      let middle = box.midY + (extent.above - extent.below) / 2
      return .text(
        text, at: Point(box.midX, middle + style.capHeight / 2), .middle, style,
        color(layer, level: line.level))
    }
  }
}
