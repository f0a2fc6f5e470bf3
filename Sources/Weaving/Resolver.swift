import Literate

/// Fills recorded values and cross-references into running text.
struct Resolver {
  /// What a chapter can refer to.
  struct Labels {
    var chapterNumber: Int
    var figures: [String: Int] = [:]
    var tables: [String: Int] = [:]
    var equations: [String: Int] = [:]
    /// The chapters of the book by name; nil when a chapter lies apart from all others.
    var chapters: [String: Int]?
  }

  /// The chapter's source, as errors name it.
  private let file: String
  private let values: [String: ValueRecord]
  private let labels: Labels
  private let bibliography: Bibliography
  /// The names that some text has quoted.
  private(set) var used: Set<String> = []
  /// The keys of the works that some text has cited.
  private(set) var cited: Set<String> = []

  init(file: String, values: [ValueRecord], labels: Labels, bibliography: Bibliography) {
    self.file = file
    self.values = Dictionary(values.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
    self.labels = labels
    self.bibliography = bibliography
  }

  // MARK: - Values

  private mutating func value(_ reference: ValueReference) throws(WeavingError) -> ValueRecord {
    guard let value = values[reference.name] else {
      throw .unknownValue(
        reference, nearest: nearestNames(to: reference.name, among: Array(values.keys)))
    }
    used.insert(reference.name)
    return value
  }

  private mutating func number(
    _ record: ValueRecord, _ reference: ValueReference
  ) throws(WeavingError) -> NumberText {
    guard let number = NumberText(record, part: reference.part) else {
      throw .missingPart(reference)
    }
    return number
  }

  mutating func inlines(_ reference: ValueReference) throws(WeavingError) -> [Inline] {
    let record = try value(reference)
    if let text = record.text, reference.part == .value {
      return [.text(ChapterWeave.withMinus(text))]
    }
    return try number(record, reference).inlines
  }

  mutating func math(_ reference: ValueReference) throws(WeavingError) -> MathNode {
    let record = try value(reference)
    if let text = record.text, reference.part == .value { return .text(text) }
    return try number(record, reference).math
  }

  // MARK: - Running text

  mutating func resolve(_ inlines: [Inline]) throws(WeavingError) -> [Inline] {
    var result: [Inline] = []
    for inline in inlines {
      if case .citation(let citation) = inline {
        result += try self.inlines(citation)
      } else {
        result.append(try resolve(inline))
      }
    }
    return result
  }

  private mutating func resolve(_ inline: Inline) throws(WeavingError) -> Inline {
    switch inline {
    case .emphasis(let inner): .emphasis(try resolve(inner))
    case .strong(let inner): .strong(try resolve(inner))
    case .superscript(let inner): .superscript(try resolve(inner))
    case .link(let destination, let inner):
      .link(destination: destination, try resolve(inner))
    case .math(let node): .math(try resolve(node))
    case .reference(let reference): .value(name: reference.name, try inlines(reference))
    case .crossReference(let reference): try link(reference)
    case .text, .code, .lineBreak, .value, .citation, .footnote: inline
    }
  }

  mutating func resolve(_ node: MathNode) throws(WeavingError) -> MathNode {
    try node.mapped { (node) throws(WeavingError) -> MathNode in
      guard case .reference(let reference) = node else { return node }
      return .value(name: reference.name, try math(reference))
    }
  }

  /// Links are to `#fig:name`...; printers make their own ids of these.
  private func link(_ reference: CrossReference) throws(WeavingError) -> Inline {
    let table: [String: Int]
    let word: String
    switch reference.kind {
    case .figure: (table, word) = (labels.figures, "Figure")
    case .table: (table, word) = (labels.tables, "Table")
    case .equation: (table, word) = (labels.equations, "Equation")
    case .chapter:
      guard let chapters = labels.chapters else {
        // A chapter that lies apart knows no others: the name itself is the text.
        return .link(
          destination: "#ch:\(reference.name)",
          [.text("chapter “\(reference.name)”")])
      }
      (table, word) = (chapters, "Chapter")
    }
    guard let number = table[reference.name] else {
      throw .unknownCrossReference(
        reference, nearest: nearestNames(to: reference.name, among: Array(table.keys)))
    }
    let text =
      reference.kind == .chapter
      ? "\(word)\u{00A0}\(number)" : "\(word)\u{00A0}\(labels.chapterNumber).\(number)"
    return .link(
      destination: "#\(reference.kind.rawValue):\(reference.name)", [.text(text)])
  }

  // MARK: - Citations

  /// The authors and years, linked to `#ref:key`.
  private mutating func inlines(_ citation: Citation) throws(WeavingError) -> [Inline] {
    var result: [Inline] = citation.style == .parenthetical ? [.text("(")] : []
    for (index, item) in citation.items.enumerated() {
      guard let work = bibliography[item.key] else {
        throw .unknownCitation(
          key: item.key, at: citation.location, bibliography: bibliography.file,
          nearest: nearestNames(to: item.key, among: bibliography.works.map(\.key)))
      }
      cited.insert(item.key)
      if index > 0 { result.append(.text("; ")) }
      func link(_ text: String) -> Inline {
        .link(destination: "#ref:\(item.key)", [.text(text)])
      }
      switch citation.style {
      case .parenthetical: result.append(link("\(work.shortAuthors) \(work.label)"))
      case .narrative: result.append(link("\(work.shortAuthors) (\(work.label))"))
      }
      if !item.detail.isEmpty { result.append(.text(", \(item.detail)")) }
    }
    return citation.style == .parenthetical ? result + [.text(")")] : result
  }

  /// The works cited so far, in the order of a list of references.
  var references: [WovenReference] {
    bibliography.works.filter { cited.contains($0.key) }.map(WovenReference.init).sorted {
      ($0.order, $0.key) < ($1.order, $1.key)
    }
  }

  // MARK: - Blocks of prose

  mutating func resolve(_ block: Block) throws(WeavingError) -> Block {
    var block = block
    switch block.kind {
    case .heading(let level, let anchor, let inlines):
      block.kind = .heading(level: level, anchor: anchor, try resolve(inlines))
    case .paragraph(let inlines): block.kind = .paragraph(try resolve(inlines))
    case .quote(let blocks): block.kind = .quote(try resolve(blocks))
    case .list(var list):
      var items: [[Block]] = []
      for item in list.items { items.append(try resolve(item)) }
      list.items = items
      block.kind = .list(list)
    case .equation(var equation):
      equation.math = try resolve(equation.math)
      block.kind = .equation(equation)
    case .table(var table):
      table.header = try resolve(table.header)
      table.caption = try resolve(table.caption)
      var rows: [[[Inline]]] = []
      for row in table.rows { rows.append(try resolve(row)) }
      table.rows = rows
      block.kind = .table(table)
    case .code("output", let text):
      block.kind = .code(language: "output", text: try output(text, at: block.line))
    case .code, .divider, .listing, .aside, .exercise, .solution: break
    }
    return block
  }

  /// What a program printed: in a block of the language `output`, a line that is `\(name)` alone stands
  /// for the text recorded under that name, lines and spaces as they are.
  private mutating func output(_ text: String, at line: Int) throws(WeavingError) -> String {
    var lines: [String] = []
    for (index, part) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated()
    {
      guard part.hasPrefix("\\("), part.hasSuffix(")") else {
        lines.append(String(part))
        continue
      }
      let reference = ValueReference(
        name: String(part.dropFirst(2).dropLast()),
        location: SourceLocation(file: file, line: line + 1 + index))
      let record = try value(reference)
      if let text = record.text {
        lines.append(text)
      } else {
        lines.append(try number(record, reference).inlines.plainText)
      }
    }
    return lines.joined(separator: "\n")
  }

  mutating func resolve(_ blocks: [Block]) throws(WeavingError) -> [Block] {
    var result: [Block] = []
    for block in blocks { result.append(try resolve(block)) }
    return result
  }

  private mutating func resolve(_ cells: [[Inline]]) throws(WeavingError) -> [[Inline]] {
    var result: [[Inline]] = []
    for cell in cells { result.append(try resolve(cell)) }
    return result
  }

  // MARK: - Texts of the record

  /// Reads and resolves a text that the program recorded.
  mutating func text(
    _ markdown: String, at location: SourceLocation
  ) throws(WeavingError) -> [Inline] {
    let inlines: [Inline]
    do {
      inlines = try Markdown.inlines(markdown, at: location)
    } catch {
      throw .source(error)
    }
    return try resolve(inlines)
  }
}
