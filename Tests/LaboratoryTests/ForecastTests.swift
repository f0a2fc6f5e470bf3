import Foundation
import GRDB
import Testing

@testable import Laboratory

struct ForecastTests {
  static func squares(_ numbers: Double...) -> [Square] { numbers.map { Square(x: $0) } }

  @Test func aForecastStandsInTheStoreBeforeItsRuns() throws {
    let store = try RunStore.inMemory()
    let lab = laboratory(store)
    try lab.forecast("squares", [4.0, 9.0], of: Self.squares(2, 3))
    let written = try #require(try store.forecasts().first)
    #expect(written.name == "squares" && written.trial == "square" && written.value == "[4,9]")
    let runs = try lab.run(Self.squares(2, 3))
    let rows = try store.allRows()
    #expect(runs.count == 2 && rows.allSatisfy { $0.started >= written.made - 0.001 })
  }

  @Test func runsThatAreKnownCannotBeForecast() throws {
    let lab = laboratory(try RunStore.inMemory())
    _ = try lab.run(Self.squares(3))
    #expect(
      throws: LaboratoryError.forecastTooLate(
        path: ":memory:", name: "squares", trial: "square", held: 1, asked: 2)
    ) {
      try lab.forecast("squares", [4.0, 9.0], of: Self.squares(2, 3))
    }
    #expect(try lab.store.forecasts().isEmpty)
  }

  @Test func aFailureCountsAsRun() throws {
    let lab = laboratory(try RunStore.inMemory())
    #expect(try lab.run(Self.squares(-1)).failures.count == 1)
    #expect(throws: LaboratoryError.self) {
      try lab.forecast("squares", 1, of: Self.squares(-1))
    }
  }

  @Test func theSameForecastAgainIsWelcomeAndAnotherIsNot() throws {
    let lab = laboratory(try RunStore.inMemory())
    try lab.forecast("squares", 4.0, of: Self.squares(2))
    try lab.forecast("squares", 4.5, of: Self.squares(2))
    _ = try lab.run(Self.squares(2))
    try lab.forecast("squares", 4.5, of: Self.squares(2))
    #expect {
      try lab.forecast("squares", 4.0, of: Self.squares(2))
    } throws: { error in
      guard case .forecastChanged(_, "squares", "square", _)? = error as? LaboratoryError else {
        return false
      }
      return true
    }
    #expect(try lab.store.forecasts().map(\.value) == ["4.5"])
  }

  @Test func aForecastIsForgottenWithItsRuns() throws {
    let store = try RunStore.inMemory()
    let lab = laboratory(store)
    try lab.forecast("squares", 5.0, of: Self.squares(2))
    _ = try lab.run(Self.squares(2))
    let again = laboratory(store) { $0.rerun = ["square"] }
    _ = try again.run(Self.squares(7))
    #expect(try store.forecasts().isEmpty)
    try again.forecast("squares", 4.0, of: Self.squares(2))
  }

  @Test func theOrderOfTheTrialsDoesNotMatter() throws {
    let lab = laboratory(try RunStore.inMemory())
    try lab.forecast("squares", 1, of: Self.squares(2, 3))
    _ = try lab.run(Self.squares(2, 3))
    try lab.forecast("squares", 1, of: Self.squares(3, 2, 3))
    #expect(try lab.store.forecasts().count == 1)
  }

  @Test func aStoreOfAnEarlierProgramGetsTheTable() throws {
    try withFolder { folder in
      let path = folder.appendingPathComponent("runs.sqlite").path
      do {
        let store = try RunStore.open(path: path)
        try store.write { try $0.execute(sql: "DROP TABLE forecast") }
        #expect(try store.forecasts().isEmpty)
        store.close()
      }
      let reading = laboratory(try RunStore.open(path: path, access: .readOnly))
      #expect {
        try reading.forecast("squares", 4, of: Self.squares(2))
      } throws: { error in
        guard case .readOnlyStore? = error as? LaboratoryError else { return false }
        return true
      }
      let lab = laboratory(try RunStore.open(path: path))
      try lab.forecast("squares", 4, of: Self.squares(2))
      #expect(try lab.store.forecasts().count == 1)
    }
  }

  @Test(arguments: [
    (
      LaboratoryError.forecastTooLate(
        path: "runs.sqlite", name: "n", trial: "dear-run", held: 2, asked: 9),
      ["before its runs", "9 trials", "holds 2", "--rerun dear-run", "--store"]
    ),
    (
      LaboratoryError.forecastChanged(
        path: "runs.sqlite", name: "n", trial: "dear-run", made: "2026-01-01"),
      ["cannot be changed", "since 2026-01-01", "--rerun dear-run", "--store"]
    ),
  ])
  func refusalsSayWhatToDo(error: LaboratoryError, parts: [String]) {
    for part in parts { #expect(error.description.contains(part), "\(error)") }
  }
}
