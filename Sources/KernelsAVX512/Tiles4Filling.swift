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

func tile6x4TNasking(
  _ tiles: Int, _ k: Int, _ a: UnsafePointer<Float>, _ aStride: Int,
  _ b: UnsafePointer<Float>, _ bStride: Int,
  _ c: UnsafeMutablePointer<Float>, _ cStride: Int, _ addend: UnsafePointer<Float>?,
  for next: UnsafePointer<Float>, lines: UnsafePointer<Int32>
) {
  var a = a, c = c, row = 0, line = lines
  for _ in 0..<tiles {
    var c0_0 = Lanes(), c0_1 = Lanes(), c0_2 = Lanes(), c0_3 = Lanes()
    var c1_0 = Lanes(), c1_1 = Lanes(), c1_2 = Lanes(), c1_3 = Lanes()
    var c2_0 = Lanes(), c2_1 = Lanes(), c2_2 = Lanes(), c2_3 = Lanes()
    var c3_0 = Lanes(), c3_1 = Lanes(), c3_2 = Lanes(), c3_3 = Lanes()
    var c4_0 = Lanes(), c4_1 = Lanes(), c4_2 = Lanes(), c4_3 = Lanes()
    var c5_0 = Lanes(), c5_1 = Lanes(), c5_2 = Lanes(), c5_3 = Lanes()
    if let addend {
      let from = addend + row
      c0_0 = from.lanes(0 * cStride + 0); c0_1 = from.lanes(0 * cStride + 16); c0_2 = from.lanes(0 * cStride + 32); c0_3 = from.lanes(0 * cStride + 48)
      c1_0 = from.lanes(1 * cStride + 0); c1_1 = from.lanes(1 * cStride + 16); c1_2 = from.lanes(1 * cStride + 32); c1_3 = from.lanes(1 * cStride + 48)
      c2_0 = from.lanes(2 * cStride + 0); c2_1 = from.lanes(2 * cStride + 16); c2_2 = from.lanes(2 * cStride + 32); c2_3 = from.lanes(2 * cStride + 48)
      c3_0 = from.lanes(3 * cStride + 0); c3_1 = from.lanes(3 * cStride + 16); c3_2 = from.lanes(3 * cStride + 32); c3_3 = from.lanes(3 * cStride + 48)
      c4_0 = from.lanes(4 * cStride + 0); c4_1 = from.lanes(4 * cStride + 16); c4_2 = from.lanes(4 * cStride + 32); c4_3 = from.lanes(4 * cStride + 48)
      c5_0 = from.lanes(5 * cStride + 0); c5_1 = from.lanes(5 * cStride + 16); c5_2 = from.lanes(5 * cStride + 32); c5_3 = from.lanes(5 * cStride + 48)
    }
    var q = b
    var p0 = a + 0 * aStride
    for _ in 0..<k {
      let b0 = q.lanes(0), b1 = q.lanes(16), b2 = q.lanes(32), b3 = q.lanes(48)
      next.fetch(Int(line[0])); line += 1
      let a0 = Lanes(p0[0])
      c0_0 = a0.times(b0, plus: c0_0); c0_1 = a0.times(b1, plus: c0_1); c0_2 = a0.times(b2, plus: c0_2); c0_3 = a0.times(b3, plus: c0_3)
      let a1 = Lanes(p0[1])
      c1_0 = a1.times(b0, plus: c1_0); c1_1 = a1.times(b1, plus: c1_1); c1_2 = a1.times(b2, plus: c1_2); c1_3 = a1.times(b3, plus: c1_3)
      let a2 = Lanes(p0[2])
      c2_0 = a2.times(b0, plus: c2_0); c2_1 = a2.times(b1, plus: c2_1); c2_2 = a2.times(b2, plus: c2_2); c2_3 = a2.times(b3, plus: c2_3)
      let a3 = Lanes(p0[3])
      c3_0 = a3.times(b0, plus: c3_0); c3_1 = a3.times(b1, plus: c3_1); c3_2 = a3.times(b2, plus: c3_2); c3_3 = a3.times(b3, plus: c3_3)
      let a4 = Lanes(p0[4])
      c4_0 = a4.times(b0, plus: c4_0); c4_1 = a4.times(b1, plus: c4_1); c4_2 = a4.times(b2, plus: c4_2); c4_3 = a4.times(b3, plus: c4_3)
      let a5 = Lanes(p0[5])
      c5_0 = a5.times(b0, plus: c5_0); c5_1 = a5.times(b1, plus: c5_1); c5_2 = a5.times(b2, plus: c5_2); c5_3 = a5.times(b3, plus: c5_3)
      q += bStride; p0 += aStride
    }
    c.store(c0_0, 0 * cStride + 0); c.store(c0_1, 0 * cStride + 16); c.store(c0_2, 0 * cStride + 32); c.store(c0_3, 0 * cStride + 48)
    c.store(c1_0, 1 * cStride + 0); c.store(c1_1, 1 * cStride + 16); c.store(c1_2, 1 * cStride + 32); c.store(c1_3, 1 * cStride + 48)
    c.store(c2_0, 2 * cStride + 0); c.store(c2_1, 2 * cStride + 16); c.store(c2_2, 2 * cStride + 32); c.store(c2_3, 2 * cStride + 48)
    c.store(c3_0, 3 * cStride + 0); c.store(c3_1, 3 * cStride + 16); c.store(c3_2, 3 * cStride + 32); c.store(c3_3, 3 * cStride + 48)
    c.store(c4_0, 4 * cStride + 0); c.store(c4_1, 4 * cStride + 16); c.store(c4_2, 4 * cStride + 32); c.store(c4_3, 4 * cStride + 48)
    c.store(c5_0, 5 * cStride + 0); c.store(c5_1, 5 * cStride + 16); c.store(c5_2, 5 * cStride + 32); c.store(c5_3, 5 * cStride + 48)
    a += 6 * 1; c += 6 * cStride; row += 6 * cStride
  }
}

