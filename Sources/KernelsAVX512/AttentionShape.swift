import KernelInterface

// Where attention keeps its numbers, for one sequence and one head at a time.
//
// Queries are taken in panels of 16, one query a lane. The panel that starts at query i₀ holds a
// row for each key j < min(i₀ + 16, T): keys wholly in the future are never computed, and scores
// stand transposed, so that softmax over keys runs down the rows without crossing lanes. The
// weights P of all panels, one behind the other, are what the backward pass needs.

/// Sizes and offsets of one head's attention.
struct AttentionShape {
  /// T.
  let positions: Int
  /// w, the width of a head.
  let width: Int
  /// w rounded up to whole lane groups.
  let columns: Int
  /// The panels of 16 queries.
  let panels: Int
  /// The floats of all panels' weights.
  let weightsCount: Int
  /// The floats of a copy of one head's rows, in whole lane groups.
  let copyCount: Int
  /// The floats of one row of bias gradients: offsets 0...T-1 and room for a shift by 15.
  let biasCount: Int

  init(positions: Int, headWidth: Int) {
    self.positions = positions
    width = headWidth
    columns = padded(headWidth)
    panels = padded(positions) / laneCount
    weightsCount = laneCount * laneCount / 2 * (panels - 1) * panels + laneCount * positions
    copyCount = padded(positions) * columns
    biasCount = padded(positions) + laneCount
  }

  /// The keys that some query of a panel may see.
  @inline(__always)
  func keys(_ panel: Int) -> Int { min(laneCount * (panel + 1), positions) }

  /// The queries of a panel, 16 except in the last.
  @inline(__always)
  func queries(_ panel: Int) -> Int { min(laneCount, positions - laneCount * panel) }

  /// The floats of `width` columns of all positions, by columns, panel after panel.
  @inline(__always)
  func transposedCount(_ width: Int) -> Int { panels * laneCount * width }

  /// The floats before a panel's weights: 16 · 16 · (1 + 2 + ... + panel).
  @inline(__always)
  func weightsOffset(_ panel: Int) -> Int { laneCount * laneCount / 2 * panel * (panel + 1) }
}

extension Implementation {
  /// The weights of all heads.
  public static func attentionStateCount(positions: Int, heads: Int) -> Int {
    positions > 0
      ? heads * AttentionShape(positions: positions, headWidth: 1).weightsCount : 0
  }

  /// As many as fill vectors with their heads, where that is how attention is computed.
  public static func attentionSequences(positions: Int, heads: Int, headWidth: Int) -> Int {
    #if (KERNELS_AVX512 || KERNELS_AVX2) && arch(x86_64)
      let lanes = LaneAttention(positions: positions, heads: heads, headWidth: headWidth)
      return lanes?.sequencesTogether ?? 1
    #else
      return 1
    #endif
  }

  /// With tokens, room for the rows of one sequence and their gradients, or for the gradients of those
  /// that are taken together, behind the rest.
  public static func attentionScratchCount(
    positions: Int, heads: Int, headWidth: Int, byTokens: Bool
  ) -> Int {
    let together = attentionSequences(positions: positions, heads: heads, headWidth: headWidth)
    let rows = max(2, together) * positions
    return ownScratchCount(positions, heads, headWidth)
      + (byTokens ? rows * padded(3 * heads * headWidth) : 0)
  }

  /// Copies of operands by rows and by columns, and the sums of bias gradients.
  static func ownScratchCount(_ positions: Int, _ heads: Int, _ headWidth: Int) -> Int {
    let shape = AttentionShape(positions: positions, headWidth: headWidth)
    let width = heads * headWidth
    // Backward, which needs more: 16 rows of bias gradients a head, dO and dQ by columns, a panel of
    // score gradients, dK, dV and dO of one head, a panel of dQ. Forward: Q and the output by
    // columns, a row of bias.
    var count =
      heads * laneCount * shape.biasCount + 2 * shape.transposedCount(width)
      + laneCount * padded(positions) + 3 * shape.copyCount + laneCount * padded(width)
    #if KERNELS_AVX512 && arch(x86_64)
      count = NarrowAttention.scratchCount(shape, heads: heads) ?? count
    #endif
    #if (KERNELS_AVX512 || KERNELS_AVX2) && arch(x86_64)
      let lanes = LaneAttention(positions: positions, heads: heads, headWidth: headWidth)
      count = max(count, lanes?.scratchCount ?? 0)
    #endif
    return count
  }
}

