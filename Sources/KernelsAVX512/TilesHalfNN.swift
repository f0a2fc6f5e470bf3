// swift-format-ignore-file
// Written by generate-six.py; do not edit.
//
// `tile<height><form>` computes `tiles` blocks of `height` rows and one lane group of
// C = A B + addend, one below the other; `rows<form>` computes all m rows. The addend, if there is
// one, lies like C and may be C. In the forms NN and Panel A is [m, k], in the form TN [k, m]; B lies in
// rows, or as a panel [k, 16].
// The form PanelReLU reads what Panel does and adds nothing; C ends as zero where x <= 0, or C itself
// without an x, which lies like C.
// `tile<height><form>Half` computes eight columns of C and writes zeros beside them, unless told that it
// need not (`pads`).
// `squares` computes so many blocks of 16 rows and one lane group, one below the other, from a panel of B
// and from panels of A, [k, 16] too, that lie so many floats apart. `squareFilling` computes one and copies
// rows of 16 floats from `source`, `stride` apart, to `to`, as many as k has whole threes times three; it
// asks for what lies `ahead` of each.
// Each element of C is one chain of fused multiply-adds over k in ascending order.

import KernelInterface

#if !(KERNELS_AVX512 && arch(x86_64))

@_transparent
private func tile8NNHalf(
  _ tiles: Int, _ k: Int, _ a: UnsafePointer<Float>, _ aStride: Int,
  _ b: UnsafePointer<Float>, _ bStride: Int,
  _ c: UnsafeMutablePointer<Float>, _ cStride: Int, _ addend: UnsafePointer<Float>?, pads: Bool
) {
  var a = a, c = c, row = 0
  for _ in 0..<tiles {
    var c0 = HalfLanes(), c1 = HalfLanes(), c2 = HalfLanes(), c3 = HalfLanes(), c4 = HalfLanes(), c5 = HalfLanes(), c6 = HalfLanes(), c7 = HalfLanes()
    if let addend {
      let from = addend + row
      c0 = from.halfLanes(0 * cStride)
      c1 = from.halfLanes(1 * cStride)
      c2 = from.halfLanes(2 * cStride)
      c3 = from.halfLanes(3 * cStride)
      c4 = from.halfLanes(4 * cStride)
      c5 = from.halfLanes(5 * cStride)
      c6 = from.halfLanes(6 * cStride)
      c7 = from.halfLanes(7 * cStride)
    }
    var q = b
    var p0 = a
    var p3 = a + 3 * aStride
    var p6 = a + 6 * aStride
    let end = p0 + k
    let first = p0 + k % 4
    while p0 < first {
      do {
        let b0 = q.halfLanes()
        c0 = HalfLanes(p0[0 * aStride]).times(b0, plus: c0)
        c1 = HalfLanes(p0[1 * aStride]).times(b0, plus: c1)
        c2 = HalfLanes(p0[2 * aStride]).times(b0, plus: c2)
        c3 = HalfLanes(p3[0 * aStride]).times(b0, plus: c3)
        c4 = HalfLanes(p3[1 * aStride]).times(b0, plus: c4)
        c5 = HalfLanes(p3[2 * aStride]).times(b0, plus: c5)
        c6 = HalfLanes(p6[0 * aStride]).times(b0, plus: c6)
        c7 = HalfLanes(p6[1 * aStride]).times(b0, plus: c7)
      }
      q += bStride; p0 += 1; p3 += 1; p6 += 1
    }
    while p0 < end {
      do {
        let b0 = q.halfLanes()
        c0 = HalfLanes(p0[0 * aStride]).times(b0, plus: c0)
        c1 = HalfLanes(p0[1 * aStride]).times(b0, plus: c1)
        c2 = HalfLanes(p0[2 * aStride]).times(b0, plus: c2)
        c3 = HalfLanes(p3[0 * aStride]).times(b0, plus: c3)
        c4 = HalfLanes(p3[1 * aStride]).times(b0, plus: c4)
        c5 = HalfLanes(p3[2 * aStride]).times(b0, plus: c5)
        c6 = HalfLanes(p6[0 * aStride]).times(b0, plus: c6)
        c7 = HalfLanes(p6[1 * aStride]).times(b0, plus: c7)
      }
      q += bStride
      inOrder()
      do {
        let b0 = q.halfLanes()
        c0 = HalfLanes(p0[0 * aStride + 1]).times(b0, plus: c0)
        c1 = HalfLanes(p0[1 * aStride + 1]).times(b0, plus: c1)
        c2 = HalfLanes(p0[2 * aStride + 1]).times(b0, plus: c2)
        c3 = HalfLanes(p3[0 * aStride + 1]).times(b0, plus: c3)
        c4 = HalfLanes(p3[1 * aStride + 1]).times(b0, plus: c4)
        c5 = HalfLanes(p3[2 * aStride + 1]).times(b0, plus: c5)
        c6 = HalfLanes(p6[0 * aStride + 1]).times(b0, plus: c6)
        c7 = HalfLanes(p6[1 * aStride + 1]).times(b0, plus: c7)
      }
      q += bStride
      inOrder()
      do {
        let b0 = q.halfLanes()
        c0 = HalfLanes(p0[0 * aStride + 2]).times(b0, plus: c0)
        c1 = HalfLanes(p0[1 * aStride + 2]).times(b0, plus: c1)
        c2 = HalfLanes(p0[2 * aStride + 2]).times(b0, plus: c2)
        c3 = HalfLanes(p3[0 * aStride + 2]).times(b0, plus: c3)
        c4 = HalfLanes(p3[1 * aStride + 2]).times(b0, plus: c4)
        c5 = HalfLanes(p3[2 * aStride + 2]).times(b0, plus: c5)
        c6 = HalfLanes(p6[0 * aStride + 2]).times(b0, plus: c6)
        c7 = HalfLanes(p6[1 * aStride + 2]).times(b0, plus: c7)
      }
      q += bStride
      inOrder()
      do {
        let b0 = q.halfLanes()
        c0 = HalfLanes(p0[0 * aStride + 3]).times(b0, plus: c0)
        c1 = HalfLanes(p0[1 * aStride + 3]).times(b0, plus: c1)
        c2 = HalfLanes(p0[2 * aStride + 3]).times(b0, plus: c2)
        c3 = HalfLanes(p3[0 * aStride + 3]).times(b0, plus: c3)
        c4 = HalfLanes(p3[1 * aStride + 3]).times(b0, plus: c4)
        c5 = HalfLanes(p3[2 * aStride + 3]).times(b0, plus: c5)
        c6 = HalfLanes(p6[0 * aStride + 3]).times(b0, plus: c6)
        c7 = HalfLanes(p6[1 * aStride + 3]).times(b0, plus: c7)
      }
      q += bStride; p0 += 4; p3 += 4; p6 += 4
    }
    c.store(c0, 0 * cStride)
    c.store(c1, 1 * cStride)
    c.store(c2, 2 * cStride)
    c.store(c3, 3 * cStride)
    c.store(c4, 4 * cStride)
    c.store(c5, 5 * cStride)
    c.store(c6, 6 * cStride)
    c.store(c7, 7 * cStride)
    if pads {
      c.store(HalfLanes(), 0 * cStride + 8)
      c.store(HalfLanes(), 1 * cStride + 8)
      c.store(HalfLanes(), 2 * cStride + 8)
      c.store(HalfLanes(), 3 * cStride + 8)
      c.store(HalfLanes(), 4 * cStride + 8)
      c.store(HalfLanes(), 5 * cStride + 8)
      c.store(HalfLanes(), 6 * cStride + 8)
      c.store(HalfLanes(), 7 * cStride + 8)
    }
    a += 8 * aStride; c += 8 * cStride; row += 8 * cStride
  }
}

