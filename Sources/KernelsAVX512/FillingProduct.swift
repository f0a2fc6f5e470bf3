import KernelInterface

#if KERNELS_AVX512 && arch(x86_64)
  /// The columns of C to a panel of B.
  private var width: Int { 64 }

  /// The most steps to a panel of B: 32 KiB.
  private var stepsPerPanel: Int { 128 }

  /// The most rows of C to a block.
  private var rowsPerBlock: Int { 256 }

  /// The rows of a tile, and how many tiles it takes to ask for a panel's lines, or to copy them: one
  /// line a step.
  private var height: Int { 6 }
  private var tilesToFill: Int { width / laneCount }

  /// Whether copying B ahead pays, if a processor looks far ahead: 512 steps of A and B fill the
  /// second-level cache, and C still fits there. Rows of A a page or more apart are better copied too.
  @inline(__always)
  func paysToFill(_ m: Int, _ n: Int, _ k: Int, aStride: Int) -> Bool {
    k >= 512 && m + n >= floatsNear / 512 && m * n <= floatsNear && n >= width
      && m >= 2 * tilesToFill * height && aStride < pageOfFloats
  }

  /// `C = Aᵀ B + addend`, with B copied a panel ahead.
  ///
  /// Of the tiles of a panel the first four ask for the lines of the next one, wherever they lie in B,
  /// and the last four copy them: they have come by then, and no store waits for what it stores.
  /// 95 % of the peak of multiply-adds (`benchmarks gemm --shapes 2048x512x512`, TN, one core of a Zen 5
  /// with AVX-512).
  func fillingProduct(
    _ m: Int, _ n: Int, _ k: Int,
    _ a: UnsafePointer<Float>, _ aStride: Int, _ b: UnsafePointer<Float>, _ bStride: Int,
    _ c: UnsafeMutablePointer<Float>, _ cStride: Int, _ addend: UnsafePointer<Float>?
  ) {
    let rowBlocks = (m + (rowsPerBlock - 1)) / rowsPerBlock
    let rowsPerBlock = (m + (rowBlocks - 1)) / rowBlocks
    let stepBlocks = (k + (stepsPerPanel - 1)) / stepsPerPanel
    let stepsPerPanel = (k + (stepBlocks - 1)) / stepBlocks
    let lineCount = tilesToFill * stepsPerPanel
    let columns = n / width
    withStackFloats(2 * width * stepsPerPanel + lineCount) { room in
      var panel = room
      var next = panel + width * stepsPerPanel
      let lines = UnsafeMutableRawPointer(next + width * stepsPerPanel).bindMemory(
        to: Int32.self, capacity: lineCount)
      var row = 0
      while row < m {
        let rows = min(rowsPerBlock, m - row)
        writeLines(stepsPerPanel, lineCount, bStride, lines, apart: 1)
        for line in 0..<lineCount {
          panel.store(b.lanes(Int(lines[line])), line * laneCount)
        }
        var start = 0
        var column = 0
        while start < k {
          let steps = min(stepsPerPanel, k - start)
          let from = a + (start * aStride + row)
          let place = row * cStride + column * width
          let addend = at(start > 0 ? UnsafePointer(c) : addend, place)
          column += 1
          if column == columns {
            column = 0
            start += steps
            // The last panel may be shorter.
            if start < k && k - start < steps {
              writeLines(k - start, lineCount, bStride, lines, apart: 1)
            }
          }
          product(
            rows, steps, from, aStride, UnsafePointer(panel), c + place, cStride, addend,
            filling: next, from: start < k ? b + (start * bStride + column * width) : nil,
            lines: UnsafePointer(lines))
          swap(&panel, &next)
        }
        row += rows
      }
    }
    if columns * width < n {
      let column = columns * width
      product(
        .transposed, .rows, m, n - column, k, a, aStride, b + column, bStride, c + column, cStride,
        at(addend, column), .long)
    }
  }

  /// A panel's columns of a block of C, while the panel that comes next is filled.
  @inline(__always)
  private func product(
    _ m: Int, _ k: Int, _ a: UnsafePointer<Float>, _ aStride: Int,
    _ panel: UnsafePointer<Float>,
    _ c: UnsafeMutablePointer<Float>, _ cStride: Int, _ addend: UnsafePointer<Float>?,
    filling next: UnsafeMutablePointer<Float>, from coming: UnsafePointer<Float>?,
    lines: UnsafePointer<Int32>
  ) {
    guard let coming else {
      return columns4TN(m, k, a, aStride, panel, width, c, cStride, addend)
    }
    let asking = tilesToFill * height
    let filling = m - asking
    tile6x4TNasking(
      tilesToFill, k, a, aStride, panel, width, c, cStride, addend, for: coming, lines: lines)
    columns4TN(
      filling - asking, k, a + asking, aStride, panel, width, c + asking * cStride, cStride,
      at(addend, asking * cStride))
    tile6x4TNfilling(
      tilesToFill, k, a + filling, aStride, panel, width, c + filling * cStride, cStride,
      at(addend, filling * cStride), from: coming, lines: lines, into: next)
  }
#endif
