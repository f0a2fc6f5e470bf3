import Foundation
import Plotting

/// Figures over made-up data that between them use every mark, scale and arrangement.
enum Gallery {
  struct Run {
    var width: Int
    var tokens: Double
    var excess: Double
    var low: Double
    var high: Double
    var name: String { "d = \(width)" }
  }

  static let widths = [8, 12, 16, 24, 32, 48, 64, 96, 128]

  /// Runs of a planted law with a fixed wobble.
  static func runs(widths: [Int] = Gallery.widths, steps: Int = 9) -> [Run] {
    widths.flatMap { width in
      (0..<steps).map { step in
        let tokens = 1.6e4 * pow(2, Double(step))
        let size = Double(12 * width * width + 128 * width)
        let wobble = 1 + 0.03 * sin(Double(width) * 1.7 + Double(step) * 2.3)
        let excess = (14 / pow(size, 0.34) + 110 / pow(tokens, 0.45)) * wobble
        let spread = excess * 0.06 * (1 + 0.3 * cos(Double(step)))
        return Run(
          width: width, tokens: tokens, excess: excess, low: excess - spread,
          high: excess + spread * 1.2)
      }
    }
  }

  static let loss = "Excess loss (nats per token)"

  static var all: [(name: String, plot: Plot)] {
    [
      ("ladder", ladder), ("fit", fit), ("points", points), ("facets", facets),
      ("isoflop", isoflop), ("protocols", protocols), ("cells", cells), ("accuracy", accuracy),
      ("free", free), ("half", half), ("cells-log", cellsLog), ("small-range", smallRange),
      ("grid", grid), ("markup", markup), ("spread", spread),
    ]
  }

  /// Nine lines in order of width, named at their ends.
  static var ladder: Plot {
    let runs = runs()
    return Plot(x: .log("Training tokens $D$"), y: .log(loss), colors: .ladder) {
      Line(runs, x: \.tokens, y: \.excess, series: \.name)
      Points(runs, x: \.tokens, y: \.excess, series: \.name)
    }
  }

  /// A measured law with its interval, the fit beyond it, and notes.
  static var fit: Plot {
    let runs = runs(widths: [64], steps: 8)
    func law(_ tokens: Double) -> Double { 0.08 + 110 / pow(tokens, 0.45) }
    return Plot(x: .log("Training tokens $D$"), y: .log(loss)) {
      Band(
        over: 1e4...1e8, series: "fit", low: { law($0) * (1 - 0.012 * log($0 / 1e4)) },
        high: { law($0) * (1 + 0.02 * log($0 / 1e4)) })
      Line(over: 1e4...1e8, series: "fit", law)
      ErrorBars(runs, x: \.tokens, low: \.low, high: \.high, series: "measured")
      Line(runs, x: \.tokens, y: \.excess, series: "measured")
      Points(runs, x: \.tokens, y: \.excess, series: "measured")
      Points(
        [(2e7, 0.16), (6e7, 0.125)], x: { $0.0 }, y: { $0.1 }, hollow: true, color: .series(1))
      Rule(y: 0.08, label: "what no amount of data removes at this size")
      Rule(x: 2.1e6, label: "last run of the fit", style: .dotted)
      Annotation(
        "held out: not seen\nby the fit", x: 2e7, y: 0.16, dx: 16, dy: 46, arrow: true)
      Segment(from: (x: 3e4, y: 0.5), to: (x: 3e5, y: 0.18), arrow: true)
    }
  }

  /// Bars that reach zero, points that have no place, shapes, names of points.
  static var points: Plot {
    let values = [
      (10.0, 0.6, 0.45, 0.8), (30, 0.22, 0.1, 0.36), (100, 0.08, -0.02, 0.2),
      (300, 0.05, 0.0, 0.11), (1000, 0.0, -0.02, 0.04), (3000, 0.012, 0.004, 0.02),
    ]
    let other = [(14.0, 0.5), (45, 0.3), (140, 0.17), (450, 0.1), (1400, 0.058), (4500, 0.033)]
    return Plot(
      width: 300, height: 220, x: .log("Problems $P/d$"), y: .log("Error", domain: 0.003...1)
    ) {
      ErrorBars(values, x: { $0.0 }, low: { $0.2 }, high: { $0.3 }, series: "three seeds")
      Points(values, x: { $0.0 }, y: { $0.1 }, series: "three seeds")
      Points(
        other, x: { $0.0 }, y: { $0.1 }, series: "theory", label: { "\($0.1)" }, shape: .diamond,
        hollow: true)
    }
  }

