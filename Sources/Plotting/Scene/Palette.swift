/// What every colour role looks like.
public struct Palette: Equatable, Sendable, Codable {
  /// The palette's name, as it stands in the text of a scene.
  public let name: String
  private let neutrals: [RGB]
  private let series: [RGB]
  private let seriesText: [RGB]
  private let ladder: [RGB]
  private let ladderText: [RGB]
  private let sequential: [RGB]
  private let diverging: [RGB]

  /// The colour that a role has here.
  ///
  /// A series beyond the eighth begins again with the first.
  public subscript(_ color: Color) -> RGB {
    switch color {
    case .ink: neutrals[0]
    case .muted: neutrals[1]
    case .axis: neutrals[2]
    case .grid: neutrals[3]
    case .paper: neutrals[4]
    case .series(let index): series[Self.wrapped(index)]
    case .seriesText(let index): seriesText[Self.wrapped(index)]
    case .ladder(let step): ladder[Self.clamped(step)]
    case .ladderText(let step): ladderText[Self.clamped(step)]
    case .sequential(let step): sequential[Self.clamped(step)]
    case .diverging(let step): diverging[Self.clamped(step)]
    case .onSequential(let step): readable(on: sequential[Self.clamped(step)])
    case .onDiverging(let step): readable(on: diverging[Self.clamped(step)])
    case .fixed(let rgb): rgb
    }
  }

  /// Ink or paper if one of them is readable on a ground, else black or white, of which one always is.
  private func readable(on ground: RGB) -> RGB {
    let best = max(self[.ink], self[.paper], by: ground)
    return best.contrast(to: ground) >= 4.5 ? best : max(RGB(0), RGB(0xFFFFFF), by: ground)
  }

  private func max(_ first: RGB, _ second: RGB, by ground: RGB) -> RGB {
    first.contrast(to: ground) >= second.contrast(to: ground) ? first : second
  }

  /// The palette as CSS declarations, `--ink:#222;--muted:#666;...`, for a page's style sheet.
  ///
  /// Figures in SVG name these variables, so a page that declares the dark palette's turns them dark.
  public var css: String {
    Color.roles.compactMap { color in color.role.map { "--\($0):\(self[color].css);" } }.joined()
  }

  private static func wrapped(_ index: Int) -> Int { (Swift.max(1, index) - 1) % 8 }
  private static func clamped(_ step: Int) -> Int { min(Color.rampEnd, Swift.max(0, step)) }

  private init(
    name: String, neutrals: [UInt32], series: [UInt32], seriesText: [UInt32], ladder: [UInt32],
    ladderText: [UInt32], sequential: [UInt32], diverging: [UInt32]
  ) {
    self.name = name
    self.neutrals = neutrals.map { RGB($0) }
    self.series = series.map { RGB($0) }
    self.seriesText = seriesText.map { RGB($0) }
    self.ladder = ladder.map { RGB($0) }
    self.ladderText = ladderText.map { RGB($0) }
    self.sequential = sequential.map { RGB($0) }
    self.diverging = diverging.map { RGB($0) }
  }

  // The tables. Ramps were computed once in OKLCH (Ottosson 2020) so that lightness is monotone,
  // which is what remains for every kind of colour vision and in a photocopy:
  //   ladder      L .78 -> .31, hue 172 -> 282      sequential  L .97 -> .38, hue 200 -> 262
  //   diverging   L .97 in the middle, .52 at the ends, hues 245 and 50
  // Text variants are darkened (light) or lightened (dark) until their contrast to the page is 4.6.

  /// Dark on white, for screens.
  public static let light = Palette(
    name: "light", neutrals: [0x222222, 0x5C5C5C, 0x8A8A8A, 0xECECEC, 0xFFFFFF],
    series: lightSeries, seriesText: lightSeriesText, ladder: lightLadder,
    ladderText: lightLadderText, sequential: lightSequential, diverging: lightDiverging)

  /// Dark on white with somewhat stronger lines, for print.
  public static let print = Palette(
    name: "print", neutrals: [0x111111, 0x4A4A4A, 0x777777, 0xE6E6E6, 0xFFFFFF],
    series: lightSeries, seriesText: lightSeriesText, ladder: lightLadder,
    ladderText: lightLadderText, sequential: lightSequential, diverging: lightDiverging)

