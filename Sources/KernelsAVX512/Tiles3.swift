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
private func tile8x3(
  _ tiles: Int, _ k: Int, _ a: UnsafePointer<Float>, _ aRow: Int, _ aStep: Int,
  _ b: UnsafePointer<Float>, _ bStride: Int,
  _ c: UnsafeMutablePointer<Float>, _ cStride: Int, _ accumulate: Bool
) {
  var a = a, c = c
  for _ in 0..<tiles {
    var c0_0 = Lanes(), c0_1 = Lanes(), c0_2 = Lanes()
    var c1_0 = Lanes(), c1_1 = Lanes(), c1_2 = Lanes()
    var c2_0 = Lanes(), c2_1 = Lanes(), c2_2 = Lanes()
    var c3_0 = Lanes(), c3_1 = Lanes(), c3_2 = Lanes()
    var c4_0 = Lanes(), c4_1 = Lanes(), c4_2 = Lanes()
    var c5_0 = Lanes(), c5_1 = Lanes(), c5_2 = Lanes()
    var c6_0 = Lanes(), c6_1 = Lanes(), c6_2 = Lanes()
    var c7_0 = Lanes(), c7_1 = Lanes(), c7_2 = Lanes()
    if accumulate {
      c0_0 = c.lanes(0 * cStride + 0); c0_1 = c.lanes(0 * cStride + 16); c0_2 = c.lanes(0 * cStride + 32)
      c1_0 = c.lanes(1 * cStride + 0); c1_1 = c.lanes(1 * cStride + 16); c1_2 = c.lanes(1 * cStride + 32)
      c2_0 = c.lanes(2 * cStride + 0); c2_1 = c.lanes(2 * cStride + 16); c2_2 = c.lanes(2 * cStride + 32)
      c3_0 = c.lanes(3 * cStride + 0); c3_1 = c.lanes(3 * cStride + 16); c3_2 = c.lanes(3 * cStride + 32)
      c4_0 = c.lanes(4 * cStride + 0); c4_1 = c.lanes(4 * cStride + 16); c4_2 = c.lanes(4 * cStride + 32)
      c5_0 = c.lanes(5 * cStride + 0); c5_1 = c.lanes(5 * cStride + 16); c5_2 = c.lanes(5 * cStride + 32)
      c6_0 = c.lanes(6 * cStride + 0); c6_1 = c.lanes(6 * cStride + 16); c6_2 = c.lanes(6 * cStride + 32)
      c7_0 = c.lanes(7 * cStride + 0); c7_1 = c.lanes(7 * cStride + 16); c7_2 = c.lanes(7 * cStride + 32)
    }
    var p = a, q = b
    for _ in 0..<k {
      let b0 = q.lanes(0), b1 = q.lanes(16), b2 = q.lanes(32)
      let a0 = Lanes(p[0 * aRow])
      c0_0 = a0.times(b0, plus: c0_0); c0_1 = a0.times(b1, plus: c0_1); c0_2 = a0.times(b2, plus: c0_2)
      let a1 = Lanes(p[1 * aRow])
      c1_0 = a1.times(b0, plus: c1_0); c1_1 = a1.times(b1, plus: c1_1); c1_2 = a1.times(b2, plus: c1_2)
      let a2 = Lanes(p[2 * aRow])
      c2_0 = a2.times(b0, plus: c2_0); c2_1 = a2.times(b1, plus: c2_1); c2_2 = a2.times(b2, plus: c2_2)
      let a3 = Lanes(p[3 * aRow])
      c3_0 = a3.times(b0, plus: c3_0); c3_1 = a3.times(b1, plus: c3_1); c3_2 = a3.times(b2, plus: c3_2)
      let a4 = Lanes(p[4 * aRow])
      c4_0 = a4.times(b0, plus: c4_0); c4_1 = a4.times(b1, plus: c4_1); c4_2 = a4.times(b2, plus: c4_2)
      let a5 = Lanes(p[5 * aRow])
      c5_0 = a5.times(b0, plus: c5_0); c5_1 = a5.times(b1, plus: c5_1); c5_2 = a5.times(b2, plus: c5_2)
      let a6 = Lanes(p[6 * aRow])
      c6_0 = a6.times(b0, plus: c6_0); c6_1 = a6.times(b1, plus: c6_1); c6_2 = a6.times(b2, plus: c6_2)
      let a7 = Lanes(p[7 * aRow])
      c7_0 = a7.times(b0, plus: c7_0); c7_1 = a7.times(b1, plus: c7_1); c7_2 = a7.times(b2, plus: c7_2)
      p += aStep; q += bStride
    }
    c.store(c0_0, 0 * cStride + 0); c.store(c0_1, 0 * cStride + 16); c.store(c0_2, 0 * cStride + 32)
    c.store(c1_0, 1 * cStride + 0); c.store(c1_1, 1 * cStride + 16); c.store(c1_2, 1 * cStride + 32)
    c.store(c2_0, 2 * cStride + 0); c.store(c2_1, 2 * cStride + 16); c.store(c2_2, 2 * cStride + 32)
    c.store(c3_0, 3 * cStride + 0); c.store(c3_1, 3 * cStride + 16); c.store(c3_2, 3 * cStride + 32)
    c.store(c4_0, 4 * cStride + 0); c.store(c4_1, 4 * cStride + 16); c.store(c4_2, 4 * cStride + 32)
    c.store(c5_0, 5 * cStride + 0); c.store(c5_1, 5 * cStride + 16); c.store(c5_2, 5 * cStride + 32)
    c.store(c6_0, 6 * cStride + 0); c.store(c6_1, 6 * cStride + 16); c.store(c6_2, 6 * cStride + 32)
    c.store(c7_0, 7 * cStride + 0); c.store(c7_1, 7 * cStride + 16); c.store(c7_2, 7 * cStride + 32)
    a += 8 * aRow; c += 8 * cStride
  }
}

