import Foundation
import Randomness

/// A linear rule that a perceptron learns from examples, with what statistical mechanics knows of it.
///
/// A teacher B on the unit sphere labels inputs x ~ N(0, 1)^d with sign(B · x). A student J that has
/// the overlap R = J · B / |J| errs on a fresh input with probability `arccos(R) / π`. In the limit
/// of many dimensions at a fixed load α = P/d, P examples, the overlap is not random:
///
/// - The Hebb rule, J = Σ y x, has `R = √(2α / (2α + π))` (Vallet 1989), so the error falls as α^-½.
/// - The rule of maximal stability, which puts the plane as far as possible from the examples, has
///   the R of two integral equations (Opper, Kinzel, Kleinz & Nehl 1990, J. Phys. A 23, L581), and
///   its error goes to 0.50/α.
///
/// The same data, two exponents: the exponent belongs to the learner as much as to the rule.
public struct TeacherPerceptron: Codable, Hashable, Sendable {
  /// How the student learns.
  public enum Rule: String, Codable, Hashable, Sendable, CaseIterable {
    /// The sum of the examples, each with its label's sign.
    case hebb
    /// The plane with the largest margin.
    case maximalStability
  }

  /// d, the inputs' dimensions.
  public var dimensions: Int

  /// A rule in `dimensions` dimensions.
  public init(dimensions: Int) {
    precondition(dimensions >= 2, "a perceptron needs at least 2 dimensions; found \(dimensions)")
    self.dimensions = dimensions
  }

  // MARK: Theory

  /// The generalisation error in the limit of many dimensions, as a probability.
  ///
  /// - Complexity: for maximal stability some 10⁵ evaluations of the error function.
  public static func theoreticalError(_ rule: Rule, load alpha: Double) -> Double {
    precondition(alpha > 0, "a load must be positive; found \(alpha)")
    switch rule {
    case .hebb: return acos((2 * alpha / (2 * alpha + .pi)).squareRoot()) / .pi
    case .maximalStability: return stableError(load: alpha)
    }
  }

  /// Solves the two equations for the margin κ and the overlap R at a load:
  ///
  ///     1 − R² = 2 α ∫_{t < κ} Dt H(−R t / √(1 − R²)) (κ − t)²
  ///     R = α / (π √(1 − R²)) ∫_{t < κ} dt (κ − t) exp(−t² / (2 (1 − R²)))
  ///
  /// For each R the first load that both give is found by bisection in κ; the load grows with R.
  private static func stableError(load alpha: Double) -> Double {
    // s = √(1 − R²), the sine of the error's angle, bisected in its logarithm.
    var (low, high) = (log(1e-4), log(0.9999))
    for _ in 0..<40 {
      let middle = (low + high) / 2
      if stableLoad(sine: exp(middle)) > alpha { low = middle } else { high = middle }
    }
    return asin(exp((low + high) / 2)) / .pi
  }

  /// The load at which maximal stability has the overlap √(1 − s²).
  private static func stableLoad(sine s: Double) -> Double {
    let overlap = (1 - s * s).squareRoot()
    func loads(_ margin: Double) -> (first: Double, second: Double) {
      let (first, second) = integrals(margin: margin, sine: s, overlap: overlap)
      return (s * s / (2 * first), .pi * s * overlap / second)
    }
    // A wide margin costs more stability than overlap: the first load falls faster in κ.
    var (low, high) = (log(1e-6), log(20.0))
    for _ in 0..<40 {
      let middle = (low + high) / 2
      let (first, second) = loads(exp(middle))
      if first > second { low = middle } else { high = middle }
    }
    return loads(exp((low + high) / 2)).second
  }

  /// Both integrals by Simpson's rule; in u = t/s, where the second integrand has width 1.
  private static func integrals(
    margin: Double, sine s: Double, overlap: Double
  ) -> (first: Double, second: Double) {
    let (from, to) = (-9.0, min(margin / s, 9))
    let count = 400
    let step = (to - from) / Double(count)
    func both(_ t: Double, _ u: Double) -> (Double, Double) {
      let gap = margin - t
      let tail = erfc(-overlap * u / 2.0.squareRoot()) / 2
      return (
        exp(-t * t / 2) / (2 * Double.pi).squareRoot() * tail * gap * gap, gap * exp(-u * u / 2)
      )
    }
    var (first, second) = (0.0, 0.0)
    for index in 0...count {
      let u = from + Double(index) * step
      let weight = index == 0 || index == count ? 1.0 : index % 2 == 1 ? 4 : 2
      let values = both(u * s, u)
      first += weight * values.0
      second += weight * values.1
    }
    first *= step * s / 3
    second *= step * s / 3
    // Beyond nine deviations the second integrand is nothing and the first has H = 1.
    if to < margin / s {
      let (from, to) = (to * s, min(margin, 9))
      let step = (to - from) / Double(count)
      var rest = 0.0
      if to > from {
        for index in 0...count {
          let t = from + Double(index) * step
          let weight = index == 0 || index == count ? 1.0 : index % 2 == 1 ? 4 : 2
          rest += weight * both(t, t / s).0
        }
        first += rest * step / 3
      }
    }
    return (first, second)
  }

  // MARK: Learning

  /// The generalisation error of a student after `examples` examples, as a probability: exact for
  /// this student, without a test set.
  ///
  /// By symmetry the teacher is the first axis. The plane of maximal stability is `LargestMargin`'s,
  /// exact to 10⁻⁹. The bits are the same on every machine.
  /// - Throws: `LargestMarginError`, under the rule of maximal stability only, if the examples leave
  ///   the plane a margin below 10⁻⁶ of the longest. A teacher's labels are always separable; it
  ///   takes some 10⁵ examples a dimension to bring them so near to its plane.
  /// - Complexity: O(P d) for the Hebb rule; for the other see `LargestMargin`.
  public func error(
    _ rule: Rule, examples: Int, using stream: inout RandomStream
  ) throws(LargestMarginError) -> Double {
    precondition(examples > 0, "a student needs an example; found \(examples)")
    let d = dimensions
    // Rows are y x, so that every margin should be positive.
    var rows = [Float](repeating: 0, count: examples * d)
    for index in 0..<examples {
      for axis in 0..<d { rows[index * d + axis] = Float(stream.normal()) }
      if rows[index * d] < 0 { for axis in 0..<d { rows[index * d + axis].negate() } }
    }
    switch rule {
    case .hebb: return Self.error(of: sum(rows, examples))
    case .maximalStability: return Self.error(of: try LargestMargin(rows, dimensions: d).normal)
    }
  }

  private func sum(_ rows: [Float], _ examples: Int) -> [Double] {
    var student = [Double](repeating: 0, count: dimensions)
    for index in 0..<examples {
      for axis in 0..<dimensions { student[axis] += Double(rows[index * dimensions + axis]) }
    }
    return student
  }

  /// The angle between a student and the first axis, over π.
  ///
  /// By its tangent: `acos` loses half of the digits where a student is good.
  private static func error(of student: [Double]) -> Double {
    let across = student.dropFirst().reduce(0) { $0 + $1 * $1 }.squareRoot()
    let angle = Reproducible.atan(across / student[0].magnitude)
    return student[0] < 0 ? 1 - angle / .pi : angle / .pi
  }
}
