import KernelInterface

extension Implementation {
  /// One comparison an element; a draw costs one exponential and three additions in Double more.
  ///
  /// The sum of a row's weights is one chain over columns in ascending order, in Double.
  public static func choose(
    rows: Int, columns: Int, logits: UnsafePointer<Float>, stride: Int, inverseTemperature: Float,
    uniforms: UnsafePointer<Double>?, choices: UnsafeMutablePointer<Int32>,
    scratch: UnsafeMutablePointer<Float>
  ) {
    for row in 0..<rows {
      let logits = logits + row * stride
      var best = 0
      var isNumber = true
      for column in 0..<columns {
        if logits[column] > logits[best] { best = column }
        isNumber = isNumber && logits[column] == logits[column]
      }
      guard isNumber, logits[best].isFinite else {
        choices[row] = -1
        continue
      }
      guard let uniforms else {
        choices[row] = Int32(truncatingIfNeeded: best)
        continue
      }
      let greatest = Lanes(logits[best])
      let factor = Lanes(inverseTemperature)
      var i = 0
      while i < columns {
        scratch.store(((logits.lanes(i) - greatest) * factor).exponentialOfNegative(), i)
        i += laneCount
      }
      var total = 0.0
      for column in 0..<columns { total += Double(scratch[column]) }
      // The best column has weight 1, so that a rounding at the end still leaves a fair choice.
      let mark = uniforms[row] * total
      var sum = 0.0
      var choice = best
      for column in 0..<columns {
        sum += Double(scratch[column])
        if sum > mark {
          choice = column
          break
        }
      }
      choices[row] = Int32(truncatingIfNeeded: choice)
    }
  }
}
