internal import CMarkdown

/// Reads CommonMark with tables, footnotes, formulas and values.
public enum Markdown {
  /// Reads a text that stands outside the source, such as a caption.
  ///
  /// It may hold any prose but headings of chapters, footnotes and code of the program.
  public static func parse(
    _ text: String, at location: SourceLocation
  ) throws(LiterateError) -> [Block] {
    let lines = ChapterSource.linesOf(text).map { ProseLine($0, line: location.line, column: 0) }
    let parsed = try parse(
      lines: lines, file: location.file, context: location.context ?? "text", pieces: [])
    return parsed.items.compactMap { if case .block(let block) = $0 { block } else { nil } }
  }

  /// Reads a text of one paragraph, such as a title or a cell of a table.
  public static func inlines(
    _ text: String, at location: SourceLocation
  ) throws(LiterateError) -> [Inline] {
    var result: [Inline] = []
    for block in try parse(text, at: location) {
      switch block.kind {
      case .paragraph(let inlines):
        if !result.isEmpty { result.append(.text(" ")) }
        result += inlines
      case .equation(let equation): result.append(.math(.style(isDisplay: true, equation.math)))
      default: result.append(.text(text))
      }
    }
    return result
  }

  /// What a parse gives: blocks of prose and the places of code, in order.
  struct Parsed {
    enum Item {
      case block(Block)
      case piece(Piece)
    }
    var items: [Item] = []
    var footnotes: [Footnote] = []
  }

  static func parse(
    lines: [ProseLine], file: String, context: String?, pieces: [Piece]
  ) throws(LiterateError) -> Parsed {
    let prose = try Lifter.lift(lines, file: file, context: context)
    _ = registered
    let options = CMARK_OPT_SMART | CMARK_OPT_FOOTNOTES
    guard let parser = cmark_parser_new(options) else { preconditionFailure("out of memory") }
    defer { cmark_parser_free(parser) }
    if let table = cmark_find_syntax_extension("table") {
      cmark_parser_attach_syntax_extension(parser, table)
    }
    prose.markdown.withUnsafeBytes { bytes in
      cmark_parser_feed(
        parser, bytes.baseAddress?.assumingMemoryBound(to: CChar.self), bytes.count)
    }
    guard let root = cmark_parser_finish(parser) else { preconditionFailure("out of memory") }
    defer { cmark_node_free(root) }
    var converter = Converter(prose: prose, file: file, context: context, pieces: pieces)
    let parsed = try converter.document(root)
    try checkFootnotes(lines, parsed: parsed, file: file, context: context)
    return parsed
  }

  private static let registered: Bool = {
    cmark_gfm_core_extensions_ensure_registered()
    return true
  }()

  /// cmark drops a footnote that nothing refers to without a word; the reader would miss it.
  private static func checkFootnotes(
    _ lines: [ProseLine], parsed: Parsed, file: String, context: String?
  ) throws(LiterateError) {
    let used = Set(parsed.footnotes.flatMap { $0.blocks.map(\.line) })
    for line in lines where line.text.hasPrefix("[^") {
      guard let close = line.text.firstIndex(of: "]"),
        line.text[line.text.index(after: close)...].hasPrefix(":"), !used.contains(line.line)
      else { continue }
      let name = String(line.text[line.text.index(line.text.startIndex, offsetBy: 2)..<close])
      throw LiterateError(
        .unusedFootnote(name), at: SourceLocation(file: file, line: line.line, context: context))
    }
  }
}

/// Turns cmark's tree into ours.
private struct Converter {
  let prose: LiftedProse
  let file: String
  let context: String?
  let pieces: [Piece]
  /// Numbers of footnotes by their definitions, in order of first reference.
  var footnotes: [OpaquePointer: Int] = [:]
  var lastLine = 1
  /// Where each line of the lifted prose begins.
  let lineStarts: [Int]

  init(prose: LiftedProse, file: String, context: String?, pieces: [Piece]) {
    self.prose = prose
    lineStarts = prose.lineStarts
    self.file = file
    self.context = context
    self.pieces = pieces
  }

  func error(_ problem: LiterateError.Problem, line: Int) -> LiterateError {
    LiterateError(problem, at: SourceLocation(file: file, line: line, context: context))
  }

  mutating func line(of node: OpaquePointer) -> Int {
    let index = Int(cmark_node_get_start_line(node)) - 1
    if prose.lineNumbers.indices.contains(index) { lastLine = prose.lineNumbers[index] }
    return lastLine
  }

