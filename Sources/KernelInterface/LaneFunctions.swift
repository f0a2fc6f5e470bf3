// exp, log and tanh over 16 lanes, made of exactly rounded operations only, so that every
// instruction set gives the same bits. The polynomials are those of Moshier's Cephes library
// (1992, single precision: `expf`, `logf`, `tanhf`), but for that of `exponentialOfNegative`,
// evaluated with fused multiply-adds. The bounds were measured against double precision on every
// 13th float of the domain.

/// The numbers of the exponential.
@frozen @usableFromInline
package enum Exponential {
  /// 1 / ln 2.
  @_transparent @inlinable
  package static var perLogarithmOfTwo: Float { 1.442_695_04 }

  /// Minus the upper part of ln 2: a whole number up to 128 times it is exact.
  @_transparent @inlinable
  package static var minusUpperLogarithm: Float { -0.693_359_375 }

  /// Minus the rest of ln 2.
  @_transparent @inlinable
  package static var minusLowerLogarithm: Float { 2.121_944_40e-4 }

  /// The polynomial's coefficients from the seventh power to the constant.
  @_transparent @inlinable
  package static var coefficients: (Float, Float, Float, Float, Float, Float, Float, Float) {
    (
      1.987_569_150_0e-4, 1.398_199_950_7e-3, 8.333_451_907_3e-3, 4.166_579_589_4e-2,
      1.666_666_545_9e-1, 5.000_000_120_1e-1, 1, 1
    )
  }

  /// The coefficients of 2ʳ for |r| <= 1/2 from the fifth power to the constant: those of the least
  /// greatest relative error, 9.2e-8, among the polynomials that are 1 at 0 (found by Lawson's
  /// weighted least squares).
  @_transparent @inlinable
  package static var powersOfTwo: (Float, Float, Float, Float, Float, Float) {
    (
      1.326_465_91e-3, 9.671_565_95e-3, 5.550_734_39e-2, 0.240_222_413, 0.693_146_977, 1
    )
  }

  /// Adding it rounds to a whole number, which then stands in the low bits, plus `bias`.
  @_transparent @inlinable
  package static func rounding(bias: Float) -> Float { 12_582_912 + bias }
}

extension Lanes {
  /// e to the power of each lane.
  ///
  /// At most 0.89 ulp from the true value where that is a normal number. Above ln(FLT_MAX) =
  /// 88.7228 the result is infinity; below ln(2⁻¹²⁶) = -87.3365 it is zero, not a subnormal
  /// number, because those are slow on many processors. NaN gives NaN.
  @_transparent @inlinable
  package func exponential() -> Lanes {
    let (power, shifted) = reducedExponential(bias: 0)
    // Times 2ⁿ by adding n to the exponent; right wherever the result is a normal number.
    let scaled = Lanes(bits: power.bits &+ (shifted.bits << 23))
    return scaled.replacing(with: Lanes(.infinity), where: self .> Lanes(88.722_83))
      .replacing(with: Lanes(), where: self .< Lanes(-87.336_54))
      .replacing(with: self, where: self .!= self)
  }

  /// e to the power of each lane, for lanes of at most zero: the differences to a maximum.
  ///
  /// At most 1.8e-7 + 1.4e-8 |x| of the true value away from it, x the lane; rounding x itself may
  /// change that by 6e-8 |x|. Zero gives 1; below -87.69, infinity included, the result is zero, from
  /// there to -87.34 subnormal. NaN gives NaN.
  ///
  /// 12 operations; `exponential()`, which is more precise, takes 19.
  @_transparent @inlinable
  package func exponentialOfNegative() -> Lanes {
    // From -88 on n is -127 and the factor 2ⁿ comes out as zero.
    let x = replacing(with: Lanes(-88), where: self .< Lanes(-88))
    let magic = Lanes(Exponential.rounding(bias: 127))
    let shifted = x.times(Lanes(Exponential.perLogarithmOfTwo), plus: magic)
    let r = x.times(Lanes(Exponential.perLogarithmOfTwo), plus: magic - shifted)
    let c = Exponential.powersOfTwo
    var p = r.times(Lanes(c.0), plus: c.1)
    p = p.times(r, plus: c.2)
    p = p.times(r, plus: c.3)
    p = p.times(r, plus: c.4)
    p = p.times(r, plus: c.5)
    return p * Lanes(bits: shifted.bits << 23)
  }

