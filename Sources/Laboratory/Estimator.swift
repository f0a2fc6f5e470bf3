import Foundation

/// Guesses how long trials take, from what the store knows about this machine.
struct Estimator: Sendable {
  private struct Timing: Sendable {
    var flops: Double
    var seconds: Double
  }

  private let timings: [String: [Timing]]

  /// FLOP/s that are assumed where nothing was stored and nothing measured.
  static let assumedRate = 4e9

  init(
    store: RunStore, types: Set<String>, workbench: Workbench
  ) throws(LaboratoryError) {
    var timings: [String: [Timing]] = [:]
    for type in types {
      timings[type] = try store.timings(
        trial: type, machine: Machine.description, instructionSet: workbench.instructionSet
      ).map { Timing(flops: $0.flops, seconds: $0.seconds) }
    }
    self.timings = timings
  }

  /// The stored outcomes of a type on this machine.
  func count(of type: String) -> Int { timings[type]?.count ?? 0 }

  /// Seconds by the stored trials of the same type that are nearest in FLOPs; nil if there are none.
  ///
  /// Seconds per FLOP depend on the size of a model, so near ones are asked: the median of five.
  func storedSeconds(for trial: AnyTrial) -> Double? {
    guard let timings = timings[trial.identity.trial], !timings.isEmpty else { return nil }
    guard trial.flops > 0 else { return median(timings.map(\.seconds)) }
    let near = timings.filter { $0.flops > 0 }
      .sorted { abs(log($0.flops / trial.flops)) < abs(log($1.flops / trial.flops)) }
      .prefix(5)
    guard !near.isEmpty else { return median(timings.map(\.seconds)) }
    return trial.flops * median(near.map { $0.seconds / $0.flops })
  }

  /// Seconds, by the store or else by `rate` in FLOP/s; nil if nothing is known.
  func seconds(for trial: AnyTrial, rate: Double) -> Double? {
    if let seconds = storedSeconds(for: trial) { return seconds }
    return trial.flops > 0 ? trial.flops / rate : nil
  }

  /// Seconds, or a second where nothing is known: for the order of work and the progress bar.
  func weight(of trial: AnyTrial) -> Double {
    max(1e-4, seconds(for: trial, rate: Self.assumedRate) ?? 1)
  }

  private func median(_ values: [Double]) -> Double {
    let sorted = values.sorted()
    let middle = sorted.count / 2
    return sorted.count % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
  }
}
