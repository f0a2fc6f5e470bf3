import Foundation
import Laboratory
import Weaving

/// What a chapter prints when it is done: its claims with their verdicts, its values, its page.
struct ClosingSummary {
  var record: ChapterRecord
  var summary: Summary
  var console: Console

  func text(page: String) -> String {
    var lines = [
      console.paint("\(record.number). \(record.title)", .bold) + " (\(record.profile))", "",
    ]
    for claim in record.claims {
      lines.append("Claim \(claim.name): \(fill(claim.statement))")
      let verdict = console.paint(claim.verdict ?? .notJudged)
      lines.append("  \(verdict): \(fill(claim.reason))")
      lines.append("")
    }
    let values = record.values.filter { !$0.quiet }
    if !values.isEmpty {
      let width = values.map(\.name.count).max() ?? 0
      for value in values {
        let name = value.name.padding(toLength: width, withPad: " ", startingAt: 0)
        lines.append("  \(name)  \(Self.text(value))\(Self.theory(value))")
      }
      lines.append("")
    }
    for failure in record.provenance.failures.prefix(5) {
      lines.append("\(console.paint("failed:", .yellow)) \(failure)")
    }
    if record.provenance.failures.count > 5 {
      lines.append("and \(record.provenance.failures.count - 5) more failures, see record.json")
    }
    let total = summary.known + summary.trained
    if total > 0 {
      lines.append(
        console.paint(
          "\(total) trials: \(summary.known) known, \(summary.trained) trained.", .faint))
    }
    lines.append(page)
    return lines.joined(separator: "\n") + "\n"
  }

  /// A value with its interval.
  private static func text(_ value: ValueRecord) -> String {
    if let text = value.text { return text }
    guard let low = value.low, let high = value.high else { return number(value.value, of: value) }
    return BookNumber.text(
      value.value, low: low, high: high, digits: value.digits, percent: value.percent,
      unit: value.unit)
  }

  /// A value, a bound of it or its theory, as prose would quote it.
  private static func number(_ number: Double, of value: ValueRecord) -> String {
    BookNumber.text(number, digits: value.digits, percent: value.percent, unit: value.unit)
  }

  private static func theory(_ value: ValueRecord) -> String {
    value.theory.map { "  (theory: \(number($0, of: value)))" } ?? ""
  }

  /// Replaces `\(name)` and its parts by the value of that name; the weaver checks that there is one.
  private func fill(_ text: String) -> String {
    record.values.reduce(text) { text, value in
      let parts: [(String, String?)] = [
        ("", value.text ?? Self.number(value.value, of: value)),
        (".low", value.low.map { Self.number($0, of: value) }),
        (".high", value.high.map { Self.number($0, of: value) }),
        (".theory", value.theory.map { Self.number($0, of: value) }),
        (".interval", Self.text(value)),
      ]
      return parts.reduce(text) { text, part in
        guard let number = part.1 else { return text }
        return text.replacingOccurrences(of: "\\(\(value.name)\(part.0))", with: number)
      }
    }
  }
}
