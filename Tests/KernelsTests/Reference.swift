// Naive versions of the kernels in Double, one loop per index of the formula. Each value comes
// with its *size*, the sum of the magnitudes that were added, against which errors are measured.

import Foundation
import KernelInterface

func referenceProduct(_ a: Matrix, _ b: Matrix, _ c: Matrix, accumulate: Bool) -> Expected {
  var expected = Expected()
  for i in 0..<c.rows {
    for j in 0..<c.columns {
      var sum = accumulate ? c.at(i, j) : 0
      var size = abs(sum)
      for k in 0..<a.columns {
        sum += a.at(i, k) * b.at(k, j)
        size += abs(a.at(i, k) * b.at(k, j))
      }
      expected.append(sum, size: size)
    }
  }
  return expected
}

/// y, then 1 / RMS of each row.
func referenceNorm(_ x: Matrix, _ gain: Matrix?, epsilon: Double) -> Expected {
  var outputs = Expected()
  var inverses = Expected()
  for row in 0..<x.rows {
    let squares = (0..<x.columns).reduce(0) { $0 + x.at(row, $1) * x.at(row, $1) }
    let inverse = 1 / (squares / Double(x.columns) + epsilon).squareRoot()
    for column in 0..<x.columns {
      let value = x.at(row, column) * inverse * (gain?.at(0, column) ?? 1)
      outputs.append(value, size: abs(value))
    }
    inverses.append(inverse, size: inverse)
  }
  return outputs + inverses
}

/// dx, then dgain, both added to what was there.
func referenceNormBackward(
  _ x: Matrix, _ gain: Matrix?, _ dy: Matrix, _ dx: Matrix, _ dgain: Matrix, epsilon: Double
) -> Expected {
  let width = Double(x.columns)
  var inputs = Expected()
  var gains = (0..<x.columns).map { dgain.at(0, $0) }
  var gainSizes = gains.map(abs)
  for row in 0..<x.rows {
    let squares = (0..<x.columns).reduce(0) { $0 + x.at(row, $1) * x.at(row, $1) }
    let inverse = 1 / (squares / width + epsilon).squareRoot()
    let slopes = (0..<x.columns).map { dy.at(row, $0) * (gain?.at(0, $0) ?? 1) }
    let products = (0..<x.columns).map { slopes[$0] * x.at(row, $0) }
    let pull = products.reduce(0, +) / width * inverse * inverse * inverse
    let pullSize = products.map(abs).reduce(0, +) / width * inverse * inverse * inverse
    for column in 0..<x.columns {
      inputs.append(
        dx.at(row, column) + slopes[column] * inverse - x.at(row, column) * pull,
        size: abs(dx.at(row, column)) + abs(slopes[column] * inverse)
          + abs(x.at(row, column)) * pullSize)
      if gain != nil {
        gains[column] += dy.at(row, column) * x.at(row, column) * inverse
        gainSizes[column] += abs(dy.at(row, column) * x.at(row, column) * inverse)
      }
    }
  }
  return inputs + Expected(values: gains, sizes: gainSizes)
}

/// Losses, then the gradient, or the logits themselves if `gradientScale` is zero.
func referenceEntropy(
  _ logits: Matrix, _ targets: Matrix, _ targetRows: [Int32], gradientScale: Float
) -> Expected {
  var losses = Expected()
  var gradients = Expected()
  for row in 0..<logits.rows {
    let values = (0..<logits.columns).map { logits.at(row, $0) }
    let greatest = values.max() ?? 0
    let terms = values.map { exp($0 - greatest) }
    let sum = terms.reduce(0, +)
    let target = Int(targetRows[row])
    var loss = 0.0
    if target >= 0 {
      loss = log(sum)
      for column in values.indices {
        loss -= targets.at(target, column) * (values[column] - greatest)
      }
    }
    losses.append(loss, size: 1 + abs(loss))
    for column in values.indices {
      if gradientScale == 0 {
        gradients.append(values[column], size: 0)
      } else if target < 0 {
        gradients.append(0, size: 0)
      } else {
        let scale = Double(gradientScale)
        gradients.append(
          scale * (terms[column] / sum - targets.at(target, column)), size: scale)
      }
    }
  }
  return losses + gradients
}

/// The operands of one attention layer.
struct AttentionProblem {
  var sequences: Int
  var positions: Int
  var heads: Int
  var headWidth: Int
  var scale: Double
  var qkv: Matrix
  var bias: Matrix?
  var doutput: Matrix
  var dbias: Matrix

  /// Output, dqkv and, with a bias, dbias; every size is that of the largest value around it.
  func reference() -> Expected {
    let width = heads * headWidth
    let rows = sequences * positions
    var output = [[Double]](repeating: Array(repeating: 0, count: width), count: rows)
    var dqkv = [[Double]](repeating: Array(repeating: 0, count: 3 * width), count: rows)
    var biases = (0..<heads).map { head in (0..<positions).map { dbias.at(head, $0) } }
    for sequence in 0..<sequences {
      for head in 0..<heads {
        for i in 0..<positions {
          let query = sequence * positions + i
          func row(_ j: Int) -> Int { sequence * positions + j }
          let column = head * headWidth
          var scores = [Double](repeating: 0, count: i + 1)
          for j in 0...i {
            for c in 0..<headWidth {
              scores[j] += scale * qkv.at(query, column + c) * qkv.at(row(j), width + column + c)
            }
            scores[j] += bias?.at(head, i - j) ?? 0
          }
          let greatest = scores.max() ?? 0
          let terms = scores.map { exp($0 - greatest) }
          let sum = terms.reduce(0, +)
          let weights = terms.map { $0 / sum }
          var slopes = [Double](repeating: 0, count: i + 1)
          for j in 0...i {
            for c in 0..<headWidth {
              let value = qkv.at(row(j), 2 * width + column + c)
              output[query][column + c] += weights[j] * value
              slopes[j] += doutput.at(query, column + c) * value
              dqkv[row(j)][2 * width + column + c] +=
                weights[j] * doutput.at(query, column + c)
            }
          }
          let mean = (0...i).reduce(0) { $0 + weights[$1] * slopes[$1] }
          for j in 0...i {
            let gradient = weights[j] * (slopes[j] - mean)
            biases[head][i - j] += gradient
            for c in 0..<headWidth {
              dqkv[query][column + c] +=
                scale * gradient * qkv.at(row(j), width + column + c)
              dqkv[row(j)][width + column + c] +=
                scale * gradient * qkv.at(query, column + c)
            }
          }
        }
      }
    }
    var expected = Expected()
    for row in output { for value in row { expected.append(value, size: 1) } }
    for row in dqkv { for value in row { expected.append(value, size: 1 + abs(value)) } }
    if bias != nil {
      for row in biases { for value in row { expected.append(value, size: 1 + abs(value)) } }
    }
    return expected
  }
}
