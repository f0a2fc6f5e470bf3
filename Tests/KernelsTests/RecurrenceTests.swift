import Foundation
import KernelInterface
import Kernels
import Testing

@Suite struct RecurrenceTests {
  /// Sequences, positions, width: contexts around whole chunks of 16, widths around whole groups.
  static let shapes: [(Int, Int, Int)] = [
    (1, 1, 1), (2, 15, 3), (3, 16, 16), (1, 17, 20), (2, 33, 8), (1, 64, 33), (2, 5, 48),
  ]

  /// The operands of a scan.
  struct Problem {
    let (sequences, positions, width): (Int, Int, Int)
    let forget: Matrix
    let value: Matrix
    let gate: Matrix
    let bias: Matrix
    let doutput: Matrix
    let dbias: Matrix

    init(_ shape: (Int, Int, Int)) {
      (sequences, positions, width) = shape
      var random = Numbers(UInt64(positions * 100 + width))
      let rows = sequences * positions
      forget = Matrix(rows, width, random: &random, scale: 4)
      value = Matrix(rows, width, random: &random)
      gate = Matrix(rows, width, random: &random, scale: 4)
      bias = Matrix(1, width, random: &random, scale: 2)
      doutput = Matrix(rows, width, random: &random)
      dbias = Matrix(1, width, random: &random)
    }

    /// Outputs, then the gradients by forget, value, gate and bias, in Double.
    ///
    /// Sizes are those of the terms: a state is at most 1, since values are.
    func reference() -> Expected {
      let rows = sequences * positions
      func s(_ x: Double) -> Double { 1 / (1 + exp(-x)) }
      var (output, dforget, dvalue, dgate) = (
        [Double](repeating: 0, count: rows * width), [Double](repeating: 0, count: rows * width),
        [Double](repeating: 0, count: rows * width), [Double](repeating: 0, count: rows * width)
      )
      var sums = Expected()
      for channel in 0..<width {
        var sum = dbias.at(0, channel)
        var size = abs(sum)
        for sequence in 0..<sequences {
          let first = sequence * positions
          var states = [0.0]
          for row in first..<first + positions {
            let keep = s(forget.at(row, channel) + bias.at(0, channel))
            states.append(keep * states[row - first] + (1 - keep) * value.at(row, channel))
            let g = gate.at(row, channel)
            output[row * width + channel] = g * s(g) * states[row - first + 1]
          }
          var carried = 0.0
          for row in (first..<first + positions).reversed() {
            let (g, dy) = (gate.at(row, channel), doutput.at(row, channel))
            let keep = s(forget.at(row, channel) + bias.at(0, channel))
            let dh = dy * g * s(g) + carried
            let at = row * width + channel
            dgate[at] = dy * states[row - first + 1] * (s(g) + g * s(g) * (1 - s(g)))
            dvalue[at] = (1 - keep) * dh
            dforget[at] = keep * (1 - keep) * dh * (states[row - first] - value.at(row, channel))
            sum += dforget[at]
            size += abs(dforget[at])
            carried = keep * dh
          }
        }
        sums.append(sum, size: size + 1)
      }
      var expected = Expected()
      for part in [output, dforget, dvalue, dgate] {
        for value in part { expected.append(value, size: abs(value) + 1) }
      }
      return expected + sums
    }

    /// The kernels' answer, in the order of `reference`.
    func run(_ kernels: any KernelSet.Type) -> [Float] {
      let output = Matrix(sequences * positions, width)
      let (forget, value, gate, dbias) = (forget.copy(), value.copy(), gate.copy(), dbias.copy())
      let count = sequences * kernels.gatedScanStateCount(positions: positions, width: width)
      let state = AlignedBuffer(count: count + 16)
      for i in 0..<count { state.pointer[i] = .nan }
      for i in count..<count + 16 { state.pointer[i] = 7 }
      kernels.gatedScan(
        sequences: sequences, positions: positions, width: width, forget: forget.pointer,
        value: value.pointer, gate: gate.pointer, stride: forget.stride, bias: bias.pointer,
        state: state.pointer, output: output.pointer)
      kernels.gatedScanBackward(
        sequences: sequences, positions: positions, width: width, forget: forget.pointer,
        value: value.pointer, gate: gate.pointer, stride: forget.stride, bias: bias.pointer,
        state: state.pointer, doutput: doutput.pointer, dbias: dbias.pointer)
      #expect((count..<count + 16).allSatisfy { state.pointer[$0] == 7 }, "state is not overrun")
      return output.values() + forget.values() + value.values() + gate.values() + dbias.values()
    }
  }

  @Test(arguments: shapes)
  func scanAndItsGradientsMatchTheReference(shape: (Int, Int, Int)) {
    let problem = Problem(shape)
    check(problem.reference(), ulps: 32) { problem.run($0) }
  }

