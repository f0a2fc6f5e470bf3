import ScalingLaws
import Testing
import Weaving

@testable import Notebook

struct TableTests {
  struct Row {
    var name: String
    var width: Int
    var loss: Double
    var slope: Estimate?
  }

  static let rows = [
    Row(
      name: "*small*", width: 8, loss: 0.12345, slope: Estimate(value: 0.5, low: 0.4, high: 0.61)),
    Row(name: "large", width: 12800, loss: 1.5e-7, slope: nil),
  ]

  @Test func cellsFollowTheTypeOfTheirColumn() {
    let table = Table(Self.rows) {
      Column("Name") { $0.name }
      Column("Width", \.width)
      Column("Loss", digits: 2, unit: "nats") { $0.loss }
      Column("Slope", digits: 2) { $0.slope }
      Column("Gain", percent: true, alignment: .center) { 1 - $0.loss }
    }
    #expect(table.columns.map(\.title) == ["Name", "Width", "Loss", "Slope", "Gain"])
    #expect(
      table.columns.map(\.alignment) == [.leading, .trailing, .trailing, .trailing, .center])
    #expect(
      table.rows == [
        ["*small*", "8", "0.12\u{A0}nats", "0.50 [0.40, 0.61]", "87.7\u{A0}%"],
        ["large", "12,800", "1.5 × 10⁻⁷\u{A0}nats", "–", "100\u{A0}%"],
      ])
  }

  @Test func columnsMayBeComputed() {
    let table = Table([1.0, 2.0]) {
      Column("x") { $0 }
      for power in 2...3 {
        Column("power \(power)", digits: 0) { x in (0..<power).reduce(1) { y, _ in y * x } }
      }
      if Self.rows.isEmpty { Column("never") { $0 } }
    }
    #expect(table.columns.count == 3)
    #expect(table.rows[1] == ["2.00", "4", "8"])
  }
}
