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

  /// Sets the first eight lanes of a row whose others count as zero.
  @inline(__always)
  func setLowHalf(_ row: Int, _ value: HalfLanes) { vectors.store(value, row * laneCount) }

  #if KERNELS_AVX512 && arch(x86_64)
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
  #else
    /// The sum of each row, in the row's lane.
    @inline(__always)
    func sums() -> Lanes { reduced { $0 + $1 } }

    /// The greatest lane of each row, in the row's lane.
    @inline(__always)
    func maxima() -> Lanes { reduced { $0.greater($1) } }

    /// Quarters of a row meet without a shuffle: lane i with i + 8, then with i + 4. What is left of
    /// four rows is reduced side by side, six shuffles.
    @inline(__always)
    private func reduced(_ join: (QuarterLanes, QuarterLanes) -> QuarterLanes) -> Lanes {
      func four(_ row: Int) -> QuarterLanes {
        let place = UnsafePointer(vectors + row * laneCount)
        return join(
          join(place.quarterLanes(), place.quarterLanes(8)),
          join(place.quarterLanes(4), place.quarterLanes(12)))
      }
      func pair(_ a: QuarterLanes, _ b: QuarterLanes) -> QuarterLanes {
        let (low, high) = a.interleaved(with: b)
        return join(low, high)
      }
      func rows(_ row: Int) -> QuarterLanes {
        pair(pair(four(row), four(row + 2)), pair(four(row + 1), four(row + 3)))
      }
      return Lanes(rows(0), rows(4), rows(8), rows(12))
    }
  #endif
}

/// How many rows are worked on together: sixteen, or one at a time where sixteen would not stay in a
/// first-level cache from one pass over them to the next.
func rowsTogether(columns: Int) -> Int { columns <= 256 ? laneCount : 1 }
