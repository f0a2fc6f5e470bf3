import KernelInterface

// Each product costs 2 m n k FLOPs and gives each element of C as one chain of fused multiply-adds
// over k in ascending order.
//
// Columns of C are taken in panels of a few lane groups, k in blocks, and rows in blocks, so that
// the panel of B stays in the first-level cache and the block of A in the second. A block of B is
// copied into contiguous panels if that pays: rows of B that lie a large power of two apart fall
// into few cache sets and drive each other out. Blocks change no result: between two blocks of k
// the chain's value rests in C, unrounded.
//
// Narrow products have tiles of their own; see `NarrowProduct.swift`.
// Where an operand is too large, or one of too many, for the second-level cache, tiles ask for what
// comes next while they compute (`Tiles4Fetching.swift`, `FetchingProduct.swift`), or, if they are
// smaller, blocks are so large that little comes twice (`SixRowProduct.swift`). Some processors find
// most of it by themselves (`Lookahead.swift`) and need help with large transposed products only
// (`FillingProduct.swift`).

extension Implementation {
  /// `C = A B` or `C += A B`; 2 m n k FLOPs, each element one ascending chain.
  ///
  /// Moves at least 4 (m k + k n + m n) bytes, and the old C if it is added to: a median of
  /// 98 % (least 94 %) of the peak of multiply-adds over the shapes of `benchmarks gemm` from width 32,
  /// on one core of a Zen 5 with AVX-512; 89 % (79 %) on a 2.5 GHz Cascade Lake.
  public static func gemmNN(
    m: Int, n: Int, k: Int,
    a: UnsafePointer<Float>, aStride: Int,
    b: UnsafePointer<Float>, bStride: Int,
    c: UnsafeMutablePointer<Float>, cStride: Int, accumulate: Bool
  ) {
    let addend = accumulate ? UnsafePointer(c) : nil
    product(.plain, .rows, m, n, k, a, aStride, b, bStride, c, cStride, addend, .ofThisProcessor)
  }

  /// `C = Aᵀ B` or `C += Aᵀ B`; 2 m n k FLOPs, each element one ascending chain.
  ///
  /// Moves at least 4 (m k + k n + m n) bytes, and the old C if it is added to: a median of
  /// 95 % (least 89 %) of the peak of multiply-adds over the shapes of `benchmarks gemm` from width 32,
  /// on one core of a Zen 5 with AVX-512; 78 % (70 %) on a 2.5 GHz Cascade Lake.
  public static func gemmTN(
    m: Int, n: Int, k: Int,
    a: UnsafePointer<Float>, aStride: Int,
    b: UnsafePointer<Float>, bStride: Int,
    c: UnsafeMutablePointer<Float>, cStride: Int, accumulate: Bool
  ) {
    transposedProduct(
      m, n, k, a, aStride, b, bStride, c, cStride, accumulate ? UnsafePointer(c) : nil,
      .ofThisProcessor)
  }

  /// `C = A Bᵀ` or `C += A Bᵀ`; 2 m n k FLOPs, each element one ascending chain.
  ///
  /// Moves at least 4 (m k + k n + m n) bytes, and the old C if it is added to, and 8 k n to pack
  /// B: a median of 98 % (least 93 %) of the peak of multiply-adds over the shapes of `benchmarks gemm`
  /// from width 32, with the packing, on one core of a Zen 5 with AVX-512; 86 % (73 %) on a 2.5 GHz
  /// Cascade Lake.
  public static func gemmNT(
    m: Int, n: Int, k: Int,
    a: UnsafePointer<Float>, aStride: Int,
    b: UnsafePointer<Float>, bStride: Int,
    c: UnsafeMutablePointer<Float>, cStride: Int, accumulate: Bool,
    scratch: UnsafeMutablePointer<Float>
  ) {
    packTransposed(k: k, n: n, b: b, bStride: bStride, into: scratch)
    gemmPacked(
      m: m, n: n, k: k, a: a, aStride: aStride, panels: scratch, c: c, cStride: cStride,
      addend: accumulate ? UnsafePointer(c) : nil)
  }

