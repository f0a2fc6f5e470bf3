@testable import MathTree
import Plotting
import Testing

@testable import CairoRendering

/// Formulas at 10 pt in TeX Gyre Pagella Math, whose em has 1000 units: one unit is 0.01 pt.
///
/// Its MATH table says, in units: axisHeight 250, superscriptShiftUp 354 (cramped 296),
/// subscriptShiftDown 232, spaceAfterScript 40, rules of fractions, roots and bars 60,
/// fractionNumeratorDisplayStyleShiftUp 720, fractionDenominatorDisplayStyleShiftDown 666; scripts
/// are 74 % and 55 % of the size.
struct MathLayoutTests {
  let book: FontBook
  private static let size = 10.0

  init() throws { book = try FontBook.shared() }

  private func formula(_ tex: String, isDisplay: Bool = false) throws -> Formula {
    book.formula(try MathParser.parse(tex), size: Self.size, isDisplay: isDisplay)
  }

  private var axis: Double {
    book.withLock {
      MathLayout(book: book, size: Self.size).axis(MathStyle(level: .text))
    }
  }

  private func near(_ a: Double, _ b: Double, _ tolerance: Double = 1e-9) -> Bool {
    abs(a - b) <= tolerance
  }

  /// The places of the runs that say something.
  private func places(of text: String, in formula: Formula) -> [Formula.PlacedRun] {
    formula.runs.filter { $0.run.text == text }
  }

  // MARK: - Spaces

  /// Spaces by The TeXbook, chapter 18, in eighteenths of an em.
  @Test(arguments: [
    ("1+1", 8.0), ("1=1", 10), ("1,1", 3), ("-1", 0), ("(1)", 0), ("1=-1", 10), ("1\\,1", 3),
    ("1\\quad1", 18), ("1\\!1", -3), ("1:1", 10), ("1/1", 0), ("+1", 0), ("1\\cdot1", 8),
  ])
  func spacesBetweenAtomsAreThoseOfTeX(_ tex: String, _ expected: Double) throws {
    let formula = try formula(tex)
    let glyphs = formula.runs.reduce(0) { $0 + $1.run.width }
    #expect(near((formula.width - glyphs) * 18 / Self.size, expected, 1e-6), "\(tex)")
  }

  @Test func scriptsHaveNoSpaceAroundOperators() throws {
    let script = try formula("x^{1+1}")
    let runs = script.runs.dropFirst()
    let widths = runs.reduce(0) { $0 + $1.run.width }
    let first = try #require(runs.first)
    let last = try #require(runs.last)
    #expect(near(last.place.x + last.run.width - first.place.x, widths))
  }

  // MARK: - Scripts

  @Test func superscriptsAreRaisedAndSubscriptsLowered() throws {
    let power = try formula("x^2")
    let exponent = try #require(power.runs.last)
    #expect(near(-exponent.place.y, 3.54))
    #expect(near(exponent.run.size, 7.4))
    #expect(near(power.width, exponent.place.x + exponent.run.width + 0.4, 1e-6))
    // Under a root it is raised less.
    let cramped = try #require(places(of: "2", in: try formula(#"\sqrt{x^2}"#)).first)
    #expect(near(-cramped.place.y, 2.96))
    let index = try #require(try formula("x_2").runs.last)
    #expect(near(index.place.y, 2.32))
    let both = try formula("x_2^3")
    let (upper, lower) = (
      both.runs.first { $0.run.text == "3" }, both.runs.first { $0.run.text == "2" }
    )
    #expect(try #require(upper).place.y < 0 && (try #require(lower)).place.y > 0)
    // A second level is smaller still.
    #expect(near(try #require(try formula("x^{y^z}").runs.last).run.size, 5.5))
  }

  @Test func primesAndPowersStandTogether() throws {
    let formula = try formula("f''")
    #expect(formula.text.hasSuffix("″"))
    // The font raises its primes itself: they stand on the baseline, at the letter's size.
    let primes = try #require(formula.runs.last)
    #expect(near(primes.place.y, 0) && near(primes.run.size, 10))
    let power = try #require(try self.formula("f'^2").runs.last)
    #expect(power.place.y < -3 && near(power.run.size, 7.4))
  }

