import Foundation

/// What a law says when there is less text than tokens to train on, so that text is repeated.
///
/// A token that is seen again is worth less than a new one, and so is a parameter beyond those that suit
/// the text. With U unique tokens and R = D/U − 1 repetitions, training acts like
///
///     D' = U + U R* (1 − exp(−R/R*)),    R* = 15.39
///
/// new tokens, and N parameters act like N' by the same formula with 5.31, the size that suits U tokens
/// in place of U, and N over it. Muennighoff et al. 2023, Scaling Data-Constrained Language Models,
/// arXiv 2305.16264, section 3; the two constants are theirs, of English text from C4, and no fit of
/// yours.
public struct RepeatedData: Equatable, Sendable {
  /// R* of repeated tokens.
  public static let tokenDecay = 15.39
  /// R* of parameters beyond those that suit the unique tokens.
  public static let sizeDecay = 5.31

  /// The law of new tokens.
  public let law: LossLaw
  /// U, the unique tokens.
  public let unique: Double
  /// The size that suits U tokens; infinite if the law has no optimum.
  public let suitedSize: Double

  /// Prepares a law for a text of `unique` tokens.
  public init(_ law: LossLaw, unique: Double) {
    precondition(unique > 0, "a text has at least one token, not \(unique)")
    self.law = law
    self.unique = unique
    suitedSize = law.optimalSize(d: unique) ?? .infinity
  }

  /// D': how many new tokens would do as much.
  public func effectiveData(_ d: Double) -> Double {
    Self.effective(d, unique: unique, decay: Self.tokenDecay)
  }

  /// N': how many parameters would do as much if the text were not short.
  public func effectiveSize(_ n: Double) -> Double {
    Self.effective(n, unique: suitedSize, decay: Self.sizeDecay)
  }

  private static func effective(_ value: Double, unique: Double, decay: Double) -> Double {
    guard value > unique else { return value }
    return unique + unique * decay * -expm1(-(value / unique - 1) / decay)
  }

  /// The loss of `n` parameters trained on `d` tokens of the text, repeated where d > U.
  public func loss(n: Double, d: Double) -> Double {
    d <= unique
      ? law.loss(n: n, d: d) : law.loss(n: effectiveSize(n), d: effectiveData(d))
  }
}
