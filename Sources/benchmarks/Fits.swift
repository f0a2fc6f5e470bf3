import ArgumentParser
import Foundation
import Randomness
import RunTables
import ScalingLaws

/// Measures the fits of planted laws: how fast they are, and how often their intervals hold the truth.
struct Fits: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "fit",
    abstract: "Time fits of planted tables, their reading, or check their intervals.",
    discussion: """
      Without options: a table of 240 runs is searched from 4500 starts and resampled 4000 times. \
      --coverage fits planted tables with 1 % scatter and counts how often the 95 % interval of \
      each parameter holds the planted value. --rows writes a table of so many runs, reads it and \
      reports seconds and the process's peak memory. A reading that gives other numbers than were \
      written, or a coverage outside 90 to 98 %, ends the program with status 1.
      """)

  @Flag(help: "Count how often intervals hold the truth.")
  var coverage = false

  @Option(help: "The number of planted tables for --coverage.")
  var tables = 200

  @Option(help: "Bootstrap resamples; 4000 for the timing, 400 for --coverage.")
  var bootstrap: Int?

  @Option(help: "Write and read a table of so many rows.")
  var rows: Int?

  @Option(help: "The seed of the planted scatter.")
  var seed: UInt64 = 1

  func validate() throws {
    guard tables > 0 else {
      throw ValidationError("--tables must be at least 1, not \(tables).")
    }
    if let bootstrap, bootstrap < 20 {
      throw ValidationError("--bootstrap must be at least 20, not \(bootstrap).")
    }
    if let rows, rows < 1 { throw ValidationError("--rows must be at least 1, not \(rows).") }
  }

  func run() throws {
    if let rows { try read(rows) }
    if coverage { try cover() }
    if rows == nil, !coverage { try time() }
  }

  struct Run: Sendable {
    var n: Double
    var d: Double
    var loss: Double
  }

  /// Besiroglu et al. (2024, arXiv 2404.10102).
  static let truth = LossLaw(
    floor: 1.8172, sizeCoefficient: 482.01, alpha: 0.3478, dataCoefficient: 2085.43, beta: 0.3658)

  /// 240 runs at nine budgets from 6e18 to 3e21 FLOPs, sizes within a factor of five of 20 tokens a
  /// parameter, with log-normal scatter of 1 %.
  static func planted(_ stream: RandomStream) -> [Run] {
    var stream = stream
    let budgets = [6e18, 1e19, 3e19, 6e19, 1e20, 3e20, 6e20, 1e21, 3e21]
    return (0..<240).map { _ in
      let compute = budgets[stream.uniform(below: budgets.count)]
      let n = (compute / 120).squareRoot() * exp(3.2 * (stream.uniform() - 0.5))
      let d = compute / (6 * n)
      return Run(n: n, d: d, loss: truth.loss(n: n, d: d) * exp(0.01 * stream.normal()))
    }
  }

  // MARK: Speed

  private func time() throws {
    let runs = Self.planted(RandomStream(seed: seed, "fit"))
    var search = Timing()
    var all = Timing()
    var fit: LossFit?
    let samples = bootstrap ?? 4000
    func fitted(_ uncertainty: Uncertainty?) throws -> LossFit {
      try LossLaw.fit(
        runs, n: \.n, d: \.d, loss: \.loss, starts: .spread(4500), uncertainty: uncertainty,
        method: .narrowing)
    }
    for _ in 0..<3 {
      search.measure { fit = try? fitted(nil) }
      all.measure { _ = try? fitted(.rows(samples: samples)) }
    }
    guard let fit else {
      _ = try fitted(nil)
      return
    }
    try writeLine("240 runs, 4500 starts: \(Self.decimals(search.seconds, 3)) s")
    try writeLine("and \(samples) resamples: \(Self.decimals(all.seconds, 3)) s")
    try writeLine("objective \(fit.search.objective), \(fit.search.agreeing) of 4500 starts agree")
  }

  // MARK: Coverage

  private func cover() throws {
    let root = RandomStream(seed: seed, "coverage")
    let quantities: [(name: String, truth: Double, estimate: (LossFit) -> Estimate)] = [
      ("E", Self.truth.floor, { $0.floor }),
      ("A", Self.truth.sizeCoefficient, { $0.sizeCoefficient }),
      ("alpha", Self.truth.alpha, { $0.alpha }),
      ("B", Self.truth.dataCoefficient, { $0.dataCoefficient }),
      ("beta", Self.truth.beta, { $0.beta }),
      ("a", Self.truth.optimalSizeExponent, { $0.optimalSizeExponent }),
    ]
    var held = [Int](repeating: 0, count: quantities.count)
    var below = held
    for table in 0..<tables {
      let fit = try LossLaw.fit(
        Self.planted(root.split(table)), n: \.n, d: \.d, loss: \.loss,
        uncertainty: Uncertainty(
          unit: .rows, interval: .biasCorrected, samples: bootstrap ?? 400), method: .narrowing)
      for (index, quantity) in quantities.enumerated() {
        let estimate = quantity.estimate(fit)
        if estimate.contains(quantity.truth) { held[index] += 1 }
        if estimate.high < quantity.truth { below[index] += 1 }
      }
    }
    var bad = false
    try writeLine("parameter  held of \(tables)  below  above")
    for (index, quantity) in quantities.enumerated() {
      let share = Double(held[index]) / Double(tables)
      let isGood = share >= 0.9 && share <= 0.98
      if !isGood { bad = true }
      let name = quantity.name.padding(toLength: 9, withPad: " ", startingAt: 0)
      try writeLine(
        "\(name)  \(Self.decimals(100 * share, 1)) %  \(below[index])  "
          + "\(tables - held[index] - below[index])\(isGood ? "" : "  outside 90 to 98 %")")
    }
    if bad { throw ExitCode(1) }
  }

  // MARK: Reading

  private func read(_ rows: Int) throws {
    let path = FileManager.default.temporaryDirectory
      .appendingPathComponent("benchmarks-fit-\(ProcessInfo.processInfo.processIdentifier).csv")
      .path
    defer { try? FileManager.default.removeItem(atPath: path) }
    let sum = try write(rows, to: path)
    let size = (try FileManager.default.attributesOfItem(atPath: path)[.size] as? Int) ?? 0
    let before = Self.peakMemory
    let clock = ContinuousClock()
    let start = clock.now
    let table = try RunTable(path: path)
    let seconds = start.duration(to: clock.now) / .seconds(1)
    let found = table.runs.reduce(0) { $0 + $1.n + $1.d + $1.loss }
    try writeLine(
      "\(table.runs.count) rows, \(size >> 20) MiB: \(Self.decimals(seconds, 3)) s, peak memory "
        + "\(Self.peakMemory >> 10) MiB (\(before >> 10) MiB before)")
    guard table.runs.count == rows, found == sum else {
      try writeLine("the numbers that were read are not those that were written")
      throw ExitCode(1)
    }
  }

  /// Writes planted rows in pieces; the sum of all numbers.
  private func write(_ rows: Int, to path: String) throws -> Double {
    guard FileManager.default.createFile(atPath: path, contents: Data("N,D,loss\n".utf8)),
      let file = FileHandle(forWritingAtPath: path)
    else { throw ValidationError("the temporary file \(path) cannot be written.") }
    defer { try? file.close() }
    try file.seekToEnd()
    var stream = RandomStream(seed: seed, "rows")
    var sum = 0.0
    var piece = ""
    for row in 0..<rows {
      let n = (1e7 * exp(9 * stream.uniform())).rounded()
      let d = (1e9 * exp(9 * stream.uniform())).rounded()
      let loss = Self.truth.loss(n: n, d: d)
      sum = sum + n + d + loss
      piece += "\(n),\(d),\(loss)\n"
      if piece.utf8.count > 1 << 20 || row == rows - 1 {
        try file.write(contentsOf: Data(piece.utf8))
        piece = ""
      }
    }
    return sum
  }

  /// The largest resident memory of this process so far, in KiB; 0 where the system does not tell.
  private static var peakMemory: Int {
    let status = (try? String(contentsOfFile: "/proc/self/status", encoding: .utf8)) ?? ""
    let line = status.split(separator: "\n").first { $0.hasPrefix("VmHWM:") }
    return line.flatMap { Int($0.filter(\.isNumber)) } ?? 0
  }

  private static func decimals(_ value: Double, _ count: Int) -> String {
    String(format: "%.\(count)f", value)
  }
}
