import Foundation

extension PowerLaw {
  /// Fits y = A x^-alpha by least squares in the logarithms, or robustly.
  ///
  /// The intervals of A and alpha are Student's from the standard errors, which suppose that rows err
  /// independently. Give `resampling:` where rows share seeds.
  /// - Complexity: one pass for `.squared`; a search from 16 starts otherwise.
  public static func fit<Run, X: Quantity, Y: Quantity>(
    _ runs: some Sequence<Run>, x: (Run) -> X, y: (Run) -> Y, objective: FitObjective = .squared,
    uncertainty: Uncertainty? = nil
  ) throws(FitError) -> PowerFit<PowerLaw> {
    precondition(uncertainty?.unit != .groups, "resampling groups needs `resampling:`")
    let table = try RunTable(
      runs.map { RunTable.Row(x($0), y($0)) }, groups: [Int](), hasData: false, names: .oneVariable)
    return try fit(table, objective: objective, uncertainty: uncertainty)
  }

  /// Fits y = A x^-alpha, with intervals from resampling: `resampling: \.seed`.
  public static func fit<Run, X: Quantity, Y: Quantity, Group: Hashable>(
    _ runs: some Sequence<Run>, x: (Run) -> X, y: (Run) -> Y, resampling group: (Run) -> Group,
    objective: FitObjective = .squared, uncertainty: Uncertainty = Uncertainty()
  ) throws(FitError) -> PowerFit<PowerLaw> {
    let runs = Array(runs)
    let table = try RunTable(
      runs.map { RunTable.Row(x($0), y($0)) }, groups: runs.map(group), hasData: false,
      names: .oneVariable)
    return try fit(table, objective: objective, uncertainty: uncertainty)
  }

  static func fit(
    _ table: RunTable, objective: FitObjective, uncertainty: Uncertainty?
  ) throws(FitError) -> PowerFit<PowerLaw> {
    try PowerFit(
      table, shape: ParameterShape(hasData: false, hasFloor: false, hasSharpness: false),
      floor: 0, objective: objective, starts: .spread(16), uncertainty: uncertainty
    ) { point, problem in
      PowerLaw(
        coefficient: exp(point[0] + point[1] * problem.centerN), exponent: point[1])
    } parts: {
      (0, $0.coefficient, $0.exponent)
    }
  }
}

extension PowerLawWithFloor {
  /// Fits y = E + A x^-alpha, E free or known, by least squares in log y or robustly.
  ///
  /// Without `resampling:` the interval of alpha is Student's from the curvature at the minimum, which
  /// is too narrow where E is poorly known: E and alpha trade against each other along a bent valley.
  /// With a known E the fit is of log(y − E).
  public static func fit<Run, X: Quantity, Y: Quantity>(
    _ runs: some Sequence<Run>, x: (Run) -> X, y: (Run) -> Y, floor: Floor = .free,
    objective: FitObjective = .squared, starts: Starts = .spread(32),
    uncertainty: Uncertainty? = nil
  ) throws(FitError) -> PowerFit<PowerLawWithFloor> {
    precondition(uncertainty?.unit != .groups, "resampling groups needs `resampling:`")
    let table = try RunTable(
      runs.map { RunTable.Row(x($0), y($0)) }, groups: [Int](), hasData: false,
      floor: floor.known ?? 0, names: .oneVariable)
    return try fit(
      table, floor: floor, objective: objective, starts: starts, uncertainty: uncertainty)
  }

  /// Fits y = E + A x^-alpha, with intervals from resampling: `resampling: \.seed`.
  public static func fit<Run, X: Quantity, Y: Quantity, Group: Hashable>(
    _ runs: some Sequence<Run>, x: (Run) -> X, y: (Run) -> Y, resampling group: (Run) -> Group,
    floor: Floor = .free, objective: FitObjective = .squared, starts: Starts = .spread(32),
    uncertainty: Uncertainty = Uncertainty()
  ) throws(FitError) -> PowerFit<PowerLawWithFloor> {
    let runs = Array(runs)
    let table = try RunTable(
      runs.map { RunTable.Row(x($0), y($0)) }, groups: runs.map(group), hasData: false,
      floor: floor.known ?? 0, names: .oneVariable)
    return try fit(
      table, floor: floor, objective: objective, starts: starts, uncertainty: uncertainty)
  }

