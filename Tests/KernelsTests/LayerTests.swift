import Foundation
import KernelInterface
import Kernels
import Testing

@Suite struct NormalisationTests {
  @Test(arguments: [(5, 1), (3, 8), (75, 8), (4, 16), (2, 40), (37, 24), (3, 100), (17, 300)])
  func rmsNormMatchesTheReference(shape: (Int, Int)) {
    let (rows, width) = shape
    var random = Numbers(UInt64(width))
    let x = Matrix(rows, width, random: &random)
    let gain = Matrix(1, width, random: &random)
    let dy = Matrix(rows, width, random: &random)
    let dx = Matrix(rows, width, random: &random)
    let dgain = Matrix(1, width, random: &random)
    for gain in [gain, nil] {
      let forward = referenceNorm(x, gain, epsilon: 1e-5)
      check(forward, ulps: Double(width) / 16 + 8) { kernels in
        let y = Matrix(rows, width)
        let inverse = AlignedBuffer(count: rows)
        kernels.rmsNorm(
          rows: rows, width: width, x: x.pointer, stride: x.stride, gain: gain?.pointer,
          epsilon: 1e-5, y: y.pointer, inverseRMS: inverse.pointer)
        return y.values() + inverse.floats
      }
      for before in [dx, nil] {
        let expected = referenceNormBackward(
          x, gain, dy, before ?? Matrix(rows, width), dgain, epsilon: 1e-5)
        check(expected, ulps: Double(width) / 8 + 16) { kernels in
          let (dx, y) = (before?.copy() ?? Matrix(rows, width), Matrix(rows, width))
          if before == nil { for i in 0..<dx.buffer.count { dx.pointer[i] = 9 } }
          let dgain = dgain.copy()
          let inverse = AlignedBuffer(count: rows)
          kernels.rmsNorm(
            rows: rows, width: width, x: x.pointer, stride: x.stride, gain: gain?.pointer,
            epsilon: 1e-5, y: y.pointer, inverseRMS: inverse.pointer)
          kernels.rmsNormBackward(
            rows: rows, width: width, x: x.pointer, stride: x.stride, gain: gain?.pointer,
            inverseRMS: inverse.pointer, dy: dy.pointer,
            addend: before == nil ? nil : UnsafePointer(dx.pointer), dx: dx.pointer,
            dgain: gain == nil ? nil : dgain.pointer)
          return dx.values() + dgain.values()
        }
      }
    }
  }

  @Test func normOfNotANumberIsNotANumber() {
    for build in KernelBuild.tested {
      let x = Matrix(2, 5)
      x[0, 3] = .nan
      x[1, 1] = 2
      let y = Matrix(2, 5)
      let inverse = AlignedBuffer(count: 2)
      build.kernels.rmsNorm(
        rows: 2, width: 5, x: x.pointer, stride: x.stride, gain: nil, epsilon: 1e-5,
        y: y.pointer, inverseRMS: inverse.pointer)
      #expect((0..<5).allSatisfy { y[0, $0].isNaN })
      #expect((0..<5).allSatisfy { y[1, $0].isFinite })
    }
  }
}

