// Classes of atoms and the space between them, the same for every printer (Knuth, The TeXbook,
// chapters 17 and 18, and rules 5, 6 and 20 of appendix G).

extension MathNode {
  /// The class of the node as an atom of a row; nil for space, which is no atom.
  public var atomClass: MathClass? {
    switch self {
    case .symbol(_, let kind), .delimiter(_, let kind, _): kind
    case .function, .largeOperator: .function
    case .fenced, .fraction: .inner
    case .scripts(let base, _): base.atomClass == .binary ? .ordinary : base.atomClass ?? .ordinary
    case .stack(let base, _, _): base.atomClass ?? .ordinary
    case .space: nil
    case .row(let nodes) where nodes.count == 1: nodes[0].atomClass
    default: .ordinary
    }
  }

  /// The nodes of a row; the node itself where it is none.
  public var atoms: [MathNode] {
    if case .row(let nodes) = self { nodes } else { [self] }
  }
}

/// The space between neighbouring atoms.
public enum MathSpacing {
  /// The classes of a row's nodes, nil for space; a plus or minus that cannot stand between two
  /// terms is a sign, and so ordinary.
  public static func classes(of nodes: [MathNode]) -> [MathClass?] {
    var kinds = nodes.map(\.atomClass)
    var before: MathClass?
    for index in kinds.indices {
      guard let kind = kinds[index] else { continue }
      let after = kinds[(index + 1)...].lazy.compactMap { $0 }.first
      if kind == .binary, isSign(before: before, after: after) { kinds[index] = .ordinary }
      before = kinds[index]
    }
    return kinds
  }

  /// Whether what looks like a binary operation has nothing to join (The TeXbook, p. 442).
  static func isSign(before: MathClass?, after: MathClass?) -> Bool {
    switch before {
    case nil, .binary, .function, .relation, .opening, .punctuation: true
    default: after == nil || after == .relation || after == .closing || after == .punctuation
    }
  }

  /// The space between two atoms in eighteenths of an em.
  ///
  /// - Parameter isScript: Whether they stand in a script, where most spaces vanish.
  public static func between(_ left: MathClass, _ right: MathClass, isScript: Bool) -> Double {
    let code = table[row(left)][row(right)]
    if code < 0, isScript { return 0 }
    return [0, 3, 4, 5][abs(code)]
  }

  private static func row(_ kind: MathClass) -> Int {
    switch kind {
    case .ordinary: 0
    case .function: 1
    case .binary: 2
    case .relation: 3
    case .opening: 4
    case .closing: 5
    case .punctuation: 6
    case .inner: 7
    }
  }

  /// Thin, medium and thick are 1, 2 and 3; negative where the space vanishes in scripts. What
  /// cannot occur, as a binary operation beside a relation, is 0.
  private static let table: [[Int]] = [
    [0, 1, -2, -3, 0, 0, 0, -1],
    [1, 1, 0, -3, 0, 0, 0, -1],
    [-2, -2, 0, 0, -2, 0, 0, -2],
    [-3, -3, 0, 0, -3, 0, 0, -3],
    [0, 0, 0, 0, 0, 0, 0, 0],
    [0, 1, -2, -3, 0, 0, 0, -1],
    [-1, -1, 0, -1, -1, -1, -1, -1],
    [-1, 1, -2, -3, -1, 0, -1, -1],
  ]
}
