// The 16-lane vector that every kernel is written in.
//
// Each operation is one instruction of the compiler's intermediate language (`Builtin`). The
// standard library's `SIMD16<Float>` spells most operations as loops over lanes and trusts the
// optimiser to find the vector again; it does so for a lone multiply-add, and not for a selection,
// a maximum or a shuffle among other code (seen in assembly: a loop through the stack per lane).
//
// These stand here and not beside the kernels because a debug build compiles each file of a module
// by itself and inlines nothing across files of one module, but does inline across modules. They
// are `@_transparent` because a vector passed through a real call is split into quarters, and
// because the code must be compiled for the caller's instruction set, never for this module's.
//
// An incremental debug build does not notice that the body of such a function has changed: after a
// change to this file or to `LaneFunctions.swift`, run `swift package clean`.

import Builtin

/// Sixteen floats: one AVX-512 register, two AVX2 registers, four of SSE or NEON.
@frozen @usableFromInline
package struct Lanes {
  @usableFromInline package var vector: Builtin.Vec16xFPIEEE32

  /// A vector of the intermediate language.
  @_transparent @inlinable
  package init(_ vector: Builtin.Vec16xFPIEEE32) { self.vector = vector }

  /// All lanes zero.
  @_transparent @inlinable
  package init() { vector = Builtin.zeroInitializer() }

  /// All lanes `scalar`.
  ///
  /// One broadcast instruction. Not `Builtin.shufflevector`: its mask must still be a constant when
  /// machine code is made, and compiler 6.3 crashes if a loop transformation has made it a variable.
  @_transparent @inlinable
  package init(_ scalar: Float) {
    var all: Builtin.Vec16xFPIEEE32 = Builtin.zeroInitializer()
    all = Builtin.insertelement_Vec16xFPIEEE32_FPIEEE32_Int32(all, scalar._value, Int32(0)._value)
    all = Builtin.insertelement_Vec16xFPIEEE32_FPIEEE32_Int32(all, scalar._value, Int32(1)._value)
    all = Builtin.insertelement_Vec16xFPIEEE32_FPIEEE32_Int32(all, scalar._value, Int32(2)._value)
    all = Builtin.insertelement_Vec16xFPIEEE32_FPIEEE32_Int32(all, scalar._value, Int32(3)._value)
    all = Builtin.insertelement_Vec16xFPIEEE32_FPIEEE32_Int32(all, scalar._value, Int32(4)._value)
    all = Builtin.insertelement_Vec16xFPIEEE32_FPIEEE32_Int32(all, scalar._value, Int32(5)._value)
    all = Builtin.insertelement_Vec16xFPIEEE32_FPIEEE32_Int32(all, scalar._value, Int32(6)._value)
    all = Builtin.insertelement_Vec16xFPIEEE32_FPIEEE32_Int32(all, scalar._value, Int32(7)._value)
    all = Builtin.insertelement_Vec16xFPIEEE32_FPIEEE32_Int32(all, scalar._value, Int32(8)._value)
    all = Builtin.insertelement_Vec16xFPIEEE32_FPIEEE32_Int32(all, scalar._value, Int32(9)._value)
    all = Builtin.insertelement_Vec16xFPIEEE32_FPIEEE32_Int32(all, scalar._value, Int32(10)._value)
    all = Builtin.insertelement_Vec16xFPIEEE32_FPIEEE32_Int32(all, scalar._value, Int32(11)._value)
    all = Builtin.insertelement_Vec16xFPIEEE32_FPIEEE32_Int32(all, scalar._value, Int32(12)._value)
    all = Builtin.insertelement_Vec16xFPIEEE32_FPIEEE32_Int32(all, scalar._value, Int32(13)._value)
    all = Builtin.insertelement_Vec16xFPIEEE32_FPIEEE32_Int32(all, scalar._value, Int32(14)._value)
    all = Builtin.insertelement_Vec16xFPIEEE32_FPIEEE32_Int32(all, scalar._value, Int32(15)._value)
    vector = all
  }

  /// Two halves, one behind the other.
  @_transparent @inlinable
  package init(_ low: HalfLanes, _ high: HalfLanes) {
    self = unsafeBitCast(
      SIMD16(
        lowHalf: unsafeBitCast(low, to: SIMD8<Float>.self),
        highHalf: unsafeBitCast(high, to: SIMD8<Float>.self)), to: Lanes.self)
  }

  /// Four quarters, one behind the other.
  @_transparent @inlinable
  package init(_ a: QuarterLanes, _ b: QuarterLanes, _ c: QuarterLanes, _ d: QuarterLanes) {
    self.init(HalfLanes(a, b), HalfLanes(c, d))
  }

  /// The first eight lanes.
  @_transparent @inlinable
  package var lowHalf: HalfLanes {
    unsafeBitCast(unsafeBitCast(self, to: SIMD16<Float>.self).lowHalf, to: HalfLanes.self)
  }

  /// The last eight lanes.
  @_transparent @inlinable
  package var highHalf: HalfLanes {
    unsafeBitCast(unsafeBitCast(self, to: SIMD16<Float>.self).highHalf, to: HalfLanes.self)
  }

  /// The floats that these bits mean.
  @_transparent @inlinable
  package init(bits: IntLanes) {
    vector = Builtin.bitcast_Vec16xInt32_Vec16xFPIEEE32(bits.vector)
  }

  /// The bits of each float.
  @_transparent @inlinable
  package var bits: IntLanes { IntLanes(Builtin.bitcast_Vec16xFPIEEE32_Vec16xInt32(vector)) }

  /// The first lane.
  @_transparent @inlinable
  package var first: Float {
    Float(Builtin.extractelement_Vec16xFPIEEE32_Int32(vector, Builtin.zeroInitializer()))
  }
}

