import KernelInterface
import Kernels

/// A matrix W among the parameters: row-major, [inputs, outputs], its rows padded to whole lane
/// groups.
struct MatrixWeights: Sendable {
  /// Where W begins in the flat buffers of parameters and gradients.
  let offset: Int
  let inputs: Int
  let outputs: Int

  /// `y = x W`, or `y += x W` if `accumulate`, with W as it lies; x is [rows, inputs].
  ///
  /// For weights that serve few products; `MatrixLayer` packs those that serve many.
  func multiply(
    _ work: Workspace, _ rows: Int, _ x: UnsafePointer<Float>, _ parameters: UnsafePointer<Float>,
    to y: UnsafeMutablePointer<Float>, accumulate: Bool = false
  ) {
    work.kernels.gemmNN(
      m: rows, n: outputs, k: inputs, a: x, aStride: padded(inputs),
      b: parameters + offset, bStride: padded(outputs), c: y, cStride: padded(outputs),
      accumulate: accumulate)
  }

  /// `dW += xᵀ dy`; x is [rows, inputs], dy is [rows, outputs].
  func addGradient(
    _ work: Workspace, _ rows: Int, _ x: UnsafePointer<Float>, _ dy: UnsafePointer<Float>,
    to gradients: UnsafeMutablePointer<Float>
  ) {
    work.kernels.gemmTN(
      m: inputs, n: outputs, k: rows, a: x, aStride: padded(inputs), b: dy,
      bStride: padded(outputs), c: gradients + offset, cStride: padded(outputs), accumulate: true)
  }
}

/// The products with a matrix W that is packed once for all micro-batches of a step.
struct MatrixLayer {
  let weights: MatrixWeights
  /// Where W stands among the packed matrices, as `gemmPacked` reads it in the forward pass, and,
  /// before the arena, Wᵀ, which it reads in the backward pass.
  let packed: Int
  let packedTranspose: Int

  /// The products with `weights`; room for the packed copies is reserved in `arena`.
  init(_ weights: MatrixWeights, in arena: inout ArenaPlan) {
    self.weights = weights
    packed = arena.reservePacked(weights.inputs, weights.outputs)
    packedTranspose = arena.reservePackedTranspose(weights.outputs, weights.inputs)
  }

  /// Packs W and, if there will be a backward pass, Wᵀ.
  func pack(_ work: Workspace, _ parameters: UnsafePointer<Float>, training: Bool) {
    let (k, n) = (weights.inputs, weights.outputs)
    let w = parameters + weights.offset
    work.kernels.pack(k: k, n: n, b: w, bStride: padded(n), into: work.packed + packed)
    guard training else { return }
    work.kernels.packTransposed(
      k: n, n: k, b: w, bStride: padded(n), into: work.arena + packedTranspose)
  }

  /// Packs W = Eᵀ, with E, [outputs, inputs], in the place of W among the parameters.
  func packTied(_ work: Workspace, _ parameters: UnsafePointer<Float>, training: Bool) {
    let (k, n) = (weights.inputs, weights.outputs)
    let e = parameters + weights.offset
    work.kernels.packTransposed(k: k, n: n, b: e, bStride: padded(k), into: work.packed + packed)
    guard training else { return }
    work.kernels.pack(
      k: n, n: k, b: e, bStride: padded(k), into: work.arena + packedTranspose)
  }

  /// `y = x W + addend`; x is [rows, inputs]; the addend, if there is one, may be y.
  func forward(
    _ work: Workspace, _ rows: Int, _ x: UnsafePointer<Float>,
    plus addend: UnsafePointer<Float>? = nil, to y: UnsafeMutablePointer<Float>
  ) {
    work.kernels.gemmPacked(
      m: rows, n: weights.outputs, k: weights.inputs, a: x, aStride: padded(weights.inputs),
      panels: work.packed + packed, c: y, cStride: padded(weights.outputs), addend: addend)
  }

  /// `dx = dy Wᵀ + addend`; dy is [rows, outputs]; the addend, if there is one, may be dx.
  func inputGradient(
    _ work: Workspace, _ rows: Int, dy: UnsafePointer<Float>,
    plus addend: UnsafePointer<Float>? = nil, to dx: UnsafeMutablePointer<Float>
  ) {
    work.kernels.gemmPacked(
      m: rows, n: weights.inputs, k: weights.outputs, a: dy, aStride: padded(weights.outputs),
      panels: work.arena + packedTranspose, c: dx, cStride: padded(weights.inputs), addend: addend)
  }

  /// `y = x W` with a ReLU over it; x is [rows, inputs].
  func forwardReLU(
    _ work: Workspace, _ rows: Int, _ x: UnsafePointer<Float>, to y: UnsafeMutablePointer<Float>
  ) {
    work.kernels.gemmPackedReLU(
      m: rows, n: weights.outputs, k: weights.inputs, a: x, aStride: padded(weights.inputs),
      panels: work.packed + packed, c: y, cStride: padded(weights.outputs), x: nil)
  }

  /// `dx = dy Wᵀ` and back through the ReLU whose result x is; dy is [rows, outputs].
  func inputGradientReLU(
    _ work: Workspace, _ rows: Int, _ x: UnsafePointer<Float>, dy: UnsafePointer<Float>,
    to dx: UnsafeMutablePointer<Float>
  ) {
    work.kernels.gemmPackedReLU(
      m: rows, n: weights.inputs, k: weights.outputs, a: dy, aStride: padded(weights.outputs),
      panels: work.arena + packedTranspose, c: dx, cStride: padded(weights.inputs), x: x)
  }

  /// Both gradients: `dW +=` (accumulated) and `dx = dy Wᵀ + addend` (overwritten).
  func backward(
    _ work: Workspace, _ rows: Int, _ x: UnsafePointer<Float>, dy: UnsafePointer<Float>,
    _ gradients: UnsafeMutablePointer<Float>, plus addend: UnsafePointer<Float>? = nil,
    to dx: UnsafeMutablePointer<Float>
  ) {
    weights.addGradient(work, rows, x, dy, to: gradients)
    inputGradient(work, rows, dy: dy, plus: addend, to: dx)
  }
}
