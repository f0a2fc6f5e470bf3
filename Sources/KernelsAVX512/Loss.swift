import KernelInterface

extension Implementation {
  /// `log Σ exp(l - max) - (l[target] - max)`; one exponential and 4 FLOPs an element.
  ///
  /// Maximum and sum over a row are 16 chains and one tree.
  ///
  /// Reads and writes 4 bytes an element: 87 % of the peak of multiply-adds, on one core of a 3.2 GHz
  /// Zen 3 with AVX2, which adds beside.
  public static func crossEntropy(
    rows: Int, columns: Int, logits: UnsafeMutablePointer<Float>, stride: Int,
    targets: UnsafePointer<Int32>, gradientScale: Float, losses: UnsafeMutablePointer<Float>
  ) {
    // Rows of a few lane groups are over before a loop along them pays.
    switch columns {
    case 32: crossEntropy(rows, known: 32, logits, stride, targets, gradientScale, losses)
    case 64: crossEntropy(rows, known: 64, logits, stride, targets, gradientScale, losses)
    default: crossEntropy(rows, known: columns, logits, stride, targets, gradientScale, losses)
    }
  }

  @_transparent
  private static func crossEntropy(
    _ rows: Int, known columns: Int, _ logits: UnsafeMutablePointer<Float>, _ stride: Int,
    _ targets: UnsafePointer<Int32>, _ gradientScale: Float, _ losses: UnsafeMutablePointer<Float>
  ) {
    withRows(rows, columns, logits, stride, gradientScale) { first, count, block in
      block.exponentiate(count) { row in
        block.wanted[row] = block.logits(row)[max(Int(targets[first + row]), 0)]
      }
      let wanted = block.wanted.lanes() - block.greatest.lanes()
      block.wanted.store(block.logarithms.lanes() - wanted)
      block.factors.store(Lanes(gradientScale) / block.sums.lanes())
      for row in 0..<count {
        let target = Int(targets[first + row])
        guard target >= 0 else {
          losses[first + row] = 0
          block.ignore(row)
          continue
        }
        losses[first + row] = block.wanted[row]
        guard gradientScale != 0 else { continue }
        let logits = block.logits(row)
        let factor = Lanes(block.factors[row])
        var i = 0
        while i < columns {
          logits.store(logits.lanes(i) * factor, i)
          i += laneCount
        }
        logits[target] -= gradientScale
      }
    }
  }

  /// `log Σ exp(l - max) - Σ p (l - max)`; one exponential and 8 FLOPs an element.
  ///
  /// Maximum and sums over a row are 16 chains and one tree.
  ///
  /// Reads 8 bytes and writes 4 an element: 81 % of the peak of multiply-adds, on one core of a 3.2
  /// GHz Zen 3 with AVX2, which adds beside.
  public static func crossEntropySoft(
    rows: Int, columns: Int, logits: UnsafeMutablePointer<Float>, stride: Int,
    targets: UnsafePointer<Float>, targetStride: Int, targetRows: UnsafePointer<Int32>,
    gradientScale: Float, losses: UnsafeMutablePointer<Float>
  ) {
    withRows(rows, columns, logits, stride, gradientScale) { first, count, block in
      for row in 0..<count {
        let targetRow = Int(targetRows[first + row])
        guard targetRow >= 0 else { continue }
        let target = targets + targetRow * targetStride
        let logits = block.logits(row)
        // Σ p (logit - greatest): the shift keeps the terms as small as their sum.
        let greatest = Lanes(block.greatest[row])
        var products = Lanes()
        var i = 0
        while i < padded(columns) {
          products = target.lanes(i).times(logits.lanes(i) - greatest, plus: products)
          i += laneCount
        }
        block.wanted[row] = products.treeSum()
      }
      block.exponentiate(count) { _ in }
      for row in 0..<count {
        let targetRow = Int(targetRows[first + row])
        guard targetRow >= 0 else {
          losses[first + row] = 0
          block.ignore(row)
          continue
        }
        losses[first + row] = block.logarithms[row] - block.wanted[row]
        guard gradientScale != 0 else { continue }
        let target = targets + targetRow * targetStride
        let logits = block.logits(row)
        let factor = Lanes(gradientScale / block.sums[row])
        let pull = Lanes(-gradientScale)
        var i = 0
        while i < padded(columns) {
          logits.store(target.lanes(i).times(pull, plus: logits.lanes(i) * factor), i)
          i += laneCount
        }
      }
    }
  }
}