/// Half of a lane group: eight floats, a register of AVX2.
@frozen @usableFromInline
package struct HalfLanes {
  @usableFromInline package var vector: Builtin.Vec8xFPIEEE32

  /// A vector of the intermediate language.
  @_transparent @inlinable
  package init(_ vector: Builtin.Vec8xFPIEEE32) { self.vector = vector }

  /// All lanes zero.
  @_transparent @inlinable
  package init() { vector = Builtin.zeroInitializer() }

  /// All lanes `scalar`.
  @_transparent @inlinable
  package init(_ scalar: Float) {
    var all: Builtin.Vec8xFPIEEE32 = Builtin.zeroInitializer()
    all = Builtin.insertelement_Vec8xFPIEEE32_FPIEEE32_Int32(all, scalar._value, Int32(0)._value)
    all = Builtin.insertelement_Vec8xFPIEEE32_FPIEEE32_Int32(all, scalar._value, Int32(1)._value)
    all = Builtin.insertelement_Vec8xFPIEEE32_FPIEEE32_Int32(all, scalar._value, Int32(2)._value)
    all = Builtin.insertelement_Vec8xFPIEEE32_FPIEEE32_Int32(all, scalar._value, Int32(3)._value)
    all = Builtin.insertelement_Vec8xFPIEEE32_FPIEEE32_Int32(all, scalar._value, Int32(4)._value)
    all = Builtin.insertelement_Vec8xFPIEEE32_FPIEEE32_Int32(all, scalar._value, Int32(5)._value)
    all = Builtin.insertelement_Vec8xFPIEEE32_FPIEEE32_Int32(all, scalar._value, Int32(6)._value)
    all = Builtin.insertelement_Vec8xFPIEEE32_FPIEEE32_Int32(all, scalar._value, Int32(7)._value)
    vector = all
  }

  /// Two quarters, one behind the other.
  @_transparent @inlinable
  package init(_ low: QuarterLanes, _ high: QuarterLanes) {
    self = unsafeBitCast(
      SIMD8(
        lowHalf: unsafeBitCast(low, to: SIMD4<Float>.self),
        highHalf: unsafeBitCast(high, to: SIMD4<Float>.self)), to: HalfLanes.self)
  }

  /// The fused `self * factor + addend`, rounded once.
  @_transparent @inlinable
  package func times(_ factor: HalfLanes, plus addend: HalfLanes) -> HalfLanes {
    HalfLanes(Builtin.int_fma_Vec8xFPIEEE32(vector, factor.vector, addend.vector))
  }

  /// Lane by lane.
  @_transparent @inlinable
  package static func + (a: HalfLanes, b: HalfLanes) -> HalfLanes {
    HalfLanes(Builtin.fadd_Vec8xFPIEEE32(a.vector, b.vector))
  }

  /// Lane by lane.
  @_transparent @inlinable
  package static func - (a: HalfLanes, b: HalfLanes) -> HalfLanes {
    HalfLanes(Builtin.fsub_Vec8xFPIEEE32(a.vector, b.vector))
  }

  /// Lane by lane.
  @_transparent @inlinable
  package static func * (a: HalfLanes, b: HalfLanes) -> HalfLanes {
    HalfLanes(Builtin.fmul_Vec8xFPIEEE32(a.vector, b.vector))
  }

  /// The lane-wise greater of two vectors; where a comparison with NaN fails, `self` stays.
  @_transparent @inlinable
  package func greater(_ other: HalfLanes) -> HalfLanes {
    let isGreater = Builtin.fcmp_ogt_Vec8xFPIEEE32(other.vector, vector)
    return HalfLanes(Builtin.select_Vec8xInt1_Vec8xFPIEEE32(isGreater, other.vector, vector))
  }
}

