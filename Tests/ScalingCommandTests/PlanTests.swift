import ArgumentParser
import Foundation
import ScalingLaws
import Testing

@testable import ScalingCommand

struct PlanTests {
  static func source(_ preset: Preset) -> LawSource {
    LawSource(
      name: preset.citation, law: preset.law, ensemble: nil, open: [], sizes: nil, data: nil)
  }

  @Test func kaplansConstantsAreTheirs() {
    let law = Preset.kaplan.law
    for (n, d) in [(1e8, 1e10), (1e9, 2e10), (3e10, 1e12)] {
      let theirs = pow(pow(6.4e13 / n, 0.076 / 0.103) + 1.8e13 / d, 0.103)
      #expect(abs(law.loss(n: n, d: d) / theirs - 1) < 1e-12)
    }
  }

  @Test func chinchillaIsPredicted() {
    // 1.69 + 406.4/(70e9)^0.34 + 410.7/(1.4e12)^0.28, by hand.
    let loss = Preset.hoffmann.law.loss(n: 70e9, d: 1.4e12)
    #expect(abs(loss - 1.9366) < 2e-4)
    let text = Prediction(Self.source(.hoffmann), n: 70e9, d: 1.4e12).text
    #expect(text.contains("1.937") && text.contains("arXiv 2203.15556"))
  }

