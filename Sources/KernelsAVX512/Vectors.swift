import KernelInterface

extension Implementation {
  /// `y = 0`.
  ///
  /// Writes 4 bytes an element: 45 % of the bandwidth of a cache that holds the arrays, on one core
  /// of a 2.5 GHz Cascade Lake with AVX-512.
  public static func zero(count: Int, y: UnsafeMutablePointer<Float>) {
    var i = 0
    while i < count {
      y.store(Lanes(), i)
      i += laneCount
    }
  }

  /// One addition an element.
  ///
  /// Reads 8 bytes and writes 4: 100 % of the bandwidth of a cache that holds the arrays, on one
  /// core of a 2.5 GHz Cascade Lake with AVX-512.
  public static func add(
    count: Int, x: UnsafePointer<Float>, y: UnsafeMutablePointer<Float>
  ) {
    var i = 0
    while i < count {
      y.store(y.lanes(i) + x.lanes(i), i)
      i += laneCount
    }
  }

  /// One fused multiply-add an element.
  ///
  /// Reads 8 bytes and writes 4: 100 % of the bandwidth of a cache that holds the arrays, on one
  /// core of a 2.5 GHz Cascade Lake with AVX-512.
  public static func addScaled(
    count: Int, factor: Float, x: UnsafePointer<Float>, y: UnsafeMutablePointer<Float>
  ) {
    let factor = Lanes(factor)
    var i = 0
    while i < count {
      y.store(x.lanes(i).times(factor, plus: y.lanes(i)), i)
      i += laneCount
    }
  }

  /// One product an element.
  ///
  /// Reads and writes 4 bytes: 93 % of the bandwidth of a cache that holds the arrays, on one core
  /// of a 2.5 GHz Cascade Lake with AVX-512.
  public static func scale(count: Int, factor: Float, y: UnsafeMutablePointer<Float>) {
    let factor = Lanes(factor)
    var i = 0
    while i < count {
      y.store(y.lanes(i) * factor, i)
      i += laneCount
    }
  }

  /// One product an element.
  ///
  /// Reads 8 bytes and writes 4: 97 % of the bandwidth of a cache that holds the arrays, on one core
  /// of a 3.2 GHz Zen 3 with AVX2.
  public static func multiply(
    count: Int, x: UnsafePointer<Float>, y: UnsafeMutablePointer<Float>
  ) {
    var i = 0
    while i < count {
      y.store(y.lanes(i) * x.lanes(i), i)
      i += laneCount
    }
  }

  /// Σ x²; 2 FLOPs an element, 16 chains and one tree.
  ///
  /// Reads 4 bytes an element; a chain waits for each of its multiply-adds: 45 % of the bandwidth
  /// of a cache that holds the arrays, on one core of a 2.5 GHz Cascade Lake with AVX-512.
  public static func sumOfSquares(count: Int, x: UnsafePointer<Float>) -> Float {
    var sum = Lanes()
    var i = 0
    while i < count {
      let value = x.lanes(i)
      sum = value.times(value, plus: sum)
      i += laneCount
    }
    return sum.treeSum()
  }

  /// 19 operations an element; see `Lanes.exponential`.
  ///
  /// Reads and writes 4 bytes: 66 % of the peak of multiply-adds, on one core of a 2.5 GHz Cascade
  /// Lake with AVX-512.
  public static func exp(count: Int, x: UnsafePointer<Float>, y: UnsafeMutablePointer<Float>) {
    var i = 0
    while i < count {
      y.store(x.lanes(i).exponential(), i)
      i += laneCount
    }
  }

  /// 34 operations an element; see `Lanes.logarithm`.
  ///
  /// Reads and writes 4 bytes: 65 % of the peak of multiply-adds, on one core of a 2.5 GHz Cascade
  /// Lake with AVX-512.
  public static func log(count: Int, x: UnsafePointer<Float>, y: UnsafeMutablePointer<Float>) {
    var i = 0
    while i < count {
      y.store(x.lanes(i).logarithm(), i)
      i += laneCount
    }
  }

  /// 35 operations an element; see `Lanes.hyperbolicTangent`.
  ///
  /// Reads and writes 4 bytes: 64 % of the peak of multiply-adds, on one core of a 2.5 GHz Cascade
  /// Lake with AVX-512.
  public static func tanh(count: Int, x: UnsafePointer<Float>, y: UnsafeMutablePointer<Float>) {
    var i = 0
    while i < count {
      y.store(x.lanes(i).hyperbolicTangent(), i)
      i += laneCount
    }
  }
}
