import Foundation

/// A table of training runs: N, D and the loss of each, and whatever else was asked for.
///
///     let table = try RunTable(path: "runs.csv")
///     let fit = try LossLaw.fit(table.runs, n: \.n, d: \.d, loss: \.loss)
///
/// Any two of N, D and C give the third by C = 6 N D (Kaplan et al. 2020, arXiv 2001.08361, section
/// 2.1).
public struct RunTable: Sendable {
  /// The names of columns that the user gave; nil looks for the usual ones.
  public struct Names: Equatable, Sendable {
    /// The column of N.
    public var n: String?
    /// The column of D.
    public var d: String?
    /// The column of C.
    public var c: String?
    /// The column of the loss.
    public var loss: String?
    /// The column of a group, such as a seed.
    public var group: String?
    /// The column of a learning rate.
    public var learningRate: String?
    /// The column of the run that a point of a curve belongs to.
    public var run: String?
    /// Other columns of numbers that are wanted.
    public var others: [String]

    /// Creates names.
    public init(
      n: String? = nil, d: String? = nil, c: String? = nil, loss: String? = nil,
      group: String? = nil, learningRate: String? = nil, run: String? = nil, others: [String] = []
    ) {
      self.n = n
      self.d = d
      self.c = c
      self.loss = loss
      self.group = group
      self.learningRate = learningRate
      self.run = run
      self.others = others
    }
  }

  /// One run, or one point of a learning curve.
  public struct Run: Equatable, Sendable {
    /// Parameters.
    public var n: Double
    /// Training tokens.
    public var d: Double
    /// The loss.
    public var loss: Double
    /// The place of its group in `groups`.
    public var group: Int
    /// The row of the file that it stands in.
    public var row: Int

    /// Training compute, 6 N D.
    public var c: Double { 6 * n * d }
  }

  /// What errors call the file.
  public let file: String
  /// The runs, in the order of the file.
  public private(set) var runs: [Run] = []
  /// The names of the groups, or of the runs of learning curves; empty if none were asked for.
  public private(set) var groups: [String] = []
  /// The learning rate of each run, NaN where there is none; empty without such a column.
  public private(set) var learningRates: [Double] = []
  /// The other columns that were asked for.
  public private(set) var others: [String: [Double]] = [:]
  /// The faults of the first rows that were skipped, at most 20.
  public private(set) var skipped: [DataError] = []
  /// The number of rows that were skipped.
  public private(set) var skippedCount = 0
  /// The columns that N, D, C and the loss were read from.
  public let used: [String]

  /// Reads a file; `-` is the standard input.
  ///
  /// - Parameters:
  ///   - trial: The trial type of a run store.
  ///   - floor: Losses must lie above it.
  ///   - hasCurves: Rows are points of learning curves: the runs' names become groups.
  ///   - skipInvalid: Leave out rows with faults and count them.
  /// - Complexity: linear in the file (`benchmarks fit --rows 1000000` times it); what stays in memory
  ///   are 40 bytes a row and a window of at most 8 MiB.
  public init(
    path: String, trial: String? = nil, names: Names = Names(), floor: Double? = nil,
    hasCurves: Bool = false, skipInvalid: Bool = false
  ) throws(DataError) {
    try self.init(
      RecordReader(path: path, trial: trial), names: names, floor: floor, hasCurves: hasCurves,
      skipInvalid: skipInvalid)
  }

  /// Reads bytes; `file` is the name that errors use.
  public init(
    bytes: [UInt8], file: String, names: Names = Names(), floor: Double? = nil,
    hasCurves: Bool = false, skipInvalid: Bool = false
  ) throws(DataError) {
    try self.init(
      RecordReader(bytes: bytes, file: file), names: names, floor: floor, hasCurves: hasCurves,
      skipInvalid: skipInvalid)
  }

  private init(
    _ reader: RecordReader, names: Names, floor: Double?, hasCurves: Bool, skipInvalid: Bool
  ) throws(DataError) {
    file = reader.file
    let places = try Places(reader, names: names, hasCurves: hasCurves)
    used = [places.n, places.d, places.c, places.loss].compactMap { $0.map { reader.columns[$0] } }
    if reader.format == .jsonLines { reader.wanted = reader.columns.map { Array($0.utf8) } }
    var columns = [[Double]](repeating: [], count: names.others.count)
    var groupNumbers: [String: Int] = [:]
    while true {
      do throws(DataError) {
        guard try reader.next() else { break }
        try reader.requireWidth()
        let loss = try Self.positive(reader, places.loss!)
        if let floor, loss <= floor {
          throw .belowFloor(
            file: file, row: reader.row, column: reader.columns[places.loss!],
            found: try reader.text(places.loss!), floor: floor)
        }
        // Not `c / (6 n)` before all are read: each fault is to name its own column.
        let compute = try Self.positive(reader, places.c)
        let size = try Self.positive(reader, places.n)
        let data = try Self.positive(reader, places.d)
        var others: [Double] = []
        for index in places.others { others.append(try Self.number(reader, index)) }
        var group = 0
        if let index = places.group {
          let name = try reader.text(index)
          guard !name.isEmpty else {
            throw .emptyGroup(file: file, row: reader.row, column: reader.columns[index])
          }
          if let known = groupNumbers[name] {
            group = known
          } else {
            group = groupNumbers.count
            groupNumbers[name] = group
            groups.append(name)
          }
        }
        runs.append(
          Run(
            n: size ?? compute! / (6 * data!), d: data ?? compute! / (6 * size!), loss: loss,
            group: group, row: reader.row))
        if let index = places.learningRate { learningRates.append(reader.number(index) ?? .nan) }
        for (index, value) in others.enumerated() { columns[index].append(value) }
      } catch {
        guard skipInvalid, error.isOfOneRow else { throw error }
        skippedCount += 1
        if skipped.count < 20 { skipped.append(error) }
      }
    }
    guard !runs.isEmpty else { throw .noRows(file: file, skipped: skippedCount) }
    for (name, values) in zip(names.others, columns) { others[name] = values }
  }

