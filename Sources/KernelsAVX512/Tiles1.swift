// swift-format-ignore-file
// Written by generate-tiles.py; do not edit.
//
// `tile<height>x<width>` computes `tiles` blocks of `height` rows and `width` lane groups of
// C = A B, or C += A B, one below the other. A[i, k] is `a[i * aRow + k * aStep]`. Each element
// of C is one chain of fused multiply-adds over k in ascending order.
// `columns<width>NN` and `columns<width>TN` compute all m rows of `width` lane groups.

import KernelInterface

#if KERNELS_AVX512 && arch(x86_64)

@inline(__always)
private func tile24x1(
  _ tiles: Int, _ k: Int, _ a: UnsafePointer<Float>, _ aRow: Int, _ aStep: Int,
  _ b: UnsafePointer<Float>, _ bStride: Int,
  _ c: UnsafeMutablePointer<Float>, _ cStride: Int, _ accumulate: Bool
) {
  var a = a, c = c
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
    var c16_0 = Lanes()
    var c17_0 = Lanes()
    var c18_0 = Lanes()
    var c19_0 = Lanes()
    var c20_0 = Lanes()
    var c21_0 = Lanes()
    var c22_0 = Lanes()
    var c23_0 = Lanes()
    if accumulate {
      c0_0 = c.lanes(0 * cStride + 0)
      c1_0 = c.lanes(1 * cStride + 0)
      c2_0 = c.lanes(2 * cStride + 0)
      c3_0 = c.lanes(3 * cStride + 0)
      c4_0 = c.lanes(4 * cStride + 0)
      c5_0 = c.lanes(5 * cStride + 0)
      c6_0 = c.lanes(6 * cStride + 0)
      c7_0 = c.lanes(7 * cStride + 0)
      c8_0 = c.lanes(8 * cStride + 0)
      c9_0 = c.lanes(9 * cStride + 0)
      c10_0 = c.lanes(10 * cStride + 0)
      c11_0 = c.lanes(11 * cStride + 0)
      c12_0 = c.lanes(12 * cStride + 0)
      c13_0 = c.lanes(13 * cStride + 0)
      c14_0 = c.lanes(14 * cStride + 0)
      c15_0 = c.lanes(15 * cStride + 0)
      c16_0 = c.lanes(16 * cStride + 0)
      c17_0 = c.lanes(17 * cStride + 0)
      c18_0 = c.lanes(18 * cStride + 0)
      c19_0 = c.lanes(19 * cStride + 0)
      c20_0 = c.lanes(20 * cStride + 0)
      c21_0 = c.lanes(21 * cStride + 0)
      c22_0 = c.lanes(22 * cStride + 0)
      c23_0 = c.lanes(23 * cStride + 0)
    }
    var p = a, q = b
    for _ in 0..<k {
      let b0 = q.lanes(0)
      let a0 = Lanes(p[0 * aRow])
      c0_0 = a0.times(b0, plus: c0_0)
      let a1 = Lanes(p[1 * aRow])
      c1_0 = a1.times(b0, plus: c1_0)
      let a2 = Lanes(p[2 * aRow])
      c2_0 = a2.times(b0, plus: c2_0)
      let a3 = Lanes(p[3 * aRow])
      c3_0 = a3.times(b0, plus: c3_0)
      let a4 = Lanes(p[4 * aRow])
      c4_0 = a4.times(b0, plus: c4_0)
      let a5 = Lanes(p[5 * aRow])
      c5_0 = a5.times(b0, plus: c5_0)
      let a6 = Lanes(p[6 * aRow])
      c6_0 = a6.times(b0, plus: c6_0)
      let a7 = Lanes(p[7 * aRow])
      c7_0 = a7.times(b0, plus: c7_0)
      let a8 = Lanes(p[8 * aRow])
      c8_0 = a8.times(b0, plus: c8_0)
      let a9 = Lanes(p[9 * aRow])
      c9_0 = a9.times(b0, plus: c9_0)
      let a10 = Lanes(p[10 * aRow])
      c10_0 = a10.times(b0, plus: c10_0)
      let a11 = Lanes(p[11 * aRow])
      c11_0 = a11.times(b0, plus: c11_0)
      let a12 = Lanes(p[12 * aRow])
      c12_0 = a12.times(b0, plus: c12_0)
      let a13 = Lanes(p[13 * aRow])
      c13_0 = a13.times(b0, plus: c13_0)
      let a14 = Lanes(p[14 * aRow])
      c14_0 = a14.times(b0, plus: c14_0)
      let a15 = Lanes(p[15 * aRow])
      c15_0 = a15.times(b0, plus: c15_0)
      let a16 = Lanes(p[16 * aRow])
      c16_0 = a16.times(b0, plus: c16_0)
      let a17 = Lanes(p[17 * aRow])
      c17_0 = a17.times(b0, plus: c17_0)
      let a18 = Lanes(p[18 * aRow])
      c18_0 = a18.times(b0, plus: c18_0)
      let a19 = Lanes(p[19 * aRow])
      c19_0 = a19.times(b0, plus: c19_0)
      let a20 = Lanes(p[20 * aRow])
      c20_0 = a20.times(b0, plus: c20_0)
      let a21 = Lanes(p[21 * aRow])
      c21_0 = a21.times(b0, plus: c21_0)
      let a22 = Lanes(p[22 * aRow])
      c22_0 = a22.times(b0, plus: c22_0)
      let a23 = Lanes(p[23 * aRow])
      c23_0 = a23.times(b0, plus: c23_0)
      p += aStep; q += bStride
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
    c.store(c16_0, 16 * cStride + 0)
    c.store(c17_0, 17 * cStride + 0)
    c.store(c18_0, 18 * cStride + 0)
    c.store(c19_0, 19 * cStride + 0)
    c.store(c20_0, 20 * cStride + 0)
    c.store(c21_0, 21 * cStride + 0)
    c.store(c22_0, 22 * cStride + 0)
    c.store(c23_0, 23 * cStride + 0)
    a += 24 * aRow; c += 24 * cStride
  }
}

