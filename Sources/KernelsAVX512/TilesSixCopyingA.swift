// swift-format-ignore-file
// Written by generate-six.py; do not edit.
//
// `tile<height><form>` computes `tiles` blocks of `height` rows and one lane group of
// C = A B + addend, one below the other; `rows<form>` computes all m rows. The addend, if there is
// one, lies like C and may be C. In the forms NN and Panel A is [m, k], in the form TN [k, m], and
// copies of A are [k, height] for each tile; B lies in rows, or as a panel [k, 16]. The form Copies
// reads a copy of A and a panel; CopyingA, CopyingB and CopyingBoth read A as TN does, or B in rows, and
// leave such a copy at `copy`, such a panel at `panel`.
// The form PanelReLU reads what Panel does and adds nothing; C ends as zero where x <= 0, or C itself
// without an x, which lies like C.
// `tile<height><form>Half` computes eight columns of C and writes zeros beside them, unless told that it
// need not (`pads`).
// Each element of C is one chain of fused multiply-adds over k in ascending order.

import KernelInterface

#if !(KERNELS_AVX512 && arch(x86_64))

@inline(never)
func tile6CopyingA(
  _ tiles: Int, _ k: Int, _ a: UnsafePointer<Float>, _ aStride: Int, _ panel: UnsafePointer<Float>,
  copy: UnsafeMutablePointer<Float>,
  _ c: UnsafeMutablePointer<Float>, _ cStride: Int, _ addend: UnsafePointer<Float>?
) {
  var a = a, c = c, row = 0, copy = copy
  for _ in 0..<tiles {
    var c0 = Lanes(), c1 = Lanes(), c2 = Lanes(), c3 = Lanes(), c4 = Lanes(), c5 = Lanes()
    if let addend {
      let from = addend + row
      c0 = from.lanes(0 * cStride)
      c1 = from.lanes(1 * cStride)
      c2 = from.lanes(2 * cStride)
      c3 = from.lanes(3 * cStride)
      c4 = from.lanes(4 * cStride)
      c5 = from.lanes(5 * cStride)
      from.fetch(6 * cStride)
      from.fetch(7 * cStride)
      from.fetch(8 * cStride)
      from.fetch(9 * cStride)
      from.fetch(10 * cStride)
      from.fetch(11 * cStride)
    }
    var q = panel
    var p0 = a
    let last = storesApart && k >= 4 ? 4 : 0
    for _ in 0..<k % 2 {
      do {
        let b0 = q.lanes()
        copy6(p0, copy + 0)
        c0 = Lanes(p0[0]).times(b0, plus: c0)
        c1 = Lanes(p0[1]).times(b0, plus: c1)
        c2 = Lanes(p0[2]).times(b0, plus: c2)
        c3 = Lanes(p0[3]).times(b0, plus: c3)
        c4 = Lanes(p0[4]).times(b0, plus: c4)
        c5 = Lanes(p0[5]).times(b0, plus: c5)
      }
      q += 16; p0 += aStride
      copy += 6
    }
    for _ in 0..<(k - last) / 2 {
      do {
        let b0 = q.lanes()
        copy6(p0, copy + 0)
        c0 = Lanes(p0[0]).times(b0, plus: c0)
        c1 = Lanes(p0[1]).times(b0, plus: c1)
        c2 = Lanes(p0[2]).times(b0, plus: c2)
        c3 = Lanes(p0[3]).times(b0, plus: c3)
        c4 = Lanes(p0[4]).times(b0, plus: c4)
        c5 = Lanes(p0[5]).times(b0, plus: c5)
      }
      q += 16; p0 += aStride
      inOrder()
      do {
        let b0 = q.lanes()
        copy6(p0, copy + 6)
        c0 = Lanes(p0[0]).times(b0, plus: c0)
        c1 = Lanes(p0[1]).times(b0, plus: c1)
        c2 = Lanes(p0[2]).times(b0, plus: c2)
        c3 = Lanes(p0[3]).times(b0, plus: c3)
        c4 = Lanes(p0[4]).times(b0, plus: c4)
        c5 = Lanes(p0[5]).times(b0, plus: c5)
      }
      q += 16; p0 += aStride
      copy += 12
    }
    if last == 0 {
      c.store(c0, 0 * cStride)
      c.store(c1, 1 * cStride)
      c.store(c2, 2 * cStride)
      c.store(c3, 3 * cStride)
      c.store(c4, 4 * cStride)
      c.store(c5, 5 * cStride)
    } else {
      do {
        var q = q, p0 = p0
        do {
          let b0 = q.lanes()
          copy6(p0, copy + 0)
          c0 = Lanes(p0[0]).times(b0, plus: c0)
          c1 = Lanes(p0[1]).times(b0, plus: c1)
        }
        q += 16; p0 += aStride
        inOrder()
        do {
          let b0 = q.lanes()
          copy6(p0, copy + 6)
          c0 = Lanes(p0[0]).times(b0, plus: c0)
          c1 = Lanes(p0[1]).times(b0, plus: c1)
        }
        q += 16; p0 += aStride
        inOrder()
        do {
          let b0 = q.lanes()
          copy6(p0, copy + 12)
          c0 = Lanes(p0[0]).times(b0, plus: c0)
          c1 = Lanes(p0[1]).times(b0, plus: c1)
        }
        q += 16; p0 += aStride
        inOrder()
        do {
          let b0 = q.lanes()
          copy6(p0, copy + 18)
          c0 = Lanes(p0[0]).times(b0, plus: c0)
          c1 = Lanes(p0[1]).times(b0, plus: c1)
        }
        c.store(c0, 0 * cStride)
        c.store(c1, 1 * cStride)
      }
      inOrder()
      do {
        var q = q, p0 = p0
        do {
          let b0 = q.lanes()
          c2 = Lanes(p0[2]).times(b0, plus: c2)
          c3 = Lanes(p0[3]).times(b0, plus: c3)
        }
        q += 16; p0 += aStride
        inOrder()
        do {
          let b0 = q.lanes()
          c2 = Lanes(p0[2]).times(b0, plus: c2)
          c3 = Lanes(p0[3]).times(b0, plus: c3)
        }
        q += 16; p0 += aStride
        inOrder()
        do {
          let b0 = q.lanes()
          c2 = Lanes(p0[2]).times(b0, plus: c2)
          c3 = Lanes(p0[3]).times(b0, plus: c3)
        }
        q += 16; p0 += aStride
        inOrder()
        do {
          let b0 = q.lanes()
          c2 = Lanes(p0[2]).times(b0, plus: c2)
          c3 = Lanes(p0[3]).times(b0, plus: c3)
        }
        c.store(c2, 2 * cStride)
        c.store(c3, 3 * cStride)
      }
      inOrder()
      do {
        var q = q, p0 = p0
        do {
          let b0 = q.lanes()
          c4 = Lanes(p0[4]).times(b0, plus: c4)
          c5 = Lanes(p0[5]).times(b0, plus: c5)
        }
        q += 16; p0 += aStride
        inOrder()
        do {
          let b0 = q.lanes()
          c4 = Lanes(p0[4]).times(b0, plus: c4)
          c5 = Lanes(p0[5]).times(b0, plus: c5)
        }
        q += 16; p0 += aStride
        inOrder()
        do {
          let b0 = q.lanes()
          c4 = Lanes(p0[4]).times(b0, plus: c4)
          c5 = Lanes(p0[5]).times(b0, plus: c5)
        }
        q += 16; p0 += aStride
        inOrder()
        do {
          let b0 = q.lanes()
          c4 = Lanes(p0[4]).times(b0, plus: c4)
          c5 = Lanes(p0[5]).times(b0, plus: c5)
        }
        c.store(c4, 4 * cStride)
        c.store(c5, 5 * cStride)
      }
      inOrder()
      copy += 24
    }
    a += 6; c += 6 * cStride; row += 6 * cStride
  }
}

