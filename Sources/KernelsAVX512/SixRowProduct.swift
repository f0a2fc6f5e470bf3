import KernelInterface

// Products whose operands come from far, for instruction sets with tiles of six rows and one lane
// group (`TilesSix*.swift`). With these tiles products reach a median of 93, 93 and 88 % (NN, NT, TN;
// least 90, 89 and 83 %) of the peak of multiply-adds over the shapes of `benchmarks gemm` from width
// 32, and a training step of width 128 85 % (`benchmarks step --widths 128`), on one core of a Zen 3.
// On a 2.5 GHz Cascade Lake it was 91, 88, 80 % and 77 % (`--isa avx2`), before the sizes below were
// chosen.

#if !(KERNELS_AVX512 && arch(x86_64))
  /// The rows of a tile.
  private var height: Int { 6 }

  /// The most rows of C to a block of A: with the most steps 144 KiB, for the second-level cache.
  private var rowsPerBlock: Int { 192 }

  /// The most steps of k in a block; a panel of B then takes 12 KiB.
  private var stepsPerBlock: Int { 192 }

  /// The columns of B that are copied at a time.
  private var columnsPerCopy: Int { 64 }

  /// Fewer columns take about as long as copying A.
  private var columnsWorthCopying: Int { 48 }

  /// Of fewer rows the narrower tiles below do too much.
  private var rowsWorthCopying: Int { 48 }

  /// A smaller C takes too few multiply-adds for each element that is copied: 128x64x64 reached 84 % of
  /// the peak of multiply-adds by copies and reaches 95 % where its operands lie (`benchmarks gemm
  /// --shapes 128x64x64`, TN, on one core of a Zen 3). What comes from far is worth copying sooner.
  private var floatsWorthCopying: (near: Int, far: Int) { (24_576, 8_192) }

  /// Operands of so many floats fill three quarters of a second-level cache of 512 KiB.
  private var farFloats: Int { 98_304 }

  /// Whether the product of this shape goes by copies.
  func copiesBothOperands(_ m: Int, _ n: Int, _ k: Int) -> Bool {
    let isFar = k * (m + n) >= farFloats
    return m >= rowsWorthCopying && n >= columnsWorthCopying
      && m * n >= (isFar ? floatsWorthCopying.far : floatsWorthCopying.near)
  }

  /// `C = Aᵀ B + addend`, with copies of both operands.
  ///
  /// A row of A brings six elements to a tile, and rows that lie a large power of two apart fall into
  /// few cache sets. So a block of A goes to where a tile reads from end to end, [k, 6] for each tile,
  /// one after the other, and columns of B go into panels. Copying costs 8 (m k + k n) bytes, and as
  /// many again for each further block of rows.
  func productOfCopies(
    _ m: Int, _ n: Int, _ k: Int,
    _ a: UnsafePointer<Float>, _ aStride: Int, _ b: UnsafePointer<Float>, _ bStride: Int,
    _ c: UnsafeMutablePointer<Float>, _ cStride: Int, _ addend: UnsafePointer<Float>?
  ) {
    let rowBlocks = (m + (rowsPerBlock - 1)) / rowsPerBlock
    let tilesPerBlock = (m / height + (rowBlocks - 1)) / rowBlocks
    let stepBlocks = max(1, (k + (stepsPerBlock - 1)) / stepsPerBlock)
    let stepsPerBlock = (k + (stepBlocks - 1)) / stepBlocks
    let roomForA = padded((height * stepsPerBlock + 2) * tilesPerBlock)
    withStackFloats(roomForA + columnsPerCopy * stepsPerBlock) { copyOfA in
      let copyOfB = copyOfA + roomForA
      var row = 0
      while row < m {
        // The last block takes the rows that fill no tile; eight go better than two.
        let left = m - row
        let isLast = left < height * (tilesPerBlock + 1)
        let makesEight = left % height == 2 && left >= 2 * height
        let tiles = isLast ? left / height - (makesEight ? 1 : 0) : tilesPerBlock
        let rest = isLast ? left - height * tiles : 0
        var start = 0
        repeat {
          let steps = min(stepsPerBlock, k - start)
          let from = a + (start * aStride + row)
          copyTiles(tiles, steps, from, aStride, copyOfA)
          var column = 0
          while column < n {
            let count = min(columnsPerCopy, n - column)
            copyPanels(count, steps, b + (start * bStride + column), bStride, copyOfB)
            var offset = 0
            while offset < count {
              let panel = UnsafePointer(copyOfB + steps * offset)
              let to = c + (row * cStride + column + offset)
              let addend = start > 0 ? UnsafePointer(to) : at(addend, to - c)
              tile6Copies(tiles, steps, copyOfA, panel, to, cStride, addend)
              if rest > 0 {
                let done = height * tiles
                rowsTN(
                  rest, steps, from + done, aStride, panel, laneCount, to + done * cStride, cStride,
                  at(addend, done * cStride))
              }
              offset += laneCount
            }
            column += count
          }
          start += steps
        } while start < k
        row += height * tiles + rest
      }
    }
  }

  /// Whether panels of this shape belong to a model whose matrices do not stay in the second-level
  /// cache.
  func arriveFromFar(_ k: Int, _ n: Int) -> Bool { k * n >= 16_384 }

  /// The most steps of a panel in a block: 16 KiB, half of the first-level cache.
  private var stepsPerPanel: Int { 256 }

  /// The most rows that go by each panel of B at once.
  private var rowsPerPanel: Int { 96 }

  /// `C = A B + addend` with B in panels that come from far.
  ///
  /// Panels are read from end to end, and each tile asks for its part of what follows: the next panel,
  /// and behind B there may stand the next matrix.
  func productOfPanels(
    _ m: Int, _ n: Int, _ k: Int,
    _ a: UnsafePointer<Float>, _ aStride: Int, _ panels: UnsafePointer<Float>,
    _ c: UnsafeMutablePointer<Float>, _ cStride: Int, _ addend: UnsafePointer<Float>?
  ) {
    let blocks = max(1, (k + (stepsPerPanel - 1)) / stepsPerPanel)
    let steps = (k + (blocks - 1)) / blocks
    var row = 0
    while row < m {
      let rows = min(rowsPerPanel, m - row)
      let tiles = (rows + (height - 1)) / height
      let lines = (steps + (tiles - 1)) / tiles
      var column = 0
      while column < n {
        let to = c + (row * cStride + column)
        var start = 0
        repeat {
          let length = min(steps, k - start)
          let panel = panels + (k * column + start * laneCount)
          rowsPanel(
            rows, length, a + (row * aStride + start), aStride, panel,
            next: panel + length * laneCount, lines: lines, to, cStride,
            start > 0 ? UnsafePointer(to) : at(addend, to - c))
          start += steps
        } while start < k
        column += laneCount
      }
      row += rows
    }
  }

  /// Copies the elements of A so that each tile's lie one after the other, step by step.
  ///
  /// Rows of A are read from end to end. Eight floats are stored at a time, of which the next step, or
  /// the room of two floats behind a tile, takes the last two.
  @inline(__always)
  private func copyTiles(
    _ tiles: Int, _ steps: Int, _ a: UnsafePointer<Float>, _ aStride: Int,
    _ copy: UnsafeMutablePointer<Float>
  ) {
    let last = (tiles - 1) * (height * steps + 2)
    for step in 0..<steps {
      var from = a + step * aStride
      var to = copy + height * step
      let end = to + last
      while to < end {
        to.store(from.halfLanes())
        from += height
        to += height * steps + 2
      }
      end.store(from.quarterLanes())
      UnsafeMutableRawPointer(end + 4).storeBytes(
        of: UnsafeRawPointer(from + 4).loadUnaligned(as: Int64.self), as: Int64.self)
    }
  }
#endif
