// swift-format-ignore-file
// Written by generate-attention.py; do not edit.
//
// Attention of one head of `width` columns for a panel of 16 queries, forward and backward; see
// `NarrowAttention.swift`.

import KernelInterface

#if KERNELS_AVX512 && arch(x86_64)

func attendNarrow2(
  keys: Int,
  start: Int,
  queries: Int,
  scale: Float,
  query: UnsafePointer<Float>,
  key: UnsafePointer<Float>,
  value: UnsafePointer<Float>,
  stride: Int,
  bias: UnsafePointer<Float>?,
  results: UnsafeMutablePointer<Float>,
  weights: UnsafeMutablePointer<Float>
) {
  switch stride {
  case 32:
    attendNarrow2(keys: keys, start: start, queries: queries, scale: scale, query: query, key: key, value: value, known: 32, bias: bias, results: results, weights: weights)
  default:
    attendNarrow2(keys: keys, start: start, queries: queries, scale: scale, query: query, key: key, value: value, known: 2, bias: bias, results: results, weights: weights)
  }
}

@_transparent
private func attendNarrow2(
  keys: Int,
  start: Int,
  queries: Int,
  scale: Float,
  query: UnsafePointer<Float>,
  key: UnsafePointer<Float>,
  value: UnsafePointer<Float>,
  known stride: Int,
  bias: UnsafePointer<Float>?,
  results: UnsafeMutablePointer<Float>,
  weights: UnsafeMutablePointer<Float>
) {
  let factor = Lanes(scale)
  let q0 = query.lanes(0) * factor
  let q1 = query.lanes(16) * factor
  var greatest = Lanes(-.infinity), other = greatest
  var j = 0
  var row = key, place = weights
  while j < start {
    var s0 = Lanes(), s1 = Lanes(), s2 = Lanes(), s3 = Lanes(), s4 = Lanes(), s5 = Lanes(), s6 = Lanes(), s7 = Lanes()
    s0 = Lanes(row[0 * stride + 0]).times(q0, plus: s0); s1 = Lanes(row[1 * stride + 0]).times(q0, plus: s1); s2 = Lanes(row[2 * stride + 0]).times(q0, plus: s2); s3 = Lanes(row[3 * stride + 0]).times(q0, plus: s3); s4 = Lanes(row[4 * stride + 0]).times(q0, plus: s4); s5 = Lanes(row[5 * stride + 0]).times(q0, plus: s5); s6 = Lanes(row[6 * stride + 0]).times(q0, plus: s6); s7 = Lanes(row[7 * stride + 0]).times(q0, plus: s7)
    s0 = Lanes(row[0 * stride + 1]).times(q1, plus: s0); s1 = Lanes(row[1 * stride + 1]).times(q1, plus: s1); s2 = Lanes(row[2 * stride + 1]).times(q1, plus: s2); s3 = Lanes(row[3 * stride + 1]).times(q1, plus: s3); s4 = Lanes(row[4 * stride + 1]).times(q1, plus: s4); s5 = Lanes(row[5 * stride + 1]).times(q1, plus: s5); s6 = Lanes(row[6 * stride + 1]).times(q1, plus: s6); s7 = Lanes(row[7 * stride + 1]).times(q1, plus: s7)
    if let bias {
      let near = bias - j
      s0 = s0 + (near - 0).lanes()
      s1 = s1 + (near - 1).lanes()
      s2 = s2 + (near - 2).lanes()
      s3 = s3 + (near - 3).lanes()
      s4 = s4 + (near - 4).lanes()
      s5 = s5 + (near - 5).lanes()
      s6 = s6 + (near - 6).lanes()
      s7 = s7 + (near - 7).lanes()
    }
    place.store(s0, 0); place.store(s1, 16); place.store(s2, 32); place.store(s3, 48); place.store(s4, 64); place.store(s5, 80); place.store(s6, 96); place.store(s7, 112)
    greatest = greatest.greater(s0)
    other = other.greater(s1)
    greatest = greatest.greater(s2)
    other = other.greater(s3)
    greatest = greatest.greater(s4)
    other = other.greater(s5)
    greatest = greatest.greater(s6)
    other = other.greater(s7)
    row += 8 * stride; place += 128; j += 8
  }
  while j + 8 <= keys {
    var s0 = Lanes(), s1 = Lanes(), s2 = Lanes(), s3 = Lanes(), s4 = Lanes(), s5 = Lanes(), s6 = Lanes(), s7 = Lanes()
    s0 = Lanes(row[0 * stride + 0]).times(q0, plus: s0); s1 = Lanes(row[1 * stride + 0]).times(q0, plus: s1); s2 = Lanes(row[2 * stride + 0]).times(q0, plus: s2); s3 = Lanes(row[3 * stride + 0]).times(q0, plus: s3); s4 = Lanes(row[4 * stride + 0]).times(q0, plus: s4); s5 = Lanes(row[5 * stride + 0]).times(q0, plus: s5); s6 = Lanes(row[6 * stride + 0]).times(q0, plus: s6); s7 = Lanes(row[7 * stride + 0]).times(q0, plus: s7)
    s0 = Lanes(row[0 * stride + 1]).times(q1, plus: s0); s1 = Lanes(row[1 * stride + 1]).times(q1, plus: s1); s2 = Lanes(row[2 * stride + 1]).times(q1, plus: s2); s3 = Lanes(row[3 * stride + 1]).times(q1, plus: s3); s4 = Lanes(row[4 * stride + 1]).times(q1, plus: s4); s5 = Lanes(row[5 * stride + 1]).times(q1, plus: s5); s6 = Lanes(row[6 * stride + 1]).times(q1, plus: s6); s7 = Lanes(row[7 * stride + 1]).times(q1, plus: s7)
    if let bias {
      let near = bias - j
      s0 = s0 + (near - 0).lanes()
      s1 = s1 + (near - 1).lanes()
      s2 = s2 + (near - 2).lanes()
      s3 = s3 + (near - 3).lanes()
      s4 = s4 + (near - 4).lanes()
      s5 = s5 + (near - 5).lanes()
      s6 = s6 + (near - 6).lanes()
      s7 = s7 + (near - 7).lanes()
    }
    place.store(s0, 0); place.store(s1, 16); place.store(s2, 32); place.store(s3, 48); place.store(s4, 64); place.store(s5, 80); place.store(s6, 96); place.store(s7, 112)
    greatest = greatest.greater(s0.replacing(with: Lanes(-.infinity), where: future(j + 0 - start)))
    other = other.greater(s1.replacing(with: Lanes(-.infinity), where: future(j + 1 - start)))
    greatest = greatest.greater(s2.replacing(with: Lanes(-.infinity), where: future(j + 2 - start)))
    other = other.greater(s3.replacing(with: Lanes(-.infinity), where: future(j + 3 - start)))
    greatest = greatest.greater(s4.replacing(with: Lanes(-.infinity), where: future(j + 4 - start)))
    other = other.greater(s5.replacing(with: Lanes(-.infinity), where: future(j + 5 - start)))
    greatest = greatest.greater(s6.replacing(with: Lanes(-.infinity), where: future(j + 6 - start)))
    other = other.greater(s7.replacing(with: Lanes(-.infinity), where: future(j + 7 - start)))
    row += 8 * stride; place += 128; j += 8
  }
  while j < keys {
    var s0 = Lanes()
    s0 = Lanes(row[0 * stride + 0]).times(q0, plus: s0)
    s0 = Lanes(row[0 * stride + 1]).times(q1, plus: s0)
    if let bias {
      let near = bias - j
      s0 = s0 + (near - 0).lanes()
    }
    place.store(s0, 0)
    greatest = greatest.greater(s0.replacing(with: Lanes(-.infinity), where: future(j + 0 - start)))
    row += 1 * stride; place += 16; j += 1
  }
  greatest = greatest.greater(other)
  var sum = Lanes()
  j = 0
  place = weights
  while j < start {
    let e0 = (place.lanes(0) - greatest).exponentialOfNegative()
    let e1 = (place.lanes(16) - greatest).exponentialOfNegative()
    let e2 = (place.lanes(32) - greatest).exponentialOfNegative()
    let e3 = (place.lanes(48) - greatest).exponentialOfNegative()
    place.store(e0, 0); sum = sum + e0; place.store(e1, 16); sum = sum + e1; place.store(e2, 32); sum = sum + e2; place.store(e3, 48); sum = sum + e3
    place += 64; j += 4
  }
  while j + 4 <= keys {
    let e0 = (place.lanes(0) - greatest).exponentialOfNegative().replacing(with: Lanes(), where: future(j + 0 - start))
    let e1 = (place.lanes(16) - greatest).exponentialOfNegative().replacing(with: Lanes(), where: future(j + 1 - start))
    let e2 = (place.lanes(32) - greatest).exponentialOfNegative().replacing(with: Lanes(), where: future(j + 2 - start))
    let e3 = (place.lanes(48) - greatest).exponentialOfNegative().replacing(with: Lanes(), where: future(j + 3 - start))
    place.store(e0, 0); sum = sum + e0; place.store(e1, 16); sum = sum + e1; place.store(e2, 32); sum = sum + e2; place.store(e3, 48); sum = sum + e3
    place += 64; j += 4
  }
  while j < keys {
    let e0 = (place.lanes(0) - greatest).exponentialOfNegative().replacing(with: Lanes(), where: future(j + 0 - start))
    place.store(e0, 0); sum = sum + e0
    place += 16; j += 1
  }
  var inverse = Lanes(1) / sum
  if queries < laneCount {
    let beyond = IntLanes.numbers .>= IntLanes(Int32(truncatingIfNeeded: queries))
    inverse = inverse.replacing(with: Lanes(), where: beyond)
  }
  var o0 = Lanes(), o1 = Lanes()
  row = value; place = weights; j = 0
  while j + 4 <= keys {
    let p0 = place.lanes(0) * inverse; place.store(p0, 0)
    o0 = Lanes(row[0 * stride + 0]).times(p0, plus: o0); o1 = Lanes(row[0 * stride + 1]).times(p0, plus: o1)
    let p1 = place.lanes(16) * inverse; place.store(p1, 16)
    o0 = Lanes(row[1 * stride + 0]).times(p1, plus: o0); o1 = Lanes(row[1 * stride + 1]).times(p1, plus: o1)
    let p2 = place.lanes(32) * inverse; place.store(p2, 32)
    o0 = Lanes(row[2 * stride + 0]).times(p2, plus: o0); o1 = Lanes(row[2 * stride + 1]).times(p2, plus: o1)
    let p3 = place.lanes(48) * inverse; place.store(p3, 48)
    o0 = Lanes(row[3 * stride + 0]).times(p3, plus: o0); o1 = Lanes(row[3 * stride + 1]).times(p3, plus: o1)
    row += 4 * stride; place += 64; j += 4
  }
  while j < keys {
    let p0 = place.lanes(0) * inverse; place.store(p0, 0)
    o0 = Lanes(row[0 * stride + 0]).times(p0, plus: o0); o1 = Lanes(row[0 * stride + 1]).times(p0, plus: o1)
    row += 1 * stride; place += 16; j += 1
  }
  results.store(o0, 0)
  results.store(o1, 16)
}

