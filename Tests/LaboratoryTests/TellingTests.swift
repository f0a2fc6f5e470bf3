import Foundation
import Testing

@testable import Laboratory

@Test(arguments: [
  (true, [:], true), (true, ["NO_COLOR": ""], true), (true, ["NO_COLOR": "0"], false),
  (false, [:], false),
])
func coloursStandOnTerminalsOnly(isTerminal: Bool, environment: [String: String], allowed: Bool) {
  #expect(Console.allowsColours(isTerminal: isTerminal, environment: environment) == allowed)
}

struct WhyTests {
  static func identity(
    _ parameters: String, version: Int = 1, trainer: Int = 1
  ) -> TrialIdentity {
    TrialIdentity(trial: "rung", version: version, trainer: trainer, parameters: parameters)
  }

  static let stored = [
    identity(#"{"model":{"width":8},"seed":1}"#), identity(#"{"model":{"width":16},"seed":1}"#),
    identity(#"{"model":{"width":16},"seed":2}"#),
  ]

  @Test(arguments: [
    (#"{"model":{"width":32},"seed":2}"#, "`model.width` 32 is new (nearest stored: 16)"),
    (#"{"model":{"width":8},"seed":2}"#, "`seed` 2 is new (nearest stored: 1)"),
    (
      #"{"model":{"width":9},"seed":9}"#,
      "`model.width` 9 is new (nearest stored: 8), `seed` 9 is new (nearest stored: 1)"
    ),
    (#"{"depth":2,"model":{"width":8},"seed":1}"#, "field `depth` is new"),
    (#"{"model":{"width":8}}"#, "field `seed` is gone"),
  ])
  func theFieldThatDiffersFromTheNearestTrialIsNamed(parameters: String, reason: String) {
    #expect(WhyReport.news(Self.identity(parameters), among: Self.stored) == reason)
  }

  @Test func typeVersionAndTrainerAreNamed() {
    let parameters = #"{"model":{"width":8},"seed":1}"#
    #expect(WhyReport.news(Self.identity(parameters), among: []) == "the first of its type")
    #expect(
      WhyReport.news(Self.identity(parameters, version: 2), among: Self.stored)
        == "version 2 is new (stored: version 1)")
    #expect(
      WhyReport.news(Self.identity(parameters, trainer: 3), among: Self.stored)
        == "trainer version 3 is new (stored: 1)")
    #expect(
      WhyReport.news(Self.identity(parameters, version: 2, trainer: 3), among: Self.stored)
        == "version 2 and trainer version 3 are new (stored: 1 and 1)")
    #expect(
      WhyReport.news(Self.identity("{}", version: 2), among: Self.stored)
        == "version 2 is new (stored: version 1)")
  }

  @Test func everyTrialIsToldOf() throws {
    let store = try RunStore.inMemory()
    _ = try laboratory(store).run([Square(x: 1)])
    let lab = laboratory(store)
    _ = try lab.run([Square(x: 1), Square(x: 2), Square(x: -1)])
    #expect(lab.why.count == 3)
    #expect(lab.why[0].hasPrefix(#"square {"key":"","seed":1,"x":1}: known, since 2"#))
    #expect(
      lab.why[1].hasPrefix(
        #"square {"key":"","seed":1,"x":2}: trained, `x` 2 is new (nearest stored: 1), "#))
    #expect(lab.why[2].hasSuffix("failed: diverged at step 3"))
    let again = laboratory(store) { $0.rerun = ["square"] }
    _ = try again.run([Square(x: 1)])
    #expect(again.why[0].contains(": trained, --rerun asked for it, "))
  }
}

struct PlanTests {
  @Test func aPlanStartsNothing() throws {
    let store = try RunStore.inMemory()
    let lab = laboratory(store)
    let batch = lab.batch([Square(x: 1000, key: "plan"), Square(x: 3000, key: "plan")])
    let plan = try lab.plan()
    #expect(Backstage.runs("plan") == 0)
    #expect(try store.allRows().isEmpty)
    #expect(!batch.isAnswered)
    // 1e9 and 3e9 FLOPs at 1e9 FLOP/s on two cores.
    #expect(plan.seconds == 3)
    #expect(plan.types[0].flops == 4e9 && plan.types[0].seconds == 4)
    #expect(
      plan.text == """
        square  0 known, 2 to train, 4.0e9 FLOPs, 4.0 s on one core (measured: 1.0 GFLOP/s a core)
        In all 2 trials to train, about 3.0 s on 2 cores.

        """)
  }

  @Test func storedSecondsOfThisMachineComeFirst() throws {
    let store = try RunStore.inMemory()
    for x in [500.0, 1000] {
      var row = RunStoreTests.row(x)
      row.machine = Machine.description
      row.flops = x * 1e6
      row.seconds = 2 * x / 1000
      try store.commit(row)
    }
    let silent = Workbench(trainerVersion: 1, instructionSet: "test") {
      Issue.record("nothing has to be measured")
      return 1
    }
    let lab = laboratory(store, workbench: silent)
    _ = lab.batch([Square(x: 1000), Square(x: 3000), Square(x: -1)])
    let plan = try lab.plan()
    #expect(plan.types[0].known == 1)
    #expect(abs((plan.seconds ?? 0) - 6) < 1e-9)
    #expect(plan.text.contains("(from 2 stored runs on this machine)"))
  }

  @Test func aTrialWithoutFLOPsHasNoTime() throws {
    let lab = laboratory(try RunStore.inMemory())
    _ = lab.batch([Fourth(x: 1)])
    #expect(
      try lab.plan().text == """
        fourth  0 known, 1 to train, time unknown
        In all 1 trial to train, an unknown time on 2 cores.

        """)
  }

  @Test func aPlanOfKnownTrialsAnswersThem() throws {
    let store = try RunStore.inMemory()
    _ = try laboratory(store).run([Square(x: 2), Square(x: -2)])
    let lab = laboratory(store)
    let batch = lab.batch([Square(x: 2), Square(x: -2)])
    let plan = try lab.plan()
    #expect(plan.isEmpty)
    #expect(batch.runs.outcomes[0].y == 4)
    #expect(
      plan.text == "square  2 known (1 failed)\nEverything is known: nothing to train.\n")
    let rerun = laboratory(store) { $0.rerun = ["failed"] }
    _ = rerun.batch([Square(x: 2), Square(x: -2)])
    #expect(try rerun.plan().types[0].missing == 1)
  }

