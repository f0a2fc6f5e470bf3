import Foundation
import Literate

/// Joins a chapter's document with the record of its run.
struct ChapterWeave {
  /// Everything that belongs to one chapter, read from disk.
  struct Input {
    var document: Document
    var record: ChapterRecord
    var build: BuildRecord?
    var folder: URL
    /// The chapters of the book; nil when this one lies apart from all others.
    var chapters: [String: Int]?
    var bibliography: Bibliography
  }

  /// Something that the program showed, waiting for its place.
  private struct Event {
    var line: Int
    var kind: String
    var name: String
    var block: WovenBlock
  }

  private let input: Input
  private var resolver: Resolver
  private var labels: Resolver.Labels
  private var events: [Event] = []
  private var exercises = 0

  static func weave(_ input: Input) throws(WeavingError) -> WovenChapter {
    var weave = try ChapterWeave(input)
    return try weave.chapter()
  }

  private init(_ input: Input) throws(WeavingError) {
    self.input = input
    labels = Resolver.Labels(chapterNumber: input.record.number)
    labels.chapters = input.chapters
    let file = input.document.file
    func number(
      _ kind: String, _ items: [(name: String, line: Int)]
    ) throws(WeavingError) -> [String: Int] {
      var result: [String: Int] = [:]
      for item in items {
        let place = SourceLocation(file: file, line: item.line)
        guard result[item.name] == nil else {
          throw .duplicateName(kind: kind, name: item.name, at: place)
        }
        result[item.name] = result.count + 1
      }
      return result
    }
    let record = input.record
    labels.figures = try number(
      "figure", Self.ordered(record.figures, by: \.line).map { ($0.name, $0.line) })
    let tables =
      record.tables.map { (name: $0.name, line: $0.line) } + Self.tables(in: input.document.blocks)
    labels.tables = try number("table", Self.ordered(tables, by: \.line))
    labels.equations = try number("formula", Self.equations(in: input.document.blocks))
    _ = try number("claim", record.claims.map { ($0.name, $0.line) })
    _ = try number("value", record.values.map { ($0.name, $0.line) })
    resolver = Resolver(
      file: file, values: record.values, labels: labels, bibliography: input.bibliography)
  }

  /// In order of lines; what comes from one line stays in the order in which it was shown.
  private static func ordered<Item>(_ items: [Item], by line: KeyPath<Item, Int>) -> [Item] {
    items.enumerated().sorted {
      ($0.element[keyPath: line], $0.offset) < ($1.element[keyPath: line], $1.offset)
    }.map(\.element)
  }

  private static func equations(in blocks: [Block]) -> [(name: String, line: Int)] {
    names(in: blocks) { if case .equation(let equation) = $0 { equation.name } else { nil } }
  }

  private static func tables(in blocks: [Block]) -> [(name: String, line: Int)] {
    names(in: blocks) { if case .table(let table) = $0 { table.name } else { nil } }
  }

  /// The names that blocks give themselves, with their lines, in order.
  private static func names(
    in blocks: [Block], _ name: (Block.Kind) -> String?
  ) -> [(name: String, line: Int)] {
    blocks.flatMap { block -> [(name: String, line: Int)] in
      switch block.kind {
      case .quote(let inner), .aside(_, let inner), .exercise(_, _, let inner),
        .solution(let inner):
        names(in: inner, name)
      case .list(let list): list.items.flatMap { names(in: $0, name) }
      default: name(block.kind).map { [($0, block.line)] } ?? []
      }
    }
  }

  private mutating func chapter() throws(WeavingError) -> WovenChapter {
    let record = input.record
    let title = try resolver.resolve(input.document.title)
    let claims = try collectEvents()
    let blocks = try place(input.document.blocks)
    var footnotes: [Footnote] = []
    for note in input.document.footnotes {
      footnotes.append(Footnote(number: note.number, blocks: try resolver.resolve(note.blocks)))
    }
    for value in record.values where !value.quiet && !resolver.used.contains(value.name) {
      throw .unusedValue(name: value.name, at: place(value.line))
    }
    return WovenChapter(
      file: input.document.file, slug: record.chapter, number: record.number, title: title,
      blocks: blocks,
      footnotes: footnotes, claims: claims, references: resolver.references, record: record,
      build: input.build,
      command: Self.command(chapter: record.chapter, profile: record.profile))
  }