  @inline(__always)
  private static func positive(_ reader: RecordReader, _ index: Int) throws(DataError) -> Double {
    if let value = reader.number(index), value > 0, value.isFinite { return value }
    _ = try number(reader, index)
    throw .notPositive(
      file: reader.file, row: reader.row, column: reader.columns[index],
      found: try reader.text(index))
  }

  /// The same of a column that a table may lack.
  @inline(__always)
  private static func positive(_ reader: RecordReader, _ index: Int?) throws(DataError) -> Double? {
    guard let index else { return nil }
    return try positive(reader, index) as Double
  }

  private static func number(_ reader: RecordReader, _ index: Int) throws(DataError) -> Double {
    if let value = reader.number(index) { return value }
    throw .notANumber(
      file: reader.file, row: reader.row, column: reader.columns[index],
      found: try reader.text(index))
  }

  /// The rows that `isKept` keeps, by their place in `runs`.
  public func filtered(_ isKept: (Int) -> Bool) -> RunTable {
    var table = self
    let kept = runs.indices.filter(isKept)
    table.runs = kept.map { runs[$0] }
    if !learningRates.isEmpty { table.learningRates = kept.map { learningRates[$0] } }
    table.others = others.mapValues { values in kept.map { values[$0] } }
    return table
  }
}

/// Where the columns lie.
private struct Places {
  var n: Int?
  var d: Int?
  var c: Int?
  var loss: Int?
  var group: Int?
  var learningRate: Int?
  var others: [Int] = []

  /// Finds the columns: those named must exist; of N, D and C two must be found.
  init(_ reader: RecordReader, names: RunTable.Names, hasCurves: Bool) throws(DataError) {
    let (columns, file) = (reader.columns, reader.file)
    func find(_ name: String?, _ role: ColumnRole) throws(DataError) -> Int? {
      guard let name else { return try role.index(in: columns, file: file) }
      return try ColumnRole.index(of: name, option: role.option, in: columns, file: file)
    }
    func missing(_ role: ColumnRole) -> DataError {
      .missingColumn(
        file: file, name: role.rawValue, option: role.option,
        nearest: ColumnRole.nearest(role.rawValue, in: columns), columns: columns)
    }
    loss = try find(names.loss, .loss)
    guard loss != nil else { throw missing(.loss) }
    // Two columns that the user names leave the third alone.
    let given = [names.n, names.d, names.c].count { $0 != nil }
    let n = given == 2 && names.n == nil ? nil : try find(names.n, .size)
    let d = given == 2 && names.d == nil ? nil : try find(names.d, .data)
    let c = given == 2 && names.c == nil ? nil : try find(names.c, .compute)
    if names.c != nil, names.n == nil, names.d == nil, n != nil {
      (self.n, self.d, self.c) = (n, nil, c)
    } else if n != nil, d != nil {
      (self.n, self.d, self.c) = (n, d, nil)
    } else if c != nil, n != nil || d != nil {
      (self.n, self.d, self.c) = (n, d, c)
    } else {
      throw missing(n == nil ? .size : .data)
    }
    if let name = names.group {
      group = try ColumnRole.index(of: name, option: "--group", in: columns, file: file)
    } else if hasCurves {
      group = try find(names.run, .run)
      guard group != nil else { throw missing(.run) }
    }
    if let name = names.learningRate {
      learningRate = try find(name, .learningRate)
    } else {
      // A column that nobody asked for may not stop the fit.
      learningRate = try? ColumnRole.learningRate.index(in: columns, file: file)
    }
    for name in names.others {
      others.append(
        try ColumnRole.index(of: name, option: "--hold-out", in: columns, file: file))
    }
  }
}

extension RunTable {
  /// A number as people write sizes: 2.71, 6e23, 1_000_000, 124M, 1.4B, 15T; nil for anything else.
  public static func number(_ text: String) -> Double? { NumberText.value(text) }
}
