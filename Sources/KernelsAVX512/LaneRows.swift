import KernelInterface

#if KERNELS_AVX512 && arch(x86_64)

  /// The rows of four sequences: one behind the other they are 16 w floats, of whose place the lowest
  /// bits become the highest. A row of eight floats is read in halves of vectors.
  extension LaneRows {
    /// Vectors [positions, w] of the first of three matrices side by side, each times `factor`, and, if
    /// there is a place for them, of the second and the third.
    ///
    /// w log₂ w shuffles a position and matrix: 8 for 64 floats at w = 4.
    func read(
      _ positions: Range<Int>, _ rows: UnsafePointer<Float>,
      into target: UnsafeMutablePointer<Float>, factor: Float = 1,
      others: (UnsafeMutablePointer<Float>, UnsafeMutablePointer<Float>)? = nil
    ) {
      let factor = Lanes(factor)
      var place = 0
      for position in positions {
        let first = rows + offset(0, position)
        let second = rows + offset(1, position)
        let third = rows + offset(2, position)
        let fourth = rows + offset(3, position)
        read(0, first, second, third, fourth, target + place, factor)
        if let others {
          read(4 * width, first, second, third, fourth, others.0 + place, Lanes(1))
          read(8 * width, first, second, third, fourth, others.1 + place, Lanes(1))
        }
        place += width * laneCount
      }
    }

    /// A row of all sequences, from `column` on.
    @inline(__always)
    private func read(
      _ column: Int, _ first: UnsafePointer<Float>, _ second: UnsafePointer<Float>,
      _ third: UnsafePointer<Float>, _ fourth: UnsafePointer<Float>,
      _ target: UnsafeMutablePointer<Float>, _ factor: Lanes
    ) {
      if width == 2 {
        let low = joined(first + column, second + column)
        let high = joined(third + column, fourth + column)
        let (c0, c1) = low.deinterleaved(with: high)
        target.store(c0 * factor)
        target.store(c1 * factor, laneCount)
      } else {
        let (y0, y2) = first.lanes(column).deinterleaved(with: second.lanes(column))
        let (y1, y3) = third.lanes(column).deinterleaved(with: fourth.lanes(column))
        let (c0, c2) = y0.deinterleaved(with: y1)
        let (c1, c3) = y2.deinterleaved(with: y3)
        (LaneQuad(c0, c1, c2, c3) * factor).store(target)
      }
    }

    /// What `read` undoes.
    func write(
      _ positions: Int, _ source: UnsafePointer<Float>, into rows: UnsafeMutablePointer<Float>
    ) {
      let second = rows + sequenceStride
      let third = second + sequenceStride
      let fourth = third + sequenceStride
      for position in 0..<positions {
        let place = position * stride
        let source = source + position * width * laneCount
        if width == 2 {
          let (low, high) = source.lanes().interleaved(with: source.lanes(laneCount))
          rows.store(halved(low, 0), place)
          second.store(halved(low, 1), place)
          third.store(halved(high, 0), place)
          fourth.store(halved(high, 1), place)
        } else {
          let c = LaneQuad(source)
          let (y0, y1) = c.x0.interleaved(with: c.x2)
          let (y2, y3) = c.x1.interleaved(with: c.x3)
          let (x0, x1) = y0.interleaved(with: y2)
          let (x2, x3) = y1.interleaved(with: y3)
          rows.store(x0, place)
          second.store(x1, place)
          third.store(x2, place)
          fourth.store(x3, place)
        }
      }
    }

    /// Rows of gradients by queries, keys and values, 3 · 4 w floats.
    ///
    /// Those of eight floats each are put together, so that each line is written once.
    func write(
      _ positions: Int, queries: UnsafePointer<Float>, keys: UnsafePointer<Float>,
      values: UnsafePointer<Float>, into rows: UnsafeMutablePointer<Float>
    ) {
      guard width == 2 else {
        write(positions, queries, into: rows)
        write(positions, keys, into: rows + 4 * width)
        return write(positions, values, into: rows + 8 * width)
      }
      for position in 0..<positions {
        let place = 2 * laneCount * position
        let q = queries.lanes(place).interleaved(with: queries.lanes(place + laneCount))
        let k = keys.lanes(place).interleaved(with: keys.lanes(place + laneCount))
        let v = values.lanes(place).interleaved(with: values.lanes(place + laneCount))
        let first = rows + position * stride
        let second = first + sequenceStride
        let third = second + sequenceStride
        let fourth = third + sequenceStride
        first.store(joined(q.low, k.low, 0))
        first.store(halved(v.low, 0), laneCount)
        second.store(joined(q.low, k.low, 1))
        second.store(halved(v.low, 1), laneCount)
        third.store(joined(q.high, k.high, 0))
        third.store(halved(v.high, 0), laneCount)
        fourth.store(joined(q.high, k.high, 1))
        fourth.store(halved(v.high, 1), laneCount)
      }
    }
  }

  /// Eight floats from one place and eight from another.
  @_transparent
  private func joined(_ low: UnsafePointer<Float>, _ high: UnsafePointer<Float>) -> Lanes {
    let low = UnsafeRawPointer(low).loadUnaligned(as: SIMD8<Float>.self)
    let high = UnsafeRawPointer(high).loadUnaligned(as: SIMD8<Float>.self)
    return unsafeBitCast(SIMD16(lowHalf: low, highHalf: high), to: Lanes.self)
  }

  /// The same half of two vectors.
  @_transparent
  private func joined(_ x: Lanes, _ y: Lanes, _ half: Int) -> Lanes {
    let x = unsafeBitCast(x, to: SIMD16<Float>.self)
    let y = unsafeBitCast(y, to: SIMD16<Float>.self)
    return unsafeBitCast(
      half == 0
        ? SIMD16(lowHalf: x.lowHalf, highHalf: y.lowHalf)
        : SIMD16(lowHalf: x.highHalf, highHalf: y.highHalf), to: Lanes.self)
  }

  /// One half of a vector, and zeros.
  @_transparent
  private func halved(_ x: Lanes, _ half: Int) -> Lanes { joined(x, Lanes(), half) }

#endif
