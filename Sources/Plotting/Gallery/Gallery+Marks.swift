import Foundation

extension Gallery {
  static var marks: [Exhibit] {
    [
      Exhibit(
        name: "points", title: "Points and upright bars",
        text:
          "`Points`, `ErrorBars`. A bar that reaches zero on a logarithmic axis ends at the axis "
          + "with an open mark; a point that is zero stands there too.", plot: points),
      Exhibit(
        name: "lines", title: "Lines and shapes",
        text: "`Line` is solid for what was measured, dashed for what is fitted, dotted for "
          + "reference; points have six shapes, filled or hollow.", plot: lines),
      Exhibit(
        name: "band", title: "Bands",
        text: "`Band`: an interval around a line, transformed with the axis.", plot: band),
      Exhibit(
        name: "notes", title: "Rules, arrows and notes",
        text: "`Rule`, `Segment`, `Annotation`, and names of single points. Names look for room; "
          + "annotations stand where they were put.", plot: notes),
      Exhibit(
        name: "rows", title: "Lying bars by name",
        text: "`ErrorBars(y:)` on an axis of `.categories`, in two panels.", plot: rows),
      Exhibit(
        name: "cells", title: "Signed amounts in cells",
        text: "`Cells` with a diverging scale: equal distances from the middle are equally strong.",
        plot: cells),
      Exhibit(
        name: "ratios", title: "Ratios in cells",
        text: "A diverging scale that is logarithmic: a half is as strong as a double.",
        plot: ratios),
      Exhibit(
        name: "contours", title: "Contours alone",
        text: "`Contours` of a function, with their values in gaps of the lines.", plot: contours),
    ]
  }

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

  static var lines: Plot {
    let styles: [(String, LineStyle)] = [
      ("measured", .solid), ("fitted", .dashed), ("for reference", .dotted),
    ]
    let shapes = PointShape.allCases.filter { $0 != .triangleLeft }
    return .facets(
      [
        Panel("Lines", x: .linear("Epoch"), y: .linear("Loss (nats)", includingZero: true)) {
          for (index, style) in styles.enumerated() {
            Line(over: 0...20, series: style.0, style: style.1) {
              0.4 + 0.5 * Double(index) + exp(-$0 / 6)
            }
          }
        },
        Panel("Shapes", x: .linear("Filled and hollow", domain: 0...3, ticks: []), y: .categories())
        {
          for shape in shapes {
            Points([1.0], x: { $0 }, y: { _ in shape.rawValue }, shape: shape)
            Points([2.0], x: { $0 }, y: { _ in shape.rawValue }, shape: shape, hollow: true)
          }
        },
      ], height: 170, sharing: .none)
  }

  static var band: Plot {
    let runs = runs(widths: [64], steps: 9)
    func fit(_ tokens: Double) -> Double { law(size(width: 64), tokens) }
    return Plot(height: 220, x: .tokens, y: .log(loss)) {
      Band(
        over: 1e4...1e8, series: "fit", low: { fit($0) * (1 - 0.012 * log($0 / 1e4)) },
        high: { fit($0) * (1 + 0.02 * log($0 / 1e4)) })
      Line(over: 1e4...1e8, series: "fit", fit)
      ErrorBars(
        runs, x: \.tokens, low: \.interval.lowerBound, high: \.interval.upperBound,
        series: "measured")
      Line(runs, x: \.tokens, y: \.excess, series: "measured")
      Points(runs, x: \.tokens, y: \.excess, series: "measured")
      Rule(y: 0.142, label: "what no amount of data removes at this size")
    }
  }