@Suite struct EmbeddingTests {
  @Test(arguments: [(7, 5, 3), (8, 16, 4), (9, 33, 9)], [false, true])
  func embeddingMatchesTheReference(shape: (Int, Int, Int), usesPositions: Bool) {
    let (rows, width, period) = shape
    var random = Numbers(UInt64(rows))
    let table = Matrix(6, width, random: &random)
    let positions = Matrix(period, width, random: &random)
    let dy = Matrix(rows, width, random: &random)
    let dtable = Matrix(6, width, random: &random)
    let dpositions = Matrix(period, width, random: &random)
    let tokens = (0..<rows).map { _ in Int32(random.next(below: 6)) }

    var forward = Expected()
    for row in 0..<rows {
      for column in 0..<width {
        let offset = usesPositions ? positions.at(row % period, column) : 0
        forward.append(table.at(Int(tokens[row]), column) + offset, size: 2)
      }
    }
    check(forward, ulps: 1) { kernels in
      let y = Matrix(rows, width)
      kernels.embed(
        rows: rows, width: width, tokens: tokens, table: table.pointer,
        tableStride: table.stride, positions: usesPositions ? positions.pointer : nil,
        period: period, y: y.pointer, stride: y.stride)
      return y.values()
    }

    var backward = Expected()
    for token in 0..<6 {
      for column in 0..<width {
        let sum = (0..<rows).reduce(dtable.at(token, column)) {
          tokens[$1] == token ? $0 + dy.at($1, column) : $0
        }
        backward.append(sum, size: 4)
      }
    }
    for position in 0..<period {
      for column in 0..<width {
        let sum = (0..<rows).reduce(dpositions.at(position, column)) {
          usesPositions && $1 % period == position ? $0 + dy.at($1, column) : $0
        }
        backward.append(sum, size: 4)
      }
    }
    check(backward, ulps: 8) { kernels in
      let (dtable, dpositions) = (dtable.copy(), dpositions.copy())
      kernels.embedBackward(
        rows: rows, width: width, tokens: tokens, dy: dy.pointer, stride: dy.stride,
        dtable: dtable.pointer, tableStride: dtable.stride,
        dpositions: usesPositions ? dpositions.pointer : nil, period: period)
      return dtable.values() + dpositions.values()
    }
  }
}

@Suite struct LossTests {
  @Test(arguments: [1, 2, 10, 16, 17, 32, 64, 100, 300], [Float(0), 0.25])
  func crossEntropyMatchesTheReference(columns: Int, gradientScale: Float) {
    let rows = 37
    var random = Numbers(UInt64(columns))
    let logits = Matrix(rows, columns, extra: 1, random: &random, scale: 20)
    // Every logit below zero, so that padding taken for a logit would show.
    for column in 0..<columns { logits[3, column] = -30 + 5 * random.next() }
    let targets = (0..<rows).map { $0 % 16 == 2 ? Int32(-1) : Int32(random.next(below: columns)) }
    let hard = Matrix(rows, columns)
    for row in 0..<rows where targets[row] >= 0 { hard[row, Int(targets[row])] = 1 }
    let rowIndices = (0..<rows).map { targets[$0] < 0 ? Int32(-1) : Int32($0) }
    check(
      referenceEntropy(logits, hard, rowIndices, gradientScale: gradientScale), ulps: 24
    ) { kernels in
      let logits = logits.copy()
      let losses = AlignedBuffer(count: rows)
      kernels.crossEntropy(
        rows: rows, columns: columns, logits: logits.pointer, stride: logits.stride,
        targets: targets, gradientScale: gradientScale, losses: losses.pointer)
      return losses.floats + logits.values()
    }

    let soft = Matrix(4, columns)
    for row in 0..<4 {
      var sum: Float = 0
      for column in 0..<columns {
        soft[row, column] = abs(random.next())
        sum += soft[row, column]
      }
      for column in 0..<columns { soft[row, column] /= sum }
    }
    let softRows = (0..<rows).map { [3, 1, 1, -1, 0, 2, 0][$0 % 7] as Int32 }
    check(
      referenceEntropy(logits, soft, softRows, gradientScale: gradientScale),
      ulps: 24 + Double(columns) / 8
    ) { kernels in
      let logits = logits.copy()
      let losses = AlignedBuffer(count: rows)
      kernels.crossEntropySoft(
        rows: rows, columns: columns, logits: logits.pointer, stride: logits.stride,
        targets: soft.pointer, targetStride: soft.stride, targetRows: softRows,
        gradientScale: gradientScale, losses: losses.pointer)
      return losses.floats + logits.values()
    }
  }

  @Test func lossOfNotANumberIsNotANumber() {
    for build in KernelBuild.tested {
      let logits = Matrix(2, 20)
      logits[0, 7] = .nan
      logits[1, 7] = -.infinity
      let losses = AlignedBuffer(count: 2)
      build.kernels.crossEntropy(
        rows: 2, columns: 20, logits: logits.pointer, stride: logits.stride, targets: [1, 1],
        gradientScale: 1, losses: losses.pointer)
      #expect(losses.pointer[0].isNaN)
      #expect(abs(losses.pointer[1] - 2.944_439) < 1e-5)
      #expect(logits[1, 7] == 0)
    }
  }
}
