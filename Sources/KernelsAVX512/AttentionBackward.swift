import KernelInterface

extension Implementation {
  /// With P the weights and `dP = dO Vᵀ`: `dS = P (dP - D)`, `D[i] = Σ_j P[i, j] dP[i, j]`,
  /// `dQ = scale dS K`, `dK = scale dSᵀ Q`, `dV = Pᵀ dO`, `dbias[i - j] += dS[i, j]`; 8 w FLOPs a
  /// pair of query and key.
  ///
  /// Sums over keys and sums over queries are chains in ascending order. A bias gradient adds, for
  /// each residue of the key modulo 16, sequences, panels and keys in ascending order, then the 16
  /// residues.
  public static func attentionBackward(
    sequences: Int, positions: Int, heads: Int, headWidth: Int, scale: Float,
    qkv: UnsafePointer<Float>, qkvStride: Int,
    output: UnsafePointer<Float>, doutput: UnsafePointer<Float>, outputStride: Int,
    state: UnsafePointer<Float>,
    dqkv: UnsafeMutablePointer<Float>, dbias: UnsafeMutablePointer<Float>?,
    scratch: UnsafeMutablePointer<Float>
  ) {
    guard positions > 0 else { return }
    let shape = AttentionShape(positions: positions, headWidth: headWidth)
    let width = heads * headWidth
    let biasRows = scratch
    let biasCount = laneCount * shape.biasCount
    let rest = biasRows + heads * biasCount
    if dbias != nil { zero(count: heads * biasCount, y: biasRows) }

    var weights = state
    for sequence in 0..<sequences {
      let row = sequence * positions
      for head in 0..<heads {
        let column = head * headWidth
        attendBackward(
          shape, scale: scale, qkv: qkv + (row * qkvStride + column),
          dqkv: dqkv + (row * qkvStride + column), qkvStride, section: width,
          doutput: doutput + (row * outputStride + column), outputStride, weights: weights,
          biasRows: dbias == nil ? nil : biasRows + head * biasCount, scratch: rest)
        weights += shape.weightsCount
      }
      clearPadding(rows: positions, width: 3 * width, dqkv + row * qkvStride, qkvStride)
    }
    if let dbias {
      for head in 0..<heads {
        collect(shape, biasRows + head * biasCount, into: dbias + head * padded(positions))
      }
    }
  }
}

/// The backward pass of one head over one sequence.
private func attendBackward(
  _ shape: AttentionShape, scale: Float, qkv: UnsafePointer<Float>,
  dqkv: UnsafeMutablePointer<Float>, _ qkvStride: Int, section: Int,
  doutput: UnsafePointer<Float>, _ outputStride: Int, weights: UnsafePointer<Float>,
  biasRows: UnsafeMutablePointer<Float>?, scratch: UnsafeMutablePointer<Float>
) {
  let positions = shape.positions
  let width = shape.width
  let columns = shape.columns
  let whole = width == columns
  let transposed = scratch
  let transposedStride = padded(positions)
  let gradients = transposed + shape.copyCount
  let block = gradients + laneCount * transposedStride
  let copies = block + laneCount * columns

  // Operands and results of whole lane groups stand where they are; others are copied.
  var query = qkv, key = qkv + section, doutput = doutput
  var stride = qkvStride, outputStride = outputStride
  var dquery = dqkv, dkey = dqkv + section, dvalue = dqkv + 2 * section
  if !whole {
    let count = shape.copyCount
    gather(rows: positions, width: width, query, qkvStride, into: copies)
    gather(rows: positions, width: width, key, qkvStride, into: copies + count)
    gather(rows: positions, width: width, doutput, outputStride, into: copies + 2 * count)
    query = UnsafePointer(copies)
    key = UnsafePointer(copies + count)
    doutput = UnsafePointer(copies + 2 * count)
    dquery = block
    dkey = copies + 3 * count
    dvalue = copies + 4 * count
    stride = columns
    outputStride = columns
  }
  transpose(
    rows: positions, columns: width, doutput, outputStride, into: transposed, transposedStride)

  for panel in 0..<shape.panels {
    let start = laneCount * panel
    let keys = shape.keys(panel)
    let queries = shape.queries(panel)
    let weights = weights + shape.weightsOffset(panel)
    Implementation.gemmNN(
      m: keys, n: laneCount, k: width, a: qkv + 2 * section, aStride: qkvStride,
      b: transposed + start, bStride: transposedStride, c: gradients, cStride: laneCount,
      accumulate: false)
    scoreGradients(
      keys: keys, start: start, scale: scale, weights, gradients, biasRows, shape.biasCount)

    Implementation.gemmTN(
      m: queries, n: width, k: keys, a: gradients, aStride: laneCount, b: key, bStride: stride,
      c: whole ? dquery + start * stride : dquery, cStride: stride, accumulate: false)
    if !whole {
      scatter(
        rows: queries, width: width, dquery, into: dqkv + start * qkvStride, qkvStride)
    }
    // The keys that no earlier panel saw begin at zero.
    sumOverQueries(
      shape, panel, gradients, query + start * stride, stride, into: dkey, stride)
    sumOverQueries(
      shape, panel, weights, doutput + start * outputStride, outputStride, into: dvalue, stride)
  }
  if !whole {
    scatter(rows: positions, width: width, dkey, into: dqkv + section, qkvStride)
    scatter(rows: positions, width: width, dvalue, into: dqkv + 2 * section, qkvStride)
  }
}

