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
        reader.addresses.allSatisfy { $0.hasPrefix("data:") || $0 == "../report.html" },
        "the page fetches something: \(reader.addresses)")
      #expect(!page.contains("@import") && !page.contains("url(http"))
    }
  }

  @Test func equalInputGivesEqualBytes() throws {
    #expect(try report() == report())
  }

  @Test func chaptersReferToOneAnother() throws {
    #expect(try report().contains("As <a href=\"#ch-small\">Chapter\u{A0}1</a> said."))
    let alone = try Weaver.chapterPage(try samples()[1].woven(), fonts: .none)
    #expect(alone.contains("<a href=\"../small/index.html\">chapter “small”</a>"))
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
