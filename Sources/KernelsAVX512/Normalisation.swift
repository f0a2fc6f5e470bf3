import KernelInterface

extension Implementation {
  /// `y = x r gain`; 4 FLOPs an element. Σ x² is 16 chains of fused multiply-adds and one tree.
  ///
  /// Reads and writes 4 bytes an element: 44 % of the bandwidth of a cache that holds the arrays,
  /// on one core of a 2.5 GHz Cascade Lake with AVX-512.
  public static func rmsNorm(
    rows: Int, width: Int, x: UnsafePointer<Float>, stride: Int,
    gain: UnsafePointer<Float>?, epsilon: Float,
    y: UnsafeMutablePointer<Float>, inverseRMS: UnsafeMutablePointer<Float>
  ) {
    // Rows of one or two lane groups are over before a loop along them pays.
    switch stored(width) {
    case 8: normalise(rows, width, columns: 8, x, stride, gain, epsilon, y, inverseRMS)
    case 16: normalise(rows, width, columns: 16, x, stride, gain, epsilon, y, inverseRMS)
    case 32: normalise(rows, width, columns: 32, x, stride, gain, epsilon, y, inverseRMS)
    default:
      normalise(rows, width, columns: padded(width), x, stride, gain, epsilon, y, inverseRMS)
    }
  }

