import KernelInterface
import Kernels

/// A layer's queries, keys and values: `norm(x) Wqkv`, row by row or once for each token.
enum Projection {
  case rows(RowProjection)
  case tokens(TokenProjection)

  /// The matrix Wqkv, [D, 3 D].
  var matrix: MatrixLayer {
    switch self {
    case .rows(let rows): rows.matrix
    case .tokens(let tokens): tokens.matrix
    }
  }

  /// Packs the matrix.
  func prepare(_ work: Workspace, _ parameters: UnsafePointer<Float>, training: Bool) {
    matrix.pack(work, parameters, training: training)
    if case .tokens(let tokens) = self { tokens.prepare(work, parameters, training: training) }
  }

  /// Overwrites y, [rows, 3 D]; x is the residual stream, [rows, D].
  func forward(
    _ work: Workspace, _ rows: Int, _ x: UnsafePointer<Float>, tokens: UnsafePointer<Int32>,
    _ parameters: UnsafePointer<Float>, to y: UnsafeMutablePointer<Float>
  ) {
    switch self {
    case .rows(let projection):
      let u = projection.norm.forward(work, rows, x, parameters)
      projection.matrix.forward(work, rows, u, to: y)
    case .tokens(let projection):
      projection.forward(work, rows, tokens: tokens, to: y)
    }
  }

  /// `dx +=` and `gradients +=`, or what `finish` will add to the gradients; dy is [rows, 3 D].
  func backward(
    _ work: Workspace, _ rows: Int, _ x: UnsafePointer<Float>, tokens: UnsafePointer<Int32>,
    dy: UnsafePointer<Float>, _ parameters: UnsafePointer<Float>,
    _ gradients: UnsafeMutablePointer<Float>, dx: UnsafeMutablePointer<Float>,
    scratch: GradientScratch
  ) {
    switch self {
    case .rows(let projection):
      let norm = projection.norm
      let dNormalized = work.arena + scratch.normalized
      projection.matrix.backward(
        work, rows, work.arena + norm.result, dy: dy, gradients, to: dNormalized)
      norm.backward(work, rows, x, dy: dNormalized, parameters, gradients, dx: dx)
    case .tokens(let projection):
      projection.backward(work, rows, tokens: tokens, dy: dy)
    }
  }

  /// Adds what `backward` kept aside.
  func finish(
    _ work: Workspace, _ parameters: UnsafePointer<Float>,
    _ gradients: UnsafeMutablePointer<Float>
  ) {
    if case .tokens(let tokens) = self { tokens.finish(work, parameters, gradients) }
  }
}

/// `norm(x) W` of every row.
struct RowProjection {
  let norm: NormLayer
  let matrix: MatrixLayer
}

/// `norm(E) W`, once for each token of a vocabulary.
///
/// Before the first layer the residual stream is E[token], so that all rows of a token have the same
/// product. A step of R rows computes V rows instead and picks from them, which changes no bit.
/// Backward, the rows' gradients are added by token first, in their order, and go through W and the
/// norm at the end of the step: `3 (V / R)` products instead of 3, a gain from R = V on.
struct TokenProjection {
  /// E, [V, D].
  let embedding: MatrixWeights
  let norm: NormLayer
  let matrix: MatrixLayer
  /// The products of all tokens and their gradients, [V, columns].
  let products: Int
  let dProducts: Int
  /// The gradient by the norm's result, [V, D].
  let dNormalized: Int

  /// The products of `embedding`'s rows; its places are reserved in `arena`.
  init(
    embedding: MatrixWeights, norm: NormWeights, matrix: MatrixWeights, in arena: inout ArenaPlan
  ) {
    self.embedding = embedding
    self.norm = NormLayer(norm, rows: embedding.inputs, in: &arena)
    self.matrix = MatrixLayer(matrix, in: &arena)
    products = arena.reserve(embedding.inputs, matrix.outputs)
    dProducts = arena.reserve(embedding.inputs, matrix.outputs)
    dNormalized = arena.reserve(embedding.inputs, embedding.outputs)
  }

  private var vocabulary: Int { embedding.inputs }
  private var stride: Int { padded(matrix.weights.outputs) }

  /// Computes the products of all tokens; the matrix is packed.
  func prepare(_ work: Workspace, _ parameters: UnsafePointer<Float>, training: Bool) {
    let u = norm.forward(work, vocabulary, parameters + embedding.offset, parameters)
    matrix.forward(work, vocabulary, u, to: work.arena + products)
    if training { work.kernels.zero(count: vocabulary * stride, y: work.arena + dProducts) }
  }

  /// Overwrites y, [rows, columns], with the products of the rows' tokens.
  func forward(
    _ work: Workspace, _ rows: Int, tokens: UnsafePointer<Int32>,
    to y: UnsafeMutablePointer<Float>
  ) {
    work.kernels.embed(
      rows: rows, width: matrix.weights.outputs, tokens: tokens, table: work.arena + products,
      tableStride: stride, positions: nil, period: 1, y: y, stride: stride)
  }

  /// Adds dy, [rows, columns], to the gradients of the tokens' products, rows in ascending order.
  func backward(
    _ work: Workspace, _ rows: Int, tokens: UnsafePointer<Int32>, dy: UnsafePointer<Float>
  ) {
    work.kernels.embedBackward(
      rows: rows, width: matrix.weights.outputs, tokens: tokens, dy: dy, stride: stride,
      dtable: work.arena + dProducts, tableStride: stride, dpositions: nil, period: 1)
  }

  /// `dW +=`, `dE +=` and, if there is a gain, `dg +=`, tokens in ascending order.
  func finish(
    _ work: Workspace, _ parameters: UnsafePointer<Float>,
    _ gradients: UnsafeMutablePointer<Float>
  ) {
    let dy = work.arena + dNormalized
    matrix.backward(
      work, vocabulary, work.arena + norm.result, dy: work.arena + dProducts, gradients, to: dy)
    norm.backward(
      work, vocabulary, parameters + embedding.offset, dy: dy, parameters, gradients,
      dx: gradients + embedding.offset)
  }
}
