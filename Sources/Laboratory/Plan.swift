import Foundation

/// What a build would do: known and missing trials by type, FLOPs, and the time on this machine.
public struct Plan: Sendable {
  /// What is known and missing of one trial type.
  public struct TypePlan: Sendable {
    /// `Trial.name`.
    public var name: String
    /// Trials that the store can answer; failures among them.
    public var known = 0
    /// Known trials that failed.
    public var failed = 0
    /// Trials that would be run.
    public var missing = 0
    /// The estimated FLOPs of these.
    public var flops = 0.0
    /// The estimated seconds of these on one core; nil if nothing is known about one of them.
    public var seconds: Double? = 0
    /// Stored outcomes of this machine that the estimate rests on; 0 if it rests on calibration.
    public var basis = 0
  }

  /// The types in the order asked.
  public private(set) var types: [TypePlan] = []
  /// FLOP/s of one core, if it had to be measured.
  public private(set) var measuredRate: Double?
  /// The time that the missing trials would take together; nil if it cannot be known.
  public private(set) var seconds: Double?
  /// Trials at a time.
  public let workers: Int

  /// Whether nothing would be trained.
  public var isEmpty: Bool { types.allSatisfy { $0.missing == 0 } }

  init(
    trials: [AnyTrial], known: [TrialIdentity: StoredRun], estimator: Estimator,
    workbench: Workbench, workers: Int
  ) {
    self.workers = workers
    let missing = trials.filter { known[$0.identity] == nil }
    if missing.contains(where: { estimator.storedSeconds(for: $0) == nil && $0.flops > 0 }) {
      measuredRate = workbench.measureFLOPS()
    }
    let rate = measuredRate ?? Estimator.assumedRate
    var durations: [Double]? = []
    for trial in trials {
      let name = trial.identity.trial
      let index = types.firstIndex { $0.name == name } ?? types.endIndex
      if index == types.endIndex {
        types.append(TypePlan(name: name, basis: estimator.count(of: name)))
      }
      if let row = known[trial.identity] {
        types[index].known += 1
        if row.outcome == nil { types[index].failed += 1 }
        continue
      }
      types[index].missing += 1
      types[index].flops += trial.flops
      let seconds = estimator.seconds(for: trial, rate: rate)
      types[index].seconds = seconds.flatMap { one in types[index].seconds.map { $0 + one } }
      durations = seconds.flatMap { one in durations.map { $0 + [one] } }
    }
    seconds = durations.map { Self.makespan(of: $0, workers: workers) }
  }

  /// The time of all when each core takes the longest that is left.
  static func makespan(of durations: [Double], workers: Int) -> Double {
    var cores = Array(repeating: 0.0, count: workers)
    for duration in durations.sorted(by: >) {
      let first = cores.indices.min { cores[$0] < cores[$1] } ?? 0
      cores[first] += duration
    }
    return cores.max() ?? 0
  }

  /// The plan as a small table.
  public var text: String {
    let width = types.map(\.name.count).max() ?? 0
    var lines = types.map { type -> String in
      var line = type.name.padding(toLength: width, withPad: " ", startingAt: 0)
      line += "  \(type.known) known"
      if type.failed > 0 { line += " (\(type.failed) failed)" }
      guard type.missing > 0 else { return line }
      line += ", \(type.missing) to train"
      if type.flops > 0 { line += ", \(Text.flops(type.flops))" }
      if let seconds = type.seconds {
        line += ", \(Text.duration(seconds)) on one core"
        if type.basis > 0 {
          line += " (from \(Text.count(type.basis, "stored run")) on this machine)"
        } else if let measuredRate {
          line += " (measured: \(Text.rate(measuredRate)) a core)"
        }
      } else {
        line += ", time unknown"
      }
      return line
    }
    let missing = types.reduce(0) { $0 + $1.missing }
    if missing == 0 {
      lines.append("Everything is known: nothing to train.")
    } else {
      let time = seconds.map { "about \(Text.duration($0))" } ?? "an unknown time"
      lines.append(
        "In all \(Text.count(missing, "trial")) to train, \(time) on \(Text.count(workers, "core"))."
      )
    }
    return lines.joined(separator: "\n") + "\n"
  }
}
