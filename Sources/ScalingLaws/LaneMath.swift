/// Eight rows at a time.
///
/// On processors without such registers the compiler cuts each operation into pieces; nothing here
/// rounds differently there, because no operation is fused.
typealias Lanes = SIMD8<Double>

/// exp and log of eight numbers, from polynomials, the same to the last bit on every machine.
///
/// The errors are below 2 units in the last place, which is what a sum over rows needs; the library
/// of C takes each number alone and three to five times as long.
enum LaneMath {
  /// exp(x), x held within ±708, where the result is normal; NaN gives NaN.
  ///
  /// x = n ln 2 + r with |r| ≤ ln 2 / 2, exp(r) by its series to degree 13, 2^n by the exponent's bits.
  @inline(__always)
  static func exp(_ value: Lanes) -> Lanes {
    var x = value
    x.replace(with: Lanes(repeating: 708), where: x .> 708)
    x.replace(with: Lanes(repeating: -708), where: x .< -708)
    // Adding 1.5 · 2^52 rounds to an integer and leaves it in the low bits.
    let shifted = x * 1.4426950408889634 + roundingShift
    let n = shifted - roundingShift
    let r = (x - n * 0.693147180369123816490) - n * 1.90821492927058770002e-10
    let r2 = r * r
    let r4 = r2 * r2
    // Estrin's order, for the length of its chains.
    let p01 = r + 1
    let p23 = r * (1.0 / 6) + 0.5
    let p45 = r * (1.0 / 120) + (1.0 / 24)
    let p67 = r * (1.0 / 5040) + (1.0 / 720)
    let p89 = r * (1.0 / 362_880) + (1.0 / 40320)
    let pab = r * (1.0 / 39_916_800) + (1.0 / 3_628_800)
    let pcd = r * (1.0 / 6_227_020_800) + (1.0 / 479_001_600)
    let low = p01 + r2 * p23
    let middle = p45 + r2 * p67
    let high = (p89 + r2 * pab) + r4 * pcd
    let series = low + r4 * (middle + r4 * high)
    let bits = unsafeBitCast(shifted, to: SIMD8<UInt64>.self)
    let power = unsafeBitCast((bits &+ 1023) &<< 52, to: Lanes.self)
    return series * power
  }

  /// log(x) for positive, normal x; anything else gives a number without meaning.
  ///
  /// x = 2^k m with m in [√½, √2), log m = 2 artanh((m − 1)/(m + 1)) by its series.
  @inline(__always)
  static func log(_ x: Lanes) -> Lanes {
    let bits = unsafeBitCast(x, to: SIMD8<UInt64>.self)
    // The bits of √½ taken off, so that the exponent turns over there; 2048 keeps it positive.
    let turned = bits &- 0x3FE6_A09E_667F_3BCD &+ (2048 << 52)
    let biased = turned &>> 52
    let mantissa = bits &- ((biased &- 2048) &<< 52)
    let k = unsafeBitCast(biased &+ 0x4338_0000_0000_0000, to: Lanes.self) - (roundingShift + 2048)
    let m = unsafeBitCast(mantissa, to: Lanes.self)
    let s = (m - 1) / (m + 1)
    let t = s * s
    let t2 = t * t
    let t4 = t2 * t2
    let p0 = t * (2.0 / 5) + (2.0 / 3)
    let p1 = t * (2.0 / 9) + (2.0 / 7)
    let p2 = t * (2.0 / 13) + (2.0 / 11)
    let p3 = t * (2.0 / 17) + (2.0 / 15)
    let p4 = t * (2.0 / 21) + (2.0 / 19)
    let series = (p0 + t2 * p1) + t4 * ((p2 + t2 * p3) + t4 * p4)
    let rest = s * (t * series) + k * 1.90821492927058770002e-10
    return k * 0.693147180369123816490 + (s * 2 + rest)
  }

  private static let roundingShift = 6755399441055744.0
}
