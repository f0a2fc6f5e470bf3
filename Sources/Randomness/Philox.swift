/// The Philox4x32-10 bijection: ten keyed rounds over four 32-bit words.
///
/// J. K. Salmon, M. A. Moraes, R. O. Dror, D. E. Shaw, "Parallel random numbers: as easy as 1, 2,
/// 3", SC 2011, section 3.3, doi:10.1145/2063384.2063405. It passes the BigCrush battery (ibid.,
/// table 2). Not a cipher: use it for simulation, not for secrets.
public enum Philox {
  /// Four words of a counter or of a result, words 0 and 1 in `low`, words 2 and 3 in `high`.
  public struct Block: Equatable, Sendable {
    /// Word 0 in the lower half, word 1 in the upper half.
    public var low: UInt64
    /// Word 2 in the lower half, word 3 in the upper half.
    public var high: UInt64

    /// Makes a block of two halves.
    @inlinable
    public init(low: UInt64, high: UInt64) {
      self.low = low
      self.high = high
    }
  }

  /// The image of `counter` under `key` (key word 0 in the lower half, key word 1 in the upper).
  ///
  /// One round: with `a = 0xD2511F53 · x0`, `b = 0xCD9E8D57 · x2` (64-bit products),
  /// `x0' = hi(b) ^ x1 ^ k0`, `x1' = lo(b)`, `x2' = hi(a) ^ x3 ^ k1`, `x3' = lo(a)`; then `k0` and
  /// `k1` grow by the Weyl constants.
  /// - Complexity: 20 multiplications; no allocation.
  @inlinable
  public static func block(counter: Block, key: UInt64) -> Block {
    let mask: UInt64 = 0xFFFF_FFFF
    var x0 = counter.low & mask
    var x1 = counter.low &>> 32
    var x2 = counter.high & mask
    var x3 = counter.high &>> 32
    var k0 = key & mask
    var k1 = key &>> 32
    var round = 0
    while round < 10 {
      let a = x0 &* 0xD251_1F53
      let b = x2 &* 0xCD9E_8D57
      x0 = (b &>> 32) ^ x1 ^ k0
      x1 = b & mask
      x2 = (a &>> 32) ^ x3 ^ k1
      x3 = a & mask
      k0 = (k0 &+ 0x9E37_79B9) & mask
      k1 = (k1 &+ 0xBB67_AE85) & mask
      round &+= 1
    }
    return Block(low: x1 &<< 32 | x0, high: x3 &<< 32 | x2)
  }
}
