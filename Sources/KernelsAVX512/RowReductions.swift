import KernelInterface

/// The partial results of up to sixteen rows, a vector each, which are reduced together.
///
/// Alone, a row takes eight shuffles, each waiting for the one before; sixteen together take thirty.
/// A row's result is that of `treeSum` or `treeMax`, bit for bit.
struct RowPartials {
  private let vectors: UnsafeMutablePointer<Float>

  /// Rows that are never set count as zero.
  @inline(__always)
  init(_ scratch: UnsafeMutablePointer<Float>) {
    vectors = scratch
    for row in 0..<laneCount { scratch.store(Lanes(), row * laneCount) }
  }

  /// The floats of scratch that are needed.
  static var count: Int { laneCount * laneCount }

  @inline(__always)
  subscript(row: Int) -> Lanes {
    get { vectors.lanes(row * laneCount) }
    nonmutating set { vectors.store(newValue, row * laneCount) }
  }

  /// The sum of each row, in the row's lane.
  @inline(__always)
  func sums() -> Lanes {
    reduced { a, b in
      let (low, high) = a.interleaved(with: b)
      return low + high
    }
  }

  /// The greatest lane of each row, in the row's lane.
  @inline(__always)
  func maxima() -> Lanes {
    reduced { a, b in
      let (low, high) = a.interleaved(with: b)
      return low.greater(high)
    }
  }

  /// Each pairing joins lane i of both with lane i + 8 and leaves the two results side by side;
  /// rows are paired in the order that puts row r into lane r at last.
  @inline(__always)
  private func reduced(_ pair: (Lanes, Lanes) -> Lanes) -> Lanes {
    pair(
      pair(
        pair(pair(self[0], self[8]), pair(self[4], self[12])),
        pair(pair(self[2], self[10]), pair(self[6], self[14]))),
      pair(
        pair(pair(self[1], self[9]), pair(self[5], self[13])),
        pair(pair(self[3], self[11]), pair(self[7], self[15]))))
  }
}

/// How many rows are worked on together: sixteen, or one at a time where sixteen would not stay in a
/// first-level cache from one pass over them to the next.
func rowsTogether(columns: Int) -> Int { columns <= 256 ? laneCount : 1 }