@inline(__always)
private func tile16x1(
  _ tiles: Int, _ k: Int, _ a: UnsafePointer<Float>, _ aRow: Int, _ aStep: Int,
  _ b: UnsafePointer<Float>, _ bStride: Int,
  _ c: UnsafeMutablePointer<Float>, _ cStride: Int, _ accumulate: Bool
) {
  var a = a, c = c
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
    if accumulate {
      c0_0 = c.lanes(0 * cStride + 0)
      c1_0 = c.lanes(1 * cStride + 0)
      c2_0 = c.lanes(2 * cStride + 0)
      c3_0 = c.lanes(3 * cStride + 0)
      c4_0 = c.lanes(4 * cStride + 0)
      c5_0 = c.lanes(5 * cStride + 0)
      c6_0 = c.lanes(6 * cStride + 0)
      c7_0 = c.lanes(7 * cStride + 0)
      c8_0 = c.lanes(8 * cStride + 0)
      c9_0 = c.lanes(9 * cStride + 0)
      c10_0 = c.lanes(10 * cStride + 0)
      c11_0 = c.lanes(11 * cStride + 0)
      c12_0 = c.lanes(12 * cStride + 0)
      c13_0 = c.lanes(13 * cStride + 0)
      c14_0 = c.lanes(14 * cStride + 0)
      c15_0 = c.lanes(15 * cStride + 0)
    }
    var p = a, q = b
    for _ in 0..<k {
      let b0 = q.lanes(0)
      let a0 = Lanes(p[0 * aRow])
      c0_0 = a0.times(b0, plus: c0_0)
      let a1 = Lanes(p[1 * aRow])
      c1_0 = a1.times(b0, plus: c1_0)
      let a2 = Lanes(p[2 * aRow])
      c2_0 = a2.times(b0, plus: c2_0)
      let a3 = Lanes(p[3 * aRow])
      c3_0 = a3.times(b0, plus: c3_0)
      let a4 = Lanes(p[4 * aRow])
      c4_0 = a4.times(b0, plus: c4_0)
      let a5 = Lanes(p[5 * aRow])
      c5_0 = a5.times(b0, plus: c5_0)
      let a6 = Lanes(p[6 * aRow])
      c6_0 = a6.times(b0, plus: c6_0)
      let a7 = Lanes(p[7 * aRow])
      c7_0 = a7.times(b0, plus: c7_0)
      let a8 = Lanes(p[8 * aRow])
      c8_0 = a8.times(b0, plus: c8_0)
      let a9 = Lanes(p[9 * aRow])
      c9_0 = a9.times(b0, plus: c9_0)
      let a10 = Lanes(p[10 * aRow])
      c10_0 = a10.times(b0, plus: c10_0)
      let a11 = Lanes(p[11 * aRow])
      c11_0 = a11.times(b0, plus: c11_0)
      let a12 = Lanes(p[12 * aRow])
      c12_0 = a12.times(b0, plus: c12_0)
      let a13 = Lanes(p[13 * aRow])
      c13_0 = a13.times(b0, plus: c13_0)
      let a14 = Lanes(p[14 * aRow])
      c14_0 = a14.times(b0, plus: c14_0)
      let a15 = Lanes(p[15 * aRow])
      c15_0 = a15.times(b0, plus: c15_0)
      p += aStep; q += bStride
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
    a += 16 * aRow; c += 16 * cStride
  }
}

