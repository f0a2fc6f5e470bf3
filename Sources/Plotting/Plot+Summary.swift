extension Plot {
  /// What the figure shows, in sentences made from its data: axes, ranges, series and their ends.
  ///
  /// Good as a draft of the text for those who cannot see the figure; what it *means* you must add.
  public func summary() -> String {
    var sentences: [String] = []
    if panels.count > 1 { sentences.append("\(panels.count) panels.") }
    for (index, panel) in panels.enumerated() {
      if panels.count > 1 {
        let title = RichText(panel.title).plain
        sentences.append(title.isEmpty ? "Panel \(index + 1)." : "Panel \(index + 1), \(title).")
      }
      let isFirst = index == 0
      if isFirst || !sharing.sharesX { sentences.append(describe(panel.x, panel, isX: true)) }
      if isFirst || !sharing.sharesY { sentences.append(describe(panel.y, panel, isX: false)) }
      let lines = Set(
        panel.layers.flatMap { layer -> [String] in
          if case .line = layer.kind { layer.series } else { [] }
        })
      sentences += panel.layers.flatMap { describe($0, lines: lines) }
    }
    return sentences.filter { !$0.isEmpty }.joined(separator: " ")
  }

  private func describe(_ axis: Axis, _ panel: Panel, isX: Bool) -> String {
    let shares = isX ? sharing.sharesX : sharing.sharesY
    let content = AxisContent(panels: shares ? panels : [panel], isX: isX)
    let label = RichText(axis.label).plain
    let name = isX ? "Horizontal axis" : "Vertical axis"
    let subject = label.isEmpty ? name : "\(name): \(label)"
    if case .categories(let order) = axis.kind {
      let names = (order ?? content.names).map { RichText($0).plain }
      return subject + (label.isEmpty ? ": " : ": one of ") + names.joined(separator: "; ") + "."
    }
    let isLogarithmic = axis.kind == .logarithmic
    let values = (content.numbers + content.edges).filter {
      $0.isFinite && (!isLogarithmic || $0 > 0)
    }
    guard let low = values.min(), let high = values.max() else { return subject + "." }
    let (from, to) = (axis.domain?.lowerBound ?? low, axis.domain?.upperBound ?? high)
    return subject
      + ", from \(NumberLabel.prose(from)) to \(NumberLabel.prose(to))"
      + (isLogarithmic ? " (logarithmic)." : ".")
  }

  /// Sentences on a mark; points of a series with a line are told by the line.
  private func describe(_ layer: Layer, lines: Set<String>) -> [String] {
    switch layer.kind {
    case .annotation, .segment, .errorBars, .band:
      return []
    case .rule:
      return layer.rows.map { row in
        let place = row.y.map { "y = \(prose($0))" } ?? row.x.map { "x = \(prose($0))" } ?? ""
        let label = row.label.map { ", \(RichText($0).plain)" } ?? ""
        return "A rule at \(place)\(label)."
      }
    case .cells(let scale):
      let values = layer.rows.compactMap { row in row.value.map { ($0, row) } }
        .filter { $0.0.isFinite }
      guard let low = values.min(by: { $0.0 < $1.0 }), let high = values.max(by: { $0.0 < $1.0 })
      else { return [] }
      return [
        "\(values.count) cells of \(RichText(scale.label).plain), from "
          + "\(NumberLabel.prose(low.0)) at \(place(low.1)) to "
          + "\(NumberLabel.prose(high.0)) at \(place(high.1))."
      ]
    case .points, .line:
      return layer.groups.compactMap { group in
        guard let first = group.rows.first, let last = group.rows.last else { return nil }
        let kind = layer.name.prefix(1).uppercased() + layer.name.dropFirst()
        let series = group.series.map { " \(RichText($0).plain)" } ?? ""
        let isPoints = layer.name == "point"
        if isPoints, let series = group.series, lines.contains(series) { return nil }
        let count = group.rows.count
        let subject =
          isPoints ? "\(count) point\(count == 1 ? "" : "s")\(series)" : "\(kind)\(series)"
        if count == 1 { return "\(subject) at \(place(first))." }
        return "\(subject) from \(place(first)) to \(place(last))."
      }
    }
  }

  private func place(_ row: Layer.Row) -> String {
    "(\(row.x.map(prose) ?? "?"), \(row.y.map(prose) ?? "?"))"
  }

  private func prose(_ datum: Datum) -> String {
    switch datum {
    case .number(let value): NumberLabel.prose(value)
    case .name(let name): RichText(name).plain
    }
  }
}