  /// Copies B, [k, n], into panels: the one that starts at column j stands at k · j.
  ///
  /// No operation; reads and writes 4 k n bytes.
  public static func pack(
    k: Int, n: Int, b: UnsafePointer<Float>, bStride: Int,
    into panels: UnsafeMutablePointer<Float>
  ) {
    #if KERNELS_AVX512 && arch(x86_64)
      if goesInPairs(n: n, k: k) { return packPairs(k: k, b: b, bStride: bStride, into: panels) }
    #endif
    copyPanels(n, k, b, bStride, panels)
  }

  /// Copies Bᵀ into panels; B is [n, k].
  ///
  /// No operation; reads and writes 4 k n bytes. The figures of `gemmNT` contain it.
  public static func packTransposed(
    k: Int, n: Int, b: UnsafePointer<Float>, bStride: Int,
    into panels: UnsafeMutablePointer<Float>
  ) {
    var column = 0
    while column < n {
      let width = panelWidth(n - column)
      transpose(
        rows: min(width, n - column), columns: k, b + column * bStride, bStride,
        into: panels + k * column, width)
      column += width
    }
    #if KERNELS_AVX512 && arch(x86_64)
      if goesInPairs(n: n, k: k) {
        packPairs(k: k, b: UnsafePointer(panels), bStride: laneCount, into: panels)
      }
    #endif
  }

  /// `C = A B` or `C += A B` with B in panels; 2 m n k FLOPs, each element one ascending chain.
  ///
  /// Moves at least 4 (m k + k n + m n) bytes, and the old C if it is added to. The figures of
  /// `gemmNT` are those of this product and the packing.
  public static func gemmPacked(
    m: Int, n: Int, k: Int,
    a: UnsafePointer<Float>, aStride: Int, panels: UnsafePointer<Float>,
    c: UnsafeMutablePointer<Float>, cStride: Int, addend: UnsafePointer<Float>?
  ) {
    packedProduct(m, n, k, a, aStride, panels, c, cStride, addend, .ofThisProcessor)
  }

  /// `C = A B` and a ReLU, forward or backward, over its result; 2 m n k FLOPs.
  ///
  /// Moves at least 4 (m k + k n + m n) bytes, and x. With tiles of six rows a sum is looked at before it
  /// is stored, and a pass over C saved.
  public static func gemmPackedReLU(
    m: Int, n: Int, k: Int,
    a: UnsafePointer<Float>, aStride: Int, panels: UnsafePointer<Float>,
    c: UnsafeMutablePointer<Float>, cStride: Int, x: UnsafePointer<Float>?
  ) {
    #if !(KERNELS_AVX512 && arch(x86_64))
      if looksAtSums(n, k) {
        return productOfPanels(m, n, k, a, aStride, panels, c, cStride, relu: x)
      }
    #endif
    gemmPacked(
      m: m, n: n, k: k, a: a, aStride: aStride, panels: panels, c: c, cStride: cStride, addend: nil)
    for row in 0..<m {
      let c = c + row * cStride
      reluBackward(count: padded(n), x: at(x, row * cStride) ?? UnsafePointer(c), dy: c, dx: c)
    }
  }
}

/// What lies `offset` floats further on, if there is anything.
@_transparent
func at(_ place: UnsafePointer<Float>?, _ offset: Int) -> UnsafePointer<Float>? {
  guard let place else { return nil }
  return place + offset
}

/// `C = Aᵀ B + addend`.
func transposedProduct(
  _ m: Int, _ n: Int, _ k: Int,
  _ a: UnsafePointer<Float>, _ aStride: Int, _ b: UnsafePointer<Float>, _ bStride: Int,
  _ c: UnsafeMutablePointer<Float>, _ cStride: Int, _ addend: UnsafePointer<Float>?,
  _ lookahead: Lookahead
) {
  #if KERNELS_AVX512 && arch(x86_64)
    if lookahead == .long && paysToFill(m, n, k, aStride: aStride) {
      return fillingProduct(m, n, k, a, aStride, b, bStride, c, cStride, addend)
    }
    if paysToFetch(m, n, k, accumulates: addend != nil, lookahead) {
      return fetchingProduct(m, n, k, a, aStride, b, bStride, c, cStride, addend, lookahead)
    }
    if n <= 8 && m.isMultiple(of: 2) {
      return transposedProductOfPairs(m, k, a, aStride, b, bStride, c, cStride, addend)
    }
  #else
    if goesBySquares(m, n, k, aStride: aStride, bStride: bStride) {
      return productOfSquares(m, n, k, a, aStride, b, bStride, c, cStride, addend)
    }
  #endif
  product(.transposed, .rows, m, n, k, a, aStride, b, bStride, c, cStride, addend, lookahead)
}

