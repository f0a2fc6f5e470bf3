import KernelInterface
import Randomness

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

  /// A table of the softmax of `logits` over a temperature, row by row without padding.
  ///
  /// Computed in Double with the package's own exponential, so that it has the same bits anywhere.
  init(columns: Int, logits: [Float], temperature: Double) throws(TrainingError) {
    precondition(logits.count.isMultiple(of: columns), "\(logits.count) logits in \(columns)")
    let count = logits.count / columns
    let stride = padded(columns)
    for index in logits.indices where !logits[index].isFinite {
      throw .notFinite(what: "logits", index: index, value: logits[index])
    }
    rows = count
    self.columns = columns
    var weights = [Double](repeating: 0, count: columns)
    buffer = FrozenBuffer(count: count * stride) { table in
      for row in 0..<count {
        var greatest = -Double.infinity
        for column in 0..<columns {
          weights[column] = Double(logits[row * columns + column]) / temperature
          greatest = weights[column] > greatest ? weights[column] : greatest
        }
        var sum = 0.0
        for column in 0..<columns {
          weights[column] = Reproducible.exp(weights[column] - greatest)
          sum += weights[column]
        }
        for column in 0..<columns { table[row * stride + column] = Float(weights[column] / sum) }
      }
    }
  }

  /// The probabilities of a row.
  public func probabilities(row: Int) -> [Float] {
    precondition((0..<rows).contains(row), "row \(row) of \(rows)")
    return Array(UnsafeBufferPointer(start: buffer.pointer + row * stride, count: columns))
  }

  /// The mean entropy in nats of the rows that are named; negative ones do not count.
  ///
  /// `evaluateSoft` less this is the Kullback-Leibler divergence of the model from the table.
  public func meanEntropy(rows indices: [Int32]) -> Double {
    var sum = 0.0
    var count = 0
    for row in indices where row >= 0 {
      for probability in probabilities(row: Int(row)) where probability > 0 {
        sum -= Double(probability) * Reproducible.log(Double(probability))
      }
      count += 1
    }
    return count == 0 ? 0 : sum / Double(count)
  }
}
