import Testing

@testable import Weaving

struct NumberTextTests {
  @Test(arguments: [
    (0.3951, 3, "0.395"), (0.5, 3, "0.500"), (-0.0213, 2, "−0.021"), (9.996, 3, "10.0"),
    (61, 0, "61"), (12_800, 0, "12,800"), (1_234_567, 0, "1,234,567"), (1920, 0, "1920"),
    (12_345, 3, "12,300"), (123_456, 3, "123,000"), (1_234_567, 3, "1.23 × 10⁶"),
    (4.9e12, 2, "4.9 × 10¹²"), (9.999e5, 3, "1.00 × 10⁶"), (0.00123, 2, "0.0012"),
    (0.000123, 2, "1.2 × 10⁻⁴"), (-1.5e-7, 2, "−1.5 × 10⁻⁷"), (0, 3, "0"), (-0.0, 3, "0"),
    (5, 1, "5"), (2.5e8, 1, "2 × 10⁸"), (.infinity, 3, "∞"), (-.infinity, 3, "−∞"),
    (.nan, 3, "undefined"),
  ])
  func numbersHaveSignificantDigits(_ value: Double, _ digits: Int, _ expected: String) {
    #expect(NumberText(value, digits: digits).plain == expected.replacingSpaces)
  }

  @Test func intervalsShareDecimalsAndPower() {
    #expect(NumberText(0.3951, low: 0.381, high: 0.41, digits: 3).plain == "0.395 [0.381, 0.410]")
    #expect(
      NumberText(3.21e8, low: 2.9e8, high: 1.02e9, digits: 3).plain
        == "(3.21 [2.90, 10.20]) × 10⁸")
    #expect(
      NumberText(12_345, low: 9_961, high: 15_000, digits: 2, unit: "tokens").plain
        == "12,000 [10,000, 15,000]\u{A0}tokens")
    #expect(NumberText(0, low: -0.012, high: 0.011, digits: 2).plain == "0.000 [−0.012, 0.011]")
    #expect(
      NumberText(0.0213, low: 0.019, high: 0.0249, digits: 2, percent: true).plain
        == "2.1 [1.9, 2.5]\u{A0}%")
  }

  @Test func partsThatAreMissingAreNil() {
    let value = ValueRecord(name: "a", value: 2, low: 1, high: 3, line: 1)
    #expect(NumberText(value, part: .low)?.plain == "1.00")
    #expect(NumberText(value, part: .theory) == nil)
    #expect(NumberText(ValueRecord(name: "a", value: 2, line: 1), part: .interval) == nil)
  }
}

extension String {
  /// Between a number and its power of ten no line may break.
  fileprivate var replacingSpaces: String { self }
}
