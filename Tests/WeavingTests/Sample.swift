import Foundation
import Testing

@testable import Weaving

/// A small chapter in a temporary folder, to be changed and woven.
struct Sample {
  var source: String
  var record: ChapterRecord
  var files: [String: String]
  var slug: String

  static let svg = """
    <?xml version="1.0" encoding="UTF-8"?>
    <svg xmlns="http://www.w3.org/2000/svg" width="468pt" height="260pt" viewBox="0 0 468 260">
    <defs><g id="dot"><circle r="2"/></g></defs><g clip-path="url(#dot)"><use href="#dot"/></g>
    </svg>

    """

  static let bibliography = """
    @article{kaplan2020, author = {Jared Kaplan and others}, title = {Laws & such}, year = 2020,
      eprint = {2001.08361}}
    @article{other2021, author = {Ann Other}, title = {More?}, journal = {J}, volume = 2,
      pages = {1--9}, year = 2021}
    """

  init(slug: String = "small", number: Int = 1) {
    self.slug = slug
    source = #"""
      //: # Does *error* fall?
      //: The exponent is \(alpha.interval), theory says \(alpha.theory); see @fig:curve and
      //: @eq:law.[^why]
      //:
      //: [^why]: Because $L > E$ & so on.
      //: ## The law
      //: $$ L = E + N^{-\(alpha)} $$ {#eq:law}
      let claim = chapter.claim("falls")
      // MARK: - aside The figure
      let text = "a < b \(name)"  // comment
      chapter.show(figure: plot, name: "curve")
      // MARK: - end
      //: | Width | Loss |
      //: |:------|-----:|
      //: | 8     | 95 % |
      //:
      //: Table: Losses by width, as in @tbl:fits. {#tbl:widths}
      //:
      //: Later: \(runs) runs, \(cost), `code & more`.
      chapter.show(table: table)
      chapter.judge(claim, .holds)
      //: ### Exercise: Try it
      //: Do as [@kaplan2020, section 3; @other2021] and @kaplan2020 in @tbl:widths.
      //: #### Solution
      //: > Done.
      """#
    record = ChapterRecord(
      chapter: slug, number: number, title: "Does error fall?", profile: "course",
      settings: [.init(name: "--widths", value: "8,16", help: "Widths of the models.")],
      claims: [
        ClaimRecord(
          name: "falls", statement: "Loss falls as $N^{-a}$.", quotation: "It's falling \"fast\".",
          source: "A talk", theory: "$a = \\(alpha.theory)$", rule: "Holds if a < 1.",
          verdict: .holds, reason: "The slope is \\(alpha).", line: 8, verdictLine: 21)
      ],
      values: [
        ValueRecord(name: "alpha", value: 0.3951, low: 0.381, high: 0.41, theory: 0.5, line: 8),
        ValueRecord(name: "runs", value: 12_800, digits: 0, line: 8),
        ValueRecord(name: "cost", value: 4.9e12, unit: "FLOPs", digits: 2, line: 8),
        ValueRecord(name: "extra", value: 1, quiet: true, line: 8),
      ],
      figures: [
        FigureRecord(
          name: "curve", caption: "Loss; slope \\(alpha).", alternativeText: "A \"falling\" line.",
          width: 468, height: 260, line: 11)
      ],
      tables: [
        TableRecord(
          name: "fits", caption: "Fits.",
          columns: [.init("Fit", alignment: .leading), .init("$E$")],
          rows: [["sum", "-0.5"], ["max", "-"]], line: 20)
      ],
      provenance: Provenance(
        trainerVersion: 1, trials: [.init(name: "rung", version: 2, count: 61)],
        failures: ["rung 3 < 4: diverged"], seeds: [1, 2], flops: 4.9e12, tokens: 2.4e8))
    files = ["curve.svg": Self.svg, "curve.csv": "x,y,empty\n1,0.5,\n\"2\",0.25,\n"]
  }

  /// Writes the sample into a folder as a package's chapter and gives its place.
  func write(to folder: URL) throws -> ChapterFiles {
    let chapter = folder.appendingPathComponent(
      "chapters/\(String(format: "%02d", record.number))-\(slug)")
    let figures = folder.appendingPathComponent("figures/\(slug)")
    for url in [chapter, figures] {
      try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    }
    let main = chapter.appendingPathComponent("main.swift")
    try Data(source.utf8).write(to: main)
    try Data(Self.bibliography.utf8).write(
      to: folder.appendingPathComponent("chapters/references.bib"))
    try record.write(to: figures.appendingPathComponent("record.json"))
    for (name, text) in files {
      try Data(text.utf8).write(to: figures.appendingPathComponent(name))
    }
    return ChapterFiles(source: main, recordFolder: figures)
  }

  /// The woven chapter, without any file left behind.
  func woven() throws -> WovenChapter {
    try inTemporaryFolder { try Weaver.chapter(try write(to: $0)) }
  }

  /// What weaving says is wrong, with the temporary folder's path as "DIR".
  func fault(_ change: (ChapterFiles) throws -> Void = { _ in }) throws -> String {
    try inTemporaryFolder { folder in
      let place = try write(to: folder)
      try change(place)
      do throws(WeavingError) {
        _ = try Weaver.chapters([place])
        return "no error"
      } catch {
        return error.description.replacingOccurrences(of: folder.path, with: "DIR")
      }
    }
  }
}

func inTemporaryFolder<Result>(_ body: (URL) throws -> Result) throws -> Result {
  let folder = FileManager.default.temporaryDirectory
    .appendingPathComponent("weaving-\(UUID().uuidString)")
  try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  defer { try? FileManager.default.removeItem(at: folder) }
  return try body(folder)
}
