/// A panel with its place on the page.
struct PlacedPanel {
  var panel: Panel
  var row: Int
  var column: Int
  var frame = Rect(x: 0, y: 0, width: 1, height: 1)
  var x: Scale
  var y: Scale
  var xTicks = Ticks(majors: [])
  var yTicks = Ticks(majors: [])
  /// Whether ticks have their names here or at another panel of the row or column.
  var namesXTicks = true
  var namesYTicks = true
  var xLabel: [RichText] = []
  var yLabel: [RichText] = []
  var endLabels: [EndLabel] = []
}

/// The places of everything in a figure.
///
/// Margins depend on the ticks, ticks on the room, room on the margins: three rounds settle it.
struct GridLayout {
  let plot: Plot
  let labels: LabelTable
  let theme: Theme
  let measurer: any TextMeasurer
  let series: SeriesTable
  var panels: [PlacedPanel] = []
  var legend: Legend?
  var colorBar: ColorBar?
  /// Axis labels that belong to all panels, if there is more than one.
  var sharedXLabel: [RichText] = []
  var sharedYLabel: [RichText] = []
  /// Where the panels lie, without names and labels.
  var inner = Rect(x: 0, y: 0, width: 1, height: 1)

  static let edge = 3.0
  static let columnGap = 14.0
  static let rowGap = 10.0
  /// Between a panel and the notes on its rows.
  static let rowNoteGap = 9.0
  /// How far names of categories stand back under their heading.
  static let indent = 8.0

  var labelStyle: TextStyle { TextStyle(size: theme.labelSize) }
  var axisLabelStyle: TextStyle { TextStyle(size: theme.axisLabelSize) }
  var headingStyle: TextStyle { TextStyle(size: theme.labelSize, weight: .semibold) }
  var titleStyle: TextStyle { TextStyle(size: theme.titleSize, weight: .semibold) }
  var stampStyle: TextStyle { TextStyle(size: theme.noteSize, weight: .semibold) }
  var rows: Int { (plot.panels.count + plot.columns - 1) / plot.columns }
  var isSingle: Bool { plot.panels.count == 1 }

  init(plot: Plot, labels: LabelTable, theme: Theme, measurer: any TextMeasurer) {
    self.plot = plot
    self.labels = labels
    self.theme = theme
    self.measurer = measurer
    series = SeriesTable(plot: plot)
    makePanels()
    colorBar = ColorBar(layout: self)

    var wantsEnds = wantsEndLabels
    if !wantsEnds { makeLegendIfWanted() }
    for _ in 0..<2 {
      for _ in 0..<3 { settle(withEndLabels: wantsEnds) }
      guard wantsEnds, case .automatic = plot.labels else { break }
      if panels.allSatisfy({ panel in panel.endLabels.allSatisfy { !$0.isInTheWay } }) { break }
      wantsEnds = false
      for index in panels.indices { panels[index].endLabels = [] }
      makeLegendIfWanted()
    }
  }

  private mutating func makePanels() {
    let allX = AxisContent(panels: plot.panels, isX: true)
    let allY = AxisContent(panels: plot.panels, isX: false)
    panels = plot.panels.enumerated().map { index, panel in
      var panel = panel
      if plot.sharing.sharesX { panel.x = plot.panels[0].x }
      if plot.sharing.sharesY { panel.y = plot.panels[0].y }
      let ownX = plot.sharing.sharesX ? allX : AxisContent(panels: [panel], isX: true)
      let ownY = plot.sharing.sharesY ? allY : AxisContent(panels: [panel], isX: false)
      var placed = PlacedPanel(
        panel: panel, row: index / plot.columns, column: index % plot.columns,
        x: ownX.scale(for: panel.x, isX: true), y: ownY.scale(for: panel.y, isX: false))
      placed.namesYTicks = !plot.sharing.sharesY || placed.column == 0
      placed.namesXTicks = !plot.sharing.sharesX || index + plot.columns >= plot.panels.count
      return placed
    }
  }

  /// Whether labels at the ends of lines are worth trying.
  private var wantsEndLabels: Bool {
    switch plot.labels {
    case .none, .legend: return false
    case .atEnds: return true
    case .automatic:
      let perPanel = plot.panels.map { Set($0.layers.flatMap(\.series)) }
      let withLines = Set(
        plot.panels.flatMap(\.layers).flatMap { layer -> [String] in
          if case .line = layer.kind { layer.series } else { [] }
        })
      guard Set(series.names).isSubset(of: withLines) else { return false }
      // A series in several panels is named once, in a legend.
      return perPanel.reduce(0) { $0 + $1.count } == series.names.count
    }
  }

  private mutating func makeLegendIfWanted() {
    if case .none = plot.labels { return }
    legend = Legend(layout: self)
  }

  // MARK: One round

