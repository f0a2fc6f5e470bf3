import Foundation
import GRDB

extension RunStore {
  /// What is stored of one version of a trial type.
  public struct TypeSummary: Sendable, Equatable {
    /// `Trial.name`.
    public var name: String
    /// `Trial.version`.
    public var version: Int
    /// The trainer's version.
    public var trainer: Int
    /// Stored outcomes.
    public var outcomes: Int
    /// Stored failures.
    public var failures: Int
    /// Seconds of all of them, on whatever machine that was.
    public var seconds: Double
    /// FLOPs of all of them.
    public var flops: Double
    /// When the last one ended, UTC.
    public var finished: String
  }

  /// What is stored, by type and version.
  public func types() throws(LaboratoryError) -> [TypeSummary] {
    try read { database in
      try Row.fetchAll(
        database,
        sql: """
          SELECT trial, version, trainer, sum(status = 'ok') AS outcomes,
            sum(status = 'failed') AS failures, sum(seconds) AS seconds, sum(flops) AS flops,
            max(finished) AS finished
          FROM run GROUP BY trial, version, trainer ORDER BY trial, version, trainer
          """
      ).map { row in
        TypeSummary(
          name: row["trial"], version: row["version"], trainer: row["trainer"],
          outcomes: row["outcomes"], failures: row["failures"], seconds: row["seconds"],
          flops: row["flops"], finished: row["finished"])
      }
    }
  }

  /// The runs as comma-separated values (RFC 4180), one row a run, the oldest first.
  ///
  /// Columns: those of the table `run`, then each field of the parameters as `parameters.width` and
  /// each field of the outcome as `outcome.loss`; numbers as they are stored. Lists of an outcome
  /// are left out, they stand in the table `metric`. Nil is every type; with several types in one
  /// table each leaves the other's columns empty.
  public func csv(trial: String? = nil) throws(LaboratoryError) -> String {
    let rows = try allRows(trial: trial)
    var names: [String] = []
    var seen: Set<String> = []
    var fields: [[String: String]] = []
    for kind in ["parameters", "outcome"] {
      for (index, row) in rows.enumerated() {
        if fields.count <= index { fields.append([:]) }
        let json = kind == "outcome" ? row.outcome : row.identity.parameters
        for field in json.flatMap({ JSONTree($0) })?.scalars ?? [] {
          let name = "\(kind).\(field.name)"
          fields[index][name] = field.value
          if seen.insert(name).inserted { names.append(name) }
        }
      }
    }
    let header =
      [
        "trial", "version", "trainer", "status", "reason", "seconds", "flops", "tokens", "started",
        "finished", "machine", "instruction_set",
      ] + names
    var lines = [header.map(Self.quoted).joined(separator: ",")]
    for (row, fields) in zip(rows, fields) {
      let cells =
        [
          row.identity.trial, "\(row.identity.version)", "\(row.identity.trainer)",
          row.outcome == nil ? "failed" : "ok", row.reason, "\(row.seconds)", "\(row.flops)",
          "\(row.tokens)", Timestamp.text(row.started), Timestamp.text(row.finished), row.machine,
          row.instructionSet,
        ] + names.map { fields[$0] ?? "" }
      lines.append(cells.map(Self.quoted).joined(separator: ","))
    }
    return lines.joined(separator: "\n") + "\n"
  }

  /// A cell, in quotes if it holds a comma, a quote or a line break.
  private static func quoted(_ text: String) -> String {
    guard text.contains(where: { ",\"\r\n".contains($0) || $0.isNewline }) else { return text }
    return "\"" + text.replacingOccurrences(of: "\"", with: "\"\"") + "\""
  }
}
