import Foundation

/// Student's t-distribution, for intervals from a handful of seeds.
public enum StudentT {
  /// The probability that a t variable with `degrees` of freedom is at most `t`.
  ///
  /// From the regularised incomplete beta function: `P(|T| > t) = I_x(v/2, 1/2)`, `x = v/(v + t²)`.
  /// Accurate to about 1e-14.
  public static func cumulative(_ t: Double, degrees: Double) -> Double {
    precondition(degrees > 0, "degrees of freedom must be positive, not \(degrees)")
    if t.isInfinite { return t > 0 ? 1 : 0 }
    let tails = regularizedBeta(degrees / (degrees + t * t), a: degrees / 2, b: 0.5)
    return t > 0 ? 1 - tails / 2 : tails / 2
  }

  /// The value that a t variable with `degrees` of freedom stays below with `probability`.
  ///
  /// Bisection of `cumulative` on the upper half, which is monotone; relative error below 1e-13.
  /// 0 gives −∞ and 1 gives +∞.
  public static func quantile(_ probability: Double, degrees: Double) -> Double {
    precondition(
      probability >= 0 && probability <= 1, "a probability lies in 0...1, not \(probability)")
    precondition(degrees > 0, "degrees of freedom must be positive, not \(degrees)")
    if probability == 0.5 { return 0 }
    if probability < 0.5 { return -quantile(1 - probability, degrees: degrees) }
    if probability == 1 { return .infinity }
    // The upper tail is compared, not the cumulative: it keeps its digits close to 1.
    let tail = 2 * (1 - probability)
    func excess(_ t: Double) -> Double {
      regularizedBeta(degrees / (degrees + t * t), a: degrees / 2, b: 0.5) - tail
    }
    var low = 0.0
    var high = 1.0
    while excess(high) > 0 { (low, high) = (high, high * 2) }
    while high - low > 4 * high.ulp {
      let middle = low + (high - low) / 2
      if excess(middle) > 0 { low = middle } else { high = middle }
    }
    return low + (high - low) / 2
  }

  /// The regularised incomplete beta function I_x(a, b) by Lentz's continued fraction.
  ///
  /// Press et al., Numerical Recipes (3rd ed.), section 6.4.
  static func regularizedBeta(_ x: Double, a: Double, b: Double) -> Double {
    if x <= 0 { return 0 }
    if x >= 1 { return 1 }
    // The fraction converges fast for x < (a + 1)/(a + b + 2); elsewhere the symmetry helps.
    if x > (a + 1) / (a + b + 2) { return 1 - regularizedBeta(1 - x, a: b, b: a) }
    let front = exp(logGamma(a + b) - logGamma(a) - logGamma(b) + a * log(x) + b * log1p(-x)) / a
    let tiny = 1e-300
    var c = 1.0
    var d = 1 - (a + b) * x / (a + 1)
    d = 1 / (abs(d) < tiny ? tiny : d)
    var fraction = d
    for m in 1...400 {
      let m = Double(m)
      for numerator in [
        m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m)),
        -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1)),
      ] {
        d = 1 + numerator * d
        d = 1 / (abs(d) < tiny ? tiny : d)
        c = 1 + numerator / c
        if abs(c) < tiny { c = tiny }
        fraction *= d * c
      }
      if abs(d * c - 1) < 1e-16 { break }
    }
    return front * fraction
  }
}

/// The probability that a standard normal variable is at most `z`.
func normalCumulative(_ z: Double) -> Double { 0.5 * erfc(-z / 2.0.squareRoot()) }

/// The logarithm of the gamma function for a positive argument, to about 1e-15 of its size.
///
/// Stirling's series beyond 15, the recurrence below. The C library's `lgamma` is not used: it
/// writes a global sign, which races when fits run in parallel.
func logGamma(_ argument: Double) -> Double {
  precondition(argument > 0, "logGamma needs a positive argument, not \(argument)")
  var x = argument
  var product = 1.0
  while x < 15 {
    product *= x
    x += 1
  }
  let inverse = 1 / x
  let square = inverse * inverse
  let series =
    inverse
    * (1.0 / 12 - square
      * (1.0 / 360 - square * (1.0 / 1260 - square * (1.0 / 1680 - square / 1188))))
  return (x - 0.5) * log(x) - x + 0.5 * log(2 * Double.pi) + series - log(product)
}
