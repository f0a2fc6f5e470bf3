import Testing

@testable import Literate

private let here = SourceLocation(file: "f", line: 7)

private func inlines(_ text: String) throws -> [Inline] { try Markdown.inlines(text, at: here) }

private func value(_ name: String, _ part: ValueReference.Part = .value) -> Inline {
  .reference(
    ValueReference(
      name: name, part: part,
      location: SourceLocation(file: "f", line: 7, context: "text")))
}

struct MarkdownTests {
  @Test func quotesAndDashesAreTypographic() throws {
    #expect(try inlines("\"It's\" 1--2") == [.text("“It’s” 1–2")])
  }

  @Test func percentSignsStayWithTheirNumbers() throws {
    #expect(try inlines("95 % of it") == [.text("95\u{00A0}% of it")])
  }

  @Test func numbersStayWithTheSignThatTheyAreEqualTo() throws {
    let texts = try inlines("$b$ = 1.5, c = 2").compactMap { (inline) -> String? in
      if case .text(let text) = inline { text } else { nil }
    }
    #expect(texts == ["\u{00A0}=\u{00A0}1.5, c = 2"])
  }

  @Test func valuesAreNodesExceptInCode() throws {
    #expect(
      try inlines(#"a \(alpha) b \(x-1.interval) `\(c)`"#) == [
        .text("a "), value("alpha"), .text(" b "), value("x-1", .interval), .text(" "),
        .code(#"\(c)"#),
      ])
  }

  @Test func formulasAreNotMarkdown() throws {
    #expect(
      try inlines("$a_i b_i$ and *b*") == [
        .math(
          .row([
            .scripts(
              .letter("a", .italic), MathScripts(lower: .letter("i", .italic))),
            .scripts(
              .letter("b", .italic), MathScripts(lower: .letter("i", .italic))),
          ])), .text(" and "), .emphasis([.text("b")]),
      ])
  }

  @Test func codeKeepsItsDollarsAndEscapes() throws {
    #expect(try inlines("`$x$ \\$ @fig:a` \\$5") == [.code("$x$ \\$ @fig:a"), .text(" $5")])
    let blocks = try Markdown.parse("```\n$x\n\\(y)\n```", at: here)
    #expect(blocks == [Block(.code(language: "", text: "$x\n\\(y)"), line: 7)])
  }

  @Test func formulasWithBarsFitIntoTables() throws {
    let blocks = try Markdown.parse("| a | b |\n|:-:|--:|\n| $|x|$ | 1 |", at: here)
    guard case .table(let table) = blocks.first?.kind else {
      Issue.record("no table: \(blocks)")
      return
    }
    #expect(table.alignments == [.center, .trailing])
    #expect(table.rows.count == 1)
    #expect(table.rows[0].count == 2)
    #expect(
      [.math(.row([.symbol("|", .ordinary), .letter("x", .italic), .symbol("|", .ordinary)]))]
        == table.rows[0][0])
  }

  @Test func displayFormulasCutTheirParagraph() throws {
    let blocks = try ChapterSource.parse(
      "//: # T\n//: Before\n//: $$\n//: x\n//: $$ {#eq:law}\n//: after.\n//:\n//: Next.", file: "f"
    ).blocks
    #expect(
      blocks == [
        Block(.paragraph([.text("Before")]), line: 2),
        Block(.equation(Equation(math: .letter("x", .italic), name: "law")), line: 3),
        Block(.paragraph([.text("after.")]), line: 2),
        Block(.paragraph([.text("Next.")]), line: 8),
      ])
  }

  @Test func crossReferencesEndBeforePunctuation() throws {
    let found = try inlines("see @fig:loss-curve, (@tbl:a-) not me@fig:x or @foo")
    let names = found.compactMap { inline -> String? in
      if case .crossReference(let reference) = inline {
        "\(reference.kind):\(reference.name)"
      } else {
        nil
      }
    }
    #expect(names == ["figure:loss-curve", "table:a"])
  }

  @Test func formulasInQuotesLoseTheQuoteMarks() throws {
    let blocks = try Markdown.parse("> is $a\n> + b$ so", at: here)
    #expect(
      blocks == [
        Block(
          .quote([
            Block(
              .paragraph([
                .text("is "),
                .math(
                  .row([
                    .letter("a", .italic), .symbol("+", .binary), .letter("b", .italic),
                  ])), .text(" so"),
              ]), line: 7)
          ]), line: 7)
      ])
  }

  @Test func looseAndTightListsDiffer() throws {
    func isTight(_ text: String) throws -> Bool? {
      if case .list(let list) = try Markdown.parse(text, at: here).first?.kind {
        list.isTight
      } else {
        nil
      }
    }
    #expect(try isTight("1. a\n2. b") == true)
    #expect(try isTight("1. a\n\n2. b") == false)
  }

  @Test func citationsAreNodes() throws {
    func citation(
      _ style: Citation.Style, _ items: [Citation.Item], column: Int? = nil
    ) -> Inline {
      .citation(
        Citation(
          style: style, items: items,
          location: SourceLocation(file: "f", line: 7, column: column, context: "text")))
    }
    #expect(
      try inlines("so [@kaplan2020, section 3; @li-b2024a], and @hoffmann2022.") == [
        .text("so "),
        citation(
          .parenthetical,
          [.init(key: "kaplan2020", detail: "section 3"), .init(key: "li-b2024a")]),
        .text(", and "), citation(.narrative, [.init(key: "hoffmann2022")]), .text("."),
      ])
    // An address, an attribute and code are none.
    #expect(
      try inlines("a@b2020 @Option `[@x2020]`") == [.text("a@b2020 @Option "), .code("[@x2020]")])
  }

  @Test func aCitationMayRunOverALine() throws {
    let document = try ChapterSource.parse(
      "//: # T\n//: as [@kaplan2020;\n//: @hoffmann2022] say.", file: "f")
    guard case .paragraph(let text)? = document.blocks.first?.kind,
      case .citation(let citation) = text[1]
    else {
      Issue.record("no citation: \(document.blocks)")
      return
    }
    #expect(citation.items.map(\.key) == ["kaplan2020", "hoffmann2022"])
    #expect(citation.location == SourceLocation(file: "f", line: 2, column: 8))
    #expect(text.last == .text(" say."))
  }

  @Test func tablesHaveCaptions() throws {
    let blocks = try Markdown.parse(
      "| a | b |\n|---|---|\n| 1 \\| 2 | `c` |\n\nTable: What *it* is. {#tbl:it}\n\nMore.", at: here
    )
    #expect(blocks.count == 2)
    guard case .table(let table)? = blocks.first?.kind else {
      Issue.record("no table: \(blocks)")
      return
    }
    #expect(table.name == "it")
    #expect(table.caption == [.text("What "), .emphasis([.text("it")]), .text(" is.")])
    #expect(table.rows == [[[.text("1 | 2")], [.code("c")]]])
  }
}
