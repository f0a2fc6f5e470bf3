import Foundation
import Trainer

/// The gated recurrence in Double, written after the formulas and not after the program under test.
struct ReferenceRecurrence {
  let configuration: GatedRecurrenceConfiguration

  /// The logits, and how near a ReLU came to its kink.
  func logits(
    _ p: [String: [Double]], tokens: [Int32]
  ) -> (logits: [Double], kinkMargin: Double) {
    let c = configuration
    let (rows, width, state) = (tokens.count, c.width, c.stateWidth)
    var margin = Double.infinity
    var x = tokens.flatMap { p["embedding"]![Int($0) * width..<(Int($0) + 1) * width] }
    for layer in 0..<c.layers {
      let name = "layers.\(layer)"
      let recurrence = "\(name).recurrence"
      let u = rootMeanSquareNorm(x, width, gain: p["\(recurrence).norm"])
      let forget = product(u, width, p["\(recurrence).forget"]!, state)
      let value = product(u, width, p["\(recurrence).value"]!, state)
      let gate = product(u, width, p["\(recurrence).gate"]!, state)
      var gated = [Double](repeating: 0, count: rows * state)
      for channel in 0..<state {
        var h = 0.0
        for row in 0..<rows {
          if row % c.context == 0 { h = 0 }
          let at = row * state + channel
          let keep = logistic(forget[at] + p["\(recurrence).forget.bias"]![channel])
          h = keep * h + (1 - keep) * value[at]
          gated[at] = gate[at] * logistic(gate[at]) * h
        }
      }
      add(product(gated, state, p["\(recurrence).output"]!, width), to: &x)
      let input = rootMeanSquareNorm(x, width, gain: p["\(name).mlp.norm"])
      var hidden = product(input, width, p["\(name).mlp.input"]!, c.mlpRatio * width)
      margin = min(margin, activate(&hidden, c.activation))
      add(product(hidden, c.mlpRatio * width, p["\(name).mlp.output"]!, width), to: &x)
    }
    let last = rootMeanSquareNorm(x, width, gain: p["norm"])
    let output =
      c.output == .untied
      ? p["output"]! : transposed(p["embedding"]!, rows: c.vocabulary, columns: width)
    return (product(last, width, output, c.vocabulary), margin)
  }

  private func logistic(_ x: Double) -> Double { 1 / (1 + exp(-x)) }
}

/// The multilayer perceptron in Double.
struct ReferencePerceptron {
  let configuration: MultilayerPerceptronConfiguration

  /// The outputs, and how near a ReLU came to its kink.
  func outputs(
    _ p: [String: [Double]], inputs: [Double]
  ) -> (outputs: [Double], kinkMargin: Double) {
    let c = configuration
    var margin = Double.infinity
    var x = inputs
    var width = c.inputs
    for name in (0..<c.layers).map({ "layers.\($0)" }) + ["output"] {
      let next = name == "output" ? c.outputs : c.width
      x = product(x, width, p[name]!, next)
      if let bias = p["\(name).bias"] {
        for index in x.indices { x[index] += bias[index % next] }
      }
      if name != "output" { margin = min(margin, activate(&x, c.activation)) }
      width = next
    }
    return (x, margin)
  }
}

/// Applies the activation; returns how near a ReLU came to its kink.
func activate(_ x: inout [Double], _ activation: TransformerConfiguration.Activation) -> Double {
  var margin = Double.infinity
  for index in x.indices {
    let value = x[index]
    switch activation {
    case .relu:
      margin = min(margin, abs(value))
      x[index] = max(value, 0)
    case .gelu:
      let cubic = value + 0.044715 * value * value * value
      x[index] = 0.5 * value * (1 + tanh((2 / Double.pi).squareRoot() * cubic))
    }
  }
  return margin
}

/// The root-mean-square norm of rows of `width`.
func rootMeanSquareNorm(_ x: [Double], _ width: Int, gain: [Double]?) -> [Double] {
  var y = x
  for row in 0..<x.count / width {
    var squares = 0.0
    for column in 0..<width { squares += x[row * width + column] * x[row * width + column] }
    let inverse = 1 / (squares / Double(width) + 1e-5).squareRoot()
    for column in 0..<width { y[row * width + column] *= inverse * (gain?[column] ?? 1) }
  }
  return y
}

/// `x += y`.
func add(_ y: [Double], to x: inout [Double]) {
  for index in x.indices { x[index] += y[index] }
}

/// The transpose of a matrix.
func transposed(_ matrix: [Double], rows: Int, columns: Int) -> [Double] {
  var result = matrix
  for row in 0..<rows {
    for column in 0..<columns { result[column * rows + row] = matrix[row * columns + column] }
  }
  return result
}
