import Foundation
import Synchronization

/// What a running trial may ask of whoever runs it.
///
/// Nothing here may influence the outcome but other trials' outcomes, which have identities of
/// their own.
public struct TrialContext: Sendable {
  let host: any TrialHost

  init(host: any TrialHost) { self.host = host }

  /// A context outside of any laboratory: what is asked for is run on the spot and not stored.
  ///
  /// For tests of trials, and for running one by hand.
  public init() { host = DirectHost() }

  /// The outcome of another trial, from the store if it is known; a student asks for its teacher.
  ///
  /// It is run at most once, however many trials ask at the same time. Throws if it failed, or if
  /// trials ask for one another in a circle.
  public func outcome<T: Trial>(of trial: T) throws -> T.Outcome {
    let json = try host.outcome(of: AnyTrial(trial, trainer: host.trainer))
    do {
      return try CanonicalJSON.decode(T.Outcome.self, from: json)
    } catch {
      throw LaboratoryError.outcomeDoesNotFit(
        type: String(describing: T.self), name: T.name, detail: CanonicalJSON.explain(error))
    }
  }

  /// Says how much of this trial is done, between 0 and 1, for the time left.
  public func progress(_ fraction: Double) { host.progress(fraction) }

  /// Counts FLOPs and tokens of training; what was counted is stored instead of the estimates.
  public func count(flops: Double, tokens: Double) { host.count(flops: flops, tokens: tokens) }

  /// A folder of this trial's own for checkpoints; it outlives a killed process.
  ///
  /// Made when first asked for, and removed once the trial's outcome is stored. A trial that goes on
  /// from a checkpoint must give the same outcome as one that never stopped.
  public func checkpointFolder() throws -> URL { try host.checkpointFolder() }
}

/// Whoever runs a trial.
protocol TrialHost: Sendable {
  var trainer: Int { get }
  func outcome(of trial: AnyTrial) throws -> String
  func progress(_ fraction: Double)
  func count(flops: Double, tokens: Double)
  func checkpointFolder() throws -> URL
}

/// Adds up what a trial counts.
final class Counter: Sendable {
  private let sums = Mutex<(flops: Double, tokens: Double)?>(nil)

  func add(flops: Double, tokens: Double) {
    sums.withLock { $0 = (($0?.flops ?? 0) + flops, ($0?.tokens ?? 0) + tokens) }
  }

  var total: (flops: Double, tokens: Double)? { sums.withLock { $0 } }
}

/// The context of a trial that runs outside of any laboratory.
private struct DirectHost: TrialHost {
  let trainer = 0
  let folder = CheckpointFolder.temporary()

  func outcome(of trial: AnyTrial) throws -> String { try trial.run(TrialContext()) }
  func progress(_ fraction: Double) {}
  func count(flops: Double, tokens: Double) {}
  func checkpointFolder() throws -> URL { try folder.make() }
}

/// A trial's folder for checkpoints.
final class CheckpointFolder: Sendable {
  private let url: URL
  private let identity: TrialIdentity?
  private let made = Mutex(false)

  private init(url: URL, identity: TrialIdentity?) {
    self.url = url
    self.identity = identity
  }

  /// A folder that is removed with the last use of this object.
  static func temporary() -> CheckpointFolder {
    let name = "checkpoint-\(UUID().uuidString)"
    return CheckpointFolder(
      url: FileManager.default.temporaryDirectory.appendingPathComponent(name), identity: nil)
  }

  /// The folder of a trial, beside the store: `checkpoints/<trial>-<hash of its identity>`.
  static func beside(store path: String, for identity: TrialIdentity) -> CheckpointFolder {
    guard path != ":memory:" else { return temporary() }
    // FNV-1a, 64 bits; `make` notices when two identities share it.
    var hash: UInt64 = 0xcbf2_9ce4_8422_2325
    for byte in "\(identity.version)/\(identity.trainer)/\(identity.parameters)".utf8 {
      hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3
    }
    let name = "\(identity.trial)-\(String(hash, radix: 16))"
    let url = URL(fileURLWithPath: path).deletingLastPathComponent()
      .appendingPathComponent("checkpoints/\(name)")
    return CheckpointFolder(url: url, identity: identity)
  }

  func make() throws -> URL {
    try made.withLock { made in
      defer { made = true }
      guard !made else { return url }
      let manager = FileManager.default
      try manager.createDirectory(at: url, withIntermediateDirectories: true)
      guard let identity else { return url }
      let label = url.appendingPathComponent("trial.json")
      let text = try CanonicalJSON.encode(identity)
      if let found = try? String(contentsOf: label, encoding: .utf8), found != text {
        try manager.removeItem(at: url)
        try manager.createDirectory(at: url, withIntermediateDirectories: true)
      }
      try text.write(to: label, atomically: true, encoding: .utf8)
      return url
    }
  }

  /// Removes the folder, also one that an earlier process made.
  func remove() { try? FileManager.default.removeItem(at: url) }

  deinit {
    if identity == nil, made.withLock({ $0 }) { remove() }
  }
}
