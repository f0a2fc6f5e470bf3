import KernelInterface

extension Implementation {
  /// With P the weights and `dP = dO Vᵀ`: `dS = P (dP - D)`, `D[i] = Σ_j P[i, j] dP[i, j]`,
  /// `dQ = scale dS K`, `dK = scale dSᵀ Q`, `dV = Pᵀ dO`, `dbias[i - j] += dS[i, j]`; 8 w FLOPs a
  /// pair of query and key.
  ///
  /// Sums over keys and sums over queries are chains in ascending order. To a bias gradient one sum is
  /// added for each sequence: that of 16 sums, one for each residue of the key modulo 16, of the keys in
  /// ascending order.
  ///
  /// Reads 16 bytes and writes 12 an element of the output, and reads 4 a pair: 59 % of the peak of
  /// multiply-adds, on one core of a Zen 5 with AVX-512, for T = 64, w = 32.
  public static func attentionBackward(
    sequences: Int, positions: Int, heads: Int, headWidth: Int, scale: Float,
    qkv: UnsafePointer<Float>, qkvStride: Int, tokens: UnsafePointer<Int32>?,
    doutput: UnsafePointer<Float>, outputStride: Int, state: UnsafePointer<Float>,
    dqkv: UnsafeMutablePointer<Float>, dbias: UnsafeMutablePointer<Float>?,
    scratch: UnsafeMutablePointer<Float>
  ) {
    guard positions > 0 else { return }
    let width = heads * headWidth
    let stateCount = attentionStateCount(positions: positions, heads: heads)
    #if (KERNELS_AVX512 || KERNELS_AVX2) && arch(x86_64)
      let lanes = LaneAttention(positions: positions, heads: heads, headWidth: headWidth)
      if let lanes, sequences >= lanes.sequencesTogether {
        let taken = sequences / lanes.sequencesTogether * lanes.sequencesTogether
        let row = taken * positions
        lanes.backward(
          sequences: taken, scale: scale, qkv: qkv, qkvStride: qkvStride, tokens: tokens,
          doutput: doutput, outputStride: outputStride, state: state, dqkv: dqkv, dbias: dbias,
          scratch: scratch)
        let offset = tokens == nil ? row * qkvStride : 0
        return attentionBackward(
          sequences: sequences - taken, positions: positions, heads: heads, headWidth: headWidth,
          scale: scale, qkv: qkv + offset, qkvStride: qkvStride, tokens: tokens.map { $0 + row },
          doutput: doutput + row * outputStride, outputStride: outputStride,
          state: state + taken * stateCount, dqkv: dqkv + offset, dbias: dbias, scratch: scratch)
      }
    #endif
    if let tokens {
      let picked = scratch + ownScratchCount(positions, heads, headWidth)
      let gradients = picked + positions * qkvStride
      for sequence in 0..<sequences {
        let row = sequence * positions
        pick(positions, 3 * width, tokens + row, qkv, qkvStride, into: picked)
        attentionBackward(
          sequences: 1, positions: positions, heads: heads, headWidth: headWidth, scale: scale,
          qkv: picked, qkvStride: qkvStride, tokens: nil, doutput: doutput + row * outputStride,
          outputStride: outputStride, state: state + sequence * stateCount, dqkv: gradients,
          dbias: dbias, scratch: scratch)
        addPicked(positions, 3 * width, tokens + row, gradients, qkvStride, to: dqkv)
      }
      return
    }
    #if KERNELS_AVX512 && arch(x86_64)
      if let narrow = NarrowAttention(
        sequences: sequences, positions: positions, heads: heads, headWidth: headWidth,
        scale: scale,
        qkvStride: qkvStride, outputStride: outputStride)
      {
        return narrow.backward(
          qkv: qkv, doutput: doutput, state: state, dqkv: dqkv, dbias: dbias, scratch: scratch)
      }
    #endif
    let shape = AttentionShape(positions: positions, headWidth: headWidth)
    let buffers = BackwardBuffers(shape, heads: heads, scratch)

    var weights = state
    for sequence in 0..<sequences {
      let row = sequence * positions
      let qkv = qkv + row * qkvStride
      let dqkv = dqkv + row * qkvStride
      let doutput = doutput + row * outputStride
      transposePanels(shape, width, doutput, outputStride, into: buffers.doutput)
      if dbias != nil { zero(count: heads * laneCount * shape.biasCount, y: buffers.biasRows) }
      for head in 0..<heads {
        let column = head * headWidth
        // The last head's lane groups may reach beyond the end of `doutput`.
        let copies = head == heads - 1 && headWidth % laneCount != 0
        if copies {
          gather(
            rows: positions, width: headWidth, doutput + column, outputStride,
            into: buffers.lastHead)
        }
        attendBackward(
          shape, width, column, scale: scale, qkv: qkv + column, dqkv: dqkv + column, qkvStride,
          doutput: copies ? UnsafePointer(buffers.lastHead) : doutput + column,
          copies ? shape.columns : outputStride, weights: weights,
          biasRows: dbias == nil ? nil : buffers.biasRows + head * laneCount * shape.biasCount,
          buffers)
        weights += shape.weightsCount
      }
      writeQueryGradients(shape, width, buffers, dqkv, qkvStride)
      clearPadding(rows: positions, width: 3 * width, dqkv, qkvStride)
      guard let dbias else { continue }
      for head in 0..<heads {
        collect(
          shape, buffers.biasRows + head * laneCount * shape.biasCount,
          into: dbias + head * padded(positions))
      }
    }
  }
}