/// A quarter of a lane group: four floats, a register of SSE or NEON.
@frozen @usableFromInline
package struct QuarterLanes {
  @usableFromInline package var vector: Builtin.Vec4xFPIEEE32

  /// A vector of the intermediate language.
  @_transparent @inlinable
  package init(_ vector: Builtin.Vec4xFPIEEE32) { self.vector = vector }

  /// All lanes zero.
  @_transparent @inlinable
  package init() { vector = Builtin.zeroInitializer() }

  /// Lane by lane from both: `(a0 b0 a1 b1, a2 b2 a3 b3)`.
  @_transparent @inlinable
  package func interleaved(with other: QuarterLanes) -> (low: QuarterLanes, high: QuarterLanes) {
    let (low, high) = Builtin.interleave_Vec4xFPIEEE32(vector, other.vector)
    return (QuarterLanes(low), QuarterLanes(high))
  }

  /// What `interleaved` undoes: the lanes of even and of odd number of both, one after the other.
  @_transparent @inlinable
  package func deinterleaved(with other: QuarterLanes) -> (even: QuarterLanes, odd: QuarterLanes) {
    let (even, odd) = Builtin.deinterleave_Vec4xFPIEEE32(vector, other.vector)
    return (QuarterLanes(even), QuarterLanes(odd))
  }

  /// Lane by lane.
  @_transparent @inlinable
  package static func + (a: QuarterLanes, b: QuarterLanes) -> QuarterLanes {
    QuarterLanes(Builtin.fadd_Vec4xFPIEEE32(a.vector, b.vector))
  }

  /// The lane-wise greater of two vectors; where a comparison with NaN fails, `self` stays.
  @_transparent @inlinable
  package func greater(_ other: QuarterLanes) -> QuarterLanes {
    let isGreater = Builtin.fcmp_ogt_Vec4xFPIEEE32(other.vector, vector)
    return QuarterLanes(Builtin.select_Vec4xInt1_Vec4xFPIEEE32(isGreater, other.vector, vector))
  }
}

/// Sixteen truth values, the result of a comparison.
@frozen @usableFromInline
package struct LaneMask {
  @usableFromInline package var vector: Builtin.Vec16xInt1

  /// A vector of the intermediate language.
  @_transparent @inlinable
  package init(_ vector: Builtin.Vec16xInt1) { self.vector = vector }
}

// MARK: Memory

