import KernelInterface
import Kernels

/// Hands out aligned, disjoint ranges of one arena before it is allocated.
///
/// Packed matrices have a part of their own before all else, in the order in which they are read:
/// those of the forward pass, then the transposes, the last one reserved first. With AVX-512 a product
/// asks for what stands behind its matrix while it computes (`gemmPacked`). Between the activations
/// they cost small models about 1 % of their speed (`benchmarks step --widths 8`).
struct ArenaPlan {
  /// The floats behind the packed matrices.
  private(set) var plainCount = 0
  /// The floats of the packed matrices, both ways.
  private(set) var packedCount = 0
  private(set) var packedTransposeCount = 0

  /// The floats of the arena.
  var count: Int { plainCount + packedCount + packedTransposeCount }

  /// The offset of `floats` fresh floats.
  mutating func reserve(_ floats: Int) -> Int {
    let offset = plainCount
    plainCount += padded(floats)
    return offset
  }

  /// The offset of room for a packed matrix, from the beginning of the packed part.
  mutating func reservePacked(_ rows: Int, _ columns: Int) -> Int {
    let offset = packedCount
    packedCount += rows * padded(columns)
    return offset
  }

  /// The offset of room for a packed transpose; negative, since it counts like those of `reserve`.
  mutating func reservePackedTranspose(_ rows: Int, _ columns: Int) -> Int {
    packedTransposeCount += rows * padded(columns)
    return -packedTransposeCount
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
  /// What the offsets of packed matrices count from.
  let packed: UnsafeMutablePointer<Float>
  /// The most sequences that the arena was planned for.
  let limit: Int
  private let memory: AlignedBuffer

  /// Allocates the arena, all zeros.
  init(_ plan: ArenaPlan, limit: Int, kernels: any KernelSet.Type) {
    self.kernels = kernels
    self.limit = limit
    memory = AlignedBuffer(count: plan.count)
    packed = memory.pointer
    arena = packed + (plan.packedCount + plan.packedTransposeCount)
  }

  /// The bytes of the arena.
  var byteCount: Int { 4 * memory.count }

  /// Stops the program if a pass is asked for more sequences than there is room for.
  func checkLimit(_ sequences: Int) {
    precondition(sequences <= limit, "\(sequences) sequences in a pass over at most \(limit)")
  }
}