  /// Light on nearly black, for dark pages.
  public static let dark = Palette(
    name: "dark", neutrals: [0xE6E6E6, 0xA8ABB0, 0x7C8087, 0x2A2D33, 0x16181C],
    series: darkSeries, seriesText: darkSeries, ladder: darkLadder, ladderText: darkLadderText,
    sequential: darkSequential, diverging: darkDiverging)

  private static let lightSeries: [UInt32] = [
    0x0072B2, 0xD55E00, 0x009E73, 0xCC79A7, 0xE69F00, 0x56B4E9, 0x7A7A7A, 0xF0E442,
  ]
  private static let lightSeriesText: [UInt32] = [
    0x0072B2, 0xC05500, 0x008561, 0x9F5E82, 0x9C6C00, 0x3A7A9E, 0x757575, 0x7D7722,
  ]
  private static let darkSeries: [UInt32] = [
    0x4AA8E0, 0xF0823C, 0x2FC498, 0xDE9BC0, 0xF0B42E, 0x8CCFF5, 0xA6A6A6, 0xF0E442,
  ]
  private static let lightLadder: [UInt32] = [
    0x5DCFAF, 0x45C6AF, 0x29BDB0, 0x00B3B0, 0x00A9B0, 0x009EAF, 0x0093AE, 0x0088AC, 0x007DA8,
    0x0071A4, 0x00669F, 0x005A99, 0x104F92, 0x1D4389, 0x243880, 0x282D76, 0x2A216B,
  ]
  private static let lightLadderText: [UInt32] = [
    0x3A806C, 0x2C7F70, 0x1C8178, 0x00817F, 0x008086, 0x007E8C, 0x007E96, 0x007D9E, 0x007DA8,
    0x0071A4, 0x00669F, 0x005A99, 0x104F92, 0x1D4389, 0x243880, 0x282D76, 0x2A216B,
  ]
  private static let darkLadder: [UInt32] = [
    0x5953B5, 0x5460BE, 0x4D6CC6, 0x4679CD, 0x3E85D2, 0x3691D6, 0x2E9DD9, 0x29A8DB, 0x28B3DC,
    0x2FBEDC, 0x3BC8DC, 0x4AD2DB, 0x5BDCDA, 0x6DE5D9, 0x80EDD8, 0x93F6D8, 0xA6FED7,
  ]
  private static let darkLadderText: [UInt32] = [
    0x817CC7, 0x737DCA, 0x6681CE, 0x5584D1, 0x3E85D2, 0x3691D6, 0x2E9DD9, 0x29A8DB, 0x28B3DC,
    0x2FBEDC, 0x3BC8DC, 0x4AD2DB, 0x5BDCDA, 0x6DE5D9, 0x80EDD8, 0x93F6D8, 0xA6FED7,
  ]
  private static let lightSequential: [UInt32] = [
    0xEAF8F9, 0xD8EEF0, 0xC5E3E8, 0xB3D8E0, 0xA1CED9, 0x90C3D3, 0x7FB7CC, 0x6EACC7, 0x5EA0C1,
    0x4E94BB, 0x3F88B6, 0x317CB0, 0x2470AA, 0x1F63A1, 0x1E5797, 0x1D4A8C, 0x1C3E81,
  ]
  private static let darkSequential: [UInt32] = [
    0x1A1F29, 0x212A37, 0x273545, 0x2C4053, 0x314C62, 0x355970, 0x39667F, 0x3C738D, 0x3E819B,
    0x3F8FA8, 0x409EB5, 0x41ADC1, 0x42BCCD, 0x4DCBD6, 0x5CD9DE, 0x6CE7E6, 0x7DF6EE,
  ]
  private static let lightDiverging: [UInt32] = [
    0x006EB3, 0x2C7FBC, 0x4E90C5, 0x6BA1CE, 0x87B2D6, 0xA3C2DE, 0xBED3E6, 0xD9E4EE, 0xF5F5F5,
    0xEDDFD8, 0xE4CABC, 0xDBB5A0, 0xD1A085, 0xC78B69, 0xBD764D, 0xB1612E, 0xA64B00,
  ]
  private static let darkDiverging: [UInt32] = [
    0x62CAFF, 0x5CB3E3, 0x559DC5, 0x4E87A8, 0x46728B, 0x3E5D6F, 0x364955, 0x2D363C, 0x242424,
    0x3B332D, 0x544236, 0x6E523F, 0x886248, 0xA47351, 0xC0845A, 0xDE9563, 0xFCA76C,
  ]
}