@inline(__always)
private func tile4x3(
  _ tiles: Int, _ k: Int, _ a: UnsafePointer<Float>, _ aRow: Int, _ aStep: Int,
  _ b: UnsafePointer<Float>, _ bStride: Int,
  _ c: UnsafeMutablePointer<Float>, _ cStride: Int, _ accumulate: Bool
) {
  var a = a, c = c
  for _ in 0..<tiles {
    var c0_0 = Lanes(), c0_1 = Lanes(), c0_2 = Lanes()
    var c1_0 = Lanes(), c1_1 = Lanes(), c1_2 = Lanes()
    var c2_0 = Lanes(), c2_1 = Lanes(), c2_2 = Lanes()
    var c3_0 = Lanes(), c3_1 = Lanes(), c3_2 = Lanes()
    if accumulate {
      c0_0 = c.lanes(0 * cStride + 0); c0_1 = c.lanes(0 * cStride + 16); c0_2 = c.lanes(0 * cStride + 32)
      c1_0 = c.lanes(1 * cStride + 0); c1_1 = c.lanes(1 * cStride + 16); c1_2 = c.lanes(1 * cStride + 32)
      c2_0 = c.lanes(2 * cStride + 0); c2_1 = c.lanes(2 * cStride + 16); c2_2 = c.lanes(2 * cStride + 32)
      c3_0 = c.lanes(3 * cStride + 0); c3_1 = c.lanes(3 * cStride + 16); c3_2 = c.lanes(3 * cStride + 32)
    }
    var p = a, q = b
    for _ in 0..<k {
      let b0 = q.lanes(0), b1 = q.lanes(16), b2 = q.lanes(32)
      let a0 = Lanes(p[0 * aRow])
      c0_0 = a0.times(b0, plus: c0_0); c0_1 = a0.times(b1, plus: c0_1); c0_2 = a0.times(b2, plus: c0_2)
      let a1 = Lanes(p[1 * aRow])
      c1_0 = a1.times(b0, plus: c1_0); c1_1 = a1.times(b1, plus: c1_1); c1_2 = a1.times(b2, plus: c1_2)
      let a2 = Lanes(p[2 * aRow])
      c2_0 = a2.times(b0, plus: c2_0); c2_1 = a2.times(b1, plus: c2_1); c2_2 = a2.times(b2, plus: c2_2)
      let a3 = Lanes(p[3 * aRow])
      c3_0 = a3.times(b0, plus: c3_0); c3_1 = a3.times(b1, plus: c3_1); c3_2 = a3.times(b2, plus: c3_2)
      p += aStep; q += bStride
    }
    c.store(c0_0, 0 * cStride + 0); c.store(c0_1, 0 * cStride + 16); c.store(c0_2, 0 * cStride + 32)
    c.store(c1_0, 1 * cStride + 0); c.store(c1_1, 1 * cStride + 16); c.store(c1_2, 1 * cStride + 32)
    c.store(c2_0, 2 * cStride + 0); c.store(c2_1, 2 * cStride + 16); c.store(c2_2, 2 * cStride + 32)
    c.store(c3_0, 3 * cStride + 0); c.store(c3_1, 3 * cStride + 16); c.store(c3_2, 3 * cStride + 32)
    a += 4 * aRow; c += 4 * cStride
  }
}