func tile6x4TNfilling(
  _ tiles: Int, _ k: Int, _ a: UnsafePointer<Float>, _ aStride: Int,
  _ b: UnsafePointer<Float>, _ bStride: Int,
  _ c: UnsafeMutablePointer<Float>, _ cStride: Int, _ addend: UnsafePointer<Float>?,
  from next: UnsafePointer<Float>, lines: UnsafePointer<Int32>,
  into panel: UnsafeMutablePointer<Float>
) {
  var a = a, c = c, row = 0, line = lines, panel = panel
  for _ in 0..<tiles {
    var c0_0 = Lanes(), c0_1 = Lanes(), c0_2 = Lanes(), c0_3 = Lanes()
    var c1_0 = Lanes(), c1_1 = Lanes(), c1_2 = Lanes(), c1_3 = Lanes()
    var c2_0 = Lanes(), c2_1 = Lanes(), c2_2 = Lanes(), c2_3 = Lanes()
    var c3_0 = Lanes(), c3_1 = Lanes(), c3_2 = Lanes(), c3_3 = Lanes()
    var c4_0 = Lanes(), c4_1 = Lanes(), c4_2 = Lanes(), c4_3 = Lanes()
    var c5_0 = Lanes(), c5_1 = Lanes(), c5_2 = Lanes(), c5_3 = Lanes()
    if let addend {
      let from = addend + row
      c0_0 = from.lanes(0 * cStride + 0); c0_1 = from.lanes(0 * cStride + 16); c0_2 = from.lanes(0 * cStride + 32); c0_3 = from.lanes(0 * cStride + 48)
      c1_0 = from.lanes(1 * cStride + 0); c1_1 = from.lanes(1 * cStride + 16); c1_2 = from.lanes(1 * cStride + 32); c1_3 = from.lanes(1 * cStride + 48)
      c2_0 = from.lanes(2 * cStride + 0); c2_1 = from.lanes(2 * cStride + 16); c2_2 = from.lanes(2 * cStride + 32); c2_3 = from.lanes(2 * cStride + 48)
      c3_0 = from.lanes(3 * cStride + 0); c3_1 = from.lanes(3 * cStride + 16); c3_2 = from.lanes(3 * cStride + 32); c3_3 = from.lanes(3 * cStride + 48)
      c4_0 = from.lanes(4 * cStride + 0); c4_1 = from.lanes(4 * cStride + 16); c4_2 = from.lanes(4 * cStride + 32); c4_3 = from.lanes(4 * cStride + 48)
      c5_0 = from.lanes(5 * cStride + 0); c5_1 = from.lanes(5 * cStride + 16); c5_2 = from.lanes(5 * cStride + 32); c5_3 = from.lanes(5 * cStride + 48)
    }
    var q = b
    var p0 = a + 0 * aStride
    for _ in 0..<k {
      let b0 = q.lanes(0), b1 = q.lanes(16), b2 = q.lanes(32), b3 = q.lanes(48)
      panel.store(next.lanes(Int(line[0])), 0); panel += 16; line += 1
      let a0 = Lanes(p0[0])
      c0_0 = a0.times(b0, plus: c0_0); c0_1 = a0.times(b1, plus: c0_1); c0_2 = a0.times(b2, plus: c0_2); c0_3 = a0.times(b3, plus: c0_3)
      let a1 = Lanes(p0[1])
      c1_0 = a1.times(b0, plus: c1_0); c1_1 = a1.times(b1, plus: c1_1); c1_2 = a1.times(b2, plus: c1_2); c1_3 = a1.times(b3, plus: c1_3)
      let a2 = Lanes(p0[2])
      c2_0 = a2.times(b0, plus: c2_0); c2_1 = a2.times(b1, plus: c2_1); c2_2 = a2.times(b2, plus: c2_2); c2_3 = a2.times(b3, plus: c2_3)
      let a3 = Lanes(p0[3])
      c3_0 = a3.times(b0, plus: c3_0); c3_1 = a3.times(b1, plus: c3_1); c3_2 = a3.times(b2, plus: c3_2); c3_3 = a3.times(b3, plus: c3_3)
      let a4 = Lanes(p0[4])
      c4_0 = a4.times(b0, plus: c4_0); c4_1 = a4.times(b1, plus: c4_1); c4_2 = a4.times(b2, plus: c4_2); c4_3 = a4.times(b3, plus: c4_3)
      let a5 = Lanes(p0[5])
      c5_0 = a5.times(b0, plus: c5_0); c5_1 = a5.times(b1, plus: c5_1); c5_2 = a5.times(b2, plus: c5_2); c5_3 = a5.times(b3, plus: c5_3)
      q += bStride; p0 += aStride
    }
    c.store(c0_0, 0 * cStride + 0); c.store(c0_1, 0 * cStride + 16); c.store(c0_2, 0 * cStride + 32); c.store(c0_3, 0 * cStride + 48)
    c.store(c1_0, 1 * cStride + 0); c.store(c1_1, 1 * cStride + 16); c.store(c1_2, 1 * cStride + 32); c.store(c1_3, 1 * cStride + 48)
    c.store(c2_0, 2 * cStride + 0); c.store(c2_1, 2 * cStride + 16); c.store(c2_2, 2 * cStride + 32); c.store(c2_3, 2 * cStride + 48)
    c.store(c3_0, 3 * cStride + 0); c.store(c3_1, 3 * cStride + 16); c.store(c3_2, 3 * cStride + 32); c.store(c3_3, 3 * cStride + 48)
    c.store(c4_0, 4 * cStride + 0); c.store(c4_1, 4 * cStride + 16); c.store(c4_2, 4 * cStride + 32); c.store(c4_3, 4 * cStride + 48)
    c.store(c5_0, 5 * cStride + 0); c.store(c5_1, 5 * cStride + 16); c.store(c5_2, 5 * cStride + 32); c.store(c5_3, 5 * cStride + 48)
    a += 6 * 1; c += 6 * cStride; row += 6 * cStride
  }
}

#endif