/// Rows of logits that are worked on together, with what is known of each.
private struct LogitRows {
  let columns: Int
  let first: UnsafeMutablePointer<Float>
  let stride: Int
  let gradientScale: Float
  let partials: RowPartials
  /// The greatest logit of each row.
  let greatest: UnsafeMutablePointer<Float>
  /// The logit that the target asks for, or its mean under a soft target, less the greatest.
  let wanted: UnsafeMutablePointer<Float>
  /// Σ exp(logit - greatest), and its logarithm.
  let sums: UnsafeMutablePointer<Float>
  /// What the terms of each row are multiplied by.
  let factors: UnsafeMutablePointer<Float>
  let logarithms: UnsafeMutablePointer<Float>

  @inline(__always)
  func logits(_ row: Int) -> UnsafeMutablePointer<Float> { first + row * stride }

  /// Finds the greatest logit of each row, without the padding.
  @inline(__always)
  func findGreatest(_ count: Int) {
    for row in 0..<count {
      let logits = logits(row)
      var most = Lanes(-.infinity)
      var i = 0
      while i + laneCount <= columns {
        most = most.greater(logits.lanes(i))
        i += laneCount
      }
      if i < columns {
        most = most.greater(logits.lanes(i).replacing(with: Lanes(-.infinity), where: beyond(i)))
      }
      partials[row] = most
    }
    greatest.store(partials.maxima(), 0)
  }

  /// Sums exp(logit - greatest) and, if a gradient is wanted, replaces the logits by the terms, zero
  /// in the padding.
  ///
  /// `before` is called for each row before its logits are replaced.
  @inline(__always)
  func exponentiate(_ count: Int, before: (_ row: Int) -> Void) {
    if gradientScale != 0 {
      for row in 0..<count {
        before(row)
        partials[row] = terms(row, replacing: true)
      }
    } else {
      for row in 0..<count {
        before(row)
        partials[row] = terms(row, replacing: false)
      }
    }
    let total = partials.sums()
    sums.store(total, 0)
    logarithms.store(total.logarithm(), 0)
  }

  /// The lane sums of exp(logit - greatest) over a row, whose logits the terms replace if asked to.
  @inline(__always)
  private func terms(_ row: Int, replacing: Bool) -> Lanes {
    let logits = logits(row)
    let shift = Lanes(greatest[row])
    var sum = Lanes()
    var i = 0
    while i + 4 * laneCount <= columns {
      let terms = FourLanes(logits + i).each { $0 - shift }.exponentialOfNegative()
      if replacing { terms.store(logits + i) }
      sum = sum + terms.a + terms.b + terms.c + terms.d
      i += 4 * laneCount
    }
    while i < columns {
      var term = (logits.lanes(i) - shift).exponentialOfNegative()
      if columns - i < laneCount { term = term.replacing(with: Lanes(), where: beyond(i)) }
      if replacing { logits.store(term, i) }
      sum = sum + term
      i += laneCount
    }
    return sum
  }

  /// Writes the zero gradient of a row that has no target.
  @inline(__always)
  func ignore(_ row: Int) {
    if gradientScale != 0 { Implementation.zero(count: padded(columns), y: logits(row)) }
  }

  /// The lanes of the group at column `i` that are padding.
  @inline(__always)
  private func beyond(_ i: Int) -> LaneMask {
    IntLanes.numbers .>= IntLanes(Int32(truncatingIfNeeded: columns - i))
  }
}

/// Calls `body` with block after block of rows, whose greatest logits are known.
@inline(__always)
private func withRows(
  _ rows: Int, _ columns: Int, _ logits: UnsafeMutablePointer<Float>, _ stride: Int,
  _ gradientScale: Float, _ body: (_ first: Int, _ count: Int, LogitRows) -> Void
) {
  let together = rowsTogether(columns: columns)
  withStackFloats(RowPartials.count + 5 * laneCount) { scratch in
    let known = scratch + RowPartials.count
    let partials = RowPartials(scratch)
    var first = 0
    while first < rows {
      let count = min(together, rows - first)
      let block = LogitRows(
        columns: columns, first: logits + first * stride, stride: stride,
        gradientScale: gradientScale, partials: partials, greatest: known,
        wanted: known + laneCount, sums: known + 2 * laneCount,
        factors: known + 4 * laneCount, logarithms: known + 3 * laneCount)
      block.findGreatest(count)
      body(first, count, block)
      first += together
    }
  }
}
