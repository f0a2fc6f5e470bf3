import Foundation

/// What a fit minimises over its rows' log residuals r = log(predicted) − log(observed).
public enum FitObjective: Equatable, Sendable {
  /// `Σ huber(r)`, `huber(r) = r²/2` for |r| ≤ delta, else `delta (|r| − delta/2)`.
  ///
  /// With the delta of 0.001 of Hoffmann et al. 2022 (arXiv 2203.15556, appendix D.3) it is nearly
  /// the absolute objective: a few bad runs weigh no more than their number.
  case huber(delta: Double = 1e-3)
  /// `Σ r²/2`: the most precise for log-normal scatter, the least robust.
  case squared
  /// `Σ |r|`: the limit of huber/delta as delta falls to zero.
  case absolute
}

/// The parameters of a form that are free, and their places in a packed vector.
///
/// All forms are one: with z1 = a − alpha x, z2 = b − beta y, x and y centred logarithms of N and D,
///
///     s = log excess = 1/q log(exp(q z1) + exp(q z2)),    f = log loss = log(exp(e) + exp(s)).
///
/// Packed order: a, alpha, [b, beta], [e], [log q].
struct ParameterShape: Equatable, Sendable {
  /// The law has a term in D.
  var hasData: Bool
  /// e is free; otherwise there is no floor and f = s.
  var hasFloor: Bool
  /// q is free.
  var hasSharpness: Bool
  /// The value of q when it is not free: 1 is the sum, infinity the maximum.
  var sharpness = 1.0
  /// q is 1/beta (Kaplan et al. 2020, equation 1.5); beta must then be positive.
  var tiesSharpness = false
  /// The data term's exponent changes along y; see `LogResidualObjective+Break`.
  var hasBreak = false

  var count: Int {
    2 + (hasData ? 2 : 0) + (hasFloor ? 1 : 0) + (hasSharpness ? 1 : 0) + (hasBreak ? 3 : 0)
  }
  var floorIndex: Int? { hasFloor ? (hasData ? 4 : 2) : nil }
  var sharpnessIndex: Int? { hasSharpness ? count - 1 : nil }
  /// The place of the change of the exponent, which the break's place and log width follow.
  var breakIndex: Int? { hasBreak ? count - 3 : nil }

  /// The names that errors and warnings use, in packed order.
  var names: [String] {
    ["A", "alpha"] + (hasData ? ["B", "beta"] : []) + (hasFloor ? ["E"] : [])
      + (hasSharpness ? ["q"] : []) + (hasBreak ? ["change", "break", "width"] : [])
  }
}

/// The weighted objective of one form over one set of rows, with gradient and Hessian.
///
/// `value = Σ w rho(r)`, `r = f(x, y) − target`. The gradient of f with respect to e is
/// p = exp(e − f), to s it is 1 − p; with v = exp(q (z1 − s)), `ds = v dz1 + (1 − v) dz2 − h/q dk`,
/// h the entropy of (v, 1 − v) and k = log q.
/// - Complexity: two exponentials and two logarithms a row; nothing is allocated.
struct LogResidualObjective: Sendable {
  var shape: ParameterShape
  /// log N and log D, less their means; `y` is empty without a term in D.
  var x: [Double]
  var y: [Double]
  /// The logarithm of the loss, or of its excess over a known floor.
  var target: [Double]
  /// How often each row counts; zero leaves it out.
  var weights: [Double]
  /// Where huber turns linear; infinity is least squares.
  var delta: Double
  /// A factor on the sum, so that its size suits the optimiser.
  var scale: Double

  /// The largest packed vector.
  static let maximumCount = 8

  /// The objective at `parameters`; `gradient` [count] and `hessian` [count, count], row-major, are
  /// overwritten if given.
  func value(
    _ parameters: UnsafePointer<Double>, gradient: UnsafeMutablePointer<Double>? = nil,
    hessian: UnsafeMutablePointer<Double>? = nil
  ) -> Double {
    let k = shape.count
    if let gradient { gradient.update(repeating: 0, count: k) }
    if let hessian { hessian.update(repeating: 0, count: k * k) }
    return x.withUnsafeBufferPointer { x in
      y.withUnsafeBufferPointer { y in
        target.withUnsafeBufferPointer { target in
          weights.withUnsafeBufferPointer { weights in
            sum(
              parameters, x: x.baseAddress!, y: y.baseAddress, target: target.baseAddress!,
              weights: weights.baseAddress!, gradient: gradient, hessian: hessian)
          }
        }
      }
    }
  }

  /// The objective at `parameters`.
  func value(at parameters: [Double]) -> Double {
    parameters.withUnsafeBufferPointer { value($0.baseAddress!) }
  }