  static var notes: Plot {
    let published = [("one", 0.9, 5.0), ("two", 0.55, 11), ("three", 0.6, 12), ("four", 0.3, 25)]
    return Plot(
      width: 300, height: 210, x: .linear("Share of the data", domain: 0...1),
      y: .log("Passes over it", domain: 1...40)
    ) {
      Points(published, x: { $0.1 }, y: { $0.2 }, label: { $0.0 })
      Rule(y: 4, label: "four passes")
      Rule(x: 0.45, label: "half of it", style: .dotted)
      Segment(from: (x: 0.1, y: 30.0), to: (x: 0.28, y: 25.5), arrow: true)
      Annotation("more passes\nover less", x: 0.1, y: 30.0, dx: -2, dy: -16, anchor: .start)
      Annotation("one pass", x: 0.9, y: 5.0, dx: -10, dy: -34, anchor: .end, arrow: true)
    }
  }

  static var rows: Plot {
    let fits = [
      ("all cells", 2.49, 0.03), ("near the frontier", 2.27, 0.1), ("cheaper half", 2.66, 0.14),
    ]
    return .facets(
      ["Draw 1", "Draw 2"].enumerated().map { index, title in
        Panel(title, x: .linear("Fitted floor $E$ (nats per token)"), y: .categories()) {
          let shift = 0.05 * Double(index)
          Rule(x: 2.44 - shift, label: "entropy")
          ErrorBars(
            fits, y: { $0.0 }, low: { $0.1 - $0.2 - shift }, high: { $0.1 + $0.2 - shift })
          Points(fits, x: { $0.1 - shift }, y: { $0.0 })
        }
      }, height: 140, sharing: .y)
  }

  private struct Cell {
    var row: String
    var column: String
    var amount: Double
  }

  private static func grid(_ amount: (Double, Double) -> Double) -> [Cell] {
    [64, 32, 16, 8].enumerated().flatMap { row, width in
      (0..<7).map { column in
        Cell(
          row: "width \(width)", column: "\(1 << column)",
          amount: amount(Double(row), Double(column)))
      }
    }
  }

  static var cells: Plot {
    let cells = grid { row, column in 0.06 * (column - 4.4 + 1.4 * row) + 0.02 }
    return Plot(
      height: 170, x: .categories("Tokens (multiples of the smallest run)"), y: .categories()
    ) {
      Cells(
        cells, x: \.column, y: \.row, value: \.amount,
        scale: .diverging("Gain of size less gain of data (nats)"),
        label: {
          String(format: "%.2f", $0.amount).replacing("-0.00", with: "0.00")
            .replacing("-", with: "\u{2212}")
        })
    }
  }

  static var ratios: Plot {
    let cells = grid { row, column in pow(2, 0.35 * (column - 4.2 + 0.9 * row)) }
    return Plot(
      height: 170, x: .categories("Tokens (multiples of the smallest run)"), y: .categories()
    ) {
      Cells(
        cells, x: \.column, y: \.row, value: \.amount,
        scale: .diverging("Advantage of size", center: 1, logarithmic: true),
        label: { String(format: "%.2f", $0.amount) })
    }
  }

  static var contours: Plot {
    Plot(width: 300, height: 220, x: .parameters, y: .tokens) {
      Contours(x: 1e3...1e6, y: 1e4...1e8, levels: [0.05, 0.1, 0.2, 0.3, 0.5, 0.8, 1.2], law)
      Line(over: 1e3...3.6e5, series: "best split", color: .series(2)) {
        3.2e4 * pow($0 / 1e3, 0.8)
      }
    }
  }

  // MARK: - Arrangements

  static var arrangements: [Exhibit] {
    [
      Exhibit(
        name: "facets", title: "Panels with shared axes",
        text: "`Plot.facets`: labels and names of ticks stand at the outside only, a legend stands "
          + "once. A stamp marks a smoke run.", plot: facets),
      Exhibit(
        name: "free", title: "Panels with axes of their own",
        text: "`sharing: .none`.", plot: free),
      Exhibit(
        name: "grid", title: "Rows of panels", text: "The last row need not be full.", plot: grid),
      Exhibit(
        name: "half", title: "Half a page", text: "228 points wide, in the same type.", plot: half),
      Exhibit(
        name: "crowd", title: "Many names at one end",
        text: "Names are pushed apart as little as possible and led to their lines.", plot: crowd),
      Exhibit(
        name: "small-range", title: "Less than a decade",
        text: "Ticks of a logarithmic axis from a factor of 1.6 to a factor of 30.",
        plot: smallRange),
      Exhibit(
        name: "labels", title: "Long labels and formulas", text: "Labels break; formulas do not.",
        plot: labels),
    ]
  }

