/// A chapter as a tree: what it says and in which order, independent of any printer.
public struct Document: Equatable, Sendable {
  /// The file that it was read from, as it is named in messages.
  public var file: String
  /// The first heading of level 1; it is not among the blocks.
  public var title: [Inline]
  /// The content in order.
  public var blocks: [Block]
  /// The footnotes in order of their first reference.
  public var footnotes: [Footnote]

  /// Creates a document.
  public init(file: String, title: [Inline], blocks: [Block], footnotes: [Footnote]) {
    self.file = file
    self.title = title
    self.blocks = blocks
    self.footnotes = footnotes
  }
}

/// A footnote; references to it carry its number.
public struct Footnote: Equatable, Sendable {
  /// Its number, counted from 1 in a document.
  public var number: Int
  /// The text of the note.
  public var blocks: [Block]

  /// Creates a footnote.
  public init(number: Int, blocks: [Block]) {
    self.number = number
    self.blocks = blocks
  }
}

/// A block of a document with the line of the source where it begins.
public struct Block: Equatable, Sendable {
  /// What the block is.
  public var kind: Kind
  /// The line where it begins, counted from 1.
  public var line: Int

  /// Creates a block.
  public init(_ kind: Kind, line: Int) {
    self.kind = kind
    self.line = line
  }

  /// The kinds of blocks.
  public indirect enum Kind: Equatable, Sendable {
    /// A heading; `anchor` is made from its text and unique in the document.
    case heading(level: Int, anchor: String, [Inline])
    case paragraph([Inline])
    case quote([Block])
    case list(List)
    /// A code block in the prose: an example, not part of the program.
    case code(language: String, text: String)
    /// A formula on its own line.
    case equation(Equation)
    case table(Table)
    case divider
    /// A stretch of the chapter's own program.
    case listing(Listing)
    /// A part that a reader may skip.
    case aside(title: String, [Block])
    /// An exercise; `anchor` as in a heading.
    case exercise(anchor: String, title: [Inline], [Block])
    /// The solution of the exercise around it.
    case solution([Block])
  }
}

/// A bullet or numbered list.
public struct List: Equatable, Sendable {
  /// The number of the first item; nil for bullets.
  public var start: Int?
  /// Whether the items are set without space between them.
  public var isTight: Bool
  /// The items.
  public var items: [[Block]]

  /// Creates a list.
  public init(start: Int? = nil, isTight: Bool, items: [[Block]]) {
    self.start = start
    self.isTight = isTight
    self.items = items
  }
}

/// A formula set on its own line.
public struct Equation: Equatable, Sendable {
  /// The formula.
  public var math: MathNode
  /// The name by which `@eq:name` refers to it.
  public var name: String?

  /// Creates an equation.
  public init(math: MathNode, name: String? = nil) {
    self.math = math
    self.name = name
  }
}

/// A table written in prose.
///
/// A paragraph `Table: CAPTION {#tbl:name}` behind it gives it a caption and a name.
public struct Table: Equatable, Sendable {
  /// How a column is set.
  public enum Alignment: Equatable, Sendable { case leading, center, trailing }
  /// One alignment a column.
  public var alignments: [Alignment]
  /// The titles of the columns.
  public var header: [[Inline]]
  /// The rows, each with as many cells as there are columns.
  public var rows: [[[Inline]]]
  /// The name by which `@tbl:name` refers to it; nil for a table without caption.
  public var name: String?
  /// What it shows; empty for a table without a name.
  public var caption: [Inline]

  /// Creates a table.
  public init(
    alignments: [Alignment], header: [[Inline]], rows: [[[Inline]]], name: String? = nil,
    caption: [Inline] = []
  ) {
    self.alignments = alignments
    self.header = header
    self.rows = rows
    self.name = name
    self.caption = caption
  }
}

/// A stretch of code between two stretches of prose.
public struct Listing: Equatable, Sendable {
  /// The code without empty lines at its ends.
  public var code: String
  /// All lines of the file that belong to it, empty ones included.
  public var lines: ClosedRange<Int>

  /// Creates a listing.
  public init(code: String, lines: ClosedRange<Int>) {
    self.code = code
    self.lines = lines
  }
}

/// A piece of running text.
public indirect enum Inline: Equatable, Sendable {
  case text(String)
  case emphasis([Inline])
  case strong([Inline])
  case code(String)
  case link(destination: String, [Inline])
  case lineBreak
  case math(MathNode)
  /// A recorded value that is to be filled in.
  case reference(ValueReference)
  /// A recorded value, filled in, under its name.
  case value(name: String, [Inline])
  case superscript([Inline])
  case crossReference(CrossReference)
  /// A place that names works of the bibliography.
  case citation(Citation)
  /// A mark that refers to the footnote of this number.
  case footnote(Int)
}

/// A place where prose names a figure, table, formula or chapter: `@fig:name`.
public struct CrossReference: Hashable, Sendable {
  /// What can be referred to; the raw value is what stands before the colon.
  public enum Kind: String, CaseIterable, Sendable {
    case figure = "fig"
    case table = "tbl"
    case equation = "eq"
    case chapter = "ch"
  }

  /// What it refers to.
  public var kind: Kind
  /// The name of that.
  public var name: String
  /// Where it stands.
  public var location: SourceLocation

  /// Creates a cross-reference.
  public init(kind: Kind, name: String, location: SourceLocation) {
    self.kind = kind
    self.name = name
    self.location = location
  }
}

/// A place where prose names works of the bibliography.
///
/// `[@hoffmann2022; @kaplan2020, section 3]` stands in parentheses, `@hoffmann2022` is a part of the
/// sentence. A key is made of lower-case letters and hyphens, a year, and perhaps one letter more.
public struct Citation: Hashable, Sendable {
  /// How the works are named.
  public enum Style: Hashable, Sendable {
    /// "(Hoffmann et al. 2022)"
    case parenthetical
    /// "Hoffmann et al. (2022)"
    case narrative
  }

  /// A work and the place in it.
  public struct Item: Hashable, Sendable {
    /// The key of the bibliography's entry.
    public var key: String
    /// What stands behind the year, for example "section 3"; empty for nothing.
    public var detail: String

    /// Creates an item.
    public init(key: String, detail: String = "") {
      self.key = key
      self.detail = detail
    }
  }

  /// How the works are named.
  public var style: Style
  /// The works in the order in which they are named; never empty.
  public var items: [Item]
  /// Where it stands.
  public var location: SourceLocation

  /// Creates a citation.
  public init(style: Style, items: [Item], location: SourceLocation) {
    self.style = style
    self.items = items
    self.location = location
  }
}

extension [Inline] {
  /// The text alone, without any mark-up, for titles and anchors.
  public var plainText: String {
    var result = ""
    for inline in self {
      switch inline {
      case .text(let text), .code(let text): result += text
      case .emphasis(let inner), .strong(let inner), .link(_, let inner), .value(_, let inner),
        .superscript(let inner):
        result += inner.plainText
      case .lineBreak: result += " "
      case .math(let node): result += node.plainText
      case .reference(let reference): result += reference.name
      case .crossReference(let reference): result += reference.name
      case .citation(let citation):
        result += citation.items.map(\.key).joined(separator: "; ")
      case .footnote: break
      }
    }
    return result
  }
}
