import Testing
import Weaving

@testable import Notebook

struct LedgerTests {
  static func claim(_ name: String, line: Int, rule: String = "r") -> ClaimRecord {
    ClaimRecord(
      name: name, statement: "s", quotation: "q", source: "o", theory: "", rule: rule, line: line)
  }

  /// Every way in which what a chapter said may not fit together.
  static let cases: [(String, @Sendable (inout Ledger) -> Void, [String])] = [
    (
      "a name with a hyphen",
      { $0.record(ValueRecord(name: "a-b", value: 1, line: 3)) },
      [
        "main.swift:3: the name of a value must be letters and digits, a letter first; "
          + "'a-b' is not. Rename it."
      ]
    ),
    (
      "a name used twice",
      {
        $0.record(ValueRecord(name: "a", value: 1, line: 3))
        $0.record(ValueRecord(name: "a", value: 2, line: 5))
      },
      ["main.swift:5: a value named 'a' was made in line 3 already. Rename one of them."]
    ),
    (
      "a number that is none",
      { $0.record(ValueRecord(name: "a", value: .nan, high: .infinity, line: 3)) },
      [
        "main.swift:3: a recorded number must be finite; the value of 'a' is nan. "
          + "Record it only where it exists, or record the word for it.",
        "main.swift:3: a recorded number must be finite; the upper bound of 'a' is inf. "
          + "Record it only where it exists, or record the word for it.",
      ]
    ),
    (
      "digits beyond a Double",
      { $0.record(ValueRecord(name: "a", value: 1, digits: 40, line: 3)) },
      [
        "main.swift:3: digits of 'a' must lie in 0...17; found 40. "
          + "Give the significant digits that the interval supports."
      ]
    ),
    (
      "a claim without a verdict",
      { $0.claim(claim("c", line: 2)) },
      [
        "main.swift:2: claim 'c' was not judged. Call `judge`, "
          + "with .notDecided if the runs cannot tell."
      ]
    ),
    (
      "a verdict without a claim",
      { $0.judge("c", .holds, because: "x", line: 4) },
      ["main.swift:4: there is no claim 'c' to judge. Call `claim` first."]
    ),
    (
      "a claim judged twice",
      {
        $0.claim(claim("c", line: 2))
        $0.judge("c", .holds, because: "x", line: 4)
        $0.judge("c", .fails, because: "x", line: 5)
      },
      ["main.swift:5: claim 'c' was judged in line 4 already. Judge it once."]
    ),
    (
      "a verdict without ground",
      {
        $0.claim(claim("c", line: 2))
        $0.judge("c", .holds, because: " ", line: 4)
      },
      ["main.swift:4: the verdict on 'c' needs its ground. Say why in `because:`."]
    ),
    (
      "a claim without a rule",
      {
        $0.claim(claim("c", line: 2, rule: ""))
        $0.judge("c", .holds, because: "x", line: 4)
      },
      ["main.swift:2: claim 'c' needs a rule. Give it one."]
    ),
    (
      "a prediction that is never measured",
      { $0.predict("a", 0.5, line: 2) },
      ["main.swift:2: 'a' was predicted and never recorded. Record it."]
    ),
    (
      "a prediction after the measurement",
      {
        $0.record(ValueRecord(name: "a", value: 1, line: 3))
        $0.predict("a", 0.5, line: 4)
      },
      [
        "main.swift:4: 'a' was recorded in line 3, before its prediction. Predict first.",
        "main.swift:4: 'a' was predicted and never recorded. Record it.",
      ]
    ),
    (
      "two theories",
      {
        $0.predict("a", 0.5, line: 2)
        $0.record(ValueRecord(name: "a", value: 1, theory: 0.4, line: 3))
      },
      [
        "main.swift:3: 'a' has a theory here and a prediction in line 2. Keep one of them."
      ]
    ),
    (
      "a figure without words",
      {
        $0.show(
          FigureRecord(
            name: "f", caption: " ", alternativeText: "", width: 1, height: 1, line: 3))
      },
      [
        "main.swift:3: figure 'f' needs a caption. Say in it what one sees.",
        "main.swift:3: figure 'f' needs an alternative text. Say what its data show.",
      ]
    ),
    (
      "a ragged table",
      {
        $0.show(
          TableRecord(
            name: "t-1", caption: "c", columns: [.init("a"), .init("b")],
            rows: [["1", "2"], ["3"]],
            line: 3))
      },
      [
        "main.swift:3: row 2 of table 't-1' has 1 cells for 2 columns. Give it one cell a column."
      ]
    ),
  ]

  @Test(arguments: cases.indices)
  func whatDoesNotFitIsNamedWithItsLine(index: Int) {
    let (name, speak, problems) = Self.cases[index]
    var ledger = Ledger(profile: .course, source: "main.swift")
    speak(&ledger)
    #expect(ledger.allProblems == problems, "\(name)")
  }

  @Test func aPredictionBecomesTheTheoryOfItsValue() {
    var ledger = Ledger(profile: .course, source: "main.swift")
    ledger.predict("a", 0.5, line: 2)
    ledger.record(ValueRecord(name: "a", value: 0.51, line: 3))
    #expect(ledger.values[0].theory == 0.5)
    #expect(ledger.allProblems.isEmpty)
  }

  @Test func aSmokeRunJudgesNothing() {
    var ledger = Ledger(profile: .smoke, source: "main.swift")
    ledger.claim(Self.claim("c", line: 2))
    ledger.judge("c", .holds, because: "x", line: 4)
    #expect(ledger.claims[0].verdict == .notJudged)
    #expect(ledger.claims[0].reason.hasPrefix(Ledger.smokeReason))
    #expect(ledger.claims[0].verdictLine == 4)
  }
}
