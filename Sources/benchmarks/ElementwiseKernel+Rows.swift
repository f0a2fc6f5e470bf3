import Foundation
import KernelInterface
import Kernels

// Kernels over rows of `columns` floats.

extension ElementwiseKernel {
  static func rmsNorm(_ count: Int, _ kernels: any KernelSet.Type) -> ElementwiseKernel {
    let rows = count / columns
    let (input, weight) = (Noise(11, -2, 2), Noise(12, 0.5, 2))
    let x = input.array(count)
    let gain = weight.array(columns)
    let y = AlignedBuffer(count: count)
    let inverse = AlignedBuffer(count: rows)
    return ElementwiseKernel(
      elements: count, floatsMoved: 2 * count + rows, floatsHeld: 2 * count + rows,
      operations: 3 * count,
      run: {
        kernels.rmsNorm(
          rows: rows, width: columns, x: x.pointer, stride: columns, gain: gain.pointer,
          epsilon: 1e-5, y: y.pointer, inverseRMS: inverse.pointer)
      }
    ) { comparison in
      let roundings = Double(columns) / 16 + 8
      for row in Comparison.sample(rows, most: 1000) {
        let scale = inverseRMS(input, row)
        comparison.expect(
          inverse.pointer[row], scale, roundings: roundings, of: scale, "1 / RMS of row \(row)")
        for column in 0..<columns {
          let i = row * columns + column
          let value = input.at(i) * scale * weight.at(column)
          comparison.expect(
            y.pointer[i], value, roundings: roundings, of: abs(value), "[\(row), \(column)]")
        }
      }
    }
  }

  static func rmsNormBackward(_ count: Int, _ kernels: any KernelSet.Type) -> ElementwiseKernel {
    let rows = count / columns
    let (input, weight) = (Noise(11, -2, 2), Noise(12, 0.5, 2))
    let (upstream, before) = (Noise(13), Noise(14))
    let x = input.array(count)
    let gain = weight.array(columns)
    let dy = upstream.array(count)
    let dx = before.array(count)
    let dgain = AlignedBuffer(count: columns)
    let inverse = AlignedBuffer(count: rows)
    for row in 0..<rows { inverse.pointer[row] = Float(inverseRMS(input, row)) }
    return ElementwiseKernel(
      elements: count, floatsMoved: 4 * count + rows, floatsHeld: 3 * count + rows,
      operations: 7 * count,
      run: {
        kernels.rmsNormBackward(
          rows: rows, width: columns, x: x.pointer, stride: columns, gain: gain.pointer,
          inverseRMS: inverse.pointer, dy: dy.pointer, addend: dx.pointer, dx: dx.pointer,
          dgain: dgain.pointer)
      }
    ) { comparison in
      let roundings = Double(columns) / 8 + 16
      for row in Comparison.sample(rows, most: 1000) {
        let scale = Double(inverse.pointer[row])
        let cube = scale * scale * scale / Double(columns)
        var (pull, pullSize) = (0.0, 0.0)
        for column in 0..<columns {
          let i = row * columns + column
          let term = upstream.at(i) * weight.at(column) * input.at(i) * cube
          pull += term
          pullSize += abs(term)
        }
        for column in 0..<columns {
          let i = row * columns + column
          let slope = upstream.at(i) * weight.at(column) * scale
          comparison.expect(
            dx.pointer[i], before.at(i) + slope - input.at(i) * pull, roundings: roundings,
            of: abs(before.at(i)) + abs(slope) + abs(input.at(i)) * pullSize,
            "dx[\(row), \(column)]")
        }
      }
      for column in Comparison.sample(columns, most: 16) {
        var (sum, size) = (0.0, 0.0)
        for row in 0..<rows {
          let i = row * columns + column
          let term = upstream.at(i) * input.at(i) * Double(inverse.pointer[row])
          sum += term
          size += abs(term)
        }
        comparison.expect(
          dgain.pointer[column], sum, roundings: Double(rows) + roundings, of: size,
          "dgain[\(column)]")
      }
    }
  }

  /// The tokens of a vocabulary, and the positions of a sequence, in the embedding's rows.
  private static let tableRows = 64

  static func embed(_ count: Int, _ kernels: any KernelSet.Type) -> ElementwiseKernel {
    let rows = count / columns
    let (vectors, offsets) = (Noise(15), Noise(16))
    let tokens = Noise(17).indices(rows, below: tableRows)
    let table = vectors.array(tableRows * columns)
    let positions = offsets.array(tableRows * columns)
    let y = AlignedBuffer(count: count)
    let tables = 2 * tableRows * columns
    return ElementwiseKernel(
      elements: count, floatsMoved: count + tables, floatsHeld: count + tables, operations: count,
      run: {
        kernels.embed(
          rows: rows, width: columns, tokens: tokens, table: table.pointer, tableStride: columns,
          positions: positions.pointer, period: tableRows, y: y.pointer, stride: columns)
      }
    ) { comparison in
      for i in Comparison.sample(count) {
        let (row, column) = (i / columns, i % columns)
        let value =
          vectors.at(Int(tokens[row]) * columns + column)
          + offsets.at(row % tableRows * columns + column)
        comparison.expect(
          y.pointer[i], value, roundings: 1.001, of: abs(value), "[\(row), \(column)]")
      }
    }
  }

