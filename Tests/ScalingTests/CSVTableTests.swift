import Testing

@testable import scaling

struct CSVTableTests {
  static func table(_ text: String) throws(DataError) -> CSVTable {
    try CSVTable(file: "runs.csv", bytes: Array(text.utf8))
  }

  static func error(_ bytes: [UInt8]) -> DataError? {
    do throws(DataError) {
      _ = try CSVTable(file: "runs.csv", bytes: bytes)
      return nil
    } catch {
      return error
    }
  }

  @Test(arguments: [
    ("N,D\n1,2\n3,4\n", [["1", "2"], ["3", "4"]]),
    ("N,D\r\n1,2\r\n3,4", [["1", "2"], ["3", "4"]]),
    ("\u{FEFF}N,D\n1,2\n", [["1", "2"]]),
    ("N,D\n\n 1 ,\t2\n\n", [["1", "2"]]),
    ("N,D\n\"1,5\",\"say \"\"two\"\"\"\n", [["1,5", "say \"two\""]]),
    ("N,D\n\" 1 \n\",2\n", [[" 1 \n", "2"]]),
    ("N,D\n1,\n,\n", [["1", ""], ["", ""]]),
    ("N,D\n", []),
  ])
  func fieldsAreReadAsWritten(text: String, rows: [[String]]) throws {
    let table = try Self.table(text)
    #expect(table.columns == ["N", "D"])
    #expect(table.rows.map(\.fields) == rows)
  }

  @Test func rowsAreNumberedAsASpreadsheetShowsThem() throws {
    let table = try Self.table("N,D\n1,2\n\n\"a\nb\",4\n5,6\n")
    #expect(table.rows.map(\.number) == [2, 4, 6])
  }

  @Test(arguments: [
    ("", DataError.empty(file: "runs.csv")),
    ("\n\n", .empty(file: "runs.csv")),
    ("N,D\n\"1,2\n", .unclosedQuote(file: "runs.csv", row: 2)),
    ("N,D\n1,\"2\"x\n", .textAfterQuote(file: "runs.csv", row: 2, column: 2)),
    ("N,D,N\n", .duplicateColumn(file: "runs.csv", name: "N")),
  ])
  func aBrokenTableIsRefused(text: String, error: DataError) {
    #expect(Self.error(Array(text.utf8)) == error)
  }

  @Test func bytesThatAreNoTextNameTheirRow() {
    #expect(
      Self.error(Array("N\n1\n".utf8) + [0xFF, 0x0A]) == .notUTF8(file: "runs.csv", row: 3))
  }

  @Test func aFileThatIsNotThereIsNamed() {
    #expect(
      throws: DataError.unreadable(
        file: "/nowhere/runs.csv", reason: "there is no such file")
    ) { try CSVTable(path: "/nowhere/runs.csv") }
  }

  @Test(
    arguments: [
      ("2.71", 2.71), ("6e23", 6e23), ("1.4B", 1.4e9), ("300M", 3e8), ("300m", 3e8), ("12k", 12e3),
      ("15T", 15e12), ("1_000", 1000), ("-3", -3), (".5", 0.5), ("1e3K", 1e6),
    ] as [(String, Double)])
  func numbersAreReadAsPeopleWriteThem(text: String, value: Double) {
    #expect(CSVTable.number(text) == value)
  }

  @Test(arguments: ["", "nan", "inf", "B", "1.4BB", "1,4", "0x10", "one", "1 2", "٣"])
  func otherTextIsNoNumber(text: String) {
    #expect(CSVTable.number(text) == nil)
  }

  @Test(arguments: [
    ("los", "loss"), ("Loss", "loss"), ("n", "N"), ("tokens", "Tokens"), ("parameters", nil),
    ("x", nil),
  ])
  func theNearestColumnIsSuggested(name: String, nearest: String?) {
    #expect(CSVTable.nearest(name, in: ["N", "Tokens", "loss"]) == nearest)
  }
}

struct DataErrorTests {
  @Test(arguments: [
    (
      DataError.notANumber(file: "runs.csv", row: 17, column: "loss", found: "nan"),
      "`loss` must be a number such as 2.71, 1.4B, 300M or 6e23; row 17 of runs.csv has 'nan'. "
        + "Mend the row or pass --skip-invalid."
    ),
    (
      .notPositive(file: "runs.csv", row: 3, column: "N", found: "-1"),
      "`N` must be a positive, finite number; row 3 of runs.csv has '-1'. "
        + "Mend the row or pass --skip-invalid."
    ),
    (
      .missingColumn(
        file: "runs.csv", name: "los", option: "--loss", nearest: "loss", columns: ["N", "loss"]),
      "runs.csv has no column 'los'. Did you mean 'loss'? Its columns are N, loss. "
        + "Name the right one with --loss."
    ),
    (
      .wrongWidth(file: "runs.csv", row: 4, found: 2, expected: 3),
      "every row must have 3 fields, as the first line does; row 4 of runs.csv has 2."
    ),
    (
      .belowFloor(file: "runs.csv", row: 4, column: "loss", found: "1.5", floor: 1.69),
      "`loss` must lie above the floor 1.69; row 4 of runs.csv has '1.5'. "
        + "Lower --floor, leave it out, or pass --skip-invalid."
    ),
    (
      .textAfterQuote(file: "runs.csv", row: 2, column: 3),
      "a closing quote must be followed by a comma or the end of the line; field 3 of row 2 of "
        + "runs.csv goes on. Double a quote that belongs to the text."
    ),
    (
      .noRows(file: "runs.csv", skipped: 0), "runs.csv has no rows below its first line."
    ),
    (
      .noRows(file: "runs.csv", skipped: 2), "runs.csv has no usable row: all 2 were skipped."
    ),
  ])
  func anErrorSaysWhatMustHoldWhatWasFoundAndWhatToDo(error: DataError, text: String) {
    #expect(error.description == text)
  }
}
