import KernelInterface
import Kernels
import Testing

@testable import KernelsAVX512OnAVX2

/// Products take other ways on processors that look far ahead; tests run on both kinds.
@Suite(.enabled(if: KernelBuild.runsWhatIsWrittenForAVX512))
struct LookaheadTests {
  /// What fetches and what fills ahead: in one and in several blocks of rows, with rows, columns and
  /// steps left over; what is copied because each row of B is a page, or of A; and what is in panels
  /// from afar.
  @Test(arguments: [
    (48, 64, 2048), (48, 470, 512), (259, 300, 1289), (55, 1030, 540), (1030, 70, 530),
    (130, 390, 1024), (98, 512, 130), (1030, 256, 20), (37, 128, 700), (16, 64, 600),
  ])
  func bothGiveTheSameBits(shape: (Int, Int, Int)) {
    let (m, n, k) = shape
    var random = Numbers(UInt64(m + n + k))
    let a = Matrix(m, k, random: &random)
    let b = Matrix(k, n, random: &random)
    let initial = Matrix(m, n, random: &random)
    let aTransposed = Matrix(k, m)
    for i in 0..<m { for j in 0..<k { aTransposed[j, i] = a[i, j] } }
    let panels = AlignedBuffer(count: k * padded(n))
    Implementation.pack(k: k, n: n, b: b.pointer, bStride: b.stride, into: panels.pointer)
    for accumulate in [false, true] {
      let expected = initial.copy()
      InstructionSet.avx2.kernels.gemmNN(
        m: m, n: n, k: k, a: a.pointer, aStride: a.stride, b: b.pointer, bStride: b.stride,
        c: expected.pointer, cStride: expected.stride, accumulate: accumulate)
      for lookahead in Lookahead.allCases {
        let plain = initial.copy()
        product(
          .plain, .rows, m, n, k, a.pointer, a.stride, b.pointer, b.stride, plain.pointer,
          plain.stride, accumulate ? UnsafePointer(plain.pointer) : nil, lookahead)
        let transposed = initial.copy()
        transposedProduct(
          m, n, k, aTransposed.pointer, aTransposed.stride, b.pointer, b.stride,
          transposed.pointer, transposed.stride,
          accumulate ? UnsafePointer(transposed.pointer) : nil, lookahead)
        let packed = initial.copy()
        packedProduct(
          m, n, k, a.pointer, a.stride, panels.pointer, packed.pointer, packed.stride,
          accumulate ? UnsafePointer(packed.pointer) : nil, lookahead)
        for (form, found) in [("NN", plain), ("TN", transposed), ("panels", packed)] {
          #expect(found.values() == expected.values(), "\(form) \(lookahead) \(accumulate)")
        }
      }
    }
  }
}
