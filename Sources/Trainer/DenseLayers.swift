import KernelInterface

/// Where a matrix stands in an arena as `gemmPacked` reads it: W, [k, n], for the forward pass and
/// Wᵀ for the backward pass.
struct PackedMatrix {
  var plain: Int
  var transposed: Int
}

extension ArenaPlan {
  /// Room for a packed W, [rows, columns], and its transpose.
  mutating func reserveMatrix(_ rows: Int, _ columns: Int) -> PackedMatrix {
    PackedMatrix(
      plain: reserve(rows * padded(columns)), transposed: reserve(columns * padded(rows)))
  }
}

/// The products, norms and activations that the passes are made of.
///
/// Matrices are row-major with rows of whole lane groups: a factor of k columns has stride
/// `padded(k)`.
struct DenseLayers {
  let kernels: any KernelSet.Type
  /// What the offsets of packed matrices count from.
  let arena: UnsafeMutablePointer<Float>

  static let epsilon: Float = 1e-5

  // MARK: Products

  /// Packs W, [k, n], and, if there will be a backward pass, its transpose.
  func pack(
    _ w: UnsafePointer<Float>, _ k: Int, _ n: Int, to packed: PackedMatrix, training: Bool
  ) {
    kernels.pack(k: k, n: n, b: w, bStride: padded(n), into: arena + packed.plain)
    guard training else { return }
    kernels.packTransposed(k: n, n: k, b: w, bStride: padded(n), into: arena + packed.transposed)
  }

  /// Packs Eᵀ as a matrix of its own, and E for its backward pass; E is [n, k].
  func packTied(
    _ e: UnsafePointer<Float>, _ n: Int, _ k: Int, to packed: PackedMatrix, training: Bool
  ) {
    kernels.packTransposed(k: k, n: n, b: e, bStride: padded(k), into: arena + packed.plain)
    guard training else { return }
    kernels.pack(k: n, n: k, b: e, bStride: padded(k), into: arena + packed.transposed)
  }

  /// `y = x W + addend`; x is [rows, k], W is [k, n], packed; the addend may be y.
  func multiply(
    _ rows: Int, _ x: UnsafePointer<Float>, _ k: Int, _ packed: Int, _ n: Int,
    plus addend: UnsafePointer<Float>? = nil, to y: UnsafeMutablePointer<Float>
  ) {
    kernels.gemmPacked(
      m: rows, n: n, k: k, a: x, aStride: padded(k), panels: arena + packed,
      c: y, cStride: padded(n), addend: addend)
  }

  /// `y = x W` or `y += x W` with a W that is not packed; x is [rows, k], W is [k, n].
  func multiply(
    _ rows: Int, _ x: UnsafePointer<Float>, _ k: Int, _ w: UnsafePointer<Float>, _ n: Int,
    to y: UnsafeMutablePointer<Float>, accumulate: Bool = false
  ) {
    kernels.gemmNN(
      m: rows, n: n, k: k, a: x, aStride: padded(k), b: w, bStride: padded(n),
      c: y, cStride: padded(n), accumulate: accumulate)
  }

  /// `dW += xᵀ dy`; x is [rows, m], dy is [rows, n].
  func addOuter(
    _ rows: Int, _ x: UnsafePointer<Float>, _ m: Int, _ dy: UnsafePointer<Float>, _ n: Int,
    to dw: UnsafeMutablePointer<Float>
  ) {
    kernels.gemmTN(
      m: m, n: n, k: rows, a: x, aStride: padded(m), b: dy, bStride: padded(n),
      c: dw, cStride: padded(n), accumulate: true)
  }

  /// `y = xᵀ`; x is [rows, columns]. For what is done once: element by element.
  func transpose(
    _ rows: Int, _ columns: Int, _ x: UnsafePointer<Float>, to y: UnsafeMutablePointer<Float>
  ) {
    for row in 0..<rows {
      for column in 0..<columns {
        y[column * padded(rows) + row] = x[row * padded(columns) + column]
      }
    }
  }

  // MARK: Norms and activations

  /// The root-mean-square norm of each row, x is [rows, width].
  func normalize(
    _ rows: Int, _ width: Int, _ x: UnsafePointer<Float>, gain: UnsafePointer<Float>?,
    to y: UnsafeMutablePointer<Float>, inverse: UnsafeMutablePointer<Float>
  ) {
    kernels.rmsNorm(
      rows: rows, width: width, x: x, stride: padded(width), gain: gain, epsilon: Self.epsilon,
      y: y, inverseRMS: inverse)
  }

  /// The backward pass of `normalize`: `dx +=`, `dgain +=`.
  func normalizeBackward(
    _ rows: Int, _ width: Int, _ x: UnsafePointer<Float>, gain: UnsafePointer<Float>?,
    inverse: UnsafePointer<Float>, dy: UnsafePointer<Float>, dx: UnsafeMutablePointer<Float>,
    dgain: UnsafeMutablePointer<Float>?
  ) {
    kernels.rmsNormBackward(
      rows: rows, width: width, x: x, stride: padded(width), gain: gain, inverseRMS: inverse,
      dy: dy, dx: dx, dgain: dgain)
  }

  /// `y = activation(x)` over `count` floats; may run in place.
  func activate(
    _ activation: TransformerConfiguration.Activation, _ count: Int, _ x: UnsafePointer<Float>,
    to y: UnsafeMutablePointer<Float>
  ) {
    switch activation {
    case .relu: kernels.relu(count: count, x: x, y: y)
    case .gelu: kernels.gelu(count: count, x: x, y: y)
    }
  }

  /// `dy *= activation'(x)`; for a ReLU x may be its result.
  func activateBackward(
    _ activation: TransformerConfiguration.Activation, _ count: Int, _ x: UnsafePointer<Float>,
    _ dy: UnsafeMutablePointer<Float>
  ) {
    switch activation {
    case .relu: kernels.reluBackward(count: count, x: x, dy: dy, dx: dy)
    case .gelu: kernels.geluBackward(count: count, x: x, dy: dy, dx: dy)
    }
  }
}
