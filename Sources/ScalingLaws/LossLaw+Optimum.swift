import Foundation

/// The best split of a compute budget between model and data.
public struct ComputeOptimum: Codable, Equatable, Sendable {
  /// Training FLOPs.
  public var compute: Double
  /// Parameters.
  public var n: Double
  /// Training tokens.
  public var d: Double
  /// The loss that the law predicts there.
  public var loss: Double

  /// Creates a split from its numbers.
  public init(compute: Double, n: Double, d: Double, loss: Double) {
    self.compute = compute
    self.n = n
    self.d = d
    self.loss = loss
  }

  /// D/N.
  public var tokensPerParameter: Double { d / n }
}

extension LossLaw {
  /// FLOPs of training one parameter on one token: 6 (Kaplan et al. 2020, arXiv 2001.08361, section
  /// 2.1).
  public static let flopsPerParameterToken = 6.0

  /// The size at which the loss is least along C = 6 N D; nil if the loss has no interior minimum.
  ///
  /// With both exponents positive there is one: the loss goes to infinity for small and for large N.
  /// Golden section in log N, after a scan that brackets the lowest of 400 places.
  /// - Complexity: about 450 predictions.
  public func optimum(compute: Double) -> ComputeOptimum? {
    optimum(compute: compute) { loss(n: $0, d: $1) }
  }

  /// The optimum of another loss of N and D along C = 6 N D, such as one with repeated data.
  public func optimum(
    compute: Double, maximumSize: Double = .infinity, of loss: (Double, Double) -> Double
  ) -> ComputeOptimum? {
    precondition(compute > 0 && compute.isFinite, "compute must be positive, not \(compute)")
    guard alpha > 0, beta > 0 else { return nil }
    let total = log(compute / Self.flopsPerParameterToken)
    func value(_ logN: Double) -> Double { loss(exp(logN), exp(total - logN)) }
    guard let place = Self.minimum(of: value, from: 0, to: total) else { return nil }
    let logN = min(place, log(maximumSize))
    return ComputeOptimum(
      compute: compute, n: exp(logN), d: exp(total - logN), loss: value(logN))
  }

  /// The size that suits `d` tokens: that of the optimum which trains on so many.
  public func optimalSize(d: Double) -> Double? {
    guard alpha > 0, beta > 0, d > 1 else { return nil }
    switch form {
    case .additive, .powerMean, .kaplan:
      // alpha (A N^-alpha)^q = beta (B D^-beta)^q, the derivative along C = 6 N D.
      let q = sharpness
      return pow(
        sizeCoefficient / dataTerm(d: d) * pow(alpha / beta, 1 / q), 1 / alpha)
    case .maximum:
      return pow(sizeCoefficient / dataTerm(d: d), 1 / alpha)
    case .broken:
      var (low, high) = (log(d), 3 * log(d) + 10)
      for _ in 0..<60 {
        let middle = (low + high) / 2
        guard let best = optimum(compute: exp(middle)) else { return nil }
        if best.d < d { low = middle } else { high = middle }
      }
      return optimum(compute: exp(low))?.n
    }
  }

  /// Where `value` is least between two places; nil at an end.
  static func minimum(of value: (Double) -> Double, from low: Double, to high: Double) -> Double? {
    let count = 400
    let step = (high - low) / Double(count)
    let values = (0...count).map { value(low + Double($0) * step) }
    guard let best = values.indices.min(by: { values[$0] < values[$1] }), best > 0, best < count
    else { return nil }
    let ratio = (5.0.squareRoot() - 1) / 2
    var (left, right) = (low + Double(best - 1) * step, low + Double(best + 1) * step)
    var (x1, x2) = (right - ratio * (right - left), left + ratio * (right - left))
    var (y1, y2) = (value(x1), value(x2))
    while right - left > 1e-9 * max(1, abs(left)) {
      if y1 < y2 {
        (right, x2, y2) = (x2, x1, y1)
        x1 = right - ratio * (right - left)
        y1 = value(x1)
      } else {
        (left, x1, y1) = (x1, x2, y2)
        x2 = left + ratio * (right - left)
        y2 = value(x2)
      }
    }
    return (left + right) / 2
  }
}
