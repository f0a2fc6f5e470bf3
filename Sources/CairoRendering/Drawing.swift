import Plotting

/// A figure read back from the SVG that it was written as, ready to be drawn on a page.
///
/// It reads the SVG of `CairoRenderer.svg` and no more: paths of lines and Bezier curves, circles,
/// groups with transforms, rectangular clips, glyphs by name. Colours that have a role are those of
/// the palette of print.
public struct Drawing: Sendable {
  /// The width in points.
  public let width: Double
  /// The height in points.
  public let height: Double
  let items: [Item]

  indirect enum Item: Sendable {
    case path([Segment], Transform, Look)
    /// Outlines of glyphs, each moved from the origin of the transform.
    case glyphs([Glyph], Transform, Look)
    case clip([Segment], [Item])
  }

  struct Glyph: Sendable {
    /// The outline's path data in font units.
    var outline: String
    var x: Double
    var y: Double
  }

  enum Segment: Equatable, Sendable {
    case move(Point)
    case line(Point)
    case curve(Point, Point, Point)
    case arc(center: Point, radius: Double)
    case close
  }

  /// The affine map x' = a x + c y + e, y' = b x + d y + f.
  struct Transform: Equatable, Sendable {
    var a = 1.0, b = 0.0, c = 0.0, d = 1.0, e = 0.0, f = 0.0

    /// This map after another.
    func after(_ o: Transform) -> Transform {
      Transform(
        a: a * o.a + c * o.b, b: b * o.a + d * o.b, c: a * o.c + c * o.d, d: b * o.c + d * o.d,
        e: a * o.e + c * o.f + e, f: b * o.e + d * o.f + f)
    }
  }

  struct Look: Equatable, Sendable {
    var fill: RGB? = RGB(0)
    var fillOpacity = 1.0
    var stroke: RGB?
    var strokeWidth = 1.0
    var dash: [Double] = []
    var hasRoundCaps = false
  }

  /// Reads a figure's SVG.
  public init(svg: String) throws(RenderingError) {
    var reader = DrawingReader(svg)
    try reader.run()
    width = reader.width
    height = reader.height
    items = reader.items
  }
}

extension Drawing {
  /// The segments of a glyph's outline.
  static func outline(_ data: String) throws(RenderingError) -> [Segment] {
    try DrawingReader.segments(data)
  }
}

/// Reads the elements of a drawing one after the other.
private struct DrawingReader {
  private let bytes: [UInt8]
  private var position = 0
  private(set) var width = 0.0
  private(set) var height = 0.0
  private(set) var items: [Drawing.Item] = []
  private var outlines: [String: String] = [:]
  private var clips: [String: [Drawing.Segment]] = [:]
  private var states = [State()]
  /// Items of the clips that are open, outermost first.
  private var open: [(segments: [Drawing.Segment], items: [Drawing.Item])] = []

  private struct State {
    var name = ""
    var transform = Drawing.Transform()
    var look = Drawing.Look()
    var isDefinition = false
    var clipName: String?
    /// The name of the clip that this group draws within, by the number of clips around it.
    var opensClip = false
  }

  private static let roles: [String: Color] = Dictionary(
    Color.roles.compactMap { color in color.role.map { ($0, color) } },
    uniquingKeysWith: { first, _ in first })

  init(_ svg: String) { bytes = Array(svg.utf8) }

  mutating func run() throws(RenderingError) {
    while let start = bytes[position...].firstIndex(of: UInt8(ascii: "<")) {
      guard let end = bytes[start...].firstIndex(of: UInt8(ascii: ">")) else {
        throw .unreadableDrawing(reason: "its last tag is not closed")
      }
      position = end + 1
      let tag = bytes[(start + 1)..<end]
      switch tag.first {
      case UInt8(ascii: "?"), UInt8(ascii: "!"): continue
      case UInt8(ascii: "/"): close()
      default: try element(tag)
      }
    }
    guard width > 0, height > 0 else {
      throw .unreadableDrawing(reason: "its <svg> element has no viewBox")
    }
  }

  private mutating func close() {
    guard states.count > 1, let state = states.popLast() else { return }
    if state.opensClip, let last = open.popLast() { add(.clip(last.segments, last.items)) }
  }

  private mutating func add(_ item: Drawing.Item) {
    if open.isEmpty { items.append(item) } else { open[open.count - 1].items.append(item) }
  }

