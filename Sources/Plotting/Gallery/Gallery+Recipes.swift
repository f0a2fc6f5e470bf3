import Foundation

extension Gallery {
  static var recipes: [Exhibit] {
    [
      Exhibit(
        name: "ladder", title: "A ladder with its law",
        text: "`Recipe.ladder`: a colour for each rung, points with their intervals, and one law "
          + "through all rungs with its band.", plot: ladder),
      Exhibit(
        name: "isoflop", title: "IsoFLOP valleys",
        text: "`Recipe.isoFLOP`: the runs of each budget, the curve through them, and a diamond "
          + "with its interval where the minimum is resolved. The last budget has none.",
        plot: isoFLOP),
      Exhibit(
        name: "frontier", title: "The compute frontier",
        text: "`Recipe.frontier`: the best loss that each budget buys, over the runs that it was "
          + "taken from, and a law that reaches beyond.", plot: frontier),
      Exhibit(
        name: "extrapolation", title: "An extrapolation and the runs it had not seen",
        text: "`Recipe.extrapolation`: filled points were fitted, hollow ones held out; the law is "
          + "dashed where it is only predicted.", plot: extrapolation),
      Exhibit(
        name: "forest", title: "Estimates beside published values",
        text:
          "`Plot.forest`: a row an estimate, its interval as a bar and as numbers; diamonds are "
          + "values that others published.", plot: forest),
      Exhibit(
        name: "accuracy", title: "Accuracy against the number of steps",
        text: "`Recipe.accuracy`: shares of right answers with their intervals and the level of "
          + "chance; `Recipe.sideBySide` keeps the bars off each other.", plot: accuracy),
      Exhibit(
        name: "heat-map", title: "Values over the plane of size and data",
        text: "`Recipe.heatMap` where the runs form no grid: coloured dots over the contours of a "
          + "law.", plot: heatMap),
      Exhibit(
        name: "heat-grid", title: "The same on a grid",
        text: "`Recipe.heatMap` where they do: cells under contours.", plot: heatGrid),
    ]
  }

  static var ladder: Plot {
    Plot(height: 280, x: .tokens, y: .excessLoss, colors: .ladder) {
      Recipe.ladder(
        runs(), x: \.tokens, y: \.excess, rung: { $0.width == 8 ? $0.name : "\($0.width)" },
        interval: \.interval, law: { run, tokens in law(run.size, tokens) },
        band: { run, tokens in
          let value = law(run.size, tokens)
          return (value * 0.955)...(value * 1.045)
        })
    }
  }

  static var isoFLOP: Plot {
    let valleys = (0..<6).map { step -> Valley in
      let budget = 3e9 * pow(4, Double(step))
      let optimum = 2.6e3 * pow(2, Double(step))
      let depth = floor + 0.62 * pow(0.72, Double(step))
      func curve(_ size: Double) -> Double {
        depth + 0.16 * pow(0.86, Double(step)) * pow(log(size / optimum), 2)
      }
      let runs = (-3...3).map { place -> (size: Double, loss: Double) in
        // The last budget was too dear for sizes beyond its minimum.
        let shift = step == 5 ? -2.0 : 0
        let size = optimum * pow(2, (Double(place) + shift) * 0.6)
        return (size, curve(size) + 0.012 * wobble(step * 7 + place + 3))
      }
      return Valley(
        budget: budget, runs: runs, curve: curve,
        minimum: step == 5 ? nil : (optimum, depth),
        interval: step == 5 ? nil : (optimum * 0.8)...(optimum * 1.22))
    }
    return Plot(height: 280, x: .parameters, y: .loss, colors: .ladder) {
      Recipe.isoFLOP(valleys)
      Rule(y: floor, label: "entropy of the language")
    }
  }

  static var frontier: Plot {
    let runs = runs(steps: 11)
    var envelope: [(compute: Double, loss: Double)] = []
    for step in 0..<9 {
      let budget = 3e9 * pow(3, Double(step))
      let best = stride(from: 3.0, through: 5.6, by: 0.05).map {
        law(pow(10, $0), budget / 6 / pow(10, $0))
      }.min()!
      envelope.append((budget, best))
    }
    let slope = log(envelope[8].loss / envelope[0].loss) / log(pow(3, 8))
    return Plot(height: 280, x: .compute, y: .excessLoss, colors: .ladder) {
      Recipe.frontier(
        runs, compute: \.compute, loss: \.excess,
        curve: { $0.width == 8 ? $0.name : "\($0.width)" }, envelope: envelope,
        law: { envelope[0].loss * pow($0 / envelope[0].compute, slope) * 1.02 }, beyond: 20)
    }
  }

