import Foundation
import Testing

@testable import Weaving

/// The book itself, from the sources and records of this package.
struct BookTests {
  private static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent()

  /// The chapters that have a record; one that is being written has none yet.
  private static func chapters() throws -> [ChapterFiles] {
    try Library.find(
      chapters: root.appendingPathComponent("chapters").path,
      figures: root.appendingPathComponent("figures").path
    ).chapters.filter {
      FileManager.default.fileExists(
        atPath: $0.recordFolder.appendingPathComponent("record.json").path)
    }
  }

  @Test func theBookIsValidAndSmallAndTheSameTwice() throws {
    let files = try Self.chapters()
    #expect(!files.isEmpty)
    let chapters = try Weaver.chapters(files)
    let page = try Weaver.reportPage(chapters)
    #expect(PageRules(tree: PageTree(page)).faults == [])
    #expect(try page == Weaver.reportPage(Weaver.chapters(files)))
    // Fonts are shared by all chapters: with four of them the book stays under 3 MB.
    #expect(page.utf8.count < 280_000 + 680_000 * chapters.count)
    for chapter in chapters {
      #expect(PageRules(tree: PageTree(try Weaver.chapterPage(chapter, fonts: .none))).faults == [])
    }
  }

  @Test func everyFigureBringsItsDataAndItsCommand() throws {
    for chapter in try Weaver.chapters(Self.chapters()) {
      let tree = PageTree(try Weaver.chapterPage(chapter, fonts: .none))
      let figures = tree.elements("figure").filter { $0.attributes["class"] == "figure" }
      #expect(figures.count == chapter.record.figures.count)
      for figure in figures {
        let links = figure.all.filter { $0.name == "a" && $0.attributes["download"] != nil }
        #expect(links.count == 1 && figure.wholeText.contains("./build.sh \(chapter.slug)"))
        let data = Data(
          base64Encoded: String(links[0].attributes["href"]?.split(separator: ",").last ?? ""))
        #expect(
          String(decoding: data ?? Data(), as: UTF8.self).hasPrefix(
            "panel,mark,series,x,y,low,high,value,label\n"))
      }
    }
  }

  @Test func theGalleryIsValid() throws {
    try inTemporaryFolder { folder in
      let url = folder.appendingPathComponent("gallery.html")
      let output = try Weaver.weaveGallery(to: url, fonts: .none)
      #expect(output.kind == "html")
      let page = try String(contentsOf: url, encoding: .utf8)
      #expect(PageRules(tree: PageTree(page)).faults == [])
    }
  }

  // MARK: - In a browser

  /// A browser that runs without a screen, where one is installed.
  private static let browser: String? = {
    let folders = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":")
    for name in ["chromium", "chromium-browser", "google-chrome"] {
      for folder in folders where FileManager.default.isExecutableFile(atPath: "\(folder)/\(name)")
      {
        return "\(folder)/\(name)"
      }
    }
    return nil
  }()

  /// The page as the browser has it, and what it wrote to its console.
  private func load(
    _ page: URL, in folder: URL, fragment: String = ""
  ) throws -> (html: String, console: [String]) {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: try #require(Self.browser))
    process.arguments =
      [
        "--headless", "--no-sandbox", "--disable-gpu", "--enable-logging=stderr",
        // A page that asks for anything gets an error, and the console says so.
        "--host-resolver-rules=MAP * ~NOTFOUND", "--window-size=1440,900",
        "--virtual-time-budget=3000", "--user-data-dir=\(folder.path)/browser", "--dump-dom",
        page.absoluteString + fragment,
      ]
    let (html, log) = (
      folder.appendingPathComponent("dom.html"), folder.appendingPathComponent("log.txt")
    )
    for url in [html, log] { _ = FileManager.default.createFile(atPath: url.path, contents: nil) }
    process.standardOutput = try FileHandle(forWritingTo: html)
    process.standardError = try FileHandle(forWritingTo: log)
    try process.run()
    process.waitUntilExit()
    let lines = String(decoding: try Data(contentsOf: log), as: UTF8.self).split(separator: "\n")
    return (
      String(decoding: try Data(contentsOf: html), as: UTF8.self),
      lines.filter { $0.contains("CONSOLE") }.map(String.init)
    )
  }

  /// The names of all elements in order of their beginning.
  private func names(_ html: String) -> [Substring] {
    html.matches(of: /<([A-Za-z][A-Za-z0-9]*)/).map(\.1)
  }

  @Test(.enabled(if: browser != nil, "no Chromium is installed"))
  func aBrowserSeesWhatWasWrittenAndHasNothingToComplainOf() throws {
    try inTemporaryFolder { folder in
      let chapters = try Weaver.chapters(Self.chapters())
      let url = folder.appendingPathComponent("report.html")
      let page = try Weaver.reportPage(chapters)
      try Data(page.utf8).write(to: url)

      // The parser of HTML mends what is not valid; here it must have found nothing to mend.
      let script = try #require(page.range(of: "<script>"))
      let still = folder.appendingPathComponent("still.html")
      let plain = page[..<script.lowerBound] + "</body>\n</html>\n"
      try Data(plain.utf8).write(to: still)
      let seen = try load(still, in: folder)
      #expect(seen.console == [])
      let (found, written) = (names(seen.html), names(String(plain)))
      #expect(found.count == written.count)
      for (index, pair) in zip(found, written).enumerated() where pair.0 != pair.1 {
        Issue.record("element \(index) is <\(pair.0)>, but <\(pair.1)> was written")
        break
      }

      let place = chapters[0].slug + "--numbers"
      let live = try load(url, in: folder, fragment: "#" + place)
      #expect(live.console == [])
      #expect(live.html.contains("class=\"js\""))
      let listings = page.components(separatedBy: "<pre class=\"code").count
      #expect(live.html.components(separatedBy: "class=\"copy\"").count == listings)
      // The contents have followed to where the page was opened.
      let current = live.html.matches(of: /<a href="([^"]*)" aria-current="location">/).map(\.1)
      #expect(current == ["#\(place)"])
    }
  }
}
