/// The names of all series in rows above the panels.
struct Legend {
  struct Entry {
    var series: String
    var text: RichText
    var width: Double
    var origin = Point(0, 0)
  }

  private(set) var entries: [Entry]
  private(set) var rows = 1
  let style: TextStyle

  /// The width of the small pictures: room for a line, or for a point alone.
  let swatch: Double
  private static let gap = 13.0

  var lineHeight: Double { style.size * 1.5 }
  var height: Double { Double(rows) * lineHeight }

  /// A legend, unless no series has a name.
  init?(layout: GridLayout) {
    let style = TextStyle(size: layout.theme.labelSize)
    guard !layout.series.names.isEmpty else { return nil }
    self.style = style
    let hasLines = layout.plot.panels.flatMap(\.layers).contains { layer in
      switch layer.kind {
      case .line, .band, .errorBars(isHorizontal: true): !layer.series.isEmpty
      default: false
      }
    }
    let swatch = hasLines ? 15.0 : 6.0
    self.swatch = swatch
    entries = layout.series.names.map { name in
      let text = RichText(name)
      let width = swatch + 4 + layout.measurer.width(of: text, style: style)
      return Entry(series: name, text: text, width: width)
    }
  }

  /// Breaks the entries into rows over the width of the panels.
  mutating func arrange(layout: GridLayout) {
    var left = layout.inner.x
    var right = layout.plot.width - GridLayout.edge - layout.stampWidth
    if layout.plot.columns == 1, entries.map(\.width).reduce(0, +) > right - left {
      left = GridLayout.edge
    }
    if right - left < 60 { right = layout.plot.width }
    var x = left
    var row = 0
    let top = GridLayout.edge
    for index in entries.indices {
      if x > left, x + entries[index].width > right {
        x = left
        row += 1
      }
      entries[index].origin = Point(x, top + (Double(row) + 0.5) * lineHeight)
      x += entries[index].width + Self.gap
    }
    rows = row + 1
  }
}