  /// The command that makes a chapter anew.
  static func command(chapter: String, profile: String = "course") -> String {
    profile == "course" ? "./build.sh \(chapter)" : "./build.sh --profile \(profile) \(chapter)"
  }

  private func place(_ line: Int, _ context: String? = nil) -> SourceLocation {
    SourceLocation(file: input.document.file, line: line, context: context)
  }

  private var command: String {
    Self.command(chapter: input.record.chapter, profile: input.record.profile)
  }

  // MARK: - What the program showed

  private mutating func collectEvents() throws(WeavingError) -> [WovenClaim] {
    var claims: [WovenClaim] = []
    for record in Self.ordered(input.record.claims, by: \.line) {
      let name = "claim '\(record.name)'"
      let claim = WovenClaim(
        record: record, number: claims.count + 1,
        statement: try resolver.text(
          record.statement, at: place(record.line, "the statement of \(name)")),
        theory: try resolver.text(record.theory, at: place(record.line, "the theory of \(name)")),
        rule: try resolver.text(record.rule, at: place(record.line, "the rule of \(name)")),
        reason: try resolver.text(
          record.reason, at: place(record.verdictLine ?? record.line, "the reason of \(name)")))
      claims.append(claim)
      events.append(
        Event(line: record.line, kind: "claim", name: record.name, block: .claim(claim)))
      if let line = record.verdictLine {
        events.append(
          Event(
            line: line, kind: "the verdict on", name: record.name, block: .verdict(claim)))
      }
    }
    for record in Self.ordered(input.record.figures, by: \.line) {
      events.append(
        Event(
          line: record.line, kind: "figure", name: record.name,
          block: .figure(try figure(record))))
    }
    for record in Self.ordered(input.record.tables, by: \.line) {
      events.append(
        Event(
          line: record.line, kind: "table", name: record.name, block: .table(try table(record))))
    }
    events = Self.ordered(events, by: \.line)
    return claims
  }

  private mutating func figure(_ record: FigureRecord) throws(WeavingError) -> WovenFigure {
    let place = place(record.line)
    guard record.caption.contains(where: { !$0.isWhitespace }) else {
      throw .noCaption(kind: "figure", name: record.name, at: place)
    }
    guard record.alternativeText.contains(where: { !$0.isWhitespace }) else {
      throw .noAlternativeText(figure: record.name, at: place)
    }
    func read(_ ending: String) throws(WeavingError) -> String {
      let url = input.folder.appendingPathComponent("\(record.name).\(ending)")
      guard let text = try Files.text(url) else {
        throw .missingFigureFile(
          path: url.relativePath, figure: record.name, at: place, command: command)
      }
      return text
    }
    let svg = try read("svg")
    if let reason = SVG.fault(in: svg) {
      let url = input.folder.appendingPathComponent("\(record.name).svg")
      throw .badFigureFile(path: url.relativePath, reason: reason, command: command)
    }
    return WovenFigure(
      record: record, number: labels.figures[record.name] ?? 0,
      caption: try resolver.text(
        record.caption, at: self.place(record.line, "the caption of figure '\(record.name)'")),
      svg: svg, csv: try read("csv"))
  }

  private mutating func table(_ record: TableRecord) throws(WeavingError) -> WovenTable {
    let place = place(record.line)
    guard record.caption.contains(where: { !$0.isWhitespace }) else {
      throw .noCaption(kind: "table", name: record.name, at: place)
    }
    let context = self.place(record.line, "table '\(record.name)'")
    var header: [[Inline]] = []
    for column in record.columns { header.append(try resolver.text(column.title, at: context)) }
    var rows: [[[Inline]]] = []
    for (index, cells) in record.rows.enumerated() {
      guard cells.count == record.columns.count else {
        throw .raggedTable(
          name: record.name, row: index + 1, found: cells.count,
          expected: record.columns.count, at: place)
      }
      var row: [[Inline]] = []
      for cell in cells { row.append(try resolver.text(Self.withMinus(cell), at: context)) }
      rows.append(row)
    }
    return WovenTable(
      record: record, number: labels.tables[record.name] ?? 0,
      caption: try resolver.text(
        record.caption, at: self.place(record.line, "the caption of table '\(record.name)'")),
      header: header, rows: rows)
  }

