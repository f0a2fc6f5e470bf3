import KernelInterface
import Kernels

/// The tensors of an MLP on a residual stream: `x + activation(norm(x) W1) W2`.
struct MLPWeights: Sendable {
  let norm: NormWeights
  /// W1, [D, M].
  let input: MatrixWeights
  let activation: TransformerConfiguration.Activation
  /// W2, [M, D].
  let output: MatrixWeights

  /// The width of the inner layer, M.
  var inner: Int { input.outputs }
}

/// An MLP that keeps what its backward pass needs.
///
/// Glossary: D width of the residual stream, M width of the inner layer.
struct MLPBlock {
  let norm: NormLayer
  let input: MatrixLayer
  let activation: TransformerConfiguration.Activation
  let output: MatrixLayer
  /// What the activation sees, [rows, M], and then what it leaves there for the backward pass; the same
  /// place as `activated` for ReLU, whose derivative can be read off its result.
  let hidden: Int
  let activated: Int

  /// An MLP over at most `rows` rows; its places are reserved in `arena`.
  init(_ weights: MLPWeights, rows: Int, in arena: inout ArenaPlan) {
    norm = NormLayer(weights.norm, rows: rows, in: &arena)
    input = MatrixLayer(weights.input, in: &arena)
    activation = weights.activation
    output = MatrixLayer(weights.output, in: &arena)
    hidden = arena.reserve(rows, weights.inner)
    activated = activation == .relu ? hidden : arena.reserve(rows, weights.inner)
  }

  /// Packs both matrices.
  func pack(_ work: Workspace, _ parameters: UnsafePointer<Float>, training: Bool) {
    input.pack(work, parameters, training: training)
    output.pack(work, parameters, training: training)
  }

  /// `y = x + activation(norm(x) W1) W2`; x and y are [rows, D].
  func forward(
    _ work: Workspace, _ rows: Int, _ x: UnsafePointer<Float>, _ parameters: UnsafePointer<Float>,
    to y: UnsafeMutablePointer<Float>
  ) {
    let h = work.arena + hidden
    let a = work.arena + activated
    let u = norm.forward(work, rows, x, parameters)
    activation.forward(work, rows, u, through: input, h, to: a)
    output.forward(work, rows, a, plus: x, to: y)
  }

  /// Turns the gradient by y into that by x, in `dx`; `gradients +=`.
  ///
  /// `scratch` is overwritten.
  func backward(
    _ work: Workspace, _ rows: Int, _ x: UnsafePointer<Float>,
    _ parameters: UnsafePointer<Float>, _ gradients: UnsafeMutablePointer<Float>,
    dx: UnsafeMutablePointer<Float>, scratch: GradientScratch
  ) {
    let dHidden = work.arena + scratch.hidden
    let dNormalized = work.arena + scratch.normalized
    output.weights.addGradient(work, rows, work.arena + activated, dx, to: gradients)
    activation.backward(
      work, rows, work.arena + hidden, dy: dx, through: output, to: dHidden)
    input.backward(work, rows, work.arena + norm.result, dy: dHidden, gradients, to: dNormalized)
    norm.backward(work, rows, x, dy: dNormalized, parameters, gradients, plus: dx, to: dx)
  }
}

/// Where the layers of a pass put gradients that only the next line reads.
struct GradientScratch {
  /// By a norm's result, [rows, D].
  let normalized: Int
  /// By an MLP's inner layer, [rows, M].
  let hidden: Int

  /// Places for at most `rows` rows, reserved in `arena`.
  init(rows: Int, width: Int, mlpRatio: Int, in arena: inout ArenaPlan) {
    normalized = arena.reserve(rows, width)
    hidden = arena.reserve(rows, mlpRatio * width)
  }
}

extension TransformerConfiguration.Activation {
  /// `x = activation(x)` over `count` floats, in place.
  func apply(_ work: Workspace, _ count: Int, to x: UnsafeMutablePointer<Float>) {
    switch self {
    case .relu: work.kernels.relu(count: count, x: x, y: x)
    case .gelu: work.kernels.gelu(count: count, x: x, y: x)
    }
  }

  /// `y = activation(x)` over `count` floats; a GELU leaves its slope in the place of x, a ReLU may run
  /// in place.
  func forward(
    _ work: Workspace, _ count: Int, _ x: UnsafeMutablePointer<Float>,
    to y: UnsafeMutablePointer<Float>
  ) {
    switch self {
    case .relu: work.kernels.relu(count: count, x: x, y: y)
    case .gelu: work.kernels.geluWithSlope(count: count, x: x, y: y)
    }
  }

  /// `y = activation(u W)`; u is [rows, inputs]. x receives what `forward` leaves there, but for a ReLU,
  /// whose result serves as well.
  func forward(
    _ work: Workspace, _ rows: Int, _ u: UnsafePointer<Float>, through matrix: MatrixLayer,
    _ x: UnsafeMutablePointer<Float>, to y: UnsafeMutablePointer<Float>
  ) {
    switch self {
    case .relu: matrix.forwardReLU(work, rows, u, to: y)
    case .gelu:
      matrix.forward(work, rows, u, to: x)
      forward(work, rows * padded(matrix.weights.outputs), x, to: y)
    }
  }

  /// `dx = dy Wᵀ activation'`, by what `forward` left in the place of x; for a ReLU that may be its
  /// result. W is the matrix that the result went through; dy is [rows, outputs].
  func backward(
    _ work: Workspace, _ rows: Int, _ x: UnsafePointer<Float>, dy: UnsafePointer<Float>,
    through matrix: MatrixLayer, to dx: UnsafeMutablePointer<Float>
  ) {
    switch self {
    case .relu: matrix.inputGradientReLU(work, rows, x, dy: dy, to: dx)
    case .gelu:
      matrix.inputGradient(work, rows, dy: dy, to: dx)
      work.kernels.multiply(count: rows * padded(matrix.weights.inputs), x: x, y: dx)
    }
  }

  /// What initial deviations before it are multiplied by: a ReLU halves the variance.
  var gain: Double { self == .relu ? 2.0.squareRoot() : 1 }
}
