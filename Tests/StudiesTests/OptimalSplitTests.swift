import Foundation
import ScalingLaws
import Studies
import Tasks
import Testing

struct OptimalSplitTests {
  static let widths = [4, 8, 12, 16, 24, 32, 48, 64, 96]

  /// Learning curves of a law: every width at budgets a factor two apart, so many ladders.
  static func points(
    _ law: LossLaw, vocabulary: Double = 64, ladders: Int = 3, noise: Double = 0.002
  ) -> [CurvePoint] {
    (1...ladders).flatMap { seed in
      widths.flatMap { width -> [CurvePoint] in
        let d = Double(width)
        let inner = 12 * d * d
        let n = 2 * vocabulary * d + inner
        return (0..<10).map { j in
          let tokens = 3e8 * pow(2, Double(j)) / (6 * n)
          // Another sign for each seed and cell, and no randomness.
          let sign = (width / 4 + j * 3 + seed * 5) % 3 - 1
          let excess = law.excess(n: n, d: tokens) * (1 + noise * Double(sign))
          return CurvePoint(
            draw: 1, seed: UInt64(seed), width: width, parameters: n,
            parametersWithoutEmbeddings: inner, tokens: tokens, flops: 6 * n * tokens * 1.1,
            entropy: 2, excess: excess)
        }
      }
    }
  }

  static let law = LossLaw(
    .additive, floor: 2, sizeCoefficient: 10, alpha: 0.4, dataCoefficient: 60, beta: 0.4)

  @Test(arguments: [(0.4, 0.4), (0.5, 0.35), (0.35, 0.5)])
  func aPlantedSplitIsFoundInAllThreeWays(alpha: Double, beta: Double) throws {
    // The coefficients put the valleys inside the widths.
    let center = (n: 8000.0, d: 4e5)
    let planted = LossLaw(
      .additive, floor: 2, sizeCoefficient: 0.1 * pow(center.n, alpha), alpha: alpha,
      dataCoefficient: 0.1 * alpha / beta * pow(center.d, beta), beta: beta)
    let points = Self.points(planted)
    let split = try OptimalSplit(points, deviations: 3)
    #expect(split.used.count >= 5)
    #expect(abs(split.ratio.value / (alpha / beta) - 1) < 0.06)
    #expect(split.ratio.hasInterval && split.ratio.width < 0.2)
    #expect(abs(split.sizeExponent.value + split.dataExponent.value - 1) < 0.02)
    // The envelope jumps from rung to rung and is coarser.
    #expect(abs(try split.envelope().value / (alpha / beta) - 1) < 0.3)
    let fit = try LossLaw.fit(
      points, n: \.parameters, d: \.tokens, loss: \.loss, resampling: \.ladder, starts: .spread(24))
    #expect(abs(fit.law.alpha / fit.law.beta / (alpha / beta) - 1) < 0.05)
  }

  @Test func leavingEmbeddingsOutLowersTheExponent() throws {
    let points = Self.points(Self.law)
    let all = try OptimalSplit(points, .all, deviations: 3)
    let without = try OptimalSplit(points, .withoutEmbeddings, deviations: 3)
    #expect(without.ratio.value < all.ratio.value - 0.1)
    let shift = try without.ratioDifference(from: all)
    #expect(shift.high < 0)
    // No tables, nothing to leave out.
    let bare = Self.points(Self.law, vocabulary: 0)
    let same = try OptimalSplit(bare, .withoutEmbeddings, deviations: 3).ratio.value
    #expect(abs(same - (try OptimalSplit(bare, .all, deviations: 3)).ratio.value) < 1e-9)
  }

