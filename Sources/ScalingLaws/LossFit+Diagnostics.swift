import Foundation

extension LossFit {
  /// A parameter of the law by its name.
  public struct Parameter: Sendable {
    /// E, A, alpha, B, beta, q, and of a break: change, break, width.
    public let name: String
    /// Its value, with its interval if there is an ensemble.
    public let estimate: Estimate
    /// Its standard error: that of the resamples, or of the curvature if there are none; nil if the
    /// parameter is given or undetermined.
    public let standardError: Double?
  }

  /// The parameters in the order of the formula.
  public var parameters: [Parameter] {
    let errors = curvatureErrors
    return quantities.map { quantity in
      let estimate =
        quantity.name == "E" ? floor : estimate(quantity.scale) { quantity.value($0) }
      var error: Double?
      if let spread = spread(of: quantity) {
        error = spread
      } else if ensemble == nil, let packed = errors[quantity.name] {
        // The packed vector holds logarithms, but for the exponents.
        error = quantity.isPackedAsLogarithm ? packed * quantity.value(law) : packed
      }
      return Parameter(
        name: quantity.name, estimate: estimate,
        standardError: quantity.name == "E" && !problem.shape.hasFloor ? nil : error)
    }
  }

  /// One number of the law.
  private struct Quantity {
    var name: String
    var scale: Ensemble<LossLaw>.Scale = .linear
    var isPackedAsLogarithm = false
    var value: @Sendable (LossLaw) -> Double
  }

  private var quantities: [Quantity] {
    var list = [
      Quantity(name: "E", isPackedAsLogarithm: true) { $0.floor },
      Quantity(name: "A", scale: .logarithmic, isPackedAsLogarithm: true) { $0.sizeCoefficient },
      Quantity(name: "alpha") { $0.alpha },
      Quantity(name: "B", scale: .logarithmic, isPackedAsLogarithm: true) { $0.dataCoefficient },
      Quantity(name: "beta") { $0.beta },
    ]
    if law.form == .kaplan { list.removeFirst() }
    if law.form == .powerMean {
      list.append(
        Quantity(name: "q", scale: .logarithmic, isPackedAsLogarithm: true) { $0.sharpness })
    }
    if law.form == .broken {
      list += [
        Quantity(name: "change") { $0.bend?.change ?? .nan },
        Quantity(name: "break", scale: .logarithmic, isPackedAsLogarithm: true) {
          $0.bend?.data ?? .nan
        },
        Quantity(name: "width", scale: .logarithmic, isPackedAsLogarithm: true) {
          $0.bend?.width ?? .nan
        },
      ]
    }
    return list
  }

  /// The standard deviation over the resamples; in the logarithm, times the value, for coefficients.
  private func spread(of quantity: Quantity) -> Double? {
    guard let values = replicates(of: quantity), values.count > 1 else { return nil }
    let mean = values.reduce(0, +) / Double(values.count)
    let squares = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    let count = Double(values.count)
    let isJackknife = ensemble?.interval == .jackknife
    let variance = isJackknife ? squares * (count - 1) / count : squares / (count - 1)
    let factor = quantity.scale == .logarithmic ? quantity.value(law) : 1
    return variance.squareRoot() * factor
  }

  private func replicates(of quantity: Quantity) -> [Double]? {
    ensemble.map { ensemble in
      let values = ensemble.replicates.map(quantity.value)
      return (quantity.scale == .logarithmic ? values.map { log($0) } : values).filter(\.isFinite)
    }
  }

  private var curvatureErrors: [String: Double] {
    let shape = problem.shape
    let point = result.best.point
    var errors: [String: Double] = [:]
    let packed = Identification.standardErrors(problem, point: point)
    for (name, error) in zip(shape.names, packed) { errors[name] = error }
    // log A is the centred intercept plus alpha times the centre.
    for (name, index, center) in [("A", 0, problem.centerN), ("B", 2, problem.centerD)] {
      var direction = [Double](repeating: 0, count: shape.count)
      direction[index] = 1
      direction[index + 1] = center
      errors[name] = Identification.standardError(problem, point: point, along: direction)
    }
    return errors
  }

  /// How the parameters vary together over the resamples, in the order of `parameters`.
  ///
  /// Correlations of log A, log B and the others as they are; nil without resamples. A parameter that
  /// does not vary has correlation 0 with the others.
  public var correlation: (names: [String], matrix: [[Double]])? {
    guard let ensemble, ensemble.replicates.count > 2 else { return nil }
    let varying = quantities.filter { $0.name != "E" || problem.shape.hasFloor }
    let columns = varying.map { quantity in
      ensemble.replicates.map {
        quantity.scale == .logarithmic ? log(quantity.value($0)) : quantity.value($0)
      }
    }
    let count = Double(ensemble.replicates.count)
    let centered = columns.map { column in
      let mean = column.reduce(0, +) / count
      return column.map { $0 - mean }
    }
    func product(_ a: [Double], _ b: [Double]) -> Double {
      zip(a, b).reduce(0) { $0 + $1.0 * $1.1 }
    }
    let sizes = centered.map { product($0, $0).squareRoot() }
    let matrix = centered.indices.map { i in
      centered.indices.map { j in
        if i == j { return 1.0 }
        let scale = sizes[i] * sizes[j]
        return scale > 0 ? product(centered[i], centered[j]) / scale : 0
      }
    }
    return (varying.map(\.name), matrix)
  }

