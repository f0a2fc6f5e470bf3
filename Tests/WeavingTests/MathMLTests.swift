import Literate
import Testing

@testable import Weaving

private func mathML(_ tex: String, display: Bool = false) throws -> String {
  let node = try MathParser.parse(tex)
  let text = display ? MathML.display(node) : MathML.inline(node)
  let open = display ? "<math display=\"block\">" : "<math>"
  return String(text.dropFirst(open.count).dropLast("</math>".count))
}

/// An operator with its space, as the printer writes it.
private func mo(_ sign: String, _ left: String = "0", _ right: String = "0") -> String {
  "<mo stretchy=\"false\" lspace=\"\(left)\" rspace=\"\(right)\">\(sign)</mo>"
}

private let binary = "0.2222em"
private let relation = "0.2778em"

struct MathMLTests {
  @Test(arguments: [
    ("x", "<mi>x</mi>"),
    ("12.5", "<mn>12.5</mn>"),
    ("a+b", "<mi>a</mi>" + mo("+", binary, binary) + "<mi>b</mi>"),
    ("-a", mo("−") + "<mi>a</mi>"),
    ("a=-b", "<mi>a</mi>" + mo("=", relation, relation) + mo("−") + "<mi>b</mi>"),
    (
      "(a,-b)", mo("(") + "<mi>a</mi>" + mo(",", "0", "0.1667em") + mo("−") + "<mi>b</mi>" + mo(")")
    ),
    ("a<b", "<mi>a</mi>" + mo("&lt;", relation, relation) + "<mi>b</mi>"),
    ("a/b", "<mi>a</mi>" + mo("/") + "<mi>b</mi>"),
    ("x_{i=1}", "<msub><mi>x</mi><mrow><mi>i</mi>" + mo("=") + "<mn>1</mn></mrow></msub>"),
    ("N^{-\\alpha}", "<msup><mi>N</mi><mrow>" + mo("−") + "<mi>α</mi></mrow></msup>"),
    ("x_i^2", "<msubsup><mi>x</mi><mi>i</mi><mn>2</mn></msubsup>"),
    (
      "f'(x)",
      "<mrow><mi>f</mi><mo lspace=\"0.08em\" rspace=\"0\">′</mo></mrow>" + mo("(") + "<mi>x</mi>"
        + mo(")")
    ),
    (#"\Gamma"#, "<mi mathvariant=\"normal\">Γ</mi>"),
    (#"\mathbf{w}"#, "<mi mathvariant=\"normal\">𝐰</mi>"),
    (
      #"\mathbb{R}\mathcal{L}"#,
      "<mi mathvariant=\"normal\">ℝ</mi><mi mathvariant=\"normal\">ℒ</mi>"
    ),
    (#"\mathrm{total}"#, "<mi>total</mi>"),
    (
      #"2\log x"#,
      "<mn>2</mn><mspace width=\"0.1667em\"/><mi>log</mi><mspace width=\"0.1667em\"/><mi>x</mi>"
    ),
    (#"\log(x)"#, "<mi>log</mi>" + mo("(") + "<mi>x</mi>" + mo(")")),
    (#"\frac{a}{b}"#, "<mfrac><mi>a</mi><mi>b</mi></mfrac>"),
    (#"\sqrt{x}\sqrt[3]{x}"#, "<msqrt><mi>x</mi></msqrt><mroot><mi>x</mi><mn>3</mn></mroot>"),
    (
      #"\hat{a}"#,
      "<mover accent=\"true\"><mi>a</mi><mo stretchy=\"false\" lspace=\"0\" rspace=\"0\">ˆ</mo></mover>"
    ),
    (#"\overline{ab}"#, "<mrow class=\"overline\"><mrow><mi>a</mi><mi>b</mi></mrow></mrow>"),
    (#"\text{ if }"#, "<mtext>\u{A0}if\u{A0}</mtext>"),
    (
      #"a\,b\!c"#,
      "<mi>a</mi><mspace width=\"0.1667em\"/><mi>b</mi><mspace width=\"-0.1667em\"/><mi>c</mi>"
    ),
    (
      #"\bigl(a"#,
      "<mo stretchy=\"true\" symmetric=\"true\" minsize=\"1.2em\" maxsize=\"1.2em\" lspace=\"0\" rspace=\"0\">(</mo><mi>a</mi>"
    ),
  ])
  func formulasBecomeMathML(_ tex: String, _ expected: String) throws {
    #expect(try mathML(tex) == expected)
  }

  @Test func limitsStandAboveAndBelowOnlyOnTheirOwnLine() throws {
    let sum = #"\sum_{i}^{n} i"#
    #expect(try mathML(sum, display: true).hasPrefix("<munderover><mo largeop=\"true\""))
    #expect(try mathML(sum).hasPrefix("<msubsup><mo"))
    #expect(try mathML(#"\int_0^1"#, display: true).hasPrefix("<msubsup>"))
    #expect(try mathML(#"\min_x"#, display: true) == "<munder><mi>min</mi><mi>x</mi></munder>")
  }

  @Test func alignedEquationsAlignAtTheirRelations() throws {
    let table = try mathML(#"\begin{aligned} a &= b \\ &+ c \end{aligned}"#, display: true)
    #expect(
      table
        == "<mtable class=\"aligned\" displaystyle=\"true\"><mtr><mtd class=\"right\"><mi>a</mi></mtd>"
        + "<mtd class=\"left\">" + mo("=", relation, relation) + "<mi>b</mi></mtd></mtr>"
        + "<mtr><mtd class=\"right\"></mtd><mtd class=\"left\">" + mo("+", binary, binary)
        + "<mi>c</mi></mtd></mtr></mtable>")
  }

  @Test func delimitersGrowOnlyWhenTheyShould() throws {
    #expect(try mathML("(a)").contains("stretchy=\"true\"") == false)
    #expect(
      try mathML(#"\left(a\right|"#)
        == "<mrow><mo form=\"prefix\" stretchy=\"true\" symmetric=\"true\" lspace=\"0\" rspace=\"0\">(</mo>"
        + "<mi>a</mi><mo form=\"postfix\" stretchy=\"true\" symmetric=\"true\" lspace=\"0\" rspace=\"0\">|</mo></mrow>"
    )
  }

  @Test(arguments: [
    ("A", MathVariant.italic, "𝐴"), ("h", .italic, "ℎ"), ("α", .italic, "𝛼"), ("ϵ", .italic, "𝜖"),
    ("Ω", .bold, "𝛀"), ("R", .blackboard, "ℝ"), ("A", .blackboard, "𝔸"), ("1", .blackboard, "𝟙"),
    ("L", .calligraphic, "ℒ"), ("A", .calligraphic, "𝒜"), ("z", .monospace, "𝚣"), ("∞", .bold, "∞"),
  ])
  func lettersHaveTheirAlphabets(
    _ letter: Unicode.Scalar, _ variant: MathVariant, _ expected: Unicode.Scalar
  ) {
    #expect(MathAlphabet.scalar(letter, variant) == expected)
  }
}
