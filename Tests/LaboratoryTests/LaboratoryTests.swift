import Foundation
import Testing

@testable import Laboratory

struct LaboratoryTests {
  @Test func outcomesComeInTheOrderAskedAndAreTrainedOnce() throws {
    let store = try RunStore.inMemory()
    let trials = [3, 1, 2, 1].map { Square(x: $0, key: "once") }
    let runs = try laboratory(store).run(trials)
    #expect(runs.map(\.outcome.y) == [9, 1, 4, 1])
    #expect(runs.map(\.trial) == trials)
    #expect(Backstage.runs("once") == 3)
    let again = try laboratory(store).run(trials.reversed())
    #expect(again.map(\.outcome.y) == [1, 4, 1, 9])
    #expect(again[trials[0]]?.y == 9)
    // One more: the canary.
    #expect(Backstage.runs("once") == 4)
  }

  @Test func storedOutcomesAreThoseThatWereTrained() throws {
    let store = try RunStore.inMemory()
    let trials = (1..<40).map { Square(x: 1 / Double($0)) }
    let trained = try laboratory(store).run(trials)
    let known = try laboratory(store).run(trials)
    #expect(trained.outcomes == known.outcomes)
  }

  @Test func failuresAreStoredAndTheOthersGoOn() throws {
    let store = try RunStore.inMemory()
    let trials = [Square(x: 1, key: "fail"), Square(x: -1, key: "fail"), Square(x: 2, key: "fail")]
    for _ in 0..<2 {
      let lab = laboratory(store)
      let runs = try lab.run(trials)
      #expect(runs.map(\.outcome.y) == [1, 4])
      #expect(runs.failures.map(\.reason) == ["diverged at step 3"])
      #expect(runs.failures[0].trial.x == -1)
      #expect(
        lab.summary.failures == [#"square {"key":"fail","seed":1,"x":-1}: diverged at step 3"#])
    }
    // Three and a canary: the failure was not run again.
    #expect(Backstage.runs("fail") == 4)
    _ = try laboratory(store) { $0.rerun = ["failed"] }.run(trials)
    #expect(Backstage.runs("fail") == 6)
  }

  @Test func rerunForgetsATypeOnce() throws {
    let store = try RunStore.inMemory()
    let trials = [Square(x: 1, key: "rerun"), Square(x: 2, key: "rerun")]
    _ = try laboratory(store).run(trials)
    Backstage.setOffset("rerun", 0.5)
    let lab = laboratory(store) { $0.rerun = ["Square"] }
    #expect(try lab.run(trials).map(\.outcome.y) == [1.5, 4.5])
    #expect(try lab.run(trials).map(\.outcome.y) == [1.5, 4.5])
    #expect(Backstage.runs("rerun") == 5)
    #expect(throws: LaboratoryError.unknownRerun(word: "squre", known: ["square"])) {
      try laboratory(store) { $0.rerun = ["squre"] }.run(trials)
    }
  }

