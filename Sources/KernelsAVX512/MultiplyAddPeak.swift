// swift-format-ignore-file
// Written by generate-peak.py; do not edit.

import KernelInterface

// Each round makes 24 multiply-adds of 16 lanes.

#if KERNELS_AVX512 && arch(x86_64)

func multiplyAddRounds(_ rounds: Int, _ factor: Float, _ addend: Float) -> Float {
  let factor = Lanes(factor), addend = Lanes(addend)
  var x0 = Lanes(0)
  var x1 = Lanes(1)
  var x2 = Lanes(2)
  var x3 = Lanes(3)
  var x4 = Lanes(4)
  var x5 = Lanes(5)
  var x6 = Lanes(6)
  var x7 = Lanes(7)
  var x8 = Lanes(8)
  var x9 = Lanes(9)
  var x10 = Lanes(10)
  var x11 = Lanes(11)
  var x12 = Lanes(12)
  var x13 = Lanes(13)
  var x14 = Lanes(14)
  var x15 = Lanes(15)
  var x16 = Lanes(16)
  var x17 = Lanes(17)
  var x18 = Lanes(18)
  var x19 = Lanes(19)
  var x20 = Lanes(20)
  var x21 = Lanes(21)
  var x22 = Lanes(22)
  var x23 = Lanes(23)
  for _ in 0..<rounds {
    x0 = x0.times(factor, plus: addend)
    x1 = x1.times(factor, plus: addend)
    x2 = x2.times(factor, plus: addend)
    x3 = x3.times(factor, plus: addend)
    x4 = x4.times(factor, plus: addend)
    x5 = x5.times(factor, plus: addend)
    x6 = x6.times(factor, plus: addend)
    x7 = x7.times(factor, plus: addend)
    x8 = x8.times(factor, plus: addend)
    x9 = x9.times(factor, plus: addend)
    x10 = x10.times(factor, plus: addend)
    x11 = x11.times(factor, plus: addend)
    x12 = x12.times(factor, plus: addend)
    x13 = x13.times(factor, plus: addend)
    x14 = x14.times(factor, plus: addend)
    x15 = x15.times(factor, plus: addend)
    x16 = x16.times(factor, plus: addend)
    x17 = x17.times(factor, plus: addend)
    x18 = x18.times(factor, plus: addend)
    x19 = x19.times(factor, plus: addend)
    x20 = x20.times(factor, plus: addend)
    x21 = x21.times(factor, plus: addend)
    x22 = x22.times(factor, plus: addend)
    x23 = x23.times(factor, plus: addend)
  }
  var sum = x0
  sum = sum + x1
  sum = sum + x2
  sum = sum + x3
  sum = sum + x4
  sum = sum + x5
  sum = sum + x6
  sum = sum + x7
  sum = sum + x8
  sum = sum + x9
  sum = sum + x10
  sum = sum + x11
  sum = sum + x12
  sum = sum + x13
  sum = sum + x14
  sum = sum + x15
  sum = sum + x16
  sum = sum + x17
  sum = sum + x18
  sum = sum + x19
  sum = sum + x20
  sum = sum + x21
  sum = sum + x22
  sum = sum + x23
  return sum.treeSum()
}

#else

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
