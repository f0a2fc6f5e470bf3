/// Draws what stands around the panels, and the panels.
struct FigurePainter {
  let layout: GridLayout
  private var theme: Theme { layout.theme }

  func paint() -> [Scene.Item] {
    var items: [Scene.Item] = []
    for panel in layout.panels {
      items += AxisPainter(layout: layout, panel: panel).paint()
      items += MarkPainter(layout: layout, panel: panel).paint()
    }
    items += sharedLabels() + legend() + colorBar() + stamp()
    return items
  }

  private func sharedLabels() -> [Scene.Item] {
    let style = layout.axisLabelStyle
    let inner = layout.inner
    var items: [Scene.Item] = []
    let below = layout.labelBlock(layout.sharedXLabel)
    for (line, baseline) in zip(below.lines, below.baselines) {
      let up = below.height - baseline
      items.append(
        .text(
          line, at: Point(inner.midX, layout.plot.height - GridLayout.edge - 4 - up), .middle,
          style, .muted))
    }
    let beside = layout.labelBlock(layout.sharedYLabel)
    for (line, baseline) in zip(beside.lines, beside.baselines) {
      let x = GridLayout.edge + style.size * 0.85 + baseline
      items.append(.text(line, at: Point(x, inner.midY), .middle, style, .muted, isVertical: true))
    }
    return items
  }

  private func legend() -> [Scene.Item] {
    guard let legend = layout.legend else { return [] }
    var items: [Scene.Item] = []
    for entry in legend.entries {
      items += swatch(entry, width: legend.swatch)
      let baseline = entry.origin.y + legend.style.capHeight / 2
      items.append(
        .text(
          entry.text, at: Point(entry.origin.x + legend.swatch + 4, baseline), .start,
          legend.style, .ink))
    }
    return items
  }

  /// A small picture of how a series is drawn: its band, its line, its point.
  private func swatch(_ entry: Legend.Entry, width: Double) -> [Scene.Item] {
    let (x, y) = (entry.origin.x, entry.origin.y)
    var band: Scene.Item?
    var line: Scene.Item?
    var markers: Scene.Item?
    for layer in layout.plot.panels.flatMap(\.layers) where layer.series.contains(entry.series) {
      let color = layout.series.color(of: layer, series: entry.series)
      switch layer.kind {
      case .band where band == nil:
        let rect = Rect(x: x, y: y - 3, width: width, height: 6)
        band = .path(Path(rect), fill: .init(color, opacity: theme.bandOpacity), stroke: nil)
      case .line(let style, let lineWidth) where line == nil || style == .solid:
        let path = Path(from: Point(x, y), to: Point(x + width, y))
        line = .path(
          path, fill: nil,
          stroke: .init(color, width: lineWidth ?? theme.lineWidth, dash: style.dash))
      case .points(let shape, let isHollow, let radius) where markers == nil || !isHollow:
        markers = .markers(
          MarkPainter.markers(
            shape, isHollow: isHollow, radius: radius, color: color,
            at: [Point(x + width / 2, y)]))
      case .errorBars(let isHorizontal) where line == nil && isHorizontal:
        line = .path(
          Path(from: Point(x, y), to: Point(x + width, y)), fill: nil,
          stroke: .init(color, width: theme.barWidth))
      default: break
      }
    }
    return [band, line, markers].compactMap { $0 }
  }

  private func colorBar() -> [Scene.Item] {
    guard let bar = layout.colorBar, let domain = bar.scale.domain else { return [] }
    let inner = layout.inner
    let right = layout.panels.map(\.frame.maxX).max() ?? inner.maxX
    let rect = Rect(
      x: right + ColorBar.gap, y: inner.y, width: ColorBar.width, height: inner.height)
    let place = bar.placement(in: rect)
    var items: [Scene.Item] = []
    // Each step is drawn down to the foot and covered by the next, so that no seams show.
    let steps = 4 * Color.rampEnd
    var last: Color?
    for step in (0..<steps).reversed() {
      let top = rect.maxY - rect.height * Double(step + 1) / Double(steps)
      let middle = (Double(step) + 0.5) / Double(steps)
      let value =
        bar.scale.isLogarithmic
        ? domain.lowerBound * power(domain.upperBound / domain.lowerBound, middle)
        : domain.lowerBound + (domain.upperBound - domain.lowerBound) * middle
      let color = bar.scale.color(value)
      if color == last { continue }
      last = color
      let part = Rect(x: rect.x, y: top, width: rect.width, height: rect.maxY - top)
      items.append(.path(Path(part), fill: .init(color), stroke: nil))
    }
    let style = layout.labelStyle
    var widest = 0.0
    for tick in bar.ticks {
      guard let y = place.position(tick.value) else { continue }
      widest = max(widest, layout.measurer.width(of: tick.label, style: style))
      items.append(
        .text(
          tick.label, at: Point(rect.maxX + 3, y + style.capHeight / 2), .start, style, .muted))
    }
    if !bar.scale.label.isEmpty {
      let labelStyle = layout.axisLabelStyle
      let text = layout.labels[bar.scale.label]
      let x =
        rect.maxX + 3 + widest + 3 + labelStyle.size + layout.extent(text, labelStyle).above
      items.append(
        .text(text, at: Point(x, rect.midY), .middle, labelStyle, .muted, isVertical: true))
    }
    return items
  }

  private func stamp() -> [Scene.Item] {
    guard let stamp = layout.plot.stamp, !stamp.isEmpty else { return [] }
    let style = layout.stampStyle
    let place = Point(layout.plot.width - GridLayout.edge, GridLayout.edge + style.capHeight)
    return [.text(RichText(verbatim: stamp), at: place, .end, style, .seriesText(2))]
  }
}

extension Scene.Item {
  static func text(
    _ content: RichText, at position: Point, _ anchor: Scene.Anchor, _ style: TextStyle,
    _ color: Color, isVertical: Bool = false, hasHalo: Bool = false
  ) -> Scene.Item {
    .text(
      Scene.Text(
        content: content, position: position, anchor: anchor, style: style, color: color,
        isVertical: isVertical, hasHalo: hasHalo))
  }
}
