/// A value on an axis: a number, or the name of a category.
public enum Datum: Hashable, Sendable {
  /// A place on a linear or logarithmic axis.
  case number(Double)
  /// A category.
  case name(String)

  var number: Double? {
    if case .number(let value) = self { return value }
    return nil
  }

  var text: String {
    switch self {
    case .number(let value): csvNumber(value)
    case .name(let name): name
    }
  }
}

/// A type whose values can stand on an axis: every number, and strings as categories.
public protocol Plottable {
  /// The value as an axis takes it.
  var datum: Datum { get }
}

extension Double: Plottable {
  /// The value as an axis takes it.
  public var datum: Datum { .number(self) }
}
extension Float: Plottable {
  /// The value as an axis takes it.
  public var datum: Datum { .number(Double(self)) }
}
extension Int: Plottable {
  /// The value as an axis takes it.
  public var datum: Datum { .number(Double(self)) }
}
extension Int32: Plottable {
  /// The value as an axis takes it.
  public var datum: Datum { .number(Double(self)) }
}
extension Int64: Plottable {
  /// The value as an axis takes it.
  public var datum: Datum { .number(Double(self)) }
}
extension UInt64: Plottable {
  /// The value as an axis takes it.
  public var datum: Datum { .number(Double(self)) }
}
extension String: Plottable {
  /// The value as an axis takes it.
  public var datum: Datum { .name(self) }
}

/// The shortest text that reads back as the same number; whole numbers have no point.
func csvNumber(_ value: Double) -> String {
  if value == value.rounded(), abs(value) < 1e15 { return String(Int(value)) }
  return "\(value)"
}
