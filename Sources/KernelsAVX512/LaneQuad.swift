import KernelInterface

#if (KERNELS_AVX512 || KERNELS_AVX2) && arch(x86_64)

  #if KERNELS_AVX512
    /// A register whose lanes are heads.
    typealias HeadLanes = Lanes
  #else
    /// A register whose lanes are heads.
    typealias HeadLanes = HalfLanes
  #endif

  /// The floats of such a register: four heads of each sequence.
  var headLaneCount: Int { MemoryLayout<HeadLanes>.size / MemoryLayout<Float>.size }

  /// Four vectors, of four queries or of four columns.
  struct LaneQuad {
    var x0: HeadLanes
    var x1: HeadLanes
    var x2: HeadLanes
    var x3: HeadLanes

    @_transparent
    init(_ x0: HeadLanes, _ x1: HeadLanes, _ x2: HeadLanes, _ x3: HeadLanes) {
      (self.x0, self.x1, self.x2, self.x3) = (x0, x1, x2, x3)
    }

    /// The same vector four times.
    @_transparent
    init(_ x: HeadLanes = HeadLanes()) { self.init(x, x, x, x) }

    /// Vectors that lie `stride` floats apart.
    @_transparent
    init(_ source: UnsafePointer<Float>, _ stride: Int = headLaneCount) {
      self.init(
        source.headLanes(), source.headLanes(stride), source.headLanes(2 * stride),
        source.headLanes(3 * stride))
    }

    @_transparent
    init(_ source: UnsafeMutablePointer<Float>, _ stride: Int = headLaneCount) {
      self.init(UnsafePointer(source), stride)
    }

    @_transparent
    func store(_ target: UnsafeMutablePointer<Float>, _ stride: Int = headLaneCount) {
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
    static func * (a: LaneQuad, b: HeadLanes) -> LaneQuad {
      LaneQuad(a.x0 * b, a.x1 * b, a.x2 * b, a.x3 * b)
    }

    /// `self += factor * b`, four fused multiply-adds.
    @_transparent
    mutating func add(_ factor: HeadLanes, times b: LaneQuad) {
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

    #if KERNELS_AVX512
      @_transparent
      func exponentialOfNegative() -> LaneQuad {
        LaneQuad(
          x0.exponentialOfNegative(), x1.exponentialOfNegative(), x2.exponentialOfNegative(),
          x3.exponentialOfNegative())
      }
    #endif
  }

  extension UnsafePointer<Float> {
    /// One float of each head from `offset` on.
    @_transparent
    func headLanes(_ offset: Int = 0) -> HeadLanes {
      UnsafeRawPointer(self + offset).loadUnaligned(as: HeadLanes.self)
    }
  }

  extension HeadLanes {
    /// One float of each of four heads, for every sequence.
    @_transparent
    init(heads: SIMD4<Float>) {
      let half = SIMD8(lowHalf: heads, highHalf: heads)
      #if KERNELS_AVX512
        self = unsafeBitCast(SIMD16(lowHalf: half, highHalf: half), to: Lanes.self)
      #else
        self = unsafeBitCast(half, to: HalfLanes.self)
      #endif
    }
  }

#endif
