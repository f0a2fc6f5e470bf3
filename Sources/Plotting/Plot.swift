/// A figure: one panel, or several in rows and columns.
///
///     let plot = Plot(x: .log("Tokens $D$"), y: .log("Excess loss (nats per token)")) {
///       Line(runs, x: \.tokens, y: \.excess, series: { "d = \($0.width)" })
///       Points(runs, x: \.tokens, y: \.excess, series: { "d = \($0.width)" })
///       Rule(y: 2.439, label: "entropy of the language")
///     }
///
/// Sizes are in points. 468 is the width of a page's text; 228 is half of it.
public struct Plot: Sendable {
  /// The width in points.
  public var width: Double
  /// The height in points.
  public var height: Double
  /// The panels, row by row.
  public var panels: [Panel]
  /// The number of panels in a row.
  public var columns: Int
  /// Which axes are the same in all panels.
  public var sharing: Sharing
  /// How series get their colours.
  public var colors: ColorScheme
  /// How series get their names.
  public var labels: SeriesLabels
  /// A word in the upper right corner, for example `smoke`.
  public var stamp: String?

  /// A figure of one panel.
  public init(
    width: Double = 468, height: Double = 260, x: Axis, y: Axis,
    colors: ColorScheme = .categorical, labels: SeriesLabels = .automatic,
    @MarkBuilder marks: () -> [any Mark]
  ) {
    self = .facets(
      [Panel(x: x, y: y, marks: marks)], width: width, height: height, colors: colors,
      labels: labels)
  }

  /// A figure of several panels.
  ///
  /// - Parameters:
  ///   - columns: Panels in a row; nil puts up to three beside each other.
  ///   - height: nil gives each row 170 points.
  ///   - sharing: Which axes have one domain and one label for all panels; labels and names of ticks
  ///     then stand only at the outside.
  public static func facets(
    _ panels: [Panel], columns: Int? = nil, width: Double = 468, height: Double? = nil,
    sharing: Sharing = .both, colors: ColorScheme = .categorical,
    labels: SeriesLabels = .automatic
  ) -> Plot {
    precondition(!panels.isEmpty, "a figure needs at least one panel")
    precondition(
      (columns ?? 1) >= 1, "a figure needs at least one column; found columns: \(columns ?? 0)")
    let columns = min(panels.count, columns ?? 3)
    let rows = (panels.count + columns - 1) / columns
    let height = height ?? Double(rows) * 170
    precondition(
      width >= 100 && height >= 60,
      "a figure must be at least 100 by 60 points; found \(width) by \(height)")
    return Plot(
      width: width, height: height, panels: panels, columns: columns, sharing: sharing,
      colors: colors, labels: labels)
  }

  private init(
    width: Double, height: Double, panels: [Panel], columns: Int, sharing: Sharing,
    colors: ColorScheme, labels: SeriesLabels
  ) {
    self.width = width
    self.height = height
    self.panels = panels
    self.columns = columns
    self.sharing = sharing
    self.colors = colors
    self.labels = labels
  }

  /// The same figure with a word in its upper right corner.
  public func stamped(_ word: String?) -> Plot {
    var plot = self
    plot.stamp = word
    return plot
  }

  /// The finished drawing.
  ///
  /// - Parameters:
  ///   - figure: The figure's name, for messages.
  ///   - measurer: Who says how large texts are; give the renderer's own to have margins that fit
  ///     exactly.
  /// - Throws: `LabelError` if a label has a formula that cannot be read.
  public func scene(
    figure: String? = nil, theme: Theme = .light,
    measurer: any TextMeasurer = ApproximateMeasurer()
  ) throws(LabelError) -> Scene {
    let layout = GridLayout(
      plot: self, labels: try LabelTable(self, figure: figure), theme: theme, measurer: measurer)
    return Scene(
      width: width, height: height, palette: theme.palette,
      items: FigurePainter(layout: layout).paint())
  }
}

/// Two axes and what is drawn between them.
public struct Panel: Sendable {
  /// Mark-up above the panel; empty for none.
  public var title: String
  /// The lying axis.
  public var x: Axis
  /// The upright axis.
  public var y: Axis
  var layers: [Layer]

  /// A panel with the given marks.
  ///
  /// Areas are drawn under rules, rules under lines, lines under bars and points, notes above all;
  /// marks of one kind in the order given.
  public init(
    _ title: String = "", x: Axis, y: Axis, @MarkBuilder marks: () -> [any Mark]
  ) {
    self.title = title
    self.x = x
    self.y = y
    layers = marks().map(\.layer)
  }
}

/// Which axes are the same in all panels of a figure.
public enum Sharing: String, Sendable {
  /// Both.
  case both
  /// The x axes.
  case x
  /// The y axes.
  case y
  /// Each panel has its own.
  case none

  var sharesX: Bool { self == .both || self == .x }
  var sharesY: Bool { self == .both || self == .y }
}

/// How series get their colours; a series has the same one in every panel.
public enum ColorScheme: Sendable {
  /// Colours as different as possible, in order of appearance; at most eight.
  case categorical
  /// A ramp, in order of the numbers in the names (`d = 8`, `d = 16`), else of appearance.
  case ladder
  /// A colour for each name; names that are missing get ink.
  case named([String: Color])
}

/// How a reader learns which series is which.
public enum SeriesLabels: Sendable {
  /// At the ends of the lines if there is room for it, else in a legend.
  case automatic
  /// At the ends of the lines.
  case atEnds
  /// In rows above the panels.
  case legend
  /// Not at all: the caption says it.
  case none
}