  static func children(of node: OpaquePointer) -> [OpaquePointer] {
    var result: [OpaquePointer] = []
    var child = cmark_node_first_child(node)
    while let current = child {
      result.append(current)
      child = cmark_node_next(current)
    }
    return result
  }

  static func literal(_ node: OpaquePointer) -> String {
    cmark_node_get_literal(node).map { String(cString: $0) } ?? ""
  }

  static func type(_ node: OpaquePointer) -> String {
    cmark_node_get_type_string(node).map { String(cString: $0) } ?? ""
  }

  // MARK: - Blocks

  mutating func document(_ root: OpaquePointer) throws(LiterateError) -> Markdown.Parsed {
    var parsed = Markdown.Parsed()
    for node in Self.children(of: root) {
      if cmark_node_get_type(node) == CMARK_NODE_FOOTNOTE_DEFINITION {
        let number = parsed.footnotes.count + 1
        parsed.footnotes.append(Footnote(number: number, blocks: try blocks(in: node)))
      } else if cmark_node_get_type(node) == CMARK_NODE_HTML_BLOCK,
        let index = Self.pieceIndex(Self.literal(node)), pieces.indices.contains(index)
      {
        parsed.items.append(.piece(pieces[index]))
      } else {
        for block in try block(node) {
          var before: [Block] = []
          if case .block(let last)? = parsed.items.last { before = [last] }
          if try Self.isCaption(block, of: &before, error: error) {
            parsed.items[parsed.items.count - 1] = .block(before[0])
          } else {
            parsed.items.append(.block(block))
          }
        }
      }
    }
    return parsed
  }

  /// Gives the last of the blocks its caption, if the new one is the caption of a table.
  static func isCaption(
    _ block: Block, of blocks: inout [Block],
    error: (LiterateError.Problem, Int) -> LiterateError
  ) throws(LiterateError) -> Bool {
    guard case .paragraph(var inlines) = block.kind, case .text(let text)? = inlines.first,
      text.hasPrefix("Table: ")
    else { return false }
    inlines[0] = .text(String(text.dropFirst("Table: ".count)))
    guard case .text(let tail)? = inlines.last, tail.hasSuffix("}"),
      let mark = tail.firstRange(of: "{#tbl:")
    else { throw error(.captionWithoutName, block.line) }
    let name = String(tail[mark.upperBound...].dropLast())
    guard !name.isEmpty, name.utf8.allSatisfy(ValueReference.isNameByte) else {
      throw error(.captionWithoutName, block.line)
    }
    var end = tail[..<mark.lowerBound]
    while end.last == " " { end.removeLast() }
    inlines[inlines.count - 1] = .text(String(end))
    guard let last = blocks.indices.last, case .table(var table) = blocks[last].kind,
      table.name == nil
    else { throw error(.captionWithoutTable, block.line) }
    table.name = name
    table.caption = inlines
    blocks[last].kind = .table(table)
    return true
  }

  static func pieceIndex(_ html: String) -> Int? {
    guard html.hasPrefix("<!--piece ") else { return nil }
    return Int(html.dropFirst("<!--piece ".count).prefix { $0.isNumber })
  }

  mutating func blocks(in node: OpaquePointer) throws(LiterateError) -> [Block] {
    var result: [Block] = []
    for child in Self.children(of: node) {
      for block in try block(child) {
        if try !Self.isCaption(block, of: &result, error: error) { result.append(block) }
      }
    }
    return result
  }

  mutating func block(_ node: OpaquePointer) throws(LiterateError) -> [Block] {
    let line = line(of: node)
    let type = cmark_node_get_type(node)
    switch type {
    case CMARK_NODE_PARAGRAPH: return try paragraph(node, line: line)
    case CMARK_NODE_HEADING:
      let level = Int(cmark_node_get_heading_level(node))
      return [
        Block(.heading(level: level, anchor: "", try inlines(in: node, line: line)), line: line)
      ]
    case CMARK_NODE_BLOCK_QUOTE: return [Block(.quote(try blocks(in: node)), line: line)]
    case CMARK_NODE_LIST:
      var items: [[Block]] = []
      for item in Self.children(of: node) { items.append(try blocks(in: item)) }
      let isOrdered = cmark_node_get_list_type(node) == CMARK_ORDERED_LIST
      return [
        Block(
          .list(
            List(
              start: isOrdered ? Int(cmark_node_get_list_start(node)) : nil,
              isTight: cmark_node_get_list_tight(node) != 0, items: items)),
          line: line)
      ]
    case CMARK_NODE_CODE_BLOCK:
      let info = cmark_node_get_fence_info(node).map { String(cString: $0) } ?? ""
      var text = restored(Self.literal(node))
      if text.hasSuffix("\n") { text.removeLast() }
      return [
        Block(
          .code(language: String(info.prefix { $0 != " " }), text: text), line: line)
      ]
    case CMARK_NODE_THEMATIC_BREAK: return [Block(.divider, line: line)]
    case CMARK_NODE_HTML_BLOCK:
      let html = Self.literal(node)
      if html.hasPrefix("<!--") { return [] }
      throw error(.rawHTML(String(html.prefix { $0 != "\n" }.prefix(40))), line: line)
    default:
      if Self.type(node) == "table" { return [try table(node, line: line)] }
      return []
    }
  }

