import KernelInterface

extension Implementation {
  /// `y = x r gain`; 4 FLOPs an element. Σ x² is 16 chains of fused multiply-adds and one tree.
  public static func rmsNorm(
    rows: Int, width: Int, x: UnsafePointer<Float>, stride: Int,
    gain: UnsafePointer<Float>?, epsilon: Float,
    y: UnsafeMutablePointer<Float>, inverseRMS: UnsafeMutablePointer<Float>
  ) {
    let columns = padded(width)
    for row in 0..<rows {
      let x = x + row * stride
      let y = y + row * stride
      var squares = Lanes()
      var column = 0
      while column < columns {
        let value = x.lanes(column)
        squares = value.times(value, plus: squares)
        column += laneCount
      }
      let inverse = 1 / (squares.treeSum() / Float(width) + epsilon).squareRoot()
      inverseRMS[row] = inverse
      let factor = Lanes(inverse)
      column = 0
      if let gain {
        while column < columns {
          y.store(x.lanes(column) * factor * gain.lanes(column), column)
          column += laneCount
        }
      } else {
        while column < columns {
          y.store(x.lanes(column) * factor, column)
          column += laneCount
        }
      }
    }
  }

  /// `dx += r (g dy) - x r³ / width Σ g dy x` and `dgain += dy (x r)`; 9 FLOPs an element.
  ///
  /// The sum along a row is 16 chains and one tree; rows add to dgain in ascending order.
  public static func rmsNormBackward(
    rows: Int, width: Int, x: UnsafePointer<Float>, stride: Int,
    gain: UnsafePointer<Float>?, inverseRMS: UnsafePointer<Float>, dy: UnsafePointer<Float>,
    dx: UnsafeMutablePointer<Float>, dgain: UnsafeMutablePointer<Float>?
  ) {
    let columns = padded(width)
    for row in 0..<rows {
      let x = x + row * stride
      let dy = dy + row * stride
      let dx = dx + row * stride
      let inverse = inverseRMS[row]
      let factor = Lanes(inverse)
      var products = Lanes()
      var column = 0
      while column < columns {
        var slope = dy.lanes(column)
        if let gain { slope = slope * gain.lanes(column) }
        products = slope.times(x.lanes(column), plus: products)
        column += laneCount
      }
      let mean = products.treeSum() / Float(width)
      let pull = Lanes(-(mean * (inverse * inverse * inverse)))
      column = 0
      while column < columns {
        let value = x.lanes(column)
        let upstream = dy.lanes(column)
        var slope = upstream
        if let gain { slope = slope * gain.lanes(column) }
        let sum = value.times(pull, plus: slope.times(factor, plus: dx.lanes(column)))
        dx.store(sum, column)
        if let dgain {
          dgain.store(upstream.times(value * factor, plus: dgain.lanes(column)), column)
        }
        column += laneCount
      }
    }
  }
}
