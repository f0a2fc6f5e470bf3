/// The names of all series in rows above the panels.
struct Legend {
  struct Entry {
    var series: String
    var text: RichText
    var width: Double
    /// How far a formula in it reaches above and below what words may.
    var above: Double
    var below: Double
    var origin = Point(0, 0)
  }

  private(set) var entries: [Entry]
  let style: TextStyle

  /// The width of the small pictures: room for a line, or for a point alone.
  let swatch: Double
  private static let gap = 13.0

  var lineHeight: Double { style.size * 1.5 }
  private(set) var height = 0.0

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
      let text = layout.labels[name]
      let extent = layout.extent(text, style)
      return Entry(
        series: name, text: text, width: swatch + 4 + extent.width, above: extent.above,
        below: extent.below)
    }
    height = lineHeight
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
    var rows: [Range<Int>] = []
    var first = 0
    for index in entries.indices {
      if x > left, x + entries[index].width > right {
        x = left
        rows.append(first..<index)
        first = index
      }
      entries[index].origin.x = x
      x += entries[index].width + Self.gap
    }
    rows.append(first..<entries.endIndex)
    height = 0
    for row in rows {
      height += entries[row].map(\.above).max() ?? 0
      for index in row { entries[index].origin.y = GridLayout.edge + height + lineHeight / 2 }
      height += lineHeight + (entries[row].map(\.below).max() ?? 0)
    }
  }
}
