import Foundation

/// The time that this thread has run, waiting for other programs not counted.
enum ProcessorTime {
  /// Seconds since an arbitrary beginning.
  static var seconds: Double {
    var time = timespec()
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
    return Double(time.tv_sec) + 1e-9 * Double(time.tv_nsec)
  }

  /// The seconds that `body` takes.
  static func measure(_ body: () throws -> Void) rethrows -> Double {
    let start = seconds
    try body()
    return seconds - start
  }
}
