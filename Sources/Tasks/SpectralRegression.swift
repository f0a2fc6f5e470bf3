import Randomness

/// Linear regression on infinitely many features whose variances fall as a power.
///
/// Feature i = 1, 2, … is `x_i ~ N(0, i^-b)`, independent; the target is `y = Σ w_i x_i + ξ` with
/// `w_i² i^-b = i^-c`, so that feature i carries the signal energy `i^-c`, and `ξ ~ N(0, noise)`.
/// A model of size N sees the first N features and learns their weights from zero by one pass of
/// stochastic gradient descent over D examples, one at a time. What the features beyond N would
/// explain is noise to it.
///
/// Theory, for `1 < c ≤ b`: the excess risk is `N^-α` when D is plentiful and `D^-β` when N is, with
/// `α = c − 1` and `β = (c − 1) / b`, and at a given `C = N D` the best sizes follow `D ~ N^b`
/// (Maloney, Roberts & Sully 2022, arXiv 2210.16859; Bordelon, Atanasov & Pehlevan 2024,
/// arXiv 2402.01092; Lin et al. 2024, arXiv 2406.08466). For c > b the variance of the gradient
/// noise, `D^-(1 - 1/b)`, falls more slowly than the bias, and β is no longer the exponent.
///
/// The truth of the law does not show in a sum `A N^-α + B D^-β`: the exact excess has a sharper
/// corner. Fit a power mean, or read the exponents off the best sizes at given C.
public struct SpectralRegression: Codable, Hashable, Sendable {
  /// The exponent b of the features' variances, above 1.
  public let featureExponent: Double
  /// The exponent c of the signal's energy, above 1.
  public let targetExponent: Double
  /// The variance of the noise: the irreducible risk.
  public let noise: Double

  /// Makes a world; both exponents must exceed 1, the noise must not be negative.
  public init(featureExponent: Double, targetExponent: Double, noise: Double) {
    precondition(
      featureExponent > 1 && featureExponent < .infinity,
      "featureExponent must be a number above 1; found \(featureExponent)")
    precondition(
      targetExponent > 1 && targetExponent < .infinity,
      "targetExponent must be a number above 1; found \(targetExponent)")
    precondition(
      noise >= 0 && noise < .infinity, "noise must be a variance of at least 0; found \(noise)")
    self.featureExponent = featureExponent
    self.targetExponent = targetExponent
    self.noise = noise
  }

  // MARK: Theory

  /// α, the exponent of the excess risk in the size: `c − 1`.
  public var sizeExponent: Double { targetExponent - 1 }

  /// β, the exponent of the excess risk in the examples: `(c − 1) / b`.
  public var dataExponent: Double { (targetExponent - 1) / featureExponent }

  /// The exponent x of `D ~ N^x` along the compute-optimal frontier: b.
  public var frontierExponent: Double { featureExponent }

  /// The exponent of the best size in the compute `C = N D`: `1 / (1 + b)`.
  public var computeExponent: Double { 1 / (1 + featureExponent) }

  /// The excess risk of a model of `size` features after infinitely many examples.
  ///
  /// `Σ_{i > N} i^-c`, which is close to `(N + ½)^(1 - c) / (c − 1)`.
  public func truncation(size: Int) -> Double {
    precondition(size >= 0, "a size cannot be negative; found \(size)")
    return hurwitzZeta(targetExponent, from: Double(size) + 1)
  }

  // MARK: Risks

  /// The mean squared error of a model on fresh examples, in its three parts.
  public struct Risk: Codable, Hashable, Sendable {
    /// The variance of the noise.
    public let irreducible: Double
    /// What features beyond the model's size would explain.
    public let truncation: Double
    /// What the model has not learned, or has learned wrongly, about the features it sees.
    public let estimation: Double

    /// The risk above the irreducible one: truncation plus estimation.
    public var excess: Double { truncation + estimation }
    /// The whole risk.
    public var total: Double { irreducible + excess }
  }