  @Test func theTimeOfAllIsThatOfTheFullestCore() {
    #expect(Plan.makespan(of: [1, 2, 3], workers: 2) == 3)
    #expect(Plan.makespan(of: [5, 1, 1], workers: 4) == 5)
    #expect(Plan.makespan(of: [], workers: 4) == 0)
  }
}

struct ProgressTests {
  struct Slow: Trial {
    static let name = "slow"
    static let version = 1
    var index: Int
    var flops: Double { 1e9 }
    func run(_ context: TrialContext) throws -> Int {
      for step in 1...5 {
        Thread.sleep(forTimeInterval: 0.1)
        context.progress(Double(step) / 5)
      }
      return index
    }
  }

  @Test func aPipeGetsPlainLines() throws {
    let transcript = Transcript()
    let lab = laboratory(try RunStore.inMemory(), transcript: transcript)
    _ = try lab.run([Square(x: 1), Square(x: -1)])
    #expect(!transcript.text.contains("\r") && !transcript.text.contains("\u{1B}"))
    #expect(transcript.text.hasPrefix("2 trials in "))
    #expect(transcript.text.hasSuffix(", 1 failed.\n"))
    let quiet = Transcript()
    _ = try laboratory(lab.store, transcript: quiet).run([Square(x: 1), Square(x: -1)])
    #expect(quiet.text.isEmpty)
  }

  @Test(arguments: [true, false])
  func aTerminalGetsABar(colours: Bool) throws {
    let transcript = Transcript()
    let lab = laboratory(try RunStore.inMemory()) {
      $0.console = transcript.console(isTerminal: true, colours: colours)
    }
    _ = try lab.run([Slow(index: 1), Slow(index: 2), Slow(index: 3)])
    #expect(transcript.text.contains("/3  "))
    #expect(transcript.text.contains(" left"))
    #expect(transcript.text.contains("GFLOP/s"))
    #expect(transcript.text.contains("\u{1B}[36m") == colours)
    #expect(transcript.text.contains("[=") == !colours)
    #expect(transcript.text.contains("\r\u{1B}[K3 trials in "))
  }

  @Test(arguments: [
    (0.0123, "12 ms"), (0.25, "0.25 s"), (9.9, "9.9 s"), (12.4, "12 s"), (60, "1 min"),
    (200, "3 min 20 s"), (7500, "2 h 5 min"), (.infinity, "unknown"),
  ])
  func durationsReadWell(seconds: Double, text: String) {
    #expect(Text.duration(seconds) == text)
  }
}
