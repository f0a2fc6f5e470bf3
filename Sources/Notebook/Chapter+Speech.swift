import ScalingLaws
import Weaving

/// A claim that a chapter made and has to judge.
public struct Claim: Sendable, Hashable {
  /// Its name, unique in the chapter.
  public let name: String
}

extension Chapter {
  // MARK: Claims

  /// States a claim, with the rule that will decide it; call it before the runs.
  ///
  /// Texts are CommonMark with math and may quote recorded values as `\(name)`; `quotation` and
  /// `source` are plain. The statement is printed at once, unless it quotes what is yet to be
  /// measured.
  ///
  /// - Parameters:
  ///   - name: A short name, unique in the chapter.
  ///   - statement: The claim in our words, so that it can fail.
  ///   - quotation: The sentence that makes the claim.
  ///   - source: Where it was said.
  ///   - theory: What theory predicts, with its citation.
  ///   - rule: The decision rule.
  public func claim(
    _ name: String, statement: String, quotation: String, source: String, theory: String = "",
    rule: String, line: Int = #line
  ) -> Claim {
    ledger.claim(
      ClaimRecord(
        name: name, statement: statement, quotation: quotation, source: source, theory: theory,
        rule: rule, line: line))
    announce(name, statement)
    return Claim(name: name)
  }

  /// Says how a claim fared under its rule, and on what ground.
  ///
  /// In the smoke profile every verdict becomes `notJudged`.
  public func judge(
    _ claim: Claim, _ verdict: Verdict, because reason: String, line: Int = #line
  ) {
    ledger.judge(claim.name, verdict, because: reason, line: line)
  }

  // MARK: Values

  /// Fixes what theory predicts for a value before it is measured; `record` then shows both.
  public func predict(_ name: String, _ value: Double, line: Int = #line) {
    ledger.predict(name, value, line: line)
  }

  /// Records a measured number; prose quotes it as `\(name)`.
  ///
  /// - Parameters:
  ///   - theory: What theory predicts, for `\(name.theory)`.
  ///   - unit: Printed behind the number.
  ///   - digits: Significant digits in print.
  ///   - percent: Whether it is printed as a percentage.
  ///   - quiet: Whether no prose need quote it.
  public func record(
    _ name: String, _ value: Double, theory: Double? = nil, unit: String = "", digits: Int = 3,
    percent: Bool = false, quiet: Bool = false, line: Int = #line
  ) {
    ledger.record(
      ValueRecord(
        name: name, value: value, theory: theory, unit: unit, digits: digits, percent: percent,
        quiet: quiet, line: line))
  }

  /// Records a measured number with its interval: `\(name)`, `\(name.low)`, `\(name.high)`.
  public func record(
    _ name: String, _ estimate: Estimate, theory: Double? = nil, unit: String = "",
    digits: Int = 3, percent: Bool = false, quiet: Bool = false, line: Int = #line
  ) {
    let bounds = estimate.hasInterval
    ledger.record(
      ValueRecord(
        name: name, value: estimate.value, low: bounds ? estimate.low : nil,
        high: bounds ? estimate.high : nil, level: bounds ? estimate.level : nil, theory: theory,
        unit: unit, digits: digits, percent: percent, quiet: quiet, line: line))
  }

  /// Records a count, printed in full.
  public func record(
    _ name: String, _ count: Int, theory: Double? = nil, unit: String = "", quiet: Bool = false,
    line: Int = #line
  ) {
    ledger.record(
      ValueRecord(
        name: name, value: Double(count), theory: theory, unit: unit, digits: 0, quiet: quiet,
        line: line))
  }

  /// Records a word or a sentence that the measurement chose.
  public func record(_ name: String, _ text: String, quiet: Bool = false, line: Int = #line) {
    ledger.record(
      ValueRecord(name: name, value: 0, digits: 0, text: text, quiet: quiet, line: line))
  }
}
