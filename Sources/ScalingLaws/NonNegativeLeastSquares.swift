/// Least squares with non-negative coefficients for a few columns, by trying every active set.
///
/// With k columns there are 2^k subsets; the best feasible one is the minimum (the problem is convex).
/// For three columns that is eight tiny solves, simpler than Lawson & Hanson's (1974) iteration and
/// with no way to cycle.
enum NonNegativeLeastSquares {
  /// The minimum of `½ xᵀ G x − cᵀ x` over x ≥ 0.
  ///
  /// `gram` is G = AᵀA, [k, k], symmetric; `right` is c = Aᵀb. A column of zeros, or one that depends
  /// on those before it, gets the coefficient 0.
  static func solve(gram: [Double], right: [Double]) -> [Double] {
    let k = right.count
    var best = [Double](repeating: 0, count: k)
    var bestValue = 0.0
    for subset in 1..<(1 << k) {
      let columns = (0..<k).filter { subset >> $0 & 1 == 1 }
      guard let solution = solve(gram, right, columns), solution.allSatisfy({ $0 >= 0 }) else {
        continue
      }
      // At a stationary point the value is −½ cᵀx.
      var value = 0.0
      for (index, column) in columns.enumerated() { value -= right[column] * solution[index] / 2 }
      if value < bestValue {
        bestValue = value
        best = [Double](repeating: 0, count: k)
        for (index, column) in columns.enumerated() { best[column] = solution[index] }
      }
    }
    return best
  }

  /// The unconstrained solution over some columns by Cholesky; nil if they are dependent.
  private static func solve(_ gram: [Double], _ right: [Double], _ columns: [Int]) -> [Double]? {
    let k = right.count
    let sub = columns.flatMap { i in columns.map { gram[i * k + $0] } }
    for index in columns.indices where !(sub[index * columns.count + index] > 0) { return nil }
    var solution = [Double](repeating: 0, count: columns.count)
    guard Newton.solve(sub, damping: 0, columns.map { -right[$0] }, into: &solution) else {
      return nil
    }
    return solution
  }
}
