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

  static let swatch = 15.0
  private static let gap = 13.0

  var lineHeight: Double { style.size * 1.5 }
  var height: Double { Double(rows) * lineHeight }

  /// A legend, unless no series has a name.
  init?(layout: GridLayout) {
    let style = TextStyle(size: layout.theme.labelSize)
    guard !layout.series.names.isEmpty else { return nil }
    self.style = style
    entries = layout.series.names.map { name in
      let text = RichText(name)
      let width = Self.swatch + 4 + layout.measurer.width(of: text, style: style)
      return Entry(series: name, text: text, width: width)
    }
  }

  /// Breaks the entries into rows over the width of the panels.
  mutating func arrange(layout: GridLayout) {
    var left = layout.inner.x
    var right = layout.plot.width - GridLayout.edge
    if layout.plot.columns == 1, entries.map(\.width).reduce(0, +) > right - left {
      left = GridLayout.edge
    }
    if right - left < 60 { right = layout.plot.width }
    var x = left
    var row = 0
    let top = GridLayout.edge + (layout.plot.stamp == nil ? 0 : layout.theme.noteSize + 4)
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