  @Test(arguments: [("1e308", "1e308", "inf"), ("1e-300", "1e-300", "0.0")])
  func sizesBeyondAnyNumberOfFLOPsAreRefused(n: String, d: String, product: String) throws {
    let error = try #require(throws: (any Error).self) {
      _ = try Predict.parse(["--preset", "besiroglu", "--n", n, "--d", d])
    }
    let text = Predict.message(for: error)
    #expect(text.contains("--n and --d must give a positive, finite number"), "\(text)")
    #expect(text.contains("give \(product)."), "\(text)")
  }

  @Test func aFitThatWasWrittenIsReadBackWithItsIntervals() throws {
    let table = try Planted.file()
    let analysis = try FitTests.analysis(table.path)
    let fit = try #require(analysis.fit)
    let file = try TemporaryFile(analysis.json().text(), ending: "json")
    let read = try FitFile(path: file.path)
    #expect(read.law == fit.law)
    let ensemble = try #require(read.ensemble)
    let mine = ensemble.estimate(.logarithmic) { $0.loss(n: 1e11, d: 1e12) }
    #expect(mine == fit.estimate(.logarithmic) { $0.loss(n: 1e11, d: 1e12) })
    #expect(mine.contains(Planted.law.loss(n: 1e11, d: 1e12)))
    let source = LawSource(
      name: "fit.json", law: read.law, ensemble: ensemble, open: read.open, sizes: read.sizes,
      data: read.data)
    #expect(!source.warnings(n: 1e12, d: 1e12).isEmpty)
    #expect(source.warnings(n: 1e9, d: 1e10).isEmpty)
  }

  @Test func aFitThatIsNotIdentifiedPredictsNothing() throws {
    let table = try TemporaryFile("N,D,loss\n1e8,1e9,3\n2e8,1e9,2.9\n1e8,2e9,2.8\n")
    let json = try FitTests.analysis(table.path).json().text()
    let file = try TemporaryFile(json, ending: "json")
    #expect {
      try FitFile(path: file.path)
    } throws: {
      guard case FitFileError.notIdentified(_, let parameters) = $0 else { return false }
      return parameters.contains("alpha")
    }
  }

  @Test(arguments: ["", "{", "[]", "{\"form\":\"additive\"}", "{\"form\":3}", "N,D,loss\n1,2,3\n"])
  func aFileThatIsNoFitIsRefused(text: String) {
    #expect(throws: FitFileError.self) {
      try FitFile(bytes: Data(text.utf8), file: "fit.json")
    }
  }

  @Test func theOptimumIsHoffmannsClosedForm() throws {
    let law = Preset.hoffmann.law
    for compute in [1e18, 5.76e23, 1e27] {
      let best = try #require(law.optimum(compute: compute))
      let g = pow(0.34 * 406.4 / (0.28 * 410.7), 1 / 0.62)
      let n = g * pow(compute / 6, 0.28 / 0.62)
      #expect(abs(best.n / n - 1) < 1e-6 && abs(best.n * best.d * 6 / compute - 1) < 1e-9)
      #expect(abs(try #require(law.optimalSize(d: best.d)) / best.n - 1) < 1e-6)
    }
  }

  @Test func aPlanShowsWhatMissingTheBestSizeCosts() throws {
    let plan = try #require(ComputePlan(Self.source(.besiroglu), compute: 5.76e23))
    let best = plan.choices[0].loss.value
    #expect(plan.misses.map(\.factor) == [0.1, 0.5, 2, 10])
    #expect(plan.misses.allSatisfy { $0.loss.value > best && $0.waste.value > 1 })
    #expect(plan.misses[0].waste.value > plan.misses[1].waste.value)
    #expect(plan.misses[1].waste.value < 1.6)
    // What a miss wastes is what the best split would have saved.
    let law = Preset.besiroglu.law
    let saved = try #require(law.optimum(compute: 5.76e23 / plan.misses[3].waste.value))
    #expect(abs(saved.loss / plan.misses[3].loss.value - 1) < 1e-6)
  }

  @Test func inferenceMakesModelsSmallerAndTrainedForLonger() throws {
    let law = Preset.besiroglu.law
    let plan = try #require(
      ComputePlan(Self.source(.besiroglu), compute: 1e23, inferenceTokens: 2e12))
    let lives = try #require(plan.lives)
    #expect(lives.best.n < lives.usual.n && lives.best.d > lives.usual.d)
    #expect(lives.best.compute < lives.usual.compute)
    let loss = plan.choices[0].loss.value
    #expect(abs(law.loss(n: lives.best.n, d: lives.best.d) / loss - 1) < 1e-6)
    // No neighbour of the same loss is cheaper.
    for factor in [0.97, 1.03] {
      let n = lives.best.n * factor
      let term = loss - law.floor - law.sizeTerm(n: n)
      let d = pow(law.dataCoefficient / term, 1 / law.beta)
      #expect(6 * n * d + 2 * n * 2e12 > lives.best.compute)
    }
    // Without inference the cheapest is the best split itself.
    let none = try #require(law.lifetimeOptimum(reaching: loss, inferenceTokens: 0))
    #expect(abs(none.n / lives.usual.n - 1) < 1e-3)
  }

  @Test func theLargestModelBindsAndIsTrainedOnMoreTokens() throws {
    let plan = try #require(
      ComputePlan(Self.source(.hoffmann), compute: 5.76e23, maximumSize: 13e9))
    #expect(abs(plan.choices[1].n.value / 13e9 - 1) < 1e-9)
    #expect(plan.choices[1].loss.value > plan.choices[0].loss.value)
    let loose = try #require(
      ComputePlan(Self.source(.hoffmann), compute: 5.76e23, maximumSize: 13e12))
    #expect(loose.choices.count == 1)
  }

  @Test func repeatedTextIsWorthLessThanNew() throws {
    let law = Preset.besiroglu.law
    let repeated = RepeatedData(law, unique: 1e10)
    #expect(repeated.loss(n: 1e8, d: 1e10) == law.loss(n: 1e8, d: 1e10))
    // U (1 + R* (1 − exp(−R/R*))) after four epochs: R = 3.
    let four = 1e10 * (1 + 15.39 * (1 - exp(-3 / 15.39)))
    #expect(abs(repeated.effectiveData(4e10) / four - 1) < 1e-12)
    #expect(repeated.effectiveData(1e15) < 1e10 * 16.4)
    #expect(repeated.loss(n: 1e8, d: 4e10) > law.loss(n: 1e8, d: 4e10))
    #expect(repeated.loss(n: 1e8, d: 4e10) < repeated.loss(n: 1e8, d: 1e10))
    let plan = try #require(
      ComputePlan(Self.source(.besiroglu), compute: 1e23, uniqueTokens: 1e11))
    #expect(plan.choices[1].loss.value > plan.choices[0].loss.value)
    #expect(plan.text.contains("arXiv 2305.16264"))
  }

  @Test func aPriceIsAPricePerFLOP() throws {
    let plan = try #require(
      ComputePlan(Self.source(.hoffmann), compute: 1e21, price: 1e-18))
    #expect(plan.text.contains("price of training: 1000"))
  }

  @Test(arguments: [
    ["predict", "--n", "1B", "--d", "20B"],
    ["predict", "--preset", "hoffmann", "--fit", "x", "--n", "1B", "--d", "2B"],
    ["predict", "--preset", "chinchilla", "--n", "1B", "--d", "2B"],
    ["predict", "--preset", "kaplan", "--n", "-1B", "--d", "2B"], ["plan", "--preset", "kaplan"],
    ["plan", "--preset", "kaplan", "--compute", "much"],
  ])
  func wrongUsageExitsWith64(arguments: [String]) {
    #expect {
      try Scaling.parseAsRoot(arguments)
    } throws: {
      Scaling.exitCode(for: $0).rawValue == 64
    }
  }
}
