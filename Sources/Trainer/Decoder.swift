import KernelInterface
import Kernels
import Randomness

/// Writes with a language model token by token, many sequences at once.
///
/// What the model needs of earlier tokens is kept (a transformer's keys and values, a recurrence's
/// state), so that a new token costs one position and not the whole prefix. The logits are those of
/// the full forward pass, bit for bit but for the sign of zero; a completion does not depend on what
/// stands in the batch beside it. All memory is allocated when the decoder is made, but for the
/// prompts and completions themselves: a token allocates nothing. Used by one thread at a time.
///
///     let decoder = try Decoder(model: model, snapshot: run.snapshot(), sequences: 64)
///     let answers = try decoder.generate(from: prompts, atMost: 9, stop: .token(end))
public final class Decoder {
  /// The model that writes.
  public let model: any LanguageModel
  /// The most sequences that run at once.
  public let sequences: Int

  private let kernels: any KernelSet.Type
  private let parameters: AlignedBuffer
  private let pass: any DecodingPass
  private let context: Int
  private let vocabulary: Int
  private let scratch: AlignedBuffer
  private let tokens: UnsafeMutableBufferPointer<Int32>
  private let ages: UnsafeMutableBufferPointer<Int32>
  private let choices: UnsafeMutableBufferPointer<Int32>
  private let uniforms: UnsafeMutableBufferPointer<Double>
  private var latest: UnsafePointer<Float>?
  /// The sequences that were begun.
  public private(set) var active = 0

  /// A decoder with the parameters of a snapshot or a checkpoint.
  ///
  /// - Parameters:
  ///   - sequences: The most sequences that run at once; memory is proportional to it.
  ///   - instructionSet: Which build of the kernels runs; all give the same bits.
  public init(
    model: some LanguageModel, snapshot: TrainingSnapshot, sequences: Int,
    instructionSet: InstructionSet = .best
  ) throws {
    try FieldCheck(Decoder.self).require(
      sequences >= 1, "sequences", sequences, "be at least 1",
      "64 makes good use of the processor.")
    self.model = model
    self.sequences = sequences
    kernels = instructionSet.kernels
    context = model.positionsPerSequence
    vocabulary = model.outputCount
    parameters = AlignedBuffer(count: model.layout.paddedCount)
    pass = model.makeDecodingPass(sequences: sequences, kernels: kernels)
    scratch = AlignedBuffer(count: padded(model.outputCount))
    tokens = .allocate(capacity: pass.rowLimit)
    ages = .allocate(capacity: sequences)
    choices = .allocate(capacity: sequences)
    uniforms = .allocate(capacity: sequences)
    tokens.initialize(repeating: 0)
    ages.initialize(repeating: 0)
    choices.initialize(repeating: 0)
    uniforms.initialize(repeating: 0)
    try load(snapshot)
  }

  deinit {
    tokens.deallocate()
    ages.deallocate()
    choices.deallocate()
    uniforms.deallocate()
  }

  /// The bytes of the decoder's buffers: parameters, what is kept of earlier tokens, activations.
  public var byteCount: Int {
    4 * (parameters.count + scratch.count + tokens.count + ages.count + choices.count)
      + 8 * uniforms.count + pass.byteCount
  }

  /// Takes the parameters of another snapshot of the same model; sequences under way are dropped.
  public func load(_ snapshot: TrainingSnapshot) throws(TrainingError) {
    try snapshot.check(against: model)
    parameters.assign(snapshot.parameters)
    pass.prepare(parameters: parameters.pointer)
    active = 0
    latest = nil
  }

  // MARK: - Step by step

  /// Begins a sequence with each prompt, of lengths 1 ... T, and computes the logits that follow.
  public func begin(with prompts: [[Int32]]) throws(DecodingError) {
    guard prompts.count <= sequences else {
      throw .tooManyPrompts(found: prompts.count, limit: sequences)
    }
    try check(prompts[...])
    fill(prompts[...])
  }