  /// The expected risk after one pass over `samples` examples, exactly.
  ///
  /// With `l_i = i^-b`, the energies `r_i = l_i E(w_i − θ_i)²` start at `i^-c` and follow
  ///
  ///     r_i <- r_i (1 − 2 e l_i + 2 e² l_i²) + e² l_i² (Σ_j r_j + noise + truncation)
  ///
  /// with the rate `e_t = rate / Σ l_j · (1 − t / D)` at example t = 0, …, D − 1. The recursion is
  /// the exact mean over examples of Gaussian features, so the result has no sampling error.
  /// - Parameters:
  ///   - size: N, the features that the model sees.
  ///   - samples: D, the examples of the one pass.
  ///   - rate: The first learning rate, in units of one over the total variance seen. Keep it below
  ///     1: above, the risk of steep spectra grows without bound.
  /// - Returns: The risk; sums run in eight interleaved lanes and one fixed tree, so that the bits
  ///   are the same on every machine.
  /// - Complexity: O(N D), eight floating-point operations for each feature and example; 24 N bytes.
  public func expectedRisk(size: Int, samples: Int, rate: Double = 0.4) -> Risk {
    checkRun(size: size, samples: samples, rate: rate)
    let groups = (size + 7) / 8
    var energies = [SIMD8<Double>](repeating: .zero, count: groups)
    var variances = energies
    var squares = energies
    for i in 0..<size {
      let index = Double(i + 1)
      let variance = Reproducible.pow(index, -featureExponent)
      variances[i / 8][i % 8] = variance
      squares[i / 8][i % 8] = variance * variance
      energies[i / 8][i % 8] = Reproducible.pow(index, -targetExponent)
    }
    let tail = truncation(size: size)
    let firstRate = rate / Self.total(variances)
    var estimation = Self.total(energies)
    energies.withUnsafeMutableBufferPointer { energies in
      variances.withUnsafeBufferPointer { variances in
        squares.withUnsafeBufferPointer { squares in
          for t in 0..<samples {
            let e = firstRate * (1 - Double(t) / Double(samples))
            let decay = SIMD8(repeating: 2 * e)
            let spread = SIMD8(repeating: 2 * e * e)
            let injection = SIMD8(repeating: e * e * (estimation + noise + tail))
            var sum = SIMD8<Double>.zero
            for group in 0..<groups {
              let energy = energies[group]
              let next =
                energy - decay * (variances[group] * energy)
                + squares[group] * (spread * energy + injection)
              energies[group] = next
              sum += next
            }
            estimation = Self.tree(sum)
          }
        }
      }
    }
    return Risk(irreducible: noise, truncation: tail, estimation: estimation)
  }

  /// The risk of one model trained on drawn examples.
  ///
  /// What `expectedRisk` is the mean of. The features beyond the model's size are independent of
  /// those it sees, so one draw stands for all of them.
  /// - Complexity: O(N D), one normal draw for each feature and example.
  public func sampledRisk(
    size: Int, samples: Int, rate: Double = 0.4, using stream: inout RandomStream
  ) -> Risk {
    checkRun(size: size, samples: samples, rate: rate)
    let deviations = (1...size).map { Reproducible.pow(Double($0), -featureExponent / 2) }
    // w_i − θ_i, which starts at w_i; the sign of w_i does not matter.
    var errors = (1...size).map {
      Reproducible.pow(Double($0), (featureExponent - targetExponent) / 2)
    }
    var example = [Double](repeating: 0, count: size)
    let tail = truncation(size: size)
    let firstRate = rate / deviations.map { $0 * $0 }.reduce(0, +)
    let noiseDeviation = (noise + tail).squareRoot()
    for t in 0..<samples {
      var residual = noiseDeviation * stream.normal()
      for i in 0..<size {
        example[i] = deviations[i] * stream.normal()
        residual += errors[i] * example[i]
      }
      let step = firstRate * (1 - Double(t) / Double(samples)) * residual
      for i in 0..<size { errors[i] -= step * example[i] }
    }
    var estimation = 0.0
    for i in 0..<size { estimation += deviations[i] * deviations[i] * (errors[i] * errors[i]) }
    return Risk(irreducible: noise, truncation: tail, estimation: estimation)
  }

  private func checkRun(size: Int, samples: Int, rate: Double) {
    precondition(size > 0, "a model needs at least one feature; found \(size)")
    precondition(samples >= 0, "samples cannot be negative; found \(samples)")
    precondition(rate > 0 && rate < .infinity, "rate must be positive; found \(rate)")
  }

  private static func total(_ groups: [SIMD8<Double>]) -> Double {
    tree(groups.reduce(.zero, +))
  }

  private static func tree(_ v: SIMD8<Double>) -> Double {
    ((v[0] + v[1]) + (v[2] + v[3])) + ((v[4] + v[5]) + (v[6] + v[7]))
  }
}
