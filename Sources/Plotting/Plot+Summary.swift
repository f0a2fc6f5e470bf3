extension Plot {
  /// What the figure shows, in sentences made from its data: axes, ranges, series and their ends.
  ///
  /// Good as a draft of the text for those who cannot see the figure; what it *means* you must add.
  ///
  /// - Parameter figure: The figure's name, for messages.
  /// - Throws: `LabelError` if a label has a formula that cannot be read.
  public func summary(figure: String? = nil) throws(LabelError) -> String {
    Summary(plot: self, labels: try LabelTable(self, figure: figure)).text
  }
}

/// Tells a figure in sentences.
private struct Summary {
  let plot: Plot
  let labels: LabelTable

  private var panels: [Panel] { plot.panels }
  private var sharing: Sharing { plot.sharing }

  var text: String {
    var sentences: [String] = []
    if panels.count > 1 { sentences.append("\(panels.count) panels.") }
    for (index, panel) in panels.enumerated() {
      if panels.count > 1 {
        let title = labels.plain(panel.title)
        sentences.append(title.isEmpty ? "Panel \(index + 1)." : "Panel \(index + 1), \(title).")
      }
      let isFirst = index == 0
      if isFirst || !sharing.sharesX { sentences.append(describe(panel.x, panel, isX: true)) }
      if isFirst || !sharing.sharesY { sentences.append(describe(panel.y, panel, isX: false)) }
      let lines = Set(
        panel.layers.flatMap { layer -> [String] in
          if case .line = layer.kind { layer.series } else { [] }
        })
      sentences += panel.layers.flatMap { describe($0, in: panel, lines: lines) }
    }
    return sentences.filter { !$0.isEmpty }.joined(separator: " ")
  }

  private func describe(_ axis: Axis, _ panel: Panel, isX: Bool) -> String {
    let shares = isX ? sharing.sharesX : sharing.sharesY
    let content = AxisContent(panels: shares ? panels : [panel], isX: isX)
    let label = labels.plain(axis.label)
    let name = isX ? "Horizontal axis" : "Vertical axis"
    let subject = label.isEmpty ? name : "\(name): \(label)"
    if case .categories(let order) = axis.kind {
      // What has a sentence for each name needs no list of them.
      let isTold = panel.layers.contains {
        if case .points = $0.kind { !isX } else { false }
      }
      if isTold { return label.isEmpty ? "" : subject + "." }
      let names = (order ?? content.names).map { labels.plain($0) }
      return subject + (label.isEmpty ? ": " : ": one of ") + names.joined(separator: "; ") + "."
    }
    let isLogarithmic = axis.kind == .logarithmic
    let values = (content.numbers + content.edges).filter {
      $0.isFinite && (!isLogarithmic || $0 > 0)
    }
    guard let low = values.min(), let high = values.max() else { return subject + "." }
    // Of a domain that was given, the room beside the outer ticks tells nothing.
    let ticks = (axis.ticks ?? []).map(\.value)
    let domain = axis.domain ?? (low...high)
    let (from, to) = (ticks.min() ?? domain.lowerBound, ticks.max() ?? domain.upperBound)
    func text(_ value: Double) -> String {
      axis.format == .percent
        ? NumberLabel.prose(min(1, value) * 100) + "\u{202F}%" : NumberLabel.prose(value)
    }
    return subject
      + ", from \(text(from)) to \(text(to))"
      + (isLogarithmic ? " (logarithmic)." : ".")
  }

