import Foundation
import Testing

@testable import Plotting

private struct Run {
  var width: Int
  var tokens: Int
  var excess: Double
  var name: String { "d = \(width)" }
}

private let runs = [8, 16, 32].flatMap { width in
  [10_000, 100_000, 1_000_000].map { tokens in
    Run(width: width, tokens: tokens, excess: 8 / Double(width) + 1e4 / Double(tokens))
  }
}

@Suite struct SceneTests {
  @Test func ladderWithNamesAtLineEnds() throws {
    let plot = Plot(
      width: 300, height: 180, x: .log("Tokens $D$"), y: .log("Excess loss"), colors: .ladder
    ) {
      Line(runs, x: \.tokens, y: \.excess, series: \.name)
      Points(runs, x: \.tokens, y: \.excess, series: \.name)
      Rule(y: 0.3, label: "floor")
    }
    expectGolden(try plot.scene().text, "ladder")
  }

  @Test func everyOtherMark() throws {
    let plot = Plot(width: 300, height: 180, x: .linear("Steps", domain: 0...10), y: .linear()) {
      Band(over: 0...10, samples: 3, low: { $0 * 0.1 }, high: { $0 * 0.2 })
      ErrorBars([(2.0, 0.3, 0.6)], x: { $0.0 }, low: { $0.1 }, high: { $0.2 })
      ErrorBars([(0.5, 4.0, 7.0)], y: { $0.0 }, low: { $0.1 }, high: { $0.2 })
      for shape in PointShape.allCases {
        Points([Double(shape.rawValue.count)], x: { $0 }, y: { $0 / 10 }, shape: shape)
      }
      Rule(x: 5, label: "half-way", style: .dotted)
      Annotation("note", x: 8, y: 1.0, dx: 10, dy: 20, arrow: true)
      Segment(from: (x: 1, y: 1.5), to: (x: 3, y: 1.2), arrow: true)
    }
    expectGolden(try plot.scene().text, "marks")
  }

  @Test func facetsWithLegendAndStamp() throws {
    let panels = ["One", "Two"].map { title in
      Panel(title, x: .log("Tokens"), y: .log("Excess")) {
        Line(runs, x: \.tokens, y: \.excess, series: \.name)
      }
    }
    let plot = Plot.facets(panels, columns: 2, width: 300, height: 140).stamped("smoke")
    expectGolden(try plot.scene().text, "facets")
  }

  @Test func cellsWithColourBar() throws {
    let plot = Plot(width: 240, height: 140, x: .categories("Tokens"), y: .categories("Width")) {
      Cells(
        runs, x: { "\($0.tokens)" }, y: \.name, value: { $0.excess - 0.8 },
        scale: .diverging("Difference"), label: { "\($0.width)" })
    }
    expectGolden(try plot.scene().text, "cells")
  }

  @Test func aSceneSurvivesStorage() throws {
    let scene = try Plot(x: .linear("$x$"), y: .linear("y")) { Line(over: 0...1) { $0 } }.scene()
    let data = try JSONEncoder().encode(scene)
    #expect(try JSONDecoder().decode(Scene.self, from: data) == scene)
  }

  @Test(arguments: [
    (0.0, "0"), (1, "1"), (-0.001, "0"), (0.05, "0.05"), (12.5, "12.5"), (-3.256, "-3.26"),
    (0.999, "1"), (1e6, "1000000"),
  ])
  func hundredthsAreShort(value: Double, text: String) {
    #expect(hundredths(value) == text)
  }
}
