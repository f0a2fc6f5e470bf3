import Foundation

/// What the marks of panels ask of an axis.
struct AxisContent {
  var numbers: [Double] = []
  var names: [String] = []
  /// The ends of cells: the axis ends exactly there.
  var edges: [Double] = []

  init(panels: [Panel], isX: Bool) {
    var seen = Set<String>()
    for panel in panels {
      let axis = isX ? panel.x : panel.y
      for layer in panel.layers {
        // A contour ends where the data end.
        if case .contours = layer.kind, panel.layers.count > 1 { continue }
        var places: [Double] = []
        for row in layer.rows {
          switch isX ? row.x : row.y {
          case .number(let value): places.append(value)
          case .name(let name) where seen.insert(name).inserted: names.append(name)
          default: break
          }
          if layer.intervalsLie(alongX: isX) {
            numbers += [row.low, row.high].compactMap { $0 }
          }
        }
        if case .cells = layer.kind, !places.isEmpty {
          let edges = cellEdges(places, isLogarithmic: axis.kind == .logarithmic)
          self.edges += [edges.first!, edges.last!]
        } else if case .categories = axis.kind {
          for place in places where seen.insert(NumberLabel.shortest(place)).inserted {
            names.append(NumberLabel.shortest(place))
          }
        } else {
          numbers += places
        }
      }
    }
  }

  /// The scale that an axis gets, yet without a place on the page.
  func scale(for axis: Axis, isX: Bool) -> Scale {
    if case .categories(let order) = axis.kind {
      let names = order ?? names
      return Scale(
        kind: .categories(names), domain: 0...Double(max(1, names.count)), start: 0, end: 1)
    }
    let isTight = !edges.isEmpty && axis.domain == nil
    let domain = Scale.domain(of: numbers + edges, axis: axis, tight: isTight)
    return Scale(
      kind: axis.kind == .logarithmic ? .logarithmic : .linear, domain: domain, start: 0, end: 1)
  }
}

extension Layer {
  /// Whether `low` and `high` are values of the given axis.
  func intervalsLie(alongX: Bool) -> Bool {
    switch kind {
    case .band: !alongX
    case .errorBars(let isHorizontal): isHorizontal == alongX
    default: false
    }
  }
}

/// The edges of cells at the given places: half-way between neighbours, as far outside at the ends.
func cellEdges(_ places: [Double], isLogarithmic: Bool) -> [Double] {
  let finite = Set(places.filter { $0.isFinite && (!isLogarithmic || $0 > 0) })
  let sorted = finite.map { isLogarithmic ? log($0) : $0 }.sorted()
  guard let first = sorted.first, let last = sorted.last else { return [0, 1] }
  guard sorted.count > 1 else {
    return isLogarithmic ? [exp(first) / 1.5, exp(first) * 1.5] : [first - 0.5, first + 0.5]
  }
  var edges = [first - (sorted[1] - first) / 2]
  for (low, high) in zip(sorted, sorted.dropFirst()) { edges.append((low + high) / 2) }
  edges.append(last + (last - sorted[sorted.count - 2]) / 2)
  return isLogarithmic ? edges.map { exp($0) } : edges
}