extension UnsafePointer<Float> {
  /// Asks for the line of the float at `offset`, which is read soon; any address will do.
  @_transparent @inlinable
  package func fetch(_ offset: Int = 0) {
    Builtin.int_prefetch_RawPointer(
      UnsafeRawPointer(self + offset)._rawValue, Int32(0)._value, Int32(3)._value, Int32(1)._value)
  }

  /// The same for a line that is read later: it need not come nearer than the second-level cache.
  @_transparent @inlinable
  package func fetchEarly(_ offset: Int = 0) {
    Builtin.int_prefetch_RawPointer(
      UnsafeRawPointer(self + offset)._rawValue, Int32(0)._value, Int32(2)._value, Int32(1)._value)
  }

  /// Sixteen floats from `offset` on.
  @_transparent @inlinable
  package func lanes(_ offset: Int = 0) -> Lanes {
    UnsafeRawPointer(self + offset).loadUnaligned(as: Lanes.self)
  }

  /// Eight floats from `offset` on.
  @_transparent @inlinable
  package func halfLanes(_ offset: Int = 0) -> HalfLanes {
    UnsafeRawPointer(self + offset).loadUnaligned(as: HalfLanes.self)
  }

  /// Four floats from `offset` on.
  @_transparent @inlinable
  package func quarterLanes(_ offset: Int = 0) -> QuarterLanes {
    UnsafeRawPointer(self + offset).loadUnaligned(as: QuarterLanes.self)
  }

  /// The two floats from `offset` on, eight times. One broadcast instruction.
  @_transparent @inlinable
  package func pairs(_ offset: Int = 0) -> Lanes {
    let pair = UnsafeRawPointer(self + offset).loadUnaligned(as: Int64.self)._value
    var all: Builtin.Vec8xInt64 = Builtin.zeroInitializer()
    all = Builtin.insertelement_Vec8xInt64_Int64_Int32(all, pair, Int32(0)._value)
    all = Builtin.insertelement_Vec8xInt64_Int64_Int32(all, pair, Int32(1)._value)
    all = Builtin.insertelement_Vec8xInt64_Int64_Int32(all, pair, Int32(2)._value)
    all = Builtin.insertelement_Vec8xInt64_Int64_Int32(all, pair, Int32(3)._value)
    all = Builtin.insertelement_Vec8xInt64_Int64_Int32(all, pair, Int32(4)._value)
    all = Builtin.insertelement_Vec8xInt64_Int64_Int32(all, pair, Int32(5)._value)
    all = Builtin.insertelement_Vec8xInt64_Int64_Int32(all, pair, Int32(6)._value)
    all = Builtin.insertelement_Vec8xInt64_Int64_Int32(all, pair, Int32(7)._value)
    return Lanes(Builtin.bitcast_Vec8xInt64_Vec16xFPIEEE32(all))
  }
}

extension UnsafeMutablePointer<Float> {
  /// Sixteen floats from `offset` on.
  @_transparent @inlinable
  package func lanes(_ offset: Int = 0) -> Lanes {
    UnsafeRawPointer(self + offset).loadUnaligned(as: Lanes.self)
  }

  /// Stores sixteen floats from `offset` on.
  @_transparent @inlinable
  package func store(_ value: Lanes, _ offset: Int = 0) {
    UnsafeMutableRawPointer(self + offset).storeBytes(of: value, as: Lanes.self)
  }

  /// Stores eight floats from `offset` on.
  @_transparent @inlinable
  package func store(_ value: HalfLanes, _ offset: Int = 0) {
    UnsafeMutableRawPointer(self + offset).storeBytes(of: value, as: HalfLanes.self)
  }

  /// Stores four floats from `offset` on.
  @_transparent @inlinable
  package func store(_ value: QuarterLanes, _ offset: Int = 0) {
    UnsafeMutableRawPointer(self + offset).storeBytes(of: value, as: QuarterLanes.self)
  }
}