/// `C = A B + addend` with B in panels.
func packedProduct(
  _ m: Int, _ n: Int, _ k: Int,
  _ a: UnsafePointer<Float>, _ aStride: Int, _ panels: UnsafePointer<Float>,
  _ c: UnsafeMutablePointer<Float>, _ cStride: Int, _ addend: UnsafePointer<Float>?,
  _ lookahead: Lookahead
) {
  #if KERNELS_AVX512 && arch(x86_64)
    if goesInPairs(n: n, k: k) {
      return productOfPairs(m, k, a, aStride, panels, c, cStride, addend)
    }
    if rowsBeneathFarPanels.contains(m) && n >= 64 && k * n >= farPanels && lookahead == .short {
      return farPanelsProduct(m, n, k, a, aStride, panels, c, cStride, addend)
    }
  #else
    if arriveFromFar(k, n) {
      return productOfPanels(m, n, k, a, aStride, panels, c, cStride, addend)
    }
  #endif
  product(.plain, .panels, m, n, k, a, aStride, panels, 0, c, cStride, addend, lookahead)
}

/// How A lies in memory: [m, k] or [k, m].
enum LeftOperand { case plain, transposed }

/// How B lies in memory: [k, n], or panel after panel, each [k, width].
enum RightOperand { case rows, panels }

/// The most steps of k in a block, so that its part of B stays near.
///
/// Tiles of four lane groups take 32 KiB of B, read from end to end, or 128 KiB from the second-level
/// cache, and then lay C down a quarter as often. Those of one lane group take 16 KiB. Steps of a
/// transposed A take a row of A and one of B each; of many steps 64, or as many as 16 KiB hold, stay
/// near for all tiles.
@inline(__always)
private func stepsPerBlock(
  _ left: LeftOperand, _ m: Int, _ n: Int, _ k: Int, _ lookahead: Lookahead
) -> Int {
  #if KERNELS_AVX512 && arch(x86_64)
    return lookahead == .long ? 512 : 128
  #else
    return left == .plain || k <= 256 ? 256 : max(64, min(128, 4_096 / max(1, m + n)))
  #endif
}

/// The most rows in a block, so that its part of C stays near from one block of k to the next.
///
/// Tiles of one lane group go through A once for each: a block of A stays in the first-level cache.
@inline(__always)
private func rowsPerBlock(_ steps: Int) -> Int {
  #if KERNELS_AVX512 && arch(x86_64)
    return 48
  #else
    return max(48, 6_144 / max(1, steps) / 6 * 6)
  #endif
}

/// The most columns that are copied at a time: whole panels.
private var columnsPerCopy: Int { 512 }

/// The fewest, where they are fewer so that all of k is in the copy and a C from afar comes once.
private var fewestColumnsPerCopy: Int { 128 }

/// The most floats that are copied at a time, a quarter of a second-level cache of 1 MiB.
private var floatsPerCopy: Int { 65_536 }

/// Copying a panel costs about as much as ten rows of the product.
private var rowsWorthCopying: Int { 96 }

/// From rows of 512 bytes on, a block of B fills less than half of the cache's sets.
private var strideWorthCopying: Int { 128 }

/// From rows of 4096 bytes on, each lies in a page of its own, and no processor fetches beyond a page.
var pageOfFloats: Int { 1_024 }

/// Whether rows of B fall into too few sets to stay: a narrow panel of few rows still does.
@inline(__always)
private func fillsFewSets(_ k: Int, _ bStride: Int, _ lookahead: Lookahead) -> Bool {
  #if KERNELS_AVX512 && arch(x86_64)
    return bStride >= strideWorthCopying && (lookahead == .short || bStride >= pageOfFloats)
  #else
    return bStride >= (k > 32 ? strideWorthCopying : 2 * strideWorthCopying)
  #endif
}

