import KernelInterface
import Kernels

/// The tensors that turn the residual stream into logits: `norm(x) Wout`, or `norm(x) Eᵀ` if tied
/// to the embedding E.
struct OutputWeights: Sendable {
  let norm: NormWeights
  /// E, [V, D].
  let embedding: MatrixWeights
  /// Wout, [D, V]; nil if tied.
  let matrix: MatrixWeights?

  /// The row stride of the logits.
  var stride: Int { padded(embedding.inputs) }
}

/// The output of a model on a residual stream.
///
/// Glossary: D width of the residual stream, V vocabulary.
struct OutputLayer {
  let weights: OutputWeights
  let norm: NormLayer
  /// The products with Wout, or with Eᵀ.
  let product: MatrixLayer
  /// [rows, V]; the loss overwrites the logits by their gradient.
  let logits: Int
  /// What the output adds to a tied embedding, [V, D], kept aside until the end of a step: mixed
  /// into the embedding's own chain, it would make the sum depend on the size of micro-batches.
  let dTied: MatrixWeights?

  /// An output of at most `rows` rows; its places are reserved in `arena`.
  init(_ weights: OutputWeights, rows: Int, in arena: inout ArenaPlan) {
    let e = weights.embedding
    self.weights = weights
    norm = NormLayer(weights.norm, rows: rows, in: &arena)
    logits = arena.reserve(rows, e.inputs)
    product = MatrixLayer(
      weights.matrix ?? MatrixWeights(offset: e.offset, inputs: e.outputs, outputs: e.inputs),
      in: &arena)
    dTied =
      weights.matrix == nil
      ? MatrixWeights(
        offset: arena.reserve(e.inputs, e.outputs), inputs: e.inputs, outputs: e.outputs)
      : nil
  }

  /// Packs Wout, or Eᵀ.
  func pack(_ work: Workspace, _ parameters: UnsafePointer<Float>, training: Bool) {
    if weights.matrix == nil {
      product.packTied(work, parameters, training: training)
    } else {
      product.pack(work, parameters, training: training)
    }
  }

  /// Returns the logits of x, [rows, D].
  func forward(
    _ work: Workspace, _ rows: Int, _ x: UnsafePointer<Float>, _ parameters: UnsafePointer<Float>
  ) -> UnsafeMutablePointer<Float> {
    let u = norm.forward(work, rows, x, parameters)
    product.forward(work, rows, u, to: work.arena + logits)
    return work.arena + logits
  }

  /// `dx =` the gradient by x, from that by the logits in their own place; `gradients +=`, but for
  /// a tied embedding, which waits for `finish`.
  func backward(
    _ work: Workspace, _ rows: Int, _ x: UnsafePointer<Float>,
    _ parameters: UnsafePointer<Float>, _ gradients: UnsafeMutablePointer<Float>,
    dx: UnsafeMutablePointer<Float>, scratch: GradientScratch
  ) {
    let u = work.arena + norm.result
    let dLogits = work.arena + logits
    let dNormalized = work.arena + scratch.normalized
    if let dTied {
      dTied.addGradient(work, rows, dLogits, u, to: work.arena)
    } else {
      product.weights.addGradient(work, rows, u, dLogits, to: gradients)
    }
    product.inputGradient(work, rows, dy: dLogits, to: dNormalized)
    norm.backward(work, rows, x, dy: dNormalized, parameters, gradients, plus: nil, to: dx)
  }

  /// Adds what was kept aside to the gradient of a tied embedding.
  func finish(_ work: Workspace, _ gradients: UnsafeMutablePointer<Float>) {
    guard let dTied else { return }
    let count = dTied.inputs * padded(dTied.outputs)
    work.kernels.add(
      count: count, x: work.arena + dTied.offset, y: gradients + weights.embedding.offset)
    work.kernels.zero(count: count, y: work.arena + dTied.offset)
  }
}
