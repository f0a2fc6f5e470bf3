import Foundation
import Literate

/// Prints a woven chapter as HTML that is well-formed XML too.
struct HTMLPrinter {
  let chapter: WovenChapter
  /// What every id begins with, so that chapters can stand in one page; empty on a chapter's own.
  let prefix: String
  /// How far headings are lowered: 1 where the chapter is a part of a book.
  let headingShift: Int
  /// The chapters in the same page, by name; others are linked as pages.
  let chaptersInPage: Set<String>
  private(set) var html = ""
  /// How often a note was referred to, so that only the first reference has the plain id.
  private var noteReferences: [Int: Int] = [:]
  /// Whether side notes can stand here: not in tables, headings and captions.
  private var allowsSideNotes = false

  init(_ chapter: WovenChapter, asPart: Bool, chaptersInPage: Set<String> = []) {
    self.chapter = chapter
    prefix = asPart ? chapter.slug + "--" : ""
    headingShift = asPart ? 1 : 0
    self.chaptersInPage = chaptersInPage
  }

  func id(_ name: String) -> String { HTML.attribute(prefix + name) }

  /// The id of a chapter's beginning, in whatever page.
  static func chapterID(_ slug: String) -> String { HTML.attribute("ch-\(slug)") }

  mutating func line(_ text: String) {
    html += text
    html += "\n"
  }

  // MARK: - Blocks

  /// Prints the whole chapter.
  mutating func print() {
    line("<article class=\"chapter\" id=\"\(Self.chapterID(chapter.slug))\">")
    line("<header>")
    line("<p class=\"kicker\">Chapter \(chapter.number)</p>")
    let level = 1 + headingShift
    line("<h\(level)>\(inlines(chapter.title))</h\(level)>")
    if chapter.isSmoke { line(Self.smokeNotice) }
    line("</header>")
    print(chapter.blocks)
    printNotes()
    // In a book all chapters have one list.
    if headingShift == 0 { printReferences(chapter.references) }
    printColophon()
    line("</article>")
  }

  static let smokeNotice =
    "<p class=\"smoke\" role=\"note\"><strong>Smoke run.</strong> These numbers come from a quick "
    + "trial of the program with tiny settings. They prove nothing, and no claim was judged.</p>"

  mutating func print(_ blocks: [WovenBlock]) {
    for block in blocks { print(block) }
  }

  private mutating func print(_ block: WovenBlock) {
    switch block {
    case .prose(let block): print(block)
    case .equation(let equation, let number): print(equation, number: number)
    case .listing(let listing): printListing(listing.code)
    case .aside(let title, _, let inner):
      line("<details class=\"aside\"><summary>\(HTML.text(title))</summary>")
      print(inner)
      line("</details>")
    case .exercise(let anchor, let number, let title, let inner):
      let level = 3 + headingShift
      line("<section class=\"exercise\" id=\"\(id(anchor))\">")
      line(
        "<h\(level)><span class=\"label\">Exercise \(chapter.number).\(number)</span> "
          + "\(inlines(title))</h\(level)>")
      print(inner)
      line("</section>")
    case .solution(let inner):
      line("<details class=\"solution\"><summary>Solution</summary>")
      print(inner)
      line("</details>")
    case .figure(let figure): print(figure)
    case .table(let table): print(table)
    case .claim(let claim): printClaim(claim)
    case .verdict(let claim): printVerdict(claim)
    }
  }

  private mutating func print(_ blocks: [Block]) {
    for block in blocks { print(block) }
  }

  private mutating func print(_ block: Block) {
    switch block.kind {
    case .heading(let level, let anchor, let text):
      let level = min(6, level + headingShift)
      line("<h\(level) id=\"\(id(anchor))\">\(inlines(text))</h\(level)>")
    case .paragraph(let text):
      allowsSideNotes = true
      let body = inlines(text)
      allowsSideNotes = false
      line("<p>\(body)</p>")
    case .quote(let blocks):
      line("<blockquote>")
      print(blocks)
      line("</blockquote>")
    case .list(let list): print(list)
    case .code(let language, let text):
      if language.isEmpty || language == "swift" {
        printListing(text, isExample: true)
      } else {
        line(
          "<pre class=\"code example\" tabindex=\"0\" role=\"group\" aria-label=\"Output\"><code>"
            + "\(HTML.text(text))</code></pre>")
      }
    case .equation(let equation): print(equation, number: 0)
    case .table(let table):
      let alignments = table.alignments
      line("<div class=\"scroll prose\" tabindex=\"0\" role=\"group\" aria-label=\"Table\">")
      printTable(
        header: table.header, rows: table.rows, alignments: alignments.map(Self.className))
      line("</div>")
    case .divider: line("<hr/>")
    case .listing, .aside, .exercise, .solution:
      preconditionFailure("\(block.kind) is woven, not printed as prose")
    }
  }

