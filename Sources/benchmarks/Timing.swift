/// The fastest of many runs, and how long to go on.
struct Timing {
  /// The fastest run so far, in seconds.
  private(set) var seconds = Double.infinity

  /// Runs `body` once more and keeps its time if it was the fastest.
  mutating func measure(_ body: () -> Void) {
    let clock = ContinuousClock()
    let start = clock.now
    body()
    let elapsed = start.duration(to: clock.now).components
    seconds = min(seconds, Double(elapsed.seconds) + Double(elapsed.attoseconds) * 1e-18)
  }
}
