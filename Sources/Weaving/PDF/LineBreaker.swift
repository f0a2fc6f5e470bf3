/// Breaks a paragraph into the lines that are best together (Knuth and Plass 1981, *Breaking
/// paragraphs into lines*, Software: Practice and Experience 11, doi:10.1002/spe.4380111102).
struct LineBreaker {
  /// What a line is made of.
  enum Element: Equatable {
    /// Something that stays whole; `hang` of its width may stand beyond the line's end.
    case box(width: Double, hang: Double)
    /// Space that gives way; a line may end here behind a box. It vanishes at a line's end.
    case glue(width: Double, stretch: Double, shrink: Double)
    /// Space of a fixed width, which vanishes behind a break.
    case kern(width: Double)
    /// A place where a line may end at a cost, with something of a width set there, as a hyphen.
    case penalty(cost: Double, width: Double, hang: Double, isHyphen: Bool)
  }

  /// A cost that forbids a break, and with the other sign demands it.
  static let never = 10_000.0

  /// A line of the result.
  struct Line: Equatable {
    /// The elements, without what vanishes at its ends; the last may be a penalty.
    var elements: Range<Int>
    /// By how much of its stretch or (negative) of its shrink each glue changes.
    var ratio: Double
  }

  let elements: [Element]
  let width: Double
  /// Whether glue is left as it is, so that lines end unevenly.
  var isRagged = false

  private struct Sum {
    var width = 0.0
    var stretch = 0.0
    var shrink = 0.0
  }

  private struct Node {
    var position: Int
    var line: Int
    var fitness: Int
    /// Sums of all before the first element that counts in the line behind this break.
    var before: Sum
    var demerits: Double
    var previous: Int
    var ratio: Double
    var isHyphen: Bool
  }

  /// The lines; at first without much stretched space, then with more and more.
  func lines() -> [Line] {
    if elements.isEmpty { return [] }
    for (tolerance, emergency) in [(1.6, 0.0), (3.5, 0), (7, 0), (7, 0.04), (7, 0.1)] {
      if let lines = lines(tolerance: tolerance, emergency: emergency * width, forces: false) {
        return lines
      }
    }
    return lines(tolerance: 12, emergency: 0.2 * width, forces: true) ?? []
  }

  /// How much of the measure the last line of a paragraph has at least, if it can.
  private static let leastLast = 0.11
  /// What a shorter one costs: as much as a line whose spaces take 1.2 times their stretch.
  private static let runt = 30_000.0

  private func lines(tolerance: Double, emergency: Double, forces: Bool) -> [Line]? {
    var nodes = [
      Node(
        position: -1, line: 0, fitness: 1, before: Sum(), demerits: 0, previous: -1, ratio: 0,
        isHyphen: false)
    ]
    var active = [0]
    var sum = Sum()
    for (index, element) in elements.enumerated() {
      switch element {
      case .box(let width, _): sum.width += width
      case .kern(let width): sum.width += width
      case .glue(let width, let stretch, let shrink):
        if index > 0, case .box = elements[index - 1] {
          consider(
            index, 0, 0, false, sum, &nodes, &active, tolerance, emergency, forces)
        }
        sum.width += width
        sum.stretch += stretch
        sum.shrink += shrink
      case .penalty(let cost, let width, let hang, let isHyphen):
        guard cost < Self.never else { continue }
        var here = sum
        here.width += width - hang
        consider(index, cost, hang, isHyphen, here, &nodes, &active, tolerance, emergency, forces)
      }
      if active.isEmpty { return nil }
    }
    guard
      let best = active.filter({ nodes[$0].position == elements.count - 1 }).min(by: {
        nodes[$0].demerits < nodes[$1].demerits
      })
    else { return nil }
    return trace(best, nodes)
  }

