import KernelInterface
import Kernels

/// A root-mean-square norm with epsilon 1e-5: `y = g x / √(mean(x²) + ε)`, row by row.
struct NormWeights: Sendable {
  static let epsilon: Float = 1e-5

  let width: Int
  /// Where the gain g, [width], begins among the parameters; nil if it is not learned.
  let gain: Int?

  /// `y = norm(x)`; x and y are [rows, width]; `inverse` receives a number a row.
  func normalize(
    _ work: Workspace, _ rows: Int, _ x: UnsafePointer<Float>, _ parameters: UnsafePointer<Float>,
    to y: UnsafeMutablePointer<Float>, inverse: UnsafeMutablePointer<Float>
  ) {
    work.kernels.rmsNorm(
      rows: rows, width: width, x: x, stride: padded(width), gain: gain.map { parameters + $0 },
      epsilon: Self.epsilon, y: y, inverseRMS: inverse)
  }
}

/// A norm that keeps what its backward pass needs.
struct NormLayer {
  let weights: NormWeights
  /// One over the root of each row's mean square.
  let inverse: Int
  /// The result, [rows, width].
  let result: Int

  /// A norm of at most `rows` rows; its places are reserved in `arena`.
  init(_ weights: NormWeights, rows: Int, in arena: inout ArenaPlan) {
    self.weights = weights
    inverse = arena.reserve(rows)
    result = arena.reserve(rows, weights.width)
  }

  /// Returns `norm(x)`; x is [rows, width].
  func forward(
    _ work: Workspace, _ rows: Int, _ x: UnsafePointer<Float>, _ parameters: UnsafePointer<Float>
  ) -> UnsafePointer<Float> {
    weights.normalize(
      work, rows, x, parameters, to: work.arena + result, inverse: work.arena + inverse)
    return UnsafePointer(work.arena + result)
  }

  /// `dx = ... + addend` and, if there is a gain, `dg +=`; dy is the gradient by the result; the
  /// addend, if there is one, may be dx.
  func backward(
    _ work: Workspace, _ rows: Int, _ x: UnsafePointer<Float>, dy: UnsafePointer<Float>,
    _ parameters: UnsafePointer<Float>, _ gradients: UnsafeMutablePointer<Float>,
    plus addend: UnsafePointer<Float>?, to dx: UnsafeMutablePointer<Float>
  ) {
    work.kernels.rmsNormBackward(
      rows: rows, width: weights.width, x: x, stride: padded(weights.width),
      gain: weights.gain.map { parameters + $0 }, inverseRMS: work.arena + inverse,
      dy: dy, addend: addend, dx: dx, dgain: weights.gain.map { gradients + $0 })
  }
}
