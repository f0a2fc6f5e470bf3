import CairoRendering
import Foundation
import Plotting
import Testing

@testable import Weaving

private func isInstalled(_ tool: String) -> Bool {
  FileManager.default.isExecutableFile(atPath: "/usr/bin/\(tool)")
}

/// Runs a program of the system.
private func run(_ tool: String, _ arguments: [String]) throws -> (output: String, status: Int32) {
  let process = Process()
  process.executableURL = URL(fileURLWithPath: "/usr/bin/\(tool)")
  process.arguments = arguments
  let pipe = Pipe()
  process.standardOutput = pipe
  process.standardError = pipe
  try process.run()
  let data = pipe.fileHandleForReading.readDataToEndOfFile()
  process.waitUntilExit()
  return (String(decoding: data, as: UTF8.self), process.terminationStatus)
}

/// Two chapters, the second of a smoke run, with everything that a page can hold.
private func samples() throws -> [Sample] {
  let plot = Plot(x: .log("Tokens $D$"), y: .log("Excess loss")) {
    Line([(1.0, 2.0), (10, 1), (100, 0.5)].map { Dot(x: $0.0, y: $0.1) }, x: \.x, y: \.y)
  }
  let svg = try CairoRenderer.svg(
    try plot.scene(measurer: try FontBook.shared()), id: "curve", title: "Curve",
    description: "Falls")
  var first = Sample()
  first.files["curve.svg"] = svg
  first.source += #"""

    //: ## A long section
    //: Whatever stands here is printed, and *every* word can be found again: extraordinarily,
    //: incomprehensibilities and counterrevolutionaries are broken at the ends of lines. See
    //: [the paper](https://example.org/a_(b)) and `let x = 1`.
    //:
    //: $$ \sum_{i=1}^{n} \frac{x_i^2}{\sqrt{1 + \hat y}} = \begin{cases} 1 & \text{if } x > 0 \\ 0
    //: & \text{otherwise} \end{cases} $$
    //:
    //: 1. first
    //: 2. second
    //:
    //: - a
    //: - b
    //:
    //: > Quoted.
    //:
    //: ---
    """#
  var other = Sample(slug: "other", number: 2)
  other.files["curve.svg"] = svg
  other.record.profile = "smoke"
  other.record.claims[0].verdict = nil
  other.record.tables[0].rows = (1...120).map { ["row \($0)", "-0.\($0)"] }
  other.source += "\n//: As @ch:small said."
  return [first, other]
}

private struct Dot {
  var x: Double
  var y: Double
}

struct PrintedBookTests {
  /// The book of the samples, printed once for all tests that only read it.
  private static let book = Result { try Weaver.bookPDF(try PrintedBookTests().chapters()) }

  private func chapters(_ change: (inout [Sample]) -> Void = { _ in }) throws -> [WovenChapter] {
    var all = try samples()
    change(&all)
    return try inTemporaryFolder { folder in
      try Weaver.chapters(try all.map { try $0.write(to: folder) })
    }
  }

  /// What a tool says of the book.
  private func ask(
    _ tool: String, _ arguments: [String] = []
  ) throws -> (output: String, status: Int32) {
    let bytes = try Self.book.get()
    return try inTemporaryFolder { folder in
      let file = folder.appendingPathComponent("book.pdf")
      try Data(bytes).write(to: file)
      return try run(tool, tool == "pdftotext" ? [file.path, "-"] : arguments + [file.path])
    }
  }

  @Test(.enabled(if: isInstalled("qpdf")))
  func theFileHasNoFault() throws {
    let (output, status) = try ask("qpdf", ["--check"])
    #expect(status == 0, "\(output)")
    #expect(!output.contains("WARNING"), "\(output)")
  }

  @Test(.enabled(if: isInstalled("pdffonts")))
  func allFontsAreEmbedded() throws {
    let (output, _) = try ask("pdffonts")
    let fonts = output.split(separator: "\n").dropFirst(2)
    #expect(fonts.count >= 6)
    for font in fonts {
      // name, type, encoding, emb, sub, uni: counted from the end, as types have blanks.
      let words = font.split(separator: " ")
      #expect(words.dropLast(2).suffix(3) == ["yes", "yes", "yes"], "\(font)")
    }
  }

  @Test(.enabled(if: isInstalled("pdftotext")))
  func proseAndFormulasCanBeFound() throws {
    let (output, _) = try ask("pdftotext")
    // A hyphen at a line's end is one that may be left out.
    let text = output.replacing("\u{AD}\n", with: "").replacing("\n", with: " ")
    for words in [
      "Scaling Laws, Measured", "Contents", "Does error fall?", "The exponent is",
      "every word can be found again", "incomprehensibilities", "counterrevolutionaries",
      "let x = 1", "Figure 1.1", "Table 1.2", "Because", "holds", "References", "Kaplan, J., et",
      "Try it", "Done.", "Excess loss", "Smoke run.", "otherwise", "∑",
    ] {
      #expect(text.contains(words), "'\(words)' cannot be found")
    }
    // Letters of formulas are those of Unicode, and labels of figures are text.
    #expect(text.contains("𝑁") && text.contains("𝐿") && text.contains("𝑥"))
    #expect(text.contains("Tokens 𝐷"))
  }

  @Test(.enabled(if: isInstalled("pdfinfo")))
  func metadataAndStructureAreThere() throws {
    let (output, _) = try ask("pdfinfo")
    #expect(output.contains(PageTemplate.bookTitle))
    #expect(output.range(of: "Tagged: +yes", options: .regularExpression) != nil)
    #expect(output.contains("595.276 x 841.89"))
  }

  @Test func equalRecordsGiveEqualBytes() throws {
    let first = try Self.book.get()
    // A book says nothing of the build.
    var changed = try chapters()
    changed[0].build = BuildRecord(
      date: "2026-01-01", machine: "m", instructionSet: "i", workers: 1, seconds: 1, known: 1,
      trained: 1, trainingSeconds: 1)
    #expect(try Weaver.bookPDF(changed) == first)
  }

  @Test(.enabled(if: isInstalled("pdftotext")))
  func longTablesAreBrokenBetweenTheirRows() throws {
    let (output, _) = try ask("pdftotext")
    #expect(output.contains("row 1\n") && output.contains("row 120"))
    #expect(output.components(separatedBy: "continued").count > 2)
  }

  @Test(.enabled(if: isInstalled("qpdf")))
  func theOutlineLeadsToEveryChapterAndSection() throws {
    let (output, _) = try ask("qpdf", ["--json=1", "--json-key=outlines"])
    for title in ["Contents", "Does error fall?", "The law", "A long section", "References"] {
      #expect(output.contains(title), "\(title)")
    }
  }

  @Test func aCharacterThatNoFontHasIsNamed() throws {
    do {
      _ = try Weaver.bookPDF(
        try chapters { $0[1].source += "\n//:\n//: A dragon: \u{1F409}." })
      Issue.record("a dragon was printed")
    } catch {
      #expect(
        "\(error)".hasSuffix(
          "/chapters/02-other/main.swift:28: no font of the book has the character '\u{1F409}' "
            + "(U+1F409). Write it another way."), "\(error)")
    }
  }

  @Test func aFigureThatCannotBeReadIsNamed() throws {
    do {
      _ = try Weaver.bookPDF(
        try chapters {
          $0[0].files["curve.svg"] = Sample.svg.replacing(
            "<g clip", with: "<path d=\"M 1\"/><g clip")
        })
      Issue.record("half a figure was printed")
    } catch {
      #expect(
        "\(error)" == "small/curve.svg: this is no figure that can be set into a page: "
          + "a path has too few numbers. Run './build.sh small' again.")
    }
  }

  @Test func theBookIsWrittenBesideThePageOrNotAtAll() throws {
    try inTemporaryFolder { folder in
      let places = try samples().map { try $0.write(to: folder) }
      let report = folder.appendingPathComponent("figures/report.html")
      let book = folder.appendingPathComponent("figures/report.pdf")
      let outputs = try Weaver.weave(chapters: places, report: report, fonts: .none)
      #expect(outputs.last?.url.lastPathComponent == "report.pdf")
      #expect(outputs.allSatisfy { $0.milliseconds > 0 })
      let bytes = try Data(contentsOf: book)
      #expect(bytes.count == outputs.last?.bytes)

      // A fault in one chapter leaves what was there.
      var broken = try samples()[1]
      broken.source += "\n//:\n//: A dragon: \u{1F409}."
      _ = try broken.write(to: folder)
      #expect(throws: WeavingError.self) {
        try Weaver.weave(chapters: places, report: report, fonts: .none)
      }
      #expect(try Data(contentsOf: book) == bytes)
      let names = try FileManager.default.contentsOfDirectory(
        atPath: folder.appendingPathComponent("figures").path)
      #expect(names.sorted() == ["other", "report.html", "report.pdf", "small"])
    }
  }
}
