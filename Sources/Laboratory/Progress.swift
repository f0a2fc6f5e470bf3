import Foundation

/// Shows how far the trials are: a bar on a terminal, elsewhere a line every few seconds.
final class ProgressDisplay: @unchecked Sendable {
  // @unchecked: everything mutable is only touched under `condition`.
  private struct Running {
    var trial: AnyTrial
    var begun: Date
    var fraction: Double?
  }

  private let condition = NSCondition()
  private let console: Console
  private let workers: Int
  private let estimator: Estimator
  private let asked: Set<TrialIdentity>
  private let start = Date()
  private var total: Int
  private var totalWeight: Double
  private var ended = 0
  private var failed = 0
  private var endedWeight = 0.0
  private var endedFLOPs = 0.0
  private var running: [TrialIdentity: Running] = [:]
  private var over = false

  /// Seconds between two lines where the output is no terminal.
  static let lineInterval = 5.0

  init(console: Console, workers: Int, trials: [AnyTrial], estimator: Estimator) {
    self.console = console
    self.workers = workers
    self.estimator = estimator
    asked = Set(trials.map(\.identity))
    total = trials.count
    totalWeight = trials.reduce(0) { $0 + estimator.weight(of: $1) }
  }

  func begin() {
    let thread = Thread { [self] in
      let interval = console.isTerminal ? 0.15 : Self.lineInterval
      condition.lock()
      while !over {
        _ = condition.wait(until: Date(timeIntervalSinceNow: interval))
        guard !over, Date().timeIntervalSince(start) > 0.3 else { continue }
        console.write(console.isTerminal ? "\r\(bar(width: console.width))\u{1B}[K" : line + "\n")
      }
      condition.unlock()
    }
    thread.start()
  }

  func started(_ trial: AnyTrial) {
    condition.withLock {
      running[trial.identity] = Running(trial: trial, begun: Date())
      if !asked.contains(trial.identity) {
        // Asked for by another trial.
        total += 1
        totalWeight += estimator.weight(of: trial)
      }
    }
  }

  func advanced(_ identity: TrialIdentity, fraction: Double) {
    condition.withLock { running[identity]?.fraction = min(1, max(0, fraction)) }
  }

  func ended(_ identity: TrialIdentity, failed: Bool) {
    condition.withLock {
      guard let trial = running.removeValue(forKey: identity)?.trial else { return }
      ended += 1
      if failed { self.failed += 1 }
      endedWeight += estimator.weight(of: trial)
      endedFLOPs += trial.flops
    }
  }

  /// Another build has run it.
  func skipped(_ trial: AnyTrial) {
    condition.withLock {
      ended += 1
      endedWeight += estimator.weight(of: trial)
    }
  }

  func end() {
    condition.withLock {
      guard !over else { return }
      over = true
      condition.broadcast()
      let seconds = Date().timeIntervalSince(start)
      var text = "\(Text.count(ended, "trial")) in \(Text.duration(seconds))"
      if let rate = rate(after: seconds) { text += ", \(rate)" }
      if failed > 0 { text += ", \(failed) failed" }
      console.write((console.isTerminal ? "\r\u{1B}[K" : "") + text + ".\n")
    }
  }

  /// Says that the build was interrupted.
  func interrupted() {
    condition.withLock {
      over = true
      console.write(
        (console.isTerminal ? "\r\u{1B}[K" : "")
          + "Interrupted: \(ended) of \(Text.count(total, "trial")) done and kept; "
          + "start again to go on.\n")
    }
  }

  // MARK: Texts; called with the lock held.

  private var state: (fraction: Double, left: Double, flops: Double, seconds: Double) {
    let now = Date()
    let seconds = now.timeIntervalSince(start)
    var weight = endedWeight
    var flops = endedFLOPs
    for (_, one) in running {
      let expected = estimator.weight(of: one.trial)
      let guess = min(0.95, now.timeIntervalSince(one.begun) / expected)
      let fraction = one.fraction ?? guess
      weight += fraction * expected
      flops += fraction * one.trial.flops
    }
    // Weights are seconds of one core; the expected speed counts like two seconds' experience.
    let speed = (weight + 2 * Double(workers)) / (seconds + 2)
    let left = max(0, totalWeight - weight) / speed
    return (min(1, weight / totalWeight), left, flops, seconds)
  }

  private func rate(after seconds: Double) -> String? {
    endedFLOPs > 0 && seconds > 0 ? Text.rate(endedFLOPs / seconds) : nil
  }

  private var parts: [String] {
    let state = state
    var parts = ["\(ended)/\(total)", "\(Int(state.fraction * 100)) %"]
    if state.flops > 0 {
      parts.append(Text.rate(state.flops / state.seconds))
    } else if ended > 0 {
      parts.append("\(Text.rounded(Double(ended) / state.seconds, digits: 2)) trials/s")
    }
    if failed > 0 { parts.append("\(failed) failed") }
    parts.append("\(Text.duration(state.left, wholeSeconds: true)) left")
    return parts
  }

  private var line: String { "trials " + parts.joined(separator: ", ") }

  private func bar(width: Int) -> String {
    let text = parts.joined(separator: "  ")
    let cells = min(40, width - text.count - 5)
    guard cells >= 5 else { return String(text.prefix(max(0, width - 1))) }
    let filled = Int(state.fraction * Double(cells))
    let full = String(repeating: "━", count: filled)
    let rest = String(repeating: "━", count: cells - filled)
    return console.hasColours
      ? "\u{1B}[36m\(full)\u{1B}[90m\(rest)\u{1B}[0m  \(text)"
      : "[\(String(repeating: "=", count: filled))\(String(repeating: " ", count: cells - filled))]"
        + "  \(text)"
  }
}
