internal import CCairo
internal import CPango
import Plotting

/// Writes pages as one PDF file: text that can be searched and copied, links, an outline, and the
/// structure that programs read aloud by.
///
/// The same pages give the same bytes every time, on the same versions of the libraries.
public enum PDFDocument {
  /// The bytes of a file with the given pages.
  ///
  /// Every link to a place and every entry of the outline must name a destination of some page.
  public static func bytes(
    pages: [BookPage], outline: [OutlineEntry], metadata: DocumentMetadata
  ) throws(RenderingError) -> [UInt8] {
    var places: Set<String> = []
    for case .destination(let name, _) in pages.lazy.flatMap(\.items) { places.insert(name) }
    for case .link(_, .place(let name)) in pages.lazy.flatMap(\.items)
    where !places.contains(name) { throw .missingDestination(name) }
    for entry in outline where !places.contains(entry.destination) {
      throw .missingDestination(entry.destination)
    }
    let book = try FontBook.shared()
    return try book.withLock { () throws(RenderingError) in
      let sink = ByteSink()
      let surface = cairo_pdf_surface_create_for_stream(
        ByteSink.write, sink.pointer, pages.first?.width ?? 595, pages.first?.height ?? 842)
      defer { cairo_surface_destroy(surface) }
      describe(surface, metadata)
      guard let context = cairo_create(surface) else {
        throw .library(call: "cairo_create", message: "out of memory")
      }
      defer { cairo_destroy(context) }
      for (index, page) in pages.enumerated() {
        cairo_pdf_surface_set_size(surface, page.width, page.height)
        cairo_pdf_surface_set_page_label(surface, page.label)
        // Links are elements of the structure, which Cairo writes only if it has a root.
        if index == 0 { cairo_tag_begin(context, "Document", "") }
        PagePainter(context: context, book: book).draw(page)
        if index == pages.count - 1 { cairo_tag_end(context, "Document") }
        cairo_show_page(context)
        try check(cairo_status(context), "drawing page \(page.label)")
      }
      // Parents by level; an entry whose level has no parent stands at the top.
      var parents: [Int32] = []
      for entry in outline {
        parents.removeLast(max(0, parents.count - entry.level))
        let flags = entry.isOpen ? CAIRO_PDF_OUTLINE_FLAG_OPEN.rawValue : 0
        parents.append(
          cairo_pdf_surface_add_outline(
            surface, parents.last ?? Int32(CAIRO_PDF_OUTLINE_ROOT), entry.title,
            "dest=\(quoted(entry.destination))", cairo_pdf_outline_flags_t(rawValue: flags)))
      }
      cairo_surface_finish(surface)
      try check(cairo_surface_status(surface), "cairo_pdf_surface")
      return sink.bytes
    }
  }

  private static func describe(_ surface: OpaquePointer?, _ metadata: DocumentMetadata) {
    let values = [
      (CAIRO_PDF_METADATA_TITLE, metadata.title), (CAIRO_PDF_METADATA_AUTHOR, metadata.author),
      (CAIRO_PDF_METADATA_SUBJECT, metadata.subject),
      (CAIRO_PDF_METADATA_KEYWORDS, metadata.keywords),
      (CAIRO_PDF_METADATA_CREATOR, metadata.creator),
      (CAIRO_PDF_METADATA_CREATE_DATE, metadata.date), (CAIRO_PDF_METADATA_MOD_DATE, metadata.date),
    ]
    for (key, value) in values where !value.isEmpty {
      cairo_pdf_surface_set_metadata(surface, key, value)
    }
  }

  /// A text as Cairo's attributes of tags want it.
  static func quoted(_ text: String) -> String {
    "'" + text.replacing("\\", with: "\\\\").replacing("'", with: "\\'") + "'"
  }

  private static func check(_ status: cairo_status_t, _ call: String) throws(RenderingError) {
    guard status == CAIRO_STATUS_SUCCESS else {
      throw .library(call: call, message: String(cString: cairo_status_to_string(status)))
    }
  }
}

/// Draws the items of a page on a Cairo context.
struct PagePainter {
  let context: OpaquePointer
  let book: FontBook

