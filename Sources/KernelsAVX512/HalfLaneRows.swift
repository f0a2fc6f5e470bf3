import KernelInterface

#if KERNELS_AVX2 && arch(x86_64)

  /// The rows of two sequences, in quarters of lane groups: the heads of one sequence.
  extension LaneRows {
    /// Vectors [positions, w] of the first of three matrices side by side, each times `factor`, and, if
    /// there is a place for them, of the second and the third.
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
      case 7: read(positions, known: 7, rows, target, factor, others)
      default: read(positions, known: 8, rows, target, factor, others)
      }
    }

    @inline(__always)
    private func read(
      _ positions: Range<Int>, known width: Int, _ rows: UnsafePointer<Float>,
      _ target: UnsafeMutablePointer<Float>, _ factor: Float,
      _ others: (UnsafeMutablePointer<Float>, UnsafeMutablePointer<Float>)?
    ) {
      let factor = HalfLanes(factor)
      var place = 0
      for position in positions {
        let first = rows + offset(0, position)
        let second = rows + offset(1, position)
        read(known: width, first, second, target + place, factor)
        if let others {
          let one = HalfLanes(1)
          read(known: width, first + 4 * width, second + 4 * width, others.0 + place, one)
          read(known: width, first + 8 * width, second + 8 * width, others.1 + place, one)
        }
        place += vectorsPerRow(width) * headLaneCount
      }
    }

    /// A row of both sequences.
    @inline(__always)
    private func read(
      known width: Int, _ first: UnsafePointer<Float>, _ second: UnsafePointer<Float>,
      _ target: UnsafeMutablePointer<Float>, _ factor: HalfLanes
    ) {
      if width == 2 {
        let a = first.quarterLanes().deinterleaved(with: first.quarterLanes(4))
        let b = second.quarterLanes().deinterleaved(with: second.quarterLanes(4))
        target.store(HalfLanes(a.even, b.even) * factor)
        target.store(HalfLanes(a.odd, b.odd) * factor, headLaneCount)
        return
      }
      read4(0, width, first, second, factor, target)
      // Columns that are no multiple of four are read twice, or with the next head's first.
      if width > 4 { read4(width - 4, width, first, second, factor, target) }
      if width % 2 != 0 { target.store(HalfLanes(), width * headLaneCount) }
    }

    /// Four columns of all heads of both sequences, from `column` on.
    @_transparent
    private func read4(
      _ column: Int, _ width: Int, _ first: UnsafePointer<Float>, _ second: UnsafePointer<Float>,
      _ factor: HalfLanes, _ target: UnsafeMutablePointer<Float>
    ) {
      let a = TransposedQuarters(first + column, width)
      let b = TransposedQuarters(second + column, width)
      let target = target + column * headLaneCount
      target.store(HalfLanes(a.x0, b.x0) * factor)
      target.store(HalfLanes(a.x1, b.x1) * factor, headLaneCount)
      target.store(HalfLanes(a.x2, b.x2) * factor, 2 * headLaneCount)
      if width > 3 { target.store(HalfLanes(a.x3, b.x3) * factor, 3 * headLaneCount) }
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
      case 7: write(positions, known: 7, source, rows)
      default: write(positions, known: 8, source, rows)
      }
    }

    @inline(__always)
    private func write(
      _ positions: Int, known width: Int, _ source: UnsafePointer<Float>,
      _ rows: UnsafeMutablePointer<Float>
    ) {
      for position in 0..<positions {
        let source = source + position * vectorsPerRow(width) * headLaneCount
        let first = rows + position * stride
        write(known: width, source, first)
        write(known: width, source + 4, first + sequenceStride)
      }
    }

    /// A row of one sequence.
    @inline(__always)
    private func write(
      known width: Int, _ source: UnsafePointer<Float>, _ row: UnsafeMutablePointer<Float>
    ) {
      if width == 2 {
        let columns = source.quarterLanes()
        let (low, high) = columns.interleaved(with: source.quarterLanes(headLaneCount))
        row.store(low)
        row.store(high, 4)
        row.store(HalfLanes(), 8)
        return
      }
      writeQuarters(known: width, source, row)
    }

    /// Rows of gradients by queries, keys and values, 3 · 4 w floats.
    func write(
      _ positions: Int, queries: UnsafePointer<Float>, keys: UnsafePointer<Float>,
      values: UnsafePointer<Float>, into rows: UnsafeMutablePointer<Float>
    ) {
      write(positions, queries, into: rows)
      write(positions, keys, into: rows + 4 * width)
      write(positions, values, into: rows + 8 * width)
    }
  }

#endif
