// Laboratory: trials as values, and the store that remembers what they gave.
//
// For: running many independent trials on all cores of a machine, once each. A `Trial` is a small
// Codable value with a `run`; a `Laboratory` answers from the run store (`RunStore`, one SQLite
// file) what is known, trains the rest, and commits each outcome as it ends.
//
// The ways through this folder:
//   Trial, TrialContext   what is run, and what it may ask for while it runs
//   Laboratory, Batch     asking for outcomes; `Runs` are the answers
//   RunStore              the file: schema, leases between builds, errors that name the file
//   Desk, Executor        who trains what: one queue over all types, the longest first
//   Canary, Why, Plan     trust in the store, its reasons, and what a build would cost
//   Workbench             what the caller knows about its trainer and its machine
//
// Depends on GRDB alone. It knows no science: neither models nor losses nor figures.
//
// Rejected: hashes as identities (canonical JSON can be read and compared field by field); one file
// an outcome (thousands of files, no queries); Swift's concurrency pool for trials (a trial holds a
// core for minutes; the pool is for tasks that suspend); a lock file for the whole store (a second
// build would wait for the first, while single trials can be divided between them); distrusting
// the store for every source edit (a build would never be incremental).

import Foundation
import Synchronization

/// Runs trials once each, and answers from the run store what is known.
///
/// Ask for everything at once where you can: batches share one queue, so that the cores stay busy
/// across trial types.
///
///     let wide = lab.batch(wideTrials), deep = lab.batch(deepTrials)
///     try lab.runAll()
///     for run in wide.runs { print(run.trial.width, run.outcome.loss) }
public final class Laboratory: Sendable {
  /// How a laboratory runs.
  public struct Options: Sendable {
    /// Trials at a time; one single-threaded trial a core.
    public var workers = Machine.cores
    /// Names of trial types whose stored outcomes are forgotten before they are asked for;
    /// `failed` stands for the failures of every type.
    public var rerun: [String] = []
    /// The program that asks, as the store remembers it once its canaries sang; nil checks always.
    public var program: ProgramStamp? = .current
    /// Whether Ctrl-C ends the process with a message and exit code 130 while trials run.
    public var handlesInterrupt = false
    /// Who runs the trials; nil means the threads of this process.
    public var executor: (any Executor)?
    /// Where progress and messages go.
    public var console = Console.standardError

    /// The defaults: all cores, nothing rerun.
    public init() {}
  }

  /// The store that answers.
  public let store: RunStore
  /// The trainer and the machine, as the caller described them.
  public let workbench: Workbench
  /// How this laboratory runs.
  public let options: Options

  let trust: Trust
  private let state = Mutex(State())

  private struct State {
    var batches: [any AnyBatch] = []
    var requested: [TrialIdentity: Requested] = [:]
    var order: [TrialIdentity] = []
    var types: [String: ObjectIdentifier] = [:]
    var rerun: Set<String>?
    var report = WhyReport()
  }

  private struct Requested {
    var trained: Bool
    var stored: StoredRun
  }

  /// A laboratory over `store`.
  public init(store: RunStore, workbench: Workbench, options: Options = Options()) {
    precondition(options.workers >= 1, "workers must be at least 1, found \(options.workers)")
    self.store = store
    self.workbench = workbench
    self.options = options
    trust = Trust(store: store, workbench: workbench, program: options.program)
  }

  // MARK: Asking

  /// The outcomes of `trials`, from the store or by training, in the order asked.
  public func run<T: Trial>(_ trials: [T]) throws(LaboratoryError) -> Runs<T> {
    let batch = batch(trials)
    try runAll()
    return batch.runs
  }

  /// Adds trials to what the next `runAll` will run, together with all other batches.
  public func batch<T: Trial>(_ trials: [T]) -> Batch<T> {
    let batch = Batch(trials, trainer: workbench.trainerVersion)
    state.withLock { state in
      let known = state.types.updateValue(ObjectIdentifier(T.self), forKey: T.name)
      precondition(
        known == nil || known == ObjectIdentifier(T.self),
        "two trial types are named '\(T.name)'; a name belongs to one type")
      state.batches.append(batch)
    }
    return batch
  }

  /// Answers every batch that waits: what is known from the store, the rest by training.
  ///
  /// A trial that throws is stored as failed with its reason and the others go on.
  public func runAll() throws(LaboratoryError) {
    let batches = state.withLock { state in
      defer { state.batches = [] }
      return state.batches
    }
    let trials = unique(batches.flatMap(\.trials))
    let whyBefore = try store.census(of: Set(trials.map(\.identity.trial)))
    let rerun = try forgetForRerun(trials)
    var answers = try store.rows(for: trials.map(\.identity))
    try trust.check(
      types: firstOfEachType(trials.filter { answers[$0.identity] != nil }),
      workers: options.workers)

    let missing = trials.filter { answers[$0.identity] == nil }
    if !missing.isEmpty {
      if let reason = store.readOnlyReason {
        throw .readOnlyStore(
          path: store.path, reason: reason, missing: missing.count, asked: trials.count)
      }
      let trained = try train(missing)
      answers.merge(trained) { $1 }
    }
    let missingIdentities = Set(missing.map(\.identity))
    state.withLock { state in
      for trial in trials {
        guard let row = answers[trial.identity] else { continue }
        let trained = missingIdentities.contains(trial.identity)
        state.report.add(
          trial, trained: trained, stored: row, rerun: rerun.contains(trial.identity.trial),
          before: whyBefore)
        guard state.requested[trial.identity] == nil else { continue }
        state.order.append(trial.identity)
        state.requested[trial.identity] = Requested(trained: trained, stored: row)
      }
    }
    for batch in batches { try batch.fill(from: answers) }
  }

