import Testing

@testable import Plotting

/// The items of a scene, those within clips included.
private func items(_ plot: Plot) throws -> [Scene.Item] {
  func flat(_ items: [Scene.Item]) -> [Scene.Item] {
    items.flatMap { item -> [Scene.Item] in
      if case .clip(_, let inner) = item { flat(inner) } else { [item] }
    }
  }
  return flat(try plot.scene().items)
}

private func markers(_ plot: Plot) throws -> [Scene.Markers] {
  try items(plot).compactMap { if case .markers(let markers) = $0 { markers } else { nil } }
}

private func strokes(_ plot: Plot, width: Double) throws -> [Path] {
  try items(plot).compactMap {
    if case .path(let path, nil, let stroke?) = $0, stroke.width == width { path } else { nil }
  }
}

@Suite struct MarkTests {
  /// A value's height over the foot of the frame in parts of the frame, on a 0.01...1 axis.
  private func bars(_ rows: [(Double, Double, Double)]) -> Plot {
    Plot(x: .linear(domain: 0...4), y: .log(domain: 0.01...1)) {
      ErrorBars(rows, x: { $0.0 }, low: { $0.1 }, high: { $0.2 })
    }
  }

  @Test func barsAreTransformedWithTheScale() throws {
    let plot = bars([(1, 0.01, 0.1), (2, 0.1, 1)])
    let path = try #require(strokes(plot, width: Theme.light.barWidth).first)
    let lengths = path.pieces.map { $0.points[0].y - $0.points[1].y }
    #expect(abs(lengths[0] - lengths[1]) < 1e-9, "a decade is a decade")
    #expect(try markers(plot).isEmpty)
  }

  @Test(arguments: [0.0, -0.5])
  func aBarThatReachesZeroEndsAtTheAxisWithAnOpenMark(low: Double) throws {
    let plot = bars([(1, low, 0.1), (2, 0.02, 1)])
    let path = try #require(strokes(plot, width: Theme.light.barWidth).first)
    let mark = try #require(markers(plot).first)
    #expect(try markers(plot).count == 1)
    #expect(mark.shape == .triangleDown && mark.fill?.color == .paper)
    #expect(mark.points == [path.pieces[0].points[0]])
    let full = bars([(1, 0.01, 1)])
    let foot = try #require(strokes(full, width: Theme.light.barWidth).first).pieces[0].points[0]
    #expect(mark.points[0].y == foot.y)
  }

  @Test func seriesStandSideBySideAroundTheirPlace() throws {
    func plot(apart: Double) -> Plot {
      Plot(x: .log(domain: 1...1000), y: .log(domain: 0.01...1), labels: .none) {
        Recipe.sideBySide(apart: apart) {
          for series in ["a", "b", "c"] {
            ErrorBars([10.0], x: { $0 }, low: { _ in 0 }, high: { _ in 0.5 }, series: series)
            Points([10.0], x: { $0 }, y: { _ in 0.2 }, series: series)
          }
          Points([10.0], x: { $0 }, y: { _ in 0.1 })
        }
      }
    }
    func places(_ shape: PointShape, _ plot: Plot) throws -> [Double] {
      try markers(plot).filter { $0.shape == shape }.flatMap { $0.points.map(\.x) }
    }
    let middle = try places(.circle, plot(apart: 0))
    #expect(middle == Array(repeating: middle[0], count: 4))
    let apart = plot(apart: 3)
    let expected = [-3.0, 0, 3].map { middle[0] + $0 }
    #expect(try places(.circle, apart) == expected + [middle[0]])
    #expect(try places(.triangleDown, apart) == expected)
    let bars = try strokes(apart, width: Theme.light.barWidth)
    #expect(bars.map { $0.pieces[0].points.map(\.x) } == expected.map { [$0, $0] })
  }

  @Test func aPointWithoutAPlaceIsMarkedAtTheAxis() throws {
    let plot = Plot(x: .linear(), y: .log()) {
      Points([(1.0, 1.0), (2, 0), (3, 0.1)], x: { $0.0 }, y: { $0.1 })
    }
    #expect(try markers(plot).map(\.shape) == [.triangleDown, .circle])
    #expect(try markers(plot).map(\.points.count) == [1, 2])
  }

  @Test func aLineBreaksWhereAValueHasNoPlace() throws {
    let plot = Plot(x: .linear(), y: .log()) {
      Line(
        [1.0, 2, 0, 4, 5, .nan, 7].enumerated(), x: { $0.offset }, y: { $0.element })
    }
    let path = try #require(strokes(plot, width: Theme.light.lineWidth).first)
    #expect(path.pieces.map(\.points.count) == [2, 2], "a single point is no line")
  }

  @Test func pointsOutsideTheDomainAreNotDrawn() throws {
    let plot = Plot(x: .linear(domain: 0...1), y: .linear(domain: 0...1)) {
      Points([0.0, 0.5, 1, 1.5], x: { $0 }, y: { $0 })
    }
    #expect(try markers(plot).first?.points.count == 3)
  }

  @Test func aSeriesHasItsColourInEveryPanelAndOverridesCount() throws {
    let names = [["b", "a"], ["a", "c"]]
    let panels = names.map { names in
      Panel(x: .linear(), y: .linear()) {
        for name in names { Points([1.0], x: { $0 }, y: { $0 }, series: name) }
        Points([2.0], x: { $0 }, y: { $0 }, color: .ink)
      }
    }
    let plot = Plot.facets(panels, labels: .none)
    #expect(
      try markers(plot).map(\.fill?.color)
        == [.series(1), .series(2), .ink, .series(2), .series(3), .ink])
  }

  @Test func aLadderIsInOrderOfTheNumbersInTheNames() throws {
    let names = ["d = 64", "d = 8", "d = 16"]
    let plot = Plot(x: .linear(), y: .linear(), colors: .ladder) {
      Line(names, x: { $0.count }, y: { _ in 1 }, series: { $0 })
    }
    let table = SeriesTable(plot: plot)
    #expect(table.names == ["d = 8", "d = 16", "d = 64"])
    #expect(table.names.map { table.color(of: $0) } == [.ladder(0), .ladder(8), .ladder(16)])
  }

  @Test(arguments: [
    ("d = 8", 8.0), ("1.5 M tokens", 1.5e6), ("12,800 steps", 12_800), ("3k", 3000),
    ("$C = 3 \\times 10^9$", 3e9), ("$10^{6}$", 1e6), ("$1.2 \\times 10^{10}$", 1.2e10),
    ("none", nil),
  ])
  func numbersInNamesAreRead(name: String, number: Double?) {
    #expect(SeriesTable.number(in: name) == number)
  }

  @Test func cellEdgesLieHalfWayOnTheScale() throws {
    #expect(cellEdges([3, 1, 2], isLogarithmic: false) == [0.5, 1.5, 2.5, 3.5])
    let edges = cellEdges([1, 4, 16], isLogarithmic: true)
    for (edge, expected) in zip(edges, [0.5, 2, 8, 32]) { #expect(abs(edge - expected) < 1e-9) }
  }

  @Test func theMiddleOfADivergingScaleIsTheMiddleOfItsRamp() throws {
    let scale = ColorScale.diverging("d", center: 1).resolved(by: [0.5, 3])
    #expect(scale.domain == -1...3)
    #expect(scale.color(1) == .diverging(8))
    #expect(scale.color(3) == .diverging(16))
    #expect(scale.color(2) == .diverging(12) && scale.color(0) == .diverging(4))
  }
}
