import KernelInterface

#if KERNELS_AVX512 && arch(x86_64)

  /// The rows of four sequences: one behind the other they are 16 w floats, of whose place the lowest
  /// bits become the highest. A row of eight floats is read in halves of vectors, and one whose length
  /// is no power of two in quarters: four columns of a sequence's heads.
  extension LaneRows {
    /// Vectors [positions, w] of the first of three matrices side by side, each times `factor`, and, if
    /// there is a place for them, of the second and the third.
    ///
    /// A position and matrix takes w log₂ w shuffles at w = 2 and 4 (8 for 64 floats), else 8 a sequence
    /// for each four columns, and those that join the sequences.
    func read(
      _ positions: Range<Int>, _ rows: UnsafePointer<Float>,
      into target: UnsafeMutablePointer<Float>, factor: Float = 1,
      others: (UnsafeMutablePointer<Float>, UnsafeMutablePointer<Float>)? = nil
    ) {
      switch width {
      case 2: read(positions, known: 2, rows, target, factor, others)
      case 3: read(positions, known: 3, rows, target, factor, others)
      case 4: read(positions, known: 4, rows, target, factor, others)
      case 5: read(positions, known: 5, rows, target, factor, others)
      case 6: read(positions, known: 6, rows, target, factor, others)
      default: read(positions, known: 7, rows, target, factor, others)
      }
    }

    @inline(__always)
    private func read(
      _ positions: Range<Int>, known width: Int, _ rows: UnsafePointer<Float>,
      _ target: UnsafeMutablePointer<Float>, _ factor: Float,
      _ others: (UnsafeMutablePointer<Float>, UnsafeMutablePointer<Float>)?
    ) {
      let factor = Lanes(factor)
      var place = 0
      for position in positions {
        let first = rows + offset(0, position)
        let second = rows + offset(1, position)
        let third = rows + offset(2, position)
        let fourth = rows + offset(3, position)
        read(known: width, 0, first, second, third, fourth, target + place, factor)
        if let others {
          let one = Lanes(1)
          read(known: width, 4 * width, first, second, third, fourth, others.0 + place, one)
          read(known: width, 8 * width, first, second, third, fourth, others.1 + place, one)
        }
        place += vectorsPerRow(width) * laneCount
      }
    }

    /// A row of all sequences, from `column` on.
    @inline(__always)
    private func read(
      known width: Int, _ column: Int, _ first: UnsafePointer<Float>,
      _ second: UnsafePointer<Float>, _ third: UnsafePointer<Float>,
      _ fourth: UnsafePointer<Float>, _ target: UnsafeMutablePointer<Float>, _ factor: Lanes
    ) {
      if width == 2 {
        let low = joined(first + column, second + column)
        let high = joined(third + column, fourth + column)
        let (c0, c1) = low.deinterleaved(with: high)
        target.store(c0 * factor)
        target.store(c1 * factor, laneCount)
      } else if width == 4 {
        let (y0, y2) = first.lanes(column).deinterleaved(with: second.lanes(column))
        let (y1, y3) = third.lanes(column).deinterleaved(with: fourth.lanes(column))
        let (c0, c2) = y0.deinterleaved(with: y1)
        let (c1, c3) = y2.deinterleaved(with: y3)
        (LaneQuad(c0, c1, c2, c3) * factor).store(target)
      } else {
        read4(0, width, column, first, second, third, fourth, target, factor)
        // Columns that are no multiple of four are read twice, or with the next head's first.
        if width > 4 {
          read4(width - 4, width, column, first, second, third, fourth, target, factor)
        }
        if width % 2 != 0 { target.store(Lanes(), width * laneCount) }
      }
    }

    /// Four columns of all heads, from `inner` on.
    @_transparent
    private func read4(
      _ inner: Int, _ width: Int, _ column: Int, _ first: UnsafePointer<Float>,
      _ second: UnsafePointer<Float>, _ third: UnsafePointer<Float>,
      _ fourth: UnsafePointer<Float>, _ target: UnsafeMutablePointer<Float>, _ factor: Lanes
    ) {
      let a = TransposedQuarters(first + (column + inner), width)
      let b = TransposedQuarters(second + (column + inner), width)
      let c = TransposedQuarters(third + (column + inner), width)
      let d = TransposedQuarters(fourth + (column + inner), width)
      let target = target + inner * laneCount
      target.store(Lanes(a.x0, b.x0, c.x0, d.x0) * factor)
      target.store(Lanes(a.x1, b.x1, c.x1, d.x1) * factor, laneCount)
      target.store(Lanes(a.x2, b.x2, c.x2, d.x2) * factor, 2 * laneCount)
      if width > 3 { target.store(Lanes(a.x3, b.x3, c.x3, d.x3) * factor, 3 * laneCount) }
    }

    /// What `read` undoes.
    func write(
      _ positions: Int, _ source: UnsafePointer<Float>, into rows: UnsafeMutablePointer<Float>
    ) {
      switch width {
      case 2: write(positions, known: 2, source, rows)
      case 3: write(positions, known: 3, source, rows)
      case 4: write(positions, known: 4, source, rows)
      case 5: write(positions, known: 5, source, rows)
      case 6: write(positions, known: 6, source, rows)
      default: write(positions, known: 7, source, rows)
      }
    }

    @inline(__always)
    private func write(
      _ positions: Int, known width: Int, _ source: UnsafePointer<Float>,
      _ rows: UnsafeMutablePointer<Float>
    ) {
      let second = rows + sequenceStride
      let third = second + sequenceStride
      let fourth = third + sequenceStride
      for position in 0..<positions {
        let place = position * stride
        let source = source + position * vectorsPerRow(width) * laneCount
        if width == 2 {
          let (low, high) = source.lanes().interleaved(with: source.lanes(laneCount))
          rows.store(halved(low, 0), place)
          second.store(halved(low, 1), place)
          third.store(halved(high, 0), place)
          fourth.store(halved(high, 1), place)
        } else if width != 4 {
          writeQuarters(known: width, source, rows + place)
          writeQuarters(known: width, source + 4, second + place)
          writeQuarters(known: width, source + 8, third + place)
          writeQuarters(known: width, source + 12, fourth + place)
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
