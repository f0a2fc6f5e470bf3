import KernelInterface

/// Rows of probabilities that serve as soft targets: a teacher's outputs or a language's truth.
///
/// The rows are copied once into the layout that the kernels read; positions refer to them by
/// index, so that a context that occurs often is stored once.
public final class DistributionTable: Sendable {
  /// The number of distributions.
  public let rows: Int
  /// The number of outcomes of each distribution.
  public let columns: Int
  let buffer: FrozenBuffer
  var stride: Int { padded(columns) }

  /// A table of `probabilities`, row by row; each row must be non-negative and sum to one.
  ///
  /// - Complexity: O(rows · columns); allocates one copy.
  public init(columns: Int, probabilities: [Float]) throws(TrainingError) {
    precondition(columns >= 1, "a distribution needs at least one column, not \(columns)")
    precondition(
      probabilities.count.isMultiple(of: columns),
      "\(probabilities.count) probabilities are no whole number of rows of \(columns)")
    rows = probabilities.count / columns
    self.columns = columns
    let stride = padded(columns)
    for row in 0..<rows {
      var sum = 0.0
      var least: Float = 0
      for value in probabilities[row * columns..<(row + 1) * columns] {
        sum += Double(value)
        least = value < least ? value : least
      }
      guard abs(sum - 1) <= 1e-4, least >= 0 else {
        throw .notADistribution(row: row, sum: sum)
      }
    }
    let (rows, columns) = (rows, columns)
    buffer = FrozenBuffer(count: rows * stride) { table in
      for row in 0..<rows {
        for column in 0..<columns {
          table[row * stride + column] = probabilities[row * columns + column]
        }
      }
    }
  }
}
