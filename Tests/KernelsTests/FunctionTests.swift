import Foundation
import KernelInterface
import Kernels
import Testing

/// A function of one vector, as kernels provide them.
private typealias Map = (
  any KernelSet.Type, Int, UnsafePointer<Float>, UnsafeMutablePointer<Float>
) -> Void

/// Runs `map` over `x`, padded by repeating the last value.
private func apply(_ kernels: any KernelSet.Type, _ x: [Float], _ map: Map) -> [Float] {
  let count = padded(x.count)
  let input = AlignedBuffer(count: count)
  let output = AlignedBuffer(count: count)
  for i in 0..<count { input.pointer[i] = x[min(i, x.count - 1)] }
  map(kernels, count, input.pointer, output.pointer)
  return Array(output.floats.prefix(x.count))
}

/// Errors in ulps of the true value, and equal bits on all instruction sets.
private func checkUlps(
  _ x: [Float], of truth: (Double) -> Double, bound: Double, _ map: Map,
  sourceLocation: SourceLocation = #_sourceLocation
) {
  var first: [UInt32]?
  for build in KernelBuild.tested {
    let y = apply(build.kernels, x, map)
    var worst = 0.0
    var place = 0
    for i in x.indices {
      let value = truth(Double(x[i]))
      let exponent = max(Float(value).exponent, -126)
      let error = abs(Double(y[i]) - value) / scalbn(1, Int(exponent) - 23)
      if !(error <= worst) { (worst, place) = (error, i) }
    }
    #expect(
      worst <= bound, "\(build): \(worst) ulps at \(x[place])", sourceLocation: sourceLocation)
    let bits = y.map(\.bitPattern)
    if let first {
      #expect(first == bits, "\(build): other bits", sourceLocation: sourceLocation)
    } else {
      first = bits
    }
  }
}

/// The lanes, one after the other.
private func floats(_ lanes: Lanes) -> [Float] {
  withUnsafeBytes(of: lanes) { Array($0.bindMemory(to: Float.self)) }
}

/// Random floats from `low` to `high`.
private func samples(_ count: Int, _ low: Float, _ high: Float) -> [Float] {
  var random = Numbers(UInt64(count))
  return (0..<count).map { _ in low + (high - low) * (random.next() + 1) / 2 }
}

/// Random positive floats of every exponent, subnormal numbers included.
private func magnitudes(_ count: Int) -> [Float] {
  var random = Numbers(7)
  return (0..<count).map { _ in
    Float(bitPattern: UInt32(random.next(below: 0x7F80_0000 - 1) + 1))
  }
}

@Suite struct FunctionTests {
  @Test func exponentialIsWithinOneUlp() {
    let near: [Float] = [0, -0, 1e-30, -1e-8, 88.72, 88.72283, -87.33, -87.33654, 0.3465, -0.3466]
    checkUlps(
      near + samples(6000, -87.33, 88.72) + samples(2000, -1, 1), of: { Foundation.exp($0) },
      bound: 1
    ) { $0.exp(count: $1, x: $2, y: $3) }
  }

  @Test func exponentialOfNegativeIsAsPreciseAsItSays() {
    let near: [Float] = [-1e-30, -1e-8, -0.3465, -0.3466, -0.34657359, -1, -2, -87.33]
    let x = near + samples(20_000, -87.33, 0) + samples(20_000, -2, 0)
    for start in stride(from: 0, to: x.count - 16, by: 8) {
      let y = x[start..<start + 16].withUnsafeBufferPointer {
        $0.baseAddress!.lanes().exponentialOfNegative()
      }
      let four = x[start..<start + 16].withUnsafeBufferPointer { source in
        let lanes = source.baseAddress!.lanes()
        return FourLanes(lanes, lanes, lanes, lanes).exponentialOfNegative()
      }
      #expect(floats(y).map(\.bitPattern) == floats(four.a).map(\.bitPattern))
      #expect(floats(y).map(\.bitPattern) == floats(four.d).map(\.bitPattern))
      for (value, result) in zip(x[start..<start + 16], floats(y)) {
        let truth = Foundation.exp(Double(value))
        let bound = (1.8e-7 + 1.4e-8 * Double(-value)) * truth
        #expect(abs(Double(result) - truth) <= bound, "\(value)")
      }
    }
  }

  @Test func exponentialOfNegativeAtItsEnds() {
    func result(_ x: Float) -> Float { floats(Lanes(x).exponentialOfNegative())[0] }
    #expect(result(0) == 1)
    #expect(result(-0.0) == 1)
    for x: Float in [-87.7, -88, -104, -1e30, -.greatestFiniteMagnitude, -.infinity] {
      #expect(result(x) == 0, "\(x)")
    }
    #expect(result(.nan).isNaN)
  }

  @Test func exponentialOfBigSmallAndNotANumber() {
    for build in KernelBuild.tested {
      let y = apply(
        build.kernels,
        [88.73, 1000, .greatestFiniteMagnitude, .infinity, -87.34, -104, -1e30, -.infinity, .nan]
      ) { $0.exp(count: $1, x: $2, y: $3) }
      #expect(y[0...3].allSatisfy { $0 == .infinity })
      #expect(y[4...7].allSatisfy { $0 == 0 })
      #expect(y[8].isNaN)
    }
  }

