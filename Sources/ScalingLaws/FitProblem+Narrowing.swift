import Foundation

/// The search by `AdditiveDescent`.
extension FitProblem {
  /// Whether this problem is one that `AdditiveDescent` knows, and was asked to use it.
  var narrows: Bool {
    method == .narrowing && kind != .absolute
      && shape == ParameterShape(hasData: true, hasFloor: true, hasSharpness: false)
  }

  /// From each start to a wide minimum, from each distinct wide minimum to a narrow one.
  ///
  /// A start agrees if it is found to lead to the best minimum, by its own descent to a wide minimum
  /// and the path that all starts with that wide minimum share. A look around the best minimum follows,
  /// by descents with the narrow delta itself: if they find a better one, no start agrees with it.
  func narrowedSearch(from points: [[Double]]) throws(FitError) -> Result {
    let descent = AdditiveDescent(AdditiveObjective(unscaled))
    // Chunks, because one start takes less time than waking a thread.
    let chunk = 25
    let ends = parallelMap((points.count + chunk - 1) / chunk) { part in
      (part * chunk..<min(points.count, (part + 1) * chunk)).map {
        descent.wide(from: AdditiveObjective.Point(packed: points[$0]))
      }
    }.flatMap(\.self)
    let order = ends.indices.filter { ends[$0].value.isFinite }.sorted {
      (ends[$0].value, $0) < (ends[$1].value, $1)
    }
    guard let first = order.first else { throw .optimizer("no start has a finite objective") }
    // Starts that end within 1e-6 of each other have one wide minimum; the lowest stands for it.
    var families: [(end: AdditiveDescent.End, starts: Int)] = [(ends[first], 0)]
    for index in order {
      let last = families[families.count - 1].end.value
      if ends[index].value <= last * (1 + 1e-6) + 1e-300 {
        families[families.count - 1].starts += 1
      } else if ends[index].converged {
        families.append((ends[index], 1))
      }
    }
    let followed = Array(families.prefix(24))
    let narrow = parallelMap(followed.count) { descent.narrowed(followed[$0].end) }
    var found = zip(narrow, followed).map { (end: $0, starts: $1.starts) }
    found.sort { $0.end.value < $1.end.value }
    let near = nearby(found[0].end.point, descent: descent)
    if near.value < found[0].end.value * (1 - 1e-7) { found.insert((near, 0), at: 0) }
    let lowest = found[0].end.value
    // Rounding of a sum of squares leaves 1e-24 where the law fits without residuals.
    let tolerance = 1e-6 * lowest + 1e-20
    let agreeing = found.reduce(0) { $0 + ($1.end.value <= lowest + tolerance ? $1.starts : 0) }
    var distinct: [AdditiveDescent.End] = []
    for (end, _) in found where distinct.count < 4 && (distinct.isEmpty || end.converged) {
      if let last = distinct.last, end.value <= last.value + tolerance { continue }
      distinct.append(end)
    }
    let minima = distinct.map {
      Minimum(point: $0.point.packed, objective: $0.value, converged: $0.converged)
    }
    return Result(
      best: minima[0], distinct: minima.map(\.point),
      report: SearchReport(
        objective: minima[0].objective, starts: points.count, agreeing: agreeing,
        nextBest: minima.count > 1 ? minima[1].objective : nil, converged: minima[0].converged,
        exhausted: ends.count { !$0.converged }))
  }

  /// The best narrow minimum from 32 points around `point`, none of which widens delta first.
  private func nearby(
    _ point: AdditiveObjective.Point, descent: AdditiveDescent
  ) -> AdditiveDescent.End {
    let starts = (1...32).map { index in
      var start = point
      for (place, base) in [2, 3, 5, 7, 11].enumerated() {
        start[place] += 0.2 * (halton(index, base: base) - 0.5)
      }
      return start
    }
    let ends = parallelMap(starts.count) {
      descent.end(
        from: starts[$0], delta: descent.delta, tolerance: 1e-13, maximumPasses: 100)
    }
    return ends.min { $0.value < $1.value }!
  }

  /// The best minimum for other weights, from the minima of the full fit.
  ///
  /// Each is widened first, so that the path takes the resample's own way. Minima that are three times
  /// as high as the lowest at these weights are left out.
  func narrowedRefit(from points: [[Double]]) -> Minimum {
    let objective = AdditiveObjective(unscaled)
    let descent = AdditiveDescent(objective)
    let values = points.map { objective.value(AdditiveObjective.Point(packed: $0)) }
    let lowest = values.min() ?? 0
    let ends = points.indices.filter { values[$0] <= 3 * lowest }.map { points[$0] }.map {
      descent.narrowed(descent.wide(from: AdditiveObjective.Point(packed: $0)))
    }
    let best = ends.min { $0.value < $1.value }!
    return Minimum(point: best.point.packed, objective: best.value, converged: best.converged)
  }

  private var unscaled: LogResidualObjective {
    var objective = smooth
    objective.scale = 1
    return objective
  }
}

extension AdditiveObjective.Point {
  /// a, alpha, b, beta, e, and zeros.
  init(packed: [Double]) {
    self.init(packed[0], packed[1], packed[2], packed[3], packed[4], 0, 0, 0)
  }

  /// a, alpha, b, beta, e.
  var packed: [Double] { (0..<5).map { self[$0] } }
}
