internal import CPango
import Plotting

/// A line of rich text, laid out by Pango.
final class ShapedText {
  /// A stretch of glyphs of one face and size.
  struct Run {
    /// The HarfBuzz face, which the font keeps alive.
    var face: OpaquePointer
    /// The size in points and the units of an em.
    var size: Double
    var unitsPerEm: Double
    var glyphs: [Glyph]
  }

  /// A glyph with its origin relative to the beginning of the baseline, in points, y downwards.
  struct Glyph {
    var id: UInt32
    var x: Double
    var y: Double
  }

  private let layout: OpaquePointer
  let width: Double

  /// Sizes and shifts of scripts, in parts of the line's size.
  private static let scriptScale = 0.70
  private static let superscriptRise = 0.36
  private static let subscriptRise = -0.16
  /// Pagella's letters are smaller on their body than Inter's.
  private static let mathScale = 1.1

  init(_ text: RichText, style: TextStyle, context: OpaquePointer) {
    layout = pango_layout_new(context)
    var string = ""
    let attributes = pango_attr_list_new()
    for run in text.runs {
      let start = UInt32(string.utf8.count)
      string += run.isMath ? Self.mathItalic(run.text) : run.text
      let end = UInt32(string.utf8.count)
      func add(_ attribute: UnsafeMutablePointer<PangoAttribute>?) {
        attribute?.pointee.start_index = start
        attribute?.pointee.end_index = end
        pango_attr_list_insert(attributes, attribute)
      }
      let isScript = run.script != .none
      let size =
        style.size * (isScript ? Self.scriptScale : 1) * (run.isMath ? Self.mathScale : 1)
      let description = Self.fontDescription(Self.font(run, style: style), size: size)
      add(pango_attr_font_desc_new(description))
      pango_font_description_free(description)
      if isScript {
        let rise = run.script == .superscript ? Self.superscriptRise : Self.subscriptRise
        add(pango_attr_rise_new(Int32((rise * style.size * Double(PANGO_SCALE)).rounded())))
      }
    }
    pango_layout_set_text(layout, string, Int32(string.utf8.count))
    pango_layout_set_attributes(layout, attributes)
    pango_attr_list_unref(attributes)
    var logical = PangoRectangle()
    pango_layout_line_get_extents(pango_layout_get_line_readonly(layout, 0), nil, &logical)
    width = Double(logical.width) / Double(PANGO_SCALE)
  }

  deinit { book_unref(UnsafeMutableRawPointer(layout)) }

  /// The line as Pango draws it; it lives as long as the text.
  var line: UnsafeMutablePointer<PangoLayoutLine> { pango_layout_get_line_readonly(layout, 0) }

  /// The glyphs with their places.
  var runs: [Run] {
    var result: [Run] = []
    var x = 0.0
    let scale = Double(PANGO_SCALE)
    var node = line.pointee.runs
    while let current = node {
      let item = current.pointee.data.assumingMemoryBound(to: PangoGlyphItem.self).pointee
      node = current.pointee.next
      guard let font = item.item.pointee.analysis.font, let hbFont = pango_font_get_hb_font(font),
        let face = hb_font_get_face(hbFont)
      else { continue }
      let description = pango_font_describe_with_absolute_size(font)
      let size = Double(pango_font_description_get_size(description)) / scale
      pango_font_description_free(description)
      var glyphs: [Glyph] = []
      x += Double(item.start_x_offset) / scale
      for index in 0..<Int(item.glyphs.pointee.num_glyphs) {
        let info = item.glyphs.pointee.glyphs[index]
        if info.glyph != PANGO_GLYPH_EMPTY {
          glyphs.append(
            Glyph(
              id: info.glyph, x: x + Double(info.geometry.x_offset) / scale,
              y: Double(info.geometry.y_offset - item.y_offset) / scale))
        }
        x += Double(info.geometry.width) / scale
      }
      x += Double(item.end_x_offset) / scale
      result.append(
        Run(
          face: face, size: size, unitsPerEm: Double(hb_face_get_upem(face)), glyphs: glyphs))
    }
    return result
  }

  /// Whether every character has a glyph in the book's fonts.
  var isComplete: Bool { pango_layout_get_unknown_glyphs_count(layout) == 0 }

  private static func font(_ run: RichText.Run, style: TextStyle) -> BookFont {
    if run.isMath { return .math }
    return switch style.weight {
    case .regular: .sansRegular
    case .medium: .sansMedium
    case .semibold: .sansSemibold
    }
  }

  static func fontDescription(_ font: BookFont, size: Double) -> OpaquePointer {
    let description = pango_font_description_new()!
    pango_font_description_set_family(description, font.family)
    pango_font_description_set_weight(description, PangoWeight(rawValue: UInt32(font.weight)))
    pango_font_description_set_style(
      description, font.isItalic ? PANGO_STYLE_ITALIC : PANGO_STYLE_NORMAL)
    pango_font_description_set_absolute_size(description, size * Double(PANGO_SCALE))
    return description
  }

  /// Letters as the italic letters of formulas (Unicode's mathematical alphanumeric symbols).
  static func mathItalic(_ text: String) -> String {
    var result = ""
    for scalar in text.unicodeScalars {
      let code = scalar.value
      let mapped: UInt32 =
        switch scalar {
        case "h": 0x210E
        case "A"..."Z": code - 0x41 + 0x1D434
        case "a"..."z": code - 0x61 + 0x1D44E
        case "α"..."ω": code - 0x3B1 + 0x1D6FC
        default: code
        }
      result.unicodeScalars.append(Unicode.Scalar(mapped) ?? scalar)
    }
    return result
  }
}
