/// Draws a panel's marks and the names at the ends of its lines.
struct MarkPainter {
  let layout: GridLayout
  let panel: PlacedPanel

  var theme: Theme { layout.theme }
  var frame: Rect { panel.frame }
  var layers: [Layer] { panel.panel.layers }

  func paint() -> [Scene.Item] {
    // Lines may touch the frame with half their width.
    let clip = frame.insetBy(-theme.lineWidth / 2)
    var clipped: [Scene.Item] = []
    for layer in layers { clipped += cells(layer) }
    for layer in layers { clipped += bands(layer) }
    for layer in layers { clipped += rules(layer) }
    for layer in layers { clipped += ContourPainter(layout: layout, panel: panel).lines(layer) }
    for layer in layers { clipped += lines(layer) }
    for layer in layers { clipped += bars(layer) }
    var items: [Scene.Item] = clipped.isEmpty ? [] : [.clip(clip, clipped)]
    for layer in layers { items += openMarks(layer) }
    for layer in layers { items += points(layer) }
    for layer in layers { items += segments(layer) }
    for layer in layers { items += ContourPainter(layout: layout, panel: panel).names(layer) }
    items += NotePainter(layout: layout, panel: panel).paint()
    return items + endLabels() + layers.flatMap { rowNotes($0) }
  }

  func color(_ layer: Layer, _ series: String?) -> Color {
    layout.series.color(of: layer, series: series)
  }

  // MARK: Areas

  private func cells(_ layer: Layer) -> [Scene.Item] {
    guard case .cells = layer.kind, let scale = layout.colorBar?.scale else { return [] }
    let columns = CellGrid(layer.rows.compactMap(\.x), scale: panel.x)
    let rows = CellGrid(layer.rows.compactMap(\.y), scale: panel.y)
    var items: [Scene.Item] = []
    // Contours and their values need an even ground: cells then meet without a seam.
    let hasContours = layers.contains { if case .contours = $0.kind { true } else { false } }
    for row in layer.rows {
      guard let value = row.value, value.isFinite,
        let (left, right) = row.x.flatMap({ columns.bounds($0) }),
        let (low, high) = row.y.flatMap({ rows.bounds($0) })
      else { continue }
      let rect = Rect(
        x: min(left, right), y: min(low, high), width: abs(right - left), height: abs(high - low))
      items.append(
        .path(
          Path(rect), fill: .init(scale.color(value)),
          stroke: hasContours
            ? .init(scale.color(value), width: 0.4) : .init(.paper, width: 0.8)))
      if let label = row.label, !label.isEmpty {
        let style = TextStyle(size: theme.noteSize)
        let text = layout.labels[label]
        let extent = layout.extent(text, style)
        let middle = rect.midY + (extent.above - extent.below) / 2
        items.append(
          .text(
            text, at: Point(rect.midX, middle + style.capHeight / 2), .middle, style,
            scale.textColor(value)))
      }
    }
    return items
  }

  private func bands(_ layer: Layer) -> [Scene.Item] {
    guard case .band = layer.kind else { return [] }
    return layer.groups.compactMap { group in
      var path = Path()
      var lower: [Point] = []
      var upper: [Point] = []
      func close() {
        if lower.count > 1 { path.add(upper + lower.reversed(), isClosed: true) }
        lower = []
        upper = []
      }
      for row in group.rows {
        if let (low, high) = panel.barEnds(row, isHorizontal: false) {
          lower.append(low)
          upper.append(high)
        } else {
          close()
        }
      }
      close()
      guard !path.pieces.isEmpty else { return nil }
      let fill = Scene.Fill(color(layer, group.series), opacity: theme.bandOpacity)
      return .path(path, fill: fill, stroke: nil)
    }
  }

  // MARK: Lines

