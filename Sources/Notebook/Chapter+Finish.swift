import Foundation
import Laboratory
import Weaving

extension Chapter {
  /// Ends the chapter: writes the record and the figures, weaves the page, prints the summary.
  ///
  /// Refuses to write anything if what was said does not fit together: a name used twice, a claim
  /// without a verdict, a number that is none. Nothing can be run after it.
  public func finish() throws {
    try stage.guarding {
      if isPlan {
        stage.output.write("Nothing was started.\n")
        return
      }
      defer { laboratory.store.close() }
      let problems = ledger.allProblems
      guard problems.isEmpty else { throw NotebookError.unfit(problems) }
      let summary = laboratory.summary
      let record = record(summary)
      let stale = staleFiles(beside: record)
      for figure in rendered {
        for file in figure.files {
          try folder.write(file.bytes, to: "\(figure.name).\(file.kind)")
        }
      }
      try folder.write(Self.json(record), to: "record.json")
      try folder.write(Self.json(build(summary)), to: "build.json")
      folder.remove(stale)
      let page = try weave()
      if invocation.command.why {
        stage.output.write(laboratory.why.map { $0 + "\n" }.joined())
      }
      stage.output.write(
        ClosingSummary(
          record: record, summary: summary, console: stage.output, announced: announced
        ).text(page: stage.relative(page)))
    }
  }

  /// Prints the heading once, and a claim whose words are known before the runs.
  func announce(_ name: String, _ statement: String) {
    guard !isPlan, !statement.contains("\\(") else { return }
    if announced.isEmpty {
      stage.output.write(
        ClosingSummary.heading(number, title, profile.rawValue, console: stage.output) + "\n\n")
    }
    announced.insert(name)
    stage.output.write(ClosingSummary.claim(name, statement) + "\n")
  }

  private func record(_ summary: Summary) -> ChapterRecord {
    ChapterRecord(
      chapter: slug, number: number, title: title, profile: profile.rawValue,
      settings: invocation.listing.map {
        .init(name: $0.name, value: $0.value, help: $0.help)
      },
      claims: ledger.claims, values: ledger.values, figures: ledger.figures,
      tables: ledger.tables,
      provenance: Provenance(
        trainerVersion: summary.trainerVersion,
        trials: summary.types.map { .init(name: $0.name, version: $0.version, count: $0.count) },
        failures: summary.failures, seeds: summary.seeds, flops: summary.flops,
        tokens: summary.tokens))
  }

  private func build(_ summary: Summary) -> BuildRecord {
    let seconds = (ContinuousClock().now - start) / .seconds(1)
    return BuildRecord(
      date: Date().formatted(.iso8601), machine: Machine.description,
      instructionSet: workbench.instructionSet, workers: invocation.command.workers,
      seconds: seconds, known: summary.known, trained: summary.trained,
      trainingSeconds: summary.trainingSeconds)
  }

  /// The files of figures that an earlier record of this folder shows and this one does not.
  ///
  /// Only those: the folder may be the user's own, given by `--out`.
  private func staleFiles(beside record: ChapterRecord) -> [String] {
    guard let bytes = try? Data(contentsOf: folder.file("record.json")),
      let old = try? JSONDecoder().decode(ChapterRecord.self, from: bytes)
    else { return [] }
    let names = Set(record.figures.map(\.name))
    return old.figures.filter { !names.contains($0.name) }.flatMap { figure in
      ["svg", "csv", "png", "pdf"].map { "\(figure.name).\($0)" }
    }
  }

  /// Sorted keys, indented, the shortest digits that give each number, a newline at the end.
  static func json(_ value: some Encodable) throws -> Data {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    return try encoder.encode(value) + Data("\n".utf8)
  }
}
