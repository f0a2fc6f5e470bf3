// swift-format-ignore-file
// Written by generate-tiles.py; do not edit.
//
// `tile<height>x<width>` computes `tiles` blocks of `height` rows and `width` lane groups of
// C = A B + addend, one below the other; A is [m, k] in the NN form and [k, m] in the TN form. The
// addend, if there is one, lies like C and may be C.
// Each element of C is one chain of fused multiply-adds over k in ascending order.
// `columns<width>` computes all m rows of `width` lane groups.

import KernelInterface

#if KERNELS_AVX512 && arch(x86_64)

@_transparent
private func tile16x1NN(
  _ tiles: Int, _ k: Int, _ a: UnsafePointer<Float>, _ aStride: Int,
  _ b: UnsafePointer<Float>, _ bStride: Int,
  _ c: UnsafeMutablePointer<Float>, _ cStride: Int, _ addend: UnsafePointer<Float>?
) {
  var a = a, c = c, row = 0
  for _ in 0..<tiles {
    var c0_0 = Lanes()
    var c1_0 = Lanes()
    var c2_0 = Lanes()
    var c3_0 = Lanes()
    var c4_0 = Lanes()
    var c5_0 = Lanes()
    var c6_0 = Lanes()
    var c7_0 = Lanes()
    var c8_0 = Lanes()
    var c9_0 = Lanes()
    var c10_0 = Lanes()
    var c11_0 = Lanes()
    var c12_0 = Lanes()
    var c13_0 = Lanes()
    var c14_0 = Lanes()
    var c15_0 = Lanes()
    if let addend {
      let from = addend + row
      c0_0 = from.lanes(0 * cStride + 0)
      c1_0 = from.lanes(1 * cStride + 0)
      c2_0 = from.lanes(2 * cStride + 0)
      c3_0 = from.lanes(3 * cStride + 0)
      c4_0 = from.lanes(4 * cStride + 0)
      c5_0 = from.lanes(5 * cStride + 0)
      c6_0 = from.lanes(6 * cStride + 0)
      c7_0 = from.lanes(7 * cStride + 0)
      c8_0 = from.lanes(8 * cStride + 0)
      c9_0 = from.lanes(9 * cStride + 0)
      c10_0 = from.lanes(10 * cStride + 0)
      c11_0 = from.lanes(11 * cStride + 0)
      c12_0 = from.lanes(12 * cStride + 0)
      c13_0 = from.lanes(13 * cStride + 0)
      c14_0 = from.lanes(14 * cStride + 0)
      c15_0 = from.lanes(15 * cStride + 0)
    }
    var q = b
    var p0 = a + 0 * aStride
    var p3 = a + 3 * aStride
    var p6 = a + 6 * aStride
    var p9 = a + 9 * aStride
    var p12 = a + 12 * aStride
    var p15 = a + 15 * aStride
    let end = p0 + k
    while p0 < end {
      let b0 = q.lanes(0)
      c0_0 = Lanes(p0[0 * aStride]).times(b0, plus: c0_0)
      c1_0 = Lanes(p0[1 * aStride]).times(b0, plus: c1_0)
      c2_0 = Lanes(p0[2 * aStride]).times(b0, plus: c2_0)
      c3_0 = Lanes(p3[0 * aStride]).times(b0, plus: c3_0)
      c4_0 = Lanes(p3[1 * aStride]).times(b0, plus: c4_0)
      c5_0 = Lanes(p3[2 * aStride]).times(b0, plus: c5_0)
      c6_0 = Lanes(p6[0 * aStride]).times(b0, plus: c6_0)
      c7_0 = Lanes(p6[1 * aStride]).times(b0, plus: c7_0)
      c8_0 = Lanes(p6[2 * aStride]).times(b0, plus: c8_0)
      c9_0 = Lanes(p9[0 * aStride]).times(b0, plus: c9_0)
      c10_0 = Lanes(p9[1 * aStride]).times(b0, plus: c10_0)
      c11_0 = Lanes(p9[2 * aStride]).times(b0, plus: c11_0)
      c12_0 = Lanes(p12[0 * aStride]).times(b0, plus: c12_0)
      c13_0 = Lanes(p12[1 * aStride]).times(b0, plus: c13_0)
      c14_0 = Lanes(p12[2 * aStride]).times(b0, plus: c14_0)
      c15_0 = Lanes(p15[0 * aStride]).times(b0, plus: c15_0)
      q += bStride; p0 += 1; p3 += 1; p6 += 1; p9 += 1; p12 += 1; p15 += 1
    }
    c.store(c0_0, 0 * cStride + 0)
    c.store(c1_0, 1 * cStride + 0)
    c.store(c2_0, 2 * cStride + 0)
    c.store(c3_0, 3 * cStride + 0)
    c.store(c4_0, 4 * cStride + 0)
    c.store(c5_0, 5 * cStride + 0)
    c.store(c6_0, 6 * cStride + 0)
    c.store(c7_0, 7 * cStride + 0)
    c.store(c8_0, 8 * cStride + 0)
    c.store(c9_0, 9 * cStride + 0)
    c.store(c10_0, 10 * cStride + 0)
    c.store(c11_0, 11 * cStride + 0)
    c.store(c12_0, 12 * cStride + 0)
    c.store(c13_0, 13 * cStride + 0)
    c.store(c14_0, 14 * cStride + 0)
    c.store(c15_0, 15 * cStride + 0)
    a += 16 * aStride; c += 16 * cStride; row += 16 * cStride
  }
}

