import Foundation
import Testing

@testable import RunTables

struct RunTableTests {
  static func table(
    _ text: String, names: RunTable.Names = RunTable.Names(), floor: Double? = nil,
    hasCurves: Bool = false, skipInvalid: Bool = false
  ) throws(DataError) -> RunTable {
    try RunTable(
      bytes: Array(text.utf8), file: "runs.csv", names: names, floor: floor, hasCurves: hasCurves,
      skipInvalid: skipInvalid)
  }

  static func error(_ bytes: [UInt8], names: RunTable.Names = RunTable.Names()) -> DataError? {
    do throws(DataError) {
      _ = try RunTable(bytes: bytes, file: "runs.csv", names: names)
      return nil
    } catch {
      return error
    }
  }

  /// N, D and loss of each run.
  static func numbers(_ table: RunTable) -> [[Double]] { table.runs.map { [$0.n, $0.d, $0.loss] } }

  // MARK: Formats

  @Test(arguments: [
    "N,D,loss\n1,2,3\n4,5,6\n", "N,D,loss\r\n1,2,3\r\n4,5,6", "N,D,loss\r1,2,3\r4,5,6\r",
    "\u{FEFF}N,D,loss\n1,2,3\n4,5,6\n", "N,D,loss\n\n 1 ,\t2,3 \n4,5,6\n\n",
    "N,\"D\", \"loss\"\n\"1\",2,\"3\"\n4,\" 5 \",6\n", "N\tD\tloss\n1\t2\t3\n4\t5\t6\n",
    "loss,x,D,N\n3,,2,1\n6,\"a,\"\"b\"\"\nc\",5,4\n",
    "{\"N\":1,\"D\":2,\"loss\":3}\n\n{\"loss\": 6.0, \"D\": \"5\", \"N\": 4, \"tags\": [1,{\"N\":9}]}\n",
    "\u{FEFF} { \"N\" : 1, \"D\" : 2e0, \"x\": {\"y\": null}, \"loss\" : 3 } \r\n{\"N\":4,\"D\":5,\"loss\":6}",
  ])
  func everyFormatGivesTheSameRuns(text: String) throws {
    #expect(Self.numbers(try Self.table(text)) == [[1, 2, 3], [4, 5, 6]])
  }

  @Test func keysOfInnerObjectsAreNamedByTheirPath() throws {
    let names = RunTable.Names(n: "model.size", loss: "metrics.eval.loss")
    let table = try Self.table(
      "{\"model\": {\"size\": \"1.4B\"}, \"tokens\": 2e10, \"metrics\": {\"eval\": {\"loss\": 2.5}}}\n",
      names: names)
    #expect(Self.numbers(table) == [[1.4e9, 2e10, 2.5]])
  }

  @Test func aFileIsReadThroughAWindowSmallerThanItself() throws {
    let path = FileManager.default.temporaryDirectory.appendingPathComponent(
      "\(UUID().uuidString).csv"
    ).path
    defer { try? FileManager.default.removeItem(atPath: path) }
    var text = "N,note,D,loss\r\n"
    let note = String(repeating: "a \"\"long\"\" note,\r\n", count: 40)
    for row in 1...6000 { text += "\(row),\"\(note)\",\(2 * row),3.5\r\n" }
    try text.write(toFile: path, atomically: true, encoding: .utf8)
    let table = try RunTable(path: path)
    #expect(table.runs.map(\.n) == (1...6000).map { Double($0) })
    #expect(table.runs.map(\.d) == (1...6000).map { Double(2 * $0) })
    // Each row holds 41 lines.
    #expect(table.runs[5999].row == 2 + 5999 * 41)
  }

