import Foundation

/// A coloured rectangle at each x and y: a heat map.
///
/// On an axis of categories a cell fills its row or column. On an axis of numbers the places must be
/// those of a grid; an edge lies half-way (on the axis's scale) between two neighbouring places.
public struct Cells: Mark {
  /// The data and the look.
  public let layer: Layer

  /// Cells over data.
  ///
  /// - Parameters:
  ///   - value: The amount; a value that is not finite leaves the cell empty.
  ///   - scale: What the colours mean; it also makes the colour bar.
  ///   - label: Mark-up within a cell; nil for none.
  public init<Data: Sequence, X: Plottable, Y: Plottable>(
    _ data: Data, x: (Data.Element) -> X, y: (Data.Element) -> Y,
    value: (Data.Element) -> Double, scale: ColorScale,
    label: ((Data.Element) -> String?)? = nil
  ) {
    layer = Layer(
      kind: .cells,
      rows: data.map {
        .init(x: x($0).datum, y: y($0).datum, value: value($0), label: label?($0))
      }, scale: scale)
  }
}

/// From amounts to the colours of cells.
public struct ColorScale: Equatable, Sendable {
  enum Kind: Equatable, Sendable {
    case sequential
    case diverging(center: Double)
  }

  var kind: Kind
  /// The colour bar's label.
  public var label: String
  var domain: ClosedRange<Double>?
  var isLogarithmic: Bool
  var format: NumberFormat

  /// Colours that leave the page's colour as the amount grows.
  public static func sequential(
    _ label: String, domain: ClosedRange<Double>? = nil, logarithmic: Bool = false,
    format: NumberFormat = .automatic
  ) -> ColorScale {
    ColorScale(
      kind: .sequential, label: label, domain: domain, isLogarithmic: logarithmic, format: format)
  }

  /// Two colours, one on each side of a middle value; equal distances are equally strong.
  ///
  /// On a logarithmic scale, for ratios, equal distances are equal factors and the middle is positive,
  /// usually 1.
  public static func diverging(
    _ label: String, center: Double = 0, domain: ClosedRange<Double>? = nil,
    logarithmic: Bool = false, format: NumberFormat = .automatic
  ) -> ColorScale {
    precondition(
      !logarithmic || center > 0,
      "the middle of a logarithmic scale must be positive; found \(center)")
    return ColorScale(
      kind: .diverging(center: center), label: label, domain: domain, isLogarithmic: logarithmic,
      format: format)
  }

  /// The scale with its ends settled by the values, if they are not given.
  func resolved(by values: [Double]) -> ColorScale {
    guard domain == nil else { return self }
    var scale = self
    let finite = values.filter { $0.isFinite && (!isLogarithmic || $0 > 0) }
    let low = finite.min() ?? 0
    let high = finite.max() ?? 1
    switch kind {
    case .sequential:
      scale.domain = low < high ? low...high : low...(low + max(1, abs(low)))
    case .diverging(let center) where isLogarithmic:
      let reach = max(abs(log(high / center)), abs(log(max(low, 1e-300) / center)), 1e-9)
      scale.domain = (center * exp(-reach))...(center * exp(reach))
    case .diverging(let center):
      let reach = max(abs(high - center), abs(low - center), 1e-300)
      scale.domain = (center - reach)...(center + reach)
    }
    return scale
  }

  /// The place on the ramp, from 0 to 1.
  func fraction(_ value: Double) -> Double {
    let domain = domain ?? 0...1
    switch kind {
    case .sequential where isLogarithmic:
      guard value > 0 else { return 0 }
      return log(value / domain.lowerBound) / log(domain.upperBound / domain.lowerBound)
    case .sequential:
      return (value - domain.lowerBound) / (domain.upperBound - domain.lowerBound)
    case .diverging(let center) where isLogarithmic:
      guard value > 0 else { return 0 }
      let reach = max(log(domain.upperBound / center), log(center / domain.lowerBound), 1e-300)
      return 0.5 + 0.5 * log(value / center) / reach
    case .diverging(let center):
      // Both sides by the longer one: equal distances are equally strong.
      let reach = max(domain.upperBound - center, center - domain.lowerBound, 1e-300)
      return 0.5 + 0.5 * (value - center) / reach
    }
  }

  func color(_ value: Double) -> Color {
    let step = Color.rampStep(fraction(value))
    return kind == .sequential ? .sequential(step) : .diverging(step)
  }

  /// The colour in which a text is readable on the cell of a value.
  func textColor(_ value: Double) -> Color {
    let step = Color.rampStep(fraction(value))
    return kind == .sequential ? .onSequential(step) : .onDiverging(step)
  }
}
