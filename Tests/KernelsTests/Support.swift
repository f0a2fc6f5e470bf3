import KernelInterface
import Kernels
import KernelsAVX512OnAVX2
import Testing

/// A build of the kernels that this processor can run.
struct KernelBuild: CustomStringConvertible {
  let description: String
  let kernels: any KernelSet.Type

  /// One of each source: without AVX-512, a processor with AVX2 still runs what is written for it.
  static let tested: [KernelBuild] = {
    let sets = InstructionSet.available
    var builds = sets.map { KernelBuild(description: $0.rawValue, kernels: $0.kernels) }
    if runsWhatIsWrittenForAVX512 && !sets.contains(.avx512) {
      builds.append(
        KernelBuild(
          description: "avx512 compiled for AVX2",
          kernels: KernelsAVX512OnAVX2.Implementation.self))
    }
    return builds
  }()

  /// Whether this processor has AVX2, for which the tests compile what is written for AVX-512.
  static let runsWhatIsWrittenForAVX512 = InstructionSet.available.contains(.avx2)
}

/// A padded matrix on aligned memory.
final class Matrix {
  let rows: Int
  let columns: Int
  let stride: Int
  let buffer: AlignedBuffer

  /// Zeros; `extra` lane groups beyond the padding make the stride larger than it must be.
  init(_ rows: Int, _ columns: Int, extra: Int = 0) {
    self.rows = rows
    self.columns = columns
    stride = padded(columns) + laneCount * extra
    buffer = AlignedBuffer(count: rows * stride)
  }

  /// Random values from -1 to 1, zeros in the padding.
  convenience init(
    _ rows: Int, _ columns: Int, extra: Int = 0, random: inout Numbers, scale: Float = 1
  ) {
    self.init(rows, columns, extra: extra)
    for row in 0..<rows {
      for column in 0..<columns { self[row, column] = scale * random.next() }
    }
  }

  /// The same values on memory of their own.
  func copy() -> Matrix {
    let other = Matrix(rows, columns, extra: (stride - padded(columns)) / laneCount)
    for i in 0..<buffer.count { other.buffer.pointer[i] = buffer.pointer[i] }
    return other
  }

  var pointer: UnsafeMutablePointer<Float> { buffer.pointer }

  subscript(row: Int, column: Int) -> Float {
    get { buffer.pointer[row * stride + column] }
    set { buffer.pointer[row * stride + column] = newValue }
  }

  /// The value as a Double.
  func at(_ row: Int, _ column: Int) -> Double { Double(self[row, column]) }

  /// The logical values, row by row; fails the test if the padding is not zero.
  func values(sourceLocation: SourceLocation = #_sourceLocation) -> [Float] {
    var values: [Float] = []
    values.reserveCapacity(rows * columns)
    var clean = true
    for row in 0..<rows {
      for column in 0..<columns { values.append(self[row, column]) }
      for column in columns..<padded(columns) where self[row, column] != 0 { clean = false }
    }
    #expect(clean, "padding holds zeros", sourceLocation: sourceLocation)
    return values
  }
}

/// A small linear congruential generator: the tests need variety, not quality.
struct Numbers {
  var state: UInt64
  init(_ seed: UInt64) { state = seed &* 0x9E37_79B9_7F4A_7C15 &+ 1 }

  /// A float from -1 to 1.
  mutating func next() -> Float {
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    return Float(Int32(truncatingIfNeeded: state >> 32)) / 2_147_483_648
  }

  /// An integer below `bound`.
  mutating func next(below bound: Int) -> Int {
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    return Int(state >> 33) % bound
  }
}

/// What a kernel should give: values and the sizes that errors are measured against.
struct Expected {
  var values: [Double] = []
  var sizes: [Double] = []

  mutating func append(_ value: Double, size: Double) {
    values.append(value)
    sizes.append(size)
  }

  static func + (a: Expected, b: Expected) -> Expected {
    Expected(values: a.values + b.values, sizes: a.sizes + b.sizes)
  }
}

/// Runs a kernel of every build: each result must lie within `ulps` half-ulps of its size from the
/// reference, and all builds must agree bit for bit.
func check(
  _ expected: Expected, ulps: Double, sourceLocation: SourceLocation = #_sourceLocation,
  run: (any KernelSet.Type) -> [Float]
) {
  var first: [UInt32]?
  for build in KernelBuild.tested {
    let result = run(build.kernels)
    #expect(
      result.count == expected.values.count, "\(build): count", sourceLocation: sourceLocation)
    var worst = 0.0
    var place = 0
    for i in 0..<min(result.count, expected.values.count) {
      let unit = Double(Float.ulpOfOne) / 2 * max(expected.sizes[i], 1e-30)
      let error = abs(Double(result[i]) - expected.values[i]) / unit
      if !(error <= worst) {
        worst = error
        place = i
        if error.isNaN { break }
      }
    }
    #expect(
      worst <= ulps,
      "\(build): at \(place) off by \(worst) of \(ulps) units: \(result[place]), not \(expected.values[place])",
      sourceLocation: sourceLocation)
    let bits = result.map(\.bitPattern)
    if let first {
      let differing = zip(first, bits).enumerated().first { $0.element.0 != $0.element.1 }
      #expect(
        differing == nil, "\(build): other bits than \(KernelBuild.tested[0])",
        sourceLocation: sourceLocation)
    } else {
      first = bits
    }
  }
}
