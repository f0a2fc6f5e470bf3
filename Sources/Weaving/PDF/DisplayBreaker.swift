import Literate

/// Breaks formulas that are wider than the page before relations and operations that stand in no
/// brackets, as aligned lines: relations under the first relation, terms a little further in.
enum DisplayBreaker {
  /// The formula in lines; nil if it has no place to break.
  ///
  /// - Parameter fits: Whether a formula is narrow enough. It is asked with every line that may
  ///   become longer; what cannot be made narrower stays too wide.
  static func lines(_ node: MathNode, fits: (MathNode) -> Bool) -> MathNode? {
    var nodes = node.atoms
    if nodes.count == 1, case .style(true, let inner) = nodes[0] { nodes = inner.atoms }
    let kinds = MathSpacing.classes(of: nodes)
    var starts: [Int] = []
    var depth = 0
    for (index, kind) in kinds.enumerated() {
      switch kind {
      case .opening: depth += 1
      case .closing: depth -= 1
      case .relation where depth == 0 && index > 0: starts.append(index)
      // Terms can move to another line only on the right side.
      case .binary where depth == 0 && !starts.isEmpty: starts.append(index)
      default: break
      }
    }
    guard let first = starts.first, starts.count > 1 else { return nil }
    let left = MathNode.row(Array(nodes[..<first]))
    let ends = starts.dropFirst() + [nodes.count]
    let parts = zip(starts, ends).map { Array(nodes[$0..<$1]) }
    func row(_ nodes: [MathNode], isFirst: Bool) -> [MathNode] {
      let isTerm = MathSpacing.classes(of: [.number("1")] + nodes)[1] == .binary
      // Behind an empty atom an operation keeps its space.
      let right = isTerm ? [.space(1.2), .row([])] + nodes : nodes
      return [isFirst ? left : .row([]), .row(right)]
    }
    func array(_ rows: [[MathNode]]) -> MathNode {
      .array(MathArray(kind: .aligned, alignments: [.trailing, .leading], rows: rows))
    }
    var rows: [[MathNode]] = []
    var current = parts[0]
    for part in parts.dropFirst() {
      let longer = row(current + part, isFirst: rows.isEmpty)
      if fits(array(rows + [longer])) {
        current += part
      } else {
        rows.append(row(current, isFirst: rows.isEmpty))
        current = part
      }
    }
    rows.append(row(current, isFirst: rows.isEmpty))
    return rows.count > 1 ? array(rows) : nil
  }
}