/// Adds rows, [positions, width], to those of their tokens, in ascending order.
@inline(__always)
func addPicked(
  _ positions: Int, _ width: Int, _ tokens: UnsafePointer<Int32>, _ rows: UnsafePointer<Float>,
  _ stride: Int, to table: UnsafeMutablePointer<Float>
) {
  Implementation.embedBackward(
    rows: positions, width: width, tokens: tokens, dy: rows, stride: stride, dtable: table,
    tableStride: stride, dpositions: nil, period: 1)
}

/// Where the backward pass keeps what it computes.
private struct BackwardBuffers {
  /// The sums of the bias gradients, 16 rows a head.
  let biasRows: UnsafeMutablePointer<Float>
  /// dO and dQ of all heads by columns, panel after panel.
  let doutput: UnsafeMutablePointer<Float>
  let dquery: UnsafeMutablePointer<Float>
  /// dS of a panel.
  let gradients: UnsafeMutablePointer<Float>
  /// dK and dV of a head that does not fill its lane groups, and dO of such a last head.
  let dkey: UnsafeMutablePointer<Float>
  let dvalue: UnsafeMutablePointer<Float>
  let lastHead: UnsafeMutablePointer<Float>
  /// dQ of all heads by rows, if the rows do not fill their lane groups.
  let rows: UnsafeMutablePointer<Float>

  init(_ shape: AttentionShape, heads: Int, _ scratch: UnsafeMutablePointer<Float>) {
    let width = heads * shape.width
    biasRows = scratch
    doutput = biasRows + heads * laneCount * shape.biasCount
    dquery = doutput + shape.transposedCount(width)
    gradients = dquery + shape.transposedCount(width)
    dkey = gradients + laneCount * padded(shape.positions)
    dvalue = dkey + shape.copyCount
    lastHead = dvalue + shape.copyCount
    rows = lastHead + shape.copyCount
  }
}

