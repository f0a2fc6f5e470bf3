/// The colours of figures as variables of a style sheet, which the page's own colours follow.
enum FigureColors {
  static let light =
    "--ink:#222;--muted:#5c5c5c;--axis:#8a8a8a;--grid:#ececec;--paper:#fff;"
    + "--series-1-text:#0072b2;--series-2-text:#c05500;--series-3-text:#008561;--series-4-text:#9f5e82;"
  static let dark =
    "--ink:#e6e6e6;--muted:#a8abb0;--axis:#7c8087;--grid:#2a2d33;--paper:#16181c;"
    + "--series-1-text:#4aa8e0;--series-2-text:#f0823c;--series-3-text:#2fc498;--series-4-text:#de9bc0;"
}
