import Foundation
import ScalingLaws
import Weaving

/// What a chapter said so far, and everything that is wrong about it.
///
/// Problems are collected rather than thrown, so that a chapter's author sees all of them at once;
/// `finish` refuses to write a record that has any.
struct Ledger {
  let profile: Profile
  /// The chapter's source, as error texts name it.
  let source: String
  private(set) var claims: [ClaimRecord] = []
  private(set) var values: [ValueRecord] = []
  private(set) var figures: [FigureRecord] = []
  private(set) var tables: [TableRecord] = []
  private(set) var problems: [String] = []
  private var predictions: [String: (value: Double, line: Int, isUsed: Bool)] = [:]

  init(profile: Profile, source: String) {
    self.profile = profile
    self.source = source
  }

  /// The reason of a verdict that smoke runs do not give.
  static let smokeReason = "A smoke run is too small to judge a claim."

  private mutating func problem(_ line: Int, _ text: String) {
    problems.append("\(source):\(line): \(text)")
  }

  private mutating func check(
    _ kind: String, _ name: String, line: Int, earlier: [(name: String, line: Int)],
    hyphens: Bool = false
  ) {
    let letters = CharacterSet(
      charactersIn: "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz")
    let rest = letters.union(CharacterSet(charactersIn: "0123456789" + (hyphens ? "-" : "")))
    let isFit =
      name.unicodeScalars.first.map(letters.contains) == true
      && name.unicodeScalars.allSatisfy(rest.contains)
    if !isFit {
      let allowed = hyphens ? "letters, digits and hyphens" : "letters and digits"
      problem(
        line,
        "the name of a \(kind) must be \(allowed), a letter first; '\(name)' is not. Rename it.")
    }
    if let other = earlier.first(where: { $0.name == name }) {
      problem(
        line,
        "a \(kind) named '\(name)' was made in line \(other.line) already. Rename one of them.")
    }
  }

  // MARK: Claims

  mutating func claim(_ claim: ClaimRecord) {
    check(
      "claim", claim.name, line: claim.line, earlier: claims.map { ($0.name, $0.line) },
      hyphens: true)
    for (part, text) in [
      ("statement", claim.statement), ("source", claim.source), ("rule", claim.rule),
    ] where text.trimmingCharacters(in: .whitespacesAndNewlines).isEmpty {
      problem(claim.line, "claim '\(claim.name)' needs a \(part). Give it one.")
    }
    claims.append(claim)
  }

  mutating func judge(_ name: String, _ verdict: Verdict, because reason: String, line: Int) {
    guard let index = claims.firstIndex(where: { $0.name == name }) else {
      problem(line, "there is no claim '\(name)' to judge. Call `claim` first.")
      return
    }
    if let earlier = claims[index].verdictLine {
      problem(line, "claim '\(name)' was judged in line \(earlier) already. Judge it once.")
      return
    }
    if reason.trimmingCharacters(in: .whitespacesAndNewlines).isEmpty {
      problem(line, "the verdict on '\(name)' needs its ground. Say why in `because:`.")
    }
    claims[index].verdictLine = line
    claims[index].verdict = profile == .smoke ? .notJudged : verdict
    // The ground stays: it shows what would be weighed, and quotes values that nothing else quotes.
    claims[index].reason = profile == .smoke ? "\(Self.smokeReason) It found: \(reason)" : reason
  }

  // MARK: Values

  mutating func predict(_ name: String, _ value: Double, line: Int) {
    if let earlier = predictions[name] {
      problem(line, "'\(name)' was predicted in line \(earlier.line) already. Predict it once.")
    }
    if let value = values.first(where: { $0.name == name }) {
      problem(
        line, "'\(name)' was recorded in line \(value.line), before its prediction. Predict first.")
    }
    predictions[name] = (value, line, false)
  }

  mutating func record(_ value: ValueRecord) {
    var value = value
    check("value", value.name, line: value.line, earlier: values.map { ($0.name, $0.line) })
    if let prediction = predictions[value.name] {
      if value.theory != nil {
        problem(
          value.line,
          "'\(value.name)' has a theory here and a prediction in line \(prediction.line). "
            + "Keep one of them.")
      }
      value.theory = prediction.value
      predictions[value.name]?.isUsed = true
    }
    for (part, number) in [
      ("value", value.value), ("lower bound", value.low), ("upper bound", value.high),
      ("theory", value.theory),
    ] {
      guard let number, !number.isFinite else { continue }
      problem(
        value.line,
        "a recorded number must be finite; the \(part) of '\(value.name)' is \(number). "
          + "Record it only where it exists, or record the word for it.")
    }
    if value.digits < 0 || value.digits > 17 {
      problem(
        value.line,
        "digits of '\(value.name)' must lie in 0...17; found \(value.digits). "
          + "Give the significant digits that the interval supports.")
    }
    values.append(value)
  }

  // MARK: Figures and tables

  mutating func show(_ figure: FigureRecord) {
    check(
      "figure", figure.name, line: figure.line, earlier: figures.map { ($0.name, $0.line) },
      hyphens: true)
    checkCaption("figure", figure.name, figure.caption, line: figure.line)
    if figure.alternativeText.trimmingCharacters(in: .whitespacesAndNewlines).isEmpty {
      problem(
        figure.line,
        "figure '\(figure.name)' needs an alternative text. Say what its data show.")
    }
    figures.append(figure)
  }

  mutating func show(_ table: TableRecord) {
    check(
      "table", table.name, line: table.line, earlier: tables.map { ($0.name, $0.line) },
      hyphens: true)
    checkCaption("table", table.name, table.caption, line: table.line)
    for (index, row) in table.rows.enumerated() where row.count != table.columns.count {
      problem(
        table.line,
        "row \(index + 1) of table '\(table.name)' has \(row.count) cells for "
          + "\(table.columns.count) columns. Give it one cell a column.")
    }
    tables.append(table)
  }

  private mutating func checkCaption(
    _ kind: String, _ name: String, _ caption: String, line: Int
  ) {
    if caption.trimmingCharacters(in: .whitespacesAndNewlines).isEmpty {
      problem(line, "\(kind) '\(name)' needs a caption. Say in it what one sees.")
    }
  }

  // MARK: The end

  /// Everything that is wrong, including what was promised and not done.
  var allProblems: [String] {
    let unjudged = claims.filter { $0.verdictLine == nil }.map {
      "\(source):\($0.line): claim '\($0.name)' was not judged. Call `judge`, "
        + "with .notDecided if the runs cannot tell."
    }
    let unused = predictions.filter { !$0.value.isUsed }.sorted { $0.value.line < $1.value.line }
      .map {
        "\(source):\($0.value.line): '\($0.key)' was predicted and never recorded. Record it."
      }
    return problems + unjudged + unused
  }
}