/// Copies [positions, width] to panels of 16 positions, each [width, 16]; missing positions become
/// zero.
func transposePanels(
  _ shape: AttentionShape, _ width: Int, _ source: UnsafePointer<Float>, _ stride: Int,
  into target: UnsafeMutablePointer<Float>
) {
  for panel in 0..<shape.panels {
    let start = panel * laneCount
    transpose(
      rows: shape.queries(panel), columns: width, source + start * stride, stride,
      into: target + start * width, laneCount)
  }
}

/// Copies panels of 16 positions, each [width, 16], back to the rows of [positions, width].
func transposeBack(
  _ shape: AttentionShape, _ width: Int, _ source: UnsafePointer<Float>,
  into target: UnsafeMutablePointer<Float>, _ stride: Int
) {
  for panel in 0..<shape.panels {
    let start = panel * laneCount
    transpose(
      rows: width, columns: shape.queries(panel), source + start * width, laneCount,
      into: target + start * stride, stride)
  }
}

/// Copies `rows` rows of `width` floats into rows of whole lane groups, padded with zeros.
func gather(
  rows: Int, width: Int, _ source: UnsafePointer<Float>, _ sourceStride: Int,
  into target: UnsafeMutablePointer<Float>
) {
  let columns = padded(width)
  if width % laneCount != 0 {
    let last = target + (columns - laneCount)
    for row in 0..<rows { last.store(Lanes(), row * columns) }
  }
  copyPieces(rows, width, source, sourceStride, target, columns)
}

/// Copies `rows` rows out of whole lane groups, leaving what stands beyond `width` alone.
func scatter(
  rows: Int, width: Int, _ source: UnsafePointer<Float>,
  into target: UnsafeMutablePointer<Float>, _ targetStride: Int
) {
  copyPieces(rows, width, source, padded(width), target, targetStride)
}

/// Copies columns 0 ..< `width` and touches no other: 16 at a time, then 8, 4, 2 and 1.
@inline(__always)
func copyPieces(
  _ rows: Int, _ width: Int, _ source: UnsafePointer<Float>, _ sourceStride: Int,
  _ target: UnsafeMutablePointer<Float>, _ targetStride: Int
) {
  var column = 0
  while column + laneCount <= width {
    copyColumns(
      SIMD16<Float>.self, rows, source + column, sourceStride, target + column, targetStride)
    column += laneCount
  }
  if width & 8 != 0 {
    copyColumns(
      SIMD8<Float>.self, rows, source + column, sourceStride, target + column, targetStride)
    column += 8
  }
  if width & 4 != 0 {
    copyColumns(
      SIMD4<Float>.self, rows, source + column, sourceStride, target + column, targetStride)
    column += 4
  }
  if width & 2 != 0 {
    copyColumns(
      SIMD2<Float>.self, rows, source + column, sourceStride, target + column, targetStride)
    column += 2
  }
  if width & 1 != 0 {
    copyColumns(Float.self, rows, source + column, sourceStride, target + column, targetStride)
  }
}

@inline(__always)
private func copyColumns<Piece: BitwiseCopyable>(
  _ piece: Piece.Type, _ rows: Int, _ source: UnsafePointer<Float>, _ sourceStride: Int,
  _ target: UnsafeMutablePointer<Float>, _ targetStride: Int
) {
  var from = UnsafeRawPointer(source)
  var to = UnsafeMutableRawPointer(target)
  for _ in 0..<rows {
    to.storeBytes(of: from.loadUnaligned(as: piece), as: piece)
    from += MemoryLayout<Float>.stride * sourceStride
    to += MemoryLayout<Float>.stride * targetStride
  }
}

/// Writes zeros into the padding of `rows` rows of `width` floats.
@inline(__always)
func clearPadding(
  rows: Int, width: Int, _ target: UnsafeMutablePointer<Float>, _ stride: Int
) {
  guard width % laneCount != 0 else { return }
  for row in 0..<rows {
    for column in width..<padded(width) { target[row * stride + column] = 0 }
  }
}
