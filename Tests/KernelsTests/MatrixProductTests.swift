import KernelInterface
import Kernels
import Testing

@Suite struct MatrixProductTests {
  /// m, n, k: tails of every tile, single lane groups, k of 0, 1, 8 and 16, several blocks of k, at
  /// most eight columns, and squares without a step, in one and in two blocks of rows.
  static let shapes: [(Int, Int, Int)] = [
    (1, 1, 1), (1, 16, 0), (7, 5, 1), (13, 17, 3), (24, 16, 8), (47, 16, 5), (31, 32, 7),
    (25, 48, 9), (15, 64, 6), (11, 80, 4), (5, 96, 33), (9, 112, 2), (3, 130, 10), (2, 16, 300),
    (6, 70, 129), (13, 8, 8), (9, 112, 8), (45, 8, 24), (70, 7, 128), (3, 8, 17), (34, 5, 130),
    (50, 48, 0), (53, 65, 3), (150, 90, 0), (197, 70, 6), (259, 50, 5), (21, 16, 16), (9, 13, 16),
    (10, 48, 16), (8, 16, 40), (14, 8, 20), (100, 32, 140),
  ]

  @Test(arguments: shapes)
  func allFormsMatchTheReference(shape: (Int, Int, Int)) {
    let (m, n, k) = shape
    for extra in [0, 1] {
      for accumulate in [false, true] {
        var random = Numbers(UInt64(m * 10_000 + n * 100 + k))
        let a = Matrix(m, k, extra: extra, random: &random)
        let b = Matrix(k, n, extra: extra, random: &random)
        let c = Matrix(m, n, extra: extra, random: &random)
        let aTransposed = Matrix(k, m, extra: extra)
        for i in 0..<m { for j in 0..<k { aTransposed[j, i] = a[i, j] } }
        let bTransposed = Matrix(n, k, extra: extra)
        for i in 0..<k { for j in 0..<n { bTransposed[j, i] = b[i, j] } }
        let scratch = AlignedBuffer(count: k * padded(n))
        let expected = referenceProduct(a, b, c, accumulate: accumulate)

        check(expected, ulps: Double(k + 1)) { kernels in
          let c = c.copy()
          kernels.gemmNN(
            m: m, n: n, k: k, a: a.pointer, aStride: a.stride, b: b.pointer, bStride: b.stride,
            c: c.pointer, cStride: c.stride, accumulate: accumulate)
          return c.values()
        }
        check(expected, ulps: Double(k + 1)) { kernels in
          let c = c.copy()
          kernels.gemmTN(
            m: m, n: n, k: k, a: aTransposed.pointer, aStride: aTransposed.stride,
            b: b.pointer, bStride: b.stride, c: c.pointer, cStride: c.stride,
            accumulate: accumulate)
          return c.values()
        }
        check(expected, ulps: Double(k + 1)) { kernels in
          let c = c.copy()
          kernels.gemmNT(
            m: m, n: n, k: k, a: a.pointer, aStride: a.stride, b: bTransposed.pointer,
            bStride: bTransposed.stride, c: c.pointer, cStride: c.stride,
            accumulate: accumulate, scratch: scratch.pointer)
          return c.values()
        }
      }
    }
  }

