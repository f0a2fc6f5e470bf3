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
private func tile6PanelReLU(
  _ tiles: Int, _ k: Int, _ a: UnsafePointer<Float>, _ aStride: Int, _ panel: UnsafePointer<Float>,
  _ c: UnsafeMutablePointer<Float>, _ cStride: Int, _ x: UnsafePointer<Float>?
) {
  var a = a, c = c, row = 0
  for _ in 0..<tiles {
    var c0 = Lanes(), c1 = Lanes(), c2 = Lanes(), c3 = Lanes(), c4 = Lanes(), c5 = Lanes()
    var q = panel
    var p0 = a
    var p3 = a + 3 * aStride
    let last = storesApart && k >= 4 ? 4 : 0
    let end = p0 + k
    let first = p0 + k % 4
    while p0 < first {
      do {
        let b0 = q.lanes()
        c0 = Lanes(p0[0 * aStride]).times(b0, plus: c0)
        c1 = Lanes(p0[1 * aStride]).times(b0, plus: c1)
        c2 = Lanes(p0[2 * aStride]).times(b0, plus: c2)
        c3 = Lanes(p3[0 * aStride]).times(b0, plus: c3)
        c4 = Lanes(p3[1 * aStride]).times(b0, plus: c4)
        c5 = Lanes(p3[2 * aStride]).times(b0, plus: c5)
      }
      q += 16; p0 += 1; p3 += 1
    }
    while p0 + last < end {
      do {
        let b0 = q.lanes()
        c0 = Lanes(p0[0 * aStride]).times(b0, plus: c0)
        c1 = Lanes(p0[1 * aStride]).times(b0, plus: c1)
        c2 = Lanes(p0[2 * aStride]).times(b0, plus: c2)
        c3 = Lanes(p3[0 * aStride]).times(b0, plus: c3)
        c4 = Lanes(p3[1 * aStride]).times(b0, plus: c4)
        c5 = Lanes(p3[2 * aStride]).times(b0, plus: c5)
      }
      q += 16
      inOrder()
      do {
        let b0 = q.lanes()
        c0 = Lanes(p0[0 * aStride + 1]).times(b0, plus: c0)
        c1 = Lanes(p0[1 * aStride + 1]).times(b0, plus: c1)
        c2 = Lanes(p0[2 * aStride + 1]).times(b0, plus: c2)
        c3 = Lanes(p3[0 * aStride + 1]).times(b0, plus: c3)
        c4 = Lanes(p3[1 * aStride + 1]).times(b0, plus: c4)
        c5 = Lanes(p3[2 * aStride + 1]).times(b0, plus: c5)
      }
      q += 16
      inOrder()
      do {
        let b0 = q.lanes()
        c0 = Lanes(p0[0 * aStride + 2]).times(b0, plus: c0)
        c1 = Lanes(p0[1 * aStride + 2]).times(b0, plus: c1)
        c2 = Lanes(p0[2 * aStride + 2]).times(b0, plus: c2)
        c3 = Lanes(p3[0 * aStride + 2]).times(b0, plus: c3)
        c4 = Lanes(p3[1 * aStride + 2]).times(b0, plus: c4)
        c5 = Lanes(p3[2 * aStride + 2]).times(b0, plus: c5)
      }
      q += 16
      inOrder()
      do {
        let b0 = q.lanes()
        c0 = Lanes(p0[0 * aStride + 3]).times(b0, plus: c0)
        c1 = Lanes(p0[1 * aStride + 3]).times(b0, plus: c1)
        c2 = Lanes(p0[2 * aStride + 3]).times(b0, plus: c2)
        c3 = Lanes(p3[0 * aStride + 3]).times(b0, plus: c3)
        c4 = Lanes(p3[1 * aStride + 3]).times(b0, plus: c4)
        c5 = Lanes(p3[2 * aStride + 3]).times(b0, plus: c5)
      }
      q += 16; p0 += 4; p3 += 4
    }
    if last == 0 {
      c.store(c0.gated(by: x?.lanes(row + 0 * cStride) ?? c0), 0 * cStride)
      c.store(c1.gated(by: x?.lanes(row + 1 * cStride) ?? c1), 1 * cStride)
      c.store(c2.gated(by: x?.lanes(row + 2 * cStride) ?? c2), 2 * cStride)
      c.store(c3.gated(by: x?.lanes(row + 3 * cStride) ?? c3), 3 * cStride)
      c.store(c4.gated(by: x?.lanes(row + 4 * cStride) ?? c4), 4 * cStride)
      c.store(c5.gated(by: x?.lanes(row + 5 * cStride) ?? c5), 5 * cStride)
    } else {
      do {
        var q = q
        do {
          let b0 = q.lanes()
          c0 = Lanes(p0[0 * aStride]).times(b0, plus: c0)
          c1 = Lanes(p0[1 * aStride]).times(b0, plus: c1)
        }
        q += 16
        inOrder()
        do {
          let b0 = q.lanes()
          c0 = Lanes(p0[0 * aStride + 1]).times(b0, plus: c0)
          c1 = Lanes(p0[1 * aStride + 1]).times(b0, plus: c1)
        }
        q += 16
        inOrder()
        do {
          let b0 = q.lanes()
          c0 = Lanes(p0[0 * aStride + 2]).times(b0, plus: c0)
          c1 = Lanes(p0[1 * aStride + 2]).times(b0, plus: c1)
        }
        q += 16
        inOrder()
        do {
          let b0 = q.lanes()
          c0 = Lanes(p0[0 * aStride + 3]).times(b0, plus: c0)
          c1 = Lanes(p0[1 * aStride + 3]).times(b0, plus: c1)
        }
        c.store(c0.gated(by: x?.lanes(row + 0 * cStride) ?? c0), 0 * cStride)
        c.store(c1.gated(by: x?.lanes(row + 1 * cStride) ?? c1), 1 * cStride)
      }
      inOrder()
      do {
        var q = q
        do {
          let b0 = q.lanes()
          c2 = Lanes(p0[2 * aStride]).times(b0, plus: c2)
          c3 = Lanes(p3[0 * aStride]).times(b0, plus: c3)
        }
        q += 16
        inOrder()
        do {
          let b0 = q.lanes()
          c2 = Lanes(p0[2 * aStride + 1]).times(b0, plus: c2)
          c3 = Lanes(p3[0 * aStride + 1]).times(b0, plus: c3)
        }
        q += 16
        inOrder()
        do {
          let b0 = q.lanes()
          c2 = Lanes(p0[2 * aStride + 2]).times(b0, plus: c2)
          c3 = Lanes(p3[0 * aStride + 2]).times(b0, plus: c3)
        }
        q += 16
        inOrder()
        do {
          let b0 = q.lanes()
          c2 = Lanes(p0[2 * aStride + 3]).times(b0, plus: c2)
          c3 = Lanes(p3[0 * aStride + 3]).times(b0, plus: c3)
        }
        c.store(c2.gated(by: x?.lanes(row + 2 * cStride) ?? c2), 2 * cStride)
        c.store(c3.gated(by: x?.lanes(row + 3 * cStride) ?? c3), 3 * cStride)
      }
      inOrder()
      do {
        var q = q
        do {
          let b0 = q.lanes()
          c4 = Lanes(p3[1 * aStride]).times(b0, plus: c4)
          c5 = Lanes(p3[2 * aStride]).times(b0, plus: c5)
        }
        q += 16
        inOrder()
        do {
          let b0 = q.lanes()
          c4 = Lanes(p3[1 * aStride + 1]).times(b0, plus: c4)
          c5 = Lanes(p3[2 * aStride + 1]).times(b0, plus: c5)
        }
        q += 16
        inOrder()
        do {
          let b0 = q.lanes()
          c4 = Lanes(p3[1 * aStride + 2]).times(b0, plus: c4)
          c5 = Lanes(p3[2 * aStride + 2]).times(b0, plus: c5)
        }
        q += 16
        inOrder()
        do {
          let b0 = q.lanes()
          c4 = Lanes(p3[1 * aStride + 3]).times(b0, plus: c4)
          c5 = Lanes(p3[2 * aStride + 3]).times(b0, plus: c5)
        }
        c.store(c4.gated(by: x?.lanes(row + 4 * cStride) ?? c4), 4 * cStride)
        c.store(c5.gated(by: x?.lanes(row + 5 * cStride) ?? c5), 5 * cStride)
      }
      inOrder()
    }
    a += 6 * aStride; c += 6 * cStride; row += 6 * cStride
  }
}