  // MARK: Rows

  /// A row with what the law says of it.
  public struct Row: Sendable {
    /// Parameters.
    public let n: Double
    /// Training tokens.
    public let d: Double
    /// The loss that was measured.
    public let loss: Double
    /// log(predicted) − log(measured); of the excess over the floor where that is given.
    public let residual: Double
  }

  /// The rows in the order in which the fit holds them: ascending by N, D and loss.
  public var residuals: [Row] {
    let residuals = problem.smooth.residuals(at: result.best.point)
    let floor = problem.shape.hasFloor ? 0 : law.floor
    return residuals.indices.map { row in
      Row(
        n: exp(problem.smooth.x[row] + problem.centerN),
        d: exp(problem.smooth.y[row] + problem.centerD),
        loss: exp(problem.smooth.target[row]) + floor, residual: residuals[row])
    }
  }

  /// The root mean square of the log residuals.
  public var residualDeviation: Double {
    let residuals = problem.smooth.residuals(at: result.best.point)
    return (residuals.reduce(0) { $0 + $1 * $1 } / Double(residuals.count)).squareRoot()
  }

  /// What leaving out one row does to the fit.
  public struct Pull: Sendable {
    /// The row, counted in `residuals`.
    public let index: Int
    /// The row.
    public let row: Row
    /// The parameter that moves most.
    public let parameter: String
    /// Its value without the row.
    public let value: Double
    /// How far it moves, in its standard errors, when the row is put in.
    public let shift: Double
  }

  /// The rows that pull hardest: each is left out in turn, the hardest first.
  ///
  /// Of more than `limit` rows only those with the largest residuals are tried.
  /// - Complexity: a refit for each row that is tried.
  public func pulls(limit: Int = 500) -> [Pull] {
    let rows = residuals
    let tried =
      rows.count <= limit
      ? Array(rows.indices)
      : Array(rows.indices.sorted { abs(rows[$0].residual) > abs(rows[$1].residual) }.prefix(limit))
    let quantities = self.quantities
    let errors = Dictionary(
      parameters.map { ($0.name, $0.standardError ?? 0) }, uniquingKeysWith: { $1 })
    let (law, problem, point) = (self.law, self.problem, result.best.point)
    let pulls = parallelMap(tried.count) { place -> Pull in
      let index = tried[place]
      var other = problem
      other.smooth.weights[index] = 0
      let refitted = LossLaw(
        other.refit(from: [point]).point, problem: problem, form: law.form, floor: law.floor)
      var most = (name: "", value: 0.0, shift: 0.0)
      for quantity in quantities {
        guard let error = errors[quantity.name], error > 0 else { continue }
        let (before, after) = (quantity.value(refitted), quantity.value(law))
        // Coefficients vary by factors.
        let shift =
          quantity.scale == .logarithmic
          ? log(after / before) / (error / after) : (after - before) / error
        if abs(shift) > abs(most.shift) { most = (quantity.name, before, shift) }
      }
      return Pull(
        index: index, row: rows[index], parameter: most.name, value: most.value, shift: most.shift)
    }
    return pulls.sorted { (abs($0.shift), $1.index) > (abs($1.shift), $0.index) }
  }

  // MARK: Likelihood

  /// Akaike's information criterion, 2k − 2 log likelihood; differences count, less is better.
  ///
  /// The likelihood is the one whose maximum the objective finds: residuals with the density
  /// exp(−rho(r)/s)/Z(s), s at its own maximum, which counts among the k parameters. Squared is the
  /// normal, absolute the Laplace distribution, huber between them. Compare fits of the same rows by
  /// the same objective with the same known floor only.
  public var informationCriterion: Double {
    let total = search.objective
    let count = Double(rows)
    func deviance(_ logScale: Double) -> Double {
      let s = exp(logScale)
      return 2 * (count * Self.logNormalizer(s, objective) + total / s)
    }
    let center = log(max(total / count, 1e-300))
    let scale = LossLaw.minimum(of: deviance, from: center - 12, to: center + 12) ?? center
    return deviance(scale) + 2 * Double(problem.shape.count + 1)
  }

  /// log ∫ exp(−rho(r)/s) dr.
  static func logNormalizer(_ s: Double, _ objective: FitObjective) -> Double {
    switch objective {
    case .squared: return 0.5 * log(2 * Double.pi * s)
    case .absolute: return log(2 * s)
    case .huber(let delta):
      let u = delta / (2 * s).squareRoot()
      let middle = (2 * Double.pi * s).squareRoot() * erf(u)
      return log(middle + 2 * s / delta * exp(-u * u))
    }
  }
}
