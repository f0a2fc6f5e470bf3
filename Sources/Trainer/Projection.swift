import KernelInterface
import Kernels

/// What a layer makes of the residual stream before it mixes positions: `norm(x) W` for one or more
/// matrices, row by row or once for each token.
///
/// Before the first layer the residual stream is E[token], if no positions are added, and all rows of a
/// token have the same products. Then a step of R rows computes V rows and picks from them, which
/// changes no bit. Backward, the rows' gradients are added by token first, in their order, and go
/// through the matrices and the norm at the end of the step: `3 V` rows of products instead of `3 R`.
/// Who can find the tokens' rows by itself is handed the products and adds to their gradients; then
/// `forward` and `backward` are left out.
///
/// Glossary: D width of the residual stream, V vocabulary.
struct Projection {
  /// A matrix W, [D, columns], and where `norm(x) W` stands, [rows, columns].
  private struct Output {
    let matrix: MatrixLayer
    let place: Int
    /// Where the gradient by it stands when the backward pass comes.
    let gradient: Int
    /// The products of all tokens and their gradients, [V, columns], if there is an embedding.
    let products: Int
    let dProducts: Int

    var columns: Int { matrix.weights.outputs }
    var stride: Int { padded(columns) }
  }

  /// E, [V, D], if every row of x is one of its rows.
  private let embedding: MatrixWeights?
  /// Of the rows of x, or of those of E.
  private let norm: NormLayer
  private var outputs: [Output] = []
  /// The gradient by the norm of E, [V, D].
  private let dNormalized: Int

  /// A projection of at most `rows` rows by no matrix yet; its places are reserved in `arena`.
  init(_ weights: NormWeights, of embedding: MatrixWeights?, rows: Int, in arena: inout ArenaPlan) {
    self.embedding = embedding
    norm = NormLayer(weights, rows: embedding?.inputs ?? rows, in: &arena)
    dNormalized = arena.reserve(embedding?.inputs ?? 0, weights.width)
  }

  /// Adds a matrix and returns where its product will stand, a row a position; the gradient by it will
  /// stand there too.
  mutating func append(
    _ weights: MatrixWeights, rows: Int, in arena: inout ArenaPlan
  ) -> Int {
    let place = arena.reserve(rows, weights.outputs)
    append(weights, at: place, gradient: place, in: &arena)
    return place
  }

  /// Adds a matrix for someone who can find the rows of tokens. Returns where the product and the
  /// gradient by it will stand: a row a token, or a row a position, the gradient at `gradient`.
  mutating func appendForTokens(
    _ weights: MatrixWeights, gradient: Int, rows: Int, in arena: inout ArenaPlan
  ) -> (product: Int, gradient: Int) {
    let place = arena.reserve(goesByTokens ? 0 : rows, weights.outputs)
    append(weights, at: place, gradient: gradient, in: &arena)
    let output = outputs[outputs.count - 1]
    return goesByTokens ? (output.products, output.dProducts) : (place, gradient)
  }

  private mutating func append(
    _ weights: MatrixWeights, at place: Int, gradient: Int, in arena: inout ArenaPlan
  ) {
    let tokens = embedding?.inputs ?? 0
    outputs.append(
      Output(
        matrix: MatrixLayer(weights, in: &arena), place: place, gradient: gradient,
        products: arena.reserve(tokens, weights.outputs),
        dProducts: arena.reserve(tokens, weights.outputs)))
  }

  /// Whether products are computed once for each token.
  var goesByTokens: Bool { embedding != nil }

  /// Packs the matrices and computes the products of all tokens.
  func prepare(_ work: Workspace, _ parameters: UnsafePointer<Float>, training: Bool) {
    for index in 0..<outputs.count {
      outputs[index].matrix.pack(work, parameters, training: training)
    }
    guard let embedding else { return }
    let tokens = embedding.inputs
    let u = norm.forward(work, tokens, parameters + embedding.offset, parameters)
    for index in 0..<outputs.count {
      let output = outputs[index]
      output.matrix.forward(work, tokens, u, to: work.arena + output.products)
      guard training else { continue }
      work.kernels.zero(count: tokens * output.stride, y: work.arena + output.dProducts)
    }
  }

  /// Overwrites the outputs' places; x is [rows, D].
  func forward(
    _ work: Workspace, _ rows: Int, _ x: UnsafePointer<Float>, tokens: UnsafePointer<Int32>,
    _ parameters: UnsafePointer<Float>
  ) {
    guard embedding == nil else { return pick(work, rows, tokens) }
    let u = norm.forward(work, rows, x, parameters)
    for index in 0..<outputs.count {
      outputs[index].matrix.forward(work, rows, u, to: work.arena + outputs[index].place)
    }
  }

  private func pick(_ work: Workspace, _ rows: Int, _ tokens: UnsafePointer<Int32>) {
    for index in 0..<outputs.count {
      let output = outputs[index]
      work.kernels.embed(
        rows: rows, width: output.columns, tokens: tokens, table: work.arena + output.products,
        tableStride: output.stride, positions: nil, period: 1, y: work.arena + output.place,
        stride: output.stride)
    }
  }

  /// `dx +=` and `gradients +=`, or what `finish` will add to the gradients.
  ///
  /// `scratch` is overwritten.
  func backward(
    _ work: Workspace, _ rows: Int, _ x: UnsafePointer<Float>, tokens: UnsafePointer<Int32>,
    _ parameters: UnsafePointer<Float>, _ gradients: UnsafeMutablePointer<Float>,
    dx: UnsafeMutablePointer<Float>, scratch: GradientScratch
  ) {
    guard embedding == nil else { return add(work, rows, tokens) }
    let dNormalized = work.arena + scratch.normalized
    for index in 0..<outputs.count {
      let output = outputs[index]
      output.matrix.backward(
        work, rows, work.arena + norm.result, dy: work.arena + output.gradient, gradients,
        plus: index == 0 ? nil : UnsafePointer(dNormalized), to: dNormalized)
    }
    norm.backward(work, rows, x, dy: dNormalized, parameters, gradients, plus: dx, to: dx)
  }

  /// Adds the rows' gradients to those of the tokens' products, in ascending order.
  private func add(_ work: Workspace, _ rows: Int, _ tokens: UnsafePointer<Int32>) {
    for index in 0..<outputs.count {
      let output = outputs[index]
      work.kernels.embedBackward(
        rows: rows, width: output.columns, tokens: tokens, dy: work.arena + output.gradient,
        stride: output.stride, dtable: work.arena + output.dProducts, tableStride: output.stride,
        dpositions: nil, period: 1)
    }
  }

  /// Adds what `backward` kept aside, tokens in ascending order.
  func finish(
    _ work: Workspace, _ parameters: UnsafePointer<Float>,
    _ gradients: UnsafeMutablePointer<Float>
  ) {
    guard let embedding else { return }
    let tokens = embedding.inputs
    let dNormalized = work.arena + dNormalized
    for index in 0..<outputs.count {
      let output = outputs[index]
      output.matrix.backward(
        work, tokens, work.arena + norm.result, dy: work.arena + output.dProducts, gradients,
        plus: index == 0 ? nil : UnsafePointer(dNormalized), to: dNormalized)
    }
    let dEmbedding = gradients + embedding.offset
    norm.backward(
      work, tokens, parameters + embedding.offset, dy: dNormalized, parameters, gradients,
      plus: dEmbedding, to: dEmbedding)
  }
}
