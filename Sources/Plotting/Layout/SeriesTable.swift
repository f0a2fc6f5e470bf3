import Foundation

/// The series of a figure: their order, colours and looks.
struct SeriesTable {
  /// The names in the order of the legend.
  let names: [String]
  private let colors: [String: Color]
  private let scheme: ColorScheme

  init(plot: Plot) {
    var seen = Set<String>()
    var names = plot.panels.flatMap(\.layers).flatMap(\.series).filter {
      seen.insert($0).inserted
    }
    scheme = plot.colors
    var colors: [String: Color] = [:]
    // A series whose marks all have a colour of their own takes none of the scheme's.
    var own: [String: Color?] = [:]
    for layer in plot.panels.flatMap(\.layers) {
      for name in layer.series {
        own[name] = own[name].map { $0 == layer.color ? $0 : nil } ?? layer.color
      }
    }
    var free = names.filter { own[$0] == .some(nil) }
    for (name, color) in own { if let color { colors[name] = color } }
    switch plot.colors {
    case .categorical:
      for (index, name) in free.enumerated() { colors[name] = .series(index % 8 + 1) }
    case .ladder:
      let keyed = free.map { ($0, Self.number(in: $0)) }
      if keyed.allSatisfy({ $0.1 != nil }) {
        free = keyed.enumerated().sorted {
          ($0.element.1!, $0.offset) < ($1.element.1!, $1.offset)
        }.map(\.element.0)
        names = free + names.filter { !free.contains($0) }
      }
      for (index, name) in free.enumerated() {
        colors[name] =
          free.count == 1
          ? .ladder(10) : .ladder(fraction: Double(index) / Double(free.count - 1))
      }
    case .named(let table):
      colors = table
    }
    self.names = names
    self.colors = colors
  }

  /// The colour of a layer's marks of one series.
  func color(of layer: Layer, series: String?) -> Color {
    if let color = layer.color { return color }
    if let series { return colors[series] ?? .ink }
    return names.isEmpty ? .series(1) : .ink
  }

  /// The colour that stands for a series in a legend.
  func color(of series: String) -> Color { colors[series] ?? .ink }

  /// The first number in a name, with a power of ten or a suffix k, M, G, T or B behind it.
  static func number(in name: String) -> Double? {
    var digits = ""
    var rest = Substring(name)
    while let character = rest.first, !character.isASCII || !character.isNumber {
      rest = rest.dropFirst()
    }
    while let character = rest.first {
      if character.isASCII && character.isNumber || (character == "." && !digits.contains(".")) {
        digits.append(character)
      } else if character != "," {
        break
      }
      rest = rest.dropFirst()
    }
    if let power = rest.firstMatch(of: /^(?:\s*\\times\s*10|)\^\{?(-?\d+)\}?/),
      let base = Double(digits), let exponent = Double(power.1)
    {
      // "3 \times 10^{9}", or "10^{9}" alone.
      let isAlone = power.0.hasPrefix("^")
      return isAlone ? pow(base, exponent) : base * pow(10, exponent)
    }
    let factor: Double =
      switch rest.first(where: { $0 != " " && $0 != "\u{2009}" }) {
      case "k", "K": 1e3
      case "M": 1e6
      case "G", "B": 1e9
      case "T": 1e12
      default: 1
      }
    return Double(digits).map { $0 * factor }
  }
}
