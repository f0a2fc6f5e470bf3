import Foundation
import KernelInterface
import Kernels
import Testing

@Suite struct AttentionTests {
  /// Sequences, positions, heads, head width.
  static let shapes: [(Int, Int, Int, Int)] = [
    (1, 1, 1, 2), (2, 5, 2, 3), (1, 16, 1, 16), (2, 17, 2, 4), (1, 31, 3, 8), (1, 32, 2, 2),
    (1, 33, 1, 32), (1, 20, 2, 24), (2, 12, 1, 64), (1, 50, 2, 5), (3, 16, 4, 1),
    // Heads of 2, 4 and 8 columns, four to a model or not, with sequences that end within a panel.
    (2, 5, 4, 2), (3, 33, 4, 2), (2, 49, 4, 4), (2, 20, 8, 2), (1, 23, 6, 4), (3, 37, 4, 8),
    (2, 64, 4, 8), (1, 1, 4, 8), (2, 18, 5, 8), (1, 15, 8, 4),
    // Two and more sequences of four such heads, with contexts that end within a block of four, and
    // on both sides of the length from which another form serves.
    (4, 32, 4, 2), (8, 1, 4, 2), (5, 21, 4, 2), (4, 39, 4, 2), (4, 64, 4, 4), (9, 6, 4, 4),
    (4, 51, 4, 4), (6, 36, 4, 4), (2, 5, 4, 8), (3, 22, 4, 8), (4, 48, 4, 8), (5, 31, 4, 8),
    (2, 256, 4, 8), (2, 257, 4, 8), (4, 258, 4, 4),
    // Such heads of other widths, whose rows do not end with a lane group.
    (2, 1, 4, 3), (4, 32, 4, 3), (5, 21, 4, 3), (2, 33, 4, 5), (6, 16, 4, 5), (3, 48, 4, 6),
    (4, 39, 4, 6), (2, 64, 4, 7), (3, 30, 4, 7), (5, 30, 4, 7), (2, 257, 4, 7),
  ]

