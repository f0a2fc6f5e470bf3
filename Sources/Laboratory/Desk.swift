import Foundation

/// Knows of every trial of a build whether it waits, runs or is done, and who waits for whom.
///
/// One desk serves one `runAll`. Trials that running trials ask for are run through it as well, so
/// that each is run once in this process; leases in the store do the same between processes.
final class Desk: @unchecked Sendable {
  // @unchecked: everything mutable is only touched under `condition`.
  private let condition = NSCondition()
  private let store: RunStore
  private let trust: Trust
  private let workbench: Workbench
  private let progress: ProgressDisplay
  private let estimator: Estimator
  private let holder = LeaseHolder.new()

  private let asked: [TrialIdentity: AnyTrial]
  /// The longest first.
  private var pending: [AnyTrial]
  private var elsewhere: [AnyTrial] = []
  private var running: [TrialIdentity: Worker] = [:]
  private var done: [TrialIdentity: StoredRun] = [:]
  private var fault: LaboratoryError?
  private var closed = false

  /// A thread's trials, each asked for by the one before, and what it waits for.
  private final class Worker {
    var stack: [TrialIdentity]
    var waitsFor: TrialIdentity?
    init(_ identity: TrialIdentity) { stack = [identity] }
  }

  init(
    trials: [AnyTrial], estimator: Estimator, store: RunStore, trust: Trust, workbench: Workbench,
    progress: ProgressDisplay
  ) {
    self.store = store
    self.trust = trust
    self.workbench = workbench
    self.progress = progress
    self.estimator = estimator
    asked = Dictionary(uniqueKeysWithValues: trials.map { ($0.identity, $0) })
    let weights = trials.map { estimator.weight(of: $0) }
    pending = trials.indices.sorted {
      weights[$0] == weights[$1] ? $0 < $1 : weights[$0] > weights[$1]
    }.map { trials[$0] }
  }

  // MARK: Jobs

  func next() -> Job? {
    condition.lock()
    defer { condition.unlock() }
    while true {
      if fault != nil || closed { return nil }
      if let job = takeAny() { return job }
      if fault != nil { return nil }
      elsewhere.removeAll { done[$0.identity] != nil || running[$0.identity] != nil }
      if pending.isEmpty && elsewhere.isEmpty { return nil }
      if pending.isEmpty {
        // Another build runs these; look again in a moment.
        _ = condition.wait(until: Date(timeIntervalSinceNow: 0.2))
        pending += elsewhere
        elsewhere = []
      }
    }
  }

  /// Takes the first trial that nobody else runs. Called with the lock held.
  private func takeAny() -> Job? {
    while !pending.isEmpty, fault == nil {
      let trial = pending.removeFirst()
      guard done[trial.identity] == nil, running[trial.identity] == nil else { continue }
      let worker = Worker(trial.identity)
      running[trial.identity] = worker
      condition.unlock()
      let answer = Result { () throws(LaboratoryError) in
        try store.lease(trial.identity, to: holder)
      }
      condition.lock()
      switch answer {
      case .success(.granted):
        return job(for: trial, worker: worker)
      case .success(.known(let row)):
        running[trial.identity] = nil
        done[trial.identity] = row
        progress.skipped(trial)
      case .success(.held):
        running[trial.identity] = nil
        elsewhere.append(trial)
      case .failure(let error):
        running[trial.identity] = nil
        stop(error)
      }
      condition.broadcast()
    }
    return nil
  }

  private func job(for trial: AnyTrial, worker: Worker) -> Job {
    // A worker is used by its own thread, and by others only under the lock.
    nonisolated(unsafe) let worker = worker
    return Job(identity: trial.identity, flops: trial.flops) { [self] lending in
      perform(trial, worker: worker, lending: lending)
    }
  }

  private func perform(
    _ trial: AnyTrial, worker: Worker, lending: @escaping Job.Lending
  ) -> JobAnswer {
    let folder = CheckpointFolder.beside(store: store.path, for: trial.identity)
    let counter = Counter()
    nonisolated(unsafe) let worker = worker
    let host = DeskHost(
      trainer: workbench.trainerVersion, counter: counter, folder: folder,
      report: { [progress] in progress.advanced(trial.identity, fraction: $0) },
      ask: { [self] in try resolve($0, for: worker, lending: lending) })
    progress.started(trial)
    let clock = ContinuousClock()
    let start = clock.now
    let result = Result { try trial.run(TrialContext(host: host)) }
    let seconds = (clock.now - start) / .seconds(1)
    return JobAnswer(
      result: result.mapError { JobAnswer.Reason("\($0)") }, seconds: seconds,
      counted: counter.total)
  }

  func finish(_ identity: TrialIdentity, _ answer: JobAnswer) {
    guard let trial = asked[identity] else {
      preconditionFailure("a job must be finished in the queue that gave it: \(identity)")
    }
    finish(trial, answer)
  }

  private func finish(_ trial: AnyTrial, _ answer: JobAnswer) {
    let identity = trial.identity
    let now = Date().timeIntervalSince1970
    var row = StoredRun(
      identity: identity, seconds: answer.seconds,
      flops: answer.counted?.flops ?? trial.flops,
      tokens: answer.counted?.tokens ?? trial.tokens,
      started: now - answer.seconds, finished: now, instructionSet: workbench.instructionSet)
    switch answer.result {
    case .success(let outcome): row.outcome = outcome
    case .failure(let reason): row.reason = reason.text
    }
    let isStopped = condition.withLock { fault != nil }
    if !isStopped {
      do {
        try store.commit(row)
        CheckpointFolder.beside(store: store.path, for: identity).remove()
      } catch {
        condition.withLock { stop(error) }
      }
    }
    progress.ended(identity, failed: row.outcome == nil)
    condition.withLock {
      if fault == nil { done[identity] = row }
      running[identity] = nil
      condition.broadcast()
    }
  }

