public import MathTree

/// A line of text: words, and formulas as trees.
public struct RichText: Hashable, Sendable {
  /// A stretch of words, or a formula.
  public enum Piece: Equatable, Sendable {
    /// Characters in the label's own type.
    case words(String)
    /// A formula with the TeX that it was read from.
    case formula(MathNode, tex: String)
  }

  /// From left to right; neighbours are never both words.
  public let pieces: [Piece]
  /// The label as it is written, `Parameters $N$`; equal texts have equal mark-up.
  public let markup: String

  /// Reads a label: `"Parameters $N$"`, `"$\\frac{A}{N^\\alpha}$ (fit)"`.
  ///
  /// Between two `$` stands a formula as in the prose of a chapter; `\$` is a dollar sign.
  ///
  /// - Throws: `MathError` if a formula is not closed or cannot be read, with its column.
  public init(_ markup: String) throws(MathError) {
    var pieces: [Piece] = []
    var words = ""
    var rest = Substring(markup)
    func place(_ index: String.Index) -> SourceLocation {
      let column = markup.utf8.distance(from: markup.startIndex, to: index) + 1
      return SourceLocation(file: "label", line: 1, column: column)
    }
    while let next = rest.first {
      if rest.hasPrefix("\\$") {
        words += "$"
        rest = rest.dropFirst(2)
      } else if next == "$" {
        let inside = rest.dropFirst()
        guard let end = Self.formulaEnd(inside) else {
          throw MathError(.unclosed("$"), at: place(rest.startIndex))
        }
        let tex = inside[..<end]
        guard tex.contains(where: { !$0.isWhitespace }) else {
          throw MathError(.empty, at: place(rest.startIndex))
        }
        let node = try MathParser.parse(String(tex), at: place(inside.startIndex))
        _ = try node.mapped { node throws(MathError) in
          guard case .reference(let reference) = node else { return node }
          throw MathError(.valueInLabel(reference.name), at: reference.location)
        }
        if !words.isEmpty { pieces.append(.words(words)) }
        words = ""
        pieces.append(.formula(node, tex: String(tex)))
        rest = rest[markup.index(after: end)...]
      } else {
        words.append(next)
        rest = rest.dropFirst()
      }
    }
    if !words.isEmpty { pieces.append(.words(words)) }
    self.init(pieces: pieces)
  }

  /// The place of the `$` that closes a formula.
  private static func formulaEnd(_ text: Substring) -> String.Index? {
    var index = text.startIndex
    while index < text.endIndex {
      if text[index] == "$" { return index }
      // What stands behind a backslash closes nothing.
      if text[index] == "\\" { index = text.index(after: index) }
      if index < text.endIndex { index = text.index(after: index) }
    }
    return nil
  }

  init(pieces: [Piece]) {
    var joined: [Piece] = []
    for piece in pieces {
      if case .words(let words) = piece, case .words(let before)? = joined.last {
        joined[joined.count - 1] = .words(before + words)
      } else {
        joined.append(piece)
      }
    }
    self.pieces = joined
    markup =
      joined.map { piece in
        switch piece {
        case .words(let words): Self.escaped(words)
        case .formula(_, let tex): "$\(tex)$"
        }
      }.joined()
  }

  /// The text without mark-up.
  public init(verbatim text: String) {
    self.init(pieces: text.isEmpty ? [] : [.words(text)])
  }

  /// A text as mark-up that shows it as it is, for names that come from data.
  public static func escaped(_ text: String) -> String { text.replacing("$", with: "\\$") }

  /// Whether there is nothing to draw.
  public var isEmpty: Bool { pieces.isEmpty }

  /// The label in plain characters, for descriptions and tables: `Parameters N`, `10³`, `A/N^α`.
  public var plain: String {
    pieces.map { piece in
      switch piece {
      case .words(let words): words
      case .formula(let node, _): node.linear
      }
    }.joined()
  }

  /// Whether two texts are written alike.
  public static func == (left: RichText, right: RichText) -> Bool { left.markup == right.markup }

  /// Hashes the mark-up.
  public func hash(into hasher: inout Hasher) { hasher.combine(markup) }

  /// Breaks a text at blanks outside of formulas into lines no wider than `width` where that is
  /// possible.
  static func lines(
    _ text: RichText, width: Double, style: TextStyle, measurer: any TextMeasurer
  ) -> [RichText] {
    if text.isEmpty { return [] }
    if measurer.width(of: text, style: style) <= width { return [text] }
    var parts: [[Piece]] = [[]]
    for piece in text.pieces {
      guard case .words(let words) = piece else {
        parts[parts.count - 1].append(piece)
        continue
      }
      for (index, word) in words.split(separator: " ", omittingEmptySubsequences: false)
        .enumerated()
      {
        if index > 0 { parts.append([]) }
        if !word.isEmpty { parts[parts.count - 1].append(.words(String(word))) }
      }
    }
    var lines: [RichText] = []
    for part in parts where !part.isEmpty {
      let longer = lines.last.map { RichText(pieces: $0.pieces + [.words(" ")] + part) }
      if let longer, measurer.width(of: longer, style: style) <= width {
        lines[lines.count - 1] = longer
      } else {
        lines.append(RichText(pieces: part))
      }
    }
    return lines
  }
}

extension RichText: Codable {
  /// Reads the mark-up.
  public init(from decoder: any Decoder) throws {
    try self.init(decoder.singleValueContainer().decode(String.self))
  }

  /// Writes the mark-up.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(markup)
  }
}
