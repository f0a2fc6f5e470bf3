internal import CHarfBuzz

/// A glyph's outline in whole font units, y upwards, as SVG path data.
struct GlyphOutline {
  let pathData: String

  var isEmpty: Bool { pathData.isEmpty }

  init(face: OpaquePointer, glyph: UInt32) {
    let font = hb_font_create(face)
    defer { hb_font_destroy(font) }
    var pen = Pen()
    withUnsafeMutablePointer(to: &pen) { pointer in
      book_draw_glyph(font, glyph, Self.functions.pointer, pointer)
    }
    pathData = pen.data
  }

  /// Writes path data with relative whole numbers; rounding does not add up.
  struct Pen {
    var data = ""
    private var x = 0
    private var y = 0
    private var command: Character = " "

    mutating func move(_ toX: Float, _ toY: Float) {
      command = " "
      emit("m", [(toX, toY)])
      // Coordinates behind a move are lines; no letter is needed.
      command = "l"
    }

    mutating func line(_ toX: Float, _ toY: Float) { emit("l", [(toX, toY)]) }

    mutating func quadratic(_ c: (Float, Float), _ to: (Float, Float)) { emit("q", [c, to]) }

    mutating func cubic(_ c: (Float, Float), _ d: (Float, Float), _ to: (Float, Float)) {
      emit("c", [c, d, to])
    }

    mutating func close() {
      data.append("z")
      command = " "
    }

    private mutating func emit(_ letter: Character, _ points: [(Float, Float)]) {
      var isFirst = false
      if letter != command {
        data.append(letter)
        command = letter
        isFirst = true
      }
      let (fromX, fromY) = (x, y)
      for point in points {
        x = Int(point.0.rounded())
        y = Int(point.1.rounded())
        for value in [x - fromX, y - fromY] {
          if !isFirst, value >= 0 { data.append(" ") }
          isFirst = false
          data.append(String(value))
        }
      }
    }
  }

  /// HarfBuzz's table of drawing functions, made once and never changed.
  private struct Functions: @unchecked Sendable {
    let pointer: OpaquePointer
  }

  private static let functions: Functions = {
    let functions = hb_draw_funcs_create()!
    hb_draw_funcs_set_move_to_func(
      functions,
      { _, pen, _, x, y, _ in pen!.assumingMemoryBound(to: Pen.self).pointee.move(x, y) },
      nil, nil)
    hb_draw_funcs_set_line_to_func(
      functions,
      { _, pen, _, x, y, _ in pen!.assumingMemoryBound(to: Pen.self).pointee.line(x, y) },
      nil, nil)
    hb_draw_funcs_set_quadratic_to_func(
      functions,
      { _, pen, _, cx, cy, x, y, _ in
        pen!.assumingMemoryBound(to: Pen.self).pointee.quadratic((cx, cy), (x, y))
      }, nil, nil)
    hb_draw_funcs_set_cubic_to_func(
      functions,
      { _, pen, _, cx, cy, dx, dy, x, y, _ in
        pen!.assumingMemoryBound(to: Pen.self).pointee.cubic((cx, cy), (dx, dy), (x, y))
      }, nil, nil)
    hb_draw_funcs_set_close_path_func(
      functions, { _, pen, _, _ in pen!.assumingMemoryBound(to: Pen.self).pointee.close() }, nil,
      nil)
    hb_draw_funcs_make_immutable(functions)
    return Functions(pointer: functions)
  }()
}
