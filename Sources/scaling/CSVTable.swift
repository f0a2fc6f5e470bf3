import Foundation
import Laboratory

/// A comma-separated table with named columns (RFC 4180).
///
/// Fields may be quoted, with quotes doubled inside and line breaks allowed; lines end in LF or CRLF; a
/// byte-order mark is dropped; blank lines are passed over; spaces around an unquoted field are
/// dropped. Rows are numbered as a spreadsheet shows them: the first line is row 1.
struct CSVTable {
  /// One row of fields and its number in the file.
  struct Row: Equatable {
    var number: Int
    var fields: [String]
  }

  let file: String
  let columns: [String]
  let rows: [Row]

  /// Reads a file; `-` is the standard input.
  init(path: String) throws(DataError) {
    let name = path == "-" ? "standard input" : path
    var data: Data
    if path == "-" {
      data = FileHandle.standardInput.readDataToEndOfFile()
    } else {
      do {
        data = try Data(contentsOf: URL(fileURLWithPath: path))
      } catch {
        let missing = !FileManager.default.fileExists(atPath: path)
        throw .unreadable(file: name, reason: missing ? "there is no such file" : "\(error)")
      }
    }
    try self.init(file: name, bytes: [UInt8](data))
  }

  /// Parses bytes; `file` is the name that errors use.
  init(file: String, bytes: [UInt8]) throws(DataError) {
    var bytes = bytes[...]
    if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { bytes = bytes.dropFirst(3) }
    // A line feed is never part of a longer character, so lines can be judged one by one.
    let lines = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
    if let line = lines.firstIndex(where: { String(validating: $0, as: UTF8.self) == nil }) {
      throw .notUTF8(file: file, row: line + 1)
    }
    var rows = try Self.parse(bytes, file: file)
    guard let header = rows.first else { throw .empty(file: file) }
    rows.removeFirst()
    for (index, name) in header.fields.enumerated()
    where header.fields[..<index].contains(name) {
      throw .duplicateColumn(file: file, name: name)
    }
    self.file = file
    columns = header.fields
    self.rows = rows
  }

  private static func parse(_ bytes: ArraySlice<UInt8>, file: String) throws(DataError) -> [Row] {
    let (quote, comma) = (UInt8(ascii: "\""), UInt8(ascii: ","))
    let (newline, carriage) = (UInt8(ascii: "\n"), UInt8(ascii: "\r"))
    var rows: [Row] = []
    var line = 1
    var position = bytes.startIndex
    while position < bytes.endIndex {
      var row = Row(number: line, fields: [])
      var wasQuoted = false
      var ended = false
      while !ended {
        var field: [UInt8] = []
        if position < bytes.endIndex, bytes[position] == quote {
          wasQuoted = true
          position += 1
          while true {
            guard position < bytes.endIndex else {
              throw .unclosedQuote(file: file, row: row.number)
            }
            let byte = bytes[position]
            position += 1
            if byte == quote {
              guard position < bytes.endIndex, bytes[position] == quote else { break }
              position += 1
            } else if byte == newline {
              line += 1
            }
            field.append(byte)
          }
          if position < bytes.endIndex, ![comma, newline, carriage].contains(bytes[position]) {
            throw .textAfterQuote(file: file, row: row.number, column: row.fields.count + 1)
          }
          row.fields.append(String(decoding: field, as: UTF8.self))
        } else {
          while position < bytes.endIndex, bytes[position] != comma, bytes[position] != newline {
            field.append(bytes[position])
            position += 1
          }
          row.fields.append(
            String(decoding: field, as: UTF8.self).trimmingCharacters(
              in: .whitespaces.union(.newlines)))
        }
        while position < bytes.endIndex, bytes[position] == carriage { position += 1 }
        if position < bytes.endIndex, bytes[position] == comma {
          position += 1
        } else {
          ended = true
          if position < bytes.endIndex { position += 1 }
          line += 1
        }
      }
      if row.fields != [""] || wasQuoted { rows.append(row) }
    }
    return rows
  }

  /// The place of a column; the error suggests the nearest name.
  func index(of name: String, option: String) throws(DataError) -> Int {
    if let index = columns.firstIndex(of: name) { return index }
    throw .missingColumn(
      file: file, name: name, option: option, nearest: Self.nearest(name, in: columns),
      columns: columns)
  }

  /// The column whose name differs least, if it differs in no more than a third of its letters or only
  /// in case.
  static func nearest(_ name: String, in columns: [String]) -> String? {
    let wanted = name.lowercased()
    let ranked = columns.map { (NearestWord.distance(wanted, $0.lowercased()), $0) }
    guard let best = ranked.min(by: { $0.0 < $1.0 }) else { return nil }
    return best.0 <= max(1, name.count / 3) && best.0 < name.count || best.0 == 0 ? best.1 : nil
  }

  /// A number as people write sizes: 2.71, 6e23, 1_000_000, 124M, 1.4B, 300K, 15T; nil otherwise.
  static func number(_ text: String) -> Double? {
    let text = text.filter { $0 != "_" }
    let factors: [Character: Double] = [
      "k": 1e3, "K": 1e3, "m": 1e6, "M": 1e6, "b": 1e9, "B": 1e9, "g": 1e9, "G": 1e9, "t": 1e12,
      "T": 1e12,
    ]
    // Double("0x1p3") and Double("infinity") are numbers, but not of a run.
    guard let first = text.first, first.isASCII, first.isNumber || "+-.".contains(first),
      !text.lowercased().contains("x")
    else { return nil }
    if let last = text.last, let factor = factors[last] {
      return Double(text.dropLast()).map { $0 * factor }
    }
    return Double(text)
  }
}
