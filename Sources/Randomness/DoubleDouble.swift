/// An unevaluated sum of two Doubles, for about 100 bits; only what `Reproducible.pow` needs.
///
/// T. J. Dekker, "A floating-point technique for extending the available precision", Numerische
/// Mathematik 18 (1971) 224-242, doi:10.1007/BF01397083. Operands must stay below 2^990, or the
/// splitting overflows.
struct DoubleDouble {
  var high: Double
  var low: Double

  init(_ value: Double) { (high, low) = (value, 0) }

  init(high: Double, low: Double) { (self.high, self.low) = (high, low) }

  /// `a + b` exactly.
  static func sum(_ a: Double, _ b: Double) -> DoubleDouble {
    let s = a + b
    let t = s - a
    return DoubleDouble(high: s, low: (a - (s - t)) + (b - t))
  }

  /// `a b` exactly, by splitting each factor into halves of 26 bits.
  static func product(_ a: Double, _ b: Double) -> DoubleDouble {
    let p = a * b
    let (a1, a2) = halves(a)
    let (b1, b2) = halves(b)
    return DoubleDouble(high: p, low: ((a1 * b1 - p) + a1 * b2 + a2 * b1) + a2 * b2)
  }

  private static func halves(_ a: Double) -> (Double, Double) {
    let c = 134_217_729 * a
    let high = c - (c - a)
    return (high, a - high)
  }

  static func + (a: DoubleDouble, b: DoubleDouble) -> DoubleDouble {
    let s = sum(a.high, b.high)
    return sum(s.high, s.low + (a.low + b.low))
  }

  static func * (a: DoubleDouble, b: DoubleDouble) -> DoubleDouble {
    let p = product(a.high, b.high)
    return sum(p.high, p.low + (a.high * b.low + a.low * b.high))
  }

  static func * (a: DoubleDouble, b: Double) -> DoubleDouble { a * DoubleDouble(b) }

  static func / (a: DoubleDouble, b: DoubleDouble) -> DoubleDouble {
    let q = a.high / b.high
    let p = b * q
    let rest = ((a.high - p.high) - p.low) + a.low
    return sum(q, rest / b.high)
  }
}