/// The backward pass of one head over one sequence; the gradient by the queries stays in
/// `buffers`.
@inline(__always)
private func attendBackward(
  _ shape: AttentionShape, _ width: Int, _ column: Int, scale: Float, qkv: UnsafePointer<Float>,
  dqkv: UnsafeMutablePointer<Float>, _ qkvStride: Int,
  doutput: UnsafePointer<Float>, _ outputStride: Int, weights: UnsafePointer<Float>,
  biasRows: UnsafeMutablePointer<Float>?, _ buffers: BackwardBuffers
) {
  // Results of whole lane groups are computed where they belong; others are copied there.
  let whole = shape.width == shape.columns
  let stride = whole ? qkvStride : shape.columns
  let dkey = whole ? dqkv + width : buffers.dkey
  let dvalue = whole ? dqkv + 2 * width : buffers.dvalue
  let gradients = buffers.gradients

  for panel in 0..<shape.panels {
    let start = laneCount * panel
    let keys = shape.keys(panel)
    let weights = weights + shape.weightsOffset(panel)
    let transposed = start * width + column * laneCount
    Implementation.gemmNN(
      m: keys, n: laneCount, k: shape.width, a: qkv + 2 * width, aStride: qkvStride,
      b: buffers.doutput + transposed, bStride: laneCount, c: gradients, cStride: laneCount,
      accumulate: false)
    scoreGradients(
      keys: keys, start: start, scale: scale, weights, gradients, biasRows, shape.biasCount)

    Implementation.gemmTN(
      m: shape.width, n: laneCount, k: keys, a: qkv + width, aStride: qkvStride,
      b: gradients, bStride: laneCount, c: buffers.dquery + transposed, cStride: laneCount,
      accumulate: false)
    // The keys that no earlier panel saw begin at zero.
    sumOverQueries(
      shape, panel, gradients, qkv + start * qkvStride, qkvStride, into: dkey, stride)
    sumOverQueries(
      shape, panel, weights, doutput + start * outputStride, outputStride, into: dvalue, stride)
  }
  if !whole {
    scatter(
      rows: shape.positions, width: shape.width, dkey, into: dqkv + width, qkvStride)
    scatter(
      rows: shape.positions, width: shape.width, dvalue, into: dqkv + 2 * width, qkvStride)
  }
}

/// Brings the gradient by the queries back into rows.
@inline(__always)
private func writeQueryGradients(
  _ shape: AttentionShape, _ width: Int, _ buffers: BackwardBuffers,
  _ dqkv: UnsafeMutablePointer<Float>, _ qkvStride: Int
) {
  // Rows that do not fill their lane groups would overwrite the keys'.
  let whole = width % laneCount == 0
  for panel in 0..<shape.panels {
    let start = panel * laneCount
    let rows = whole ? dqkv + start * qkvStride : buffers.rows
    transpose(
      rows: width, columns: shape.queries(panel), buffers.dquery + start * width, laneCount,
      into: rows, whole ? qkvStride : padded(width))
    if !whole {
      scatter(
        rows: shape.queries(panel), width: width, rows, into: dqkv + start * qkvStride, qkvStride)
    }
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
  #if !(KERNELS_AVX512 && arch(x86_64))
    if shape.width <= laneCount / 2 {
      rowsNNHalf(
        start, queries, values, laneCount, rows, rowStride, sums, sumStride, UnsafePointer(sums),
        pads: false)
      rowsNNHalf(
        shape.keys(panel) - start, queries, values + start * laneCount, laneCount, rows, rowStride,
        sums + start * sumStride, sumStride, nil, pads: false)
      return
    }
  #endif
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
  var block = 0
  while block < keys {
    var place = gradients + block * laneCount
    var weight = weights + block * laneCount
    var sums = biasRows.map { $0 + (start - block) }
    for _ in block..<min(block + laneCount, keys) {
      let gradient = weight.lanes() * (place.lanes() - sum)
      place.store(gradient * scale)
      if let row = sums {
        row.store(row.lanes() + gradient)
        sums = row + biasStride
      }
      place += laneCount
      weight += laneCount
    }
    block += laneCount
  }
}

/// Adds the 16 rows of bias gradients, each shifted back by its residue.
@inline(__always)
func collect(
  _ shape: AttentionShape, _ rows: UnsafePointer<Float>,
  into dbias: UnsafeMutablePointer<Float>
) {
  for panel in 0..<shape.panels {
    let offset = laneCount * panel
    var sum = (rows + offset).lanes()
    for residue in 1..<laneCount {
      sum = sum + (rows + residue * shape.biasCount + offset + residue).lanes()
    }
    dbias.store(dbias.lanes(offset) + sum, offset)
  }
}
