import Laboratory

/// Cuts a file into records of fields, one at a time.
///
/// The first record names the columns: the first line of delimited values, the keys of the first line
/// of JSON lines. Rows are numbered as a spreadsheet shows them: the first line is row 1.
final class RecordReader {
  /// How the file separates its fields.
  enum Format: Equatable {
    case delimited(UInt8)
    case jsonLines
  }

  /// Where a field lies in the window.
  struct Field {
    var start = 0
    var end = 0
    /// It stood in quotes: spaces belong to it, and quotes within are doubled or escaped.
    var isQuoted = false
    /// There is such a field in the record.
    var isPresent = false
  }

  /// What errors call the file.
  let file: String
  private(set) var columns: [String] = []
  let format: Format
  let window: ByteWindow
  /// The row of the current record.
  var row = 1
  /// The line that follows the current record.
  var line = 1
  /// The fields of the current record; of JSON lines, those of `wanted` in that order.
  var fields: [Field] = []
  /// The number of fields that the current record has.
  var fieldCount = 0
  /// The keys of JSON lines that are looked for, as bytes.
  var wanted: [[UInt8]] = []
  /// The keys from the outermost object to the current one, joined by points.
  var path: [UInt8] = []
  /// The names of all fields of the first JSON line, while that is read.
  var foundKeys: [String]?
  /// The bytes of the current JSON line.
  var consumed = 0

  /// Opens a file and reads its column names; `trial` chooses a trial type of a run store.
  convenience init(path: String, trial: String? = nil) throws(DataError) {
    let name = path == "-" ? "standard input" : path
    let window = try ByteWindow(path: path, file: name)
    guard try window.begins(with: Array("SQLite format 3\0".utf8)) else {
      guard trial == nil else { throw .notAStore(file: name) }
      try self.init(window, file: name)
      return
    }
    try self.init(
      ByteWindow(bytes: Self.storedRuns(path: path, trial: trial, file: name), file: name),
      file: name)
  }

  /// Reads bytes; `file` is the name that errors use.
  convenience init(bytes: [UInt8], file: String) throws(DataError) {
    try self.init(ByteWindow(bytes: bytes, file: file), file: file)
  }

  private init(_ window: ByteWindow, file: String) throws(DataError) {
    self.file = file
    self.window = window
    if try window.begins(with: [0xEF, 0xBB, 0xBF]) { window.start += 3 }
    format = try Self.format(of: window)
    switch format {
    case .delimited:
      guard try next() else { throw .empty(file: file) }
      for index in 0..<fieldCount { columns.append(try text(index)) }
    case .jsonLines:
      columns = try firstKeys()
    }
    for (index, name) in columns.enumerated()
    where !name.isEmpty && columns[..<index].contains(name) {
      throw .duplicateColumn(file: file, name: name)
    }
  }

  /// JSON lines begin with a brace; tabs separate if the first line has a tab and no comma.
  private static func format(of window: ByteWindow) throws(DataError) -> Format {
    var position = window.start
    var separator: UInt8?
    while true {
      if position == window.end {
        let offset = position - window.start
        guard !window.isAtEnd, offset < ByteWindow.limit, try window.extend() else { break }
        position = window.start + offset
        continue
      }
      let byte = window.base[position]
      if separator == nil, byte == UInt8(ascii: "{") { return .jsonLines }
      if byte == UInt8(ascii: ",") { return .delimited(byte) }
      if byte == UInt8(ascii: "\t"), separator != 0 { return try tabOrComma(window, position) }
      if byte > 0x20 { separator = UInt8(ascii: ",") }
      if byte == UInt8(ascii: "\n") || byte == UInt8(ascii: "\r"), separator != nil { break }
      position += 1
    }
    return .delimited(UInt8(ascii: ","))
  }

  /// After a first tab: a comma later in the line says that the tab is only white space.
  private static func tabOrComma(
    _ window: ByteWindow, _ tab: Int
  ) throws(DataError) -> Format {
    for position in tab..<window.end {
      let byte = window.base[position]
      if byte == UInt8(ascii: ",") { return .delimited(byte) }
      if byte == UInt8(ascii: "\n") || byte == UInt8(ascii: "\r") { break }
    }
    return .delimited(UInt8(ascii: "\t"))
  }

  /// Goes to the next record; false at the end of the file.
  func next() throws(DataError) -> Bool {
    switch format {
    case .delimited(let separator): try nextDelimited(separator)
    case .jsonLines: try nextObject()
    }
  }

  /// Whether the current record is a row with as many fields as there are columns.
  func requireWidth() throws(DataError) {
    guard format != .jsonLines, fieldCount != columns.count else { return }
    throw .wrongWidth(file: file, row: row, found: fieldCount, expected: columns.count)
  }

  /// The number in a field; nil if it holds none.
  @inline(__always)
  func number(_ index: Int) -> Double? {
    let field = fields[index]
    guard field.isPresent else { return nil }
    return NumberText.value(window.base + field.start, field.end - field.start)
  }

  /// The text of a field; empty if there is none.
  func text(_ index: Int) throws(DataError) -> String {
    let field = fields[index]
    guard field.isPresent else { return "" }
    let bytes = UnsafeBufferPointer(
      start: window.base + field.start, count: field.end - field.start)
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw .notUTF8(file: file, row: row)
    }
    guard field.isQuoted else { return text }
    if format == .jsonLines { return Self.unescaped(text) }
    return text.contains("\"\"") ? text.replacing("\"\"", with: "\"") : text
  }

  /// The stored outcomes as JSON lines of `parameters` and `outcome`.
  private static func storedRuns(
    path: String, trial: String?, file: String
  ) throws(DataError) -> [UInt8] {
    do {
      let store = try RunStore.open(path: path, access: .readOnly)
      let names = try store.typeNames()
      if let trial {
        guard names.contains(trial) else {
          throw DataError.missingTrial(
            file: file, name: trial, nearest: NearestWord.to(trial, in: names), trials: names)
        }
      } else if names.count > 1 {
        throw DataError.severalTrials(file: file, trials: names)
      }
      var lines: [UInt8] = []
      for run in try store.allRows(trial: trial) {
        guard let outcome = run.outcome else { continue }
        lines += "{\"parameters\":\(run.identity.parameters),\"outcome\":\(outcome)}\n".utf8
      }
      return lines
    } catch let error as DataError {
      throw error
    } catch {
      throw .unreadable(file: file, reason: "\(error)")
    }
  }
}
