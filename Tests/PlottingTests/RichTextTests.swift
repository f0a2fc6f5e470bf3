import Testing

@testable import Plotting

@Suite struct RichTextTests {
  @Test(arguments: [
    ("plain words", "plain words"),
    ("Parameters $N$", "Parameters {i:N}"),
    ("$10^4$", "10{^:4}"),
    ("$C^{-0.24}$", "{i:C}{^:\u{2212}0.24}"),
    ("$N_\\text{opt}$", "{i:N}{_:opt}"),
    ("$D \\propto N^{x}$", "{i:D} ∝ {i:N}{i^:x}"),
    ("$\\alpha_N$ (fit)", "{i:α}{i_:N} (fit)"),
    ("$\\Delta$", "Δ"),
    ("$3 \\times 10^8$", "3\u{2009}×\u{2009}10{^:8}"),
    ("$E + A/N^\\alpha$", "{i:E}\u{2009}+\u{2009}{i:A}/{i:N}{i^:α}"),
    ("$-x$", "\u{2212}{i:x}"),
    ("$\\log N$", "log\u{2009}{i:N}"),
    ("$\\mathrm{FLOP} = 6ND$", "FLOP = 6{i:ND}"),
    ("costs \\$5 to \\$6", "costs $5 to $6"),
    ("a single $ sign", "a single $ sign"),
    ("$\\unheard$", "\\unheard"),
    ("$x^{unclosed$", "{i:x}{i^:unclosed}"),
    ("", ""),
  ])
  func markupBecomesRuns(markup: String, marked: String) {
    #expect(RichText(markup).marked == marked)
  }

  @Test func linesAreNoWiderThanAskedUnlessAWordIs() {
    let style = TextStyle(size: 8)
    let measurer = ApproximateMeasurer()
    let lines = RichText.lines(
      "an explanation of $D \\sim N^b$ that is long", width: 60, style: style, measurer: measurer)
    #expect(lines.count > 1)
    for line in lines where line.plain.contains(" ") {
      #expect(measurer.width(of: line, style: style) <= 60 || line.plain.hasPrefix("D"))
    }
    #expect(lines.map(\.plain).joined(separator: " ") == "an explanation of D ∼ N^b that is long")
  }

  @Test func aTextOfOneStyleIsOneRun() {
    #expect(RichText("many words with no math").runs.count == 1)
  }
}