  private mutating func element(_ tag: ArraySlice<UInt8>) throws(RenderingError) {
    let isEmpty = tag.last == UInt8(ascii: "/")
    let (name, attributes) = Self.parse(isEmpty ? tag.dropLast() : tag)
    var state = states[states.count - 1]
    state.name = name
    state.opensClip = false
    try apply(attributes, to: &state)
    switch name {
    case "svg":
      let box = Self.numbers(attributes["viewBox"] ?? "")
      if box.count == 4 { (width, height) = (box[2], box[3]) }
    case "defs": state.isDefinition = true
    case "clipPath": state.clipName = attributes["id"]
    case "g":
      if let clip = attributes["clip-path"] {
        let name = String(clip.dropFirst("url(#".count).dropLast())
        open.append((clips[name] ?? [], []))
        state.opensClip = true
      }
    case "path":
      let data = attributes["d"] ?? ""
      if let clip = state.clipName {
        clips[clip, default: []] += try Self.segments(data)
      } else if state.isDefinition {
        outlines[attributes["id"] ?? ""] = data
      } else {
        add(.path(try Self.segments(data), state.transform, state.look))
      }
    case "circle":
      let center = Point(
        Double(attributes["cx"] ?? "") ?? 0, Double(attributes["cy"] ?? "") ?? 0)
      if !state.isDefinition {
        add(
          .path(
            [.arc(center: center, radius: Double(attributes["r"] ?? "") ?? 0)], state.transform,
            state.look))
      }
    case "use": use(attributes, state)
    default: break
    }
    if !isEmpty { states.append(state) }
  }

  /// Repeated glyphs follow one another in a group: they become one item.
  private mutating func use(_ attributes: [String: String], _ state: State) {
    guard let outline = outlines[String((attributes["href"] ?? "").dropFirst())] else { return }
    let glyph = Drawing.Glyph(
      outline: outline, x: Double(attributes["x"] ?? "") ?? 0,
      y: Double(attributes["y"] ?? "") ?? 0)
    let last = open.isEmpty ? items.last : open[open.count - 1].items.last
    if case .glyphs(let before, let transform, let look)? = last, transform == state.transform,
      look == state.look
    {
      let joined = Drawing.Item.glyphs(before + [glyph], transform, look)
      if open.isEmpty {
        items[items.count - 1] = joined
      } else {
        open[open.count - 1].items[open[open.count - 1].items.count - 1] = joined
      }
    } else {
      add(.glyphs([glyph], state.transform, state.look))
    }
  }

  // MARK: - Attributes

  private func apply(
    _ attributes: [String: String], to state: inout State
  ) throws(RenderingError) {
    if let text = attributes["transform"] {
      state.transform = state.transform.after(try Self.transform(text))
    }
    var properties = attributes
    for declaration in (attributes["style"] ?? "").split(separator: ";") {
      let parts = declaration.split(separator: ":", maxSplits: 1)
      if parts.count == 2 { properties[String(parts[0])] = String(parts[1]) }
    }
    if let fill = properties["fill"] { state.look.fill = Self.color(fill) }
    if let stroke = properties["stroke"] { state.look.stroke = Self.color(stroke) }
    if let value = properties["fill-opacity"].flatMap(Double.init) {
      state.look.fillOpacity = value
    }
    if let value = properties["stroke-width"].flatMap(Double.init) {
      state.look.strokeWidth = value
    }
    if let dash = properties["stroke-dasharray"] { state.look.dash = Self.numbers(dash) }
    if let cap = properties["stroke-linecap"] { state.look.hasRoundCaps = cap == "round" }
  }

  /// `#222`, `#0072b2` or `var(--role,#222)`; nil for none.
  private static func color(_ text: String) -> RGB? {
    if text.hasPrefix("var(--") {
      let inside = text.dropFirst("var(--".count).dropLast()
      let parts = inside.split(separator: ",", maxSplits: 1)
      if let role = parts.first.flatMap({ roles[String($0)] }) { return Palette.print[role] }
      return parts.count == 2 ? color(String(parts[1])) : nil
    }
    guard text.hasPrefix("#") else { return nil }
    var digits = String(text.dropFirst())
    if digits.count == 3 { digits = digits.map { "\($0)\($0)" }.joined() }
    return UInt32(digits, radix: 16).map { RGB($0) }
  }

  private static func transform(_ text: String) throws(RenderingError) -> Drawing.Transform {
    var result = Drawing.Transform()
    for call in text.split(separator: ")") {
      let parts = call.split(separator: "(", maxSplits: 1)
      let values = parts.count == 2 ? numbers(String(parts[1])) : []
      switch (parts.first.map { $0.filter { !$0.isWhitespace } } ?? "", values.count) {
      case ("translate", 2):
        result = result.after(Drawing.Transform(e: values[0], f: values[1]))
      case ("scale", 2): result = result.after(Drawing.Transform(a: values[0], d: values[1]))
      case ("rotate", 1) where values[0] == -90:
        result = result.after(Drawing.Transform(a: 0, b: -1, c: 1, d: 0))
      default: throw .unreadableDrawing(reason: "'\(call))' is no transform that figures have")
      }
    }
    return result
  }

