import KernelInterface

// Each product costs 2 m n k FLOPs. Columns of C are taken in panels of a few lane groups and k
// in blocks, so that the block of B that all rows share stays in the first-level cache.

extension Implementation {
  public static func gemmNN(
    m: Int, n: Int, k: Int,
    a: UnsafePointer<Float>, aStride: Int,
    b: UnsafePointer<Float>, bStride: Int,
    c: UnsafeMutablePointer<Float>, cStride: Int, accumulate: Bool
  ) {
    var start = 0
    repeat {
      let count = min(k - start, stepsPerBlock)
      product(
        .plain, m, n, count, a + start, aStride, b + start * bStride, bStride, c, cStride,
        accumulate || start > 0)
      start += count
    } while start < k
  }

  public static func gemmTN(
    m: Int, n: Int, k: Int,
    a: UnsafePointer<Float>, aStride: Int,
    b: UnsafePointer<Float>, bStride: Int,
    c: UnsafeMutablePointer<Float>, cStride: Int, accumulate: Bool
  ) {
    var start = 0
    repeat {
      let count = min(k - start, stepsPerBlock)
      product(
        .transposed, m, n, count, a + start * aStride, aStride, b + start * bStride, bStride,
        c, cStride, accumulate || start > 0)
      start += count
    } while start < k
  }

  public static func gemmNT(
    m: Int, n: Int, k: Int,
    a: UnsafePointer<Float>, aStride: Int,
    b: UnsafePointer<Float>, bStride: Int,
    c: UnsafeMutablePointer<Float>, cStride: Int, accumulate: Bool,
    scratch: UnsafeMutablePointer<Float>
  ) {
    let stride = padded(n)
    transpose(rows: n, columns: k, b, bStride, into: scratch, stride)
    gemmNN(
      m: m, n: n, k: k, a: a, aStride: aStride, b: scratch, bStride: stride, c: c,
      cStride: cStride, accumulate: accumulate)
  }
}

/// The steps of k for which a panel of B, 256 bytes a step, stays in the cache.
private let stepsPerBlock = 128

/// Whether A is [m, k] or, transposed, [k, m].
private enum LeftOperand { case plain, transposed }

@inline(__always)
private func product(
  _ left: LeftOperand, _ m: Int, _ n: Int, _ k: Int,
  _ a: UnsafePointer<Float>, _ aStride: Int, _ b: UnsafePointer<Float>, _ bStride: Int,
  _ c: UnsafeMutablePointer<Float>, _ cStride: Int, _ accumulate: Bool
) {
  var b = b
  var c = c
  var groups = padded(n) / laneCount
  while groups > 0 {
    let width = panelWidth(groups)
    switch left {
    case .plain:
      switch width {
      #if KERNELS_AVX512 && arch(x86_64)
        case 4: columns4NN(m, k, a, aStride, b, bStride, c, cStride, accumulate)
        case 3: columns3NN(m, k, a, aStride, b, bStride, c, cStride, accumulate)
        case 2: columns2NN(m, k, a, aStride, b, bStride, c, cStride, accumulate)
      #endif
      default: columns1NN(m, k, a, aStride, b, bStride, c, cStride, accumulate)
      }
    case .transposed:
      switch width {
      #if KERNELS_AVX512 && arch(x86_64)
        case 4: columns4TN(m, k, a, aStride, b, bStride, c, cStride, accumulate)
        case 3: columns3TN(m, k, a, aStride, b, bStride, c, cStride, accumulate)
        case 2: columns2TN(m, k, a, aStride, b, bStride, c, cStride, accumulate)
      #endif
      default: columns1TN(m, k, a, aStride, b, bStride, c, cStride, accumulate)
      }
    }
    b += width * laneCount
    c += width * laneCount
    groups -= width
  }
}

/// The lane groups of the next panel when `groups` are left: 4 if that leaves no single one.
@inline(__always)
private func panelWidth(_ groups: Int) -> Int {
  #if KERNELS_AVX512 && arch(x86_64)
    groups >= 6 || groups == 4 ? 4 : min(groups, 3)
  #else
    1
  #endif
}
