import Testing

@testable import ScalingLaws

struct EstimateTests {
  @Test func anIntervalHoldsItsBoundsAndNothingBeyond() {
    let estimate = Estimate(value: 0.5, low: 0.4, high: 0.7)
    #expect(estimate.contains(0.4) && estimate.contains(0.7) && estimate.contains(0.5))
    #expect(!estimate.contains(0.39) && !estimate.contains(0.71) && !estimate.contains(.nan))
    #expect(estimate.overlaps(Estimate(value: 0.8, low: 0.7, high: 0.9)))
    #expect(!estimate.overlaps(Estimate(value: 0.8, low: 0.75, high: 0.9)))
    #expect(!Estimate(0.5).hasInterval)
  }

  @Test(arguments: [
    (Estimate(value: 0.51234, low: 0.48, high: 0.5411), "0.512 (0.480 to 0.541)"),
    (Estimate(value: 406.4, low: 301.23, high: 512.9), "406 (301 to 513)"),
    (Estimate(value: 1.2345e9, low: 1e9, high: 2e9), "1.23e+09 (1.00e+09 to 2.00e+09)"),
    (Estimate(0.25), "0.250"),
    (Estimate(value: 1, low: -.infinity, high: .infinity), "1.00 (-inf to inf)"),
    (Estimate(0), "0.00"),
  ])
  func boundsArePrintedToTheDecimalPlaceOfTheValue(estimate: Estimate, text: String) {
    #expect(estimate.formatted() == text)
  }

  // Tables of Student's distribution, computed with scipy.stats.t.ppf.
  @Test(arguments: [
    (0.975, 1.0, 12.706204736432095), (0.975, 2, 4.302652729911275),
    (0.975, 4, 2.7764451051977987), (0.995, 3, 5.840909309733355),
    (0.95, 10, 1.8124611228116756), (0.975, 55, 2.0040447832891455),
    (0.975, 1e6, 1.959966356814107), (0.6, 5, 0.2671808657041451),
  ])
  func studentQuantilesAgreeWithTables(probability: Double, degrees: Double, expected: Double) {
    let found = StudentT.quantile(probability, degrees: degrees)
    #expect(relativeDifference(found, expected) < 1e-10)
    #expect(StudentT.quantile(1 - probability, degrees: degrees) < 0)
    #expect(abs(StudentT.cumulative(found, degrees: degrees) - probability) < 1e-12)
  }

  @Test func theMeanOfThreeSeedsHasStudentsInterval() {
    let estimate = Estimate.mean(of: [1, 2, 3])
    #expect(estimate.value == 2)
    // t(2) = 4.3027, s = 1.
    #expect(abs(estimate.high - (2 + 4.302652729911275 / 3.0.squareRoot())) < 1e-9)
    #expect(Estimate.mean(of: [5]) == Estimate(5))
  }

  @Test func percentilesInterpolateBetweenOrderStatistics() {
    let values = [1.0, 2, 4, 8]
    #expect(percentile(ofSorted: values, 0) == 1)
    #expect(percentile(ofSorted: values, 1) == 8)
    #expect(percentile(ofSorted: values, 0.5) == 3)
    #expect(percentile(ofSorted: [.infinity, .infinity], 0.3) == .infinity)
  }

  @Test func logGammaAgreesWithFactorials() {
    #expect(abs(logGamma(1)) < 1e-14)
    #expect(relativeDifference(logGamma(11), 15.104412573075516) < 1e-14)
    #expect(relativeDifference(logGamma(0.5), 0.5723649429247) < 1e-13)
  }
}
