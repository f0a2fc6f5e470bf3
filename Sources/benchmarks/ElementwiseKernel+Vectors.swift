import Foundation
import KernelInterface
import Kernels

// Kernels over plain vectors.

extension ElementwiseKernel {
  /// `zero`, `add`, `addScaled` and `scale`.
  static func vectorUpdate(
    _ name: ElementwiseName, _ count: Int, _ kernels: any KernelSet.Type
  ) -> ElementwiseKernel {
    let (before, other) = (Noise(1), Noise(2, 0.5, 2))
    let y = before.array(count)
    let x = name == .zero || name == .scale ? nil : other.array(count)
    let factor: Float = -1.5
    // Scaled up, then down, so that many runs stay in range.
    var up = false
    let run: () -> Void
    let formula: (Int) -> Double
    switch name {
    case .zero:
      run = { kernels.zero(count: count, y: y.pointer) }
      formula = { _ in 0 }
    case .scale:
      run = {
        up.toggle()
        kernels.scale(count: count, factor: up ? factor : 1 / factor, y: y.pointer)
      }
      formula = { Double(factor) * before.at($0) }
    case .multiply:
      let inverse = AlignedBuffer(count: count)
      for i in 0..<count { inverse.pointer[i] = 1 / x!.pointer[i] }
      run = {
        up.toggle()
        kernels.multiply(count: count, x: up ? x!.pointer : inverse.pointer, y: y.pointer)
      }
      formula = { other.at($0) * before.at($0) }
    case .add:
      run = { kernels.add(count: count, x: x!.pointer, y: y.pointer) }
      formula = { before.at($0) + other.at($0) }
    default:
      run = { kernels.addScaled(count: count, factor: factor, x: x!.pointer, y: y.pointer) }
      formula = { before.at($0) + Double(factor) * other.at($0) }
    }
    let moved = name == .zero ? count : name == .scale ? 2 * count : 3 * count
    let held = name == .multiply ? 3 * count : x == nil ? count : 2 * count
    return ElementwiseKernel(
      elements: count, floatsMoved: moved, floatsHeld: held,
      operations: name == .zero ? 0 : count, run: run
    ) { comparison in
      for i in Comparison.sample(count) {
        // One rounding of the result, and nothing else.
        let value = formula(i)
        comparison.expect(y.pointer[i], value, roundings: 1.001, of: abs(value), "element \(i)")
      }
    }
  }

  static func sumOfSquares(_ count: Int, _ kernels: any KernelSet.Type) -> ElementwiseKernel {
    let noise = Noise(3)
    let x = noise.array(count)
    var sum: Float = .nan
    return ElementwiseKernel(
      elements: count, floatsMoved: count, floatsHeld: count, operations: count,
      run: { sum = kernels.sumOfSquares(count: count, x: x.pointer) }
    ) { comparison in
      // The contract fixes every rounding: 16 chains and a tree that halves them.
      var lanes = [Float](repeating: 0, count: 16)
      var true64 = 0.0
      for i in 0..<count {
        lanes[i % 16].addProduct(noise[i], noise[i])
        true64 += noise.at(i) * noise.at(i)
      }
      var half = 8
      while half > 0 {
        for lane in 0..<half { lanes[lane] += lanes[lane + half] }
        half /= 2
      }
      comparison.expect(sum, Double(lanes[0]), within: 0, "the sum in 16 lanes")
      comparison.expect(sum, true64, roundings: Double(count / 16 + 8), of: true64, "the sum")
    }
  }

  /// `exp`, `log`, `tanh`, `relu` and `gelu`.
  static func function(
    _ name: ElementwiseName, _ count: Int, _ kernels: any KernelSet.Type
  ) -> ElementwiseKernel {
    let noise =
      switch name {
      case .log: Noise(4, 1e-3, 100)
      case .exp: Noise(4, -20, 20)
      default: Noise(4, -6, 6)
      }
    let x = noise.array(count)
    let y = AlignedBuffer(count: count)
    typealias Truth = (Double) -> (value: Double, bound: Double)
    /// So many ulps of the true value.
    func ulps(_ count: Double, _ function: @escaping (Double) -> Double) -> Truth {
      {
        let value = function($0)
        return (value, count * Double(Float(value).ulp))
      }
    }
    let truth: Truth
    let operations: Int
    let run: () -> Void
    switch name {
    case .exp:
      (truth, operations) = (ulps(1, Foundation.exp), 19)
      run = { kernels.exp(count: count, x: x.pointer, y: y.pointer) }
    case .log:
      (truth, operations) = (ulps(1, Foundation.log), 34)
      run = { kernels.log(count: count, x: x.pointer, y: y.pointer) }
    case .tanh:
      (truth, operations) = (ulps(2, Foundation.tanh), 35)
      run = { kernels.tanh(count: count, x: x.pointer, y: y.pointer) }
    case .relu:
      (truth, operations) = ({ (max($0, 0), 0) }, 2)
      run = { kernels.relu(count: count, x: x.pointer, y: y.pointer) }
    default:
      (truth, operations) = (
        {
          let (y, _, inner) = gelu($0)
          return (y, 8 * Comparison.unit * abs(y) * (1 + inner))
        }, 22
      )
      run = { kernels.gelu(count: count, x: x.pointer, y: y.pointer) }
    }
    return ElementwiseKernel(
      elements: count, floatsMoved: 2 * count, floatsHeld: 2 * count,
      operations: operations * count, run: run
    ) { comparison in
      for i in Comparison.sample(count) {
        let (value, bound) = truth(noise.at(i))
        comparison.expect(
          y.pointer[i], value, within: bound, "\(name.rawValue)(\(noise[i])), element \(i),")
      }
    }
  }

