/// One axis of a panel: its scale, its label and, if the data should not decide, its ends and ticks.
public struct Axis: Sendable {
  enum Kind: Equatable, Sendable {
    case linear
    case logarithmic
    case categories(order: [String]?)
  }

  var kind: Kind
  /// The label's mark-up, with the unit: `"Excess loss (nats per token)"`, `"Tokens $D$"`.
  public var label: String
  var domain: ClosedRange<Double>?
  var ticks: [Tick]?
  var format: NumberFormat
  var includesZero = false
  /// Categories that are headings of those behind them.
  var headings: [String] = []

  /// An axis on which equal distances are equal differences.
  ///
  /// - Parameters:
  ///   - domain: The ends, exactly; nil takes those of the data with some room.
  ///   - ticks: The ticks, if they should not be chosen.
  ///   - includingZero: Whether zero is on the axis whatever the data.
  public static func linear(
    _ label: String = "", domain: ClosedRange<Double>? = nil, ticks: [Tick]? = nil,
    format: NumberFormat = .automatic, includingZero: Bool = false
  ) -> Axis {
    precondition(
      domain.map {
        $0.lowerBound < $0.upperBound && $0.lowerBound.isFinite && $0.upperBound.isFinite
      }
        ?? true, "a domain must be two different finite numbers; found \(domain!)")
    var axis = Axis(kind: .linear, label: label, domain: domain, ticks: ticks, format: format)
    axis.includesZero = includingZero
    return axis
  }

  /// An axis on which equal distances are equal ratios.
  ///
  /// A value that is not positive has no place on it: points are marked at the lower end, bars and
  /// bands are drawn to it.
  public static func log(
    _ label: String = "", domain: ClosedRange<Double>? = nil, ticks: [Tick]? = nil,
    format: NumberFormat = .automatic
  ) -> Axis {
    precondition(
      domain.map {
        $0.lowerBound > 0 && $0.lowerBound < $0.upperBound && $0.upperBound.isFinite
      } ?? true, "the domain of a logarithmic axis must be positive; found \(domain!)")
    return Axis(kind: .logarithmic, label: label, domain: domain, ticks: ticks, format: format)
  }

  /// An axis of names, one row or column each, in the order given or else of first appearance.
  ///
  /// On a y axis the first name is at the top.
  ///
  /// - Parameters:
  ///   - order: All names, headings included.
  ///   - headings: Names that stand over a group of others on a y axis: rows of their own without
  ///     marks, in bold, the others set back.
  public static func categories(
    _ label: String = "", order: [String]? = nil, headings: [String] = []
  ) -> Axis {
    var axis = Axis(
      kind: .categories(order: order), label: label, domain: nil, ticks: nil, format: .automatic)
    axis.headings = headings
    return axis
  }
}

/// A tick at a value, with mark-up for a label that is not simply the number.
public struct Tick: Equatable, Sendable, ExpressibleByFloatLiteral, ExpressibleByIntegerLiteral {
  /// Where the tick stands.
  public var value: Double
  /// The label's mark-up; nil writes the number.
  public var label: String?

  /// A tick at a value.
  public init(_ value: Double, _ label: String? = nil) {
    self.value = value
    self.label = label
  }

  /// A tick at a value.
  public init(floatLiteral value: Double) { self.init(value) }
  /// A tick at a value.
  public init(integerLiteral value: Int) { self.init(Double(value)) }
}

/// How the numbers on an axis are written.
public enum NumberFormat: Equatable, Sendable {
  /// Plain where plain is short, else as powers of ten.
  case automatic
  /// Always plain: `20,000`.
  case plain
  /// Always as powers of ten.
  case power
  /// As percentages: 0.25 is `25 %`.
  case percent
}
