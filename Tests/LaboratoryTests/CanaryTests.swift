import Foundation
import Testing

@testable import Laboratory

struct CanaryTests {
  @Test func aChangedTrialStopsTheBuild() throws {
    let store = try RunStore.inMemory()
    let trials = [Square(x: 2, key: "changed")]
    _ = try laboratory(store).run(trials)
    Backstage.setOffset("changed", 1e-15)
    let error = #expect(throws: LaboratoryError.self) { try laboratory(store).run(trials) }
    let text = "\(try #require(error))"
    #expect(
      text.hasPrefix(
        "`Square.run` no longer gives what the store holds: `y` was 4 and is 4.000000000000001 "))
    #expect(text.hasSuffix("pass --rerun square to forget its stored outcomes."))
    _ = try laboratory(store) { $0.rerun = ["square"] }.run(trials)
    _ = try laboratory(store).run(trials)
  }

  @Test func aTrialThatFailsNowStopsTheBuild() throws {
    struct Moody: Trial {
      static let name = "moody"
      static let version = 1
      func run(_ context: TrialContext) throws -> Int {
        if Backstage.offset("moody") != 0 { throw Diverged(step: 1) }
        return 1
      }
    }
    let store = try RunStore.inMemory()
    _ = try laboratory(store).run([Moody()])
    Backstage.setOffset("moody", 1)
    #expect(throws: LaboratoryError.self) { try laboratory(store).run([Moody()]) }
  }

  @Test func theCheapestTrialSings() throws {
    let store = try RunStore.inMemory()
    for (x, seconds) in [(1.0, 0.5), (2.0, 0.1), (3.0, 0.3)] {
      var row = RunStoreTests.row(
        x, outcome: "{\"curve\":[\(Int(x)),\(x / 3)],\"y\":\(Int(x * x))}")
      row.seconds = seconds
      try store.commit(row)
    }
    let before = Backstage.runs("")
    let cheapest = try store.cheapest(trial: "square", version: 1, trainer: 1, limit: 2)
    #expect(cheapest.map(\.seconds) == [0.1, 0.3])
    _ = try laboratory(store).run([Square(x: 1)])
    #expect(Backstage.runs("") > before)
  }

  @Test func aCheckedProgramIsRemembered() throws {
    let store = try RunStore.inMemory()
    let trial = Square(x: 2, key: "stamp")
    let built = ProgramStamp(path: "/bin/chapter", content: "1")
    let rebuilt = ProgramStamp(path: "/bin/chapter", content: "2")
    _ = try laboratory(store) { $0.program = built }.run([trial])
    #expect(Backstage.runs("stamp") == 1)
    for _ in 0..<3 { _ = try laboratory(store) { $0.program = built }.run([trial]) }
    #expect(Backstage.runs("stamp") == 2)
    _ = try laboratory(store) { $0.program = rebuilt }.run([trial])
    #expect(Backstage.runs("stamp") == 3)
    var other = bench
    other.instructionSet = "another"
    _ = try laboratory(store, workbench: other) { $0.program = rebuilt }.run([trial])
    #expect(Backstage.runs("stamp") == 4)
  }

  @Test func aSlowTypeIsNotCheckedAndThatIsSaid() throws {
    let store = try RunStore.inMemory()
    var row = RunStoreTests.row(1, outcome: #"{"curve":[],"y":77}"#)
    row.seconds = 100
    try store.commit(row)
    let lab = laboratory(store)
    #expect(try lab.run([Square(x: 1)]).outcomes[0].y == 77)
    #expect(lab.why.last == "square: not checked; its cheapest stored trial took 1 min 40 s")
  }

  @Test func trialsOfAnOlderShapeDoNotSing() throws {
    let store = try RunStore.inMemory()
    var row = RunStoreTests.row(1, outcome: #"{"y":77}"#)
    row.identity.parameters = #"{"x":1}"#
    try store.commit(row)
    #expect(try laboratory(store).run([Square(x: 1)]).outcomes[0].y == 1)
  }

  @Test func aCanaryWhoseDependencyIsKnownTrainsNothing() throws {
    let store = try RunStore.inMemory()
    _ = try laboratory(store).run([Fourth(x: 3, key: "chain")])
    #expect(Backstage.runs("chain") == 1)
    _ = try laboratory(store).run([Fourth(x: 3, key: "chain")])
    #expect(Backstage.runs("chain") == 1)
    // Without the teacher's outcome the student cannot be checked; it is still answered.
    _ = try store.forget(trial: "square", trainer: 1)
    let lab = laboratory(store)
    #expect(try lab.run([Fourth(x: 3, key: "chain")]).outcomes[0].y == 81)
    #expect(lab.why.last?.hasPrefix("fourth: not checked;") == true)
  }

  @Test func anOutcomeOfAnotherShapeIsAnError() throws {
    let store = try RunStore.inMemory()
    var row = RunStoreTests.row(1, outcome: #"{"z":77}"#)
    row.seconds = 100
    try store.commit(row)
    #expect(
      throws: LaboratoryError.outcomeDoesNotFit(
        type: "Square", name: "square", detail: "it has no `y`")
    ) {
      try laboratory(store).run([Square(x: 1)])
    }
  }
}