@_transparent
private func tile4NNHalf(
  _ tiles: Int, _ k: Int, _ a: UnsafePointer<Float>, _ aStride: Int,
  _ b: UnsafePointer<Float>, _ bStride: Int,
  _ c: UnsafeMutablePointer<Float>, _ cStride: Int, _ addend: UnsafePointer<Float>?, pads: Bool
) {
  var a = a, c = c, row = 0
  for _ in 0..<tiles {
    var c0 = HalfLanes(), c1 = HalfLanes(), c2 = HalfLanes(), c3 = HalfLanes()
    if let addend {
      let from = addend + row
      c0 = from.halfLanes(0 * cStride)
      c1 = from.halfLanes(1 * cStride)
      c2 = from.halfLanes(2 * cStride)
      c3 = from.halfLanes(3 * cStride)
    }
    var q = b
    var p0 = a
    var p3 = a + 3 * aStride
    let end = p0 + k
    let first = p0 + k % 4
    while p0 < first {
      do {
        let b0 = q.halfLanes()
        c0 = HalfLanes(p0[0 * aStride]).times(b0, plus: c0)
        c1 = HalfLanes(p0[1 * aStride]).times(b0, plus: c1)
        c2 = HalfLanes(p0[2 * aStride]).times(b0, plus: c2)
        c3 = HalfLanes(p3[0 * aStride]).times(b0, plus: c3)
      }
      q += bStride; p0 += 1; p3 += 1
    }
    while p0 < end {
      do {
        let b0 = q.halfLanes()
        c0 = HalfLanes(p0[0 * aStride]).times(b0, plus: c0)
        c1 = HalfLanes(p0[1 * aStride]).times(b0, plus: c1)
        c2 = HalfLanes(p0[2 * aStride]).times(b0, plus: c2)
        c3 = HalfLanes(p3[0 * aStride]).times(b0, plus: c3)
      }
      q += bStride
      inOrder()
      do {
        let b0 = q.halfLanes()
        c0 = HalfLanes(p0[0 * aStride + 1]).times(b0, plus: c0)
        c1 = HalfLanes(p0[1 * aStride + 1]).times(b0, plus: c1)
        c2 = HalfLanes(p0[2 * aStride + 1]).times(b0, plus: c2)
        c3 = HalfLanes(p3[0 * aStride + 1]).times(b0, plus: c3)
      }
      q += bStride
      inOrder()
      do {
        let b0 = q.halfLanes()
        c0 = HalfLanes(p0[0 * aStride + 2]).times(b0, plus: c0)
        c1 = HalfLanes(p0[1 * aStride + 2]).times(b0, plus: c1)
        c2 = HalfLanes(p0[2 * aStride + 2]).times(b0, plus: c2)
        c3 = HalfLanes(p3[0 * aStride + 2]).times(b0, plus: c3)
      }
      q += bStride
      inOrder()
      do {
        let b0 = q.halfLanes()
        c0 = HalfLanes(p0[0 * aStride + 3]).times(b0, plus: c0)
        c1 = HalfLanes(p0[1 * aStride + 3]).times(b0, plus: c1)
        c2 = HalfLanes(p0[2 * aStride + 3]).times(b0, plus: c2)
        c3 = HalfLanes(p3[0 * aStride + 3]).times(b0, plus: c3)
      }
      q += bStride; p0 += 4; p3 += 4
    }
    c.store(c0, 0 * cStride)
    c.store(c1, 1 * cStride)
    c.store(c2, 2 * cStride)
    c.store(c3, 3 * cStride)
    if pads {
      c.store(HalfLanes(), 0 * cStride + 8)
      c.store(HalfLanes(), 1 * cStride + 8)
      c.store(HalfLanes(), 2 * cStride + 8)
      c.store(HalfLanes(), 3 * cStride + 8)
    }
    a += 4 * aStride; c += 4 * cStride; row += 4 * cStride
  }
}

