import Foundation

/// Draws the texts within a panel: names of rules, names of points, annotations.
///
/// Annotations stand where they were put. The others take, of a few places, the one that covers least.
struct NotePainter {
  let layout: GridLayout
  let panel: PlacedPanel

  private var style: TextStyle { TextStyle(size: layout.theme.noteSize) }

  func paint() -> [Scene.Item] {
    var obstacles = Obstacles(panel: panel)
    var items: [Scene.Item] = []
    for label in panel.endLabels { obstacles.texts.append(label.rect) }
    for layer in panel.panel.layers { items += annotation(layer, &obstacles) }
    for layer in panel.panel.layers { items += ruleNames(layer, &obstacles) }
    for layer in panel.panel.layers { items += pointNames(layer, &obstacles) }
    return items
  }

  private func annotation(_ layer: Layer, _ obstacles: inout Obstacles) -> [Scene.Item] {
    guard case .annotation(let dx, let dy, let anchor, let hasArrow) = layer.kind,
      let row = layer.rows.first, let text = row.label, let target = panel.point(row)
    else { return [] }
    let block = TextBlock(
      text.split(separator: "\n", omittingEmptySubsequences: false).map {
        layout.labels[String($0)]
      }, pitch: style.lineHeight, style: style, measurer: layout.measurer)
    let width = block.width
    let height = block.height + style.lineHeight
    let place = Point(target.x + dx, target.y - dy)
    let left =
      switch anchor {
      case .start: place.x
      case .middle: place.x - width / 2
      case .end: place.x - width
      }
    let box = Rect(x: left, y: place.y - height / 2, width: width, height: height)
    obstacles.texts.append(box)
    let color = layout.series.color(of: layer, series: nil).text
    var items: [Scene.Item] = []
    if hasArrow { items += arrow(from: box, to: target, color: color) }
    for (line, baseline) in zip(block.lines, block.baselines) {
      let middle = box.y + baseline + 0.5 * style.lineHeight
      items.append(
        .text(
          line, at: Point(place.x, middle + style.capHeight / 2), anchor, style, color,
          hasHalo: true))
    }
    return items
  }

  /// An arrow from the nearest edge of a text to just before a place.
  private func arrow(from box: Rect, to target: Point, color: Color) -> [Scene.Item] {
    let box = box.insetBy(-2)
    let start = Point(min(box.maxX, max(box.x, target.x)), min(box.maxY, max(box.y, target.y)))
    let (dx, dy) = (target.x - start.x, target.y - start.y)
    let length = (dx * dx + dy * dy).squareRoot()
    guard length > 6 else { return [] }
    let end = Point(target.x - dx / length * 4, target.y - dy / length * 4)
    return Plotting.arrow(from: start, to: end, hasHead: true, color: color, width: 0.6)
  }

  private func ruleNames(_ layer: Layer, _ obstacles: inout Obstacles) -> [Scene.Item] {
    guard case .rule = layer.kind, let row = layer.rows.first, let label = row.label else {
      return []
    }
    let text = layout.labels[label]
    let extent = layout.extent(text, style)
    let width = extent.width
    let frame = panel.frame
    let height = style.size * 1.1 + extent.above + extent.below
    var boxes: [Rect] = []
    if let y = row.y.flatMap({ panel.y.position($0) }) {
      for above in [true, false] {
        let top = above ? y - 2 - height : y + 2
        for x in [frame.maxX - width - 2, frame.x + 4, frame.midX - width / 2] {
          boxes.append(Rect(x: x, y: top, width: width, height: height))
        }
      }
    } else if let x = row.x.flatMap({ panel.x.position($0) }) {
      for top in [frame.y + 1, frame.maxY - height - 3, frame.midY - height / 2] {
        boxes.append(Rect(x: x + 4, y: top, width: width, height: height))
        boxes.append(Rect(x: x - 4 - width, y: top, width: width, height: height))
      }
    }
    guard let box = best(boxes, obstacles) else { return [] }
    obstacles.texts.append(box)
    return [note(text, in: box, color: layout.series.color(of: layer, series: nil).text)]
  }

  private func pointNames(_ layer: Layer, _ obstacles: inout Obstacles) -> [Scene.Item] {
    guard case .points(_, _, let radius) = layer.kind else { return [] }
    var items: [Scene.Item] = []
    for row in layer.rows {
      guard let label = row.label, !label.isEmpty, let point = panel.point(row),
        panel.frame.insetBy(-0.5).contains(point)
      else { continue }
      let text = layout.labels[label]
      let extent = layout.extent(text, style)
      let width = extent.width
      let height = style.size * 1.05 + extent.above + extent.below
      let away = radius + 3
      let boxes = [
        (point.x + away, point.y - height / 2), (point.x - away - width, point.y - height / 2),
        (point.x - width / 2, point.y - away - height), (point.x - width / 2, point.y + away),
        (point.x + away * 0.7, point.y - away * 0.7 - height),
        (point.x + away * 0.7, point.y + away * 0.7),
      ].map { Rect(x: $0.0, y: $0.1, width: width, height: height) }
      guard let box = best(boxes, obstacles) else { continue }
      obstacles.texts.append(box)
      let color = layout.series.color(of: layer, series: row.series)
      items.append(note(text, in: box, color: color.text))
    }
    return items
  }

  private func note(_ text: RichText, in box: Rect, color: Color) -> Scene.Item {
    let extent = layout.extent(text, style)
    let middle = box.midY + (extent.above - extent.below) / 2
    return .text(
      text, at: Point(box.x, middle + style.capHeight / 2), .start, style, color, hasHalo: true)
  }

  /// The first of the places that cover least; leaving the panel costs, leaving the page more.
  private func best(_ boxes: [Rect], _ obstacles: Obstacles) -> Rect? {
    let page = Rect(x: 0, y: 0, width: layout.plot.width, height: layout.plot.height)
    func cost(_ box: Rect) -> Int {
      var cost = obstacles.cost(box.insetBy(-1))
      let corners = [Point(box.x, box.y), Point(box.maxX, box.maxY)]
      if !corners.allSatisfy({ panel.frame.insetBy(-2).contains($0) }) { cost += 4 }
      if !corners.allSatisfy({ page.contains($0) }) { cost += 100 }
      return cost
    }
    return boxes.min { cost($0) < cost($1) }
  }
}

/// A thin line, perhaps with a filled head.
func arrow(from start: Point, to end: Point, hasHead: Bool, color: Color, width: Double)
  -> [Scene.Item]
{
  let (dx, dy) = (end.x - start.x, end.y - start.y)
  let length = (dx * dx + dy * dy).squareRoot()
  let stroke = Scene.Stroke(color, width: width)
  guard hasHead, length > 0 else {
    return [.path(Path(from: start, to: end), fill: nil, stroke: stroke)]
  }
  let size = 3 + width
  let (ux, uy) = (dx / length, dy / length)
  let base = Point(end.x - ux * size, end.y - uy * size)
  let half = size * 0.38
  var head = Path()
  head.add(
    [
      end, Point(base.x - uy * half, base.y + ux * half),
      Point(base.x + uy * half, base.y - ux * half),
    ], isClosed: true)
  return [
    .path(Path(from: start, to: base), fill: nil, stroke: stroke),
    .path(head, fill: .init(color), stroke: nil),
  ]
}

func power(_ base: Double, _ exponent: Double) -> Double { pow(base, exponent) }
