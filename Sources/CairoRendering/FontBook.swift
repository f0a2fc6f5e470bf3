internal import CPango
import Foundation
public import Plotting

/// The book's fonts, loaded from their files and from nowhere else.
///
/// It also measures text for the layout of figures, exactly as it will be drawn.
public final class FontBook: TextMeasurer, @unchecked Sendable {
  // `@unchecked`: all mutable state, Pango's included, is used within `withLock` only.

  /// Names folders to look for fonts in before the standard ones, separated by colons.
  public static let environmentVariable = "BOOK_FONT_PATH"

  /// The path of each font's file.
  public let paths: [BookFont: String]

  private let lock = NSRecursiveLock()
  private let config: OpaquePointer
  private let map: UnsafeMutablePointer<PangoFontMap>
  let context: OpaquePointer
  var labels: [LabelKey: Formula] = [:]
  private var outlines: [OutlineKey: GlyphOutline] = [:]
  private let pageFaces: [BookFont: PageFace]
  var cairoFaces: [BookFont: OpaquePointer] = [:]
  var knownOutlines: [String: KnownCharacter] = [:]

  struct LabelKey: Hashable {
    var text: RichText
    var style: TextStyle
  }

  struct OutlineKey: Hashable {
    var face: OpaquePointer
    var glyph: UInt32
  }

  private static let loaded = Result { () throws(RenderingError) in
    try FontBook(directories: defaultDirectories)
  }

  /// The folders of the environment variable, then the standard ones.
  public static var defaultDirectories: [String] {
    let named = ProcessInfo.processInfo.environment[environmentVariable] ?? ""
    return named.split(separator: ":").map(String.init) + BookFont.standardDirectories
  }

  /// The fonts of the default folders; loaded once.
  public static func shared() throws(RenderingError) -> FontBook { try loaded.get() }

  /// Loads every `BookFont` from the first of the folders that has its file.
  public init(directories: [String]) throws(RenderingError) {
    paths = try Self.find(in: directories)
    var faces: [BookFont: PageFace] = [:]
    for font in BookFont.allCases {
      faces[font] = try PageFace(font: font, path: paths[font] ?? font.fileName)
    }
    pageFaces = faces
    guard let config = FcConfigCreate() else {
      throw .library(call: "FcConfigCreate", message: "out of memory")
    }
    for font in BookFont.allCases {
      guard let path = paths[font], FcConfigAppFontAddFile(config, path) != 0 else {
        FcConfigDestroy(config)
        throw .unreadableFont(path: paths[font] ?? font.fileName)
      }
    }
    guard let map = book_font_map_new(config) else {
      FcConfigDestroy(config)
      throw .library(call: "pango_cairo_font_map_new_for_font_type", message: "no FreeType")
    }
    pango_cairo_font_map_set_resolution(OpaquePointer(map), 72)
    self.config = config
    self.map = map
    context = pango_font_map_create_context(map)
    let options = cairo_font_options_create()
    cairo_font_options_set_hint_style(options, CAIRO_HINT_STYLE_NONE)
    cairo_font_options_set_hint_metrics(options, CAIRO_HINT_METRICS_OFF)
    cairo_font_options_set_antialias(options, CAIRO_ANTIALIAS_GRAY)
    pango_cairo_context_set_font_options(context, options)
    cairo_font_options_destroy(options)
    pango_context_set_round_glyph_positions(context, 0)
  }

  deinit {
    book_unref(UnsafeMutableRawPointer(context))
    book_unref(UnsafeMutableRawPointer(map))
    FcConfigDestroy(config)
  }

  private static func find(in directories: [String]) throws(RenderingError) -> [BookFont: String] {
    var paths: [BookFont: String] = [:]
    for font in BookFont.allCases {
      let candidates = directories.map { $0 + "/" + font.fileName }
      guard let path = candidates.first(where: { FileManager.default.isReadableFile(atPath: $0) })
      else {
        throw .missingFont(file: font.fileName, package: font.package, searched: directories)
      }
      paths[font] = path
    }
    return paths
  }

  /// Runs a closure while no other thread uses the fonts.
  func withLock<T, E: Error>(_ body: () throws(E) -> T) throws(E) -> T {
    lock.lock()
    defer { lock.unlock() }
    return try body()
  }

  /// One of the book's fonts as Pango loads it. Call within `withLock`.
  func loadFont(_ font: BookFont) -> UnsafeMutablePointer<PangoFont>? {
    let description = pango_font_description_new()!
    defer { pango_font_description_free(description) }
    pango_font_description_set_family(description, font.family)
    pango_font_description_set_weight(description, PangoWeight(rawValue: UInt32(font.weight)))
    pango_font_description_set_style(
      description, font.isItalic ? PANGO_STYLE_ITALIC : PANGO_STYLE_NORMAL)
    pango_font_description_set_absolute_size(description, 10 * Double(PANGO_SCALE))
    return pango_font_map_load_font(map, context, description)
  }

  /// A face for setting pages. Call within `withLock`.
  func pageFace(_ font: BookFont) -> PageFace { pageFaces[font]! }

  /// A glyph's outline in font units. Call within `withLock`.
  func outline(face: OpaquePointer, glyph: UInt32) -> GlyphOutline {
    let key = OutlineKey(face: face, glyph: glyph)
    if let known = outlines[key] { return known }
    let new = GlyphOutline(face: face, glyph: glyph)
    outlines[key] = new
    return new
  }
}
