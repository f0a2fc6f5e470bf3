/// A number that a run may carry as its size, its data or its loss.
///
/// It lets a key path name an `Int` parameter count and a `Float` loss alike:
/// `LossLaw.fit(runs, n: \.parameters, d: \.tokens, loss: \.loss)`.
public protocol Quantity {
  /// The number as a `Double`.
  var doubleValue: Double { get }
}

extension Double: Quantity {
  /// The number itself.
  public var doubleValue: Double { self }
}

extension Float: Quantity {
  /// The number, exactly.
  public var doubleValue: Double { Double(self) }
}

extension Int: Quantity {
  /// The nearest `Double`.
  public var doubleValue: Double { Double(self) }
}

extension Int64: Quantity {
  /// The nearest `Double`.
  public var doubleValue: Double { Double(self) }
}

extension Int32: Quantity {
  /// The number, exactly.
  public var doubleValue: Double { Double(self) }
}

extension UInt64: Quantity {
  /// The nearest `Double`.
  public var doubleValue: Double { Double(self) }
}
