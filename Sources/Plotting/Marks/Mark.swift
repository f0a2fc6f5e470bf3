/// Something drawn over data in a panel.
///
/// Conform to it only to combine marks of this module; the drawing knows no others.
public protocol Mark: Sendable {
  /// The data and the look.
  var layer: Layer { get }
}

/// What a mark amounts to: its kind and its rows of data.
///
/// The closures of a mark are evaluated when it is made, so a layer is a value without references.
public struct Layer: Sendable {
  enum Kind: Sendable {
    case points(shape: PointShape, isHollow: Bool, radius: Double)
    case line(style: LineStyle, width: Double?)
    case band
    case errorBars(isHorizontal: Bool)
    case rule(style: LineStyle)
    case segment(hasArrow: Bool)
    case annotation(dx: Double, dy: Double, anchor: Scene.Anchor, hasArrow: Bool)
    case cells
    case contours
    case rowNotes(title: String)
  }

  struct Row: Sendable {
    var series: String?
    var x: Datum?
    var y: Datum?
    var low: Double?
    var high: Double?
    var value: Double?
    var label: String?
    /// How far the row's place on the page lies to the right of its x, in points.
    var dx = 0.0

    /// Whether the row is only the end of one line before the beginning of the next.
    var isBreak: Bool { x == nil && y == nil && low == nil }
  }

  var kind: Kind
  var rows: [Row]
  var color: Color?
  /// Where the colour of each row comes from, if it comes from its value.
  var scale: ColorScale?

  /// The word for the kind in CSV and in descriptions.
  var name: String {
    switch kind {
    case .points: "point"
    case .line: "line"
    case .band: "band"
    case .errorBars: "error bar"
    case .rule: "rule"
    case .segment: "segment"
    case .annotation: "annotation"
    case .cells: "cell"
    case .contours: "contour"
    case .rowNotes: "note"
    }
  }

  /// The names of the series in order of appearance.
  var series: [String] {
    var seen = Set<String>()
    return rows.compactMap(\.series).filter { seen.insert($0).inserted }
  }

  /// Rows of one series each, in order of appearance.
  var groups: [(series: String?, rows: [Row])] {
    var order: [String?] = []
    var table: [String?: [Row]] = [:]
    for row in rows {
      if table[row.series] == nil { order.append(row.series) }
      table[row.series, default: []].append(row)
    }
    return order.map { ($0, table[$0]!) }
  }
}

/// How a line is drawn.
public enum LineStyle: String, Sendable {
  /// Without gaps: measured.
  case solid
  /// With gaps: extrapolated, predicted or fitted.
  case dashed
  /// As dots: for reference.
  case dotted

  var dash: [Double] {
    switch self {
    case .solid: []
    case .dashed: [4, 2.5]
    case .dotted: [0.9, 2.1]
    }
  }
}

/// Collects the marks of a panel; `if`, `for` and optional marks are allowed.
@resultBuilder
public enum MarkBuilder {
  /// A mark alone.
  public static func buildExpression(_ mark: any Mark) -> [any Mark] { [mark] }
  /// An array of marks.
  public static func buildExpression(_ marks: [any Mark]) -> [any Mark] { marks }
  /// One after the other.
  public static func buildBlock(_ parts: [any Mark]...) -> [any Mark] { parts.flatMap { $0 } }
  /// Perhaps.
  public static func buildOptional(_ part: [any Mark]?) -> [any Mark] { part ?? [] }
  /// One of two.
  public static func buildEither(first: [any Mark]) -> [any Mark] { first }
  /// The other of two.
  public static func buildEither(second: [any Mark]) -> [any Mark] { second }
  /// In turn.
  public static func buildArray(_ parts: [[any Mark]]) -> [any Mark] { parts.flatMap { $0 } }
}
