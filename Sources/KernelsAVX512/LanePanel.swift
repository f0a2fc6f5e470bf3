import KernelInterface

#if KERNELS_AVX512 && arch(x86_64)

  /// The backward pass of eight queries, or of the last four.
  ///
  /// 4 w + 5 operations a key and query (three more for odd w). The whole backward pass reaches 42, 37
  /// and 53 % of the peak of multiply-adds for w = 2, 3 and 4, and 41 % for w = 5, 6 and 7, since dP and
  /// sums leave the nearest cache (`benchmarks elementwise --kernels attentionBackward --head-widths
  /// 2 3 4 5 6 7`, T = 64, one core of a Zen 5 with AVX-512).
  extension LanePanel {
    /// scale dS of four keys of each block.
    @_transparent
    private var scaled: UnsafeMutablePointer<Float> { gradients + 2 * gradientsStride }

    @inline(__always)
    func run(known width: Int) {
      let columns = vectorsPerRow(width)
      let row = laneCount * columns
      // What is first added to here begins at zero.
      let begun = start * row
      for i in 0..<4 * blocks * columns {
        dquery.store(Lanes(), begun + i * laneCount)
        dkey.store(Lanes(), begun + i * laneCount)
        dvalue.store(Lanes(), begun + i * laneCount)
      }
      let tiles = start / 4 + 1
      var (sum, second) = (LaneQuad(), LaneQuad())
      for tile in 0..<tiles {
        pull(width, tile, value, doutput, weights, gradients, &sum)
        if blocks > 1 {
          pull(
            width, tile, value, doutput + 4 * row, secondWeights, gradients + gradientsStride,
            &second)
        }
      }
      if blocks > 1 {
        pull(
          width, tiles, value, doutput + 4 * row, secondWeights, gradients + gradientsStride,
          &second)
      }
      let factor = Lanes(scale)
      for tile in 0..<tiles {
        push(columns, tile, 0, weights, sum, factor)
        if blocks > 1 { push(columns, tile, 1, secondWeights, second, factor) }
        add(columns, tile, first: 0)
      }
      if blocks > 1 {
        push(columns, tiles, 1, secondWeights, second, factor)
        add(columns, tiles, first: 1)
      }
    }

    /// dP of four keys, and what they add to D.
    @_transparent
    private func pull(
      _ width: Int, _ tile: Int, _ value: UnsafePointer<Float>,
      _ doutput: UnsafePointer<Float>, _ weights: UnsafePointer<Float>,
      _ gradients: UnsafeMutablePointer<Float>, _ sum: inout LaneQuad
    ) {
      let scores = scoreTile(
        width, doutput, value + 4 * laneCount * vectorsPerRow(width) * tile)
      scores.store(gradients + 16 * laneCount * tile)
      let weight = weights + 16 * laneCount * tile
      sum.add(LaneQuad(weight), times: scores.k0)
      sum.add(LaneQuad(weight + 4 * laneCount), times: scores.k1)
      sum.add(LaneQuad(weight + 8 * laneCount), times: scores.k2)
      sum.add(LaneQuad(weight + 12 * laneCount), times: scores.k3)
    }

    /// dS of four keys and a block of queries, and what they add to dQ and to the biases.
    @_transparent
    private func push(
      _ columns: Int, _ tile: Int, _ block: Int, _ weights: UnsafePointer<Float>, _ sum: LaneQuad,
      _ factor: Lanes
    ) {
      let row = laneCount * columns
      let weight = weights + 16 * laneCount * tile
      let place = gradients + (block * gradientsStride + 16 * laneCount * tile)
      let scaled = scaled + 16 * laneCount * block
      let dquery = dquery + (start + 4 * block) * row
      let key = key + 4 * row * tile
      var sums = QueryTile(dquery, row, columns)
      for k in 0..<4 {
        let i = 4 * laneCount * k
        let gradient = LaneQuad(weight + i) * (LaneQuad(place + i) - sum)
        if let biasRows {
          addBias(gradient, biasRows, biasStride, start + 4 * block, 4 * tile + k)
        }
        let product = gradient * factor
        product.store(scaled + i)
        sums.add(key + k * row, times: product, columns)
      }
      sums.store(dquery, row, columns)
      if columns > 4 {
        let dquery = dquery + 4 * laneCount
        sums = QueryTile(dquery, row, columns - 4)
        for k in 0..<4 {
          sums.add(
            key + (k * row + 4 * laneCount), times: LaneQuad(scaled + 4 * laneCount * k),
            columns - 4)
        }
        sums.store(dquery, row, columns - 4)
      }
    }

    /// What the queries of the blocks from `first` on add to dK and dV of four keys.
    @_transparent
    private func add(_ columns: Int, _ tile: Int, first: Int) {
      add(laneCount * columns, 0, columns, tile, first)
      if columns > 4 { add(laneCount * columns, 4, columns - 4, tile, first) }
    }

    @_transparent
    private func add(_ row: Int, _ column: Int, _ columns: Int, _ tile: Int, _ first: Int) {
      let keys = 4 * row * tile + column * laneCount
      let weight = 16 * laneCount * tile
      let query = query + column * laneCount
      let doutput = doutput + column * laneCount
      var sums = KeyTile(dkey + keys, row, columns)
      for block in first..<blocks {
        sums.add(scaled + 16 * laneCount * block, query + 4 * block * row, row, columns)
      }
      sums.store(dkey + keys, row, columns)
      sums = KeyTile(dvalue + keys, row, columns)
      if first == 0 { sums.add(weights + weight, doutput, row, columns) }
      if blocks > 1 { sums.add(secondWeights + weight, doutput + 4 * row, row, columns) }
      sums.store(dvalue + keys, row, columns)
    }
  }

  /// Two columns, or at least four of which it takes four, of four queries: a quad of queries for each
  /// column.
  private struct QueryTile {
    var c0: LaneQuad
    var c1: LaneQuad
    var c2 = LaneQuad()
    var c3 = LaneQuad()

    @_transparent
    init(_ sums: UnsafePointer<Float>, _ row: Int, _ columns: Int) {
      c0 = LaneQuad(sums, row)
      c1 = LaneQuad(sums + laneCount, row)
      if columns > 2 {
        c2 = LaneQuad(sums + 2 * laneCount, row)
        c3 = LaneQuad(sums + 3 * laneCount, row)
      }
    }

    @_transparent
    func store(_ sums: UnsafeMutablePointer<Float>, _ row: Int, _ columns: Int) {
      c0.store(sums, row)
      c1.store(sums + laneCount, row)
      if columns > 2 {
        c2.store(sums + 2 * laneCount, row)
        c3.store(sums + 3 * laneCount, row)
      }
    }

    @_transparent
    mutating func add(_ key: UnsafePointer<Float>, times gradient: LaneQuad, _ columns: Int) {
      c0.add(key.lanes(), times: gradient)
      c1.add(key.lanes(laneCount), times: gradient)
      if columns > 2 {
        c2.add(key.lanes(2 * laneCount), times: gradient)
        c3.add(key.lanes(3 * laneCount), times: gradient)
      }
    }
  }

  /// Two columns, or at least four of which it takes four, of four keys: a quad of columns for each key.
  private struct KeyTile {
    var k0: LaneQuad
    var k1: LaneQuad
    var k2: LaneQuad
    var k3: LaneQuad

    @_transparent
    init(_ sums: UnsafePointer<Float>, _ row: Int, _ columns: Int) {
      if columns == 2 {
        k0 = LaneQuad(sums.lanes(), sums.lanes(laneCount), Lanes(), Lanes())
        k1 = LaneQuad(sums.lanes(row), sums.lanes(row + laneCount), Lanes(), Lanes())
        k2 = LaneQuad(sums.lanes(2 * row), sums.lanes(2 * row + laneCount), Lanes(), Lanes())
        k3 = LaneQuad(sums.lanes(3 * row), sums.lanes(3 * row + laneCount), Lanes(), Lanes())
      } else {
        k0 = LaneQuad(sums)
        k1 = LaneQuad(sums + row)
        k2 = LaneQuad(sums + 2 * row)
        k3 = LaneQuad(sums + 3 * row)
      }
    }

    @_transparent
    func store(_ sums: UnsafeMutablePointer<Float>, _ row: Int, _ columns: Int) {
      if columns == 2 {
        sums.store(k0.x0)
        sums.store(k0.x1, laneCount)
        sums.store(k1.x0, row)
        sums.store(k1.x1, row + laneCount)
        sums.store(k2.x0, 2 * row)
        sums.store(k2.x1, 2 * row + laneCount)
        sums.store(k3.x0, 3 * row)
        sums.store(k3.x1, 3 * row + laneCount)
      } else {
        k0.store(sums)
        k1.store(sums + row)
        k2.store(sums + 2 * row)
        k3.store(sums + 3 * row)
      }
    }

    /// `self[j] += Σ_r values[j, r] rows[r]` over four queries r.
    @_transparent
    mutating func add(
      _ values: UnsafePointer<Float>, _ rows: UnsafePointer<Float>, _ row: Int, _ columns: Int
    ) {
      for r in 0..<4 {
        let values = values + r * laneCount
        let source = rows + r * row
        if columns == 2 {
          let (a, b) = (source.lanes(), source.lanes(laneCount))
          k0.x0 = values.lanes().times(a, plus: k0.x0)
          k0.x1 = values.lanes().times(b, plus: k0.x1)
          k1.x0 = values.lanes(4 * laneCount).times(a, plus: k1.x0)
          k1.x1 = values.lanes(4 * laneCount).times(b, plus: k1.x1)
          k2.x0 = values.lanes(8 * laneCount).times(a, plus: k2.x0)
          k2.x1 = values.lanes(8 * laneCount).times(b, plus: k2.x1)
          k3.x0 = values.lanes(12 * laneCount).times(a, plus: k3.x0)
          k3.x1 = values.lanes(12 * laneCount).times(b, plus: k3.x1)
        } else {
          let x = LaneQuad(source)
          k0.add(values.lanes(), times: x)
          k1.add(values.lanes(4 * laneCount), times: x)
          k2.add(values.lanes(8 * laneCount), times: x)
          k3.add(values.lanes(12 * laneCount), times: x)
        }
      }
    }
  }

  @_transparent
  private func addBias(
    _ gradient: LaneQuad, _ rows: UnsafeMutablePointer<Float>, _ stride: Int, _ start: Int,
    _ key: Int
  ) {
    let place = rows + ((key & 15) * stride + (start - key + 3) * laneCount)
    if key < laneCount {
      gradient.store(place)
    } else {
      (LaneQuad(place) + gradient).store(place)
    }
  }

#endif
