import Testing

@testable import Laboratory

struct CanonicalJSONTests {
  struct Numbers: Codable, Equatable {
    var zebra: [Double]
    var apple: [Float]
  }

  @Test func floatingPointNumbersComeBackBitForBit() throws {
    var doubles: [Double] = [
      0, -0.0, 1, 0.1, 1.0 / 3, .pi, .leastNonzeroMagnitude, .leastNormalMagnitude,
      .greatestFiniteMagnitude, -.greatestFiniteMagnitude, 1e22, 123_456_789_012_345_680,
      .infinity, -.infinity, .ulpOfOne,
    ]
    var floats: [Float] = [-0.0, 0.1, 16_777_216, .leastNonzeroMagnitude, .infinity]
    // Bit patterns from a Weyl sequence: exponents of every size.
    var bits: UInt64 = 0
    for _ in 0..<2000 {
      bits &+= 0x9E37_79B9_7F4A_7C15
      let double = Double(bitPattern: bits)
      if double.isFinite { doubles.append(double) }
      let float = Float(bitPattern: UInt32(truncatingIfNeeded: bits >> 20))
      if float.isFinite { floats.append(float) }
    }
    let json = try CanonicalJSON.encode(Numbers(zebra: doubles, apple: floats))
    let back = try CanonicalJSON.decode(Numbers.self, from: json)
    #expect(back.zebra.map(\.bitPattern) == doubles.map(\.bitPattern))
    #expect(back.apple.map(\.bitPattern) == floats.map(\.bitPattern))
  }

  @Test func notANumberComesBack() throws {
    let json = try CanonicalJSON.encode([Double.nan, 1])
    #expect(json == #"["nan",1]"#)
    #expect(try CanonicalJSON.decode([Double].self, from: json)[0].isNaN)
  }

  @Test func keysAreSortedAndNothingIsSpaced() throws {
    let json = try CanonicalJSON.encode(Square(x: 0.5, seed: 7, key: "a/b"))
    #expect(json == #"{"key":"a/b","seed":7,"x":0.5}"#)
  }

  @Test func identityFollowsEveryPart() {
    let base = TrialIdentity(Square(x: 1), trainer: 1)
    #expect(base == TrialIdentity(Square(x: 1.0), trainer: 1))
    #expect(base != TrialIdentity(Square(x: 1.0.nextUp), trainer: 1))
    #expect(base != TrialIdentity(Square(x: 1), trainer: 2))
  }
}

struct JSONTreeTests {
  @Test func treesReadWhatTheEncoderWrites() throws {
    struct All: Codable {
      var text = "é \"quoted\" \\ \n\u{1}\u{1F600}/"
      var list: [Double?] = [1, nil, -0.5e-7]
      var empty: [Int] = []
      var nested = ["b": true, "a": false]
    }
    let tree = try #require(JSONTree(CanonicalJSON.encode(All())))
    let fields = Dictionary(uniqueKeysWithValues: tree.fields.map { ($0.name, $0.value) })
    #expect(fields["text"] == All().text)
    #expect(fields["nested.a"] == "false")
    #expect(fields["list"] == "[1,null,-5e-08]")
    #expect(fields["empty"] == "[]")
    #expect(JSONTree(#""\ud83d\ude00""#) == .string("\u{1F600}"))
  }

  @Test(arguments: ["", "{", "[1,]", "{\"a\" 1}", "nul", "1 2", "\"a", "{1:2}", "-"])
  func brokenTextIsNoTree(text: String) {
    #expect(JSONTree(text) == nil)
  }

  @Test func numbersOfAnOutcomeBecomeMetrics() throws {
    let tree = try #require(
      JSONTree(#"{"loss":0.5,"name":"x","branches":[{"at":[1,2],"loss":3},{"at":[4],"loss":5}]}"#))
    #expect(
      tree.metrics == [
        Metric(name: "loss", step: nil, value: 0.5),
        Metric(name: "branches.at.0", step: 0, value: 1),
        Metric(name: "branches.at.1", step: 0, value: 2),
        Metric(name: "branches.loss", step: 0, value: 3),
        Metric(name: "branches.at.0", step: 1, value: 4),
        Metric(name: "branches.loss", step: 1, value: 5),
      ])
    let long = "[" + Array(repeating: "1", count: JSONTree.longestSeries + 1).joined(separator: ",")
    #expect(JSONTree(long + "]")?.metrics == [])
  }
}
