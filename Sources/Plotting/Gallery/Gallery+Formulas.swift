import Foundation

// Figures whose labels hold formulas, in every place that has a label.
extension Gallery {
  static var formulaExhibits: [Exhibit] {
    [
      Exhibit(
        name: "formulas", title: "Formulas in labels",
        text:
          "Any label may hold a formula between dollar signs, as prose does: `$\\frac{A}{N^\\alpha}$`. "
          + "It is set by the same rules and in the same type; labels keep clear of its true outline.",
        plot: formulas),
      Exhibit(
        name: "formula-names", title: "Formulas as names and ticks",
        text: "Names of rows, ticks, notes beside rows and the colour bar take formulas too.",
        plot: formulaNames),
    ]
  }

  static var formulas: Plot {
    let sizes = [1e4, 6e4, 3.6e5, 2.2e6]
    func excess(_ size: Double) -> Double { 40 / pow(size, 0.4) }
    func samples(_ size: Double) -> Double { 3.4 / pow(size, 0.22) }
    return .facets(
      [
        Panel(
          "Fit, $\\hat{\\sigma} = \\sqrt{\\frac{1}{n} \\sum_{i=1}^n (\\hat{L}_i - L_i)^2}$",
          x: .log("Parameters $N = \\frac{D}{20}$"),
          y: .log("Excess $\\hat{L} - E = \\frac{A}{N^\\alpha} + \\frac{B}{D^\\beta}$ (nats)")
        ) {
          Line(over: 1e4...4e6, series: "$\\frac{A}{N^\\alpha}$", style: .solid, excess)
          Line(over: 1e4...4e6, series: "$\\frac{B}{D^\\beta}$", samples)
          Points(sizes, x: { $0 }, y: excess, series: { _ in "$\\frac{A}{N^\\alpha}$" })
          Rule(y: 0.6, label: "$\\sqrt{\\pi}/3$", style: .dotted)
          Annotation(
            "they cross at\n$N^\\star = \\left(\\frac{A}{B}\\right)^{1/(\\alpha - \\beta)}$",
            x: 8.8e5, y: 0.167, dx: 0, dy: 50, anchor: .middle, arrow: true)
        },
        Panel(
          "Windows $w = 2^{\\lfloor k/2 \\rfloor}$", x: .linear("Step $k$"),
          y: .linear("Mean $\\overline{g}_w$")
        ) {
          Line(over: 0...8, samples: 33, series: "$w(k)$", style: .solid) {
            pow(2, ($0 / 2).rounded(.down))
          }
          Points(
            [2.0, 5], x: { $0 }, y: { pow(2, ($0 / 2).rounded(.down)) },
            series: { _ in "$w(k)$" }, label: { $0 == 2 ? "$\\frac{k}{2} \\in \\mathbb{N}$" : nil })
        },
      ], columns: 2, height: 240, sharing: .none, labels: .legend)
  }

  static var formulaNames: Plot {
    let rows: [(String, Double, String)] = [
      ("$\\sum_i x_i$", 0.5, "$n = 12$"), ("$\\max_i \\lvert x_i \\rvert$", 1.25, "$n = 9$"),
      ("$\\frac{1}{n} \\sum_i x_i^2$", 2, "$\\binom{n}{2} = 66$"),
    ]
    let angles = [0, 0.5, 1, 1.5, 2].map { Tick($0 * .pi, angleNames[$0]) }
    return .facets(
      [
        Panel("Norms $\\lVert x \\rVert_p$", x: .linear("Ratio"), y: .categories()) {
          Points(rows, x: \.1, y: \.0)
          RowNotes(rows, y: \.0, title: "Draws $n$") { $0.2 }
        },
        Panel(
          "Waves", x: .linear("Phase $\\varphi$", ticks: angles), y: .linear("$\\sin \\varphi$")
        ) {
          Line(over: 0...(2 * .pi), samples: 60, style: .solid) { sin($0) }
        },
      ], columns: 2, height: 170, sharing: .none)
  }

  private static let angleNames = [
    0: "0", 0.5: "$\\frac{\\pi}{2}$", 1: "$\\pi$", 1.5: "$\\frac{3\\pi}{2}$", 2: "$2\\pi$",
  ]
}
