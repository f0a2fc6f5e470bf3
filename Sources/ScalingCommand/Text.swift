import Foundation
import ScalingLaws

/// Numbers and tables as text.
enum Text {
  /// A size as people say it: 70B, 1.4T, 5.76e23.
  static func amount(_ value: Double) -> String {
    for (factor, letter) in [(1e12, "T"), (1e9, "B"), (1e6, "M")]
    where value >= factor * 0.9995 && value < factor * 999.5 {
      return number(value / factor) + letter
    }
    return number(value)
  }

  /// Three significant digits.
  static func number(_ value: Double) -> String { Estimate(value).formatted(digits: 3) }

  /// An amount with its interval.
  static func amount(_ estimate: Estimate) -> String {
    guard estimate.hasInterval else { return amount(estimate.value) }
    return "\(amount(estimate.value)) (\(amount(estimate.low)) to \(amount(estimate.high)))"
  }

  /// The interval of an estimate as "1.2 to 3.4"; empty if there is none.
  static func interval(_ estimate: Estimate, digits: Int = 4) -> String {
    guard estimate.hasInterval else { return "" }
    // Bounds that differ by many powers of ten share no decimal place.
    guard estimate.high.magnitude < 1e4 * estimate.value.magnitude else {
      return "\(number(estimate.low)) to \(number(estimate.high))"
    }
    let value = Estimate(estimate.value).formatted(digits: digits)
    return String(estimate.formatted(digits: digits).dropFirst(value.count + 2).dropLast())
  }

  /// Rows with aligned columns; no line ends in a space.
  static func table(
    _ rows: [[String]], rightAligned: some Collection<Int> = EmptyCollection(), spaces: Int = 3
  ) -> [String] {
    let columns = rows.map(\.count).max() ?? 0
    let gap = String(repeating: " ", count: spaces)
    let widths = (0..<columns).map { column in
      rows.map { column < $0.count ? $0[column].count : 0 }.max() ?? 0
    }
    return rows.map { row in
      let cells = row.enumerated().map { column, cell in
        let space = String(repeating: " ", count: widths[column] - cell.count)
        return rightAligned.contains(column) ? space + cell : cell + space
      }
      let line = cells.joined(separator: gap)
      return String(line.reversed().drop { $0 == " " }.reversed())
    }
  }
}

extension Text {
  /// A loss to four digits.
  static func loss(_ value: Double) -> String { Estimate(value).formatted(digits: 4) }

  /// A factor such as 2 or 10.
  static func factor(_ value: Double) -> String {
    value == value.rounded() ? "\(Int(value))" : number(value)
  }
}
