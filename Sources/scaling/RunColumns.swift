/// The columns of a table that a fit needs, and the rows made of them.
struct RunColumns {
  /// The names that the user gave; nil means the default.
  struct Names: Equatable {
    var n: String?
    var d: String?
    var c: String?
    var loss: String?
    var group: String?
  }

  /// One usable run.
  struct Run: Equatable, Sendable {
    var n: Double
    var d: Double
    var loss: Double
    var group: String
  }

  private let table: CSVTable
  /// Two of N, D and C, with the place of each; the third follows from C = 6 N D.
  private let n: Int?
  private let d: Int?
  private let c: Int?
  private let loss: Int
  private let group: Int?

  /// Finds the columns: those named must exist; of the defaults N and D one may be missing if there is
  /// a C.
  init(_ table: CSVTable, names: Names) throws(DataError) {
    self.table = table
    loss = try table.index(of: names.loss ?? "loss", option: "--loss")
    if let name = names.group {
      group = try table.index(of: name, option: "--group")
    } else {
      group = nil
    }
    func find(_ name: String?, _ standard: String, _ option: String) throws(DataError) -> Int? {
      if let name { return try table.index(of: name, option: option) }
      return table.columns.firstIndex(of: standard)
    }
    let n = try find(names.n, "N", "--n")
    let d = try find(names.d, "D", "--d")
    let c = try find(names.c, "C", "--c")
    // A column that the user names comes before one that only happens to be there.
    switch (names.n != nil, names.d != nil, names.c != nil) {
    case (true, false, true): (self.n, self.d, self.c) = (n, nil, c)
    case (false, true, true): (self.n, self.d, self.c) = (nil, d, c)
    case (false, false, true) where n != nil: (self.n, self.d, self.c) = (n, nil, c)
    case (false, false, true) where d != nil: (self.n, self.d, self.c) = (nil, d, c)
    default:
      if n != nil, d != nil {
        (self.n, self.d, self.c) = (n, d, nil)
      } else if c != nil, n != nil || d != nil {
        (self.n, self.d, self.c) = (n, d, c)
      } else if n == nil {
        throw .missingColumn(
          file: table.file, name: "N", option: "--n",
          nearest: CSVTable.nearest("N", in: table.columns), columns: table.columns)
      } else {
        throw .missingColumn(
          file: table.file, name: "D", option: "--d",
          nearest: CSVTable.nearest("D", in: table.columns), columns: table.columns)
      }
    }
  }

  /// The runs, and the faults of the rows that were skipped.
  func runs(floor: Double?, skipInvalid: Bool) throws(DataError) -> (
    runs: [Run], skipped: [DataError]
  ) {
    var runs: [Run] = []
    var skipped: [DataError] = []
    for row in table.rows {
      do throws(DataError) {
        runs.append(try run(row, floor: floor))
      } catch {
        guard skipInvalid, error.isOfOneRow else { throw error }
        skipped.append(error)
      }
    }
    guard !runs.isEmpty else { throw .noRows(file: table.file, skipped: skipped.count) }
    return (runs, skipped)
  }

  private func run(_ row: CSVTable.Row, floor: Double?) throws(DataError) -> Run {
    guard row.fields.count == table.columns.count else {
      throw .wrongWidth(
        file: table.file, row: row.number, found: row.fields.count, expected: table.columns.count)
    }
    let loss = try number(row, self.loss)
    if let floor, loss <= floor {
      throw .belowFloor(
        file: table.file, row: row.number, column: table.columns[self.loss],
        found: row.fields[self.loss], floor: floor)
    }
    var name = ""
    if let group {
      name = row.fields[group]
      guard !name.isEmpty else {
        throw .emptyGroup(file: table.file, row: row.number, column: table.columns[group])
      }
    }
    // Not `c / 6 / n` before the columns are read: each fault is to name its own column.
    let compute = try c.map { (index) throws(DataError) in try number(row, index) }
    let size = try n.map { (index) throws(DataError) in try number(row, index) }
    let data = try d.map { (index) throws(DataError) in try number(row, index) }
    return Run(
      n: size ?? compute! / (6 * data!), d: data ?? compute! / (6 * size!), loss: loss, group: name)
  }

  private func number(_ row: CSVTable.Row, _ index: Int) throws(DataError) -> Double {
    let (column, text) = (table.columns[index], row.fields[index])
    guard let value = CSVTable.number(text) else {
      throw .notANumber(file: table.file, row: row.number, column: column, found: text)
    }
    guard value > 0, value.isFinite else {
      throw .notPositive(file: table.file, row: row.number, column: column, found: text)
    }
    return value
  }
}