  /// The shapes for which a form fetches ahead: the transposed one for a large B, with rows in one
  /// and in several blocks, rows and columns left over, one step too many, and for a C that is added
  /// to; the plain one for a large C, with columns in several copies. And those that go by squares: with
  /// none to fifteen rows and with steps left over, blocks of one step more than the first, two columns
  /// only, blocks of rows of other heights, a B of long rows, and a small C from far.
  @Test(arguments: [
    (48, 64, 2048), (98, 70, 1873), (390, 64, 2049), (771, 130, 1009), (130, 150, 70),
    (1100, 250, 300), (126, 100, 9), (128, 96, 3), (129, 100, 258), (131, 110, 5), (133, 97, 6),
    (32, 128, 321), (37, 128, 300), (64, 64, 515), (260, 50, 514), (400, 32, 400), (143, 520, 386),
  ])
  func largeProductsAgreeBitForBit(shape: (Int, Int, Int)) {
    let (m, n, k) = shape
    var random = Numbers(UInt64(m))
    let a = Matrix(m, k, random: &random)
    let b = Matrix(k, n, random: &random)
    let initial = Matrix(m, n, random: &random)
    let aTransposed = Matrix(k, m)
    for i in 0..<m { for j in 0..<k { aTransposed[j, i] = a[i, j] } }
    for build in KernelBuild.tested {
      for accumulate in [false, true] {
        let expected = initial.copy()
        build.kernels.gemmNN(
          m: m, n: n, k: k, a: a.pointer, aStride: a.stride, b: b.pointer, bStride: b.stride,
          c: expected.pointer, cStride: expected.stride, accumulate: accumulate)
        let found = initial.copy()
        build.kernels.gemmTN(
          m: m, n: n, k: k, a: aTransposed.pointer, aStride: aTransposed.stride,
          b: b.pointer, bStride: b.stride, c: found.pointer, cStride: found.stride,
          accumulate: accumulate)
        #expect(found.values() == expected.values(), "\(build) \(accumulate)")
      }
    }
  }

  /// The last shapes fetch ahead, few rows under large panels and a large C, or divide k and the rows.
  @Test(
    arguments: shapes + [
      (98, 512, 130), (50, 100, 257), (24, 128, 64), (1030, 256, 20), (200, 40, 1030),
      (205, 70, 515),
    ])
  func packedProductsAgreeBitForBit(shape: (Int, Int, Int)) {
    let (m, n, k) = shape
    var random = Numbers(UInt64(m + n + k))
    let a = Matrix(m, k, random: &random)
    let b = Matrix(k, n, random: &random)
    let addend = Matrix(m, n, random: &random)
    let bTransposed = Matrix(n, k)
    for i in 0..<k { for j in 0..<n { bTransposed[j, i] = b[i, j] } }
    for build in KernelBuild.tested {
      let plain = AlignedBuffer(count: k * padded(n))
      let transposed = AlignedBuffer(count: k * padded(n))
      build.kernels.pack(k: k, n: n, b: b.pointer, bStride: b.stride, into: plain.pointer)
      build.kernels.packTransposed(
        k: k, n: n, b: bTransposed.pointer, bStride: bTransposed.stride, into: transposed.pointer)
      for adds in [false, true] {
        let expected = addend.copy()
        build.kernels.gemmNN(
          m: m, n: n, k: k, a: a.pointer, aStride: a.stride, b: b.pointer, bStride: b.stride,
          c: expected.pointer, cStride: expected.stride, accumulate: adds)
        for panels in [plain, transposed] {
          let found = Matrix(m, n)
          build.kernels.gemmPacked(
            m: m, n: n, k: k, a: a.pointer, aStride: a.stride, panels: panels.pointer,
            c: found.pointer, cStride: found.stride,
            addend: adds ? UnsafePointer(addend.pointer) : nil)
          #expect(found.values() == expected.values(), "\(build) \(adds)")
        }
      }
    }
  }

