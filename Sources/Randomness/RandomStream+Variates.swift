extension RandomStream {
  /// A uniform number in [0, 1): a multiple of 2^-53, from one word.
  @inlinable
  public mutating func uniform() -> Double {
    Double(next() &>> 11) * 0x1p-53
  }

  /// A uniform integer in `0..<bound`, without bias.
  ///
  /// Lemire 2019, "Fast random integer generation in an interval", arXiv 1805.10941, algorithm 5:
  /// the upper half of a 128-bit product; a word is rejected with probability below `bound` / 2^64.
  @inlinable
  public mutating func uniform(below bound: Int) -> Int {
    precondition(bound > 0, "a uniform integer needs a positive bound; found \(bound)")
    let range = UInt64(truncatingIfNeeded: bound)
    var product = next().multipliedFullWidth(by: range)
    if product.low < range {
      let threshold = (0 &- range) % range
      while product.low < threshold { product = next().multipliedFullWidth(by: range) }
    }
    return Int(truncatingIfNeeded: product.high)
  }

  /// A standard normal number, from one word.
  ///
  /// `quantile((k + ½) / 2^52)` with 52 random bits k, so that the distribution is symmetric and
  /// no draw is infinite; the largest magnitude is 8.13.
  @inlinable
  public mutating func normal() -> Double {
    Normal.quantile((Double(next() &>> 12) + 0.5) * 0x1p-52)
  }

  /// Puts the elements into a random order, every one of the n! equally likely.
  ///
  /// Fisher and Yates, from the last element down: n − 1 draws of `uniform(below:)`.
  @inlinable
  public mutating func shuffle<Element>(_ elements: inout [Element]) {
    var last = elements.count - 1
    while last > 0 {
      elements.swapAt(last, uniform(below: last + 1))
      last -= 1
    }
  }

  /// The numbers `0..<count` in random order.
  @inlinable
  public mutating func permutation(_ count: Int) -> [Int] {
    var order = Array(0..<count)
    shuffle(&order)
    return order
  }
}
