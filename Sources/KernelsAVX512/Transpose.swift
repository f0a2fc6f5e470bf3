import KernelInterface

/// `target[c, r] = source[r, c]`; `target` is [columns, padded(rows)], its padding becomes zero.
///
/// Whole lane groups of the source are read, so its rows must be padded.
func transpose(
  rows: Int, columns: Int, _ source: UnsafePointer<Float>, _ sourceStride: Int,
  into target: UnsafeMutablePointer<Float>, _ targetStride: Int
) {
  var row = 0
  while row < rows {
    var column = 0
    while column < columns {
      transposeBlock(
        source + row * sourceStride + column, sourceStride, min(rows - row, laneCount),
        target + column * targetStride + row, targetStride, min(columns - column, laneCount))
      column += laneCount
    }
    row += laneCount
  }
}

#if KERNELS_AVX512 && arch(x86_64)
  /// Transposes a block of up to 16 x 16; missing source rows count as zero.
  ///
  /// Four rounds of interleaving row i with row i + 8: each round turns one bit of the row number
  /// into a bit of the column number. 64 shuffles for 256 floats.
  @inline(__always)
  private func transposeBlock(
    _ source: UnsafePointer<Float>, _ sourceStride: Int, _ rows: Int,
    _ target: UnsafeMutablePointer<Float>, _ targetStride: Int, _ columns: Int
  ) {
    var x0 = Lanes(), x1 = Lanes(), x2 = Lanes(), x3 = Lanes()
    var x4 = Lanes(), x5 = Lanes(), x6 = Lanes(), x7 = Lanes()
    var x8 = Lanes(), x9 = Lanes(), x10 = Lanes(), x11 = Lanes()
    var x12 = Lanes(), x13 = Lanes(), x14 = Lanes(), x15 = Lanes()
    let s = source
    let d = sourceStride
    x0 = s.lanes()
    if rows > 1 { x1 = s.lanes(d) }
    if rows > 2 { x2 = s.lanes(2 * d) }
    if rows > 3 { x3 = s.lanes(3 * d) }
    if rows > 4 { x4 = s.lanes(4 * d) }
    if rows > 5 { x5 = s.lanes(5 * d) }
    if rows > 6 { x6 = s.lanes(6 * d) }
    if rows > 7 { x7 = s.lanes(7 * d) }
    if rows > 8 { x8 = s.lanes(8 * d) }
    if rows > 9 { x9 = s.lanes(9 * d) }
    if rows > 10 { x10 = s.lanes(10 * d) }
    if rows > 11 { x11 = s.lanes(11 * d) }
    if rows > 12 { x12 = s.lanes(12 * d) }
    if rows > 13 { x13 = s.lanes(13 * d) }
    if rows > 14 { x14 = s.lanes(14 * d) }
    if rows > 15 { x15 = s.lanes(15 * d) }
    for _ in 0..<4 {
      let (y0, y1) = x0.interleaved(with: x8)
      let (y2, y3) = x1.interleaved(with: x9)
      let (y4, y5) = x2.interleaved(with: x10)
      let (y6, y7) = x3.interleaved(with: x11)
      let (y8, y9) = x4.interleaved(with: x12)
      let (y10, y11) = x5.interleaved(with: x13)
      let (y12, y13) = x6.interleaved(with: x14)
      let (y14, y15) = x7.interleaved(with: x15)
      (x0, x1, x2, x3) = (y0, y1, y2, y3)
      (x4, x5, x6, x7) = (y4, y5, y6, y7)
      (x8, x9, x10, x11) = (y8, y9, y10, y11)
      (x12, x13, x14, x15) = (y12, y13, y14, y15)
    }
    let t = target
    let e = targetStride
    t.store(x0)
    if columns > 1 { t.store(x1, e) }
    if columns > 2 { t.store(x2, 2 * e) }
    if columns > 3 { t.store(x3, 3 * e) }
    if columns > 4 { t.store(x4, 4 * e) }
    if columns > 5 { t.store(x5, 5 * e) }
    if columns > 6 { t.store(x6, 6 * e) }
    if columns > 7 { t.store(x7, 7 * e) }
    if columns > 8 { t.store(x8, 8 * e) }
    if columns > 9 { t.store(x9, 9 * e) }
    if columns > 10 { t.store(x10, 10 * e) }
    if columns > 11 { t.store(x11, 11 * e) }
    if columns > 12 { t.store(x12, 12 * e) }
    if columns > 13 { t.store(x13, 13 * e) }
    if columns > 14 { t.store(x14, 14 * e) }
    if columns > 15 { t.store(x15, 15 * e) }
  }
#else
  /// Transposes a block of up to 16 x 16; missing source rows count as zero.
  ///
  /// In pieces of 4 x 4, whose rows are registers of their own. 128 shuffles for 256 floats.
  @inline(__always)
  private func transposeBlock(
    _ source: UnsafePointer<Float>, _ sourceStride: Int, _ rows: Int,
    _ target: UnsafeMutablePointer<Float>, _ targetStride: Int, _ columns: Int
  ) {
    var row = 0
    while row < laneCount {
      let left = rows - row
      var s = source + row * sourceStride
      var t = target + row
      var column = 0
      while column < columns {
        var x0 = QuarterLanes(), x1 = x0, x2 = x0, x3 = x0
        if left > 0 { x0 = s.quarterLanes() }
        if left > 1 { x1 = s.quarterLanes(sourceStride) }
        if left > 2 { x2 = s.quarterLanes(2 * sourceStride) }
        if left > 3 { x3 = s.quarterLanes(3 * sourceStride) }
        let piece = TransposedQuarters(x0, x1, x2, x3)
        t.store(piece.x0)
        if columns - column > 1 { t.store(piece.x1, targetStride) }
        if columns - column > 2 { t.store(piece.x2, 2 * targetStride) }
        if columns - column > 3 { t.store(piece.x3, 3 * targetStride) }
        s += 4
        t += 4 * targetStride
        column += 4
      }
      row += 4
    }
  }
#endif

/// A block of 4 x 4, transposed: two rounds of interleaving row i with row i + 2.
struct TransposedQuarters {
  let x0: QuarterLanes
  let x1: QuarterLanes
  let x2: QuarterLanes
  let x3: QuarterLanes

  @_transparent
  init(_ x0: QuarterLanes, _ x1: QuarterLanes, _ x2: QuarterLanes, _ x3: QuarterLanes) {
    let (y0, y1) = x0.interleaved(with: x2)
    let (y2, y3) = x1.interleaved(with: x3)
    (self.x0, self.x1) = y0.interleaved(with: y2)
    (self.x2, self.x3) = y1.interleaved(with: y3)
  }

  /// The block whose rows lie `stride` floats apart.
  @_transparent
  init(_ source: UnsafePointer<Float>, _ stride: Int) {
    self.init(
      source.quarterLanes(), source.quarterLanes(stride), source.quarterLanes(2 * stride),
      source.quarterLanes(3 * stride))
  }
}
