/// Four lane groups that go through the same operations side by side.
///
/// One after the other, four long chains of operations fill the processor's queue with operations
/// that wait for the one before; side by side, most find their operands ready.
@frozen @usableFromInline
package struct FourLanes {
  @usableFromInline package var a: Lanes
  @usableFromInline package var b: Lanes
  @usableFromInline package var c: Lanes
  @usableFromInline package var d: Lanes

  /// Four groups.
  @_transparent @inlinable
  package init(_ a: Lanes, _ b: Lanes, _ c: Lanes, _ d: Lanes) {
    self.a = a
    self.b = b
    self.c = c
    self.d = d
  }

  /// Four groups, one behind the other.
  @_transparent @inlinable
  package init(_ source: UnsafeMutablePointer<Float>) {
    self.init(source.lanes(), source.lanes(16), source.lanes(32), source.lanes(48))
  }

  /// Stores the groups one behind the other.
  @_transparent @inlinable
  package func store(_ target: UnsafeMutablePointer<Float>) {
    target.store(a)
    target.store(b, 16)
    target.store(c, 32)
    target.store(d, 48)
  }

  /// The same operation on each group.
  @_transparent @inlinable
  package func each(_ operation: (Lanes) -> Lanes) -> FourLanes {
    FourLanes(operation(a), operation(b), operation(c), operation(d))
  }

  /// The same operation on each group and its counterpart.
  @_transparent @inlinable
  package func each(
    _ other: FourLanes, _ operation: (Lanes, Lanes) -> Lanes
  ) -> FourLanes {
    FourLanes(
      operation(a, other.a), operation(b, other.b), operation(c, other.c), operation(d, other.d))
  }

  /// e to the power of each lane, as `Lanes.exponentialOfNegative` has it.
  @_transparent @inlinable
  package func exponentialOfNegative() -> FourLanes {
    let magic = Lanes(Exponential.rounding(bias: 127))
    let x = each { $0.replacing(with: Lanes(-88), where: $0 .< Lanes(-88)) }
    let shifted = x.each { $0.times(Lanes(Exponential.perLogarithmOfTwo), plus: magic) }
    let minusN = shifted.each { magic - $0 }
    let r = x.each(minusN) { $0.times(Lanes(Exponential.perLogarithmOfTwo), plus: $1) }
    let c = Exponential.powersOfTwo
    var p = r.each { $0.times(Lanes(c.0), plus: c.1) }
    p = p.each(r) { $0.times($1, plus: c.2) }
    p = p.each(r) { $0.times($1, plus: c.3) }
    p = p.each(r) { $0.times($1, plus: c.4) }
    p = p.each(r) { $0.times($1, plus: c.5) }
    return p.each(shifted) { $0 * Lanes(bits: $1.bits << 23) }
  }
}