  private func unique(_ trials: [AnyTrial]) -> [AnyTrial] {
    var seen: Set<TrialIdentity> = []
    return trials.filter { seen.insert($0.identity).inserted }
  }

  private func firstOfEachType(_ trials: [AnyTrial]) -> [AnyTrial] {
    var seen: Set<String> = []
    return trials.filter { seen.insert($0.identity.trial).inserted }
  }

  private func train(
    _ missing: [AnyTrial]
  ) throws(LaboratoryError) -> [TrialIdentity: StoredRun] {
    let estimator = try Estimator(
      store: store, types: Set(missing.map(\.identity.trial)), workbench: workbench)
    let progress = ProgressDisplay(
      console: options.console, workers: options.workers, trials: missing, estimator: estimator)
    let desk = Desk(
      trials: missing, estimator: estimator, store: store, trust: trust, workbench: workbench,
      progress: progress)
    let executor = options.executor ?? ThreadExecutor(workers: options.workers)
    let interrupt = options.handlesInterrupt ? InterruptWatch(progress: progress) : nil
    defer { interrupt?.end() }
    progress.begin()
    desk.keepLeases()
    executor.execute(JobQueue(desk: desk))
    desk.close()
    progress.end()
    return try desk.answers()
  }

  // MARK: Rerunning

  /// Checks that `rerun` names trial types; returns their names.
  private func rerunTypes(among trials: [AnyTrial]) throws(LaboratoryError) -> Set<String> {
    guard !options.rerun.isEmpty else { return [] }
    let known = Set(try store.typeNames()).union(trials.map(\.identity.trial))
    var names: Set<String> = []
    for word in options.rerun where word != Self.failedWord {
      guard let name = known.first(where: { $0.lowercased() == word.lowercased() }) else {
        throw .unknownRerun(word: word, known: known.sorted())
      }
      names.insert(name)
    }
    return names
  }

  /// Forgets what `rerun` names, before the first trial is asked for; returns the types.
  ///
  /// Every version is forgotten, as a type that only other trials ask for does not tell its own.
  private func forgetForRerun(_ trials: [AnyTrial]) throws(LaboratoryError) -> Set<String> {
    guard !options.rerun.isEmpty else { return [] }
    let earlier = state.withLock { $0.rerun }
    if let earlier { return earlier }
    let names = try rerunTypes(among: trials)
    if let reason = store.readOnlyReason {
      throw .readOnlyStore(path: store.path, reason: reason, missing: 0, asked: trials.count)
    }
    let trainer = workbench.trainerVersion
    for name in names.sorted() {
      tell(name, try store.forget(trial: name, trainer: trainer))
    }
    if options.rerun.contains(Self.failedWord) {
      tell("failures", try store.forgetFailures(trainer: trainer))
    }
    state.withLock { $0.rerun = names }
    return names
  }

  private func tell(_ name: String, _ count: Int) {
    guard count > 0 else { return }
    options.console.write("\(name): forgot \(Text.count(count, "stored run")).\n")
  }

  /// In `rerun`: the failures of every type.
  static let failedWord = "failed"

  // MARK: Telling

  /// What the batches that wait would cost; nothing is started.
  ///
  /// The batches keep waiting. Those whose every trial is known are answered, so that a caller may
  /// go on to the batches that depend on them.
  public func plan() throws(LaboratoryError) -> Plan {
    let batches = state.withLock { $0.batches }
    let trials = unique(batches.flatMap(\.trials))
    let rerun = try rerunTypes(among: trials)
    let retrying = options.rerun.contains(Self.failedWord)
    let rows = try store.rows(for: trials.map(\.identity)).filter { identity, row in
      !rerun.contains(identity.trial) && !(retrying && row.outcome == nil)
    }
    let estimator = try Estimator(
      store: store, types: Set(trials.map(\.identity.trial)), workbench: workbench)
    let plan = Plan(
      trials: trials, known: rows, estimator: estimator, workbench: workbench,
      workers: options.workers)
    if plan.isEmpty {
      for batch in batches { try batch.fill(from: rows) }
      state.withLock { $0.batches = [] }
    }
    return plan
  }

  /// Everything that was asked for so far, in numbers.
  public var summary: Summary {
    state.withLock { state in
      var summary = Summary(trainerVersion: workbench.trainerVersion)
      for identity in state.order {
        guard let requested = state.requested[identity] else { continue }
        summary.add(identity, requested.stored, trained: requested.trained)
      }
      return summary
    }
  }

  /// For each trial asked for, whether it was known or trained, and what was new; one line each.
  public var why: [String] { state.withLock { $0.report.lines } + trust.notes }
}
