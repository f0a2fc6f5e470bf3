import Foundation
import Testing

@testable import Plotting

@Suite struct LayoutTests {
  static let wishes: [([Double], [Double])] = [
    ([0, 1, 2], [0, 10, 20]),
    ([5, 50, 100], [5, 50, 100]),
    ([50, 50], [45, 55]),
    ([20, 50, 52, 80], [20, 46, 56, 80]),
    ([99, 100, 100], [80, 90, 100]),
  ]

  @Test(arguments: wishes)
  func namesArePushedApartAsLittleAsPossible(wishes: [Double], expected: [Double]) {
    let places = EndLabels.spread(wishes, distance: 10, within: 0...100)
    for (place, wanted) in zip(places, expected) { #expect(abs(place - wanted) < 1e-9) }
  }

  private func lines(_ ends: [(String, Double, Double)], labels: SeriesLabels = .automatic) -> Plot
  {
    Plot(x: .linear(domain: 0...10), y: .linear(domain: 0...10), labels: labels) {
      for (name, x, y) in ends {
        Line([(0.0, y), (x, y)], x: { $0.0 }, y: { $0.1 }, series: name)
      }
    }
  }

  private func layout(_ plot: Plot) -> GridLayout {
    GridLayout(
      plot: plot, labels: LabelTable(), theme: .light, measurer: ApproximateMeasurer())
  }

  @Test func namesStandAtLineEndsWhereThereIsRoom() throws {
    let layout = layout(lines([("a", 10, 2), ("b", 10, 8)]))
    #expect(layout.legend == nil)
    #expect(layout.panels[0].endLabels.map(\.series) == ["b", "a"])
  }

  @Test func namesThatWouldCoverALineBecomeALegend() throws {
    let others = (0..<8).map { ("b\($0)", 10.0, 4 + 0.3 * Double($0)) }
    let layout = layout(lines([("a rather long name", 4, 5)] + others))
    #expect(layout.legend?.entries.map(\.series) == ["a rather long name"] + others.map(\.0))
    #expect(layout.panels[0].endLabels.isEmpty)
  }

  @Test func aNameLeavesItsEndToCoverNothing() throws {
    let layout = layout(lines([("a rather long name", 4, 5), ("b", 10, 5.1)]))
    #expect(layout.legend == nil)
    let label = try #require(layout.panels[0].endLabels.first { $0.series.hasPrefix("a") })
    let line = try #require(layout.panels[0].endLabels.first { $0.series == "b" }).end.y
    #expect(!label.isInTheWay && (label.rect.maxY < line || label.rect.y > line))
  }

  @Test func wishesForLabelsAreGranted() throws {
    let ends = [("a rather long name", 4.0, 5.0), ("b", 10, 5.1)]
    #expect(layout(lines(ends, labels: .atEnds)).panels[0].endLabels.count == 2)
    #expect(layout(lines([("a", 10, 2)], labels: .legend)).legend != nil)
    let bare = layout(lines(ends, labels: .none))
    #expect(bare.legend == nil && bare.panels[0].endLabels.isEmpty)
  }

  @Test func theMarginFollowsTheWidestName() throws {
    func left(_ top: Double) -> Double {
      layout(
        Plot(x: .linear(), y: .linear(domain: 0...top)) { Line(over: 0...1) { $0 * top } }
      ).panels[0].frame.x
    }
    #expect(left(1e5) > left(1) + 8)
  }

  @Test func sharedAxesAreNamedOnceAndAlike() throws {
    let panels = [1.0, 100].map { scale in
      Panel(x: .linear("x"), y: .linear("y")) { Line(over: 0...1) { $0 * scale } }
    }
    let shared = layout(.facets(panels, columns: 2))
    #expect(shared.panels[0].y.domain == shared.panels[1].y.domain)
    #expect(shared.panels.map(\.namesYTicks) == [true, false])
    #expect(shared.sharedYLabel.count == 1 && shared.panels[0].yLabel.isEmpty)
    let free = layout(.facets(panels, columns: 2, sharing: .none))
    #expect(free.panels[0].y.domain != free.panels[1].y.domain)
    #expect(free.panels.allSatisfy { $0.namesYTicks && $0.yLabel.count == 1 })
  }

  @Test func panelsHaveEqualFrames() throws {
    let panels = (1...5).map { index in
      Panel("\(index)", x: .linear(), y: .linear()) { Line(over: 0...1) { $0 * Double(index) } }
    }
    let frames = layout(.facets(panels, columns: 3, sharing: .none)).panels.map(\.frame)
    #expect(Set(frames.map { hundredths($0.width) + "x" + hundredths($0.height) }).count == 1)
  }
}

@Suite struct ExportTests {
  private let plot = Plot(x: .log("Tokens $D$"), y: .log("Loss")) {
    Line([(10, 1.5), (100, 0.1)], x: { $0.0 }, y: { $0.1 }, series: "a, \"b\"")
    ErrorBars([(10, 0.5, 2.0)], x: { $0.0 }, low: { $0.1 }, high: { $0.2 })
    Points([(10, 1.5)], x: { $0.0 }, y: { $0.1 }, series: "a, \"b\"")
    Points([("x", 1.0)], x: { $0.1 }, y: { $0.1 }, series: "c", label: { $0.0 })
    Rule(y: 0.3, label: "floor")
    Annotation("not data", x: 1, y: 1)
  }

