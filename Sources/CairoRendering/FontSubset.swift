internal import CHarfBuzz

/// Cuts a font's file down to the characters that a page uses.
public enum FontSubset {
  /// The bytes of an OpenType font with the glyphs of the given characters and what they need:
  /// ligatures, kerning, marks, and for formulas the larger and the assembled forms of the MATH table.
  ///
  /// - Parameters:
  ///   - scalars: Characters that the font does not have are passed over.
  ///   - keepingMath: Whether the MATH table stays; without it no browser sets formulas well.
  public static func make(
    font: BookFont, scalars: Set<Unicode.Scalar>, keepingMath: Bool? = nil
  ) throws(RenderingError) -> [UInt8] {
    let path = try FontBook.shared().paths[font] ?? font.fileName
    guard let blob = hb_blob_create_from_file_or_fail(path) else {
      throw .unreadableFont(path: path)
    }
    defer { hb_blob_destroy(blob) }
    let face = hb_face_create(blob, 0)
    defer { hb_face_destroy(face) }
    guard hb_face_get_glyph_count(face) > 0 else { throw .unreadableFont(path: path) }
    guard let input = hb_subset_input_create_or_fail() else {
      throw .library(call: "hb_subset_input_create_or_fail", message: "out of memory")
    }
    defer { hb_subset_input_destroy(input) }
    let characters = hb_subset_input_unicode_set(input)
    for scalar in scalars { hb_set_add(characters, scalar.value) }

    // Hints are for screens of long ago.
    hb_subset_input_set_flags(input, UInt32(HB_SUBSET_FLAGS_NO_HINTING.rawValue))
    if keepingMath ?? (font == .math) {
      // Script forms and dotless letters, which MathML asks for.
      let features = hb_subset_input_set(input, HB_SUBSET_SETS_LAYOUT_FEATURE_TAG)
      for feature in ["ssty", "dtls", "flac"] { hb_set_add(features, tag(feature)) }
    } else {
      hb_set_add(hb_subset_input_set(input, HB_SUBSET_SETS_DROP_TABLE_TAG), tag("MATH"))
    }
    guard let result = hb_subset_or_fail(face, input) else {
      throw .library(call: "hb_subset_or_fail", message: "no subset of \(path)")
    }
    defer { hb_face_destroy(result) }
    let bytes = hb_face_reference_blob(result)
    defer { hb_blob_destroy(bytes) }
    var count: UInt32 = 0
    guard let data = hb_blob_get_data(bytes, &count), count > 0 else {
      throw .library(call: "hb_face_reference_blob", message: "an empty subset of \(path)")
    }
    return data.withMemoryRebound(to: UInt8.self, capacity: Int(count)) {
      Array(UnsafeBufferPointer(start: $0, count: Int(count)))
    }
  }

  private static func tag(_ name: String) -> UInt32 {
    name.utf8.reduce(0) { $0 << 8 | UInt32($1) }
  }
}
