import KernelInterface

#if KERNELS_AVX2 && arch(x86_64)

  /// The backward pass of eight queries, or of the last four, for registers of eight floats.
  ///
  /// 4 w + 5 operations a key and query (three more for odd w). The whole backward pass reaches 48, 51
  /// and 55 % of the peak of multiply-adds for w = 2, 4 and 8, pairs of a query and a future key not
  /// counted (`benchmarks elementwise --kernels attentionBackward --head-widths 2 4 8`, T = 64, one core
  /// of a 3.2 GHz Zen 3 with AVX2): sums go through memory once for each eight queries, and dP and dS
  /// once each.
  /// dS, times the scale, stands where dP stood.
  extension LanePanel {
    @inline(__always)
    func run(known width: Int) {
      let columns = vectorsPerRow(width)
      let row = headLaneCount * columns
      let second = secondWeights
      // What is first added to here begins at zero.
      for i in 0..<4 * blocks * columns {
        dkey.store(HalfLanes(), start * row + i * headLaneCount)
        dvalue.store(HalfLanes(), start * row + i * headLaneCount)
      }
      for block in 0..<blocks {
        slopes(width, row, block, block == 0 ? weights : second)
        queryGradients(columns, row, block)
      }
      let tiles = start / 4 + blocks
      for tile in 0..<tiles {
        let first = tile * 4 > start ? 1 : 0
        let place = 16 * headLaneCount * tile
        for column in stride(from: 0, to: columns, by: 2) {
          let keys = 4 * row * tile + column * headLaneCount
          var sums = KeyTile(dkey + keys, row)
          for block in first..<blocks {
            sums.add(
              gradients + (block * gradientsStride + place),
              query + (4 * block * row + column * headLaneCount), row)
          }
          sums.store(dkey + keys, row)
          sums = KeyTile(dvalue + keys, row)
          for block in first..<blocks {
            sums.add(
              (block == 0 ? weights : second) + place,
              doutput + (4 * block * row + column * headLaneCount), row)
          }
          sums.store(dvalue + keys, row)
        }
      }
    }

    /// scale dS of a block of queries, and what it adds to the biases.
    @_transparent
    private func slopes(
      _ width: Int, _ row: Int, _ block: Int, _ weights: UnsafePointer<Float>
    ) {
      let doutput = doutput + 4 * block * row
      let gradients = gradients + block * gradientsStride
      let keys = start + 4 * (block + 1)
      var sum = LaneQuad()
      var place = 0
      for pair in 0..<keys / 2 {
        let slopes = KeyPair(width, doutput, value + 2 * pair * row)
        slopes.store(gradients + place)
        sum.add(LaneQuad(weights + place), times: slopes.k0)
        sum.add(LaneQuad(weights + (place + 4 * headLaneCount)), times: slopes.k1)
        place += 8 * headLaneCount
      }
      let biases = biasRows.map { $0 + (start + 4 * block + 3) * headLaneCount }
      for first in Swift.stride(from: 0, to: keys, by: laneCount) {
        let last = min(keys, first + laneCount)
        if let biases {
          var row = biases - first * headLaneCount
          for j in first..<last {
            let gradient = scoreGradient(j, weights, sum, gradients)
            (first == 0 ? gradient : LaneQuad(row) + gradient).store(row)
            row += biasStride - headLaneCount
          }
        } else {
          for j in first..<last { _ = scoreGradient(j, weights, sum, gradients) }
        }
      }
    }

    /// dS of a key and a block of queries, which is left times the scale in place of dP.
    @_transparent
    private func scoreGradient(
      _ key: Int, _ weights: UnsafePointer<Float>, _ sum: LaneQuad,
      _ gradients: UnsafeMutablePointer<Float>
    ) -> LaneQuad {
      let place = 4 * headLaneCount * key
      let gradient = LaneQuad(weights + place) * (LaneQuad(gradients + place) - sum)
      (gradient * HalfLanes(scale)).store(gradients + place)
      return gradient
    }

    /// dQ of a block of queries.
    @_transparent
    private func queryGradients(_ columns: Int, _ row: Int, _ block: Int) {
      let dquery = dquery + (start + 4 * block) * row
      for column in stride(from: 0, to: columns, by: 2) {
        var place = UnsafePointer(gradients + block * gradientsStride)
        var keys = key + column * headLaneCount
        var (q0, q1) = (LaneQuad(), LaneQuad())
        for _ in 0..<start + 4 * (block + 1) {
          let gradient = LaneQuad(place)
          q0.add(keys.headLanes(), times: gradient)
          q1.add(keys.headLanes(headLaneCount), times: gradient)
          place += 4 * headLaneCount
          keys += row
        }
        q0.store(dquery + column * headLaneCount, row)
        q1.store(dquery + (column + 1) * headLaneCount, row)
      }
    }
  }

  /// Two columns of four keys: a quad of keys for each column.
  private struct KeyTile {
    var c0: LaneQuad
    var c1: LaneQuad

    @_transparent
    init(_ sums: UnsafePointer<Float>, _ row: Int) {
      c0 = LaneQuad(sums, row)
      c1 = LaneQuad(sums + headLaneCount, row)
    }

    @_transparent
    func store(_ sums: UnsafeMutablePointer<Float>, _ row: Int) {
      c0.store(sums, row)
      c1.store(sums + headLaneCount, row)
    }

    /// `self[j] += Σ_r values[j, r] rows[r]` over four queries r.
    @_transparent
    mutating func add(
      _ values: UnsafePointer<Float>, _ rows: UnsafePointer<Float>, _ row: Int
    ) {
      for r in 0..<4 {
        let value = LaneQuad(values + r * headLaneCount, 4 * headLaneCount)
        c0.add(rows.headLanes(r * row), times: value)
        c1.add(rows.headLanes(r * row + headLaneCount), times: value)
      }
    }
  }

#endif
