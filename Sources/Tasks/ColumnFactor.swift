/// The factors E = Q R of a few columns, of which one is added or removed at a time.
///
/// Q has orthonormal columns, R is upper triangular. Updates follow Daniel, Gragg, Kaufman & Stewart
/// 1976 ("Reorthogonalization and stable algorithms for updating the Gram-Schmidt QR
/// factorization", Mathematics of Computation 30, 772): a column is added by Gram and Schmidt with
/// repetition, removed by plane rotations. RᵀR is the Cholesky factorisation of EᵀE, but it is never
/// made from EᵀE, so that columns may be as near to dependent as 10⁻¹² and not only 10⁻⁶.
///
/// A vector is `groups` SIMD vectors of eight, padded with zeros; sums run in eight interleaved lanes
/// and one fixed tree, without fused multiply-adds, so that the bits are the same on every machine.
struct ColumnFactor {
  typealias Vector = UnsafePointer<SIMD8<Double>>
  typealias MutableVector = UnsafeMutablePointer<SIMD8<Double>>

  /// SIMD vectors in a column.
  let groups: Int
  /// The most columns there can be.
  let capacity: Int
  /// The columns there are, k.
  private(set) var count = 0
  /// Q, [capacity, groups]: each column of Q in one row.
  private var q: [SIMD8<Double>]
  /// R, [capacity, capacity]: column j of R in row j, zeros below its diagonal left out.
  private var r: [Double]

  init(groups: Int, capacity: Int) {
    self.groups = groups
    self.capacity = capacity
    q = Array(repeating: .zero, count: capacity * groups)
    r = Array(repeating: 0, count: capacity * capacity)
  }

  /// Forgets all columns.
  mutating func removeAll() { count = 0 }

  /// Splits v into Q h + v', v' orthogonal to all columns; v becomes v', and h is returned, [k].
  ///
  /// Projects again as long as more than half of the length goes: then v' is orthogonal to within
  /// rounding of its own length, however short it is.
  /// - Complexity: O(k · rows), twice or more.
  func split(_ vector: MutableVector) -> [Double] {
    var coefficients = [Double](repeating: 0, count: count)
    guard count > 0 else { return coefficients }
    q.withUnsafeBufferPointer { q in
      let base = q.baseAddress!
      var square = Self.dot(vector, vector, groups)
      for _ in 0..<5 {
        let part = (0..<count).map { Self.dot(base + $0 * groups, vector, groups) }
        for column in 0..<count {
          Self.add(-part[column], base + column * groups, to: vector, groups)
          coefficients[column] += part[column]
        }
        let rest = Self.dot(vector, vector, groups)
        if rest > square / 4 { break }
        square = rest
      }
    }
    return coefficients
  }

  /// Adds a column at the end.
  ///
  /// - Returns: False, and nothing is changed, if it depends on the others exactly, or if there are
  ///   `capacity` of them.
  /// - Complexity: O(k · rows).
  mutating func append(_ column: Vector) -> Bool {
    guard count < capacity else { return false }
    return withUnsafeTemporaryAllocation(of: SIMD8<Double>.self, capacity: groups) { rest in
      for group in 0..<groups { rest[group] = column[group] }
      let coefficients = split(rest.baseAddress!)
      let length = Self.dot(rest.baseAddress!, rest.baseAddress!, groups).squareRoot()
      guard length > 0 else { return false }
      for row in 0..<count { r[count * capacity + row] = coefficients[row] }
      r[count * capacity + count] = length
      for group in 0..<groups { q[count * groups + group] = rest[group] / length }
      count += 1
      return true
    }
  }

  /// Removes the column at `index`; those behind it move up.
  ///
  /// - Complexity: O((k − index) · (rows + k)).
  mutating func remove(at index: Int) {
    precondition(index >= 0 && index < count, "column \(index) of \(count)")
    for column in index..<(count - 1) {
      for row in 0...(column + 1) {
        r[column * capacity + row] = r[(column + 1) * capacity + row]
      }
    }
    count -= 1
    // Each column from `index` on now has one element below the diagonal.
    for pivot in index..<max(index, count) {
      let a = r[pivot * capacity + pivot]
      let b = r[pivot * capacity + pivot + 1]
      let length = (a * a + b * b).squareRoot()
      let (cosine, sine) = (a / length, b / length)
      r[pivot * capacity + pivot] = length
      for column in (pivot + 1)..<max(pivot + 1, count) {
        let upper = r[column * capacity + pivot]
        let lower = r[column * capacity + pivot + 1]
        r[column * capacity + pivot] = cosine * upper + sine * lower
        r[column * capacity + pivot + 1] = cosine * lower - sine * upper
      }
      for group in 0..<groups {
        let upper = q[pivot * groups + group]
        let lower = q[(pivot + 1) * groups + group]
        q[pivot * groups + group] = cosine * upper + sine * lower
        q[(pivot + 1) * groups + group] = cosine * lower - sine * upper
      }
    }
  }

  /// Solves R x = h, [k], from the last row up.
  ///
  /// - Complexity: O(k²).
  func solve(_ right: [Double]) -> [Double] {
    var solution = right
    for column in (0..<count).reversed() {
      let value = solution[column] / r[column * capacity + column]
      solution[column] = value
      for row in 0..<column { solution[row] -= value * r[column * capacity + row] }
    }
    return solution
  }

  // MARK: Vectors

  /// a · b, in eight lanes and one tree.
  static func dot(_ a: Vector, _ b: Vector, _ groups: Int) -> Double {
    var sum = SIMD8<Double>.zero
    for group in 0..<groups { sum += a[group] * b[group] }
    return ((sum[0] + sum[1]) + (sum[2] + sum[3])) + ((sum[4] + sum[5]) + (sum[6] + sum[7]))
  }

  /// `v += f a`.
  static func add(_ factor: Double, _ a: Vector, to vector: MutableVector, _ groups: Int) {
    let factor = SIMD8(repeating: factor)
    for group in 0..<groups { vector[group] += factor * a[group] }
  }
}