@_transparent
private func tile8x1NN(
  _ tiles: Int, _ k: Int, _ a: UnsafePointer<Float>, _ aStride: Int,
  _ b: UnsafePointer<Float>, _ bStride: Int,
  _ c: UnsafeMutablePointer<Float>, _ cStride: Int, _ addend: UnsafePointer<Float>?
) {
  var a = a, c = c, row = 0
  for _ in 0..<tiles {
    var c0_0 = Lanes()
    var c1_0 = Lanes()
    var c2_0 = Lanes()
    var c3_0 = Lanes()
    var c4_0 = Lanes()
    var c5_0 = Lanes()
    var c6_0 = Lanes()
    var c7_0 = Lanes()
    if let addend {
      let from = addend + row
      c0_0 = from.lanes(0 * cStride + 0)
      c1_0 = from.lanes(1 * cStride + 0)
      c2_0 = from.lanes(2 * cStride + 0)
      c3_0 = from.lanes(3 * cStride + 0)
      c4_0 = from.lanes(4 * cStride + 0)
      c5_0 = from.lanes(5 * cStride + 0)
      c6_0 = from.lanes(6 * cStride + 0)
      c7_0 = from.lanes(7 * cStride + 0)
    }
    var q = b
    var p0 = a + 0 * aStride
    var p3 = a + 3 * aStride
    var p6 = a + 6 * aStride
    let end = p0 + k
    while p0 < end {
      let b0 = q.lanes(0)
      c0_0 = Lanes(p0[0 * aStride]).times(b0, plus: c0_0)
      c1_0 = Lanes(p0[1 * aStride]).times(b0, plus: c1_0)
      c2_0 = Lanes(p0[2 * aStride]).times(b0, plus: c2_0)
      c3_0 = Lanes(p3[0 * aStride]).times(b0, plus: c3_0)
      c4_0 = Lanes(p3[1 * aStride]).times(b0, plus: c4_0)
      c5_0 = Lanes(p3[2 * aStride]).times(b0, plus: c5_0)
      c6_0 = Lanes(p6[0 * aStride]).times(b0, plus: c6_0)
      c7_0 = Lanes(p6[1 * aStride]).times(b0, plus: c7_0)
      q += bStride; p0 += 1; p3 += 1; p6 += 1
    }
    c.store(c0_0, 0 * cStride + 0)
    c.store(c1_0, 1 * cStride + 0)
    c.store(c2_0, 2 * cStride + 0)
    c.store(c3_0, 3 * cStride + 0)
    c.store(c4_0, 4 * cStride + 0)
    c.store(c5_0, 5 * cStride + 0)
    c.store(c6_0, 6 * cStride + 0)
    c.store(c7_0, 7 * cStride + 0)
    a += 8 * aStride; c += 8 * cStride; row += 8 * cStride
  }
}

