import CairoRendering
import Plotting

/// The measures of the printed book, in points.
///
/// The page is A4, as most readers print it. Text is set to 372 pt, about 70 characters of
/// Pagella at 10.2 pt; listings of 100 columns, figures and wide tables take the full 471 pt, so
/// that the right margin beside the text stays open and nothing has to be made smaller.
enum Design {
  static let pageWidth = 595.276
  static let pageHeight = 841.89
  static let left = 62.0
  static let fullWidth = 471.0
  static let measure = 372.0
  static let top = 78.0
  static let bottom = 66.0
  static let headline = 48.0
  static var textHeight: Double { pageHeight - top - bottom }
  /// The space around figures, tables, boxes and listings.
  static let blockSpace = 12.0
  static let indent = 13.0

  static let text = Look(family: .serif, size: 10.2, leading: 14.4)
  static let note = Look(family: .serif, size: 8.5, leading: 11.4)
  static let caption = Look(family: .sans, size: 8, leading: 11.6)
  static let table = Look(family: .sans, size: 8, leading: 12)
  static let small = Look(family: .sans, size: 8, leading: 11.6, color: Ink.muted)
  static let code = Look(family: .mono, size: 7.2, leading: 10.1)

  /// The look of a heading of a level from 1, a chapter's title.
  static func heading(_ level: Int) -> Look {
    switch level {
    case ...1: Look(family: .serif, size: 27, leading: 32)
    case 2: Look(family: .serif, size: 16.5, leading: 20.5)
    case 3: Look(family: .serif, size: 12.6, leading: 16)
    default: Look(family: .sans, size: 8.8, leading: 13, isStrong: true)
    }
  }
}

/// The colours of the printed book.
enum Ink {
  static let text = Palette.print[.ink]
  static let muted = Palette.print[.muted]
  static let faint = RGB(0xB9BDC2)
  static let rule = RGB(0x8A8F96)
  static let link = RGB(0x1D4F80)
  static let panel = RGB(0xF6F7F8)
  static let good = Palette.print[.seriesText(3)]
  static let bad = Palette.print[.seriesText(2)]

  /// Colours of the tokens of code, those of the pages.
  static func code(_ kind: String?) -> RGB {
    switch kind {
    case "k": Palette.print[.seriesText(1)]
    case "s": Palette.print[.seriesText(3)]
    case "n": Palette.print[.seriesText(2)]
    case "a": Palette.print[.seriesText(4)]
    case "c": Palette.print[.muted]
    default: Palette.print[.ink]
    }
  }
}

/// A face, its size and its colour.
struct Look: Equatable {
  enum Family { case serif, sans, mono }
  var family: Family
  var size: Double
  /// The distance of two baselines.
  var leading: Double
  var color = Ink.text
  var isStrong = false
  var isEmphasized = false

  var font: BookFont {
    switch (family, isStrong, isEmphasized) {
    case (.serif, false, false): .textRegular
    case (.serif, false, true): .textItalic
    case (.serif, true, false): .textBold
    case (.serif, true, true): .textBoldItalic
    case (.sans, true, _): .sansSemibold
    case (.sans, false, true): .sansItalic
    case (.sans, false, false): .sansRegular
    case (.mono, true, _): .monoBold
    case (.mono, false, _): .monoRegular
    }
  }

  /// Features of the face: no ligatures in code, figures of one width in tables.
  var features: [String] {
    switch family {
    case .serif: []
    case .sans: ["tnum"]
    case .mono: ["-calt", "-liga"]
    }
  }

  func strong() -> Look { changed { $0.isStrong = true } }
  func emphasized() -> Look { changed { $0.isEmphasized.toggle() } }
  func colored(_ color: RGB) -> Look { changed { $0.color = color } }

  func changed(_ change: (inout Look) -> Void) -> Look {
    var copy = self
    change(&copy)
    return copy
  }

  func scaled(_ factor: Double) -> Look { changed { $0.size *= factor } }
}
