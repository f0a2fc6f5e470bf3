import Foundation
import KernelInterface
import Kernels

// The gated recurrence, the squared error and the small kernels of rows.

/// The operands of a gated recurrence, and what it gives in double precision.
private struct Recurrence {
  let sequences: Int
  let positions: Int
  let forget = Noise(31, -3, 3)
  let value = Noise(32)
  let gate = Noise(33, -3, 3)
  let bias = Noise(34)
  let upstream = Noise(35)
  let before = Noise(36)

  /// About `count` elements in sequences of 64 positions.
  init(_ count: Int) {
    let rows = count / ElementwiseKernel.columns
    sequences = max(1, rows / 64)
    positions = rows / sequences
  }

  var count: Int { sequences * positions * ElementwiseKernel.columns }

  func logistic(_ x: Double) -> Double { 1 / (1 + Foundation.exp(-x)) }

  /// The place of a position of a sequence in a channel.
  func place(_ sequence: Int, _ position: Int, _ channel: Int) -> Int {
    (sequence * positions + position) * ElementwiseKernel.columns + channel
  }

  /// The states of a channel, the empty one first.
  func states(_ sequence: Int, _ channel: Int) -> [Double] {
    var states = [0.0]
    for position in 0..<positions {
      let at = place(sequence, position, channel)
      let keep = logistic(forget.at(at) + bias.at(channel))
      states.append(keep * states[position] + (1 - keep) * value.at(at))
    }
    return states
  }
}

extension ElementwiseKernel {
  static func gatedScan(_ count: Int, _ kernels: any KernelSet.Type) -> ElementwiseKernel {
    let problem = Recurrence(count)
    let count = problem.count
    let (forget, value) = (problem.forget.array(count), problem.value.array(count))
    let gate = problem.gate.array(count)
    let bias = problem.bias.array(columns)
    let output = AlignedBuffer(count: count)
    let stateCount = kernels.gatedScanStateCount(positions: problem.positions, width: columns)
    let state = AlignedBuffer(count: problem.sequences * stateCount)
    return ElementwiseKernel(
      elements: count, floatsMoved: 4 * count + state.count, floatsHeld: 4 * count + state.count,
      operations: 47 * count,
      run: {
        kernels.gatedScan(
          sequences: problem.sequences, positions: problem.positions, width: columns,
          forget: forget.pointer, value: value.pointer, gate: gate.pointer, stride: columns,
          bias: bias.pointer, state: state.pointer, output: output.pointer)
      }
    ) { comparison in
      for sequence in Comparison.sample(problem.sequences, most: 20) {
        for channel in Comparison.sample(columns, most: 32) {
          let states = problem.states(sequence, channel)
          for position in 0..<problem.positions {
            let at = problem.place(sequence, position, channel)
            let g = problem.gate.at(at)
            comparison.expect(
              output.pointer[at], g * problem.logistic(g) * states[position + 1], roundings: 32,
              of: 1, "[\(sequence), \(position), \(channel)]")
          }
        }
      }
    }
  }

  static func gatedScanBackward(_ count: Int, _ kernels: any KernelSet.Type) -> ElementwiseKernel {
    let problem = Recurrence(count)
    let count = problem.count
    let (forget, value) = (problem.forget.array(count), problem.value.array(count))
    let gate = problem.gate.array(count)
    let bias = problem.bias.array(columns)
    let doutput = problem.upstream.array(count)
    let dbias = problem.before.array(columns)
    let stateCount = kernels.gatedScanStateCount(positions: problem.positions, width: columns)
    let state = AlignedBuffer(count: problem.sequences * stateCount)
    let output = AlignedBuffer(count: count)
    kernels.gatedScan(
      sequences: problem.sequences, positions: problem.positions, width: columns,
      forget: forget.pointer, value: value.pointer, gate: gate.pointer, stride: columns,
      bias: bias.pointer, state: state.pointer, output: output.pointer)
    return ElementwiseKernel(
      elements: count, floatsMoved: 7 * count + state.count, floatsHeld: 4 * count + state.count,
      operations: 61 * count,
      run: {
        kernels.gatedScanBackward(
          sequences: problem.sequences, positions: problem.positions, width: columns,
          forget: forget.pointer, value: value.pointer, gate: gate.pointer, stride: columns,
          bias: bias.pointer, state: state.pointer, doutput: doutput.pointer,
          dbias: dbias.pointer)
      }
    ) { comparison in
      for channel in Comparison.sample(columns, most: 16) {
        var sum = problem.before.at(channel)
        for sequence in 0..<problem.sequences {
          let states = problem.states(sequence, channel)
          var carried = 0.0
          for position in (0..<problem.positions).reversed() {
            let at = problem.place(sequence, position, channel)
            let (g, dy) = (problem.gate.at(at), problem.upstream.at(at))
            let s = problem.logistic(g)
            let keep = problem.logistic(problem.forget.at(at) + problem.bias.at(channel))
            let dh = dy * g * s + carried
            let dz = keep * (1 - keep) * dh * (states[position] - problem.value.at(at))
            sum += dz
            carried = keep * dh
            // Gradients by a state add up over the positions that it lasts.
            let size = 1 + abs(dh)
            for (name, buffer, expected) in [
              ("dgate", gate, dy * states[position + 1] * s * (1 + g * (1 - s))),
              ("dvalue", value, (1 - keep) * dh), ("dforget", forget, dz),
            ] {
              comparison.expect(
                buffer.pointer[at], expected, roundings: 64, of: size,
                "\(name)[\(sequence), \(position), \(channel)]")
            }
          }
        }
        comparison.expect(
          dbias.pointer[channel], sum, roundings: 64 + Double(count / columns),
          of: 1 + abs(sum), "dbias[\(channel)]")
      }
    }
  }