  @Test func logarithmIsWithinOneUlp() {
    let near: [Float] = [
      1, 0.999_999_94, 1.000_000_1, 0.707_106_8, 1.414_213_6, 2, .leastNonzeroMagnitude,
      .leastNormalMagnitude, .greatestFiniteMagnitude,
    ]
    checkUlps(
      near + magnitudes(5000) + samples(3000, 0.5, 2), of: { Foundation.log($0) }, bound: 1
    ) { $0.log(count: $1, x: $2, y: $3) }
  }

  @Test func logarithmOfZeroNegativesAndInfinity() {
    for build in KernelBuild.tested {
      let y = apply(
        build.kernels, [0, -0, -1, -.leastNonzeroMagnitude, -.infinity, .nan, .infinity]
      ) { $0.log(count: $1, x: $2, y: $3) }
      #expect(y[0] == -.infinity)
      #expect(y[1] == -.infinity)
      #expect(y[2...5].allSatisfy { $0.isNaN })
      #expect(y[6] == .infinity)
    }
  }

  @Test func hyperbolicTangentIsWithinTwoUlps() {
    let near: [Float] = [0, -0, 1e-20, -1e-4, 0.625, 0.624_999_9, 0.625_000_1, -9, 50, -200]
    checkUlps(
      near + samples(4000, -10, 10) + samples(4000, -1, 1), of: { Foundation.tanh($0) }, bound: 2
    ) { $0.tanh(count: $1, x: $2, y: $3) }
    for build in KernelBuild.tested {
      let y = apply(build.kernels, [.infinity, -.infinity, .nan]) {
        $0.tanh(count: $1, x: $2, y: $3)
      }
      #expect(y[0] == 1)
      #expect(y[1] == -1)
      #expect(y[2].isNaN)
    }
  }

  @Test func rectifierKeepsPositivesAndNotANumber() {
    for build in KernelBuild.tested {
      let x: [Float] = [1, -1, 0, .infinity, -.infinity, .nan]
      let y = apply(build.kernels, x) { $0.relu(count: $1, x: $2, y: $3) }
      #expect(Array(y[0...4]) == [1, 0, 0, .infinity, 0])
      #expect(y[5].isNaN)
      let dx = apply(build.kernels, [2, -2, 0, 3]) { kernels, count, x, output in
        let dy = AlignedBuffer(count: count)
        for i in 0..<count { dy.pointer[i] = Float(i + 1) }
        kernels.reluBackward(count: count, x: x, dy: dy.pointer, dx: output)
      }
      #expect(dx == [1, 0, 0, 4])
    }
  }

  @Test func geluOfLargeNegativesIsNegligible() {
    for build in KernelBuild.tested {
      let y = apply(build.kernels, [-10, -20, -1000, -1e10]) {
        $0.gelu(count: $1, x: $2, y: $3)
      }
      #expect(zip(y, [10, 20, 1000, 1e10] as [Float]).allSatisfy { abs($0) <= 2e-38 * $1 })
    }
  }

  @Test func geluMatchesTheFormula() {
    let x = samples(4000, -12, 12) + [0, -0, 1e-20, -1e-20, 100, -100, 1e10, -1e10]
    func gelu(_ x: Double) -> (Double, Double) {
      let inner = (2 / Double.pi).squareRoot() * (x + 0.044715 * x * x * x)
      // The logistic form has no cancellation, so that relative errors make sense.
      // Its argument is clamped, as the kernel documents.
      let s = 1 / (1 + Foundation.exp(min(max(-2 * inner, -87), 87)))
      let slope = 2 * (2 / Double.pi).squareRoot() * (1 + 3 * 0.044715 * x * x)
      return (x * s, s + x * s * (1 - s) * slope)
    }
    var forward = Expected()
    var backward = Expected()
    for value in x {
      let (y, slope) = gelu(Double(value))
      // An error in u of one rounding is an error of |2u| roundings in its exponential.
      let inner = abs(Double(value)) * (1 + 0.045 * Double(value) * Double(value))
      let flushed = 1e-30
      forward.append(y, size: abs(y) * (1 + inner) + flushed)
      backward.append(slope, size: abs(slope) + (abs(y) + 1e-3) * (1 + inner) + flushed)
    }
    check(forward, ulps: 8) { kernels in
      apply(kernels, x) { $0.gelu(count: $1, x: $2, y: $3) }
    }
    for build in KernelBuild.tested {
      let together = apply(build.kernels, x) { kernels, count, x, y in
        let slope = AlignedBuffer(count: count)
        slope.pointer.update(from: x, count: count)
        kernels.geluWithSlope(count: count, x: slope.pointer, y: y)
      }
      let alone = apply(build.kernels, x) { $0.gelu(count: $1, x: $2, y: $3) }
      #expect(together.map(\.bitPattern) == alone.map(\.bitPattern), "\(build)")
    }
    check(backward, ulps: 16) { kernels in
      apply(kernels, x) { kernels, count, x, dx in
        let y = AlignedBuffer(count: count)
        dx.update(from: x, count: count)
        kernels.geluWithSlope(count: count, x: dx, y: y.pointer)
      }
    }
  }
}
