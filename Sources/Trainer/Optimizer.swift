/// How a gradient becomes an update: the rule, the clipping, the rates of single tensors.
public struct Optimizer: Codable, Hashable, Sendable {
  /// The update rule.
  public enum Rule: Codable, Hashable, Sendable {
    /// Adam with decoupled weight decay (Loshchilov & Hutter 2019, arXiv 1711.05101, algorithm 2).
    ///
    /// The decay is multiplied by the tensor's rate, and applies to matrices only.
    case adamW(beta1: Double, beta2: Double, epsilon: Double, decay: Double)
    /// `p −= rate · gradient`.
    case sgd
  }

  /// How the update follows from the gradient.
  public var rule: Rule
  /// The largest global norm of a gradient; longer ones are shortened to it. nil: no clipping.
  public var clip: Double?
  /// What the schedule's rate is multiplied by, per tensor.
  public var rates: RateRule

  /// AdamW; the defaults are those of small-scale language models.
  public static func adamW(
    beta1: Double = 0.9, beta2: Double = 0.99, epsilon: Double = 1e-8, decay: Double = 0,
    clip: Double? = 1, rates: RateRule = .uniform
  ) -> Self {
    Optimizer(
      rule: .adamW(beta1: beta1, beta2: beta2, epsilon: epsilon, decay: decay), clip: clip,
      rates: rates)
  }

  /// Plain stochastic gradient descent.
  public static func sgd(clip: Double? = nil, rates: RateRule = .uniform) -> Self {
    Optimizer(rule: .sgd, clip: clip, rates: rates)
  }

  /// Throws the first field that makes no optimiser.
  public func validate() throws(ConfigurationError) {
    let check = FieldCheck(Self.self)
    if case .adamW(let beta1, let beta2, let epsilon, let decay) = rule {
      for (field, value) in [("beta1", beta1), ("beta2", beta2)] {
        try check.require(
          value >= 0 && value < 1, field, value, "be in 0 ..< 1", "0.9 and 0.99 are customary.")
      }
      try check.require(
        epsilon.isFinite && epsilon > 0 && Float(epsilon) > 0, "epsilon", epsilon,
        "be a positive number", "1e-8 is customary.")
      try check.require(
        decay.isFinite && decay >= 0, "decay", decay, "be a number of at least 0",
        "0 switches decay off.")
    }
    if let clip {
      try check.require(
        clip.isFinite && clip > 0, "clip", clip, "be a positive number", "nil switches it off.")
    }
    switch rates {
    case .uniform: break
    case .maximalUpdate(let baseWidth):
      try check.require(
        baseWidth >= 1, "rates", "base width \(baseWidth)", "have a base width of at least 1",
        "It is the width at which the rate was tuned.")
    case .named(let multipliers):
      for (name, value) in multipliers.sorted(by: { $0.key < $1.key }) {
        try check.require(
          value.isFinite && value >= 0, "rates", "\(value) for \(name)",
          "have multipliers of at least 0", "0 freezes a tensor.")
      }
    }
  }
}

/// What the schedule's learning rate is multiplied by for each tensor.
public enum RateRule: Codable, Hashable, Sendable {
  case uniform
  /// Hidden and output matrices get `baseWidth / width`, all else 1: the rule of maximal update
  /// parametrisation for Adam, under which the best rate does not move with the width (Yang et
  /// al. 2022, arXiv 2203.03466, table 8).
  case maximalUpdate(baseWidth: Int)
  /// Given multipliers by tensor name; 1 for all others, 0 freezes a tensor.
  case named([String: Double])

  /// The multiplier of a tensor of a model of the given width.
  func multiplier(of tensor: ParameterTensor, width: Int) -> Double {
    switch self {
    case .uniform: 1
    case .maximalUpdate(let baseWidth):
      switch tensor.role {
      case .hidden, .output: Double(baseWidth) / Double(width)
      case .embedding, .vector: 1
      }
    case .named(let multipliers): multipliers[tensor.name] ?? 1
    }
  }
}