  static func gatedStep(_ count: Int, _ kernels: any KernelSet.Type) -> ElementwiseKernel {
    let rows = count / columns
    let problem = Recurrence(count)
    let (forget, value) = (problem.forget.array(count), problem.value.array(count))
    let gate = problem.gate.array(count)
    let bias = problem.bias.array(columns)
    let state = problem.before.array(count)
    let output = AlignedBuffer(count: count)
    return ElementwiseKernel(
      elements: count, floatsMoved: 6 * count, floatsHeld: 5 * count, operations: 47 * count,
      run: {
        kernels.gatedStep(
          sequences: rows, width: columns, forget: forget.pointer, value: value.pointer,
          gate: gate.pointer, stride: columns, bias: bias.pointer, state: state.pointer,
          output: output.pointer)
      }
    ) { comparison in
      for i in Comparison.sample(count) {
        let keep = problem.logistic(problem.forget.at(i) + problem.bias.at(i % columns))
        let h = keep * problem.before.at(i) + (1 - keep) * problem.value.at(i)
        let g = problem.gate.at(i)
        comparison.expect(state.pointer[i], h, roundings: 16, of: 1, "state \(i)")
        comparison.expect(
          output.pointer[i], g * problem.logistic(g) * h, roundings: 32, of: 1, "output \(i)")
      }
    }
  }

  static func squaredError(_ count: Int, _ kernels: any KernelSet.Type) -> ElementwiseKernel {
    let rows = count / columns
    let (result, wanted) = (Noise(37), Noise(38))
    let (outputs, targets) = (result.array(count), wanted.array(count))
    let losses = AlignedBuffer(count: rows)
    return ElementwiseKernel(
      elements: count, floatsMoved: 3 * count + rows, floatsHeld: 2 * count + rows,
      operations: 3 * count,
      run: {
        kernels.squaredError(
          rows: rows, columns: columns, outputs: outputs.pointer, stride: columns,
          targets: targets.pointer, targetStride: columns, gradientScale: 0.25,
          losses: losses.pointer)
      }
    ) { comparison in
      for row in Comparison.sample(rows, most: 1000) {
        var sum = 0.0
        for i in row * columns..<(row + 1) * columns {
          let difference = result.at(i) - wanted.at(i)
          sum += difference * difference
          comparison.expect(
            outputs.pointer[i], 0.5 * difference, roundings: 2, of: 1, "gradient \(i)")
        }
        comparison.expect(
          losses.pointer[row], sum, roundings: Double(columns) / 16 + 8, of: sum, "loss \(row)")
      }
    }
  }

  /// `padRows` and `broadcast`, which write rows.
  static func copies(
    _ name: ElementwiseName, _ count: Int, _ kernels: any KernelSet.Type
  ) -> ElementwiseKernel {
    let rows = count / columns
    // Rows of 250 floats, which lie at any address.
    let width = name == .padRows ? columns - 6 : columns
    let noise = Noise(39)
    let x = noise.array(name == .padRows ? rows * width : width)
    let y = AlignedBuffer(count: count)
    return ElementwiseKernel(
      elements: count, floatsMoved: count + x.count, floatsHeld: count + x.count, operations: 0,
      run: {
        if name == .padRows {
          kernels.padRows(rows: rows, width: width, x: x.pointer, y: y.pointer)
        } else {
          kernels.broadcast(
            rows: rows, width: width, x: x.pointer, y: y.pointer, stride: columns)
        }
      }
    ) { comparison in
      for i in Comparison.sample(count) {
        let (row, column) = (i / columns, i % columns)
        let source = name == .padRows ? row * width + column : column
        comparison.expect(
          y.pointer[i], column < width ? noise.at(source) : 0, within: 0, "[\(row), \(column)]")
      }
    }
  }

  static func addRows(_ count: Int, _ kernels: any KernelSet.Type) -> ElementwiseKernel {
    let rows = count / columns
    let (noise, before) = (Noise(40), Noise(41))
    let x = noise.array(count)
    let y = before.array(columns)
    return ElementwiseKernel(
      elements: count, floatsMoved: count + 2 * columns, floatsHeld: count + columns,
      operations: count,
      run: {
        kernels.addRows(rows: rows, width: columns, x: x.pointer, stride: columns, y: y.pointer)
      }
    ) { comparison in
      for column in Comparison.sample(columns, most: 32) {
        var (sum, size) = (before.at(column), abs(before.at(column)))
        for row in 0..<rows {
          sum += noise.at(row * columns + column)
          size += abs(noise.at(row * columns + column))
        }
        comparison.expect(
          y.pointer[column], sum, roundings: Double(rows), of: size, "column \(column)")
      }
    }
  }
}