  @Test func noiseAboveTheRiseResolvesNothing() throws {
    let clear = try OptimalSplit(Self.points(Self.law, noise: 0.002), deviations: 3)
    #expect(clear.used.allSatisfy { $0.isResolved(deviations: 3) })
    let noisy = Self.points(Self.law, noise: 0.4)
    let count =
      (try? OptimalSplit(noisy, deviations: 3))?.used.count ?? 0
    #expect(count < clear.used.count)
    #expect(throws: UnresolvedMinima.self) {
      try OptimalSplit(Self.points(Self.law, ladders: 1), deviations: 3)
    }
  }

  @Test func whoFollowsTheTrueExponentPaysNothing() throws {
    let split = try OptimalSplit(Self.points(Self.law), deviations: 3)
    let right = try #require(try split.priceOfFollowing(1, factor: 16))
    let wrong = try #require(try split.priceOfFollowing(0.28, factor: 16))
    #expect(abs(right.value - 1) < 0.06)
    #expect(wrong.value > right.value + 0.1)
  }

  @Test func aFrontierOfAPowerLawTapersInNatsAndNotInShares() throws {
    let curve = try FrontierCurve(Self.points(Self.law, noise: 0.0005))
    // Along the frontier the excess falls with αβ/(α + β).
    #expect(abs(curve.exponent.value - 0.2) < 0.01)
    #expect(curve.gainSlope.high < 0)
    #expect(curve.gainDrop.low > 0)
    #expect(abs(curve.exponentSlope.value) < 0.02)
    let price = try #require(curve.price(of: curve.doublings[1].gain.value, from: 1))
    #expect(abs(price.value - 2) < 1e-6)
    #expect(curve.price(of: 1, from: 0) == nil)
  }

  @Test func theRightFormForetellsAndItsBestSizeIsTheLaws() throws {
    let points = Self.points(Self.law, noise: 0.0005)
    let cheap = points.filter { 6 * $0.parameters * $0.tokens < 1e10 }
    let forecast = try LossForecast(ForecastMethod(.additive, knowsFloor: true), cheap)
    let dear = DearCell.cells(of: points.filter { 6 * $0.parameters * $0.tokens > 1e11 })
    let best = DearCell.cells(of: cheap).map(\.loss).min()!
    let error = ForecastError(forecast, cells: dear, best: best, distance: 16)
    #expect(abs(error.total) < 0.002)
    #expect(abs(error.gain) < 0.02)
    #expect(error.cells == dear.count)
    let compute = 1e11
    let expected =
      pow(
        Self.law.alpha * Self.law.sizeCoefficient / (Self.law.beta * Self.law.dataCoefficient),
        1 / 0.8) * (compute / 6).squareRoot()
    #expect(abs(forecast.bestSize(compute: compute) / expected - 1) < 0.1)
  }
}

extension OptimalSplitTests {
  @Test func aLocalExponentIsTheLawsWhereTheOtherTermIsSmall() throws {
    let points = Self.points(
      LossLaw(
        .additive, floor: 2, sizeCoefficient: 1e-9, alpha: 0.4, dataCoefficient: 60, beta: 0.4),
      noise: 0)
    let n = points.first { $0.width == 32 }!.parameters
    let own = points.filter { $0.width == 32 }.map(\.tokens).sorted()
    let found = LocalExponent.along(
      .data, of: points, at: [(n, own[4]), (n, own[4] * 1e6)], series: "width 32")
    // The second place lies beyond what was measured.
    #expect(found.count == 1)
    #expect(abs(found[0].exponent.value - 0.4) < 1e-6)
    #expect(found[0].place == own[4] && found[0].series == "width 32")
  }

  @Test func drawsOnOneFloorShareTheEOfOneFit() throws {
    var other = Self.points(Self.law, noise: 0)
    for index in other.indices {
      other[index].draw = 2
      other[index].entropy = 2.3
    }
    let shifted = (Self.points(Self.law, noise: 0) + other).onOneFloor()
    #expect(shifted.allSatisfy { $0.entropy == 2 })
    #expect(shifted.map(\.excess) == (Self.points(Self.law, noise: 0) + other).map(\.excess))
    let fit = try LossLaw.fit(
      shifted, n: \.parameters, d: \.tokens, loss: \.loss, starts: .spread(24))
    #expect(abs(fit.law.floor - 2) < 1e-3)
    #expect([CurvePoint]().onOneFloor().isEmpty)
  }
}

