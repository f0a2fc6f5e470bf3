/// Bad data in a table: what must hold, what was found, where, and what to do.
enum DataError: Error, Equatable, CustomStringConvertible {
  case unreadable(file: String, reason: String)
  case notUTF8(file: String, row: Int)
  case empty(file: String)
  case unclosedQuote(file: String, row: Int)
  case textAfterQuote(file: String, row: Int, column: Int)
  case wrongWidth(file: String, row: Int, found: Int, expected: Int)
  case duplicateColumn(file: String, name: String)
  case missingColumn(
    file: String, name: String, option: String, nearest: String?, columns: [String])
  case notANumber(file: String, row: Int, column: String, found: String)
  case notPositive(file: String, row: Int, column: String, found: String)
  case belowFloor(file: String, row: Int, column: String, found: String, floor: Double)
  case emptyGroup(file: String, row: Int, column: String)
  case noRows(file: String, skipped: Int)

  var description: String {
    switch self {
    case .unreadable(let file, let reason):
      "\(file) cannot be read: \(reason)."
    case .notUTF8(let file, let row):
      "\(file) must be UTF-8 text; row \(row) is not. Save it as UTF-8."
    case .empty(let file):
      "\(file) is empty. Its first line must name the columns, for example N,D,loss."
    case .unclosedQuote(let file, let row):
      "a quoted field must end with a quote; the one that begins in row \(row) of \(file) does not."
    case .textAfterQuote(let file, let row, let column):
      "a closing quote must be followed by a comma or the end of the line; field \(column) of row "
        + "\(row) of \(file) goes on. Double a quote that belongs to the text."
    case .wrongWidth(let file, let row, let found, let expected):
      "every row must have \(expected) fields, as the first line does; row \(row) of \(file) has "
        + "\(found)."
    case .duplicateColumn(let file, let name):
      "column names must differ; '\(name)' stands twice in the first line of \(file)."
    case .missingColumn(let file, let name, let option, let nearest, let columns):
      "\(file) has no column '\(name)'."
        + (nearest.map { " Did you mean '\($0)'?" } ?? "")
        + " Its columns are \(columns.joined(separator: ", ")). Name the right one with \(option)."
    case .notANumber(let file, let row, let column, let found):
      "`\(column)` must be a number such as 2.71, 1.4B, 300M or 6e23; row \(row) of \(file) has "
        + "'\(found)'. Mend the row or pass --skip-invalid."
    case .notPositive(let file, let row, let column, let found):
      "`\(column)` must be a positive, finite number; row \(row) of \(file) has '\(found)'. "
        + "Mend the row or pass --skip-invalid."
    case .belowFloor(let file, let row, let column, let found, let floor):
      "`\(column)` must lie above the floor \(floor); row \(row) of \(file) has '\(found)'. "
        + "Lower --floor, leave it out, or pass --skip-invalid."
    case .emptyGroup(let file, let row, let column):
      "`\(column)` must name the group of every run; row \(row) of \(file) has nothing. "
        + "Mend the row or pass --skip-invalid."
    case .noRows(let file, let skipped):
      skipped == 0
        ? "\(file) has no rows below its first line."
        : "\(file) has no usable row: all \(skipped) were skipped."
    }
  }

  /// Whether `--skip-invalid` may pass over it: the fault of one row.
  var isOfOneRow: Bool {
    switch self {
    case .wrongWidth, .notANumber, .notPositive, .belowFloor, .emptyGroup: true
    default: false
    }
  }
}