  @Test(arguments: shapes)
  func stepsGiveTheBitsOfTheScan(shape: (Int, Int, Int)) {
    let problem = Problem(shape)
    let (sequences, positions, width) = shape
    for build in KernelBuild.tested {
      let scanned = problem.run(build.kernels)
      let states = Matrix(sequences, width)
      for position in 0..<positions {
        func rows(_ matrix: Matrix) -> Matrix {
          let picked = Matrix(sequences, width)
          for sequence in 0..<sequences {
            for column in 0..<width {
              picked[sequence, column] = matrix[sequence * positions + position, column]
            }
          }
          return picked
        }
        let output = Matrix(sequences, width)
        let (forget, value) = (rows(problem.forget), rows(problem.value))
        let gate = rows(problem.gate)
        build.kernels.gatedStep(
          sequences: sequences, width: width, forget: forget.pointer,
          value: value.pointer, gate: gate.pointer, stride: output.stride,
          bias: problem.bias.pointer, state: states.pointer, output: output.pointer)
        for sequence in 0..<sequences {
          for column in 0..<width {
            let expected = scanned[(sequence * positions + position) * width + column]
            #expect(output[sequence, column].bitPattern == expected.bitPattern)
          }
        }
      }
      #expect(states.values().count == sequences * width)
    }
  }

  @Test func gatesFarFromZeroAreFiniteAndNotANumberPasses() {
    for build in KernelBuild.tested {
      func output(forget: Float, value: Float, gate: Float) -> Float {
        let matrices = [forget, value, gate, 0].map { number in
          let matrix = Matrix(1, 1)
          matrix[0, 0] = number
          return matrix
        }
        let output = Matrix(1, 1)
        let state = Matrix(1, 1)
        build.kernels.gatedStep(
          sequences: 1, width: 1, forget: matrices[0].pointer, value: matrices[1].pointer,
          gate: matrices[2].pointer, stride: 16, bias: matrices[3].pointer,
          state: state.pointer, output: output.pointer)
        return output[0, 0]
      }
      #expect(output(forget: -1000, value: 3, gate: 1000) == 3000)
      #expect(output(forget: 1000, value: 3, gate: 1000) < 1e-30)
      #expect(abs(output(forget: -1000, value: 3, gate: -1000)) < 1e-30)
      #expect(output(forget: .nan, value: 1, gate: 1).isNaN)
      #expect(output(forget: 1, value: .nan, gate: 1).isNaN)
      #expect(output(forget: 1, value: 1, gate: .nan).isNaN)
    }
  }
}

@Suite struct RowTests {
  @Test(arguments: [(1, 1), (3, 5), (4, 16), (5, 33)])
  func rowsAreCopiedSpreadAndAdded(shape: (Int, Int)) {
    let (rows, width) = shape
    var random = Numbers(UInt64(width))
    let x = Matrix(rows, width, extra: 1, random: &random)
    let sum = Matrix(1, width, random: &random)
    let dense = (0..<rows).flatMap { row in (0..<width).map { x[row, $0] } }
    var added = Expected()
    for column in 0..<width {
      let terms = (0..<rows).map { x.at($0, column) } + [sum.at(0, column)]
      added.append(terms.reduce(0, +), size: terms.reduce(0) { $0 + abs($1) })
    }
    check(added, ulps: Double(rows)) { kernels in
      let copy = sum.copy()
      kernels.addRows(rows: rows, width: width, x: x.pointer, stride: x.stride, y: copy.pointer)
      return copy.values()
    }
    for build in KernelBuild.tested {
      let copy = Matrix(rows, width)
      for i in 0..<copy.buffer.count { copy.pointer[i] = .nan }
      // One float behind an aligned address: the source may lie anywhere.
      ([0] + dense).withUnsafeBufferPointer {
        build.kernels.padRows(rows: rows, width: width, x: $0.baseAddress! + 1, y: copy.pointer)
      }
      #expect(copy.values() == dense)

      let spread = Matrix(rows, width, extra: 1)
      build.kernels.broadcast(
        rows: rows, width: width, x: sum.pointer, y: spread.pointer, stride: spread.stride)
      #expect(spread.values() == (0..<rows).flatMap { _ in sum.values() })
    }
  }

  @Test(arguments: [(1, 1), (3, 5), (4, 16), (5, 33), (2, 100)], [Float(0), 0.25])
  func squaredErrorMatchesTheReference(shape: (Int, Int), scale: Float) {
    let (rows, columns) = shape
    var random = Numbers(UInt64(columns))
    let outputs = Matrix(rows, columns, extra: 1, random: &random)
    let targets = Matrix(rows, columns, random: &random)
    var expected = Expected()
    var gradients = Expected()
    for row in 0..<rows {
      var sum = 0.0
      var size = 0.0
      for column in 0..<columns {
        let difference = outputs.at(row, column) - targets.at(row, column)
        sum += difference * difference
        size += 4
        let gradient = scale == 0 ? outputs.at(row, column) : 2 * Double(scale) * difference
        gradients.append(gradient, size: 4)
      }
      expected.append(sum, size: size)
    }
    check(expected + gradients, ulps: 4) { kernels in
      let copy = outputs.copy()
      let losses = AlignedBuffer(count: rows)
      kernels.squaredError(
        rows: rows, columns: columns, outputs: copy.pointer, stride: copy.stride,
        targets: targets.pointer, targetStride: targets.stride, gradientScale: scale,
        losses: losses.pointer)
      return Array(losses.floats[..<rows]) + copy.values()
    }
  }
}