@_transparent
private func tile2NNHalf(
  _ tiles: Int, _ k: Int, _ a: UnsafePointer<Float>, _ aStride: Int,
  _ b: UnsafePointer<Float>, _ bStride: Int,
  _ c: UnsafeMutablePointer<Float>, _ cStride: Int, _ addend: UnsafePointer<Float>?, pads: Bool
) {
  var a = a, c = c, row = 0
  for _ in 0..<tiles {
    var c0 = HalfLanes(), c1 = HalfLanes()
    if let addend {
      let from = addend + row
      c0 = from.halfLanes(0 * cStride)
      c1 = from.halfLanes(1 * cStride)
    }
    var q = b
    var p0 = a
    let end = p0 + k
    let first = p0 + k % 4
    while p0 < first {
      do {
        let b0 = q.halfLanes()
        c0 = HalfLanes(p0[0 * aStride]).times(b0, plus: c0)
        c1 = HalfLanes(p0[1 * aStride]).times(b0, plus: c1)
      }
      q += bStride; p0 += 1
    }
    while p0 < end {
      do {
        let b0 = q.halfLanes()
        c0 = HalfLanes(p0[0 * aStride]).times(b0, plus: c0)
        c1 = HalfLanes(p0[1 * aStride]).times(b0, plus: c1)
      }
      q += bStride
      inOrder()
      do {
        let b0 = q.halfLanes()
        c0 = HalfLanes(p0[0 * aStride + 1]).times(b0, plus: c0)
        c1 = HalfLanes(p0[1 * aStride + 1]).times(b0, plus: c1)
      }
      q += bStride
      inOrder()
      do {
        let b0 = q.halfLanes()
        c0 = HalfLanes(p0[0 * aStride + 2]).times(b0, plus: c0)
        c1 = HalfLanes(p0[1 * aStride + 2]).times(b0, plus: c1)
      }
      q += bStride
      inOrder()
      do {
        let b0 = q.halfLanes()
        c0 = HalfLanes(p0[0 * aStride + 3]).times(b0, plus: c0)
        c1 = HalfLanes(p0[1 * aStride + 3]).times(b0, plus: c1)
      }
      q += bStride; p0 += 4
    }
    c.store(c0, 0 * cStride)
    c.store(c1, 1 * cStride)
    if pads {
      c.store(HalfLanes(), 0 * cStride + 8)
      c.store(HalfLanes(), 1 * cStride + 8)
    }
    a += 2 * aStride; c += 2 * cStride; row += 2 * cStride
  }
}

