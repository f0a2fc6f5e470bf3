// Naive versions of the kernels in Double, one loop per index of the formula. Each value comes
// with its *size*, the sum of the magnitudes that were added, against which errors are measured.

import Foundation
import KernelInterface

func referenceProduct(_ a: Matrix, _ b: Matrix, _ c: Matrix, accumulate: Bool) -> Expected {
  var expected = Expected()
  for i in 0..<c.rows {
    for j in 0..<c.columns {
      var sum = accumulate ? c.at(i, j) : 0
      var size = abs(sum)
      for k in 0..<a.columns {
        sum += a.at(i, k) * b.at(k, j)
        size += abs(a.at(i, k) * b.at(k, j))
      }
      expected.append(sum, size: size)
    }
  }
  return expected
}