@inline(never)
func tile5CopyingA(
  _ tiles: Int, _ k: Int, _ a: UnsafePointer<Float>, _ aStride: Int, _ panel: UnsafePointer<Float>,
  copy: UnsafeMutablePointer<Float>,
  _ c: UnsafeMutablePointer<Float>, _ cStride: Int, _ addend: UnsafePointer<Float>?
) {
  var a = a, c = c, row = 0, copy = copy
  for _ in 0..<tiles {
    var c0 = Lanes(), c1 = Lanes(), c2 = Lanes(), c3 = Lanes(), c4 = Lanes()
    if let addend {
      let from = addend + row
      c0 = from.lanes(0 * cStride)
      c1 = from.lanes(1 * cStride)
      c2 = from.lanes(2 * cStride)
      c3 = from.lanes(3 * cStride)
      c4 = from.lanes(4 * cStride)
      from.fetch(5 * cStride)
      from.fetch(6 * cStride)
      from.fetch(7 * cStride)
      from.fetch(8 * cStride)
      from.fetch(9 * cStride)
    }
    var q = panel
    var p0 = a
    let last = storesApart && k >= 4 ? 4 : 0
    for _ in 0..<k % 2 {
      do {
        let b0 = q.lanes()
        copy5(p0, copy + 0)
        c0 = Lanes(p0[0]).times(b0, plus: c0)
        c1 = Lanes(p0[1]).times(b0, plus: c1)
        c2 = Lanes(p0[2]).times(b0, plus: c2)
        c3 = Lanes(p0[3]).times(b0, plus: c3)
        c4 = Lanes(p0[4]).times(b0, plus: c4)
      }
      q += 16; p0 += aStride
      copy += 5
    }
    for _ in 0..<(k - last) / 2 {
      do {
        let b0 = q.lanes()
        copy5(p0, copy + 0)
        c0 = Lanes(p0[0]).times(b0, plus: c0)
        c1 = Lanes(p0[1]).times(b0, plus: c1)
        c2 = Lanes(p0[2]).times(b0, plus: c2)
        c3 = Lanes(p0[3]).times(b0, plus: c3)
        c4 = Lanes(p0[4]).times(b0, plus: c4)
      }
      q += 16; p0 += aStride
      inOrder()
      do {
        let b0 = q.lanes()
        copy5(p0, copy + 5)
        c0 = Lanes(p0[0]).times(b0, plus: c0)
        c1 = Lanes(p0[1]).times(b0, plus: c1)
        c2 = Lanes(p0[2]).times(b0, plus: c2)
        c3 = Lanes(p0[3]).times(b0, plus: c3)
        c4 = Lanes(p0[4]).times(b0, plus: c4)
      }
      q += 16; p0 += aStride
      copy += 10
    }
    if last == 0 {
      c.store(c0, 0 * cStride)
      c.store(c1, 1 * cStride)
      c.store(c2, 2 * cStride)
      c.store(c3, 3 * cStride)
      c.store(c4, 4 * cStride)
    } else {
      do {
        var q = q, p0 = p0
        do {
          let b0 = q.lanes()
          copy5(p0, copy + 0)
          c0 = Lanes(p0[0]).times(b0, plus: c0)
          c1 = Lanes(p0[1]).times(b0, plus: c1)
        }
        q += 16; p0 += aStride
        inOrder()
        do {
          let b0 = q.lanes()
          copy5(p0, copy + 5)
          c0 = Lanes(p0[0]).times(b0, plus: c0)
          c1 = Lanes(p0[1]).times(b0, plus: c1)
        }
        q += 16; p0 += aStride
        inOrder()
        do {
          let b0 = q.lanes()
          copy5(p0, copy + 10)
          c0 = Lanes(p0[0]).times(b0, plus: c0)
          c1 = Lanes(p0[1]).times(b0, plus: c1)
        }
        q += 16; p0 += aStride
        inOrder()
        do {
          let b0 = q.lanes()
          copy5(p0, copy + 15)
          c0 = Lanes(p0[0]).times(b0, plus: c0)
          c1 = Lanes(p0[1]).times(b0, plus: c1)
        }
        c.store(c0, 0 * cStride)
        c.store(c1, 1 * cStride)
      }
      inOrder()
      do {
        var q = q, p0 = p0
        do {
          let b0 = q.lanes()
          c2 = Lanes(p0[2]).times(b0, plus: c2)
          c3 = Lanes(p0[3]).times(b0, plus: c3)
        }
        q += 16; p0 += aStride
        inOrder()
        do {
          let b0 = q.lanes()
          c2 = Lanes(p0[2]).times(b0, plus: c2)
          c3 = Lanes(p0[3]).times(b0, plus: c3)
        }
        q += 16; p0 += aStride
        inOrder()
        do {
          let b0 = q.lanes()
          c2 = Lanes(p0[2]).times(b0, plus: c2)
          c3 = Lanes(p0[3]).times(b0, plus: c3)
        }
        q += 16; p0 += aStride
        inOrder()
        do {
          let b0 = q.lanes()
          c2 = Lanes(p0[2]).times(b0, plus: c2)
          c3 = Lanes(p0[3]).times(b0, plus: c3)
        }
        c.store(c2, 2 * cStride)
        c.store(c3, 3 * cStride)
      }
      inOrder()
      do {
        var q = q, p0 = p0
        do {
          let b0 = q.lanes()
          c4 = Lanes(p0[4]).times(b0, plus: c4)
        }
        q += 16; p0 += aStride
        inOrder()
        do {
          let b0 = q.lanes()
          c4 = Lanes(p0[4]).times(b0, plus: c4)
        }
        q += 16; p0 += aStride
        inOrder()
        do {
          let b0 = q.lanes()
          c4 = Lanes(p0[4]).times(b0, plus: c4)
        }
        q += 16; p0 += aStride
        inOrder()
        do {
          let b0 = q.lanes()
          c4 = Lanes(p0[4]).times(b0, plus: c4)
        }
        c.store(c4, 4 * cStride)
      }
      inOrder()
      copy += 20
    }
    a += 5; c += 5 * cStride; row += 5 * cStride
  }
}

#endif