  /// Some sums and some of what gates them are zero, or no numbers.
  @Test(
    arguments: shapes + [(98, 512, 130), (1030, 256, 20), (205, 70, 515), (20, 40, 9), (17, 41, 9)])
  func productsWithReLUAgreeWithTheTwoPasses(shape: (Int, Int, Int)) {
    let (m, n, k) = shape
    var random = Numbers(UInt64(m + 3 * n + k))
    let a = Matrix(m, k, random: &random)
    let b = Matrix(k, n, random: &random)
    let x = Matrix(m, n, random: &random)
    x[0, n / 2] = .nan
    x[m - 1, 0] = 0
    x[m / 2, n - 1] = -0.0
    for step in 0..<k { b[step, n / 3] = 0 }
    if k > 0 { b[k - 1, 2 * n / 3] = .nan }
    for build in KernelBuild.tested {
      let panels = AlignedBuffer(count: k * padded(n))
      build.kernels.pack(k: k, n: n, b: b.pointer, bStride: b.stride, into: panels.pointer)
      for gate in [x, nil] {
        let expected = Matrix(m, n, extra: 1)
        build.kernels.gemmPacked(
          m: m, n: n, k: k, a: a.pointer, aStride: a.stride, panels: panels.pointer,
          c: expected.pointer, cStride: expected.stride, addend: nil)
        for row in 0..<m {
          let c = expected.pointer + row * expected.stride
          if gate == nil {
            build.kernels.relu(count: padded(n), x: c, y: c)
          } else {
            build.kernels.reluBackward(
              count: padded(n), x: x.pointer + row * x.stride, dy: c, dx: c)
          }
        }
        let found = Matrix(m, n, extra: gate == nil ? 1 : 0)
        for i in 0..<found.buffer.count { found.pointer[i] = 5 }
        build.kernels.gemmPackedReLU(
          m: m, n: n, k: k, a: a.pointer, aStride: a.stride, panels: panels.pointer,
          c: found.pointer, cStride: found.stride, x: gate.map { UnsafePointer($0.pointer) })
        #expect(
          found.values().map(\.bitPattern) == expected.values().map(\.bitPattern),
          "\(build) \(gate == nil ? "forward" : "backward")")
      }
    }
  }

  @Test func productTouchesNothingBeyondItsColumns() {
    for build in KernelBuild.tested {
      let a = Matrix(7, 3)
      let b = Matrix(3, 16)
      let c = Matrix(7, 16, extra: 1)
      for i in 0..<c.buffer.count { c.pointer[i] = 5 }
      build.kernels.gemmNN(
        m: 7, n: 16, k: 3, a: a.pointer, aStride: a.stride, b: b.pointer, bStride: b.stride,
        c: c.pointer, cStride: c.stride, accumulate: false)
      for row in 0..<7 {
        for column in 0..<32 { #expect(c[row, column] == (column < 16 ? 0 : 5)) }
      }
    }
  }

  @Test func chainIsFusedAndAscending() {
    // 1 + 2⁻¹³ squared needs 27 bits; an unfused product or another order gives other bits.
    var random = Numbers(5)
    let k = 200
    let a = Matrix(1, k, random: &random)
    let b = Matrix(k, 1, random: &random)
    var chain: Float = 0
    for i in 0..<k { chain.addProduct(a[0, i], b[i, 0]) }
    for build in KernelBuild.tested {
      let c = Matrix(1, 1)
      build.kernels.gemmNN(
        m: 1, n: 1, k: k, a: a.pointer, aStride: a.stride, b: b.pointer, bStride: b.stride,
        c: c.pointer, cStride: c.stride, accumulate: false)
      #expect(c[0, 0] == chain)
    }
  }

  @Test func notANumberAndInfinityPropagate() {
    for build in KernelBuild.tested {
      let a = Matrix(2, 2)
      let b = Matrix(2, 2)
      (a[0, 0], a[0, 1], a[1, 0], a[1, 1]) = (.nan, 1, .infinity, 1)
      (b[0, 0], b[0, 1], b[1, 0], b[1, 1]) = (1, 0, 1, 1)
      let c = Matrix(2, 2)
      build.kernels.gemmNN(
        m: 2, n: 2, k: 2, a: a.pointer, aStride: a.stride, b: b.pointer, bStride: b.stride,
        c: c.pointer, cStride: c.stride, accumulate: false)
      #expect(c[0, 0].isNaN)
      #expect(c[0, 1].isNaN)
      #expect(c[1, 0] == .infinity)
      #expect(c[1, 1].isNaN)
    }
  }
}
