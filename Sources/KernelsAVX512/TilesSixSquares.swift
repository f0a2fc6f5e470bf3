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

@inline(never)
func squares(
  _ count: Int, _ k: Int, _ a: UnsafePointer<Float>, apart: Int, _ panel: UnsafePointer<Float>,
  _ c: UnsafeMutablePointer<Float>, _ cStride: Int, _ addend: UnsafePointer<Float>?
) {
  var a = a, c = c, row = 0
  for _ in 0..<count {
    do {
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
      }
      var q = panel
      var p0 = a
      let last = storesApart && k >= 4 ? 4 : 0
      let end = p0 + k * 16
      let first = p0 + k % 4 * 16
      while p0 < first {
        do {
          let b0 = q.lanes()
          c0 = Lanes(p0[0]).times(b0, plus: c0)
          c1 = Lanes(p0[1]).times(b0, plus: c1)
          c2 = Lanes(p0[2]).times(b0, plus: c2)
          c3 = Lanes(p0[3]).times(b0, plus: c3)
          c4 = Lanes(p0[4]).times(b0, plus: c4)
          c5 = Lanes(p0[5]).times(b0, plus: c5)
        }
        q += 16; p0 += 16
      }
      while p0 + last * 16 < end {
        do {
          let b0 = q.lanes()
          c0 = Lanes(p0[0]).times(b0, plus: c0)
          c1 = Lanes(p0[1]).times(b0, plus: c1)
          c2 = Lanes(p0[2]).times(b0, plus: c2)
          c3 = Lanes(p0[3]).times(b0, plus: c3)
          c4 = Lanes(p0[4]).times(b0, plus: c4)
          c5 = Lanes(p0[5]).times(b0, plus: c5)
        }
        q += 16
        inOrder()
        do {
          let b0 = q.lanes()
          c0 = Lanes(p0[16]).times(b0, plus: c0)
          c1 = Lanes(p0[17]).times(b0, plus: c1)
          c2 = Lanes(p0[18]).times(b0, plus: c2)
          c3 = Lanes(p0[19]).times(b0, plus: c3)
          c4 = Lanes(p0[20]).times(b0, plus: c4)
          c5 = Lanes(p0[21]).times(b0, plus: c5)
        }
        q += 16
        inOrder()
        do {
          let b0 = q.lanes()
          c0 = Lanes(p0[32]).times(b0, plus: c0)
          c1 = Lanes(p0[33]).times(b0, plus: c1)
          c2 = Lanes(p0[34]).times(b0, plus: c2)
          c3 = Lanes(p0[35]).times(b0, plus: c3)
          c4 = Lanes(p0[36]).times(b0, plus: c4)
          c5 = Lanes(p0[37]).times(b0, plus: c5)
        }
        q += 16
        inOrder()
        do {
          let b0 = q.lanes()
          c0 = Lanes(p0[48]).times(b0, plus: c0)
          c1 = Lanes(p0[49]).times(b0, plus: c1)
          c2 = Lanes(p0[50]).times(b0, plus: c2)
          c3 = Lanes(p0[51]).times(b0, plus: c3)
          c4 = Lanes(p0[52]).times(b0, plus: c4)
          c5 = Lanes(p0[53]).times(b0, plus: c5)
        }
        q += 16; p0 += 64
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
            c0 = Lanes(p0[0]).times(b0, plus: c0)
            c1 = Lanes(p0[1]).times(b0, plus: c1)
          }
          q += 16
          inOrder()
          do {
            let b0 = q.lanes()
            c0 = Lanes(p0[16]).times(b0, plus: c0)
            c1 = Lanes(p0[17]).times(b0, plus: c1)
          }
          q += 16
          inOrder()
          do {
            let b0 = q.lanes()
            c0 = Lanes(p0[32]).times(b0, plus: c0)
            c1 = Lanes(p0[33]).times(b0, plus: c1)
          }
          q += 16
          inOrder()
          do {
            let b0 = q.lanes()
            c0 = Lanes(p0[48]).times(b0, plus: c0)
            c1 = Lanes(p0[49]).times(b0, plus: c1)
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
          q += 16
          inOrder()
          do {
            let b0 = q.lanes()
            c2 = Lanes(p0[18]).times(b0, plus: c2)
            c3 = Lanes(p0[19]).times(b0, plus: c3)
          }
          q += 16
          inOrder()
          do {
            let b0 = q.lanes()
            c2 = Lanes(p0[34]).times(b0, plus: c2)
            c3 = Lanes(p0[35]).times(b0, plus: c3)
          }
          q += 16
          inOrder()
          do {
            let b0 = q.lanes()
            c2 = Lanes(p0[50]).times(b0, plus: c2)
            c3 = Lanes(p0[51]).times(b0, plus: c3)
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
          q += 16
          inOrder()
          do {
            let b0 = q.lanes()
            c4 = Lanes(p0[20]).times(b0, plus: c4)
            c5 = Lanes(p0[21]).times(b0, plus: c5)
          }
          q += 16
          inOrder()
          do {
            let b0 = q.lanes()
            c4 = Lanes(p0[36]).times(b0, plus: c4)
            c5 = Lanes(p0[37]).times(b0, plus: c5)
          }
          q += 16
          inOrder()
          do {
            let b0 = q.lanes()
            c4 = Lanes(p0[52]).times(b0, plus: c4)
            c5 = Lanes(p0[53]).times(b0, plus: c5)
          }
          c.store(c4, 4 * cStride)
          c.store(c5, 5 * cStride)
        }
        inOrder()
      }
      a += 6; c += 6 * cStride; row += 6 * cStride
    }
    do {
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
      let end = p0 + k * 16
      let first = p0 + k % 4 * 16
      while p0 < first {
        do {
          let b0 = q.lanes()
          c0 = Lanes(p0[0]).times(b0, plus: c0)
          c1 = Lanes(p0[1]).times(b0, plus: c1)
          c2 = Lanes(p0[2]).times(b0, plus: c2)
          c3 = Lanes(p0[3]).times(b0, plus: c3)
          c4 = Lanes(p0[4]).times(b0, plus: c4)
        }
        q += 16; p0 += 16
      }
      while p0 + last * 16 < end {
        do {
          let b0 = q.lanes()
          c0 = Lanes(p0[0]).times(b0, plus: c0)
          c1 = Lanes(p0[1]).times(b0, plus: c1)
          c2 = Lanes(p0[2]).times(b0, plus: c2)
          c3 = Lanes(p0[3]).times(b0, plus: c3)
          c4 = Lanes(p0[4]).times(b0, plus: c4)
        }
        q += 16
        inOrder()
        do {
          let b0 = q.lanes()
          c0 = Lanes(p0[16]).times(b0, plus: c0)
          c1 = Lanes(p0[17]).times(b0, plus: c1)
          c2 = Lanes(p0[18]).times(b0, plus: c2)
          c3 = Lanes(p0[19]).times(b0, plus: c3)
          c4 = Lanes(p0[20]).times(b0, plus: c4)
        }
        q += 16
        inOrder()
        do {
          let b0 = q.lanes()
          c0 = Lanes(p0[32]).times(b0, plus: c0)
          c1 = Lanes(p0[33]).times(b0, plus: c1)
          c2 = Lanes(p0[34]).times(b0, plus: c2)
          c3 = Lanes(p0[35]).times(b0, plus: c3)
          c4 = Lanes(p0[36]).times(b0, plus: c4)
        }
        q += 16
        inOrder()
        do {
          let b0 = q.lanes()
          c0 = Lanes(p0[48]).times(b0, plus: c0)
          c1 = Lanes(p0[49]).times(b0, plus: c1)
          c2 = Lanes(p0[50]).times(b0, plus: c2)
          c3 = Lanes(p0[51]).times(b0, plus: c3)
          c4 = Lanes(p0[52]).times(b0, plus: c4)
        }
        q += 16; p0 += 64
      }
      if last == 0 {
        c.store(c0, 0 * cStride)
        c.store(c1, 1 * cStride)
        c.store(c2, 2 * cStride)
        c.store(c3, 3 * cStride)
        c.store(c4, 4 * cStride)
      } else {
        do {
          var q = q
          do {
            let b0 = q.lanes()
            c0 = Lanes(p0[0]).times(b0, plus: c0)
            c1 = Lanes(p0[1]).times(b0, plus: c1)
          }
          q += 16
          inOrder()
          do {
            let b0 = q.lanes()
            c0 = Lanes(p0[16]).times(b0, plus: c0)
            c1 = Lanes(p0[17]).times(b0, plus: c1)
          }
          q += 16
          inOrder()
          do {
            let b0 = q.lanes()
            c0 = Lanes(p0[32]).times(b0, plus: c0)
            c1 = Lanes(p0[33]).times(b0, plus: c1)
          }
          q += 16
          inOrder()
          do {
            let b0 = q.lanes()
            c0 = Lanes(p0[48]).times(b0, plus: c0)
            c1 = Lanes(p0[49]).times(b0, plus: c1)
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
          q += 16
          inOrder()
          do {
            let b0 = q.lanes()
            c2 = Lanes(p0[18]).times(b0, plus: c2)
            c3 = Lanes(p0[19]).times(b0, plus: c3)
          }
          q += 16
          inOrder()
          do {
            let b0 = q.lanes()
            c2 = Lanes(p0[34]).times(b0, plus: c2)
            c3 = Lanes(p0[35]).times(b0, plus: c3)
          }
          q += 16
          inOrder()
          do {
            let b0 = q.lanes()
            c2 = Lanes(p0[50]).times(b0, plus: c2)
            c3 = Lanes(p0[51]).times(b0, plus: c3)
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
          }
          q += 16
          inOrder()
          do {
            let b0 = q.lanes()
            c4 = Lanes(p0[20]).times(b0, plus: c4)
          }
          q += 16
          inOrder()
          do {
            let b0 = q.lanes()
            c4 = Lanes(p0[36]).times(b0, plus: c4)
          }
          q += 16
          inOrder()
          do {
            let b0 = q.lanes()
            c4 = Lanes(p0[52]).times(b0, plus: c4)
          }
          c.store(c4, 4 * cStride)
        }
        inOrder()
      }
      a += 5; c += 5 * cStride; row += 5 * cStride
    }
    do {
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
        from.fetch(10 * cStride)
      }
      var q = panel
      var p0 = a
      let last = storesApart && k >= 4 ? 4 : 0
      let end = p0 + k * 16
      let first = p0 + k % 4 * 16
      while p0 < first {
        do {
          let b0 = q.lanes()
          c0 = Lanes(p0[0]).times(b0, plus: c0)
          c1 = Lanes(p0[1]).times(b0, plus: c1)
          c2 = Lanes(p0[2]).times(b0, plus: c2)
          c3 = Lanes(p0[3]).times(b0, plus: c3)
          c4 = Lanes(p0[4]).times(b0, plus: c4)
        }
        q += 16; p0 += 16
      }
      while p0 + last * 16 < end {
        do {
          let b0 = q.lanes()
          c0 = Lanes(p0[0]).times(b0, plus: c0)
          c1 = Lanes(p0[1]).times(b0, plus: c1)
          c2 = Lanes(p0[2]).times(b0, plus: c2)
          c3 = Lanes(p0[3]).times(b0, plus: c3)
          c4 = Lanes(p0[4]).times(b0, plus: c4)
        }
        q += 16
        inOrder()
        do {
          let b0 = q.lanes()
          c0 = Lanes(p0[16]).times(b0, plus: c0)
          c1 = Lanes(p0[17]).times(b0, plus: c1)
          c2 = Lanes(p0[18]).times(b0, plus: c2)
          c3 = Lanes(p0[19]).times(b0, plus: c3)
          c4 = Lanes(p0[20]).times(b0, plus: c4)
        }
        q += 16
        inOrder()
        do {
          let b0 = q.lanes()
          c0 = Lanes(p0[32]).times(b0, plus: c0)
          c1 = Lanes(p0[33]).times(b0, plus: c1)
          c2 = Lanes(p0[34]).times(b0, plus: c2)
          c3 = Lanes(p0[35]).times(b0, plus: c3)
          c4 = Lanes(p0[36]).times(b0, plus: c4)
        }
        q += 16
        inOrder()
        do {
          let b0 = q.lanes()
          c0 = Lanes(p0[48]).times(b0, plus: c0)
          c1 = Lanes(p0[49]).times(b0, plus: c1)
          c2 = Lanes(p0[50]).times(b0, plus: c2)
          c3 = Lanes(p0[51]).times(b0, plus: c3)
          c4 = Lanes(p0[52]).times(b0, plus: c4)
        }
        q += 16; p0 += 64
      }
      if last == 0 {
        c.store(c0, 0 * cStride)
        c.store(c1, 1 * cStride)
        c.store(c2, 2 * cStride)
        c.store(c3, 3 * cStride)
        c.store(c4, 4 * cStride)
      } else {
        do {
          var q = q
          do {
            let b0 = q.lanes()
            c0 = Lanes(p0[0]).times(b0, plus: c0)
            c1 = Lanes(p0[1]).times(b0, plus: c1)
          }
          q += 16
          inOrder()
          do {
            let b0 = q.lanes()
            c0 = Lanes(p0[16]).times(b0, plus: c0)
            c1 = Lanes(p0[17]).times(b0, plus: c1)
          }
          q += 16
          inOrder()
          do {
            let b0 = q.lanes()
            c0 = Lanes(p0[32]).times(b0, plus: c0)
            c1 = Lanes(p0[33]).times(b0, plus: c1)
          }
          q += 16
          inOrder()
          do {
            let b0 = q.lanes()
            c0 = Lanes(p0[48]).times(b0, plus: c0)
            c1 = Lanes(p0[49]).times(b0, plus: c1)
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
          q += 16
          inOrder()
          do {
            let b0 = q.lanes()
            c2 = Lanes(p0[18]).times(b0, plus: c2)
            c3 = Lanes(p0[19]).times(b0, plus: c3)
          }
          q += 16
          inOrder()
          do {
            let b0 = q.lanes()
            c2 = Lanes(p0[34]).times(b0, plus: c2)
            c3 = Lanes(p0[35]).times(b0, plus: c3)
          }
          q += 16
          inOrder()
          do {
            let b0 = q.lanes()
            c2 = Lanes(p0[50]).times(b0, plus: c2)
            c3 = Lanes(p0[51]).times(b0, plus: c3)
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
          }
          q += 16
          inOrder()
          do {
            let b0 = q.lanes()
            c4 = Lanes(p0[20]).times(b0, plus: c4)
          }
          q += 16
          inOrder()
          do {
            let b0 = q.lanes()
            c4 = Lanes(p0[36]).times(b0, plus: c4)
          }
          q += 16
          inOrder()
          do {
            let b0 = q.lanes()
            c4 = Lanes(p0[52]).times(b0, plus: c4)
          }
          c.store(c4, 4 * cStride)
        }
        inOrder()
      }
      a += 5; c += 5 * cStride; row += 5 * cStride
    }
    a += apart - 16
  }
}

#endif