  /// A paragraph, cut where formulas stand on their own lines.
  mutating func paragraph(_ node: OpaquePointer, line: Int) throws(LiterateError) -> [Block] {
    var result: [Block] = []
    var current: [Inline] = []
    for part in try parts(in: node, line: line) {
      switch part {
      case .inline(let inline): current.append(inline)
      case .equation(let equation, let equationLine):
        if let block = Self.paragraph(current, line: line) { result.append(block) }
        current = []
        result.append(Block(.equation(equation), line: equationLine))
      }
    }
    if let block = Self.paragraph(current, line: line) { result.append(block) }
    return result
  }

  static func paragraph(_ inlines: [Inline], line: Int) -> Block? {
    var inlines = inlines
    if case .text(var text)? = inlines.first {
      while text.first == " " { text.removeFirst() }
      inlines[0] = .text(text)
    }
    if case .text(var text)? = inlines.last {
      while text.last == " " { text.removeLast() }
      inlines[inlines.count - 1] = .text(text)
    }
    inlines.removeAll { $0 == .text("") }
    return inlines.isEmpty ? nil : Block(.paragraph(inlines), line: line)
  }

  mutating func table(_ node: OpaquePointer, line: Int) throws(LiterateError) -> Block {
    let columns = Int(cmark_gfm_extensions_get_table_columns(node))
    let marks = cmark_gfm_extensions_get_table_alignments(node)
    let alignments = (0..<columns).map { column -> Table.Alignment in
      switch marks?[column] {
      case UInt8(ascii: "r"): .trailing
      case UInt8(ascii: "c"): .center
      default: .leading
      }
    }
    var rows: [[[Inline]]] = []
    for row in Self.children(of: node) {
      let place = self.line(of: row)
      let found = cellCount(of: row)
      guard found == columns else {
        throw error(.raggedTable(found: found, expected: columns), line: place)
      }
      var cells: [[Inline]] = []
      for cell in Self.children(of: row) { cells.append(try inlines(in: cell, line: line)) }
      rows.append(cells)
    }
    let header = rows.isEmpty ? [] : rows.removeFirst()
    return Block(.table(Table(alignments: alignments, header: header, rows: rows)), line: line)
  }

  /// The cells that the source of a table's row has; cmark fills up and cuts off without a word.
  func cellCount(of row: OpaquePointer) -> Int {
    let index = Int(cmark_node_get_start_line(row)) - 1
    guard lineStarts.indices.contains(index) else { return 0 }
    let start = lineStarts[index] + max(0, Int(cmark_node_get_start_column(row)) - 1)
    let line = prose.markdown[start...].prefix { $0 != UInt8(ascii: "\n") }
    var bars: [Int] = []
    var isEscaped = false
    for (index, byte) in line.enumerated() {
      if byte == UInt8(ascii: "|"), !isEscaped { bars.append(index) }
      isEscaped = byte == UInt8(ascii: "\\") && !isEscaped
    }
    let text = line.enumerated().filter { $0.element != 32 }
    // Bars at both ends are frames, all others separate.
    var count = bars.count + 1
    if let first = text.first, first.offset == bars.first { count -= 1 }
    if let last = text.last, text.count > 1, last.offset == bars.last { count -= 1 }
    return count
  }

  // MARK: - Running text

  /// A part of a paragraph.
  enum Part {
    case inline(Inline)
    case equation(Equation, line: Int)
  }

  mutating func inlines(in node: OpaquePointer, line: Int) throws(LiterateError) -> [Inline] {
    try parts(in: node, line: line).map { part in
      switch part {
      case .inline(let inline): inline
      // Inside emphasis, a heading or a cell there is no line of its own.
      case .equation(let equation, _): .math(.style(isDisplay: true, equation.math))
      }
    }
  }