  static func fit(
    _ table: RunTable, floor: Floor, objective: FitObjective, starts: Starts,
    uncertainty: Uncertainty?
  ) throws(FitError) -> PowerFit<PowerLawWithFloor> {
    let known = floor.known ?? 0
    return try PowerFit(
      table, shape: ParameterShape(hasData: false, hasFloor: floor == .free, hasSharpness: false),
      floor: known, objective: objective, starts: starts, uncertainty: uncertainty
    ) { point, problem in
      PowerLawWithFloor(
        floor: problem.shape.hasFloor ? exp(point[2]) : known,
        coefficient: exp(point[0] + point[1] * problem.centerN), exponent: point[1])
    } parts: {
      ($0.floor, $0.coefficient, $0.exponent)
    }
  }
}

extension RunTable.Names {
  static let oneVariable = Self(n: "x", loss: "y")
}

extension PowerFit {
  /// Fits one table; `make` turns a packed vector into a law and `parts` names (E, A, alpha) of it.
  init(
    _ table: RunTable, shape: ParameterShape, floor: Double, objective: FitObjective,
    starts: Starts, uncertainty: Uncertainty?,
    make: @escaping @Sendable ([Double], FitProblem) -> Law,
    parts: (Law) -> (floor: Double, coefficient: Double, exponent: Double)
  ) throws(FitError) {
    try Identification.require(table, shape: shape)
    let problem = FitProblem(table, shape: shape, floor: floor, objective: objective)
    // A straight line by least squares needs no search: Newton's first step is exact.
    let closed = objective == .squared && !shape.hasFloor
    let result = try problem.search(closed ? .spread(1) : starts)
    let law = make(result.best.point, problem)
    var ensemble: Ensemble<Law>?
    if let uncertainty {
      ensemble = try problem.ensemble(law, table: table, result: result, uncertainty: uncertainty) {
        make($0, problem)
      }
    }
    let errors = Identification.standardErrors(problem, point: result.best.point)
    let degrees = Double(max(1, table.count - shape.count))
    let t = StudentT.quantile(0.975, degrees: degrees)
    func interval(
      _ scale: Ensemble<Law>.Scale, _ error: Double?, _ quantity: (Law) -> Double
    ) -> Estimate {
      if let ensemble { return ensemble.estimate(scale, quantity) }
      let value = quantity(law)
      guard let error else {
        return Estimate(
          value: value, low: scale == .linear ? -.infinity : 0, high: .infinity)
      }
      let half = t * error
      return scale == .linear
        ? Estimate(value: value, low: value - half, high: value + half)
        : Estimate(value: value, low: value * exp(-half), high: value * exp(half))
    }
    let residuals = problem.smooth.residuals(at: result.best.point)
    let squares = residuals.reduce(0) { $0 + $1 * $1 }
    let mean = problem.smooth.target.reduce(0, +) / Double(table.count)
    let total = problem.smooth.target.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    let exponent = interval(.linear, errors[1]) { parts($0).exponent }
    var level = Estimate(parts(law).floor)
    if let index = shape.floorIndex {
      level = interval(ensemble == nil ? .logarithmic : .linear, errors[index]) { parts($0).floor }
      level.low = max(0, level.low)
    }
    // log A is the centred intercept plus alpha times the centre.
    let direction = [1, problem.centerN] + (shape.hasFloor ? [0] : [])
    let logCoefficientError = Identification.standardError(
      problem, point: result.best.point, along: direction)
    self.init(
      law: law, ensemble: ensemble,
      coefficient: interval(.logarithmic, logCoefficientError) { parts($0).coefficient },
      exponent: exponent, floor: level, exponentError: errors[1] ?? .nan,
      logCoefficientError: logCoefficientError ?? .nan, rSquared: 1 - squares / total,
      residualDeviation: (squares / degrees).squareRoot(), rows: table.count,
      search: closed ? nil : result.report,
      warnings: Identification.warnings(
        table, problem: problem, result: result,
        intervals: ensemble == nil ? [:] : ["alpha": exponent, "E": level])
        + Identification.warnings(ensemble))
  }
}
