import KernelInterface

// Attention for decoding: one new position of each of B sequences.
//
// A lane is one pair of a sequence and a head, so that scores, sums and outputs are chains of
// whole vectors and nothing crosses lanes: pair p = b H + h is lane p mod 16 of group p / 16. Keys
// and values lie as [groups, slots, w, 16], which a step reads once, from end to end. The chains
// are those of `attention`: scores over the head's columns, sums and outputs over keys in ascending
// order, so that both give the same bits.

/// Sizes of the step's arrays.
private struct StepShape {
  /// B H.
  let pairs: Int
  /// w, the width of a head.
  let width: Int
  /// w rounded up to whole lane groups.
  let columns: Int
  /// The positions that the cache has room for.
  let slots: Int

  init(sequences: Int, heads: Int, headWidth: Int, slots: Int) {
    pairs = sequences * heads
    width = headWidth
    columns = padded(headWidth)
    self.slots = slots
  }

  /// The groups of 16 pairs.
  var groups: Int { padded(pairs) / laneCount }
  /// The floats of one group's keys or values at one position.
  var blockCount: Int { width * laneCount }
  /// The floats of all keys, or of all values.
  var cacheCount: Int { groups * slots * blockCount }
  /// The floats of a row for each pair; a group may have rows that belong to no pair.
  var rowsCount: Int { groups * laneCount * columns }
}

extension Implementation {
  /// Keys and values of every pair, in whole groups.
  public static func attentionCacheCount(
    sequences: Int, heads: Int, headWidth: Int, slots: Int
  ) -> Int {
    2 * StepShape(sequences: sequences, heads: heads, headWidth: headWidth, slots: slots).cacheCount
  }

  /// A row a pair, its queries by lanes, one group's scores, output and numbers of visible keys.
  public static func attentionStepScratchCount(
    sequences: Int, heads: Int, headWidth: Int, slots: Int
  ) -> Int {
    let shape = StepShape(
      sequences: sequences, heads: heads, headWidth: headWidth, slots: slots)
    return shape.rowsCount + shape.groups * shape.blockCount + laneCount * slots
      + laneCount * shape.columns + laneCount
  }

  /// One table for every way in which 16 neighbouring pairs can meet the heads.
  public static func attentionStepBiasCount(positions: Int, heads: Int) -> Int {
    biasPatterns(heads) * positions * laneCount
  }

  /// A copy; `spread` is [patterns, T, 16].
  public static func spreadAttentionBias(
    positions: Int, heads: Int, bias: UnsafePointer<Float>, spread: UnsafeMutablePointer<Float>
  ) {
    for pattern in 0..<biasPatterns(heads) {
      for lane in 0..<laneCount {
        let row = bias + (pattern * laneCount + lane) % heads * padded(positions)
        let target = spread + (pattern * positions * laneCount + lane)
        for distance in 0..<positions { target[distance * laneCount] = row[distance] }
      }
    }
  }

  /// 4 w FLOPs and one exponential a pair and visible key; reads each kept key and value once, 8 w
  /// bytes, which is what limits it once they leave the cache.
  public static func attentionStep(
    sequences: Int, heads: Int, headWidth: Int, scale: Float,
    qkv: UnsafePointer<Float>, qkvStride: Int, bias: UnsafePointer<Float>?,
    slots: Int, slot: Int, visible: UnsafePointer<Int32>, cache: UnsafeMutablePointer<Float>,
    output: UnsafeMutablePointer<Float>, outputStride: Int,
    scratch: UnsafeMutablePointer<Float>
  ) {
    let shape = StepShape(
      sequences: sequences, heads: heads, headWidth: headWidth, slots: slots)
    let width = heads * headWidth
    let rows = scratch
    let queries = rows + shape.rowsCount
    let scores = queries + shape.groups * shape.blockCount
    let lanesOfOutput = scores + laneCount * slots
    let lengths = lanesOfOutput + laneCount * shape.columns
    let keys = cache
    let values = cache + shape.cacheCount

    spread(
      shape, sequences, heads, qkv, qkvStride, times: scale, rows: rows, into: queries,
      distance: shape.blockCount)
    let blocks = slots * shape.blockCount
    spread(
      shape, sequences, heads, qkv + width, qkvStride, times: 1, rows: rows,
      into: keys + slot * shape.blockCount, distance: blocks)
    spread(
      shape, sequences, heads, qkv + 2 * width, qkvStride, times: 1, rows: rows,
      into: values + slot * shape.blockCount, distance: blocks)

    let patterns = biasPatterns(heads)
    var sequence = 0
    var head = 0
    for group in 0..<shape.groups {
      // Lanes without a pair count as the first pair's: their keys and values are zero.
      var longest = Int(visible[sequence])
      var shortest = longest
      for lane in 0..<laneCount { lengths[lane] = Float(longest) }
      for lane in 0..<min(laneCount, shape.pairs - group * laneCount) {
        let length = Int(visible[sequence])
        lengths[lane] = Float(length)
        longest = max(longest, length)
        shortest = min(shortest, length)
        head += 1
        if head == heads {
          head = 0
          sequence += 1
        }
      }
      attendStep(
        shape, query: queries + group * shape.blockCount, keys: keys + group * blocks,
        values: values + group * blocks, slot: slot, longest: longest, shortest: shortest,
        lengths: lengths.lanes(),
        bias: bias.map { $0 + group % patterns * slots * laneCount }, scores: scores,
        output: lanesOfOutput)
      transpose(
        rows: shape.width, columns: laneCount, lanesOfOutput, laneCount,
        into: rows + group * laneCount * shape.columns, shape.columns)
    }
    for sequence in 0..<sequences {
      scatter(
        rows: heads, width: headWidth, rows + sequence * heads * shape.columns,
        into: output + sequence * outputStride, headWidth)
    }
    clearPadding(rows: sequences, width: width, output, outputStride)
  }
}

