/// The runs of one budget, by size: the loss is least somewhere between the smallest and the largest.
public struct Valley {
  /// The compute of every run, in FLOPs.
  public var budget: Double
  /// The runs.
  public var runs: [(size: Double, loss: Double)]
  /// The curve that was fitted through them.
  public var curve: ((Double) -> Double)?
  /// Where the curve is least; nil if the minimum was not resolved.
  public var minimum: (size: Double, loss: Double)?
  /// The interval of the minimum's size.
  public var interval: ClosedRange<Double>?

  /// A valley; give no minimum if it lies at an edge or within the noise.
  public init(
    budget: Double, runs: [(size: Double, loss: Double)], curve: ((Double) -> Double)? = nil,
    minimum: (size: Double, loss: Double)? = nil, interval: ClosedRange<Double>? = nil
  ) {
    self.budget = budget
    self.runs = runs
    self.curve = curve
    self.minimum = minimum
    self.interval = interval
  }

  /// The budget as the name of a series.
  public var name: String { NumberLabel.markup(budget) + " FLOPs" }
}

extension Recipe {
  /// IsoFLOP valleys: one budget a colour, its curve, its minimum, and a line through the minima.
  ///
  /// Use `colors: .ladder`. A valley without a curve has its points joined; one without a minimum
  /// has no diamond, so that a reader sees which budgets were resolved. The valleys of a panel name their
  /// unit once: the first series is "3 × 10⁹ FLOPs", the others are bare numbers.
  public static func isoFLOP(_ valleys: [Valley]) -> [any Mark] {
    let valleys = valleys.sorted { $0.budget < $1.budget }
    var marks: [any Mark] = []
    for (index, valley) in valleys.enumerated() {
      let name = index == 0 ? valley.name : NumberLabel.markup(valley.budget)
      let runs = valley.runs.sorted { $0.size < $1.size }
      if let curve = valley.curve, let range = range(runs.map(\.size)) {
        marks.append(Line(over: range, samples: 33, series: name, style: .solid, curve))
      } else {
        marks.append(Line(runs, x: { $0.size }, y: { $0.loss }, series: name))
      }
      marks.append(Points(runs, x: { $0.size }, y: { $0.loss }, series: name, radius: 1.9))
    }
    let minima = valleys.compactMap { valley in
      valley.minimum.map { (size: $0.size, loss: $0.loss, interval: valley.interval) }
    }
    if minima.count > 1 {
      marks.append(
        Line(minima, x: { $0.size }, y: { $0.loss }, style: .dashed, width: 0.9, color: .ink))
    }
    let known = minima.filter { $0.interval != nil }
    if !known.isEmpty {
      marks.append(
        ErrorBars(
          known, y: { $0.loss }, low: { $0.interval?.lowerBound ?? $0.size },
          high: { $0.interval?.upperBound ?? $0.size }, color: .ink))
    }
    if !minima.isEmpty {
      marks.append(
        Points(
          minima, x: { $0.size }, y: { $0.loss }, shape: .diamond, hollow: true, radius: 2.7,
          color: .ink))
    }
    return marks
  }

  /// Measured values over the plane of size and data, with lines of equal value of a law.
  ///
  /// Values on a complete grid are cells, others coloured dots.
  ///
  /// - Parameters:
  ///   - scale: What the colours mean.
  ///   - label: Mark-up in a cell or beside a dot.
  ///   - law: A law of x and y, drawn as contours over the range of the data.
  ///   - levels: The values of the contours; nil takes round ones within the range of the data.
  public static func heatMap<Cell>(
    _ cells: [Cell], x: (Cell) -> Double, y: (Cell) -> Double, value: (Cell) -> Double,
    scale: ColorScale, label: ((Cell) -> String?)? = nil,
    law: ((_ x: Double, _ y: Double) -> Double)? = nil, levels: [Double]? = nil
  ) -> [any Mark] {
    let columns = Set(cells.map(x)).count
    let rows = Set(cells.map(y)).count
    // Two runs on one place are points on one place.
    let isGrid = columns > 1 && rows > 1 && columns * rows == cells.count
    var marks: [any Mark] = []
    if isGrid {
      marks.append(Cells(cells, x: x, y: y, value: value, scale: scale, label: label))
    }
    if let law, let xs = range(cells.map(x)), let ys = range(cells.map(y)) {
      let values = cells.map(value).filter { $0.isFinite && $0 > 0 }
      let levels =
        levels ?? range(values).map { Contours.levels(between: $0.lowerBound, and: $0.upperBound) }
      let isLogarithmic = xs.lowerBound > 0 && ys.lowerBound > 0
      let xEdges = cellEdges(cells.map(x), isLogarithmic: isLogarithmic)
      let yEdges = cellEdges(cells.map(y), isLogarithmic: isLogarithmic)
      let (xRange, yRange) =
        isGrid
        ? (xEdges[0]...xEdges[xEdges.count - 1], yEdges[0]...yEdges[yEdges.count - 1]) : (xs, ys)
      marks.append(Contours(x: xRange, y: yRange, levels: levels ?? [], law))
    }
    if !isGrid {
      marks.append(Points(cells, x: x, y: y, value: value, scale: scale, label: label))
    }
    return marks
  }

  /// The share of right answers by the number of steps or another count, with the level of chance.
  ///
  /// - Parameters:
  ///   - interval: The interval of a share, drawn as a bar.
  ///   - chance: The share that guessing gives.
  public static func accuracy<Row>(
    _ rows: [Row], count: (Row) -> Int, accuracy: (Row) -> Double, series: (Row) -> String,
    interval: ((Row) -> ClosedRange<Double>?)? = nil, chance: Double? = nil
  ) -> [any Mark] {
    let own = rows.map {
      Recipe.Row(
        series: series($0), x: count($0).datum, y: accuracy($0), interval: interval?($0))
    }
    var marks: [any Mark] = []
    if let chance { marks.append(Rule(y: chance, label: "chance")) }
    marks.append(
      RawMark(
        layer: Layer(
          kind: .line(style: .solid, width: nil),
          rows: own.map { .init(series: $0.series, x: $0.x, y: .number($0.y)) })))
    return marks + bars(own) + points(own)
  }
}