/// Lends uninitialised floats on the stack, at a 64-byte boundary.
///
/// The standard library's `withUnsafeTemporaryAllocation` goes to the heap above 1024 bytes.
@_transparent @inlinable
package func withStackFloats(_ count: Int, _ body: (UnsafeMutablePointer<Float>) -> Void) {
  let raw = Builtin.stackAlloc(
    count._builtinWordValue, MemoryLayout<Float>.stride._builtinWordValue, 64._builtinWordValue)
  body(UnsafeMutablePointer<Float>(raw))
  Builtin.stackDealloc(raw)
}

// MARK: Arithmetic

extension Lanes {
  /// Lane by lane.
  @_transparent @inlinable
  package static func + (a: Lanes, b: Lanes) -> Lanes {
    Lanes(Builtin.fadd_Vec16xFPIEEE32(a.vector, b.vector))
  }

  /// Lane by lane.
  @_transparent @inlinable
  package static func - (a: Lanes, b: Lanes) -> Lanes {
    Lanes(Builtin.fsub_Vec16xFPIEEE32(a.vector, b.vector))
  }

  /// Lane by lane.
  @_transparent @inlinable
  package static func * (a: Lanes, b: Lanes) -> Lanes {
    Lanes(Builtin.fmul_Vec16xFPIEEE32(a.vector, b.vector))
  }

  /// Lane by lane.
  @_transparent @inlinable
  package static func / (a: Lanes, b: Lanes) -> Lanes {
    Lanes(Builtin.fdiv_Vec16xFPIEEE32(a.vector, b.vector))
  }

  /// The fused `self * factor + addend`, rounded once.
  @_transparent @inlinable
  package func times(_ factor: Lanes, plus addend: Lanes) -> Lanes {
    Lanes(Builtin.int_fma_Vec16xFPIEEE32(vector, factor.vector, addend.vector))
  }

  /// The fused `self * factor + addend` with a constant addend, for Horner's rule.
  @_transparent @inlinable
  package func times(_ factor: Lanes, plus addend: Float) -> Lanes {
    times(factor, plus: Lanes(addend))
  }

  /// The correctly rounded square root.
  @_transparent @inlinable
  package func squareRoot() -> Lanes { Lanes(Builtin.int_sqrt_Vec16xFPIEEE32(vector)) }

  /// The value with the other sign.
  @_transparent @inlinable
  package var negated: Lanes {
    Lanes(bits: IntLanes(Builtin.xor_Vec16xInt32(bits.vector, IntLanes(.min).vector)))
  }

  /// The absolute value: the sign bit cleared.
  @_transparent @inlinable
  package var magnitude: Lanes { Lanes(bits: bits & IntLanes(0x7FFF_FFFF)) }
}

// MARK: Comparison and selection

extension Lanes {
  /// Lane by lane.
  @_transparent @inlinable
  package static func .< (a: Lanes, b: Lanes) -> LaneMask {
    LaneMask(Builtin.fcmp_olt_Vec16xFPIEEE32(a.vector, b.vector))
  }

  /// Lane by lane.
  @_transparent @inlinable
  package static func .<= (a: Lanes, b: Lanes) -> LaneMask {
    LaneMask(Builtin.fcmp_ole_Vec16xFPIEEE32(a.vector, b.vector))
  }

  /// Lane by lane.
  @_transparent @inlinable
  package static func .> (a: Lanes, b: Lanes) -> LaneMask {
    LaneMask(Builtin.fcmp_ogt_Vec16xFPIEEE32(a.vector, b.vector))
  }

  /// Lane by lane.
  @_transparent @inlinable
  package static func .>= (a: Lanes, b: Lanes) -> LaneMask {
    LaneMask(Builtin.fcmp_oge_Vec16xFPIEEE32(a.vector, b.vector))
  }

  /// Lane by lane.
  @_transparent @inlinable
  package static func .== (a: Lanes, b: Lanes) -> LaneMask {
    LaneMask(Builtin.fcmp_oeq_Vec16xFPIEEE32(a.vector, b.vector))
  }

