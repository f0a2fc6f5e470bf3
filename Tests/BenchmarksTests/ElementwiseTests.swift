import Foundation
import KernelInterface
import Kernels
import Testing

@testable import benchmarks

@Suite struct ElementwiseTests {
  /// The kernels that `gemm`, `step` and `decode` are about, and the yardstick itself.
  static let measuredElsewhere: Set<String> = [
    "gemmNN", "gemmNT", "gemmTN", "attentionStateCount",
    "attentionSequences", "attentionScratchCount", "multiplyAddPeak", "pack", "packTransposed",
    "gemmPacked", "gemmPackedReLU",
    "attentionStep", "attentionCacheCount", "attentionStepScratchCount", "attentionStepBiasCount",
    "spreadAttentionBias", "choose", "gatedScanStateCount",
  ]

  @Test func everyKernelOfTheProtocolIsMeasured() throws {
    let source = URL(fileURLWithPath: #filePath)
      .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
      .appendingPathComponent("Sources/KernelInterface/KernelSet.swift")
    let names = try String(contentsOf: source, encoding: .utf8).split(separator: "\n").compactMap {
      line -> String? in
      let line = line.drop { $0 == " " }
      guard line.hasPrefix("static func ") else { return nil }
      return String(line.dropFirst("static func ".count).prefix { $0 != "(" })
    }
    #expect(names.count > 20)
    let measured = Set(ElementwiseName.allCases.map(\.rawValue))
    #expect(
      Set(names).subtracting(Self.measuredElsewhere).subtracting(measured) == [],
      "give each a case in ElementwiseName, or name it in measuredElsewhere")
    #expect(measured.subtracting(names) == [])
  }

  @Test(arguments: ElementwiseName.allCases)
  func everyKernelPassesItsCheck(name: ElementwiseName) {
    for set in InstructionSet.available {
      let kernel = ElementwiseKernel.make(name, elements: 4096, kernels: set.kernels)
      #expect(kernel.fault() == nil, "\(set)")
      #expect(kernel.elements > 0 && kernel.floatsMoved >= kernel.elements)
    }
  }

  @Test(arguments: [1, 2, 3, 4, 5, 7, 8, 12, 16, 33, 64])
  func attentionPassesItsCheckAtEveryWidth(headWidth: Int) {
    for set in InstructionSet.available {
      for name in ElementwiseName.allCases where name.hasHeads {
        let kernel = ElementwiseKernel.make(
          name, elements: 4096, headWidth: headWidth, kernels: set.kernels)
        #expect(kernel.fault() == nil, "\(set) \(name)")
        #expect(kernel.elements <= 4096 && kernel.elements > 2048)
        #expect(kernel.elements.isMultiple(of: 4 * headWidth))
      }
    }
  }

  @Test(arguments: ElementwiseName.allCases)
  func aKernelThatDidNothingIsFound(name: ElementwiseName) {
    let kernel = ElementwiseKernel.make(name, elements: 1024, kernels: InstructionSet.best.kernels)
    var comparison = Comparison()
    kernel.check(&comparison)
    #expect(comparison.fault != nil)
    #expect(comparison.count > 0)
  }

  @Test(arguments: [
    ElementwiseName.add, .addScaled, .scale, .rmsNormBackward, .embedBackward, .crossEntropy,
    .crossEntropySoft, .squaredError, .gatedScanBackward, .gatedStep, .addRows, .adamW,
  ])
  func aKernelThatRanTwiceIsFound(name: ElementwiseName) {
    let kernel = ElementwiseKernel.make(name, elements: 1024, kernels: InstructionSet.best.kernels)
    kernel.run()
    #expect(kernel.fault() != nil)
  }

  @Test func comparisonKeepsTheFirstFaultAndRefusesNotANumber() {
    var comparison = Comparison()
    comparison.expect(1, 1.5, within: 0.5, "a")
    #expect(comparison.fault == nil)
    comparison.expect(.nan, 1, within: .infinity, "b")
    #expect(comparison.fault == "b must be 1.0 within inf, found nan")
    comparison.expect(3, 1, within: 1, "c")
    #expect(comparison.fault?.hasPrefix("b") == true)
    #expect(comparison.count == 3)
    var roundings = Comparison()
    roundings.expect(1 + .ulpOfOne, 1, roundings: 2, of: 1, "d")
    #expect(roundings.fault == nil)
    roundings.expect(1 + .ulpOfOne, 1, roundings: 1.9, of: 1, "e")
    #expect(roundings.fault != nil)
  }

  @Test func theSampleReachesEveryColumn() {
    let columns = Set(Comparison.sample(1 << 24).map { $0 % ElementwiseKernel.columns })
    #expect(columns.count == ElementwiseKernel.columns)
    #expect(Comparison.sample(1 << 24).underestimatedCount <= 200_001)
    #expect(Array(Comparison.sample(5)) == [0, 1, 2, 3, 4])
  }

  @Test func theShareIsThatOfTheLimitThatBinds() {
    func row(bytes: Double, operations: Double) -> ElementwiseRow {
      ElementwiseRow(
        kernel: "k", isa: "i", elements: 1000, seconds: 1e-6, bytes: bytes,
        operations: operations, bandwidth: 10e9, peak: 100e9)
    }
    // 8000 bytes take 0.8 µs at 10 GB/s, 1000 operations 0.02 µs at 50 a nanosecond.
    let moving = row(bytes: 8000, operations: 1000)
    #expect(moving.limit == "bandwidth")
    #expect(abs(moving.fractionOfLimit - 0.8) < 1e-12)
    #expect(abs(moving.gigabytesPerSecond - 8) < 1e-12)
    #expect(abs(moving.nanosecondsPerElement - 1) < 1e-12)
    let computing = row(bytes: 80, operations: 40_000)
    #expect(computing.limit == "multiply-adds")
    #expect(abs(computing.fractionOfLimit - 0.8) < 1e-12)
  }

  @Test func bandwidthIsMeasured() {
    for bytes in [1, 4096, 1 << 20] {
      let bandwidth = Bandwidth.measure(
        bytes: bytes, kernels: InstructionSet.best.kernels, seconds: 0.001)
      #expect(bandwidth.isFinite && bandwidth > 1e6)
    }
  }
}
