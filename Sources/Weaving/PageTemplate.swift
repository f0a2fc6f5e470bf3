import Literate

/// Whole pages: head, contents, text.
enum PageTemplate {
  /// The book's title.
  static let bookTitle = "Scaling Laws, Measured"
  /// What it is, under its title.
  static let lead =
    "A book on neural scaling laws in which every claim is a program. Each chapter trains many "
    + "small models, measures one claim, and judges it by a rule that was fixed before the runs."

  /// The page of one chapter.
  static func chapter(
    _ chapter: WovenChapter, fonts: FontEmbedding
  ) throws(WeavingError) -> String {
    var printer = HTMLPrinter(chapter, asPart: false)
    printer.print()
    let title = chapter.title.plainText
    var contents = "<a class=\"home\" href=\"../report.html\">\(HTML.text(bookTitle))</a>\n"
    contents += "<ol class=\"toc\">\n\(entry(chapter, prefix: ""))</ol>\n"
    return try page(
      title: "\(title) – \(bookTitle)", description: "Chapter \(chapter.number): \(title)",
      contents: contents, main: printer.html, fonts: fonts)
  }

  /// The page of the whole book.
  static func report(
    _ chapters: [WovenChapter], fonts: FontEmbedding
  ) throws(WeavingError) -> String {
    let slugs = Set(chapters.map(\.slug))
    var main = "<header class=\"title\">\n<h1>\(HTML.text(bookTitle))</h1>\n"
    main += "<p class=\"lead\">\(HTML.text(lead))</p>\n</header>\n"
    if chapters.contains(where: \.isSmoke) { main += HTMLPrinter.smokeNotice + "\n" }
    main += scorecard(chapters)
    var contents = "<a class=\"home\" href=\"#text\">\(HTML.text(bookTitle))</a>\n"
    contents += "<ol class=\"toc\">\n<li><a href=\"#claims\">The claims</a></li>\n"
    for chapter in chapters {
      var printer = HTMLPrinter(chapter, asPart: true, chaptersInPage: slugs)
      printer.print()
      main += "<div class=\"part\">\n\(printer.html)</div>\n"
      contents += entry(chapter, prefix: printer.prefix)
    }
    let references = chapters.references
    if !references.isEmpty, let first = chapters.first {
      var printer = HTMLPrinter(first, asPart: true, chaptersInPage: slugs)
      printer.printReferences(references)
      main += "<div class=\"part\">\n\(printer.html)</div>\n"
      contents += "<li><a href=\"#references\">References</a></li>\n"
    }
    main += "<div class=\"part\">\n\(Statistics.section(chapters))</div>\n"
    contents += "<li><a href=\"#statistics\">How this book was made</a></li>\n</ol>\n"
    return try page(
      title: bookTitle,
      description: "A book on neural scaling laws in which every claim is a program.",
      contents: contents, main: main, fonts: fonts)
  }

  // MARK: - Parts

  static func page(
    title: String, description: String, contents: String, main: String, fonts: FontEmbedding
  ) throws(WeavingError) -> String {
    let body = """
      <body>
      <a class="skip" href="#text">Skip to the text</a>
      <div class="page">
      <button class="bar" type="button" aria-expanded="false" aria-controls="contents">\
      <span class="word">Contents</span><span class="place"></span></button>
      <nav class="contents" id="contents" aria-label="Contents">
      \(contents)</nav>
      <main id="text">
      \(main)</main>
      </div>

      """
    let faces = try PageFont.faces(for: PageCharacters(html: body), embedding: fonts)
    return """
      <!DOCTYPE html>
      <html lang="en">
      <head>
      <meta charset="utf-8"/>
      <meta name="viewport" content="width=device-width, initial-scale=1"/>
      <meta name="color-scheme" content="light dark"/>
      <meta name="description" content="\(HTML.attribute(description))"/>
      <title>\(HTML.text(title))</title>
      <style>
      \(faces)\(StyleSheet.css)</style>
      </head>
      \(body)<script>
      \(Script.text)
      </script>
      </body>
      </html>

      """
  }

  /// A chapter in the contents, with its sections.
  private static func entry(_ chapter: WovenChapter, prefix: String) -> String {
    var html =
      "<li><a href=\"#\(HTMLPrinter.chapterID(chapter.slug))\">\(chapter.number). "
      + "\(HTML.text(chapter.title.plainText))</a>\n<ol>\n"
    for block in chapter.blocks {
      guard case .prose(let block) = block, case .heading(2, let anchor, let text) = block.kind
      else { continue }
      html +=
        "<li><a href=\"#\(HTML.attribute(prefix + anchor))\">\(HTML.text(text.plainText))</a></li>\n"
    }
    if prefix.isEmpty, !chapter.references.isEmpty {
      html += "<li><a href=\"#references\">References</a></li>\n"
    }
    html +=
      "<li><a href=\"#\(HTML.attribute(prefix + "numbers"))\">Where the numbers come from</a></li>\n"
    return html + "</ol></li>\n"
  }

  /// All claims with their verdicts.
  static func scorecard(_ chapters: [WovenChapter]) -> String {
    var html = "<section class=\"scorecard\" id=\"claims\">\n<h2>The claims</h2>\n"
    let all = chapters.flatMap(\.claims)
    let counts = Verdict.allCases.compactMap { verdict -> String? in
      let count = all.count { $0.verdict == verdict }
      return count == 0
        ? nil
        : "<li><span class=\"badge \(HTMLPrinter.className(verdict))\">\(count) \(words(verdict, count))</span></li>"
    }
    html += "<ul class=\"summary\">\(counts.joined())</ul>\n"
    html += "<table>\n<thead><tr><th scope=\"col\"><span>No.</span></th>"
    html += "<th scope=\"col\">Claim</th><th scope=\"col\">Verdict</th></tr></thead>\n<tbody>\n"
    for chapter in chapters {
      var printer = HTMLPrinter(chapter, asPart: true)
      for claim in chapter.claims {
        let id = printer.id("claim-" + claim.record.name)
        let verdictID =
          claim.record.verdictLine == nil ? id : printer.id("verdict-" + claim.record.name)
        html += "<tr><td class=\"no\"><a href=\"#\(id)\">\(chapter.number).\(claim.number)</a></td>"
        html += "<td class=\"said\">\(printer.inlines(claim.statement))"
        if !claim.reason.isEmpty {
          html += "<br/><span class=\"why\">\(printer.inlines(claim.reason))</span>"
        }
        html += "</td><td class=\"judgement\"><a href=\"#\(verdictID)\">"
        html += HTMLPrinter.badge(claim.verdict) + "</a></td></tr>\n"
      }
    }
    return html + "</tbody></table>\n</section>\n"
  }

  static func words(_ verdict: Verdict, _ count: Int) -> String {
    switch verdict {
    case .holds: count == 1 ? "holds" : "hold"
    case .holdsWithLimit: count == 1 ? "holds with a limit" : "hold with a limit"
    case .fails: count == 1 ? "fails" : "fail"
    case .notDecided, .notJudged: verdict.words
    }
  }
}