@_transparent
private func tile4x1NN(
  _ tiles: Int, _ k: Int, _ a: UnsafePointer<Float>, _ aStride: Int,
  _ b: UnsafePointer<Float>, _ bStride: Int,
  _ c: UnsafeMutablePointer<Float>, _ cStride: Int, _ addend: UnsafePointer<Float>?
) {
  var a = a, c = c, row = 0
  for _ in 0..<tiles {
    var c0_0 = Lanes()
    var c1_0 = Lanes()
    var c2_0 = Lanes()
    var c3_0 = Lanes()
    if let addend {
      let from = addend + row
      c0_0 = from.lanes(0 * cStride + 0)
      c1_0 = from.lanes(1 * cStride + 0)
      c2_0 = from.lanes(2 * cStride + 0)
      c3_0 = from.lanes(3 * cStride + 0)
    }
    var q = b
    var p0 = a + 0 * aStride
    var p3 = a + 3 * aStride
    let end = p0 + k
    while p0 < end {
      let b0 = q.lanes(0)
      c0_0 = Lanes(p0[0 * aStride]).times(b0, plus: c0_0)
      c1_0 = Lanes(p0[1 * aStride]).times(b0, plus: c1_0)
      c2_0 = Lanes(p0[2 * aStride]).times(b0, plus: c2_0)
      c3_0 = Lanes(p3[0 * aStride]).times(b0, plus: c3_0)
      q += bStride; p0 += 1; p3 += 1
    }
    c.store(c0_0, 0 * cStride + 0)
    c.store(c1_0, 1 * cStride + 0)
    c.store(c2_0, 2 * cStride + 0)
    c.store(c3_0, 3 * cStride + 0)
    a += 4 * aStride; c += 4 * cStride; row += 4 * cStride
  }
}

@_transparent
private func tile2x1NN(
  _ tiles: Int, _ k: Int, _ a: UnsafePointer<Float>, _ aStride: Int,
  _ b: UnsafePointer<Float>, _ bStride: Int,
  _ c: UnsafeMutablePointer<Float>, _ cStride: Int, _ addend: UnsafePointer<Float>?
) {
  var a = a, c = c, row = 0
  for _ in 0..<tiles {
    var c0_0 = Lanes()
    var c1_0 = Lanes()
    if let addend {
      let from = addend + row
      c0_0 = from.lanes(0 * cStride + 0)
      c1_0 = from.lanes(1 * cStride + 0)
    }
    var q = b
    var p0 = a + 0 * aStride
    let end = p0 + k
    while p0 < end {
      let b0 = q.lanes(0)
      c0_0 = Lanes(p0[0 * aStride]).times(b0, plus: c0_0)
      c1_0 = Lanes(p0[1 * aStride]).times(b0, plus: c1_0)
      q += bStride; p0 += 1
    }
    c.store(c0_0, 0 * cStride + 0)
    c.store(c1_0, 1 * cStride + 0)
    a += 2 * aStride; c += 2 * cStride; row += 2 * cStride
  }
}

@_transparent
private func tile1x1NN(
  _ tiles: Int, _ k: Int, _ a: UnsafePointer<Float>, _ aStride: Int,
  _ b: UnsafePointer<Float>, _ bStride: Int,
  _ c: UnsafeMutablePointer<Float>, _ cStride: Int, _ addend: UnsafePointer<Float>?
) {
  var a = a, c = c, row = 0
  for _ in 0..<tiles {
    var c0_0 = Lanes()
    if let addend {
      let from = addend + row
      c0_0 = from.lanes(0 * cStride + 0)
    }
    var q = b
    var p0 = a + 0 * aStride
    let end = p0 + k
    while p0 < end {
      let b0 = q.lanes(0)
      c0_0 = Lanes(p0[0 * aStride]).times(b0, plus: c0_0)
      q += bStride; p0 += 1
    }
    c.store(c0_0, 0 * cStride + 0)
    a += 1 * aStride; c += 1 * cStride; row += 1 * cStride
  }
}

