import Foundation

/// The learning curve of one width in one ladder: log excess over log compute.
struct LearningCurve: Sendable {
  /// log C, ascending.
  let logCompute: [Double]
  let logExcess: [Double]

  /// How often a resample drew the curve.
  let weight: Double

  init(_ points: [CurvePoint], _ accounting: Accounting) {
    let drawn = Dictionary(grouping: points, by: \.tokens).sorted { $0.key < $1.key }.map(\.value)
    logCompute = drawn.map { log(accounting.compute($0[0])) }
    logExcess = drawn.map { log($0[0].excess) }
    weight = Double(drawn[0].count)
  }

  /// Whole steps miss a budget by up to half a step in a hundred.
  private static let slack = 0.01

  /// log excess at log C by the polynomial through the four nearest points; nil outside the curve.
  func value(at x: Double) -> Double? {
    guard let first = logCompute.first, let last = logCompute.last,
      first - Self.slack <= x, x <= last + Self.slack
    else { return nil }
    let above = logCompute.firstIndex { $0 >= x } ?? logCompute.count
    let start = max(0, min(above - 2, logCompute.count - 4))
    let window = start..<min(start + 4, logCompute.count)
    return window.reduce(0) { sum, i in
      let weight = window.reduce(1) { product, j in
        j == i ? product : product * (x - logCompute[j]) / (logCompute[i] - logCompute[j])
      }
      return sum + weight * logExcess[i]
    }
  }
}

/// The excess over model size at one budget: an isoFLOP profile with its minimum.
///
/// The minimum is that of the parabola in ln N through the five points around the lowest one
/// (Hoffmann et al. 2022, arXiv 2203.15556, approach 2, takes one parabola through all of them; far
/// from the minimum a profile is no parabola).
///
/// Not `IsoFLOPProfile` of ScalingLaws, which takes runs as they end, of about one budget each, and
/// C = 6 N D: here curves are read at exactly the budget, C and N are what an `Accounting` counts,
/// the minimum stays between the neighbours of the lowest width, and seeds say how clear it is.
public struct BudgetProfile: Sendable {
  /// One width.
  public struct Point: Sendable {
    /// The width of the model.
    public var width: Int
    /// N, as it is counted.
    public var size: Double
    /// The geometric mean of the excess over all ladders.
    public var excess: Double
  }

  /// C in FLOPs, as it is counted.
  public let compute: Double
  /// The measured widths, ascending in size.
  public let points: [Point]
  /// N at the minimum.
  public let size: Double
  /// D at the minimum, in tokens.
  public let tokens: Double
  /// The excess at the minimum, in nats per token.
  public let excess: Double
  /// By what factor the excess at the smallest measured size exceeds the minimum.
  public let leftRise: Double
  /// By what factor the excess at the largest measured size exceeds the minimum.
  public let rightRise: Double
  /// The standard deviation of the log excess between seeds of a draw, over the parabola's points.
  ///
  /// nil with a single seed.
  public let deviation: Double?
  /// log excess = a + b u + c u², u = ln(N / size).
  private let curvature: Double
  /// The sizes between which the parabola was fitted.
  public let fitted: ClosedRange<Double>

  /// Whether the excess rises on both sides by more than `deviations` standard deviations.
  public func isResolved(deviations: Double) -> Bool {
    guard let deviation else { return false }
    return log(min(leftRise, rightRise)) > deviations * deviation
  }

  /// The smaller of both rises in standard deviations; nil with a single seed.
  public var clearance: Double? {
    deviation.map { $0 > 0 ? log(min(leftRise, rightRise)) / $0 : .infinity }
  }

  /// The parabola: the excess at a size.
  public func parabola(size n: Double) -> Double {
    let u = log(n / size)
    return excess * exp(curvature * u * u)
  }

  /// The excess at a size between the measured ones, by a straight line in the logarithms.
  public func excess(size n: Double) -> Double? {
    guard let upper = points.firstIndex(where: { $0.size >= n * (1 - 1e-9) }) else { return nil }
    if points[upper].size <= n * (1 + 1e-9) { return points[upper].excess }
    guard upper > 0 else { return nil }
    let (low, high) = (points[upper - 1], points[upper])
    let part = log(n / low.size) / log(high.size / low.size)
    return exp((1 - part) * log(low.excess) + part * log(high.excess))
  }