/// The floats of a second-level cache of 1 MiB.
var floatsNear: Int { 262_144 }

/// Whether C fills a second-level cache and so comes from beyond it, with tiles that ask for it ahead.
@inline(__always)
private func comesFromFar(_ m: Int, _ n: Int, _ lookahead: Lookahead) -> Bool {
  #if KERNELS_AVX512 && arch(x86_64)
    return n >= 64 && m * n >= floatsNear && lookahead == .short
  #else
    return false
  #endif
}

/// `C = A B + addend`, either operand as it lies, in blocks.
func product(
  _ left: LeftOperand, _ right: RightOperand, _ m: Int, _ n: Int, _ k: Int,
  _ a: UnsafePointer<Float>, _ aStride: Int, _ b: UnsafePointer<Float>, _ bStride: Int,
  _ c: UnsafeMutablePointer<Float>, _ cStride: Int, _ addend: UnsafePointer<Float>?,
  _ lookahead: Lookahead
) {
  let copies = right == .rows && m >= rowsWorthCopying && fillsFewSets(k, bStride, lookahead)
  let isFar = left == .plain && comesFromFar(m, n, lookahead)
  let stepsPerBlock = stepsPerBlock(left, m, n, k, lookahead)
  if k <= stepsPerBlock && !copies && !isFar {
    return panels(left, right, m, n, k, 0..<k, a, aStride, b, bStride, c, cStride, addend)
  }
  // Blocks of about equal length, lest the last one be short.
  let blocks = max(1, (k + (stepsPerBlock - 1)) / stepsPerBlock)
  let steps = max(1, (k + (blocks - 1)) / blocks)
  guard copies else {
    return rowBlocks(
      left, right, m, n, 0..<k, steps, k, a, aStride, b, bStride, c, cStride, addend, isFar)
  }
  var columns = min(columnsPerCopy, padded(n), floatsPerCopy / steps / 64 * 64)
  if isFar {
    columns = min(columns, max(fewestColumnsPerCopy, floatsPerCopy / max(1, k) / 64 * 64))
  }
  let stepsPerCopy = min(blocks, max(1, floatsPerCopy / (columns * steps))) * steps
  withStackFloats(columns * stepsPerCopy) { copy in
    var column = 0
    while column < n {
      let count = min(columns, n - column)
      var start = 0
      repeat {
        let length = min(stepsPerCopy, k - start)
        copyPanels(count, length, b + (start * bStride + column), bStride, copy)
        let a = left == .plain ? a + start : a + start * aStride
        rowBlocks(
          left, .panels, m, count, 0..<length, steps, length, a, aStride, UnsafePointer(copy), 0,
          c + column, cStride, start > 0 ? UnsafePointer(c + column) : at(addend, column),
          isFar)
        start += stepsPerCopy
      } while start < k
      column += count
    }
  }
}

/// The product over the steps of `range`, in blocks of rows and, within those, of `steps`.
///
/// If C comes from far, each block asks for its lines and for the next block's A.
@inline(__always)
private func rowBlocks(
  _ left: LeftOperand, _ right: RightOperand, _ m: Int, _ n: Int, _ range: Range<Int>,
  _ steps: Int, _ k: Int, _ a: UnsafePointer<Float>, _ aStride: Int,
  _ b: UnsafePointer<Float>, _ bStride: Int,
  _ c: UnsafeMutablePointer<Float>, _ cStride: Int, _ addend: UnsafePointer<Float>?, _ isFar: Bool
) {
  withStackFloats(isFar ? steps : 0) { room in
    let lines = UnsafeMutableRawPointer(room).bindMemory(to: Int32.self, capacity: steps)
    if isFar { writeLines(6, steps, cStride, lines, apart: 1) }
    var row = 0
    while row < m {
      let rows = min(rowsPerBlock(steps), m - row)
      var start = range.lowerBound
      repeat {
        let block = start..<min(start + steps, range.upperBound)
        let from = left == .plain ? a + (row * aStride + start) : a + (start * aStride + row)
        panels(
          left, right, rows, n, k, block, from, aStride, b, bStride, c + row * cStride, cStride,
          at(start > 0 ? UnsafePointer(c) : addend, row * cStride),
          lines: isFar ? UnsafePointer(lines) : nil,
          next: a + ((row + rows) * aStride + (start - range.lowerBound) * rows))
        start += steps
      } while start < range.upperBound
      row += rows
    }
  }
}

