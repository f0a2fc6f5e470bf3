import KernelInterface

extension Implementation {
  /// 4 w FLOPs and one exponential a pair of query and key; about T (T + 16) / 2 pairs a head,
  /// because queries are taken 16 at a time.
  ///
  /// A score is one chain over the head's columns with `scale` already in the query; the sum of a
  /// query's weights and its output are chains over keys in ascending order.
  ///
  /// Reads 12 bytes and writes 4 an element of the output, and writes 4 a pair: 60 % of the peak of
  /// multiply-adds, on one core of a Zen 5 with AVX-512, for T = 64, w = 32.
  public static func attention(
    sequences: Int, positions: Int, heads: Int, headWidth: Int, scale: Float,
    qkv: UnsafePointer<Float>, qkvStride: Int, tokens: UnsafePointer<Int32>?,
    bias: UnsafePointer<Float>?, output: UnsafeMutablePointer<Float>, outputStride: Int,
    state: UnsafeMutablePointer<Float>, scratch: UnsafeMutablePointer<Float>
  ) {
    guard positions > 0 else { return }
    let width = heads * headWidth
    let stateCount = attentionStateCount(positions: positions, heads: heads)
    #if (KERNELS_AVX512 || KERNELS_AVX2) && arch(x86_64)
      let lanes = LaneAttention(positions: positions, heads: heads, headWidth: headWidth)
      if let lanes, sequences >= lanes.sequencesTogether {
        let taken = sequences / lanes.sequencesTogether * lanes.sequencesTogether
        let row = taken * positions
        lanes.forward(
          sequences: taken, scale: scale, qkv: qkv, qkvStride: qkvStride, tokens: tokens,
          bias: bias, output: output, outputStride: outputStride, state: state, scratch: scratch)
        return attention(
          sequences: sequences - taken, positions: positions, heads: heads, headWidth: headWidth,
          scale: scale, qkv: tokens == nil ? qkv + row * qkvStride : qkv, qkvStride: qkvStride,
          tokens: tokens.map { $0 + row }, bias: bias, output: output + row * outputStride,
          outputStride: outputStride, state: state + taken * stateCount, scratch: scratch)
      }
    #endif
    if let tokens {
      let picked = scratch + ownScratchCount(positions, heads, headWidth)
      for sequence in 0..<sequences {
        let row = sequence * positions
        pick(positions, 3 * width, tokens + row, qkv, qkvStride, into: picked)
        attention(
          sequences: 1, positions: positions, heads: heads, headWidth: headWidth, scale: scale,
          qkv: picked, qkvStride: qkvStride, tokens: nil, bias: bias,
          output: output + row * outputStride, outputStride: outputStride,
          state: state + sequence * stateCount, scratch: scratch)
      }
      return
    }
    #if KERNELS_AVX512 && arch(x86_64)
      if let narrow = NarrowAttention(
        sequences: sequences, positions: positions, heads: heads, headWidth: headWidth,
        scale: scale,
        qkvStride: qkvStride, outputStride: outputStride)
      {
        return narrow.forward(qkv: qkv, bias: bias, output: output, state: state, scratch: scratch)
      }
    #endif
    let shape = AttentionShape(positions: positions, headWidth: headWidth)
    let queries = scratch
    let results = queries + shape.transposedCount(width)
    let biasRow = results + shape.transposedCount(width)
    var weights = state
    for sequence in 0..<sequences {
      let row = sequence * positions
      let qkv = qkv + row * qkvStride
      transposePanels(shape, width, qkv, qkvStride, into: queries)
      if scale != 1 {
        Implementation.scale(count: shape.transposedCount(width), factor: scale, y: queries)
      }
      for head in 0..<heads {
        let column = head * headWidth
        if let bias { copyBias(shape, bias + head * padded(positions), into: biasRow) }
        attend(
          shape, width, queries: queries + column * laneCount, key: qkv + (width + column),
          value: qkv + (2 * width + column), qkvStride,
          bias: bias == nil ? nil : UnsafePointer(biasRow + laneCount),
          results: results + column * laneCount, weights: weights)
        weights += shape.weightsCount
      }
      transposeBack(shape, width, results, into: output + row * outputStride, outputStride)
    }
  }
}