@inline(__always)
private func tile2x3(
  _ tiles: Int, _ k: Int, _ a: UnsafePointer<Float>, _ aRow: Int, _ aStep: Int,
  _ b: UnsafePointer<Float>, _ bStride: Int,
  _ c: UnsafeMutablePointer<Float>, _ cStride: Int, _ accumulate: Bool
) {
  var a = a, c = c
  for _ in 0..<tiles {
    var c0_0 = Lanes(), c0_1 = Lanes(), c0_2 = Lanes()
    var c1_0 = Lanes(), c1_1 = Lanes(), c1_2 = Lanes()
    if accumulate {
      c0_0 = c.lanes(0 * cStride + 0); c0_1 = c.lanes(0 * cStride + 16); c0_2 = c.lanes(0 * cStride + 32)
      c1_0 = c.lanes(1 * cStride + 0); c1_1 = c.lanes(1 * cStride + 16); c1_2 = c.lanes(1 * cStride + 32)
    }
    var p = a, q = b
    for _ in 0..<k {
      let b0 = q.lanes(0), b1 = q.lanes(16), b2 = q.lanes(32)
      let a0 = Lanes(p[0 * aRow])
      c0_0 = a0.times(b0, plus: c0_0); c0_1 = a0.times(b1, plus: c0_1); c0_2 = a0.times(b2, plus: c0_2)
      let a1 = Lanes(p[1 * aRow])
      c1_0 = a1.times(b0, plus: c1_0); c1_1 = a1.times(b1, plus: c1_1); c1_2 = a1.times(b2, plus: c1_2)
      p += aStep; q += bStride
    }
    c.store(c0_0, 0 * cStride + 0); c.store(c0_1, 0 * cStride + 16); c.store(c0_2, 0 * cStride + 32)
    c.store(c1_0, 1 * cStride + 0); c.store(c1_1, 1 * cStride + 16); c.store(c1_2, 1 * cStride + 32)
    a += 2 * aRow; c += 2 * cStride
  }
}

@inline(__always)
private func tile1x3(
  _ tiles: Int, _ k: Int, _ a: UnsafePointer<Float>, _ aRow: Int, _ aStep: Int,
  _ b: UnsafePointer<Float>, _ bStride: Int,
  _ c: UnsafeMutablePointer<Float>, _ cStride: Int, _ accumulate: Bool
) {
  var a = a, c = c
  for _ in 0..<tiles {
    var c0_0 = Lanes(), c0_1 = Lanes(), c0_2 = Lanes()
    if accumulate {
      c0_0 = c.lanes(0 * cStride + 0); c0_1 = c.lanes(0 * cStride + 16); c0_2 = c.lanes(0 * cStride + 32)
    }
    var p = a, q = b
    for _ in 0..<k {
      let b0 = q.lanes(0), b1 = q.lanes(16), b2 = q.lanes(32)
      let a0 = Lanes(p[0 * aRow])
      c0_0 = a0.times(b0, plus: c0_0); c0_1 = a0.times(b1, plus: c0_1); c0_2 = a0.times(b2, plus: c0_2)
      p += aStep; q += bStride
    }
    c.store(c0_0, 0 * cStride + 0); c.store(c0_1, 0 * cStride + 16); c.store(c0_2, 0 * cStride + 32)
    a += 1 * aRow; c += 1 * cStride
  }
}

func columns3NN(
  _ m: Int, _ k: Int, _ a: UnsafePointer<Float>, _ aStride: Int,
  _ b: UnsafePointer<Float>, _ bStride: Int,
  _ c: UnsafeMutablePointer<Float>, _ cStride: Int, _ accumulate: Bool
) {
  var row = 0
  let tiles = m / 8
  if tiles > 0 {
    tile8x3(tiles, k, a + row * aStride, aStride, 1, b, bStride, c + row * cStride, cStride, accumulate)
    row += 8 * tiles
  }
  if m - row >= 4 {
    tile4x3(1, k, a + row * aStride, aStride, 1, b, bStride, c + row * cStride, cStride, accumulate)
    row += 4
  }
  if m - row >= 2 {
    tile2x3(1, k, a + row * aStride, aStride, 1, b, bStride, c + row * cStride, cStride, accumulate)
    row += 2
  }
  if m - row >= 1 {
    tile1x3(1, k, a + row * aStride, aStride, 1, b, bStride, c + row * cStride, cStride, accumulate)
    row += 1
  }
}

func columns3TN(
  _ m: Int, _ k: Int, _ a: UnsafePointer<Float>, _ aStride: Int,
  _ b: UnsafePointer<Float>, _ bStride: Int,
  _ c: UnsafeMutablePointer<Float>, _ cStride: Int, _ accumulate: Bool
) {
  var row = 0
  let tiles = m / 8
  if tiles > 0 {
    tile8x3(tiles, k, a + row * 1, 1, aStride, b, bStride, c + row * cStride, cStride, accumulate)
    row += 8 * tiles
  }
  if m - row >= 4 {
    tile4x3(1, k, a + row * 1, 1, aStride, b, bStride, c + row * cStride, cStride, accumulate)
    row += 4
  }
  if m - row >= 2 {
    tile2x3(1, k, a + row * 1, 1, aStride, b, bStride, c + row * cStride, cStride, accumulate)
    row += 2
  }
  if m - row >= 1 {
    tile1x3(1, k, a + row * 1, 1, aStride, b, bStride, c + row * cStride, cStride, accumulate)
    row += 1
  }
}

#endif
