/// The cubic of least squares through given points.
struct Cubic {
  /// The coefficients of 1, x, x² and x³.
  private(set) var coefficients: [Double]

  /// Fits y to x through the normal equations; four different values of x are needed.
  ///
  /// For points spread over about one unit of x, where the equations are well conditioned.
  init(x: [Double], y: [Double]) {
    precondition(x.count == y.count && x.count >= 4, "a cubic needs four points; found \(x.count)")
    var matrix = [[Double]](repeating: [Double](repeating: 0, count: 5), count: 4)
    for (x, y) in zip(x, y) {
      let powers = [1, x, x * x, x * x * x]
      for i in 0..<4 {
        for j in 0..<4 { matrix[i][j] += powers[i] * powers[j] }
        matrix[i][4] += powers[i] * y
      }
    }
    for pivot in 0..<4 {
      let best = (pivot..<4).max { abs(matrix[$0][pivot]) < abs(matrix[$1][pivot]) }!
      matrix.swapAt(pivot, best)
      for row in 0..<4 where row != pivot {
        let factor = matrix[row][pivot] / matrix[pivot][pivot]
        for column in pivot..<5 { matrix[row][column] -= factor * matrix[pivot][column] }
      }
    }
    coefficients = (0..<4).map { matrix[$0][4] / matrix[$0][$0] }
  }

  /// The cubic's value.
  func value(at x: Double) -> Double {
    coefficients.reversed().reduce(0) { $0 * x + $1 }
  }

  /// Where the cubic is least in an interval in which it falls and then rises, by golden section.
  func minimum(from low: Double, to high: Double) -> Double {
    let ratio = (5.0.squareRoot() - 1) / 2
    var (low, high) = (low, high)
    while high - low > 1e-9 {
      let left = high - ratio * (high - low)
      let right = low + ratio * (high - low)
      if value(at: left) < value(at: right) { high = right } else { low = left }
    }
    return (low + high) / 2
  }
}
