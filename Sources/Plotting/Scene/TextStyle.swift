/// The stroke weight of a text.
public enum TextWeight: String, Hashable, Sendable, Codable {
  /// For everything that has no reason to stand out.
  case regular
  /// For direct labels.
  case medium
  /// For titles.
  case semibold
}

/// Size and weight of a text.
public struct TextStyle: Hashable, Sendable, Codable {
  /// The size in points.
  public var size: Double
  /// The weight.
  public var weight: TextWeight

  /// A style of the given size and weight.
  public init(size: Double, weight: TextWeight = .regular) {
    self.size = size
    self.weight = weight
  }

  /// How far words may reach above the baseline (Inter's ascender: 0.969 em).
  public var ascent: Double { size * 0.969 }
  /// How far words may reach below the baseline (Inter's descender: 0.242 em).
  public var descent: Double { size * 0.242 }
  /// The height of capitals and digits over the baseline (Inter: 0.727 em).
  var capHeight: Double { size * 0.727 }
  /// The distance of two baselines.
  var lineHeight: Double { size * 1.3 }
}

/// How far a text reaches from the beginning of its baseline, in points.
public struct TextExtent: Equatable, Sendable {
  /// The advance.
  public var width: Double
  /// Upwards, at least the style's ascent.
  public var height: Double
  /// Downwards, at least the style's descent.
  public var depth: Double
  /// How far a formula reaches above what words may.
  public let above: Double
  /// How far a formula reaches below what words may.
  public let below: Double

  /// The extent of a text whose ink reaches as far as given.
  public init(width: Double, height: Double, depth: Double, style: TextStyle) {
    self.width = width
    self.height = max(style.ascent, height)
    self.depth = max(style.descent, depth)
    above = self.height - style.ascent
    below = self.depth - style.descent
  }
}

/// Says how large a text is when it is drawn.
public protocol TextMeasurer: Sendable {
  /// The room that the text takes.
  func extent(of text: RichText, style: TextStyle) -> TextExtent
}

extension TextMeasurer {
  /// The advance of the text in points.
  public func width(of text: RichText, style: TextStyle) -> Double {
    extent(of: text, style: style).width
  }
}

/// Lines of text under one another.
struct TextBlock {
  /// The lines from the top.
  let lines: [RichText]
  let extents: [TextExtent]
  /// The baselines, measured downwards from where the first one stands in a block of words.
  let baselines: [Double]
  /// From the same place to the last baseline, and as much further as a formula there reaches below
  /// what words may.
  let height: Double

  init(_ lines: [RichText], pitch: Double, style: TextStyle, measurer: any TextMeasurer) {
    self.lines = lines
    extents = lines.map { measurer.extent(of: $0, style: style) }
    var baselines: [Double] = []
    var place = 0.0
    for (index, extent) in extents.enumerated() {
      if index > 0 { place += pitch }
      place += extent.above
      baselines.append(place)
      place += extent.below
    }
    self.baselines = baselines
    height = place
  }

  var width: Double { extents.map(\.width).max() ?? 0 }
}
