import Foundation
import Literate
import Testing

@testable import Weaving

struct PartsTests {
  @Test func textIsEscapedForHTMLAndXML() {
    #expect(HTML.text("a < b & \"c\" > d") == "a &lt; b &amp; \"c\" &gt; d")
    #expect(HTML.attribute("\"a\"\n") == "&quot;a&quot;&#10;")
    #expect(HTML.text("bell \u{07}") == "bell \u{FFFD}")
  }

  @Test func base64IsThatOfFoundation() {
    for count in 0..<70 {
      let bytes = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 37 &+ 11) }
      #expect(Base64.encode(bytes) == Data(bytes).base64EncodedString())
    }
  }

  @Test(arguments: [
    ("let a = 1", "<span class=\"k\">let</span> a = <span class=\"n\">1</span>"),
    ("x.init(1.5e-3)", "x.init(<span class=\"n\">1.5e-3</span>)"),
    ("0..<n", "<span class=\"n\">0</span>..&lt;n"),
    ("Int // a < b", "<span class=\"t\">Int</span> <span class=\"c\">// a &lt; b</span>"),
    ("/* a /* b */ */x", "<span class=\"c\">/* a /* b */ */</span>x"),
    ("@Option var", "<span class=\"a\">@Option</span> <span class=\"k\">var</span>"),
    ("#if X", "<span class=\"k\">#if</span> <span class=\"t\">X</span>"),
    (
      #""a \(b + f("c")) d""#,
      #"<span class="s">"a \(</span>b + f(<span class="s">"c"</span>)<span class="s">) d"</span>"#
    ),
    (##"#"a \(b) \#(c)"#"##, ##"<span class="s">#"a \(b) \#(</span>c<span class="s">)"#</span>"##),
    (#""a \" b" c"#, #"<span class="s">"a \" b"</span> c"#),
    ("\"\"\"\na \"b\"\n\"\"\" c", "<span class=\"s\">\"\"\"\na \"b\"\n\"\"\"</span> c"),
    ("\"open\nlet", "<span class=\"s\">\"open</span>\n<span class=\"k\">let</span>"),
    ("überlänge", "überlänge"),
  ])
  func swiftIsColouredByTokens(_ code: String, _ expected: String) {
    #expect(SwiftHighlighter.html(code) == expected)
  }

  @Test func csvIsReadWithItsQuotes() {
    #expect(
      CSV.rows("a,\"b \"\"c\"\"\",\r\n\"d\ne\",f,g\n") == [
        ["a", "b \"c\"", ""], ["d\ne", "f", "g"],
      ])
    #expect(CSV.rows("") == [])
  }

  @Test func drawingsGetIdsOfTheirOwn() {
    let svg = SVG.inlined(Sample.svg, prefix: "p-", label: "A & B")
    #expect(
      svg == """
        <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 468 260" role="img" aria-label="A &amp; B">
        <defs><g id="p-dot"><circle r="2"/></g></defs><g clip-path="url(#p-dot)"><use href="#p-dot"/></g>
        </svg>
        """)
  }

  @Test func drawingsThatAreNoneAreRefused() {
    #expect(SVG.fault(in: Sample.svg) == nil)
    #expect(SVG.fault(in: "<html></html>") == "it has no <svg> element")
    #expect(SVG.fault(in: "<svg viewBox=\"0 0 1 1\"><g>") == "it does not end with </svg>")
    #expect(SVG.fault(in: "<svg></svg>") == "its <svg> element has no viewBox")
  }

  @Test func minusSignsInCellsAreReal() {
    #expect(ChapterWeave.withMinus("-0.5 [-0.6, -.4]") == "−0.5 [−0.6, −.4]")
    #expect(ChapterWeave.withMinus("2020-11") == "2020-11")
    #expect(ChapterWeave.withMinus("well-known -") == "well-known -")
    #expect(ChapterWeave.withMinus("$x-1$") == "$x-1$")
  }

  @Test func facesGetTheCharactersThatAreSetInThem() {
    let characters = PageCharacters(
      html: "<p>aé <strong>B</strong></p><code>ç</code><math><mi>x</mi></math>"
        + "<svg><text>ß</text></svg><style>ä</style><figcaption>c<em>d</em></figcaption>")
    #expect(characters.text.contains("é"))
    #expect(characters.bold == ["B"])
    #expect(characters.slantedSans == ["d"])
    #expect(characters.code.contains("ç"))
    #expect(characters.math.contains("𝑥"))
    #expect(characters.text.isDisjoint(with: ["ß", "ä", "ç"]))
  }

  @Test func formulasStayWithTheirPunctuation() throws {
    var printer = HTMLPrinter(try Sample().woven(), asPart: false)
    let math = "<math><mi>x</mi></math>"
    let inlines = try Markdown.inlines(
      "a ($x$), $x$ b ($x$)($x$).", at: SourceLocation(file: "f", line: 1))
    #expect(
      printer.inlines(inlines)
        == "a <span class=\"together\">(\(math)),</span> \(math) b "
        + "<span class=\"together\">(\(math))</span><span class=\"together\">(\(math)).</span>")
    let equal = try Markdown.inlines(
      "$x$ = 1.5, $x$ = 2", at: SourceLocation(file: "f", line: 1))
    #expect(
      printer.inlines(equal)
        == "<span class=\"together\">\(math)\u{00A0}=\u{00A0}1.5,</span> "
        + "<span class=\"together\">\(math)\u{00A0}=\u{00A0}2</span>")
  }

  @Test func quotationsHaveOnePairOfMarks() {
    #expect(HTMLPrinter.quoted("\"It's so\"") == "“It’s so”")
    #expect(HTMLPrinter.quoted("a \"b\" c") == "“a ‘b’ c”")
  }
}
