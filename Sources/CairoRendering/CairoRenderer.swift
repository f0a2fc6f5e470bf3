internal import CCairo
internal import CPango
public import Plotting

/// Draws scenes as SVG, PDF and PNG.
///
/// The same scene gives the same bytes every time, on the same versions of the libraries.
public enum CairoRenderer {
  /// The scene as an SVG document of outlines, to stand alone or within a page.
  ///
  /// - Parameters:
  ///   - id: Unique within the page; every id in the document begins with it. Letters, digits, hyphens.
  ///   - title: What the figure is, in a few words, for those who hear the page.
  ///   - description: What it shows, in a sentence or more, for the same readers.
  public static func svg(
    _ scene: Scene, id: String, title: String = "", description: String = ""
  ) throws(RenderingError) -> String {
    guard let first = id.first, first.isASCII, first.isLetter,
      id.allSatisfy({ $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "-") })
    else { throw .invalidID(id) }
    let book = try FontBook.shared()
    return book.withLock {
      var writer = SVGWriter(scene: scene, id: id, book: book)
      return writer.document(title: title, description: description)
    }
  }

  /// The scene as a PDF document of one page; text can be copied and searched.
  ///
  /// - Parameter date: What the document says of its age, as `2026-01-31T12:00:00Z`; the same for all
  ///   unless told, so that bytes can be compared.
  public static func pdf(
    _ scene: Scene, title: String = "", date: String = "2000-01-01T00:00:00Z"
  ) throws(RenderingError) -> [UInt8] {
    let book = try FontBook.shared()
    return try book.withLock { () throws(RenderingError) in
      let sink = ByteSink()
      let surface = cairo_pdf_surface_create_for_stream(
        ByteSink.write, sink.pointer, scene.width, scene.height)
      defer { cairo_surface_destroy(surface) }
      if !title.isEmpty { cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_TITLE, title) }
      cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_CREATE_DATE, date)
      cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_MOD_DATE, date)
      try draw(scene, on: surface, book: book)
      cairo_surface_finish(surface)
      try check(cairo_surface_status(surface), "cairo_pdf_surface")
      return sink.bytes
    }
  }

  /// The scene as a PNG image on a page of the palette's paper.
  ///
  /// - Parameter scale: Pixels per point.
  public static func png(_ scene: Scene, scale: Double = 2) throws(RenderingError) -> [UInt8] {
    precondition(scale > 0 && scale <= 20, "pixels per point must be in 0...20; found \(scale)")
    let book = try FontBook.shared()
    return try book.withLock { () throws(RenderingError) in
      let surface = cairo_image_surface_create(
        CAIRO_FORMAT_RGB24, Int32((scene.width * scale).rounded(.up)),
        Int32((scene.height * scale).rounded(.up)))
      defer { cairo_surface_destroy(surface) }
      cairo_surface_set_device_scale(surface, scale, scale)
      try draw(scene, on: surface, book: book, paintsPaper: true)
      let sink = ByteSink()
      try check(
        cairo_surface_write_to_png_stream(surface, ByteSink.write, sink.pointer),
        "cairo_surface_write_to_png_stream")
      return sink.bytes
    }
  }

  private static func draw(
    _ scene: Scene, on surface: OpaquePointer?, book: FontBook, paintsPaper: Bool = false
  ) throws(RenderingError) {
    guard let context = cairo_create(surface) else {
      throw .library(call: "cairo_create", message: "out of memory")
    }
    defer { cairo_destroy(context) }
    let painter = ScenePainter(context: context, palette: scene.palette, book: book)
    if paintsPaper { painter.fillPage() }
    painter.draw(scene.items)
    try check(cairo_status(context), "drawing")
  }

  private static func check(_ status: cairo_status_t, _ call: String) throws(RenderingError) {
    guard status == CAIRO_STATUS_SUCCESS else {
      throw .library(call: call, message: String(cString: cairo_status_to_string(status)))
    }
  }
}

/// Collects the bytes that Cairo writes.
final class ByteSink {
  var bytes: [UInt8] = []

  var pointer: UnsafeMutableRawPointer { Unmanaged.passUnretained(self).toOpaque() }

  static let write:
    @convention(c) (
      UnsafeMutableRawPointer?, UnsafePointer<UInt8>?, UInt32
    ) -> cairo_status_t = { closure, data, count in
      let sink = Unmanaged<ByteSink>.fromOpaque(closure!).takeUnretainedValue()
      sink.bytes.append(contentsOf: UnsafeBufferPointer(start: data, count: Int(count)))
      return CAIRO_STATUS_SUCCESS
    }
}