  // MARK: - Fractions and roots

  @Test func theLineOfAFractionLiesOnTheAxis() throws {
    for isDisplay in [false, true] {
      let fraction = try formula(#"\frac{a}{c}"#, isDisplay: isDisplay)
      let rule = try #require(fraction.rules.first)
      #expect(near(-(rule.y + rule.height / 2), 2.5) && near(axis, 2.5))
      #expect(near(rule.height, 0.6))
      let (above, below) = (fraction.runs[0], fraction.runs[1])
      #expect(above.place.y < rule.y && below.place.y > rule.y)
      // Both are centred on the line.
      for run in [above, below] {
        #expect(
          near(run.place.x + run.run.width / 2, rule.x + rule.width / 2, 0.35), "\(run.run.text)")
      }
      #expect(near(above.run.size, isDisplay ? 10 : 7.4))
      if isDisplay { #expect(near(-above.place.y, 7.2) && near(below.place.y, 6.66)) }
    }
  }

  @Test func textAndDisplayFractionsCanBeAskedFor() throws {
    #expect(near(try #require(try formula(#"\dfrac12"#).runs.first).run.size, 10))
    let small = try #require(try formula(#"\tfrac12"#, isDisplay: true).runs.first)
    #expect(near(small.run.size, 7.4))
  }

  @Test func aRootCoversItsBody() throws {
    for tex in [#"\sqrt{x}"#, #"\sqrt{\frac{a}{b}}"#, #"\sqrt{\frac{\frac{a}{b}}{\frac{c}{d}}}"#] {
      let root = try formula(tex, isDisplay: true)
      let line = try #require(root.rules.first { rule in root.rules.allSatisfy { $0.y >= rule.y } })
      let sign = try #require(places(of: "√", in: root).first)
      #expect(near(line.x, sign.place.x + sign.run.width, 1e-6))
      for run in root.runs where run.run.text != "√" {
        #expect(run.place.y > line.y && run.place.x >= line.x - 1e-9)
        #expect(run.place.x + run.run.width <= line.x + line.width + 1e-6)
      }
      #expect(root.height >= -line.y)
    }
    let cube = try formula(#"\sqrt[3]{x}"#)
    let degree = try #require(places(of: "3", in: cube).first)
    #expect(degree.place.y < 0 && near(degree.run.size, 5.5))
  }

  // MARK: - Operators

  @Test func limitsStandAboveAndBelowOnlyInDisplays() throws {
    let display = try formula(#"\sum_{i}^{n} x"#, isDisplay: true)
    let sign = try #require(places(of: "∑", in: display).first)
    let middle = sign.place.x + sign.run.width / 2
    for name in ["𝑖", "𝑛"] {
      let limit = try #require(places(of: name, in: display).first)
      #expect(near(limit.place.x + limit.run.width / 2, middle, 0.6))
    }
    let text = try formula(#"\sum_{i}^{n} x"#)
    let beside = try #require(places(of: "𝑛", in: text).first)
    let small = try #require(places(of: "∑", in: text).first)
    #expect(beside.place.x >= small.run.width - 0.5)
    #expect(display.height > text.height)
    // An integral takes its scripts at its side even there.
    let integral = try formula(#"\int_0^1 x"#, isDisplay: true)
    let bound = try #require(places(of: "1", in: integral).first)
    let stroke = try #require(places(of: "∫", in: integral).first)
    #expect(bound.place.x > stroke.place.x + 0.5 * stroke.run.width)
  }

  @Test func operatorsAreCentredOnTheAxis() throws {
    for tex in [#"\sum"#, #"\int"#, #"\prod"#] {
      let sign = try formula(tex, isDisplay: true)
      #expect(near((sign.height - sign.depth) / 2, axis, 1e-6), "\(tex)")
    }
  }

  // MARK: - Delimiters

  /// The TeXbook, appendix G, rule 19: nine tenths at least, and all but half an em.
  @Test(arguments: [
    #"x"#, #"\frac{a}{b}"#, #"\frac{\frac{a}{b}}{\frac{c}{d}}"#,
    #"\begin{matrix} 1 \\ 2 \\ 3 \\ 4 \\ 5 \\ 6 \\ 7 \\ 8 \end{matrix}"#,
  ])
  func delimitersGrowWithWhatTheyEnclose(_ body: String) throws {
    let inner = try formula(body, isDisplay: true)
    let whole = try formula(#"\left( "# + body + #" \right]"#, isDisplay: true)
    let reach = max(inner.height - axis, inner.depth + axis)
    let covered = max(whole.height - axis, whole.depth + axis)
    #expect(covered >= min(0.9 * reach, reach - Self.size / 2) - 0.01)
    let opening = try #require(places(of: "(", in: whole).first)
    let closing = try #require(places(of: "]", in: whole).first)
    #expect(near(opening.place.x, 0))
    #expect(near(closing.place.x + closing.run.width, whole.width, 1e-6))
  }

  @Test func sizedDelimitersGrowByTheirStep() throws {
    let heights = try ["(", #"\big("#, #"\Big("#, #"\bigg("#, #"\Bigg("#].map {
      let one = try formula($0)
      return one.height + one.depth
    }
    #expect(zip(heights, heights.dropFirst()).allSatisfy { $0 < $1 })
  }

  // MARK: - Arrays

  @Test func alignedLinesMeetAtTheirRelation() throws {
    let lines = try formula(
      #"\begin{aligned} a &= b \\ a + b + c &= d \end{aligned}"#, isDisplay: true)
    let relations = places(of: "=", in: lines)
    #expect(relations.count == 2)
    #expect(near(relations[0].place.x, relations[1].place.x))
    #expect(relations[1].place.y - relations[0].place.y >= 1.5 * Self.size - 1e-9)
    // The space of the relation is there although a cell begins with it.
    let left = try #require(places(of: "𝑐", in: lines).first)
    #expect(relations[0].place.x > left.place.x + left.run.width + 2)
  }

  @Test func casesBeginAtOneEdgeBehindABrace() throws {
    let cases = try formula(
      #"\begin{cases} 1 & \text{if } x \\ 100 & \text{otherwise} \end{cases}"#)
    let brace = try #require(places(of: "{", in: cases).first)
    let (one, hundred) = (places(of: "1", in: cases)[0], places(of: "100", in: cases)[0])
    #expect(near(one.place.x, hundred.place.x))
    #expect(one.place.x >= brace.place.x + brace.run.width)
    #expect(near((cases.height - cases.depth) / 2, axis, 1.5))
  }

  @Test func columnsOfMatricesAreCentred() throws {
    let matrix = try formula(#"\begin{pmatrix} 1 & 2 \\ 300 & 4 \end{pmatrix}"#)
    let (small, wide) = (places(of: "1", in: matrix)[0], places(of: "300", in: matrix)[0])
    #expect(
      near(small.place.x + small.run.width / 2, wide.place.x + wide.run.width / 2, 1e-6))
  }

  // MARK: - Accents

  @Test func accentsStandOverTheMiddleOfTheirLetter() throws {
    for tex in [#"\hat{x}"#, #"\bar{x}"#, #"\tilde{x}"#, #"\dot{x}"#, #"\vec{x}"#] {
      let plain = try formula("x")
      let marked = try formula(tex)
      #expect(marked.height > plain.height + 0.5, "\(tex)")
      #expect(near(marked.width, plain.width, 0.6), "\(tex)")
    }
    #expect(try formula(#"\hat{X}"#).height > (try formula(#"\hat{x}"#)).height)
    let wide = try formula(#"\widehat{abc}"#)
    let narrow = try formula(#"\hat{abc}"#)
    func mark(_ formula: Formula) -> GlyphRun? {
      formula.runs.first { $0.run.text == "\u{0302}" }?.run
    }
    #expect(mark(wide)?.glyphs.first?.id != mark(narrow)?.glyphs.first?.id)
    let brace = try formula(#"\underbrace{a+b+c}_{n}"#, isDisplay: true)
    #expect(try #require(places(of: "𝑛", in: brace).first).place.y > 3)
    #expect(try #require(try formula(#"\overline{ab}"#).rules.first).y < 0)
    #expect(try #require(try formula(#"\underline{ab}"#).rules.first).y > 0)
  }

  // MARK: - All of it

  /// Every command that formulas may use is laid out, and no font lacks a sign.
  @Test func everyCommandHasItsGlyphs() throws {
    let wrapped: [String: String] = [
      "frac": #"\frac12"#, "dfrac": #"\dfrac12"#, "tfrac": #"\tfrac12"#, "binom": #"\binom nk"#,
      "sqrt": #"\sqrt[3]{x}"#, "text": #"\text{if}"#, "textrm": #"\textrm{if}"#,
      "operatorname": #"\operatorname{softmax}"#, "left": #"\left(x\middle|y\right)"#,
      "right": "x", "middle": "x", "begin": #"\begin{bmatrix}1&2\\3&4\end{bmatrix}"#, "end": "x",
      "limits": #"\int\limits_0^1"#, "nolimits": #"\sum\nolimits_0^1"#,
      "overset": #"\overset{a}{=}"#,
      "underset": #"\underset{x}{\max}"#, "stackrel": #"\stackrel{a}{=}"#,
      "substack": #"\sum_{\substack{i\\j}}"#, "displaystyle": #"\displaystyle x"#,
      "textstyle": #"\textstyle x"#, "not": #"\not\in"#,
    ]
    for name in MathSymbols.allCommands {
      let tex =
        wrapped[name]
        ?? (MathSymbols.sizes[name] != nil
          ? "\\\(name)("
          : MathSymbols.accents[name] != nil || MathSymbols.variants[name] != nil
            ? "\\\(name){x}" : "\\\(name)")
      for isDisplay in [false, true] {
        let formula = try formula(tex, isDisplay: isDisplay)
        #expect(formula.missing.isEmpty, "\(tex) lacks \(formula.missing)")
        #expect(formula.width.isFinite && formula.height.isFinite && formula.depth.isFinite)
        #expect(!formula.runs.isEmpty || formula.width != 0 || tex == "x", "\(tex) is empty")
      }
    }
    for environment in MathSymbols.environments.keys where environment != "array" {
      let tex = "\\begin{\(environment)} a \\\\ b \\end{\(environment)}"
      #expect(try formula(tex, isDisplay: true).missing.isEmpty, "\(tex)")
    }
  }

  @Test func lettersAreThoseOfUnicode() throws {
    #expect(try formula("N h").text == "𝑁ℎ")
    #expect(try formula(#"\mathbb{R}\mathcal{L}\mathbf{w}\mathrm{KL}"#).text == "ℝℒ𝐰KL")
    #expect(try formula(#"\alpha\Gamma"#).text == "𝛼Γ")
  }

  // MARK: - Formulas within lines

  /// A formula may be broken behind relations and operations that stand in no brackets.
  @Test func linesEndBehindRelations() throws {
    let parts = book.formulaParts(try MathParser.parse("f(a + b) = c + d"), size: Self.size)
    #expect(parts.map(\.formula.text) == ["𝑓(𝑎+𝑏)=", "𝑐+", "𝑑"])
    #expect(parts.map(\.endsWithRelation) == [true, false, false])
    #expect(near(parts[0].space, Self.size * 5 / 18) && near(parts[1].space, Self.size * 4 / 18))
    let whole = try formula("f(a + b) = c + d")
    let sum = parts.reduce(0) { $0 + $1.formula.width + $1.space }
    #expect(near(sum, whole.width, 0.5))
  }
}