/// All columns of the product over one block of k and of rows, panel by panel.
///
/// `k` is the length of panels that lie one after the other. With `lines`, the offsets of a tile's
/// lines, it asks for those of C and for what follows `next`.
@inline(__always)
private func panels(
  _ left: LeftOperand, _ right: RightOperand, _ m: Int, _ n: Int, _ k: Int, _ block: Range<Int>,
  _ a: UnsafePointer<Float>, _ aStride: Int, _ b: UnsafePointer<Float>, _ bStride: Int,
  _ c: UnsafeMutablePointer<Float>, _ cStride: Int, _ addend: UnsafePointer<Float>?,
  lines: UnsafePointer<Int32>? = nil, next: UnsafePointer<Float>? = nil
) {
  var column = 0
  var next = next
  // Tiles of six rows take every step once in each panel of 64 columns: so many floats a step are
  // at least as many as the block of A has.
  let pace = (6 * 64 + (n - 1)) / max(n, 64)
  while column < n {
    let width = panelWidth(n - column)
    var panel = b
    var stride = bStride
    switch right {
    case .rows:
      panel += block.lowerBound * bStride + column
    case .panels:
      panel += k * column + block.lowerBound * width
      stride = width
    }
    #if KERNELS_AVX512 && arch(x86_64)
      if width == 64, let lines, let from = next {
        columns4NNfetching(
          m, block.count, a, aStride, panel, stride, c + column, cStride, at(addend, column),
          lines: lines, next: from, pace: pace)
        next = from + (m + 5) / 6 * block.count * pace
        column += width
        continue
      }
    #endif
    columns(
      left, width / laneCount, m, block.count, a, aStride, panel, stride, c + column, cStride,
      at(addend, column), narrow: n - column <= laneCount / 2)
    column += width
  }
}

/// A panel's columns of a block of C; `narrow` if they are at most eight.
@inline(__always)
private func columns(
  _ left: LeftOperand, _ groups: Int, _ m: Int, _ k: Int,
  _ a: UnsafePointer<Float>, _ aStride: Int, _ b: UnsafePointer<Float>, _ bStride: Int,
  _ c: UnsafeMutablePointer<Float>, _ cStride: Int, _ addend: UnsafePointer<Float>?,
  narrow: Bool = false
) {
  #if KERNELS_AVX512 && arch(x86_64)
    if left == .plain && aStride == laneCount && staysInRegisters(k: k, groups: groups) {
      return fewSteps(groups, m, k, a, b, bStride, c, cStride, addend)
    }
  #endif
  switch (left, groups) {
  #if KERNELS_AVX512 && arch(x86_64)
    case (.plain, 4): columns4NN(m, k, a, aStride, b, bStride, c, cStride, addend)
    case (.plain, 3): columns3NN(m, k, a, aStride, b, bStride, c, cStride, addend)
    case (.plain, 2): columns2NN(m, k, a, aStride, b, bStride, c, cStride, addend)
    case (.transposed, 4): columns4TN(m, k, a, aStride, b, bStride, c, cStride, addend)
    case (.transposed, 3): columns3TN(m, k, a, aStride, b, bStride, c, cStride, addend)
    case (.transposed, 2): columns2TN(m, k, a, aStride, b, bStride, c, cStride, addend)
    case (.plain, _): columns1NN(m, k, a, aStride, b, bStride, c, cStride, addend)
    case (.transposed, _): columns1TN(m, k, a, aStride, b, bStride, c, cStride, addend)
  #else
    case (.plain, _) where narrow:
      rowsNNHalf(m, k, a, aStride, b, bStride, c, cStride, addend, pads: true)
    case (.transposed, _) where narrow:
      rowsTNHalf(m, k, a, aStride, b, bStride, c, cStride, addend)
    // For a C of one lane group `rowsNN` has constant addresses.
    case (.plain, _) where bStride == laneCount && cStride > laneCount:
      rowsPanel(m, k, a, aStride, b, c, cStride, addend)
    case (.plain, _): rowsNN(m, k, a, aStride, b, bStride, c, cStride, addend)
    case (.transposed, _): rowsTN(m, k, a, aStride, b, bStride, c, cStride, addend)
  #endif
  }
}

