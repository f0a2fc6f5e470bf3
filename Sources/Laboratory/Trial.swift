import Foundation

/// One experiment as a value: its stored properties are all that its outcome may depend on.
///
///     struct Rung: Trial {
///       static let name = "rung", version = 1
///       var width: Int, steps: Int, seed: UInt64
///       struct Outcome: Codable, Sendable { var loss: Double }
///       func run(_ context: TrialContext) throws -> Outcome { ... }
///     }
///
/// Its identity in the store is its name, its version, the trainer's version and its canonical
/// JSON (`CanonicalJSON`). So no property may be a `Set`, or a dictionary whose keys are neither
/// strings nor integers: their JSON changes from process to process. A property named `seed` is
/// listed among the seeds of a chapter's provenance.
public protocol Trial: Codable, Hashable, Sendable {
  /// What the trial measures. Floating-point numbers come back from the store bit for bit.
  associatedtype Outcome: Codable, Sendable

  /// The name of the type in the store, for example `rung`; it belongs to this type alone.
  static var name: String { get }

  /// A number to bump when `run` means something else than before.
  static var version: Int { get }

  /// Runs the trial, single-threaded; a thrown error is stored as the trial's failure.
  func run(_ context: TrialContext) throws -> Outcome

  /// An estimate of the training FLOPs: for plans, the order of work and the time left. 0: unknown.
  var flops: Double { get }

  /// An estimate of the tokens (or examples) trained on. 0: unknown.
  var trainingTokens: Double { get }
}

extension Trial {
  /// Unknown.
  public var flops: Double { 0 }

  /// Unknown.
  public var trainingTokens: Double { 0 }
}

/// What identifies a trial's outcome in the store.
public struct TrialIdentity: Hashable, Sendable, Codable {
  /// `Trial.name`.
  public var trial: String
  /// `Trial.version`.
  public var version: Int
  /// The version of the trainer.
  public var trainer: Int
  /// The trial's canonical JSON.
  public var parameters: String

  /// The identity made of these four parts.
  public init(trial: String, version: Int, trainer: Int, parameters: String) {
    self.trial = trial
    self.version = version
    self.trainer = trainer
    self.parameters = parameters
  }

  /// The identity of `trial` under version `trainer` of the trainer.
  public init<T: Trial>(_ trial: T, trainer: Int) {
    self.init(
      trial: T.name, version: T.version, trainer: trainer,
      parameters: CanonicalJSON.text(of: trial))
  }
}

/// A trial without its type, as queue and store handle it.
struct AnyTrial: Sendable {
  let identity: TrialIdentity
  /// The Swift name of the type, for texts.
  let typeName: String
  let flops: Double
  let tokens: Double
  /// Runs the trial and encodes its outcome.
  let run: @Sendable (TrialContext) throws -> String
  /// Another trial of the same type, from its canonical JSON; nil if the JSON is not of that type.
  let sibling: @Sendable (String) -> AnyTrial?

  init<T: Trial>(_ trial: T, trainer: Int) {
    identity = TrialIdentity(trial, trainer: trainer)
    typeName = String(describing: T.self)
    flops = trial.flops
    tokens = trial.trainingTokens
    run = { context in try CanonicalJSON.encode(trial.run(context)) }
    sibling = { json in
      guard let other = try? CanonicalJSON.decode(T.self, from: json) else { return nil }
      // A stored trial of an older shape may decode, but is then not the same trial.
      guard CanonicalJSON.text(of: other) == json else { return nil }
      return AnyTrial(other, trainer: trainer)
    }
  }
}
