import KernelInterface

// A diagonal linear recurrence with gates. With z = forget + bias, g = gate, s the logistic
// function:
//
//     h[t] = s(z[t]) h[t-1] + s(-z[t]) value[t]        h[-1] = 0
//     output[t] = g[t] s(g[t]) h[t]
//
// Lanes are 16 neighbouring channels, time runs in order: the state is one chain, the same in a
// scan as step by step. Time is cut into chunks of 16 positions; only the state before each chunk
// is kept for the backward pass, which computes the states within a chunk again. A scan that is
// parallel in time would spread one channel over the lanes, take log₂ 16 times the operations, and
// give other bits than decoding; there are enough channels to fill the lanes.

/// The positions of a chunk.
private var chunk: Int { 16 }

/// One position of 16 channels, as far as the state goes.
private struct Gates {
  /// s(z), which keeps the state.
  let keep: Lanes
  /// s(-z) = 1 - s(z), without the cancellation; lets the value in.
  let admit: Lanes

  @inline(__always)
  init(_ forget: Lanes, _ bias: Lanes) {
    let power = (Lanes() - (forget + bias)).exponentialClamped()
    keep = Lanes(1) / (Lanes(1) + power)
    admit = power * keep
  }
}

/// s(x), the logistic function, between e⁻⁸⁷ and 1.
@inline(__always)
private func logistic(_ x: Lanes) -> Lanes {
  Lanes(1) / (Lanes(1) + (Lanes() - x).exponentialClamped())
}

extension Implementation {
  /// The state before each chunk.
  public static func gatedScanStateCount(positions: Int, width: Int) -> Int {
    (positions + chunk - 1) / chunk * padded(width)
  }

  /// Two exponentials, two divisions, 47 operations an element; reads 12 bytes and writes 4, and
  /// a state every 16 positions. 52 % of the peak of multiply-adds on a server with AVX-512, where a
  /// division lasts several operations (`benchmarks elementwise --elements 16384`).
  public static func gatedScan(
    sequences: Int, positions: Int, width: Int,
    forget: UnsafePointer<Float>, value: UnsafePointer<Float>, gate: UnsafePointer<Float>,
    stride: Int, bias: UnsafePointer<Float>, state: UnsafeMutablePointer<Float>,
    output: UnsafeMutablePointer<Float>
  ) {
    let columns = padded(width)
    let stateCount = gatedScanStateCount(positions: positions, width: width)
    for sequence in 0..<sequences {
      let first = sequence * positions * stride
      var column = 0
      while column < columns {
        let bias = bias.lanes(column)
        var kept = state + (sequence * stateCount + column)
        var at = first + column
        var h = Lanes()
        for position in 0..<positions {
          if position % chunk == 0 {
            kept.store(h)
            kept += columns
          }
          let gates = Gates(forget.lanes(at), bias)
          h = gates.keep.times(h, plus: gates.admit * value.lanes(at))
          let g = gate.lanes(at)
          output.store(g * logistic(g) * h, at)
          at += stride
        }
        column += laneCount
      }
    }
  }

  /// Two exponentials, two divisions, 61 operations an element; reads 16 bytes and writes 12.
  /// 47 % of the peak of multiply-adds, measured as `gatedScan`.
  ///
  /// `dbias` is one chain over the sequences in order, each from its last position to its first.
  public static func gatedScanBackward(
    sequences: Int, positions: Int, width: Int,
    forget: UnsafeMutablePointer<Float>, value: UnsafeMutablePointer<Float>,
    gate: UnsafeMutablePointer<Float>, stride: Int, bias: UnsafePointer<Float>,
    state: UnsafePointer<Float>, doutput: UnsafePointer<Float>,
    dbias: UnsafeMutablePointer<Float>
  ) {
    let columns = padded(width)
    let chunks = (positions + chunk - 1) / chunk
    let stateCount = gatedScanStateCount(positions: positions, width: width)
    withStackFloats((3 * chunk + 1) * laneCount) { scratch in
      let keeps = scratch
      let admits = keeps + chunk * laneCount
      let states = admits + chunk * laneCount
      for sequence in 0..<sequences {
        var column = 0
        while column < columns {
          let bias = bias.lanes(column)
          var sum = dbias.lanes(column)
          // The gradient by the state, as far as it comes from later positions.
          var carried = Lanes()
          for above in 0..<chunks {
            let index = chunks - 1 - above
            let start = index * chunk
            let count = min(chunk, positions - start)
            var at = (sequence * positions + start) * stride + column
            var h = state.lanes(sequence * stateCount + index * columns + column)
            states.store(h)
            for step in 0..<count {
              let gates = Gates(forget.lanes(at), bias)
              h = gates.keep.times(h, plus: gates.admit * value.lanes(at))
              keeps.store(gates.keep, step * laneCount)
              admits.store(gates.admit, step * laneCount)
              states.store(h, (step + 1) * laneCount)
              at += stride
            }
            for back in 0..<count {
              let step = count - 1 - back
              at -= stride
              let g = gate.lanes(at)
              let s = logistic(g)
              let open = g * s
              let dy = doutput.lanes(at)
              let h = states.lanes((step + 1) * laneCount)
              gate.store(dy * h * open.times(Lanes(1) - s, plus: s), at)

              let keep = keeps.lanes(step * laneCount)
              let admit = admits.lanes(step * laneCount)
              let dh = dy.times(open, plus: carried)
              let difference = states.lanes(step * laneCount) - value.lanes(at)
              let dz = keep * admit * (dh * difference)
              value.store(admit * dh, at)
              forget.store(dz, at)
              sum = sum + dz
              carried = keep * dh
            }
          }
          dbias.store(sum, column)
          column += laneCount
        }
      }
    }
  }

  /// As `gatedScan`, for one position; reads 16 bytes and writes 8 an element, 45 % of the peak.
  public static func gatedStep(
    sequences: Int, width: Int,
    forget: UnsafePointer<Float>, value: UnsafePointer<Float>, gate: UnsafePointer<Float>,
    stride: Int, bias: UnsafePointer<Float>, state: UnsafeMutablePointer<Float>,
    output: UnsafeMutablePointer<Float>
  ) {
    let columns = padded(width)
    for sequence in 0..<sequences {
      let state = state + sequence * columns
      var at = sequence * stride
      var column = 0
      while column < columns {
        let gates = Gates(forget.lanes(at), bias.lanes(column))
        let h = gates.keep.times(state.lanes(column), plus: gates.admit * value.lanes(at))
        let g = gate.lanes(at)
        state.store(h, column)
        output.store(g * logistic(g) * h, at)
        at += laneCount
        column += laneCount
      }
    }
  }
}
