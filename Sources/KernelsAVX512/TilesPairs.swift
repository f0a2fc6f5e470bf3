// swift-format-ignore-file
// Written by generate-narrow.py; do not edit.
//
// `pairs<height>NN` computes 2 x `height` rows of C = A B + addend with at most eight columns, and
// `pairs<height>TN` as many of C = Aᵀ B + addend: two rows of C to a lane group, element by element
// in turn. Each element of C is one chain of fused multiply-adds over k in ascending order.

import KernelInterface

#if KERNELS_AVX512 && arch(x86_64)

@_transparent
func pairs16NN(
  _ k: Int, _ a: UnsafePointer<Float>, _ aStride: Int, _ b: UnsafePointer<Float>,
  _ block: UnsafeMutablePointer<Float>,
  _ c: UnsafeMutablePointer<Float>, _ cStride: Int, _ addend: UnsafePointer<Float>?
) {
  var c0 = Lanes()
  var c1 = Lanes()
  var c2 = Lanes()
  var c3 = Lanes()
  var c4 = Lanes()
  var c5 = Lanes()
  var c6 = Lanes()
  var c7 = Lanes()
  var c8 = Lanes()
  var c9 = Lanes()
  var c10 = Lanes()
  var c11 = Lanes()
  var c12 = Lanes()
  var c13 = Lanes()
  var c14 = Lanes()
  var c15 = Lanes()
  if let addend {
    c0 = together(addend + 0 * cStride, cStride)
    c1 = together(addend + 2 * cStride, cStride)
    c2 = together(addend + 4 * cStride, cStride)
    c3 = together(addend + 6 * cStride, cStride)
    c4 = together(addend + 8 * cStride, cStride)
    c5 = together(addend + 10 * cStride, cStride)
    c6 = together(addend + 12 * cStride, cStride)
    c7 = together(addend + 14 * cStride, cStride)
    c8 = together(addend + 16 * cStride, cStride)
    c9 = together(addend + 18 * cStride, cStride)
    c10 = together(addend + 20 * cStride, cStride)
    c11 = together(addend + 22 * cStride, cStride)
    c12 = together(addend + 24 * cStride, cStride)
    c13 = together(addend + 26 * cStride, cStride)
    c14 = together(addend + 28 * cStride, cStride)
    c15 = together(addend + 30 * cStride, cStride)
  }
  var q = b, step = 0
  while step < k {
    interleave(16, a + step, aStride, aStride, block)
    var p = UnsafePointer(block)
    let end = p + 2 * min(k - step, 16)
    while p < end {
      let row = q.lanes()
      c0 = p.pairs(0).times(row, plus: c0)
      c1 = p.pairs(32).times(row, plus: c1)
      c2 = p.pairs(64).times(row, plus: c2)
      c3 = p.pairs(96).times(row, plus: c3)
      c4 = p.pairs(128).times(row, plus: c4)
      c5 = p.pairs(160).times(row, plus: c5)
      c6 = p.pairs(192).times(row, plus: c6)
      c7 = p.pairs(224).times(row, plus: c7)
      c8 = p.pairs(256).times(row, plus: c8)
      c9 = p.pairs(288).times(row, plus: c9)
      c10 = p.pairs(320).times(row, plus: c10)
      c11 = p.pairs(352).times(row, plus: c11)
      c12 = p.pairs(384).times(row, plus: c12)
      c13 = p.pairs(416).times(row, plus: c13)
      c14 = p.pairs(448).times(row, plus: c14)
      c15 = p.pairs(480).times(row, plus: c15)
      p += 2; q += 16
    }
    step += 16
  }
  part(c0, c + 0 * cStride, cStride)
  part(c1, c + 2 * cStride, cStride)
  part(c2, c + 4 * cStride, cStride)
  part(c3, c + 6 * cStride, cStride)
  part(c4, c + 8 * cStride, cStride)
  part(c5, c + 10 * cStride, cStride)
  part(c6, c + 12 * cStride, cStride)
  part(c7, c + 14 * cStride, cStride)
  part(c8, c + 16 * cStride, cStride)
  part(c9, c + 18 * cStride, cStride)
  part(c10, c + 20 * cStride, cStride)
  part(c11, c + 22 * cStride, cStride)
  part(c12, c + 24 * cStride, cStride)
  part(c13, c + 26 * cStride, cStride)
  part(c14, c + 28 * cStride, cStride)
  part(c15, c + 30 * cStride, cStride)
}

