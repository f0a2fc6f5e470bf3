import Randomness

/// Batches of uniformly random tokens, with random targets.
struct RandomBatches {
  private var stream: RandomStream
  private let vocabulary: Int
  private let tokens: Int

  init(seed: UInt64, vocabulary: Int, tokens: Int) {
    stream = RandomStream(seed: seed, "benchmark batches")
    self.vocabulary = vocabulary
    self.tokens = tokens
  }

  /// The next batch.
  mutating func next() -> (tokens: [Int32], targets: [Int32]) {
    (draw(), draw())
  }

  private mutating func draw() -> [Int32] {
    var result: [Int32] = []
    result.reserveCapacity(tokens)
    for _ in 0..<tokens { result.append(Int32(stream.uniform(below: vocabulary))) }
    return result
  }
}
