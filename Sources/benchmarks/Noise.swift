import Kernels

/// Floats that are a function of their index, so that a check can ask again for what an array held
/// before a kernel changed it.
struct Noise {
  /// Which of several arrays.
  let seed: UInt64
  let low: Float
  let high: Float

  init(_ seed: UInt64, _ low: Float = -1, _ high: Float = 1) {
    self.seed = seed
    self.low = low
    self.high = high
  }

  /// The bits of SplitMix64 (Steele, Lea & Flood 2014, doi 10.1145/2660193.2660195).
  func bits(_ index: Int) -> UInt64 {
    var z = (seed &* 0x632B_E59B_D9B4_E019) &+ UInt64(index) &* 0x9E37_79B9_7F4A_7C15
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }

  /// From `low` to `high`.
  subscript(index: Int) -> Float { low + (high - low) * Float(bits(index) >> 40) * 0x1p-24 }

  /// The value in double precision.
  func at(_ index: Int) -> Double { Double(self[index]) }

  /// An array of the first `count` values.
  func array(_ count: Int) -> AlignedBuffer {
    let buffer = AlignedBuffer(count: count)
    for index in 0..<count { buffer.pointer[index] = self[index] }
    return buffer
  }

  /// `count` whole numbers below `bound`.
  func indices(_ count: Int, below bound: Int) -> [Int32] {
    (0..<count).map { Int32(truncatingIfNeeded: bits($0) >> 33) % Int32(bound) }
  }
}