func columns1NN(
  _ m: Int, _ k: Int, _ a: UnsafePointer<Float>, _ aStride: Int,
  _ b: UnsafePointer<Float>, _ bStride: Int,
  _ c: UnsafeMutablePointer<Float>, _ cStride: Int, _ addend: UnsafePointer<Float>?
) {
  guard cStride == 16 else {
    columns1NN(
      m, k, a, known: aStride, b, bStride, c, known: cStride, addend)
    return
  }
  switch aStride {
  case 16:
    columns1NN(
      m, k, a, known: 16, b, bStride, c, known: 16, addend)
  case 32:
    columns1NN(
      m, k, a, known: 32, b, bStride, c, known: 16, addend)
  case 48:
    columns1NN(
      m, k, a, known: 48, b, bStride, c, known: 16, addend)
  case 64:
    columns1NN(
      m, k, a, known: 64, b, bStride, c, known: 16, addend)
  case 96:
    columns1NN(
      m, k, a, known: 96, b, bStride, c, known: 16, addend)
  case 192:
    columns1NN(
      m, k, a, known: 192, b, bStride, c, known: 16, addend)
  default:
    columns1NN(
      m, k, a, known: aStride, b, bStride, c, known: 16, addend)
  }
}

@_transparent
private func columns1NN(
  _ m: Int, _ k: Int, _ a: UnsafePointer<Float>, known aStride: Int,
  _ b: UnsafePointer<Float>, _ bStride: Int,
  _ c: UnsafeMutablePointer<Float>, known cStride: Int, _ addend: UnsafePointer<Float>?
) {
  var row = 0
  let tiles = m / 16
  if tiles > 0 {
    tile16x1NN(tiles, k, a + row * aStride, aStride, b, bStride, c + row * cStride, cStride, at(addend, row * cStride))
    row += 16 * tiles
  }
  if m - row >= 8 {
    tile8x1NN(1, k, a + row * aStride, aStride, b, bStride, c + row * cStride, cStride, at(addend, row * cStride))
    row += 8
  }
  if m - row >= 4 {
    tile4x1NN(1, k, a + row * aStride, aStride, b, bStride, c + row * cStride, cStride, at(addend, row * cStride))
    row += 4
  }
  if m - row >= 2 {
    tile2x1NN(1, k, a + row * aStride, aStride, b, bStride, c + row * cStride, cStride, at(addend, row * cStride))
    row += 2
  }
  if m - row >= 1 {
    tile1x1NN(1, k, a + row * aStride, aStride, b, bStride, c + row * cStride, cStride, at(addend, row * cStride))
    row += 1
  }
}

