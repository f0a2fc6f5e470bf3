import Testing

@testable import MathTree

private let a = MathNode.letter("a", .italic)
private let b = MathNode.letter("b", .italic)
private let x = MathNode.letter("x", .italic)

struct MathParserTests {
  @Test(arguments: [
    ("a b", MathNode.row([a, b])),
    ("-1.5", .row([.symbol("−", .binary), .number("1.5")])),
    ("x^23", .row([.scripts(x, MathScripts(upper: .number("2"))), .number("3")])),
    ("x_a^{b}", .scripts(x, MathScripts(lower: a, upper: b))),
    ("x''_a", .scripts(x, MathScripts(primes: 2, lower: a))),
    (#"\frac ab"#, .fraction(a, b, .automatic)),
    (#"\sqrt[a]{b}"#, .root(b, index: a)),
    (#"\alpha\Gamma"#, .row([.letter("α", .italic), .letter("Γ", .upright)])),
    (#"\mathrm{total}"#, .letter("total", .upright)),
    (#"\mathbb R"#, .letter("R", .blackboard)),
    (#"\text{if $}"#, .text("if $")),
    (#"\hat a"#, .accent(MathAccent("\u{02C6}"), a)),
    (#"\sum\limits_a"#, .scripts(.largeOperator("∑", limits: true), MathScripts(lower: a))),
    (#"\left(a\right."#, .fenced(left: "(", a, right: "")),
    (#"\bigl\{"#, .delimiter("{", .opening, scale: 1.2)),
    (#"\operatorname*{arg\,min}"#, .function("arg\u{2009}min", limits: true)),
    (#"\not\in"#, .symbol("∉", .relation)),
    (
      #"\underbrace{a}_b"#,
      .stack(.accent(MathAccent("\u{23DF}", isBelow: true, isWide: true), a), over: nil, under: b)
    ),
    (#"\binom ab"#, .fenced(left: "(", .fraction(a, b, .bare), right: ")")),
    (#"\displaystyle a"#, .style(isDisplay: true, a)),
    (
      #"\begin{cases} a & b \\ x \\ \end{cases}"#,
      .fenced(
        left: "{",
        .array(
          MathArray(kind: .cases, alignments: [.leading, .leading], rows: [[a, b], [x]])),
        right: "")
    ),
  ])
  func commandsBecomeNodes(_ tex: String, _ expected: MathNode) throws {
    #expect(try MathParser.parse(tex) == expected)
  }

  @Test func valuesStandInFormulas() throws {
    let node = try MathParser.parse(
      #"\alpha = \(alpha.low)"#, at: SourceLocation(file: "f", line: 3, column: 10))
    guard case .row(let nodes) = node, case .reference(let reference)? = nodes.last else {
      Issue.record("no reference: \(node)")
      return
    }
    #expect(reference.name == "alpha")
    #expect(reference.part == .low)
    #expect(reference.location == SourceLocation(file: "f", line: 3, column: 19))
  }

  @Test func everySymbolHasOneCharacter() {
    for (name, node) in MathSymbols.symbols {
      switch node {
      case .symbol(let sign, _), .letter(let sign, _):
        #expect(sign.count == 1, "\\\(name) is '\(sign)'")
      default: break
      }
    }
  }

  @Test func everyListedStructureIsKnownToTheParser() {
    for name in MathSymbols.structures {
      do {
        _ = try MathParser.parse("\\\(name)")
      } catch {
        if case .unknownCommand = error.problem { Issue.record("\\\(name) is unknown") }
      }
    }
  }
}
