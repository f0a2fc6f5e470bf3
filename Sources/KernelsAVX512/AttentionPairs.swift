// swift-format-ignore-file
// Written by generate-attention.py; do not edit.
//
// Attention of one head of `width` columns for a panel of 16 queries, forward and backward; see
// `NarrowAttention.swift`.

import KernelInterface

#if KERNELS_AVX512 && arch(x86_64)

/// `sums[j] += Σ_i pairs[j, i] rows[i]`, or `=` if `begins`; a pair goes to lanes in turn.
func addPairs(
  keys: Int, queries: Int, pairs: UnsafePointer<Float>,
  rows: UnsafePointer<Float>, sums: UnsafeMutablePointer<Float>, stride: Int, begins: Bool
) {
  var left = keys, pairs = pairs, sums = sums
  while left >= 16 {
    var c0 = Lanes(), c1 = Lanes(), c2 = Lanes(), c3 = Lanes(), c4 = Lanes(), c5 = Lanes(), c6 = Lanes(), c7 = Lanes(), c8 = Lanes(), c9 = Lanes(), c10 = Lanes(), c11 = Lanes(), c12 = Lanes(), c13 = Lanes(), c14 = Lanes(), c15 = Lanes()
    if !begins {
      c0 = sums.lanes(0 * stride); c1 = sums.lanes(1 * stride); c2 = sums.lanes(2 * stride); c3 = sums.lanes(3 * stride); c4 = sums.lanes(4 * stride); c5 = sums.lanes(5 * stride); c6 = sums.lanes(6 * stride); c7 = sums.lanes(7 * stride); c8 = sums.lanes(8 * stride); c9 = sums.lanes(9 * stride); c10 = sums.lanes(10 * stride); c11 = sums.lanes(11 * stride); c12 = sums.lanes(12 * stride); c13 = sums.lanes(13 * stride); c14 = sums.lanes(14 * stride); c15 = sums.lanes(15 * stride)
    }
    var row = rows, pair = pairs
    for _ in 0..<queries {
      let b = row.lanes()
      c0 = pair.pairs(0).times(b, plus: c0)
      c1 = pair.pairs(32).times(b, plus: c1)
      c2 = pair.pairs(64).times(b, plus: c2)
      c3 = pair.pairs(96).times(b, plus: c3)
      c4 = pair.pairs(128).times(b, plus: c4)
      c5 = pair.pairs(160).times(b, plus: c5)
      c6 = pair.pairs(192).times(b, plus: c6)
      c7 = pair.pairs(224).times(b, plus: c7)
      c8 = pair.pairs(256).times(b, plus: c8)
      c9 = pair.pairs(288).times(b, plus: c9)
      c10 = pair.pairs(320).times(b, plus: c10)
      c11 = pair.pairs(352).times(b, plus: c11)
      c12 = pair.pairs(384).times(b, plus: c12)
      c13 = pair.pairs(416).times(b, plus: c13)
      c14 = pair.pairs(448).times(b, plus: c14)
      c15 = pair.pairs(480).times(b, plus: c15)
      row += stride; pair += 2
    }
    sums.store(c0, 0 * stride); sums.store(c1, 1 * stride); sums.store(c2, 2 * stride); sums.store(c3, 3 * stride); sums.store(c4, 4 * stride); sums.store(c5, 5 * stride); sums.store(c6, 6 * stride); sums.store(c7, 7 * stride); sums.store(c8, 8 * stride); sums.store(c9, 9 * stride); sums.store(c10, 10 * stride); sums.store(c11, 11 * stride); sums.store(c12, 12 * stride); sums.store(c13, 13 * stride); sums.store(c14, 14 * stride); sums.store(c15, 15 * stride)
    left -= 16; pairs += 512; sums += 16 * stride
  }
  while left >= 4 {
    var c0 = Lanes(), c1 = Lanes(), c2 = Lanes(), c3 = Lanes()
    if !begins {
      c0 = sums.lanes(0 * stride); c1 = sums.lanes(1 * stride); c2 = sums.lanes(2 * stride); c3 = sums.lanes(3 * stride)
    }
    var row = rows, pair = pairs
    for _ in 0..<queries {
      let b = row.lanes()
      c0 = pair.pairs(0).times(b, plus: c0)
      c1 = pair.pairs(32).times(b, plus: c1)
      c2 = pair.pairs(64).times(b, plus: c2)
      c3 = pair.pairs(96).times(b, plus: c3)
      row += stride; pair += 2
    }
    sums.store(c0, 0 * stride); sums.store(c1, 1 * stride); sums.store(c2, 2 * stride); sums.store(c3, 3 * stride)
    left -= 4; pairs += 128; sums += 4 * stride
  }
  while left >= 1 {
    var c0 = Lanes()
    if !begins {
      c0 = sums.lanes(0 * stride)
    }
    var row = rows, pair = pairs
    for _ in 0..<queries {
      let b = row.lanes()
      c0 = pair.pairs(0).times(b, plus: c0)
      row += stride; pair += 2
    }
    sums.store(c0, 0 * stride)
    left -= 1; pairs += 32; sums += 1 * stride
  }
}

#endif