  func draw(_ page: BookPage) {
    var index = 0
    while index < page.items.count {
      switch page.items[index] {
      case .run(let run, let place, let color):
        // Neighbours on one line are one text, or words could not be found across their parts.
        var stretch = Stretch(run, place, color)
        while index + 1 < page.items.count, stretch.takes(page.items[index + 1]) { index += 1 }
        setColor(color)
        show(stretch)
      case .fill(let rect, let color, let radius):
        trace(rect, radius: radius)
        setColor(color)
        cairo_fill(context)
      case .frame(let rect, let color, let width, let radius):
        trace(rect, radius: radius)
        setColor(color)
        cairo_set_line_width(context, width)
        cairo_set_dash(context, nil, 0, 0)
        cairo_stroke(context)
      case .drawing(let drawing, let place, let scale):
        cairo_save(context)
        cairo_translate(context, place.x, place.y)
        cairo_scale(context, scale, scale)
        DrawingPainter(painter: self).draw(drawing)
        cairo_restore(context)
      case .link(let rect, let target):
        let area = "rect=[\(rect.x) \(rect.y) \(rect.width) \(rect.height)] "
        let goal =
          switch target {
          case .place(let name): "dest=" + PDFDocument.quoted(name)
          case .address(let url): "uri=" + PDFDocument.quoted(url)
          }
        cairo_tag_begin(context, "Link", area + goal)
        cairo_tag_end(context, "Link")
      case .destination(let name, let place):
        cairo_tag_begin(
          context, "cairo.dest", "name=\(PDFDocument.quoted(name)) x=\(place.x) y=\(place.y)")
        cairo_tag_end(context, "cairo.dest")
      case .open(let name): cairo_tag_begin(context, name, "")
      case .close(let name): cairo_tag_end(context, name)
      }
      index += 1
    }
  }

  /// Runs of one face, size and colour on one baseline.
  struct Stretch {
    let font: BookFont
    let size: Double
    let color: RGB?
    let baseline: Double
    var text: String
    var glyphs: [cairo_glyph_t] = []
    var clusters: [cairo_text_cluster_t] = []

    init(_ run: GlyphRun, _ place: Point, _ color: RGB?) {
      font = run.font
      size = run.size
      self.color = color
      baseline = place.y
      text = ""
      append(run, place)
    }

    mutating func append(_ run: GlyphRun, _ place: Point) {
      text += run.text
      for glyph in run.glyphs {
        glyphs.append(
          cairo_glyph_t(index: UInt(glyph.id), x: place.x + glyph.x, y: place.y + glyph.y))
      }
      for cluster in run.clusters {
        clusters.append(
          cairo_text_cluster_t(num_bytes: Int32(cluster.bytes), num_glyphs: Int32(cluster.glyphs)))
      }
    }

    mutating func takes(_ item: BookPage.Item) -> Bool {
      guard case .run(let run, let place, let color) = item, run.font == font, run.size == size,
        color == self.color, place.y == baseline
      else { return false }
      append(run, place)
      return true
    }
  }

  func show(_ stretch: Stretch) {
    guard !stretch.glyphs.isEmpty else { return }
    cairo_set_font_face(context, book.cairoFace(stretch.font))
    cairo_set_font_size(context, stretch.size)
    cairo_show_text_glyphs(
      context, stretch.text, Int32(stretch.text.utf8.count), stretch.glyphs,
      Int32(stretch.glyphs.count), stretch.clusters, Int32(stretch.clusters.count),
      cairo_text_cluster_flags_t(rawValue: 0))
  }

  /// Adds the outlines of the glyphs to the path.
  func traceGlyphs(_ stretch: Stretch) {
    cairo_set_font_face(context, book.cairoFace(stretch.font))
    cairo_set_font_size(context, stretch.size)
    cairo_glyph_path(context, stretch.glyphs, Int32(stretch.glyphs.count))
  }

  func setColor(_ color: RGB, opacity: Double = 1) {
    cairo_set_source_rgba(
      context, Double(color.red) / 255, Double(color.green) / 255, Double(color.blue) / 255,
      opacity)
  }

  private func trace(_ rect: Rect, radius: Double) {
    cairo_new_path(context)
    guard radius > 0 else {
      cairo_rectangle(context, rect.x, rect.y, rect.width, rect.height)
      return
    }
    let corners = [
      (rect.x + rect.width - radius, rect.y + radius, -0.5),
      (rect.x + rect.width - radius, rect.y + rect.height - radius, 0),
      (rect.x + radius, rect.y + rect.height - radius, 0.5), (rect.x + radius, rect.y + radius, 1),
    ]
    for (x, y, start) in corners {
      cairo_arc(context, x, y, radius, start * .pi, (start + 0.5) * .pi)
    }
    cairo_close_path(context)
  }
}

extension FontBook {
  /// A face for drawing with Cairo. Call within `withLock`.
  func cairoFace(_ font: BookFont) -> OpaquePointer? {
    if let known = cairoFaces[font] { return known }
    guard let loaded = loadFont(font) else { return nil }
    // The scaled font, and with it the face, lives as long as Pango's font.
    let face = cairo_scaled_font_get_font_face(book_scaled_font(loaded))
    cairo_font_face_reference(face)
    cairoFaces[font] = face
    return face
  }
}
