/// Why runs could not be fitted.
///
/// Rows are counted from 0 in the order in which the caller gave the runs.
public enum FitError: Error, Equatable, Sendable, CustomStringConvertible {
  /// A size, an amount of data or a loss that is not a positive, finite number.
  case notPositive(column: String, row: Int, found: Double)
  /// A loss at or below the known floor, so that no positive excess is left.
  case belowFloor(row: Int, loss: Double, floor: Double)
  /// A known floor that is negative or not finite.
  case invalidFloor(Double)
  /// Fewer rows than the form has parameters, plus one.
  case tooFewRows(found: Int, needed: Int, parameters: [String])
  /// A column with too few distinct values to tell its parameter.
  case tooFewDistinct(column: String, found: Int, needed: Int, parameter: String)
  /// A loss that is the same in all rows.
  case constant(column: String, value: Double)
  /// Sizes and data that lie on one line in the logarithms, D = k N^slope.
  case onOneLine(slope: Double)
  /// One group where an interval over groups needs two.
  case tooFewGroups(found: Int)
  /// More than half of the resampled fits failed; the first failure is named.
  case resamplingFailed(failed: Int, of: Int, first: String)
  /// The optimiser refused to start.
  case optimizer(String)

  /// What must hold, what was found, where, and what to do.
  public var description: String {
    switch self {
    case .notPositive(let column, let row, let found):
      "`\(column)` must be a positive, finite number; row \(row) (counted from 0) has \(found). "
        + "Remove the run or mend its value."
    case .belowFloor(let row, let loss, let floor):
      "every loss must lie above the known floor \(floor); row \(row) (counted from 0) has "
        + "\(loss). Lower the floor, or leave it free."
    case .invalidFloor(let floor):
      "a known floor must be a finite number that is not negative, not \(floor). "
        + "Leave the floor free if it is not known."
    case .tooFewRows(let found, let needed, let parameters):
      "a fit of \(parameters.joined(separator: ", ")) needs at least \(needed) runs; there are "
        + "\(found). Add runs, or fix the floor."
    case .tooFewDistinct(let column, let found, let needed, let parameter):
      "`\(parameter)` is not identified: it needs at least \(needed) distinct values of "
        + "`\(column)`, and the runs have \(found). Add runs at other values of `\(column)`."
    case .constant(let column, let value):
      "no law is identified: `\(column)` is \(value) in every run. "
        + "Check that the column is the right one."
    case .onOneLine(let slope):
      "`alpha` and `beta` are not identified: all runs lie on one line, D ~ N^\(rounded(slope)), "
        + "so that the two terms cannot be told apart. Add runs off the line."
    case .tooFewGroups(let found):
      "an interval over groups needs at least 2 groups; the runs have \(found). "
        + "Add seeds, or resample rows."
    case .resamplingFailed(let failed, let total, let first):
      "at most half of the resampled fits may fail; \(failed) of \(total) did. The first: \(first)"
    case .optimizer(let text):
      "NLopt did not start: \(text). This is a fault of the installation or of this package."
    }
  }

  private func rounded(_ value: Double) -> String {
    "\((value * 1000).rounded() / 1000)"
  }
}

/// What a fit that succeeded cannot show, or shows only in part.
public enum FitWarning: Equatable, Sendable, CustomStringConvertible {
  /// A parameter that the runs would allow to lie almost anywhere.
  case notIdentified(parameter: String, reason: String)
  /// A column that spans less than one factor of ten.
  case narrowRange(column: String, factor: Double)
  /// The floor went to zero: the runs show no irreducible loss.
  case floorAtZero
  /// An exponent that is not positive: the loss does not fall along that column.
  case exponentNotPositive(parameter: String, value: Double)
  /// The power mean became the maximum (q large) or the geometric mean (q small).
  case sharpnessAtLimit(Double)
  /// Another minimum is about as good as the best.
  case rivalMinimum(objective: Double, best: Double)
  /// The best minimum was found from fewer than a tenth of the starts.
  case fewStartsAgree(Int, of: Int)
  /// The best point is no minimum to working precision.
  case notConverged
  /// Some resampled fits failed and were left out of the intervals.
  case resamplesFailed(Int, of: Int)
  /// Too few groups for the bootstrap that was asked for.
  case fewGroups(Int)

  /// The warning as a sentence.
  public var description: String {
    switch self {
    case .notIdentified(let parameter, let reason):
      "`\(parameter)` is not identified: \(reason)."
    case .narrowRange(let column, let factor):
      "`\(column)` spans a factor of \(short(factor)) only; an exponent wants at least ten."
    case .floorAtZero:
      "the floor E went to zero: these runs show no irreducible loss."
    case .exponentNotPositive(let parameter, let value):
      "`\(parameter)` is \(short(value)): the loss does not fall along its column."
    case .sharpnessAtLimit(let q):
      q > 1
        ? "q = \(short(q)): the power mean cannot be told from the maximum; fit that form."
        : "q = \(short(q)): the power mean went to its geometric limit, where A and B lose meaning."
    case .rivalMinimum(let objective, let best):
      "another minimum is nearly as good: objective \(short(objective)) against \(short(best))."
    case .fewStartsAgree(let agreeing, let starts):
      "only \(agreeing) of \(starts) starts found the best minimum; try more starts."
    case .notConverged:
      "the best point found is no minimum to working precision; its parameters may drift."
    case .resamplesFailed(let failed, let total):
      "\(failed) of \(total) resampled fits failed and are left out of the intervals."
    case .fewGroups(1):
      "one group has no spread, so there are no intervals; add runs with another seed."
    case .fewGroups(let count):
      "a bootstrap over \(count) groups is too coarse for an interval; use the jackknife."
    }
  }

  private func short(_ value: Double) -> String {
    let estimate = Estimate(value)
    return estimate.formatted(digits: 3)
  }
}