  static func embedBackward(_ count: Int, _ kernels: any KernelSet.Type) -> ElementwiseKernel {
    let rows = count / columns
    let upstream = Noise(18)
    let tokens = Noise(17).indices(rows, below: tableRows)
    let dy = upstream.array(count)
    let dtable = AlignedBuffer(count: tableRows * columns)
    let dpositions = AlignedBuffer(count: tableRows * columns)
    let tables = 2 * tableRows * columns
    return ElementwiseKernel(
      elements: count, floatsMoved: count + 2 * tables, floatsHeld: count + tables,
      operations: 2 * count,
      run: {
        kernels.embedBackward(
          rows: rows, width: columns, tokens: tokens, dy: dy.pointer, stride: columns,
          dtable: dtable.pointer, tableStride: columns, dpositions: dpositions.pointer,
          period: tableRows)
      }
    ) { comparison in
      for target in Comparison.sample(tableRows, most: 8) {
        for column in Comparison.sample(columns, most: 64) {
          for isToken in [true, false] {
            var (sum, size, terms) = (0.0, 0.0, 0.0)
            for row in 0..<rows
            where isToken ? Int(tokens[row]) == target : row % tableRows == target {
              sum += upstream.at(row * columns + column)
              size += abs(upstream.at(row * columns + column))
              terms += 1
            }
            let found = (isToken ? dtable : dpositions).pointer[target * columns + column]
            comparison.expect(
              found, sum, roundings: terms, of: size,
              "\(isToken ? "dtable" : "dpositions")[\(target), \(column)]")
          }
        }
      }
    }
  }

  /// `crossEntropy` and `crossEntropySoft`, with their gradients.
  static func crossEntropy(
    _ name: ElementwiseName, _ count: Int, _ kernels: any KernelSet.Type
  ) -> ElementwiseKernel {
    let rows = count / columns
    let isSoft = name == .crossEntropySoft
    let (input, weight) = (Noise(20, -8, 8), Noise(21, 0, 1))
    let logits = input.array(count)
    let losses = AlignedBuffer(count: rows)
    let scale: Float = 0.25
    // A distribution for every token; the soft loss of a row goes by its token's.
    let table = AlignedBuffer(count: isSoft ? tableRows * columns : 0)
    if isSoft {
      for row in 0..<tableRows {
        let sum = (0..<columns).reduce(0) { $0 + weight.at(row * columns + $1) }
        for i in row * columns..<(row + 1) * columns {
          table.pointer[i] = Float(weight.at(i) / sum)
        }
      }
    }
    let targets = Noise(22).indices(rows, below: isSoft ? tableRows : columns)
    return ElementwiseKernel(
      elements: count, floatsMoved: 2 * count + 2 * rows + table.count,
      floatsHeld: count + 2 * rows + table.count, operations: (isSoft ? 18 : 15) * count,
      run: {
        if isSoft {
          kernels.crossEntropySoft(
            rows: rows, columns: columns, logits: logits.pointer, stride: columns,
            targets: table.pointer, targetStride: columns, targetRows: targets,
            gradientScale: scale, losses: losses.pointer)
        } else {
          kernels.crossEntropy(
            rows: rows, columns: columns, logits: logits.pointer, stride: columns,
            targets: targets, gradientScale: scale, losses: losses.pointer)
        }
      }
    ) { comparison in
      let roundings = 24 + Double(columns) / 8
      for row in Comparison.sample(rows, most: 1000) {
        let target = Int(targets[row])
        let values = (0..<columns).map { input.at(row * columns + $0) }
        let wanted = (0..<columns).map {
          isSoft ? Double(table.pointer[target * columns + $0]) : ($0 == target ? 1 : 0)
        }
        let terms = values.map { Foundation.exp($0 - 8) }
        let sum = terms.reduce(0, +)
        let loss = 8 + Foundation.log(sum) - zip(values, wanted).reduce(0) { $0 + $1.0 * $1.1 }
        comparison.expect(
          losses.pointer[row], loss, roundings: roundings, of: 1 + abs(loss), "loss \(row)")
        for column in 0..<columns {
          comparison.expect(
            logits.pointer[row * columns + column],
            Double(scale) * (terms[column] / sum - wanted[column]), roundings: roundings,
            of: Double(scale), "gradient [\(row), \(column)]")
        }
      }
    }
  }
}

/// 1 / √(mean x² + 1e-5) of a row of `ElementwiseKernel.columns` values.
private func inverseRMS(_ noise: Noise, _ row: Int) -> Double {
  let width = ElementwiseKernel.columns
  var squares = 0.0
  for i in row * width..<(row + 1) * width { squares += noise.at(i) * noise.at(i) }
  return 1 / (squares / Double(width) + 1e-5).squareRoot()
}
