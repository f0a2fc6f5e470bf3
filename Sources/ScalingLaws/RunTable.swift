import Foundation

/// The runs of one fit as columns, checked and in canonical order.
///
/// Rows ascend by (n, d, loss); groups are numbered by the lexicographic order of their rows. Both
/// orders depend on the numbers alone, so a fit of shuffled runs is the same to the last bit.
struct RunTable: Sendable {
  /// Sizes; positive and finite.
  private(set) var n: [Double] = []
  /// Amounts of data; empty for a law of one variable.
  private(set) var d: [Double] = []
  /// Losses, or any other response; positive and finite.
  private(set) var loss: [Double] = []
  /// The group of each row, from 0; all zero if there are no groups.
  private(set) var group: [Int] = []
  /// The number of groups.
  private(set) var groupCount = 1
  /// What the caller calls the columns, for error texts.
  let names: Names

  struct Names: Sendable {
    var n = "N"
    var d = "D"
    var loss = "loss"
  }

  var count: Int { loss.count }
  var hasData: Bool { !d.isEmpty }

  /// A run as a fit sees it; `d` is 0 in a law of one variable.
  struct Row {
    var n: Double
    var d: Double
    var loss: Double
    var group = 0

    func precedes(_ other: Row) -> Bool {
      (n, d, loss) < (other.n, other.d, other.loss)
    }
  }

  /// Checks and sorts rows; `groups` are the keys of the rows, or empty.
  init(
    _ given: [Row], groups keys: [some Hashable], hasData: Bool, floor: Double = 0,
    names: Names = Names()
  ) throws(FitError) {
    self.names = names
    guard floor >= 0, floor.isFinite else { throw .invalidFloor(floor) }
    for (index, row) in given.enumerated() {
      try Self.check(row.n, names.n, index)
      if hasData { try Self.check(row.d, names.d, index) }
      try Self.check(row.loss, names.loss, index)
      guard row.loss > floor else {
        throw .belowFloor(row: index, loss: row.loss, floor: floor)
      }
    }
    var rows = given
    var numbers: [AnyHashable: Int] = [:]
    for (index, key) in keys.enumerated() {
      let next = numbers.count
      let number = numbers[key] ?? next
      numbers[key] = number
      rows[index].group = number
    }
    rows.sort { $0.precedes($1) }
    groupCount = max(1, numbers.count)
    var members = [[Row]](repeating: [], count: groupCount)
    for row in rows { members[row.group].append(row) }
    let order = members.indices.sorted {
      members[$0].lexicographicallyPrecedes(members[$1]) { $0.precedes($1) }
    }
    var rank = [Int](repeating: 0, count: groupCount)
    for (position, number) in order.enumerated() { rank[number] = position }
    // Equal rows of different groups are put in order of their group's rank.
    for index in rows.indices { rows[index].group = rank[rows[index].group] }
    rows.sort { ($0.n, $0.d, $0.loss, $0.group) < ($1.n, $1.d, $1.loss, $1.group) }
    n = rows.map(\.n)
    d = hasData ? rows.map(\.d) : []
    loss = rows.map(\.loss)
    group = rows.map(\.group)
  }

  private static func check(_ value: Double, _ column: String, _ row: Int) throws(FitError) {
    guard value > 0, value.isFinite else {
      throw .notPositive(column: column, row: row, found: value)
    }
  }

  /// The rows of each group, ascending.
  var rowsByGroup: [[Int]] {
    var rows = [[Int]](repeating: [], count: groupCount)
    for (row, group) in group.enumerated() { rows[group].append(row) }
    return rows
  }
}

extension RunTable.Row {
  init(_ n: some Quantity, _ d: some Quantity, _ loss: some Quantity) {
    self.init(n: n.doubleValue, d: d.doubleValue, loss: loss.doubleValue)
  }

  init(_ x: some Quantity, _ y: some Quantity) {
    self.init(n: x.doubleValue, d: 0, loss: y.doubleValue)
  }
}
