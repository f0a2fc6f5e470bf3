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
func tile6CopyingB(
  _ tiles: Int, _ k: Int, _ a: UnsafePointer<Float>, _ b: UnsafePointer<Float>, _ bStride: Int,
  panel: UnsafeMutablePointer<Float>,
  _ c: UnsafeMutablePointer<Float>, _ cStride: Int, _ addend: UnsafePointer<Float>?
) {
  var a = a, c = c, row = 0
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
    var q = b
    var r = panel
    var p0 = a
    let last = storesApart && k >= 4 ? 4 : 0
    let end = p0 + k * 6
    let first = p0 + k % 4 * 6
    while p0 < first {
      do {
        let b0 = q.lanes()
        r.store(b0, 0)
        q.fetchEarly(16)
        c0 = Lanes(p0[0]).times(b0, plus: c0)
        c1 = Lanes(p0[1]).times(b0, plus: c1)
        c2 = Lanes(p0[2]).times(b0, plus: c2)
        c3 = Lanes(p0[3]).times(b0, plus: c3)
        c4 = Lanes(p0[4]).times(b0, plus: c4)
        c5 = Lanes(p0[5]).times(b0, plus: c5)
      }
      q += bStride; p0 += 6
      r += 16
    }
    while p0 + last * 6 < end {
      do {
        let b0 = q.lanes()
        r.store(b0, 0)
        q.fetchEarly(16)
        c0 = Lanes(p0[0]).times(b0, plus: c0)
        c1 = Lanes(p0[1]).times(b0, plus: c1)
        c2 = Lanes(p0[2]).times(b0, plus: c2)
        c3 = Lanes(p0[3]).times(b0, plus: c3)
        c4 = Lanes(p0[4]).times(b0, plus: c4)
        c5 = Lanes(p0[5]).times(b0, plus: c5)
      }
      q += bStride
      inOrder()
      do {
        let b0 = q.lanes()
        r.store(b0, 16)
        q.fetchEarly(16)
        c0 = Lanes(p0[6]).times(b0, plus: c0)
        c1 = Lanes(p0[7]).times(b0, plus: c1)
        c2 = Lanes(p0[8]).times(b0, plus: c2)
        c3 = Lanes(p0[9]).times(b0, plus: c3)
        c4 = Lanes(p0[10]).times(b0, plus: c4)
        c5 = Lanes(p0[11]).times(b0, plus: c5)
      }
      q += bStride
      inOrder()
      do {
        let b0 = q.lanes()
        r.store(b0, 32)
        q.fetchEarly(16)
        c0 = Lanes(p0[12]).times(b0, plus: c0)
        c1 = Lanes(p0[13]).times(b0, plus: c1)
        c2 = Lanes(p0[14]).times(b0, plus: c2)
        c3 = Lanes(p0[15]).times(b0, plus: c3)
        c4 = Lanes(p0[16]).times(b0, plus: c4)
        c5 = Lanes(p0[17]).times(b0, plus: c5)
      }
      q += bStride
      inOrder()
      do {
        let b0 = q.lanes()
        r.store(b0, 48)
        q.fetchEarly(16)
        c0 = Lanes(p0[18]).times(b0, plus: c0)
        c1 = Lanes(p0[19]).times(b0, plus: c1)
        c2 = Lanes(p0[20]).times(b0, plus: c2)
        c3 = Lanes(p0[21]).times(b0, plus: c3)
        c4 = Lanes(p0[22]).times(b0, plus: c4)
        c5 = Lanes(p0[23]).times(b0, plus: c5)
      }
      q += bStride; p0 += 24
      r += 64
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
        var q = q
        do {
          let b0 = q.lanes()
          r.store(b0, 0)
          q.fetchEarly(16)
          c0 = Lanes(p0[0]).times(b0, plus: c0)
          c1 = Lanes(p0[1]).times(b0, plus: c1)
        }
        q += bStride
        inOrder()
        do {
          let b0 = q.lanes()
          r.store(b0, 16)
          q.fetchEarly(16)
          c0 = Lanes(p0[6]).times(b0, plus: c0)
          c1 = Lanes(p0[7]).times(b0, plus: c1)
        }
        q += bStride
        inOrder()
        do {
          let b0 = q.lanes()
          r.store(b0, 32)
          q.fetchEarly(16)
          c0 = Lanes(p0[12]).times(b0, plus: c0)
          c1 = Lanes(p0[13]).times(b0, plus: c1)
        }
        q += bStride
        inOrder()
        do {
          let b0 = q.lanes()
          r.store(b0, 48)
          q.fetchEarly(16)
          c0 = Lanes(p0[18]).times(b0, plus: c0)
          c1 = Lanes(p0[19]).times(b0, plus: c1)
        }
        c.store(c0, 0 * cStride)
        c.store(c1, 1 * cStride)
      }
      inOrder()
      do {
        var q = q
        do {
          let b0 = q.lanes()
          c2 = Lanes(p0[2]).times(b0, plus: c2)
          c3 = Lanes(p0[3]).times(b0, plus: c3)
        }
        q += bStride
        inOrder()
        do {
          let b0 = q.lanes()
          c2 = Lanes(p0[8]).times(b0, plus: c2)
          c3 = Lanes(p0[9]).times(b0, plus: c3)
        }
        q += bStride
        inOrder()
        do {
          let b0 = q.lanes()
          c2 = Lanes(p0[14]).times(b0, plus: c2)
          c3 = Lanes(p0[15]).times(b0, plus: c3)
        }
        q += bStride
        inOrder()
        do {
          let b0 = q.lanes()
          c2 = Lanes(p0[20]).times(b0, plus: c2)
          c3 = Lanes(p0[21]).times(b0, plus: c3)
        }
        c.store(c2, 2 * cStride)
        c.store(c3, 3 * cStride)
      }
      inOrder()
      do {
        var q = q
        do {
          let b0 = q.lanes()
          c4 = Lanes(p0[4]).times(b0, plus: c4)
          c5 = Lanes(p0[5]).times(b0, plus: c5)
        }
        q += bStride
        inOrder()
        do {
          let b0 = q.lanes()
          c4 = Lanes(p0[10]).times(b0, plus: c4)
          c5 = Lanes(p0[11]).times(b0, plus: c5)
        }
        q += bStride
        inOrder()
        do {
          let b0 = q.lanes()
          c4 = Lanes(p0[16]).times(b0, plus: c4)
          c5 = Lanes(p0[17]).times(b0, plus: c5)
        }
        q += bStride
        inOrder()
        do {
          let b0 = q.lanes()
          c4 = Lanes(p0[22]).times(b0, plus: c4)
          c5 = Lanes(p0[23]).times(b0, plus: c5)
        }
        c.store(c4, 4 * cStride)
        c.store(c5, 5 * cStride)
      }
      inOrder()
      r += 64
    }
    a += 6 * k; c += 6 * cStride; row += 6 * cStride
  }
}

