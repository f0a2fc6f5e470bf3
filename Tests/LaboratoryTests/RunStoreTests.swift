import Foundation
import GRDB
import Testing

@testable import Laboratory

struct RunStoreTests {
  static func row(_ x: Double, outcome: String? = #"{"curve":[1,2],"y":4}"#) -> StoredRun {
    StoredRun(
      identity: TrialIdentity(Square(x: x), trainer: 1), outcome: outcome,
      reason: outcome == nil ? "diverged" : "", seconds: 0.25, flops: 1e6, tokens: 10,
      started: 1_700_000_000.125, finished: 1_700_000_000.375, machine: "test",
      instructionSet: "test")
  }

  @Test func rowsComeBackAsTheyWere() throws {
    try withFolder { folder in
      let path = folder.appendingPathComponent("deep/er/runs.sqlite").path
      let rows = [Self.row(1), Self.row(2, outcome: nil)]
      do {
        let store = try RunStore.open(path: path)
        for row in rows { try store.commit(row) }
      }
      let store = try RunStore.open(path: path)
      #expect(try store.allRows() == rows)
      #expect(try store.row(for: rows[1].identity) == rows[1])
      #expect(try store.row(for: TrialIdentity(Square(x: 3), trainer: 1)) == nil)
      #expect(try store.typeNames() == ["square"])
    }
  }

  @Test func schemaIsReadableByAnybody() throws {
    try withFolder { folder in
      let path = folder.appendingPathComponent("runs.sqlite").path
      let store = try RunStore.open(path: path)
      try store.commit(Self.row(1))
      // Another connection while the store is open.
      let reader = try DatabaseQueue(path: path)
      try reader.read { database in
        let metrics = try Row.fetchAll(
          database,
          sql: """
            SELECT run.trial, metric.name, metric.step, metric.value
            FROM metric JOIN run ON run.id = metric.run ORDER BY metric.name, metric.step
            """)
        #expect(
          metrics.map {
            "\($0["name"] as String) \($0["step"] as Int? ?? -1) \($0["value"] as Double)"
          }
            == ["curve 0 1.0", "curve 1 2.0", "y -1 4.0"])
        let run = try #require(try Row.fetchOne(database, sql: "SELECT * FROM run"))
        #expect(run["status"] as String == "ok")
        #expect(run["started"] as String == "2023-11-14T22:13:20.125Z")
        #expect(run["instruction_set"] as String == "test")
      }
    }
  }

  @Test func anOutcomeReplacesAFailureAndNothingReplacesAnOutcome() throws {
    let store = try RunStore.inMemory()
    try store.commit(Self.row(1, outcome: nil))
    try store.commit(Self.row(1))
    #expect(try store.allRows().map(\.outcome) == [Self.row(1).outcome])
    try store.commit(Self.row(1, outcome: nil))
    try store.commit(Self.row(1, outcome: "{}"))
    #expect(try store.allRows().map(\.outcome) == [Self.row(1).outcome])
    let metrics = try store.read { try Int.fetchOne($0, sql: "SELECT count(*) FROM metric") }
    #expect(metrics == 3)
  }

  @Test func forgettingRemovesMetricsToo() throws {
    let store = try RunStore.inMemory()
    try store.commit(Self.row(1))
    try store.commit(Self.row(2, outcome: nil))
    #expect(try store.forgetFailures(trainer: 1) == 1)
    #expect(try store.forget(trial: "square", trainer: 2) == 0)
    #expect(try store.forget(trial: "square", trainer: 1) == 1)
    let metrics = try store.read { try Int.fetchOne($0, sql: "SELECT count(*) FROM metric") }
    #expect(metrics == 0)
  }

  // MARK: Leases

  @Test func aTrialIsLeasedToOneBuild() throws {
    let store = try RunStore.inMemory()
    let identity = TrialIdentity(Square(x: 1), trainer: 1)
    let mine = LeaseHolder.new()
    let other = LeaseHolder.new()
    guard case .granted = try store.lease(identity, to: mine) else {
      Issue.record("a free trial must be granted")
      return
    }
    guard case .held = try store.lease(identity, to: other) else {
      Issue.record("a leased trial must be held")
      return
    }
    try store.commit(Self.row(1))
    guard case .known(let row) = try store.lease(identity, to: other) else {
      Issue.record("a committed trial must be known")
      return
    }
    #expect(row == Self.row(1))
  }

  @Test func aLeaseEndsWithItsProcessOrItsHeartbeat() throws {
    let store = try RunStore.inMemory()
    let identity = TrialIdentity(Square(x: 1), trainer: 1)
    // No process has the highest number.
    let dead = LeaseHolder(name: "dead", host: Machine.host, process: Int32.max)
    _ = try store.lease(identity, to: dead)
    guard case .granted = try store.lease(identity, to: .new()) else {
      Issue.record("the lease of a dead process must be void")
      return
    }
    let far = LeaseHolder(name: "far", host: "elsewhere", process: Int32.max)
    try store.endLeases(of: far)
    let second = TrialIdentity(Square(x: 2), trainer: 1)
    _ = try store.lease(second, to: far)
    guard case .held = try store.lease(second, to: .new()) else {
      Issue.record("a process of another host cannot be seen dead")
      return
    }
    try store.write {
      try $0.execute(
        sql: "UPDATE lease SET heartbeat = heartbeat - ? WHERE holder = 'far'",
        arguments: [RunStore.leaseSeconds + 1])
    }
    guard case .granted = try store.lease(second, to: .new()) else {
      Issue.record("a lease without heartbeat must be void")
      return
    }
  }
}

