import Foundation
import KernelInterface
import Kernels
import Testing

@Suite struct VectorTests {
  private let x: Matrix
  private let y: Matrix

  init() {
    var random = Numbers(11)
    x = Matrix(1, 208, random: &random)
    y = Matrix(1, 208, random: &random)
  }

  private func expected(_ value: (Double, Double) -> Double) -> Expected {
    var expected = Expected()
    for i in 0..<x.columns {
      expected.append(value(x.at(0, i), y.at(0, i)), size: abs(x.at(0, i)) + abs(y.at(0, i)))
    }
    return expected
  }

  @Test func vectorOperationsMatchTheirFormulas() {
    check(expected { _, _ in 0 }, ulps: 0) {
      let y = y.copy()
      $0.zero(count: 208, y: y.pointer)
      return y.values()
    }
    check(expected { $0 + $1 }, ulps: 1) {
      let y = y.copy()
      $0.add(count: 208, x: x.pointer, y: y.pointer)
      return y.values()
    }
    check(expected { 0.75 * $0 + $1 }, ulps: 1) {
      let y = y.copy()
      $0.addScaled(count: 208, factor: 0.75, x: x.pointer, y: y.pointer)
      return y.values()
    }
    check(expected { -1.5 * $1 }, ulps: 2) {
      let y = y.copy()
      $0.scale(count: 208, factor: -1.5, y: y.pointer)
      return y.values()
    }
  }

  @Test func sumOfSquaresIsSixteenChainsAndOneTree() {
    var lanes = [Float](repeating: 0, count: 16)
    for i in 0..<208 { lanes[i % 16].addProduct(x[0, i], x[0, i]) }
    var half = 8
    while half > 0 {
      for i in 0..<half { lanes[i] += lanes[i + half] }
      half /= 2
    }
    for build in KernelBuild.tested {
      #expect(build.kernels.sumOfSquares(count: 208, x: x.pointer) == lanes[0], "\(build)")
      #expect(build.kernels.sumOfSquares(count: 0, x: x.pointer) == 0)
    }
  }

  @Test func operationsWithCountZeroTouchNothing() {
    for build in KernelBuild.tested {
      let z = y.copy()
      build.kernels.zero(count: 0, y: z.pointer)
      build.kernels.scale(count: 0, factor: 0, y: z.pointer)
      #expect(z.values() == y.values())
    }
  }

  @Test func adamWMatchesTheFormula() {
    let count = 64
    var random = Numbers(3)
    let p = Matrix(1, count, random: &random)
    let g = Matrix(1, count, random: &random)
    let m = Matrix(1, count, random: &random)
    let v = Matrix(1, count)
    for i in 0..<count { v[0, i] = abs(random.next()) }
    // The last lane group is padding: all zero.
    for i in 48..<count { (p[0, i], g[0, i], m[0, i], v[0, i]) = (0, 0, 0, 0) }
    let rate: Float = 0.01
    let beta1: Float = 0.9
    let beta2: Float = 0.95
    let epsilon: Float = 1e-8
    let decay: Float = 0.1
    let correction1 = 1 / (1 - beta1 * beta1)
    let correction2 = 1 / (1 - beta2 * beta2)
    let gradientScale: Float = 0.5

    var parameters = Expected()
    var first = Expected()
    var second = Expected()
    for i in 0..<count {
      let gradient = Double(gradientScale) * g.at(0, i)
      let b1 = Double(beta1)
      let b2 = Double(beta2)
      let m1 = b1 * m.at(0, i) + (1 - b1) * gradient
      let v1 = b2 * v.at(0, i) + (1 - b2) * gradient * gradient
      let root = (v1 * Double(correction2)).squareRoot() + Double(epsilon)
      let step = m1 * Double(correction1) / root + Double(decay) * p.at(0, i)
      let size = abs(m.at(0, i)) + abs(gradient)
      parameters.append(
        p.at(0, i) - Double(rate) * step,
        size: abs(p.at(0, i)) + Double(rate) * size * Double(correction1) / root)
      first.append(m1, size: size)
      second.append(v1, size: v.at(0, i) + gradient * gradient)
    }
    check(parameters + first + second, ulps: 8) { kernels in
      let (p, m, v) = (p.copy(), m.copy(), v.copy())
      kernels.adamW(
        count: count, parameters: p.pointer, gradients: g.pointer, firstMoment: m.pointer,
        secondMoment: v.pointer, rate: rate, beta1: beta1, beta2: beta2, epsilon: epsilon,
        decay: decay, correction1: correction1, correction2: correction2,
        gradientScale: gradientScale)
      #expect(p.values()[48...].allSatisfy { $0 == 0 }, "padding survives")
      return p.values() + m.values() + v.values()
    }
  }

  @Test func multiplyAddPeakDependsOnNothingButItsRounds() {
    for build in KernelBuild.tested {
      let value = build.kernels.multiplyAddPeak(iterations: 100)
      #expect(value.isFinite)
      #expect(value == build.kernels.multiplyAddPeak(iterations: 100))
    }
  }
}