/// The least number of groups after which the heads meet the lanes in the same way again.
@inline(__always)
private func biasPatterns(_ heads: Int) -> Int {
  var divisor = laneCount
  while heads % divisor != 0 { divisor /= 2 }
  return heads / divisor
}

/// Turns [B, H w] into [groups, w, 16], groups `distance` floats apart; absent pairs become zero.
@inline(__always)
private func spread(
  _ shape: StepShape, _ sequences: Int, _ heads: Int, _ source: UnsafePointer<Float>,
  _ stride: Int, times factor: Float, rows: UnsafeMutablePointer<Float>,
  into target: UnsafeMutablePointer<Float>, distance: Int
) {
  for sequence in 0..<sequences {
    gather(
      rows: heads, width: shape.width, source + sequence * stride, shape.width,
      into: rows + sequence * heads * shape.columns)
  }
  if factor != 1 {
    Implementation.scale(count: shape.pairs * shape.columns, factor: factor, y: rows)
  }
  for group in 0..<shape.groups {
    let first = group * laneCount
    transpose(
      rows: min(laneCount, shape.pairs - first), columns: shape.width,
      rows + first * shape.columns, shape.columns, into: target + group * distance, laneCount)
  }
}

/// Attention of 16 pairs over the `longest` latest slots of a ring that ends at `slot`.
@inline(__always)
private func attendStep(
  _ shape: StepShape, query: UnsafePointer<Float>, keys: UnsafePointer<Float>,
  values: UnsafePointer<Float>, slot: Int, longest: Int, shortest: Int, lengths: Lanes,
  bias: UnsafePointer<Float>?, scores: UnsafeMutablePointer<Float>,
  output: UnsafeMutablePointer<Float>
) {
  // The ring in ascending order of time: first the slots up to its end, then those from its start.
  let wrapped = max(0, longest - (slot + 1))
  let first = wrapped > 0 ? shape.slots - wrapped : slot + 1 - longest
  let later = scores + wrapped * laneCount
  if wrapped > 0 {
    scoreKeys(query, keys + first * shape.blockCount, wrapped, shape.width, scores)
    scoreKeys(query, keys, longest - wrapped, shape.width, later)
  } else {
    scoreKeys(query, keys + first * shape.blockCount, longest, shape.width, scores)
  }

  if let bias {
    for key in 0..<longest {
      let place = scores + key * laneCount
      place.store(place.lanes() + bias.lanes((longest - 1 - key) * laneCount))
    }
  }
  // The oldest keys are not visible to every lane: the loops over them mask, the others do not.
  let masked = longest - shortest
  var greatest = Lanes(-.infinity)
  for key in 0..<masked {
    let hidden = lengths .<= Lanes(Float(longest - 1 - key))
    greatest = greatest.greater(
      scores.lanes(key * laneCount).replacing(with: Lanes(-.infinity), where: hidden))
  }
  for key in masked..<longest { greatest = greatest.greater(scores.lanes(key * laneCount)) }
  var sum = Lanes()
  for key in 0..<masked {
    let hidden = lengths .<= Lanes(Float(longest - 1 - key))
    let weight = (scores.lanes(key * laneCount) - greatest).exponentialOfNegative()
      .replacing(with: Lanes(), where: hidden)
    scores.store(weight, key * laneCount)
    sum = sum + weight
  }
  for key in masked..<longest {
    let weight = (scores.lanes(key * laneCount) - greatest).exponentialOfNegative()
    scores.store(weight, key * laneCount)
    sum = sum + weight
  }
  let inverse = Lanes(1) / sum
  for key in 0..<longest { scores.store(scores.lanes(key * laneCount) * inverse, key * laneCount) }

  for column in 0..<shape.width { output.store(Lanes(), column * laneCount) }
  if wrapped > 0 {
    addValues(scores, values + first * shape.blockCount, wrapped, shape.width, output)
    addValues(later, values, longest - wrapped, shape.width, output)
  } else {
    addValues(scores, values + first * shape.blockCount, longest, shape.width, output)
  }
}

