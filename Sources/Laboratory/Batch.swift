import Synchronization

/// Trials that wait for `Laboratory.runAll`, and their answers after it.
public final class Batch<T: Trial>: AnyBatch {
  let trials: [AnyTrial]
  private let typed: [T]
  private let filled = Mutex<Runs<T>?>(nil)

  init(_ trials: [T], trainer: Int) {
    typed = trials
    self.trials = trials.map { AnyTrial($0, trainer: trainer) }
  }

  /// The answers; there are none before `runAll`.
  public var runs: Runs<T> {
    guard let runs = filled.withLock({ $0 }) else {
      preconditionFailure("call runAll() before the runs of a batch of '\(T.name)' are read")
    }
    return runs
  }

  /// Whether the answers are there.
  public var isAnswered: Bool { filled.withLock { $0 != nil } }

  func fill(from answers: [TrialIdentity: StoredRun]) throws(LaboratoryError) {
    var runs: [Run<T>] = []
    var failures: [Failure<T>] = []
    for (trial, erased) in zip(typed, trials) {
      guard let row = answers[erased.identity] else {
        preconditionFailure("every trial must be answered; \(erased.identity) is not")
      }
      guard let json = row.outcome else {
        failures.append(Failure(trial: trial, reason: row.reason))
        continue
      }
      do {
        let outcome = try CanonicalJSON.decode(T.Outcome.self, from: json)
        runs.append(Run(trial: trial, outcome: outcome, seconds: row.seconds))
      } catch {
        throw .outcomeDoesNotFit(
          type: erased.typeName, name: T.name, detail: CanonicalJSON.explain(error))
      }
    }
    let answer = Runs(runs: runs, failures: failures)
    filled.withLock { $0 = answer }
  }
}

/// A batch without its type.
protocol AnyBatch: Sendable {
  var trials: [AnyTrial] { get }
  func fill(from answers: [TrialIdentity: StoredRun]) throws(LaboratoryError)
}

/// A trial with its outcome.
public struct Run<T: Trial>: Sendable {
  /// The trial.
  public let trial: T
  /// What it gave.
  public let outcome: T.Outcome
  /// The seconds it took when it was run, on whatever machine that was.
  public let seconds: Double
}

/// A trial that failed, for example because training diverged.
public struct Failure<T: Trial>: Sendable {
  /// The trial.
  public let trial: T
  /// The text of the error that it threw.
  public let reason: String
}

/// The answers to a batch: a collection of the trials that succeeded, in the order asked.
public struct Runs<T: Trial>: RandomAccessCollection, Sendable {
  private let runs: [Run<T>]
  /// The trials that failed, in the order asked.
  public let failures: [Failure<T>]

  init(runs: [Run<T>], failures: [Failure<T>]) {
    self.runs = runs
    self.failures = failures
  }

  /// Zero.
  public var startIndex: Int { 0 }
  /// The number of trials that succeeded.
  public var endIndex: Int { runs.count }
  /// The run at a position.
  public subscript(position: Int) -> Run<T> { runs[position] }

  /// The outcome of one of the trials, nil if it failed or was not asked for.
  public subscript(trial: T) -> T.Outcome? { runs.first { $0.trial == trial }?.outcome }

  /// The outcomes alone.
  public var outcomes: [T.Outcome] { runs.map(\.outcome) }
}

/// Everything that a laboratory was asked for, in numbers.
public struct Summary: Sendable, Equatable {
  /// Trials of one type.
  public struct TrialType: Sendable, Equatable {
    /// `Trial.name`.
    public var name: String
    /// `Trial.version`.
    public var version: Int
    /// How many were asked for.
    public var count: Int
  }

  /// The trainer's version.
  public var trainerVersion: Int
  /// The types in the order in which they were asked for.
  public var types: [TrialType] = []
  /// Name, parameters and reason of each trial that failed.
  public var failures: [String] = []
  /// The values of every parameter named `seed`, sorted.
  public var seeds: [UInt64] = []
  /// FLOPs of training, known or new.
  public var flops = 0.0
  /// Tokens trained on, known or new.
  public var tokens = 0.0
  /// Trials answered from the store.
  public var known = 0
  /// Trials that were run now.
  public var trained = 0
  /// Seconds that all of them took when they were run, on whatever machine that was.
  public var trainingSeconds = 0.0

  init(trainerVersion: Int) { self.trainerVersion = trainerVersion }

  mutating func add(_ identity: TrialIdentity, _ row: StoredRun, trained isNew: Bool) {
    if let index = types.firstIndex(where: { $0.name == identity.trial }) {
      types[index].count += 1
    } else {
      types.append(TrialType(name: identity.trial, version: identity.version, count: 1))
    }
    if row.outcome == nil {
      failures.append("\(identity.trial) \(identity.parameters): \(row.reason)")
    }
    for field in JSONTree(identity.parameters)?.fields ?? []
    where field.name == "seed" || field.name.hasSuffix(".seed") {
      if let seed = UInt64(field.value), !seeds.contains(seed) { seeds.append(seed) }
    }
    seeds.sort()
    flops += row.flops
    tokens += row.tokens
    trainingSeconds += row.seconds
    if isNew { trained += 1 } else { known += 1 }
  }
}
