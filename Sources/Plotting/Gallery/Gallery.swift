import Foundation

/// Figures over made-up data that between them use every recipe, mark, scale and arrangement.
///
/// They show what there is (`swift run report --gallery`), are compared with recorded drawings in the
/// tests, and are what `benchmarks figure` measures. The data follow planted laws with a fixed wobble.
public enum Gallery {
  /// A figure of the gallery.
  public struct Exhibit: Sendable {
    /// A short name of letters, digits and hyphens.
    public var name: String
    /// What it shows, as a heading.
    public var title: String
    /// When to use it, in CommonMark.
    public var text: String
    /// The figure.
    public var plot: Plot
  }

  /// Exhibits of one kind.
  public struct Room: Sendable {
    /// The kind.
    public var title: String
    /// The exhibits.
    public var exhibits: [Exhibit]
  }

  /// All exhibits in their rooms.
  public static var rooms: [Room] {
    [
      Room(title: "Recipes", exhibits: recipes), Room(title: "Marks", exhibits: marks),
      Room(title: "Arrangements", exhibits: arrangements),
      Room(title: "Formulas", exhibits: formulaExhibits),
    ]
  }

  /// All exhibits.
  public static var all: [Exhibit] { rooms.flatMap(\.exhibits) }

  // MARK: - Data

  /// A training run of a planted law.
  struct Run: Sendable {
    var width: Int
    var size: Double
    var tokens: Double
    var excess: Double
    var name: String { "width \(width)" }
    var compute: Double { 6 * size * tokens }
    var interval: ClosedRange<Double> { (excess * 0.93)...(excess * 1.08) }
  }

  static let floor = 2.439
  static let loss = "Excess loss (nats per token)"

  static func size(width: Int) -> Double { Double(12 * width * width + 128 * width) }

  static func law(_ size: Double, _ tokens: Double) -> Double {
    pow(pow(9 / pow(size, 0.34), 2) + pow(70 / pow(tokens, 0.45), 2), 0.5)
  }

  /// From -0.5 to 0.5, evenly spread and the same on every machine.
  static func wobble(_ index: Int) -> Double {
    let turns = Double(index) * 0.618033988749895
    return turns - turns.rounded(.down) - 0.5
  }

  /// Runs of every width at tokens twice as many from step to step.
  static func runs(widths: [Int] = [8, 16, 32, 64, 128], steps: Int = 7) -> [Run] {
    widths.enumerated().flatMap { row, width in
      (0..<steps).map { step in
        let tokens = 1.6e4 * pow(2, Double(step))
        let size = size(width: width)
        return Run(
          width: width, size: size, tokens: tokens,
          excess: law(size, tokens) * (1 + 0.05 * wobble(row * 17 + step)))
      }
    }
  }
}
