/// Numbers as one string in the style of the book, for tables and terminals.
///
/// The rules are those of recorded values in prose: significant digits, a real minus sign,
/// thousands separators, a power of ten where zeros would be counted.
public enum BookNumber {
  /// A number; `digits` are significant digits, 0 prints an exact count in full.
  public static func text(
    _ value: Double, digits: Int = 3, percent: Bool = false, unit: String = ""
  ) -> String {
    NumberText(value, digits: digits, percent: percent, unit: unit).plain
  }

  /// A number with its interval in brackets, to the same decimal place.
  public static func text(
    _ value: Double, low: Double, high: Double, digits: Int = 3, percent: Bool = false,
    unit: String = ""
  ) -> String {
    NumberText(value, low: low, high: high, digits: digits, percent: percent, unit: unit).plain
  }
}
