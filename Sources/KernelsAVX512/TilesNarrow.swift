// swift-format-ignore-file
// Written by generate-tiles.py; do not edit.
//
// `tile<height>x<width>` computes `tiles` blocks of `height` rows and `width` lane groups of
// C = A B, or C += A B, one below the other. A[i, k] is `a[i * aRow + k * aStep]`. Each element
// of C is one chain of fused multiply-adds over k in ascending order.
// `columns<width>NN` and `columns<width>TN` compute all m rows of `width` lane groups.

import KernelInterface

#if !(KERNELS_AVX512 && arch(x86_64))

@inline(__always)
private func tile6x1(
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
    if accumulate {
      c0_0 = c.lanes(0 * cStride + 0)
      c1_0 = c.lanes(1 * cStride + 0)
      c2_0 = c.lanes(2 * cStride + 0)
      c3_0 = c.lanes(3 * cStride + 0)
      c4_0 = c.lanes(4 * cStride + 0)
      c5_0 = c.lanes(5 * cStride + 0)
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
      p += aStep; q += bStride
    }
    c.store(c0_0, 0 * cStride + 0)
    c.store(c1_0, 1 * cStride + 0)
    c.store(c2_0, 2 * cStride + 0)
    c.store(c3_0, 3 * cStride + 0)
    c.store(c4_0, 4 * cStride + 0)
    c.store(c5_0, 5 * cStride + 0)
    a += 6 * aRow; c += 6 * cStride
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
  let tiles = m / 6
  if tiles > 0 {
    tile6x1(tiles, k, a + row * aStride, aStride, 1, b, bStride, c + row * cStride, cStride, accumulate)
    row += 6 * tiles
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
  let tiles = m / 6
  if tiles > 0 {
    tile6x1(tiles, k, a + row * 1, 1, aStride, b, bStride, c + row * cStride, cStride, accumulate)
    row += 6 * tiles
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

func multiplyAddRounds(_ rounds: Int, _ factor: Float, _ addend: Float) -> Float {
  let factor = Lanes(factor), addend = Lanes(addend)
  var x0 = Lanes(0)
  var x1 = Lanes(1)
  var x2 = Lanes(2)
  var x3 = Lanes(3)
  var x4 = Lanes(4)
  var x5 = Lanes(5)
  for _ in 0..<rounds {
    x0 = x0.times(factor, plus: addend)
    x1 = x1.times(factor, plus: addend)
    x2 = x2.times(factor, plus: addend)
    x3 = x3.times(factor, plus: addend)
    x4 = x4.times(factor, plus: addend)
    x5 = x5.times(factor, plus: addend)
    x0 = x0.times(factor, plus: addend)
    x1 = x1.times(factor, plus: addend)
    x2 = x2.times(factor, plus: addend)
    x3 = x3.times(factor, plus: addend)
    x4 = x4.times(factor, plus: addend)
    x5 = x5.times(factor, plus: addend)
    x0 = x0.times(factor, plus: addend)
    x1 = x1.times(factor, plus: addend)
    x2 = x2.times(factor, plus: addend)
    x3 = x3.times(factor, plus: addend)
    x4 = x4.times(factor, plus: addend)
    x5 = x5.times(factor, plus: addend)
    x0 = x0.times(factor, plus: addend)
    x1 = x1.times(factor, plus: addend)
    x2 = x2.times(factor, plus: addend)
    x3 = x3.times(factor, plus: addend)
    x4 = x4.times(factor, plus: addend)
    x5 = x5.times(factor, plus: addend)
  }
  var sum = x0
  sum = sum + x1
  sum = sum + x2
  sum = sum + x3
  sum = sum + x4
  sum = sum + x5
  return sum.treeSum()
}

#endif
