import KernelInterface

#if (KERNELS_AVX512 || KERNELS_AVX2) && arch(x86_64)

  // The parts of attention with a head of one sequence in each lane.
  //
  // A matrix of T rows and w columns is T w vectors, row by row; where w is odd, each row ends with a
  // vector of zeros, since products take columns in pairs. A block of weights is four vectors a key, one
  // a query, for the keys up to the block's last query. Weights of future keys are zero, which leaves
  // every sum as it is. How the products run depends on the registers: in tiles of 4 x 4 vectors of
  // sixteen floats (`LaneBlock.swift`, `LanePanel.swift`), or of half as many vectors of eight
  // (`HalfLaneBlock.swift`, `HalfLanePanel.swift`).

  /// The vectors of a row of w columns.
  @_transparent
  func vectorsPerRow(_ width: Int) -> Int { (width + 1) / 2 * 2 }

  /// The rows of the sequences together with four heads each, whose heads become the lanes of vectors.
  ///
  /// Lane 4 b + h of vector c of a position is column h w + c of sequence b.
  struct LaneRows {
    /// w.
    let width: Int
    /// The zeros that are written behind 4 w columns, in whole quarters of lane groups.
    let padding: Int
    /// Between rows.
    let stride: Int
    /// T.
    let positions: Int
    /// Which rows the positions of the sequences have, one after the other; nil: rows of their own.
    let tokens: UnsafePointer<Int32>?

    /// The floats before the row of a position.
    @_transparent
    func offset(_ sequence: Int, _ position: Int) -> Int {
      let row = sequence * positions + position
      if let tokens { return Int(tokens[row]) * stride }
      return row * stride
    }

    /// The floats between the rows of two sequences.
    @_transparent
    var sequenceStride: Int { positions * stride }

    /// A row of one sequence with heads of three columns or more, from its lanes of each vector.
    @inline(__always)
    func writeQuarters(
      known width: Int, _ source: UnsafePointer<Float>, _ row: UnsafeMutablePointer<Float>
    ) {
      // A head of three columns is written with a zero behind it, where the next one then begins.
      write4(0, width, source, row)
      if width > 4 { write4(width - 4, width, source, row) }
      for quarter in Swift.stride(from: 0, to: padding, by: 4) {
        row.store(QuarterLanes(), 4 * width + quarter)
      }
    }

    /// Four columns of each head, from `column` on.
    @_transparent
    private func write4(
      _ column: Int, _ width: Int, _ source: UnsafePointer<Float>,
      _ row: UnsafeMutablePointer<Float>
    ) {
      let heads = TransposedQuarters(source + column * headLaneCount, headLaneCount)
      row.store(heads.x0, column)
      row.store(heads.x1, column + width)
      row.store(heads.x2, column + 2 * width)
      row.store(heads.x3, column + 3 * width)
    }
  }

  /// The forward pass of four queries.
  struct LaneBlock {
    /// The first of the queries.
    let start: Int
    /// The four rows of the queries, times the scale.
    let query: UnsafePointer<Float>
    let key: UnsafePointer<Float>
    let value: UnsafePointer<Float>
    /// One vector an offset.
    let bias: UnsafePointer<Float>?
    let weights: UnsafeMutablePointer<Float>
    /// The four rows of the output.
    let results: UnsafeMutablePointer<Float>

    func run(width: Int) {
      switch width {
      case 2: runTwo()
      case 3: runThree()
      case 4: runFour()
      case 5: runFive()
      case 6: runSix()
      case 7: runSeven()
      #if KERNELS_AVX2
        default: runEight()
      #else
        default: preconditionFailure("other heads go another way")
      #endif
      }
    }

    @inline(never) private func runTwo() { run(known: 2) }
    @inline(never) private func runThree() { run(known: 3) }
    @inline(never) private func runFour() { run(known: 4) }
    @inline(never) private func runFive() { run(known: 5) }
    @inline(never) private func runSix() { run(known: 6) }
    @inline(never) private func runSeven() { run(known: 7) }
    #if KERNELS_AVX2
      @inline(never) private func runEight() { run(known: 8) }
    #endif
  }

  /// The backward pass of eight queries, or of the last four.
  ///
  /// `query` and `doutput` hold the panel's rows, `dquery`, `dkey` and `dvalue` those of all
  /// positions. `biasRows` holds a row of offsets for each residue of the key modulo 16, offset t
  /// at t + 3; the first 16 keys write there, the others add.
  struct LanePanel {
    let start: Int
    /// One or two blocks of four queries.
    let blocks: Int
    let scale: Float
    let query: UnsafePointer<Float>
    let doutput: UnsafePointer<Float>
    let key: UnsafePointer<Float>
    let value: UnsafePointer<Float>
    /// Of the first block; the second's follow.
    let weights: UnsafePointer<Float>
    /// dP of each block, and room for scale dS of four keys of each behind them.
    let gradients: UnsafeMutablePointer<Float>
    let gradientsStride: Int
    let biasRows: UnsafeMutablePointer<Float>?
    let biasStride: Int
    let dquery: UnsafeMutablePointer<Float>
    let dkey: UnsafeMutablePointer<Float>
    let dvalue: UnsafeMutablePointer<Float>

    /// The weights of the panel's second block.
    @_transparent
    var secondWeights: UnsafePointer<Float> { weights + 4 * headLaneCount * (start + 4) }

    func run(width: Int) {
      switch width {
      case 2: runTwo()
      case 3: runThree()
      case 4: runFour()
      case 5: runFive()
      case 6: runSix()
      case 7: runSeven()
      #if KERNELS_AVX2
        default: runEight()
      #else
        default: preconditionFailure("other heads go another way")
      #endif
      }
    }

    @inline(never) private func runTwo() { run(known: 2) }
    @inline(never) private func runThree() { run(known: 3) }
    @inline(never) private func runFour() { run(known: 4) }
    @inline(never) private func runFive() { run(known: 5) }
    @inline(never) private func runSix() { run(known: 6) }
    @inline(never) private func runSeven() { run(known: 7) }
    #if KERNELS_AVX2
      @inline(never) private func runEight() { run(known: 8) }
    #endif
  }

#endif
