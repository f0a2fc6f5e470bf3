import ArgumentParser
import Testing

@testable import benchmarks

@Suite struct SweepTests {
  static let speeds: [(speeds: [Double], cliffs: [Int])] = [
    ([], []),
    ([50], []),
    // Small sizes may be slow: speed rises with size.
    ([10, 40, 60, 70], []),
    // A drop of a quarter is allowed, more is not.
    ([100, 75, 76], []),
    ([100, 74, 73], [1]),
    ([100, 60, 100], [1]),
    // A little below the smaller neighbour, far below the larger.
    ([70, 60, 100], [1]),
    ([60, 70, 100], []),
    ([100, 100, 70], [2]),
    ([100, 70, 50, 90], [1, 2]),
  ]

  @Test(arguments: speeds)
  func cliffsAreDropsOfMoreThanAQuarter(speeds: [Double], cliffs: [Int]) {
    #expect(Sweep.cliffs(speeds) == cliffs)
  }

  @Test func familiesReachTheSmallestAndTheLargestSizes() {
    func ends(_ family: Sweep.Family) -> [Int?] { [family.sizes.first, family.sizes.last] }
    #expect(ends(.width) == [8, 512])
    #expect(ends(.context) == [5, 1024])
    #expect(ends(.vocabulary) == [5, 4096])
    for family in Sweep.Family.allCases {
      #expect(family.sizes == family.sizes.sorted())
      #expect(family.sizes.contains { !$0.isMultiple(of: 16) })
    }
  }

  @Test func gemmTakesTheLinearLayersOfTransformersByDefault() throws {
    let shapes = try MatrixProducts.parse([]).shapes.map(\.description)
    #expect(shapes.count == 15)
    for width in [16, 32, 64, 128, 256] {
      for factor in [1, 3, 4] { #expect(shapes.contains("2048x\(width)x\(factor * width)")) }
    }
  }

  @Test func settingsThatCannotBeUsedAreRefused() {
    #expect(throws: (any Error).self) { try Sweep.parse(["--tokens", "0"]) }
    #expect(throws: (any Error).self) { try Sweep.parse(["--seconds", "0"]) }
    #expect(throws: (any Error).self) { try Elementwise.parse(["--elements", "100"]) }
    #expect(throws: (any Error).self) { try Elementwise.parse(["--kernels", "gemm"]) }
    #expect(throws: (any Error).self) { try Elementwise.parse(["--seconds", "-1"]) }
  }
}