  /// Three panels with shared axes and a legend.
  static var facets: Plot {
    let runs = runs(widths: [8, 16, 32, 64])
    let panels = ["Constant rate", "With cooldown", "Cosine, read midway"].enumerated().map {
      index, title in
      Panel(title, x: .log("Training tokens $D$"), y: .log(loss)) {
        let scaled = runs.map { run in
          var run = run
          run.excess *= 1 + 0.3 * Double(index)
          return run
        }
        Line(scaled, x: \.tokens, y: \.excess, series: \.name)
        Points(scaled, x: \.tokens, y: \.excess, series: \.name, radius: 1.8)
      }
    }
    return .facets(panels, columns: 3, height: 190, colors: .ladder).stamped("smoke")
  }

  /// Parabolas whose ends lie at different places.
  static var isoflop: Plot {
    struct Place {
      var budget: Int, size: Double, loss: Double
      var name: String { "$C = 3 \\times 10^{\(8 + budget)}$" }
    }
    let places = (0..<5).flatMap { budget in
      (0..<7).map { step in
        let optimum = 3.2 + 0.48 * Double(budget)
        let size = pow(10, optimum - 0.6 + 0.2 * Double(step))
        let rise = pow(log10(size) - optimum, 2) * 0.5
        return Place(
          budget: budget, size: size, loss: 2.44 + 0.62 * pow(0.66, Double(budget)) * (1 + rise))
      }
    }
    return Plot(
      height: 280, x: .log("Parameters $N$"), y: .linear("Loss (nats per token)"), colors: .ladder
    ) {
      Line(places, x: \.size, y: \.loss, series: \.name)
      Points(places, x: \.size, y: \.loss, series: \.name)
      Rule(y: 2.439, label: "entropy of the language")
    }
  }

  /// Intervals by name.
  static var protocols: Plot {
    let rows = [
      ("isoFLOP, cooldown, all parameters", 1.06, 0.94, 1.27),
      ("isoFLOP, without embeddings", 0.78, 0.71, 0.86),
      ("parametric fit, near the frontier", 0.97, 0.80, 1.21),
      ("cosine of fixed horizon, read midway", 1.48, 1.36, 1.62),
      ("one rate for all widths", 1.6, 1.41, 1.83),
    ]
    return Plot(
      height: 170, x: .linear("Exponent $x$ of $D \\propto N^x$", domain: 0...2),
      y: .categories()
    ) {
      Rule(x: 0.28, label: "0.28, as claimed")
      ErrorBars(rows, y: { $0.0 }, low: { $0.2 }, high: { $0.3 })
      Points(rows, x: { $0.1 }, y: { $0.0 })
    }
  }

  /// Signed amounts in cells.
  static var cells: Plot {
    struct Cell {
      var width: String, budget: String, difference: Double
    }
    let grid = [8, 16, 32, 64, 96].enumerated().flatMap { row, width in
      (0..<8).map { column in
        Cell(
          width: "d = \(width)", budget: "\(1 << column)",
          difference: 0.06 * (Double(column) - 1.4 * Double(row)) + 0.02)
      }
    }
    return Plot(
      height: 190, x: .categories("Tokens (multiples of the smallest run)"),
      y: .categories("Width")
    ) {
      Cells(
        grid, x: \.budget, y: \.width, value: \.difference,
        scale: .diverging("Gain of tenfold $N$ less tenfold $D$"),
        label: { String(format: "%.2f", $0.difference).replacing("-", with: "\u{2212}") })
    }
  }

  /// Amounts in cells on logarithmic axes, without names in them.
  static var cellsLog: Plot {
    struct Cell {
      var tokens: Double, size: Double, excess: Double
    }
    var grid: [Cell] = []
    for i in 0..<9 {
      for j in 0..<7 {
        let tokens = 1e4 * pow(2, Double(i))
        let size = 1e3 * pow(2, Double(j))
        let excess = 200 / pow(tokens, 0.4) + 34 / pow(size, 0.35)
        grid.append(Cell(tokens: tokens, size: size, excess: excess))
      }
    }
    return Plot(
      width: 300, height: 200, x: .log("Tokens $D$"), y: .log("Parameters $N$")
    ) {
      Cells(
        grid, x: \.tokens, y: \.size, value: \.excess,
        scale: .sequential("Excess loss (nats)", logarithmic: true))
      Line(over: 1.2e4...1.8e6, color: .ink) { 6e2 * pow($0 / 1e4, 0.7) }
    }
  }

