import ArgumentParser
import Foundation

/// What is printed of one measurement.
protocol ResultRow: Encodable {
  /// The names above the columns of `line`.
  static var header: String { get }
  /// The row as text in columns.
  var line: String { get }
}

/// How rows are printed: as text in columns or as JSON.
struct RowOutput: ParsableArguments {
  @Flag(help: "Print one JSON object a row.")
  var json = false

  /// Prints the names of the columns, unless the rows are JSON.
  func begin(_ row: (some ResultRow).Type) throws {
    if !json { try writeLine(row.header) }
  }

  /// Prints one row.
  func write(_ row: some ResultRow) throws {
    guard json else { return try writeLine(row.line) }
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    try writeLine(String(decoding: encoder.encode(row), as: UTF8.self))
  }
}

/// Prints a line at once, where `print` holds lines back when the output is a file.
///
/// - Throws: `Failure` if the output takes no more, as on a full disk.
func writeLine(_ line: String) throws {
  do {
    try FileHandle.standardOutput.write(contentsOf: Data((line + "\n").utf8))
  } catch {
    throw Failure(
      "the standard output cannot be written; is the disk full? Send it elsewhere and run again.")
  }
}

/// An error that ends the program with status 1 and this text.
struct Failure: Error, CustomStringConvertible {
  /// What is wrong and what to do.
  let description: String

  init(_ description: String) { self.description = description }
}