  @Test(arguments: shapes, [false, true])
  func attentionMatchesTheReference(shape: (Int, Int, Int, Int), usesBias: Bool) {
    let (sequences, positions, heads, headWidth) = shape
    let width = heads * headWidth
    let rows = sequences * positions
    var random = Numbers(UInt64(positions * 100 + headWidth))
    let qkv = Matrix(rows, 3 * width, random: &random, scale: 2)
    let bias = Matrix(heads, positions, random: &random)
    let doutput = Matrix(rows, width, random: &random)
    let dbias = Matrix(heads, positions, random: &random)
    let scale = 1 / Float(headWidth).squareRoot()
    let problem = AttentionProblem(
      sequences: sequences, positions: positions, heads: heads, headWidth: headWidth,
      scale: Double(scale), qkv: qkv, bias: usesBias ? bias : nil, doutput: doutput,
      dbias: dbias)
    let expected = problem.reference()

    check(expected, ulps: 8 * Double(positions + headWidth)) { kernels in
      let output = Matrix(rows, width)
      let dqkv = Matrix(rows, 3 * width)
      for i in 0..<dqkv.buffer.count { dqkv.pointer[i] = 9 }
      for i in 0..<output.buffer.count { output.pointer[i] = 9 }
      let dbias = dbias.copy()
      let state = AlignedBuffer(
        count: sequences * kernels.attentionStateCount(positions: positions, heads: heads))
      let scratchCount = kernels.attentionScratchCount(
        positions: positions, heads: heads, headWidth: headWidth, byTokens: false)
      let scratch = AlignedBuffer(count: scratchCount + 16)
      for i in 0..<scratchCount { scratch.pointer[i] = .nan }
      for i in scratchCount..<scratchCount + 16 { scratch.pointer[i] = 7 }
      kernels.attention(
        sequences: sequences, positions: positions, heads: heads, headWidth: headWidth,
        scale: scale, qkv: qkv.pointer, qkvStride: qkv.stride, tokens: nil,
        bias: usesBias ? bias.pointer : nil, output: output.pointer,
        outputStride: output.stride, state: state.pointer, scratch: scratch.pointer)
      for i in 0..<scratchCount { scratch.pointer[i] = .nan }
      kernels.attentionBackward(
        sequences: sequences, positions: positions, heads: heads, headWidth: headWidth,
        scale: scale, qkv: qkv.pointer, qkvStride: qkv.stride, tokens: nil,
        doutput: doutput.pointer, outputStride: output.stride, state: state.pointer,
        dqkv: dqkv.pointer, dbias: usesBias ? dbias.pointer : nil, scratch: scratch.pointer)
      #expect(
        (scratchCount..<scratchCount + 16).allSatisfy { scratch.pointer[$0] == 7 },
        "scratch is not overrun")
      return output.values() + dqkv.values() + (usesBias ? dbias.values() : [])
    }
  }

  /// Rows found by tokens give the bits of rows that were picked before, and their gradients those of
  /// rows that are added afterwards.
  @Test(arguments: shapes)
  func attentionByTokensPicksAndAdds(shape: (Int, Int, Int, Int)) {
    let (sequences, positions, heads, headWidth) = shape
    let width = heads * headWidth
    let rows = sequences * positions
    let vocabulary = 5
    var random = Numbers(UInt64(rows + headWidth))
    let table = Matrix(vocabulary, 3 * width, random: &random)
    let bias = Matrix(heads, positions, random: &random)
    let doutput = Matrix(rows, width, random: &random)
    let before = Matrix(vocabulary, 3 * width, random: &random)
    let tokens = (0..<rows).map { _ in Int32(random.next(below: vocabulary)) }
    let picked = Matrix(rows, 3 * width)
    for row in 0..<rows {
      for column in 0..<3 * width { picked[row, column] = table[Int(tokens[row]), column] }
    }
    for build in KernelBuild.tested {
      /// Output, gradients by the operands and by the bias.
      func run(
        _ operands: Matrix, _ gradients: Matrix, _ tokens: UnsafePointer<Int32>?
      ) -> (Matrix, Matrix) {
        let (output, dbias) = (Matrix(rows, width), bias.copy())
        let state = AlignedBuffer(
          count: sequences * build.kernels.attentionStateCount(positions: positions, heads: heads))
        let count = build.kernels.attentionScratchCount(
          positions: positions, heads: heads, headWidth: headWidth, byTokens: tokens != nil)
        let scratch = AlignedBuffer(count: count + 16)
        for i in 0..<count { scratch.pointer[i] = .nan }
        for i in count..<count + 16 { scratch.pointer[i] = 7 }
        build.kernels.attention(
          sequences: sequences, positions: positions, heads: heads, headWidth: headWidth,
          scale: 0.5, qkv: operands.pointer, qkvStride: operands.stride, tokens: tokens,
          bias: bias.pointer, output: output.pointer, outputStride: output.stride,
          state: state.pointer, scratch: scratch.pointer)
        for i in 0..<count { scratch.pointer[i] = .nan }
        build.kernels.attentionBackward(
          sequences: sequences, positions: positions, heads: heads, headWidth: headWidth,
          scale: 0.5, qkv: operands.pointer, qkvStride: operands.stride, tokens: tokens,
          doutput: doutput.pointer, outputStride: doutput.stride, state: state.pointer,
          dqkv: gradients.pointer, dbias: dbias.pointer, scratch: scratch.pointer)
        #expect((count..<count + 16).allSatisfy { scratch.pointer[$0] == 7 }, "\(build): overrun")
        return (output, dbias)
      }
      let gradients = Matrix(rows, 3 * width)
      let expected = run(picked, gradients, nil)
      let sums = before.copy()
      for row in 0..<rows {
        for column in 0..<3 * width { sums[Int(tokens[row]), column] += gradients[row, column] }
      }
      let found = before.copy()
      let results = tokens.withUnsafeBufferPointer { run(table, found, $0.baseAddress) }
      #expect(results.0.values() == expected.0.values(), "\(build): output")
      #expect(results.1.values() == expected.1.values(), "\(build): dbias")
      #expect(found.values() == sums.values(), "\(build): dqkv")
    }
  }

  @Test func laterPositionsDoNotChangeEarlierOutputs() {
    let (positions, width) = (40, 8)
    var random = Numbers(1)
    let qkv = Matrix(positions, 3 * width, random: &random)
    for build in KernelBuild.tested {
      func outputs(_ count: Int) -> [Float] {
        let output = Matrix(positions, width)
        let state = AlignedBuffer(
          count: build.kernels.attentionStateCount(positions: count, heads: 2))
        let scratch = AlignedBuffer(
          count: build.kernels.attentionScratchCount(
            positions: count, heads: 2, headWidth: 4, byTokens: false))
        build.kernels.attention(
          sequences: 1, positions: count, heads: 2, headWidth: 4, scale: 0.5,
          qkv: qkv.pointer, qkvStride: qkv.stride, tokens: nil, bias: nil, output: output.pointer,
          outputStride: output.stride, state: state.pointer, scratch: scratch.pointer)
        return output.values()
      }
      let whole = outputs(positions)
      for count in [1, 15, 16, 17, 39] {
        #expect(outputs(count)[..<(count * width)] == whole[..<(count * width)])
      }
    }
  }
}