  @Test func csvHasTheDataOfEveryMark() throws {
    #expect(
      try plot.csv() == """
        panel,mark,series,x,y,low,high,value,label
        ,line,"a, ""b""\",10,1.5,,,,
        ,line,"a, ""b""\",100,0.1,,,,
        ,error bar,,10,,0.5,2,,
        ,point,"a, ""b""\",10,1.5,,,,
        ,point,c,1,1,,,,x
        ,rule,,,0.3,,,,floor

        """)
  }

  @Test func theSummaryTellsAxesSeriesAndEnds() throws {
    #expect(
      try plot.summary() == """
        Horizontal axis: Tokens D, from 1 to 100 (logarithmic). \
        Vertical axis: Loss, from 0.1 to 2 (logarithmic). \
        Line a, "b" falls from (10, 1.5) to (100, 0.1). 1 point c at (1, 1). A rule at y = 0.3, floor.
        """)
  }

  @Test func everyRoleHasAColourAndAnOwnName() throws {
    let names = Color.roles.compactMap(\.role)
    #expect(Set(names).count == Color.roles.count)
    #expect(Palette.dark.css.split(separator: ";").count == names.count)
    #expect(Palette.light.css.hasPrefix("--ink:#222;--muted:#5c5c5c;"))
  }

  @Test func contrastIsThatOfTheStandard() throws {
    #expect(abs(RGB(0).contrast(to: RGB(0xFFFFFF)) - 21) < 1e-9)
    #expect(abs(RGB(0xFFFFFF).contrast(to: RGB(0x777777)) - 4.478) < 1e-3)
  }

  @Test(arguments: [Palette.light, .print, .dark])
  func textColoursAreReadable(palette: Palette) {
    func contrast(_ first: Color, _ second: Color) -> Double {
      palette[first].contrast(to: palette[second])
    }
    for color in [.ink, .muted] + (1...8).map({ Color.series($0).text })
      + (0...16).map({ Color.ladder($0).text })
    {
      #expect(contrast(color, .paper) >= 4.5, "\(color) in \(palette.name)")
    }
    for step in 0...16 {
      #expect(contrast(.onSequential(step), .sequential(step)) >= 4.5, "\(step) \(palette.name)")
      #expect(contrast(.onDiverging(step), .diverging(step)) >= 4.5, "\(step) \(palette.name)")
    }
    for (low, high) in zip(0..<16, 1...16) {
      #expect(
        contrast(.ladder(high), .paper) > contrast(.ladder(low), .paper), "step \(high)")
    }
  }
}