@_transparent
private func tile4PanelReLU(
  _ tiles: Int, _ k: Int, _ a: UnsafePointer<Float>, _ aStride: Int, _ panel: UnsafePointer<Float>,
  _ c: UnsafeMutablePointer<Float>, _ cStride: Int, _ x: UnsafePointer<Float>?
) {
  var a = a, c = c, row = 0
  for _ in 0..<tiles {
    var c0 = Lanes(), c1 = Lanes(), c2 = Lanes(), c3 = Lanes()
    var q = panel
    var p0 = a
    var p3 = a + 3 * aStride
    let last = storesApart && k >= 4 ? 4 : 0
    let end = p0 + k
    let first = p0 + k % 4
    while p0 < first {
      do {
        let b0 = q.lanes()
        c0 = Lanes(p0[0 * aStride]).times(b0, plus: c0)
        c1 = Lanes(p0[1 * aStride]).times(b0, plus: c1)
        c2 = Lanes(p0[2 * aStride]).times(b0, plus: c2)
        c3 = Lanes(p3[0 * aStride]).times(b0, plus: c3)
      }
      q += 16; p0 += 1; p3 += 1
    }
    while p0 + last < end {
      do {
        let b0 = q.lanes()
        c0 = Lanes(p0[0 * aStride]).times(b0, plus: c0)
        c1 = Lanes(p0[1 * aStride]).times(b0, plus: c1)
        c2 = Lanes(p0[2 * aStride]).times(b0, plus: c2)
        c3 = Lanes(p3[0 * aStride]).times(b0, plus: c3)
      }
      q += 16
      inOrder()
      do {
        let b0 = q.lanes()
        c0 = Lanes(p0[0 * aStride + 1]).times(b0, plus: c0)
        c1 = Lanes(p0[1 * aStride + 1]).times(b0, plus: c1)
        c2 = Lanes(p0[2 * aStride + 1]).times(b0, plus: c2)
        c3 = Lanes(p3[0 * aStride + 1]).times(b0, plus: c3)
      }
      q += 16
      inOrder()
      do {
        let b0 = q.lanes()
        c0 = Lanes(p0[0 * aStride + 2]).times(b0, plus: c0)
        c1 = Lanes(p0[1 * aStride + 2]).times(b0, plus: c1)
        c2 = Lanes(p0[2 * aStride + 2]).times(b0, plus: c2)
        c3 = Lanes(p3[0 * aStride + 2]).times(b0, plus: c3)
      }
      q += 16
      inOrder()
      do {
        let b0 = q.lanes()
        c0 = Lanes(p0[0 * aStride + 3]).times(b0, plus: c0)
        c1 = Lanes(p0[1 * aStride + 3]).times(b0, plus: c1)
        c2 = Lanes(p0[2 * aStride + 3]).times(b0, plus: c2)
        c3 = Lanes(p3[0 * aStride + 3]).times(b0, plus: c3)
      }
      q += 16; p0 += 4; p3 += 4
    }
    if last == 0 {
      c.store(c0.gated(by: x?.lanes(row + 0 * cStride) ?? c0), 0 * cStride)
      c.store(c1.gated(by: x?.lanes(row + 1 * cStride) ?? c1), 1 * cStride)
      c.store(c2.gated(by: x?.lanes(row + 2 * cStride) ?? c2), 2 * cStride)
      c.store(c3.gated(by: x?.lanes(row + 3 * cStride) ?? c3), 3 * cStride)
    } else {
      do {
        var q = q
        do {
          let b0 = q.lanes()
          c0 = Lanes(p0[0 * aStride]).times(b0, plus: c0)
          c1 = Lanes(p0[1 * aStride]).times(b0, plus: c1)
        }
        q += 16
        inOrder()
        do {
          let b0 = q.lanes()
          c0 = Lanes(p0[0 * aStride + 1]).times(b0, plus: c0)
          c1 = Lanes(p0[1 * aStride + 1]).times(b0, plus: c1)
        }
        q += 16
        inOrder()
        do {
          let b0 = q.lanes()
          c0 = Lanes(p0[0 * aStride + 2]).times(b0, plus: c0)
          c1 = Lanes(p0[1 * aStride + 2]).times(b0, plus: c1)
        }
        q += 16
        inOrder()
        do {
          let b0 = q.lanes()
          c0 = Lanes(p0[0 * aStride + 3]).times(b0, plus: c0)
          c1 = Lanes(p0[1 * aStride + 3]).times(b0, plus: c1)
        }
        c.store(c0.gated(by: x?.lanes(row + 0 * cStride) ?? c0), 0 * cStride)
        c.store(c1.gated(by: x?.lanes(row + 1 * cStride) ?? c1), 1 * cStride)
      }
      inOrder()
      do {
        var q = q
        do {
          let b0 = q.lanes()
          c2 = Lanes(p0[2 * aStride]).times(b0, plus: c2)
          c3 = Lanes(p3[0 * aStride]).times(b0, plus: c3)
        }
        q += 16
        inOrder()
        do {
          let b0 = q.lanes()
          c2 = Lanes(p0[2 * aStride + 1]).times(b0, plus: c2)
          c3 = Lanes(p3[0 * aStride + 1]).times(b0, plus: c3)
        }
        q += 16
        inOrder()
        do {
          let b0 = q.lanes()
          c2 = Lanes(p0[2 * aStride + 2]).times(b0, plus: c2)
          c3 = Lanes(p3[0 * aStride + 2]).times(b0, plus: c3)
        }
        q += 16
        inOrder()
        do {
          let b0 = q.lanes()
          c2 = Lanes(p0[2 * aStride + 3]).times(b0, plus: c2)
          c3 = Lanes(p3[0 * aStride + 3]).times(b0, plus: c3)
        }
        c.store(c2.gated(by: x?.lanes(row + 2 * cStride) ?? c2), 2 * cStride)
        c.store(c3.gated(by: x?.lanes(row + 3 * cStride) ?? c3), 3 * cStride)
      }
      inOrder()
    }
    a += 4 * aStride; c += 4 * cStride; row += 4 * cStride
  }
}

