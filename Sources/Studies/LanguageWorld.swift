import Randomness
import Synchronization
import Tasks
import Trainer

/// A language with what all its runs share: the truth in the trainer's form, and held-out windows.
final class LanguageWorld: Sendable {
  let language: MarkovLanguage
  private let distributions: DistributionTable
  private let heldOut: MarkovLanguage.Windows

  init(_ definition: MarkovLanguage.Definition) throws(TrainingError) {
    language = MarkovLanguage(definition)
    distributions = try DistributionTable(
      columns: language.vocabulary, probabilities: language.probabilities.map(Float.init))
    var random = RandomStream(seed: definition.seed, "held-out windows")
    heldOut = language.windows(
      LanguageRun.heldOutWindows, length: LanguageRun.context, using: &random)
  }

  /// The exact excess loss of a run's current model on the held-out windows, in nats per token.
  func excess(of run: TrainingRun) throws(TrainingError) -> Double {
    let crossEntropy = try run.evaluateSoft(
      tokens: heldOut.tokens, distributions: distributions, rows: heldOut.contexts)
    return crossEntropy - heldOut.meanEntropy
  }

  private static let worlds = Mutex<[MarkovLanguage.Definition: LanguageWorld]>([:])

  /// The world of a language, made at the first call and kept.
  static func shared(
    _ definition: MarkovLanguage.Definition
  ) throws(TrainingError) -> LanguageWorld {
    // Made under the lock: other threads that want the same language wait instead of repeating it.
    try worlds.withLock { (worlds) throws(TrainingError) in
      if let world = worlds[definition] { return world }
      let world = try LanguageWorld(definition)
      worlds[definition] = world
      return world
    }
  }
}

/// The training text of a seed: batch s is the same whoever asks, and no batch comes twice.
struct BatchStream {
  private let language: MarkovLanguage
  private let stream: RandomStream
  private var tokens: [Int32]
  private var targets: [Int32]

  init(language: MarkovLanguage, seed: UInt64) {
    self.language = language
    stream = RandomStream(seed: seed, "training text")
    tokens = [Int32](repeating: 0, count: LanguageRun.tokensPerStep)
    targets = tokens
  }

  /// Trains on the batches from the run's next step up to, and not including, `step`.
  mutating func train(_ run: TrainingRun, until step: Int) throws {
    while run.completedSteps < step {
      var random = stream.split(run.completedSteps)
      try tokens.withUnsafeMutableBufferPointer { tokens in
        try targets.withUnsafeMutableBufferPointer { targets in
          language.sample(
            sequences: LanguageRun.sequencesPerBatch, length: LanguageRun.context, using: &random,
            tokens: tokens.baseAddress!, targets: targets.baseAddress!)
          _ = try run.step(
            tokens: UnsafeBufferPointer(tokens), targets: UnsafeBufferPointer(targets))
        }
      }
    }
  }
}
