import KernelInterface
import Kernels

/// The kernels that make one pass over their arrays, by their names in `KernelSet`.
enum ElementwiseName: String, CaseIterable {
  case zero, add, addScaled, scale, multiply, sumOfSquares
  case exp, log, tanh
  case relu, reluBackward, gelu, geluWithSlope
  case rmsNorm, rmsNormBackward
  case embed, embedBackward
  case attention, attentionBackward
  case crossEntropy, crossEntropySoft, squaredError
  case gatedScan, gatedScanBackward, gatedStep
  case padRows, broadcast, addRows
  case adamW
}

extension ElementwiseName {
  /// Whether its speed depends on the width of heads.
  var hasHeads: Bool { self == .attention || self == .attentionBackward }
}

/// One kernel on operands of its own: what it costs, how it runs, what it must give.
struct ElementwiseKernel {
  /// The columns of the kernels that work on rows.
  static let columns = 256

  /// The elements of the array that the kernel is named for.
  var elements: Int
  /// The floats that one run reads and writes: each array once for reading, once for writing.
  var floatsMoved: Int
  /// The floats of all arrays together.
  var floatsHeld: Int
  /// The 16-lane operations of one run, times 16: a fused multiply-add is one, and so is a
  /// comparison, a selection, a division or a root.
  var operations: Int
  /// Runs the kernel once.
  var run: () -> Void
  /// Compares the state after the first run with a naive version in double precision.
  var check: (inout Comparison) -> Void

  /// The kernel of a name on about so many elements, a multiple of `columns`; attention with heads
  /// of `headWidth` columns, 1 to 64.
  static func make(
    _ name: ElementwiseName, elements: Int, headWidth: Int = 32, kernels: any KernelSet.Type
  ) -> ElementwiseKernel {
    precondition(
      elements > 0 && elements.isMultiple(of: columns), "\(elements) elements in rows of \(columns)"
    )
    return switch name {
    case .zero, .add, .addScaled, .scale, .multiply:
      vectorUpdate(name, elements, kernels)
    case .sumOfSquares: sumOfSquares(elements, kernels)
    case .exp, .log, .tanh, .relu, .gelu:
      function(name, elements, kernels)
    case .reluBackward: reluBackward(elements, kernels)
    case .geluWithSlope: geluWithSlope(elements, kernels)
    case .rmsNorm: rmsNorm(elements, kernels)
    case .rmsNormBackward: rmsNormBackward(elements, kernels)
    case .embed: embed(elements, kernels)
    case .embedBackward: embedBackward(elements, kernels)
    case .attention: attention(elements, headWidth: headWidth, kernels)
    case .attentionBackward: attentionBackward(elements, headWidth: headWidth, kernels)
    case .crossEntropy, .crossEntropySoft:
      crossEntropy(name, elements, kernels)
    case .squaredError: squaredError(elements, kernels)
    case .gatedScan: gatedScan(elements, kernels)
    case .gatedScanBackward: gatedScanBackward(elements, kernels)
    case .gatedStep: gatedStep(elements, kernels)
    case .padRows, .broadcast: copies(name, elements, kernels)
    case .addRows: addRows(elements, kernels)
    case .adamW: adamW(elements, kernels)
    }
  }

  /// Runs the kernel once and says what is wrong with its result, or nil.
  ///
  /// Call it before any other run: many kernels change their operands.
  func fault() -> String? {
    var comparison = Comparison()
    run()
    check(&comparison)
    precondition(comparison.count > 0, "nothing was compared")
    return comparison.fault
  }
}

/// Holds values against what they must be, and keeps the first that is wrong.
struct Comparison {
  /// What is wrong, or nil.
  private(set) var fault: String?
  /// The values compared so far.
  private(set) var count = 0

  /// Half an ulp of 1: the error of one rounding relative to its result.
  static let unit = Double(Float.ulpOfOne) / 2

  /// Expects `found` within `bound` of `value`; NaN is wrong.
  mutating func expect(
    _ found: Float, _ value: Double, within bound: Double, _ place: @autoclosure () -> String
  ) {
    count += 1
    guard fault == nil, !(abs(Double(found) - value) <= bound) else { return }
    fault = "\(place()) must be \(value) within \(bound), found \(found)"
  }

  /// Expects `found` within `roundings` of the magnitude `size` around `value`.
  mutating func expect(
    _ found: Float, _ value: Double, roundings: Double, of size: Double,
    _ place: @autoclosure () -> String
  ) {
    expect(found, value, within: roundings * Self.unit * size, place())
  }

  /// At most `most` indices below `count`, spread over all of them and over all columns.
  static func sample(_ count: Int, most: Int = 200_000) -> StrideTo<Int> {
    stride(from: 0, to: count, by: max(1, (count + most - 1) / most) | 1)
  }
}
