import Foundation

/// How far a law is off on runs that it was not fitted to.
///
/// Both errors are root mean squares of log ratios, so 0.02 reads as 2 %. The excess error is the one
/// to watch: a total loss predicted to 2 % may miss half of what is left to gain.
public struct HeldOut: Codable, Equatable, Sendable {
  /// The RMS of log(predicted loss / loss).
  public var totalError: Double
  /// The mean of log(predicted loss / loss): positive where the runs beat the law.
  public var totalBias: Double
  /// The RMS of log(predicted excess / excess); nil if no run has a loss above the floor.
  public var excessError: Double?
  /// The mean of log(predicted excess / excess); nil as above.
  public var excessBias: Double?
  /// The number of runs.
  public var rows: Int
  /// Runs at or below the floor, which have no excess to compare.
  public var belowFloor: Int
}

extension LossLaw {
  /// Compares the law with runs that it has not seen.
  ///
  /// The excess of a run is its loss above `floor`: the true floor where it is known, otherwise the
  /// law's own, with which the law marks its own work. A law of known floor `.known(0)` was fitted to
  /// an excess; evaluate it on the same column.
  public func evaluation<Run, N: Quantity, D: Quantity, L: Quantity>(
    on runs: some Sequence<Run>, n: (Run) -> N, d: (Run) -> D, loss: (Run) -> L,
    floor truth: Double? = nil
  ) throws(FitError) -> HeldOut {
    let table = try RunTable(
      runs.map { RunTable.Row(n($0), d($0), loss($0)) }, groups: [Int](), hasData: true)
    guard table.count > 0 else { throw .tooFewRows(found: 0, needed: 1, parameters: ["an error"]) }
    let floor = truth ?? floor
    var total: [Double] = []
    var excess: [Double] = []
    for row in 0..<table.count {
      let predicted = self.loss(n: table.n[row], d: table.d[row])
      total.append(log(predicted / table.loss[row]))
      // A law whose own floor lies above the true one still predicts a positive excess over it.
      if table.loss[row] > floor, predicted > floor {
        excess.append(log((predicted - floor) / (table.loss[row] - floor)))
      }
    }
    func mean(_ values: [Double]) -> Double { values.reduce(0, +) / Double(values.count) }
    func spread(_ values: [Double]) -> Double { mean(values.map { $0 * $0 }).squareRoot() }
    return HeldOut(
      totalError: spread(total), totalBias: mean(total),
      excessError: excess.isEmpty ? nil : spread(excess),
      excessBias: excess.isEmpty ? nil : mean(excess), rows: table.count,
      belowFloor: table.count - excess.count)
  }
}
