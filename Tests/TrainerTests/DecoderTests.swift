import Foundation
import Kernels
import Randomness
import Testing

@testable import Trainer

@Suite struct DecoderTests {
  typealias Case = GradientTests.Case

  /// Heads that do and do not divide the lanes, heads wider than 16 columns, more of both than 16.
  static let wideCases: [Case] = [
    Case(
      configuration: TransformerConfiguration(
        vocabulary: 21, context: 37, width: 40, layers: 2, heads: 2, activation: .gelu,
        positions: .relativeBias(.zero), output: .tied), seed: 41),
    Case(
      configuration: TransformerConfiguration(
        vocabulary: 17, context: 20, width: 66, layers: 1, heads: 33,
        positions: .relativeBias(.zero)), seed: 42),
    Case(
      configuration: TransformerConfiguration(
        vocabulary: 5, context: 18, width: 48, layers: 1, heads: 12, positions: .learned,
        normGain: true), seed: 43),
  ]

  static let cases = GradientTests.everyKind + GradientTests.oddSizes + wideCases

  /// Parameters at which every part of the model matters.
  static func snapshot(_ model: any Model, seed: UInt64) -> TrainingSnapshot {
    TrainingSnapshot(
      modelKind: type(of: model).kind, layout: model.layout, step: 0,
      parameters: Probe(model, seed: seed).parameters, firstMoment: nil, secondMoment: nil)
  }

  /// The logits of the last token of each prefix, by the full forward pass.
  static func logits(
    _ model: any Model, _ snapshot: TrainingSnapshot, after prefixes: [[Int32]]
  ) throws -> [[Float]] {
    let (positions, columns) = (model.positionsPerSequence, model.outputCount)
    let filled = prefixes.flatMap { prefix in
      prefix + [Int32](repeating: 0, count: positions - prefix.count)
    }
    let all = try Evaluator(model: model, snapshot: snapshot).logits(tokens: filled)
    return prefixes.enumerated().map { index, prefix in
      let start = (index * positions + prefix.count - 1) * columns
      return Array(all[start..<start + columns])
    }
  }

  static func prompts(_ lengths: [Int], vocabulary: Int, seed: UInt64) -> [[Int32]] {
    var generator = TestGenerator(seed)
    return lengths.map { length in
      (0..<length).map { _ in Int32(generator.next() % UInt64(vocabulary)) }
    }
  }

  @Test(arguments: cases)
  func keptKeysAndValuesGiveTheBitsOfTheFullForwardPass(_ test: Case) throws {
    let model = try Transformer(test.configuration)
    let snapshot = Self.snapshot(model, seed: test.seed)
    let c = test.configuration
    for isa in InstructionSet.available {
      for count in isa == .portable ? [3] : [1, 3, 7] {
        let sequences = Self.prompts(
          [Int](repeating: c.context, count: count), vocabulary: c.vocabulary, seed: test.seed)
        let decoder = try Decoder(
          model: model, snapshot: snapshot, sequences: 7, instructionSet: isa)
        for position in 0..<c.context {
          if position == 0 {
            try decoder.begin(with: sequences.map { [$0[0]] })
          } else {
            try decoder.advance(with: sequences.map { $0[position] })
          }
          let expected = try Self.logits(
            model, snapshot, after: sequences.map { Array($0[...position]) })
          #expect(decoder.logits == expected.flatMap { $0 }, "\(isa), position \(position)")
        }
      }
    }
  }

  @Test(arguments: cases)
  func promptsOfAnyLengthGiveTheBitsOfTheFullForwardPass(_ test: Case) throws {
    let model = try Transformer(test.configuration)
    let snapshot = Self.snapshot(model, seed: test.seed)
    let c = test.configuration
    // A decoder of many sequences takes few positions at once: prompts go in several pieces.
    for size in [5, 200] {
      let decoder = try Decoder(model: model, snapshot: snapshot, sequences: size)
      for lengths in [[c.context, 1, c.context / 2 + 1], [1], [c.context, c.context]] {
        let prompts = Self.prompts(lengths, vocabulary: c.vocabulary, seed: test.seed + 1)
        try decoder.begin(with: prompts)
        let expected = try Self.logits(model, snapshot, after: prompts)
        #expect(decoder.logits == expected.flatMap { $0 })
      }
    }
  }

  /// Greedy completions by the full forward pass, one prompt at a time.
  static func greedy(
    _ model: any Model, _ snapshot: TrainingSnapshot, _ prompt: [Int32], limit: Int, stop: Int32
  ) throws -> Decoder.Completion {
    var sequence = prompt
    while true {
      let logits = try Self.logits(model, snapshot, after: [sequence])[0]
      let token = Int32(logits.firstIndex(of: logits.max()!)!)
      let tokens = Array(sequence[prompt.count...]) + [token]
      if token == stop { return .init(tokens: tokens, end: .stop) }
      if tokens.count == limit { return .init(tokens: tokens, end: .limit) }
      if sequence.count == model.positionsPerSequence {
        return .init(tokens: tokens, end: .context)
      }
      sequence.append(token)
    }
  }

