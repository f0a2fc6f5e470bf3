import KernelInterface

// Narrow products on processors whose registers hold a whole lane group: those with at most eight
// columns, half of one, and those with eight steps of k or sixteen. `generate-narrow.py` writes
// their tiles.

#if KERNELS_AVX512 && arch(x86_64)

  /// Whether k rows of B, or parts of them, stay in registers while all rows of A go by.
  @inline(__always)
  func staysInRegisters(k: Int, groups: Int) -> Bool { k == 8 || (k == 16 && groups == 1) }

  /// `groups` lane groups of columns of `C = A B + addend` for such a k, with rows of A 16 floats
  /// apart; 2 m n k FLOPs, each element one ascending chain.
  ///
  /// Moves 4 (m k + k n + m n) bytes, and the addend: 74 and 77 % of the peak of multiply-adds for
  /// 256 rows with 32 columns and k = 8, and with 16 columns and k = 16 (`benchmarks gemm --shapes
  /// 256x8x32 256x16x16`, NN), on one core of a 2.5 GHz Cascade Lake with AVX-512.
  func fewSteps(
    _ groups: Int, _ m: Int, _ k: Int, _ a: UnsafePointer<Float>, _ b: UnsafePointer<Float>,
    _ bStride: Int, _ c: UnsafeMutablePointer<Float>, _ cStride: Int,
    _ addend: UnsafePointer<Float>?
  ) {
    if k == 16 { return steps16x1(m, a, b, bStride, c, cStride, addend) }
    var column = 0
    while groups * laneCount - column >= 2 * laneCount {
      steps8x2(m, a, b + column, bStride, c + column, cStride, at(addend, column))
      column += 2 * laneCount
    }
    if column < groups * laneCount {
      steps8x1(m, a, b + column, bStride, c + column, cStride, at(addend, column))
    }
  }

  /// Whether a B of k rows and n columns is packed for, and multiplied by, pairs of rows of C.
  ///
  /// For so few steps as eight, laying the rows of A side by side takes longer than it saves.
  @inline(__always)
  func goesInPairs(n: Int, k: Int) -> Bool { n <= 8 && k > 8 && k <= mostPairedSteps }

  /// The most steps of k for which B stays in the first-level cache.
  @inline(__always)
  private var mostPairedSteps: Int { 128 }

  /// Each of the first eight lanes twice.
  @inline(__always)
  func spread(_ row: Lanes) -> Lanes { row.interleaved(with: row).low }

  /// Two rows of at most eight columns in one lane group, element by element in turn.
  @inline(__always)
  func together(_ rows: UnsafePointer<Float>, _ stride: Int) -> Lanes {
    rows.lanes().interleaved(with: rows.lanes(stride)).low
  }

  /// Stores what `together` joined; the second row before the first, so that with a stride of zero
  /// the first is left.
  @inline(__always)
  func part(_ rows: Lanes, _ c: UnsafeMutablePointer<Float>, _ stride: Int) {
    let (first, second) = rows.deinterleaved(with: Lanes())
    c.store(second, stride)
    c.store(first)
  }

  /// Copies B, [k, n], each element twice, so that a row takes a lane group; may run in place on
  /// rows a lane group apart.
  func packPairs(
    k: Int, b: UnsafePointer<Float>, bStride: Int, into panel: UnsafeMutablePointer<Float>
  ) {
    for step in 0..<k { panel.store(spread(b.lanes(step * bStride)), step * laneCount) }
  }

  /// `C = A B + addend` with a B from `packPairs`; 2 m n k FLOPs, each element one ascending chain.
  ///
  /// Moves 4 (m k + 16 k + m n) bytes, and the addend, and lays out A once more: 46 % of the peak
  /// of multiply-adds for 256 rows, 8 columns and k = 32, packing included (`benchmarks gemm --shapes
  /// 256x8x32`, NT), on one core of a 2.5 GHz Cascade Lake with AVX-512, where whole rows in a lane
  /// group reach 38 % without it (`--shapes 256x32x8`, NN).
  func productOfPairs(
    _ m: Int, _ k: Int, _ a: UnsafePointer<Float>, _ aStride: Int, _ b: UnsafePointer<Float>,
    _ c: UnsafeMutablePointer<Float>, _ cStride: Int, _ addend: UnsafePointer<Float>?
  ) {
    withStackFloats(2 * 16 * laneCount) { block in
      var row = 0
      while m - row >= 32 {
        pairs16NN(
          k, a + row * aStride, aStride, b, block, c + row * cStride, cStride,
          at(addend, row * cStride))
        row += 32
      }
      while m - row >= 8 {
        pairs4NN(
          k, a + row * aStride, aStride, b, block, c + row * cStride, cStride,
          at(addend, row * cStride))
        row += 8
      }
      while row < m {
        // The last row of an odd number is its own partner.
        let isLast = row + 1 == m
        pairs1NN(
          k, a + row * aStride, aStride, b, block, c + row * cStride, cStride,
          at(addend, row * cStride), partner: isLast ? 0 : aStride, second: isLast ? 0 : cStride)
        row += 2
      }
    }
  }

  /// Lays 16 elements of each of two rows of A side by side, in turn, pair after pair.
  @inline(__always)
  func interleave(
    _ pairs: Int, _ a: UnsafePointer<Float>, _ aStride: Int, _ partner: Int,
    _ block: UnsafeMutablePointer<Float>
  ) {
    for pair in 0..<pairs {
      let from = a + 2 * pair * aStride
      let to = block + 2 * pair * laneCount
      let (low, high) = from.lanes().interleaved(with: from.lanes(partner))
      to.store(low)
      to.store(high, laneCount)
    }
  }

  /// `C = Aᵀ B + addend` for at most eight columns and an even number of rows; 2 m n k FLOPs, each
  /// element one ascending chain.
  ///
  /// Moves 4 (m k + k n + 2 m n) bytes: 51 % of the peak of multiply-adds for 32 rows, 8 columns and
  /// k = 256 (`benchmarks gemm --shapes 256x32x8`, TN), on one core of a 2.5 GHz Cascade Lake with
  /// AVX-512.
  func transposedProductOfPairs(
    _ m: Int, _ k: Int, _ a: UnsafePointer<Float>, _ aStride: Int,
    _ b: UnsafePointer<Float>, _ bStride: Int,
    _ c: UnsafeMutablePointer<Float>, _ cStride: Int, _ addend: UnsafePointer<Float>?
  ) {
    var row = 0
    while m - row >= 32 {
      pairs16TN(
        k, a + row, aStride, b, bStride, c + row * cStride, cStride, at(addend, row * cStride))
      row += 32
    }
    while m - row >= 8 {
      pairs4TN(
        k, a + row, aStride, b, bStride, c + row * cStride, cStride, at(addend, row * cStride))
      row += 8
    }
    while row < m {
      pairs1TN(
        k, a + row, aStride, b, bStride, c + row * cStride, cStride, at(addend, row * cStride))
      row += 2
    }
  }
#endif