  /// Sentences on a mark; points of a series with a line are told by the line.
  private func describe(_ layer: Layer, in panel: Panel, lines: Set<String>) -> [String] {
    switch layer.kind {
    case .annotation, .segment, .errorBars, .band, .rowNotes:
      return []
    case .rule:
      return layer.rows.map { row in
        let place = row.y.map { "y = \(prose($0))" } ?? row.x.map { "x = \(prose($0))" } ?? ""
        let label = row.label.map { ", \(labels.plain($0))" } ?? ""
        return "A rule at \(place)\(label)."
      }
    case .contours:
      let levels = Set(layer.rows.filter { !$0.isBreak }.compactMap(\.value)).sorted()
      guard let first = levels.first, let last = levels.last else { return [] }
      return [
        "Lines of equal value, \(levels.count) from \(NumberLabel.prose(first)) to "
          + "\(NumberLabel.prose(last))."
      ]
    case .points where layer.scale != nil, .cells:
      let values = layer.rows.compactMap { row in row.value.map { ($0, row) } }
        .filter { $0.0.isFinite }
      guard let scale = layer.scale, let low = values.min(by: { $0.0 < $1.0 }),
        let high = values.max(by: { $0.0 < $1.0 })
      else { return [] }
      return [
        "\(values.count) \(layer.name)s of \(labels.plain(scale.label)), from "
          + "\(NumberLabel.prose(low.0)) at \(place(low.1)) to "
          + "\(NumberLabel.prose(high.0)) at \(place(high.1))."
      ]
    case .points:
      if case .categories = panel.y.kind { return byName(layer, in: panel) }
      return layer.groups.compactMap { group in
        if let series = group.series, lines.contains(series) { return nil }
        guard let first = group.rows.first, let last = group.rows.last else { return nil }
        let name = group.series.map { " \(labels.plain($0))" } ?? ""
        let count = group.rows.count
        if count == 1 { return "1 point\(name) at \(place(first))." }
        return "\(count) points\(name) from \(place(first)) to \(place(last))."
      }
    case .line:
      return layer.groups.compactMap { group in
        let rows = group.rows.filter { $0.x != nil && $0.y?.number.map(\.isFinite) ?? false }
        let name = group.series.map { " \(labels.plain($0))" } ?? ""
        return course(rows).map { "Line\(name) \($0)." }
      }
    }
  }

  /// How a line runs: "falls from (1, 9) to (4, 2)", "falls from (1, 9) to (3, 1) and rises to (4, 2)".
  private func course(_ rows: [Layer.Row]) -> String? {
    guard let first = rows.first, let last = rows.last,
      let lowest = rows.indices.min(by: { (rows[$0].y?.number ?? 0) < (rows[$1].y?.number ?? 0) }),
      let highest = rows.indices.max(by: { (rows[$0].y?.number ?? 0) < (rows[$1].y?.number ?? 0) })
    else { return nil }
    func value(_ row: Layer.Row) -> Double { row.y?.number ?? 0 }
    let range = value(rows[highest]) - value(rows[lowest])
    let (begin, end) = (value(first), value(last))
    // A turn within is told if it is more than a wobble.
    let slack = 0.08 * range
    if begin - value(rows[lowest]) > slack, end - value(rows[lowest]) > slack {
      return "falls from \(place(first)) to \(place(rows[lowest])) and rises to \(place(last))"
    }
    if value(rows[highest]) - begin > slack, value(rows[highest]) - end > slack {
      return "rises from \(place(first)) to \(place(rows[highest])) and falls to \(place(last))"
    }
    let verb = range == 0 ? "runs level" : end > begin ? "rises" : "falls"
    return "\(verb) from \(place(first)) to \(place(last))"
  }

  /// One sentence a row of names, with its interval: "Cosine: 1.48, from 1.36 to 1.62."
  private func byName(_ layer: Layer, in panel: Panel) -> [String] {
    let bars = panel.layers.filter {
      if case .errorBars(isHorizontal: true) = $0.kind { true } else { false }
    }.flatMap(\.rows)
    return layer.rows.compactMap { row in
      guard case .name(let name)? = row.y, let x = row.x else { return nil }
      let series = row.series.map { " (\(labels.plain($0)))" } ?? ""
      let bar = bars.first { $0.y == row.y && $0.series == row.series }
      var text = "\(labels.plain(name))\(series): \(prose(x))"
      if let low = bar?.low, let high = bar?.high {
        text += ", from \(NumberLabel.prose(low)) to \(NumberLabel.prose(high))"
      }
      return text + "."
    }
  }

  private func place(_ row: Layer.Row) -> String {
    "(\(row.x.map(prose) ?? "?"), \(row.y.map(prose) ?? "?"))"
  }

  private func prose(_ datum: Datum) -> String {
    switch datum {
    case .number(let value): NumberLabel.prose(value)
    case .name(let name): labels.plain(name)
    }
  }
}