  @_transparent
  private static func normalise(
    _ rows: Int, _ width: Int, columns: Int, _ x: UnsafePointer<Float>, _ stride: Int,
    _ gain: UnsafePointer<Float>?, _ epsilon: Float,
    _ y: UnsafeMutablePointer<Float>, _ inverseRMS: UnsafeMutablePointer<Float>
  ) {
    let together = rowsTogether(columns: columns)
    withStackFloats(RowPartials.count + blockScratch) { scratch in
      let squares = RowPartials(scratch)
      let inverses = scratch + RowPartials.count
      var first = 0
      while first < rows {
        let count = min(setsTogether * together, rows - first)
        var start = 0
        while start < count {
          for row in 0..<min(together, count - start) {
            let x = x + (first + start + row) * stride
            if columns == 8 {
              let value = x.halfLanes()
              squares.setLowHalf(row, value.times(value, plus: HalfLanes()))
              continue
            }
            var sum = Lanes()
            var column = 0
            while column < columns {
              let value = x.lanes(column)
              sum = value.times(value, plus: sum)
              column += laneCount
            }
            squares[row] = sum
          }
          inverses.store(squares.sums(), start)
          start += together
        }
        start = 0
        while start < count {
          let mean = inverses.lanes(start) / Lanes(Float(width))
          inverses.store(Lanes(1) / (mean + Lanes(epsilon)).squareRoot(), start)
          start += laneCount
        }
        for row in 0..<count {
          let x = x + (first + row) * stride
          let y = y + (first + row) * stride
          inverseRMS[first + row] = inverses[row]
          if columns == 8 {
            var value = x.halfLanes() * HalfLanes(inverses[row])
            if let gain { value = value * gain.halfLanes() }
            y.store(value)
            y.store(HalfLanes(), 8)
            continue
          }
          let factor = Lanes(inverses[row])
          var column = 0
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
        first += count
      }
    }
  }

  /// `dx = r (g dy) - x r³ / width Σ g dy x + addend` and `dgain += dy (x r)`; 9 FLOPs an element.
  ///
  /// The sum along a row is 16 chains and one tree; rows add to dgain in ascending order.
  ///
  /// Reads 12 bytes, with an addend, and writes 4 an element: 54 % of the bandwidth of a cache that
  /// holds the arrays, on one core of a 2.5 GHz Cascade Lake with AVX-512.
  public static func rmsNormBackward(
    rows: Int, width: Int, x: UnsafePointer<Float>, stride: Int,
    gain: UnsafePointer<Float>?, inverseRMS: UnsafePointer<Float>, dy: UnsafePointer<Float>,
    addend: UnsafePointer<Float>?, dx: UnsafeMutablePointer<Float>,
    dgain: UnsafeMutablePointer<Float>?
  ) {
    switch stored(width) {
    case 8:
      normaliseBackward(
        rows, width, columns: 8, x, stride, gain, inverseRMS, dy, addend, dx, dgain)
    case 16:
      normaliseBackward(
        rows, width, columns: 16, x, stride, gain, inverseRMS, dy, addend, dx, dgain)
    case 32:
      normaliseBackward(
        rows, width, columns: 32, x, stride, gain, inverseRMS, dy, addend, dx, dgain)
    default:
      normaliseBackward(
        rows, width, columns: padded(width), x, stride, gain, inverseRMS, dy, addend, dx, dgain)
    }
  }

  @_transparent
  private static func normaliseBackward(
    _ rows: Int, _ width: Int, columns: Int, _ x: UnsafePointer<Float>, _ stride: Int,
    _ gain: UnsafePointer<Float>?, _ inverseRMS: UnsafePointer<Float>,
    _ dy: UnsafePointer<Float>, _ addend: UnsafePointer<Float>?,
    _ dx: UnsafeMutablePointer<Float>, _ dgain: UnsafeMutablePointer<Float>?
  ) {
    let together = rowsTogether(columns: columns)
    withStackFloats(RowPartials.count + blockScratch) { scratch in
      let products = RowPartials(scratch)
      let pulls = scratch + RowPartials.count
      var first = 0
      while first < rows {
        let count = min(setsTogether * together, rows - first)
        var start = 0
        while start < count {
          for row in 0..<min(together, count - start) {
            let x = x + (first + start + row) * stride
            let dy = dy + (first + start + row) * stride
            if columns == 8 {
              var slope = dy.halfLanes()
              if let gain { slope = slope * gain.halfLanes() }
              products.setLowHalf(row, slope.times(x.halfLanes(), plus: HalfLanes()))
              continue
            }
            var sum = Lanes()
            var column = 0
            while column < columns {
              var slope = dy.lanes(column)
              if let gain { slope = slope * gain.lanes(column) }
              sum = slope.times(x.lanes(column), plus: sum)
              column += laneCount
            }
            products[row] = sum
          }
          pulls.store(products.sums(), start)
          start += together
        }
        // -r³ / width Σ g dy x of each row.
        start = 0
        while start < count {
          let means = pulls.lanes(start) / Lanes(Float(width))
          let inverse = firstLanes(inverseRMS + first + start, count - start)
          pulls.store((means * (inverse * inverse * inverse)).negated, start)
          start += laneCount
        }
        for row in 0..<count {
          let x = x + (first + row) * stride
          let dy = dy + (first + row) * stride
          let dx = dx + (first + row) * stride
          let addend = at(addend, (first + row) * stride)
          if columns == 8 {
            let value = x.halfLanes()
            let upstream = dy.halfLanes()
            var slope = upstream
            if let gain { slope = slope * gain.halfLanes() }
            let factor = HalfLanes(inverseRMS[first + row])
            let sum = slope.times(factor, plus: addend?.halfLanes() ?? HalfLanes())
            dx.store(value.times(HalfLanes(pulls[row]), plus: sum))
            dx.store(HalfLanes(), 8)
            if let dgain {
              let sum = UnsafePointer(dgain).halfLanes()
              dgain.store(upstream.times(value * factor, plus: sum))
            }
            continue
          }
          let factor = Lanes(inverseRMS[first + row])
          let pull = Lanes(pulls[row])
          var column = 0
          while column < columns {
            let value = x.lanes(column)
            let upstream = dy.lanes(column)
            var slope = upstream
            if let gain { slope = slope * gain.lanes(column) }
            let sum = slope.times(factor, plus: addend?.lanes(column) ?? Lanes())
            dx.store(value.times(pull, plus: sum), column)
            if let dgain {
              dgain.store(upstream.times(value * factor, plus: dgain.lanes(column)), column)
            }
            column += laneCount
          }
        }
        first += count
      }
    }
  }
}

/// The columns that are looked at: those of a row, in whole registers.
@inline(__always)
private func stored(_ width: Int) -> Int {
  #if KERNELS_AVX512 && arch(x86_64)
    return padded(width)
  #else
    return width <= 8 ? 8 : padded(width)
  #endif
}

/// How many sets of rows that are reduced together go through division and square root at a time:
/// one after the other, each would wait for the last.
private var setsTogether: Int { 4 }

/// The floats for a number a row of so many sets, whole lane groups at any of them.
private var blockScratch: Int { (setsTogether + 1) * laneCount }

/// Up to sixteen floats; what is beyond `count` is not read.
@inline(__always)
private func firstLanes(_ x: UnsafePointer<Float>, _ count: Int) -> Lanes {
  if count >= laneCount { return x.lanes() }
  var result = Lanes()
  withStackFloats(laneCount) { copy in
    copy.store(Lanes())
    for index in 0..<count { copy[index] = x[index] }
    result = copy.lanes()
  }
  return result
}