  /// A hyphen before a digit at the beginning of a number becomes a minus sign.
  static func withMinus(_ cell: String) -> String {
    guard cell.contains("-"), !cell.contains("$"), !cell.contains("`") else { return cell }
    let characters = Array(cell)
    var result = ""
    for (index, character) in characters.enumerated() {
      let startsNumber = index == 0 || " [(,".contains(characters[index - 1])
      let next = index + 1 < characters.count ? characters[index + 1] : " "
      result.append(
        character == "-" && startsNumber && (next.isNumber || next == ".") ? "\u{2212}" : character)
    }
    return result
  }

  // MARK: - Places

  private mutating func place(_ blocks: [Block]) throws(WeavingError) -> [WovenBlock] {
    let result = try weave(blocks)
    if let event = events.first {
      throw .staleLine(
        kind: event.kind, name: event.name, at: place(event.line), command: command)
    }
    return result
  }

  private mutating func weave(_ blocks: [Block]) throws(WeavingError) -> [WovenBlock] {
    var result: [WovenBlock] = []
    for block in blocks {
      switch block.kind {
      case .listing(let listing):
        result.append(.listing(listing))
        result += takeEvents(in: [listing.lines])
      case .aside(let title, let inner):
        // What an aside shows stands behind it: a fold must not hide a figure.
        let shown = takeEvents(in: inner.compactMap(Self.lines))
        result.append(.aside(title: title, line: block.line, try weave(inner)))
        result += shown
      case .exercise(let anchor, let title, let inner):
        exercises += 1
        let number = exercises
        result.append(
          .exercise(
            anchor: anchor, number: number, title: try resolver.resolve(title),
            try weave(inner)))
      case .solution(let inner): result.append(.solution(try weave(inner)))
      case .equation(var equation):
        equation.math = try resolver.resolve(equation.math)
        result.append(
          .equation(equation, number: equation.name.flatMap { labels.equations[$0] } ?? 0))
      case .table(let table):
        guard let name = table.name, let number = labels.tables[name] else { fallthrough }
        result.append(.table(try woven(table, name: name, number: number, line: block.line)))
      default: result.append(.prose(try resolver.resolve(block)))
      }
    }
    return result
  }

  /// A table of the prose in the form of those that the program shows.
  private mutating func woven(
    _ table: Table, name: String, number: Int, line: Int
  ) throws(WeavingError) -> WovenTable {
    guard case .table(let table) = try resolver.resolve(Block(.table(table), line: line)).kind
    else { preconditionFailure("a table resolves to a table") }
    let columns = zip(table.header, table.alignments).map { title, alignment in
      let side: TableRecord.Column.Alignment =
        switch alignment {
        case .leading: .leading
        case .center: .center
        case .trailing: .trailing
        }
      return TableRecord.Column(title.plainText, alignment: side)
    }
    return WovenTable(
      record: TableRecord(
        name: name, caption: table.caption.plainText, columns: columns, rows: [], line: line),
      number: number, caption: table.caption, header: table.header, rows: table.rows)
  }

  private static func lines(_ block: Block) -> ClosedRange<Int>? {
    if case .listing(let listing) = block.kind { listing.lines } else { nil }
  }

  private mutating func takeEvents(in ranges: [ClosedRange<Int>]) -> [WovenBlock] {
    func belongs(_ event: Event) -> Bool { ranges.contains { $0.contains(event.line) } }
    let taken = events.filter(belongs)
    if !taken.isEmpty { events.removeAll(where: belongs) }
    return taken.map(\.block)
  }
}
