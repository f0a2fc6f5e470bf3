import KernelInterface
import Kernels

extension AlignedBuffer {
  /// The values as an array.
  var values: [Float] { Array(floats) }

  /// Overwrites the whole buffer; the counts must agree.
  func assign(_ values: [Float]) {
    precondition(values.count == count, "\(values.count) values for a buffer of \(count)")
    _ = floats.update(from: values)
  }
}

/// A block of floats that is written while it is made and only read afterwards.
///
/// That, and nothing else, makes it safe to share between threads.
final class FrozenBuffer: @unchecked Sendable {
  private let buffer: AlignedBuffer
  var pointer: UnsafePointer<Float> { UnsafePointer(buffer.pointer) }
  var count: Int { buffer.count }

  init(count: Int, fill: (UnsafeMutablePointer<Float>) -> Void) {
    buffer = AlignedBuffer(count: count)
    fill(buffer.pointer)
  }
}
