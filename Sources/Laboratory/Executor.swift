import Foundation

/// Who runs the jobs of a queue: the threads of this process, or a cluster.
///
/// An executor takes jobs with `next()` until there are none and hands each answer to `finish`;
/// outcomes pass as text, so that a job may run anywhere. A job that was taken is leased to this
/// process: other builds on the same store leave it alone.
public protocol Executor: Sendable {
  /// Runs the queue to its end; returns when `next` has given nil to everybody.
  func execute(_ queue: JobQueue)
}

/// One trial to run.
public struct Job: Sendable {
  /// Which trial; all that another process needs to run it.
  public let identity: TrialIdentity
  /// The estimated FLOPs, 0 if unknown.
  public let flops: Double
  let perform: @Sendable (_ lending: @escaping Lending) -> JobAnswer

  /// Calls its argument, which may wait for another trial; the core is free meanwhile.
  public typealias Lending = @Sendable (_ wait: () -> Void) -> Void

  /// Runs the trial in this process, on the calling thread.
  public func run(lending: @escaping Lending = { $0() }) -> JobAnswer { perform(lending) }
}

/// How a job ended.
public struct JobAnswer: Sendable {
  /// The outcome as canonical JSON, or the reason of the failure.
  public var result: Result<String, Reason>
  /// Wall-clock seconds.
  public var seconds: Double
  /// What the trial counted, if it did.
  public var counted: (flops: Double, tokens: Double)?

  /// Why a trial failed.
  public struct Reason: Error, Sendable {
    /// The text of its error.
    public var text: String
    /// A reason.
    public init(_ text: String) { self.text = text }
  }

  /// An answer.
  public init(
    result: Result<String, Reason>, seconds: Double,
    counted: (flops: Double, tokens: Double)? = nil
  ) {
    self.result = result
    self.seconds = seconds
    self.counted = counted
  }
}

/// The jobs of a build, the longest first; safe to use from any thread.
public struct JobQueue: Sendable {
  let desk: Desk

  /// The next job, leased to this process; nil when nothing is left to start.
  ///
  /// Waits while the only trials left are run by other builds.
  public func next() -> Job? { desk.next() }

  /// Stores the answer to a job.
  public func finish(_ job: Job, _ answer: JobAnswer) { desk.finish(job.identity, answer) }

  /// Whether a job waits to be started.
  public var hasJobs: Bool { desk.hasPending }

  /// Whether the build was stopped, for example by a full disk; answers are no longer taken.
  public var isStopped: Bool { desk.isStopped }

  /// Returns when every job taken is finished, or the build was stopped.
  public func waitUntilOver() { desk.waitUntilOver() }
}

/// Runs each job on a thread of its own, so many at a time.
///
/// A job that waits for another trial lends its core: another thread starts the next job.
public struct ThreadExecutor: Executor {
  /// Jobs at a time.
  public var workers: Int

  /// An executor that runs so many jobs at a time.
  public init(workers: Int) {
    precondition(workers >= 1, "workers must be at least 1, found \(workers)")
    self.workers = workers
  }

  /// Runs the queue to its end.
  public func execute(_ queue: JobQueue) {
    let crew = Crew(limit: workers, queue: queue)
    for _ in 0..<workers { crew.hire() }
    queue.waitUntilOver()
  }
}

/// The threads of one execution.
private final class Crew: @unchecked Sendable {
  // @unchecked: `active` and `threads` are only touched under `condition`.
  private let condition = NSCondition()
  private let limit: Int
  private let queue: JobQueue
  private var active = 0
  private var threads = 0

  init(limit: Int, queue: JobQueue) {
    self.limit = limit
    self.queue = queue
  }

  func hire() {
    condition.withLock { threads += 1 }
    let thread = Thread { self.work() }
    thread.stackSize = 16 << 20
    thread.name = "trial"
    thread.start()
  }

  private func work() {
    takeCore()
    while let job = queue.next() {
      queue.finish(job, job.run { wait in self.lend(while: wait) })
    }
    giveCore()
    condition.withLock { threads -= 1 }
  }

  private func takeCore() {
    condition.lock()
    while active >= limit { condition.wait() }
    active += 1
    condition.unlock()
  }

  private func giveCore() {
    condition.lock()
    active -= 1
    condition.signal()
    condition.unlock()
  }

  /// At most four threads a core exist, so that a thousand students do not wait for one teacher
  /// with a thousand stacks.
  private func lend(while wait: () -> Void) {
    giveCore()
    let mayHire = condition.withLock { threads < 4 * limit }
    if mayHire, queue.hasJobs { hire() }
    wait()
    takeCore()
  }
}