  /// Percentages by number of steps, with the chance level; names at the ends.
  static var accuracy: Plot {
    let modes = ["steps", "dense labels", "direct", "filler dots", "wrong steps"]
    let rows = modes.enumerated().flatMap { index, mode in
      (1...8).map { k in
        let fall = [0.0, 0.35, 0.5, 0.62, 0.8][index]
        return (mode, k, max(0.145 + 0.008 * Double(index), 1 - fall * Double(k - 1)))
      }
    }
    return Plot(
      height: 230, x: .linear("Serial steps $k$", ticks: [1, 2, 3, 4, 5, 6, 7, 8]),
      y: .linear("Correct answers", domain: 0...1.02, format: .percent)
    ) {
      Line(rows, x: { $0.1 }, y: { $0.2 }, series: { $0.0 })
      Points(rows, x: { $0.1 }, y: { $0.2 }, series: { $0.0 })
      Rule(y: 1.0 / 7, label: "chance")
    }
  }

  /// Panels with axes of their own.
  static var free: Plot {
    let runs = runs(widths: [16, 64])
    return .facets(
      [
        Panel("Loss", x: .log("Training tokens $D$"), y: .log(loss)) {
          Line(runs, x: \.tokens, y: \.excess, series: \.name)
        },
        Panel("Local slope", x: .linear("Share of the budget"), y: .linear("Slope $\\alpha_D$")) {
          Line(over: 0...1, series: "slope", style: .solid) { 0.45 - 0.12 * $0 * $0 }
        },
      ], columns: 2, height: 200, sharing: .none)
  }

  static var half: Plot {
    let runs = runs(widths: [8, 32, 128])
    return Plot(
      width: 228, height: 180, x: .log("Training tokens $D$"), y: .log(loss), colors: .ladder
    ) {
      Line(runs, x: \.tokens, y: \.excess, series: \.name)
      Points(runs, x: \.tokens, y: \.excess, series: \.name)
    }
  }

  /// Logarithmic axes of less than a decade.
  static var smallRange: Plot {
    .facets(
      [(2.0, 9.0), (1.2e5, 1.9e5), (30.0, 900.0)].map { low, high in
        Panel(x: .log("From \(low) to \(high)"), y: .log("The same, less a little")) {
          Line(over: low...high, style: .solid) { $0 * 0.98 }
        }
      }, columns: 3, height: 150, sharing: .none)
  }

  /// Two rows of panels, the last one not full.
  static var grid: Plot {
    let panels = (1...5).map { index in
      Panel("World \(index)", x: .log("Model size $N$"), y: .linear("Risk")) {
        Band(
          over: 8...1024, series: "sampled", low: { 1 / pow($0, 0.1 * Double(index)) - 0.05 },
          high: { 1 / pow($0, 0.1 * Double(index)) + 0.05 })
        Line(over: 8...1024, series: "sampled", style: .solid) { 1 / pow($0, 0.1 * Double(index)) }
        Line(over: 8...1024, series: "theory") { 1.05 / pow($0, 0.105 * Double(index)) }
      }
    }
    return .facets(panels, columns: 3, height: 300)
  }

  /// Long and rich labels.
  static var markup: Plot {
    Plot(
      width: 228, height: 200,
      x: .linear(
        "A label that is far too long for half a page and must be broken, $D \\sim N^{b}$"),
      y: .linear("Risk $\\alpha_N \\cdot 10^{-3}$ of a model, with a long explanation of the unit")
    ) {
      Line(over: 0...2500, series: "$\\beta = 0.5$", style: .solid) { $0 * 1.2e-7 }
      Line(over: 0...2500, series: "$E + A/N^\\alpha$", style: .dotted) { 3e-4 - $0 * 0.4e-7 }
    }
  }

  /// Many lines that end close together.
  static var spread: Plot {
    var rows: [(String, Double, Double)] = []
    for index in 0..<8 {
      for epoch in 0...20 {
        let loss = 1 + Double(index % 4) * 0.02 + exp(-Double(epoch) / 6)
        rows.append(("configuration \(index + 1)", Double(epoch), loss))
      }
    }
    return Plot(
      height: 220, x: .linear("Epoch"), y: .linear("Loss", includingZero: true), labels: .atEnds
    ) {
      Line(rows, x: { $0.1 }, y: { $0.2 }, series: { $0.0 })
    }
  }
}
