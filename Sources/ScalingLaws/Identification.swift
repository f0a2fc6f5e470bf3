import Foundation

/// Checks whether runs can tell the parameters of a form at all, before the fit and after it.
enum Identification {
  /// Refuses tables that leave a parameter undetermined whatever the losses are.
  static func require(_ table: RunTable, shape: ParameterShape) throws(FitError) {
    let needed = shape.count + 1
    guard table.count >= needed else {
      throw .tooFewRows(found: table.count, needed: needed, parameters: shape.names)
    }
    // With the other column fixed, the curve over one column has a coefficient, an exponent and, if
    // the floor is free, an asymptote.
    let distinct = shape.hasFloor ? 3 : 2
    try requireDistinct(table.n, name: table.names.n, needed: distinct, parameter: "alpha")
    if shape.hasData {
      try requireDistinct(table.d, name: table.names.d, needed: distinct, parameter: "beta")
    }
    if let first = table.loss.first, let last = table.loss.max(), let least = table.loss.min(),
      last - least <= 1e-12 * last
    {
      throw .constant(column: table.names.loss, value: first)
    }
    if shape.hasData, let slope = lineSlope(table.n.map { log($0) }, table.d.map { log($0) }) {
      throw .onOneLine(slope: slope)
    }
  }

  private static func requireDistinct(
    _ values: [Double], name: String, needed: Int, parameter: String
  ) throws(FitError) {
    let found = Set(values).count
    guard found >= needed else {
      throw .tooFewDistinct(column: name, found: found, needed: needed, parameter: parameter)
    }
  }

  /// The slope of y over x if all points lie on one line to rounding.
  private static func lineSlope(_ x: [Double], _ y: [Double]) -> Double? {
    let count = Double(x.count)
    let meanX = x.reduce(0, +) / count
    let meanY = y.reduce(0, +) / count
    var (xx, xy, yy) = (0.0, 0.0, 0.0)
    for (x, y) in zip(x, y) {
      xx += (x - meanX) * (x - meanX)
      xy += (x - meanX) * (y - meanY)
      yy += (y - meanY) * (y - meanY)
    }
    return xy * xy >= (1 - 1e-9) * xx * yy ? xy / xx : nil
  }

  /// What the fit's own curvature and its intervals say against it.
  static func warnings(
    _ table: RunTable, problem: FitProblem, result: FitProblem.Result,
    intervals: [String: Estimate]
  ) -> [FitWarning] {
    let shape = problem.shape
    let point = result.best.point
    var warnings: [FitWarning] = []
    for (name, values) in [(table.names.n, table.n), (table.names.d, table.d)] {
      if let low = values.min(), let high = values.max(), high < 10 * low * (1 - 1e-9) {
        warnings.append(.narrowRange(column: name, factor: high / low))
      }
    }
    if !result.report.converged { warnings.append(.notConverged) }
    let report = result.report
    if report.agreeing * 10 < report.starts {
      warnings.append(.fewStartsAgree(report.agreeing, of: report.starts))
    }
    if let next = report.nextBest, next < report.objective * 1.01 {
      warnings.append(.rivalMinimum(objective: next, best: report.objective))
    }
    var doubtful = Set<String>()
    if let index = shape.floorIndex, point[index] < problem.smooth.target.min()! - 9 {
      warnings.append(.floorAtZero)
      doubtful.insert("E")
    }
    if let index = shape.sharpnessIndex, abs(point[index]) > log(30) {
      warnings.append(.sharpnessAtLimit(exp(point[index])))
      doubtful.insert("q")
    }
    for (name, index) in [("alpha", 1), ("beta", 3)] where index < (shape.hasData ? 4 : 2) {
      if point[index] <= 0 {
        warnings.append(.exponentNotPositive(parameter: name, value: point[index]))
        doubtful.insert(name)
      }
    }
    for (name, reason) in undetermined(problem, point: point, intervals: intervals)
    where !doubtful.contains(name) {
      warnings.append(.notIdentified(parameter: name, reason: reason))
    }
    return warnings
  }

