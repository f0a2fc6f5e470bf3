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
    let magic = Lanes(12_582_912 + 127)
    let x = each { $0.replacing(with: Lanes(-88), where: $0 .< Lanes(-88)) }
    let shifted = x.each { $0.times(Lanes(1.442_695_04), plus: magic) }
    let n = shifted.each { $0 - magic }
    let upper = n.each(x) { $0.times(Lanes(-0.693_359_375), plus: $1) }
    let r = n.each(upper) { $0.times(Lanes(2.121_944_40e-4), plus: $1) }
    var p = r.each { $0.times(Lanes(1.987_569_150_0e-4), plus: 1.398_199_950_7e-3) }
    p = p.each(r) { $0.times($1, plus: 8.333_451_907_3e-3) }
    p = p.each(r) { $0.times($1, plus: 4.166_579_589_4e-2) }
    p = p.each(r) { $0.times($1, plus: 1.666_666_545_9e-1) }
    p = p.each(r) { $0.times($1, plus: 5.000_000_120_1e-1) }
    p = p.each(r) { $0.times($1, plus: 1) }
    p = p.each(r) { $0.times($1, plus: 1) }
    return p.each(shifted) { $0 * Lanes(bits: $1.bits << 23) }
  }
}
