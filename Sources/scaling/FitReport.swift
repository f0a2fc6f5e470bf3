import Foundation
import ScalingLaws

/// A fit as it is printed: a table for people, JSON for programs.
struct FitReport {
  var fit: LossFit
  var objective: FitObjective
  var table: String
  var group: String?
  var skipped: [DataError]
  var seconds: Double

  /// The parameters in the order of the formula.
  private var parameters: [(name: String, estimate: Estimate)] {
    [
      ("E", fit.floor), ("A", fit.sizeCoefficient), ("alpha", fit.alpha),
      ("B", fit.dataCoefficient), ("beta", fit.beta),
    ] + (fit.sharpness.map { [("q", $0)] } ?? [])
  }

  private var formula: String {
    switch fit.law.form {
    case .additive: "L = E + A N^-alpha + B D^-beta"
    case .powerMean: "L = E + ((A N^-alpha)^q + (B D^-beta)^q)^(1/q)"
    case .maximum: "L = E + max(A N^-alpha, B D^-beta)"
    }
  }

  /// What the intervals are over.
  private var interval: String? {
    guard let ensemble = fit.ensemble, ensemble.level > 0 else { return nil }
    let unit = group.map { "groups of '\($0)'" } ?? "rows"
    let count = ensemble.replicates.count + ensemble.failed
    return ensemble.interval == .jackknife
      ? "jackknife over \(ensemble.units) \(unit), Student's t"
      : "bootstrap over \(ensemble.units) \(unit), \(count) resamples"
  }

  private var objectiveName: String {
    switch objective {
    case .huber(let delta): "huber, delta \(delta)"
    case .squared: "squared"
    case .absolute: "absolute"
    }
  }

  // MARK: Text

  func text() -> String {
    var rows = [["", "value", fit.ensemble == nil ? "" : "95 % interval"]]
    let all =
      parameters + [
        ("a, N_opt ~ C^a", fit.optimalSizeExponent), ("b, D_opt ~ C^b", fit.optimalDataExponent),
      ]
    for (name, estimate) in all {
      let value = Estimate(estimate.value).formatted(digits: 4)
      let printed = estimate.formatted(digits: 4)
      let bounds =
        estimate.hasInterval
        ? String(printed.dropFirst(value.count + 2).dropLast()) : (name == "E" ? known : "")
      rows.append([name, value, bounds])
    }
    let widths = (0..<2).map { column in rows.map { $0[column].count }.max()! }
    var lines = ["\(formula), \(fit.rows) runs of \(table)", ""]
    for row in rows {
      let cells = (0..<2).map {
        row[$0].padding(toLength: widths[$0], withPad: " ", startingAt: 0)
      }
      let line = (cells + [row[2]]).joined(separator: "   ")
      lines.append(String(line.reversed().drop { $0 == " " }.reversed()))
    }
    lines.append("")
    if let interval { lines.append("intervals: \(interval)") }
    let search = fit.search
    lines.append(
      "objective: \(Estimate(search.objective).formatted(digits: 6)) (\(objectiveName)); "
        + "\(search.agreeing) of \(search.starts) starts agree"
        + (search.nextBest.map {
          "; the next minimum has \(Estimate($0).formatted(digits: 6))"
        } ?? ""))
    lines += fit.warnings.map { "warning: \($0)" }
    return lines.joined(separator: "\n")
  }

  private var known: String { fit.ensemble == nil ? "" : "known" }

  // MARK: JSON

  private struct Number: Encodable {
    var value: Double
    /// Null where the interval has no end on that side; both absent where there is no interval.
    var low: Double??
    var high: Double??

    init(_ estimate: Estimate) {
      value = estimate.value
      if estimate.hasInterval {
        low = .some(estimate.low.isFinite ? estimate.low : nil)
        high = .some(estimate.high.isFinite ? estimate.high : nil)
      }
    }

    private enum Keys: CodingKey { case value, low, high }

    func encode(to encoder: any Encoder) throws {
      var container = encoder.container(keyedBy: Keys.self)
      try container.encode(value, forKey: .value)
      if let low { try container.encode(low, forKey: .low) }
      if let high { try container.encode(high, forKey: .high) }
    }
  }

  private struct Document: Encodable {
    var form: String
    var parameters: [String: Number]
    var optimal: [String: Number]
    var objective: Double
    var starts: Int
    var agreeing: Int
    var nextBest: Double?
    var converged: Bool
    var interval: String?
    var rows: Int
    var skipped: Int
    var warnings: [String]
    var seconds: Double
  }

  func json() throws -> String {
    let document = Document(
      form: fit.law.form.rawValue,
      parameters: Dictionary(
        uniqueKeysWithValues: parameters.map { ($0.name, Number($0.estimate)) }),
      optimal: ["a": Number(fit.optimalSizeExponent), "b": Number(fit.optimalDataExponent)],
      objective: fit.search.objective, starts: fit.search.starts, agreeing: fit.search.agreeing,
      nextBest: fit.search.nextBest, converged: fit.search.converged, interval: interval,
      rows: fit.rows, skipped: skipped.count, warnings: fit.warnings.map(\.description),
      seconds: (seconds * 1000).rounded() / 1000)
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    return String(decoding: try encoder.encode(document), as: UTF8.self)
  }
}
