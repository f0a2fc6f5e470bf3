import Randomness
import Testing

@Suite struct RandomStreamTests {
  func words(_ stream: RandomStream, _ count: Int = 16) -> [UInt64] {
    var stream = stream
    return (0..<count).map { _ in stream.next() }
  }

  @Test func streamIsTheSameOnEveryMachine() {
    let stream = RandomStream(seed: 1, "golden").split("piece of a long name").split(3)
    #expect(words(stream, 4) == golden)
  }

  /// Any change here changes every stored result.
  let golden: [UInt64] = [
    0xa092_2e01_3dcf_5619, 0x0f19_430a_b8ec_afaf,
    0xd381_3219_c9d6_6275, 0xeb27_1c8a_2029_63ef,
  ]

  @Test func splittingDoesNotDependOnDraws() {
    let root = RandomStream(seed: 9, "root")
    var drawn = root
    for _ in 0..<13 { _ = drawn.next() }
    #expect(words(root.split("a")) == words(drawn.split("a")))
    #expect(words(root.split(5)) == words(drawn.split(5)))
  }

  @Test func namesAndIndicesReadBackUniquely() {
    let root = RandomStream(seed: 0, "root")
    var streams = [
      root, root.split(""), root.split("").split(""), root.split("a"), root.split("a\0"),
      root.split("b"), root.split("ab"), root.split("ba"), root.split("a").split("b"),
      root.split("abcdefg"), root.split("abcdefgh"), root.split("abcdefg").split("h"),
      root.split("abcdefg").split(""), root.split("\0\0\0\0\0\0\0"),
      RandomStream(seed: 1, "root"), RandomStream(seed: 0, "Root"),
      RandomStream(seed: 1 << 32, "root"),
    ]
    streams += (0..<200).map { root.split($0) }
    streams += (0..<200).map { root.split("a").split($0) }
    streams += [root.split(1).split(2), root.split(2).split(1), root.split(1 << 40)]
    var seen = Set<UInt64>()
    for stream in streams { for word in words(stream, 64) { seen.insert(word) } }
    #expect(seen.count == streams.count * 64)
  }

  @Test func childrenAreUncorrelatedWithEachOtherAndTheirParent() {
    let root = RandomStream(seed: 4, "root")
    let streams = [root] + (0..<9).map { root.split($0) } + [root.split("x"), root.split("y")]
    let count = 2000
    let columns = streams.map { stream in
      var stream = stream
      return (0..<count).map { _ in stream.uniform() - 0.5 }
    }
    for i in columns.indices {
      for j in 0..<i {
        let product = zip(columns[i], columns[j]).map { $0 * $1 }.reduce(0, +)
        // Each product has standard deviation 1/12: 4.5 of them for 66 pairs.
        #expect((product * 12 / Double(count).squareRoot()).magnitude < 4.5)
      }
    }
  }

  @Test func positionSetsTheNextWord() {
    var stream = RandomStream(seed: 2, "position")
    let all = words(stream, 100)
    for position in [0, 1, 7, 8, 9, 31, 64, 99] {
      stream.position = UInt64(position)
      #expect(stream.position == UInt64(position))
      #expect(stream.next() == all[position])
      #expect(stream.position == UInt64(position + 1))
    }
  }

  @Test func aCopyContinuesOnItsOwn() {
    var a = RandomStream(seed: 3, "copy")
    _ = a.next()
    var b = a
    #expect(a == b)
    #expect(a.next() == b.next())
    _ = b.next()
    #expect(a != b)
    #expect(a != RandomStream(seed: 3, "other"))
  }

  @Test func everyBitIsOneHalfOfTheTime() {
    var stream = RandomStream(seed: 5, "bits")
    let count = 4000
    var ones = [Int](repeating: 0, count: 64)
    for _ in 0..<count {
      let word = stream.next()
      for bit in 0..<64 { ones[bit] += Int(word >> UInt64(bit) & 1) }
    }
    for bit in 0..<64 {
      let z = (Double(ones[bit]) - Double(count) / 2) / (Double(count) / 4).squareRoot()
      #expect(z.magnitude < 4.5, "bit \(bit)")
    }
  }
}