/// The columns of the next panel when `columns` are left: 64 unless that leaves a single group.
@inline(__always)
private func panelWidth(_ columns: Int) -> Int {
  #if KERNELS_AVX512 && arch(x86_64)
    let groups = padded(columns) / laneCount
    return laneCount * (groups >= 6 || groups == 4 ? 4 : min(groups, 3))
  #else
    return laneCount
  #endif
}

/// Copies `n` columns of a block of B into panels, row by row: rows lie one after the other, and the
/// processor fetches ahead along them.
@inline(__always)
private func copyPanels(
  _ n: Int, _ steps: Int, _ b: UnsafePointer<Float>, _ bStride: Int,
  _ copy: UnsafeMutablePointer<Float>
) {
  for step in 0..<steps {
    let from = b + step * bStride
    var column = 0
    while column < n {
      let width = panelWidth(n - column)
      let to = copy + (steps * column + step * width)
      var offset = 0
      while offset < width {
        to.store(from.lanes(column + offset), offset)
        offset += laneCount
      }
      column += width
    }
  }
}

/// Writes for each step the offset of the line that a tile asks for or copies: those of `rows` rows of
/// 64 floats, one a step, then the last one again.
@inline(__always)
func writeLines(
  _ rows: Int, _ steps: Int, _ stride: Int, _ lines: UnsafeMutablePointer<Int32>, apart: Int
) {
  for step in 0..<steps {
    let line = min(step, 4 * rows - 1)
    lines[step * apart] = Int32(truncatingIfNeeded: line / 4 * stride + line % 4 * laneCount)
  }
}

#if KERNELS_AVX512 && arch(x86_64)
  /// A smaller B in panels belongs to a model whose matrices stay in the second-level cache.
  private var farPanels: Int { 8_192 }

  /// Of fewer rows of A the fetching falls behind; of more, fetching B takes little of the time.
  private var rowsBeneathFarPanels: ClosedRange<Int> { 24...128 }

  /// `C = A B + addend` for few rows, with a B in panels that comes from far.
  ///
  /// Each block of a panel serves all rows, which stay near, while they ask for as many floats
  /// behind it. These are the next to be read, and behind B there may stand the next matrix. With
  /// all that is asked for ahead a training step of width 128 reaches 70 % of the peak of multiply-adds
  /// (`benchmarks step --widths 128`, one core of a 2.5 GHz Cascade Lake with AVX-512).
  private func farPanelsProduct(
    _ m: Int, _ n: Int, _ k: Int,
    _ a: UnsafePointer<Float>, _ aStride: Int, _ panels: UnsafePointer<Float>,
    _ c: UnsafeMutablePointer<Float>, _ cStride: Int, _ addend: UnsafePointer<Float>?
  ) {
    let stepsPerBlock = stepsPerBlock(.plain, m, n, k, .short)
    let blocks = (k + (stepsPerBlock - 1)) / stepsPerBlock
    let steps = (k + (blocks - 1)) / blocks
    // A step reads 64 floats, and every tile takes it once.
    let tiles = (m + 5) / 6
    let pace = (64 + (tiles - 1)) / tiles
    withStackFloats(steps) { room in
      let lines = UnsafeMutableRawPointer(room).bindMemory(to: Int32.self, capacity: steps)
      writeLines(6, steps, cStride, lines, apart: 1)
      var column = 0
      while column < n {
        let width = panelWidth(n - column)
        var start = 0
        while start < k {
          let length = min(steps, k - start)
          let block = panels + (k * column + start * width)
          let to = c + column
          let addend = start > 0 ? UnsafePointer(to) : at(addend, column)
          if width == 64 {
            columns4NNfetching(
              m, length, a + start, aStride, block, width, to, cStride, addend,
              lines: lines, next: block + length * width, pace: pace)
          } else {
            columns(
              .plain, width / laneCount, m, length, a + start, aStride, block, width, to, cStride,
              addend)
          }
          start += steps
        }
        column += width
      }
    }
  }
#endif