  mutating func parts(in node: OpaquePointer, line: Int) throws(LiterateError) -> [Part] {
    var result: [Part] = []
    var text = ""
    for child in Self.children(of: node) {
      switch cmark_node_get_type(child) {
      case CMARK_NODE_TEXT: text += Self.literal(child)
      case CMARK_NODE_SOFTBREAK: text += " "
      default:
        try append(text, to: &result, line: line)
        text = ""
        result.append(.inline(try inline(child, line: line)))
      }
    }
    try append(text, to: &result, line: line)
    return result
  }

  mutating func inline(_ node: OpaquePointer, line: Int) throws(LiterateError) -> Inline {
    switch cmark_node_get_type(node) {
    case CMARK_NODE_EMPH: return .emphasis(try inlines(in: node, line: line))
    case CMARK_NODE_STRONG: return .strong(try inlines(in: node, line: line))
    case CMARK_NODE_CODE: return .code(restored(Self.literal(node)))
    case CMARK_NODE_LINEBREAK: return .lineBreak
    case CMARK_NODE_LINK:
      let url = cmark_node_get_url(node).map { String(cString: $0) } ?? ""
      return .link(destination: url, try inlines(in: node, line: line))
    case CMARK_NODE_FOOTNOTE_REFERENCE: return .footnote(Int(Self.literal(node)) ?? 0)
    case CMARK_NODE_IMAGE: throw error(.image, line: line)
    default: throw error(.rawHTML(Self.literal(node)), line: line)
    }
  }

  /// Adds a text with what was lifted out of it put back.
  func append(_ text: String, to parts: inout [Part], line: Int) throws(LiterateError) {
    if let name = Self.undefinedFootnote(text) { throw error(.unknownFootnote(name), line: line) }
    var plain = ""
    var index: String?
    func flush() {
      // A percent sign stays with its number, and a number with the sign that it is equal to.
      plain = plain.keepingPercentSigns
      if case .inline(.math)? = parts.last, plain.hasPrefix(" = ") {
        plain = "\u{00A0}=\u{00A0}" + plain.dropFirst(3)
      }
      if !plain.isEmpty { parts.append(.inline(.text(plain))) }
      plain = ""
    }
    for scalar in text.unicodeScalars {
      if scalar == LiftedProse.open {
        flush()
        index = ""
      } else if scalar == LiftedProse.close {
        if let number = index.flatMap(Int.init) { parts.append(part(prose.lifted[number])) }
        index = nil
      } else if index != nil {
        index?.unicodeScalars.append(scalar)
      } else {
        plain.unicodeScalars.append(scalar)
      }
    }
    flush()
  }

  func part(_ lifted: Lifted) -> Part {
    switch lifted {
    case .math(let math, _): .inline(.math(math))
    case .equation(let equation, _, let line): .equation(equation, line: line)
    case .reference(let reference, _): .inline(.reference(reference))
    case .crossReference(let reference, _): .inline(.crossReference(reference))
    case .citation(let citation, _): .inline(.citation(citation))
    }
  }

  /// The text as it was written, for code.
  func restored(_ text: String) -> String {
    guard text.unicodeScalars.contains(LiftedProse.open) else { return text }
    var result = ""
    var index: String?
    for scalar in text.unicodeScalars {
      if scalar == LiftedProse.open {
        index = ""
      } else if scalar == LiftedProse.close {
        if let number = index.flatMap(Int.init) { result += prose.lifted[number].source }
        index = nil
      } else if index != nil {
        index?.unicodeScalars.append(scalar)
      } else {
        result.unicodeScalars.append(scalar)
      }
    }
    return result
  }

  /// The name in `[^name]` left over in a text: cmark leaves it when there is no definition.
  static func undefinedFootnote(_ text: String) -> String? {
    var rest = text[...]
    while let open = rest.firstIndex(of: "[") {
      rest = rest[rest.index(after: open)...]
      guard rest.first == "^" else { continue }
      let name = rest.dropFirst().prefix { $0 != "]" && $0 != " " }
      if !name.isEmpty, name.endIndex < rest.endIndex, rest[name.endIndex] == "]" {
        return String(name)
      }
    }
    return nil
  }
}

extension String {
  /// The text with a space that does not break between a digit and a percent sign.
  fileprivate var keepingPercentSigns: String {
    guard contains("%") else { return self }
    var result: [Character] = []
    for character in self {
      if character == "%", result.count > 1, result[result.count - 1] == " ",
        result[result.count - 2].isNumber
      {
        result[result.count - 1] = "\u{00A0}"
      }
      result.append(character)
    }
    return String(result)
  }
}