func attendBackwardNarrow2(
  keys: Int,
  start: Int,
  scale: Float,
  doutput: UnsafePointer<Float>,
  key: UnsafePointer<Float>,
  value: UnsafePointer<Float>,
  stride: Int,
  weights: UnsafePointer<Float>,
  gradients: UnsafeMutablePointer<Float>,
  pairs: UnsafeMutablePointer<Float>,
  biasRows: UnsafeMutablePointer<Float>?,
  biasStride: Int,
  dquery: UnsafeMutablePointer<Float>
) {
  switch stride {
  case 32:
    attendBackwardNarrow2(keys: keys, start: start, scale: scale, doutput: doutput, key: key, value: value, known: 32, weights: weights, gradients: gradients, pairs: pairs, biasRows: biasRows, biasStride: biasStride, dquery: dquery)
  default:
    attendBackwardNarrow2(keys: keys, start: start, scale: scale, doutput: doutput, key: key, value: value, known: 2, weights: weights, gradients: gradients, pairs: pairs, biasRows: biasRows, biasStride: biasStride, dquery: dquery)
  }
}

@_transparent
private func attendBackwardNarrow2(
  keys: Int,
  start: Int,
  scale: Float,
  doutput: UnsafePointer<Float>,
  key: UnsafePointer<Float>,
  value: UnsafePointer<Float>,
  known stride: Int,
  weights: UnsafePointer<Float>,
  gradients: UnsafeMutablePointer<Float>,
  pairs: UnsafeMutablePointer<Float>,
  biasRows: UnsafeMutablePointer<Float>?,
  biasStride: Int,
  dquery: UnsafeMutablePointer<Float>
) {
  let d0 = doutput.lanes(0)
  let d1 = doutput.lanes(16)
  var sum = Lanes()
  var j = 0
  var row = value, place = gradients, weight = weights
  while j + 8 <= keys {
    var s0 = Lanes(), s1 = Lanes(), s2 = Lanes(), s3 = Lanes(), s4 = Lanes(), s5 = Lanes(), s6 = Lanes(), s7 = Lanes()
    s0 = Lanes(row[0 * stride + 0]).times(d0, plus: s0); s1 = Lanes(row[1 * stride + 0]).times(d0, plus: s1); s2 = Lanes(row[2 * stride + 0]).times(d0, plus: s2); s3 = Lanes(row[3 * stride + 0]).times(d0, plus: s3); s4 = Lanes(row[4 * stride + 0]).times(d0, plus: s4); s5 = Lanes(row[5 * stride + 0]).times(d0, plus: s5); s6 = Lanes(row[6 * stride + 0]).times(d0, plus: s6); s7 = Lanes(row[7 * stride + 0]).times(d0, plus: s7)
    s0 = Lanes(row[0 * stride + 1]).times(d1, plus: s0); s1 = Lanes(row[1 * stride + 1]).times(d1, plus: s1); s2 = Lanes(row[2 * stride + 1]).times(d1, plus: s2); s3 = Lanes(row[3 * stride + 1]).times(d1, plus: s3); s4 = Lanes(row[4 * stride + 1]).times(d1, plus: s4); s5 = Lanes(row[5 * stride + 1]).times(d1, plus: s5); s6 = Lanes(row[6 * stride + 1]).times(d1, plus: s6); s7 = Lanes(row[7 * stride + 1]).times(d1, plus: s7)
    place.store(s0, 0); place.store(s1, 16); place.store(s2, 32); place.store(s3, 48); place.store(s4, 64); place.store(s5, 80); place.store(s6, 96); place.store(s7, 112)
    sum = weight.lanes(0).times(s0, plus: sum)
    sum = weight.lanes(16).times(s1, plus: sum)
    sum = weight.lanes(32).times(s2, plus: sum)
    sum = weight.lanes(48).times(s3, plus: sum)
    sum = weight.lanes(64).times(s4, plus: sum)
    sum = weight.lanes(80).times(s5, plus: sum)
    sum = weight.lanes(96).times(s6, plus: sum)
    sum = weight.lanes(112).times(s7, plus: sum)
    row += 8 * stride; place += 128; weight += 128; j += 8
  }
  while j < keys {
    var s0 = Lanes()
    s0 = Lanes(row[0 * stride + 0]).times(d0, plus: s0)
    s0 = Lanes(row[0 * stride + 1]).times(d1, plus: s0)
    place.store(s0, 0)
    sum = weight.lanes(0).times(s0, plus: sum)
    row += 1 * stride; place += 16; weight += 16; j += 1
  }
  let factor = Lanes(scale)
  var q0 = Lanes(), q1 = Lanes()
  row = key; place = gradients; weight = weights
  var pair = pairs, block = 0
  while block < keys {
    // A bias gradient's first term is written instead of added to a zero.
    let begins = block == 0
    var sums = biasRows.map { $0 + (start - block) }
    var left = min(laneCount, keys - block)
    block += laneCount
    while left >= 4 {
      let w0 = weight.lanes(0), g0 = w0 * (place.lanes(0) - sum)
      let t0 = g0 * factor, m0 = t0.interleaved(with: w0)
      pair.store(m0.low, 0); pair.store(m0.high, 16)
      q0 = Lanes(row[0 * stride + 0]).times(t0, plus: q0); q1 = Lanes(row[0 * stride + 1]).times(t0, plus: q1)
      let w1 = weight.lanes(16), g1 = w1 * (place.lanes(16) - sum)
      let t1 = g1 * factor, m1 = t1.interleaved(with: w1)
      pair.store(m1.low, 32); pair.store(m1.high, 48)
      q0 = Lanes(row[1 * stride + 0]).times(t1, plus: q0); q1 = Lanes(row[1 * stride + 1]).times(t1, plus: q1)
      let w2 = weight.lanes(32), g2 = w2 * (place.lanes(32) - sum)
      let t2 = g2 * factor, m2 = t2.interleaved(with: w2)
      pair.store(m2.low, 64); pair.store(m2.high, 80)
      q0 = Lanes(row[2 * stride + 0]).times(t2, plus: q0); q1 = Lanes(row[2 * stride + 1]).times(t2, plus: q1)
      let w3 = weight.lanes(48), g3 = w3 * (place.lanes(48) - sum)
      let t3 = g3 * factor, m3 = t3.interleaved(with: w3)
      pair.store(m3.low, 96); pair.store(m3.high, 112)
      q0 = Lanes(row[3 * stride + 0]).times(t3, plus: q0); q1 = Lanes(row[3 * stride + 1]).times(t3, plus: q1)
      if let old = sums {
        if begins {
          old.store(Lanes() + g0, 0 * biasStride)
          old.store(Lanes() + g1, 1 * biasStride)
          old.store(Lanes() + g2, 2 * biasStride)
          old.store(Lanes() + g3, 3 * biasStride)
        } else {
          old.store(old.lanes(0 * biasStride) + g0, 0 * biasStride)
          old.store(old.lanes(1 * biasStride) + g1, 1 * biasStride)
          old.store(old.lanes(2 * biasStride) + g2, 2 * biasStride)
          old.store(old.lanes(3 * biasStride) + g3, 3 * biasStride)
        }
        sums = old + 4 * biasStride
      }
      row += 4 * stride; place += 64; weight += 64; pair += 128; left -= 4
    }
    while left > 0 {
      let w0 = weight.lanes(0), g0 = w0 * (place.lanes(0) - sum)
      let t0 = g0 * factor, m0 = t0.interleaved(with: w0)
      pair.store(m0.low, 0); pair.store(m0.high, 16)
      q0 = Lanes(row[0 * stride + 0]).times(t0, plus: q0); q1 = Lanes(row[0 * stride + 1]).times(t0, plus: q1)
      if let old = sums {
        if begins {
          old.store(Lanes() + g0, 0 * biasStride)
        } else {
          old.store(old.lanes(0 * biasStride) + g0, 0 * biasStride)
        }
        sums = old + 1 * biasStride
      }
      row += 1 * stride; place += 16; weight += 16; pair += 32; left -= 1
    }
  }
  dquery.store(q0, 0)
  dquery.store(q1, 16)
}

#endif