  static var facets: Plot {
    let runs = runs(widths: [8, 16, 32, 64], steps: 6)
    let panels = ["Constant rate", "With cooldown", "Cosine, read midway"].enumerated().map {
      index, title in
      Panel(title, x: .tokens, y: .excessLoss) {
        let scaled = runs.map { run in
          var run = run
          run.excess *= 1.6 - 0.3 * Double(index)
          return run
        }
        Line(scaled, x: \.tokens, y: \.excess, series: \.name)
        Points(scaled, x: \.tokens, y: \.excess, series: \.name, radius: 1.8)
      }
    }
    return .facets(panels, columns: 3, height: 190, colors: .ladder).stamped("smoke")
  }

  static var free: Plot {
    let runs = runs(widths: [16, 64], steps: 9)
    return .facets(
      [
        Panel("Loss", x: .tokens, y: .excessLoss) {
          Line(runs, x: \.tokens, y: \.excess, series: \.name)
        },
        Panel("Local slope", x: .linear("Share of the budget"), y: .linear("Slope $\\alpha_D$")) {
          Line(over: 0...1, series: "slope", style: .solid) { 0.45 - 0.12 * $0 * $0 }
        },
      ], columns: 2, height: 200, sharing: .none)
  }

  static var grid: Plot {
    let panels = (1...5).map { index in
      Panel("World \(index)", x: .log("Model size $N$"), y: .linear("Risk")) {
        Band(
          over: 8...1024, samples: 24, series: "sampled",
          low: { 1 / pow($0, 0.1 * Double(index)) - 0.05 },
          high: { 1 / pow($0, 0.1 * Double(index)) + 0.05 })
        Line(over: 8...1024, samples: 24, series: "sampled", style: .solid) {
          1 / pow($0, 0.1 * Double(index))
        }
        Line(over: 8...1024, samples: 24, series: "theory") {
          1.05 / pow($0, 0.105 * Double(index))
        }
      }
    }
    return .facets(panels, columns: 3, height: 300)
  }

  static var half: Plot {
    let runs = runs(widths: [8, 32, 128])
    return Plot(width: 228, height: 180, x: .tokens, y: .excessLoss, colors: .ladder) {
      Line(runs, x: \.tokens, y: \.excess, series: \.name)
      Points(runs, x: \.tokens, y: \.excess, series: \.name)
    }
  }

  static var crowd: Plot {
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

  static var smallRange: Plot {
    .facets(
      [(2.0, 9.0), (1.2e5, 1.9e5), (30.0, 900.0)].map { low, high in
        Panel(
          x: .log("From \(NumberLabel.markup(low)) to \(NumberLabel.markup(high))"),
          y: .log("The same, less a little")
        ) {
          Line(over: low...high, samples: 16, style: .solid) { $0 * 0.98 }
        }
      }, columns: 3, height: 150, sharing: .none)
  }

  static var labels: Plot {
    Plot(
      width: 228, height: 200,
      x: .linear(
        "A label that is far too long for half a page and must be broken, $D \\sim N^{b}$"),
      y: .linear("Risk $\\alpha_N \\cdot 10^{-3}$ of a model, with a long explanation of the unit")
    ) {
      Line(over: 0...2500, samples: 16, series: "$\\beta = 0.5$", style: .solid) { $0 * 1.2e-7 }
      Line(over: 0...2500, samples: 16, series: "$\\log_{10} A/N^\\alpha$", style: .dotted) {
        3e-4 - $0 * 0.4e-7
      }
    }
  }
}
