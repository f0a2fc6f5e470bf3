import Foundation
import Testing

@testable import Plotting

@Suite struct TicksTests {
  private func labels(
    _ axis: Axis, _ domain: ClosedRange<Double>, limit: Int = 8
  ) -> [String] {
    let scale = Scale(
      kind: axis.kind == .logarithmic ? .logarithmic : .linear, domain: domain, start: 0, end: 300)
    return Ticks.choose(axis: axis, scale: scale, limit: limit, isCrowded: { _ in false })
      .majors.map { $0.label.plain }
  }

  @Test(
    arguments: [
      (0.0...1, 8, ["0", "0.2", "0.4", "0.6", "0.8", "1.0"]),
      (0...2, 10, ["0", "0.5", "1.0", "1.5", "2.0"]),
      (-1...1, 8, ["\u{2212}1.0", "\u{2212}0.5", "0", "0.5", "1.0"]),
      (2.4...3.2, 10, ["2.4", "2.6", "2.8", "3.0", "3.2"]),
      (0...20, 11, ["0", "5", "10", "15", "20"]),
      (0...50_000, 8, ["0", "10,000", "20,000", "30,000", "40,000", "50,000"]),
      (
        0...4e6, 8,
        ["0", "10⁶", "2\u{2009}×\u{2009}10⁶", "3\u{2009}×\u{2009}10⁶", "4\u{2009}×\u{2009}10⁶"]
      ),
    ] as [(ClosedRange<Double>, Int, [String])])
  func linearTicksAreThoseAPersonWouldChoose(
    domain: ClosedRange<Double>, limit: Int, expected: [String]
  ) {
    #expect(labels(.linear(), domain, limit: limit) == expected)
  }

  @Test(
    arguments: [
      (1e4...1e7, ["10⁴", "10⁵", "10⁶", "10⁷"]),
      (0.1...1000, ["0.1", "1", "10", "100", "1000"]),
      (0.3...3, ["0.5", "1", "2"]),
      (2...10, ["2", "5", "10"]),
      (3...9, ["3", "4", "5", "6", "8"]),
      (1...60, ["1", "2", "5", "10", "20", "50"]),
      (1...100, ["1", "10", "100"]),
      (0.004...0.5, ["0.01", "0.03", "0.1", "0.3"]),
      (2.4...3.2, ["2.4", "2.6", "2.8", "3.0", "3.2"]),
      (1e8...1e24, ["10⁹", "10¹²", "10¹⁵", "10¹⁸", "10²¹", "10²⁴"]),
    ] as [(ClosedRange<Double>, [String])])
  func logarithmicTicksAreThoseAPersonWouldChoose(
    domain: ClosedRange<Double>, expected: [String]
  ) {
    #expect(labels(.log(), domain) == expected)
  }

  @Test func minorTicksStandAtTwoToNineOfEachDecade() {
    let scale = Scale(kind: .logarithmic, domain: 1e4...1e7, start: 0, end: 300)
    let ticks = Ticks.choose(axis: .log(), scale: scale, limit: 8, isCrowded: { _ in false })
    #expect(ticks.minors.count == 24)
    #expect(Array(ticks.minors.prefix(3)) == [2e4, 3e4, 4e4])
    #expect(Set(ticks.minors).isDisjoint(with: ticks.majors.map(\.value)))
  }

  @Test func crowdedLabelsAreThinnedOut() {
    let scale = Scale(kind: .logarithmic, domain: 1e2...1e10, start: 0, end: 100)
    let ticks = Ticks.choose(axis: .log(), scale: scale, limit: 9) { $0.count > 4 }
    #expect(ticks.majors.map(\.label.plain) == ["10³", "10⁶", "10⁹"])
    #expect(ticks.minors.count == 6, "the decades without a label")
  }

  @Test func percentagesAndExplicitTicksAreWrittenAsAsked() {
    #expect(
      labels(.linear(format: .percent), 0...1)
        == ["0", "20", "40", "60", "80", "100"].map { $0 + "\u{2009}%" })
    #expect(labels(.linear(ticks: [1, 2, Tick(4, "four"), 9]), 0...5) == ["1", "2", "four"])
    #expect(labels(.log(format: .plain), 1e5...1e7) == ["100,000", "1,000,000", "10,000,000"])
    #expect(labels(.log(format: .power), 1...100).last == "10²")
  }

  @Test func everyTickLiesWithinItsDomain() {
    var low = 1e-5
    while low < 1e6 {
      for ratio in [1.1, 1.7, 3, 8, 40, 1e3, 1e7] {
        let domain = low...(low * ratio)
        let scale = Scale(kind: .logarithmic, domain: domain, start: 0, end: 200)
        let ticks = Ticks.choose(axis: .log(), scale: scale, limit: 7, isCrowded: { _ in false })
        #expect(ticks.majors.count >= 2, "\(domain)")
        #expect(ticks.majors.count <= 7, "\(domain)")
        #expect((ticks.majors.map(\.value) + ticks.minors).allSatisfy { scale.contains($0) })
        #expect(Set(ticks.majors.map(\.label)).count == ticks.majors.count, "\(domain)")
      }
      low *= 7.3
    }
  }
}

@Suite struct ScaleTests {
  @Test func domainsHaveRoomAndBeginAtNearbyRoundNumbers() {
    let log = Scale.domain(of: [1.2e4, 8e6], axis: .log())
    #expect(abs(log.lowerBound - 1e4) < 1e-6 && log.upperBound > 8e6)
    let linear = Scale.domain(of: [0.02, 1], axis: .linear())
    #expect(linear.lowerBound == 0)
    #expect(Scale.domain(of: [3, 4], axis: .linear()).lowerBound > 2)
    #expect(Scale.domain(of: [3, 4], axis: .linear(includingZero: true)).lowerBound <= 0)
    #expect(Scale.domain(of: [3, 4], axis: .linear(domain: 1...9)) == 1...9)
  }

  @Test func valuesWithoutAPlaceDoNotMoveADomain() {
    let clean = Scale.domain(of: [1, 100], axis: .log())
    #expect(Scale.domain(of: [1, 100, 0, -3, .nan, .infinity], axis: .log()) == clean)
    #expect(Scale.domain(of: [], axis: .log()) == 1...10)
    #expect(Scale.domain(of: [5], axis: .linear()).contains(5))
    #expect(Scale.domain(of: [5], axis: .log()).contains(5))
  }

  @Test func equalRatiosAreEqualDistances() throws {
    let scale = Scale(kind: .logarithmic, domain: 1...10_000, start: 0, end: 400)
    #expect(abs(try #require(scale.position(10.0)) - 100) < 1e-9)
    #expect(abs(try #require(scale.position(1000.0)) - 300) < 1e-9)
    #expect(scale.position(0.0) == nil)
    #expect(scale.position(Double.nan) == nil)
  }
}