@inline(__always)
private func tile8x1(
  _ tiles: Int, _ k: Int, _ a: UnsafePointer<Float>, _ aRow: Int, _ aStep: Int,
  _ b: UnsafePointer<Float>, _ bStride: Int,
  _ c: UnsafeMutablePointer<Float>, _ cStride: Int, _ accumulate: Bool
) {
  var a = a, c = c
  for _ in 0..<tiles {
    var c0_0 = Lanes()
    var c1_0 = Lanes()
    var c2_0 = Lanes()
    var c3_0 = Lanes()
    var c4_0 = Lanes()
    var c5_0 = Lanes()
    var c6_0 = Lanes()
    var c7_0 = Lanes()
    if accumulate {
      c0_0 = c.lanes(0 * cStride + 0)
      c1_0 = c.lanes(1 * cStride + 0)
      c2_0 = c.lanes(2 * cStride + 0)
      c3_0 = c.lanes(3 * cStride + 0)
      c4_0 = c.lanes(4 * cStride + 0)
      c5_0 = c.lanes(5 * cStride + 0)
      c6_0 = c.lanes(6 * cStride + 0)
      c7_0 = c.lanes(7 * cStride + 0)
    }
    var p = a, q = b
    for _ in 0..<k {
      let b0 = q.lanes(0)
      let a0 = Lanes(p[0 * aRow])
      c0_0 = a0.times(b0, plus: c0_0)
      let a1 = Lanes(p[1 * aRow])
      c1_0 = a1.times(b0, plus: c1_0)
      let a2 = Lanes(p[2 * aRow])
      c2_0 = a2.times(b0, plus: c2_0)
      let a3 = Lanes(p[3 * aRow])
      c3_0 = a3.times(b0, plus: c3_0)
      let a4 = Lanes(p[4 * aRow])
      c4_0 = a4.times(b0, plus: c4_0)
      let a5 = Lanes(p[5 * aRow])
      c5_0 = a5.times(b0, plus: c5_0)
      let a6 = Lanes(p[6 * aRow])
      c6_0 = a6.times(b0, plus: c6_0)
      let a7 = Lanes(p[7 * aRow])
      c7_0 = a7.times(b0, plus: c7_0)
      p += aStep; q += bStride
    }
    c.store(c0_0, 0 * cStride + 0)
    c.store(c1_0, 1 * cStride + 0)
    c.store(c2_0, 2 * cStride + 0)
    c.store(c3_0, 3 * cStride + 0)
    c.store(c4_0, 4 * cStride + 0)
    c.store(c5_0, 5 * cStride + 0)
    c.store(c6_0, 6 * cStride + 0)
    c.store(c7_0, 7 * cStride + 0)
    a += 8 * aRow; c += 8 * cStride
  }
}

@inline(__always)
private func tile4x1(
  _ tiles: Int, _ k: Int, _ a: UnsafePointer<Float>, _ aRow: Int, _ aStep: Int,
  _ b: UnsafePointer<Float>, _ bStride: Int,
  _ c: UnsafeMutablePointer<Float>, _ cStride: Int, _ accumulate: Bool
) {
  var a = a, c = c
  for _ in 0..<tiles {
    var c0_0 = Lanes()
    var c1_0 = Lanes()
    var c2_0 = Lanes()
    var c3_0 = Lanes()
    if accumulate {
      c0_0 = c.lanes(0 * cStride + 0)
      c1_0 = c.lanes(1 * cStride + 0)
      c2_0 = c.lanes(2 * cStride + 0)
      c3_0 = c.lanes(3 * cStride + 0)
    }
    var p = a, q = b
    for _ in 0..<k {
      let b0 = q.lanes(0)
      let a0 = Lanes(p[0 * aRow])
      c0_0 = a0.times(b0, plus: c0_0)
      let a1 = Lanes(p[1 * aRow])
      c1_0 = a1.times(b0, plus: c1_0)
      let a2 = Lanes(p[2 * aRow])
      c2_0 = a2.times(b0, plus: c2_0)
      let a3 = Lanes(p[3 * aRow])
      c3_0 = a3.times(b0, plus: c3_0)
      p += aStep; q += bStride
    }
    c.store(c0_0, 0 * cStride + 0)
    c.store(c1_0, 1 * cStride + 0)
    c.store(c2_0, 2 * cStride + 0)
    c.store(c3_0, 3 * cStride + 0)
    a += 4 * aRow; c += 4 * cStride
  }
}

