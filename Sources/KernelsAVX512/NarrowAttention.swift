import KernelInterface

#if KERNELS_AVX512 && arch(x86_64)

  /// Attention with heads of 2, 4 or 8 columns, whose vectors of 16 queries stay in registers.
  ///
  /// The general form runs each product by itself, which at such widths is over almost before it
  /// has begun. Here each is joined with the arithmetic on its result (`generate-attention.py`),
  /// and the gradients by keys and by values fill vectors together. Every chain is the same.
  ///
  /// 2 w + 19 operations a pair forward, 4 w + 5 backward: 73 and 54 % of the peak of multiply-adds for
  /// w = 8 (`benchmarks elementwise --head-widths 8`, T = 64, one core of a Zen 5 with AVX-512).
  struct NarrowAttention {
    private let shape: AttentionShape
    private let sequences: Int
    private let heads: Int
    private let scale: Float
    private let qkvStride: Int
    private let outputStride: Int
    /// D.
    private let width: Int
    /// Between the rows of keys and of values that the products read.
    private let keyStride: Int
    /// Between rows of pairs: a tile that is wider than its head stays in its row.
    private let pairStride: Int

    /// nil where the general form must do: other widths, or rows of gradients that end within the
    /// lane group that is stored last.
    init?(
      sequences: Int, positions: Int, heads: Int, headWidth: Int, scale: Float, qkvStride: Int,
      outputStride: Int
    ) {
      guard Self.serves(headWidth, heads: heads) else { return nil }
      shape = AttentionShape(positions: positions, headWidth: headWidth)
      self.sequences = sequences
      self.heads = heads
      self.scale = scale
      self.qkvStride = qkvStride
      self.outputStride = outputStride
      width = heads * headWidth
      keyStride = qkvStride == Self.knownStride(headWidth) ? qkvStride : headWidth
      pairStride = Self.pairStride(width)
    }

    /// The stride of rows for which the products are compiled, beside that of a copy.
    private static func knownStride(_ headWidth: Int) -> Int { padded(12 * headWidth) }

    private static func serves(_ headWidth: Int, heads: Int) -> Bool {
      let width = heads * headWidth
      return (headWidth == 2 || headWidth == 4 || headWidth == 8)
        && 2 * width + padded(width) <= padded(3 * width)
    }

    private static func pairStride(_ width: Int) -> Int { 2 * padded(width) + laneCount }

    /// The floats of scratch of both passes, or nil where the general form must do.
    static func scratchCount(_ shape: AttentionShape, heads: Int) -> Int? {
      guard serves(shape.width, heads: heads) else { return nil }
      let width = heads * shape.width
      return heads * laneCount * shape.biasCount + 2 * shape.transposedCount(width)
        + 3 * laneCount * padded(shape.positions) + 2 * padded(shape.positions * shape.width)
        + 2 * shape.positions * pairStride(width)
    }

    // MARK: Forward

    func forward(
      qkv: UnsafePointer<Float>, bias: UnsafePointer<Float>?, output: UnsafeMutablePointer<Float>,
      state: UnsafeMutablePointer<Float>, scratch: UnsafeMutablePointer<Float>
    ) {
      let queries = scratch
      let results = queries + shape.transposedCount(width)
      let key = results + shape.transposedCount(width)
      let value = key + padded(shape.positions * shape.width)
      let biasRow = value + padded(shape.positions * shape.width)
      var weights = state
      for sequence in 0..<sequences {
        let row = sequence * shape.positions
        let qkv = qkv + row * qkvStride
        transposePanels(shape, width, qkv, qkvStride, into: queries)
        for head in 0..<heads {
          let column = head * shape.width
          let key = rows(qkv + (width + column), copiedTo: key)
          let value = rows(qkv + (2 * width + column), copiedTo: value)
          if let bias { copyBias(shape, bias + head * padded(shape.positions), into: biasRow) }
          for panel in 0..<shape.panels {
            let start = laneCount * panel
            let transposed = start * width + column * laneCount
            attend(
              panel, query: queries + transposed, key: key, value: value,
              bias: bias == nil ? nil : UnsafePointer(biasRow + (laneCount + start)),
              results: results + transposed, weights: weights + shape.weightsOffset(panel))
          }
          weights += shape.weightsCount
        }
        transposeBack(shape, width, results, into: output + row * outputStride, outputStride)
      }
    }

    @inline(__always)
    private func attend(
      _ panel: Int, query: UnsafePointer<Float>, key: UnsafePointer<Float>,
      value: UnsafePointer<Float>, bias: UnsafePointer<Float>?,
      results: UnsafeMutablePointer<Float>, weights: UnsafeMutablePointer<Float>
    ) {
      let (keys, queries, start) = (shape.keys(panel), shape.queries(panel), laneCount * panel)
      switch shape.width {
      case 2:
        attendNarrow2(
          keys: keys, start: start, queries: queries, scale: scale, query: query, key: key,
          value: value, stride: keyStride, bias: bias, results: results, weights: weights)
      case 4:
        attendNarrow4(
          keys: keys, start: start, queries: queries, scale: scale, query: query, key: key,
          value: value, stride: keyStride, bias: bias, results: results, weights: weights)
      default:
        attendNarrow8(
          keys: keys, start: start, queries: queries, scale: scale, query: query, key: key,
          value: value, stride: keyStride, bias: bias, results: results, weights: weights)
      }
    }

    /// One head's columns of all positions: where they are, or copied one after the other.
    @inline(__always)
    private func rows(
      _ source: UnsafePointer<Float>, copiedTo target: UnsafeMutablePointer<Float>
    ) -> UnsafePointer<Float> {
      if keyStride == qkvStride { return source }
      copyPieces(shape.positions, shape.width, source, qkvStride, target, shape.width)
      return UnsafePointer(target)
    }

    // MARK: Backward

    /// Where the backward pass keeps what it computes.
    private struct Buffers {
      /// The sums of the bias gradients, 16 rows a head.
      let biasRows: UnsafeMutablePointer<Float>
      /// dO and dQ of all heads by columns, panel after panel.
      let doutput: UnsafeMutablePointer<Float>
      let dquery: UnsafeMutablePointer<Float>
      /// dP of a panel.
      let gradients: UnsafeMutablePointer<Float>
      /// scale dS and P of a panel, element by element in turn.
      let pairs: UnsafeMutablePointer<Float>
      /// A copy of one head's keys and values.
      let key: UnsafeMutablePointer<Float>
      let value: UnsafeMutablePointer<Float>
      /// Q and dO of all heads, element by element in turn, and dK and dV likewise.
      let rows: UnsafeMutablePointer<Float>
      let sums: UnsafeMutablePointer<Float>
    }

    private func buffers(_ scratch: UnsafeMutablePointer<Float>) -> Buffers {
      let doutput = scratch + heads * laneCount * shape.biasCount
      let dquery = doutput + shape.transposedCount(width)
      let gradients = dquery + shape.transposedCount(width)
      let pairs = gradients + laneCount * padded(shape.positions)
      let key = pairs + 2 * laneCount * padded(shape.positions)
      let value = key + padded(shape.positions * shape.width)
      let rows = value + padded(shape.positions * shape.width)
      return Buffers(
        biasRows: scratch, doutput: doutput, dquery: dquery, gradients: gradients, pairs: pairs,
        key: key, value: value, rows: rows, sums: rows + shape.positions * pairStride)
    }

    func backward(
      qkv: UnsafePointer<Float>, doutput: UnsafePointer<Float>, state: UnsafePointer<Float>,
      dqkv: UnsafeMutablePointer<Float>, dbias: UnsafeMutablePointer<Float>?,
      scratch: UnsafeMutablePointer<Float>
    ) {
      let buffers = buffers(scratch)
      if dbias != nil { prepareBias(buffers.biasRows) }
      var weights = state
      for sequence in 0..<sequences {
        let row = sequence * shape.positions
        let qkv = qkv + row * qkvStride
        let doutput = doutput + row * outputStride
        transposePanels(shape, width, doutput, outputStride, into: buffers.doutput)
        interleaveRows(qkv, doutput, into: buffers.rows)
        for head in 0..<heads {
          let column = head * shape.width
          let key = rows(qkv + (width + column), copiedTo: buffers.key)
          let value = rows(qkv + (2 * width + column), copiedTo: buffers.value)
          let biasRows =
            dbias == nil ? nil : buffers.biasRows + head * laneCount * shape.biasCount
          for panel in 0..<shape.panels {
            let start = laneCount * panel
            attendBackward(
              panel, column, key: key, value: value, weights + shape.weightsOffset(panel),
              biasRows, buffers)
            let rows = buffers.rows + (start * pairStride + 2 * column)
            let sums = buffers.sums + 2 * column
            addPairs(
              keys: start, queries: shape.queries(panel), pairs: buffers.pairs, rows: rows,
              sums: sums, stride: pairStride, begins: false)
            addPairs(
              keys: shape.keys(panel) - start, queries: shape.queries(panel),
              pairs: buffers.pairs + 2 * laneCount * start, rows: rows,
              sums: sums + start * pairStride, stride: pairStride, begins: true)
          }
          weights += shape.weightsCount
        }
        writeGradients(buffers, dqkv + row * qkvStride)
        guard let dbias else { continue }
        for head in 0..<heads {
          collect(
            shape, buffers.biasRows + head * laneCount * shape.biasCount,
            into: dbias + head * padded(shape.positions))
        }
      }
    }

    /// Writes zeros where no sequence writes a bias gradient: offsets beyond the last, and
    /// residues that no key has.
    @inline(__always)
    private func prepareBias(_ rows: UnsafeMutablePointer<Float>) {
      for head in 0..<heads {
        let rows = rows + head * laneCount * shape.biasCount
        for residue in 0..<laneCount {
          let row = rows + residue * shape.biasCount
          row.store(Lanes(), padded(shape.positions))
          guard residue >= shape.positions else { continue }
          row.store(Lanes())
        }
      }
    }

    @inline(__always)
    private func attendBackward(
      _ panel: Int, _ column: Int, key: UnsafePointer<Float>, value: UnsafePointer<Float>,
      _ weights: UnsafePointer<Float>, _ biasRows: UnsafeMutablePointer<Float>?,
      _ buffers: Buffers
    ) {
      let (keys, start) = (shape.keys(panel), laneCount * panel)
      let transposed = start * width + column * laneCount
      switch shape.width {
      case 2:
        attendBackwardNarrow2(
          keys: keys, start: start, scale: scale, doutput: buffers.doutput + transposed,
          key: key, value: value, stride: keyStride, weights: weights,
          gradients: buffers.gradients, pairs: buffers.pairs, biasRows: biasRows,
          biasStride: shape.biasCount, dquery: buffers.dquery + transposed)
      case 4:
        attendBackwardNarrow4(
          keys: keys, start: start, scale: scale, doutput: buffers.doutput + transposed,
          key: key, value: value, stride: keyStride, weights: weights,
          gradients: buffers.gradients, pairs: buffers.pairs, biasRows: biasRows,
          biasStride: shape.biasCount, dquery: buffers.dquery + transposed)
      default:
        attendBackwardNarrow8(
          keys: keys, start: start, scale: scale, doutput: buffers.doutput + transposed,
          key: key, value: value, stride: keyStride, weights: weights,
          gradients: buffers.gradients, pairs: buffers.pairs, biasRows: biasRows,
          biasStride: shape.biasCount, dquery: buffers.dquery + transposed)
      }
    }

    /// Rows of queries and of dO, element by element in turn.
    @inline(__always)
    private func interleaveRows(
      _ qkv: UnsafePointer<Float>, _ doutput: UnsafePointer<Float>,
      into rows: UnsafeMutablePointer<Float>
    ) {
      for position in 0..<shape.positions {
        let query = qkv + position * qkvStride
        let doutput = doutput + position * outputStride
        let row = rows + position * pairStride
        var column = 0
        while column < width {
          let (low, high) = query.lanes(column).interleaved(with: doutput.lanes(column))
          row.store(low, 2 * column)
          row.store(high, 2 * column + laneCount)
          column += laneCount
        }
        row.store(Lanes(), 2 * column)
      }
    }

    /// Brings the gradients by queries, keys and values into their rows.
    ///
    /// The queries' last lane group may reach beyond, so they come first.
    @inline(__always)
    private func writeGradients(_ buffers: Buffers, _ dqkv: UnsafeMutablePointer<Float>) {
      transposeBack(shape, width, buffers.dquery, into: dqkv, qkvStride)
      let whole = width / laneCount * laneCount
      let beyond = IntLanes.numbers .>= IntLanes(Int32(truncatingIfNeeded: width - whole))
      for position in 0..<shape.positions {
        let dkey = dqkv + (position * qkvStride + width)
        let dvalue = dkey + width
        let sums = buffers.sums + position * pairStride
        var column = 0
        while column < whole {
          let (low, high) = (sums.lanes(2 * column), sums.lanes(2 * column + laneCount))
          let (even, odd) = low.deinterleaved(with: high)
          dkey.store(even, column)
          dvalue.store(odd, column)
          column += laneCount
        }
        guard whole < width else { continue }
        // The last lane group of the keys' reaches into the values' first, and that of the values'
        // into the padding.
        let (low, high) = (sums.lanes(2 * whole), sums.lanes(2 * whole + laneCount))
        let (even, odd) = low.deinterleaved(with: high)
        let first = dvalue.lanes()
        dkey.store(even, whole)
        if whole > 0 { dvalue.store(first) }
        dvalue.store(odd.replacing(with: Lanes(), where: beyond), whole)
      }
      if 2 * width + padded(width) < padded(3 * width) {
        clearPadding(rows: shape.positions, width: 3 * width, dqkv, qkvStride)
      }
    }
  }

#endif
