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

  /// `arctan x`, in [−π/2, π/2]; error below 1 ulp.
  ///
  /// `arctan |x| = arctan a + arctan((|x| − a) / (1 + a |x|))` with a the nearest of 0, ½, 1, 3/2 and
  /// ∞, so that the second argument is at most 7/16, and an odd polynomial there (FDLIBM, Sun
  /// Microsystems 1993, s_atan.c). Infinity gives ±π/2, NaN gives NaN.
  public static func atan(_ x: Double) -> Double {
    let magnitude = x.magnitude
    let t: Double
    let (high, low): (Double, Double)
    switch magnitude {
    case ..<0x1p-28: return x
    case ..<0.4375: (t, high, low) = (magnitude, 0, 0)
    case ..<0.6875:
      t = (2 * magnitude - 1) / (2 + magnitude)
      (high, low) = (4.63647609000806093515e-01, 2.26987774529616870924e-17)
    case ..<1.1875:
      t = (magnitude - 1) / (magnitude + 1)
      (high, low) = (7.85398163397448278999e-01, 3.06161699786838301793e-17)
    case ..<2.4375:
      t = (magnitude - 1.5) / (1 + 1.5 * magnitude)
      (high, low) = (9.82793723247329054082e-01, 1.39033110312309984516e-17)
    default:
      t = -1 / magnitude
      (high, low) = (1.57079632679489655800e+00, 6.12323399573676603587e-17)
    }
    let z = t * t
    let w = z * z
    var odd = 1.62858201153657823623e-02
    odd = odd * w + 4.97687799461593236017e-02
    odd = odd * w + 6.66107313738753120669e-02
    odd = odd * w + 9.09088713343650656196e-02
    odd = odd * w + 1.42857142725034663711e-01
    odd = z * (odd * w + 3.33333333333329318027e-01)
    var even = -3.65315727442169155270e-02
    even = even * w - 5.83357013379057348645e-02
    even = even * w - 7.69187620504482999495e-02
    even = even * w - 1.11111104054623557880e-01
    even = w * (even * w - 1.99999999998764832476e-01)
    let angle = high - ((t * (odd + even) - low) - t)
    return x < 0 ? -angle : angle
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