  private func sum(
    _ parameters: UnsafePointer<Double>, x: UnsafePointer<Double>, y: UnsafePointer<Double>?,
    target: UnsafePointer<Double>, weights: UnsafePointer<Double>,
    gradient: UnsafeMutablePointer<Double>?, hessian: UnsafeMutablePointer<Double>?
  ) -> Double {
    let k = shape.count
    let rows = self.target.count
    // A law with q = 1/beta ends where beta does.
    if shape.tiesSharpness, parameters[3] <= 1e-6 { return .infinity }
    return withUnsafeTemporaryAllocation(of: Double.self, capacity: Self.maximumCount) { scratch in
      let g = scratch.baseAddress!
      var total = 0.0
      var row = 0
      while row < rows {
        let w = weights[row]
        if w != 0 {
          let point = RowPoint(parameters, x: x[row], y: y.map { $0[row] } ?? 0, shape: shape)
          let r = point.logLoss - target[row]
          let size = abs(r)
          let inside = size <= delta
          total += w * (inside ? 0.5 * r * r : delta * (size - 0.5 * delta))
          if let gradient {
            let slope = w * (inside ? r : (r > 0 ? delta : -delta))
            point.writeGradient(g, shape: shape)
            var i = 0
            while i < k {
              gradient[i] += slope * g[i]
              i += 1
            }
            if let hessian {
              point.accumulateHessian(
                hessian, gradient: g, curvature: inside ? w : 0, slope: slope, shape: shape)
            }
          }
        }
        row += 1
      }
      if let gradient {
        var i = 0
        while i < k {
          gradient[i] *= scale
          i += 1
        }
      }
      if let hessian {
        var i = 0
        while i < k * k {
          hessian[i] *= scale
          i += 1
        }
      }
      return total * scale
    }
  }

  /// The log residual of each row at `parameters`.
  func residuals(at parameters: [Double]) -> [Double] {
    parameters.withUnsafeBufferPointer { p in
      target.indices.map { row in
        RowPoint(p.baseAddress!, x: x[row], y: y.isEmpty ? 0 : y[row], shape: shape).logLoss
          - target[row]
      }
    }
  }

  /// The Gauss-Newton matrix Σ w ∇f ∇fᵀ at `parameters`, row-major; unscaled.
  func information(at parameters: [Double]) -> [Double] {
    let k = shape.count
    var matrix = [Double](repeating: 0, count: k * k)
    var g = [Double](repeating: 0, count: Self.maximumCount)
    parameters.withUnsafeBufferPointer { p in
      for row in target.indices where weights[row] != 0 {
        let point = RowPoint(p.baseAddress!, x: x[row], y: y.isEmpty ? 0 : y[row], shape: shape)
        g.withUnsafeMutableBufferPointer { point.writeGradient($0.baseAddress!, shape: shape) }
        for i in 0..<k { for j in 0..<k { matrix[i * k + j] += weights[row] * g[i] * g[j] } }
      }
    }
    return matrix
  }
}

/// One row's prediction and the pieces that its derivatives share.
struct RowPoint {
  var logLoss: Double
  /// exp(e − f): the floor's share of the loss.
  var floorShare: Double
  /// The first term's share of the excess, and the second's.
  var first: Double
  var second: Double
  /// q (z1 − z2).
  var contrast: Double
  /// The entropy of (first, second).
  var entropy: Double
  var q: Double
  var x: Double
  var y: Double
  /// What a break does to the data term's logarithm; all zero without one.
  var bend = Bend()

  @inline(__always)
  init(_ p: UnsafePointer<Double>, x: Double, y: Double, shape: ParameterShape) {
    self.x = x
    self.y = y
    let z1 = p[0] - p[1] * x
    var s = z1
    (first, second, contrast, entropy, q) = (1, 0, 0, 0, 1)
    if shape.hasData {
      var z2 = p[2] - p[3] * y
      if let index = shape.breakIndex {
        bend = Bend(p + index, y: y)
        z2 += bend.value
      }
      q = shape.hasSharpness ? exp(p[shape.count - 1]) : shape.sharpness
      if shape.tiesSharpness { q = 1 / p[3] }
      let top = z1 > z2 ? z1 : z2
      if q == .infinity {
        s = top
        if z1 < z2 { (first, second) = (0, 1) }
      } else {
        contrast = q * (z1 - z2)
        let u = abs(contrast)
        let t = exp(-u)
        // Not log1p: three times slower, and the sum below keeps only absolute precision.
        let rest = log(1 + t)
        let minor = t / (1 + t)
        s = top + rest / q
        (first, second) = z1 > z2 ? (1 - minor, minor) : (minor, 1 - minor)
        // 0 · infinity would be NaN where the minor term has vanished altogether.
        entropy = minor == 0 ? 0 : rest + u * minor
      }
    }
    if shape.hasFloor {
      let e = p[shape.hasData ? 4 : 2]
      let t = exp(-abs(s - e))
      let minor = t / (1 + t)
      logLoss = (s > e ? s : e) + log(1 + t)
      floorShare = s > e ? minor : 1 - minor
    } else {
      logLoss = s
      floorShare = 0
    }
  }

