import Randomness
import Testing

@testable import ScalingLaws

struct LogResidualObjectiveTests {
  static let shapes: [ParameterShape] = [
    ParameterShape(hasData: false, hasFloor: false, hasSharpness: false),
    ParameterShape(hasData: false, hasFloor: true, hasSharpness: false),
    ParameterShape(hasData: true, hasFloor: false, hasSharpness: false),
    ParameterShape(hasData: true, hasFloor: true, hasSharpness: false),
    ParameterShape(hasData: true, hasFloor: true, hasSharpness: false, sharpness: 8),
    ParameterShape(hasData: true, hasFloor: true, hasSharpness: false, sharpness: .infinity),
    ParameterShape(hasData: true, hasFloor: true, hasSharpness: true),
    ParameterShape(hasData: true, hasFloor: false, hasSharpness: true),
  ]

  /// Rows and a point with residuals on both sides of huber's bend.
  static func objective(_ shape: ParameterShape, delta: Double) -> (LogResidualObjective, [Double])
  {
    var stream = RandomStream(seed: 7, "objective")
    var rows = 0..<20
    let draws = rows.map { _ in (stream.normal(), stream.normal(), 0.1 * stream.normal()) }
    rows = 0..<20
    var point = [0.2, 0.4]
    if shape.hasData { point += [-0.1, 0.3] }
    if shape.hasFloor { point.append(0.5) }
    if shape.hasSharpness { point.append(0.3) }
    var objective = LogResidualObjective(
      shape: shape, x: draws.map(\.0), y: shape.hasData ? draws.map(\.1) : [],
      target: draws.map { _ in 0 }, weights: rows.map { Double($0 % 3) }, delta: delta, scale: 3)
    let fitted = objective.residuals(at: point)
    objective.target = zip(fitted, draws).map { $0 + $1.2 }
    return (objective, point)
  }

  static func derivatives(_ objective: LogResidualObjective, _ point: [Double])
    -> (gradient: [Double], hessian: [Double])
  {
    let k = point.count
    var gradient = [Double](repeating: .nan, count: k)
    var hessian = [Double](repeating: .nan, count: k * k)
    _ = point.withUnsafeBufferPointer { p in
      gradient.withUnsafeMutableBufferPointer { g in
        hessian.withUnsafeMutableBufferPointer { h in
          objective.value(p.baseAddress!, gradient: g.baseAddress!, hessian: h.baseAddress!)
        }
      }
    }
    return (gradient, hessian)
  }

  @Test(arguments: shapes, [0.05, .infinity])
  func gradientAndHessianAgreeWithCentralDifferences(shape: ParameterShape, delta: Double) {
    let (objective, point) = Self.objective(shape, delta: delta)
    let (gradient, hessian) = Self.derivatives(objective, point)
    let step = 1e-6
    for i in point.indices {
      var (up, down) = (point, point)
      up[i] += step
      down[i] -= step
      let slope = (objective.value(at: up) - objective.value(at: down)) / (2 * step)
      #expect(abs(slope - gradient[i]) < 1e-7)
      let (above, below) = (
        Self.derivatives(objective, up).gradient, Self.derivatives(objective, down).gradient
      )
      for j in point.indices {
        let curvature = (above[j] - below[j]) / (2 * step)
        #expect(abs(curvature - hessian[j * point.count + i]) < 1e-6)
      }
    }
  }

  @Test func hugeAndTinyParametersGiveFiniteValues() {
    let shape = ParameterShape(hasData: true, hasFloor: true, hasSharpness: true)
    let (objective, _) = Self.objective(shape, delta: 1e-3)
    for point in [[800, 40, -800, 40, 3, 20], [-900, 0, -900, 0, -900, -20]] as [[Double]] {
      let (gradient, hessian) = Self.derivatives(objective, point)
      #expect(objective.value(at: point).isFinite)
      #expect((gradient + hessian).allSatisfy { !$0.isNaN })
    }
  }

  @Test func thePowerMeanRunsFromTheSumToTheMaximum() {
    let point = [0.2, 0.4, -0.1, 0.3, 0.5]
    let base = ParameterShape(hasData: true, hasFloor: true, hasSharpness: false)
    let (sum, _) = Self.objective(base, delta: .infinity)
    var other = sum
    other.shape.sharpness = 1 + 1e-12
    #expect(abs(other.value(at: point) - sum.value(at: point)) < 1e-10)
    other.shape.sharpness = 1e12
    let soft = other.value(at: point)
    other.shape.sharpness = .infinity
    #expect(abs(soft - other.value(at: point)) < 1e-10)
  }
}
