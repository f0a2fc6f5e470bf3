import KernelInterface
import Kernels

/// Hands out aligned, disjoint ranges of one arena before it is allocated.
struct ArenaPlan {
  private(set) var count = 0

  /// The offset of `floats` fresh floats.
  mutating func reserve(_ floats: Int) -> Int {
    let offset = count
    count += padded(floats)
    return offset
  }

  /// The offset of a fresh matrix, [rows, columns], its columns padded to whole lane groups.
  mutating func reserve(_ rows: Int, _ columns: Int) -> Int { reserve(rows * padded(columns)) }
}

/// The kernels of a pass and the arena that they work in.
///
/// Layers know the offsets of their places and are handed the workspace at every call, so that a
/// plan can be counted without being allocated.
final class Workspace {
  let kernels: any KernelSet.Type
  /// What the offsets of an `ArenaPlan` count from.
  let arena: UnsafeMutablePointer<Float>
  /// The most sequences that the arena was planned for.
  let limit: Int
  private let memory: AlignedBuffer

  /// Allocates the arena, all zeros.
  init(kernels: any KernelSet.Type, count: Int, limit: Int) {
    self.kernels = kernels
    self.limit = limit
    memory = AlignedBuffer(count: count)
    arena = memory.pointer
  }

  /// The bytes of the arena.
  var byteCount: Int { 4 * memory.count }

  /// Stops the program if a pass is asked for more sequences than there is room for.
  func checkLimit(_ sequences: Int) {
    precondition(sequences <= limit, "\(sequences) sequences in a pass over at most \(limit)")
  }
}