  /// `gradient = ∇f` in packed order (overwritten).
  @inline(__always)
  func writeGradient(_ gradient: UnsafeMutablePointer<Double>, shape: ParameterShape) {
    let excess = 1 - floorShare
    gradient[0] = excess * first
    gradient[1] = -excess * first * x
    if shape.hasData {
      gradient[2] = excess * second
      gradient[3] = -excess * second * y
    }
    if shape.hasFloor { gradient[shape.hasData ? 4 : 2] = floorShare }
    if shape.hasSharpness { gradient[shape.count - 1] = -excess * entropy / q }
    // dk/dbeta = −q, k = log q.
    if shape.tiesSharpness { gradient[3] += excess * entropy }
    if let index = shape.breakIndex {
      gradient[index] = excess * second * bend.gradient.0
      gradient[index + 1] = excess * second * bend.gradient.1
      gradient[index + 2] = excess * second * bend.gradient.2
    }
  }

  /// `hessian += curvature ∇f ∇fᵀ + slope ∇²f`, with
  /// `∇²f = p (1 − p) (ê − ∇s)(ê − ∇s)ᵀ + (1 − p) ∇²s`.
  @inline(__always)
  func accumulateHessian(
    _ hessian: UnsafeMutablePointer<Double>, gradient: UnsafePointer<Double>, curvature: Double,
    slope: Double, shape: ParameterShape
  ) {
    let k = shape.count
    let excess = 1 - floorShare
    var i = 0
    while i < k {
      var j = 0
      while j < k {
        hessian[i * k + j] += curvature * gradient[i] * gradient[j]
        j += 1
      }
      i += 1
    }
    if shape.hasFloor, floorShare != 0, excess != 0 {
      // (1 − p)(ê − ∇s) is −∇f off the floor's place and 1 − p on it.
      let place = shape.hasData ? 4 : 2
      let factor = slope * floorShare / excess
      i = 0
      while i < k {
        let left = i == place ? excess : -gradient[i]
        var j = 0
        while j < k {
          hessian[i * k + j] += factor * left * (j == place ? excess : -gradient[j])
          j += 1
        }
        i += 1
      }
    }
    let mixed = first * second
    if let index = shape.breakIndex {
      accumulateBreak(
        hessian, k, index, slope: slope * excess, mixed: mixed)
      return
    }
    guard shape.hasData, mixed != 0 else { return }
    // ∇²s in (z1, z2): q v(1 − v) (1, −1)(1, −1)ᵀ, spread over a, alpha, b, beta.
    let factor = slope * excess * q * mixed
    let along = (1.0, -x, -1.0, y)
    add(hessian, k, 0, along.0, along, factor)
    add(hessian, k, 1, along.1, along, factor)
    add(hessian, k, 2, along.2, along, factor)
    add(hessian, k, 3, along.3, along, factor)
    if shape.tiesSharpness {
      // k = −log beta: the cross terms in k times dk/dbeta, and those of d²k/dbeta².
      let cross = -slope * excess * mixed * contrast * q
      add(hessian, k, 3, 1, along, cross)
      hessian[0 * k + 3] += cross * along.0
      hessian[1 * k + 3] += cross * along.1
      hessian[2 * k + 3] += cross * along.2
      hessian[3 * k + 3] += cross * along.3 + slope * excess * q * mixed * contrast * contrast
      return
    }
    guard shape.hasSharpness else { return }
    let last = k - 1
    let cross = slope * excess * mixed * contrast
    hessian[0 * k + last] += cross * along.0
    hessian[1 * k + last] += cross * along.1
    hessian[2 * k + last] += cross * along.2
    hessian[3 * k + last] += cross * along.3
    hessian[last * k + 0] += cross * along.0
    hessian[last * k + 1] += cross * along.1
    hessian[last * k + 2] += cross * along.2
    hessian[last * k + 3] += cross * along.3
    hessian[last * k + last] += slope * excess * (entropy + mixed * contrast * contrast) / q
  }

  @inline(__always)
  private func add(
    _ hessian: UnsafeMutablePointer<Double>, _ k: Int, _ row: Int, _ left: Double,
    _ along: (Double, Double, Double, Double), _ factor: Double
  ) {
    hessian[row * k + 0] += factor * left * along.0
    hessian[row * k + 1] += factor * left * along.1
    hessian[row * k + 2] += factor * left * along.2
    hessian[row * k + 3] += factor * left * along.3
  }
}