  /// Appends a token to every sequence and computes the logits that follow.
  public func advance(with tokens: UnsafeBufferPointer<Int32>) throws(DecodingError) {
    guard tokens.count == active, active > 0 else {
      throw .tokenCount(found: tokens.count, expected: active)
    }
    for sequence in 0..<active {
      let token = tokens[sequence]
      guard token >= 0, Int(token) < model.inputCount else {
        throw .tokenOutOfRange(
          prompt: sequence, index: Int(ages[sequence]), token: token, count: model.inputCount)
      }
      guard Int(ages[sequence]) < context else {
        throw .contextFull(sequence: sequence, positions: context)
      }
    }
    step(tokens.baseAddress!)
  }

  /// Appends a token to every sequence and computes the logits that follow.
  public func advance(with tokens: [Int32]) throws(DecodingError) {
    try tokens.withUnsafeBufferPointer { (tokens) throws(DecodingError) in
      try advance(with: tokens)
    }
  }

  /// The logits of the next token of every sequence, [active, V], without padding; a new array.
  public var logits: [Float] {
    guard let latest else { return [] }
    return (0..<active).flatMap { sequence in
      UnsafeBufferPointer(start: latest + sequence * pass.logitsStride, count: vocabulary)
    }
  }

  /// Begins with checked prompts, at most `sequences` of them.
  private func fill(_ prompts: ArraySlice<[Int32]>) {
    active = prompts.count
    latest = nil
    guard active > 0 else { return }
    let longest = prompts.reduce(0) { max($0, $1.count) }
    pass.begin(sequences: active)
    let positionsAtOnce = pass.rowLimit / active
    // Prompts end together: the shorter ones wait.
    for sequence in 0..<active {
      ages[sequence] = Int32(prompts[prompts.startIndex + sequence].count - longest)
    }
    var taken = 0
    while taken < longest {
      let positions = min(positionsAtOnce, longest - taken)
      for sequence in 0..<active {
        let prompt = prompts[prompts.startIndex + sequence]
        for position in 0..<positions {
          let index = Int(ages[sequence]) + position
          tokens[position * active + sequence] = index < 0 ? 0 : prompt[index]
        }
      }
      latest = pass.advance(
        positions: positions, tokens: tokens.baseAddress!, ages: ages.baseAddress!,
        parameters: parameters.pointer)
      for sequence in 0..<active { ages[sequence] += Int32(positions) }
      taken += positions
    }
  }

  private func step(_ tokens: UnsafePointer<Int32>) {
    latest = pass.advance(
      positions: 1, tokens: tokens, ages: ages.baseAddress!, parameters: parameters.pointer)
    for sequence in 0..<active { ages[sequence] += 1 }
  }

  private func check(_ prompts: ArraySlice<[Int32]>) throws(DecodingError) {
    for (number, prompt) in zip(prompts.indices, prompts) {
      guard !prompt.isEmpty else { throw .emptyPrompt(prompt: number) }
      guard prompt.count <= context else {
        throw .promptTooLong(prompt: number, tokens: prompt.count, positions: context)
      }
      for (index, token) in prompt.enumerated() {
        guard token >= 0, Int(token) < model.inputCount else {
          throw .tokenOutOfRange(
            prompt: number, index: index, token: token, count: model.inputCount)
        }
      }
    }
  }

  // MARK: - Completions

  /// How the next token is chosen from its logits.
  public enum Choice: Sendable {
    /// The most probable token; the first of several.
    case greedy
    /// A draw with probabilities in proportion to `exp(logit / temperature)`.
    ///
    /// Prompt i draws from `stream.split(i)`, one word a token, so that its completion does not
    /// depend on the other prompts nor on the size of the decoder.
    case sampled(temperature: Double, stream: RandomStream)
  }

  /// Which token ends a completion.
  public enum Stop: Hashable, Sendable {
    case never
    /// The same token for every prompt.
    case token(Int32)
    /// A token for each prompt; a negative one never comes.
    case tokens([Int32])
  }