@_transparent
private func tile2PanelReLU(
  _ tiles: Int, _ k: Int, _ a: UnsafePointer<Float>, _ aStride: Int, _ panel: UnsafePointer<Float>,
  _ c: UnsafeMutablePointer<Float>, _ cStride: Int, _ x: UnsafePointer<Float>?
) {
  var a = a, c = c, row = 0
  for _ in 0..<tiles {
    var c0 = Lanes(), c1 = Lanes()
    var q = panel
    var p0 = a
    let end = p0 + k
    let first = p0 + k % 4
    while p0 < first {
      do {
        let b0 = q.lanes()
        c0 = Lanes(p0[0 * aStride]).times(b0, plus: c0)
        c1 = Lanes(p0[1 * aStride]).times(b0, plus: c1)
      }
      q += 16; p0 += 1
    }
    while p0 < end {
      do {
        let b0 = q.lanes()
        c0 = Lanes(p0[0 * aStride]).times(b0, plus: c0)
        c1 = Lanes(p0[1 * aStride]).times(b0, plus: c1)
      }
      q += 16
      inOrder()
      do {
        let b0 = q.lanes()
        c0 = Lanes(p0[0 * aStride + 1]).times(b0, plus: c0)
        c1 = Lanes(p0[1 * aStride + 1]).times(b0, plus: c1)
      }
      q += 16
      inOrder()
      do {
        let b0 = q.lanes()
        c0 = Lanes(p0[0 * aStride + 2]).times(b0, plus: c0)
        c1 = Lanes(p0[1 * aStride + 2]).times(b0, plus: c1)
      }
      q += 16
      inOrder()
      do {
        let b0 = q.lanes()
        c0 = Lanes(p0[0 * aStride + 3]).times(b0, plus: c0)
        c1 = Lanes(p0[1 * aStride + 3]).times(b0, plus: c1)
      }
      q += 16; p0 += 4
    }
    c.store(c0.gated(by: x?.lanes(row + 0 * cStride) ?? c0), 0 * cStride)
    c.store(c1.gated(by: x?.lanes(row + 1 * cStride) ?? c1), 1 * cStride)
    a += 2 * aStride; c += 2 * cStride; row += 2 * cStride
  }
}

