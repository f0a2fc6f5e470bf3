import CairoRendering
import Literate
import Plotting

// Tables: three rules, figures of one width, columns as wide as their cells want.
extension ChapterSetter {
  enum Side { case leading, center, trailing }

  func setTable(_ table: WovenTable, _ column: Column) {
    endParagraphs()
    let name = "Table \(chapter.number).\(table.number)"
    var top = Slab(height: 0)
    top.items.append(.destination(destination("tbl-\(table.record.name)"), Point(0, -8)))
    addCaption(name, table.caption, to: &top)
    top.height += 4
    let sides = table.record.columns.map { column -> Side in
      switch column.alignment {
      case .leading: .leading
      case .center: .center
      case .trailing: .trailing
      }
    }
    let grid = grid(
      header: table.header, rows: table.rows, alignments: sides, width: Design.fullWidth)
    let height = top.height + grid.height
    // A table that is higher than half a page does not float, but is broken between its rows; those
    // before it come first.
    if height > 0.55 * Design.textHeight {
      var again = Slab(height: 0)
      addCaption(name, [.text("continued")], to: &again)
      again.height += 4
      again.add(grid.header, y: again.height)
      again.height += grid.header.height
      flow.add(.barrier)
      flow.begin(before: 14, element: "")
      flow.add(.slab(top))
      flow.end(after: 0, staysWithNext: true)
      addRows(grid, x: 0, again: again, before: 0)
      flow.end(after: 16)
      return
    }
    let start = top.items.count
    for strip in [grid.header] + grid.rows {
      top.add(strip, y: top.height)
      top.height += strip.height
    }
    top.wrap("Table", from: start)
    top.element = ""
    flow.add(.float(top))
  }

  /// A table without caption, in its place.
  ///
  /// - Parameter mostWhole: How high a table may be, in parts of a page, to be kept on one.
  func setGrid(
    header: [[Inline]], rows: [[[Inline]]], alignments: [Side], _ column: Column,
    mostWhole: Double = 0.2
  ) {
    endParagraphs()
    let grid = grid(
      header: header, rows: rows, alignments: alignments, width: column.fullWidth)
    addRows(
      grid, x: column.x, again: grid.header, before: 10,
      staysWhole: grid.height <= mostWhole * Design.textHeight)
    flow.end(after: 12)
  }

  /// The rows of a table with what is drawn where a page ends between them; three rows at least
  /// stand on either side.
  private func addRows(
    _ grid: Grid, x: Double, again: Slab, before: Double, staysWhole: Bool = false
  ) {
    var header = Slab(height: grid.header.height)
    header.add(grid.header, x: x, y: 0)
    flow.begin(before: before, element: "Table")
    flow.add(.slab(header))
    var end = Slab(height: 0.6)
    end.items.append(
      .fill(Rect(x: x, y: 0.2, width: grid.width, height: 0.4), Ink.rule, radius: 0))
    end.beginsElement = false
    end.element = "Table"
    var opening = Slab(height: again.height)
    opening.add(again, x: x, y: 0)
    opening.element = "Table"
    // What could stand on one page is rather not broken.
    let cost = grid.height < 0.9 * Design.textHeight ? 150.0 : 15
    for (index, strip) in grid.rows.enumerated() {
      if !staysWhole, index >= 3, grid.rows.count - index >= 3 {
        flow.add(.breakpoint(cost: cost, seam: .init(before: end, after: opening)))
      }
      var slab = Slab(height: strip.height)
      slab.add(strip, x: x, y: 0)
      flow.add(.slab(slab))
    }
  }

  /// A table as strips: the header with its rules, the rows, the last with the closing rule.
  private struct Grid {
    var header: Slab
    var rows: [Slab]
    var width: Double

    var height: Double { rows.reduce(header.height) { $0 + $1.height } }
  }

  /// The widths of columns that have to share a width.
  ///
  /// - Parameters:
  ///   - bounds: What the columns want, the most comfortable widths first. The first that fit are
  ///     taken, and what is left over goes, in equal parts, to those that wanted more.
  ///   - room: What there is, without the gaps.
  static func widths(_ bounds: [[Double]], room: Double) -> [Double] {
    for (index, bound) in bounds.enumerated() {
      var widths = bound
      var surplus = room - widths.reduce(0, +)
      guard surplus >= 0 else { continue }
      let wanted = bounds[max(0, index - 1)]
      while surplus > 0.01 {
        let open = widths.indices.filter { widths[$0] < wanted[$0] - 0.01 }
        guard !open.isEmpty else { break }
        let part = surplus / Double(open.count)
        for column in open {
          let more = min(part, wanted[column] - widths[column])
          widths[column] += more
          surplus -= more
        }
      }
      return widths
    }
    // Nothing fits: the widest columns give way until all does.
    var widths = bounds.last ?? []
    while widths.reduce(0, +) > room + 0.01 {
      let widest = widths.max() ?? 0
      if widest < 20 { break }
      let second = widths.filter { $0 < widest - 0.01 }.max() ?? 0
      let number = widths.filter { $0 > widest - 0.01 }.count
      let target = max(widest - (widths.reduce(0, +) - room) / Double(number), second)
      for index in widths.indices where widths[index] > widest - 0.01 { widths[index] = target }
    }
    return widths
  }

