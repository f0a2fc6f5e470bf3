import CairoRendering
import Foundation
import Literate
import Plotting

/// The page that shows every recipe, mark and arrangement of the figures.
enum GalleryPage {
  static func page(fonts: FontEmbedding) throws(WeavingError) -> String {
    var main = "<header class=\"title\">\n<h1>Figures</h1>\n"
    main +=
      "<p class=\"lead\">Every recipe, mark and arrangement, over made-up data, as "
      + "<code>Sources/Plotting/Gallery</code> draws them.</p>\n</header>\n"
    var contents = "<a class=\"home\" href=\"#text\">Figures</a>\n<ol class=\"toc\">\n"
    for (index, room) in Gallery.rooms.enumerated() {
      let id = "room-\(index + 1)"
      contents += "<li><a href=\"#\(id)\">\(HTML.text(room.title))</a>\n<ol>\n"
      main += "<section class=\"part\">\n<h2 id=\"\(id)\">\(HTML.text(room.title))</h2>\n"
      for exhibit in room.exhibits {
        contents +=
          "<li><a href=\"#fig-\(exhibit.name)\">\(HTML.text(exhibit.title))</a></li>\n"
        main += try figure(exhibit)
      }
      contents += "</ol></li>\n"
      main += "</section>\n"
    }
    return try PageTemplate.page(
      title: "Figures – \(PageTemplate.bookTitle)",
      description: "Every recipe, mark and arrangement of the book's figures.",
      contents: contents + "</ol>\n", main: main, fonts: fonts)
  }

  private static func figure(_ exhibit: Gallery.Exhibit) throws(WeavingError) -> String {
    let plot = exhibit.plot
    let description: String
    let svg: String
    do {
      description = try plot.summary(figure: exhibit.name)
      svg = try CairoRenderer.svg(
        try plot.scene(figure: exhibit.name, measurer: try FontBook.shared()),
        id: "gallery-\(exhibit.name)", title: exhibit.title, description: description)
    } catch {
      throw .fonts(reason: "\(error)")
    }
    let text: [Inline]
    do {
      text = try Markdown.inlines(
        exhibit.text, at: SourceLocation(file: "gallery", line: 1, context: exhibit.name))
    } catch {
      throw .source(error)
    }
    var html = "<h3>\(HTML.text(exhibit.title))</h3>\n"
    html += "<p>\(inlines(text))</p>\n"
    html += "<figure class=\"figure\" id=\"fig-\(exhibit.name)\">\n"
    html += "<div class=\"art\" style=\"--w:\(HTMLPrinter.number(plot.width))\">"
    html += SVG.inlined(svg, prefix: "", label: description) + "</div>\n"
    html += "<figcaption><p>\(HTML.text(description))</p></figcaption></figure>\n"
    return html
  }

  /// Texts of the gallery hold words and code only.
  private static func inlines(_ inlines: [Inline]) -> String {
    inlines.map { inline in
      if case .code(let code) = inline { return HTML.code(code) }
      return HTML.text([inline].plainText)
    }.joined()
  }
}

extension Weaver {
  /// Writes the page of the gallery.
  @discardableResult
  public static func weaveGallery(
    to url: URL, fonts: FontEmbedding = .book
  ) throws(WeavingError) -> WovenOutput {
    let begin = ContinuousClock.now
    let page = try GalleryPage.page(fonts: fonts)
    return try write(Data(page.utf8), to: url, took: begin.duration(to: .now))
  }
}