  private func rules(_ layer: Layer) -> [Scene.Item] {
    guard case .rule(let style) = layer.kind else { return [] }
    return layer.rows.compactMap { row in
      let path: Path
      if let y = row.y.flatMap({ panel.y.position($0) }) {
        path = Path(from: Point(frame.x, y), to: Point(frame.maxX, y))
      } else if let x = row.x.flatMap({ panel.x.position($0) }) {
        path = Path(from: Point(x, frame.maxY), to: Point(x, frame.y))
      } else {
        return nil
      }
      return .path(
        path, fill: nil,
        stroke: .init(color(layer, nil), width: theme.barWidth, dash: style.dash))
    }
  }

  private func lines(_ layer: Layer) -> [Scene.Item] {
    guard case .line(let style, let width) = layer.kind else { return [] }
    return layer.groups.compactMap { group in
      var path = Path()
      var piece: [Point] = []
      for row in group.rows {
        if let point = panel.point(row) {
          piece.append(point)
        } else {
          if piece.count > 1 { path.add(piece) }
          piece = []
        }
      }
      if piece.count > 1 { path.add(piece) }
      guard !path.pieces.isEmpty else { return nil }
      return .path(
        path, fill: nil,
        stroke: .init(
          color(layer, group.series), width: width ?? theme.lineWidth, dash: style.dash))
    }
  }

  private func bars(_ layer: Layer) -> [Scene.Item] {
    guard case .errorBars(let isHorizontal) = layer.kind else { return [] }
    return layer.groups.compactMap { group in
      var path = Path()
      for row in group.rows {
        if let (low, high) = panel.barEnds(row, isHorizontal: isHorizontal) {
          path.add([low, high])
        }
      }
      guard !path.pieces.isEmpty else { return nil }
      return .path(
        path, fill: nil, stroke: .init(color(layer, group.series), width: theme.barWidth))
    }
  }

  private func segments(_ layer: Layer) -> [Scene.Item] {
    guard case .segment(let hasArrow) = layer.kind, layer.rows.count == 2,
      let start = panel.point(layer.rows[0]), let end = panel.point(layer.rows[1])
    else { return [] }
    return Plotting.arrow(
      from: start, to: end, hasHead: hasArrow, color: color(layer, nil), width: 0.9)
  }

  // MARK: Points

  static func markers(
    _ shape: PointShape, isHollow: Bool, radius: Double, color: Color, at points: [Point]
  ) -> Scene.Markers {
    if shape == .cross {
      return Scene.Markers(
        shape: shape, radius: radius, points: points, fill: nil, stroke: .init(color, width: 1.2))
    }
    return Scene.Markers(
      shape: shape, radius: isHollow ? radius - 0.2 : radius, points: points,
      fill: .init(isHollow ? .paper : color),
      stroke: isHollow ? .init(color, width: 1) : .init(.paper, width: 0.6))
  }

  private func points(_ layer: Layer) -> [Scene.Item] {
    guard case .points(let shape, let isHollow, let radius) = layer.kind else { return [] }
    let inside = frame.insetBy(-0.5)
    if layer.scale != nil, let scale = layout.colorBar?.scale {
      // One item a colour, in the order of the ramp.
      var places: [Int: (color: Color, points: [Point])] = [:]
      for row in layer.rows {
        guard let value = row.value, value.isFinite, let point = panel.point(row),
          inside.contains(point)
        else { continue }
        let step = Color.rampStep(scale.fraction(value))
        places[step, default: (scale.color(value), [])].points.append(point)
      }
      return places.sorted { $0.key < $1.key }.map { _, place in
        var markers = Self.markers(
          shape, isHollow: false, radius: radius, color: place.color, at: place.points)
        // The lightest colours are hardly there without a rim.
        markers.stroke = .init(.axis, width: 0.5)
        return .markers(markers)
      }
    }
    return layer.groups.compactMap { group in
      let points = group.rows.compactMap { panel.point($0) }.filter { inside.contains($0) }
      guard !points.isEmpty else { return nil }
      return .markers(
        Self.markers(
          shape, isHollow: isHollow, radius: radius, color: color(layer, group.series), at: points)
      )
    }
  }

