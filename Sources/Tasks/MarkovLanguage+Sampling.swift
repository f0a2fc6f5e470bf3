import Randomness

extension MarkovLanguage {
  /// Draws sequences and what each of their positions has to predict.
  ///
  /// A chain of `length + 1` tokens begins with a context from the stationary distribution, so every
  /// position looks like the middle of a long text. Position t holds token t; its target is token
  /// t + 1. It *counts* if the tokens up to t fill a context, t ≥ k − 1; the positions before that
  /// have the target −1 and the context −1, which the losses ignore.
  ///
  /// The sequences come one after the other from the stream: how many are drawn in one call does not
  /// change them.
  /// - Parameters:
  ///   - tokens: [sequences, length], overwritten.
  ///   - targets: [sequences, length], overwritten.
  ///   - contexts: [sequences, length], overwritten if given: the row of the context at each position
  ///     that counts, for the exact divergence from the truth.
  /// - Complexity: one draw for each token; no allocation.
  public func sample(
    sequences: Int, length: Int, using stream: inout RandomStream,
    tokens: UnsafeMutablePointer<Int32>, targets: UnsafeMutablePointer<Int32>,
    contexts: UnsafeMutablePointer<Int32>? = nil
  ) {
    precondition(sequences >= 0, "the count of sequences cannot be negative; found \(sequences)")
    precondition(
      length >= order,
      "a language of order \(order) needs sequences of that length or more; found \(length)")
    let (vocabulary, order, suffixes) = (self.vocabulary, self.order, rows / self.vocabulary)
    for sequence in 0..<sequences {
      let start = sequence * length
      var row = first.sample(using: &stream)
      // The digits of the first context, the latest token last.
      var rest = row
      for t in stride(from: order - 1, through: 0, by: -1) {
        tokens[start + t] = Int32(truncatingIfNeeded: rest % vocabulary)
        rest /= vocabulary
        targets[start + t] = -1
        contexts?[start + t] = -1
      }
      for t in order - 1..<length {
        let token = next.sample(row: row, using: &stream)
        targets[start + t] = Int32(truncatingIfNeeded: token)
        contexts?[start + t] = Int32(truncatingIfNeeded: row)
        if t + 1 < length { tokens[start + t + 1] = Int32(truncatingIfNeeded: token) }
        // Drop the oldest digit, append the newest: no division.
        row = (row - Int(tokens[start + t - order + 1]) * suffixes) * vocabulary + token
      }
    }
  }

  /// Sequences that are held out from training, with the truth about each position.
  public struct Windows: Sendable {
    /// The number of sequences.
    public let sequences: Int
    /// The number of positions of each sequence.
    public let length: Int
    /// The token at each position; [sequences, length].
    public let tokens: [Int32]
    /// The token that follows each position, −1 where the context is not full; [sequences, length].
    public let targets: [Int32]
    /// The context row at each position, −1 where it is not full; [sequences, length].
    public let contexts: [Int32]
    /// The number of positions that count.
    public let counted: Int
    /// The mean entropy of the true next-token distributions at the positions that count, in nats.
    ///
    /// The mean of the soft cross-entropy over the same positions, less this, is the mean of
    /// `KL(true || model)`: the excess loss, without noise of targets.
    public let meanEntropy: Double
  }

  /// Draws windows to evaluate on.
  public func windows(
    _ sequences: Int, length: Int, using stream: inout RandomStream
  ) -> Windows {
    let count = sequences * length
    var tokens = [Int32](repeating: 0, count: count)
    var targets = tokens
    var contexts = tokens
    tokens.withUnsafeMutableBufferPointer { tokens in
      targets.withUnsafeMutableBufferPointer { targets in
        contexts.withUnsafeMutableBufferPointer { contexts in
          guard let t = tokens.baseAddress, let y = targets.baseAddress,
            let c = contexts.baseAddress
          else { return }
          sample(
            sequences: sequences, length: length, using: &stream, tokens: t, targets: y,
            contexts: c)
        }
      }
    }
    var sum = 0.0
    var counted = 0
    for row in contexts where row >= 0 {
      sum += rowEntropies[Int(row)]
      counted += 1
    }
    return Windows(
      sequences: sequences, length: length, tokens: tokens, targets: targets, contexts: contexts,
      counted: counted, meanEntropy: counted > 0 ? sum / Double(counted) : 0)
  }
}
