import Foundation
import GRDB

extension StoredRun {
  fileprivate init(_ row: Row) {
    self.init(
      identity: TrialIdentity(
        trial: row["trial"], version: row["version"], trainer: row["trainer"],
        parameters: row["parameters"]),
      outcome: row["outcome"], reason: row["reason"], seconds: row["seconds"],
      flops: row["flops"], tokens: row["tokens"], started: Timestamp.seconds(row["started"]),
      finished: Timestamp.seconds(row["finished"]), machine: row["machine"],
      instructionSet: row["instruction_set"])
  }
}

/// Times in the store: UTC, ISO 8601 with milliseconds, so that they sort as text.
enum Timestamp {
  private static let style = Date.ISO8601FormatStyle(includingFractionalSeconds: true)

  static func text(_ seconds: Double) -> String {
    Date(timeIntervalSince1970: seconds).formatted(style)
  }

  static func seconds(_ text: String) -> Double {
    ((try? Date(text, strategy: style)) ?? .distantPast).timeIntervalSince1970
  }
}

private let whereIdentity = "trial = ? AND version = ? AND trainer = ? AND parameters = ?"

extension TrialIdentity {
  fileprivate var arguments: StatementArguments { [trial, version, trainer, parameters] }
}

extension RunStore {
  func read<Value>(_ body: (Database) throws -> Value) throws(LaboratoryError) -> Value {
    do {
      return try database.read(body)
    } catch {
      throw LaboratoryError(error, path: path)
    }
  }

  func write<Value>(_ body: (Database) throws -> Value) throws(LaboratoryError) -> Value {
    do {
      return try database.write(body)
    } catch {
      throw LaboratoryError(error, path: path)
    }
  }

  // MARK: Reading

  /// The stored row of one trial.
  public func row(for identity: TrialIdentity) throws(LaboratoryError) -> StoredRun? {
    try rows(for: [identity])[identity]
  }

  /// The stored rows of those trials that have one.
  public func rows(
    for identities: [TrialIdentity]
  ) throws(LaboratoryError) -> [TrialIdentity: StoredRun] {
    try read { database in
      let statement = try database.cachedStatement(
        sql: "SELECT * FROM run WHERE \(whereIdentity)")
      var found: [TrialIdentity: StoredRun] = [:]
      for identity in identities {
        let row = try Row.fetchOne(statement, arguments: identity.arguments)
        if let row { found[identity] = StoredRun(row) }
      }
      return found
    }
  }

  /// Every stored row, or those of one trial type, the oldest first.
  public func allRows(trial: String? = nil) throws(LaboratoryError) -> [StoredRun] {
    try read { database in
      let filter = trial == nil ? "" : "WHERE trial = ?"
      let rows = try Row.fetchAll(
        database, sql: "SELECT * FROM run \(filter) ORDER BY id",
        arguments: trial.map { [$0] } ?? [])
      return rows.map { StoredRun($0) }
    }
  }

  /// The names of the stored trial types, sorted.
  public func typeNames() throws(LaboratoryError) -> [String] {
    try read { try String.fetchAll($0, sql: "SELECT DISTINCT trial FROM run ORDER BY trial") }
  }

  /// The outcomes of a type that were cheapest to train, the cheapest first.
  func cheapest(
    trial: String, version: Int, trainer: Int, limit: Int
  ) throws(LaboratoryError) -> [StoredRun] {
    try read { database in
      let rows = try Row.fetchAll(
        database,
        sql: """
          SELECT * FROM run WHERE trial = ? AND version = ? AND trainer = ? AND status = 'ok'
          ORDER BY seconds, id LIMIT ?
          """,
        arguments: [trial, version, trainer, limit])
      return rows.map { StoredRun($0) }
    }
  }

  /// The identities that are stored of these types, for telling what is new about a trial.
  func census(of trials: Set<String>) throws(LaboratoryError) -> [String: [TrialIdentity]] {
    try read { database in
      var found: [String: [TrialIdentity]] = [:]
      for trial in trials {
        let rows = try Row.fetchAll(
          database,
          sql: "SELECT trial, version, trainer, parameters FROM run WHERE trial = ? ORDER BY id",
          arguments: [trial])
        found[trial] = rows.map {
          TrialIdentity(
            trial: $0["trial"], version: $0["version"], trainer: $0["trainer"],
            parameters: $0["parameters"])
        }
      }
      return found
    }
  }

  /// FLOPs and seconds of a type's outcomes on one machine with one instruction set.
  func timings(
    trial: String, machine: String, instructionSet: String
  ) throws(LaboratoryError) -> [(flops: Double, seconds: Double)] {
    try read { database in
      try Row.fetchAll(
        database,
        sql: """
          SELECT flops, seconds FROM run
          WHERE trial = ? AND machine = ? AND instruction_set = ? AND status = 'ok'
          ORDER BY id
          """,
        arguments: [trial, machine, instructionSet]
      ).map { ($0["flops"], $0["seconds"]) }
    }
  }

  // MARK: Writing