  /// e to the power of each lane, clamped to the lanes from -87 to 87. NaN gives NaN.
  @_transparent @inlinable
  package func exponentialClamped() -> Lanes {
    let x = replacing(with: Lanes(-87), where: self .< Lanes(-87))
      .replacing(with: Lanes(87), where: self .> Lanes(87))
    let (power, shifted) = x.reducedExponential(bias: 127)
    return power * Lanes(bits: shifted.bits << 23)
  }

  /// exp(x) = 2ⁿ exp(r): exp(r), and a number whose low bits are n + `bias`.
  @_transparent @inlinable
  package func reducedExponential(bias: Float) -> (power: Lanes, shifted: Lanes) {
    // |r| <= ln(2) / 2: adding 1.5 · 2²³ rounds x / ln 2 to an integer n, which then stands in the
    // low bits. ln 2 is split so that n times its upper part is exact.
    let magic = Lanes(Exponential.rounding(bias: bias))
    let shifted = times(Lanes(Exponential.perLogarithmOfTwo), plus: magic)
    let n = shifted - magic
    let upper = n.times(Lanes(Exponential.minusUpperLogarithm), plus: self)
    let r = n.times(Lanes(Exponential.minusLowerLogarithm), plus: upper)

    let c = Exponential.coefficients
    var p = r.times(Lanes(c.0), plus: c.1)
    p = p.times(r, plus: c.2)
    p = p.times(r, plus: c.3)
    p = p.times(r, plus: c.4)
    p = p.times(r, plus: c.5)
    p = p.times(r, plus: c.6)
    return (p.times(r, plus: c.7), shifted)
  }

  /// The natural logarithm of each lane.
  ///
  /// At most 0.83 ulp from the true value, subnormal arguments included. Zero gives -infinity, a
  /// negative lane or NaN gives NaN, infinity gives infinity.
  @_transparent @inlinable
  package func logarithm() -> Lanes {
    let small = self .< Lanes(.leastNormalMagnitude)
    let normal = replacing(with: self * Lanes(8_388_608), where: small)
    let shift = Lanes().replacing(with: Lanes(-23), where: small)

    // x = 2ᵉ (1 + f) with 1 + f from √½ to √2; 0x3F3504F3 is √½.
    let e = (normal.bits &- IntLanes(0x3F35_04F3)) >> 23
    let exponent = e.floats + shift
    let f = Lanes(bits: normal.bits &- (e << 23)) - Lanes(1)

    let square = f * f
    var p = f.times(Lanes(7.037_683_629_2e-2), plus: -1.151_461_031_0e-1)
    p = p.times(f, plus: 1.167_699_874_0e-1)
    p = p.times(f, plus: -1.242_014_084_6e-1)
    p = p.times(f, plus: 1.424_932_278_7e-1)
    p = p.times(f, plus: -1.666_805_766_5e-1)
    p = p.times(f, plus: 2.000_071_476_5e-1)
    p = p.times(f, plus: -2.499_999_399_3e-1)
    p = p.times(f, plus: 3.333_333_117_4e-1)
    // Smallest terms first: f³ p, the lower part of e ln 2, -f²/2, f, the upper part of e ln 2.
    var sum = exponent.times(Lanes(-2.121_944_40e-4), plus: f * square * p)
    sum = square.times(Lanes(-0.5), plus: sum)
    let result = exponent.times(Lanes(0.693_359_375), plus: f + sum)
    return result.replacing(with: self, where: self .== Lanes(.infinity))
      .replacing(with: Lanes(-.infinity), where: self .== Lanes())
      .replacing(with: Lanes(.nan), where: self .< Lanes())
      .replacing(with: self, where: self .!= self)
  }

  /// The hyperbolic tangent of each lane.
  ///
  /// At most 1.4 ulp from the true value: an odd polynomial up to 0.625, beyond it
  /// `1 - 2 / (exp(2 |x|) + 1)`. NaN gives NaN.
  @_transparent @inlinable
  package func hyperbolicTangent() -> Lanes {
    let z = self * self
    var p = z.times(Lanes(-5.704_988_727_45e-3), plus: 2.063_908_879_54e-2)
    p = p.times(z, plus: -5.373_971_555_31e-2)
    p = p.times(z, plus: 1.333_144_220_36e-1)
    p = p.times(z, plus: -3.333_328_194_22e-1)
    let inner = (p * z).times(self, plus: self)

    let size = magnitude
    let power = (size + size).exponential()
    let outer = Lanes(1) - Lanes(2) / (power + Lanes(1))
    let sign = bits & IntLanes(.min)
    return inner.replacing(with: Lanes(bits: outer.bits | sign), where: size .> Lanes(0.625))
  }
}
