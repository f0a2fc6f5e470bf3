import ArgumentParser
import Foundation
import KernelInterface
import Kernels

/// Times the kernels that pass over their arrays once.
struct Elementwise: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "elementwise",
    abstract: "Time the elementwise and reduction kernels against the limits of the machine.",
    discussion: """
      Each kernel is checked against a naive version in double precision before it is timed; a \
      wrong one ends the program with status 1. Two limits are measured beside it: the bandwidth \
      over a working set of the same size (so that of a cache for small ones), and the peak of \
      multiply-adds, of which every 16-lane operation takes the place of one. The share is that of \
      the limit that binds, the greater of the two times. Bytes are those that a program reads and \
      writes; where an array is only written, many processors fetch it first and move more. A \
      division or a root counts as one operation and lasts several. Attention, which is no single \
      pass, runs over four heads and as many whole sequences of 64 positions as there are elements \
      for.
      """)

  @OptionGroup var output: RowOutput

  @Option(help: "Instruction set: avx512, avx2 or portable (default: the fastest).")
  var isa: InstructionSet = .best

  @Option(parsing: .upToNextOption, help: "Kernels (default: all).")
  var kernels: [ElementwiseName] = ElementwiseName.allCases

  @Option(
    parsing: .upToNextOption,
    help: "Elements of each array, multiples of 256: 64 KiB fit a cache, 64 MiB do not.")
  var elements = [16_384, 16_777_216]

  @Option(parsing: .upToNextOption, help: "Columns of attention's heads, 1 to 64.")
  var headWidths = [2, 8, 32]

  @Option(help: "Seconds to spend on each row.")
  var seconds = 0.2

  func validate() throws {
    try isa.validate()
    for width in headWidths where !(1...64).contains(width) {
      throw ValidationError("--head-widths must be from 1 to 64; found \(width).")
    }
    for count in elements where count < 256 || !count.isMultiple(of: 256) {
      throw ValidationError("--elements must be positive multiples of 256; found \(count).")
    }
    for count in elements where count > mostNumbers {
      throw ValidationError("--elements must be at most \(mostNumbers); found \(count).")
    }
    try benchmarks.validate(seconds: seconds)
  }

  func run() throws {
    try output.begin(ElementwiseRow.self)
    for count in elements {
      var bandwidths: [Int: Double] = [:]
      let rows = kernels.flatMap { name in
        name.hasHeads ? headWidths.map { (name, Optional($0)) } : [(name, nil)]
      }
      for (name, headWidth) in rows {
        let kernel = ElementwiseKernel.make(
          name, elements: count, headWidth: headWidth ?? 32, kernels: isa.kernels)
        if let fault = kernel.fault() {
          throw Failure(
            "\(name.rawValue) of \(kernel.elements) on \(isa.rawValue) is wrong: \(fault). "
              + "Run the tests of Kernels.")
        }
        let held = 4 * kernel.floatsHeld
        let bandwidth =
          bandwidths[held] ?? Bandwidth.measure(bytes: held, kernels: isa.kernels)
        bandwidths[held] = bandwidth
        try output.write(measure(name, headWidth, kernel, bandwidth: bandwidth))
      }
    }
  }

  /// Times the kernel beside the peak.
  private func measure(
    _ name: ElementwiseName, _ headWidth: Int?, _ kernel: ElementwiseKernel, bandwidth: Double
  ) -> ElementwiseRow {
    var timing = Timing()
    // Several calls a measurement, so that reading the clock costs nothing.
    let calls = max(1, 500_000 / kernel.elements)
    let peak = isa.peak(.wall, seconds: seconds) {
      for _ in 0..<5 { timing.measure { for _ in 0..<calls { kernel.run() } } }
    }
    return ElementwiseRow(
      kernel: name.rawValue, headWidth: headWidth, isa: isa.rawValue, elements: kernel.elements,
      seconds: timing.seconds / Double(calls), bytes: 4 * Double(kernel.floatsMoved),
      operations: Double(kernel.operations), bandwidth: bandwidth, peak: peak)
  }
}

extension ElementwiseName: ExpressibleByArgument {}

/// One line of the result.
struct ElementwiseRow: ResultRow {
  var kernel: String
  /// The columns of attention's heads.
  var headWidth: Int?
  var isa: String
  var elements: Int
  var nanosecondsPerElement: Double
  var gigabytesPerSecond: Double
  /// The bandwidth over a working set of the same size.
  var bandwidthGBs: Double
  var peakGflops: Double
  /// Which limit binds: `bandwidth` or `multiply-adds`.
  var limit: String
  /// The time that the limit allows over the time that was measured.
  var fractionOfLimit: Double

  /// - Parameters:
  ///   - seconds: The time of one run.
  ///   - bytes: Read and written by one run.
  ///   - operations: The operations of one run; the peak allows one for every two FLOPs.
  ///   - bandwidth: Bytes a second.
  ///   - peak: FLOPs a second.
  init(
    kernel: String, headWidth: Int? = nil, isa: String, elements: Int, seconds: Double,
    bytes: Double, operations: Double, bandwidth: Double, peak: Double
  ) {
    self.kernel = kernel
    self.headWidth = headWidth
    self.isa = isa
    self.elements = elements
    nanosecondsPerElement = 1e9 * seconds / Double(elements)
    gigabytesPerSecond = bytes / seconds / 1e9
    bandwidthGBs = bandwidth / 1e9
    peakGflops = peak / 1e9
    let moving = bytes / bandwidth
    let computing = 2 * operations / peak
    limit = moving >= computing ? "bandwidth" : "multiply-adds"
    fractionOfLimit = max(moving, computing) / seconds
  }

  static let header =
    "kernel                elements   ns/element      GB/s   of GB/s  GFLOP/s peak   share  of"

  var line: String {
    (kernel + (headWidth.map { " \($0)" } ?? "")).padding(
      toLength: 20, withPad: " ", startingAt: 0)
      + String(
        format: "%10d%13.4f%10.1f%10.1f%14.1f%7.1f%%  ", elements, nanosecondsPerElement,
        gigabytesPerSecond, bandwidthGBs, peakGflops, 100 * fractionOfLimit) + limit
  }
}
