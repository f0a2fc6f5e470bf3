import KernelInterface

/// Floats at a 64-byte boundary, zero at first, freed with the object.
///
/// A class and not an array: kernels hold plain pointers into it across calls, and no reference
/// count or bounds check runs between them. Whoever holds `pointer` keeps the buffer alive.
public final class AlignedBuffer {
  /// The number of floats, as asked for.
  public let count: Int

  /// The first float.
  public let pointer: UnsafeMutablePointer<Float>

  /// Allocates `count` zeros, rounded up to whole lane groups.
  public init(count: Int) {
    precondition(count >= 0, "an AlignedBuffer holds 0 or more floats; asked for \(count)")
    self.count = count
    let capacity = max(padded(count), laneCount)
    let raw = UnsafeMutableRawPointer.allocate(
      byteCount: capacity * MemoryLayout<Float>.stride, alignment: 64)
    pointer = raw.bindMemory(to: Float.self, capacity: capacity)
    pointer.initialize(repeating: 0, count: capacity)
  }

  deinit { UnsafeMutableRawPointer(pointer).deallocate() }

  /// The floats as a collection.
  public var floats: UnsafeMutableBufferPointer<Float> {
    UnsafeMutableBufferPointer(start: pointer, count: count)
  }
}
