import Foundation

/// Lines of equal value of a function of x and y, with their values in them.
///
/// Not for measured values on a few places: a line between them would invent what was not measured.
/// Draw these as `Cells` or as coloured `Points`, and the law that was fitted to them as contours.
public struct Contours: Mark {
  /// The data and the look.
  public let layer: Layer

  /// Contours of a function over a rectangle.
  ///
  /// The function is evaluated on a grid of `samples` by `samples` places, equal ratios apart in a
  /// range that is positive and spans a factor of five or more, else equal differences; lines run
  /// straight through each cell (marching squares, Lorensen and Cline 1987 in two dimensions).
  ///
  /// - Parameters:
  ///   - levels: The values to draw; those that the function does not reach are left out.
  ///   - label: Mark-up that stands in the longest line of a level; nil writes the number.
  ///   - color: nil takes a colour that is readable over the cells of a heat map, or else a muted one.
  /// - Complexity: O(samples² · levels), and samples² calls of the function.
  public init(
    x: ClosedRange<Double>, y: ClosedRange<Double>, levels: [Double], samples: Int = 48,
    label: ((Double) -> String)? = nil, color: Color? = nil,
    _ function: (_ x: Double, _ y: Double) -> Double
  ) {
    let xs = places(over: x, count: samples)
    let ys = places(over: y, count: samples)
    let values = ys.map { y in xs.map { x in function(x, y) } }
    var rows: [Layer.Row] = []
    for level in levels {
      let lines = MarchingSquares(xs: xs, ys: ys, values: values).lines(at: level)
      for (index, line) in lines.enumerated() {
        for point in line {
          rows.append(.init(x: .number(point.x), y: .number(point.y), value: level))
        }
        // The label rides on the break behind the longest line, which is the first.
        let text = index == 0 ? label?(level) ?? NumberLabel.markup(level) : nil
        rows.append(.init(value: level, label: text))
      }
    }
    layer = Layer(kind: .contours, rows: rows, color: color)
  }

  /// Round values between two others: 1, 2 and 5 times powers of ten, thinned to at most `count`.
  public static func levels(
    between low: Double, and high: Double, count: Int = 8
  ) -> [Double] {
    precondition(
      low > 0 && low < high && high.isFinite,
      "levels need two positive numbers in order; found \(low) and \(high)")
    for factors in [[1.0, 1.5, 2, 3, 4, 5, 6, 8], [1, 2, 3, 5], [1, 2, 5], [1, 3], [1]] {
      let levels = Ticks.multiplesOfDecades(factors, in: low...high)
      if levels.count <= count { return levels }
    }
    return Ticks.multiplesOfDecades([1], in: low...high)
  }
}

/// Lines of equal value over a rectangular grid.
struct MarchingSquares {
  let xs: [Double]
  let ys: [Double]
  /// Row by row: `values[j][i]` belongs to `xs[i]` and `ys[j]`.
  let values: [[Double]]

  struct Place: Equatable {
    var x: Double
    var y: Double
  }

  /// An edge of the grid from a node to its right or upper neighbour.
  private struct Edge: Hashable {
    var i: Int
    var j: Int
    var isUpright: Bool
  }

  /// The lines of one level, the longest first; a closed line ends where it begins.
  func lines(at level: Double) -> [[Place]] {
    var next: [Edge: [Edge]] = [:]
    var order: [Edge] = []
    func join(_ a: Edge, _ b: Edge) {
      for edge in [a, b] where next[edge] == nil { order.append(edge) }
      next[a, default: []].append(b)
      next[b, default: []].append(a)
    }
    for j in 0..<(ys.count - 1) {
      for i in 0..<(xs.count - 1) {
        let corners = [values[j][i], values[j][i + 1], values[j + 1][i + 1], values[j + 1][i]]
        guard corners.allSatisfy(\.isFinite) else { continue }
        let bottom = Edge(i: i, j: j, isUpright: false)
        let right = Edge(i: i + 1, j: j, isUpright: true)
        let top = Edge(i: i, j: j + 1, isUpright: false)
        let left = Edge(i: i, j: j, isUpright: true)
        let above = corners.map { $0 > level }
        let crossed = [
          (bottom, above[0] != above[1]), (right, above[1] != above[2]),
          (top, above[2] != above[3]), (left, above[3] != above[0]),
        ].filter(\.1).map(\.0)
        if crossed.count == 2 {
          join(crossed[0], crossed[1])
        } else if crossed.count == 4 {
          // A saddle: the mean of the corners says which of them belong together.
          let isHigh = corners.reduce(0, +) / 4 > level
          if isHigh == above[0] {
            join(bottom, right)
            join(top, left)
          } else {
            join(bottom, left)
            join(top, right)
          }
        }
      }
    }
    var lines: [[Edge]] = []
    var visited: Set<Edge> = []
    func walk(from start: Edge) {
      var line = [start]
      visited.insert(start)
      while let edge = line.last, let step = next[edge]?.first(where: { !visited.contains($0) }) {
        visited.insert(step)
        line.append(step)
      }
      if line.count > 2, next[line[line.count - 1]]?.contains(start) ?? false { line.append(start) }
      lines.append(line)
    }
    // Open lines from their ends, then what is left: closed ones.
    for edge in order where next[edge]?.count == 1 && !visited.contains(edge) { walk(from: edge) }
    for edge in order where !visited.contains(edge) { walk(from: edge) }
    return lines.filter { $0.count > 1 }.enumerated().sorted {
      ($1.element.count, $0.offset) < ($0.element.count, $1.offset)
    }.map { $0.element.map { place($0, level) } }
  }

  /// Where the level crosses an edge, linearly between its ends on the scale of the grid.
  private func place(_ edge: Edge, _ level: Double) -> Place {
    let (i, j) = (edge.i, edge.j)
    let first = values[j][i]
    let second = edge.isUpright ? values[j + 1][i] : values[j][i + 1]
    let fraction = second == first ? 0.5 : (level - first) / (second - first)
    func between(_ places: [Double], _ index: Int) -> Double {
      let isGeometric = places[0] > 0 && places[places.count - 1] / places[0] >= 5
      let (low, high) = (places[index], places[index + 1])
      return isGeometric ? low * pow(high / low, fraction) : low + (high - low) * fraction
    }
    return edge.isUpright
      ? Place(x: xs[i], y: between(ys, j)) : Place(x: between(xs, i), y: ys[j])
  }
}
