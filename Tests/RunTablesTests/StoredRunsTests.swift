import Foundation
import Laboratory
import Testing

@testable import RunTables

/// Run stores are read as tables.
struct StoredRunsTests {
  struct Rung: Trial {
    static let name = "rung"
    static let version = 1
    var size: Int
    struct Outcome: Codable, Sendable { var loss: Double }
    func run(_ context: TrialContext) throws -> Outcome { Outcome(loss: 1 + 1 / Double(size)) }
  }

  struct Other: Trial {
    static let name = "other"
    static let version = 1
    func run(_ context: TrialContext) throws -> Double { 1 }
  }

  /// A store of three rungs, and of another trial if that is wanted; removed with its folder.
  static func withStore(other: Bool, _ body: (String) throws -> Void) throws {
    let folder = FileManager.default.temporaryDirectory
      .appendingPathComponent("stored-runs-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let path = folder.appendingPathComponent("runs.sqlite").path
    let store = try RunStore.open(path: path, access: .readWrite)
    let laboratory = Laboratory(
      store: store,
      workbench: Workbench(trainerVersion: 1, instructionSet: "test", measureFLOPS: { 1e9 }))
    _ = try laboratory.run([10, 100, 1000].map { Rung(size: $0) })
    if other { _ = try laboratory.run([Other()]) }
    store.close()
    try body(path)
  }

  static let names = RunTable.Names(
    n: "parameters.size", d: "parameters.size", loss: "outcome.loss")

  @Test func aStoreOfOneTypeIsATable() throws {
    try Self.withStore(other: false) { path in
      let table = try RunTable(path: path, names: Self.names)
      #expect(Set(table.runs.map(\.n)) == [10, 100, 1000])
      #expect(table.runs.allSatisfy { $0.loss == 1 + 1 / $0.n })
    }
  }

  @Test func ofSeveralTypesOneMustBeNamed() throws {
    try Self.withStore(other: true) { path in
      #expect(throws: DataError.severalTrials(file: path, trials: ["other", "rung"])) {
        try RunTable(path: path, names: Self.names)
      }
      #expect(
        throws: DataError.missingTrial(
          file: path, name: "rungs", nearest: "rung", trials: ["other", "rung"])
      ) { try RunTable(path: path, trial: "rungs", names: Self.names) }
      let table = try RunTable(path: path, trial: "rung", names: Self.names)
      #expect(table.runs.count == 3)
    }
  }
}
