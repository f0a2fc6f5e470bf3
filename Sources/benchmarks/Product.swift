import KernelInterface
import Kernels

/// The operands of one matrix product, ready to run.
final class Product {
  let shape: Shape
  let form: Form
  private let kernels: any KernelSet.Type
  private let m: Int
  private let n: Int
  private let k: Int
  private let a: AlignedBuffer
  private let b: AlignedBuffer
  private let c: AlignedBuffer
  private let scratch: AlignedBuffer
  private let aStride: Int
  private let bStride: Int
  private let cStride: Int

  init(shape: Shape, form: Form, kernels: any KernelSet.Type) {
    self.shape = shape
    self.form = form
    self.kernels = kernels
    let (rows, inputs, outputs) = (shape.rows, shape.inputs, shape.outputs)
    switch form {
    case .plain: (m, n, k) = (rows, outputs, inputs)
    case .rightTransposed: (m, n, k) = (rows, inputs, outputs)
    case .leftTransposed: (m, n, k) = (inputs, outputs, rows)
    }
    aStride = padded(form == .leftTransposed ? m : k)
    bStride = padded(form == .rightTransposed ? k : n)
    cStride = padded(n)
    a = AlignedBuffer(count: (form == .leftTransposed ? k : m) * aStride)
    b = AlignedBuffer(count: (form == .rightTransposed ? n : k) * bStride)
    c = AlignedBuffer(count: m * cStride)
    scratch = AlignedBuffer(count: k * padded(n))
    var state: UInt32 = 1
    func next() -> Float {
      state = state &* 1_664_525 &+ 1_013_904_223
      return Float(Int32(bitPattern: state)) / 2_147_483_648
    }
    for i in 0..<m { for j in 0..<k { a.pointer[aIndex(i, j)] = next() } }
    for i in 0..<k { for j in 0..<n { b.pointer[bIndex(i, j)] = next() } }
  }

  private func aIndex(_ i: Int, _ j: Int) -> Int {
    form == .leftTransposed ? j * aStride + i : i * aStride + j
  }

  private func bIndex(_ i: Int, _ j: Int) -> Int {
    form == .rightTransposed ? j * bStride + i : i * bStride + j
  }

  /// Computes the product once.
  func run() {
    switch form {
    case .plain:
      kernels.gemmNN(
        m: m, n: n, k: k, a: a.pointer, aStride: aStride, b: b.pointer, bStride: bStride,
        c: c.pointer, cStride: cStride, accumulate: false)
    case .rightTransposed:
      kernels.gemmNT(
        m: m, n: n, k: k, a: a.pointer, aStride: aStride, b: b.pointer, bStride: bStride,
        c: c.pointer, cStride: cStride, accumulate: false, scratch: scratch.pointer)
    case .leftTransposed:
      kernels.gemmTN(
        m: m, n: n, k: k, a: a.pointer, aStride: aStride, b: b.pointer, bStride: bStride,
        c: c.pointer, cStride: cStride, accumulate: false)
    }
  }

  /// Runs once and says what is wrong, or nil: k + 1 roundings of the terms' magnitudes at most.
  ///
  /// Checks every row and column, but of a large product only some elements.
  func fault() -> String? {
    for i in 0..<c.count { c.pointer[i] = .nan }
    run()
    let step = max(1, m * n * k / 4_000_000)
    var index = 0
    while index < m * n {
      let (i, j) = (index / n, index % n)
      var sum = 0.0
      var size = 0.0
      for l in 0..<k {
        let term = Double(a.pointer[aIndex(i, l)]) * Double(b.pointer[bIndex(l, j)])
        sum += term
        size += abs(term)
      }
      let found = c.pointer[i * cStride + j]
      let bound = Double(k + 1) * Double(Float.ulpOfOne) / 2 * size
      if !(abs(Double(found) - sum) <= bound) {
        return "element [\(i), \(j)] must be \(sum) within \(bound), found \(found)"
      }
      // A step without common factors with n, so that no column is passed over.
      index += step % n == 0 ? step + 1 : step
    }
    return nil
  }
}
