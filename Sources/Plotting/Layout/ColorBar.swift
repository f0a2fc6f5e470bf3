/// The scale of cells' colours, to the right of the panels.
struct ColorBar {
  let scale: ColorScale
  let ticks: [Ticks.Major]

  static let gap = 9.0
  static let width = 7.0

  /// A bar for the amounts of a figure, if colours show any; one scale a figure, the first.
  init?(layout: GridLayout) {
    var scale: ColorScale?
    var values: [Double] = []
    for layer in layout.plot.panels.flatMap(\.layers) {
      guard let own = layer.scale else { continue }
      if scale == nil { scale = own }
      values += layer.rows.compactMap(\.value)
    }
    guard let resolved = scale?.resolved(by: values) else { return nil }
    self.scale = resolved
    let axis =
      resolved.isLogarithmic
      ? Axis.log(domain: resolved.domain, format: resolved.format)
      : Axis.linear(domain: resolved.domain, format: resolved.format)
    let place = Scale(
      kind: resolved.isLogarithmic ? .logarithmic : .linear, domain: resolved.domain ?? 0...1,
      start: 1, end: 0)
    ticks =
      Ticks.choose(
        axis: axis, scale: place, labels: layout.labels,
        limit: max(3, Int(layout.plot.height / 40)),
        isCrowded: { _ in false }
      ).majors
  }

  /// The room it takes.
  func room(layout: GridLayout) -> Double {
    let names = ticks.map { layout.measurer.width(of: $0.label, style: layout.labelStyle) }
    var room = Self.gap + Self.width + 3 + (names.max() ?? 0)
    if !scale.label.isEmpty {
      let extent = layout.extent(layout.labels[scale.label], layout.axisLabelStyle)
      room += layout.axisLabelStyle.lineHeight + 3 + extent.above + extent.below
    }
    return room
  }

  /// From values to places along the bar.
  func placement(in rect: Rect) -> Scale {
    Scale(
      kind: scale.isLogarithmic ? .logarithmic : .linear, domain: scale.domain ?? 0...1,
      start: rect.maxY, end: rect.y)
  }
}
