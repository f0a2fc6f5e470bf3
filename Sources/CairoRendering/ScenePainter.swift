internal import CCairo
internal import CPango
import Plotting

/// Draws the items of a scene on a Cairo context.
struct ScenePainter {
  let context: OpaquePointer
  let palette: Palette
  let book: FontBook

  /// The width of the rim of page colour around texts that lie over lines.
  static let halo = 2.4

  func fillPage() {
    setColor(.paper)
    cairo_paint(context)
  }

  func draw(_ items: [Scene.Item]) {
    for item in items {
      switch item {
      case .path(let path, let fill, let stroke):
        trace(path)
        paint(fill, stroke)
      case .markers(let markers): draw(markers)
      case .text(let text): draw(text)
      case .clip(let rect, let items):
        cairo_save(context)
        cairo_rectangle(context, rect.x, rect.y, rect.width, rect.height)
        cairo_clip(context)
        draw(items)
        cairo_restore(context)
      }
    }
  }

  private func setColor(_ color: Color, opacity: Double = 1) {
    let rgb = palette[color]
    cairo_set_source_rgba(
      context, Double(rgb.red) / 255, Double(rgb.green) / 255, Double(rgb.blue) / 255, opacity)
  }

  private func trace(_ path: Path, at origin: Point = Point(0, 0)) {
    cairo_new_path(context)
    for piece in path.pieces {
      for (index, point) in piece.points.enumerated() {
        if index == 0 {
          cairo_move_to(context, origin.x + point.x, origin.y + point.y)
        } else {
          cairo_line_to(context, origin.x + point.x, origin.y + point.y)
        }
      }
      if piece.isClosed { cairo_close_path(context) }
    }
  }

  private func paint(_ fill: Scene.Fill?, _ stroke: Scene.Stroke?) {
    if let fill {
      setColor(fill.color, opacity: fill.opacity)
      cairo_fill_preserve(context)
    }
    if let stroke {
      setColor(stroke.color)
      cairo_set_line_width(context, stroke.width)
      cairo_set_line_join(context, CAIRO_LINE_JOIN_ROUND)
      cairo_set_line_cap(
        context, stroke.hasRoundDots ? CAIRO_LINE_CAP_ROUND : CAIRO_LINE_CAP_BUTT)
      cairo_set_dash(context, stroke.dash, Int32(stroke.dash.count), 0)
      cairo_stroke_preserve(context)
    }
    cairo_new_path(context)
  }

  private func draw(_ markers: Scene.Markers) {
    let outline = markers.shape.outline(radius: markers.radius)
    for point in markers.points {
      if markers.shape == .circle {
        cairo_new_path(context)
        cairo_arc(context, point.x, point.y, markers.radius, 0, 2 * .pi)
        cairo_close_path(context)
      } else {
        trace(outline, at: point)
      }
      paint(markers.fill, markers.stroke)
    }
  }

  private func draw(_ text: Scene.Text) {
    let label = book.label(text.content, text.style)
    let page = PagePainter(context: context, book: book)
    let stretches = label.stretches.map { placed in
      var stretch = PagePainter.Stretch(placed[0].run, placed[0].place, nil)
      for next in placed.dropFirst() { stretch.append(next.run, next.place) }
      return stretch
    }
    cairo_save(context)
    cairo_translate(context, text.position.x, text.position.y)
    if text.isVertical { cairo_rotate(context, -.pi / 2) }
    cairo_translate(context, -text.anchor.fraction * label.width, 0)
    cairo_new_path(context)
    if text.hasHalo {
      for stretch in stretches { page.traceGlyphs(stretch) }
      for rule in label.rules {
        cairo_rectangle(context, rule.x, rule.y, rule.width, rule.height)
      }
      setColor(.paper)
      cairo_set_line_width(context, Self.halo)
      cairo_set_line_join(context, CAIRO_LINE_JOIN_ROUND)
      cairo_set_dash(context, nil, 0, 0)
      cairo_stroke(context)
    }
    setColor(text.color)
    for stretch in stretches { page.show(stretch) }
    for rule in label.rules {
      cairo_rectangle(context, rule.x, rule.y, rule.width, rule.height)
    }
    cairo_fill(context)
    cairo_restore(context)
    cairo_new_path(context)
  }
}

extension Scene.Anchor {
  /// How much of the text's width stands before its position.
  var fraction: Double {
    switch self {
    case .start: 0
    case .middle: 0.5
    case .end: 1
    }
  }
}

extension Scene.Stroke {
  /// Whether the dashes are short enough to be dots.
  var hasRoundDots: Bool { dash.first.map { $0 < 1 } ?? false }
}