@_transparent
private func tile16x1TN(
  _ tiles: Int, _ k: Int, _ a: UnsafePointer<Float>, _ aStride: Int,
  _ b: UnsafePointer<Float>, _ bStride: Int,
  _ c: UnsafeMutablePointer<Float>, _ cStride: Int, _ addend: UnsafePointer<Float>?
) {
  var a = a, c = c, row = 0
  for _ in 0..<tiles {
    var c0_0 = Lanes()
    var c1_0 = Lanes()
    var c2_0 = Lanes()
    var c3_0 = Lanes()
    var c4_0 = Lanes()
    var c5_0 = Lanes()
    var c6_0 = Lanes()
    var c7_0 = Lanes()
    var c8_0 = Lanes()
    var c9_0 = Lanes()
    var c10_0 = Lanes()
    var c11_0 = Lanes()
    var c12_0 = Lanes()
    var c13_0 = Lanes()
    var c14_0 = Lanes()
    var c15_0 = Lanes()
    if let addend {
      let from = addend + row
      c0_0 = from.lanes(0 * cStride + 0)
      c1_0 = from.lanes(1 * cStride + 0)
      c2_0 = from.lanes(2 * cStride + 0)
      c3_0 = from.lanes(3 * cStride + 0)
      c4_0 = from.lanes(4 * cStride + 0)
      c5_0 = from.lanes(5 * cStride + 0)
      c6_0 = from.lanes(6 * cStride + 0)
      c7_0 = from.lanes(7 * cStride + 0)
      c8_0 = from.lanes(8 * cStride + 0)
      c9_0 = from.lanes(9 * cStride + 0)
      c10_0 = from.lanes(10 * cStride + 0)
      c11_0 = from.lanes(11 * cStride + 0)
      c12_0 = from.lanes(12 * cStride + 0)
      c13_0 = from.lanes(13 * cStride + 0)
      c14_0 = from.lanes(14 * cStride + 0)
      c15_0 = from.lanes(15 * cStride + 0)
    }
    var q = b
    var p0 = a + 0 * aStride
    for _ in 0..<k {
      let b0 = q.lanes(0)
      p0.fetch(8 * aStride)
      c0_0 = Lanes(p0[0]).times(b0, plus: c0_0)
      c1_0 = Lanes(p0[1]).times(b0, plus: c1_0)
      c2_0 = Lanes(p0[2]).times(b0, plus: c2_0)
      c3_0 = Lanes(p0[3]).times(b0, plus: c3_0)
      c4_0 = Lanes(p0[4]).times(b0, plus: c4_0)
      c5_0 = Lanes(p0[5]).times(b0, plus: c5_0)
      c6_0 = Lanes(p0[6]).times(b0, plus: c6_0)
      c7_0 = Lanes(p0[7]).times(b0, plus: c7_0)
      c8_0 = Lanes(p0[8]).times(b0, plus: c8_0)
      c9_0 = Lanes(p0[9]).times(b0, plus: c9_0)
      c10_0 = Lanes(p0[10]).times(b0, plus: c10_0)
      c11_0 = Lanes(p0[11]).times(b0, plus: c11_0)
      c12_0 = Lanes(p0[12]).times(b0, plus: c12_0)
      c13_0 = Lanes(p0[13]).times(b0, plus: c13_0)
      c14_0 = Lanes(p0[14]).times(b0, plus: c14_0)
      c15_0 = Lanes(p0[15]).times(b0, plus: c15_0)
      q += bStride; p0 += aStride
    }
    c.store(c0_0, 0 * cStride + 0)
    c.store(c1_0, 1 * cStride + 0)
    c.store(c2_0, 2 * cStride + 0)
    c.store(c3_0, 3 * cStride + 0)
    c.store(c4_0, 4 * cStride + 0)
    c.store(c5_0, 5 * cStride + 0)
    c.store(c6_0, 6 * cStride + 0)
    c.store(c7_0, 7 * cStride + 0)
    c.store(c8_0, 8 * cStride + 0)
    c.store(c9_0, 9 * cStride + 0)
    c.store(c10_0, 10 * cStride + 0)
    c.store(c11_0, 11 * cStride + 0)
    c.store(c12_0, 12 * cStride + 0)
    c.store(c13_0, 13 * cStride + 0)
    c.store(c14_0, 14 * cStride + 0)
    c.store(c15_0, 15 * cStride + 0)
    a += 16 * 1; c += 16 * cStride; row += 16 * cStride
  }
}

