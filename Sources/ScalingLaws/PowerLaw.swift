import Foundation

/// A power law without a floor, y = A x^-alpha: a straight line in the logarithms.
///
/// Fit it to an *excess* loss, or to a quantity that goes to zero. A floor left in the data bends the
/// line and makes the exponent too small; use `PowerLawWithFloor` there.
public struct PowerLaw: Codable, Equatable, Sendable {
  /// A: y at x = 1.
  public var coefficient: Double
  /// alpha: positive when y falls.
  public var exponent: Double

  /// Creates a law.
  public init(coefficient: Double, exponent: Double) {
    self.coefficient = coefficient
    self.exponent = exponent
  }

  /// y at `x`.
  public func callAsFunction(_ x: Double) -> Double { coefficient * pow(x, -exponent) }
}

/// A power law with a floor, y = E + A x^-alpha.
public struct PowerLawWithFloor: Codable, Equatable, Sendable {
  /// E: what y goes to.
  public var floor: Double
  /// A: y − E at x = 1.
  public var coefficient: Double
  /// alpha: positive when y falls.
  public var exponent: Double

  /// Creates a law.
  public init(floor: Double, coefficient: Double, exponent: Double) {
    self.floor = floor
    self.coefficient = coefficient
    self.exponent = exponent
  }

  /// y at `x`.
  public func callAsFunction(_ x: Double) -> Double { floor + coefficient * pow(x, -exponent) }
}

/// A fitted power law of one variable, with or without a floor.
public struct PowerFit<Law: Sendable>: Sendable {
  /// The best law.
  public let law: Law
  /// The laws of the resamples; nil if none were asked for.
  public let ensemble: Ensemble<Law>?
  /// A, with its interval.
  public let coefficient: Estimate
  /// alpha, with its interval.
  public let exponent: Estimate
  /// E, with its interval if it was fitted; 0 in a law without a floor.
  public let floor: Estimate
  /// The standard error of alpha by least-squares theory: rows err independently.
  ///
  /// NaN where the other parameters leave alpha undetermined.
  public let exponentError: Double
  /// The standard error of log A; NaN as above.
  public let logCoefficientError: Double
  /// The share of the variance of log y that the law accounts for.
  public let rSquared: Double
  /// The scatter of log y about the law: √(Σ r² / (n − p)).
  public let residualDeviation: Double
  /// The number of rows.
  public let rows: Int
  /// How the minimum was found; nil where it has a closed form (squared, no floor).
  public let search: SearchReport?
  /// What the rows cannot show about this law.
  public let warnings: [FitWarning]

  /// Any quantity of the law, with its interval if there is an ensemble.
  public func estimate(
    _ scale: Ensemble<Law>.Scale = .linear, _ quantity: (Law) -> Double
  ) -> Estimate {
    ensemble?.estimate(scale, quantity) ?? Estimate(quantity(law))
  }
}