  /// What the resampling itself has to say.
  static func warnings<Law>(_ ensemble: Ensemble<Law>?) -> [FitWarning] {
    guard let ensemble else { return [] }
    var warnings: [FitWarning] = []
    if ensemble.failed > 0 {
      let total = ensemble.failed + ensemble.replicates.count
      warnings.append(.resamplesFailed(ensemble.failed, of: total))
    }
    let coarse = [.percentile, .expanded, .biasCorrected].contains(ensemble.interval)
    if coarse && ensemble.units < 6 || ensemble.units < 2 {
      warnings.append(.fewGroups(ensemble.units))
    }
    return warnings
  }

  /// Parameters whose interval spans everything, with the reason.
  ///
  /// Without an ensemble the interval is that of the curvature: 1.96 standard errors of a least-squares
  /// fit at the same point.
  private static func undetermined(
    _ problem: FitProblem, point: [Double], intervals: [String: Estimate]
  ) -> [(String, String)] {
    let shape = problem.shape
    let errors = standardErrors(problem, point: point)
    var found: [(String, String)] = []
    for (index, name) in shape.names.enumerated() {
      guard let error = errors[index] else {
        found.append((name, "the runs leave it undetermined beside the other parameters"))
        continue
      }
      let half = 1.96 * error
      switch name {
      case "alpha", "beta":
        let interval =
          intervals[name]
          ?? Estimate(value: point[index], low: point[index] - half, high: point[index] + half)
        if interval.low <= 0 {
          let column = name == "alpha" ? "N" : "D"
          found.append(
            (
              name,
              "its interval, \(interval.formatted(digits: 2)), holds 0. Add runs at other values "
                + "of \(column)"
            ))
        }
      case "E", "q":
        let value = exp(point[index])
        let interval =
          intervals[name]
          ?? Estimate(value: value, low: exp(log(value) - half), high: exp(log(value) + half))
        if interval.high > 10 * interval.low {
          found.append(
            (
              name,
              "its interval, \(interval.formatted(digits: 2)), spans more than a factor of ten. "
                + (name == "E" ? "Add larger runs, or fix the floor" : "Fit the other two forms")
            ))
        }
      default: break
      }
    }
    return found
  }

  /// The standard error of each packed parameter from Σ ∇f ∇fᵀ; nil where the others leave it
  /// undetermined.
  static func standardErrors(_ problem: FitProblem, point: [Double]) -> [Double?] {
    point.indices.map { index in
      var direction = [Double](repeating: 0, count: point.count)
      direction[index] = 1
      return standardError(problem, point: point, along: direction)
    }
  }

  /// The standard error of Σ direction · parameters: s √(vᵀ (Σ ∇f ∇fᵀ)⁻¹ v).
  static func standardError(
    _ problem: FitProblem, point: [Double], along direction: [Double]
  ) -> Double? {
    let k = point.count
    let rows = problem.smooth.target.count
    let residuals = problem.smooth.residuals(at: point)
    let variance = residuals.reduce(0) { $0 + $1 * $1 } / Double(max(1, rows - k))
    let matrix = problem.smooth.information(at: point)
    var solution = [Double](repeating: 0, count: k)
    for index in direction.indices where direction[index] != 0 {
      guard matrix[index * k + index] > 1e-18 else { return nil }
    }
    guard Newton.solve(matrix, damping: 0, direction.map { -$0 }, into: &solution) else {
      return nil
    }
    var product = 0.0
    for index in direction.indices {
      // 1e12: the parameter's variance beside the others over its variance alone.
      if direction[index] != 0,
        abs(solution[index] * matrix[index * k + index]) > 1e12 * abs(direction[index])
      {
        return nil
      }
      product += direction[index] * solution[index]
    }
    return product > 0 ? (variance * product).squareRoot() : nil
  }
}
