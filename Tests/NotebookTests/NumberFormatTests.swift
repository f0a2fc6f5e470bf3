import Testing

@testable import Notebook

struct NumberFormatTests {
  @Test(arguments: [
    (0.50349, 3, "0.503"), (0.5, 3, "0.500"), (0.9996, 3, "1.00"), (12.345, 3, "12.3"),
    (1234.5, 3, "1234"), (12345.6, 3, "12,346"), (-0.25, 2, "−0.25"), (1.25e-5, 3, "1.25 × 10⁻⁵"),
    (4.9e12, 2, "4.9 × 10¹²"), (0, 3, "0.00"), (12800, 0, "12,800"), (61, 0, "61"),
    (1_234_567, 0, "1,234,567"), (-1500, 0, "−1500"), (.nan, 3, "–"), (-.infinity, 3, "−∞"),
    (-0.00001, 0, "0"),
  ])
  func numbersArePrintedInTheStyleOfTheHouse(value: Double, digits: Int, text: String) {
    #expect(NumberFormat(digits: digits).text(value) == text)
  }

  @Test func intervalsSharePlaceUnitAndPercent() {
    #expect(NumberFormat().text(0.5, low: 0.4444, high: 0.6) == "0.500 [0.444, 0.600]")
    #expect(NumberFormat(digits: 2, unit: "nats").text(2.44) == "2.4 nats")
    #expect(
      NumberFormat(digits: 2, percent: true).text(0.123, low: 0.1, high: 0.15) == "12 [10, 15] %")
  }
}
