import Foundation
import Randomness
import Testing

@Suite struct ReproducibleTests {
  /// The difference of two numbers in units in the last place of the second.
  func ulps(_ value: Double, _ reference: Double) -> Double {
    value == reference ? 0 : ((value - reference) / reference.ulp).magnitude
  }

  // Foundation's functions are nearly always rounded correctly, so an error below 1 ulp shows as a
  // difference of at most 1, and one below 2 as at most 2.

  @Test func exponentialIsWithinItsBound() {
    var stream = RandomStream(seed: 1, "exp")
    var worst = 0.0
    for _ in 0..<20_000 {
      let x = (stream.uniform() - 0.5) * 2 * (stream.uniform(below: 2) == 0 ? 700 : 2)
      worst = max(worst, ulps(Reproducible.exp(x), Foundation.exp(x)))
    }
    #expect(worst <= 1)
  }

  @Test func logarithmIsWithinItsBound() {
    var stream = RandomStream(seed: 2, "log")
    var worst = 0.0
    for _ in 0..<20_000 {
      let x =
        stream.uniform(below: 2) == 0
        ? Foundation.exp((stream.uniform() - 0.5) * 1400) : 0.5 + stream.uniform()
      worst = max(worst, ulps(Reproducible.log(x), Foundation.log(x)))
    }
    #expect(worst <= 1)
  }

  @Test func powerIsWithinItsBound() {
    var stream = RandomStream(seed: 3, "pow")
    var worst = 0.0
    for _ in 0..<20_000 {
      let x = Foundation.exp((stream.uniform() - 0.5) * 40)
      let y = (stream.uniform() - 0.5) * 2 * min(700 / Foundation.log(x).magnitude, 1000)
      worst = max(worst, ulps(Reproducible.pow(x, y), Foundation.pow(x, y)))
    }
    #expect(worst <= 2)
  }

  @Test func arctangentIsWithinItsBound() {
    var stream = RandomStream(seed: 4, "atan")
    var worst = 0.0
    for _ in 0..<20_000 {
      let x =
        (stream.uniform() - 0.5)
        * (stream.uniform(below: 2) == 0 ? 8 : Foundation.exp((stream.uniform() - 0.5) * 120))
      worst = max(worst, ulps(Reproducible.atan(x), Foundation.atan(x)))
    }
    #expect(worst <= 1)
    #expect(Reproducible.atan(0) == 0)
    #expect(Reproducible.atan(.infinity) == .pi / 2)
    #expect(Reproducible.atan(-.infinity) == -.pi / 2)
    #expect(Reproducible.atan(.nan).isNaN)
    #expect(Reproducible.atan(1) == .pi / 4)
  }

  @Test func powersOfIntegersAreExactWhereTheyCanBe() {
    for i in 1...30 {
      #expect(ulps(Reproducible.pow(Double(i), 2), Double(i * i)) <= 1)
      #expect(ulps(Reproducible.pow(Double(i), 0.5), Double(i).squareRoot()) <= 1)
    }
    #expect(Reproducible.pow(2, 10) == 1024)
    #expect(Reproducible.pow(2, -1074) == 0x1p-1074)
  }

  @Test func limitsAreThoseOfTheFunctions() {
    #expect(Reproducible.exp(0) == 1)
    #expect(Reproducible.exp(.infinity) == .infinity)
    #expect(Reproducible.exp(-.infinity) == 0)
    #expect(Reproducible.exp(.nan).isNaN)
    #expect(Reproducible.exp(710) == .infinity)
    #expect(Reproducible.exp(709.7).isFinite)
    #expect(Reproducible.exp(-746) == 0)
    #expect((Reproducible.exp(-740) / Foundation.exp(-740) - 1).magnitude < 0.01)
    #expect(Reproducible.log(1) == 0)
    #expect(Reproducible.log(0) == -.infinity)
    #expect(Reproducible.log(-1).isNaN)
    #expect(Reproducible.log(.nan).isNaN)
    #expect(Reproducible.log(.infinity) == .infinity)
    #expect(Reproducible.log(0x1p-1074) == Foundation.log(0x1p-1074))
    #expect(Reproducible.pow(0, 2) == 0)
    #expect(Reproducible.pow(0, -2) == .infinity)
    #expect(Reproducible.pow(0, 0) == 1)
    #expect(Reproducible.pow(-1, 2).isNaN)
    #expect(Reproducible.pow(2, .infinity) == .infinity)
    #expect(Reproducible.pow(0.5, .infinity) == 0)
    #expect(Reproducible.pow(.infinity, -1) == 0)
    #expect(Reproducible.pow(10, 400) == .infinity)
    #expect(Reproducible.pow(10, -400) == 0)
    #expect(Reproducible.pow(.nan, 0) == 1)
    #expect(Reproducible.pow(.nan, 1).isNaN)
  }
}