  private mutating func print(_ list: List) {
    let name = list.start == nil ? "ul" : "ol"
    let start = list.start.map { $0 == 1 ? "" : " start=\"\($0)\"" } ?? ""
    line("<\(name)\(start)>")
    for item in list.items {
      html += "<li>"
      if list.isTight, case .paragraph(let text)? = item.first?.kind {
        html += inlines(text)
        if item.count > 1 {
          line("")
          print(Array(item.dropFirst()))
        }
      } else {
        line("")
        print(item)
      }
      line("</li>")
    }
    line("</\(name)>")
  }

  private mutating func print(_ equation: Equation, number: Int) {
    let math =
      "<div class=\"body\" tabindex=\"0\" role=\"group\" aria-label=\"Formula\">"
      + MathML.display(equation.math) + "</div>"
    guard number > 0, let name = equation.name else {
      return line("<div class=\"equation\">\(math)</div>")
    }
    line(
      "<div class=\"equation\" id=\"\(id("eq-" + name))\">\(math)"
        + "<span class=\"number\">(\(chapter.number).\(number))</span></div>")
  }

  mutating func printListing(_ code: String, isExample: Bool = false) {
    line(
      "<pre class=\"code \(isExample ? "example" : "program")\" tabindex=\"0\" role=\"group\" "
        + "aria-label=\"Program\"><code>" + SwiftHighlighter.html(code) + "</code></pre>")
  }

  static func className(_ alignment: Table.Alignment) -> String {
    switch alignment {
    case .leading: "left"
    case .center: "center"
    case .trailing: "right"
    }
  }

  mutating func printTable(header: [[Inline]], rows: [[[Inline]]], alignments: [String]) {
    line("<table>")
    html += "<thead><tr>"
    for (cell, side) in zip(header, alignments) {
      html += "<th scope=\"col\" class=\"\(side)\">\(inlines(cell))</th>"
    }
    line("</tr></thead>")
    line("<tbody>")
    for row in rows {
      html += "<tr>"
      for (cell, side) in zip(row, alignments) {
        // A short name is not broken to make room for numbers.
        let isShort = side == "left" && cell.plainText.count <= 26
        html += "<td class=\"\(side)\(isShort ? " short" : "")\">\(inlines(cell))</td>"
      }
      line("</tr>")
    }
    line("</tbody></table>")
  }

  // MARK: - Running text

  mutating func inlines(_ inlines: [Inline]) -> String {
    var result = ""
    var taken = 0
    for (index, inline) in inlines.enumerated() {
      switch inline {
      case .math(let node):
        // No browser keeps a formula and what belongs to it on one line by itself.
        let before = index > 0 ? Self.punctuation("([“‘", atEndOf: inlines[index - 1]) : ""
        let after =
          index + 1 < inlines.count ? Self.attached(atBeginningOf: inlines[index + 1]) : ""
        taken = after.count
        let math = MathML.inline(node)
        result +=
          before.isEmpty && after.isEmpty
          ? math : "<span class=\"together\">\(before)\(math)\(after)</span>"
      case .text(let text):
        var rest = text.dropFirst(taken)
        taken = 0
        if index + 1 < inlines.count, case .math = inlines[index + 1] {
          rest = rest.dropLast(Self.punctuation("([“‘", atEndOf: .text(String(rest))).count)
        }
        result += HTML.text(String(rest))
      default:
        taken = 0
        result += self.inline(inline)
      }
    }
    return result
  }

  /// What is not to be parted from a formula before it: punctuation, and what a space that does not
  /// break joins to it.
  private static func attached(atBeginningOf inline: Inline) -> String {
    guard case .text(let text) = inline else { return "" }
    guard text.first != "\u{00A0}" else { return String(text.prefix { $0 != " " }) }
    return String(text.prefix { ".,;:!?)]”’".contains($0) })
  }

  private static func punctuation(_ signs: String, atEndOf inline: Inline) -> String {
    guard case .text(let text) = inline else { return "" }
    return String(String(text.reversed().prefix { signs.contains($0) }).reversed())
  }

