import Laboratory

/// A `LanguageRun` that was forecast: the same training under a name of its own in the run store.
///
/// A forecast must be written before its runs, and can be written anew only when they are forgotten.
/// The name of their own lets a reader forget these few runs without the grids of other chapters.
public struct DearRun: Trial {
  /// The name in the run store.
  public static let name = "dear-run"
  /// Bumped when `run` means something else.
  public static let version = 1

  /// What is trained.
  public var run: LanguageRun

  /// A run to be forecast.
  public init(_ run: LanguageRun) { self.run = run }

  /// The counted FLOPs of training and of measuring.
  public var flops: Double { run.flops }
  /// The tokens of the trunk and of all cooldowns.
  public var trainingTokens: Double { run.trainingTokens }

  /// Trains it.
  public func run(_ context: TrialContext) throws -> LanguageRun.Outcome { try run.run(context) }
}