  @Test func aLineLongerThanTheWindowIsRefusedAndNotHeld() throws {
    let path = FileManager.default.temporaryDirectory.appendingPathComponent(
      "\(UUID().uuidString).csv"
    ).path
    defer { try? FileManager.default.removeItem(atPath: path) }
    // 2 GB that take no room on the disk: zeros behind the first line.
    _ = FileManager.default.createFile(atPath: path, contents: Data("N,D,loss\n1,2,3\n".utf8))
    let file = try #require(FileHandle(forWritingAtPath: path))
    try file.truncate(atOffset: 2 << 30)
    try file.close()
    #expect(throws: DataError.lineTooLong(file: path, row: 3, limit: 8 << 20)) {
      try RunTable(path: path)
    }
  }

  @Test func rowsAreNumberedAsASpreadsheetShowsThem() throws {
    let table = try Self.table("N,D,loss,x\n1,2,3,\n\n4,5,6,\"a\nb\"\n7,8,9,\n")
    #expect(table.runs.map(\.row) == [2, 4, 6])
  }

  // MARK: Columns

  @Test(arguments: [
    "params,tokens,val_loss", "Model Size,Training Tokens,loss", "N,D,l",
    "num_params,train_tokens,Final Loss", "n_parameters,n_tokens,loss",
  ])
  func columnsAreFoundByTheirUsualNames(header: String) throws {
    #expect(Self.numbers(try Self.table("\(header)\n1,2,3\n")) == [[1, 2, 3]])
  }

  @Test func computeStandsInForSizeOrData() throws {
    let size = try Self.table("Training FLOP,N,loss\n6e20,1B,3\n").runs
    #expect(abs(size[0].d / 1e11 - 1) < 1e-12)
    let data = try Self.table("C,D,loss\n6e20,100B,3\n").runs
    #expect(abs(data[0].n / 1e9 - 1) < 1e-12)
  }

  @Test func sizeAndDataComeBeforeComputeUnlessComputeIsNamed() throws {
    let text = "N,D,C,loss\n1e9,2e9,6e20,3\n"
    #expect(try Self.table(text).runs[0].d == 2e9)
    for names in [RunTable.Names(n: "N", c: "C"), RunTable.Names(c: "C")] {
      #expect(abs(try Self.table(text, names: names).runs[0].d / 1e11 - 1) < 1e-12)
    }
    let names = RunTable.Names(d: "D", c: "C")
    #expect(abs(try Self.table(text, names: names).runs[0].n / 5e10 - 1) < 1e-12)
  }

  @Test func groupsRatesAndOtherColumnsAreRead() throws {
    let names = RunTable.Names(group: "seed", others: ["year"])
    let table = try Self.table(
      "seed,N,D,loss,lr,year\na,1,2,3,1e-3,2020\nb,4,5,6,,2021\na,7,8,9,x,-1\n", names: names)
    #expect(table.groups == ["a", "b"] && table.runs.map(\.group) == [0, 1, 0])
    #expect(table.learningRates[0] == 1e-3 && table.learningRates[1].isNaN)
    #expect(table.others == ["year": [2020, 2021, -1]])
    let kept = table.filtered { $0 != 1 }
    #expect(kept.runs.map(\.n) == [1, 7] && kept.others["year"] == [2020, -1])
  }

  @Test(arguments: [
    ("N,loss\n1,2\n", "D", "--d"), ("D,loss\n1,2\n", "N", "--n"), ("loss\n2\n", "N", "--n"),
    ("C,loss\n1,2\n", "N", "--n"), ("N,D\n1,2\n", "loss", "--loss"),
  ])
  func aMissingColumnIsNamedWithItsOption(text: String, name: String, option: String) {
    guard case .missingColumn("runs.csv", name, option, _, _) = Self.error(Array(text.utf8)) else {
      Issue.record("\(text) lacks \(name)")
      return
    }
  }

  @Test(arguments: [
    ("los", "loss"), ("Loss", "loss"), ("n", "N"), ("tokens", "Tokens"), ("parameters", nil),
    ("x", nil),
  ])
  func theNearestColumnIsSuggested(name: String, nearest: String?) {
    #expect(ColumnRole.nearest(name, in: ["N", "Tokens", "loss"]) == nearest)
  }

  // MARK: Faults

  @Test(arguments: [
    ("", DataError.empty(file: "runs.csv")), ("\n\n", .empty(file: "runs.csv")),
    ("\u{FEFF}", .empty(file: "runs.csv")),
    ("N,D,loss\n", .noRows(file: "runs.csv", skipped: 0)),
    ("N,D,loss\n1,2,\"3\n", .unclosedQuote(file: "runs.csv", row: 2)),
    ("N,D,loss\n1,\"2\"x,3\n", .textAfterQuote(file: "runs.csv", row: 2, column: 2)),
    ("N,D,N,loss\n1,2,3,4\n", .duplicateColumn(file: "runs.csv", name: "N")),
    (
      "N,tokens,train_tokens,loss\n1,2,3,4\n",
      .ambiguousColumn(
        file: "runs.csv", role: "D", option: "--d", names: ["tokens", "train_tokens"])
    ),
  ])
  func aBrokenTableIsRefused(text: String, error: DataError) {
    #expect(Self.error(Array(text.utf8)) == error)
  }

  @Test(arguments: [
    ("1,x,3,a", DataError.notANumber(file: "runs.csv", row: 3, column: "D", found: "x")),
    ("1,NaN,3,a", .notANumber(file: "runs.csv", row: 3, column: "D", found: "NaN")),
    ("1,,3,a", .notANumber(file: "runs.csv", row: 3, column: "D", found: "")),
    ("1,\"2,5\",3,a", .notANumber(file: "runs.csv", row: 3, column: "D", found: "2,5")),
    ("0,1,3,a", .notPositive(file: "runs.csv", row: 3, column: "N", found: "0")),
    ("1,-1,3,a", .notPositive(file: "runs.csv", row: 3, column: "D", found: "-1")),
    ("1,1,1e999,a", .notPositive(file: "runs.csv", row: 3, column: "loss", found: "1e999")),
    ("1,1,-0.0,a", .notPositive(file: "runs.csv", row: 3, column: "loss", found: "-0.0")),
    ("1,1", .wrongWidth(file: "runs.csv", row: 3, found: 2, expected: 4)),
    ("1,1,3,a,b", .wrongWidth(file: "runs.csv", row: 3, found: 5, expected: 4)),
    ("1,1,3,", .emptyGroup(file: "runs.csv", row: 3, column: "seed")),
    ("1,1,1,a", .belowFloor(file: "runs.csv", row: 3, column: "loss", found: "1", floor: 1.5)),
  ])
  func aBadRowStopsOrIsSkippedAndCounted(row: String, fault: DataError) throws {
    let text = "N,D,loss,seed\n1,2,3,a\n\(row)\n4,5,6,a\n"
    let names = RunTable.Names(group: "seed")
    #expect(throws: fault) { try Self.table(text, names: names, floor: 1.5) }
    let table = try Self.table(text, names: names, floor: 1.5, skipInvalid: true)
    #expect(table.runs.map(\.row) == [2, 4])
    #expect(table.skipped == [fault] && table.skippedCount == 1)
  }

  @Test(arguments: [
    (
      "{\"N\":1,\"D\":2}", DataError.notANumber(file: "runs.csv", row: 2, column: "loss", found: "")
    ),
    (
      "{\"N\":null,\"D\":2,\"loss\":1}",
      .notANumber(file: "runs.csv", row: 2, column: "N", found: "null")
    ),
    ("{\"N\":1,\"N\":2}", .duplicateKey(file: "runs.csv", row: 2, name: "N")),
    ("[1,2]", .notJSON(file: "runs.csv", row: 2, reason: "no '{' at its beginning")),
    ("{\"N\":1", .notJSON(file: "runs.csv", row: 2, reason: "an unclosed object")),
    ("{N:1}", .notJSON(file: "runs.csv", row: 2, reason: "a key without quotes around it")),
    ("{\"N\":1} 2", .notJSON(file: "runs.csv", row: 2, reason: "text after the object")),
  ])
  func aBadLineOfJSONStopsOrIsSkipped(line: String, fault: DataError) throws {
    let text = "{\"N\":1,\"D\":2,\"loss\":3}\n\(line)\n{\"N\":4,\"D\":5,\"loss\":6}\n"
    #expect(Self.error(Array(text.utf8)) == fault)
    #expect(try Self.table(text, skipInvalid: true).runs.map(\.row) == [1, 3])
  }

  @Test func bytesThatAreNoTextNameTheirRow() {
    let bytes = Array("N,D,loss\n1,2,3\n1,2,".utf8) + [0xFF, 0x0A]
    #expect(Self.error(bytes) == .notUTF8(file: "runs.csv", row: 3))
  }

  @Test func aTableWithNoUsableRowSaysHowManyWereSkipped() {
    #expect(throws: DataError.noRows(file: "runs.csv", skipped: 2)) {
      try Self.table("N,D,loss\n1,2,x\n1,2\n", skipInvalid: true)
    }
  }

  @Test func aFileThatIsNotThereIsNamed() {
    #expect(
      throws: DataError.unreadable(file: "/tmp", reason: "it is a folder; name a file")
    ) { try RunTable(path: "/tmp") }
    #expect(
      throws: DataError.unreadable(file: "/nowhere/runs.csv", reason: "there is no such file")
    ) { try RunTable(path: "/nowhere/runs.csv") }
  }
}

