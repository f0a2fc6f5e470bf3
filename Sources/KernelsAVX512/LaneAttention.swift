import KernelInterface

#if (KERNELS_AVX512 || KERNELS_AVX2) && arch(x86_64)

  /// Attention of four narrow heads: each head of each of a few sequences has a lane, of four
  /// sequences with AVX-512, of two with AVX2.
  ///
  /// No vector holds a pair of a query and a future key, no product needs a broadcast, and every sum
  /// runs within a lane; where the lanes are 16 queries of one head, a third of the pairs are in the
  /// future at T = 32. But keys, values and their gradients take as many times the room as there are
  /// lanes: wider heads and longer sequences leave the cache and are faster one head at a time.
  ///
  /// Every chain is the same but for zero weights of future keys, which change no bit except, where
  /// all terms underflow, the sign of a zero.
  struct LaneAttention {
    /// The sequences whose heads fill the lanes.
    let sequencesTogether = headLaneCount / Self.heads

    /// T, w and D.
    private let positions: Int
    private let headWidth: Int
    private let width: Int
    /// The vectors of a row.
    private let columns: Int
    /// T in whole blocks of four.
    private let rows: Int
    /// The floats of a sequence's weights.
    private let stateCount: Int

    private static var heads: Int { 4 }

    /// The most positions for which this form serves, and is the faster one; zero for other widths.
    private static func longest(_ headWidth: Int) -> Int {
      #if KERNELS_AVX512
        return headWidth < 2 || headWidth > 7 ? 0 : headWidth <= 6 ? 256 : 128
      #else
        return headWidth < 2 || headWidth > 8 ? 0 : headWidth <= 6 ? 1024 : 256
      #endif
    }

    /// nil for shapes that another form serves better.
    init?(positions: Int, heads: Int, headWidth: Int) {
      guard heads == Self.heads, positions <= Self.longest(headWidth) else { return nil }
      self.positions = positions
      self.headWidth = headWidth
      width = heads * headWidth
      columns = vectorsPerRow(headWidth)
      rows = (positions + 3) / 4 * 4
      stateCount = Implementation.attentionStateCount(positions: positions, heads: heads)
    }

    /// The floats of the weights of the sequences together, before the block that begins at `start`.
    ///
    /// All blocks have `2 T² + 8 T` floats a sequence, no more than the other forms.
    @inline(__always)
    private func blockOffset(_ start: Int) -> Int {
      let blocks = start / 4
      return 8 * headLaneCount * blocks * (blocks + 1)
    }

    /// The floats from one matrix of T rows to the next.
    ///
    /// A load waits for a store under way whose address agrees with its own in the lowest twelve
    /// bits: what is used in turn lies a part of 4096 bytes apart.
    private var matrixCount: Int { (rows * columns * headLaneCount + 1023) / 1024 * 1024 + 208 }
    private var blockCount: Int { 4 * columns * headLaneCount }
    /// Offsets in blocks of eight, behind three of the future.
    private var biasStride: Int { ((positions + 7) / 8 * 8 + 3) * headLaneCount }

    /// The floats of scratch: the backward pass needs more. With tokens, gradients of rows stand behind.
    var scratchCount: Int {
      5 * matrixCount + 4 * blockCount + 8 * rows * headLaneCount + 32 * headLaneCount
        + laneCount * biasStride
    }

    // MARK: Forward

    /// `sequences` is a multiple of `sequencesTogether`.
    func forward(
      sequences: Int, scale: Float, qkv: UnsafePointer<Float>, qkvStride: Int,
      tokens: UnsafePointer<Int32>?, bias: UnsafePointer<Float>?,
      output: UnsafeMutablePointer<Float>, outputStride: Int,
      state: UnsafeMutablePointer<Float>, scratch: UnsafeMutablePointer<Float>
    ) {
      let key = scratch
      let value = key + matrixCount
      let query = value + matrixCount
      let results = query + blockCount
      let spread = results + blockCount
      if let bias { spreadBias(bias, into: spread) }
      let near = bias == nil ? nil : UnsafePointer(spread + 3 * headLaneCount)
      let outputs = laneRows(1, outputStride)
      var sequence = 0
      while sequence < sequences {
        let firstRow = sequence * positions
        let operands = laneRows(3, qkvStride, tokens.map { $0 + firstRow })
        let qkv = tokens == nil ? qkv + firstRow * qkvStride : qkv
        let output = output + firstRow * outputStride
        let weights = state + sequence * stateCount
        var start = 0
        while start < positions {
          let block = start * columns * headLaneCount
          readBlock(
            operands, qkv, start, into: query, factor: scale, others: (key + block, value + block))
          LaneBlock(
            start: start, query: query, key: key, value: value, bias: near,
            weights: weights + blockOffset(start), results: results
          ).run(width: headWidth)
          outputs.write(
            min(4, positions - start), results, into: output + start * outputStride)
          start += 4
        }
        sequence += sequencesTogether
      }
    }

    /// Rows of so many matrices side by side.
    private func laneRows(
      _ matrices: Int, _ stride: Int, _ tokens: UnsafePointer<Int32>? = nil
    ) -> LaneRows {
      LaneRows(
        width: headWidth, padding: padded(matrices * width) - matrices * width, stride: stride,
        positions: positions, tokens: tokens)
    }

    /// The biases of all lanes, offset t at t + 3; zeros for the future and beyond the sequence.
    private func spreadBias(
      _ bias: UnsafePointer<Float>, into target: UnsafeMutablePointer<Float>
    ) {
      let stride = padded(positions)
      for offset in 0..<rows + 3 { target.store(HeadLanes(), offset * headLaneCount) }
      for offset in 0..<positions {
        let heads = SIMD4(
          bias[offset], bias[stride + offset], bias[2 * stride + offset],
          bias[3 * stride + offset])
        target.store(HeadLanes(heads: heads), (offset + 3) * headLaneCount)
      }
    }

    /// Four positions; zeros beyond the sequence.
    @inline(__always)
    private func readBlock(
      _ rows: LaneRows, _ source: UnsafePointer<Float>, _ start: Int,
      into target: UnsafeMutablePointer<Float>, factor: Float = 1,
      others: (UnsafeMutablePointer<Float>, UnsafeMutablePointer<Float>)? = nil
    ) {
      let count = min(4, positions - start)
      rows.read(start..<start + count, source, into: target, factor: factor, others: others)
      for i in count * columns..<4 * columns {
        target.store(HeadLanes(), i * headLaneCount)
        others?.0.store(HeadLanes(), i * headLaneCount)
        others?.1.store(HeadLanes(), i * headLaneCount)
      }
    }

    // MARK: Backward

    /// `sequences` is a multiple of `sequencesTogether`.
    func backward(
      sequences: Int, scale: Float, qkv: UnsafePointer<Float>, qkvStride: Int,
      tokens: UnsafePointer<Int32>?, doutput: UnsafePointer<Float>, outputStride: Int,
      state: UnsafePointer<Float>,
      dqkv: UnsafeMutablePointer<Float>, dbias: UnsafeMutablePointer<Float>?,
      scratch: UnsafeMutablePointer<Float>
    ) {
      let key = scratch
      let value = key + matrixCount
      let dquery = value + matrixCount
      let dkey = dquery + matrixCount
      let dvalue = dkey + matrixCount
      let query = dvalue + matrixCount
      let slope = query + 2 * blockCount
      let gradients = slope + 2 * blockCount
      let gradientsStride = 4 * rows * headLaneCount
      let biasRows = gradients + (2 * gradientsStride + 32 * headLaneCount)
      if dbias != nil { prepareBias(biasRows) }
      let outputs = laneRows(1, outputStride)
      let dPicked = scratch + scratchCount
      var sequence = 0
      while sequence < sequences {
        let firstRow = sequence * positions
        let operands = laneRows(3, qkvStride, tokens.map { $0 + firstRow })
        let qkv = tokens == nil ? qkv + firstRow * qkvStride : qkv
        let doutput = doutput + firstRow * outputStride
        let weights = state + sequence * stateCount
        var start = 0
        while start < positions {
          let blocks = start + 4 < positions ? 2 : 1
          for block in 0..<blocks {
            let first = start + 4 * block
            let row = first * columns * headLaneCount
            readBlock(
              operands, qkv, first, into: query + block * blockCount,
              others: (key + row, value + row))
            readBlock(outputs, doutput, first, into: slope + block * blockCount)
          }
          LanePanel(
            start: start, blocks: blocks, scale: scale, query: query, doutput: slope, key: key,
            value: value, weights: weights + blockOffset(start), gradients: gradients,
            gradientsStride: gradientsStride, biasRows: dbias == nil ? nil : biasRows,
            biasStride: biasStride, dquery: dquery,
            dkey: dkey, dvalue: dvalue
          ).run(width: headWidth)
          start += 8
        }
        operands.write(
          positions, queries: dquery, keys: dkey, values: dvalue,
          into: tokens == nil ? dqkv + firstRow * qkvStride : dPicked)
        if let tokens {
          addPicked(
            sequencesTogether * positions, 3 * width, tokens + firstRow, dPicked, qkvStride,
            to: dqkv)
        }
        if let dbias { collectBias(biasRows, into: dbias) }
        sequence += sequencesTogether
      }
    }

    /// Writes zeros for the offsets that no key of a residue has.
    private func prepareBias(_ rows: UnsafeMutablePointer<Float>) {
      for residue in 0..<laneCount {
        let row = rows + residue * biasStride
        var place = (max(0, positions - residue) + 3) * headLaneCount
        while place < biasStride {
          row.store(HeadLanes(), place)
          place += headLaneCount
        }
      }
    }

    /// Adds the rows of bias gradients, residue by residue, and those sums sequence by sequence.
    ///
    /// Four offsets of all heads and sequences at once; their sums then stand in the place of residue 0.
    private func collectBias(
      _ rows: UnsafeMutablePointer<Float>, into dbias: UnsafeMutablePointer<Float>
    ) {
      let stride = padded(positions)
      for offset in Swift.stride(from: 0, to: positions, by: 4) {
        let first = rows + (offset + 3) * headLaneCount
        var sums = LaneQuad(first)
        var row = first
        for _ in 1..<laneCount {
          row += biasStride
          sums = sums + LaneQuad(row)
        }
        sums.store(first)
        for sequence in 0..<sequencesTogether {
          let heads = TransposedQuarters(first + sequence * Self.heads, headLaneCount)
          let place = dbias + offset
          let before = UnsafePointer(place)
          place.store(before.quarterLanes() + heads.x0)
          place.store(before.quarterLanes(stride) + heads.x1, stride)
          place.store(before.quarterLanes(2 * stride) + heads.x2, 2 * stride)
          place.store(before.quarterLanes(3 * stride) + heads.x3, 3 * stride)
        }
      }
    }
  }

#endif