  /// Lane by lane.
  @_transparent @inlinable
  package static func .!= (a: Lanes, b: Lanes) -> LaneMask {
    LaneMask(Builtin.fcmp_une_Vec16xFPIEEE32(a.vector, b.vector))
  }

  /// `other` where `mask` is true, `self` elsewhere.
  @_transparent @inlinable
  package func replacing(with other: Lanes, where mask: LaneMask) -> Lanes {
    Lanes(Builtin.select_Vec16xInt1_Vec16xFPIEEE32(mask.vector, other.vector, vector))
  }

  /// The lane-wise greater of two vectors; where a comparison with NaN fails, `self` stays.
  @_transparent @inlinable
  package func greater(_ other: Lanes) -> Lanes { replacing(with: other, where: other .> self) }

  /// Zero where `x` is at most zero, as behind a ReLU; where x is NaN, the lane stays.
  @_transparent @inlinable
  package func gated(by x: Lanes) -> Lanes { replacing(with: Lanes(), where: x .<= Lanes()) }
}

// MARK: Across lanes

extension Lanes {
  /// Lane by lane from both: `(a0 b0 a1 b1 ... a7 b7, a8 b8 ... a15 b15)`.
  @_transparent @inlinable
  package func interleaved(with other: Lanes) -> (low: Lanes, high: Lanes) {
    let (low, high) = Builtin.interleave_Vec16xFPIEEE32(vector, other.vector)
    return (Lanes(low), Lanes(high))
  }

  /// What `interleaved` undoes: the lanes of even and of odd number of both, one after the other.
  @_transparent @inlinable
  package func deinterleaved(with other: Lanes) -> (even: Lanes, odd: Lanes) {
    let (even, odd) = Builtin.deinterleave_Vec16xFPIEEE32(vector, other.vector)
    return (Lanes(even), Lanes(odd))
  }

  /// The sum of all lanes by the fixed tree: lane i with i + 8, then i + 4, i + 2, i + 1.
  ///
  /// Interleaving a vector with itself puts each lane of the lower half beside its partner, so
  /// that four additions leave the sum in every lane.
  @_transparent @inlinable
  package func treeSum() -> Float {
    let (a, b) = interleaved(with: self)
    let eight = a + b
    let (c, d) = eight.interleaved(with: eight)
    let four = c + d
    let (e, f) = four.interleaved(with: four)
    let two = e + f
    let (g, h) = two.interleaved(with: two)
    return (g + h).first
  }

  /// The greatest lane by the same tree; NaN may or may not be passed over.
  @_transparent @inlinable
  package func treeMax() -> Float {
    let (a, b) = interleaved(with: self)
    let eight = a.greater(b)
    let (c, d) = eight.interleaved(with: eight)
    let four = c.greater(d)
    let (e, f) = four.interleaved(with: four)
    let two = e.greater(f)
    let (g, h) = two.interleaved(with: two)
    return g.greater(h).first
  }
}

// MARK: Integers

