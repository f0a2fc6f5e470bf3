import CairoRendering
import Literate
import Plotting

// Tables: three rules, figures of one width, columns as wide as their cells want.
extension ChapterSetter {
  enum Side { case leading, center, trailing }

  func setTable(_ table: WovenTable, _ column: Column) {
    endParagraphs()
    var slab = Slab(height: 0)
    slab.items.append(.destination(destination("tbl-\(table.record.name)"), Point(0, -8)))
    addCaption("Table \(chapter.number).\(table.number)", table.caption, to: &slab)
    slab.height += 4
    let sides = table.record.columns.map { column -> Side in
      switch column.alignment {
      case .leading: .leading
      case .center: .center
      case .trailing: .trailing
      }
    }
    let strips = grid(
      header: table.header, rows: table.rows, alignments: sides, width: Design.fullWidth)
    let height = strips.reduce(slab.height) { $0 + $1.height }
    // A table that is higher than half a page is broken between its rows.
    if height > 0.55 * Design.textHeight {
      flow.begin(before: 14)
      flow.add(.slab(slab))
      addRows(strips, x: 0)
      flow.end(after: 16)
      return
    }
    for strip in strips {
      slab.add(strip, y: slab.height)
      slab.height += strip.height
    }
    flow.add(.float(slab))
  }

  /// A table without caption, in its place.
  func setGrid(
    header: [[Inline]], rows: [[[Inline]]], alignments: [Side], _ column: Column
  ) {
    endParagraphs()
    let strips = grid(
      header: header, rows: rows, alignments: alignments, width: column.fullWidth)
    flow.begin(before: 10)
    addRows(strips, x: column.x)
    flow.end(after: 12)
  }

  private func addRows(_ strips: [Slab], x: Double) {
    for (index, strip) in strips.enumerated() {
      if index >= 3, strips.count - index >= 2 { flow.add(.breakpoint(cost: 15)) }
      var slab = Slab(height: strip.height)
      slab.add(strip, x: x, y: 0)
      flow.add(.slab(slab))
    }
  }

  /// The rows as strips: the first holds the header and its rules, the last the closing rule.
  private func grid(
    header: [[Inline]], rows: [[[Inline]]], alignments: [Side], width: Double
  ) -> [Slab] {
    let look = Design.table
    let gap = 15.0
    let count = header.count
    guard count > 0 else { return [] }
    let heads = header.map { text.line($0, look.strong()) }
    let cells = rows.map { row in row.map { text.line($0, look) } }
    var widths = (0..<count).map { column in
      max(heads[column].width, cells.map { column < $0.count ? $0[column].width : 0 }.max() ?? 0)
    }
    // Where it is too wide, the widest columns give way until all fits.
    let room = width - gap * Double(count - 1)
    var isNarrowed = false
    while widths.reduce(0, +) > room + 0.01 {
      isNarrowed = true
      let widest = widths.max() ?? 0
      let second = widths.filter { $0 < widest - 0.01 }.max() ?? 0
      let number = widths.filter { $0 > widest - 0.01 }.count
      let surplus = (widths.reduce(0, +) - room) / Double(number)
      let target = max(widest - surplus, second)
      for index in widths.indices where widths[index] > widest - 0.01 { widths[index] = target }
      if widest < 20 { break }
    }
    var starts: [Double] = []
    var x = 0.0
    for width in widths {
      starts.append(x)
      x += width + gap
    }
    let total = x - gap

    func strip(_ row: [[Inline]], _ lines: [TypesetLine], _ look: Look) -> Slab {
      var slab = Slab(height: 0)
      for (column, line) in lines.enumerated() where column < count {
        let broken =
          isNarrowed && line.width > widths[column] + 0.01
          ? text.lines(row[column], look, width: widths[column], isRagged: true) : [line]
        var cell = Slab(height: 2.5)
        for line in broken {
          let shift: Double =
            switch alignments[column] {
            case .leading: 0
            case .center: (widths[column] - line.width) / 2
            case .trailing: widths[column] - line.width
            }
          let part = self.slab(line, look, x: starts[column] + shift)
          cell.add(part, y: cell.height)
          cell.height += part.height
        }
        slab.add(cell, y: 0)
        slab.height = max(slab.height, cell.height + 2.5)
      }
      return slab
    }
    func rule(_ y: Double, _ thickness: Double) -> BookPage.Item {
      .fill(Rect(x: 0, y: y, width: total, height: thickness), Ink.text, radius: 0)
    }
    var strips: [Slab] = []
    var top = strip(header, heads, look.strong())
    top.items.insert(rule(0, 0.8), at: 0)
    top.height += 1
    top.items.append(rule(top.height - 0.4, 0.4))
    strips.append(top)
    for (row, lines) in zip(rows, cells) { strips.append(strip(row, lines, look)) }
    strips[strips.count - 1].height += 1
    strips[strips.count - 1].items.append(rule(strips[strips.count - 1].height - 0.8, 0.8))
    return strips
  }
}
