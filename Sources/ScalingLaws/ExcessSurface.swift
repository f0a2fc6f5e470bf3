import Foundation

/// Measured excess losses over the plane of N and D, interpolated in the logarithms: no law.
///
/// For each N the runs make a curve over D (they need not share values of D from one N to the next, as
/// ladders of equal compute do not). Between the points of a curve, and between neighbouring curves at
/// equal D, log excess is linear in the logarithms. Runs of one cell (N, D) are averaged
/// geometrically. Nothing is extrapolated: outside the runs the answer is nil.
///
/// For intervals, resample the runs: `Ensemble(of: runs, resampling: \.seed) { try ExcessSurface($0, ...) }`.
public struct ExcessSurface: Sendable {
  /// One size's runs, ascending in D.
  public struct Curve: Equatable, Sendable {
    /// The size.
    public var n: Double
    /// The amounts of data, ascending.
    public var d: [Double]
    /// The geometric mean of the excess losses at each.
    public var excess: [Double]
  }

  /// The axis along which a slope is taken.
  public enum Axis: String, Codable, Sendable, CaseIterable {
    /// Model size N.
    case size
    /// Data D.
    case data
  }

  /// A local exponent: the slope between two neighbouring points of the grid.
  public struct LocalExponent: Codable, Equatable, Sendable {
    /// The size at the geometric middle of the two points.
    public var n: Double
    /// The data at the geometric middle of the two points.
    public var d: Double
    /// −d log excess / d log N, or D: positive where the excess falls.
    public var exponent: Double
  }

  /// The curves, ascending in N.
  public let curves: [Curve]

  /// Collects runs; `excess` is the loss above a known floor, positive.
  public init<Run, N: Quantity, D: Quantity, L: Quantity>(
    _ runs: some Sequence<Run>, n: (Run) -> N, d: (Run) -> D, excess: (Run) -> L
  ) throws(FitError) {
    var names = RunTable.Names()
    names.loss = "excess"
    let table = try RunTable(
      runs.map { RunTable.Row(n($0), d($0), excess($0)) }, groups: [Int](), hasData: true,
      names: names)
    guard table.count > 0 else {
      throw .tooFewRows(found: 0, needed: 1, parameters: ["a surface"])
    }
    var curves: [Curve] = []
    var row = 0
    while row < table.count {
      let (n, d) = (table.n[row], table.d[row])
      var (sum, count) = (0.0, 0.0)
      while row < table.count, table.n[row] == n, table.d[row] == d {
        sum += log(table.loss[row])
        count += 1
        row += 1
      }
      if curves.last?.n != n { curves.append(Curve(n: n, d: [], excess: [])) }
      curves[curves.count - 1].d.append(d)
      curves[curves.count - 1].excess.append(exp(sum / count))
    }
    self.curves = curves
  }

  /// The excess at size `n` and data `d`; nil outside the runs.
  public func excess(n: Double, d: Double) -> Double? {
    let (x, tolerance) = (log(n), 1e-12)
    guard let upper = curves.firstIndex(where: { log($0.n) >= x - tolerance }) else { return nil }
    if abs(log(curves[upper].n) - x) <= tolerance { return Self.excess(curves[upper], d) }
    guard upper > 0, let below = Self.excess(curves[upper - 1], d),
      let above = Self.excess(curves[upper], d)
    else { return nil }
    let (left, right) = (log(curves[upper - 1].n), log(curves[upper].n))
    let part = (x - left) / (right - left)
    return exp(log(below) + part * (log(above) - log(below)))
  }

  private static func excess(_ curve: Curve, _ d: Double) -> Double? {
    let (y, tolerance) = (log(d), 1e-12)
    guard let upper = curve.d.firstIndex(where: { log($0) >= y - tolerance }) else { return nil }
    if abs(log(curve.d[upper]) - y) <= tolerance { return curve.excess[upper] }
    guard upper > 0 else { return nil }
    let (left, right) = (log(curve.d[upper - 1]), log(curve.d[upper]))
    let part = (y - left) / (right - left)
    let (below, above) = (log(curve.excess[upper - 1]), log(curve.excess[upper]))
    return exp(below + part * (above - below))
  }

  /// The excess after one column grows by `factor`, over the excess before; nil if any of the three
  /// points lies outside the runs.
  public func gain(n: Double, d: Double, factor: Double = 10) -> Gain? {
    guard let before = excess(n: n, d: d), let size = excess(n: n * factor, d: d),
      let data = excess(n: n, d: d * factor)
    else { return nil }
    return Gain(size: size / before, data: data / before)
  }

  /// The slope of the surface around a point, over a factor of `span` centred there; nil where that
  /// leaves the runs.
  public func localExponent(_ axis: Axis, n: Double, d: Double, span: Double = 4) -> Double? {
    precondition(span > 1, "a slope needs a span above 1, not \(span)")
    let half = span.squareRoot()
    let (low, high) =
      axis == .size
      ? (excess(n: n / half, d: d), excess(n: n * half, d: d))
      : (excess(n: n, d: d / half), excess(n: n, d: d * half))
    guard let low, let high else { return nil }
    return -log(high / low) / log(span)
  }

  /// All slopes between neighbouring points of the grid, ascending in N and then D.
  ///
  /// Along `data` they are between neighbours of one curve. Along `size` they are between neighbouring
  /// curves, at every D of either that both reach.
  public func localExponents(_ axis: Axis) -> [LocalExponent] {
    switch axis {
    case .data:
      return curves.flatMap { curve in
        curve.d.indices.dropLast().map { i in
          LocalExponent(
            n: curve.n, d: (curve.d[i] * curve.d[i + 1]).squareRoot(),
            exponent: -log(curve.excess[i + 1] / curve.excess[i])
              / log(curve.d[i + 1] / curve.d[i]))
        }
      }
    case .size:
      return zip(curves, curves.dropFirst()).flatMap { lower, upper in
        Set(lower.d + upper.d).sorted().compactMap { d in
          guard let below = Self.excess(lower, d), let above = Self.excess(upper, d) else {
            return nil
          }
          return LocalExponent(
            n: (lower.n * upper.n).squareRoot(), d: d,
            exponent: -log(above / below) / log(upper.n / lower.n))
        }
      }
    }
  }
}
