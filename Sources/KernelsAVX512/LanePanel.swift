import KernelInterface

#if KERNELS_AVX512 && arch(x86_64)

  /// The backward pass of eight queries, or of the last four.
  ///
  /// 4 w + 5 operations a key and query on the two ports of multiply-adds. The whole backward pass
  /// reaches 31 % of that limit for w = 4, and 24 % of the bandwidth for w = 2, since dP and sums leave
  /// the nearest cache (`benchmarks elementwise --kernels attentionBackward --head-widths 2 4`,
  /// T = 64, one core of a 2.5 GHz Cascade Lake with AVX-512).
  extension LanePanel {
    /// scale dS of four keys of each block.
    @_transparent
    private var scaled: UnsafeMutablePointer<Float> { gradients + 2 * gradientsStride }

    @inline(__always)
    func run(known width: Int) {
      let row = laneCount * width
      // What is first added to here begins at zero.
      let begun = start * row
      for i in 0..<4 * blocks * width {
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
        push(width, tile, 0, weights, sum, factor)
        if blocks > 1 { push(width, tile, 1, secondWeights, second, factor) }
        add(width, tile, first: 0)
      }
      if blocks > 1 {
        push(width, tiles, 1, secondWeights, second, factor)
        add(width, tiles, first: 1)
      }
    }

    /// dP of four keys, and what they add to D.
    @_transparent
    private func pull(
      _ width: Int, _ tile: Int, _ value: UnsafePointer<Float>,
      _ doutput: UnsafePointer<Float>, _ weights: UnsafePointer<Float>,
      _ gradients: UnsafeMutablePointer<Float>, _ sum: inout LaneQuad
    ) {
      let scores = scoreTile(width, doutput, value + 4 * laneCount * width * tile)
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
      _ width: Int, _ tile: Int, _ block: Int, _ weights: UnsafePointer<Float>, _ sum: LaneQuad,
      _ factor: Lanes
    ) {
      let row = laneCount * width
      let weight = weights + 16 * laneCount * tile
      let place = gradients + (block * gradientsStride + 16 * laneCount * tile)
      let scaled = scaled + 16 * laneCount * block
      let dquery = dquery + (start + 4 * block) * row
      var key = key + 4 * row * tile
      var (q0, q1) = (LaneQuad(dquery, row), LaneQuad(dquery + laneCount, row))
      var (q2, q3) = (LaneQuad(), LaneQuad())
      if width == 4 {
        q2 = LaneQuad(dquery + 2 * laneCount, row)
        q3 = LaneQuad(dquery + 3 * laneCount, row)
      }
      for k in 0..<4 {
        let i = 4 * laneCount * k
        let gradient = LaneQuad(weight + i) * (LaneQuad(place + i) - sum)
        if let biasRows {
          addBias(gradient, biasRows, biasStride, start + 4 * block, 4 * tile + k)
        }
        let product = gradient * factor
        product.store(scaled + i)
        q0.add(key.lanes(), times: product)
        q1.add(key.lanes(laneCount), times: product)
        if width == 4 {
          q2.add(key.lanes(2 * laneCount), times: product)
          q3.add(key.lanes(3 * laneCount), times: product)
        }
        key += row
      }
      q0.store(dquery, row)
      q1.store(dquery + laneCount, row)
      if width == 4 {
        q2.store(dquery + 2 * laneCount, row)
        q3.store(dquery + 3 * laneCount, row)
      }
    }

    /// What the queries of the blocks from `first` on add to dK and dV of four keys.
    @_transparent
    private func add(_ width: Int, _ tile: Int, first: Int) {
      let row = laneCount * width
      let keys = 4 * row * tile
      let weight = 16 * laneCount * tile
      var sums = KeyTile(dkey + keys, width)
      for block in first..<blocks {
        sums.add(scaled + 16 * laneCount * block, query + 4 * block * row, width)
      }
      sums.store(dkey + keys, width)
      sums = KeyTile(dvalue + keys, width)
      if first == 0 { sums.add(weights + weight, doutput, width) }
      if blocks > 1 { sums.add(secondWeights + weight, doutput + 4 * row, width) }
      sums.store(dvalue + keys, width)
    }
  }

  /// Two or four columns of four keys: a quad of columns for each key.
  private struct KeyTile {
    var k0: LaneQuad
    var k1: LaneQuad
    var k2: LaneQuad
    var k3: LaneQuad

    @_transparent
    init(_ sums: UnsafePointer<Float>, _ width: Int) {
      let row = laneCount * width
      if width == 2 {
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
    func store(_ sums: UnsafeMutablePointer<Float>, _ width: Int) {
      let row = laneCount * width
      if width == 2 {
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
      _ values: UnsafePointer<Float>, _ rows: UnsafePointer<Float>, _ width: Int
    ) {
      let row = laneCount * width
      for r in 0..<4 {
        let values = values + r * laneCount
        let source = rows + r * row
        if width == 2 {
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
