import KernelInterface

#if KERNELS_AVX512 && arch(x86_64)

  /// Four vectors, of four queries or of four columns.
  struct LaneQuad {
    var x0: Lanes
    var x1: Lanes
    var x2: Lanes
    var x3: Lanes

    @_transparent
    init(_ x0: Lanes, _ x1: Lanes, _ x2: Lanes, _ x3: Lanes) {
      (self.x0, self.x1, self.x2, self.x3) = (x0, x1, x2, x3)
    }

    /// The same vector four times.
    @_transparent
    init(_ x: Lanes = Lanes()) { self.init(x, x, x, x) }

    /// Vectors that lie `stride` floats apart.
    @_transparent
    init(_ source: UnsafePointer<Float>, _ stride: Int = laneCount) {
      self.init(
        source.lanes(), source.lanes(stride), source.lanes(2 * stride), source.lanes(3 * stride))
    }

    @_transparent
    init(_ source: UnsafeMutablePointer<Float>, _ stride: Int = laneCount) {
      self.init(UnsafePointer(source), stride)
    }

    @_transparent
    func store(_ target: UnsafeMutablePointer<Float>, _ stride: Int = laneCount) {
      target.store(x0)
      target.store(x1, stride)
      target.store(x2, 2 * stride)
      target.store(x3, 3 * stride)
    }

    @_transparent
    static func + (a: LaneQuad, b: LaneQuad) -> LaneQuad {
      LaneQuad(a.x0 + b.x0, a.x1 + b.x1, a.x2 + b.x2, a.x3 + b.x3)
    }

    @_transparent
    static func - (a: LaneQuad, b: LaneQuad) -> LaneQuad {
      LaneQuad(a.x0 - b.x0, a.x1 - b.x1, a.x2 - b.x2, a.x3 - b.x3)
    }

    @_transparent
    static func * (a: LaneQuad, b: LaneQuad) -> LaneQuad {
      LaneQuad(a.x0 * b.x0, a.x1 * b.x1, a.x2 * b.x2, a.x3 * b.x3)
    }

    @_transparent
    static func * (a: LaneQuad, b: Lanes) -> LaneQuad {
      LaneQuad(a.x0 * b, a.x1 * b, a.x2 * b, a.x3 * b)
    }

    /// `self += factor * b`, four fused multiply-adds.
    @_transparent
    mutating func add(_ factor: Lanes, times b: LaneQuad) {
      x0 = factor.times(b.x0, plus: x0)
      x1 = factor.times(b.x1, plus: x1)
      x2 = factor.times(b.x2, plus: x2)
      x3 = factor.times(b.x3, plus: x3)
    }

    @_transparent
    mutating func add(_ a: LaneQuad, times b: LaneQuad) {
      x0 = a.x0.times(b.x0, plus: x0)
      x1 = a.x1.times(b.x1, plus: x1)
      x2 = a.x2.times(b.x2, plus: x2)
      x3 = a.x3.times(b.x3, plus: x3)
    }

    @_transparent
    func greater(_ b: LaneQuad) -> LaneQuad {
      LaneQuad(x0.greater(b.x0), x1.greater(b.x1), x2.greater(b.x2), x3.greater(b.x3))
    }

    @_transparent
    func exponentialOfNegative() -> LaneQuad {
      LaneQuad(
        x0.exponentialOfNegative(), x1.exponentialOfNegative(), x2.exponentialOfNegative(),
        x3.exponentialOfNegative())
    }
  }

#endif
