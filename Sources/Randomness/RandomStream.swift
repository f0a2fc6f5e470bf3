/// A stream of random 64-bit words, fixed by a seed and a path of names and indices.
///
/// A stream's identity is 128 bits: a Philox key and the upper half of the counter. Its word
/// number 2 i and 2 i + 1 are the two halves of the block with lower counter half i. The root of a
/// seed has the key `seed` and the upper half 0.
///
/// **Splitting.** A child's identity is a block of its parent whose lower counter half no output
/// uses. The two top bits of that half say what the block is for:
///
///     0 i              output: words 2 i and 2 i + 1, i < 2^63
///     10 … n bytes     a piece of a name: n (0...7) in bits 56-58, then n bytes of UTF-8
///     11 index         the child with that index, index < 2^62
///
/// A name is cut into pieces of seven bytes and ends with a shorter, perhaps empty one; each piece
/// takes the identity one step further. So a path of names and indices reads back uniquely, and
/// `split("ab").split("c")`, `split("a").split("bc")` and `split("abc")` are three streams. Two
/// streams share words only if their 128-bit identities agree: for a billion streams the
/// probability is below 1e-20.
///
/// A copy continues on its own: `var b = a` draws the same words as `a`.
public struct RandomStream: RandomNumberGenerator, Equatable, Sendable {
  @usableFromInline let key: UInt64
  @usableFromInline let upper: UInt64
  /// The block that the next refill begins with.
  @usableFromInline var nextBlock: UInt64 = 0
  @usableFromInline var cursor = RandomStream.bufferCount
  @usableFromInline var buffer = InlineArray<8, UInt64>(repeating: 0)

  /// Words made at once: four blocks, so that their dependency chains overlap in the CPU.
  @usableFromInline static let bufferCount = 8

  @usableFromInline
  init(key: UInt64, upper: UInt64) {
    self.key = key
    self.upper = upper
  }

  /// The stream called `name` under `seed`.
  public init(seed: UInt64, _ name: String) {
    self = RandomStream(key: seed, upper: 0).split(name)
  }

  // MARK: Splitting

  /// The child stream called `name`; it does not depend on what this stream has drawn.
  /// - Complexity: one block for every seven bytes of UTF-8, and one more.
  public func split(_ name: String) -> RandomStream {
    var result = RandomStream(key: key, upper: upper)
    var piece: UInt64 = 0
    var count: UInt64 = 0
    for byte in name.utf8 {
      piece |= UInt64(byte) << (8 * count)
      count += 1
      if count == 7 {
        result = result.child(0b10 << 62 | count << 56 | piece)
        piece = 0
        count = 0
      }
    }
    return result.child(0b10 << 62 | count << 56 | piece)
  }

  /// The child stream number `index`, in 0..<2^62; it does not depend on what was drawn.
  public func split(_ index: Int) -> RandomStream {
    precondition(
      index >= 0 && index < 1 << 62, "a stream splits by an index in 0..<2^62; found \(index)")
    return child(0b11 << 62 | UInt64(index))
  }

  private func child(_ lower: UInt64) -> RandomStream {
    let block = Philox.block(counter: .init(low: lower, high: upper), key: key)
    return RandomStream(key: block.low, upper: block.high)
  }

  // MARK: Words

  /// The next 64 random bits.
  /// - Complexity: ten multiplications on average; no allocation.
  @inlinable
  public mutating func next() -> UInt64 {
    if cursor == Self.bufferCount { refill() }
    let word = buffer[cursor]
    cursor &+= 1
    return word
  }

  @usableFromInline
  mutating func refill() {
    var word = 0
    while word < Self.bufferCount {
      let block = Philox.block(counter: .init(low: nextBlock, high: upper), key: key)
      buffer[word] = block.low
      buffer[word &+ 1] = block.high
      nextBlock &+= 1
      word &+= 2
    }
    cursor = 0
  }

  /// The number of words drawn so far; setting it moves the stream there in constant time.
  ///
  /// A checkpoint that stores the position resumes with the words that would have come next.
  public var position: UInt64 {
    get { 2 * nextBlock - UInt64(Self.bufferCount - cursor) }
    set {
      let start = newValue / UInt64(Self.bufferCount) * UInt64(Self.bufferCount)
      nextBlock = start / 2
      cursor = Self.bufferCount
      guard newValue > start else { return }
      refill()
      cursor = Int(newValue - start)
    }
  }

  /// Whether two streams have the same identity and stand at the same position.
  public static func == (a: RandomStream, b: RandomStream) -> Bool {
    a.key == b.key && a.upper == b.upper && a.position == b.position
  }
}
