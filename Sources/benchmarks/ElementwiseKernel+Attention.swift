import Foundation
import KernelInterface
import Kernels

// Causal attention with a relative bias, forward and backward.

extension ElementwiseKernel {
  /// `attention` over sequences of up to 64 positions with four heads; at most `count` elements of the
  /// output, in whole sequences.
  static func attention(
    _ count: Int, headWidth: Int, _ kernels: any KernelSet.Type
  ) -> ElementwiseKernel {
    let problem = AttentionProblem(count, headWidth: headWidth, kernels)
    return ElementwiseKernel(
      elements: problem.elements, floatsMoved: 4 * problem.elements + problem.state.count,
      floatsHeld: problem.qkv.count + problem.output.count + problem.state.count,
      operations: problem.pairs * (2 * headWidth + 19),
      run: { problem.forward(kernels) }
    ) { comparison in
      for sequence in problem.sample {
        for head in 0..<AttentionProblem.heads {
          let weights = problem.weights(sequence, head)
          for i in Comparison.sample(problem.positions, most: 8) {
            for column in 0..<headWidth {
              let value = (0...i).reduce(0.0) {
                $0 + weights[i][$1] * problem.input(2, sequence, head, $1, column)
              }
              comparison.expect(
                problem.output.pointer[problem.place(sequence, head, i) + column], value,
                roundings: 64, of: 1, "sequence \(sequence), head \(head) [\(i), \(column)]")
            }
          }
        }
      }
    }
  }

  /// `attentionBackward`, likewise.
  static func attentionBackward(
    _ count: Int, headWidth: Int, _ kernels: any KernelSet.Type
  ) -> ElementwiseKernel {
    let problem = AttentionProblem(count, headWidth: headWidth, kernels)
    problem.forward(kernels)
    return ElementwiseKernel(
      elements: problem.elements, floatsMoved: 7 * problem.elements + problem.state.count,
      floatsHeld: 2 * (problem.qkv.count + problem.output.count) + problem.state.count,
      operations: problem.pairs * (4 * headWidth + 5),
      run: { problem.backward(kernels) }
    ) { comparison in
      for sequence in problem.sample {
        for head in 0..<AttentionProblem.heads {
          problem.expectGradients(sequence, head, &comparison)
        }
      }
    }
  }
}

/// Operands of attention, and its definition in double precision.
private struct AttentionProblem {
  static let heads = 4

  let headWidth: Int
  /// Between the rows of the output, and of queries, keys and values together.
  let outputStride: Int
  let qkvStride: Int
  let scale: Double
  let sequences: Int
  let positions: Int
  let inputs = Noise(51)
  let offsets = Noise(52)
  let upstream = Noise(53)
  let qkv: AlignedBuffer
  let bias: AlignedBuffer
  let doutput: AlignedBuffer
  let output: AlignedBuffer
  let dqkv: AlignedBuffer
  let dbias: AlignedBuffer
  let state: AlignedBuffer
  let scratch: AlignedBuffer

  init(_ count: Int, headWidth: Int, _ kernels: any KernelSet.Type) {
    self.headWidth = headWidth
    let width = Self.heads * headWidth
    outputStride = padded(width)
    qkvStride = padded(3 * width)
    scale = 1 / Double(headWidth).squareRoot()
    positions = min(64, count / width)
    sequences = count / (width * positions)
    let rows = sequences * positions
    qkv = inputs.array(rows * qkvStride)
    bias = offsets.array(Self.heads * padded(positions))
    doutput = upstream.array(rows * outputStride)
    output = AlignedBuffer(count: rows * outputStride)
    dqkv = AlignedBuffer(count: rows * qkvStride)
    dbias = AlignedBuffer(count: bias.count)
    state = AlignedBuffer(
      count: sequences * kernels.attentionStateCount(positions: positions, heads: Self.heads))
    scratch = AlignedBuffer(
      count: kernels.attentionScratchCount(
        positions: positions, heads: Self.heads, headWidth: headWidth, byTokens: false))
  }