  private func consider(
    _ index: Int, _ cost: Double, _ hang: Double, _ isHyphen: Bool, _ sum: Sum,
    _ nodes: inout [Node], _ active: inout [Int], _ tolerance: Double, _ emergency: Double,
    _ forces: Bool
  ) {
    let isForced = cost <= -Self.never
    var best: [(demerits: Double, node: Int, ratio: Double, fitness: Int)?] = [nil, nil, nil, nil]
    var kept: [Int] = []
    var hangHere = 0.0
    if hang == 0, index > 0, case .box(_, let own) = elements[index - 1] { hangHere = own }
    for candidate in active {
      let node = nodes[candidate]
      let natural = sum.width - node.before.width - hangHere
      let shrink = sum.shrink - node.before.shrink
      let room = width - natural
      var ratio: Double
      if isRagged {
        // The room that is left counts as if a quarter of the line could stretch.
        ratio = room >= 0 ? room / (width / 4) : -2
      } else if room >= 0 {
        let stretch = sum.stretch - node.before.stretch + emergency
        ratio = stretch > 0 ? room / stretch : room > 0.01 ? 1000 : 0
      } else {
        ratio = shrink > 0 ? room / shrink : -1000
        if room > -0.01 { ratio = 0 }
      }
      let isOver = ratio < -1
      if !isOver, !isForced { kept.append(candidate) }
      let isLast = isForced
      let limit = isRagged ? 1000 : tolerance
      if isOver || (ratio > limit && !(isRagged && isLast)) {
        // With nothing else left, a line that is too long or too loose is better than none.
        guard forces, kept.isEmpty, candidate == active.last,
          best.allSatisfy({ $0 == nil })
        else { continue }
        ratio = max(-1, min(ratio, 12))
      }
      let bad = 100 * abs(ratio) * ratio * ratio
      let fitness = ratio < -0.5 ? 0 : ratio <= 0.5 ? 1 : ratio <= 1 ? 2 : 3
      var demerits = (10 + bad) * (10 + bad)
      if isRagged, isLast { demerits = 0 }
      // A word alone is no line.
      if isLast, node.position >= 0, natural < Self.leastLast * width { demerits += Self.runt }
      if cost >= 0 {
        demerits += cost * cost
      } else if !isForced {
        demerits -= cost * cost
      }
      if isHyphen, node.isHyphen { demerits += 12_000 }
      if isLast, node.isHyphen { demerits += 6_000 }
      if abs(fitness - node.fitness) > 1 { demerits += 4_000 }
      demerits += node.demerits
      if demerits < best[fitness]?.demerits ?? .infinity {
        best[fitness] = (demerits, candidate, ratio, fitness)
      }
    }
    active = kept
    let found = best.compactMap { $0 }
    guard !found.isEmpty else { return }
    let before = sumBehind(index, sum, hang)
    for choice in found {
      nodes.append(
        Node(
          position: index, line: nodes[choice.node].line + 1, fitness: choice.fitness,
          before: before, demerits: choice.demerits, previous: choice.node, ratio: choice.ratio,
          isHyphen: isHyphen))
      active.append(nodes.count - 1)
    }
  }

  /// The sums up to the first element that counts behind a break.
  private func sumBehind(_ index: Int, _ sum: Sum, _ hang: Double) -> Sum {
    var result = sum
    // What is set at a break belongs to the line before it.
    if case .penalty(_, let width, let hang, _) = elements[index] { result.width -= width - hang }
    var next = index
    while next < elements.count {
      switch elements[next] {
      case .box: return result
      case .glue(let width, let stretch, let shrink):
        result.width += width
        result.stretch += stretch
        result.shrink += shrink
      case .kern(let width): result.width += width
      case .penalty(let cost, _, _, _):
        if cost <= -Self.never, next > index { return result }
      }
      next += 1
    }
    return result
  }

  private func trace(_ last: Int, _ nodes: [Node]) -> [Line] {
    var result: [Line] = []
    var current = last
    while nodes[current].previous >= 0 {
      let node = nodes[current]
      var start = nodes[node.previous].position + 1
      if node.previous != 0 {
        scan: while start < node.position {
          switch elements[start] {
          case .box: break scan
          case .penalty(let cost, _, _, _) where cost <= -Self.never: break scan
          default: start += 1
          }
        }
      }
      var end = node.position + 1
      if case .glue = elements[node.position] { end -= 1 }
      result.append(Line(elements: start..<max(start, end), ratio: isRagged ? 0 : node.ratio))
      current = node.previous
    }
    return result.reversed()
  }
}