  /// The profile at one budget; nil unless its lowest point has neighbours on both sides.
  ///
  /// Every ladder's curve is read at the budget, and widths that one of the ladders lacks there are
  /// left out.
  init?(_ curves: CurveSet, compute: Double) {
    let x = log(compute)
    var points: [Point] = []
    var rates: [Double] = []
    var spreads: [(squares: Double, degrees: Int)] = []
    for rung in curves.rungs {
      let readings = rung.curves.compactMap { curve in
        curve.curve.value(at: x).map { (draw: curve.draw, value: $0, weight: curve.curve.weight) }
      }
      guard readings.count == curves.ladders else { continue }
      let mean =
        readings.reduce(0) { $0 + $1.weight * $1.value } / readings.reduce(0) { $0 + $1.weight }
      points.append(Point(width: rung.width, size: rung.size, excess: exp(mean)))
      rates.append(log(rung.computePerToken))
      var spread = (squares: 0.0, degrees: 0)
      for group in Dictionary(grouping: readings, by: \.draw).values {
        let mean = group.reduce(0) { $0 + $1.value } / Double(group.count)
        spread.squares += group.reduce(0) { $0 + ($1.value - mean) * ($1.value - mean) }
        spread.degrees += group.count - 1
      }
      spreads.append(spread)
    }
    guard points.count >= 3,
      let lowest = points.indices.min(by: { points[$0].excess < points[$1].excess }),
      lowest > 0, lowest < points.count - 1
    else { return nil }
    let start = max(0, min(lowest - 2, points.count - 5))
    let window = Array(start..<min(start + 5, points.count))
    let center = log(points[lowest].size)
    let sizes = points.map { log($0.size) - center }
    guard
      let fit = Parabola(x: window.map { sizes[$0] }, y: window.map { log(points[$0].excess) }),
      fit.curvature > 0
    else { return nil }
    // A minimum beyond the neighbours of the lowest point would contradict the lowest point.
    let place = min(max(fit.vertex, sizes[lowest - 1]), sizes[lowest + 1])
    let excess = exp(fit.value(at: place))
    // FLOPs per token at that size, between the neighbouring widths.
    let upper = sizes.firstIndex { $0 >= place } ?? sizes.count - 1
    let lower = max(0, upper - 1)
    let part = upper == lower ? 0 : (place - sizes[lower]) / (sizes[upper] - sizes[lower])
    let rate = exp(rates[lower] + part * (rates[upper] - rates[lower]))
    let squares = window.reduce(0) { $0 + spreads[$1].squares }
    let degrees = window.reduce(0) { $0 + spreads[$1].degrees }

    self.compute = compute
    self.points = points
    size = exp(center + place)
    tokens = compute / rate
    self.excess = excess
    leftRise = points[0].excess / excess
    rightRise = points[points.count - 1].excess / excess
    deviation = degrees > 0 ? (squares / Double(degrees)).squareRoot() : nil
    curvature = fit.curvature
    fitted = points[window[0]].size...points[window[window.count - 1]].size
  }
}

/// The learning curves of every width, as one accounting sees them.
struct CurveSet: Sendable {
  struct Rung: Sendable {
    var width: Int
    var size: Double
    /// C / D, in FLOPs per token.
    var computePerToken: Double
    var curves: [(draw: UInt64, curve: LearningCurve)]
  }

  /// Ascending in width.
  let rungs: [Rung]
  /// How many ladders there are.
  let ladders: Int

  init(_ points: [CurvePoint], _ accounting: Accounting) {
    ladders = Set(points.map(\.ladder)).count
    rungs = Dictionary(grouping: points, by: \.width).sorted { $0.key < $1.key }.map { width, own in
      Rung(
        width: width, size: accounting.size(own[0]),
        computePerToken: accounting.compute(own[0]) / own[0].tokens,
        curves: Dictionary(grouping: own, by: \.ladder).sorted { $0.key < $1.key }.map {
          ($0.key.draw, LearningCurve($0.value, accounting))
        })
    }
  }

  /// The budgets that at least three widths of every ladder reach, a factor two apart.
  func budgets(from least: Double) -> [Double] {
    let highest = rungs.flatMap { $0.curves.compactMap { $0.curve.logCompute.last } }.max() ?? 0
    return (0..<64).map { least * pow(2, Double($0)) }.filter { log($0) <= highest + 0.01 }
  }
}

/// The parabola of least squares through given points.
///
/// `BudgetParabola` of ScalingLaws solves the same equations over an x that it has centred already,
/// for its bootstrap exchanges y alone. The two round differently, so that one in place of the other
/// would change the last digits of what is recorded.
struct Parabola {
  let curvature: Double
  let slope: Double
  let constant: Double

  var vertex: Double { -slope / (2 * curvature) }

  func value(at x: Double) -> Double { constant + x * (slope + x * curvature) }

  /// nil if fewer than three values of x differ.
  init?(x: [Double], y: [Double]) {
    let count = Double(x.count)
    guard count >= 3 else { return nil }
    let middle = x.reduce(0, +) / count
    let u = x.map { $0 - middle }
    // Powers of the centred x; the sum of the first vanishes.
    let second = u.reduce(0) { $0 + $1 * $1 }
    let third = u.reduce(0) { $0 + $1 * $1 * $1 }
    let fourth = u.reduce(0) { $0 + $1 * $1 * $1 * $1 }
    let mean = y.reduce(0, +) / count
    let first = zip(u, y).reduce(0) { $0 + $1.0 * ($1.1 - mean) }
    let square = zip(u, y).reduce(0) { $0 + ($1.0 * $1.0 - second / count) * ($1.1 - mean) }
    let spread = fourth - second * second / count
    let determinant = second * spread - third * third
    guard second > 0, determinant > 1e-12 * second * spread else { return nil }
    let c = (second * square - third * first) / determinant
    let b = (spread * first - third * square) / determinant
    let a = mean - c * second / count
    curvature = c
    slope = b - 2 * c * middle
    constant = a - b * middle + c * middle * middle
  }
}
