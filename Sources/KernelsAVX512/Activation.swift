import KernelInterface

extension Implementation {
  // Written as a clearing where x <= 0, so that NaN passes.
  public static func relu(
    count: Int, x: UnsafePointer<Float>, y: UnsafeMutablePointer<Float>
  ) {
    var i = 0
    while i < count {
      let value = x.lanes(i)
      y.store(value.replacing(with: Lanes(), where: value .<= Lanes()), i)
      i += laneCount
    }
  }

  public static func reluBackward(
    count: Int, x: UnsafePointer<Float>, dy: UnsafePointer<Float>,
    dx: UnsafeMutablePointer<Float>
  ) {
    var i = 0
    while i < count {
      dx.store(dy.lanes(i).replacing(with: Lanes(), where: x.lanes(i) .<= Lanes()), i)
      i += laneCount
    }
  }

  // (1 + tanh u) / 2 is the logistic function of 2u: one exponential and one division, and no
  // cancellation for negative x.
  public static func gelu(
    count: Int, x: UnsafePointer<Float>, y: UnsafeMutablePointer<Float>
  ) {
    var i = 0
    while i < count {
      let value = x.lanes(i)
      y.store(value / (Lanes(1) + geluExponent(value, value * value).exponential()), i)
      i += laneCount
    }
  }

  // With s the logistic function of 2u: gelu' = s + x s (1 - s) 2u'.
  public static func geluBackward(
    count: Int, x: UnsafePointer<Float>, dy: UnsafePointer<Float>,
    dx: UnsafeMutablePointer<Float>
  ) {
    var i = 0
    while i < count {
      let value = x.lanes(i)
      let square = value * value
      let s = Lanes(1) / (Lanes(1) + geluExponent(value, square).exponential())
      let slope = square.times(Lanes(3 * geluCubic), plus: geluLinear)
      let bend = value * slope * (s - s * s)
      dx.store(dy.lanes(i) * (bend + s), i)
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