  /// An interval stays on one line, `[0.9, 1.1]` as `(0.9 to 1.1)`; a range is broken before "to".
  static func glued(_ inlines: [Inline]) -> [Inline] {
    inlines.map { inline in
      switch inline {
      case .text(let text):
        var depth = 0
        return .text(
          String(
            text.map { character -> Character in
              if "[(".contains(character) { depth += 1 }
              if "])".contains(character) { depth -= 1 }
              return depth > 0 && character == " " ? "\u{00A0}" : character
            }
          ).replacing(" to ", with: " to\u{00A0}"))
      case .value(let name, let inner): return .value(name: name, glued(inner))
      case .strong(let inner): return .strong(glued(inner))
      default: return inline
      }
    }
  }

  /// What columns want at the usual size.
  private struct ColumnBounds {
    /// The widths of the cells on one line.
    var natural: [Double]
    /// The widths of the columns, each level with more that is broken: nothing, the headers, the
    /// texts, the numbers before their intervals, all that can be.
    var levels: [[Double]]
  }

  private func columnBounds(
    header: [[Inline]], rows: [[[Inline]]], alignments: [Side]
  ) -> ColumnBounds {
    let look = Design.table
    func widest(_ width: ([Inline]) -> Double) -> [Double] {
      header.indices.map { column in
        rows.map { column < $0.count ? width($0[column]) : 0 }.max() ?? 0
      }
    }
    let natural = widest { text.line($0, look).width }
    let words = widest { text.widestWord($0, look) }
    let heads = header.map { text.line($0, look.strong()).width }
    let headWords = header.map { text.widestWord($0, look.strong()) }
    func columns(_ width: (Int) -> Double) -> [Double] {
      header.indices.map { max(headWords[$0], width($0)) }
    }
    func isNumber(_ column: Int) -> Bool { alignments[column] == .trailing }
    func broken(_ column: Int) -> Double { max(words[column], min(natural[column], 84)) }
    return ColumnBounds(
      natural: natural,
      levels: [
        columns { max(heads[$0], natural[$0]) }, columns { natural[$0] },
        columns { isNumber($0) ? natural[$0] : broken($0) },
        columns { isNumber($0) ? words[$0] : broken($0) }, columns { words[$0] },
      ])
  }

  /// How close and how small a table is set: as little of each as it takes.
  private static func density(
    _ bounds: ColumnBounds, width: Double
  ) -> (factor: Double, gap: Double) {
    let ways: [(factor: Double, gap: Double, level: Int)] = [
      (1, 15, 1), (1, 10, 1), (1, 15, 2), (0.92, 9, 1), (0.92, 9, 2), (1, 12, 3), (0.92, 9, 3),
      (0.85, 8, 2), (0.85, 8, 4),
    ]
    let gaps = Double(bounds.natural.count - 1)
    let way = ways.first {
      bounds.levels[$0.level].reduce(0, +) * $0.factor + $0.gap * gaps <= width
    }
    return way.map { ($0.factor, $0.gap) } ?? (0.85, 8)
  }

  private func grid(
    header: [[Inline]], rows: [[[Inline]]], alignments: [Side], width: Double
  ) -> Grid {
    let count = header.count
    guard count > 0 else { return Grid(header: Slab(height: 0), rows: [], width: 0) }
    let rows = rows.map { row in
      zip(row, alignments).map { $1 == .trailing ? Self.glued($0) : $0 }
    }
    let bounds = columnBounds(header: header, rows: rows, alignments: alignments)
    let density = Self.density(bounds, width: width)
    let look = Design.table.changed {
      $0.size *= density.factor
      $0.leading *= density.factor
    }
    let gap = density.gap
    func scaled(_ widths: [Double]) -> [Double] { widths.map { $0 * density.factor } }
    let widths = Self.widths(
      bounds.levels.map(scaled), room: width - gap * Double(count - 1))
    let (natural, tight) = (scaled(bounds.natural), scaled(bounds.levels[4]))
    let heads = header.map { text.line($0, look.strong()) }
    let cells = rows.map { row in row.map { text.line($0, look) } }
    var starts: [Double] = []
    var x = 0.0
    for width in widths {
      starts.append(x)
      x += width + gap
    }
    let total = x - gap

    func strip(
      _ row: [[Inline]], _ lines: [TypesetLine], _ look: Look, cell name: String
    ) -> Slab {
      var columns: [Slab] = []
      for (column, line) in lines.enumerated() where column < count {
        // Where one number of a column stands over its interval, all do.
        let isTight =
          name == "TD" && alignments[column] == .trailing
          && widths[column] < natural[column] - 0.01
        let room = isTight ? tight[column] : widths[column]
        let broken =
          line.width > room + 0.01
          ? text.lines(row[column], look, width: room, isRagged: true) : [line]
        var cell = Slab(height: 0)
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
        cell.wrap(name)
        columns.append(cell)
      }
      let height = columns.map(\.height).max() ?? 0
      var slab = Slab(height: height + 5)
      for cell in columns {
        // Headers of one line stand beside the last line of the others.
        slab.add(cell, y: 2.5 + (name == "TH" ? height - cell.height : 0))
      }
      slab.wrap("TR")
      return slab
    }
    func rule(_ y: Double, _ thickness: Double) -> BookPage.Item {
      .fill(Rect(x: 0, y: y, width: total, height: thickness), Ink.text, radius: 0)
    }
    var top = strip(header, heads, look.strong(), cell: "TH")
    top.items.insert(rule(0, 0.8), at: 0)
    top.height += 1
    top.items.append(rule(top.height - 0.4, 0.4))
    var strips = zip(rows, cells).map { strip($0, $1, look, cell: "TD") }
    if strips.isEmpty { strips = [Slab(height: 1)] }
    strips[strips.count - 1].height += 1
    strips[strips.count - 1].items.append(rule(strips[strips.count - 1].height - 0.8, 0.8))
    return Grid(header: top, rows: strips, width: total)
  }
}
