import Foundation
import Trainer

/// The transformer in Double, written after the formulas and not after the program under test.
///
/// Loops stand as plainly as they can; nothing is padded, shared or fused.
struct ReferenceTransformer {
  let configuration: TransformerConfiguration

  /// The mean loss over targets that count, and how near a ReLU came to its kink.
  func loss(
    _ parameters: [String: [Double]], tokens: [Int32], targets: [Int32]
  ) -> (mean: Double, kinkMargin: Double) {
    let (logits, margin) = self.logits(parameters, tokens: tokens)
    return (
      meanCrossEntropy(logits: logits, columns: configuration.vocabulary, targets: targets), margin
    )
  }

  func logits(
    _ p: [String: [Double]], tokens: [Int32]
  ) -> (logits: [Double], kinkMargin: Double) {
    let c = configuration
    let (rows, width, inner) = (tokens.count, c.width, c.mlpRatio * c.width)
    var margin = Double.infinity
    var x = [Double](repeating: 0, count: rows * width)
    for row in 0..<rows {
      for column in 0..<width {
        x[row * width + column] = p["embedding"]![Int(tokens[row]) * width + column]
        if c.positions == .learned {
          x[row * width + column] += p["positions"]![row % c.context * width + column]
        }
      }
    }
    for layer in 0..<c.layers {
      let name = "layers.\(layer)"
      let attentionInput = rootMeanSquareNorm(x, width, gain: p["\(name).attention.norm"])
      let qkv = product(attentionInput, width, p["\(name).attention.qkv"]!, 3 * width)
      let mixed = attention(qkv, bias: p["\(name).attention.bias"], rows: rows)
      add(product(mixed, width, p["\(name).attention.output"]!, width), to: &x)

      let mlpInput = rootMeanSquareNorm(x, width, gain: p["\(name).mlp.norm"])
      var hidden = product(mlpInput, width, p["\(name).mlp.input"]!, inner)
      margin = min(margin, activate(&hidden, c.activation))
      add(product(hidden, inner, p["\(name).mlp.output"]!, width), to: &x)
    }
    let last = rootMeanSquareNorm(x, width, gain: p["norm"])
    switch c.output {
    case .untied: return (product(last, width, p["output"]!, c.vocabulary), margin)
    case .tied:
      let output = transposed(p["embedding"]!, rows: c.vocabulary, columns: width)
      return (product(last, width, output, c.vocabulary), margin)
    }
  }

  private func attention(_ qkv: [Double], bias: [Double]?, rows: Int) -> [Double] {
    let c = configuration
    let (context, width, head) = (c.context, c.width, c.width / c.heads)
    var output = [Double](repeating: 0, count: rows * width)
    for sequence in 0..<rows / context {
      for h in 0..<c.heads {
        for i in 0..<context {
          let query = (sequence * context + i) * 3 * width + h * head
          var scores: [Double] = []
          for j in 0...i {
            let key = (sequence * context + j) * 3 * width + width + h * head
            var score = 0.0
            for column in 0..<head { score += qkv[query + column] * qkv[key + column] }
            score /= Double(head).squareRoot()
            scores.append(score + (bias?[h * context + i - j] ?? 0))
          }
          let top = scores.max()!
          let weights = scores.map { exp($0 - top) }
          let sum = weights.reduce(0, +)
          for j in 0...i {
            let value = (sequence * context + j) * 3 * width + 2 * width + h * head
            for column in 0..<head {
              output[(sequence * context + i) * width + h * head + column] +=
                weights[j] / sum * qkv[value + column]
            }
          }
        }
      }
    }
    return output
  }
}

/// `x W` for x of rows of length k and W of rows of length n.
func product(_ x: [Double], _ k: Int, _ w: [Double], _ n: Int) -> [Double] {
  let rows = x.count / k
  var y = [Double](repeating: 0, count: rows * n)
  x.withUnsafeBufferPointer { x in
    w.withUnsafeBufferPointer { w in
      y.withUnsafeMutableBufferPointer { y in
        for row in 0..<rows {
          for index in 0..<k {
            let factor = x[row * k + index]
            for column in 0..<n { y[row * n + column] += factor * w[index * n + column] }
          }
        }
      }
    }
  }
  return y
}

/// The mean of `log Σ exp(logits) − logits[target]` over targets that are not negative.
func meanCrossEntropy(logits: [Double], columns: Int, targets: [Int32]) -> Double {
  var sum = 0.0
  var count = 0
  for (row, target) in targets.enumerated() where target >= 0 {
    let values = logits[row * columns..<(row + 1) * columns]
    let top = values.max()!
    let total = values.reduce(0) { $0 + exp($1 - top) }
    sum += top + log(total) - logits[row * columns + Int(target)]
    count += 1
  }
  return sum / Double(count)
}
