import CairoRendering
import Foundation
import Literate
import Plotting

/// Sets the whole book: title, contents, claims, chapters, references, appendices.
///
/// Page numbers in the contents and in the text are known only when all is set, so that the book is
/// set until they no longer change, which is the second time.
final class BookPrinter {
  private let chapters: [WovenChapter]
  private let fonts: FontBook
  private let hyphenation: Hyphenation
  private let drawings: [String: [String: Drawing]]
  private var places: [String: Int] = [:]

  private static let passes = 4

  /// The bytes of the book's PDF.
  static func bytes(_ chapters: [WovenChapter]) throws(WeavingError) -> [UInt8] {
    let hyphenation = try Hyphenation.english()
    let fonts: FontBook
    do {
      fonts = try FontBook.shared()
    } catch {
      throw .fonts(reason: error.description)
    }
    var drawings: [String: [String: Drawing]] = [:]
    for chapter in chapters {
      for figure in chapter.figures {
        do throws(RenderingError) {
          drawings[chapter.slug, default: [:]][figure.record.name] = try Drawing(svg: figure.svg)
        } catch {
          let reason =
            if case .unreadableDrawing(let reason) = error { reason } else { error.description }
          throw .badFigureFile(
            path: "\(chapter.slug)/\(figure.record.name).svg", reason: reason,
            command: chapter.command)
        }
      }
    }
    let printer = BookPrinter(
      chapters, fonts: fonts, hyphenation: hyphenation, drawings: drawings)
    return try printer.print()
  }

  private init(
    _ chapters: [WovenChapter], fonts: FontBook, hyphenation: Hyphenation,
    drawings: [String: [String: Drawing]]
  ) {
    self.chapters = chapters
    self.fonts = fonts
    self.hyphenation = hyphenation
    self.drawings = drawings
  }

  private func print() throws(WeavingError) -> [UInt8] {
    var sheets: [Sheet] = []
    var outline: [OutlineEntry] = []
    for _ in 0..<Self.passes {
      let set = try setBook()
      sheets = PageFiller.fill(set.flow)
      outline = set.outline
      var found: [String: Int] = [:]
      for (index, sheet) in sheets.enumerated() {
        for case .destination(let name, _) in sheet.items where found[name] == nil {
          // The title page is the first.
          found[name] = index + 2
        }
      }
      if found == places { break }
      places = found
    }
    var pages = [titlePage()]
    for (index, sheet) in sheets.enumerated() { pages.append(page(sheet, number: index + 2)) }
    let metadata = DocumentMetadata(
      title: PageTemplate.bookTitle,
      subject: "A book on neural scaling laws in which every claim is a program",
      keywords: "scaling laws, language models, measurement", creator: "report")
    do throws(RenderingError) {
      return try PDFDocument.bytes(pages: pages, outline: outline, metadata: metadata)
    } catch {
      throw .pages(reason: error.description)
    }
  }

  // MARK: - The order of the book

  private func setBook() throws(WeavingError) -> (flow: [FlowItem], outline: [OutlineEntry]) {
    let slugs = Set(chapters.map(\.slug))
    let setters = chapters.map {
      ChapterSetter(
        $0, fonts: fonts, hyphenation: hyphenation, figures: drawings[$0.slug] ?? [:],
        places: places, chapters: slugs)
    }
    var outline = [OutlineEntry(title: "Contents", destination: "contents", level: 0)]
    outline.append(OutlineEntry(title: "The claims", destination: "claims", level: 0))
    for setter in setters {
      setter.set()
      let chapter = setter.chapter
      outline.append(
        OutlineEntry(
          title: "\(chapter.number)\u{2002}\(chapter.title.plainText)",
          destination: "ch/\(chapter.slug)", level: 0, isOpen: true))
      outline += setter.headings.filter { $0.level <= 3 }.map {
        OutlineEntry(title: $0.title, destination: $0.destination, level: $0.level - 1)
      }
    }
    var body = setters.flatMap(\.flow.items)
    // Whatever belongs to no chapter is set with the first one's setter.
    guard let any = setters.first else { return ([], []) }
    for part in backMatter(setters) {
      outline.append(OutlineEntry(title: part.title, destination: part.destination, level: 0))
      body += part.flow
    }
    let front = contents(setters, backMatter: outline, any) + scorecard(setters)
    for setter in setters {
      if let missing = setter.text.missing.first {
        throw .missingCharacter(
          missing.scalar, at: SourceLocation(file: setter.chapter.file, line: missing.line))
      }
    }
    return (front + body + [.barrier], outline)
  }