struct NumberTextTests {
  @Test(
    arguments: [
      ("2.71", 2.71), ("6e23", 6e23), ("1.4B", 1.4e9), ("300M", 3e8), ("300m", 3e8), ("12k", 12e3),
      ("15T", 15e12), ("1_000", 1000), ("-3", -3), (".5", 0.5), ("1e3K", 1e6), (" 7 ", 7),
      ("+1.", 1), ("0.1", 0.1), ("1e-400", 0),
      ("123456789012345678901234567890", 1.2345678901234568e29),
      ("2.2250738585072014e-308", .leastNormalMagnitude), ("9007199254740993", 9007199254740992),
      ("3.0e-5", 3e-5), ("1G", 1e9),
    ] as [(String, Double)])
  func numbersAreReadAsPeopleWriteThem(text: String, value: Double) {
    #expect(NumberText.value(text) == value)
  }

  @Test(arguments: [
    "", " ", "nan", "NaN", "inf", "-Infinity", "B", "1.4BB", "1,4", "0x10", "one", "1 2", "٣", "1e",
    "1e+", "--1", "1.2.3", "_1", ".", "-", "1e5.5", "2%",
  ])
  func otherTextIsNoNumber(text: String) {
    #expect(NumberText.value(text) == nil)
  }

  @Test func everyDoubleSurvivesItsOwnText() {
    var generator = SystemRandomNumberGenerator()
    for _ in 0..<20000 {
      let value = Double(bitPattern: generator.next() & 0x7FFF_FFFF_FFFF_FFFF)
      guard value.isFinite else { continue }
      #expect(NumberText.value("\(value)") == value)
    }
    for step in 0..<2000 {
      let value = 1.5 + Double(step) * 0.0013
      #expect(NumberText.value("\(value)") == value)
    }
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
      .ambiguousColumn(file: "runs.csv", role: "D", option: "--d", names: ["tokens", "data"]),
      "runs.csv has 2 columns that may be D: tokens, data. Name the right one with --d."
    ),
    (
      .wrongWidth(file: "runs.csv", row: 4, found: 2, expected: 3),
      "every row must have 3 fields, as the first line does; row 4 of runs.csv has 2. "
        + "Mend the row or pass --skip-invalid."
    ),
    (
      .lineTooLong(file: "runs.csv", row: 4, limit: 8 << 20),
      "a row must fit into 8 MiB; row 4 of runs.csv does not. Is this a table?"
    ),
    (
      .notJSON(file: "runs.jsonl", row: 4, reason: "an unclosed list"),
      "every line must be a JSON object; row 4 of runs.jsonl has an unclosed list. "
        + "Mend the row or pass --skip-invalid."
    ),
    (
      .belowFloor(file: "runs.csv", row: 4, column: "loss", found: "1.5", floor: 1.69),
      "`loss` must lie above the floor 1.69; row 4 of runs.csv has '1.5'. "
        + "Lower --floor, leave it out, or pass --skip-invalid."
    ),
    (
      .textAfterQuote(file: "runs.csv", row: 2, column: 3),
      "a closing quote must be followed by a separator or the end of the line; field 3 of row 2 of "
        + "runs.csv goes on. Double a quote that belongs to the text."
    ),
    (
      .severalTrials(file: "runs.sqlite", trials: ["A", "B"]),
      "runs.sqlite holds runs of the types A, B. Choose one with --trial."
    ),
    (.noRows(file: "runs.csv", skipped: 0), "runs.csv has no rows below its first line."),
    (.noRows(file: "runs.csv", skipped: 2), "runs.csv has no usable row: all 2 were skipped."),
  ])
  func anErrorSaysWhatMustHoldWhatWasFoundAndWhatToDo(error: DataError, text: String) {
    #expect(error.description == text)
  }
}
