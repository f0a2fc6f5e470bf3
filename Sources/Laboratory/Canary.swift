import Foundation
import Synchronization

/// Decides whether the store may answer for a trial type.
///
/// The cheapest stored trial of the type is run again and compared bit for bit. That finds most
/// changes of what `run` means that were not followed by a new `version`; it cannot find one that
/// leaves the cheapest trial's outcome as it was. A program that passed is remembered with the size
/// and time of its file, so that a build in which nothing changed runs no canary.
final class Trust: Sendable {
  /// A type whose cheapest stored trial took longer is not checked.
  static let longestCanary = 3.0
  /// Seconds of all canaries of one check together; types beyond it wait for the next start.
  static let budget = 6.0

  private let store: RunStore
  private let workbench: Workbench
  private let program: ProgramStamp?
  private let state = Mutex(State())
  /// One check at a time.
  private let serial = NSLock()

  private struct State {
    var checked: Set<String> = []
    var notes: [String] = []
  }

  init(store: RunStore, workbench: Workbench, program: ProgramStamp?) {
    self.store = store
    self.workbench = workbench
    self.program = program
  }

  /// Types that were not checked, and why; one line each.
  var notes: [String] { state.withLock { $0.notes } }

  /// Checks a type that a running trial asked for.
  func check(dependency trial: AnyTrial) throws(LaboratoryError) {
    try check(types: [trial], workers: 1)
  }

  /// Checks the types of these trials, one trial each, on so many threads.
  func check(types: [AnyTrial], workers: Int) throws(LaboratoryError) {
    serial.lock()
    defer { serial.unlock() }
    var canaries: [Canary] = []
    var seconds = 0.0
    for trial in types {
      let name = trial.identity.trial
      guard !state.withLock({ $0.checked.contains(name) }) else { continue }
      if let program,
        try store.isTrusted(
          program, trial: trial.identity, instructionSet: workbench.instructionSet)
      {
        state.withLock { _ = $0.checked.insert(name) }
        continue
      }
      let candidates = try store.cheapest(
        trial: name, version: trial.identity.version, trainer: trial.identity.trainer, limit: 20)
      let canary = Canary(type: trial, stored: candidates)
      guard let cost = canary.cost else {
        // Nothing comparable is stored.
        state.withLock { _ = $0.checked.insert(name) }
        continue
      }
      guard cost <= Self.longestCanary, seconds + cost <= Self.budget else {
        state.withLock {
          $0.checked.insert(name)
          $0.notes.append(
            "\(name): not checked; its cheapest stored trial took \(Text.duration(cost))")
        }
        continue
      }
      seconds += cost
      canaries.append(canary)
    }
    try run(canaries, workers: workers)
  }

  private func run(_ canaries: [Canary], workers: Int) throws(LaboratoryError) {
    let results = Mutex<[(Canary, Canary.Song)]>([])
    let sing: @Sendable (Int) -> Void = { [store, workbench] index in
      let song = canaries[index].sing(store: store, trainer: workbench.trainerVersion)
      results.withLock { $0.append((canaries[index], song)) }
    }
    if canaries.count > 1 && workers > 1 {
      DispatchQueue.concurrentPerform(iterations: canaries.count, execute: sing)
    } else {
      canaries.indices.forEach(sing)
    }
    for (canary, song) in results.withLock({ $0 }) {
      let identity = canary.type.identity
      switch song {
      case .same:
        if let program {
          try store.trust(program, trial: identity, instructionSet: workbench.instructionSet)
        }
      case .different(let parameters, let difference):
        throw .changedTrial(
          type: canary.type.typeName, name: identity.trial, parameters: parameters,
          difference: difference)
      case .silent(let reason):
        state.withLock { $0.notes.append("\(identity.trial): not checked; \(reason)") }
      }
      state.withLock { _ = $0.checked.insert(identity.trial) }
    }
  }
}

/// The cheapest stored trials of one type, to be run again.
private struct Canary: Sendable {
  enum Song {
    case same
    case different(parameters: String, difference: String)
    case silent(reason: String)
  }

  let type: AnyTrial
  /// Those that are still of the type's shape, the cheapest first.
  private let birds: [(trial: AnyTrial, stored: StoredRun)]

  init(type: AnyTrial, stored: [StoredRun]) {
    self.type = type
    birds = stored.compactMap { row in
      type.sibling(row.identity.parameters).map { ($0, row) }
    }
  }

  var cost: Double? { birds.first?.stored.seconds }

  func sing(store: RunStore, trainer: Int) -> Song {
    // A bird that needs an outcome which is not stored leaves the song to the next one.
    for (trial, stored) in birds.prefix(3) where stored.seconds <= Trust.longestCanary {
      let host = CanaryHost(trainer: trainer, store: store, folder: .temporary())
      do {
        let outcome = try trial.run(TrialContext(host: host))
        guard outcome != stored.outcome else { return .same }
        return .different(
          parameters: "\(trial.identity.trial) \(stored.identity.parameters)",
          difference: Self.difference(stored: stored.outcome ?? "", now: outcome))
      } catch LaboratoryError.canaryNeedsTraining {
        continue
      } catch {
        return .different(
          parameters: "\(trial.identity.trial) \(stored.identity.parameters)",
          difference: "it fails (\(error))")
      }
    }
    return .silent(reason: "its cheapest stored trials need outcomes that are not stored")
  }

  /// The first field in which two outcomes differ.
  static func difference(stored: String, now: String) -> String {
    guard let old = JSONTree(stored), let new = JSONTree(now) else { return "another outcome" }
    let fields = Dictionary(old.fields.map { ($0.name, $0.value) }) { first, _ in first }
    for (name, value) in new.fields where fields[name] != value {
      guard let was = fields[name] else { return "`\(name)` is new" }
      return "`\(name)` was \(was.prefix(60)) and is \(value.prefix(60))"
    }
    return "a field is gone"
  }
}

/// The context of a canary: it reads the store and trains nothing.
private struct CanaryHost: TrialHost {
  let trainer: Int
  let store: RunStore
  let folder: CheckpointFolder

  func outcome(of trial: AnyTrial) throws -> String {
    guard let outcome = try store.row(for: trial.identity)?.outcome else {
      throw LaboratoryError.canaryNeedsTraining(name: trial.identity.trial)
    }
    return outcome
  }

  func progress(_ fraction: Double) {}
  func count(flops: Double, tokens: Double) {}
  func checkpointFolder() throws -> URL { try folder.make() }
}
