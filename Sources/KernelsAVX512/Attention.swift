import KernelInterface

extension Implementation {
  /// 4 w FLOPs and one exponential a pair of query and key; about T (T + 16) / 2 pairs a head,
  /// because queries are taken 16 at a time.
  ///
  /// A score is one chain over the head's columns with `scale` already in the query; the sum of a
  /// query's weights and its output are chains over keys in ascending order.
  public static func attention(
    sequences: Int, positions: Int, heads: Int, headWidth: Int, scale: Float,
    qkv: UnsafePointer<Float>, qkvStride: Int, bias: UnsafePointer<Float>?,
    output: UnsafeMutablePointer<Float>, outputStride: Int,
    state: UnsafeMutablePointer<Float>, scratch: UnsafeMutablePointer<Float>
  ) {
    guard positions > 0 else { return }
    let shape = AttentionShape(positions: positions, headWidth: headWidth)
    let width = heads * headWidth
    var weights = state
    for sequence in 0..<sequences {
      let row = sequence * positions
      let qkv = qkv + row * qkvStride
      let output = output + row * outputStride
      for head in 0..<heads {
        attend(
          shape, scale: scale, query: qkv + head * headWidth,
          key: qkv + (width + head * headWidth), value: qkv + (2 * width + head * headWidth),
          qkvStride, bias: bias.map { $0 + head * padded(positions) },
          output: output + head * headWidth, outputStride, weights: weights, scratch: scratch)
        weights += shape.weightsCount
      }
      clearPadding(rows: positions, width: width, output, outputStride)
    }
  }

  /// One exponential and 4 FLOPs an element; the sum over a row is 16 chains and one tree.
  public static func causalSoftmax(
    positions: Int, scores: UnsafeMutablePointer<Float>, stride: Int
  ) {
    for row in 0..<positions {
      let scores = scores + row * stride
      let visible = row + 1
      var greatest = -Float.infinity
      for column in 0..<visible { greatest = max(greatest, scores[column]) }
      var sum = Lanes()
      var i = 0
      while i < padded(positions) {
        let hidden = IntLanes.numbers .>= IntLanes(Int32(truncatingIfNeeded: visible - i))
        let term = (scores.lanes(i) - Lanes(greatest)).exponentialOfNegative()
          .replacing(with: Lanes(), where: hidden)
        scores.store(term, i)
        sum = sum + term
        i += laneCount
      }
      Implementation.scale(count: padded(positions), factor: 1 / sum.treeSum(), y: scores)
    }
  }
}

/// Attention of one head over one sequence.
private func attend(
  _ shape: AttentionShape, scale: Float,
  query: UnsafePointer<Float>, key: UnsafePointer<Float>, value: UnsafePointer<Float>,
  _ qkvStride: Int, bias: UnsafePointer<Float>?,
  output: UnsafeMutablePointer<Float>, _ outputStride: Int,
  weights: UnsafeMutablePointer<Float>, scratch: UnsafeMutablePointer<Float>
) {
  let positions = shape.positions
  let queryTransposed = scratch
  let queryRows = queryTransposed + shape.copyCount
  let valueRows = queryRows + shape.copyCount
  let block = valueRows + shape.copyCount
  let biasRow = block + laneCount * shape.columns
  let whole = shape.width == shape.columns

  gather(
    rows: positions, width: shape.width, query, qkvStride, into: queryRows, times: scale)
  let transposedStride = padded(positions)
  transpose(
    rows: positions, columns: shape.width, queryRows, shape.columns, into: queryTransposed,
    transposedStride)
  if !whole { gather(rows: positions, width: shape.width, value, qkvStride, into: valueRows) }
  if let bias {
    // Sixteen floats in front, so that a lane in the future reads something harmless.
    biasRow.store(Lanes())
    for i in 0..<shape.panels { biasRow.store(bias.lanes(laneCount * i), laneCount * (i + 1)) }
  }

  for panel in 0..<shape.panels {
    let start = laneCount * panel
    let keys = shape.keys(panel)
    let scores = weights + shape.weightsOffset(panel)
    Implementation.gemmNN(
      m: keys, n: laneCount, k: shape.width, a: key, aStride: qkvStride,
      b: queryTransposed + start, bStride: transposedStride, c: scores, cStride: laneCount,
      accumulate: false)
    softmax(
      keys: keys, start: start, queries: shape.queries(panel), scores,
      bias: bias == nil ? nil : UnsafePointer(biasRow + laneCount + start))
    if whole {
      Implementation.gemmTN(
        m: shape.queries(panel), n: shape.width, k: keys, a: scores, aStride: laneCount,
        b: value, bStride: qkvStride, c: output + start * outputStride, cStride: outputStride,
        accumulate: false)
    } else {
      Implementation.gemmTN(
        m: shape.queries(panel), n: shape.width, k: keys, a: scores, aStride: laneCount,
        b: valueRows, bStride: shape.columns, c: block, cStride: shape.columns,
        accumulate: false)
      scatter(
        rows: shape.queries(panel), width: shape.width, block,
        into: output + start * outputStride, outputStride)
    }
  }
}

/// Turns a panel of scores into weights: row j holds key j for queries `start`... .
///
/// Lanes of future keys and of queries beyond the sequence become zero.
@inline(__always)
private func softmax(
  keys: Int, start: Int, queries: Int, _ scores: UnsafeMutablePointer<Float>,
  bias: UnsafePointer<Float>?
) {
  // Keys before the panel are seen by all its queries; on the diagonal block some are in the
  // future. The two loops are apart so that the first one needs no mask.
  var greatest = Lanes(-.infinity)
  if let bias {
    for key in 0..<keys {
      let place = scores + key * laneCount
      place.store(place.lanes() + (bias - key).lanes())
    }
  }
  for key in 0..<start { greatest = greatest.greater(scores.lanes(key * laneCount)) }
  for key in start..<keys {
    let score = scores.lanes(key * laneCount)
    greatest = greatest.greater(
      score.replacing(with: Lanes(-.infinity), where: future(key - start)))
  }
  var sum = Lanes()
  for key in 0..<start {
    let weight = (scores.lanes(key * laneCount) - greatest).exponentialOfNegative()
    scores.store(weight, key * laneCount)
    sum = sum + weight
  }
  for key in start..<keys {
    let weight = (scores.lanes(key * laneCount) - greatest).exponentialOfNegative()
      .replacing(with: Lanes(), where: future(key - start))
    scores.store(weight, key * laneCount)
    sum = sum + weight
  }
  var inverse = Lanes(1) / sum
  if queries < laneCount {
    let beyond = IntLanes.numbers .>= IntLanes(Int32(truncatingIfNeeded: queries))
    inverse = inverse.replacing(with: Lanes(), where: beyond)
  }
  for key in 0..<keys { scores.store(scores.lanes(key * laneCount) * inverse, key * laneCount) }
}

/// The lanes whose query stands before a key that is `distance` beyond the first lane's query.
@inline(__always)
private func future(_ distance: Int) -> LaneMask {
  IntLanes.numbers .< IntLanes(Int32(truncatingIfNeeded: distance))
}
