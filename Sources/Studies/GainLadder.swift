import Foundation
import ScalingLaws

/// What each further example gains, along a ladder of examples.
///
/// Errors are averaged over what is resampled as a whole: students of a perceptron, or the seeds and draws
/// of a language.
public struct GainLadder: Sendable {
  /// One measurement.
  public struct Reading: Sendable {
    /// Which student, or which seed and draw.
    public var unit: Int
    /// How many examples it has seen.
    public var examples: Double
    /// Its error or its excess loss.
    public var error: Double

    /// A reading.
    public init(unit: Int, examples: Double, error: Double) {
      self.unit = unit
      self.examples = examples
      self.error = error
    }
  }

  /// Examples, ascending.
  public let examples: [Double]
  /// The mean error at each.
  public let errors: [Estimate]
  /// The gain per further example of a step over that of the step before; below 1, gains diminish.
  public let ratios: [Estimate]
  /// −d log error / d log examples by least squares over the upper half of the ladder.
  public let exponent: Estimate

  /// The ladder of readings; numbers of examples that some unit lacks are left out.
  ///
  /// - Throws: `FitError` if the resamples leave nothing to compare.
  public init(_ readings: [Reading]) throws {
    let units = Set(readings.map(\.unit)).count
    let examples = Dictionary(grouping: readings, by: \.examples)
      .filter { $0.value.count == units }.keys.sorted()
    precondition(
      examples.count >= 3, "a ladder of gains needs three numbers of examples all units share")
    let ensemble = try Ensemble(of: readings, resampling: \.unit) { readings in
      let groups = Dictionary(grouping: readings, by: \.examples)
      return examples.map { count in
        let own = groups[count] ?? []
        return own.reduce(0) { $0 + $1.error } / Double(own.count)
      }
    }
    func gains(_ row: [Double]) -> [Double] {
      examples.indices.dropLast().map {
        (row[$0] - row[$0 + 1]) / (examples[$0 + 1] - examples[$0])
      }
    }
    self.examples = examples
    errors = examples.indices.map { index in ensemble.estimate { $0[index] } }
    ratios = examples.indices.dropLast(2).map { index in
      ensemble.estimate { row in
        let gains = gains(row)
        return gains[index + 1] / gains[index]
      }
    }
    let upper = Array(examples.indices.suffix(max(2, examples.count / 2)))
    exponent = ensemble.estimate { row in
      -Slopes.slope(upper.map { log(examples[$0]) }, upper.map { log(row[$0]) })
    }
  }
}
