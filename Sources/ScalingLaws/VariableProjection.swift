import Foundation

/// The additive law fitted a second way: a search over the exponents alone.
///
/// For given alpha and beta the law is linear in E, A and B, which non-negative least squares finds at
/// once (Golub & Pereyra 1973); what is left is a surface over two exponents that cannot hide a
/// minimum from a grid. It minimises `Σ ((predicted − loss)/loss)²/2`, the squared objective to first
/// order in the residuals, so the two fits agree to about the square of the scatter.
///
/// Use it to check a fit, or where a zero floor or coefficient is a likely answer; it has no robust
/// objective and no other form.
public enum VariableProjection {
  /// What the search over the exponents found.
  public struct Result: Sendable {
    /// The best law.
    public let law: LossLaw
    /// `Σ ((predicted − loss)/loss)²/2`.
    public let objective: Double
  }

  /// Fits L = E + A N^-alpha + B D^-beta with E, A and B not negative.
  ///
  /// A grid of `gridCount`² exponents in `exponents`, then a pattern search around its best point, with
  /// steps halved to 1e-10. A known floor fits the excess over it, weighted by its inverse.
  /// - Complexity: about (`gridCount`² + 1000) passes over the runs.
  public static func fit<Run, N: Quantity, D: Quantity, L: Quantity>(
    _ runs: some Sequence<Run>, n: (Run) -> N, d: (Run) -> D, loss: (Run) -> L,
    floor: Floor = .free, exponents: ClosedRange<Double> = 0.01...2.5, gridCount: Int = 50
  ) throws(FitError) -> Result {
    precondition(gridCount > 1, "a grid needs at least two exponents, not \(gridCount)")
    precondition(exponents.lowerBound > 0, "exponents must be positive, not \(exponents)")
    let table = try RunTable(
      runs.map { RunTable.Row(n($0), d($0), loss($0)) }, groups: [Int](), hasData: true,
      floor: floor.known ?? 0)
    let shape = ParameterShape(hasData: true, hasFloor: floor == .free, hasSharpness: false)
    try Identification.require(table, shape: shape)
    return Projection(table, floor: floor.known).fit(exponents: exponents, gridCount: gridCount)
  }
}

/// The inner problem for given exponents.
private struct Projection: Sendable {
  let x: [Double]
  let y: [Double]
  let inverse: [Double]
  let centerN: Double
  let centerD: Double
  let floor: Double?

  init(_ table: RunTable, floor: Double?) {
    let logN = table.n.map { log($0) }
    let logD = table.d.map { log($0) }
    let count = Double(table.count)
    let (meanN, meanD) = (logN.reduce(0, +) / count, logD.reduce(0, +) / count)
    (centerN, centerD) = (meanN, meanD)
    x = logN.map { $0 - meanN }
    y = logD.map { $0 - meanD }
    inverse = table.loss.map { 1 / ($0 - (floor ?? 0)) }
    self.floor = floor
  }

  func fit(exponents: ClosedRange<Double>, gridCount: Int) -> VariableProjection.Result {
    let width = exponents.upperBound - exponents.lowerBound
    var step = width / Double(gridCount - 1)
    let lower = exponents.lowerBound
    let grid = step
    let rows = parallelMap(gridCount) { i in
      (0..<gridCount).map { j in
        value(lower + Double(i) * grid, lower + Double(j) * grid).objective
      }
    }
    var best = (objective: Double.infinity, alpha: lower, beta: lower)
    for i in 0..<gridCount {
      for j in 0..<gridCount where rows[i][j] < best.objective {
        best = (rows[i][j], lower + Double(i) * step, lower + Double(j) * step)
      }
    }
    step /= 2
    while step > 1e-10 {
      let center = best
      for (i, j) in [(-1, -1), (-1, 0), (-1, 1), (0, -1), (0, 1), (1, -1), (1, 0), (1, 1)] {
        let alpha = center.alpha + Double(i) * step
        let beta = center.beta + Double(j) * step
        guard alpha > 0, beta > 0 else { continue }
        let objective = value(alpha, beta).objective
        if objective < best.objective { best = (objective, alpha, beta) }
      }
      // A move keeps the step, so that a narrow valley is followed to its bottom.
      if best.objective == center.objective { step /= 2 }
    }
    let solution = value(best.alpha, best.beta).solution
    let law = LossLaw(
      floor: floor ?? solution[0],
      sizeCoefficient: solution[1] * exp(best.alpha * centerN), alpha: best.alpha,
      dataCoefficient: solution[2] * exp(best.beta * centerD), beta: best.beta)
    return VariableProjection.Result(law: law, objective: best.objective)
  }

  /// The best non-negative (E, A, B), for centred columns, and its objective.
  private func value(_ alpha: Double, _ beta: Double) -> (objective: Double, solution: [Double]) {
    var gram = [Double](repeating: 0, count: 9)
    var right = [Double](repeating: 0, count: 3)
    for row in x.indices {
      let w = inverse[row]
      let columns = (
        floor == nil ? w : 0, w * exp(-alpha * x[row]), w * exp(-beta * y[row])
      )
      gram[0] += columns.0 * columns.0
      gram[1] += columns.0 * columns.1
      gram[2] += columns.0 * columns.2
      gram[4] += columns.1 * columns.1
      gram[5] += columns.1 * columns.2
      gram[8] += columns.2 * columns.2
      right[0] += columns.0
      right[1] += columns.1
      right[2] += columns.2
    }
    (gram[3], gram[6], gram[7]) = (gram[1], gram[2], gram[5])
    let solution = NonNegativeLeastSquares.solve(gram: gram, right: right)
    // The residuals themselves, not the quadratic form, whose cancellation ends at 1e-16.
    var objective = 0.0
    for row in x.indices {
      let predicted =
        solution[0] + solution[1] * exp(-alpha * x[row]) + solution[2] * exp(-beta * y[row])
      let residual = predicted * inverse[row] - 1
      objective += residual * residual / 2
    }
    return (objective, solution)
  }
}
