public import Plotting

/// A formula laid out: glyphs and rules relative to the beginning of its baseline.
public struct Formula: Equatable, Sendable {
  /// A run and the place of its baseline's beginning; y grows downwards.
  public struct PlacedRun: Equatable, Sendable {
    /// The run.
    public var run: GlyphRun
    /// Where it begins.
    public var place: Point
  }

  /// The advance in points.
  public var width = 0.0
  /// How far it reaches above the baseline.
  public var height = 0.0
  /// How far it reaches below the baseline.
  public var depth = 0.0
  /// The glyphs in reading order.
  public var runs: [PlacedRun] = []
  /// Lines of fractions and roots.
  public var rules: [Rect] = []
  /// Characters that no face of the book has.
  public var missing: [Unicode.Scalar] = []

  /// What it says, in reading order.
  public var text: String { runs.map(\.run.text).joined() }
}

/// A part of a formula that stays on one line.
public struct FormulaPart: Equatable, Sendable {
  /// The part.
  public var formula: Formula
  /// The space to the next part, which vanishes where the line ends between them.
  public var space: Double
  /// Whether the part ends with a relation, where a line ends more gladly than at a plus.
  public var endsWithRelation: Bool
}

/// A box of a formula while it is laid out.
struct MathBox {
  var width = 0.0
  var height = 0.0
  var depth = 0.0
  var runs: [Formula.PlacedRun] = []
  var rules: [Rect] = []
  /// How far the last letter leans over the end of its advance; not part of the width.
  var italic = 0.0
  /// The glyph, if the box is one glyph on the baseline, with its size.
  var glyph: (id: UInt32, size: Double)?
  /// Whether scripts take their places from the font alone, as beside a letter, and not from the
  /// size of the box.
  var isCharacter = false
  /// Whether it begins and ends with slanted letters, between which no correction is due.
  var isSlanted = false
  /// Where an accent's middle belongs, from the box's beginning.
  var accentPlace: Double?

  /// Draws another box with its baseline's beginning at the given place; sizes grow, the width
  /// stays.
  mutating func add(_ other: MathBox, x: Double, y: Double = 0) {
    for placed in other.runs {
      runs.append(.init(run: placed.run, place: Point(placed.place.x + x, placed.place.y + y)))
    }
    for rule in other.rules {
      rules.append(Rect(x: rule.x + x, y: rule.y + y, width: rule.width, height: rule.height))
    }
    height = max(height, other.height - y)
    depth = max(depth, other.depth + y)
  }

  /// Draws a line whose upper edge is `y` below the baseline.
  mutating func addRule(x: Double, y: Double, width: Double, thickness: Double) {
    rules.append(Rect(x: x, y: y, width: width, height: thickness))
    height = max(height, -y)
    depth = max(depth, y + thickness)
  }

  /// The box lowered by an amount.
  func lowered(by amount: Double) -> MathBox {
    var result = MathBox()
    result.width = width
    result.height = -.infinity
    result.depth = -.infinity
    result.add(self, x: 0, y: amount)
    result.italic = italic
    result.accentPlace = accentPlace
    return result
  }
}

/// TeX's styles: the size of symbols and how tightly they are set (The TeXbook, chapter 17).
struct MathStyle: Equatable {
  enum Level: Int { case display, text, script, scriptScript }
  var level: Level
  /// Superscripts are raised less, as under a root.
  var isCramped = false

  var isDisplay: Bool { level == .display }
  var isScript: Bool { level.rawValue >= Level.script.rawValue }

  var superscript: MathStyle {
    MathStyle(level: isScript ? .scriptScript : .script, isCramped: isCramped)
  }
  var `subscript`: MathStyle { superscript.cramped }
  var numerator: MathStyle {
    MathStyle(level: Level(rawValue: min(3, level.rawValue + 1))!, isCramped: isCramped)
  }
  var denominator: MathStyle { numerator.cramped }
  var cramped: MathStyle { MathStyle(level: level, isCramped: true) }
  var textual: MathStyle { MathStyle(level: isDisplay ? .text : level, isCramped: isCramped) }
}
