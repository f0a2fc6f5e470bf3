import Foundation

/// A model that is trained once and then used: parameters, tokens and FLOPs over its life.
public struct Lifetime: Codable, Equatable, Sendable {
  /// Parameters.
  public var n: Double
  /// Training tokens.
  public var d: Double
  /// 6 N D.
  public var trainingCompute: Double
  /// 2 N times the tokens of inference.
  public var inferenceCompute: Double

  /// Creates a life from its numbers.
  public init(n: Double, d: Double, trainingCompute: Double, inferenceCompute: Double) {
    self.n = n
    self.d = d
    self.trainingCompute = trainingCompute
    self.inferenceCompute = inferenceCompute
  }

  /// FLOPs of training and inference.
  public var compute: Double { trainingCompute + inferenceCompute }
}

extension LossLaw {
  /// FLOPs of running one parameter on one token: 2 (Kaplan et al. 2020, arXiv 2001.08361, section
  /// 2.1).
  public static let flopsPerInferenceToken = 2.0

  /// The model of a given loss that costs the fewest FLOPs over training and inference.
  ///
  /// It minimises 6 N D + 2 N T over the models with that loss, T the tokens of inference: a smaller
  /// model, trained for longer (Sardana et al. 2023, Beyond Chinchilla-Optimal, arXiv 2401.00448).
  /// nil if no model has that loss.
  ///
  /// - Parameters:
  ///   - maximumSize: No model may be larger.
  ///   - loss: The loss of N and D; nil is the law's own.
  public func lifetimeOptimum(
    reaching target: Double, inferenceTokens: Double, maximumSize: Double = .infinity,
    of loss: ((Double, Double) -> Double)? = nil
  ) -> Lifetime? {
    let loss = loss ?? { self.loss(n: $0, d: $1) }
    guard alpha > 0, beta > 0 else { return nil }
    func lifetime(_ logN: Double) -> Lifetime? {
      let n = exp(logN)
      guard let d = Self.data(reaching: target, n: n, loss: loss) else { return nil }
      return Lifetime(
        n: n, d: d, trainingCompute: Self.flopsPerParameterToken * n * d,
        inferenceCompute: Self.flopsPerInferenceToken * n * inferenceTokens)
    }
    let top = min(log(maximumSize), 50)
    let place = Self.minimum(
      of: { lifetime($0).map { log($0.compute) } ?? .infinity }, from: 5, to: top)
    // A cap below the free optimum is the best there is.
    return lifetime(place ?? top)
  }

  /// The tokens with which `n` parameters reach a loss; nil if no number of tokens does.
  static func data(
    reaching target: Double, n: Double, loss: (Double, Double) -> Double
  ) -> Double? {
    var (low, high) = (0.0, 100.0)
    guard loss(n, exp(high)) <= target else { return nil }
    guard loss(n, exp(low)) > target else { return exp(low) }
    while high - low > 1e-9 {
      let middle = (low + high) / 2
      if loss(n, exp(middle)) > target { low = middle } else { high = middle }
    }
    return exp(high)
  }

  /// The compute whose best split has this loss; nil if none has.
  public func compute(reaching target: Double) -> Double? {
    var (low, high) = (5.0, 180.0)
    func loss(_ logC: Double) -> Double? { optimum(compute: exp(logC))?.loss }
    guard let least = loss(high), least <= target else { return nil }
    while high - low > 1e-6 {
      let middle = (low + high) / 2
      guard let found = loss(middle), found <= target else {
        low = middle
        continue
      }
      high = middle
    }
    return exp(high)
  }
}
