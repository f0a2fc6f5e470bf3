import KernelInterface
import Kernels

/// What every model on a residual stream does when it runs position by position: the stream itself,
/// norms and MLPs on it, and the logits at its end.
///
/// Nothing is kept for a backward pass, so one place serves all layers. Glossary: B sequences, R
/// rows at once (B times the positions of a call), D width, V vocabulary.
struct DecodingStream {
  /// The rows that prompts are taken in: enough for full speed of the products, few enough for the
  /// cache.
  private static let rowsAtOnce = 256

  let output: OutputWeights
  /// The stream, [R, D].
  let residual: Int
  /// The result of the last norm, [R, D].
  let normalized: Int
  let inverse: Int
  /// An MLP's inner layer.
  let hidden: Int
  /// [B, V].
  let logits: Int
  /// The embedding as [D, V], if the output is tied to it.
  let transposed: Int?
  /// The most rows at once.
  let rowLimit: Int

  /// The stream of at most `sequences` sequences; its places are reserved in `arena`.
  init(
    _ c: some ResidualConfiguration, output: OutputWeights, sequences: Int, context: Int,
    in arena: inout ArenaPlan
  ) {
    self.output = output
    rowLimit = max(sequences, min(Self.rowsAtOnce, sequences * context))
    residual = arena.reserve(rowLimit, c.width)
    normalized = arena.reserve(rowLimit, c.width)
    inverse = arena.reserve(rowLimit)
    hidden = arena.reserve(rowLimit, c.mlpRatio * c.width)
    logits = arena.reserve(sequences, c.vocabulary)
    transposed = output.matrix == nil ? arena.reserve(c.width, c.vocabulary) : nil
  }

  /// Takes over what is derived from the parameters, element by element: it is done once.
  func prepare(_ work: Workspace, _ parameters: UnsafePointer<Float>) {
    guard let transposed else { return }
    let (rows, columns) = (output.embedding.inputs, output.embedding.outputs)
    let x = parameters + output.embedding.offset
    let y = work.arena + transposed
    for row in 0..<rows {
      for column in 0..<columns {
        y[column * padded(rows) + row] = x[row * padded(columns) + column]
      }
    }
  }

  /// `x = embedding[token]`, without learned positions; returns x, [rows, D].
  func begin(
    _ work: Workspace, _ rows: Int, tokens: UnsafePointer<Int32>,
    _ parameters: UnsafePointer<Float>
  ) -> UnsafeMutablePointer<Float> {
    precondition(rows <= rowLimit, "\(rows) rows in a pass over at most \(rowLimit)")
    EmbeddingWeights(table: output.embedding, positions: nil).forward(
      work, rows, tokens: tokens, parameters, to: work.arena + residual)
    return work.arena + residual
  }

  /// Returns `norm(x)`.
  func normalize(
    _ work: Workspace, _ rows: Int, _ x: UnsafePointer<Float>, _ norm: NormWeights,
    _ parameters: UnsafePointer<Float>
  ) -> UnsafePointer<Float> {
    norm.normalize(
      work, rows, x, parameters, to: work.arena + normalized, inverse: work.arena + inverse)
    return UnsafePointer(work.arena + normalized)
  }

  /// `x += activation(norm(x) W1) W2`.
  func addMLP(
    _ work: Workspace, _ rows: Int, _ x: UnsafeMutablePointer<Float>, _ mlp: MLPWeights,
    _ parameters: UnsafePointer<Float>
  ) {
    let h = work.arena + hidden
    let u = normalize(work, rows, x, mlp.norm, parameters)
    mlp.input.multiply(work, rows, u, parameters, to: h)
    mlp.activation.apply(work, rows * padded(mlp.inner), to: h)
    mlp.output.multiply(work, rows, h, parameters, to: x, accumulate: true)
  }

  /// Returns the logits of the last of `positions` positions, [B, V].
  func finish(
    _ work: Workspace, _ sequences: Int, positions: Int, _ parameters: UnsafePointer<Float>
  ) -> UnsafePointer<Float> {
    let stride = padded(output.norm.width)
    let last = work.arena + residual + (positions - 1) * sequences * stride
    let u = normalize(work, sequences, last, output.norm, parameters)
    let y = work.arena + logits
    if let transposed {
      let e = output.embedding
      let tied = MatrixWeights(offset: transposed, inputs: e.outputs, outputs: e.inputs)
      tied.multiply(work, sequences, u, work.arena, to: y)
    } else {
      output.matrix?.multiply(work, sequences, u, parameters, to: y)
    }
    return UnsafePointer(y)
  }
}
