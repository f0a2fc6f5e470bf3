import KernelInterface

// Products whose operands come from far, for instruction sets with tiles of six rows and one lane
// group (`TilesSix*.swift`). With these tiles products reach a median of 95, 95 and 92 % (NN, NT, TN;
// least 93, 91 and 85 %) of the peak of multiply-adds over the shapes of `benchmarks gemm` from width
// 32, and a training step of width 128 88 % (`benchmarks step --widths 128`), on one core of a Zen 3.

#if !(KERNELS_AVX512 && arch(x86_64))
  /// The rows of a tile; some tiles of copies have one less.
  private var height: Int { 6 }

  /// Whether a tile takes its last steps two rows at a time, and then stores these.
  ///
  /// A Zen 3 holds four stores of vectors back until their sums are there; a fifth one holds up all
  /// that follows, and a tile ends with twelve. Two rows' stores go beside the last steps of the next
  /// two. No machine with NEON was at hand.
  @_transparent
  var storesApart: Bool {
    #if KERNELS_AVX2
      true
    #else
      false
    #endif
  }

  /// The most rows of C to a block of A: with the most steps 256 KiB, half of a
  /// second-level cache of 512 KiB.
  private var rowsPerBlock: Int { 256 }

  /// The most steps of k in a block; a panel of B then takes 16 KiB.
  private var stepsPerBlock: Int { 256 }

  /// Fewer columns take about as long as copying A.
  private var columnsWorthCopying: Int { 48 }

  /// Fewer rows take about as long as copying B.
  private var rowsWorthCopying: Int { 32 }

  /// A smaller C takes too few multiply-adds for each element that is copied. What comes from far is
  /// worth copying sooner.
  private var floatsWorthCopying: (near: Int, far: Int) { (12_288, 4_096) }

  /// Operands of so many floats fill three eighths of a second-level cache of 512 KiB.
  private var farFloats: Int { 49_152 }

  /// Whether the product goes by copies.
  ///
  /// A small C does only where rows of A or of B lie a multiple of eight lines apart and fall into few
  /// cache sets.
  func copiesBothOperands(_ m: Int, _ n: Int, _ k: Int, aStride: Int, bStride: Int) -> Bool {
    guard m >= rowsWorthCopying && n >= columnsWorthCopying else { return false }
    let fillsFewSets = aStride.isMultiple(of: 128) || bStride.isMultiple(of: 128)
    return m * n >= floatsWorthCopying.near
      || m * n >= floatsWorthCopying.far && k * (m + n) >= farFloats && fillsFewSets
  }

  /// The rows of the next of so many blocks, all about equal, whole tiles but for the last one.
  private func evenRows(_ left: Int, _ blocksLeft: Int) -> Int {
    blocksLeft == 1 ? left : (left / blocksLeft + (height - 1)) / height * height
  }

  /// `C = Aᵀ B + addend`, with copies of both operands; m is at least 32.
  ///
  /// A row of A brings six elements to a tile, and rows that lie a large power of two apart fall into
  /// few cache sets. So a block of A goes to where a tile reads from end to end, [k, height] for each
  /// tile, and columns of B go into a panel. Tiles copy what they read first: those of the first panel
  /// leave the copy of A, and the uppermost one of each panel leaves the panel, beside their
  /// multiply-adds. Copying moves 8 m k bytes, and 8 k n for each block of rows.
  func productOfCopies(
    _ m: Int, _ n: Int, _ k: Int,
    _ a: UnsafePointer<Float>, _ aStride: Int, _ b: UnsafePointer<Float>, _ bStride: Int,
    _ c: UnsafeMutablePointer<Float>, _ cStride: Int, _ addend: UnsafePointer<Float>?
  ) {
    let rowBlocks = (m + (rowsPerBlock - 1)) / rowsPerBlock
    let stepBlocks = max(1, (k + (stepsPerBlock - 1)) / stepsPerBlock)
    let stepsPerBlock = (k + (stepBlocks - 1)) / stepBlocks
    withStackFloats((laneCount + rowsPerBlock + height) * stepsPerBlock) { panel in
      let copy = panel + laneCount * stepsPerBlock
      var row = 0
      for blocksLeft in stride(from: rowBlocks, to: 0, by: -1) {
        let left = m - row
        let rows = evenRows(left, blocksLeft)
        let fives = (height - rows % height) % height
        let rowsOfSixes = rows - 5 * fives
        let sixes = rowsOfSixes / height
        var start = 0
        repeat {
          let steps = min(stepsPerBlock, k - start)
          let a = a + (start * aStride + row)
          var column = 0
          while column < n {
            let b = b + (start * bStride + column)
            let c = c + (row * cStride + column)
            let addend = start > 0 ? UnsafePointer(c) : at(addend, row * cStride + column)
            let (cBelow, cLowest) = (c + height * cStride, c + rowsOfSixes * cStride)
            let (addendBelow, addendLowest) = (at(addend, cBelow - c), at(addend, cLowest - c))
            let (copyBelow, copyLowest) = (copy + height * steps, copy + rowsOfSixes * steps)
            if column == 0 {
              tile6CopyingBoth(
                1, steps, a, aStride, b, bStride, copy: copy, panel: panel, c, cStride, addend)
              tile6CopyingA(
                sixes - 1, steps, a + height, aStride, panel, copy: copyBelow, cBelow, cStride,
                addendBelow)
              tile5CopyingA(
                fives, steps, a + rowsOfSixes, aStride, panel, copy: copyLowest, cLowest, cStride,
                addendLowest)
            } else {
              tile6CopyingB(1, steps, copy, b, bStride, panel: panel, c, cStride, addend)
              tile6Copies(sixes - 1, steps, copyBelow, panel, cBelow, cStride, addendBelow)
              tile5Copies(fives, steps, copyLowest, panel, cLowest, cStride, addendLowest)
            }
            column += laneCount
          }
          start += steps
        } while start < k
        row += rows
      }
    }
  }

  /// Copies six floats; the last two of them through a register of their own, which takes less time
  /// than one by one.
  @_transparent
  func copy6(_ from: UnsafePointer<Float>, _ to: UnsafeMutablePointer<Float>) {
    to.store(from.quarterLanes())
    UnsafeMutableRawPointer(to + 4).storeBytes(
      of: UnsafeRawPointer(from + 4).loadUnaligned(as: Int64.self), as: Int64.self)
  }

  @_transparent
  func copy5(_ from: UnsafePointer<Float>, _ to: UnsafeMutablePointer<Float>) {
    to.store(from.quarterLanes())
    to[4] = from[4]
  }

  /// Whether panels of this shape belong to a model whose matrices do not stay in the second-level
  /// cache.
  func arriveFromFar(_ k: Int, _ n: Int) -> Bool { k * n >= 16_384 }

  /// The most steps of a panel in a block: 32 KiB. Not all of it stays in the first-level cache, but
  /// each further block would bring C once more.
  private var stepsPerPanel: Int { 512 }

  /// The most rows that go by each panel of B at once: as many as 256 KiB hold, half of a second-level
  /// cache of 512 KiB, but at least 48.
  private func rowsPerPanel(_ k: Int) -> Int { max(48, min(192, 65_536 / max(1, k))) }

  /// `C = A B + addend` with B in panels that come from far.
  ///
  /// A block of a panel stays in the first-level cache for all rows that go by it, and those rows in the
  /// second-level one.
  func productOfPanels(
    _ m: Int, _ n: Int, _ k: Int,
    _ a: UnsafePointer<Float>, _ aStride: Int, _ panels: UnsafePointer<Float>,
    _ c: UnsafeMutablePointer<Float>, _ cStride: Int, _ addend: UnsafePointer<Float>?
  ) {
    let blocks = max(1, (k + (stepsPerPanel - 1)) / stepsPerPanel)
    let steps = (k + (blocks - 1)) / blocks
    forEachBlock(m, n, rowsPerPanel: rowsPerPanel(k)) { row, rows, column in
      let to = c + (row * cStride + column)
      var start = 0
      repeat {
        let length = min(steps, k - start)
        let panel = panels + (k * column + start * laneCount)
        rowsPanel(
          rows, length, a + (row * aStride + start), aStride, panel, to, cStride,
          start > 0 ? UnsafePointer(to) : at(addend, to - c))
        start += steps
      } while start < k
    }
  }

  /// Calls `body` for each block of rows with each panel's first column.
  @inline(__always)
  private func forEachBlock(
    _ m: Int, _ n: Int, rowsPerPanel: Int, _ body: (_ row: Int, _ rows: Int, _ column: Int) -> Void
  ) {
    var row = 0
    for blocksLeft in stride(from: (m + (rowsPerPanel - 1)) / rowsPerPanel, to: 0, by: -1) {
      let rows = evenRows(m - row, blocksLeft)
      for column in stride(from: 0, to: n, by: laneCount) { body(row, rows, column) }
      row += rows
    }
  }

  /// Whether such a product with a ReLU goes by one block of steps and by tiles of whole lane groups,
  /// more than one beside each other.
  func looksAtSums(_ n: Int, _ k: Int) -> Bool {
    k <= stepsPerPanel && n > laneCount && padded(n) - n < laneCount / 2
  }

  /// `C = A B`, zero where x <= 0, or where C itself is without an x.
  func productOfPanels(
    _ m: Int, _ n: Int, _ k: Int,
    _ a: UnsafePointer<Float>, _ aStride: Int, _ panels: UnsafePointer<Float>,
    _ c: UnsafeMutablePointer<Float>, _ cStride: Int, relu x: UnsafePointer<Float>?
  ) {
    let rowsPerPanel = arriveFromFar(k, n) ? rowsPerPanel(k) : max(1, m)
    forEachBlock(m, n, rowsPerPanel: rowsPerPanel) { row, rows, column in
      let place = row * cStride + column
      rowsPanelReLU(
        rows, k, a + row * aStride, aStride, panels + k * column, c + place, cStride, at(x, place))
    }
  }
#endif
