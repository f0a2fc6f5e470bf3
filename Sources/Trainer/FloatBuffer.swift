import KernelInterface

/// A fixed block of floats, aligned to 64 bytes and freed with its owner.
///
/// It begins as zeros. The pointer is valid as long as the buffer is referenced; nothing checks
/// bounds, so that a step costs nothing beyond its kernels.
final class FloatBuffer {
  let count: Int
  let pointer: UnsafeMutablePointer<Float>

  /// Allocates `count` zeros, rounded up to whole lane groups.
  init(count: Int) {
    precondition(count >= 0, "a buffer needs a count of at least 0, not \(count)")
    self.count = padded(max(count, 1))
    let bytes = self.count * MemoryLayout<Float>.stride
    let raw = UnsafeMutableRawPointer.allocate(byteCount: bytes, alignment: 64)
    pointer = raw.bindMemory(to: Float.self, capacity: self.count)
    pointer.initialize(repeating: 0, count: self.count)
  }

  deinit { UnsafeMutableRawPointer(pointer).deallocate() }

  /// The values as an array.
  var values: [Float] { Array(UnsafeBufferPointer(start: pointer, count: count)) }

  /// Overwrites the whole buffer; the counts must agree.
  func assign(_ values: [Float]) {
    precondition(values.count == count, "\(values.count) values for a buffer of \(count)")
    values.withUnsafeBufferPointer { pointer.update(from: $0.baseAddress!, count: count) }
  }
}

/// A block of floats that is written while it is made and only read afterwards.
///
/// That, and nothing else, makes it safe to share between threads.
final class FrozenBuffer: @unchecked Sendable {
  private let buffer: FloatBuffer
  var pointer: UnsafePointer<Float> { UnsafePointer(buffer.pointer) }
  var count: Int { buffer.count }

  init(count: Int, fill: (UnsafeMutablePointer<Float>) -> Void) {
    buffer = FloatBuffer(count: count)
    fill(buffer.pointer)
  }
}

/// Hands out aligned, disjoint ranges of one arena before it is allocated.
struct ArenaPlan {
  private(set) var count = 0

  /// The offset of `floats` fresh floats.
  mutating func reserve(_ floats: Int) -> Int {
    let offset = count
    count += padded(floats)
    return offset
  }
}
