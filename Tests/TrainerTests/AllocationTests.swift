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
    @Test func stepsRunWhenNoMemoryIsLeft() async {
      await #expect(processExitsWith: .success) { try runStepsWithoutMemory(output: .untied) }
    }

    @Test func tiedStepsRunWhenNoMemoryIsLeft() async {
      await #expect(processExitsWith: .success) { try runStepsWithoutMemory(output: .tied) }
    }

    @Test func theProcessEndsWhenSomethingIsAllocated() async {
      await #expect(processExitsWith: .failure) {
        let run = try makeRun(output: .untied)
        withoutMemory { _ = run.snapshot() }
      }
    }
  }

  private func makeRun(output: TransformerConfiguration.Output) throws -> TrainingRun {
    var c = TrainingRunTests.configuration
    c.output = output
    c.normGain = true
    return try TrainingRun(
      model: Transformer(c), optimizer: .adamW(rates: .maximalUpdate(baseWidth: 32)),
      schedule: .cosine(rate: 1e-3, warmup: 3, steps: 300), seed: 1,
      sequencesPerBatch: TrainingRunTests.sequences, microBatch: 2)
  }

  private func runStepsWithoutMemory(output: TransformerConfiguration.Output) throws {
    let run = try makeRun(output: output)
    let (tokens, targets) = markovBatch(
      step: 0, sequences: TrainingRunTests.sequences, positions: TrainingRunTests.positions,
      vocabulary: TrainingRunTests.vocabulary)
    try run.step(tokens: tokens, targets: targets)
    var failed = false
    withoutMemory {
      for _ in 0..<200 {
        do { try run.step(tokens: tokens, targets: targets) } catch { failed = true }
      }
    }
    precondition(!failed && run.completedSteps == 201)
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
