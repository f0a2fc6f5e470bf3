import KernelInterface

#if KERNELS_AVX2 && arch(x86_64)

  // Sixteen registers hold tiles of two keys and four queries, or of four queries and two columns;
  // passes that go element by element take sixteen floats at a time, whichever they are.

  /// The forward pass of four queries.
  ///
  /// 2 w + 16 operations a key and query (one more for odd w), 13 of them for the exponential and what
  /// stands around it. The whole forward pass reaches 98, 94 and 85 % of the peak of multiply-adds for
  /// w = 2, 4 and 8, pairs of a query and a future key not counted (`benchmarks elementwise --kernels
  /// attention --head-widths 2 4 8`, T = 64, one core of a 3.2 GHz Zen 3 with AVX2, which adds beside).
  extension LaneBlock {
    @inline(__always)
    func run(known width: Int) {
      let columns = vectorsPerRow(width)
      let row = headLaneCount * columns
      var greatest = LaneQuad(HalfLanes(-.infinity))
      var place = weights
      var keys = key
      // Behind `near` stand the biases of the four queries for the pair's first key.
      var near = bias.map { $0 + start * headLaneCount }
      var j = 0
      while j < start {
        var pair = KeyPair(width, query, keys)
        if let bias = near {
          pair.addBias(bias)
          near = bias - 2 * headLaneCount
        }
        pair.store(place)
        greatest = greatest.greater(pair.k0).greater(pair.k1)
        place += 8 * headLaneCount
        keys += 2 * row
        j += 2
      }
      // On the diagonal, query r sees the keys 0 ... r; of minus infinity the exponential is zero.
      let never = HalfLanes(-.infinity)
      var pair = KeyPair(width, query, keys)
      if let bias = near { pair.addBias(bias) }
      pair.k1.x0 = never
      pair.store(place)
      greatest = greatest.greater(pair.k0).greater(pair.k1)
      pair = KeyPair(width, query, keys + 2 * row)
      if let bias = near { pair.addBias(bias - 2 * headLaneCount) }
      pair.k0.x0 = never
      pair.k0.x1 = never
      pair.k1 = LaneQuad(never, never, never, pair.k1.x3)
      pair.store(place + 8 * headLaneCount)
      greatest = greatest.greater(pair.k0).greater(pair.k1)

      let low = Lanes(greatest.x0, greatest.x1)
      let high = Lanes(greatest.x2, greatest.x3)
      var (lowSum, highSum) = (Lanes(), Lanes())
      place = weights
      for _ in 0..<start / 2 + 2 {
        let scores = FourLanes(place)
        let weight = FourLanes(
          scores.a - low, scores.b - high, scores.c - low, scores.d - high
        ).exponentialOfNegative()
        weight.store(place)
        lowSum = lowSum + weight.a + weight.c
        highSum = highSum + weight.b + weight.d
        place += 8 * headLaneCount
      }

      lowSum = Lanes(1) / lowSum
      highSum = Lanes(1) / highSum
      let inverse = LaneQuad(
        lowSum.lowHalf, lowSum.highHalf, highSum.lowHalf, highSum.highHalf)
      for column in stride(from: 0, to: columns, by: 2) {
        place = weights
        var values = value + column * headLaneCount
        var (o0, o1) = (LaneQuad(), LaneQuad())
        for _ in 0..<start + 4 {
          var weight = LaneQuad(place)
          if column == 0 {
            weight = weight * inverse
            weight.store(place)
          }
          o0.add(values.headLanes(), times: weight)
          o1.add(values.headLanes(headLaneCount), times: weight)
          place += 4 * headLaneCount
          values += row
        }
        o0.store(results + column * headLaneCount, row)
        o1.store(results + (column + 1) * headLaneCount, row)
      }
    }
  }

  /// `Σ_c rows[r, c] keys[k, c]` of four rows and two keys: a quad of rows for each key.
  struct KeyPair {
    var k0 = LaneQuad()
    var k1 = LaneQuad()

    @_transparent
    init(_ width: Int, _ rows: UnsafePointer<Float>, _ keys: UnsafePointer<Float>) {
      let row = headLaneCount * vectorsPerRow(width)
      for c in 0..<width {
        let r = LaneQuad(rows + c * headLaneCount, row)
        k0.add(keys.headLanes(c * headLaneCount), times: r)
        k1.add(keys.headLanes(c * headLaneCount + row), times: r)
      }
    }

    @_transparent
    mutating func addBias(_ bias: UnsafePointer<Float>) {
      k0 = k0 + LaneQuad(bias)
      k1 = k1 + LaneQuad(bias - headLaneCount)
    }

    @_transparent
    func store(_ place: UnsafeMutablePointer<Float>) {
      k0.store(place)
      k1.store(place + 4 * headLaneCount)
    }
  }

#endif
