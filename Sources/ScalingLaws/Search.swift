import Foundation

/// Where a fit's optimiser starts.
public enum Starts: Equatable, Sendable {
  /// This many points, spread evenly over a box that suits the data (a Halton sequence: no draws).
  ///
  /// Exponents from 0.03 to 1.6, the floor from 2 to 98 % of the lowest loss, the size term from 5 to
  /// 95 % of the excess in the middle of the runs, q from 0.5 to 8.
  case spread(Int)
  /// The grid of Hoffmann et al. 2022 (arXiv 2203.15556, appendix D.3): alpha and beta in {0, 0.5, ...,
  /// 2}, log E in {−1, −0.5, ..., 1}, log A and log B in {0, 5, ..., 25}; 4500 starts.
  ///
  /// Its E and its coefficients suit losses of language models in nats, and N and D in ones.
  case hoffmann2022
}

/// How the starts of a search descend.
public enum SearchMethod: String, Codable, Sendable {
  /// L-BFGS by NLopt, then Newton, whatever the form.
  case quasiNewton
  /// The additive form with a free floor by `AdditiveDescent`, in a twentieth of the time; the other
  /// forms, and the absolute objective, as by `.quasiNewton`.
  ///
  /// The two find the same minima to 1e-12, but not the same bits.
  case narrowing
}

/// What the search for the best minimum found.
public struct SearchReport: Codable, Equatable, Sendable {
  /// The objective at the best minimum, as `FitObjective` defines it.
  public var objective: Double
  /// The number of starts.
  public var starts: Int
  /// How many starts ended within 1e-6 (relative) of the best minimum.
  public var agreeing: Int
  /// The objective of the next best distinct minimum, if any start ended in one.
  public var nextBest: Double?
  /// The best point is a minimum to working precision: less than about 1e-11 is left to gain.
  public var converged: Bool
  /// Starts whose L-BFGS run used up its evaluations.
  public var exhausted: Int
}

/// One form to be fitted to one table by one objective.
struct FitProblem: Sendable {
  /// The smooth objective that the search uses; see `polish` for the ones that are not smooth.
  var smooth: LogResidualObjective
  let kind: FitObjective
  /// The means of log N and log D that were taken off.
  let centerN: Double
  let centerD: Double

  /// How starts descend; see `narrows`.
  let method: SearchMethod

  var shape: ParameterShape { smooth.shape }

  init(
    _ table: RunTable, shape: ParameterShape, floor: Double?, objective: FitObjective,
    method: SearchMethod = .quasiNewton
  ) {
    self.method = method
    func centered(_ values: [Double]) -> (logs: [Double], mean: Double) {
      let logs = values.map { log($0) }
      let mean = logs.reduce(0, +) / Double(max(1, logs.count))
      return (logs.map { $0 - mean }, mean)
    }
    let x = centered(table.n)
    let y = centered(table.d)
    centerN = x.mean
    centerD = y.mean
    kind = objective
    let delta: Double
    switch objective {
    case .huber(let value):
      precondition(value > 0, "delta must be positive, not \(value)")
      delta = value
    case .squared: delta = .infinity
    case .absolute: delta = 1e-3
    }
    smooth = LogResidualObjective(
      shape: shape, x: x.logs, y: y.logs, target: table.loss.map { log($0 - (floor ?? 0)) },
      weights: [Double](repeating: 1, count: table.count), delta: delta,
      scale: delta.isFinite ? 1 / delta : 1)
  }

  /// What `smooth.value` has to be multiplied by to be the objective that the caller asked for.
  var unscale: Double { kind == .absolute ? 1 : 1 / smooth.scale }

  // MARK: One minimum

  /// A minimum and its objective in the caller's units.
  struct Minimum: Sendable {
    var point: [Double]
    var objective: Double
    var converged: Bool
  }

  /// The maximum and the absolute value have kinks, which a minimum may sit on.
  private var hasKinks: Bool { kind == .absolute || shape.sharpness == .infinity }

