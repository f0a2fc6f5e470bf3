import KernelInterface

#if KERNELS_AVX512 && arch(x86_64)
  /// A smaller C that is added to stays in the second-level cache by itself.
  private var farFloats: Int { 16_384 }

  /// Fewer rows take less time than the next panel of B takes to come.
  private var rowsWorthFetching: Int { 48 }

  /// A smaller B, up to half of the second-level cache, stays there by itself.
  private var floatsWorthFetching: Int { 131_072 }

  /// Whether B, or a C that is added to, comes from so far that asking for it ahead pays.
  ///
  /// A processor that looks far ahead has no need to ask, unless A and B together have a page a step.
  @inline(__always)
  func paysToFetch(
    _ m: Int, _ n: Int, _ k: Int, accumulates: Bool, _ lookahead: Lookahead
  ) -> Bool {
    let farC = accumulates && n >= 128 && m * n >= farFloats
    return n >= 64 && m >= rowsWorthFetching && (farC || k * n >= floatsWorthFetching)
      && (lookahead == .short || (m + n >= pageOfFloats && k >= 512))
  }

  /// The most rows of C to a block of A, which takes 96 KiB of the second-level cache then.
  private var rowsPerFetchingBlock: Int { 384 }

  /// The most steps to a panel of B: 16 KiB, half of the first-level cache.
  private var fetchingSteps: Int { 64 }

  /// `C = Aᵀ B` where each row of B serves few rows of C, so that fetching B takes much of the time.
  ///
  /// The uppermost tile reads a panel of B where it lies and leaves a copy that the tiles below it
  /// take, while they fetch the next panel. The block of A is copied too, to rows an odd number of
  /// lines apart, which no power of two drives into few sets of the cache.
  func fetchingProduct(
    _ m: Int, _ n: Int, _ k: Int,
    _ a: UnsafePointer<Float>, _ aStride: Int, _ b: UnsafePointer<Float>, _ bStride: Int,
    _ c: UnsafeMutablePointer<Float>, _ cStride: Int, _ addend: UnsafePointer<Float>?,
    _ lookahead: Lookahead
  ) {
    let height = 6
    let width = 64
    let columns = n / width * width
    let blocks = (m + (rowsPerFetchingBlock - 1)) / rowsPerFetchingBlock
    let rowsPerBlock = (m + (blocks - 1)) / blocks
    let lines = padded(rowsPerBlock) / laneCount
    let blockStride = laneCount * (lines | 1)
    var row = 0
    // Each tile asks for so many rows of the panel that comes next.
    let rowsPerTile = 4
    withStackFloats((width + blockStride + 2) * fetchingSteps) { panel in
      let block = panel + width * fetchingSteps
      let lines = UnsafeMutableRawPointer(block + blockStride * fetchingSteps).bindMemory(
        to: Int32.self, capacity: 2 * fetchingSteps)
      writeLines(height, fetchingSteps, cStride, lines, apart: 2)
      writeLines(rowsPerTile, fetchingSteps, bStride, lines + 1, apart: 2)
      while m - row >= height {
        let rows = min(rowsPerBlock, m - row)
        var start = 0
        repeat {
          let steps = min(fetchingSteps, k - start)
          copyBlock(rows, steps, a + (start * aStride + row), aStride, block, blockStride)
          var column = 0
          while column < columns {
            let from = b + (start * bStride + column)
            let to = c + (row * cStride + column)
            let addend = at(start > 0 ? UnsafePointer(c) : addend, row * cStride + column)
            let isLast = column + width == columns
            tile6x4TNcopying(
              1, steps, UnsafePointer(block), blockStride, from, bStride, to, cStride,
              addend, copy: panel)
            columns4TNfetching(
              rows - height, steps, UnsafePointer(block) + height, blockStride,
              UnsafePointer(panel), width, to + height * cStride, cStride,
              at(addend, height * cStride),
              lines: lines, below: (start > 0 ? height : 2 * height) * cStride,
              next: isLast ? b + (start + steps) * bStride : from + width,
              pace: rowsPerTile * bStride)
            column += width
          }
          start += steps
        } while start < k
        row += rows
      }
    }
    if columns < n {
      product(
        .transposed, .rows, row, n - columns, k, a, aStride, b + columns, bStride, c + columns,
        cStride, at(addend, columns), lookahead)
    }
    if row < m {
      product(
        .transposed, .rows, m - row, n, k, a + row, aStride, b, bStride, c + row * cStride, cStride,
        at(addend, row * cStride), lookahead)
    }
  }

  /// Copies `rows` columns of A, which lie in lines of their own to the last.
  @inline(__always)
  private func copyBlock(
    _ rows: Int, _ steps: Int, _ a: UnsafePointer<Float>, _ aStride: Int,
    _ block: UnsafeMutablePointer<Float>, _ blockStride: Int
  ) {
    for step in 0..<steps {
      let from = a + step * aStride
      let to = block + step * blockStride
      var offset = 0
      while offset + laneCount <= rows {
        to.store(from.lanes(offset), offset)
        offset += laneCount
      }
      while offset < rows {
        to[offset] = from[offset]
        offset += 1
      }
    }
  }
#endif
