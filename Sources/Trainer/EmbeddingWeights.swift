import KernelInterface
import Kernels

/// The rows that tokens pick, and those that positions add: `x = E[token] (+ P[t])`.
struct EmbeddingWeights: Sendable {
  /// E, [V, D].
  let table: MatrixWeights
  /// P, [T, D]; nil if nothing is learned of positions here.
  let positions: MatrixWeights?

  /// Overwrites x, [rows, D]; row r stands at position r mod T.
  func forward(
    _ work: Workspace, _ rows: Int, tokens: UnsafePointer<Int32>,
    _ parameters: UnsafePointer<Float>, to x: UnsafeMutablePointer<Float>
  ) {
    let (width, stride) = (table.outputs, padded(table.outputs))
    work.kernels.embed(
      rows: rows, width: width, tokens: tokens, table: parameters + table.offset,
      tableStride: stride, positions: positions.map { parameters + $0.offset },
      period: positions?.inputs ?? 1, y: x, stride: stride)
  }

  /// `dE +=` and `dP +=`, rows in ascending order.
  func backward(
    _ work: Workspace, _ rows: Int, tokens: UnsafePointer<Int32>, dx: UnsafePointer<Float>,
    _ gradients: UnsafeMutablePointer<Float>
  ) {
    let (width, stride) = (table.outputs, padded(table.outputs))
    work.kernels.embedBackward(
      rows: rows, width: width, tokens: tokens, dy: dx, stride: stride,
      dtable: gradients + table.offset, tableStride: stride,
      dpositions: positions.map { gradients + $0.offset }, period: positions?.inputs ?? 1)
  }
}
