import Foundation
import ScalingLaws
import Weaving

/// A table: one row for each element of a collection, one column for each `Column`.
///
///     Table(runs) {
///       Column("Width") { $0.trial.width }
///       Column("Excess loss (nats)", digits: 4) { $0.outcome.excess }
///     }
///
/// Titles and texts are CommonMark with math.
public struct Table: Sendable, Equatable {
  /// Titles and alignments.
  public let columns: [TableRecord.Column]
  /// Cells, as they are printed.
  public let rows: [[String]]

  /// A table over `data`.
  public init<Data: Sequence>(
    _ data: Data, @TableBuilder<Data.Element> columns: () -> [Column<Data.Element>]
  ) {
    let columns = columns()
    self.columns = columns.map { TableRecord.Column($0.title, alignment: $0.alignment) }
    rows = data.map { row in columns.map { $0.text(row) } }
  }

  /// A table whose cells are texts already.
  public init(columns: [TableRecord.Column], rows: [[String]]) {
    self.columns = columns
    self.rows = rows
  }
}

/// A column of a table over rows of one type.
public struct Column<Row> {
  let title: String
  let alignment: TableRecord.Column.Alignment
  let text: (Row) -> String

  /// A column of what `cell` gives for a row.
  ///
  /// Numbers align right and words left, unless `alignment` says otherwise. `digits` are
  /// significant digits; whole numbers are printed in full.
  public init<Cell: TableCell>(
    _ title: String, digits: Int = 3, percent: Bool = false, unit: String = "",
    alignment: TableRecord.Column.Alignment? = nil, _ cell: @escaping (Row) -> Cell
  ) {
    let format = CellFormat(digits: digits, percent: percent, unit: unit)
    self.title = title
    self.alignment = alignment ?? Cell.alignment
    text = { cell($0).text(in: format) }
  }
}

/// Collects the columns of a `Table`.
@resultBuilder
public enum TableBuilder<Row> {
  /// One column.
  public static func buildExpression(_ column: Column<Row>) -> [Column<Row>] { [column] }
  /// Several columns.
  public static func buildExpression(_ columns: [Column<Row>]) -> [Column<Row>] { columns }
  /// Columns in order.
  public static func buildBlock(_ parts: [Column<Row>]...) -> [Column<Row>] { parts.flatMap { $0 } }
  /// Columns of an `if`.
  public static func buildOptional(_ part: [Column<Row>]?) -> [Column<Row>] { part ?? [] }
  /// Columns of an `if`.
  public static func buildEither(first part: [Column<Row>]) -> [Column<Row>] { part }
  /// Columns of an `else`.
  public static func buildEither(second part: [Column<Row>]) -> [Column<Row>] { part }
  /// Columns of a loop.
  public static func buildArray(_ parts: [[Column<Row>]]) -> [Column<Row>] { parts.flatMap { $0 } }
}

/// How a number is printed in a cell.
public struct CellFormat: Sendable {
  /// Significant digits; 0 for an exact count.
  public var digits: Int
  /// Whether it is printed as a percentage.
  public var percent: Bool
  /// Printed behind it.
  public var unit: String
}

/// What may stand in a cell.
public protocol TableCell {
  /// Where it stands in its column.
  static var alignment: TableRecord.Column.Alignment { get }
  /// How it is printed.
  func text(in format: CellFormat) -> String
}

extension TableCell {
  /// Right.
  public static var alignment: TableRecord.Column.Alignment { .trailing }
}

extension Double: TableCell {
  /// Its significant digits.
  public func text(in format: CellFormat) -> String {
    BookNumber.text(self, digits: format.digits, percent: format.percent, unit: format.unit)
  }
}

extension Float: TableCell {
  /// Its significant digits.
  public func text(in format: CellFormat) -> String { Double(self).text(in: format) }
}

extension Int: TableCell {
  /// All of its digits, with thousands separators.
  public func text(in format: CellFormat) -> String {
    BookNumber.text(Double(self), digits: 0, unit: format.unit)
  }
}

extension UInt64: TableCell {
  /// All of its digits.
  public func text(in format: CellFormat) -> String { String(self) }
}

extension String: TableCell {
  /// Left.
  public static var alignment: TableRecord.Column.Alignment { .leading }
  /// The text.
  public func text(in format: CellFormat) -> String { self }
}

extension Estimate: TableCell {
  /// The value with its interval in brackets.
  public func text(in format: CellFormat) -> String {
    guard hasInterval else { return value.text(in: format) }
    return BookNumber.text(
      value, low: low, high: high, digits: format.digits, percent: format.percent,
      unit: format.unit)
  }
}

extension Optional: TableCell where Wrapped: TableCell {
  /// As its value.
  public static var alignment: TableRecord.Column.Alignment { Wrapped.alignment }
  /// Its value, or a dash.
  public func text(in format: CellFormat) -> String { self?.text(in: format) ?? "–" }
}

extension Chapter {
  /// Shows a table behind this line's code.
  ///
  /// - Parameters:
  ///   - name: A short name, unique in the chapter, for `@tbl:name`.
  ///   - caption: CommonMark with math; may quote values.
  public func show(
    table: Table, name: String, caption: String, line: Int = #line
  ) throws {
    ledger.show(
      TableRecord(
        name: name, caption: caption, columns: table.columns, rows: table.rows, line: line))
  }
}