  /// What was written after a prompt.
  public struct Completion: Hashable, Sendable {
    /// Why a completion ended.
    public enum End: String, Hashable, Sendable {
      /// The stop token was chosen; it is the last of the tokens.
      case stop
      /// It has as many tokens as were asked for.
      case limit
      /// The model's context is full: prompt and completion have T + 1 tokens.
      case context
    }
    /// The tokens, the stop token included.
    public var tokens: [Int32]
    /// Why it ended.
    public var end: End
  }

  /// Completes any number of prompts, `sequences` at a time.
  ///
  /// - Parameters:
  ///   - prompts: Sequences of 1 ... T tokens; alike in length they run fastest, since shorter ones
  ///     wait for the longest.
  ///   - limit: The most tokens of a completion.
  public func generate(
    from prompts: [[Int32]], atMost limit: Int, stop: Stop = .never, choice: Choice = .greedy
  ) throws(DecodingError) -> [Completion] {
    guard limit >= 1 else { throw .noRoom(limit: limit) }
    var inverseTemperature: Float = 1
    if case .sampled(let temperature, _) = choice {
      guard temperature.isFinite, temperature > 0, (1 / Float(temperature)).isFinite,
        1 / Float(temperature) > 0
      else { throw .temperature(temperature) }
      inverseTemperature = 1 / Float(temperature)
    }
    if case .tokens(let stops) = stop, stops.count != prompts.count {
      throw .stopCount(found: stops.count, expected: prompts.count)
    }
    try check(prompts[...])
    var completions: [Completion] = []
    completions.reserveCapacity(prompts.count)
    var first = 0
    while first < prompts.count {
      let batch = first..<min(first + sequences, prompts.count)
      fill(prompts[batch])
      try complete(batch, limit: limit, stop: stop, choice, inverseTemperature, into: &completions)
      first = batch.upperBound
    }
    return completions
  }

  /// Completes the sequences that were begun, which are the prompts of `batch`.
  private func complete(
    _ batch: Range<Int>, limit: Int, stop: Stop, _ choice: Choice, _ inverseTemperature: Float,
    into completions: inout [Completion]
  ) throws(DecodingError) {
    var open = active
    var isOpen = [Bool](repeating: true, count: active)
    var streams: [RandomStream] = []
    if case .sampled(_, let stream) = choice { streams = batch.map { stream.split($0) } }
    let stops: [Int32] = batch.map { prompt in
      switch stop {
      case .never: -1
      case .token(let token): token
      case .tokens(let tokens): tokens[prompt]
      }
    }
    for sequence in 0..<active {
      completions.append(Completion(tokens: [], end: .limit))
      completions[batch.lowerBound + sequence].tokens.reserveCapacity(
        min(limit, context + 1 - Int(ages[sequence])))
    }
    while true {
      for sequence in 0..<streams.count where isOpen[sequence] {
        uniforms[sequence] = streams[sequence].uniform()
      }
      kernels.choose(
        rows: active, columns: vocabulary, logits: latest!, stride: pass.logitsStride,
        inverseTemperature: inverseTemperature,
        uniforms: streams.isEmpty ? nil : UnsafePointer(uniforms.baseAddress!),
        choices: choices.baseAddress!, scratch: scratch.pointer)
      for sequence in 0..<active {
        guard isOpen[sequence] else {
          choices[sequence] = 0
          continue
        }
        let token = choices[sequence]
        let index = batch.lowerBound + sequence
        guard token >= 0 else {
          throw .notFinite(prompt: index, position: Int(ages[sequence]))
        }
        completions[index].tokens.append(token)
        if token == stops[sequence] {
          completions[index].end = .stop
        } else if completions[index].tokens.count == limit {
          completions[index].end = .limit
        } else if Int(ages[sequence]) == context {
          completions[index].end = .context
        } else {
          continue
        }
        isOpen[sequence] = false
        choices[sequence] = 0
        open -= 1
      }
      if open == 0 { return }
      step(choices.baseAddress!)
    }
  }
}
