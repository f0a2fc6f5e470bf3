import Foundation
import Laboratory
import ScalingLaws
import Tasks

/// The extrapolation game in one language: laws fitted to cheap runs are asked for the losses of dear
/// ones, which are trained only when the answers are written down.
public struct ForecastGame: Sendable {
  /// What is cheap, and what is asked for.
  public struct Rules: Sendable {
    /// The dearest budget that is fitted, C = 6 N D in FLOPs.
    public var cut: Double
    /// How many times dearer the foretold runs are, ascending.
    public var distances: [Double]
    /// Widths of the foretold runs, ascending, one more than there are distances: the distance i is
    /// run at the widths i and i + 1.
    public var widths: [Int]
    /// The runs of each width, with seeds from 1.
    public var seeds: Int

    /// Rules of a game.
    public init(cut: Double, distances: [Double], widths: [Int], seeds: Int) {
      self.cut = cut
      self.distances = distances
      self.widths = widths
      self.seeds = seeds
    }
  }

  /// The rules.
  public let rules: Rules
  /// A short name, under which the forecast is written down.
  public let key: String
  /// The language in words.
  public let name: String
  /// The language.
  public let language: MarkovLanguage.Definition
  /// The cheap runs.
  public let points: [CurvePoint]
  /// What each method makes of them; a method that they do not identify is missing.
  public let forecasts: [LossForecast]
  /// The best mean loss among the cheap runs: what a gain is counted from.
  public let best: Double

  /// Fits every method to the cheap runs of one language.
  public init(
    _ rules: Rules, key: String, name: String, language: MarkovLanguage.Definition,
    points: [CurvePoint]
  ) {
    self.rules = rules
    self.key = key
    self.name = name
    self.language = language
    self.points = points
    forecasts = ForecastMethod.all.compactMap { try? LossForecast($0, points) }
    best = DearCell.cells(of: points).map(\.loss).min() ?? .nan
  }

  /// The forecast of one method.
  public func forecast(_ method: ForecastMethod) -> LossForecast? {
    forecasts.first { $0.method == method }
  }

  /// The best cell of each budget among the cheap runs, ascending in compute.
  public var bestCells: [DearCell] {
    Dictionary(grouping: DearCell.cells(of: points)) {
      Int(log2($0.compute / LanguageGrid.leastBudget).rounded())
    }.sorted { $0.key < $1.key }.compactMap { $0.value.min { $0.excess < $1.excess } }
  }

  /// The runs that are foretold; one trunk a width serves both its distances.
  public var dearRuns: [DearRun] {
    rules.widths.enumerated().flatMap { index, width -> [DearRun] in
      let parameters = LanguageRun.model(for: language, width: width)?.parameterCount
      let own = rules.distances.indices.filter { $0 == index || $0 + 1 == index }
      let steps = own.map { place in
        let flops = rules.cut * rules.distances[place]
        // A width that no model can have is passed on: its run fails with the reason.
        let flopsPerStep = 6 * (parameters ?? 2_000) * LanguageRun.tokensPerStep
        return Int((flops / Double(flopsPerStep)).rounded())
      }
      return (1...UInt64(rules.seeds)).map { seed in
        DearRun(LanguageRun(language: language, width: width, steps: steps, seed: seed))
      }
    }
  }

  /// What is written down before the dear runs are trained.
  public var written: [Written] { forecasts.map { Written($0, of: dearRuns) } }

  /// A forecast on paper: every foretold loss, to four digits.
  public struct Written: Encodable, Sendable {
    /// The loss of one cell, with its interval where it is bounded.
    public struct Cell: Encodable, Sendable {
      /// The width of the model.
      public var width: Int
      /// Its optimiser steps.
      public var steps: Int
      /// The foretold loss, in nats per token.
      public var loss: Double
      /// The lower end of the interval.
      public var low: Double?
      /// The upper end of the interval.
      public var high: Double?
    }
    /// The form of the law.
    public var form: String
    /// Whether it was told the floor.
    public var knowsFloor: Bool
    /// One for each width and length.
    public var cells: [Cell]

