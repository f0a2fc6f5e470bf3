import Foundation
import Laboratory
import Plotting
import ScalingLaws
import Synchronization
import Testing
import Weaving

@testable import Notebook

struct Square: Trial {
  static let name = "square"
  static let version = 2
  var x: Int
  var seed: UInt64 = 5
  struct Outcome: Codable, Sendable { var y: Double }
  var flops: Double { 1e6 }
  func run(_ context: TrialContext) throws -> Outcome {
    struct Diverged: Error, CustomStringConvertible { var description: String { "diverged" } }
    if x < 0 { throw Diverged() }
    return Outcome(y: Double(x * x) / 3)
  }
}

/// A package folder with one chapter in it.
final class Desk: Sendable {
  let root: URL
  let output = Mutex("")
  let messages = Mutex("")

  init() throws {
    root = FileManager.default.temporaryDirectory
      .appendingPathComponent("notebook-tests-\(UUID().uuidString)")
    let folder = root.appendingPathComponent("chapters/01-test")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    try Data().write(to: root.appendingPathComponent("Package.swift"))
    try Data(Self.source.utf8).write(to: source)
  }

  deinit { try? FileManager.default.removeItem(at: root) }

  var source: URL { root.appendingPathComponent("chapters/01-test/main.swift") }

  /// Lines that the calls of `run` below give as theirs.
  static let source = """
    //: # A test
    //: The slope is \\(slope), the sum \\(sum), the word \\(word).
    let claim = chapter.claim()
    chapter.run()
    chapter.record()
    chapter.show(figure: plot)
    chapter.show(table: table)
    chapter.judge(claim)
    chapter.finish()
    //: The end.
    """

  func chapter(_ arguments: [String]) throws -> Chapter<Settings> {
    func console(_ text: @escaping @Sendable (String) -> Void) -> Console {
      Console(isTerminal: false, hasColours: false, write: text)
    }
    return try Chapter<Settings>(
      1, "test", title: "A test",
      workbench: Workbench(trainerVersion: 3, instructionSet: "none", measureFLOPS: { 1e9 }),
      sourceFile: source.path,
      stage: Stage(
        arguments: arguments, packageRoot: root,
        output: console { text in self.output.withLock { $0 += text } },
        messages: console { text in self.messages.withLock { $0 += text } },
        programStamp: nil, isProgram: false))
  }

  /// A whole chapter.
  func run(_ arguments: String..., figure: String = "ladder") throws {
    let chapter = try chapter(arguments)
    let claim = chapter.claim(
      "sum", statement: "The sum is \\(sum).", quotation: "Sums.", source: "A talk", rule: "r",
      line: 3)
    chapter.predict("slope", 0.5, line: 3)
    let runs = try chapter.run(chapter.settings.widths.map { Square(x: $0) } + [Square(x: -1)])
    chapter.record(
      "slope", Estimate(value: 0.51, low: 0.4, high: 0.6), digits: 2, line: 5)
    chapter.record("sum", runs.reduce(0) { $0 + $1.outcome.y }, unit: "nats", line: 5)
    chapter.record("count", runs.count, quiet: true, line: 5)
    chapter.record("word", "rising", line: 5)
    let plot = Plot(x: .linear("Width"), y: .linear("Square")) {
      Points(runs, x: \.trial.x, y: \.outcome.y)
    }
    try chapter.show(figure: plot, name: figure, caption: "Squares.", line: 6)
    try chapter.show(
      table: Table(runs) {
        Column("Width", \.trial.x)
        Column("Square", \.outcome.y)
      }, name: "squares", caption: "All of them.", line: 7)
    chapter.judge(claim, .holds, because: "It is \\(sum).", line: 8)
    try chapter.finish()
  }