@_transparent
private func tile8x1TN(
  _ tiles: Int, _ k: Int, _ a: UnsafePointer<Float>, _ aStride: Int,
  _ b: UnsafePointer<Float>, _ bStride: Int,
  _ c: UnsafeMutablePointer<Float>, _ cStride: Int, _ addend: UnsafePointer<Float>?
) {
  var a = a, c = c, row = 0
  for _ in 0..<tiles {
    var c0_0 = Lanes()
    var c1_0 = Lanes()
    var c2_0 = Lanes()
    var c3_0 = Lanes()
    var c4_0 = Lanes()
    var c5_0 = Lanes()
    var c6_0 = Lanes()
    var c7_0 = Lanes()
    if let addend {
      let from = addend + row
      c0_0 = from.lanes(0 * cStride + 0)
      c1_0 = from.lanes(1 * cStride + 0)
      c2_0 = from.lanes(2 * cStride + 0)
      c3_0 = from.lanes(3 * cStride + 0)
      c4_0 = from.lanes(4 * cStride + 0)
      c5_0 = from.lanes(5 * cStride + 0)
      c6_0 = from.lanes(6 * cStride + 0)
      c7_0 = from.lanes(7 * cStride + 0)
    }
    var q = b
    var p0 = a + 0 * aStride
    for _ in 0..<k {
      let b0 = q.lanes(0)
      c0_0 = Lanes(p0[0]).times(b0, plus: c0_0)
      c1_0 = Lanes(p0[1]).times(b0, plus: c1_0)
      c2_0 = Lanes(p0[2]).times(b0, plus: c2_0)
      c3_0 = Lanes(p0[3]).times(b0, plus: c3_0)
      c4_0 = Lanes(p0[4]).times(b0, plus: c4_0)
      c5_0 = Lanes(p0[5]).times(b0, plus: c5_0)
      c6_0 = Lanes(p0[6]).times(b0, plus: c6_0)
      c7_0 = Lanes(p0[7]).times(b0, plus: c7_0)
      q += bStride; p0 += aStride
    }
    c.store(c0_0, 0 * cStride + 0)
    c.store(c1_0, 1 * cStride + 0)
    c.store(c2_0, 2 * cStride + 0)
    c.store(c3_0, 3 * cStride + 0)
    c.store(c4_0, 4 * cStride + 0)
    c.store(c5_0, 5 * cStride + 0)
    c.store(c6_0, 6 * cStride + 0)
    c.store(c7_0, 7 * cStride + 0)
    a += 8 * 1; c += 8 * cStride; row += 8 * cStride
  }
}

@_transparent
private func tile4x1TN(
  _ tiles: Int, _ k: Int, _ a: UnsafePointer<Float>, _ aStride: Int,
  _ b: UnsafePointer<Float>, _ bStride: Int,
  _ c: UnsafeMutablePointer<Float>, _ cStride: Int, _ addend: UnsafePointer<Float>?
) {
  var a = a, c = c, row = 0
  for _ in 0..<tiles {
    var c0_0 = Lanes()
    var c1_0 = Lanes()
    var c2_0 = Lanes()
    var c3_0 = Lanes()
    if let addend {
      let from = addend + row
      c0_0 = from.lanes(0 * cStride + 0)
      c1_0 = from.lanes(1 * cStride + 0)
      c2_0 = from.lanes(2 * cStride + 0)
      c3_0 = from.lanes(3 * cStride + 0)
    }
    var q = b
    var p0 = a + 0 * aStride
    for _ in 0..<k {
      let b0 = q.lanes(0)
      c0_0 = Lanes(p0[0]).times(b0, plus: c0_0)
      c1_0 = Lanes(p0[1]).times(b0, plus: c1_0)
      c2_0 = Lanes(p0[2]).times(b0, plus: c2_0)
      c3_0 = Lanes(p0[3]).times(b0, plus: c3_0)
      q += bStride; p0 += aStride
    }
    c.store(c0_0, 0 * cStride + 0)
    c.store(c1_0, 1 * cStride + 0)
    c.store(c2_0, 2 * cStride + 0)
    c.store(c3_0, 3 * cStride + 0)
    a += 4 * 1; c += 4 * cStride; row += 4 * cStride
  }
}