  /// Called with the lock held.
  private func stop(_ error: LaboratoryError) {
    if fault == nil { fault = error }
    condition.broadcast()
  }

  // MARK: Trials that trials ask for

  /// The outcome of a trial that the top trial of `worker` asks for.
  private func resolve(
    _ trial: AnyTrial, for worker: Worker, lending: Job.Lending
  ) throws -> String {
    while true {
      switch try settle(trial, for: worker) {
      case .known(let row):
        guard let outcome = row.outcome else {
          throw LaboratoryError.dependencyFailed(
            name: trial.identity.trial, parameters: trial.identity.parameters, reason: row.reason)
        }
        return outcome
      case .mine:
        defer { condition.withLock { _ = worker.stack.popLast() } }
        finish(trial, perform(trial, worker: worker, lending: { $0() }))
      case .wait:
        lending { self.waitFor(trial.identity, worker) }
      }
    }
  }

  private enum Settlement {
    case known(StoredRun)
    /// The calling thread has to run it; it stands on the worker's stack.
    case mine
    case wait
  }

  private func settle(_ trial: AnyTrial, for worker: Worker) throws -> Settlement {
    let identity = trial.identity
    condition.lock()
    if let fault {
      condition.unlock()
      throw fault
    }
    if let row = done[identity] {
      condition.unlock()
      return .known(row)
    }
    if running[identity] != nil {
      defer { condition.unlock() }
      if let names = circle(from: worker, to: identity) {
        stop(.circle(names))
        throw LaboratoryError.circle(names)
      }
      return .wait
    }
    running[identity] = worker
    worker.stack.append(identity)
    condition.unlock()

    func leave(_ row: StoredRun?) {
      condition.withLock {
        _ = worker.stack.popLast()
        running[identity] = nil
        if let row { done[identity] = row }
        condition.broadcast()
      }
    }
    do {
      switch try store.lease(identity, to: holder) {
      case .granted: return .mine
      case .held:
        leave(nil)
        return .wait
      case .known(let row):
        try trust.check(dependency: trial)
        leave(row)
        return .known(row)
      }
    } catch {
      leave(nil)
      condition.withLock { stop(error) }
      throw error
    }
  }

  /// Waits until a trial is done, or nobody in this process runs it; at most a moment if another
  /// process does.
  private func waitFor(_ identity: TrialIdentity, _ worker: Worker) {
    condition.lock()
    worker.waitsFor = identity
    if running[identity] == nil, done[identity] == nil {
      _ = condition.wait(until: Date(timeIntervalSinceNow: 0.2))
    }
    while running[identity] != nil, done[identity] == nil, fault == nil { condition.wait() }
    worker.waitsFor = nil
    condition.unlock()
  }

  /// Follows who waits for whom from `identity`; if that leads back to `worker`, nobody would end.
  private func circle(from worker: Worker, to identity: TrialIdentity) -> [String]? {
    var names = worker.stack.map(\.trial)
    var target = identity
    while let other = running[target] {
      names.append(target.trial)
      if other === worker { return names }
      guard let next = other.waitsFor else { return nil }
      target = next
    }
    return nil
  }

  // MARK: The end

  var hasPending: Bool { condition.withLock { !pending.isEmpty && fault == nil } }
  var isStopped: Bool { condition.withLock { fault != nil || closed } }

  func waitUntilOver() {
    condition.lock()
    while fault == nil, !(pending.isEmpty && elsewhere.isEmpty && running.isEmpty) {
      _ = condition.wait(until: Date(timeIntervalSinceNow: 0.5))
    }
    condition.unlock()
  }

  /// Renews the leases of this build until it is closed.
  func keepLeases() {
    let thread = Thread { [self] in
      condition.lock()
      var last = Date()
      while !closed {
        _ = condition.wait(until: last.addingTimeInterval(RunStore.leaseSeconds / 4))
        guard !closed, Date().timeIntervalSince(last) >= RunStore.leaseSeconds / 4 else { continue }
        last = Date()
        condition.unlock()
        // A renewal that fails costs at most that another build trains the same trial.
        try? store.renewLeases(of: holder)
        condition.lock()
      }
      condition.unlock()
    }
    thread.start()
  }

  func close() {
    condition.withLock {
      closed = true
      condition.broadcast()
    }
    try? store.endLeases(of: holder)
  }

  func answers() throws(LaboratoryError) -> [TrialIdentity: StoredRun] {
    let (fault, done) = condition.withLock { (self.fault, self.done) }
    if let fault { throw fault }
    return done
  }
}

/// The context of a trial that runs at a desk.
private struct DeskHost: TrialHost {
  let trainer: Int
  let counter: Counter
  let folder: CheckpointFolder
  let report: @Sendable (Double) -> Void
  let ask: @Sendable (AnyTrial) throws -> String

  func outcome(of trial: AnyTrial) throws -> String { try ask(trial) }
  func progress(_ fraction: Double) { report(fraction) }
  func count(flops: Double, tokens: Double) { counter.add(flops: flops, tokens: tokens) }
  func checkpointFolder() throws -> URL { try folder.make() }
}
