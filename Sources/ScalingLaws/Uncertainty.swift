/// How the intervals of a fit are made: what is resampled, and which interval is drawn from it.
///
/// Which to use:
/// - **Fewer than ten seeds**: `.jackknife` (what `.automatic` takes). Three seeds have ten distinct
///   bootstrap resamples, whose percentiles reach no further than the most extreme seed: an interval
///   called 95 % then holds the truth in about three of four cases (`CoverageTests`). The jackknife
///   leaves out one seed at a time and multiplies its standard error by Student's t for the few degrees
///   of freedom. With the huber objective, which is nearly a median, it is wider than need
///   be; `.groupFits` is narrower there, if each seed's runs can be fitted alone.
/// - **Ten seeds or more**: `.expanded` over groups.
/// - **One run a design point, no seeds**: `.rows`, or `.residuals` if the design (which N and D were
///   run) is fixed and small; both suppose that the rows err independently, which runs that share
///   a data stream do not.
///
/// No interval here knows of a wrong form: it says how far the *same* form moves with other seeds.
public struct Uncertainty: Equatable, Sendable {
  /// What a resample draws anew.
  public enum Unit: String, Sendable, CaseIterable {
    /// Whole groups (seeds), with replacement.
    case groups
    /// Rows with replacement within each group (the case bootstrap).
    case rows
    /// Log residuals of the full fit with replacement within each group; N and D stay.
    case residuals
  }

  /// The interval that is drawn from the resamples.
  public enum Interval: String, Sendable, CaseIterable {
    /// The jackknife below ten groups, `.expanded` otherwise, and no interval at all from one group.
    case automatic
    /// The plain percentiles of the bootstrap. Too narrow by the factor √((n - p)/n) and more.
    case percentile
    /// Percentiles pushed outwards so that the interval of a mean is that of Student's t
    /// (Hesterberg 2015, The American Statistician 69:371, section 4.2).
    case expanded
    /// Percentiles shifted by the bias of the resamples' median (Efron 1987, Journal of the American
    /// Statistical Association 82:171, section 2, BC).
    ///
    /// For rows and the huber objective with its small delta, whose resamples are skewed and
    /// spread too far: plain percentiles hold the truth in 98 % of tables where these do in 95 %
    /// (`benchmarks fit --coverage`).
    case biasCorrected
    /// The estimate plus and minus t(G - 1) times the jackknife's standard error; no randomness.
    case jackknife
    /// The estimate plus and minus t(G - 1) s/√G over fits of each group alone.
    ///
    /// Needs groups that are large enough to be fitted alone.
    case groupFits
  }

  /// What a resample draws anew.
  public var unit: Unit
  /// The interval that is drawn from the resamples.
  public var interval: Interval
  /// The number of bootstrap resamples; the jackknife and the group fits need one fit a group.
  public var samples: Int
  /// The level of the interval.
  public var level: Double
  /// The seed of the draws.
  public var seed: UInt64

  /// Creates the settings; every one has a default that suits seeds as groups.
  public init(
    unit: Unit = .groups, interval: Interval = .automatic, samples: Int = 400,
    level: Double = 0.95, seed: UInt64 = 1
  ) {
    precondition(samples >= 20, "percentiles need at least 20 resamples, not \(samples)")
    precondition(level > 0 && level < 1, "a level must lie in 0..<1, not \(level)")
    precondition(
      unit == .groups || (interval != .jackknife && interval != .groupFits),
      "the jackknife and the group fits need `unit: .groups`")
    self.unit = unit
    self.interval = interval
    self.samples = samples
    self.level = level
    self.seed = seed
  }

  /// A bootstrap of rows, for runs that have no groups.
  public static func rows(samples: Int = 400, level: Double = 0.95, seed: UInt64 = 1) -> Self {
    Self(unit: .rows, samples: samples, level: level, seed: seed)
  }

  /// A bootstrap of log residuals, for runs that have no groups.
  public static func residuals(samples: Int = 400, level: Double = 0.95, seed: UInt64 = 1) -> Self {
    Self(unit: .residuals, samples: samples, level: level, seed: seed)
  }
}
