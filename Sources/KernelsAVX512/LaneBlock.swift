import KernelInterface

#if KERNELS_AVX512 && arch(x86_64)

  /// The forward pass of four queries.
  ///
  /// 2 w + 16 operations a key and query (one more for odd w), 13 of them for the exponential and what
  /// stands around it. The whole forward pass reaches 111, 91 and 110 % of the peak of multiply-adds
  /// for w = 2, 3 and 4, and 85, 79 and 77 % for w = 5, 6 and 7, pairs of a query and a future key not
  /// counted (`benchmarks elementwise --kernels attention --head-widths 2 3 4 5 6 7`, T = 64, one core
  /// of a Zen 5 with AVX-512, which adds beside).
  extension LaneBlock {
    @inline(__always)
    func run(known width: Int) {
      let columns = vectorsPerRow(width)
      let row = laneCount * columns
      var greatest = LaneQuad(Lanes(-.infinity))
      var place = weights
      var keys = key
      // Behind `near` stand the biases of the four queries for the tile's first key.
      var near = bias.map { $0 + start * laneCount }
      var j = 0
      while j < start {
        var tile = scoreTile(width, query, keys)
        if let bias = near {
          tile.addBias(bias)
          near = bias - 4 * laneCount
        }
        tile.store(place)
        greatest = greatest.greater(tile.k0).greater(tile.k1).greater(tile.k2).greater(tile.k3)
        place += 16 * laneCount
        keys += 4 * row
        j += 4
      }
      // On the diagonal, query r sees the keys 0 ... r.
      let diagonal = place
      var tile = scoreTile(width, query, keys)
      if let bias = near { tile.addBias(bias) }
      greatest = greatest.greater(tile.k0)
      greatest.x1 = greatest.x1.greater(tile.k1.x1)
      greatest.x2 = greatest.x2.greater(tile.k1.x2).greater(tile.k2.x2)
      greatest.x3 = greatest.x3.greater(tile.k1.x3).greater(tile.k2.x3).greater(tile.k3.x3)

      var sum = LaneQuad()
      place = weights
      while place < diagonal {
        let weight = (LaneQuad(place) - greatest).exponentialOfNegative()
        weight.store(place)
        sum = sum + weight
        place += 4 * laneCount
      }
      let first = (tile.k0 - greatest).exponentialOfNegative()
      let second = (
        (tile.k1.x1 - greatest.x1).exponentialOfNegative(),
        (tile.k1.x2 - greatest.x2).exponentialOfNegative(),
        (tile.k1.x3 - greatest.x3).exponentialOfNegative()
      )
      let third = (
        (tile.k2.x2 - greatest.x2).exponentialOfNegative(),
        (tile.k2.x3 - greatest.x3).exponentialOfNegative()
      )
      let fourth = (tile.k3.x3 - greatest.x3).exponentialOfNegative()
      sum = sum + first
      sum.x1 = sum.x1 + second.0
      sum.x2 = sum.x2 + second.1 + third.0
      sum.x3 = sum.x3 + second.2 + third.1 + fourth
      first.store(diagonal)
      LaneQuad(Lanes(), second.0, second.1, second.2).store(diagonal + 4 * laneCount)
      LaneQuad(Lanes(), Lanes(), third.0, third.1).store(diagonal + 8 * laneCount)
      LaneQuad(Lanes(), Lanes(), Lanes(), fourth).store(diagonal + 12 * laneCount)

      let one = Lanes(1)
      let inverse = LaneQuad(one / sum.x0, one / sum.x1, one / sum.x2, one / sum.x3)
      output(row, 0, columns, inverse)
      if columns > 4 { output(row, 4, columns - 4, nil) }
    }

    /// Two or four columns of the output, the first ones with weights that are still to be divided by
    /// their sums.
    @_transparent
    private func output(_ row: Int, _ column: Int, _ columns: Int, _ inverse: LaneQuad?) {
      var place = weights
      var values = value + column * laneCount
      let results = results + column * laneCount
      var (o0, o1, o2, o3) = (LaneQuad(), LaneQuad(), LaneQuad(), LaneQuad())
      for _ in 0..<start + 4 {
        var weight = LaneQuad(place)
        if let inverse {
          weight = weight * inverse
          weight.store(place)
        }
        o0.add(values.lanes(), times: weight)
        o1.add(values.lanes(laneCount), times: weight)
        if columns > 2 {
          o2.add(values.lanes(2 * laneCount), times: weight)
          o3.add(values.lanes(3 * laneCount), times: weight)
        }
        place += 4 * laneCount
        values += row
      }
      o0.store(results, row)
      o1.store(results + laneCount, row)
      if columns > 2 {
        o2.store(results + 2 * laneCount, row)
        o3.store(results + 3 * laneCount, row)
      }
    }
  }

  /// The scores of four queries and four keys: a quad of queries for each key.
  struct ScoreTile {
    var k0 = LaneQuad()
    var k1 = LaneQuad()
    var k2 = LaneQuad()
    var k3 = LaneQuad()

    @_transparent
    mutating func addBias(_ bias: UnsafePointer<Float>) {
      k0 = k0 + LaneQuad(bias)
      k1 = k1 + LaneQuad(bias - laneCount)
      k2 = k2 + LaneQuad(bias - 2 * laneCount)
      k3 = k3 + LaneQuad(bias - 3 * laneCount)
    }

    @_transparent
    func store(_ place: UnsafeMutablePointer<Float>) {
      k0.store(place)
      k1.store(place + 4 * laneCount)
      k2.store(place + 8 * laneCount)
      k3.store(place + 12 * laneCount)
    }
  }

  /// `Σ_c rows[r, c] keys[k, c]` of four rows and four keys.
  @_transparent
  func scoreTile(
    _ width: Int, _ rows: UnsafePointer<Float>, _ keys: UnsafePointer<Float>
  ) -> ScoreTile {
    let row = laneCount * vectorsPerRow(width)
    var tile = ScoreTile()
    var (rows, keys) = (rows, keys)
    for _ in 0..<width {
      let r = LaneQuad(rows, row)
      tile.k0.add(keys.lanes(), times: r)
      tile.k1.add(keys.lanes(row), times: r)
      tile.k2.add(keys.lanes(2 * row), times: r)
      tile.k3.add(keys.lanes(3 * row), times: r)
      rows += laneCount
      keys += laneCount
    }
    return tile
  }

#endif
