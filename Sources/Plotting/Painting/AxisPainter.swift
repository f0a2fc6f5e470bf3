/// Draws a panel's grid, spines, ticks, names, labels and title.
struct AxisPainter {
  let layout: GridLayout
  let panel: PlacedPanel

  private var theme: Theme { layout.theme }
  private var frame: Rect { panel.frame }
  private var hasCells: Bool {
    panel.panel.layers.contains { if case .cells = $0.kind { true } else { false } }
  }

  func paint() -> [Scene.Item] {
    title() + (hasCells ? [] : grid()) + spines() + xTicks() + yTicks() + labels()
  }

  private func title() -> [Scene.Item] {
    guard !panel.panel.title.isEmpty else { return [] }
    let style = layout.titleStyle
    let text = layout.labels[panel.panel.title]
    // Titles beside each other stand on one line.
    let below = layout.panels.filter { $0.row == panel.row }.map {
      layout.extent(layout.labels[$0.panel.title], style).below
    }
    let baseline = frame.y - 6.5 - (below.max() ?? 0)
    return [.text(text, at: Point(frame.x, baseline), .start, style, .ink)]
  }

  private func grid() -> [Scene.Item] {
    var path = Path()
    for tick in panel.xTicks.majors {
      guard let x = panel.x.position(tick.value), panel.x.step == 0, x > frame.x + 1,
        x < frame.maxX - 1
      else { continue }
      path.add([Point(x, frame.y), Point(x, frame.maxY)])
    }
    for tick in panel.yTicks.majors {
      guard let y = panel.y.position(tick.value), y < frame.maxY - 1, y > frame.y + 1,
        !isHeading(tick)
      else { continue }
      path.add([Point(frame.x, y), Point(frame.maxX, y)])
    }
    guard !path.pieces.isEmpty else { return [] }
    return [.path(path, fill: nil, stroke: .init(.grid, width: theme.gridWidth))]
  }

  private func isHeading(_ tick: Ticks.Major) -> Bool {
    panel.panel.y.headings.contains { layout.labels[$0] == tick.label }
  }

  private func spines() -> [Scene.Item] {
    var path = Path()
    // Rows of names need no line beside them.
    if panel.y.step > 0, !hasCells {
      path.add([Point(frame.x, frame.maxY), Point(frame.maxX, frame.maxY)])
    } else if panel.x.step > 0, hasCells, panel.y.step > 0 {
      return []
    } else {
      path.add([
        Point(frame.x, frame.y), Point(frame.x, frame.maxY), Point(frame.maxX, frame.maxY),
      ])
    }
    return [.path(path, fill: nil, stroke: .init(.axis, width: theme.spineWidth))]
  }

  private func xTicks() -> [Scene.Item] {
    let style = layout.labelStyle
    let length = layout.tickLength(panel.x)
    var marks = Path()
    var names: [Scene.Item] = []
    let lines = layout.xTickLines(panel)
    let first = frame.maxY + length + 3.5 + style.capHeight + layout.xTickRoom(panel).above
    for (index, tick) in panel.xTicks.majors.enumerated() {
      guard let x = panel.x.position(tick.value) else { continue }
      if length > 0 { marks.add([Point(x, frame.maxY), Point(x, frame.maxY + length)]) }
      guard panel.namesXTicks else { continue }
      let block = layout.tickBlock(lines[index], style: style)
      let shift = first - (block.baselines.first ?? 0)
      for (text, baseline) in zip(block.lines, block.baselines) {
        names.append(.text(text, at: Point(x, baseline + shift), .middle, style, .ink))
      }
    }
    for value in panel.xTicks.minors {
      guard let x = panel.x.position(value) else { continue }
      marks.add([Point(x, frame.maxY), Point(x, frame.maxY + theme.minorTick)])
    }
    return ticks(marks) + names
  }

  private func yTicks() -> [Scene.Item] {
    let style = layout.labelStyle
    let length = layout.tickLength(panel.y)
    var marks = Path()
    var names: [Scene.Item] = []
    let lines = layout.yTickLines(panel)
    for (index, tick) in panel.yTicks.majors.enumerated() {
      guard let y = panel.y.position(tick.value) else { continue }
      if length > 0 { marks.add([Point(frame.x - length, y), Point(frame.x, y)]) }
      guard panel.namesYTicks else { continue }
      let isGrouped = !panel.panel.y.headings.isEmpty
      let isHeading = isHeading(tick)
      let right = frame.x - length - 3
      let x =
        isGrouped
        ? right - layout.widestYTick(panel) + (isHeading ? 0 : GridLayout.indent) : right
      let own = isHeading ? layout.headingStyle : style
      let block = layout.tickBlock(lines[index], style: own)
      for (text, baseline) in zip(block.lines, block.baselines) {
        let place = y + style.capHeight / 2 + baseline - block.height / 2
        names.append(.text(text, at: Point(x, place), isGrouped ? .start : .end, own, .ink))
      }
    }
    for value in panel.yTicks.minors {
      guard let y = panel.y.position(value) else { continue }
      marks.add([Point(frame.x - theme.minorTick, y), Point(frame.x, y)])
    }
    return ticks(marks) + names
  }

  private func ticks(_ path: Path) -> [Scene.Item] {
    path.pieces.isEmpty
      ? [] : [.path(path, fill: nil, stroke: .init(.axis, width: theme.tickWidth))]
  }

  private func labels() -> [Scene.Item] {
    let style = layout.axisLabelStyle
    var items: [Scene.Item] = []
    if !panel.xLabel.isEmpty {
      let below = layout.xTickRoom(panel).height
      let block = layout.labelBlock(panel.xLabel)
      for (index, line) in block.lines.enumerated() {
        let y = frame.maxY + below + 2 + style.capHeight + block.baselines[index]
        // A label that is wider than its panel must stay on the page.
        let half = block.extents[index].width / 2
        let x = min(
          layout.plot.width - GridLayout.edge - half, max(GridLayout.edge + half, frame.midX))
        items.append(.text(line, at: Point(x, y), .middle, style, .muted))
      }
    }
    if !panel.yLabel.isEmpty {
      let names = layout.widestYTick(panel)
      let beside = names > 0 ? names + layout.tickLength(panel.y) + 3 : 0
      let block = layout.labelBlock(panel.yLabel)
      for (line, baseline) in zip(block.lines, block.baselines) {
        let x = frame.x - beside - 5 - (block.height - baseline)
        items.append(
          .text(line, at: Point(x, frame.midY), .middle, style, .muted, isVertical: true))
      }
    }
    return items
  }
}
