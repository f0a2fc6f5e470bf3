/// A series' name beside the end of its line.
struct EndLabel: Equatable {
  var series: String
  var text: RichText
  var color: Color
  /// The end of the line.
  var end: Point
  /// Where the text stands.
  var rect: Rect
  /// How far a formula in it reaches above and below what words may.
  var above = 0.0
  var below = 0.0
  /// Whether the text had to leave the end so far that a thin line joins them.
  var hasLeader = false
  /// Whether the text covers something.
  var isInTheWay = false
}

/// Finds places for names at the ends of lines.
///
/// If all lines end near the right edge the names stand in a column, pushed apart as little as
/// possible. Otherwise each stands at its own end: behind it, above it or below it.
struct EndLabels {
  let layout: GridLayout
  let panel: PlacedPanel

  private var style: TextStyle { TextStyle(size: layout.theme.labelSize, weight: .medium) }
  private var height: Double { style.size * 1.18 }

  func place() -> [EndLabel] {
    let labels = ends()
    guard let furthest = labels.map(\.end.x).max() else { return [] }
    let isColumn = labels.allSatisfy { furthest - $0.end.x < 0.12 * panel.frame.width }
    return isColumn ? column(labels, at: furthest) : scattered(labels)
  }

  /// The names with the last visible points of their lines, in the order of the series.
  private func ends() -> [EndLabel] {
    layout.series.names.compactMap { name in
      guard isNamedHere(name) else { return nil }
      var last: Point?
      var color = Color.ink
      for layer in panel.panel.layers {
        guard case .line = layer.kind else { continue }
        for row in layer.rows where row.series == name {
          guard let point = panel.point(row), panel.frame.insetBy(-0.5).contains(point) else {
            continue
          }
          if last.map({ point.x > $0.x }) ?? true {
            last = point
            color = layout.series.color(of: layer, series: name)
          }
        }
      }
      guard let last else { return nil }
      let text = layout.labels[name]
      let extent = layout.extent(text, style)
      let height = height + extent.above + extent.below
      return EndLabel(
        series: name, text: text, color: color.text, end: last,
        rect: Rect(x: last.x + 6, y: last.y - height / 2, width: extent.width, height: height),
        above: extent.above, below: extent.below)
    }
  }

  /// In several panels of a row a series is named in the last one it appears in.
  private func isNamedHere(_ name: String) -> Bool {
    let last = layout.panels.last { other in
      other.row == panel.row && other.panel.layers.contains { $0.series.contains(name) }
    }
    return last?.column == panel.column
  }

  private func column(_ labels: [EndLabel], at right: Double) -> [EndLabel] {
    var labels = labels.sorted { ($0.end.y, $0.series) < ($1.end.y, $1.series) }
    let height = labels.map(\.rect.height).max() ?? height
    let half = height / 2
    let limits = (panel.frame.y - 4 + half)...(panel.frame.maxY + half)
    let spread = Self.spread(labels.map(\.end.y), distance: height, within: limits)
    let isSpread = zip(labels, spread).contains { abs($0.end.y - $1) > 3.5 }
    let isTooFull = Double(labels.count) * height > limits.upperBound - limits.lowerBound + height
    let obstacles = Obstacles(panel: panel)
    for index in labels.indices {
      labels[index].rect.x = isSpread ? max(right + 15, panel.frame.maxX + 3) : right + 6
      labels[index].rect.y = spread[index] - labels[index].rect.height / 2
      labels[index].hasLeader = isSpread || right - labels[index].end.x > 8
      let isCovering =
        obstacles.cost(labels[index].rect.insetBy(1), except: labels[index].series) > 0
      labels[index].isInTheWay = isTooFull || isCovering
    }
    return labels
  }

  /// Each at its own end: of a few places there, the one that covers least.
  private func scattered(_ labels: [EndLabel]) -> [EndLabel] {
    var labels = labels
    var obstacles = Obstacles(panel: panel)
    let frame = panel.frame
    for index in labels.indices {
      let label = labels[index]
      let (width, height, end) = (label.rect.width, label.rect.height, label.end)
      let boxes = [
        (6, -height / 2), (5, -height), (5, 0), (6, -1.4 * height), (6, 0.4 * height),
        (-width / 2, -height - 3), (-width / 2, 3), (-width - 4, 3), (-width - 4, -height - 3),
      ].map { Rect(x: end.x + $0.0, y: end.y + $0.1, width: width, height: height) }
      // A place with air around it is better than one that just covers nothing.
      func cost(_ box: Rect) -> Int {
        var cost = 10 * obstacles.cost(box.insetBy(0.5), except: label.series)
        cost += obstacles.cost(box.insetBy(-1), except: label.series)
        if box.y < frame.y - 8 || box.maxY > frame.maxY { cost += 40 }
        return cost
      }
      let costs = boxes.map(cost)
      let best = costs.indices.min { (costs[$0], $0) < (costs[$1], $1) } ?? 0
      labels[index].rect = boxes[best]
      labels[index].isInTheWay = costs[best] >= 10
      obstacles.texts.append(boxes[best].insetBy(0.5))
    }
    return labels
  }

  /// The places nearest to the wished ones (ascending) that keep a distance: least squares by pooling
  /// neighbours that are too close.
  static func spread(
    _ wishes: [Double], distance: Double, within limits: ClosedRange<Double>
  ) -> [Double] {
    struct Pool {
      var sum: Double
      var count: Int
      var center: Double { sum / Double(count) }
    }
    // With the distances taken off, "apart" becomes "ascending".
    var pools: [Pool] = []
    for (index, wish) in wishes.enumerated() {
      pools.append(Pool(sum: wish - Double(index) * distance, count: 1))
      while pools.count > 1, pools[pools.count - 2].center > pools[pools.count - 1].center {
        let last = pools.removeLast()
        pools[pools.count - 1].sum += last.sum
        pools[pools.count - 1].count += last.count
      }
    }
    let room = max(0, limits.upperBound - limits.lowerBound - Double(wishes.count - 1) * distance)
    return pools.flatMap { Array(repeating: $0.center, count: $0.count) }.enumerated().map {
      let offset = min(room, max(0, $0.element - limits.lowerBound))
      return limits.lowerBound + offset + Double($0.offset) * distance
    }
  }
}