@inline(__always)
private func tile2x1(
  _ tiles: Int, _ k: Int, _ a: UnsafePointer<Float>, _ aRow: Int, _ aStep: Int,
  _ b: UnsafePointer<Float>, _ bStride: Int,
  _ c: UnsafeMutablePointer<Float>, _ cStride: Int, _ accumulate: Bool
) {
  var a = a, c = c
  for _ in 0..<tiles {
    var c0_0 = Lanes()
    var c1_0 = Lanes()
    if accumulate {
      c0_0 = c.lanes(0 * cStride + 0)
      c1_0 = c.lanes(1 * cStride + 0)
    }
    var p = a, q = b
    for _ in 0..<k {
      let b0 = q.lanes(0)
      let a0 = Lanes(p[0 * aRow])
      c0_0 = a0.times(b0, plus: c0_0)
      let a1 = Lanes(p[1 * aRow])
      c1_0 = a1.times(b0, plus: c1_0)
      p += aStep; q += bStride
    }
    c.store(c0_0, 0 * cStride + 0)
    c.store(c1_0, 1 * cStride + 0)
    a += 2 * aRow; c += 2 * cStride
  }
}

@inline(__always)
private func tile1x1(
  _ tiles: Int, _ k: Int, _ a: UnsafePointer<Float>, _ aRow: Int, _ aStep: Int,
  _ b: UnsafePointer<Float>, _ bStride: Int,
  _ c: UnsafeMutablePointer<Float>, _ cStride: Int, _ accumulate: Bool
) {
  var a = a, c = c
  for _ in 0..<tiles {
    var c0_0 = Lanes()
    if accumulate {
      c0_0 = c.lanes(0 * cStride + 0)
    }
    var p = a, q = b
    for _ in 0..<k {
      let b0 = q.lanes(0)
      let a0 = Lanes(p[0 * aRow])
      c0_0 = a0.times(b0, plus: c0_0)
      p += aStep; q += bStride
    }
    c.store(c0_0, 0 * cStride + 0)
    a += 1 * aRow; c += 1 * cStride
  }
}

func columns1NN(
  _ m: Int, _ k: Int, _ a: UnsafePointer<Float>, _ aStride: Int,
  _ b: UnsafePointer<Float>, _ bStride: Int,
  _ c: UnsafeMutablePointer<Float>, _ cStride: Int, _ accumulate: Bool
) {
  var row = 0
  let tiles = m / 24
  if tiles > 0 {
    tile24x1(tiles, k, a + row * aStride, aStride, 1, b, bStride, c + row * cStride, cStride, accumulate)
    row += 24 * tiles
  }
  if m - row >= 16 {
    tile16x1(1, k, a + row * aStride, aStride, 1, b, bStride, c + row * cStride, cStride, accumulate)
    row += 16
  }
  if m - row >= 8 {
    tile8x1(1, k, a + row * aStride, aStride, 1, b, bStride, c + row * cStride, cStride, accumulate)
    row += 8
  }
  if m - row >= 4 {
    tile4x1(1, k, a + row * aStride, aStride, 1, b, bStride, c + row * cStride, cStride, accumulate)
    row += 4
  }
  if m - row >= 2 {
    tile2x1(1, k, a + row * aStride, aStride, 1, b, bStride, c + row * cStride, cStride, accumulate)
    row += 2
  }
  if m - row >= 1 {
    tile1x1(1, k, a + row * aStride, aStride, 1, b, bStride, c + row * cStride, cStride, accumulate)
    row += 1
  }
}

func columns1TN(
  _ m: Int, _ k: Int, _ a: UnsafePointer<Float>, _ aStride: Int,
  _ b: UnsafePointer<Float>, _ bStride: Int,
  _ c: UnsafeMutablePointer<Float>, _ cStride: Int, _ accumulate: Bool
) {
  var row = 0
  let tiles = m / 24
  if tiles > 0 {
    tile24x1(tiles, k, a + row * 1, 1, aStride, b, bStride, c + row * cStride, cStride, accumulate)
    row += 24 * tiles
  }
  if m - row >= 16 {
    tile16x1(1, k, a + row * 1, 1, aStride, b, bStride, c + row * cStride, cStride, accumulate)
    row += 16
  }
  if m - row >= 8 {
    tile8x1(1, k, a + row * 1, 1, aStride, b, bStride, c + row * cStride, cStride, accumulate)
    row += 8
  }
  if m - row >= 4 {
    tile4x1(1, k, a + row * 1, 1, aStride, b, bStride, c + row * cStride, cStride, accumulate)
    row += 4
  }
  if m - row >= 2 {
    tile2x1(1, k, a + row * 1, 1, aStride, b, bStride, c + row * cStride, cStride, accumulate)
    row += 2
  }
  if m - row >= 1 {
    tile1x1(1, k, a + row * 1, 1, aStride, b, bStride, c + row * cStride, cStride, accumulate)
    row += 1
  }
}

#endif
