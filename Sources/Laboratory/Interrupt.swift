import Dispatch
import Foundation

/// Ends the process with a message when Ctrl-C is pressed while trials run.
///
/// Nothing has to be saved: every outcome was committed when its trial ended, and the leases of a
/// dead process are void.
final class InterruptWatch {
  private let sources: [any DispatchSourceSignal]

  /// Exit codes of a shell's convention, 128 and the number of the signal.
  init(progress: ProgressDisplay) {
    sources = [SIGINT, SIGTERM].map { number in
      signal(number, SIG_IGN)
      let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
      source.setEventHandler {
        progress.interrupted()
        _exit(128 + number)
      }
      source.resume()
      return source
    }
  }

  func end() {
    for source in sources { source.cancel() }
    for number in [SIGINT, SIGTERM] { signal(number, SIG_DFL) }
  }
}