@inline(never)
func tile6CopyingBoth(
  _ tiles: Int, _ k: Int, _ a: UnsafePointer<Float>, _ aStride: Int,
  _ b: UnsafePointer<Float>, _ bStride: Int,
  copy: UnsafeMutablePointer<Float>, panel: UnsafeMutablePointer<Float>,
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
    var q = b
    var r = panel
    var p0 = a
    let last = storesApart && k >= 4 ? 4 : 0
    for _ in 0..<k % 2 {
      do {
        let b0 = q.lanes()
        copy6(p0, copy + 0)
        r.store(b0, 0)
        q.fetchEarly(16)
        c0 = Lanes(p0[0]).times(b0, plus: c0)
        c1 = Lanes(p0[1]).times(b0, plus: c1)
        c2 = Lanes(p0[2]).times(b0, plus: c2)
        c3 = Lanes(p0[3]).times(b0, plus: c3)
        c4 = Lanes(p0[4]).times(b0, plus: c4)
        c5 = Lanes(p0[5]).times(b0, plus: c5)
      }
      q += bStride; p0 += aStride
      copy += 6
      r += 16
    }
    for _ in 0..<(k - last) / 2 {
      do {
        let b0 = q.lanes()
        copy6(p0, copy + 0)
        r.store(b0, 0)
        q.fetchEarly(16)
        c0 = Lanes(p0[0]).times(b0, plus: c0)
        c1 = Lanes(p0[1]).times(b0, plus: c1)
        c2 = Lanes(p0[2]).times(b0, plus: c2)
        c3 = Lanes(p0[3]).times(b0, plus: c3)
        c4 = Lanes(p0[4]).times(b0, plus: c4)
        c5 = Lanes(p0[5]).times(b0, plus: c5)
      }
      q += bStride; p0 += aStride
      inOrder()
      do {
        let b0 = q.lanes()
        copy6(p0, copy + 6)
        r.store(b0, 16)
        q.fetchEarly(16)
        c0 = Lanes(p0[0]).times(b0, plus: c0)
        c1 = Lanes(p0[1]).times(b0, plus: c1)
        c2 = Lanes(p0[2]).times(b0, plus: c2)
        c3 = Lanes(p0[3]).times(b0, plus: c3)
        c4 = Lanes(p0[4]).times(b0, plus: c4)
        c5 = Lanes(p0[5]).times(b0, plus: c5)
      }
      q += bStride; p0 += aStride
      copy += 12
      r += 32
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
          r.store(b0, 0)
          q.fetchEarly(16)
          c0 = Lanes(p0[0]).times(b0, plus: c0)
          c1 = Lanes(p0[1]).times(b0, plus: c1)
        }
        q += bStride; p0 += aStride
        inOrder()
        do {
          let b0 = q.lanes()
          copy6(p0, copy + 6)
          r.store(b0, 16)
          q.fetchEarly(16)
          c0 = Lanes(p0[0]).times(b0, plus: c0)
          c1 = Lanes(p0[1]).times(b0, plus: c1)
        }
        q += bStride; p0 += aStride
        inOrder()
        do {
          let b0 = q.lanes()
          copy6(p0, copy + 12)
          r.store(b0, 32)
          q.fetchEarly(16)
          c0 = Lanes(p0[0]).times(b0, plus: c0)
          c1 = Lanes(p0[1]).times(b0, plus: c1)
        }
        q += bStride; p0 += aStride
        inOrder()
        do {
          let b0 = q.lanes()
          copy6(p0, copy + 18)
          r.store(b0, 48)
          q.fetchEarly(16)
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
        q += bStride; p0 += aStride
        inOrder()
        do {
          let b0 = q.lanes()
          c2 = Lanes(p0[2]).times(b0, plus: c2)
          c3 = Lanes(p0[3]).times(b0, plus: c3)
        }
        q += bStride; p0 += aStride
        inOrder()
        do {
          let b0 = q.lanes()
          c2 = Lanes(p0[2]).times(b0, plus: c2)
          c3 = Lanes(p0[3]).times(b0, plus: c3)
        }
        q += bStride; p0 += aStride
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
        q += bStride; p0 += aStride
        inOrder()
        do {
          let b0 = q.lanes()
          c4 = Lanes(p0[4]).times(b0, plus: c4)
          c5 = Lanes(p0[5]).times(b0, plus: c5)
        }
        q += bStride; p0 += aStride
        inOrder()
        do {
          let b0 = q.lanes()
          c4 = Lanes(p0[4]).times(b0, plus: c4)
          c5 = Lanes(p0[5]).times(b0, plus: c5)
        }
        q += bStride; p0 += aStride
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
      r += 64
    }
    a += 6; c += 6 * cStride; row += 6 * cStride
  }
}

#endif
