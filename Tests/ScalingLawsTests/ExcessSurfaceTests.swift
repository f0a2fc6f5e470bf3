import Foundation
import Testing

@testable import ScalingLaws

struct ExcessSurfaceTests {
  /// Excess of one power in each variable: the surface is exact for a product.
  static func product(_ n: Double, _ d: Double) -> Double { 50 * pow(n, -0.3) * pow(d, -0.2) }

  /// Ladders of equal compute: sizes share no value of D.
  static let runs: [PlantedRun] = [1e6, 3e6, 1e7, 3e7, 1e8].flatMap { n in
    (0..<6).map { step in
      let d = 1e15 * pow(4, Double(step)) / n
      return PlantedRun(n: n, d: d, loss: product(n, d))
    }
  }

  static func surface() throws -> ExcessSurface {
    try ExcessSurface(runs, n: \.n, d: \.d, excess: \.loss)
  }

  @Test func aProductOfPowersIsInterpolatedExactly() throws {
    let surface = try Self.surface()
    for (n, d) in [(1e6, 1e9), (2e6, 1e9), (5e7, 1e9), (2e7, 3e8)] {
      let found = try #require(surface.excess(n: n, d: d))
      #expect(relativeDifference(found, Self.product(n, d)) < 1e-12)
    }
    let gain = try #require(surface.gain(n: 4e6, d: 6e8))
    #expect(relativeDifference(gain.size, pow(10, -0.3)) < 1e-12)
    #expect(relativeDifference(gain.data, pow(10, -0.2)) < 1e-12)
    #expect(abs(try #require(surface.localExponent(.size, n: 1e7, d: 1e9)) - 0.3) < 1e-12)
    #expect(abs(try #require(surface.localExponent(.data, n: 1e7, d: 1e9)) - 0.2) < 1e-12)
  }

  @Test func nothingIsExtrapolated() throws {
    let surface = try Self.surface()
    #expect(surface.excess(n: 9e5, d: 1e9) == nil)
    #expect(surface.excess(n: 2e8, d: 1e8) == nil)
    #expect(surface.excess(n: 1e6, d: 1e13) == nil)
    #expect(surface.gain(n: 5e7, d: 1e8) == nil)
    #expect(surface.localExponent(.size, n: 1e6, d: 1e9) == nil)
  }

  @Test func slopesBetweenNeighboursAreTheExponents() throws {
    let surface = try Self.surface()
    let data = surface.localExponents(.data)
    #expect(data.count == 25)
    #expect(data.allSatisfy { abs($0.exponent - 0.2) < 1e-11 })
    let size = surface.localExponents(.size)
    #expect(size.count > 20)
    #expect(size.allSatisfy { abs($0.exponent - 0.3) < 1e-11 })
  }

  @Test func aBendShowsInTheLocalExponents() throws {
    let runs = planted(side: 8)
    let surface = try ExcessSurface(runs, n: \.n, d: \.d, excess: { $0.loss - 1.69 })
    let along = surface.localExponents(.size).filter { $0.d == runs.last!.d }
    // At the most data the size term dominates while models are small, and less so as they grow.
    #expect(zip(along, along.dropFirst()).allSatisfy { $0.exponent > $1.exponent })
    #expect(along[0].exponent < 0.34 && along[0].exponent > 0.25)
  }

  @Test func seedsOfOneCellAreAveragedGeometrically() throws {
    let runs = [1.0, 4].map { PlantedRun(n: 1e6, d: 1e9, loss: $0) }
    let surface = try ExcessSurface(runs, n: \.n, d: \.d, excess: \.loss)
    #expect(abs(try #require(surface.excess(n: 1e6, d: 1e9)) - 2) < 1e-12)
  }

  @Test func anExcessThatIsNotPositiveIsRefused() {
    #expect(throws: FitError.notPositive(column: "excess", row: 1, found: -0.5)) {
      try ExcessSurface([1.0, -0.5], n: { _ in 1e6 }, d: { _ in 1e9 }, excess: { $0 })
    }
  }
}