  func files(_ folder: String) -> [String] {
    let path = root.appendingPathComponent(folder).path
    return ((try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []).sorted()
  }

  func bytes(_ file: String) throws -> Data {
    try Data(contentsOf: root.appendingPathComponent(file))
  }

  func record(_ folder: String) throws -> ChapterRecord {
    try ChapterRecord.read(from: root.appendingPathComponent("\(folder)/record.json"))
  }
}

struct ChapterTests {
  static let all = ["build.json", "index.html", "ladder.csv", "ladder.svg", "record.json"]

  @Test func anAnalysisThatFailsSaysWhyAndWhatToDo() throws {
    struct Lack: Error, CustomStringConvertible {
      var description: String { "Two points are no curve." }
    }
    let desk = try Desk()
    let chapter = try desk.chapter([])
    func points(_ count: Int) throws -> Int {
      if count < 3 { throw Lack() }
      return count
    }
    #expect(try chapter.attempt(points(3)) == 3)
    try chapter.require(true, "never read")
    #expect {
      try chapter.attempt(points(2))
    } throws: { error in
      "\(error)".hasPrefix("Two points are no curve. These settings leave too little")
        && (error as? NotebookError)?.exitCode == 1
    }
    #expect(throws: NotebookError.tooLittle("No points.")) {
      try chapter.require(false, "No points.")
    }
  }

  @Test func aRebuildGivesTheSameBytes() throws {
    let desk = try Desk()
    try desk.run()
    #expect(desk.files("figures/test") == Self.all)
    #expect(desk.files(".runs") == ["runs.sqlite"])
    // The page quotes build.json; neither is committed.
    let committed = ["ladder.csv", "ladder.svg", "record.json"]
    let first = try committed.map { try desk.bytes("figures/test/\($0)") }
    try desk.run("--workers", "1")
    let second = try committed.map { try desk.bytes("figures/test/\($0)") }
    #expect(first == second)
    #expect(String(decoding: first[2], as: UTF8.self).hasSuffix("}\n"))
    let build = try BuildRecord.read(
      from: desk.root.appendingPathComponent("figures/test/build.json"))
    #expect(build.known == 4 && build.trained == 0 && build.workers == 1)

    // From nothing, on another day.
    try FileManager.default.removeItem(at: desk.root.appendingPathComponent(".runs"))
    try desk.run()
    #expect(try desk.bytes("figures/test/record.json") == first[2])
  }

  @Test func theRecordHoldsWhatWasSaid() throws {
    let desk = try Desk()
    try desk.run()
    let record = try desk.record("figures/test")
    #expect(record.chapter == "test" && record.profile == "course" && record.number == 1)
    #expect(record.settings.map(\.name) == ["widths", "seeds", "maximum-rate", "optimiser"])
    #expect(record.settings[0].value == "8,16,32")
    #expect(record.claims[0].verdict == .holds && record.claims[0].verdictLine == 8)
    #expect(record.values.map(\.name) == ["slope", "sum", "count", "word"])
    #expect(record.values[0].theory == 0.5 && record.values[0].level == 0.95)
    #expect(record.values[2].digits == 0 && record.values[2].value == 3)
    #expect(record.values[3].text == "rising")
    #expect(record.tables[0].rows == [["8", "21.3"], ["16", "85.3"], ["32", "341"]])
    #expect(record.figures[0].line == 6)
    let provenance = record.provenance
    #expect(provenance.trainerVersion == 3)
    #expect(provenance.trials == [.init(name: "square", version: 2, count: 4)])
    #expect(provenance.failures == [#"square {"seed":5,"x":-1}: diverged"#])
    #expect(provenance.seeds == [5])
    #expect(provenance.flops == 4e6)
  }

  @Test(arguments: [
    (["--profile", "smoke"], ".runs/smoke/test"), (["--profile", "full"], ".runs/full/test"),
    (["--seeds", "3"], ".runs/scratch/test"),
    (["--profile", "smoke", "--seeds", "3"], ".runs/scratch/test"),
  ])
  func onlyAPlainCourseRunWritesTheCommittedRecord(arguments: [String], folder: String) throws {
    let desk = try Desk()
    let chapter = try desk.chapter(arguments)
    #expect(desk.root.appendingPathComponent(folder).path == chapter.folder.url.path)
    let elsewhere = try desk.chapter(arguments + ["--out", "/tmp/elsewhere"])
    #expect(elsewhere.folder.url.path == "/tmp/elsewhere")
  }

  @Test func aSmokeRunIsStampedAndJudgesNothing() throws {
    let desk = try Desk()
    try desk.run("--profile", "smoke")
    #expect(try desk.record(".runs/smoke/test").claims[0].verdict == .notJudged)
    try desk.run()
    #expect(
      try desk.bytes(".runs/smoke/test/ladder.csv") != desk.bytes("figures/test/ladder.csv"))
    #expect(desk.output.withLock { $0 }.contains("not judged: A smoke run is too small"))
    let plot = Plot(x: .linear("x"), y: .linear("y")) {}
    #expect(try plot.stamped("smoke").scene().text != plot.scene().text)
  }

  @Test func filesOfFormerFiguresGoAndOthersStay() throws {
    let desk = try Desk()
    try desk.run(figure: "old")
    let folder = desk.root.appendingPathComponent("figures/test")
    for name in ["old.png", "notes.csv", "ladder.pdf"] {
      try Data("x".utf8).write(to: folder.appendingPathComponent(name))
    }
    try desk.run()
    #expect(desk.files("figures/test") == (Self.all + ["notes.csv", "ladder.pdf"]).sorted())
  }

  @Test func figuresComeAsPNGAndPDFIfAskedFor() throws {
    let desk = try Desk()
    try desk.run("--png", "--pdf")
    #expect(desk.files("figures/test") == (Self.all + ["ladder.pdf", "ladder.png"]).sorted())
    #expect(try desk.bytes("figures/test/ladder.png").starts(with: [0x89, 0x50]))
    #expect(try desk.bytes("figures/test/ladder.pdf").starts(with: Data("%PDF".utf8)))
  }

  @Test func aPlanStartsAndWritesNothing() throws {
    let desk = try Desk()
    #expect(throws: NotebookError.planned) { try desk.run("--plan") }
    #expect(desk.output.withLock { $0 }.contains("square  0 known, 4 to train, 4.0e6 FLOPs"))
    #expect(desk.files("").sorted() == ["Package.swift", "chapters"])
    try desk.run()
    let record = try desk.bytes("figures/test/record.json")
    try FileManager.default.removeItem(at: desk.root.appendingPathComponent("figures"))
    desk.output.withLock { $0 = "" }
    try desk.run("--plan")
    #expect(
      desk.output.withLock { $0 } == """
        square  4 known (1 failed)
        Everything is known: nothing to train.
        Nothing was started.

        """)
    #expect(desk.files("figures").isEmpty)
    #expect(!record.isEmpty)
  }

  @Test func whyIsToldAtTheEnd() throws {
    let desk = try Desk()
    try desk.run("--why")
    #expect(
      desk.output.withLock { $0 }.contains(
        #"square {"seed":5,"x":8}: trained, the first of its type, "#))
  }

  @Test func whatDoesNotFitLeavesTheRecordAlone() throws {
    let desk = try Desk()
    try desk.run()
    let before = try desk.bytes("figures/test/record.json")
    let chapter = try desk.chapter([])
    chapter.record("a", 1.0, line: 5)
    chapter.record("a", Double.nan, line: 7)
    let error = #expect(throws: NotebookError.self) { try chapter.finish() }
    let text = "\(try #require(error))"
    #expect(
      text.hasPrefix(
        "chapters/01-test/main.swift:7: a value named 'a' was made in line 5 already."))
    #expect(try desk.bytes("figures/test/record.json") == before)
  }

  @Test func whatSettingsDoNotGiveIsAWordInItsPlace() throws {
    let chapter = try Desk().chapter([])
    let line = Estimate(value: 2, low: -.infinity, high: .infinity)
    chapter.record("some", ifAny: 1.5, line: 5)
    chapter.record("none", ifAny: Double?.none, line: 5)
    chapter.record("notFinite", ifAny: Double.nan, missing: "not measured", line: 5)
    chapter.record("noEstimate", ifAny: Estimate?.none, missing: "not measured", line: 5)
    chapter.record("endless", ifAny: line, line: 5)
    chapter.record("bounded", ifAny: Estimate(value: 2, low: 1, high: 3), line: 5)
    #expect(chapter.ledger.problems.isEmpty)
    #expect(
      chapter.ledger.values.map(\.text) == [
        nil, "not identified", "not measured", "not measured", nil, nil,
      ])
    #expect(chapter.ledger.values.map(\.low) == [nil, nil, nil, nil, nil, 1])
    #expect(chapter.ledger.values[4].value == 2)
  }

  @Test func theSummarySaysWhatWasFound() throws {
    let desk = try Desk()
    try desk.run()
    #expect(
      desk.output.withLock { $0 } == """
        1. A test (course)

          value  measured           theory
          slope  0.51 [0.40, 0.60]  0.50
          sum    448\u{A0}nats
          word   rising

        Claim sum: The sum is 448\u{A0}nats.
        Claim sum holds: It is 448\u{A0}nats.

        failed: square {"seed":5,"x":-1}: diverged
        4 trials: 0 known, 4 trained.
        figures/test/index.html

        """)
    #expect(desk.messages.withLock { $0 }.hasPrefix("4 trials in "))
  }

  @Test func batchesRunTogether() throws {
    let desk = try Desk()
    let chapter = try desk.chapter([])
    let first = chapter.batch([Square(x: 2)])
    let second = chapter.batch([Square(x: 3), Square(x: 2)])
    try chapter.runAll()
    #expect(first.runs.outcomes[0].y == second.runs[Square(x: 2)]?.y)
    #expect(chapter.laboratory.summary.trained == 2)
  }
}

