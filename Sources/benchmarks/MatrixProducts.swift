import ArgumentParser
import Foundation
import KernelInterface
import Kernels

/// Times matrix products in the three forms that a linear layer needs.
struct MatrixProducts: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "gemm",
    abstract: "Time fp32 matrix products against the measured peak of multiply-adds.",
    discussion: """
      A shape ROWSxINxOUT is a linear layer's: NN is its forward pass [ROWS, IN] · [IN, OUT], NT \
      the gradient of its input [ROWS, OUT] · [IN, OUT]ᵀ, TN that of its weights [ROWS, IN]ᵀ · \
      [ROWS, OUT]. Every product is checked against a sum in double precision before it is timed; \
      a wrong one ends the program with status 1.
      """)

  @OptionGroup var output: RowOutput

  @Option(help: "Instruction set: avx512, avx2 or portable (default: the fastest).")
  var isa: InstructionSet = .best

  @Option(help: "Seconds to spend on each row.")
  var seconds = 0.5

  @Option(
    parsing: .upToNextOption,
    help: "Shapes ROWSxINxOUT (default: 2048 rows, widths 16 to 256 by 1, 3, 4).")
  var shapes: [Shape] = Shape.sweep

  func validate() throws {
    try isa.validate()
    try benchmarks.validate(seconds: seconds)
    for shape in shapes where !shape.fits {
      throw ValidationError(
        "--shapes must have at most \(mostNumbers) numbers in each matrix; found "
          + "\(shape.description).")
    }
  }

  func run() throws {
    let bandwidth = Bandwidth.measure(bytes: Bandwidth.memory, kernels: isa.kernels) / 1e9
    try output.begin(Row.self)
    for shape in shapes {
      let products = Form.allCases.map { Product(shape: shape, form: $0, kernels: isa.kernels) }
      for product in products {
        if let fault = product.fault() {
          throw Failure(
            "\(shape.description) \(product.form.rawValue) on \(isa.rawValue) is wrong: \(fault)")
        }
      }
      for row in measure(products, bandwidth: bandwidth) { try output.write(row) }
    }
  }

  /// Times the products in turn beside the peak, so that all have the same neighbours.
  private func measure(_ products: [Product], bandwidth: Double) -> [Row] {
    var timings = products.map { _ in Timing() }
    // Several calls a measurement, so that reading the clock costs nothing.
    let calls = max(1, Int(1e7 / products[0].shape.operations))
    let peak = isa.peak(.wall, seconds: seconds * Double(products.count)) {
      for (index, product) in products.enumerated() {
        // The first time brings the operands back into the caches.
        for _ in 0..<9 { timings[index].measure { for _ in 0..<calls { product.run() } } }
      }
    }
    let peakSpeed = peak / 1e9
    return zip(products, timings).map { product, timing in
      let speed = product.shape.operations * Double(calls) / timing.seconds / 1e9
      return Row(
        shape: product.shape.description, form: product.form.rawValue, isa: isa.rawValue,
        gflops: speed, peakGflops: peakSpeed, fractionOfPeak: speed / peakSpeed,
        bandwidthGBs: bandwidth)
    }
  }
}

/// The sizes of a linear layer.
struct Shape: ExpressibleByArgument, CustomStringConvertible {
  var rows: Int
  var inputs: Int
  var outputs: Int

  init(rows: Int, inputs: Int, outputs: Int) {
    self.rows = rows
    self.inputs = inputs
    self.outputs = outputs
  }

  init?(argument: String) {
    let sizes = argument.split(separator: "x").map { Int($0) ?? 0 }
    guard sizes.count == 3, sizes.allSatisfy({ $0 > 0 }) else { return nil }
    self.init(rows: sizes[0], inputs: sizes[1], outputs: sizes[2])
  }

  var description: String { "\(rows)x\(inputs)x\(outputs)" }

  /// Whether each matrix, padded to whole lanes, has at most `mostNumbers` numbers.
  var fits: Bool {
    let sides = [rows, inputs, outputs]
    guard sides.allSatisfy({ $0 <= mostNumbers }) else { return false }
    return [(0, 1), (1, 2), (0, 2)].allSatisfy {
      padded(sides[$0]) * padded(sides[$1]) <= mostNumbers
    }
  }

  /// The floating-point operations of one product.
  var operations: Double { 2 * Double(rows) * Double(inputs) * Double(outputs) }

  /// The linear layers of transformers of widths 16 to 256 over 2048 rows: from the width to
  /// itself, to queries, keys and values, and to the inner layer of an MLP.
  static var sweep: [Shape] {
    [16, 32, 64, 128, 256].flatMap { width in
      [1, 3, 4].map { Shape(rows: 2048, inputs: width, outputs: $0 * width) }
    }
  }
}

/// Which operand is transposed.
enum Form: String, CaseIterable {
  case plain = "NN"
  case rightTransposed = "NT"
  case leftTransposed = "TN"
}

/// One line of the result.
private struct Row: ResultRow {
  var shape: String
  var form: String
  var isa: String
  var gflops: Double
  var peakGflops: Double
  var fractionOfPeak: Double
  /// The bandwidth of memory.
  var bandwidthGBs: Double

  static let header = "shape            form  isa        GFLOP/s     peak   of peak  memory GB/s"

  var line: String {
    shape.padding(toLength: 17, withPad: " ", startingAt: 0)
      + form.padding(toLength: 6, withPad: " ", startingAt: 0)
      + isa.padding(toLength: 9, withPad: " ", startingAt: 0)
      + String(
        format: "%9.1f%9.1f%8.1f %%%13.1f", gflops, peakGflops, 100 * fractionOfPeak, bandwidthGBs)
  }
}