  private typealias Part = (title: String, destination: String, flow: [FlowItem])

  private func backMatter(_ setters: [ChapterSetter]) -> [Part] {
    guard let any = setters.first else { return [] }
    var parts: [Part] = []
    func add(_ title: String, _ destination: String, _ body: () -> Void) {
      any.flow = FlowBuilder()
      any.flow.startPage(isOpening: true, head: title)
      any.setPartTitle(title, destination: destination)
      body()
      parts.append((title, destination, any.flow.items))
    }
    let references = chapters.references
    if !references.isEmpty {
      add("References", "references") { any.setReferences(references) }
    }
    if setters.contains(where: { !$0.solutions.isEmpty }) {
      parts.append(
        appendix("Solutions to the exercises", "solutions", setters) { $0.setSolutions() })
    }
    if setters.contains(where: { !$0.asides.isEmpty }) {
      parts.append(
        appendix("The rest of the programs", "asides", setters) { $0.setAsides() })
    }
    add("How this book was made", "statistics") { any.setStatistics(self.chapters) }
    return parts
  }

  private func appendix(
    _ title: String, _ destination: String, _ setters: [ChapterSetter],
    _ set: (ChapterSetter) -> Void
  ) -> Part {
    var flow: [FlowItem] = []
    for (index, setter) in setters.enumerated() {
      setter.flow = FlowBuilder()
      if index == 0 {
        setter.flow.startPage(isOpening: true, head: title)
        setter.setPartTitle(title, destination: destination)
      } else {
        setter.flow.resume(after: 34)
      }
      set(setter)
      flow += setter.flow.items
    }
    return (title, destination, flow)
  }

  // MARK: - Contents and claims

  private func contents(
    _ setters: [ChapterSetter], backMatter outline: [OutlineEntry], _ any: ChapterSetter
  ) -> [FlowItem] {
    any.flow = FlowBuilder()
    any.flow.startPage(isOpening: true, head: "Contents")
    any.setPartTitle("Contents", destination: "contents")
    let chapterLook = Design.text.changed {
      $0.size = 11.4
      $0.leading = 17
    }
    let sectionLook = Design.text.changed {
      $0.size = 9.4
      $0.leading = 14
      $0.color = Ink.muted
    }
    func row(_ number: String, _ words: [Inline], _ destination: String, isSection: Bool) {
      let look = isSection ? sectionLook : chapterLook
      let x = 24.0
      any.flow.begin(
        before: isSection ? 0 : 9, cost: isSection ? 30 : 0, isJoined: isSection)
      let lines = any.text.lines(
        words, look, width: Design.measure - x - 40, isRagged: true, hyphenates: false)
      for (index, line) in lines.enumerated() {
        var slab = any.slab(line, look, x: x)
        if index == 0 {
          let usual = (look.leading - look.size) / 2 + 0.77 * look.size
          let accent = chapterLook.colored(Palette.print[.seriesText(1)])
          slab.items += any.text.items(number, accent, at: Point(0, usual)).items
        }
        if index == lines.count - 1 {
          let page = any.page(destination)
          let end = Design.measure - any.text.width(page, look)
          let usual = (look.leading - look.size) / 2 + 0.77 * look.size
          slab.items += any.text.items(page, look, at: Point(end, usual)).items
        }
        slab.items.append(
          .link(
            Rect(x: 0, y: 0, width: Design.measure, height: slab.height), .place(destination)))
        any.flow.add(.slab(slab))
      }
      any.flow.end(after: 0, staysWithNext: !isSection && !number.isEmpty)
    }
    row("", [.text("The claims")], "claims", isSection: false)
    for setter in setters {
      let chapter = setter.chapter
      row(
        "\(chapter.number)", chapter.title, "ch/\(chapter.slug)", isSection: false)
      for heading in setter.headings where heading.level == 2 {
        row("", [.text(heading.title)], heading.destination, isSection: true)
      }
    }
    let known = Set(["contents", "claims"])
    for entry in outline
    where entry.level == 0 && !known.contains(entry.destination)
      && !entry.destination.hasPrefix("ch/")
    {
      row("", [.text(entry.title)], entry.destination, isSection: false)
    }
    return any.flow.items
  }

