/// A damped Newton iteration that finishes what L-BFGS began.
///
/// (H + m diag|H|) step = −g with m raised until the matrix is positive definite and the objective
/// falls (Levenberg 1944; Nocedal & Wright 2006, section 3.4). Near a minimum m goes to zero and
/// convergence is quadratic, so the objective ends within rounding of its minimum.
enum Newton {
  struct Outcome: Sendable {
    var point: [Double]
    /// The scaled objective.
    var value: Double
    /// The Newton decrement says that at most 1e-12 (or 1e-11 of the value) is left to gain.
    var converged: Bool
  }

  static func minimize(
    _ objective: LogResidualObjective, from start: [Double], maximumSteps: Int = 100
  ) -> Outcome {
    let k = start.count
    var point = start
    var trial = start
    var gradient = [Double](repeating: 0, count: k)
    var hessian = [Double](repeating: 0, count: k * k)
    var step = gradient
    var value = evaluate(objective, point, &gradient, &hessian)
    guard value.isFinite else { return Outcome(point: start, value: value, converged: false) }
    var damping = 0.0
    var converged = false
    var steps = 0
    while steps < maximumSteps {
      steps += 1
      guard solve(hessian, damping: damping, gradient, into: &step) else {
        damping = max(damping * 10, 1e-8)
        if damping > 1e12 { break }
        continue
      }
      var decrement = 0.0
      for i in 0..<k { decrement -= gradient[i] * step[i] / 2 }
      let small = decrement <= 1e-12 + 1e-11 * value
      // Without damping the decrement is what is left to gain; with it the step is only cautious.
      if small, damping <= 1e-3 { converged = true }
      for i in 0..<k { trial[i] = point[i] + step[i] }
      let next = trial.withUnsafeBufferPointer { objective.value($0.baseAddress!) }
      if next < value {
        let gain = value - next
        swap(&point, &trial)
        value = evaluate(objective, point, &gradient, &hessian)
        damping = damping <= 1e-9 ? 0 : damping / 10
        if converged && gain <= 1e-15 * value { break }
      } else {
        if converged { break }
        damping = max(damping * 10, 1e-8)
        if damping > 1e12 {
          converged = small
          break
        }
      }
    }
    return Outcome(point: point, value: value, converged: converged)
  }

  private static func evaluate(
    _ objective: LogResidualObjective, _ point: [Double], _ gradient: inout [Double],
    _ hessian: inout [Double]
  ) -> Double {
    point.withUnsafeBufferPointer { point in
      gradient.withUnsafeMutableBufferPointer { gradient in
        hessian.withUnsafeMutableBufferPointer { hessian in
          objective.value(
            point.baseAddress!, gradient: gradient.baseAddress!, hessian: hessian.baseAddress!)
        }
      }
    }
  }

  /// Solves (H + damping diag|H|) step = −gradient by Cholesky; false if not positive definite.
  ///
  /// The matrix is brought to a unit diagonal first, so that the pivots' size says how much of a
  /// parameter the others leave undetermined.
  static func solve(
    _ hessian: [Double], damping: Double, _ gradient: [Double], into step: inout [Double]
  ) -> Bool {
    let k = gradient.count
    return withUnsafeTemporaryAllocation(of: Double.self, capacity: k * k + k) { buffer in
      let l = buffer.baseAddress!
      let unit = l + k * k
      for i in 0..<k {
        let diagonal = abs(hessian[i * k + i])
        guard diagonal.isFinite else { return false }
        unit[i] = diagonal > 1e-300 ? 1 / diagonal.squareRoot() : 1
      }
      for i in 0..<k {
        for j in 0...i {
          var sum = hessian[i * k + j] * unit[i] * unit[j]
          if i == j { sum += damping + (sum == 0 ? 1e-14 : 0) }
          for m in 0..<j { sum -= l[i * k + m] * l[j * k + m] }
          if i == j {
            guard sum > 1e-15 else { return false }
            l[i * k + i] = sum.squareRoot()
          } else {
            l[i * k + j] = sum / l[j * k + j]
          }
        }
      }
      for i in 0..<k {
        var sum = -gradient[i] * unit[i]
        for m in 0..<i { sum -= l[i * k + m] * step[m] }
        step[i] = sum / l[i * k + i]
      }
      for i in (0..<k).reversed() {
        var sum = step[i]
        for m in (i + 1)..<max(k, i + 1) { sum -= l[m * k + i] * step[m] }
        step[i] = sum / l[i * k + i]
      }
      for i in 0..<k { step[i] *= unit[i] }
      return true
    }
  }
}
