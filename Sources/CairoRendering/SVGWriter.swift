internal import CPango
import Plotting

/// Writes a scene as SVG.
///
/// Numbers have two decimals. A colour is written twice: as an attribute for programs that know no
/// CSS variables, and as a style that takes the page's variable. Glyphs are defined once, in font
/// units, and named in order of appearance, so the same scene gives the same text.
struct SVGWriter {
  let scene: Scene
  let id: String
  let book: FontBook

  private var body = ""
  private var definitions = ""
  private var glyphNames: [FontBook.OutlineKey: String] = [:]
  private var clips = 0

  init(scene: Scene, id: String, book: FontBook) {
    self.scene = scene
    self.id = id
    self.book = book
  }

  mutating func document(title: String, description: String) -> String {
    write(scene.items)
    let (width, height) = (hundredths(scene.width), hundredths(scene.height))
    var text =
      "<svg xmlns=\"http://www.w3.org/2000/svg\" id=\"\(id)\" width=\"\(width)pt\" "
      + "height=\"\(height)pt\" viewBox=\"0 0 \(width) \(height)\" role=\"img\""
    var labels: [String] = []
    if !title.isEmpty { labels.append("\(id)-title") }
    if !description.isEmpty { labels.append("\(id)-desc") }
    if !labels.isEmpty { text += " aria-labelledby=\"\(labels.joined(separator: " "))\"" }
    text += ">\n"
    if !title.isEmpty { text += "<title id=\"\(id)-title\">\(Self.escaped(title))</title>\n" }
    if !description.isEmpty {
      text += "<desc id=\"\(id)-desc\">\(Self.escaped(description))</desc>\n"
    }
    if !definitions.isEmpty { text += "<defs>\n\(definitions)</defs>\n" }
    return text + body + "</svg>\n"
  }

  private mutating func write(_ items: [Scene.Item]) {
    for item in items {
      switch item {
      case .path(let path, let fill, let stroke):
        body += "<path d=\"\(Self.data(path))\"\(look(fill, stroke))/>\n"
      case .markers(let markers): write(markers)
      case .text(let text): write(text)
      case .clip(let rect, let items):
        let name = "\(id)-c\(clips)"
        clips += 1
        definitions +=
          "<clipPath id=\"\(name)\"><path d=\"\(Self.data(Path(rect)))\"/></clipPath>\n"
        body += "<g clip-path=\"url(#\(name))\">\n"
        write(items)
        body += "</g>\n"
      }
    }
  }

  // MARK: Marks

  private mutating func write(_ markers: Scene.Markers) {
    body += "<g\(look(markers.fill, markers.stroke))>\n"
    let outline = markers.shape.outline(radius: markers.radius)
    for point in markers.points {
      if markers.shape == .circle {
        body +=
          "<circle cx=\"\(hundredths(point.x))\" cy=\"\(hundredths(point.y))\" "
          + "r=\"\(hundredths(markers.radius))\"/>"
      } else {
        body += "<path d=\"\(Self.data(outline, at: point))\"/>"
      }
    }
    body += "\n</g>\n"
  }

  private static func data(_ path: Path, at origin: Point = Point(0, 0)) -> String {
    var text = ""
    for piece in path.pieces {
      for (index, point) in piece.points.enumerated() {
        text += index == 0 ? "M" : (index == 1 ? "L" : " ")
        text += "\(hundredths(origin.x + point.x)) \(hundredths(origin.y + point.y))"
      }
      if piece.isClosed { text += "Z" }
    }
    return text
  }

  /// Attributes and style of a fill and a stroke; SVG's default is a black fill and no stroke.
  private func look(_ fill: Scene.Fill?, _ stroke: Scene.Stroke?) -> String {
    var attributes = ""
    var style: [String] = []
    func add(_ property: String, _ color: Color) {
      let value = scene.palette[color].css
      attributes += " \(property)=\"\(value)\""
      if let role = color.role { style.append("\(property):var(--\(role),\(value))") }
    }
    if let fill {
      add("fill", fill.color)
      if fill.opacity < 1 { attributes += " fill-opacity=\"\(hundredths(fill.opacity))\"" }
    } else {
      attributes += " fill=\"none\""
    }
    if let stroke {
      add("stroke", stroke.color)
      if stroke.width != 1 { attributes += " stroke-width=\"\(hundredths(stroke.width))\"" }
      attributes += " stroke-linejoin=\"round\""
      if !stroke.dash.isEmpty {
        let dash = stroke.dash.map { hundredths($0) }.joined(separator: " ")
        attributes += " stroke-dasharray=\"\(dash)\""
      }
      if stroke.hasRoundDots { attributes += " stroke-linecap=\"round\"" }
    }
    return attributes + (style.isEmpty ? "" : " style=\"\(style.joined(separator: ";"))\"")
  }

