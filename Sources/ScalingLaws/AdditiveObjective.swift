import Foundation

/// The additive law's objective over rows that lie ready for eight at a time.
///
/// It is `LogResidualObjective` for q = 1 and a free floor, five parameters a, alpha, b, beta, e in
/// that order, in a twentieth of the time: the terms are summed in the linear domain, which holds
/// for any law within ±700 of zero in the logarithm, and exponentials come from `LaneMath`.
struct AdditiveObjective: Sendable {
  /// log N less its mean, log D less its mean, log loss, and how often each row counts, each padded
  /// with rows of weight zero to a multiple of eight.
  private let x: [Lanes]
  private let y: [Lanes]
  private let target: [Lanes]
  private var weights: [Lanes]
  /// The number of rows without the padding.
  let count: Int
  /// Where huber turns linear.
  var delta: Double

  /// A law's parameters: a, alpha, b, beta, e.
  typealias Point = SIMD8<Double>

  /// What one pass over the rows gives.
  struct Pass {
    /// Σ w rho(r).
    var value = 0.0
    /// The gradient in the order of the parameters.
    var gradient = Point()
    /// The upper triangle of the matrix, row by row: 5 + 4 + 3 + 2 + 1 entries.
    var matrix = InlineArray<15, Double>(repeating: 0)
  }

  /// Which matrix a pass gathers.
  enum Curvature {
    /// Σ w min(1, delta/|r|) ∇f ∇fᵀ: a quadratic above the objective that touches it, so its minimum
    /// is a descent (iterated least squares; Huber 1981, section 7.8). Positive semidefinite.
    case majorant
    /// The Hessian of the objective, exact where no |r| is delta.
    case exact
  }

  init(_ objective: LogResidualObjective) {
    precondition(
      objective.shape == ParameterShape(hasData: true, hasFloor: true, hasSharpness: false),
      "the additive objective has five parameters, not \(objective.shape.names)")
    x = Self.packed(objective.x)
    y = Self.packed(objective.y)
    target = Self.packed(objective.target)
    weights = Self.packed(objective.weights)
    count = objective.target.count
    delta = objective.delta
  }

  /// Counts each row as often as `counts` says.
  mutating func reweigh(_ counts: [Double]) { weights = Self.packed(counts) }

  private static func packed(_ values: [Double]) -> [Lanes] {
    (0..<(values.count + 7) / 8).map { block in
      var lanes = Lanes()
      for lane in 0..<8 where block * 8 + lane < values.count {
        lanes[lane] = values[block * 8 + lane]
      }
      return lanes
    }
  }

  /// The largest |x| and |y|.
  var reach: (x: Double, y: Double) {
    func largest(_ lanes: [Lanes]) -> Double {
      lanes.reduce(0) { max($0, $1.max(), -$1.min()) }
    }
    return (largest(x), largest(y))
  }

  /// The objective at `point`.
  func value(_ point: Point) -> Double {
    let floor = LaneMath.exp(Lanes(repeating: point[4]))
    var total = Lanes()
    for block in x.indices {
      let t1 = LaneMath.exp(point[0] - point[1] * x[block])
      let t2 = LaneMath.exp(point[2] - point[3] * y[block])
      let r = LaneMath.log(floor + (t1 + t2)) - target[block]
      let size = r.replacing(with: -r, where: r .< 0)
      var cut = size
      cut.replace(with: Lanes(repeating: delta), where: size .> delta)
      // r²/2 within, delta (|r| − delta/2) beyond: cut (|r| − cut/2) both times.
      total += weights[block] * (cut * (size - 0.5 * cut))
    }
    return total.sum()
  }

  /// The objective with its gradient and a matrix.
  @inline(never)
  func pass(_ point: Point, _ curvature: Curvature) -> Pass {
    let floor = LaneMath.exp(Lanes(repeating: point[4]))
    let exact = curvature == .exact
    var total = Lanes()
    var (g0, g1, g2, g3, g4) = (Lanes(), Lanes(), Lanes(), Lanes(), Lanes())
    var (m00, m01, m02, m03, m04) = (Lanes(), Lanes(), Lanes(), Lanes(), Lanes())
    var (m11, m12, m13, m14) = (Lanes(), Lanes(), Lanes(), Lanes())
    var (m22, m23, m24) = (Lanes(), Lanes(), Lanes())
    var (m33, m34, m44) = (Lanes(), Lanes(), Lanes())
    for block in x.indices {
      let (x, y, w) = (x[block], y[block], weights[block])
      let t1 = LaneMath.exp(point[0] - point[1] * x)
      let t2 = LaneMath.exp(point[2] - point[3] * y)
      let sum = floor + (t1 + t2)
      let r = LaneMath.log(sum) - target[block]
      let size = r.replacing(with: -r, where: r .< 0)
      let outside = size .> delta
      var cut = size
      cut.replace(with: Lanes(repeating: delta), where: outside)
      total += w * (cut * (size - 0.5 * cut))
      let slope = w * cut.replacing(with: -cut, where: r .< 0)
      let inverse = 1 / sum
      // The gradient of f is (p1, −p1 x, p2, −p2 y, p3), p the shares of the three terms.
      let (p1, p2, p3) = (t1 * inverse, t2 * inverse, floor * inverse)
      let (u1, u2) = (p1 * x, p2 * y)
      g0 += slope * p1
      g1 -= slope * u1
      g2 += slope * p2
      g3 -= slope * u2
      g4 += slope * p3
      // Majorant: w cut/|r|. Exact: w within less psi, because ∇²f = Σ p z zᵀ − ∇f ∇fᵀ.
      var c = w
      if exact {
        c.replace(with: Lanes(), where: outside)
        c -= slope
      } else {
        c.replace(with: w * delta / size, where: outside)
      }
      let (c1, c2, c3) = (c * p1, c * p2, c * p3)
      let (cu1, cu2) = (c * u1, c * u2)
      m00 += c1 * p1
      m01 -= c1 * u1
      m02 += c1 * p2
      m03 -= c1 * u2
      m04 += c1 * p3
      m11 += cu1 * u1
      m12 -= cu1 * p2
      m13 += cu1 * u2
      m14 -= cu1 * p3
      m22 += c2 * p2
      m23 -= c2 * u2
      m24 += c2 * p3
      m33 += cu2 * u2
      m34 -= cu2 * p3
      m44 += c3 * p3
      if exact {
        let (s1, s2) = (slope * u1, slope * u2)
        m11 += s1 * x
        m33 += s2 * y
      }
    }
    var pass = Pass()
    pass.value = total.sum()
    pass.gradient = Point(g0.sum(), g1.sum(), g2.sum(), g3.sum(), g4.sum(), 0, 0, 0)
    pass.matrix = [
      m00.sum(), m01.sum(), m02.sum(), m03.sum(), m04.sum(), m11.sum(), m12.sum(), m13.sum(),
      m14.sum(), m22.sum(), m23.sum(), m24.sum(), m33.sum(), m34.sum(), m44.sum(),
    ]
    if exact {
      // The other entries of ψ Σ p z zᵀ are the gradient's own sums.
      pass.matrix[0] += pass.gradient[0]
      pass.matrix[1] += pass.gradient[1]
      pass.matrix[9] += pass.gradient[2]
      pass.matrix[10] += pass.gradient[3]
      pass.matrix[14] += pass.gradient[4]
    }
    return pass
  }
}
