/// A table that draws from a discrete distribution in constant time.
///
/// Walker 1977 (doi:10.1145/355744.355749) in the construction of Vose 1991 (doi:10.1109/32.92917):
/// n columns of equal weight, each shared by at most two outcomes. One word gives the column and,
/// from the bits left over, the side of its threshold. Thresholds have 40 bits: the distribution
/// drawn differs from the one asked for by at most 2^-41 in total variation.
public struct AliasTable: Sendable {
  @usableFromInline let columns: AliasRows

  /// Makes a table of weights, which need not sum to one; at most 2^24 of them.
  /// - Complexity: O(n).
  public init(weights: [Double]) {
    columns = AliasRows(rows: 1, columns: weights.count, weights: weights)
  }

  /// The number of outcomes.
  public var count: Int { columns.columns }

  /// Draws an index with probability proportional to its weight; one word.
  @inlinable
  public func sample(using stream: inout RandomStream) -> Int {
    columns.sample(row: 0, using: &stream)
  }
}

/// Alias tables of equal size, one for each row of a matrix of weights.
public struct AliasRows: Sendable {
  /// The number of tables.
  public let rows: Int
  /// The number of outcomes of each.
  public let columns: Int
  /// The threshold in the upper 40 bits, the other outcome in the lower 24.
  @usableFromInline let entries: [UInt64]

  /// Makes a table for each row of `weights`, which is [rows, columns], row-major.
  ///
  /// Each weight must be finite and not negative, and each row must have a positive sum.
  /// - Complexity: O(rows · columns).
  public init(rows: Int, columns: Int, weights: [Double]) {
    precondition(
      rows > 0 && columns > 0 && weights.count == rows * columns,
      "alias tables of \(rows) rows by \(columns) columns need as many weights; found "
        + "\(weights.count)")
    precondition(
      columns <= 1 << 24, "an alias table holds at most 2^24 outcomes; found \(columns)")
    self.rows = rows
    self.columns = columns
    var builder = AliasBuilder(columns: columns)
    entries = Array(unsafeUninitializedCapacity: weights.count) { buffer, count in
      for row in 0..<rows {
        builder.build(
          weights[row * columns..<(row + 1) * columns], row: row,
          into: UnsafeMutableBufferPointer(rebasing: buffer[row * columns..<(row + 1) * columns]))
      }
      count = weights.count
    }
  }

  /// Draws a column of `row` with probability proportional to its weight; one word.
  @inlinable
  public func sample(row: Int, using stream: inout RandomStream) -> Int {
    precondition(row >= 0 && row < rows, "row \(row) of \(rows) alias tables")
    return entries.withUnsafeBufferPointer { entries in
      let (column, fraction) = stream.next().multipliedFullWidth(by: UInt64(columns))
      let entry = entries[row &* columns &+ Int(truncatingIfNeeded: column)]
      // Bitwise on purpose: which side is unpredictable, and a select beats a branch.
      let own = (fraction &>> 24) < (entry &>> 24)
      return own ? Int(truncatingIfNeeded: column) : Int(truncatingIfNeeded: entry & 0xFF_FFFF)
    }
  }
}

/// Vose's construction, with work space that rows share.
private struct AliasBuilder {
  let columns: Int
  var scaled: [Double]
  var small: [Int] = []
  var large: [Int] = []

  init(columns: Int) {
    self.columns = columns
    scaled = Array(repeating: 0, count: columns)
  }

  mutating func build(
    _ weights: ArraySlice<Double>, row: Int, into entries: UnsafeMutableBufferPointer<UInt64>
  ) {
    var total = 0.0
    for weight in weights {
      precondition(
        weight >= 0 && weight.isFinite,
        "a weight must be finite and not negative; found \(weight) in row \(row)")
      total += weight
    }
    precondition(
      total > 0 && total.isFinite, "weights must have a positive, finite sum; row \(row): \(total)")
    small.removeAll(keepingCapacity: true)
    large.removeAll(keepingCapacity: true)
    for (column, weight) in weights.enumerated() {
      scaled[column] = weight * (Double(columns) / total)
      if scaled[column] < 1 { small.append(column) } else { large.append(column) }
    }
    while let poor = small.last, let rich = large.last {
      small.removeLast()
      entries[poor] = Self.entry(threshold: scaled[poor], other: rich)
      scaled[rich] -= 1 - scaled[poor]
      if scaled[rich] < 1 {
        large.removeLast()
        small.append(rich)
      }
    }
    // What is left has weight one up to rounding, unless it can never be drawn.
    for column in small + large { entries[column] = Self.entry(threshold: 1, other: column) }
  }

  private static func entry(threshold: Double, other: Int) -> UInt64 {
    let steps = UInt64(min((threshold * 0x1p40).rounded(), 0x1p40 - 1))
    return steps << 24 | UInt64(other)
  }
}
