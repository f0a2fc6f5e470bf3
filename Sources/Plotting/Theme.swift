/// Sizes, strokes and colours of a figure.
public struct Theme: Equatable, Sendable {
  /// What the colour roles look like where no style sheet says otherwise.
  public var palette: Palette
  /// Size of tick labels, legends and direct labels in points.
  public var labelSize = 7.5
  /// Size of axis labels in points.
  public var axisLabelSize = 8.0
  /// Size of panel titles in points.
  public var titleSize = 8.5
  /// Size of notes in the drawing and of the stamp in points.
  public var noteSize = 7.0
  /// Width of a line over data.
  public var lineWidth = 1.4
  /// Width of spines.
  public var spineWidth = 0.7
  /// Width of ticks.
  public var tickWidth = 0.6
  /// Width of grid lines.
  public var gridWidth = 0.6
  /// Width of error bars.
  public var barWidth = 0.8
  /// Length of major ticks, outwards.
  public var majorTick = 3.5
  /// Length of minor ticks, outwards.
  public var minorTick = 2.0
  /// Opacity of a band.
  public var bandOpacity = 0.16

  /// A theme of the standard sizes with the given palette.
  public init(palette: Palette) { self.palette = palette }

  /// For screens.
  public static let light = Theme(palette: .light)
  /// For print.
  public static let print = Theme(palette: .print)
  /// For dark pages where no style sheet can turn a light figure dark.
  public static let dark = Theme(palette: .dark)
}
