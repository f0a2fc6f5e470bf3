/// A finished drawing: what stands where, in points, with the origin at the top left.
///
/// A scene is plain data. It can be stored, compared, printed (`text`) and drawn on any surface.
public struct Scene: Equatable, Sendable, Codable {
  /// The width in points.
  public var width: Double
  /// The height in points.
  public var height: Double
  /// What the colours look like.
  public var palette: Palette
  /// The items, the lowest first.
  public var items: [Item]

  /// A drawing of the given size and items.
  public init(width: Double, height: Double, palette: Palette, items: [Item] = []) {
    self.width = width
    self.height = height
    self.palette = palette
    self.items = items
  }

  /// Something that is drawn.
  public enum Item: Equatable, Sendable, Codable {
    /// Straight lines, filled, stroked or both.
    case path(Path, fill: Fill?, stroke: Stroke?)
    /// The same small shape at many places.
    case markers(Markers)
    /// A line of text.
    case text(Text)
    /// Items of which only what lies within a rectangle is seen.
    case clip(Rect, [Item])
  }

  /// A flat colour.
  public struct Fill: Equatable, Sendable, Codable {
    /// The colour.
    public var color: Color
    /// From 0, unseen, to 1.
    public var opacity: Double
    /// A fill of the given colour.
    public init(_ color: Color, opacity: Double = 1) {
      self.color = color
      self.opacity = opacity
    }
  }

  /// A line's look.
  public struct Stroke: Equatable, Sendable, Codable {
    /// The colour.
    public var color: Color
    /// The width in points.
    public var width: Double
    /// Lengths of dashes and gaps in turn; empty for a solid line.
    public var dash: [Double]
    /// A stroke of the given look.
    public init(_ color: Color, width: Double, dash: [Double] = []) {
      self.color = color
      self.width = width
      self.dash = dash
    }
  }

  /// A small shape at many places, each filled and stroked in turn.
  public struct Markers: Equatable, Sendable, Codable {
    /// The shape.
    public var shape: PointShape
    /// Half the diameter of a circle of the same visual weight.
    public var radius: Double
    /// The places.
    public var points: [Point]
    /// The inside.
    public var fill: Fill?
    /// The rim.
    public var stroke: Stroke?
  }

  /// A line of text.
  public struct Text: Equatable, Sendable, Codable {
    /// The text.
    public var content: RichText
    /// The place of its anchor on the baseline.
    public var position: Point
    /// Which of its ends stands there.
    public var anchor: Anchor
    /// Size and weight.
    public var style: TextStyle
    /// The colour.
    public var color: Color
    /// Turned a quarter to the left, to be read from bottom to top.
    public var isVertical: Bool
    /// Surrounded by a rim of the page's colour, to be readable over lines.
    public var hasHalo: Bool
  }

  /// Which part of a text stands at its position.
  public enum Anchor: String, Equatable, Sendable, Codable {
    /// The beginning.
    case start
    /// The middle.
    case middle
    /// The end.
    case end
  }
}

/// A place in points; y grows downwards.
public struct Point: Equatable, Sendable, Codable {
  /// The distance from the left edge.
  public var x: Double
  /// The distance from the upper edge.
  public var y: Double
  /// The place at these distances.
  public init(_ x: Double, _ y: Double) {
    self.x = x
    self.y = y
  }
}

/// An upright rectangle in points.
public struct Rect: Equatable, Sendable, Codable {
  /// The left edge.
  public var x: Double
  /// The upper edge.
  public var y: Double
  /// The width.
  public var width: Double
  /// The height.
  public var height: Double
  /// The rectangle of these edges.
  public init(x: Double, y: Double, width: Double, height: Double) {
    self.x = x
    self.y = y
    self.width = width
    self.height = height
  }

  var maxX: Double { x + width }
  var maxY: Double { y + height }
  var midX: Double { x + width / 2 }
  var midY: Double { y + height / 2 }

  func insetBy(_ amount: Double) -> Rect {
    Rect(x: x + amount, y: y + amount, width: width - 2 * amount, height: height - 2 * amount)
  }

  func contains(_ point: Point) -> Bool {
    point.x >= x && point.x <= maxX && point.y >= y && point.y <= maxY
  }

  func intersects(_ other: Rect) -> Bool {
    x < other.maxX && other.x < maxX && y < other.maxY && other.y < maxY
  }
}

/// Straight lines in one or more pieces.
public struct Path: Equatable, Sendable, Codable {
  /// Lines through points, from the first to the last and back if closed.
  public struct Piece: Equatable, Sendable, Codable {
    /// The corners.
    public var points: [Point]
    /// Whether the last corner is joined to the first.
    public var isClosed: Bool
  }
  /// The pieces in order.
  public var pieces: [Piece] = []

  /// A path with nothing in it.
  public init() {}

  /// The outline of a rectangle.
  public init(_ rect: Rect) {
    add(
      [
        Point(rect.x, rect.y), Point(rect.maxX, rect.y), Point(rect.maxX, rect.maxY),
        Point(rect.x, rect.maxY),
      ], isClosed: true)
  }

  /// A line between two points.
  public init(from start: Point, to end: Point) { add([start, end]) }

  /// Adds lines through points.
  public mutating func add(_ points: [Point], isClosed: Bool = false) {
    pieces.append(Piece(points: points, isClosed: isClosed))
  }
}

/// The shape of a point mark.
public enum PointShape: String, Equatable, Sendable, Codable, CaseIterable {
  /// A disc.
  case circle
  /// A square on its side.
  case square
  /// A square on its corner.
  case diamond
  /// A triangle that points upwards.
  case triangle
  /// A triangle that points downwards.
  case triangleDown
  /// Two crossed lines; it has no inside.
  case cross
  /// A triangle that points to the left.
  case triangleLeft

  /// The corners around the origin for a radius; empty for a circle.
  public func outline(radius r: Double) -> Path {
    var path = Path()
    switch self {
    case .circle: break
    case .square:
      let a = r * 0.886
      path = Path(Rect(x: -a, y: -a, width: 2 * a, height: 2 * a))
    case .diamond:
      let a = r * 1.253
      path.add([Point(0, -a), Point(a, 0), Point(0, a), Point(-a, 0)], isClosed: true)
    case .triangle, .triangleDown, .triangleLeft:
      // An equilateral triangle of the circle's area, about its centroid.
      let a = r * 1.555
      let up = [Point(0, -a), Point(a * 0.866, a / 2), Point(-a * 0.866, a / 2)]
      path.add(
        up.map { point in
          switch self {
          case .triangleDown: Point(point.x, -point.y)
          case .triangleLeft: Point(point.y, point.x)
          default: point
          }
        }, isClosed: true)
    case .cross:
      let a = r * 0.9
      path.add([Point(-a, -a), Point(a, a)])
      path.add([Point(-a, a), Point(a, -a)])
    }
    return path
  }
}