/// Copies the rows of the tokens at so many positions, each [width].
@inline(__always)
func pick(
  _ positions: Int, _ width: Int, _ tokens: UnsafePointer<Int32>, _ table: UnsafePointer<Float>,
  _ stride: Int, into rows: UnsafeMutablePointer<Float>
) {
  Implementation.embed(
    rows: positions, width: width, tokens: tokens, table: table, tableStride: stride,
    positions: nil, period: 1, y: rows, stride: stride)
}

/// Copies a head's bias behind sixteen zeros: a lane in the future reads something harmless.
@inline(__always)
func copyBias(
  _ shape: AttentionShape, _ bias: UnsafePointer<Float>, into row: UnsafeMutablePointer<Float>
) {
  row.store(Lanes())
  for i in 0..<shape.panels { row.store(bias.lanes(laneCount * i), laneCount * (i + 1)) }
}

/// Attention of one head over one sequence: scores, weights and, by columns, their sums of values.
@inline(__always)
private func attend(
  _ shape: AttentionShape, _ width: Int, queries: UnsafePointer<Float>,
  key: UnsafePointer<Float>, value: UnsafePointer<Float>, _ qkvStride: Int,
  bias: UnsafePointer<Float>?, results: UnsafeMutablePointer<Float>,
  weights: UnsafeMutablePointer<Float>
) {
  for panel in 0..<shape.panels {
    let start = laneCount * panel
    let keys = shape.keys(panel)
    let scores = weights + shape.weightsOffset(panel)
    Implementation.gemmNN(
      m: keys, n: laneCount, k: shape.width, a: key, aStride: qkvStride,
      b: queries + start * width, bStride: laneCount, c: scores, cStride: laneCount,
      accumulate: false)
    softmax(
      keys: keys, start: start, queries: shape.queries(panel), scores,
      bias: bias.map { $0 + start })
    Implementation.gemmTN(
      m: shape.width, n: laneCount, k: keys, a: value, aStride: qkvStride, b: scores,
      bStride: laneCount, c: results + start * width, cStride: laneCount, accumulate: false)
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
  // future. The two loops are apart so that the first one needs no mask. Maxima of even and odd
  // keys are apart so that one does not wait for the other.
  var greatest = Lanes(-.infinity)
  var other = greatest
  var key = 0
  if let bias {
    while key < start {
      let place = scores + key * laneCount
      let even = place.lanes() + (bias - key).lanes()
      let odd = place.lanes(laneCount) + (bias - (key + 1)).lanes()
      place.store(even)
      place.store(odd, laneCount)
      greatest = greatest.greater(even)
      other = other.greater(odd)
      key += 2
    }
  } else {
    while key < start {
      greatest = greatest.greater(scores.lanes(key * laneCount))
      other = other.greater(scores.lanes((key + 1) * laneCount))
      key += 2
    }
  }
  while key < keys {
    var score = scores.lanes(key * laneCount)
    if let bias { score = score + (bias - key).lanes() }
    score = score.replacing(with: Lanes(-.infinity), where: future(key - start))
    scores.store(score, key * laneCount)
    greatest = greatest.greater(score)
    key += 1
  }
  greatest = greatest.greater(other)
  // Of minus infinity the exponential is zero.
  var sum = Lanes()
  key = 0
  while key + 4 <= keys {
    let place = scores + key * laneCount
    let weights = FourLanes(place).each { $0 - greatest }.exponentialOfNegative()
    weights.store(place)
    sum = sum + weights.a + weights.b + weights.c + weights.d
    key += 4
  }
  while key < keys {
    let weight = (scores.lanes(key * laneCount) - greatest).exponentialOfNegative()
    scores.store(weight, key * laneCount)
    sum = sum + weight
    key += 1
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
func future(_ distance: Int) -> LaneMask {
  IntLanes.numbers .< IntLanes(Int32(truncatingIfNeeded: distance))
}
