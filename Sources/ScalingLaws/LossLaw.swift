import Foundation

/// A law of the loss over model size N and data D: a floor and a power of each.
///
/// With the terms `A N^-alpha` and `B D^-beta`,
///
///     additive    L = E + A N^-alpha + B D^-beta
///     power mean  L = E + ((A N^-alpha)^q + (B D^-beta)^q)^(1/q)
///     maximum     L = E + max(A N^-alpha, B D^-beta)
///     broken      L = E + A N^-alpha + B D^-beta (1 + (D/K)^(1/w))^(-w c)
///     Kaplan      L = ((A N^-alpha)^(1/beta) + (B D^-beta)^(1/beta))^beta
///
/// The additive form is Hoffmann et al.'s (2022, arXiv 2203.15556, equation 2); the power mean holds
/// it and the maximum as q = 1 and q → ∞. The broken form has the smooth break of Caballero et al.
/// (2023, arXiv 2210.14891) in its data term. Kaplan et al.'s (2020, arXiv 2001.08361, equation 1.5) is
/// the power mean with q = 1/beta and no floor; their N_c is A^(1/alpha) and their D_c B^(1/beta).
public struct LossLaw: Codable, Equatable, Sendable {
  /// How the two terms make the excess loss.
  public enum Form: String, Codable, Sendable, CaseIterable {
    /// Their sum.
    case additive
    /// Their power mean with a free exponent q, without the factor 1/2.
    case powerMean = "power-mean"
    /// The larger of the two.
    case maximum
    /// Their sum, the exponent of the data term changing at a break.
    case broken
    /// Their power mean with q = 1/beta, without a floor.
    case kaplan
  }

  /// Where and how the data term's exponent changes in the broken form.
  public struct Break: Codable, Equatable, Sendable {
    /// c: the exponent is beta far below the break and beta + c far above.
    public var change: Double
    /// K, the data at the break.
    public var data: Double
    /// w, the width of the change in log D.
    public var width: Double

    /// Creates a break from its three parameters.
    public init(change: Double, data: Double, width: Double) {
      self.change = change
      self.data = data
      self.width = width
    }
  }

  /// How the two terms make the excess loss.
  public var form: Form
  /// E, the irreducible loss: what no size and no data can remove.
  public var floor: Double
  /// A, the coefficient of the size term.
  public var sizeCoefficient: Double
  /// alpha, the exponent of N.
  public var alpha: Double
  /// B, the coefficient of the data term.
  public var dataCoefficient: Double
  /// beta, the exponent of D.
  public var beta: Double
  /// The break of the broken form; nil in the others.
  public var bend: Break?
  /// q; 1 for sums, infinity for the maximum and 1/beta for Kaplan's, whatever is given there.
  public var sharpness: Double {
    get {
      switch form {
      case .additive, .broken: 1
      case .maximum: .infinity
      case .kaplan: 1 / beta
      case .powerMean: exponentOfMean
      }
    }
    set { exponentOfMean = newValue }
  }
  private var exponentOfMean: Double

  private enum CodingKeys: String, CodingKey {
    case form, floor, sizeCoefficient, alpha, dataCoefficient, beta
    case bend = "break"
    // Not `sharpness`, whose infinity JSON cannot hold.
    case exponentOfMean = "q"
  }

  /// Creates a law; `q` matters for the power mean only, `bend` for the broken form only.
  public init(
    _ form: Form = .additive, floor: Double, sizeCoefficient: Double, alpha: Double,
    dataCoefficient: Double, beta: Double, q: Double = 1, bend: Break? = nil
  ) {
    precondition(form != .kaplan || floor == 0, "Kaplan's form has no floor, not \(floor)")
    self.form = form
    self.floor = floor
    self.bend = form == .broken ? bend : nil
    self.sizeCoefficient = sizeCoefficient
    self.alpha = alpha
    self.dataCoefficient = dataCoefficient
    self.beta = beta
    exponentOfMean = form == .powerMean ? q : 1
  }

  /// The size term, A N^-alpha.
  public func sizeTerm(n: Double) -> Double { sizeCoefficient * pow(n, -alpha) }

  /// The data term, B D^-beta, with its break if it has one.
  public func dataTerm(d: Double) -> Double {
    let term = dataCoefficient * pow(d, -beta)
    guard let bend, d > 0 else { return term }
    let u = log(d / bend.data) / bend.width
    // log(1 + exp u) without overflow.
    let softplus = max(u, 0) + log1p(exp(-abs(u)))
    return term * exp(-bend.width * bend.change * softplus)
  }

  /// The loss above the floor at size `n` and data `d`; infinite data or size is allowed.
  public func excess(n: Double, d: Double) -> Double {
    let first = sizeTerm(n: n)
    let second = dataTerm(d: d)
    switch form {
    case .additive, .broken: return first + second
    case .maximum: return max(first, second)
    case .powerMean, .kaplan:
      let top = max(first, second)
      guard top > 0 else { return 0 }
      let ratio = min(first, second) / top
      return top * pow(1 + pow(ratio, sharpness), 1 / sharpness)
    }
  }

  /// The predicted loss at size `n` and data `d`.
  public func loss(n: Double, d: Double) -> Double { floor + excess(n: n, d: d) }

  /// a in N_opt ~ C^a under C ~ N D: beta / (alpha + beta); below the break in the broken form.
  public var optimalSizeExponent: Double { beta / (alpha + beta) }

  /// b in D_opt ~ C^b under C ~ N D: alpha / (alpha + beta); below the break in the broken form.
  public var optimalDataExponent: Double { alpha / (alpha + beta) }

  /// The excess after one column grows by `factor`, over the excess before.
  public func gain(n: Double, d: Double, factor: Double = 10) -> Gain {
    let before = excess(n: n, d: d)
    return Gain(
      size: excess(n: n * factor, d: d) / before, data: excess(n: n, d: d * factor) / before)
  }
}

/// What a factor more of size or of data does to the excess loss at a point of the plane.
public struct Gain: Codable, Equatable, Sendable {
  /// excess(factor N, D) / excess(N, D).
  public var size: Double
  /// excess(N, factor D) / excess(N, D).
  public var data: Double

  /// Creates a gain from its two ratios.
  public init(size: Double, data: Double) {
    self.size = size
    self.data = data
  }

  /// Growing the model lowers the excess more than growing the data does.
  public var favoursSize: Bool { size < data }
}
