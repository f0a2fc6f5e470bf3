import ArgumentParser
import RunTables

/// Which runs are kept for judging the fit: 'C>1e21', 'N>=1B' or a comparison of any column.
struct HoldOut: ExpressibleByArgument, Equatable {
  var column: String
  var comparison: Comparison
  var bound: Double
  /// As it was given.
  var text: String

  enum Comparison: String {
    case less = "<", lessOrEqual = "<=", greater = ">", greaterOrEqual = ">="
  }

  init?(argument: String) {
    guard let sign = argument.firstIndex(where: { "<>".contains($0) }) else { return nil }
    var rest = argument[argument.index(after: sign)...]
    var name = String(argument[sign])
    if rest.first == "=" {
      name += "="
      rest = rest.dropFirst()
    }
    guard let comparison = Comparison(rawValue: name), let bound = RunTable.number(String(rest))
    else { return nil }
    column = argument[..<sign].split(separator: " ").joined(separator: " ")
    guard !column.isEmpty else { return nil }
    self.comparison = comparison
    self.bound = bound
    text = argument
  }

  static let allValueStrings = ["'C>1e21'", "'N>=1B'"]

  /// The column that has to be read for it; nil for N, D, C and loss.
  var otherColumn: String? { ["N", "D", "C", "loss"].contains(column) ? nil : column }

  /// Whether a run is held out.
  func holds(_ table: RunTable, _ index: Int) -> Bool {
    let run = table.runs[index]
    let value: Double
    switch column {
    case "N": value = run.n
    case "D": value = run.d
    case "C": value = run.c
    case "loss": value = run.loss
    default: value = table.others[column]?[index] ?? .nan
    }
    switch comparison {
    case .less: return value < bound
    case .lessOrEqual: return value <= bound
    case .greater: return value > bound
    case .greaterOrEqual: return value >= bound
    }
  }
}