/// Sixteen 32-bit integers, for exponents and lane numbers.
@frozen @usableFromInline
package struct IntLanes {
  @usableFromInline package var vector: Builtin.Vec16xInt32

  /// A vector of the intermediate language.
  @_transparent @inlinable
  package init(_ vector: Builtin.Vec16xInt32) { self.vector = vector }

  /// All lanes `scalar`.
  @_transparent @inlinable
  package init(_ scalar: Int32) {
    var all: Builtin.Vec16xInt32 = Builtin.zeroInitializer()
    all = Builtin.insertelement_Vec16xInt32_Int32_Int32(all, scalar._value, Int32(0)._value)
    all = Builtin.insertelement_Vec16xInt32_Int32_Int32(all, scalar._value, Int32(1)._value)
    all = Builtin.insertelement_Vec16xInt32_Int32_Int32(all, scalar._value, Int32(2)._value)
    all = Builtin.insertelement_Vec16xInt32_Int32_Int32(all, scalar._value, Int32(3)._value)
    all = Builtin.insertelement_Vec16xInt32_Int32_Int32(all, scalar._value, Int32(4)._value)
    all = Builtin.insertelement_Vec16xInt32_Int32_Int32(all, scalar._value, Int32(5)._value)
    all = Builtin.insertelement_Vec16xInt32_Int32_Int32(all, scalar._value, Int32(6)._value)
    all = Builtin.insertelement_Vec16xInt32_Int32_Int32(all, scalar._value, Int32(7)._value)
    all = Builtin.insertelement_Vec16xInt32_Int32_Int32(all, scalar._value, Int32(8)._value)
    all = Builtin.insertelement_Vec16xInt32_Int32_Int32(all, scalar._value, Int32(9)._value)
    all = Builtin.insertelement_Vec16xInt32_Int32_Int32(all, scalar._value, Int32(10)._value)
    all = Builtin.insertelement_Vec16xInt32_Int32_Int32(all, scalar._value, Int32(11)._value)
    all = Builtin.insertelement_Vec16xInt32_Int32_Int32(all, scalar._value, Int32(12)._value)
    all = Builtin.insertelement_Vec16xInt32_Int32_Int32(all, scalar._value, Int32(13)._value)
    all = Builtin.insertelement_Vec16xInt32_Int32_Int32(all, scalar._value, Int32(14)._value)
    all = Builtin.insertelement_Vec16xInt32_Int32_Int32(all, scalar._value, Int32(15)._value)
    vector = all
  }

  /// The lane numbers 0...15.
  @_transparent @inlinable
  package static var numbers: IntLanes {
    IntLanes(
      SIMD16<Int32>(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15)._storage._value)
  }

  /// The integers as floats.
  @_transparent @inlinable
  package var floats: Lanes { Lanes(Builtin.sitofp_Vec16xInt32_Vec16xFPIEEE32(vector)) }

  /// Lane by lane.
  @_transparent @inlinable
  package static func &+ (a: IntLanes, b: IntLanes) -> IntLanes {
    IntLanes(Builtin.add_Vec16xInt32(a.vector, b.vector))
  }

  /// Lane by lane.
  @_transparent @inlinable
  package static func &- (a: IntLanes, b: IntLanes) -> IntLanes {
    IntLanes(Builtin.sub_Vec16xInt32(a.vector, b.vector))
  }

  /// Lane by lane.
  @_transparent @inlinable
  package static func & (a: IntLanes, b: IntLanes) -> IntLanes {
    IntLanes(Builtin.and_Vec16xInt32(a.vector, b.vector))
  }

  /// Lane by lane.
  @_transparent @inlinable
  package static func | (a: IntLanes, b: IntLanes) -> IntLanes {
    IntLanes(Builtin.or_Vec16xInt32(a.vector, b.vector))
  }

  /// A shift to the left by a count below 32.
  @_transparent @inlinable
  package static func << (a: IntLanes, count: Int32) -> IntLanes {
    IntLanes(Builtin.shl_Vec16xInt32(a.vector, IntLanes(count).vector))
  }

  /// A shift to the right by a count below 32 that keeps the sign.
  @_transparent @inlinable
  package static func >> (a: IntLanes, count: Int32) -> IntLanes {
    IntLanes(Builtin.ashr_Vec16xInt32(a.vector, IntLanes(count).vector))
  }

  /// Lane by lane.
  @_transparent @inlinable
  package static func .< (a: IntLanes, b: IntLanes) -> LaneMask {
    LaneMask(Builtin.cmp_slt_Vec16xInt32(a.vector, b.vector))
  }

  /// Lane by lane.
  @_transparent @inlinable
  package static func .>= (a: IntLanes, b: IntLanes) -> LaneMask {
    LaneMask(Builtin.cmp_sge_Vec16xInt32(a.vector, b.vector))
  }
}

/// Keeps the compiler from moving loads and stores past this place; no instruction.
@_transparent @inlinable
package func inOrder() { Builtin.fence_seqcst_singlethread() }
