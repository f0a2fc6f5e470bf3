import Foundation
import Plotting
import Testing

@testable import CairoRendering

struct PDFDocumentTests {
  let book: FontBook

  init() throws { book = try FontBook.shared() }

  private func page(_ items: [BookPage.Item]) -> BookPage {
    BookPage(width: 300, height: 200, label: "1", items: items)
  }

  private func text(_ words: String, y: Double = 50) -> BookPage.Item {
    .run(book.runs(words, font: .textRegular, size: 10).runs[0], Point(20, y), RGB(0))
  }

  @Test func linksAndOutlinesMustLeadSomewhere() {
    let link = BookPage.Item.link(
      Rect(x: 0, y: 0, width: 10, height: 10), .place("nowhere"))
    #expect(throws: RenderingError.missingDestination("nowhere")) {
      try PDFDocument.bytes(
        pages: [page([link])], outline: [], metadata: DocumentMetadata(title: "T"))
    }
    #expect(throws: RenderingError.missingDestination("lost")) {
      try PDFDocument.bytes(
        pages: [page([])], outline: [OutlineEntry(title: "A", destination: "lost", level: 0)],
        metadata: DocumentMetadata(title: "T"))
    }
  }

  @Test func equalPagesGiveEqualBytes() throws {
    let pages = [
      page([
        .open("P"), text("Words that can be found"), .close("P"), .destination("it's", Point(0, 0)),
        .link(Rect(x: 0, y: 0, width: 10, height: 10), .place("it's")),
        .link(Rect(x: 0, y: 20, width: 10, height: 10), .address("https://a.org/(b)\\'c'")),
      ])
    ]
    let outline = [
      OutlineEntry(title: "One", destination: "it's", level: 0, isOpen: true),
      OutlineEntry(title: "Two", destination: "it's", level: 1),
    ]
    let metadata = DocumentMetadata(title: "Ä title", author: "A", date: "2026-01-31T12:00:00Z")
    let first = try PDFDocument.bytes(pages: pages, outline: outline, metadata: metadata)
    #expect(first.starts(with: Array("%PDF-1.".utf8)))
    #expect(try PDFDocument.bytes(pages: pages, outline: outline, metadata: metadata) == first)
  }

  @Test func quotesAreEscaped() {
    #expect(PDFDocument.quoted("a'b\\c") == "'a\\'b\\\\c'")
  }

  /// Labels of figures are outlines in SVG and become text again: every text of the gallery does.
  @Test(arguments: Gallery.all.map(\.name))
  func labelsOfFiguresBecomeText(name: String) throws {
    let plot = try #require(Gallery.all.first { $0.name == name }).plot
    let drawing = try Drawing(
      svg: try CairoRenderer.svg(
        try plot.scene(measurer: book), id: "f", title: "T", description: "D"))
    #expect(drawing.width == plot.width)
    var unknown = 0
    var known = 0
    func look(_ items: [Drawing.Item]) {
      for item in items {
        switch item {
        case .glyphs(let glyphs, _, _):
          for glyph in glyphs {
            if book.withLock({ book.character(outline: glyph.outline) }) != nil {
              known += 1
            } else {
              unknown += 1
            }
          }
        case .clip(_, let inner): look(inner)
        case .path: break
        }
      }
    }
    look(drawing.items)
    #expect(known > 10)
    #expect(unknown == 0)
  }

  @Test(arguments: [
    "", "<svg", "<svg viewBox=\"0 0 1 1\"><path d=\"L x\"/></svg>",
    "<svg viewBox=\"0 0 1 1\"><path d=\"M 1\"/></svg>",
    "<svg viewBox=\"0 0 1 1\"><path d=\"M 1 1 A 2 2\"/></svg>",
  ])
  func whatIsNoFigureIsRefused(_ svg: String) {
    #expect(throws: RenderingError.self) { _ = try Drawing(svg: svg) }
  }
}