@Suite struct TerminalTests {
  private func summary(hasColours: Bool) throws -> ClosingSummary {
    ClosingSummary(
      record: ChapterRecord(
        chapter: "test", number: 1, title: "A test", profile: "course",
        claims: [
          ClaimRecord(
            name: "sum", statement: "It is $N^{-\\alpha}$.", quotation: "", source: "", theory: "",
            rule: "r", verdict: .fails, reason: "It is *not*.", line: 1, verdictLine: 2)
        ], provenance: Provenance(trainerVersion: 1)),
      summary: try Desk().chapter([]).laboratory.summary,
      console: Console(isTerminal: hasColours, hasColours: hasColours) { _ in },
      announced: ["sum"])
  }

  @Test func aClaimIsStatedBeforeItsRuns() throws {
    let desk = try Desk()
    let chapter = try desk.chapter([])
    for name in ["first", "second"] {
      _ = chapter.claim(
        name, statement: "Loss falls as $N^{-\\alpha}$.", quotation: "q", source: "s", rule: "r")
    }
    #expect(
      desk.output.withLock { $0 } == """
        1. A test (course)

        Claim first: Loss falls as N^−α.
        Claim second: Loss falls as N^−α.

        """)
  }

  @Test func coloursStandOnlyWhereTheyMay() throws {
    #expect(try !summary(hasColours: false).text(page: "p").contains("\u{1B}"))
    #expect(
      try summary(hasColours: true).text(page: "p").contains(
        "Claim sum \u{1B}[31mfails\u{1B}[0m: It is not.\n"))
  }

  @Test(arguments: [
    ("**Bold** and *slanted* and `code`", "Bold and slanted and code"),
    ("2 * 3 * 4", "2 * 3 * 4"), ("$10^{9}$ FLOPs", "10⁹ FLOPs"),
  ])
  func markUpIsLeftToPages(text: String, expected: String) {
    #expect(ClosingSummary.plain(text) == expected)
  }
}