/// `sums[j] += Σ_i panel[j, i] rows[i]`; keys that this panel sees first are overwritten.
@inline(__always)
private func sumOverQueries(
  _ shape: AttentionShape, _ panel: Int, _ values: UnsafePointer<Float>,
  _ rows: UnsafePointer<Float>, _ rowStride: Int,
  into sums: UnsafeMutablePointer<Float>, _ sumStride: Int
) {
  let start = laneCount * panel
  let queries = shape.queries(panel)
  if start > 0 {
    Implementation.gemmNN(
      m: start, n: shape.width, k: queries, a: values, aStride: laneCount, b: rows,
      bStride: rowStride, c: sums, cStride: sumStride, accumulate: true)
  }
  Implementation.gemmNN(
    m: shape.keys(panel) - start, n: shape.width, k: queries, a: values + start * laneCount,
    aStride: laneCount, b: rows, bStride: rowStride, c: sums + start * sumStride,
    cStride: sumStride, accumulate: false)
}

/// Turns a panel of dP into scale · dS and adds dS to the bias gradients.
///
/// Row j of the panel belongs to offsets i - j, which moves by one float from key to key. Keys
/// that agree modulo 16 share an alignment, so there is one row of sums for each residue s, in
/// which offset t stands at t + s: no load ever overlaps a store still under way.
@inline(__always)
private func scoreGradients(
  keys: Int, start: Int, scale: Float, _ weights: UnsafePointer<Float>,
  _ gradients: UnsafeMutablePointer<Float>, _ biasRows: UnsafeMutablePointer<Float>?,
  _ biasStride: Int
) {
  var sum = Lanes()
  for key in 0..<keys {
    let i = key * laneCount
    sum = weights.lanes(i).times(gradients.lanes(i), plus: sum)
  }
  let scale = Lanes(scale)
  for key in 0..<keys {
    let i = key * laneCount
    let gradient = weights.lanes(i) * (gradients.lanes(i) - sum)
    gradients.store(gradient * scale, i)
    if let biasRows {
      let residue = key % laneCount
      let place = biasRows + (residue * biasStride + start - (key - residue))
      place.store(place.lanes() + gradient)
    }
  }
}

/// Adds the 16 rows of bias gradients, each shifted back by its residue.
@inline(__always)
private func collect(
  _ shape: AttentionShape, _ rows: UnsafePointer<Float>,
  into dbias: UnsafeMutablePointer<Float>
) {
  for panel in 0..<shape.panels {
    let offset = laneCount * panel
    var sum = dbias.lanes(offset)
    for residue in 0..<laneCount {
      sum = sum + (rows + residue * shape.biasCount + offset + residue).lanes()
    }
    dbias.store(sum, offset)
  }
}