  @Test(arguments: cases)
  func greedyCompletionsAreThoseOfTheFullForwardPass(_ test: Case) throws {
    let model = try Transformer(test.configuration)
    let snapshot = Self.snapshot(model, seed: test.seed)
    let c = test.configuration
    // Prompts shorter than others go on after these are full, round the ring of keys and values.
    let prompts = Self.prompts(
      [1, c.context, c.context / 2 + 1, 1, max(1, c.context - 1)], vocabulary: c.vocabulary,
      seed: test.seed + 2)
    let stops: [Int32] = [-1, -1, 1, 2, -1]
    for limit in [1, 3, 1000] {
      let expected = try zip(prompts, stops).map {
        try Self.greedy(model, snapshot, $0, limit: limit, stop: $1)
      }
      for size in [1, 2, 5, 9] {
        let decoder = try Decoder(model: model, snapshot: snapshot, sequences: size)
        let found = try decoder.generate(from: prompts, atMost: limit, stop: .tokens(stops))
        #expect(found == expected, "\(size) sequences, limit \(limit)")
      }
    }
  }

  static let model = Result {
    try Transformer(
      TransformerConfiguration(
        vocabulary: 7, context: 12, width: 8, positions: .relativeBias(.zero)))
  }

  @Test func drawsDoNotDependOnTheBatchAndAnswerToTheStream() throws {
    let model = try Self.model.get()
    let snapshot = Self.snapshot(model, seed: 3)
    let prompts = Self.prompts([3, 5, 1, 4, 2, 6, 3], vocabulary: 7, seed: 9)
    func completions(_ size: Int, temperature: Double, seed: UInt64) throws -> [[Int32]] {
      try Decoder(model: model, snapshot: snapshot, sequences: size).generate(
        from: prompts, atMost: 20, stop: .token(6),
        choice: .sampled(
          temperature: temperature, stream: RandomStream(seed: seed, "test"))
      ).map(\.tokens)
    }
    let reference = try completions(7, temperature: 2, seed: 1)
    for size in [1, 3, 16] {
      #expect(try completions(size, temperature: 2, seed: 1) == reference)
    }
    #expect(try completions(7, temperature: 2, seed: 2) != reference)
    // Cold draws are greedy.
    let greedy = try Decoder(model: model, snapshot: snapshot, sequences: 7)
      .generate(from: prompts, atMost: 20, stop: .token(6)).map(\.tokens)
    #expect(try completions(7, temperature: 1e-4, seed: 1) == greedy)
  }

  @Test func drawsHaveTheProbabilitiesOfTheModel() throws {
    let model = try Self.model.get()
    let snapshot = Self.snapshot(model, seed: 3)
    let prompt: [Int32] = [1, 4, 2]
    let temperature = 1.7
    let count = 4000
    let logits = try Self.logits(model, snapshot, after: [prompt])[0]
    let weights = logits.map { exp(Double($0) / temperature) }
    let total = weights.reduce(0, +)
    let decoder = try Decoder(model: model, snapshot: snapshot, sequences: 50)
    let draws = try decoder.generate(
      from: [[Int32]](repeating: prompt, count: count), atMost: 1,
      choice: .sampled(temperature: temperature, stream: RandomStream(seed: 5, "test")))
    for (token, weight) in weights.enumerated() {
      let p = weight / total
      let found = Double(draws.count { $0.tokens == [Int32(token)] }) / Double(count)
      let deviation = (p * (1 - p) / Double(count)).squareRoot()
      #expect(abs(found - p) < 5 * deviation, "token \(token)")
    }
  }