  /// The minimum near `start` to working precision.
  ///
  /// An objective with kinks is approached through smooth ones of width h: the power mean of q = 1/h
  /// for the maximum, huber of delta = h/100 for the absolute value. Their minima run into that of the
  /// limit on a path linear in h, because a kink that holds the minimum is missed by a distance in
  /// proportion to h; so each stage starts from the line through the two before it. At the last h,
  /// 1e-10, the objective is within 1e-9 of its limit.
  ///
  /// A path from the widest h forgets its start, so a start that was found by the objective with its
  /// kinks asks for a later `firstStage`.
  func polish(_ start: [Double], firstStage: Int = 0) -> Minimum {
    guard hasKinks else {
      let end = Newton.minimize(smooth, from: start)
      return Minimum(point: end.point, objective: end.value * unscale, converged: end.converged)
    }
    var exact = smooth
    if kind == .absolute { (exact.delta, exact.scale) = (1e-150, 1e150) }
    var best = Minimum(point: start, objective: exact.value(at: start) * unscale, converged: false)
    var path = [start]
    var last = best.objective
    let ratio = 0.25
    for stage in firstStage...15 {
      let width = 0.1 * pow(ratio, Double(stage))
      var step = smooth
      if shape.sharpness == .infinity { step.shape.sharpness = 1 / width }
      if kind == .absolute {
        step.delta = width / 100
        step.scale = 1 / step.delta
      }
      var from = path[path.count - 1]
      if path.count > 2 {
        let before = path[path.count - 2]
        let guess = from.indices.map { from[$0] + ratio * (from[$0] - before[$0]) }
        if step.value(at: guess) < step.value(at: from) { from = guess }
      }
      path.append(Newton.minimize(step, from: from).point)
      let value = exact.value(at: path[path.count - 1]) * unscale
      let settled = abs(value - last) <= 1e-10 + 1e-9 * value
      last = value
      if value <= best.objective {
        best = Minimum(point: path[path.count - 1], objective: value, converged: settled)
      } else if settled {
        best.converged = value - best.objective <= 1e-9 + 1e-8 * value
      }
    }
    return best
  }

  /// The best minimum from a few points, for data that differ a little from those they fit.
  func refit(from points: [[Double]]) -> Minimum {
    if narrows { return narrowedRefit(from: points) }
    var candidates = points.map { polish($0) }
    if shape.sharpness == .infinity { candidates += points.map { polish($0, firstStage: 5) } }
    return candidates.min { $0.objective < $1.objective }!
  }

  // MARK: Many starts

  struct Result: Sendable {
    var best: Minimum
    /// The best point of each distinct minimum, best first; at most four.
    var distinct: [[Double]]
    var report: SearchReport
  }

  /// L-BFGS from each start, Newton at its end, and a count of who agrees.
  ///
  /// The absolute objective and the maximum are searched in a smooth form (huber with 0.001, q = 8), to
  /// which the agreement refers, and the distinct minima are then polished. The maximum has minima that
  /// no smooth form shows, so the best of its own L-BFGS runs are polished too.
  func search(_ starts: Starts) throws(FitError) -> Result {
    let points = startPoints(starts)
    if narrows { return try narrowedSearch(from: points) }
    var searching = smooth
    if shape.sharpness == .infinity { searching.shape.sharpness = 8 }
    let runs = try explore(searching, from: points)
    let lowest = runs.ends[0].value
    let agreeing = runs.ends.count { $0.value <= lowest + Self.tolerance(lowest) }
    var minima: [Minimum] = []
    if hasKinks {
      var candidates = runs.distinct(4).map { (point: $0.point, stage: 0) }
      if shape.sharpness == .infinity {
        candidates += try explore(smooth, from: points).distinct(12, kinks: true).map {
          ($0.point, 5)
        }
      }
      let all = candidates
      minima = parallelMap(all.count) { polish(all[$0].point, firstStage: all[$0].stage) }
    } else {
      minima = runs.distinct(4).map {
        Minimum(point: $0.point, objective: $0.value * unscale, converged: $0.converged)
      }
    }
    minima.sort { $0.objective < $1.objective }
    var distinct: [Minimum] = []
    for minimum in minima
    where distinct.count < 4 && (distinct.isEmpty || minimum.converged)
      && minimum.objective > (distinct.last.map { $0.objective * (1 + 1e-6) } ?? -1)
    {
      distinct.append(minimum)
    }
    let best = distinct[0]
    return Result(
      best: best, distinct: distinct.map(\.point),
      report: SearchReport(
        objective: best.objective, starts: points.count, agreeing: agreeing,
        nextBest: distinct.count > 1 ? distinct[1].objective : nil, converged: best.converged,
        exhausted: runs.exhausted))
  }

  /// Two scaled objectives closer than this are one minimum.
  static func tolerance(_ value: Double) -> Double { 1e-6 * value + 1e-10 }

  /// Where the runs from all starts ended, best first; ties in the order of the starts.
  private struct Exploration {
    var ends: [Newton.Outcome]
    var exhausted: Int

