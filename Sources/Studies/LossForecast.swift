import Foundation
import ScalingLaws

/// A way to foretell a loss: the form of the law, and whether the floor is known.
public struct ForecastMethod: Codable, Hashable, Sendable {
  /// How the terms of size and data combine.
  public var form: LossLaw.Form
  /// Whether the law is told the floor or has to fit it.
  public var knowsFloor: Bool

  /// A method.
  public init(_ form: LossLaw.Form, knowsFloor: Bool) {
    self.form = form
    self.knowsFloor = knowsFloor
  }

  /// Sum, power mean and broken law, first with a fitted floor and then with the true one.
  public static let all = [false, true].flatMap { knowsFloor in
    [LossLaw.Form.additive, .powerMean, .broken].map {
      ForecastMethod($0, knowsFloor: knowsFloor)
    }
  }

  /// The form in words.
  public var formName: String {
    switch form {
    case .additive: "sum"
    case .powerMean: "power mean"
    case .broken: "broken law"
    case .maximum: "maximum"
    case .kaplan: "Kaplan's form"
    }
  }
}

/// A loss law fitted to cheap runs, as it will be held against dear ones.
public struct LossForecast: Sendable {
  /// How it was made.
  public let method: ForecastMethod
  /// The fit.
  public let fit: LossFit

  /// Fits a law to the runs of one language.
  ///
  /// - Parameters:
  ///   - starts: How many starts the search has; the broken law needs the most.
  ///   - withIntervals: Whether forecasts have intervals over ladders, for which the law is fitted again
  ///     without each.
  public init(
    _ method: ForecastMethod, _ points: [CurvePoint], starts: Int = 32, withIntervals: Bool = true
  ) throws(FitError) {
    self.method = method
    let floor: Floor = method.knowsFloor ? .known(points.first?.entropy ?? 0) : .free
    if withIntervals {
      fit = try LossLaw.fit(
        points, n: \.parameters, d: \.tokens, loss: \.loss, resampling: \.ladder,
        form: method.form, floor: floor, starts: .spread(starts))
    } else {
      fit = try LossLaw.fit(
        points, n: \.parameters, d: \.tokens, loss: \.loss, form: method.form, floor: floor,
        starts: .spread(starts))
    }
  }

  /// The foretold loss of a model of `n` parameters after `d` tokens, with its interval over ladders.
  public func loss(n: Double, d: Double) -> Estimate { fit.estimate { $0.loss(n: n, d: d) } }

  /// The parameters that the law holds best for a budget C = 6 N D.
  public func bestSize(compute: Double) -> Double {
    func loss(_ x: Double) -> Double {
      fit.law.loss(n: exp(x), d: compute / 6 / exp(x))
    }
    // Golden section: along a budget the law falls and then rises.
    let ratio = (5.0.squareRoot() - 1) / 2
    var (low, high) = (log(10.0), log(compute / 60))
    while high - low > 1e-6 {
      let (left, right) = (high - ratio * (high - low), low + ratio * (high - low))
      if loss(left) < loss(right) { high = right } else { low = left }
    }
    return exp((low + high) / 2)
  }
}

extension LossForecast {
  /// The law's loss at its own best split of a budget C = 6 N D.
  public func frontierLoss(compute: Double) -> Double {
    let size = bestSize(compute: compute)
    return fit.law.loss(n: size, d: compute / 6 / size)
  }
}

/// Runs of one cell that a forecast is held against: the mean over their seeds.
public struct DearCell: Sendable {
  /// The width of the model.
  public var width: Int
  /// N, all trained parameters.
  public var parameters: Double
  /// D, tokens trained on.
  public var tokens: Double
  /// The floor, in nats per token.
  public var entropy: Double
  /// The mean excess over seeds, in nats per token.
  public var excess: Double
  /// The standard error of that mean; nil with a single seed.
  public var error: Double?

  /// The loss in nats per token.
  public var loss: Double { entropy + excess }
  /// 6 N D.
  public var compute: Double { 6 * parameters * tokens }

  /// The cells of learning curves, ascending in compute.
  public static func cells(of points: [CurvePoint]) -> [DearCell] {
    Dictionary(grouping: points) { [Double($0.width), $0.tokens] }.values.map { group in
      let mean = group.reduce(0) { $0 + $1.excess } / Double(group.count)
      let squares = group.reduce(0) { $0 + ($1.excess - mean) * ($1.excess - mean) }
      let count = Double(group.count)
      return DearCell(
        width: group[0].width, parameters: group[0].parameters, tokens: group[0].tokens,
        entropy: group[0].entropy, excess: mean,
        error: count > 1 ? (squares / (count - 1) / count).squareRoot() : nil)
    }.sorted { ($0.compute, $0.parameters) < ($1.compute, $1.parameters) }
  }
}

/// A forecast held against what was measured.
public struct ForecastError: Sendable {
  /// How the forecast was made.
  public var method: ForecastMethod
  /// How many times dearer the runs were than the dearest that were fitted.
  public var distance: Double
  /// The mean over cells of log(foretold loss / loss).
  public var total: Double
  /// The mean over cells of (foretold loss − loss) / excess.
  public var excess: Double
  /// The mean over cells of (foretold gain − gain) / gain: negative where the runs beat the law.
  public var gain: Double
  /// The cells whose loss lies inside the stated interval.
  public var inside: Int
  /// The cells.
  public var cells: Int

  /// Holds a forecast against cells of one distance; `best` is the best loss below the cut.
  public init(_ forecast: LossForecast, cells: [DearCell], best: Double, distance: Double) {
    precondition(!cells.isEmpty, "a forecast is held against at least one cell")
    let foretold = cells.map { forecast.loss(n: $0.parameters, d: $0.tokens) }
    func mean(_ value: (DearCell, Estimate) -> Double) -> Double {
      zip(cells, foretold).reduce(0) { $0 + value($1.0, $1.1) } / Double(cells.count)
    }
    method = forecast.method
    self.distance = distance
    total = mean { log($1.value / $0.loss) }
    excess = mean { ($1.value - $0.loss) / $0.excess }
    let gained = mean { cell, _ in best - cell.loss }
    let expected = mean { _, foretold in best - foretold.value }
    gain = expected / gained - 1
    inside = zip(cells, foretold).count { $1.contains($0.loss) }
    self.cells = cells.count
  }
}
