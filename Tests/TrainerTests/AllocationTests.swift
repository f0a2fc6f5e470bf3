#if os(Linux)
  import Foundation
  import Testing

  @testable import Trainer

  /// Steps need no memory but what the run allocated at its beginning.
  ///
  /// Counting allocations would need hooks into the allocator of a process in which other tests run.
  /// Instead a process of its own is left without any free memory: an allocation, even one that is
  /// freed at once, ends it.
  @Suite struct AllocationTests {
    @Test func transformersStepWhenNoMemoryIsLeft() async {
      await #expect(processExitsWith: .success) { try stepWithoutMemory(.transformer) }
    }

    @Test func tiedTransformersStepWhenNoMemoryIsLeft() async {
      await #expect(processExitsWith: .success) { try stepWithoutMemory(.tiedTransformer) }
    }

    @Test func recurrencesStepWhenNoMemoryIsLeft() async {
      await #expect(processExitsWith: .success) { try stepWithoutMemory(.recurrence) }
    }

    @Test func perceptronsOfARegressionStepWhenNoMemoryIsLeft() async {
      await #expect(processExitsWith: .success) { try stepWithoutMemory(.regression) }
    }

    @Test func perceptronsOfAClassificationStepWhenNoMemoryIsLeft() async {
      await #expect(processExitsWith: .success) { try stepWithoutMemory(.classification) }
    }

    @Test func memoriesStepWhenNoMemoryIsLeft() async {
      await #expect(processExitsWith: .success) { try stepWithoutMemory(.memory) }
    }

    @Test func decodersAdvanceWhenNoMemoryIsLeft() async {
      await #expect(processExitsWith: .success) {
        try decodeWithoutMemory(.transformer)
        try decodeWithoutMemory(.recurrence)
      }
    }

    @Test func theProcessEndsWhenSomethingIsAllocated() async {
      await #expect(processExitsWith: .failure) {
        let (run, _) = try makeRun(.transformer)
        withoutMemory { _ = run.snapshot() }
      }
    }
  }

  private enum Kind {
    case transformer, tiedTransformer, recurrence, regression, classification, memory
  }

  /// A run of each kind of model, and its step on one batch.
  private func makeRun(_ kind: Kind) throws -> (TrainingRun, () throws -> Void) {
    typealias Shape = TrainingRunTests
    let model: any Model
    switch kind {
    case .transformer, .tiedTransformer:
      var c = Shape.configuration
      c.output = kind == .tiedTransformer ? .tied : .untied
      c.activation = kind == .tiedTransformer ? .gelu : .relu
      c.normGain = true
      model = try Transformer(c)
    case .recurrence:
      model = try GatedRecurrence(
        GatedRecurrenceConfiguration(
          vocabulary: Shape.vocabulary, context: Shape.positions, width: 12, layers: 2,
          normGain: true))
    case .regression, .classification:
      model = try MultilayerPerceptron(
        MultilayerPerceptronConfiguration(inputs: 5, outputs: 3, width: 20, layers: 2))
    case .memory:
      model = try AssociativeMemory(
        AssociativeMemoryConfiguration(
          inputs: Shape.vocabulary, outputs: Shape.vocabulary, dimension: 7,
          embeddings: .gaussian(seed: 1)))
    }
    let run = try TrainingRun(
      model: model, optimizer: .adamW(rates: .maximalUpdate(baseWidth: 32)),
      schedule: .cosine(rate: 1e-3, warmup: 3, steps: 1001), seed: 1,
      sequencesPerBatch: Shape.sequences, microBatch: 2)
    if model.inputWidth != nil {
      let inputs = (0..<20).map { Float($0) / 10 - 1 }
      let values = (0..<12).map { Float($0) / 10 }
      let targets: [Int32] = [0, 2, -1, 1]
      return (
        run,
        kind == .regression
          ? { try run.step(inputs: inputs, values: values) }
          : { try run.step(inputs: inputs, targets: targets) }
      )
    }
    let (tokens, targets) = markovBatch(
      step: 0, sequences: Shape.sequences, positions: model.positionsPerSequence,
      vocabulary: Shape.vocabulary)
    // A memory has sequences of one position, of which the language counts none.
    let counted = kind == .memory ? tokens : targets
    return (run, { try run.step(tokens: tokens, targets: counted) })
  }

  private func stepWithoutMemory(_ kind: Kind) throws {
    let (run, step) = try makeRun(kind)
    try step()
    var failed = false
    withoutMemory {
      for _ in 0..<1000 {
        do { try step() } catch { failed = true }
      }
    }
    precondition(!failed && run.completedSteps == 1001)
  }

  private func decodeWithoutMemory(_ kind: Kind) throws {
    let (run, _) = try makeRun(kind)
    guard let model = run.model as? any LanguageModel else { preconditionFailure("\(kind)") }
    let decoder = try Decoder(model: model, snapshot: run.snapshot(), sequences: 3)
    let tokens: [Int32] = [1, 2, 3]
    try decoder.begin(with: tokens.map { [$0] })
    try decoder.advance(with: tokens)
    var failed = false
    withoutMemory {
      for _ in 2..<TrainingRunTests.positions {
        do { try decoder.advance(with: tokens) } catch { failed = true }
      }
    }
    precondition(!failed)
  }

  /// Calls `body` while the process can get no memory, from the system or from what it has freed.
  private func withoutMemory(_ body: () -> Void) {
    let pages = (try? String(contentsOfFile: "/proc/self/statm", encoding: .utf8))?
      .split(separator: " ").first.flatMap { UInt($0) }
    guard let pages else { fatalError("/proc/self/statm cannot be read") }
    var limit = rlimit()
    guard getrlimit(__rlimit_resource_t(RLIMIT_AS.rawValue), &limit) == 0 else {
      fatalError("getrlimit")
    }
    let original = limit
    limit.rlim_cur = pages * UInt(sysconf(Int32(_SC_PAGESIZE)))
    guard setrlimit(__rlimit_resource_t(RLIMIT_AS.rawValue), &limit) == 0 else {
      fatalError("setrlimit")
    }
    // Large pieces first, then each size that the allocator keeps a list of. The pieces are linked,
    // or an optimiser might take them for needless and never run out of them.
    var pieces: UnsafeMutableRawPointer?
    func take(_ size: Int) {
      while let piece = malloc(size) {
        piece.storeBytes(of: pieces, as: UnsafeMutableRawPointer?.self)
        pieces = piece
      }
    }
    var size = 1 << 30
    while size > 2048 {
      take(size)
      size /= 2
    }
    while size > 0 {
      take(size)
      size -= 8
    }
    body()
    while let piece = pieces {
      pieces = piece.load(as: UnsafeMutableRawPointer?.self)
      free(piece)
    }
    limit = original
    _ = setrlimit(__rlimit_resource_t(RLIMIT_AS.rawValue), &limit)
  }
#endif