    /// The best end and the next ones of another value.
    ///
    /// An end that did not converge is no minimum, only a place where a run gave up. At kinks every run
    /// gives up, so a search of an objective with kinks takes them all.
    func distinct(_ limit: Int, kinks: Bool = false) -> [Newton.Outcome] {
      var found = [ends[0]]
      for end in ends.dropFirst() where found.count < limit && (end.converged || kinks) {
        let last = found[found.count - 1].value
        if end.value > last + FitProblem.tolerance(last) { found.append(end) }
      }
      return found
    }
  }

  private func explore(
    _ objective: LogResidualObjective, from points: [[Double]]
  ) throws(FitError) -> Exploration {
    let runs = parallelMap(points.count) {
      index -> Swift.Result<(Newton.Outcome, Bool), FitError> in
      do throws(FitError) {
        let rough = try LBFGS.minimize(
          objective, from: points[index], tolerance: 1e-7, maximumEvaluations: 400)
        let end = Newton.minimize(objective, from: rough.point, maximumSteps: 60)
        return .success((end, rough.stop == .evaluations))
      } catch {
        return .failure(error)
      }
    }
    var ends: [(outcome: Newton.Outcome, index: Int)] = []
    var exhausted = 0
    for (index, run) in runs.enumerated() {
      let (outcome, ran) = try run.get()
      if ran { exhausted += 1 }
      if outcome.value.isFinite { ends.append((outcome, index)) }
    }
    guard !ends.isEmpty else { throw .optimizer("no start has a finite objective") }
    ends.sort { ($0.outcome.value, $0.index) < ($1.outcome.value, $1.index) }
    return Exploration(ends: ends.map(\.outcome), exhausted: exhausted)
  }

  /// The starts as packed vectors.
  func startPoints(_ starts: Starts) -> [[Double]] {
    switch starts {
    case .spread(let count):
      precondition(count > 0, "a search needs at least one start, not \(count)")
      return (1...count).map { spreadPoint($0) }
    case .hoffmann2022: return hoffmannPoints()
    }
  }

  private func spreadPoint(_ index: Int) -> [Double] {
    let center = smooth.target.reduce(0, +) / Double(smooth.target.count)
    let lowest = smooth.target.min()!
    let e = shape.hasFloor ? lowest + log(0.02 + 0.96 * halton(index, base: 2)) : -Double.infinity
    // Above e always, because the mean of the losses is no less than the lowest.
    let excess = log(exp(center) - exp(e))
    let alpha = 0.03 + 1.57 * halton(index, base: 3)
    guard shape.hasData else {
      return [excess, alpha] + (shape.hasFloor ? [e] : [])
    }
    let beta = 0.03 + 1.57 * halton(index, base: 5)
    let share = 0.05 + 0.9 * halton(index, base: 7)
    var point = [excess + log(share), alpha, excess + log(1 - share), beta]
    if shape.hasFloor { point.append(e) }
    if shape.hasSharpness { point.append(log(0.5) + log(16) * halton(index, base: 11)) }
    if shape.hasBreak {
      let (low, high) = (smooth.y.min()!, smooth.y.max()!)
      // The exponent may fall or rise by three quarters of itself, anywhere within the runs' data.
      point += [
        1.5 * beta * (halton(index, base: 13) - 0.5),
        low + (high - low) * (0.1 + 0.8 * halton(index, base: 17)),
        log(0.1) + log(10) * halton(index, base: 19),
      ]
    }
    return point
  }

  private func hoffmannPoints() -> [[Double]] {
    let exponents = stride(from: 0.0, through: 2, by: 0.5)
    let coefficients = stride(from: 0.0, through: 25, by: 5)
    let floors = shape.hasFloor ? Array(stride(from: -1.0, through: 1, by: 0.5)) : [.nan]
    var points: [[Double]] = []
    for alpha in exponents {
      for a in coefficients {
        for e in floors {
          let head = [a - alpha * centerN, alpha]
          let tail =
            (shape.hasFloor ? [e] : []) + (shape.hasSharpness ? [0] : [])
            + (shape.hasBreak ? [0.1, 0, -1] : [])
          if !shape.hasData { points.append(head + tail) }
          guard shape.hasData else { continue }
          for beta in exponents {
            for b in coefficients { points.append(head + [b - beta * centerD, beta] + tail) }
          }
        }
      }
    }
    return points
  }

  /// The digits of `index` in `base`, mirrored behind the point (Halton 1960).
  func halton(_ index: Int, base: Int) -> Double {
    var result = 0.0
    var fraction = 1 / Double(base)
    var rest = index
    while rest > 0 {
      result += fraction * Double(rest % base)
      rest /= base
      fraction /= Double(base)
    }
    return result
  }
}
