import Foundation
import GRDB

/// A forecast as the store keeps it, one row of the table `forecast`.
public struct StoredForecast: Sendable, Equatable {
  /// Its name.
  public var name: String
  /// The name of the trial type that it is about.
  public var trial: String
  /// The parameters of the trials that it is about: a JSON list, sorted.
  public var runs: String
  /// What was expected, as canonical JSON.
  public var value: String
  /// When it was written, as seconds since 1970.
  public var made: Double
}

extension RunStore {
  /// Every forecast, the oldest first.
  public func forecasts() throws(LaboratoryError) -> [StoredForecast] {
    try read { database in
      guard try database.tableExists("forecast") else { return [] }
      return try Row.fetchAll(database, sql: "SELECT * FROM forecast ORDER BY made, name").map {
        StoredForecast(
          name: $0["name"], trial: $0["trial"], runs: $0["runs"], value: $0["value"],
          made: Timestamp.seconds($0["made"]))
      }
    }
  }

  /// Writes down what is expected of trials of one type, unless one of them was run already.
  ///
  /// Checks and writes in one transaction, so that no other build can run a trial in between. A
  /// failure counts as run, and so does a trial that a build runs at the moment. Until the first
  /// is run the forecast may be replaced; after that, writing the same again does nothing.
  ///
  /// - Throws: `forecastTooLate` for trials that were run without this forecast, `forecastChanged`
  ///   if another value stands in the store, `readOnlyStore`.
  func forecast(
    _ name: String, of trials: [TrialIdentity], value: String
  ) throws(LaboratoryError) {
    guard let first = trials.first else {
      preconditionFailure("the forecast '\(name)' must be about at least one trial")
    }
    precondition(
      trials.allSatisfy { $0.trial == first.trial },
      "the forecast '\(name)' must be about trials of one type")
    let parameters = Set(trials.map(\.parameters)).sorted()
    let runs = "[" + parameters.joined(separator: ",") + "]"
    let key: StatementArguments = [name, first.trial, first.version, first.trainer, runs]
    let isKey = "name = ? AND trial = ? AND version = ? AND trainer = ? AND runs = ?"
    let known = try read { database -> Row? in
      guard try database.tableExists("forecast") else { return nil }
      return try Row.fetchOne(
        database, sql: "SELECT * FROM forecast WHERE \(isKey)", arguments: key)
    }
    if let known, known["value"] == value { return }
    if let reason = readOnlyReason {
      throw .readOnlyStore(
        path: path, reason: reason, missing: trials.count, asked: trials.count)
    }
    let (place, total) = (path, parameters.count)
    let live = Date().timeIntervalSince1970 - Self.leaseSeconds
    try write { database in
      // A store that an earlier program made has no such table.
      try database.execute(sql: Schema.forecastSQL)
      let held = try parameters.count { parameters in
        try Bool.fetchOne(
          database,
          sql: """
            SELECT EXISTS (SELECT 1 FROM run
              WHERE trial = ? AND version = ? AND trainer = ? AND parameters = ?)
            OR EXISTS (SELECT 1 FROM lease
              WHERE trial = ? AND version = ? AND trainer = ? AND parameters = ? AND heartbeat > ?)
            """,
          arguments: [
            first.trial, first.version, first.trainer, parameters,
            first.trial, first.version, first.trainer, parameters, live,
          ]) ?? false
      }
      if held > 0 {
        let made = try String.fetchOne(
          database, sql: "SELECT made FROM forecast WHERE \(isKey)", arguments: key)
        if let made {
          throw LaboratoryError.forecastChanged(
            path: place, name: name, trial: first.trial, made: made)
        }
        throw LaboratoryError.forecastTooLate(
          path: place, name: name, trial: first.trial, held: held, asked: total)
      }
      try database.execute(
        sql: "INSERT OR REPLACE INTO forecast VALUES (?, ?, ?, ?, ?, ?, ?)",
        arguments: key + [value, Timestamp.text(Date().timeIntervalSince1970)])
    }
  }

  /// Forgets the forecasts about a trial type, as its runs are forgotten.
  static func forgetForecasts(
    of trial: String, trainer: Int, in database: Database
  ) throws {
    guard try database.tableExists("forecast") else { return }
    try database.execute(
      sql: "DELETE FROM forecast WHERE trial = ? AND trainer = ?", arguments: [trial, trainer])
  }
}

extension Laboratory {
  /// Writes into the store what is expected of trials, before they are run.
  ///
  ///     try lab.forecast("additive law", predicted, of: dear)
  ///     let runs = try lab.run(dear)
  ///
  /// The store refuses a forecast about trials that it already holds, and one that differs from what
  /// it holds: a forecast that could be changed after the runs would be none. The same forecast
  /// again is welcome, so that a program can be run twice. To begin anew, forget the runs.
  ///
  /// Numbers are compared as they are printed. Round them to the digits that matter, so that another
  /// machine's last bit is not another forecast.
  ///
  /// - Parameters:
  ///   - name: What tells it from other forecasts about the same trials.
  ///   - value: What is expected.
  ///   - trials: What it is about, at least one trial.
  public func forecast<T: Trial, Value: Encodable>(
    _ name: String, _ value: Value, of trials: [T]
  ) throws(LaboratoryError) {
    let text: String
    do {
      text = try CanonicalJSON.encode(value)
    } catch {
      preconditionFailure("the forecast '\(name)' cannot be written as JSON: \(error)")
    }
    try store.forecast(
      name, of: trials.map { TrialIdentity($0, trainer: workbench.trainerVersion) }, value: text)
  }
}