  /// The name and the attributes of a tag, entities left as they are.
  private static func parse(_ tag: ArraySlice<UInt8>) -> (String, [String: String]) {
    let name = tag.prefix { $0 > 32 }
    var attributes: [String: String] = [:]
    var rest = tag[name.endIndex...]
    while let equals = rest.firstIndex(of: UInt8(ascii: "=")) {
      let key = rest[rest.startIndex..<equals].filter { $0 > 32 }
      rest = rest[(equals + 1)...]
      guard let quote = rest.first, quote == UInt8(ascii: "\"") || quote == UInt8(ascii: "'"),
        let end = rest.dropFirst().firstIndex(of: quote)
      else { break }
      attributes[String(decoding: key, as: UTF8.self)] = String(
        decoding: rest[(rest.startIndex + 1)..<end], as: UTF8.self)
      rest = rest[(end + 1)...]
    }
    return (String(decoding: name, as: UTF8.self), attributes)
  }

  private static func numbers(_ text: String) -> [Double] {
    text.split { $0 == " " || $0 == "," }.compactMap { Double($0) }
  }

  /// Path data of the commands M, L, C, Q, Z, absolute or relative.
  static func segments(_ data: String) throws(RenderingError) -> [Drawing.Segment] {
    var result: [Drawing.Segment] = []
    var scanner = NumberScanner(data)
    var here = Point(0, 0)
    var start = Point(0, 0)
    var command: UInt8 = 0
    while let next = scanner.peek {
      if let letter = scanner.takeLetter() {
        command = letter
        if letter | 32 == UInt8(ascii: "z") {
          result.append(.close)
          here = start
          continue
        }
      } else if command == 0 {
        throw .unreadableDrawing(reason: "a path begins with '\(Character(Unicode.Scalar(next)))'")
      }
      let isRelative = command & 32 != 0
      func point() throws(RenderingError) -> Point {
        guard let x = scanner.number(), let y = scanner.number() else {
          throw .unreadableDrawing(reason: "a path has too few numbers")
        }
        return isRelative ? Point(here.x + x, here.y + y) : Point(x, y)
      }
      switch command | 32 {
      case UInt8(ascii: "m"):
        here = try point()
        start = here
        result.append(.move(here))
        command = isRelative ? UInt8(ascii: "l") : UInt8(ascii: "L")
      case UInt8(ascii: "l"):
        here = try point()
        result.append(.line(here))
      case UInt8(ascii: "c"):
        let (a, b, c) = (try point(), try point(), try point())
        result.append(.curve(a, b, c))
        here = c
      case UInt8(ascii: "q"):
        let (a, b) = (try point(), try point())
        result.append(
          .curve(
            Point(here.x + (a.x - here.x) * 2 / 3, here.y + (a.y - here.y) * 2 / 3),
            Point(b.x + (a.x - b.x) * 2 / 3, b.y + (a.y - b.y) * 2 / 3), b))
        here = b
      default:
        throw .unreadableDrawing(
          reason: "a path has the command '\(Character(Unicode.Scalar(command)))'")
      }
    }
    return result
  }
}

/// Takes numbers and letters out of path data.
private struct NumberScanner {
  private let bytes: [UInt8]
  private var position = 0

  init(_ text: String) { bytes = Array(text.utf8) }

  private mutating func skip() {
    while position < bytes.count, bytes[position] <= 32 || bytes[position] == UInt8(ascii: ",") {
      position += 1
    }
  }

  var peek: UInt8? {
    mutating get {
      skip()
      return position < bytes.count ? bytes[position] : nil
    }
  }

  mutating func takeLetter() -> UInt8? {
    skip()
    guard position < bytes.count, (65...122).contains(bytes[position]) else { return nil }
    position += 1
    return bytes[position - 1]
  }

  mutating func number() -> Double? {
    skip()
    let start = position
    if position < bytes.count, bytes[position] == UInt8(ascii: "-") { position += 1 }
    while position < bytes.count,
      (48...57).contains(bytes[position]) || bytes[position] == UInt8(ascii: ".")
    {
      position += 1
    }
    return Double(String(decoding: bytes[start..<position], as: UTF8.self))
  }
}