@_transparent
private func tile1NNHalf(
  _ tiles: Int, _ k: Int, _ a: UnsafePointer<Float>, _ aStride: Int,
  _ b: UnsafePointer<Float>, _ bStride: Int,
  _ c: UnsafeMutablePointer<Float>, _ cStride: Int, _ addend: UnsafePointer<Float>?, pads: Bool
) {
  var a = a, c = c, row = 0
  for _ in 0..<tiles {
    var c0 = HalfLanes()
    if let addend {
      let from = addend + row
      c0 = from.halfLanes(0 * cStride)
    }
    var q = b
    var p0 = a
    let end = p0 + k
    while p0 < end {
      do {
        let b0 = q.halfLanes()
        c0 = HalfLanes(p0[0 * aStride]).times(b0, plus: c0)
      }
      q += bStride; p0 += 1
    }
    c.store(c0, 0 * cStride)
    if pads {
      c.store(HalfLanes(), 0 * cStride + 8)
    }
    a += 1 * aStride; c += 1 * cStride; row += 1 * cStride
  }
}

func rowsNNHalf(
  _ m: Int, _ k: Int, _ a: UnsafePointer<Float>, _ aStride: Int,
  _ b: UnsafePointer<Float>, _ bStride: Int,
  _ c: UnsafeMutablePointer<Float>, _ cStride: Int, _ addend: UnsafePointer<Float>?, pads: Bool
) {
  guard cStride == 16 else {
    rowsNNHalf(m, k, a, known: aStride, b, bStride, c, known: cStride, addend, pads: pads)
    return
  }
  switch aStride {
  case 16: rowsNNHalf(m, k, a, known: 16, b, bStride, c, known: 16, addend, pads: pads)
  case 32: rowsNNHalf(m, k, a, known: 32, b, bStride, c, known: 16, addend, pads: pads)
  case 48: rowsNNHalf(m, k, a, known: 48, b, bStride, c, known: 16, addend, pads: pads)
  case 64: rowsNNHalf(m, k, a, known: 64, b, bStride, c, known: 16, addend, pads: pads)
  case 96: rowsNNHalf(m, k, a, known: 96, b, bStride, c, known: 16, addend, pads: pads)
  case 192: rowsNNHalf(m, k, a, known: 192, b, bStride, c, known: 16, addend, pads: pads)
  default: rowsNNHalf(m, k, a, known: aStride, b, bStride, c, known: 16, addend, pads: pads)
  }
}

@_transparent
private func rowsNNHalf(
  _ m: Int, _ k: Int, _ a: UnsafePointer<Float>, known aStride: Int,
  _ b: UnsafePointer<Float>, _ bStride: Int,
  _ c: UnsafeMutablePointer<Float>, known cStride: Int, _ addend: UnsafePointer<Float>?, pads: Bool
) {
  var row = 0
  let tiles8 = m / 8
  if tiles8 > 0 {
    tile8NNHalf(
      tiles8, k, a + row * aStride, aStride, b, bStride, c + row * cStride, cStride,
      at(addend, row * cStride), pads: pads)
    row += 8 * tiles8
  }
  let tiles4 = (m - row) / 4
  if tiles4 > 0 {
    tile4NNHalf(
      tiles4, k, a + row * aStride, aStride, b, bStride, c + row * cStride, cStride,
      at(addend, row * cStride), pads: pads)
    row += 4 * tiles4
  }
  if m - row >= 2 {
    tile2NNHalf(
      1, k, a + row * aStride, aStride, b, bStride, c + row * cStride, cStride,
      at(addend, row * cStride), pads: pads)
    row += 2
  }
  if m - row >= 1 {
    tile1NNHalf(
      1, k, a + row * aStride, aStride, b, bStride, c + row * cStride, cStride,
      at(addend, row * cStride), pads: pads)
    row += 1
  }
}

#endif