@_transparent
func pairs4NN(
  _ k: Int, _ a: UnsafePointer<Float>, _ aStride: Int, _ b: UnsafePointer<Float>,
  _ block: UnsafeMutablePointer<Float>,
  _ c: UnsafeMutablePointer<Float>, _ cStride: Int, _ addend: UnsafePointer<Float>?
) {
  var c0 = Lanes()
  var c1 = Lanes()
  var c2 = Lanes()
  var c3 = Lanes()
  if let addend {
    c0 = together(addend + 0 * cStride, cStride)
    c1 = together(addend + 2 * cStride, cStride)
    c2 = together(addend + 4 * cStride, cStride)
    c3 = together(addend + 6 * cStride, cStride)
  }
  var q = b, step = 0
  while step < k {
    interleave(4, a + step, aStride, aStride, block)
    var p = UnsafePointer(block)
    let end = p + 2 * min(k - step, 16)
    while p < end {
      let row = q.lanes()
      c0 = p.pairs(0).times(row, plus: c0)
      c1 = p.pairs(32).times(row, plus: c1)
      c2 = p.pairs(64).times(row, plus: c2)
      c3 = p.pairs(96).times(row, plus: c3)
      p += 2; q += 16
    }
    step += 16
  }
  part(c0, c + 0 * cStride, cStride)
  part(c1, c + 2 * cStride, cStride)
  part(c2, c + 4 * cStride, cStride)
  part(c3, c + 6 * cStride, cStride)
}

@_transparent
func pairs1NN(
  _ k: Int, _ a: UnsafePointer<Float>, _ aStride: Int, _ b: UnsafePointer<Float>,
  _ block: UnsafeMutablePointer<Float>,
  _ c: UnsafeMutablePointer<Float>, _ cStride: Int, _ addend: UnsafePointer<Float>?,
  partner: Int, second: Int
) {
  var c0 = Lanes()
  if let addend {
    c0 = together(addend + 0 * cStride, second)
  }
  var q = b, step = 0
  while step < k {
    interleave(1, a + step, aStride, partner, block)
    var p = UnsafePointer(block)
    let end = p + 2 * min(k - step, 16)
    while p < end {
      let row = q.lanes()
      c0 = p.pairs(0).times(row, plus: c0)
      p += 2; q += 16
    }
    step += 16
  }
  part(c0, c + 0 * cStride, second)
}

