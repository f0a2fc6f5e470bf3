import MathTree
import Testing

@testable import Plotting

@Suite struct RichTextTests {
  @Test(arguments: [
    ("plain words", ["words plain words"]),
    ("Parameters $N$", ["words Parameters ", "formula N"]),
    ("$\\alpha_N$ (fit)", ["formula \\alpha_N", "words  (fit)"]),
    ("$\\frac{A}{N^\\alpha}$$x$", ["formula \\frac{A}{N^\\alpha}", "formula x"]),
    ("costs \\$5 to \\$6", ["words costs $5 to $6"]),
    ("$5\\$$", ["formula 5\\$"]),
    ("", []),
  ])
  func markupBecomesWordsAndFormulas(markup: String, pieces: [String]) throws {
    let text = try RichText(markup)
    #expect(
      text.pieces.map { piece in
        switch piece {
        case .words(let words): "words \(words)"
        case .formula(_, let tex): "formula \(tex)"
        }
      } == pieces)
    #expect(text.markup == markup)
  }

  @Test(arguments: [
    ("Parameters $N$", "Parameters N"),
    ("$10^4$ tokens", "10⁴ tokens"),
    ("$D \\propto N^{x}$", "D ∝ N^x"),
    ("$3 \\times 10^{-8}$", "3\u{2009}×\u{2009}10⁻⁸"),
    ("$E + A/N^\\alpha$", "E\u{2009}+\u{2009}A/N^α"),
    ("$\\frac{a + b}{\\hat{c}}$", "(a\u{2009}+\u{2009}b)/c\u{302}"),
    ("$\\sqrt{x}$, $\\sqrt[3]{x + 1}$", "√x, ³√(x\u{2009}+\u{2009}1)"),
    ("$\\log N_\\text{opt}$", "log\u{2009}N_opt"),
    ("$\\sum_{i=1}^n x_i$", "∑_(i=1)^n\u{2009}x_i"),
    ("$-x$", "\u{2212}x"),
  ])
  func aFormulaHasAPlainForm(markup: String, plain: String) throws {
    #expect(try RichText(markup).plain == plain)
  }

  @Test func aNameFromDataIsShownAsItIs() throws {
    let name = #"cost$ \$ of \alpha"#
    #expect(try RichText(RichText.escaped(name)).plain == name)
    #expect(RichText(verbatim: name).plain == name)
    #expect(try RichText(RichText(verbatim: name).markup) == RichText(verbatim: name))
  }

  @Test func linesAreNoWiderThanAskedUnlessAWordIs() throws {
    let style = TextStyle(size: 8)
    let measurer = ApproximateMeasurer()
    let lines = RichText.lines(
      try RichText("an explanation of $D \\sim N^b$ that is long"), width: 60, style: style,
      measurer: measurer)
    #expect(lines.count > 1)
    for line in lines where line.plain.contains(" ") {
      #expect(measurer.width(of: line, style: style) <= 60 || line.plain.hasPrefix("D"))
    }
    #expect(lines.map(\.plain).joined(separator: " ") == "an explanation of D ∼ N^b that is long")
    #expect(lines.contains { $0.markup.contains("$D \\sim N^b$") }, "a formula stays whole")
  }
}

@Suite struct LabelErrorTests {
  /// A figure with a fault in one of its labels.
  private func figure(
    title: String = "", x: String = "", tick: String = "1", series: String = "s",
    note: String = "", category: String = "a"
  ) -> Plot {
    .facets(
      [
        Panel(title, x: .linear(x, ticks: [Tick(1, tick)]), y: .linear()) {
          Line([(0.0, 1.0), (1.0, 2.0)], x: { $0.0 }, y: { $0.1 }, series: series)
          Annotation("first line\n" + note, x: 0.5, y: 1)
        },
        Panel(x: .linear(), y: .categories()) {
          Points([category], x: { _ in 1.0 }, y: { $0 })
        },
      ], sharing: .none)
  }

  @Test func aLabelThatCannotBeReadIsNamedWithItsFigureAndColumn() {
    let cases: [(Plot, String)] = [
      (
        figure(title: "Best $\\alhpa$"),
        "the title of panel 1, column 7 of 'Best $\\alhpa$': '\\alhpa' is not a command of "
          + "formulas here. Did you mean '\\alpha'?"
      ),
      (
        figure(x: "Größe $N"),
        "the x axis of panel 1, column 7 of 'Größe $N': the formula that '$' opens here is never "
          + "closed. Close it with '$', or write '\\$' for a dollar sign."
      ),
      (
        figure(tick: "$\\frac{1}$"),
        "a tick of the x axis of panel 1, column 10 of '$\\frac{1}$': '\\frac' needs an argument, "
          + "but none follows. Write it in braces."
      ),
      (
        figure(series: "$x^{2$"),
        "a series of panel 1, column 4 of '$x^{2$': '{' has no partner in this formula; '}' was "
          + "expected."
      ),
      (
        figure(note: "then $ $"),
        "the label of a mark (annotation) of panel 1, column 6 of 'then $ $': there is nothing "
          + "between the dollar signs. Write a formula, or '\\$' for a dollar sign."
      ),
      (
        figure(category: "$\\left( a$"),
        "a name on the y axis of panel 2, column 2 of '$\\left( a$': '\\left' has no partner in "
          + "this formula; '\\right' was expected."
      ),
      (
        figure(x: "$\\(slope)$"),
        "the x axis of panel 1, column 2 of '$\\(slope)$': a label of a figure cannot quote the "
          + "recorded value 'slope'. Put its number into the string."
      ),
    ]
    for (plot, text) in cases {
      func message(_ body: () throws -> Void) -> String {
        do { try body() } catch { return "\(error)" }
        return "no error"
      }
      let expected = "figure 'loss', " + text
      #expect(message { _ = try plot.scene(figure: "loss") } == expected)
      #expect(message { _ = try plot.summary(figure: "loss") } == expected)
      #expect(message { _ = try plot.csv(figure: "loss") } == expected)
      #expect(message { _ = try plot.scene() } == text)
    }
  }

  @Test func goodLabelsAreDrawn() throws {
    #expect(try figure(title: "$x$", x: "$\\frac{1}{2}$").scene().items.count > 5)
  }
}
