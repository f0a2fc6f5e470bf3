import Kernels
import Testing

@Suite struct AlignedBufferTests {
  @Test(arguments: [0, 1, 15, 16, 17, 1000])
  func bufferIsAlignedAndZero(count: Int) {
    let buffer = AlignedBuffer(count: count)
    #expect(Int(bitPattern: buffer.pointer) % 64 == 0)
    #expect(buffer.count == count)
    #expect(buffer.floats.count == count)
    #expect(buffer.floats.allSatisfy { $0 == 0 })
  }
}