    init(_ forecast: LossForecast, of runs: [DearRun]) {
      form = forecast.method.form.rawValue
      knowsFloor = forecast.method.knowsFloor
      func rounded(_ value: Double) -> Double? {
        value.isFinite ? (value * 1e4).rounded() / 1e4 : nil
      }
      cells = runs.filter { $0.run.seed == 1 }.flatMap { dear in
        dear.run.steps.map { steps in
          let tokens = Double(steps * LanguageRun.tokensPerStep)
          let loss = forecast.loss(n: Double(dear.run.parameters), d: tokens)
          return Cell(
            width: dear.run.width, steps: steps,
            loss: rounded(loss.value) ?? .greatestFiniteMagnitude,
            low: rounded(loss.low), high: rounded(loss.high))
        }
      }
    }
  }

  /// How the game ended: the dear runs beside what was foretold.
  public struct Result: Sendable {
    /// The game.
    public let game: ForecastGame
    /// The dear runs, by cell.
    public let cells: [DearCell]
    /// One for each forecast and distance that was run, by forecast.
    public let errors: [ForecastError]

    /// The dear cells of one distance.
    public func cells(at distance: Double) -> [DearCell] {
      game.cells(cells, at: distance)
    }

    /// The largest standard error of a mean gain over seeds, as a share of the gain; infinite if a
    /// distance has no run, or a cell a single seed.
    public var gainNoise: Double {
      game.rules.distances.map { distance -> Double in
        let cells = cells(at: distance)
        guard !cells.isEmpty, cells.allSatisfy({ $0.error != nil }) else { return .infinity }
        let count = Double(cells.count)
        let gain = cells.reduce(0) { $0 + game.best - $1.loss } / count
        let squares = cells.reduce(0) { $0 + ($1.error ?? 0) * ($1.error ?? 0) }
        return squares.squareRoot() / count / gain
      }.max() ?? .infinity
    }
  }

  /// Holds the forecasts against the dear runs, given as the points of their branches.
  public func result(_ dear: [CurvePoint]) -> Result {
    let all = DearCell.cells(of: dear)
    let errors = forecasts.flatMap { forecast in
      rules.distances.compactMap { distance -> ForecastError? in
        let there = cells(all, at: distance)
        if there.isEmpty { return nil }
        return ForecastError(forecast, cells: there, best: best, distance: distance)
      }
    }
    return Result(game: self, cells: all, errors: errors)
  }

  private func cells(_ cells: [DearCell], at distance: Double) -> [DearCell] {
    cells.filter { abs(log($0.compute / (rules.cut * distance))) < 0.1 }
  }

  /// Plays the game on points that are all known: fits those up to the cut and asks at each distance
  /// for the best cell. A distance without points is left out.
  ///
  /// - Parameters:
  ///   - cut: The dearest budget that is fitted.
  ///   - unit: The budget of one parameter and token: 6 for FLOPs of training, 1 for N D itself.
  public static func inHindsight(
    _ method: ForecastMethod, _ points: [CurvePoint], cut: Double, unit: Double,
    distances: [Double]
  ) -> [ForecastError] {
    func budget(_ point: CurvePoint) -> Double { point.parameters * point.tokens * unit }
    let seen = points.filter { budget($0) <= cut * 1.05 }
    guard let forecast = try? LossForecast(method, seen, starts: 12, withIntervals: false) else {
      return []
    }
    let best = DearCell.cells(of: seen).map(\.loss).min() ?? .nan
    return distances.compactMap { distance in
      let there = points.filter { abs(log(budget($0) / (cut * distance))) < 0.05 }
      guard let cell = DearCell.cells(of: there).min(by: { $0.excess < $1.excess }) else {
        return nil
      }
      return ForecastError(forecast, cells: [cell], best: best, distance: distance)
    }
  }
}