  private mutating func settle(withEndLabels: Bool) {
    let columns = plot.columns
    var left = [Double](repeating: 0, count: columns)
    var right = [Double](repeating: 4, count: columns)
    var bottom = [Double](repeating: 0, count: rows)
    var top = [Double](repeating: 0, count: rows)

    for index in panels.indices {
      chooseTicks(index)
      let panel = panels[index]
      left[panel.column] = max(left[panel.column], leftMargin(panel))
      right[panel.column] = max(right[panel.column], rightMargin(panel))
      // Names under a panel that has none below it hang into the free place.
      let isAboveNothing = panel.row < rows - 1 && index + columns >= panels.count
      if !isAboveNothing || !plot.sharing.sharesX {
        bottom[panel.row] = max(bottom[panel.row], bottomMargin(panel))
      }
      top[panel.row] = max(top[panel.row], topMargin(panel))
    }
    let yLabelRoom = sharedYLabel.isEmpty ? 0 : labelRoom(sharedYLabel)
    let xLabelRoom = sharedXLabel.isEmpty ? 0 : labelRoom(sharedXLabel)
    let legendHeight = legend.map { $0.height + 6 } ?? 0
    // The stamp stands beside the legend or above the titles.
    let stampHeight = plot.stamp != nil && legend == nil && top[0] > 0 ? theme.noteSize + 2 : 0
    let firstTop = max(Self.edge + legendHeight + stampHeight, top[0] > 0 ? 0 : labelStyle.size)
    let barRoom = colorBar.map { $0.room(layout: self) } ?? 0

    let rowGaps = Double(rows - 1) * Self.rowGap
    let height =
      (plot.height - firstTop - top.reduce(0, +) - bottom.reduce(0, +) - xLabelRoom - Self.edge
        - rowGaps) / Double(rows)
    let width =
      (plot.width - Self.edge - yLabelRoom - left.reduce(0, +) - right.reduce(0, +) - barRoom
        - Double(columns - 1) * Self.columnGap) / Double(columns)
    precondition(
      width > 20 && height > 20,
      "no room is left between the labels of a \(plot.width) by \(plot.height) point figure")

    for index in panels.indices {
      let (row, column) = (panels[index].row, panels[index].column)
      let x =
        Self.edge + yLabelRoom + left[...column].reduce(0, +) + right[..<column].reduce(0, +)
        + Double(column) * (width + Self.columnGap)
      let y =
        firstTop + top[...row].reduce(0, +) + bottom[..<row].reduce(0, +)
        + Double(row) * (height + Self.rowGap)
      panels[index].frame = Rect(x: x, y: y, width: width, height: height)
      panels[index].x.start = x
      panels[index].x.end = x + width
      let isCategories = panels[index].y.step > 0
      panels[index].y.start = isCategories ? y : y + height
      panels[index].y.end = isCategories ? y + height : y
    }
    let first = panels[0].frame
    inner = Rect(
      x: first.x, y: first.y,
      width: (panels.map(\.frame.maxX).max() ?? 0) - first.x,
      height: (panels.map(\.frame.maxY).max() ?? 0) - first.y)

    breakLabels()
    var arranged = legend
    arranged?.arrange(layout: self)
    legend = arranged
    for index in panels.indices where withEndLabels {
      panels[index].endLabels = EndLabels(layout: self, panel: panels[index]).place()
    }
  }

  private mutating func chooseTicks(_ index: Int) {
    let panel = panels[index]
    let style = labelStyle
    let isFirst = panel.frame.width <= 1
    let width = isFirst ? plot.width / Double(plot.columns) * 0.8 : panel.frame.width
    let height = isFirst ? plot.height / Double(rows) * 0.75 : panel.frame.height
    var x = panel.x
    if isFirst { (x.start, x.end) = (0, width) }
    let measurer = measurer
    panels[index].xTicks = Ticks.choose(
      axis: panel.panel.x, scale: x, labels: labels, limit: max(2, Int(width / 32))
    ) { majors in
      var previous = -Double.infinity
      for major in majors {
        guard let center = x.position(major.value) else { continue }
        let half = measurer.width(of: major.label, style: style) / 2
        if center - half < previous + 7 { return true }
        previous = center + half
      }
      return false
    }
    panels[index].yTicks = Ticks.choose(
      axis: panel.panel.y, scale: panel.y, labels: labels, limit: max(2, Int(height / 22)),
      isCrowded: { _ in false })
  }

  // MARK: Margins

  func extent(_ text: RichText, _ style: TextStyle) -> TextExtent {
    measurer.extent(of: text, style: style)
  }

  /// The lines of an axis's label.
  func labelBlock(_ lines: [RichText]) -> TextBlock {
    TextBlock(lines, pitch: axisLabelStyle.lineHeight, style: axisLabelStyle, measurer: measurer)
  }

  /// The lines of a tick's name.
  func tickBlock(_ lines: [RichText], style: TextStyle) -> TextBlock {
    TextBlock(lines, pitch: style.size * 1.2, style: style, measurer: measurer)
  }

  func labelRoom(_ lines: [RichText]) -> Double {
    lines.isEmpty ? 0 : labelBlock(lines).height + axisLabelStyle.lineHeight + 3
  }

