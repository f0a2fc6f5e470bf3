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

  @Test(arguments: [
    ([true, true, true], true), ([false, false, false], false),
    ([true, false, true, false, true], true), ([false, true, true, false, false], false),
  ])
  func mostLooksDecide(looks: [Bool], isCliff: Bool) {
    var left = looks[...]
    #expect(Sweep.confirmed { left.removeFirst() } == isCliff)
    #expect(left.isEmpty)
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
    #expect(throws: (any Error).self) { try Elementwise.parse(["--head-widths", "65"]) }
    #expect(throws: (any Error).self) { try Elementwise.parse(["--seconds", "-1"]) }
  }

  static let tooLarge: [(command: any ParsableArguments.Type, flags: [String], named: String)] = [
    (MatrixProducts.self, ["--shapes", "9223372036854775807x2x2"], "9223372036854775807x2x2"),
    (MatrixProducts.self, ["--shapes", "100000x100000x2"], "100000x100000x2"),
    (MatrixProducts.self, ["--seconds", "inf"], "--seconds"),
    (Elementwise.self, ["--elements", "9223372036854775552"], "--elements"),
    (Steps.self, ["--batch", "9223372036854775807"], "--batch"),
    (Steps.self, ["--seconds", "86401"], "--seconds"),
    (Sweep.self, ["--tokens", "9223372036854775807"], "--tokens"),
    (Decoding.self, ["--batches", "64", "9223372036854775807"], "--batches"),
    (Decoding.self, ["--batches", "5000"], "--batches"),
    (Trajectory.self, ["--workers", "1025"], "--workers"),
    (Parity.self, ["--sequences", "9223372036854775807"], "--sequences"),
  ]

  /// Each would overflow, or take all memory, and end the program without a word.
  @Test(arguments: tooLarge.indices)
  func settingsBeyondTheMachineAreRefused(index: Int) throws {
    let (command, flags, named) = Self.tooLarge[index]
    let error = try #require(throws: (any Error).self) { _ = try command.parse(flags) }
    let text = command.message(for: error)
    #expect(text.contains(named) && text.contains("must"), "\(text)")
    #expect(text.contains("at most"), "\(text)")
  }
}
