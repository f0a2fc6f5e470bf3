import Foundation
import Testing

@testable import Weaving

struct PageTests {
  private func samples() -> [Sample] {
    var other = Sample(slug: "other", number: 2)
    other.source += "\n//: As @ch:small said."
    other.record.profile = "smoke"
    other.record.claims[0].verdict = nil
    return [Sample(), other]
  }

  private func report() throws -> String {
    try inTemporaryFolder { folder in
      let places = try samples().map { try $0.write(to: folder) }
      return try Weaver.reportPage(try Weaver.chapters(places), fonts: .none)
    }
  }

  @Test func pagesAreValidAndWhole() throws {
    for page in [try Weaver.chapterPage(try Sample().woven(), fonts: .none), try report()] {
      #expect(PageRules(tree: PageTree(page)).faults == [])
      // Readers may leave the page; the page itself goes nowhere.
      let addresses = PageTree(page).elements("a").compactMap { $0.attributes["href"] }
      #expect(
        addresses.allSatisfy {
          $0.hasPrefix("#") || $0.hasPrefix("data:text/csv;base64,") || $0 == "../report.html"
            || $0.hasPrefix("https://arxiv.org/abs/")
        }, "\(addresses)")
    }
  }

  @Test func theReportSaysWhatItCost() throws {
    try inTemporaryFolder { folder in
      let places = try samples().map { try $0.write(to: folder) }
      #expect(
        try !Weaver.reportPage(try Weaver.chapters(places), fonts: .none).contains("Core time"))
      let build = BuildRecord(
        date: "2026-01-31", machine: "A machine", instructionSet: "AVX2", workers: 2, seconds: 9,
        known: 0, trained: 61, trainingSeconds: 720)
      try build.write(to: places[0].recordFolder.appendingPathComponent("build.json"))
      let page = try Weaver.reportPage(try Weaver.chapters(places), fonts: .none)
      let text = try #require(PageTree(page).elements.first { $0.attributes["id"] == "statistics" })
        .wholeText
      // 720 s of one core at 10 W are 2 Wh; one of two chapters has left its time.
      for part in [
        "12\u{A0}min", "2.0\u{A0}Wh", "assumed 10\u{A0}W", "A machine, AVX2, 2 workers",
      ] {
        #expect(text.contains(part), "\(part) in \(text)")
      }
      #expect(
        text.contains("122") && page.contains("<code>rung</code>\u{A0}2")
          && text.contains("version 1"))
      // The day and the known trials change when nothing else does.
      #expect(!page.contains("2026-01-31"))
      let alone = try Weaver.chapterPage(try Weaver.chapter(places[0]), fonts: .none)
      #expect(alone.contains("2026-01-31: 61 trials trained, 0 known"))
    }
  }

  @Test func equalInputGivesEqualBytes() throws {
    #expect(try report() == report())
  }

  @Test func chaptersReferToOneAnother() throws {
    #expect(try report().contains("As <a href=\"#ch-small\">Chapter\u{A0}1</a> said."))
    // A page alone knows the chapters beside its own, and no others.
    try inTemporaryFolder { folder in
      let places = try samples().map { try $0.write(to: folder) }
      let alone = try Weaver.chapterPage(try Weaver.chapter(places[1]), fonts: .none)
      #expect(alone.contains("<a href=\"../small/index.html\">Chapter\u{A0}1</a>"))
      // A source that lies in no chapter's folder has no neighbours.
      let drafts = folder.appendingPathComponent("drafts")
      let draft = drafts.appendingPathComponent("other/main.swift")
      try FileManager.default.createDirectory(
        at: draft.deletingLastPathComponent(), withIntermediateDirectories: true)
      try FileManager.default.moveItem(at: places[1].source, to: draft)
      try Data(Sample.bibliography.utf8).write(to: drafts.appendingPathComponent("references.bib"))
      let lone = try Weaver.chapter(
        ChapterFiles(source: draft, recordFolder: places[1].recordFolder))
      #expect(
        try Weaver.chapterPage(lone, fonts: .none)
          .contains("<a href=\"../small/index.html\">chapter “small”</a>"))
    }
  }

  @Test func citationsLeadToOneListOfReferences() throws {
    let page = try report()
    #expect(page.components(separatedBy: "<h2>References</h2>").count == 2)
    #expect(page.components(separatedBy: "id=\"ref-kaplan2020\"").count == 2)
    let link = "role=\"doc-biblioref\" href=\"#ref-kaplan2020\""
    #expect(page.components(separatedBy: link).count == 5)
    #expect(page.contains(">Kaplan et\u{A0}al. 2020</a>, section 3; <a"))
    #expect(page.contains(">Kaplan et\u{A0}al. (2020)</a> in "))
    #expect(
      page.contains(
        ">Kaplan, J., et\u{A0}al. (2020). <em>Laws &amp; such</em>. "
          + "<a href=\"https://arxiv.org/abs/2001.08361\">arXiv:2001.08361</a></li>"))
    #expect(page.contains(">Other, A. (2021). <em>More?</em> J 2, 1–9.</li>"))
    let chapter = try Sample().woven()
    #expect(chapter.references.map(\.key) == ["kaplan2020", "other2021"])
  }

  @Test func tablesOfProseAreNumberedWithTheOthers() throws {
    let blocks = try Sample().woven().blocks
    let tables = blocks.compactMap { block -> WovenTable? in
      if case .table(let table) = block { table } else { nil }
    }
    #expect(tables.map(\.record.name) == ["widths", "fits"])
    #expect(tables.map(\.number) == [1, 2])
  }

  @Test func smokeRunsAreMarked() throws {
    #expect(try report().contains("<strong>Smoke run.</strong>"))
    #expect(try report().contains("1 not judged"))
    let course = try Weaver.chapterPage(try Sample().woven(), fonts: .none)
    #expect(!course.contains("Smoke run"))
  }

  @Test func whatAnAsideShowsStandsBehindIt() throws {
    let blocks = try Sample().woven().blocks
    let index = blocks.firstIndex { if case .aside = $0 { true } else { false } }
    guard let index, case .figure(let figure) = blocks[index + 1] else {
      Issue.record("no figure behind the aside")
      return
    }
    #expect(figure.record.name == "curve")
  }

  @Test func fontsAreEmbeddedWithTheCharactersOfThePage() throws {
    let page = try Weaver.chapterPage(
      try Sample().woven(),
      fonts: FontEmbedding { font, scalars in
        #expect(scalars == scalars.sorted { $0.value < $1.value })
        if font == .math { #expect(scalars.contains("𝑁")) }
        return Array(font.rawValue.utf8)
      })
    let math = Data("math".utf8).base64EncodedString()
    #expect(page.contains("font-family:\"Book Math\";"))
    #expect(page.contains("base64,\(math))"))
  }

  @Test func theRealFontsCanBeEmbedded() throws {
    let chapter = try Sample().woven()
    let page = try Weaver.chapterPage(chapter)
    #expect(page == (try Weaver.chapterPage(chapter)))
    #expect(page.components(separatedBy: "@font-face").count > 5)
    #expect(PageRules(tree: PageTree(page)).faults == [])
  }

  @Test func nothingIsWrittenIfOneChapterFails() throws {
    try inTemporaryFolder { folder in
      var broken = Sample(slug: "other", number: 2)
      broken.files["curve.svg"] = nil
      let places = try [Sample(), broken].map { try $0.write(to: folder) }
      let report = folder.appendingPathComponent("figures/report.html")
      #expect(throws: WeavingError.self) {
        try Weaver.weave(chapters: places, report: report, fonts: .none)
      }
      #expect(!FileManager.default.fileExists(atPath: report.path))
      #expect(
        !FileManager.default.fileExists(
          atPath: places[0].recordFolder.appendingPathComponent("index.html").path))
    }
  }

  @Test func aPackageIsFoundFromWithin() throws {
    try inTemporaryFolder { folder in
      let places = try samples().map { try $0.write(to: folder) }
      try Data().write(to: folder.appendingPathComponent("Package.swift"))
      let library = try Library.find(from: places[0].source.deletingLastPathComponent().path)
      #expect(library.chapters.map(\.name) == ["small", "other"])
      #expect(library.report.path.hasSuffix("figures/report.html"))
      let outputs = try Weaver.weave(
        chapters: library.chapters, report: library.report, fonts: .none)
      #expect(
        outputs.map(\.url.lastPathComponent) == [
          "index.html", "index.html", "report.html", "report.pdf",
        ])
    }
  }

  @Test func recordsSurviveTheirFiles() throws {
    try inTemporaryFolder { folder in
      let url = folder.appendingPathComponent("record.json")
      let record = Sample().record
      try record.write(to: url)
      #expect(try ChapterRecord.read(from: url) == record)
      let bytes = try Data(contentsOf: url)
      try record.write(to: url)
      #expect(try Data(contentsOf: url) == bytes)
    }
  }

  /// The text of a small chapter's page; the style sheet and the script are not part of it.
  @Test func theSmallChapterIsPrintedAsRecorded() throws {
    let page = try Weaver.chapterPage(try Sample().woven(), fonts: .none)
    let begin = try #require(page.range(of: "<main id=\"text\">\n"))
    let end = try #require(page.range(of: "</main>"))
    let text = String(page[begin.upperBound..<end.lowerBound])
    let golden = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .appendingPathComponent("Golden/chapter.html")
    let expected = String(decoding: (try? Data(contentsOf: golden)) ?? Data(), as: UTF8.self)
    guard text != expected else { return }
    let actual = golden.deletingPathExtension().appendingPathExtension("actual.html")
    try Data(text.utf8).write(to: actual)
    Issue.record(
      """
      The page differs from \(golden.path). Compare them:
        diff \(golden.path) \(actual.path)
      If the new one is right: mv \(actual.path) \(golden.path)
      """)
  }
}