  func forward(_ kernels: any KernelSet.Type) {
    kernels.attention(
      sequences: sequences, positions: positions, heads: Self.heads, headWidth: headWidth,
      scale: Float(scale), qkv: qkv.pointer, qkvStride: qkvStride, tokens: nil, bias: bias.pointer,
      output: output.pointer, outputStride: outputStride, state: state.pointer,
      scratch: scratch.pointer)
  }

  func backward(_ kernels: any KernelSet.Type) {
    kernels.attentionBackward(
      sequences: sequences, positions: positions, heads: Self.heads, headWidth: headWidth,
      scale: Float(scale), qkv: qkv.pointer, qkvStride: qkvStride, tokens: nil,
      doutput: doutput.pointer, outputStride: outputStride,
      state: state.pointer, dqkv: dqkv.pointer, dbias: dbias.pointer, scratch: scratch.pointer)
  }

  /// Of the output, without padding.
  var elements: Int { sequences * positions * Self.heads * headWidth }

  /// The pairs of a query and a key that it sees, over all sequences and heads.
  var pairs: Int { sequences * Self.heads * positions * (positions + 1) / 2 }

  /// The sequences to compare.
  var sample: StrideTo<Int> { Comparison.sample(sequences, most: 3) }

  /// Where a head's columns of a position begin in the output.
  func place(_ sequence: Int, _ head: Int, _ position: Int) -> Int {
    (sequence * positions + position) * outputStride + head * headWidth
  }

  /// Where those of the queries (part 0), keys (1) or values (2) begin.
  func place(_ part: Int, _ sequence: Int, _ head: Int, _ position: Int) -> Int {
    (sequence * positions + position) * qkvStride + (part * Self.heads + head) * headWidth
  }

  func input(_ part: Int, _ sequence: Int, _ head: Int, _ position: Int, _ column: Int) -> Double {
    inputs.at(place(part, sequence, head, position) + column)
  }

  /// The weights of each query's keys.
  func weights(_ sequence: Int, _ head: Int) -> [[Double]] {
    (0..<positions).map { i in
      let terms = (0...i).map { j in
        let product = (0..<headWidth).reduce(0.0) {
          $0 + input(0, sequence, head, i, $1) * input(1, sequence, head, j, $1)
        }
        return Foundation.exp(scale * product + offsets.at(head * padded(positions) + i - j))
      }
      let sum = terms.reduce(0, +)
      return terms.map { $0 / sum }
    }
  }

  /// Compares the gradients of one head's queries, keys and values.
  func expectGradients(_ sequence: Int, _ head: Int, _ comparison: inout Comparison) {
    let weights = weights(sequence, head)
    func slope(_ position: Int, _ column: Int) -> Double {
      upstream.at(place(sequence, head, position) + column)
    }
    let scores = (0..<positions).map { i in
      let pulls = (0...i).map { j in
        (0..<headWidth).reduce(0.0) {
          $0 + slope(i, $1) * input(2, sequence, head, j, $1)
        }
      }
      let mean = zip(weights[i], pulls).reduce(0) { $0 + $1.0 * $1.1 }
      return zip(weights[i], pulls).map { $0 * ($1 - mean) }
    }
    for position in Comparison.sample(positions, most: 8) {
      for column in 0..<headWidth {
        let query = (0...position).reduce(0.0) {
          $0 + scale * scores[position][$1] * input(1, sequence, head, $1, column)
        }
        var (key, value) = (0.0, 0.0)
        for i in position..<positions {
          key += scale * scores[i][position] * input(0, sequence, head, i, column)
          value += weights[i][position] * slope(i, column)
        }
        for (part, expected) in [query, key, value].enumerated() {
          comparison.expect(
            dqkv.pointer[place(part, sequence, head, position) + column], expected,
            roundings: 256, of: 1,
            "part \(part), sequence \(sequence), head \(head) [\(position), \(column)]")
        }
      }
    }
  }
}