  // MARK: Text

  private mutating func write(_ text: Scene.Text) {
    let label = book.label(text.content, text.style)
    let place = "translate(\(hundredths(text.position.x)) \(hundredths(text.position.y)))"
    let turn = text.isVertical ? "rotate(-90)" : ""
    let shift = -text.anchor.fraction * label.width
    let glyphs = shapes(label, shift: shift, isHalo: false)
    guard !glyphs.isEmpty else { return }
    let ink = look(.init(text.color), nil)
    guard text.hasHalo else {
      body += "<g transform=\"\(place)\(turn)\"\(ink)>\(glyphs)</g>\n"
      return
    }
    // The whole rim lies under the text: a letter's own would cover the edge of the one before it.
    let rim = look(nil, .init(.paper, width: ScenePainter.halo))
    let halo = shapes(label, shift: shift, isHalo: true)
    body +=
      "<g transform=\"\(place)\(turn)\"><g\(rim)>\(halo)</g>\n<g\(ink)>\(glyphs)</g></g>\n"
  }

  /// A label's glyphs and rules, moved by `shift` points.
  private mutating func shapes(_ label: Formula, shift: Double, isHalo: Bool) -> String {
    var text = ""
    for stretch in label.stretches {
      let face = book.pageFace(stretch[0].run.font)
      let unit = stretch[0].run.size / face.unitsPerEm
      var uses = ""
      for placed in stretch {
        for glyph in placed.run.glyphs {
          guard let name = name(of: glyph.id, face: face.face) else { continue }
          let x = Int(((shift + placed.place.x + glyph.x) / unit).rounded())
          let y = Int((-(placed.place.y + glyph.y) / unit).rounded())
          uses += "<use href=\"#\(name)\""
          if x != 0 { uses += " x=\"\(x)\"" }
          if y != 0 { uses += " y=\"\(y)\"" }
          uses += "/>"
        }
      }
      if uses.isEmpty { continue }
      let scale = Self.sixDecimals(unit)
      // The rim's width is in font units here, whatever the run's size.
      let width =
        isHalo ? " stroke-width=\"\(Int((ScenePainter.halo / unit).rounded()))\"" : ""
      text += "<g transform=\"scale(\(scale) -\(scale))\"\(width)>\(uses)</g>"
    }
    for rule in label.rules {
      let rect = Rect(x: rule.x + shift, y: rule.y, width: rule.width, height: rule.height)
      text += "<path d=\"\(Self.data(Path(rect)))\"/>"
    }
    return text
  }

  private mutating func name(of glyph: UInt32, face: OpaquePointer) -> String? {
    let key = FontBook.OutlineKey(face: face, glyph: glyph)
    if let known = glyphNames[key] { return known }
    let outline = book.outline(face: face, glyph: glyph)
    guard !outline.isEmpty else { return nil }
    let name = "\(id)-g\(glyphNames.count)"
    glyphNames[key] = name
    definitions += "<path id=\"\(name)\" d=\"\(outline.pathData)\"/>\n"
    return name
  }

  /// A positive number below one with six decimals, without the zero before the point.
  static func sixDecimals(_ value: Double) -> String {
    let scaled = Int((value * 1e6).rounded())
    let digits = String(scaled)
    if scaled >= 1_000_000 { return String(value) }
    var text = String(repeating: "0", count: max(0, 6 - digits.count)) + digits
    while text.last == "0" { text.removeLast() }
    return "." + text
  }

  static func escaped(_ text: String) -> String {
    text.replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing(">", with: "&gt;")
  }
}
