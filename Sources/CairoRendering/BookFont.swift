/// The faces that the book is set in, each a file of a Debian package.
public enum BookFont: String, CaseIterable, Sendable {
  /// Running text.
  case textRegular
  /// Emphasis in running text.
  case textItalic
  /// Strong emphasis in running text.
  case textBold
  /// Both.
  case textBoldItalic
  /// Formulas; it has a MATH table.
  case math
  /// Figures, tables of numbers, headings.
  case sansRegular
  /// Direct labels in figures.
  case sansMedium
  /// Titles.
  case sansSemibold
  /// Emphasis in captions.
  case sansItalic
  /// Code.
  case monoRegular
  /// Keywords in code.
  case monoBold

  /// The name of the font's file.
  public var fileName: String {
    switch self {
    case .textRegular: "texgyrepagella-regular.otf"
    case .textItalic: "texgyrepagella-italic.otf"
    case .textBold: "texgyrepagella-bold.otf"
    case .textBoldItalic: "texgyrepagella-bolditalic.otf"
    case .math: "texgyrepagella-math.otf"
    case .sansRegular: "Inter-Regular.otf"
    case .sansMedium: "Inter-Medium.otf"
    case .sansSemibold: "Inter-SemiBold.otf"
    case .sansItalic: "Inter-Italic.otf"
    case .monoRegular: "JetBrainsMono-Regular.ttf"
    case .monoBold: "JetBrainsMono-Bold.ttf"
    }
  }

  /// The Debian package that has the file.
  public var package: String {
    switch self {
    case .textRegular, .textItalic, .textBold, .textBoldItalic: "fonts-texgyre"
    case .math: "fonts-texgyre-math"
    case .sansRegular, .sansMedium, .sansSemibold, .sansItalic: "fonts-inter"
    case .monoRegular, .monoBold: "fonts-jetbrains-mono"
    }
  }

  /// The family's name, as style sheets and Pango know it.
  public var family: String {
    switch self {
    case .textRegular, .textItalic, .textBold, .textBoldItalic: "TeX Gyre Pagella"
    case .math: "TeX Gyre Pagella Math"
    case .sansRegular, .sansMedium, .sansSemibold, .sansItalic: "Inter"
    case .monoRegular, .monoBold: "JetBrains Mono"
    }
  }

  /// The weight as style sheets count it: 400 is regular.
  public var weight: Int {
    switch self {
    case .textBold, .textBoldItalic, .monoBold: 700
    case .sansSemibold: 600
    case .sansMedium: 500
    default: 400
    }
  }

  /// Whether the face is slanted.
  public var isItalic: Bool {
    switch self {
    case .textItalic, .textBoldItalic, .sansItalic: true
    default: false
    }
  }

  /// Where Debian puts the files.
  public static let standardDirectories = [
    "/usr/share/fonts/opentype/inter",
    "/usr/share/texmf/fonts/opentype/public/tex-gyre",
    "/usr/share/texmf/fonts/opentype/public/tex-gyre-math",
    "/usr/share/fonts/truetype/jetbrains-mono",
  ]
}