  /// Open triangles at the foot of a logarithmic axis, for what is zero or less and has no place.
  private func openMarks(_ layer: Layer) -> [Scene.Item] {
    layer.groups.flatMap { group -> [Scene.Item] in
      var below: [Point] = []
      var left: [Point] = []
      for row in group.rows {
        switch layer.kind {
        case .errorBars(let isHorizontal):
          guard let low = row.low, low <= 0, (isHorizontal ? panel.x : panel.y).isLogarithmic,
            let (foot, _) = panel.barEnds(row, isHorizontal: isHorizontal)
          else { continue }
          if isHorizontal { left.append(foot) } else { below.append(foot) }
        case .points:
          if panel.y.isLogarithmic, let y = row.y?.number, y <= 0,
            let x = row.x.flatMap({ panel.x.position($0) })
          {
            below.append(Point(x + row.dx, frame.maxY))
          } else if panel.x.isLogarithmic, let x = row.x?.number, x <= 0,
            let y = row.y.flatMap({ panel.y.position($0) })
          {
            left.append(Point(frame.x, y))
          }
        default: break
        }
      }
      let color = color(layer, group.series)
      let inside = frame.insetBy(-0.5)
      return [(PointShape.triangleDown, below), (.triangleLeft, left)].compactMap { shape, points in
        let points = points.filter { inside.contains($0) }
        if points.isEmpty { return nil }
        return .markers(
          Self.markers(shape, isHollow: true, radius: 2.3, color: color, at: points))
      }
    }
  }

  // MARK: Names

  private func rowNotes(_ layer: Layer) -> [Scene.Item] {
    guard case .rowNotes(let title) = layer.kind else { return [] }
    let style = layout.labelStyle
    let x = frame.maxX + GridLayout.rowNoteGap
    var items: [Scene.Item] = []
    if !title.isEmpty {
      let text = layout.labels[title]
      let baseline = frame.y - 4 - layout.extent(text, style).below
      items.append(.text(text, at: Point(x, baseline), .start, style, .muted))
    }
    for row in layer.rows {
      guard let y = row.y.flatMap({ panel.y.position($0) }), let label = row.label else { continue }
      let text = layout.labels[label]
      let extent = layout.extent(text, style)
      let middle = y + (extent.above - extent.below) / 2
      items.append(.text(text, at: Point(x, middle + style.capHeight / 2), .start, style, .ink))
    }
    return items
  }

  private func endLabels() -> [Scene.Item] {
    let style = TextStyle(size: theme.labelSize, weight: .medium)
    return panel.endLabels.flatMap { label -> [Scene.Item] in
      var items: [Scene.Item] = []
      let middle = label.rect.midY + (label.above - label.below) / 2
      if label.hasLeader {
        let path = Path(
          from: Point(label.end.x + 4, label.end.y), to: Point(label.rect.x - 2, middle))
        items.append(.path(path, fill: nil, stroke: .init(label.color, width: 0.5)))
      }
      items.append(
        .text(
          label.text, at: Point(label.rect.x, middle + style.capHeight / 2), .start, style,
          label.color, hasHalo: label.rect.x < frame.maxX))
      return items
    }
  }
}

/// The edges of the rows or columns of a heat map.
private struct CellGrid {
  let scale: Scale
  let places: [Double]
  let edges: [Double]

  init(_ data: [Datum], scale: Scale) {
    self.scale = scale
    places = Set(data.compactMap(\.number).filter { scale.position($0) != nil }).sorted()
    edges = cellEdges(places, isLogarithmic: scale.isLogarithmic)
  }

  func bounds(_ datum: Datum) -> (Double, Double)? {
    if scale.step > 0 {
      return scale.position(datum).map { ($0 - scale.step / 2, $0 + scale.step / 2) }
    }
    guard let value = datum.number, let index = places.firstIndex(of: value),
      let low = scale.position(edges[index]), let high = scale.position(edges[index + 1])
    else { return nil }
    return (low, high)
  }
}
