import Foundation
import Testing

@testable import Weaving

#if canImport(FoundationXML)
  import FoundationXML
#endif

/// What a page's XML holds: ids, links within the page, addresses of other things.
private final class PageReader: NSObject, XMLParserDelegate {
  var ids: [String] = []
  var links: [String] = []
  var addresses: [String] = []
  var fault: String?

  init(_ page: String) {
    super.init()
    let parser = XMLParser(data: Data(page.utf8))
    parser.delegate = self
    if !parser.parse(), fault == nil {
      fault = "line \(parser.lineNumber): \(parser.parserError.map { "\($0)" } ?? "unknown")"
    }
  }

  func parser(
    _ parser: XMLParser, didStartElement name: String, namespaceURI: String?,
    qualifiedName: String?, attributes: [String: String]
  ) {
    if let id = attributes["id"] { ids.append(id) }
    for name in ["href", "src", "xlink:href"] {
      guard let address = attributes[name] else { continue }
      if address.hasPrefix("#") {
        links.append(String(address.dropFirst()))
      } else {
        addresses.append(address)
      }
    }
    for name in ["aria-controls", "aria-labelledby"] {
      if let id = attributes[name] { links.append(id) }
    }
  }
}

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

  @Test func pagesAreWellFormedAndWhole() throws {
    for page in [try Weaver.chapterPage(try Sample().woven(), fonts: .none), try report()] {
      let reader = PageReader(page)
      #expect(reader.fault == nil)
      #expect(Set(reader.ids).count == reader.ids.count, "an id is used twice")
      #expect(Set(reader.links).subtracting(reader.ids) == [], "a link leads nowhere")
      #expect(
        reader.addresses.allSatisfy {
          $0.hasPrefix("data:") || $0 == "../report.html" || $0.hasPrefix("https://arxiv.org/abs/")
        }, "the page fetches something: \(reader.addresses)")
      #expect(!page.contains("@import") && !page.contains("url(http"))
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
    #expect(PageReader(page).fault == nil)
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
      #expect(outputs.map(\.url.lastPathComponent) == ["index.html", "index.html", "report.html"])
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