/// `scores[j] = Σ query[c] keys[j, c]`, one chain over c; four keys at a time, to fill the pipeline.
private func scoreKeys(
  _ query: UnsafePointer<Float>, _ keys: UnsafePointer<Float>, _ count: Int, _ width: Int,
  _ scores: UnsafeMutablePointer<Float>
) {
  let block = width * laneCount
  var key = 0
  while key + 4 <= count {
    let k = keys + key * block
    var s0 = Lanes(), s1 = Lanes(), s2 = Lanes(), s3 = Lanes()
    var i = 0
    while i < block {
      let q = query.lanes(i)
      s0 = k.lanes(i).times(q, plus: s0)
      s1 = k.lanes(i + block).times(q, plus: s1)
      s2 = k.lanes(i + 2 * block).times(q, plus: s2)
      s3 = k.lanes(i + 3 * block).times(q, plus: s3)
      i += laneCount
    }
    let s = scores + key * laneCount
    s.store(s0)
    s.store(s1, laneCount)
    s.store(s2, 2 * laneCount)
    s.store(s3, 3 * laneCount)
    key += 4
  }
  while key < count {
    let k = keys + key * block
    var sum = Lanes()
    var i = 0
    while i < block {
      sum = k.lanes(i).times(query.lanes(i), plus: sum)
      i += laneCount
    }
    scores.store(sum, key * laneCount)
    key += 1
  }
}

/// `output[c] += Σ weights[j] values[j, c]`, one chain over j; eight columns at a time.
private func addValues(
  _ weights: UnsafePointer<Float>, _ values: UnsafePointer<Float>, _ count: Int, _ width: Int,
  _ output: UnsafeMutablePointer<Float>
) {
  let block = width * laneCount
  var i = 0
  while i + 8 * laneCount <= block {
    let o = output + i
    var o0 = o.lanes(), o1 = o.lanes(laneCount)
    var o2 = o.lanes(2 * laneCount), o3 = o.lanes(3 * laneCount)
    var o4 = o.lanes(4 * laneCount), o5 = o.lanes(5 * laneCount)
    var o6 = o.lanes(6 * laneCount), o7 = o.lanes(7 * laneCount)
    var v = values + i
    for key in 0..<count {
      let weight = weights.lanes(key * laneCount)
      o0 = weight.times(v.lanes(), plus: o0)
      o1 = weight.times(v.lanes(laneCount), plus: o1)
      o2 = weight.times(v.lanes(2 * laneCount), plus: o2)
      o3 = weight.times(v.lanes(3 * laneCount), plus: o3)
      o4 = weight.times(v.lanes(4 * laneCount), plus: o4)
      o5 = weight.times(v.lanes(5 * laneCount), plus: o5)
      o6 = weight.times(v.lanes(6 * laneCount), plus: o6)
      o7 = weight.times(v.lanes(7 * laneCount), plus: o7)
      v += block
    }
    o.store(o0)
    o.store(o1, laneCount)
    o.store(o2, 2 * laneCount)
    o.store(o3, 3 * laneCount)
    o.store(o4, 4 * laneCount)
    o.store(o5, 5 * laneCount)
    o.store(o6, 6 * laneCount)
    o.store(o7, 7 * laneCount)
    i += 8 * laneCount
  }
  while i < block {
    var sum = output.lanes(i)
    var v = values + i
    for key in 0..<count {
      sum = weights.lanes(key * laneCount).times(v.lanes(), plus: sum)
      v += block
    }
    output.store(sum, i)
    i += laneCount
  }
}