  @Test func anotherSnapshotReplacesTheParameters() throws {
    let model = try Self.model.get()
    let (first, second) = (Self.snapshot(model, seed: 3), Self.snapshot(model, seed: 4))
    let decoder = try Decoder(model: model, snapshot: first, sequences: 2)
    let prompts: [[Int32]] = [[1, 2, 3], [4]]
    try decoder.begin(with: prompts)
    try decoder.load(second)
    #expect(decoder.logits.isEmpty)
    #expect(throws: DecodingError.tokenCount(found: 2, expected: 0)) {
      try decoder.advance(with: [1, 2])
    }
    try decoder.begin(with: prompts)
    #expect(
      try decoder.logits == Self.logits(model, second, after: prompts).flatMap { $0 })
    let other = try Transformer(
      TransformerConfiguration(vocabulary: 7, context: 12, width: 12, positions: .none))
    #expect(throws: TrainingError.self) {
      try decoder.load(Self.snapshot(other, seed: 1))
    }
  }

  @Test func parametersThatOverflowAreNamedAndLeaveNothingBehind() throws {
    let model = try Self.model.get()
    let good = Self.snapshot(model, seed: 3)
    let keys = try #require(model.layout["layers.0.attention.qkv"])
    var parameters = good.parameters
    for index in keys.offset..<keys.offset + keys.paddedCount { parameters[index] *= 1e38 }
    let bad = TrainingSnapshot(
      modelKind: good.modelKind, layout: good.layout, step: 0, parameters: parameters,
      firstMoment: nil, secondMoment: nil)
    let decoder = try Decoder(model: model, snapshot: bad, sequences: 2)
    let prompts: [[Int32]] = [[1, 2, 3, 4, 5, 6, 0, 1], [4]]
    #expect(throws: DecodingError.notFinite(prompt: 0, position: 8)) {
      try decoder.generate(from: prompts, atMost: 2)
    }
    try decoder.load(good)
    try decoder.begin(with: prompts)
    #expect(try decoder.logits == Self.logits(model, good, after: prompts).flatMap { $0 })
  }

  @Test func flopsOfStepsAddUpToThoseOfTheForwardPass() throws {
    for test in Self.cases {
      let model = try Transformer(test.configuration)
      let context = model.positionsPerSequence
      let sum = (0..<context).reduce(0) { $0 + model.flopsPerStep(position: $1) }
      #expect(abs(sum - Double(context) * model.flopsPerToken(training: false)) <= 1e-9 * sum)
      #expect(model.flopsOfDecoding(prompt: 1, generated: context) == sum)
    }
    let c = TransformerConfiguration(
      vocabulary: 64, context: 32, width: 16, positions: .none)
    let step: Double = 2 * 12 * 256 + 4 * 16 * 6 + 2 * 16 * 64
    #expect(try Transformer(c).flopsPerStep(position: 5) == step)
  }

  @Test func memoryIsThatOfTheShapes() throws {
    let c = TransformerConfiguration(
      vocabulary: 64, context: 256, width: 64, layers: 2, positions: .relativeBias(.zero))
    let model = try Transformer(c)
    let decoder = try Decoder(model: model, snapshot: Self.snapshot(model, seed: 1), sequences: 64)
    let cache = 2 * 2 * 64 * 256 * 64 * 4
    let rest = decoder.byteCount - cache
    #expect(rest > 0 && rest < cache / 5)
  }

  @Test func wrongCallsAreNamed() throws {
    let model = try Self.model.get()
    let snapshot = Self.snapshot(model, seed: 3)
    #expect(throws: ConfigurationError.self) {
      try Decoder(model: model, snapshot: snapshot, sequences: 0)
    }
    let decoder = try Decoder(model: model, snapshot: snapshot, sequences: 2)
    func error(_ body: () throws -> Void) -> DecodingError? {
      #expect(throws: DecodingError.self, performing: body)
    }
    let long = [Int32](repeating: 1, count: 13)
    #expect(
      error { try decoder.begin(with: [[1], [2], [3]]) } == .tooManyPrompts(found: 3, limit: 2))
    #expect(error { try decoder.begin(with: [[1], []]) } == .emptyPrompt(prompt: 1))
    #expect(
      error { try decoder.begin(with: [[1], long]) }
        == .promptTooLong(prompt: 1, tokens: 13, positions: 12))
    #expect(
      error { try decoder.begin(with: [[1], [1, 7]]) }
        == .tokenOutOfRange(prompt: 1, index: 1, token: 7, count: 7))
    #expect(error { _ = try decoder.generate(from: [[1]], atMost: 0) } == .noRoom(limit: 0))
    for temperature in [0, -1, .nan, .infinity, 1e300, 1e-300] {
      let found = error {
        _ = try decoder.generate(
          from: [[1]], atMost: 1,
          choice: .sampled(temperature: temperature, stream: RandomStream(seed: 1, "test")))
      }
      guard case .temperature = found else {
        Issue.record("\(temperature): \(String(describing: found))")
        continue
      }
    }
    #expect(
      error { _ = try decoder.generate(from: [[1]], atMost: 1, stop: .tokens([1, 2])) }
        == .stopCount(found: 2, expected: 1))
    #expect(error { try decoder.advance(with: [1]) } == .tokenCount(found: 1, expected: 0))
    try decoder.begin(with: [[1], Array(long[..<12])])
    #expect(error { try decoder.advance(with: [1]) } == .tokenCount(found: 1, expected: 2))
    #expect(
      error { try decoder.advance(with: [1, 2]) } == .contextFull(sequence: 1, positions: 12))
    #expect(
      error { try decoder.advance(with: [-1, 2]) }
        == .tokenOutOfRange(prompt: 0, index: 1, token: -1, count: 7))
    #expect(try decoder.generate(from: [], atMost: 1) == [])
  }
}
