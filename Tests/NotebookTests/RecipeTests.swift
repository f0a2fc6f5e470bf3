import Plotting
import ScalingLaws
import Testing

@testable import Notebook

struct RecipeTests {
  struct Row {
    var series: String
    var x: Double
    var y: Estimate
  }

  static func plot(apart: Double) -> Plot {
    let rows = ["a", "b"].flatMap { series in
      [1.0, 2].map { Row(series: series, x: $0, y: Estimate(value: $0, low: 0.5, high: 3)) }
    }
    return Plot(x: .linear("x"), y: .linear("y")) {
      Recipe.estimates(rows, x: \.x, y: \.y, series: \.series, apart: apart)
    }
  }

  /// The x of every row of a kind of mark, in the table that is written beside the figure.
  static func places(_ kind: String, _ csv: String) -> [Double] {
    let lines = csv.split(separator: "\n").map {
      $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
    }
    let column = lines[0].firstIndex(of: "x")!
    return lines.dropFirst().filter { $0.contains(kind) }.compactMap { Double($0[column]) }
  }

  @Test func aMeasuredValueIsALineABarAndAPoint() throws {
    let csv = try Self.plot(apart: 0).csv()
    for kind in ["line", "error bar", "point"] {
      #expect(Self.places(kind, csv) == [1, 2, 1, 2], "\(csv)")
    }
  }

  @Test func aValueWithoutAnIntervalHasNoBar() throws {
    let csv = try Plot(x: .linear("x"), y: .linear("y")) {
      Recipe.estimates([1.0, 2], x: { $0 }, y: { Estimate($0) }, series: { _ in "a" })
    }.csv()
    #expect(Self.places("error bar", csv).isEmpty)
    #expect(Self.places("point", csv) == [1, 2])
  }

  @Test func seriesSideBySideKeepTheirData() throws {
    #expect(try Self.plot(apart: 5).csv() == Self.plot(apart: 0).csv())
  }
}