struct RunStoreErrorTests {
  static func error(opening path: String, access: RunStore.Access = .readWrite) -> LaboratoryError?
  {
    do {
      _ = try RunStore.open(path: path, access: access)
      return nil
    } catch {
      return error
    }
  }

  @Test func otherFilesAreRecognisedAndLeftAlone() throws {
    try withFolder { folder in
      let text = folder.appendingPathComponent("notes.txt")
      try Data("dear diary".utf8).write(to: text)
      #expect(
        Self.error(opening: text.path)
          == .notAStore(path: text.path, found: "a file that is no SQLite database"))
      #expect(try Data(contentsOf: text) == Data("dear diary".utf8))

      let foreign = folder.appendingPathComponent("foreign.sqlite")
      let queue = try DatabaseQueue(path: foreign.path)
      try queue.write { try $0.execute(sql: "CREATE TABLE photo (id INTEGER)") }
      try queue.close()
      let bytes = try Data(contentsOf: foreign)
      #expect(
        Self.error(opening: foreign.path)
          == .notAStore(path: foreign.path, found: "the SQLite database of another program"))
      #expect(try Data(contentsOf: foreign) == bytes)
      #expect(Self.error(opening: folder.path) == .folderInTheWay(path: folder.path))
      // Nothing was written beside them.
      #expect(
        try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
          == ["foreign.sqlite", "notes.txt"])
    }
  }

  @Test func aStoreOfALaterProgramIsLeftAlone() throws {
    try withFolder { folder in
      let path = folder.appendingPathComponent("runs.sqlite").path
      try RunStore.open(path: path).commit(RunStoreTests.row(1))
      let queue = try DatabaseQueue(path: path)
      try queue.write { try $0.execute(sql: "PRAGMA user_version = 9") }
      try queue.writeWithoutTransaction { try $0.execute(sql: "PRAGMA journal_mode = DELETE") }
      try queue.close()
      let bytes = try Data(contentsOf: URL(fileURLWithPath: path))
      for access in [RunStore.Access.readWrite, .readOnly] {
        #expect(
          Self.error(opening: path, access: access)
            == .newerStore(path: path, found: 9, known: 1))
      }
      #expect(try Data(contentsOf: URL(fileURLWithPath: path)) == bytes)
    }
  }

  @Test func anEmptyFileBecomesAStore() throws {
    try withFolder { folder in
      let path = folder.appendingPathComponent("runs.sqlite").path
      try Data().write(to: URL(fileURLWithPath: path))
      try RunStore.open(path: path).commit(RunStoreTests.row(1))
      #expect(try RunStore.open(path: path).allRows().count == 1)
    }
  }

  @Test func aReadOnlyStoreAnswersWhatItKnows() throws {
    try withFolder { folder in
      let path = folder.appendingPathComponent("runs.sqlite").path
      let open = try RunStore.open(path: path)
      let trials = [Square(x: 1), Square(x: 2)]
      let outcomes = try laboratory(open).run(trials).outcomes
      // The writer still lives, so rows are in the log beside the file.
      let store = try RunStore.open(path: path, access: .readOnly)
      #expect(store.readOnlyReason != nil)
      #expect(try laboratory(store).run(trials).outcomes == outcomes)
      #expect(throws: LaboratoryError.self) { try laboratory(store).run([Square(x: 3)]) }
      #expect(throws: LaboratoryError.self) {
        try laboratory(store) { $0.rerun = ["square"] }.run(trials)
      }
      #expect(try open.allRows().count == 2)

      // As on a read-only disk.
      let copy = try RunStore.openCopy(path: path, reason: "the disk is read-only")
      #expect(try laboratory(copy).run(trials).outcomes == outcomes)
      #expect(
        throws: LaboratoryError.readOnlyStore(
          path: path, reason: "the disk is read-only", missing: 1, asked: 2)
      ) {
        try laboratory(copy).run([Square(x: 3), Square(x: 2)])
      }
    }
  }

  @Test func planningMakesNoFile() throws {
    try withFolder { folder in
      let path = folder.appendingPathComponent("none/runs.sqlite").path
      let store = try RunStore.open(path: path, access: .readOnly)
      #expect(try store.allRows().isEmpty)
      #expect(!FileManager.default.fileExists(atPath: path))
    }
  }

  @Test func aFullDiskStopsTheBuildAndKeepsWhatIsThere() throws {
    try withFolder { folder in
      let path = folder.appendingPathComponent("runs.sqlite").path
      let store = try RunStore.open(path: path)
      try store.database.writeWithoutTransaction { database in
        let pages = try Int.fetchOne(database, sql: "PRAGMA page_count") ?? 0
        try database.execute(sql: "PRAGMA max_page_count = \(pages + 8)")
      }
      let trials = (0..<2000).map { Square(x: Double($0), key: "full") }
      #expect(throws: LaboratoryError.diskFull(path: path)) { try laboratory(store).run(trials) }
      let kept = try store.allRows()
      #expect(!kept.isEmpty && kept.count < trials.count)
      #expect(Backstage.runs("full") < trials.count)
    }
  }

  /// Every text, so that a change of wording is seen.
  @Test(arguments: [
    (
      LaboratoryError.notAStore(path: "/p/x", found: "a file that is no SQLite database"),
      "The run store must be a file that this program made; /p/x is a file that is no SQLite database. "
        + "It was left as it is: move it away, or pass --store with another path."
    ),
    (
      .newerStore(path: "/p/x", found: 9, known: 1),
      "The run store /p/x has format 9; this program knows formats up to 1. "
        + "It was left as it is: update this package, or pass --store with another path."
    ),
    (
      .folderInTheWay(path: "/p/x"),
      "The run store must be a file; /p/x is a folder. "
        + "Pass --store with the path of a file, for example /p/x/runs.sqlite."
    ),
    (
      .noStore(path: "/p/x"),
      "There is no run store at /p/x. Run a chapter first, or pass --store with another path."
    ),
    (
      .cannotRead(path: "/p/x", reason: "r"),
      "The run store /p/x cannot be read: r. "
        + "Check its permissions, or pass --store with another path."
    ),
    (
      .cannotCreate(path: "/p/x", reason: "r"),
      "There is no run store at /p/x and none can be made: r. "
        + "Pass --store with a path that can be written."
    ),
    (
      .readOnlyStore(path: "/p/x", reason: "the disk is read-only", missing: 2, asked: 5),
      "The run store /p/x cannot be written: the disk is read-only. 2 of the 5 trials asked for are "
        + "not in it and would have to be trained. "
        + "Make it writable, or copy it and pass --store with the copy."
    ),
    (
      .diskFull(path: "/p/x"),
      "The disk that holds the run store /p/x is full. Every outcome up to here is kept: "
        + "free some space and start again, or pass --store with a path on another disk."
    ),
    (
      .damagedStore(path: "/p/x", detail: "d"),
      "The run store /p/x is damaged (d). Save what can be read with "
        + "`sqlite3 /p/x .recover | sqlite3 recovered.sqlite`, or move it away to train anew."
    ),
    (
      .lockedStore(path: "/p/x"),
      "The run store /p/x has been locked by another program for 30 seconds. "
        + "Close what holds it (`fuser /p/x` names it) and start again."
    ),
    (
      .storeFailed(path: "/p/x", detail: "d"),
      "The run store /p/x failed: d. Start again, or pass --store with another path."
    ),
    (
      .changedTrial(
        type: "Rung", name: "rung", parameters: "rung {}", difference: "`y` was 1 and is 2"),
      "`Rung.run` no longer gives what the store holds: `y` was 1 and is 2 for rung {}. "
        + "Bump `Rung.version`, or pass --rerun rung to forget its stored outcomes."
    ),
    (
      .outcomeDoesNotFit(type: "Rung", name: "rung", detail: "it has no `y`"),
      "A stored outcome is no `Rung.Outcome` any more: it has no `y`. "
        + "Bump `Rung.version`, or pass --rerun rung to forget its stored outcomes."
    ),
    (
      .unknownRerun(word: "rugn", known: ["rung", "trunk"]),
      "--rerun takes the name of a trial type, or 'failed'; 'rugn' is neither. "
        + "Did you mean 'rung'? The types are rung, trunk."
    ),
    (
      .circle(["a", "b", "a"]),
      "Trials must not wait for one another; here a asks for b asks for a. "
        + "Remove one of these calls of `context.outcome(of:)`."
    ),
    (
      .dependencyFailed(name: "rung", parameters: "{}", reason: "diverged"),
      "it needs rung {}, which failed: diverged"
    ),
  ])
  func textsSayWhatMustHoldAndWhatToDo(error: LaboratoryError, text: String) {
    #expect("\(error)" == text)
  }
}
