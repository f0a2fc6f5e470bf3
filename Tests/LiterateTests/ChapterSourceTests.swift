import Testing

@testable import Literate

private func parse(_ text: String) throws -> Document {
  try ChapterSource.parse(text, file: "main.swift")
}

struct ChapterSourceTests {
  @Test func proseAndCodeKeepTheirLines() throws {
    let document = try parse(
      """
      //: # Title
      //:
      //: One
      //: paragraph.

      let a = 1

      let b = 2

      //: Another.
      let c = 3
      """)
    #expect(document.title == [.text("Title")])
    #expect(
      document.blocks == [
        Block(.paragraph([.text("One paragraph.")]), line: 3),
        Block(.listing(Listing(code: "let a = 1\n\nlet b = 2", lines: 6...8)), line: 6),
        Block(.paragraph([.text("Another.")]), line: 10),
        Block(.listing(Listing(code: "let c = 3", lines: 11...11)), line: 11),
      ])
  }

  @Test func codeEndsAListAndAQuote() throws {
    let document = try parse("//: # T\n//: - item\nlet a = 1\n//: > quote\nlet b = 2")
    let kinds = document.blocks.map { block -> String in
      switch block.kind {
      case .list: "list"
      case .quote: "quote"
      case .listing(let listing): listing.code
      default: "other"
      }
    }
    #expect(kinds == ["list", "let a = 1", "quote", "let b = 2"])
  }

  @Test func blockCommentsAreProseToo() throws {
    let document = try parse("/*: # T\n\nText with $x$.\n*/\nlet a = 1")
    #expect(document.title == [.text("T")])
    #expect(
      document.blocks.first
        == Block(
          .paragraph([.text("Text with "), .math(.letter("x", .italic)), .text(".")]), line: 3))
  }

  @Test func asidesFoldCodeAndProse() throws {
    let document = try parse(
      "//: # T\n// MARK: - aside Settings of the run\nlet a = 1\n//: Prose.\n// MARK: - end\nlet b = 2"
    )
    #expect(
      document.blocks == [
        Block(
          .aside(
            title: "Settings of the run",
            [
              Block(.listing(Listing(code: "let a = 1", lines: 3...3)), line: 3),
              Block(.paragraph([.text("Prose.")]), line: 4),
            ]), line: 2),
        Block(.listing(Listing(code: "let b = 2", lines: 6...6)), line: 6),
      ])
  }

  @Test func otherMarksAreCode() throws {
    let document = try parse("//: # T\n// MARK: - Helpers\n// MARK: - ending\nlet a = 1")
    #expect(
      document.blocks
        == [
          Block(
            .listing(
              Listing(code: "// MARK: - Helpers\n// MARK: - ending\nlet a = 1", lines: 2...4)),
            line: 2)
        ])
  }

  @Test func exercisesFoldTheirSolutionsAndEndAtCode() throws {
    let document = try parse(
      """
      //: # T
      //: ### Exercise: Try $x$
      //: Do it.
      //: #### Solution
      //: Done.
      //:
      //: ```swift
      //: let y = 1
      //: ```
      //: ### Exercise: Again
      //: More.
      try chapter.finish()
      """)
    #expect(document.blocks.count == 3)
    guard case .exercise(let anchor, let title, let blocks) = document.blocks[0].kind else {
      Issue.record("no exercise: \(document.blocks[0])")
      return
    }
    #expect(anchor == "exercise-try-x")
    #expect(title == [.text("Try "), .math(.letter("x", .italic))])
    #expect(blocks.count == 2)
    #expect(
      blocks[1].kind
        == .solution([
          Block(.paragraph([.text("Done.")]), line: 5),
          Block(.code(language: "swift", text: "let y = 1"), line: 7),
        ]))
    if case .listing = document.blocks[2].kind {} else { Issue.record("code is in an exercise") }
  }

  @Test func headingsWithEqualTextHaveDifferentAnchors() throws {
    let document = try parse("//: # T\n//: ## Für & wider?\n//: ## Für & wider?\n//: ## !")
    let anchors = document.blocks.compactMap { block -> String? in
      if case .heading(_, let anchor, _) = block.kind { anchor } else { nil }
    }
    #expect(anchors == ["für-wider", "für-wider-2", "section"])
  }

  @Test func footnotesMayBeDefinedBehindCode() throws {
    let document = try parse("//: # T\n//: Text.[^a]\nlet a = 1\n//: [^a]: The *note*.")
    #expect(
      document.blocks.first == Block(.paragraph([.text("Text."), .footnote(1)]), line: 2))
    #expect(document.footnotes.count == 1)
    #expect(
      document.footnotes[0].blocks.first?.kind
        == .paragraph([.text("The "), .emphasis([.text("note")]), .text(".")]))
  }

  @Test func windowsLineEndsChangeNothing() throws {
    let text = "//: # T\n//: Text.\nlet a = 1\n"
    #expect(try parse(text.split(separator: "\n").joined(separator: "\r\n")) == parse(text))
  }
}
