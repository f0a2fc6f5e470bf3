import KernelInterface
import Kernels

/// The fastest of many runs, and how long to go on.
struct Timing {
  /// The fastest run so far, in seconds.
  private(set) var seconds = Double.infinity
  private let clock: Clock

  /// What counts as time.
  enum Clock {
    /// All time that passes.
    case wall
    /// The time that this thread runs: for bodies that last longer than a turn on a busy machine.
    case processor
  }

  init(_ clock: Clock = .wall) { self.clock = clock }

  /// Runs `body` once more and keeps its time if it was the fastest.
  mutating func measure(_ body: () throws -> Void) rethrows {
    switch clock {
    case .wall:
      let clock = ContinuousClock()
      let start = clock.now
      try body()
      let elapsed = start.duration(to: clock.now).components
      seconds = min(seconds, Double(elapsed.seconds) + Double(elapsed.attoseconds) * 1e-18)
    case .processor:
      seconds = min(seconds, try ProcessorTime.measure(body))
    }
  }
}

/// Runs `body` again and again, at least once, until so many seconds have passed.
func repeated(seconds: Double, _ body: () throws -> Void) rethrows {
  let clock = ContinuousClock()
  let end = clock.now + .seconds(seconds)
  repeat { try body() } while clock.now < end
}

extension InstructionSet {
  /// The peak of multiply-adds in FLOPs a second, measured in turn with `body` for so many seconds.
  ///
  /// In turn, so that both see the same clock frequency.
  func peak(
    _ clock: Timing.Clock, seconds: Double, beside body: () throws -> Void
  ) rethrows -> Double {
    let rounds = 20_000
    var timing = Timing(clock)
    var sink: Float = 0
    try repeated(seconds: seconds) {
      try body()
      timing.measure { sink += kernels.multiplyAddPeak(iterations: rounds) }
    }
    precondition(sink.isFinite)
    // A round is 24 multiply-adds of 16 lanes.
    return 768 * Double(rounds) / timing.seconds
  }
}

/// How fast one core moves bytes, measured with the plainest kernels there are.
enum Bandwidth {
  /// A working set that no cache holds: 128 MiB.
  static let memory = 128 << 20

  /// Bytes a second over a working set of so many bytes, in memory or in the cache that holds it.
  ///
  /// The fastest of reading it (`sumOfSquares`), overwriting it (`zero`) and updating one half by
  /// the other (`add`, two reads and a write). Bytes are those that a program reads and writes: a
  /// processor that fetches a line before it is overwritten moves more.
  static func measure(bytes: Int, kernels: any KernelSet.Type, seconds: Double = 0.2) -> Double {
    let half = max(laneCount, bytes / 2 / MemoryLayout<Float>.stride & ~(laneCount - 1))
    let buffer = AlignedBuffer(count: 2 * half)
    let (x, y) = (buffer.pointer, buffer.pointer + half)
    // Several calls a measurement, so that reading the clock costs nothing.
    let calls = max(1, 1_000_000 / half)
    var read = Timing()
    var written = Timing()
    var updated = Timing()
    var sink: Float = 0
    repeated(seconds: seconds) {
      for _ in 0..<3 {
        written.measure { for _ in 0..<calls { kernels.zero(count: 2 * half, y: x) } }
      }
      for _ in 0..<3 {
        read.measure { for _ in 0..<calls { sink += kernels.sumOfSquares(count: 2 * half, x: x) } }
      }
      for _ in 0..<3 {
        updated.measure { for _ in 0..<calls { kernels.add(count: half, x: x, y: y) } }
      }
    }
    precondition(sink == 0)
    let floats = Double(half * calls)
    return 4
      * max(
        2 * floats / read.seconds, 2 * floats / written.seconds,
        3 * floats / updated.seconds)
  }
}
