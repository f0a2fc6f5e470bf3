import Plotting

/// The colours of figures as variables of a style sheet, which the page's own colours follow.
enum FigureColors {
  static let light = Palette.light.css
  static let dark = Palette.dark.css
}