@_transparent
private func tile1PanelReLU(
  _ tiles: Int, _ k: Int, _ a: UnsafePointer<Float>, _ aStride: Int, _ panel: UnsafePointer<Float>,
  _ c: UnsafeMutablePointer<Float>, _ cStride: Int, _ x: UnsafePointer<Float>?
) {
  var a = a, c = c, row = 0
  for _ in 0..<tiles {
    var c0 = Lanes()
    var q = panel
    var p0 = a
    let end = p0 + k
    while p0 < end {
      do {
        let b0 = q.lanes()
        c0 = Lanes(p0[0 * aStride]).times(b0, plus: c0)
      }
      q += 16; p0 += 1
    }
    c.store(c0.gated(by: x?.lanes(row + 0 * cStride) ?? c0), 0 * cStride)
    a += 1 * aStride; c += 1 * cStride; row += 1 * cStride
  }
}

func rowsPanelReLU(
  _ m: Int, _ k: Int, _ a: UnsafePointer<Float>, _ aStride: Int, _ panel: UnsafePointer<Float>,
  _ c: UnsafeMutablePointer<Float>, _ cStride: Int, _ x: UnsafePointer<Float>?
) {
  if let x {
    rowsPanelReLU(m, k, a, aStride, panel, c, cStride, known: x)
  } else {
    rowsPanelReLU(m, k, a, aStride, panel, c, cStride, known: nil)
  }
}

