import KernelInterface

// Products whose operands come from far, for instruction sets with tiles of six rows and one lane
// group (`TilesSix*.swift`). With these tiles products reach a median of 95, 95 and 93 % (NN, NT, TN;
// least 92, 91 and 89 %) of the peak of multiply-adds over the shapes of `benchmarks gemm` from width
// 32, and a training step of width 128 86 % (`benchmarks step --widths 128`), on one core of a Zen 3.

#if !(KERNELS_AVX512 && arch(x86_64))
  /// The rows of a tile.
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

  /// The most rows of C to a block of A: with the most steps 192 KiB, less than half of a second-level
  /// cache of 512 KiB.
  private var rowsPerBlock: Int { 256 }

  /// The most steps of k in a block: a panel then takes 12 KiB, so that one of A, one of B and what goes
  /// into a third stay in a first-level cache of 32 KiB.
  private var stepsPerBlock: Int { 192 }

  /// A smaller C takes too few multiply-adds for each element that is copied. What comes from far is
  /// worth copying sooner.
  private var floatsWorthCopying: (near: Int, far: Int) { (12_288, 4_096) }

  /// Operands of so many floats fill three eighths of a second-level cache of 512 KiB.
  private var farFloats: Int { 49_152 }

  /// Whether the product goes by squares.
  ///
  /// A small C does if its operands come from far, and each of their elements goes into at least 48
  /// multiply-adds or rows lie a multiple of eight lines apart and fall into few cache sets.
  func goesBySquares(_ m: Int, _ n: Int, _ k: Int, aStride: Int, bStride: Int) -> Bool {
    guard min(m, n) >= 2 * laneCount else { return false }
    let fillsFewSets = aStride.isMultiple(of: 128) || bStride.isMultiple(of: 128)
    return m * n >= floatsWorthCopying.near
      || m * n >= floatsWorthCopying.far && k * (m + n) >= farFloats
        && (min(m, n) >= 48 || fillsFewSets)
  }

  /// The rows of the next of so many blocks, all about equal, whole tiles but for the last one.
  private func evenRows(_ left: Int, _ blocksLeft: Int) -> Int {
    blocksLeft == 1 ? left : (left / blocksLeft + (height - 1)) / height * height
  }

  /// Places for panels of A, one more than a block has.
  ///
  /// The next block's panels stand one place further down, each in that of the panel before it, and so
  /// can come while the last squares are computed that need this block's.
  private struct Ring {
    let floats: UnsafeMutablePointer<Float>
    let places: Int
    let floatsPerPlace: Int
    var first = 0

    private func place(_ index: Int) -> Int {
      let place = first + index
      return place < places ? place : place - places
    }

    subscript(index: Int) -> UnsafeMutablePointer<Float> { floats + place(index) * floatsPerPlace }

    /// How many panels from this one on lie one after the other.
    func stretch(_ index: Int) -> Int { places - place(index) }

    /// The place of the next block's panel.
    func next(_ index: Int) -> UnsafeMutablePointer<Float> {
      self[index > 0 ? index - 1 : places - 1]
    }

    mutating func advance() { first = place(places - 1) }
  }

  /// The squares of a block of C that share a panel of B, computed one below the other.
  private struct ColumnOfSquares {
    let steps: Int
    let ring: Ring
    let panel: UnsafePointer<Float>
    let c: UnsafeMutablePointer<Float>
    let cStride: Int
    let addend: UnsafePointer<Float>?
    var square = 0

    /// The first element that is not computed yet, counted from `c`.
    private var place: Int { square * laneCount * cStride }

    /// Computes the next square, and beside it copies so many rows of 16 floats into another panel.
    mutating func next(
      filling other: UnsafeMutablePointer<Float>, _ rows: Int,
      from source: UnsafePointer<Float>, _ stride: Int
    ) {
      squareFilling(
        steps, ring[square], panel, from: source, stride, ahead: ahead(stride), to: other,
        c + place, cStride, at(addend, place))
      let filled = steps / 3 * 3
      copyPanel(rows - filled, source + filled * stride, stride, other + filled * laneCount)
      square += 1
    }

    /// Computes all squares before this one.
    mutating func rest(before end: Int) {
      while square < end {
        let count = min(ring.stretch(square), end - square)
        squares(
          count, steps, ring[square], apart: ring.floatsPerPlace, panel, c + place, cStride,
          at(addend, place))
        square += count
      }
    }

    /// Computes rows below the squares, which read A, [steps, rows], where it lies.
    func rows(_ rows: Int, _ a: UnsafePointer<Float>, _ aStride: Int) {
      rowsTN(rows, steps, a, aStride, panel, laneCount, c + place, cStride, at(addend, place))
    }
  }

  /// The lane groups of rows and the steps of a block of A.
  private struct Block {
    let groups: Range<Int>
    let steps: Range<Int>
  }

  /// `C = Aᵀ B + addend`, by squares of a lane group of rows and one of columns; both at least 32.
  ///
  /// Rows of an operand bring a few elements to a tile, and where they lie a large power of two apart
  /// they fall into few cache sets. So a block of A and some columns of B go into panels, which tiles
  /// read from end to end. Squares copy what comes next beside their multiply-adds, a row of 64 bytes
  /// every third step: one of each column the next panel of B, those of a block's last column the next
  /// block of A. Copying moves 8 m k bytes, and 8 k n for each block of rows.
  func productOfSquares(
    _ m: Int, _ n: Int, _ k: Int,
    _ a: UnsafePointer<Float>, _ aStride: Int, _ b: UnsafePointer<Float>, _ bStride: Int,
    _ c: UnsafeMutablePointer<Float>, _ cStride: Int, _ addend: UnsafePointer<Float>?
  ) {
    let groups = m / laneCount
    let rowBlocks = (groups * laneCount + (rowsPerBlock - 1)) / rowsPerBlock
    let groupsPerBlock = (groups + (rowBlocks - 1)) / rowBlocks
    let stepBlocks = max(1, (k + (stepsPerBlock - 1)) / stepsPerBlock)
    let fewest = k / stepBlocks
    let longer = k - k % stepBlocks * (fewest + 1)
    // A block has no fewer steps than the one before, so squares of the latter copy none but its rows.
    // Only the first block of further rows may have one step less; its panels have room for what comes
    // after it.
    func steps(from start: Int) -> Range<Int> {
      start..<min(k, start + fewest + (start < longer ? 0 : 1))
    }
    func following(_ block: Block) -> Block {
      let (row, step) = (block.groups.upperBound, block.steps.upperBound)
      return step < k
        ? Block(groups: block.groups, steps: steps(from: step))
        : Block(groups: row..<min(groups, row + groupsPerBlock), steps: steps(from: 0))
    }
    let floats = (k + (stepBlocks - 1)) / stepBlocks * laneCount
    withStackFloats((groupsPerBlock + 3) * floats) { space in
      var (panel, nextPanel) = (space, space + floats)
      var ring = Ring(
        floats: space + 2 * floats, places: groupsPerBlock + 1, floatsPerPlace: floats)
      var block = Block(groups: 0..<groupsPerBlock, steps: steps(from: 0))
      // The first column's squares copy the first block's other panels. Of two columns the second one
      // already copies the next block.
      let copied = n > 2 * laneCount ? 1 : groupsPerBlock
      copyPanel(block.steps.count, b, bStride, panel)
      for group in 0..<copied {
        copyPanel(block.steps.count, a + group * laneCount, aStride, ring[group])
      }
      while !block.groups.isEmpty {
        let next = following(block)
        let (start, firstGroup) = (block.steps.lowerBound, block.groups.lowerBound)
        let nextA = a + (next.steps.lowerBound * aStride + next.groups.lowerBound * laneCount)
        var column = 0
        while column < n {
          let place = firstGroup * laneCount * cStride + column
          var squares = ColumnOfSquares(
            steps: block.steps.count, ring: ring, panel: UnsafePointer(panel), c: c + place,
            cStride: cStride, addend: start > 0 ? UnsafePointer(c + place) : at(addend, place))
          if firstGroup == 0 && start == 0 && column == 0 {
            for group in copied..<block.groups.count {
              squares.next(
                filling: ring[group], block.steps.count, from: a + group * laneCount, aStride)
            }
          }
          let columnsLeft = n - column
          if columnsLeft > laneCount {
            let nextB = b + (start * bStride + column + laneCount)
            squares.next(filling: nextPanel, block.steps.count, from: nextB, bStride)
            // One place is free before the last column leaves others.
            if columnsLeft <= 2 * laneCount && !next.groups.isEmpty {
              squares.next(filling: ring.next(0), next.steps.count, from: nextA, aStride)
            }
          } else if !next.groups.isEmpty {
            let nextB = b + next.steps.lowerBound * bStride
            squares.next(filling: nextPanel, next.steps.count, from: nextB, bStride)
            for group in 1..<next.groups.count {
              squares.next(
                filling: ring.next(group), next.steps.count, from: nextA + group * laneCount,
                aStride)
            }
          }
          squares.rest(before: block.groups.count)
          if block.groups.upperBound == groups && m > groups * laneCount {
            squares.rows(
              m - groups * laneCount, a + (start * aStride + groups * laneCount), aStride)
          }
          swap(&panel, &nextPanel)
          column += laneCount
        }
        ring.advance()
        block = next
      }
    }
  }

  /// How far ahead of a row of 16 floats to ask for another one: twelve rows, but where these would lie in
  /// as many pages, the next panel's row beside it.
  private func ahead(_ stride: Int) -> Int { stride < 512 ? 12 * stride : laneCount }

  /// Copies rows of 16 floats, if any are left.
  private func copyPanel(
    _ rows: Int, _ source: UnsafePointer<Float>, _ stride: Int, _ to: UnsafeMutablePointer<Float>
  ) {
    var row = 0
    while row < rows {
      to.store(source.lanes(row * stride), row * laneCount)
      row += 1
    }
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