  /// Stores what a trial gave and ends its lease, in one transaction.
  ///
  /// An outcome that is there already stays: another build was faster, and both are the same.
  func commit(_ run: StoredRun) throws(LaboratoryError) {
    let metrics = run.outcome.flatMap { JSONTree($0)?.metrics } ?? []
    try write { database in
      try database.execute(
        sql: "DELETE FROM run WHERE \(whereIdentity) AND status = 'failed'",
        arguments: run.identity.arguments)
      let identity = run.identity
      try database.execute(
        sql: """
          INSERT INTO run (trial, version, trainer, parameters, status, outcome, reason, seconds,
            flops, tokens, started, finished, machine, instruction_set)
          VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
          ON CONFLICT DO NOTHING
          """,
        arguments: [
          identity.trial, identity.version, identity.trainer, identity.parameters,
          run.outcome == nil ? "failed" : "ok", run.outcome, run.reason, run.seconds, run.flops,
          run.tokens, Timestamp.text(run.started), Timestamp.text(run.finished), run.machine,
          run.instructionSet,
        ])
      if database.changesCount == 1 {
        let id = database.lastInsertedRowID
        let statement = try database.cachedStatement(
          sql: "INSERT INTO metric (run, name, step, value) VALUES (?, ?, ?, ?)")
        for metric in metrics {
          try statement.execute(arguments: [id, metric.name, metric.step, metric.value])
        }
      }
      try database.execute(
        sql: "DELETE FROM lease WHERE \(whereIdentity)", arguments: identity.arguments)
    }
  }

  /// Forgets what is stored of a type under one version of the trainer; returns how many runs.
  ///
  /// What was forecast about them is forgotten with them.
  func forget(trial: String, trainer: Int) throws(LaboratoryError) -> Int {
    try write { database in
      try Self.forgetForecasts(of: trial, trainer: trainer, in: database)
      try database.execute(
        sql: "DELETE FROM run WHERE trial = ? AND trainer = ?", arguments: [trial, trainer])
      return database.changesCount
    }
  }

  /// Forgets the failures of every type under one version of the trainer; returns how many.
  func forgetFailures(trainer: Int) throws(LaboratoryError) -> Int {
    try write { database in
      try database.execute(
        sql: "DELETE FROM run WHERE status = 'failed' AND trainer = ?", arguments: [trainer])
      return database.changesCount
    }
  }
}

// MARK: - Leases

/// One running build, as leases name it.
struct LeaseHolder: Sendable {
  var name: String
  var host: String
  var process: Int32

  /// This process; several laboratories in it are several holders.
  static func new() -> LeaseHolder {
    let process = ProcessInfo.processInfo.processIdentifier
    return LeaseHolder(
      name: "\(Machine.host)/\(process)/\(UUID().uuidString.prefix(8))", host: Machine.host,
      process: process)
  }
}

/// The answer to a build that wants to run a trial.
enum LeaseAnswer {
  /// It is yours to run.
  case granted
  /// It has been run in the meantime.
  case known(StoredRun)
  /// Another build runs it at the moment.
  case held
}

extension RunStore {
  /// A lease without a heartbeat for so many seconds is void; so is one whose process is dead.
  static let leaseSeconds = 30.0

  /// Asks for the right to run a trial.
  func lease(
    _ identity: TrialIdentity, to holder: LeaseHolder
  ) throws(LaboratoryError) -> LeaseAnswer {
    let now = Date().timeIntervalSince1970
    return try write { database in
      let row = try Row.fetchOne(
        database, sql: "SELECT * FROM run WHERE \(whereIdentity)", arguments: identity.arguments)
      if let row { return .known(StoredRun(row)) }
      let lease = try Row.fetchOne(
        database, sql: "SELECT * FROM lease WHERE \(whereIdentity)", arguments: identity.arguments)
      if let lease, isLive(lease, now: now) { return .held }
      try database.execute(
        sql: "INSERT OR REPLACE INTO lease VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        arguments: [
          identity.trial, identity.version, identity.trainer, identity.parameters,
          holder.name, holder.host, holder.process, now,
        ])
      return .granted
    }
  }

  private func isLive(_ lease: Row, now: Double) -> Bool {
    let heartbeat: Double = lease["heartbeat"]
    guard abs(now - heartbeat) < Self.leaseSeconds else { return false }
    let host: String = lease["host"]
    return host != Machine.host || Machine.isAlive(process: lease["process"])
  }

  /// Renews every lease of a build.
  func renewLeases(of holder: LeaseHolder) throws(LaboratoryError) {
    try write {
      try $0.execute(
        sql: "UPDATE lease SET heartbeat = ? WHERE holder = ?",
        arguments: [Date().timeIntervalSince1970, holder.name])
    }
  }

  /// Gives back every lease of a build, and removes what builds left that were killed.
  func endLeases(of holder: LeaseHolder) throws(LaboratoryError) {
    try write {
      try $0.execute(
        sql: "DELETE FROM lease WHERE holder = ? OR heartbeat < ?",
        arguments: [holder.name, Date().timeIntervalSince1970 - Self.leaseSeconds])
    }
  }

  // MARK: Canaries

  /// Whether this program was found to give what the store holds of a type.
  func isTrusted(
    _ program: ProgramStamp, trial: TrialIdentity, instructionSet: String
  ) throws(LaboratoryError) -> Bool {
    try read { database in
      try Bool.fetchOne(
        database,
        sql: """
          SELECT 1 FROM canary WHERE trial = ? AND version = ? AND trainer = ? AND program = ?
          AND content = ? AND instruction_set = ?
          """,
        arguments: [
          trial.trial, trial.version, trial.trainer, program.path, program.content, instructionSet,
        ]) ?? false
    }
  }

  /// Remembers that this program gives what the store holds of a type.
  func trust(
    _ program: ProgramStamp, trial: TrialIdentity, instructionSet: String
  ) throws(LaboratoryError) {
    guard readOnlyReason == nil else { return }
    try write { database in
      try database.execute(
        sql: "INSERT OR REPLACE INTO canary VALUES (?, ?, ?, ?, ?, ?)",
        arguments: [
          trial.trial, trial.version, trial.trainer, program.path, program.content, instructionSet,
        ])
    }
  }
}
