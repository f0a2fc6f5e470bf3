import Randomness
import Trainer

/// Written problems, grouped by length, and the order in which a run reads them.
///
/// A batch takes its sequences from the groups in turn, so that every length has the same share of
/// the training however few problems it has. Each group is read in a new random order, epoch after
/// epoch. Batch s is the same whoever asks.
struct ProblemStream {
  /// One group: its sequences one after the other.
  struct Group {
    var tokens: [Int32]
    var targets: [Int32]
  }

  private let groups: [Group]
  private let context: Int
  private let stream: RandomStream
  private var orders: [(epoch: Int, order: [Int])]
  private var tokens: [Int32]
  private var targets: [Int32]
  private let sequencesPerBatch: Int

  /// Groups without sequences are left out.
  init(_ groups: [Group], context: Int, sequencesPerBatch: Int, seed: UInt64) {
    self.groups = groups.filter { !$0.tokens.isEmpty }
    self.context = context
    self.sequencesPerBatch = sequencesPerBatch
    stream = RandomStream(seed: seed, "order of problems")
    orders = self.groups.map { _ in (-1, []) }
    tokens = [Int32](repeating: 0, count: sequencesPerBatch * context)
    targets = tokens
  }

  /// Trains on the batches from the run's next step up to, and not including, `step`; returns the
  /// losses of these steps.
  mutating func train(_ run: TrainingRun, until step: Int) throws(TrainingError) -> [Float] {
    var losses: [Float] = []
    while run.completedSteps < step {
      fill(step: run.completedSteps)
      losses.append(try run.step(tokens: tokens, targets: targets))
    }
    return losses
  }

  /// The tokens and targets of batch `step`.
  mutating func batch(step: Int) -> (tokens: [Int32], targets: [Int32]) {
    fill(step: step)
    return (tokens, targets)
  }

  /// Writes batch `step` into the buffers.
  private mutating func fill(step: Int) {
    for row in 0..<sequencesPerBatch {
      let number = step * sequencesPerBatch + row
      let group = number % groups.count
      let count = groups[group].tokens.count / context
      let (epoch, place) = (number / groups.count).quotientAndRemainder(dividingBy: count)
      if orders[group].epoch != epoch {
        var random = stream.split(group).split(epoch)
        orders[group] = (epoch, random.permutation(count))
      }
      let from = orders[group].order[place] * context
      for column in 0..<context {
        tokens[row * context + column] = groups[group].tokens[from + column]
        targets[row * context + column] = groups[group].targets[from + column]
      }
    }
  }
}

/// A constant trunk with cooldown branches, each of them measured: annealed runs of several lengths
/// at little more than the price of the longest.
///
/// Branch i leaves the trunk at `cooldownStart` of its steps and falls linearly to a rate of zero
/// (Hägele et al. 2024, arXiv 2405.18392). Every length is thus trained with a schedule of its own.
struct AnnealedTraining {
  static let cooldownStart = 0.7

  var model: any Model
  var rate: Double
  var warmup: Int
  /// Ascending.
  var steps: [Int]
  var sequencesPerBatch: Int
  var seed: UInt64

  private static func start(of steps: Int) -> Int {
    Schedule.cooldownStart(steps: steps, fraction: cooldownStart)
  }

  /// The steps of the trunk and of all cooldowns.
  static func totalSteps(_ steps: [Int]) -> Int {
    let trunk = steps.map(start).max() ?? 0
    return trunk + steps.reduce(0) { $0 + $1 - start(of: $1) }
  }

  /// Trains trunk and branches; `measure` sees each finished branch.
  ///
  /// - Returns: What was measured, a branch each; and the losses of all steps of the trunk.
  func run<Measurement>(
    _ groups: [ProblemStream.Group], measure: (TrainingRun) throws -> Measurement
  ) throws -> (branches: [Measurement], trunk: [Float]) {
    guard let first = steps.first, first > 0, zip(steps, steps.dropFirst()).allSatisfy(<) else {
      throw TrialInputError(
        field: "steps", found: "\(steps)", requirement: "be positive and ascending",
        advice: "Give the lengths of the runs, for example [150, 300, 600].")
    }
    let optimizer = Optimizer.adamW(rates: .maximalUpdate(baseWidth: 32))
    var problems = ProblemStream(
      groups, context: model.positionsPerSequence, sequencesPerBatch: sequencesPerBatch, seed: seed)
    let trunk = try TrainingRun(
      model: model, optimizer: optimizer, schedule: .constant(rate: rate, warmup: warmup),
      seed: seed, sequencesPerBatch: sequencesPerBatch)
    var losses: [Float] = []
    var measured: [Measurement] = []
    for steps in steps {
      let start = Self.start(of: steps)
      losses += try problems.train(trunk, until: start)
      let branch = try TrainingRun(
        from: trunk.snapshot(), model: model, optimizer: optimizer,
        schedule: .cooldown(rate: rate, warmup: warmup, start: start, end: steps),
        sequencesPerBatch: sequencesPerBatch)
      _ = try problems.train(branch, until: steps)
      measured.append(try measure(branch))
    }
    return (measured, losses)
  }
}