@_transparent
func pairs16TN(
  _ k: Int, _ a: UnsafePointer<Float>, _ aStride: Int,
  _ b: UnsafePointer<Float>, _ bStride: Int,
  _ c: UnsafeMutablePointer<Float>, _ cStride: Int, _ addend: UnsafePointer<Float>?
) {
  var c0 = Lanes()
  var c1 = Lanes()
  var c2 = Lanes()
  var c3 = Lanes()
  var c4 = Lanes()
  var c5 = Lanes()
  var c6 = Lanes()
  var c7 = Lanes()
  var c8 = Lanes()
  var c9 = Lanes()
  var c10 = Lanes()
  var c11 = Lanes()
  var c12 = Lanes()
  var c13 = Lanes()
  var c14 = Lanes()
  var c15 = Lanes()
  if let addend {
    c0 = together(addend + 0 * cStride, cStride)
    c1 = together(addend + 2 * cStride, cStride)
    c2 = together(addend + 4 * cStride, cStride)
    c3 = together(addend + 6 * cStride, cStride)
    c4 = together(addend + 8 * cStride, cStride)
    c5 = together(addend + 10 * cStride, cStride)
    c6 = together(addend + 12 * cStride, cStride)
    c7 = together(addend + 14 * cStride, cStride)
    c8 = together(addend + 16 * cStride, cStride)
    c9 = together(addend + 18 * cStride, cStride)
    c10 = together(addend + 20 * cStride, cStride)
    c11 = together(addend + 22 * cStride, cStride)
    c12 = together(addend + 24 * cStride, cStride)
    c13 = together(addend + 26 * cStride, cStride)
    c14 = together(addend + 28 * cStride, cStride)
    c15 = together(addend + 30 * cStride, cStride)
  }
  var p = a, q = b
  for _ in 0..<k {
    let row = spread(q.lanes())
    c0 = p.pairs(0).times(row, plus: c0)
    c1 = p.pairs(2).times(row, plus: c1)
    c2 = p.pairs(4).times(row, plus: c2)
    c3 = p.pairs(6).times(row, plus: c3)
    c4 = p.pairs(8).times(row, plus: c4)
    c5 = p.pairs(10).times(row, plus: c5)
    c6 = p.pairs(12).times(row, plus: c6)
    c7 = p.pairs(14).times(row, plus: c7)
    c8 = p.pairs(16).times(row, plus: c8)
    c9 = p.pairs(18).times(row, plus: c9)
    c10 = p.pairs(20).times(row, plus: c10)
    c11 = p.pairs(22).times(row, plus: c11)
    c12 = p.pairs(24).times(row, plus: c12)
    c13 = p.pairs(26).times(row, plus: c13)
    c14 = p.pairs(28).times(row, plus: c14)
    c15 = p.pairs(30).times(row, plus: c15)
    p += aStride; q += bStride
  }
  part(c0, c + 0 * cStride, cStride)
  part(c1, c + 2 * cStride, cStride)
  part(c2, c + 4 * cStride, cStride)
  part(c3, c + 6 * cStride, cStride)
  part(c4, c + 8 * cStride, cStride)
  part(c5, c + 10 * cStride, cStride)
  part(c6, c + 12 * cStride, cStride)
  part(c7, c + 14 * cStride, cStride)
  part(c8, c + 16 * cStride, cStride)
  part(c9, c + 18 * cStride, cStride)
  part(c10, c + 20 * cStride, cStride)
  part(c11, c + 22 * cStride, cStride)
  part(c12, c + 24 * cStride, cStride)
  part(c13, c + 26 * cStride, cStride)
  part(c14, c + 28 * cStride, cStride)
  part(c15, c + 30 * cStride, cStride)
}

@_transparent
func pairs4TN(
  _ k: Int, _ a: UnsafePointer<Float>, _ aStride: Int,
  _ b: UnsafePointer<Float>, _ bStride: Int,
  _ c: UnsafeMutablePointer<Float>, _ cStride: Int, _ addend: UnsafePointer<Float>?
) {
  var c0 = Lanes()
  var c1 = Lanes()
  var c2 = Lanes()
  var c3 = Lanes()
  if let addend {
    c0 = together(addend + 0 * cStride, cStride)
    c1 = together(addend + 2 * cStride, cStride)
    c2 = together(addend + 4 * cStride, cStride)
    c3 = together(addend + 6 * cStride, cStride)
  }
  var p = a, q = b
  for _ in 0..<k {
    let row = spread(q.lanes())
    c0 = p.pairs(0).times(row, plus: c0)
    c1 = p.pairs(2).times(row, plus: c1)
    c2 = p.pairs(4).times(row, plus: c2)
    c3 = p.pairs(6).times(row, plus: c3)
    p += aStride; q += bStride
  }
  part(c0, c + 0 * cStride, cStride)
  part(c1, c + 2 * cStride, cStride)
  part(c2, c + 4 * cStride, cStride)
  part(c3, c + 6 * cStride, cStride)
}

@_transparent
func pairs1TN(
  _ k: Int, _ a: UnsafePointer<Float>, _ aStride: Int,
  _ b: UnsafePointer<Float>, _ bStride: Int,
  _ c: UnsafeMutablePointer<Float>, _ cStride: Int, _ addend: UnsafePointer<Float>?
) {
  var c0 = Lanes()
  if let addend {
    c0 = together(addend + 0 * cStride, cStride)
  }
  var p = a, q = b
  for _ in 0..<k {
    let row = spread(q.lanes())
    c0 = p.pairs(0).times(row, plus: c0)
    p += aStride; q += bStride
  }
  part(c0, c + 0 * cStride, cStride)
}

#endif
