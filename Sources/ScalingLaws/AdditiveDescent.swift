import Foundation

/// The descent to a minimum of the additive objective from one start.
///
/// Far from a minimum each step is that of iterated least squares with Levenberg's damping, which
/// descends whatever the residuals are; close to it Newton's with the exact Hessian, which ends within
/// rounding of the minimum after a few steps.
///
/// A huber of small delta is nearly the absolute value, whose kinks make any descent slow. So a start
/// first descends with a wide delta, and the minimum that it finds is followed as delta narrows
/// (`narrowed`), a path that all starts with the same wide minimum share.
/// - Complexity: about 60 passes over the rows for a start, 50 for the path.
struct AdditiveDescent: Sendable {
  typealias Point = AdditiveObjective.Point

  /// Where a descent ended.
  struct End: Sendable {
    var point: Point
    /// The objective, unscaled.
    var value: Double
    /// Newton's step promises less than the tolerance.
    var converged: Bool
    /// Passes over the rows.
    var passes: Int
  }

  private let objective: AdditiveObjective
  /// The delta that was asked for.
  let delta: Double
  /// The largest |x| and |y|, by which a change of an exponent changes a term's logarithm.
  private let reach: (x: Double, y: Double)

  init(_ objective: AdditiveObjective) {
    self.objective = objective
    delta = objective.delta
    reach = objective.reach
  }

  /// The minimum near `start` of the objective with `delta`.
  ///
  /// `tolerance` is the share of the value that Newton's last step may promise to gain. A run that
  /// uses up `maximumPasses` has not converged: it lies in a valley that leads nowhere, or in one so
  /// bent that no other start would follow it either.
  func end(
    from start: Point, delta: Double, tolerance: Double, newton first: Bool = false,
    maximumPasses: Int = 150
  ) -> End {
    var objective = objective
    objective.delta = delta
    var point = start
    var newton = first
    var pass = objective.pass(point, newton ? .exact : .majorant)
    var passes = 1
    var damping = newton ? 0 : 1e-3
    var step = Point()
    guard pass.value.isFinite else {
      return End(point: point, value: .infinity, converged: false, passes: passes)
    }
    while passes < maximumPasses {
      guard Self.solve(pass.matrix, damping, pass.gradient, &step) else {
        damping = max(damping * 4, Self.leastDamping)
        if damping > 1e8 { break }
        continue
      }
      let promise = -(pass.gradient * step).sum() / 2
      let small = promise <= tolerance * pass.value + 1e-300
      shorten(&step)
      let next = objective.pass(point + step, newton ? .exact : .majorant)
      passes += 1
      let falls = next.value < pass.value
      if small, damping <= 1e-3, newton {
        return End(
          point: falls ? point + step : point, value: falls ? next.value : pass.value,
          converged: true, passes: passes)
      }
      if falls {
        let gain = (pass.value - next.value) / pass.value
        point += step
        pass = next
        damping = damping <= Self.leastDamping ? 0 : damping / 3
        if !newton, gain < 0.003 {
          newton = true
          pass = objective.pass(point, .exact)
          passes += 1
        }
      } else {
        damping = max(damping * 2, Self.leastDamping)
        if damping > 1e8 {
          return End(point: point, value: pass.value, converged: small, passes: passes)
        }
      }
    }
    return End(point: point, value: pass.value, converged: false, passes: passes)
  }

  private static let leastDamping = 1e-4

  /// The delta at which starts descend: a tenth of the loss, far beyond the scatter of most tables.
  var widest: Double { max(delta, 0.1) }

  /// The wide minimum near `start`.
  func wide(from start: Point) -> End {
    end(from: start, delta: widest, tolerance: widest > delta ? 1e-7 : 1e-12)
  }

  /// Follows a wide minimum to the delta that was asked for.
  ///
  /// Minima run into that of the limit in proportion to delta, because a kink that holds a minimum is
  /// missed by a distance in proportion to delta; so each stage starts from the line through the two
  /// before it, if that is lower.
  func narrowed(_ wide: End) -> End {
    guard delta < widest, wide.value.isFinite else { return wide }
    var end = wide
    var passes = 0
    var width = widest
    var before = wide.point
    while width > delta {
      let last = end.point
      let next = width / 3 > delta ? width / 3 : delta
      let guess = last + next / width * (last - before)
      width = next
      var stage = objective
      stage.delta = width
      let from = stage.value(guess) < stage.value(last) ? guess : last
      end = self.end(
        from: from, delta: width, tolerance: width > delta ? 1e-5 : 1e-13, newton: true)
      passes += end.passes + 2
      before = last
    }
    end.passes = passes
    return end
  }

  /// Shortens a step that trusts the linear model too far.
  ///
  /// A term's logarithm may move by 5. The floor enters the loss linearly, not by its logarithm: where
  /// the model asks it to grow by a factor 1 + m, its logarithm grows by about log(1 + m), not by m,
  /// and it may fall by a factor e. Without that the descent creeps along the valley of low floors.
  private func shorten(_ step: inout Point) {
    func factor(_ change: Double, _ tilt: Double) -> Double {
      let move = abs(change) + tilt
      return move > 5 ? 5 / move : 1
    }
    let e = step[4]
    step[4] = e > 0.5 ? 0.5 + Foundation.log(0.5 + e) : max(e, -1)
    let first = factor(step[0], abs(step[1]) * reach.x)
    let second = factor(step[2], abs(step[3]) * reach.y)
    step *= Point(first, first, second, second, 1, 0, 0, 0)
  }

  /// Solves (M + damping diag|M|) step = −gradient by Cholesky; false if not positive definite.
  @inline(__always)
  static func solve(
    _ matrix: InlineArray<15, Double>, _ damping: Double, _ gradient: Point, _ step: inout Point
  ) -> Bool {
    var unit = Point(repeating: 1)
    var l = InlineArray<15, Double>(repeating: 0)
    // The place of (i, i) in the packed triangle is 0, 5, 9, 12, 14.
    let diagonal: InlineArray<5, Int> = [0, 5, 9, 12, 14]
    for i in 0..<5 {
      let size = abs(matrix[diagonal[i]])
      guard size.isFinite else { return false }
      unit[i] = size > 1e-300 ? 1 / size.squareRoot() : 1
    }
    // l holds the upper factor: M = Uᵀ U, row by row.
    for i in 0..<5 {
      for j in i..<5 {
        let place = diagonal[i] + j - i
        var sum = matrix[place] * unit[i] * unit[j]
        if i == j { sum += damping + (sum == 0 ? 1e-14 : 0) }
        for k in 0..<i { sum -= l[diagonal[k] + i - k] * l[diagonal[k] + j - k] }
        if i == j {
          guard sum > 1e-14 else { return false }
          l[place] = sum.squareRoot()
        } else {
          l[place] = sum / l[diagonal[i]]
        }
      }
    }
    for i in 0..<5 {
      var sum = -gradient[i] * unit[i]
      for k in 0..<i { sum -= l[diagonal[k] + i - k] * step[k] }
      step[i] = sum / l[diagonal[i]]
    }
    for i in [4, 3, 2, 1, 0] {
      var sum = step[i]
      for k in (i + 1)..<5 where i < 4 { sum -= l[diagonal[i] + k - i] * step[k] }
      step[i] = sum / l[diagonal[i]]
    }
    for i in 5..<8 { step[i] = 0 }
    step *= unit
    return true
  }
}
