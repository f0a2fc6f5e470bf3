internal import CHarfBuzz

/// One face of the book as pages use it: shaped by HarfBuzz alone, in font units.
///
/// Pages are broken into lines by their printer, so that nothing of Pango's layout is wanted.
final class PageFace {
  let font: BookFont
  let face: OpaquePointer
  /// Scaled to the units of an em: every length it gives is in font units.
  let hbFont: OpaquePointer
  let unitsPerEm: Double
  /// Distances from the baseline in parts of the em.
  let ascender: Double
  let descender: Double
  private var shaped: [Key: Shape] = [:]
  private var extents: [UInt32: Extents] = [:]
  private var covered: [Unicode.Scalar: Bool] = [:]

  /// What a text is shaped with.
  struct Key: Hashable {
    var text: String
    var features: [String]
  }

  /// A glyph in font units, y upwards.
  struct Glyph: Equatable {
    var id: UInt32
    /// The first byte of the text that it stands for.
    var byte: Int
    var x: Double
    var y: Double
    var advance: Double
  }

  struct Shape: Equatable {
    var glyphs: [Glyph]
    var advance: Double
  }

  /// The ink of a glyph in font units, y upwards.
  struct Extents: Equatable {
    var left: Double
    var width: Double
    var top: Double
    var bottom: Double
  }

  init(font: BookFont, path: String) throws(RenderingError) {
    guard let blob = hb_blob_create_from_file_or_fail(path) else {
      throw .unreadableFont(path: path)
    }
    defer { hb_blob_destroy(blob) }
    self.font = font
    face = hb_face_create(blob, 0)
    hbFont = hb_font_create(face)
    unitsPerEm = Double(hb_face_get_upem(face))
    var metrics = hb_font_extents_t()
    hb_font_get_h_extents(hbFont, &metrics)
    ascender = Double(metrics.ascender) / unitsPerEm
    descender = -Double(metrics.descender) / unitsPerEm
  }

  deinit {
    hb_font_destroy(hbFont)
    hb_face_destroy(face)
  }

  /// The glyph of a character; nil if the face has none.
  func glyph(_ scalar: Unicode.Scalar) -> UInt32? {
    var glyph: UInt32 = 0
    return hb_font_get_nominal_glyph(hbFont, scalar.value, &glyph) != 0 ? glyph : nil
  }

  func covers(_ scalar: Unicode.Scalar) -> Bool {
    if let known = covered[scalar] { return known }
    let result = glyph(scalar) != nil
    covered[scalar] = result
    return result
  }

  /// The glyphs of a text; each text is shaped once.
  func shape(_ text: String, features: [String] = []) -> Shape {
    let key = Key(text: text, features: features)
    if let known = shaped[key] { return known }
    if shaped.count > 20_000 { shaped.removeAll() }
    let buffer = hb_buffer_create()
    defer { hb_buffer_destroy(buffer) }
    hb_buffer_add_utf8(buffer, text, Int32(text.utf8.count), 0, -1)
    hb_buffer_set_direction(buffer, HB_DIRECTION_LTR)
    hb_buffer_set_script(buffer, HB_SCRIPT_LATIN)
    hb_buffer_set_language(buffer, hb_language_from_string("en", -1))
    var settings: [hb_feature_t] = []
    for feature in features {
      var setting = hb_feature_t()
      if hb_feature_from_string(feature, -1, &setting) != 0 { settings.append(setting) }
    }
    hb_shape(hbFont, buffer, settings, UInt32(settings.count))
    var count: UInt32 = 0
    let infos = hb_buffer_get_glyph_infos(buffer, &count)
    let positions = hb_buffer_get_glyph_positions(buffer, &count)
    var result = Shape(glyphs: [], advance: 0)
    if let infos, let positions {
      for index in 0..<Int(count) {
        let (info, position) = (infos[index], positions[index])
        result.glyphs.append(
          Glyph(
            id: info.codepoint, byte: Int(info.cluster),
            x: result.advance + Double(position.x_offset), y: Double(position.y_offset),
            advance: Double(position.x_advance)))
        result.advance += Double(position.x_advance)
      }
    }
    shaped[key] = result
    return result
  }

  func extents(of glyph: UInt32) -> Extents {
    if let known = extents[glyph] { return known }
    var found = hb_glyph_extents_t()
    hb_font_get_glyph_extents(hbFont, glyph, &found)
    let result = Extents(
      left: Double(found.x_bearing), width: Double(found.width), top: Double(found.y_bearing),
      bottom: Double(found.y_bearing + found.height))
    extents[glyph] = result
    return result
  }

  func advance(of glyph: UInt32) -> Double { Double(hb_font_get_glyph_h_advance(hbFont, glyph)) }
}