struct ForecastGameTests {
  static let language = MarkovLanguage.Definition(seed: 1)
  static let rules = ForecastGame.Rules(
    cut: 9.6e9, distances: [8, 16], widths: [24, 32, 48], seeds: 2)

  /// Points of the law, up to a budget or beyond it.
  static func points(above: Double = 0, upTo: Double) -> [CurvePoint] {
    OptimalSplitTests.points(OptimalSplitTests.law, noise: 0.0005).filter {
      let budget = 6 * $0.parameters * $0.tokens
      return budget > above && budget < upTo
    }
  }

  static let game = ForecastGame(
    rules, key: "Planted", name: "Planted", language: language, points: points(upTo: 1e10))

  @Test func eachDistanceIsRunAtTwoWidths() throws {
    let dear = Self.game.dearRuns
    #expect(dear.map(\.run.width) == [24, 24, 32, 32, 48, 48])
    #expect(dear.map(\.run.steps.count) == [1, 1, 2, 2, 1, 1])
    for run in dear.map(\.run) {
      for steps in run.steps {
        let compute = 6.0 * Double(run.parameters * steps * LanguageRun.tokensPerStep)
        let distance = compute / Self.rules.cut
        #expect(Self.rules.distances.contains { abs(distance / $0 - 1) < 0.01 }, "\(distance)")
      }
    }
  }

  @Test func whatIsWrittenNamesEveryCellOnce() {
    let written = Self.game.written
    #expect(written.count == Self.game.forecasts.count && !written.isEmpty)
    for forecast in written {
      #expect(forecast.cells.count == 4, "two widths at two distances")
      #expect(forecast.cells.allSatisfy { ($0.loss * 1e4).rounded() / 1e4 == $0.loss })
    }
  }

  @Test func theRightFormMissesNothing() throws {
    // Of the two distances only the second was run.
    let result = Self.game.result(Self.points(above: 1.2e11, upTo: 4e11))
    #expect(result.cells(at: 8).isEmpty && !result.cells(at: 16).isEmpty)
    #expect(result.errors.allSatisfy { $0.distance == 16 })
    let told = ForecastMethod(.additive, knowsFloor: true)
    let error = try #require(result.errors.first { $0.method == told })
    #expect(abs(error.gain) < 0.02)
    #expect(result.gainNoise == .infinity, "the nearer distance was not run")
    #expect(Self.game.bestCells.last?.loss == Self.game.best)
  }

  @Test func hindsightAsksForTheBestCellOfEachDistance() throws {
    let told = ForecastMethod(.additive, knowsFloor: true)
    let errors = ForecastGame.inHindsight(
      told, Self.points(upTo: 1e12), cut: 9.6e9, unit: 6, distances: [8, 16, 1024])
    #expect(errors.map(\.distance) == [8, 16], "nothing was run at the last")
    #expect(errors.allSatisfy { abs($0.gain) < 0.02 && $0.cells == 1 })
  }
}

struct GainLadderTests {
  @Test func gainsOfASquareRootShrinkByItsRatio() throws {
    let readings = (0..<12).flatMap { unit in
      (0..<6).map { step in
        let examples = 10 * pow(2, Double(step))
        return GainLadder.Reading(
          unit: unit, examples: examples,
          error: pow(examples, -0.5) * (1 + 0.001 * Double((unit * 7 + step * 3) % 5 - 2)))
      }
    }
    let ladder = try GainLadder(readings)
    #expect(abs(ladder.exponent.value - 0.5) < 0.01)
    #expect(ladder.ratios.count == 4)
    // (1 − 2^-½) 2^-½ over (1 − 2^-½), per example half of that.
    for ratio in ladder.ratios {
      #expect(abs(ratio.value - pow(2, -1.5)) < 0.02)
      #expect(ratio.low < ratio.value && ratio.value < ratio.high)
    }
  }
}
