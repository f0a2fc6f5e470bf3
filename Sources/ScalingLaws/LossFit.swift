/// A loss law fitted to runs, with its intervals, its search and what it cannot show.
public struct LossFit: Sendable {
  /// The best law.
  public let law: LossLaw
  /// The laws of the resamples; nil if no uncertainty was asked for.
  public let ensemble: Ensemble<LossLaw>?
  /// How the best minimum was found, and whether it is one.
  public let search: SearchReport
  /// The number of runs.
  public let rows: Int
  /// What was minimised.
  public let objective: FitObjective
  /// What the runs cannot show about this law.
  public internal(set) var warnings: [FitWarning] = []
  /// What the search solved; the diagnostics go on from it.
  let problem: FitProblem
  let result: FitProblem.Result

  /// Any quantity of the law, with its interval if there is an ensemble.
  public func estimate(
    _ scale: Ensemble<LossLaw>.Scale = .linear, _ quantity: (LossLaw) -> Double
  ) -> Estimate {
    ensemble?.estimate(scale, quantity) ?? Estimate(quantity(law))
  }

  /// E, never below zero; a known floor has no interval.
  public var floor: Estimate {
    var estimate = estimate { $0.floor }
    estimate.low = max(0, estimate.low)
    return estimate.low == estimate.high ? Estimate(law.floor) : estimate
  }

  /// A.
  public var sizeCoefficient: Estimate { estimate(.logarithmic) { $0.sizeCoefficient } }

  /// alpha.
  public var alpha: Estimate { estimate { $0.alpha } }

  /// B.
  public var dataCoefficient: Estimate { estimate(.logarithmic) { $0.dataCoefficient } }

  /// beta.
  public var beta: Estimate { estimate { $0.beta } }

  /// q; nil unless the form is the power mean.
  public var sharpness: Estimate? {
    law.form == .powerMean ? estimate(.logarithmic) { $0.sharpness } : nil
  }

  /// a in N_opt ~ C^a.
  public var optimalSizeExponent: Estimate { estimate { $0.optimalSizeExponent } }

  /// b in D_opt ~ C^b.
  public var optimalDataExponent: Estimate { estimate { $0.optimalDataExponent } }

  /// The gain from `factor` more size or data at a point, each with its interval.
  public func gain(n: Double, d: Double, factor: Double = 10) -> (size: Estimate, data: Estimate) {
    (
      estimate(.logarithmic) { $0.gain(n: n, d: d, factor: factor).size },
      estimate(.logarithmic) { $0.gain(n: n, d: d, factor: factor).data }
    )
  }
}
