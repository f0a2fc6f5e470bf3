/// Elementary functions in Double with the same bits on every machine.
///
/// They are made of `+ - * /` and integer work on the bits only, each correctly rounded by IEEE 754,
/// so the result depends on neither the CPU nor the platform's mathematical library. Use them for
/// tables and seeds that a stored result depends on; a plain report may use Foundation's.
/// No fused multiply-add: Swift never contracts `a * b + c` of its own accord.
public enum Reproducible {
  // The constants of `exp` and `log` are those of FDLIBM (Sun Microsystems 1993, e_exp.c and
  // e_log.c): ln 2 in two parts, of which the first has 33 trailing zero bits, so that its product
  // with an exponent is exact.
  private static let ln2High = 6.93147180369123816490e-01
  private static let ln2Low = 1.90821492927058770002e-10

  /// `e^x`; error below 1 ulp where the result is normal.
  ///
  /// `x = k ln 2 + r` with `|r| ≤ ln 2 / 2`, a rational approximation of `e^r`, times 2^k.
  /// Above 709.79 the result is infinite; below −745.14 it is zero; subnormal results have an
  /// absolute error of one least subnormal. NaN gives NaN.
  public static func exp(_ x: Double) -> Double {
    guard x < 709.782712893384 else { return x.isNaN ? x : .infinity }
    guard x > -745.1332191019412 else { return 0 }
    let power = Int(x * 1.44269504088896338700 + (x < 0 ? -0.5 : 0.5))
    let k = Double(power)
    let high = x - k * ln2High
    let low = k * ln2Low
    let r = high - low
    let t = r * r
    var p = 4.13813679705723846039e-08 * t - 1.65339022054652515390e-06
    p = p * t + 6.61375632143793436117e-05
    p = p * t - 2.77777777770155933842e-03
    p = p * t + 1.66666666666666019037e-01
    let c = r - t * p
    let y = 1 - ((low - r * c / (2 - c)) - high)
    return scaled(y, by: power)
  }

  /// `ln x`; error below 1 ulp.
  ///
  /// `x = 2^k (1 + f)` with `√½ ≤ 1 + f < √2`, `s = f / (2 + f)`, a polynomial in `s²`. Zero gives
  /// −∞, a negative number NaN, infinity infinity.
  public static func log(_ x: Double) -> Double {
    guard x > 0 else { return x == 0 ? -.infinity : .nan }
    guard x < .infinity else { return x }
    let (k, f) = reduced(x)
    let s = f / (2 + f)
    let z = s * s
    let w = z * z
    let even =
      w
      * (3.999999999940941908e-01 + w
        * (2.222219843214978396e-01
          + w * 1.531383769920937332e-01))
    let odd =
      z
      * (6.666666666666735130e-01 + w
        * (2.857142874366239149e-01
          + w * (1.818357216161805012e-01 + w * 1.479819860511658591e-01)))
    let half = 0.5 * f * f
    let e = Double(k)
    return e * ln2High - ((half - (s * (half + (even + odd)) + e * ln2Low)) - f)
  }

  /// `x^y` for `x ≥ 0`; error below 2 ulp where the result is normal.
  ///
  /// `exp(y ln x)` with the logarithm and the product in more than 70 bits. `pow(x, 0)` and
  /// `pow(1, y)` are 1; `pow(0, y)` is 0 for y > 0 and infinite for y < 0. A negative or NaN
  /// argument gives NaN: integer powers of negative numbers are not what this is for.
  public static func pow(_ x: Double, _ y: Double) -> Double {
    if y == 0 || x == 1 { return 1 }
    guard x >= 0, !y.isNaN else { return .nan }
    if x == 0 { return y > 0 ? 0 : .infinity }
    if x == .infinity { return y > 0 ? .infinity : 0 }
    if y.isInfinite { return (x > 1) == (y > 0) ? .infinity : 0 }
    if y.magnitude > 0x1p62 { return (x > 1) == (y > 0) ? .infinity : 0 }
    let exponent = logarithm(x) * y
    guard exponent.high.magnitude < 800 else { return exponent.high > 0 ? .infinity : 0 }
    // The low part is below 1e-13, so that e^low = 1 + low to the last bit.
    let result = exp(exponent.high)
    return result.isFinite ? result + result * exponent.low : result
  }

  // MARK: Parts

  /// `y · 2^k` for y in [½, 2], with one rounding if the result is subnormal.
  private static func scaled(_ y: Double, by k: Int) -> Double {
    if k > 1023 { return y * 2 * Double(bitPattern: UInt64(k - 1 + 1023) << 52) }
    if k >= -1021 { return y * Double(bitPattern: UInt64(k + 1023) << 52) }
    return y * Double(bitPattern: UInt64(k + 60 + 1023) << 52) * 0x1p-60
  }

  /// k and f with `x = 2^k (1 + f)` exactly and `√½ ≤ 1 + f < √2`; x positive and finite.
  private static func reduced(_ x: Double) -> (Int, Double) {
    var k = 0
    var value = x
    if value < 0x1p-1022 {
      value *= 0x1p54
      k -= 54
    }
    let bits = value.bitPattern
    k += Int(bits >> 52) - 1023
    var mantissa = Double(bitPattern: bits & 0x000F_FFFF_FFFF_FFFF | 0x3FF0_0000_0000_0000)
    if mantissa >= 1.4142135623730951 {
      mantissa *= 0.5
      k += 1
    }
    return (k, mantissa - 1)
  }

  /// `ln x` as an unevaluated sum of two Doubles, relative error below 2^-70.
  ///
  /// `ln(1 + f) = 2 (s + s³/3 + s⁵/5 + …)` with `s = f / (2 + f)`, |s| ≤ 0.172; the terms from
  /// s⁹ on in Double, whose rounding is below 2^-53 · s⁸ of the result.
  private static func logarithm(_ x: Double) -> DoubleDouble {
    let (k, f) = reduced(x)
    let s = DoubleDouble(f) / DoubleDouble.sum(2, f)
    let z = s * s
    // 1/9 + z/11 + … + z¹⁰/29: the first neglected term of the series is below 2^-80.
    var tail = 0.0
    var n = 29.0
    while n >= 9 {
      tail = tail * z.high + 1 / n
      n -= 2
    }
    var series = DoubleDouble(tail)
    for odd in [7.0, 5, 3, 1] { series = series * z + DoubleDouble(1) / DoubleDouble(odd) }
    let ln2 = DoubleDouble(high: 0.6931471805599453, low: 2.3190468138462996e-17)
    return ln2 * Double(k) + series * s * 2
  }
}
