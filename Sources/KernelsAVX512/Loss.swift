import KernelInterface

extension Implementation {
  /// `log Σ exp(l - max) - (l[target] - max)`; one exponential and 4 FLOPs an element.
  ///
  /// Maximum and sum over a row are 16 chains and one tree.
  public static func crossEntropy(
    rows: Int, columns: Int, logits: UnsafeMutablePointer<Float>, stride: Int,
    targets: UnsafePointer<Int32>, gradientScale: Float, losses: UnsafeMutablePointer<Float>
  ) {
    for row in 0..<rows {
      let logits = logits + row * stride
      let target = Int(targets[row])
      if target < 0 {
        ignore(logits, columns, gradientScale)
        losses[row] = 0
        continue
      }
      let greatest = greatestLogit(logits, columns)
      let targetLogit = logits[target]
      let sum = exponentials(logits, columns, minus: greatest, keep: gradientScale != 0)
      losses[row] = Lanes(sum).logarithm().first - (targetLogit - greatest)
      if gradientScale != 0 {
        scale(count: padded(columns), factor: gradientScale / sum, y: logits)
        logits[target] -= gradientScale
      }
    }
  }

  /// `log Σ exp(l - max) - Σ p (l - max)`; one exponential and 8 FLOPs an element.
  ///
  /// Maximum and sums over a row are 16 chains and one tree.
  public static func crossEntropySoft(
    rows: Int, columns: Int, logits: UnsafeMutablePointer<Float>, stride: Int,
    targets: UnsafePointer<Float>, targetStride: Int, targetRows: UnsafePointer<Int32>,
    gradientScale: Float, losses: UnsafeMutablePointer<Float>
  ) {
    for row in 0..<rows {
      let logits = logits + row * stride
      let targetRow = Int(targetRows[row])
      if targetRow < 0 {
        ignore(logits, columns, gradientScale)
        losses[row] = 0
        continue
      }
      let target = targets + targetRow * targetStride
      let greatest = greatestLogit(logits, columns)
      // Σ p (logit - greatest): the shift keeps the terms as small as their sum.
      var products = Lanes()
      var i = 0
      while i < padded(columns) {
        products = target.lanes(i).times(logits.lanes(i) - Lanes(greatest), plus: products)
        i += laneCount
      }
      let sum = exponentials(logits, columns, minus: greatest, keep: gradientScale != 0)
      losses[row] = Lanes(sum).logarithm().first - products.treeSum()
      if gradientScale != 0 {
        let factor = Lanes(gradientScale / sum)
        let pull = Lanes(-gradientScale)
        i = 0
        while i < padded(columns) {
          logits.store(target.lanes(i).times(pull, plus: logits.lanes(i) * factor), i)
          i += laneCount
        }
      }
    }
  }
}

/// Writes the zero gradient of a row that has no target.
@inline(__always)
private func ignore(_ logits: UnsafeMutablePointer<Float>, _ columns: Int, _ scale: Float) {
  if scale != 0 { Implementation.zero(count: padded(columns), y: logits) }
}

/// The greatest of `columns` logits, without the padding.
@inline(__always)
private func greatestLogit(_ logits: UnsafeMutablePointer<Float>, _ columns: Int) -> Float {
  var greatest = Lanes(-.infinity)
  var i = 0
  while i + laneCount <= columns {
    greatest = greatest.greater(logits.lanes(i))
    i += laneCount
  }
  if i < columns {
    let beyond = IntLanes.numbers .>= IntLanes(Int32(truncatingIfNeeded: columns - i))
    greatest = greatest.greater(
      logits.lanes(i).replacing(with: Lanes(-.infinity), where: beyond))
  }
  return greatest.treeMax()
}

/// Σ exp(logit - shift); replaces the logits by the terms, zero in the padding, if `keep`.
@inline(__always)
private func exponentials(
  _ logits: UnsafeMutablePointer<Float>, _ columns: Int, minus shift: Float, keep: Bool
) -> Float {
  let shift = Lanes(shift)
  var sum = Lanes()
  var i = 0
  while i < columns {
    var term = (logits.lanes(i) - shift).exponentialOfNegative()
    if columns - i < laneCount {
      let beyond = IntLanes.numbers .>= IntLanes(Int32(truncatingIfNeeded: columns - i))
      term = term.replacing(with: Lanes(), where: beyond)
    }
    if keep { logits.store(term, i) }
    sum = sum + term
    i += laneCount
  }
  return sum.treeSum()
}
