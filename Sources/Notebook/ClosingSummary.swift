import Foundation
import Laboratory
import Plotting
import Weaving

/// What a chapter prints when it is done: its values, its claims with their verdicts, its page.
struct ClosingSummary {
  var record: ChapterRecord
  var summary: Summary
  var console: Console
  /// The claims whose statements were printed before the runs.
  var announced: Set<String> = []

  /// "1. Error as a power law (course)".
  static func heading(
    _ number: Int, _ title: String, _ profile: String, console: Console
  ) -> String {
    console.paint("\(number). \(title)", .bold) + " (\(profile))"
  }

  /// A claim as it is stated.
  static func claim(_ name: String, _ statement: String) -> String {
    "Claim \(name): \(plain(statement))"
  }

  func text(page: String) -> String {
    var lines: [String] = [""]
    if announced.isEmpty {
      lines = [Self.heading(record.number, record.title, record.profile, console: console), ""]
    }
    let values = table
    if !values.isEmpty { lines += values + [""] }
    for claim in record.claims {
      if !announced.contains(claim.name) {
        lines.append(Self.claim(claim.name, fill(claim.statement)))
      }
      let verdict = console.paint(claim.verdict ?? .notJudged)
      lines.append("Claim \(claim.name) \(verdict): \(Self.plain(fill(claim.reason)))")
    }
    if !record.claims.isEmpty { lines.append("") }
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

  /// The values that prose quotes, in columns; theory has one if any value has a theory.
  private var table: [String] {
    let values = record.values.filter { !$0.quiet }
    if values.isEmpty { return [] }
    let hasTheory = values.contains { $0.theory != nil }
    let head = ["value", "measured"] + (hasTheory ? ["theory"] : [])
    let rows = values.map { value in
      [value.name, Self.text(value)]
        + (hasTheory ? [value.theory.map { Self.number($0, of: value) } ?? ""] : [])
    }
    // A sentence among the values must not push the theories out of sight.
    let widths = head.indices.map { column in
      ([head] + rows).map { min(40, $0[column].count) }.max() ?? 0
    }
    func line(_ cells: [String]) -> String {
      var line = "  "
      for (cell, width) in zip(cells, widths) {
        line += cell + String(repeating: " ", count: max(0, width - cell.count) + 2)
      }
      while line.last == " " { line.removeLast() }
      return line
    }
    return [console.paint(line(head), .faint)] + rows.map(line)
  }

  /// CommonMark with math as a terminal shows it: signs for the names of formulas, no marks.
  static func plain(_ text: String) -> String {
    // What cannot be read is told by the weaver, with its line.
    let formulas = (try? RichText(text))?.plain ?? text
    return formulas.replacing(#/(\*\*?|`)(\S(?:.*?\S)?)\1/#) { String($0.2) }
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
