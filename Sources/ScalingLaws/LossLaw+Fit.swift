import Foundation

/// Whether a fit has to find the irreducible loss or is told it.
public enum Floor: Equatable, Sendable {
  /// E is a parameter of the fit, positive.
  case free
  /// E is known; the fit is of the excess L − E, in its own logarithm.
  ///
  /// `.known(0)` fits a column that is an excess already.
  case known(Double)

  var known: Double? {
    if case .known(let value) = self { return value }
    return nil
  }
}

extension LossLaw {
  /// Fits a law to runs, without intervals unless `uncertainty` resamples rows or residuals.
  ///
  /// - Parameters:
  ///   - n: The size of a run's model, by key path or closure.
  ///   - d: The data that a run saw.
  ///   - loss: The run's final loss.
  ///   - form: How the two terms combine.
  ///   - floor: Whether E is free; a known E makes every other parameter sharper.
  ///   - objective: What is minimised; huber resists a few bad runs, squared is more precise.
  ///   - starts: Where the optimiser starts; the report says how many agree.
  ///   - uncertainty: `.rows()` or `.residuals()`; nil gives estimates without intervals.
  ///   - method: How each start descends; `.narrowing` is the faster by far.
  public static func fit<Run, N: Quantity, D: Quantity, L: Quantity>(
    _ runs: some Sequence<Run>, n: (Run) -> N, d: (Run) -> D, loss: (Run) -> L,
    form: Form = .additive, floor: Floor = .free, objective: FitObjective = .huber(),
    starts: Starts = .spread(256), uncertainty: Uncertainty? = nil,
    method: SearchMethod = .quasiNewton
  ) throws(FitError) -> LossFit {
    precondition(uncertainty?.unit != .groups, "resampling groups needs `resampling:`")
    let table = try RunTable(
      runs.map { RunTable.Row(n($0), d($0), loss($0)) }, groups: [Int](), hasData: true,
      floor: floor.known ?? 0)
    return try fit(
      table, form: form, floor: floor, objective: objective, starts: starts,
      uncertainty: uncertainty, method: method)
  }

  /// Fits a law to runs, with intervals from resampling: `resampling: \.seed`.
  ///
  /// Resample what varied independently: seeds, not runs that share a seed. See `Uncertainty` for
  /// which interval to use when; the other parameters are those of `fit` without resampling.
  public static func fit<Run, N: Quantity, D: Quantity, L: Quantity, Group: Hashable>(
    _ runs: some Sequence<Run>, n: (Run) -> N, d: (Run) -> D, loss: (Run) -> L,
    resampling group: (Run) -> Group, form: Form = .additive, floor: Floor = .free,
    objective: FitObjective = .huber(), starts: Starts = .spread(256),
    uncertainty: Uncertainty = Uncertainty(), method: SearchMethod = .quasiNewton
  ) throws(FitError) -> LossFit {
    let runs = Array(runs)
    let table = try RunTable(
      runs.map { RunTable.Row(n($0), d($0), loss($0)) }, groups: runs.map(group), hasData: true,
      floor: floor.known ?? 0)
    return try fit(
      table, form: form, floor: floor, objective: objective, starts: starts,
      uncertainty: uncertainty, method: method)
  }

  static func fit(
    _ table: RunTable, form: Form, floor: Floor, objective: FitObjective, starts: Starts,
    uncertainty: Uncertainty?, method: SearchMethod = .quasiNewton
  ) throws(FitError) -> LossFit {
    let shape = ParameterShape(form, floor: floor)
    try Identification.require(table, shape: shape)
    // Kaplan's law has no floor to be known or free.
    let floor = form == .kaplan ? .known(0) : floor
    let problem = FitProblem(
      table, shape: shape, floor: floor.known, objective: objective, method: method)
    let known = floor.known ?? 0
    let result = try problem.search(starts)
    let law = LossLaw(result.best.point, problem: problem, form: form, floor: known)
    var ensemble: Ensemble<LossLaw>?
    if let uncertainty {
      ensemble = try problem.ensemble(law, table: table, result: result, uncertainty: uncertainty) {
        LossLaw($0, problem: problem, form: form, floor: known)
      }
    }
    var fit = LossFit(
      law: law, ensemble: ensemble, search: result.report, rows: table.count,
      objective: objective, problem: problem, result: result)
    let intervals =
      ensemble == nil
      ? [:]
      : ["alpha": fit.alpha, "beta": fit.beta, "E": fit.floor, "q": fit.sharpness ?? Estimate(1)]
    fit.warnings =
      Identification.warnings(table, problem: problem, result: result, intervals: intervals)
      + Identification.warnings(ensemble)
    return fit
  }

  /// The law of a packed vector whose coefficients refer to centred logarithms.
  init(_ point: [Double], problem: FitProblem, form: Form, floor: Double) {
    let shape = problem.shape
    self.init(
      form, floor: shape.floorIndex.map { exp(point[$0]) } ?? floor,
      sizeCoefficient: exp(point[0] + point[1] * problem.centerN), alpha: point[1],
      dataCoefficient: exp(point[2] + point[3] * problem.centerD), beta: point[3],
      q: shape.sharpnessIndex.map { exp(point[$0]) } ?? 1,
      bend: shape.breakIndex.map {
        Break(
          change: point[$0], data: exp(point[$0 + 1] + problem.centerD),
          width: exp(point[$0 + 2]))
      })
  }
}

extension ParameterShape {
  /// The parameters that a form leaves free.
  init(_ form: LossLaw.Form, floor: Floor) {
    self.init(
      hasData: true, hasFloor: floor == .free && form != .kaplan, hasSharpness: form == .powerMean,
      sharpness: form == .maximum ? .infinity : 1, tiesSharpness: form == .kaplan,
      hasBreak: form == .broken)
  }
}

extension FitProblem {
  /// Refits resamples from the full fit's minima.
  ///
  /// Every distinct minimum of the full fit is a start, because a resample may prefer another one.
  func ensemble<Law: Sendable>(
    _ law: Law, table: RunTable, result: Result, uncertainty: Uncertainty,
    make: @Sendable ([Double]) -> Law
  ) throws(FitError) -> Ensemble<Law> {
    let residuals = smooth.residuals(at: result.best.point)
    let fitted = zip(smooth.target, residuals).map { $0 + $1 }
    // Residuals of a fit with p parameters are too small by √((n − p)/n) on average.
    let spare = Double(max(1, table.count - shape.count))
    let inflation = (Double(table.count) / spare).squareRoot()
    // Their mean is taken off, or every resample would be shifted.
    let mean = residuals.reduce(0, +) / Double(residuals.count)
    return try Ensemble(
      law: law, groups: table.rowsByGroup, rows: table.count, parameters: shape.count,
      uncertainty: uncertainty
    ) { resample in
      var problem = self
      if uncertainty.unit == .residuals {
        problem.smooth.target = fitted.indices.map {
          fitted[$0] - (residuals[resample.sources[$0]] - mean) * inflation
        }
      } else {
        problem.smooth.weights = resample.counts.map { Double($0) }
      }
      return .success(make(problem.refit(from: result.distinct).point))
    }
  }
}
