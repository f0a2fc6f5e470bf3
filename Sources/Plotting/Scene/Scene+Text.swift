extension Scene {
  /// The scene in words and numbers, one item a line, rounded to hundredths of a point.
  ///
  /// Two scenes that look alike print alike; golden tests compare this.
  public var text: String {
    var lines = ["scene \(hundredths(width)) x \(hundredths(height)) \(palette.name)"]
    for item in items { Self.describe(item, indent: "  ", into: &lines) }
    return lines.joined(separator: "\n") + "\n"
  }

  private static func describe(_ item: Item, indent: String, into lines: inout [String]) {
    switch item {
    case .path(let path, let fill, let stroke):
      let pieces = path.pieces.map { piece in
        piece.points.map(describe).joined(separator: " ") + (piece.isClosed ? " z" : "")
      }
      lines.append(
        indent + "path" + describe(fill) + describe(stroke) + ": "
          + pieces.joined(separator: " / "))
    case .markers(let markers):
      lines.append(
        indent + "\(markers.shape.rawValue) r=\(hundredths(markers.radius))"
          + describe(markers.fill) + describe(markers.stroke) + ": "
          + markers.points.map(describe).joined(separator: " "))
    case .text(let text):
      lines.append(
        indent + "text \(describe(text.position)) \(text.anchor.rawValue)"
          + (text.isVertical ? " vertical" : "") + (text.hasHalo ? " halo" : "")
          + " \(hundredths(text.style.size)) \(text.style.weight.rawValue)"
          + " \(describe(text.color)): \(text.content.markup)")
    case .clip(let rect, let items):
      lines.append(
        indent + "clip \(hundredths(rect.x)),\(hundredths(rect.y))"
          + " \(hundredths(rect.width)) x \(hundredths(rect.height))")
      for item in items { describe(item, indent: indent + "  ", into: &lines) }
    }
  }

  private static func describe(_ point: Point) -> String {
    "\(hundredths(point.x)),\(hundredths(point.y))"
  }

  private static func describe(_ fill: Fill?) -> String {
    guard let fill else { return "" }
    let opacity = fill.opacity == 1 ? "" : "@\(hundredths(fill.opacity))"
    return " fill=\(describe(fill.color))\(opacity)"
  }

  private static func describe(_ stroke: Stroke?) -> String {
    guard let stroke else { return "" }
    let dash =
      stroke.dash.isEmpty ? "" : " dash=" + stroke.dash.map(hundredths).joined(separator: ",")
    return " stroke=\(describe(stroke.color)) \(hundredths(stroke.width))\(dash)"
  }

  private static func describe(_ color: Color) -> String {
    if case .fixed(let rgb) = color { return rgb.css }
    return color.role ?? ""
  }
}

/// A number rounded to hundredths, without zeros at its end: `12`, `0.5`, `-3.25`.
public func hundredths(_ value: Double) -> String {
  precondition(value.isFinite, "a coordinate must be finite; found \(value)")
  let scaled = Int((value * 100).rounded())
  let magnitude = scaled.magnitude
  var text = (scaled < 0 ? "-" : "") + String(magnitude / 100)
  let fraction = magnitude % 100
  if fraction > 0 {
    text +=
      fraction % 10 == 0 ? ".\(fraction / 10)" : (fraction < 10 ? ".0\(fraction)" : ".\(fraction)")
  }
  return text
}
