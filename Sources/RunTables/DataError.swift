/// Bad data in a table: what must hold, what was found, where, and what to do.
public enum DataError: Error, Equatable, CustomStringConvertible {
  /// The file is not there or cannot be read.
  case unreadable(file: String, reason: String)
  /// A text that is not UTF-8.
  case notUTF8(file: String, row: Int)
  /// A file without a first line.
  case empty(file: String)
  /// A line that does not fit into the window of bounded size.
  case lineTooLong(file: String, row: Int, limit: Int)
  /// A quoted field that runs to the end of the file.
  case unclosedQuote(file: String, row: Int)
  /// A quoted field that goes on behind its quote.
  case textAfterQuote(file: String, row: Int, column: Int)
  /// A line of JSON lines that is no object.
  case notJSON(file: String, row: Int, reason: String)
  /// An object that has a key twice.
  case duplicateKey(file: String, row: Int, name: String)
  /// A row with more or fewer fields than there are columns.
  case wrongWidth(file: String, row: Int, found: Int, expected: Int)
  /// Two columns of one name.
  case duplicateColumn(file: String, name: String)
  /// No column has the name that is asked for.
  case missingColumn(
    file: String, name: String, option: String, nearest: String?, columns: [String])
  /// Several columns have a name that may be meant.
  case ambiguousColumn(file: String, role: String, option: String, names: [String])
  /// A field that must hold a number and does not.
  case notANumber(file: String, row: Int, column: String, found: String)
  /// A number that is zero, negative or too large.
  case notPositive(file: String, row: Int, column: String, found: String)
  /// A loss that is not above the known floor.
  case belowFloor(file: String, row: Int, column: String, found: String, floor: Double)
  /// A row without the name of its group or its run.
  case emptyGroup(file: String, row: Int, column: String)
  /// A table without a usable row.
  case noRows(file: String, skipped: Int)
  /// A trial type was named for a file that is no run store.
  case notAStore(file: String)
  /// A run store without the trial type that is asked for.
  case missingTrial(file: String, name: String, nearest: String?, trials: [String])
  /// A run store of several trial types, none of which was chosen.
  case severalTrials(file: String, trials: [String])

  /// What must hold, what was found, where, and what to do.
  public var description: String {
    switch self {
    case .unreadable(let file, let reason):
      "\(file) cannot be read: \(reason)."
    case .notUTF8(let file, let row):
      "\(file) must be UTF-8 text; row \(row) is not. Save it as UTF-8."
    case .empty(let file):
      "\(file) is empty. Its first line must name the columns, for example N,D,loss."
    case .lineTooLong(let file, let row, let limit):
      "a row must fit into \(limit >> 20) MiB; row \(row) of \(file) does not. Is this a table?"
    case .unclosedQuote(let file, let row):
      "a quoted field must end with a quote; the one that begins in row \(row) of \(file) does not."
    case .textAfterQuote(let file, let row, let column):
      "a closing quote must be followed by a separator or the end of the line; field \(column) of "
        + "row \(row) of \(file) goes on. Double a quote that belongs to the text."
    case .notJSON(let file, let row, let reason):
      "every line must be a JSON object; row \(row) of \(file) has \(reason). "
        + "Mend the row or pass --skip-invalid."
    case .duplicateKey(let file, let row, let name):
      "the keys of an object must differ; row \(row) of \(file) has '\(name)' twice. "
        + "Mend the row or pass --skip-invalid."
    case .wrongWidth(let file, let row, let found, let expected):
      "every row must have \(expected) fields, as the first line does; row \(row) of \(file) has "
        + "\(found). Mend the row or pass --skip-invalid."
    case .duplicateColumn(let file, let name):
      "column names must differ; '\(name)' stands twice in the first line of \(file)."
    case .missingColumn(let file, let name, let option, let nearest, let columns):
      "\(file) has no column '\(name)'."
        + (nearest.map { " Did you mean '\($0)'?" } ?? "")
        + " Its columns are \(Self.listed(columns)). Name the right one with \(option)."
    case .ambiguousColumn(let file, let role, let option, let names):
      "\(file) has \(names.count) columns that may be \(role): \(names.joined(separator: ", ")). "
        + "Name the right one with \(option)."
    case .notANumber(let file, let row, let column, let found):
      "`\(column)` must be a number such as 2.71, 1.4B, 300M or 6e23; row \(row) of \(file) has "
        + "'\(Self.short(found))'. Mend the row or pass --skip-invalid."
    case .notPositive(let file, let row, let column, let found):
      "`\(column)` must be a positive, finite number; row \(row) of \(file) has "
        + "'\(Self.short(found))'. Mend the row or pass --skip-invalid."
    case .belowFloor(let file, let row, let column, let found, let floor):
      "`\(column)` must lie above the floor \(floor); row \(row) of \(file) has '\(found)'. "
        + "Lower --floor, leave it out, or pass --skip-invalid."
    case .emptyGroup(let file, let row, let column):
      "`\(column)` must hold a name in every row; row \(row) of \(file) has nothing. "
        + "Mend the row or pass --skip-invalid."
    case .noRows(let file, let skipped):
      skipped == 0
        ? "\(file) has no rows below its first line."
        : "\(file) has no usable row: all \(skipped) were skipped."
    case .notAStore(let file):
      "--trial chooses the runs of a run store; \(file) is a table of text. Leave it out."
    case .missingTrial(let file, let name, let nearest, let trials):
      "\(file) holds no runs of type '\(name)'."
        + (nearest.map { " Did you mean '\($0)'?" } ?? "")
        + (trials.isEmpty
          ? " It holds none at all." : " Its types are \(trials.joined(separator: ", ")).")
    case .severalTrials(let file, let trials):
      "\(file) holds runs of the types \(trials.joined(separator: ", ")). Choose one with --trial."
    }
  }

  /// Whether `--skip-invalid` may pass over it: the fault of one row.
  public var isOfOneRow: Bool {
    switch self {
    case .wrongWidth, .notANumber, .notPositive, .belowFloor, .emptyGroup, .notJSON, .duplicateKey:
      true
    default: false
    }
  }

  private static func listed(_ columns: [String]) -> String {
    guard columns.count > 24 else { return columns.joined(separator: ", ") }
    return columns.prefix(20).joined(separator: ", ") + " and \(columns.count - 20) more"
  }

  private static func short(_ text: String) -> String {
    text.count > 60 ? text.prefix(57) + "..." : text
  }
}