  private func scorecard(_ setters: [ChapterSetter]) -> [FlowItem] {
    guard let any = setters.first else { return [] }
    any.flow = FlowBuilder()
    any.flow.startPage(isOpening: true, head: "The claims")
    any.setPartTitle("The claims", destination: "claims")
    var flow = any.flow.items
    for setter in setters {
      setter.flow = FlowBuilder()
      setter.flow.resume(after: 0)
      for claim in setter.chapter.claims { setter.setScore(claim) }
      flow += setter.flow.items
    }
    return flow
  }

  // MARK: - Pages

  private func page(_ sheet: Sheet, number: Int) -> BookPage {
    var page = BookPage(
      width: Design.pageWidth, height: Design.pageHeight, label: String(number), items: [])
    let look = Look(family: .sans, size: 7.6, leading: 10, color: Ink.muted)
    let setter = TextSetter(
      fonts: fonts, hyphenation: hyphenation, resolve: { .address($0) },
      noteDestination: { "\($0)" })
    let folio = String(number)
    let end = Design.left + Design.fullWidth - setter.width(folio, look)
    if sheet.isOpening {
      page.items +=
        setter.items(
          folio, look, at: Point(end, Design.pageHeight - 40)
        ).items
    } else {
      page.items += setter.items(sheet.head, look, at: Point(Design.left, Design.headline)).items
      page.items += setter.items(folio, look, at: Point(end, Design.headline)).items
    }
    page.items += sheet.items
    return page
  }

  private func titlePage() -> BookPage {
    var page = BookPage(
      width: Design.pageWidth, height: Design.pageHeight, label: "1", items: [])
    let setter = TextSetter(
      fonts: fonts, hyphenation: hyphenation, resolve: { .address($0) },
      noteDestination: { "\($0)" })
    var y = 250.0
    func add(_ words: [Inline], _ look: Look, width: Double, element: String) {
      page.items.append(.open(element))
      defer { page.items.append(.close(element)) }
      for line in setter.lines(words, look, width: width, isRagged: true, hyphenates: false) {
        page.items += line.items.map { $0.moved(x: Design.left, y: y) }
        y += look.leading
      }
    }
    page.items.append(.destination("title", Point(0, 0)))
    let parts = PageTemplate.bookTitle.components(separatedBy: ", ")
    var title: [Inline] = [.text(parts[0])]
    for part in parts.dropFirst() { title += [.text(","), .lineBreak, .text(part)] }
    add(
      title, Look(family: .serif, size: 46, leading: 51), width: Design.fullWidth, element: "H1")
    y -= 12
    page.items.append(
      .fill(
        Rect(x: Design.left, y: y, width: 72, height: 1.6), Palette.print[.seriesText(1)],
        radius: 0))
    y += 36
    add(
      [.text(PageTemplate.lead)], Look(family: .serif, size: 12.6, leading: 18.5), width: 340,
      element: "P")
    // How the claims fared, as a book's blurb.
    y = Design.pageHeight - Design.bottom - 20
    var x = Design.left
    let claims = chapters.flatMap(\.claims)
    for verdict in Verdict.allCases {
      let count = claims.count { $0.verdict == verdict }
      if count == 0 { continue }
      let words = "\(count) \(PageTemplate.words(verdict, count))"
      let badge = ChapterSetter.badge(
        verdict, words: words, setter, beginningAt: Point(x, y))
      page.items += [.open("P")] + badge.items + [.close("P")]
      x += badge.width + 18
    }
    return page
  }
}

extension WovenChapter {
  /// All figures in the order of the text, those of asides and exercises included.
  var figures: [WovenFigure] { Self.figures(in: blocks) }

  private static func figures(in blocks: [WovenBlock]) -> [WovenFigure] {
    blocks.flatMap { block -> [WovenFigure] in
      switch block {
      case .figure(let figure): [figure]
      case .aside(_, _, let inner), .exercise(_, _, _, let inner), .solution(let inner):
        figures(in: inner)
      default: []
      }
    }
  }
}