  static func reluBackward(_ count: Int, _ kernels: any KernelSet.Type) -> ElementwiseKernel {
    let (input, upstream) = (Noise(5, -6, 6), Noise(6))
    let x = input.array(count)
    let dy = upstream.array(count)
    let dx = AlignedBuffer(count: count)
    return ElementwiseKernel(
      elements: count, floatsMoved: 3 * count, floatsHeld: 3 * count, operations: 2 * count,
      run: { kernels.reluBackward(count: count, x: x.pointer, dy: dy.pointer, dx: dx.pointer) }
    ) { comparison in
      for i in Comparison.sample(count) {
        comparison.expect(
          dx.pointer[i], input[i] > 0 ? upstream.at(i) : 0, within: 0,
          "the slope at \(input[i]), element \(i),")
      }
    }
  }

  static func geluWithSlope(_ count: Int, _ kernels: any KernelSet.Type) -> ElementwiseKernel {
    let input = Noise(5, -6, 6)
    let x = input.array(count)
    let y = AlignedBuffer(count: count)
    return ElementwiseKernel(
      elements: count, floatsMoved: 3 * count, floatsHeld: 2 * count, operations: 30 * count,
      run: { kernels.geluWithSlope(count: count, x: x.pointer, y: y.pointer) }
    ) { comparison in
      for i in Comparison.sample(count) {
        let (value, slope, inner) = gelu(input.at(i))
        comparison.expect(
          y.pointer[i], value, within: 8 * Comparison.unit * abs(value) * (1 + inner),
          "gelu(\(input[i])), element \(i),")
        comparison.expect(
          x.pointer[i], slope, roundings: 16,
          of: abs(slope) + (abs(value) + 1e-3) * (1 + inner),
          "the slope at \(input[i]), element \(i),")
      }
    }
  }

  static func adamW(_ count: Int, _ kernels: any KernelSet.Type) -> ElementwiseKernel {
    let (parameter, gradient) = (Noise(7), Noise(8, 0.1, 1))
    let (first, second) = (Noise(9), Noise(10, 0.01, 1))
    let p = parameter.array(count)
    let g = gradient.array(count)
    let m = first.array(count)
    let v = second.array(count)
    let (rate, beta1, beta2, decay, scale): (Float, Float, Float, Float, Float) =
      (0.01, 0.9, 0.95, 0.1, 0.5)
    let (correction1, correction2): (Float, Float) = (2, 3)
    let epsilon: Float = 1e-8
    return ElementwiseKernel(
      elements: count, floatsMoved: 7 * count, floatsHeld: 4 * count, operations: 15 * count,
      run: {
        kernels.adamW(
          count: count, parameters: p.pointer, gradients: g.pointer, firstMoment: m.pointer,
          secondMoment: v.pointer, rate: rate, beta1: beta1, beta2: beta2, epsilon: epsilon,
          decay: decay, correction1: correction1, correction2: correction2, gradientScale: scale)
      }
    ) { comparison in
      for i in Comparison.sample(count) {
        let slope = Double(scale) * gradient.at(i)
        let (b1, b2) = (Double(beta1), Double(beta2))
        let m1 = b1 * first.at(i) + (1 - b1) * slope
        let v1 = b2 * second.at(i) + (1 - b2) * slope * slope
        let root = (v1 * Double(correction2)).squareRoot() + Double(epsilon)
        let step = m1 * Double(correction1) / root + Double(decay) * parameter.at(i)
        let size = abs(first.at(i)) + abs(slope)
        comparison.expect(m.pointer[i], m1, roundings: 8, of: size, "first moment \(i)")
        comparison.expect(v.pointer[i], v1, roundings: 8, of: v1, "second moment \(i)")
        comparison.expect(
          p.pointer[i], parameter.at(i) - Double(rate) * step, roundings: 8,
          of: abs(parameter.at(i)) + Double(rate) * size * Double(correction1) / root,
          "parameter \(i)")
      }
    }
  }
}

/// The tanh form of GELU without its cancellation, its slope, and the size of its exponent.
private func gelu(_ x: Double) -> (y: Double, slope: Double, inner: Double) {
  let root = (2 / Double.pi).squareRoot()
  let s = 1 / (1 + Foundation.exp(-2 * root * (x + 0.044715 * x * x * x)))
  let inner = 2 * root * (1 + 3 * 0.044715 * x * x)
  // A rounding of the exponent 2u is an error of |2u| roundings in its exponential.
  return (x * s, s + x * s * (1 - s) * inner, abs(x) * inner)
}