  static var extrapolation: Plot {
    struct Point {
      var compute: Double
      var loss: Double
    }
    let points = (0..<12).map { step -> Point in
      let compute = 1e9 * pow(2, Double(step))
      // Beyond the fit the runs bend away from it.
      let bend = 1 - 0.018 * Double(max(0, step - 6))
      let truth = 0.9 * pow(compute / 1e9, -0.215) * bend
      return Point(compute: compute, loss: truth * (1 + 0.03 * wobble(step)))
    }
    func fit(_ compute: Double) -> Double { 0.9 * pow(compute / 1e9, -0.215) }
    return Plot(height: 250, x: .compute, y: .excessLoss) {
      Recipe.extrapolation(
        points, x: \.compute, y: \.loss, isHeldOut: { $0.compute > 1e11 }, law: fit,
        band: {
          let width = 0.02 + 0.02 * max(0, log10($0 / 3e10))
          return (fit($0) * (1 - width))...(fit($0) * (1 + width))
        }, interval: { ($0.loss * 0.975)...($0.loss * 1.025) })
      Annotation(
        "the larger runs\ndo better than predicted", x: 5.12e11, y: points[9].loss, dx: 0,
        dy: 56, anchor: .middle, arrow: true)
    }
  }

  static var forest: Plot {
    .forest(
      [
        ForestGroup(
          "All parameters counted",
          [
            .measured("isoFLOP, cooldown", 1.06, 0.94...1.27),
            .measured("envelope", 0.97, 0.83...1.12),
            .measured("parametric fit", 1.13, 0.99...1.35),
          ]),
        ForestGroup(
          "Embeddings left out",
          [
            .measured("isoFLOP without embeddings", 0.78, 0.71...0.86),
            .measured("envelope without embeddings", 0.74, 0.66...0.85),
          ]),
        ForestGroup(
          "In the literature",
          [
            .published("one group of authors", 0.37), .published("another, approach 1", 1),
            .published("another, approach 3", 1.17, 1.07...1.26),
          ]),
      ], x: .linear("Exponent $x$ of $D \\propto N^x$", domain: 0...1.5),
      rules: [(0.28, "0.28, as claimed")])
  }

  static var accuracy: Plot {
    struct Share {
      var mode: String
      var steps: Int
      var share: Double
    }
    let modes = [("steps", 0.0), ("dense labels", 0.3), ("direct", 0.55), ("wrong steps", 0.9)]
    let rows = modes.enumerated().flatMap { index, mode in
      (1...8).map { steps in
        let fall = mode.1 * Double(steps - 1) / 2.2
        let share = max(1 / 7 + 0.02 * wobble(steps + index), 0.99 - fall)
        return Share(mode: mode.0, steps: steps, share: share)
      }
    }
    return Plot(
      height: 230, x: .counts("Serial steps $k$", 1...8), y: .accuracy()
    ) {
      Recipe.sideBySide {
        Recipe.accuracy(
          rows, count: \.steps, accuracy: \.share, series: \.mode,
          interval: { max(0, $0.share - 0.05)...min(1, $0.share + 0.05) }, chance: 1.0 / 7)
      }
    }
  }

  static var heatMap: Plot {
    let cells = (0..<9).flatMap { budget in
      [6, 8, 12, 16, 24, 32, 48, 64, 96, 128, 192].compactMap { width -> Run? in
        let size = size(width: width)
        let tokens = 3e9 * pow(2, Double(budget)) / 6 / size
        guard (3e3...4e6).contains(tokens) else { return nil }
        return Run(width: width, size: size, tokens: tokens, excess: law(size, tokens))
      }
    }
    return Plot(height: 270, x: .parameters, y: .tokens) {
      Recipe.heatMap(
        cells, x: \.size, y: \.tokens, value: \.excess,
        scale: .sequential(loss, logarithmic: true), law: law)
    }
  }

  static var heatGrid: Plot {
    let cells = runs(widths: [8, 12, 16, 24, 32, 48, 64, 96, 128], steps: 8)
    return Plot(height: 250, x: .parameters, y: .tokens) {
      Recipe.heatMap(
        cells, x: \.size, y: \.tokens, value: \.excess,
        scale: .sequential(loss, logarithmic: true), law: law)
    }
  }
}
