/// A formula as a tree, independent of any printer.
public indirect enum MathNode: Equatable, Sendable {
  case row([MathNode])
  /// A number, digits with at most one point.
  case number(String)
  /// A variable, or a word if it is not italic.
  case letter(String, MathVariant)
  /// A sign with the class that decides the space around it.
  case symbol(String, MathClass)
  /// Words in the text's own type.
  case text(String)
  /// A named function; `limits` asks for scripts above and below in a formula on its own line.
  case function(String, limits: Bool)
  /// A sum, product, integral...
  case largeOperator(String, limits: Bool)
  case fraction(MathNode, MathNode, FractionStyle)
  case root(MathNode, index: MathNode?)
  case scripts(MathNode, MathScripts)
  case accent(MathAccent, MathNode)
  /// Something set above and below another thing.
  case stack(MathNode, over: MathNode?, under: MathNode?)
  /// Delimiters that grow with what they enclose; an empty string is an invisible one.
  case fenced(left: String, MathNode, right: String)
  /// A delimiter of a fixed height, as `\big(`, in units of the normal one; 0, from `\middle`,
  /// grows with the delimiters around it.
  case delimiter(String, MathClass, scale: Double)
  case array(MathArray)
  /// Space in em; it may be negative.
  case space(Double)
  /// The rest in the style of a formula on its own line, or of one within text.
  case style(isDisplay: Bool, MathNode)
  /// A recorded value that is to be filled in.
  case reference(ValueReference)
  /// A recorded value, filled in, under its name.
  case value(name: String, MathNode)
}

/// The shapes of letters in formulas.
public enum MathVariant: Equatable, Sendable {
  case italic, upright, bold, boldItalic, blackboard, calligraphic, sans, monospace
}

/// TeX's classes of atoms (Knuth, The TeXbook, chapter 17), which decide the space between them.
public enum MathClass: Equatable, Sendable {
  case ordinary, function, binary, relation, opening, closing, punctuation, inner
}

/// How a fraction is set.
public enum FractionStyle: Equatable, Sendable {
  case automatic, display, text
  /// Without a line, as in a binomial coefficient.
  case bare
}

/// What stands beside a symbol, raised or lowered.
public struct MathScripts: Equatable, Sendable {
  /// How many primes follow the symbol.
  public var primes: Int
  /// The subscript.
  public var lower: MathNode?
  /// The superscript.
  public var upper: MathNode?

  /// Creates scripts.
  public init(primes: Int = 0, lower: MathNode? = nil, upper: MathNode? = nil) {
    self.primes = primes
    self.lower = lower
    self.upper = upper
  }
}

/// A mark above or below a symbol.
public struct MathAccent: Equatable, Sendable {
  /// The mark as a spacing character.
  public var mark: String
  /// Whether it stands below.
  public var isBelow: Bool
  /// Whether it is as wide as what it marks.
  public var isWide: Bool

  /// Creates an accent.
  public init(_ mark: String, isBelow: Bool = false, isWide: Bool = false) {
    self.mark = mark
    self.isBelow = isBelow
    self.isWide = isWide
  }
}

/// A matrix, the cases of a function, or aligned equations.
public struct MathArray: Equatable, Sendable {
  /// What the array is for, which decides its spacing.
  public enum Kind: Equatable, Sendable { case matrix, cases, aligned, substack }
  /// How a column is set.
  public enum Alignment: Equatable, Sendable { case leading, center, trailing }
  /// What the array is for.
  public var kind: Kind
  /// One alignment a column.
  public var alignments: [Alignment]
  /// The cells, row by row.
  public var rows: [[MathNode]]

  /// Creates an array.
  public init(kind: Kind, alignments: [Alignment], rows: [[MathNode]]) {
    self.kind = kind
    self.alignments = alignments
    self.rows = rows
  }
}

extension MathNode {
  /// The characters of the formula in reading order, for titles.
  public var plainText: String {
    switch self {
    case .row(let nodes): nodes.map(\.plainText).joined()
    case .number(let text), .letter(let text, _), .symbol(let text, _), .text(let text),
      .function(let text, _), .largeOperator(let text, _), .delimiter(let text, _, _):
      text
    case .fraction(let above, let below, _): "\(above.plainText)/\(below.plainText)"
    case .root(let body, _): "√\(body.plainText)"
    case .scripts(let base, let scripts):
      base.plainText + String(repeating: "′", count: scripts.primes)
        + (scripts.lower?.plainText ?? "") + (scripts.upper?.plainText ?? "")
    case .accent(_, let body), .style(_, let body), .value(_, let body): body.plainText
    case .stack(let base, let over, let under):
      base.plainText + (under?.plainText ?? "") + (over?.plainText ?? "")
    case .fenced(let left, let body, let right): left + body.plainText + right
    case .array(let array):
      array.rows.map { $0.map(\.plainText).joined(separator: " ") }.joined(separator: "; ")
    case .space: " "
    case .reference(let reference): reference.name
    }
  }

  /// The tree with every node replaced, from the leaves upward.
  public func mapped<Failure: Error>(
    _ transform: (MathNode) throws(Failure) -> MathNode
  ) throws(Failure) -> MathNode {
    func map(_ node: MathNode) throws(Failure) -> MathNode { try node.mapped(transform) }
    func map(_ node: MathNode?) throws(Failure) -> MathNode? {
      guard let node else { return nil }
      return try node.mapped(transform)
    }
    func map(_ nodes: [MathNode]) throws(Failure) -> [MathNode] {
      var result: [MathNode] = []
      for node in nodes { result.append(try node.mapped(transform)) }
      return result
    }
    let inner: MathNode
    switch self {
    case .row(let nodes): inner = .row(try map(nodes))
    case .fraction(let above, let below, let style):
      inner = .fraction(try map(above), try map(below), style)
    case .root(let body, let index): inner = .root(try map(body), index: try map(index))
    case .scripts(let base, let scripts):
      inner = .scripts(
        try map(base),
        MathScripts(
          primes: scripts.primes, lower: try map(scripts.lower), upper: try map(scripts.upper)))
    case .accent(let accent, let body): inner = .accent(accent, try map(body))
    case .stack(let base, let over, let under):
      inner = .stack(try map(base), over: try map(over), under: try map(under))
    case .fenced(let left, let body, let right):
      inner = .fenced(left: left, try map(body), right: right)
    case .array(var array):
      var rows: [[MathNode]] = []
      for row in array.rows { rows.append(try map(row)) }
      array.rows = rows
      inner = .array(array)
    case .style(let isDisplay, let body): inner = .style(isDisplay: isDisplay, try map(body))
    case .value(let name, let body): inner = .value(name: name, try map(body))
    case .number, .letter, .symbol, .text, .function, .largeOperator, .delimiter, .space,
      .reference:
      inner = self
    }
    return try transform(inner)
  }
}
