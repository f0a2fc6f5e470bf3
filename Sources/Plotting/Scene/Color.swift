import Foundation

/// A colour by its role in a figure; a `Palette` says what it looks like.
public enum Color: Hashable, Sendable, Codable {
  /// Text and whatever must be read first.
  case ink
  /// Secondary text: labels of axes, notes.
  case muted
  /// Spines and ticks.
  case axis
  /// Lines that guide the eye and must not be noticed.
  case grid
  /// The page.
  case paper
  /// One of eight colours that differ for every kind of colour vision (Okabe & Ito 2008), from 1.
  case series(Int)
  /// The same colour, dark enough to read as text.
  case seriesText(Int)
  /// A step from 0 to 16 of an ordered ramp: further from the page means more.
  case ladder(Int)
  /// The same step, dark enough to read as text.
  case ladderText(Int)
  /// A step from 0 to 16 of the ramp for amounts in cells, from the page's colour upwards.
  case sequential(Int)
  /// A step from 0 to 16 of the ramp for signed amounts in cells; 8 is the middle.
  case diverging(Int)
  /// The colour in which text is readable on a step of the ramp for amounts.
  case onSequential(Int)
  /// The colour in which text is readable on a step of the ramp for signed amounts.
  case onDiverging(Int)
  /// A colour that no theme changes.
  case fixed(RGB)

  /// The number of steps of a ramp less one.
  public static let rampEnd = 16

  /// The step of the ordered ramp at a fraction from 0 (least) to 1 (most).
  public static func ladder(fraction: Double) -> Color { .ladder(rampStep(fraction)) }

  static func rampStep(_ fraction: Double) -> Int {
    guard fraction.isFinite else { return 0 }
    return Int((min(1, max(0, fraction)) * Double(rampEnd)).rounded())
  }

  /// The variant of this colour in which text is readable on the page.
  public var text: Color {
    switch self {
    case .series(let index): .seriesText(index)
    case .ladder(let step): .ladderText(step)
    case .axis, .grid: .muted
    default: self
    }
  }

  /// The name of the role, as it stands in a CSS variable behind `--`; nil if the colour is fixed.
  public var role: String? {
    switch self {
    case .ink: "ink"
    case .muted: "muted"
    case .axis: "axis"
    case .grid: "grid"
    case .paper: "paper"
    case .series(let index): "series-\(index)"
    case .seriesText(let index): "series-\(index)-text"
    case .ladder(let step): "ladder-\(step)"
    case .ladderText(let step): "ladder-\(step)-text"
    case .sequential(let step): "sequential-\(step)"
    case .diverging(let step): "diverging-\(step)"
    case .onSequential(let step): "on-sequential-\(step)"
    case .onDiverging(let step): "on-diverging-\(step)"
    case .fixed: nil
    }
  }

  /// Every colour that has a role, in the order of the palette's tables.
  public static let roles: [Color] =
    [.ink, .muted, .axis, .grid, .paper]
    + (1...8).map { .series($0) } + (1...8).map { .seriesText($0) }
    + (0...rampEnd).map { .ladder($0) } + (0...rampEnd).map { .ladderText($0) }
    + (0...rampEnd).map { .sequential($0) } + (0...rampEnd).map { .diverging($0) }
    + (0...rampEnd).map { .onSequential($0) } + (0...rampEnd).map { .onDiverging($0) }
}

/// A colour as 8-bit red, green and blue in sRGB.
public struct RGB: Hashable, Sendable, Codable {
  /// The amount of red.
  public var red: UInt8
  /// The amount of green.
  public var green: UInt8
  /// The amount of blue.
  public var blue: UInt8

  /// The colour of a number such as `0x0072B2`.
  public init(_ hex: UInt32) {
    red = UInt8(hex >> 16 & 0xFF)
    green = UInt8(hex >> 8 & 0xFF)
    blue = UInt8(hex & 0xFF)
  }

  /// The relative luminance of WCAG 2.1, from 0 for black to 1 for white.
  public var luminance: Double {
    let linear = [red, green, blue].map { value -> Double in
      let part = Double(value) / 255
      return part <= 0.04045 ? part / 12.92 : pow((part + 0.055) / 1.055, 2.4)
    }
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
  }

  /// The contrast ratio of WCAG 2.1, from 1 to 21.
  public func contrast(to other: RGB) -> Double {
    let (dark, light) = (min(luminance, other.luminance), max(luminance, other.luminance))
    return (light + 0.05) / (dark + 0.05)
  }

  /// The colour as CSS writes it, short if it can be: `#222`, `#0072b2`.
  public var css: String {
    let digits = [red, green, blue].map { value -> String in
      let text = String(value, radix: 16)
      return text.count == 1 ? "0" + text : text
    }
    let canShorten = digits.allSatisfy { $0.first == $0.last }
    return "#" + digits.map { canShorten ? String($0.prefix(1)) : $0 }.joined()
  }
}