  /// The room of the names of the x ticks: down to the first baseline, more than words need, and all
  /// of it. The names of a panel have their first baseline in common.
  func xTickRoom(_ panel: PlacedPanel) -> (above: Double, height: Double) {
    guard panel.namesXTicks else { return (0, 0) }
    let blocks = xTickLines(panel).map { tickBlock($0, style: labelStyle) }
    let above = blocks.compactMap(\.baselines.first).max() ?? 0
    let below = blocks.map { $0.height - ($0.baselines.first ?? 0) }.max() ?? 0
    let line = blocks.isEmpty ? 0 : labelStyle.size * 1.2
    return (above, tickLength(panel.x) + 3.5 + line + above + below)
  }

  /// The room of a panel's title, or of the title of the notes on its rows.
  private func topMargin(_ panel: PlacedPanel) -> Double {
    func room(_ title: String, _ style: TextStyle, _ gap: Double) -> Double {
      if title.isEmpty { return 0 }
      let extent = extent(labels[title], style)
      return style.lineHeight + gap + extent.above + extent.below
    }
    var top = room(panel.panel.title, titleStyle, 3)
    for layer in panel.panel.layers {
      if case .rowNotes(let title) = layer.kind { top = max(top, room(title, labelStyle, 2)) }
    }
    return top
  }

  func widestYTick(_ panel: PlacedPanel) -> Double {
    guard panel.namesYTicks else { return 0 }
    let headings = panel.panel.y.headings
    return zip(panel.yTicks.majors, yTickLines(panel)).map { tick, lines in
      let isHeading = headings.contains(where: { labels[$0] == tick.label })
      let style = isHeading ? headingStyle : labelStyle
      let width = lines.map { measurer.width(of: $0, style: style) }.max() ?? 0
      return headings.isEmpty || isHeading ? width : width + Self.indent
    }.max() ?? 0
  }

  /// The names of the y ticks; long names of categories are broken.
  func yTickLines(_ panel: PlacedPanel) -> [[RichText]] {
    guard case .categories(let names) = panel.y.kind else {
      return panel.yTicks.majors.map { [$0.label] }
    }
    return names.map {
      RichText.lines(labels[$0], width: plot.width * 0.34, style: labelStyle, measurer: measurer)
    }
  }

  /// The names of the x ticks; names of categories are broken to fit their columns.
  func xTickLines(_ panel: PlacedPanel) -> [[RichText]] {
    guard case .categories(let names) = panel.x.kind else {
      return panel.xTicks.majors.map { [$0.label] }
    }
    let width = panel.frame.width > 1 ? panel.x.step - 4 : plot.width / 10
    return names.map {
      RichText.lines(labels[$0], width: width, style: labelStyle, measurer: measurer)
    }
  }

  /// The room that the stamp takes in the first line.
  var stampWidth: Double {
    guard let stamp = plot.stamp, !stamp.isEmpty else { return 0 }
    return measurer.width(of: RichText(verbatim: stamp), style: stampStyle) + 12
  }

  func tickLength(_ scale: Scale) -> Double { scale.step > 0 ? 0 : theme.majorTick }

  private func leftMargin(_ panel: PlacedPanel) -> Double {
    let names = widestYTick(panel)
    return (names > 0 ? names + tickLength(panel.y) + 3 : 0)
      + (panel.yLabel.isEmpty ? 0 : labelRoom(panel.yLabel) + 1)
  }

  private func rightMargin(_ panel: PlacedPanel) -> Double {
    var overflow = 0.0
    if panel.frame.width > 1, panel.namesXTicks, let last = panel.xTicks.majors.last,
      let place = panel.x.position(last.value)
    {
      let half = measurer.width(of: last.label, style: labelStyle) / 2
      overflow = place + half - panel.frame.maxX
    }
    for layer in panel.panel.layers {
      guard case .rowNotes(let title) = layer.kind else { continue }
      for text in layer.rows.compactMap(\.label) + [title] {
        let width = measurer.width(of: labels[text], style: labelStyle)
        overflow = max(overflow, Self.rowNoteGap + width + 1)
      }
    }
    for label in panel.endLabels {
      overflow = max(overflow, label.rect.maxX - panel.frame.maxX + 2)
    }
    return max(4, overflow + 1)
  }

  private func bottomMargin(_ panel: PlacedPanel) -> Double {
    return xTickRoom(panel).height + (panel.xLabel.isEmpty ? 0 : labelRoom(panel.xLabel))
  }

  private mutating func breakLabels() {
    func lines(_ label: String, _ room: Double) -> [RichText] {
      RichText.lines(labels[label], width: room, style: axisLabelStyle, measurer: measurer)
    }
    sharedXLabel =
      plot.sharing.sharesX && !isSingle ? lines(panels[0].panel.x.label, inner.width) : []
    sharedYLabel =
      plot.sharing.sharesY && !isSingle ? lines(panels[0].panel.y.label, inner.height + 10) : []
    for index in panels.indices {
      let panel = panels[index]
      if isSingle || !plot.sharing.sharesX {
        panels[index].xLabel = lines(panel.panel.x.label, panel.frame.width + 16)
      }
      if isSingle || !plot.sharing.sharesY {
        panels[index].yLabel = lines(panel.panel.y.label, panel.frame.height + 14)
      }
    }
  }
}