  private mutating func inline(_ inline: Inline) -> String {
    switch inline {
    case .text(let text): return HTML.text(text)
    case .emphasis(let inner): return "<em>\(inlines(inner))</em>"
    case .strong(let inner): return "<strong>\(inlines(inner))</strong>"
    case .code(let text): return HTML.code(text)
    case .link(let destination, let inner) where destination.hasPrefix("#ref:"):
      let key = destination.dropFirst("#ref:".count)
      let title =
        chapter.references.first { $0.key == key }.map {
          " title=\"\(HTML.attribute($0.text.plainText))\""
        } ?? ""
      return "<a class=\"cite\" role=\"doc-biblioref\" href=\"#\(Self.referenceID(key))\"\(title)>"
        + "\(inlines(inner))</a>"
    case .link(let destination, let inner):
      return "<a href=\"\(HTML.attribute(href(destination)))\">\(inlines(inner))</a>"
    case .lineBreak: return "<br/>"
    case .math(let node): return MathML.inline(node)
    case .value(let name, let inner):
      return "<span class=\"value\" data-value=\"\(HTML.attribute(name))\">"
        + "\(inlines(inner))</span>"
    case .superscript(let inner): return "<sup>\(inlines(inner))</sup>"
    case .footnote(let number): return note(number)
    case .reference(let reference): return HTML.text(reference.name)
    case .crossReference(let reference): return HTML.text(reference.name)
    case .citation(let citation): return HTML.text([.citation(citation)].plainText)
    }
  }

  /// The id of a work in the list of references, of which a page has one.
  static func referenceID(_ key: some StringProtocol) -> String {
    HTML.attribute("ref-\(key)")
  }

  mutating func printReferences(_ references: [WovenReference]) {
    guard !references.isEmpty else { return }
    line("<section class=\"references\" id=\"references\" role=\"doc-bibliography\">")
    line("<h2>References</h2>")
    line("<ul>")
    for reference in references {
      line("<li id=\"\(Self.referenceID(reference.key))\">\(inlines(reference.text))</li>")
    }
    line("</ul></section>")
  }

  /// Our own links (`#fig:name`) become ids of this page or addresses of other chapters.
  private func href(_ destination: String) -> String {
    guard destination.hasPrefix("#"), let colon = destination.firstIndex(of: ":"),
      let kind = CrossReference.Kind(
        rawValue: String(destination[destination.index(after: destination.startIndex)..<colon]))
    else { return destination }
    let name = String(destination[destination.index(after: colon)...])
    guard kind == .chapter else { return "#\(prefix)\(kind.rawValue)-\(name)" }
    if name == chapter.slug || chaptersInPage.contains(name) { return "#ch-\(name)" }
    return "../\(name)/index.html"
  }

  // MARK: - Notes

  private mutating func note(_ number: Int) -> String {
    let count = (noteReferences[number] ?? 0) + 1
    noteReferences[number] = count
    let suffix = count == 1 ? "" : "-\(count)"
    let mark =
      "<sup class=\"noteref\"><a id=\"\(id("fnref-\(number)\(suffix)"))\" "
      + "href=\"#\(id("fn-\(number)"))\" role=\"doc-noteref\" "
      + "aria-label=\"Note \(number)\">\(number)</a></sup>"
    guard allowsSideNotes, count == 1, let text = sideNote(number) else { return mark }
    return mark + "<span class=\"sidenote\"><span class=\"n\">\(number)</span> \(text)</span>"
  }

  /// A note's text for the margin: only if it is made of paragraphs.
  private mutating func sideNote(_ number: Int) -> String? {
    guard let note = chapter.footnotes.first(where: { $0.number == number }) else { return nil }
    var parts: [String] = []
    for block in note.blocks {
      guard case .paragraph(let text) = block.kind else { return nil }
      allowsSideNotes = false
      parts.append(inlines(text))
      allowsSideNotes = true
    }
    return parts.joined(separator: "<br/>")
  }

  private mutating func printNotes() {
    guard !chapter.footnotes.isEmpty else { return }
    let isPlain = chapter.footnotes.allSatisfy { note in
      note.blocks.allSatisfy { if case .paragraph = $0.kind { true } else { false } }
    }
    let level = 2 + headingShift
    line(
      "<section class=\"footnotes\(isPlain ? " plain" : "")\" role=\"doc-endnotes\">"
        + "<h\(level)>Notes</h\(level)>")
    line("<ol>")
    for note in chapter.footnotes {
      line("<li id=\"\(id("fn-\(note.number)"))\">")
      for block in note.blocks {
        if case .paragraph(let text) = block.kind {
          line("<p>\(inlines(text))</p>")
        } else {
          print(block)
        }
      }
      line(
        "<a class=\"back\" href=\"#\(id("fnref-\(note.number)"))\" role=\"doc-backlink\">"
          + "back to the text</a></li>")
    }
    line("</ol></section>")
  }
}