  @Test func rerunReachesATypeThatOnlyTrialsAskFor() throws {
    let store = try RunStore.inMemory()
    _ = try laboratory(store).run([Fourth(x: 3, key: "deep")])
    _ = try laboratory(store) { $0.rerun = ["square", "fourth"] }.run([Fourth(x: 3, key: "deep")])
    #expect(Backstage.runs("deep") == 2)
    let lab = laboratory(store) { $0.rerun = ["forth"] }
    _ = lab.batch([Fourth(x: 3)])
    #expect(throws: LaboratoryError.unknownRerun(word: "forth", known: ["fourth", "square"])) {
      try lab.plan()
    }
  }

  @Test func batchesShareOneQueue() throws {
    let lab = laboratory(try RunStore.inMemory())
    let squares = lab.batch([Square(x: 2), Square(x: 3)])
    let fourths = lab.batch([Fourth(x: 2), Fourth(x: 5)])
    #expect(!squares.isAnswered)
    try lab.runAll()
    #expect(squares.runs.map(\.outcome.y) == [4, 9])
    #expect(fourths.runs.map(\.outcome.y) == [16, 625])
  }

  @Test func theLongestTrialsStartFirst() throws {
    let store = try RunStore.inMemory()
    let lab = laboratory(store) { $0.workers = 1 }
    _ = try lab.run([1, 3, 2].map { Square(x: $0) })
    #expect(try store.allRows().map(\.flops) == [3e6, 2e6, 1e6])
  }

  @Test func summaryCountsWhatWasAskedFor() throws {
    let store = try RunStore.inMemory()
    _ = try laboratory(store).run([Square(x: 1, seed: 9)])
    let lab = laboratory(store)
    _ = try lab.run([Square(x: 1, seed: 9), Square(x: 2, seed: 4)])
    _ = try lab.run([Square(x: 2, seed: 4)])
    let summary = lab.summary
    #expect(summary.known == 1 && summary.trained == 1)
    #expect(summary.seeds == [4, 9])
    #expect(summary.flops == 3e6 && summary.tokens == 20)
    #expect(summary.types == [.init(name: "square", version: 1, count: 2)])
  }

  // MARK: Trials that ask for trials

  @Test func aTrialThatManyAskForRunsOnce() throws {
    struct Teacher: Trial {
      static let name = "teacher"
      static let version = 1
      struct Outcome: Codable, Sendable { var y: Int }
      func run(_ context: TrialContext) throws -> Outcome {
        Backstage.count("teacher")
        Thread.sleep(forTimeInterval: 0.05)
        return Outcome(y: 7)
      }
    }
    struct Student: Trial {
      static let name = "student"
      static let version = 1
      var index: Int
      struct Outcome: Codable, Sendable { var y: Int }
      func run(_ context: TrialContext) throws -> Outcome {
        Outcome(y: try context.outcome(of: Teacher()).y * index)
      }
    }
    let store = try RunStore.inMemory()
    let lab = laboratory(store) { $0.workers = 4 }
    let students = lab.batch((0..<20).map { Student(index: $0) })
    let teachers = lab.batch([Teacher()])
    try lab.runAll()
    #expect(students.runs.map(\.outcome.y) == (0..<20).map { 7 * $0 })
    #expect(teachers.runs.outcomes[0].y == 7)
    #expect(Backstage.runs("teacher") == 1)
    #expect(try store.allRows(trial: "teacher").count == 1)
  }

  @Test func aDependencyIsAnsweredFromTheStore() throws {
    let store = try RunStore.inMemory()
    _ = try laboratory(store).run([Square(x: 3, key: "dependency")])
    _ = try laboratory(store).run([Fourth(x: 3, key: "dependency")])
    // Trained once, sung once.
    #expect(Backstage.runs("dependency") == 2)
  }

  @Test func aFailedDependencyFailsTheTrialThatAsks() throws {
    let runs = try laboratory(RunStore.inMemory()).run([Fourth(x: -2), Fourth(x: 2)])
    #expect(runs.map(\.outcome.y) == [16])
    #expect(
      runs.failures.map(\.reason) == [
        #"it needs square {"key":"","seed":1,"x":-2}, which failed: diverged at step 3"#
      ])
  }

  @Test(arguments: [1, 2])
  func circlesAreRefused(workers: Int) throws {
    let store = try RunStore.inMemory()
    let lab = laboratory(store) { $0.workers = workers }
    #expect(throws: LaboratoryError.self) {
      try lab.run([Circular(step: 0), Circular(step: 1)])
    }
    #expect(try store.allRows().isEmpty)
  }

  @Test func aContextOutsideOfALaboratoryRunsWhatIsAskedFor() throws {
    #expect(try Fourth(x: 2).run(TrialContext()).y == 16)
  }

  // MARK: Counting and checkpoints

  @Test func countedNumbersReplaceEstimates() throws {
    struct Counting: Trial {
      static let name = "counting"
      static let version = 1
      var flops: Double { 1 }
      func run(_ context: TrialContext) throws -> Int {
        context.count(flops: 20, tokens: 3)
        context.count(flops: 22, tokens: 4)
        return 1
      }
    }
    let store = try RunStore.inMemory()
    _ = try laboratory(store).run([Counting()])
    let row = try #require(try store.allRows().first)
    #expect(row.flops == 42 && row.tokens == 7)
  }

  @Test func checkpointsOutliveAFailedStartAndGoWithTheOutcome() throws {
    struct Long: Trial {
      static let name = "long"
      static let version = 1
      var key: String
      func run(_ context: TrialContext) throws -> [String] {
        let file = try context.checkpointFolder().appendingPathComponent("step")
        let before = (try? String(contentsOf: file, encoding: .utf8)) ?? "none"
        try "half".write(to: file, atomically: true, encoding: .utf8)
        return [before, file.deletingLastPathComponent().path]
      }
    }
    try withFolder { folder in
      let store = try RunStore.open(path: folder.appendingPathComponent("runs.sqlite").path)
      let trial = Long(key: "a")
      // As a killed process leaves it.
      let identity = TrialIdentity(trial, trainer: 1)
      let left = try CheckpointFolder.beside(store: store.path, for: identity).make()
      try "quarter".write(
        to: left.appendingPathComponent("step"), atomically: true, encoding: .utf8)
      let outcome = try laboratory(store).run([trial]).outcomes[0]
      #expect(outcome == ["quarter", left.path])
      #expect(!FileManager.default.fileExists(atPath: left.path))
    }
  }

  @Test func anExecutorNeedsOnlyTheSeam() throws {
    struct OneByOne: Executor {
      func execute(_ queue: JobQueue) {
        while let job = queue.next() {
          // As a cluster would: the outcome comes back as text.
          #expect(job.identity.trial == "square")
          queue.finish(job, JobAnswer(result: .success(#"{"curve":[],"y":42}"#), seconds: 1))
        }
      }
    }
    let lab = laboratory(try RunStore.inMemory()) { $0.executor = OneByOne() }
    #expect(try lab.run([Square(x: 1), Square(x: 2)]).map(\.outcome.y) == [42, 42])
  }
}