@_transparent
private func tile2x1TN(
  _ tiles: Int, _ k: Int, _ a: UnsafePointer<Float>, _ aStride: Int,
  _ b: UnsafePointer<Float>, _ bStride: Int,
  _ c: UnsafeMutablePointer<Float>, _ cStride: Int, _ addend: UnsafePointer<Float>?
) {
  var a = a, c = c, row = 0
  for _ in 0..<tiles {
    var c0_0 = Lanes()
    var c1_0 = Lanes()
    if let addend {
      let from = addend + row
      c0_0 = from.lanes(0 * cStride + 0)
      c1_0 = from.lanes(1 * cStride + 0)
    }
    var q = b
    var p0 = a + 0 * aStride
    for _ in 0..<k {
      let b0 = q.lanes(0)
      c0_0 = Lanes(p0[0]).times(b0, plus: c0_0)
      c1_0 = Lanes(p0[1]).times(b0, plus: c1_0)
      q += bStride; p0 += aStride
    }
    c.store(c0_0, 0 * cStride + 0)
    c.store(c1_0, 1 * cStride + 0)
    a += 2 * 1; c += 2 * cStride; row += 2 * cStride
  }
}

@_transparent
private func tile1x1TN(
  _ tiles: Int, _ k: Int, _ a: UnsafePointer<Float>, _ aStride: Int,
  _ b: UnsafePointer<Float>, _ bStride: Int,
  _ c: UnsafeMutablePointer<Float>, _ cStride: Int, _ addend: UnsafePointer<Float>?
) {
  var a = a, c = c, row = 0
  for _ in 0..<tiles {
    var c0_0 = Lanes()
    if let addend {
      let from = addend + row
      c0_0 = from.lanes(0 * cStride + 0)
    }
    var q = b
    var p0 = a + 0 * aStride
    for _ in 0..<k {
      let b0 = q.lanes(0)
      c0_0 = Lanes(p0[0]).times(b0, plus: c0_0)
      q += bStride; p0 += aStride
    }
    c.store(c0_0, 0 * cStride + 0)
    a += 1 * 1; c += 1 * cStride; row += 1 * cStride
  }
}

func columns1TN(
  _ m: Int, _ k: Int, _ a: UnsafePointer<Float>, _ aStride: Int,
  _ b: UnsafePointer<Float>, _ bStride: Int,
  _ c: UnsafeMutablePointer<Float>, _ cStride: Int, _ addend: UnsafePointer<Float>?
) {
  if cStride == 16 {
    columns1TN(
      m, k, a, known: aStride, b, bStride, c, known: 16, addend)
  } else {
    columns1TN(
      m, k, a, known: aStride, b, bStride, c, known: cStride, addend)
  }
}

@_transparent
private func columns1TN(
  _ m: Int, _ k: Int, _ a: UnsafePointer<Float>, known aStride: Int,
  _ b: UnsafePointer<Float>, _ bStride: Int,
  _ c: UnsafeMutablePointer<Float>, known cStride: Int, _ addend: UnsafePointer<Float>?
) {
  var row = 0
  let tiles = m / 16
  if tiles > 0 {
    tile16x1TN(tiles, k, a + row, aStride, b, bStride, c + row * cStride, cStride, at(addend, row * cStride))
    row += 16 * tiles
  }
  if m - row >= 8 {
    tile8x1TN(1, k, a + row, aStride, b, bStride, c + row * cStride, cStride, at(addend, row * cStride))
    row += 8
  }
  if m - row >= 4 {
    tile4x1TN(1, k, a + row, aStride, b, bStride, c + row * cStride, cStride, at(addend, row * cStride))
    row += 4
  }
  if m - row >= 2 {
    tile2x1TN(1, k, a + row, aStride, b, bStride, c + row * cStride, cStride, at(addend, row * cStride))
    row += 2
  }
  if m - row >= 1 {
    tile1x1TN(1, k, a + row, aStride, b, bStride, c + row * cStride, cStride, at(addend, row * cStride))
    row += 1
  }
}

#endif
