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

  /// A value as prose would quote it.
  static func text(_ value: ValueRecord) -> String {
    if let text = value.text { return text }
    let format = NumberFormat(digits: value.digits, percent: value.percent, unit: value.unit)
    if let low = value.low, let high = value.high {
      return format.text(value.value, low: low, high: high)
    }
    return format.text(value.value)
  }

  private static func theory(_ value: ValueRecord) -> String {
    guard let theory = value.theory else { return "" }
    let format = NumberFormat(digits: max(3, value.digits), percent: value.percent)
    return "  (theory: \(format.text(theory)))"
  }

  /// Replaces `\(name)` by the value of that name; the weaver checks that there is one.
  private func fill(_ text: String) -> String {
    record.values.reduce(text) { text, value in
      var text = text.replacingOccurrences(of: "\\(\(value.name))", with: Self.text(value))
      for (part, number) in [
        ("low", value.low), ("high", value.high), ("theory", value.theory),
      ] {
        guard let number else { continue }
        let format = NumberFormat(digits: value.digits, percent: value.percent)
        text = text.replacingOccurrences(
          of: "\\(\(value.name).\(part))", with: format.text(number))
      }
      return text
    }
  }
}