@_transparent
private func rowsPanelReLU(
  _ m: Int, _ k: Int, _ a: UnsafePointer<Float>, _ aStride: Int, _ panel: UnsafePointer<Float>,
  _ c: UnsafeMutablePointer<Float>, _ cStride: Int, known x: UnsafePointer<Float>?
) {
  var row = 0
  let tiles6 = m > 6 && m % 6 == 2 ? m / 6 - 1 : m / 6
  if tiles6 > 0 {
    tile6PanelReLU(
      tiles6, k, a + row * aStride, aStride, panel, c + row * cStride, cStride,
      at(x, row * cStride))
    row += 6 * tiles6
  }
  let tiles4 = (m - row) / 4
  if tiles4 > 0 {
    tile4PanelReLU(
      tiles4, k, a + row * aStride, aStride, panel, c + row * cStride, cStride,
      at(x, row * cStride))
    row += 4 * tiles4
  }
  if m - row >= 2 {
    tile2PanelReLU(
      1, k, a + row * aStride, aStride, panel, c + row * cStride, cStride,
      at(x, row * cStride))
    row += 2
  }
  if m - row >= 1 {
    tile1PanelReLU(
      1, k, a + row * aStride, aStride, panel, c + row * cStride, cStride,
      at(x, row * cStride))
    row += 1
  }
}

#endif
