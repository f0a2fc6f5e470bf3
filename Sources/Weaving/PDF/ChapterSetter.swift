import CairoRendering
import Literate
import Plotting

/// Sets the blocks of one chapter as strips that follow one another.
final class ChapterSetter {
  let chapter: WovenChapter
  let text: TextSetter
  /// The pages of destinations, as the last pass found them; empty in the first.
  let places: [String: Int]
  /// The chapter's figures by name.
  let figures: [String: Drawing]
  var flow = FlowBuilder()
  private var shownNotes: Set<Int> = []
  private var isAfterParagraph = false
  /// What the appendix holds of this chapter.
  private(set) var asides: [(title: String, destination: String, blocks: [WovenBlock])] = []
  private(set) var solutions: [(number: Int, title: [Inline], blocks: [WovenBlock])] = []
  /// Headings for the contents: level, words, destination.
  private(set) var headings: [(level: Int, title: String, destination: String)] = []

  /// Where blocks stand.
  struct Column {
    var x = 0.0
    var width = Design.measure
    /// The width that listings, figures and tables may take.
    var fullWidth = Design.fullWidth
    var look = Design.text

    func inset(by amount: Double) -> Column {
      var copy = self
      copy.x += amount
      copy.width -= amount
      copy.fullWidth -= amount
      return copy
    }
  }

  init(
    _ chapter: WovenChapter, fonts: FontBook, hyphenation: Hyphenation,
    figures: [String: Drawing], places: [String: Int], chapters: Set<String>
  ) {
    self.chapter = chapter
    self.figures = figures
    self.places = places
    let slug = chapter.slug
    text = TextSetter(
      fonts: fonts, hyphenation: hyphenation,
      resolve: { Self.target($0, slug: slug, chapters: chapters) },
      noteDestination: { "\(slug)/note-\($0)" })
  }

  /// Links of the source (`#fig:name`) as destinations of the document.
  private static func target(
    _ destination: String, slug: String, chapters: Set<String>
  ) -> BookPage.LinkTarget {
    guard destination.hasPrefix("#") else { return .address(destination) }
    let name = destination.dropFirst()
    guard let colon = name.firstIndex(of: ":") else { return .place("\(slug)/\(name)") }
    let (kind, rest) = (name[..<colon], name[name.index(after: colon)...])
    if kind == "ch" { return .place(chapters.contains(String(rest)) ? "ch/\(rest)" : "contents") }
    if kind == "ref" { return .place("ref/\(rest)") }
    return .place("\(slug)/\(kind)-\(rest)")
  }

  func destination(_ name: String) -> String { "\(chapter.slug)/\(name)" }

  /// The page of a destination in words; wide enough in the first pass.
  func page(_ destination: String) -> String { places[destination].map(String.init) ?? "00" }

  // MARK: - The chapter

  func set() {
    let title = chapter.title.plainText
    flow.startPage(isOpening: true, head: "\(chapter.number)\u{2002}\(title)")
    setOpening()
    set(chapter.blocks, Column())
    setColophon()
  }

  private func setOpening() {
    flow.begin(before: 0)
    var slab = Slab(height: 64)
    slab.items.append(.destination("ch/\(chapter.slug)", Point(0, -20)))
    let kicker = Look(
      family: .sans, size: 8.6, leading: 12, color: Palette.print[.seriesText(1)], isStrong: true)
    slab.items += text.items("Chapter \(chapter.number)", kicker, at: Point(0, 58)).items
    flow.add(.slab(slab))
    flow.end(after: 0, staysWithNext: true)
    flow.begin(before: 0, element: "H1")
    let look = Design.heading(1)
    let lines = text.lines(
      chapter.title, look, width: 430, isRagged: true, hyphenates: false)
    for line in lines { flow.add(.slab(self.slab(line, look))) }
    flow.add(.space(22, stretch: 0))
    flow.end(after: 0, staysWithNext: true)
    if chapter.isSmoke { setSmokeNotice() }
  }

  private func setSmokeNotice() {
    let words: [Inline] = [
      .strong([.text("Smoke run.")]),
      .text(
        " These numbers come from a quick trial of the program with tiny settings. They prove "
          + "nothing, and no claim was judged."),
    ]
    flow.begin(before: 0)
    flow.add(
      .slab(
        box(width: Design.measure, color: Ink.bad) { width in
          self.text.lines(words, Design.caption, width: width).map {
            self.slab($0, Design.caption)
          }
        }))
    flow.end(after: 16)
  }

  // MARK: - Woven blocks

  func set(_ blocks: [WovenBlock], _ column: Column) {
    var index = 0
    while index < blocks.count {
      switch blocks[index] {
      case .prose(let block): set(block, column)
      case .equation(let equation, let number): setEquation(equation, number: number, column)
      case .listing(let listing):
        text.line = listing.lines.lowerBound
        setListing(listing.code, column, isProgram: true)
      case .aside:
        // Neighbours stand in one list.
        var group: [(title: String, blocks: [WovenBlock])] = []
        while index < blocks.count, case .aside(let title, _, let inner) = blocks[index] {
          group.append((title, inner))
          index += 1
        }
        index -= 1
        setAsides(group, column)
      case .exercise(let anchor, let number, let title, let inner):
        setExercise(anchor, number, title, inner, column)
      case .solution: break
      case .figure(let figure):
        text.line = figure.record.line
        setFigure(figure, column)
      case .table(let table):
        text.line = table.record.line
        setTable(table, column)
      case .claim(let claim):
        text.line = claim.record.line
        setClaim(claim, column)
      case .verdict(let claim):
        text.line = claim.record.verdictLine ?? claim.record.line
        setVerdict(claim, column)
      }
      index += 1
    }
  }

  // MARK: - Prose

  func set(_ blocks: [Block], _ column: Column) {
    for block in blocks { set(block, column) }
  }

  func set(_ block: Block, _ column: Column) {
    let wasAfterParagraph = isAfterParagraph
    isAfterParagraph = false
    text.line = block.line
    switch block.kind {
    case .heading(let level, let anchor, let words):
      setHeading(words, level: level, destination: destination(anchor), column)
    case .paragraph(let words): setParagraph(words, column, isNext: wasAfterParagraph)
    case .quote(let blocks):
      flow.begin(before: 6)
      flow.end(after: 0, staysWithNext: true)
      set(blocks, column.inset(by: Design.indent))
      isAfterParagraph = false
    case .list(let list): setList(list, column)
    case .code(let language, let code):
      setListing(
        code, column, isProgram: false, isSwift: language.isEmpty || language == "swift")
    case .equation(let equation): setEquation(equation, number: 0, column)
    case .table(let table):
      setGrid(
        header: table.header, rows: table.rows,
        alignments: table.alignments.map { alignment in
          switch alignment {
          case .leading: .leading
          case .center: .center
          case .trailing: .trailing
          }
        }, column)
    case .divider:
      flow.begin(before: 12)
      var slab = Slab(height: 1)
      slab.items.append(
        .fill(
          Rect(x: column.x + column.width / 2 - 36, y: 0, width: 72, height: 0.5), Ink.rule,
          radius: 0))
      flow.add(.slab(slab))
      flow.end(after: 12)
    case .listing, .aside, .exercise, .solution:
      preconditionFailure("\(block.kind) is woven, not printed as prose")
    }
  }

  /// A line as a strip; its baseline is where the look's leading wants it, unless it is too high.
  func slab(_ line: TypesetLine, _ look: Look, x: Double = 0) -> Slab {
    let usual = (look.leading - look.size) / 2 + 0.77 * look.size
    let baseline = max(usual, line.height + 1)
    let height = max(baseline + look.leading - usual, baseline + line.depth + 1)
    var slab = Slab(height: height)
    slab.items = line.items.map { $0.moved(x: x, y: baseline) }
    for number in line.notes where shownNotes.insert(number).inserted {
      if let note = noteSlab(number) { slab.notes.append(note) }
    }
    return slab
  }

  func slabs(_ lines: [TypesetLine], _ look: Look, x: Double = 0) -> [Slab] {
    lines.map { slab($0, look, x: x) }
  }

  func setParagraph(_ words: [Inline], _ column: Column, isNext: Bool = false) {
    let isBook = column.look.family == .serif
    let lines = text.lines(
      words, column.look, width: column.width, indent: isNext && isBook ? Design.indent : 0)
    guard !lines.isEmpty else { return }
    flow.begin(before: isNext && isBook ? 0 : 4, cost: 0, isJoined: isNext && isBook)
    flow.add(slabs(lines, column.look, x: column.x))
    flow.end(after: 8)
    isAfterParagraph = true
  }

  func setHeading(
    _ words: [Inline], level: Int, destination: String, _ column: Column, label: String = "",
    isListed: Bool = true
  ) {
    let look = Design.heading(level)
    let title = label.isEmpty ? words : [.text(label + "\u{2002}")] + words
    let space = level <= 2 ? 28.0 : level == 3 ? 20 : 14
    flow.begin(before: space, cost: -12, element: "H\(min(level, 6))")
    let lines = text.lines(
      title, look, width: column.fullWidth * 0.9, isRagged: true, hyphenates: false)
    for (index, line) in lines.enumerated() {
      var slab = slab(line, look, x: column.x)
      if index == 0 {
        slab.items.insert(.destination(destination, Point(0, -8)), at: 0)
        if isListed { headings.append((level, title.plainText, destination)) }
      }
      flow.add(.slab(slab))
    }
    flow.end(after: level <= 2 ? 8 : 5, staysWithNext: true)
    isAfterParagraph = false
  }

  private func setList(_ list: List, _ column: Column) {
    let inner = column.inset(by: 15)
    for (index, item) in list.items.enumerated() {
      // The mark stands beside the first line of the item's first paragraph.
      flow.begin(
        before: index == 0 ? 4 : list.isTight ? 1.5 : 5, isJoined: index > 0 && list.isTight)
      let mark = list.start.map { "\($0 + index)." } ?? "•"
      let markLook = column.look.colored(Ink.muted)
      var rest = item[...]
      if case .paragraph(let words)? = item.first?.kind {
        var strips = slabs(
          text.lines(words, inner.look, width: inner.width), inner.look, x: inner.x)
        if !strips.isEmpty {
          let baseline = (inner.look.leading - inner.look.size) / 2 + 0.77 * inner.look.size
          let shift = strips[0].height - inner.look.leading
          let place = Point(
            list.start == nil ? column.x + 3 : inner.x - 5 - text.width(mark, markLook),
            baseline + max(0, shift))
          strips[0].items.insert(contentsOf: text.items(mark, markLook, at: place).items, at: 0)
        }
        flow.add(strips)
        rest = rest.dropFirst()
      }
      flow.end(after: list.isTight ? 1.5 : 5)
      isAfterParagraph = false
      set(Array(rest), inner)
    }
    flow.end(after: 8)
    isAfterParagraph = false
  }

  // MARK: - Formulas

  private func setEquation(_ equation: Equation, number: Int, _ column: Column) {
    isAfterParagraph = false
    var formula = text.fonts.formula(equation.math, size: column.look.size, isDisplay: true)
    text.note(missing: formula.missing)
    let label = number > 0 ? "(\(chapter.number).\(number))" : ""
    let labelWidth = label.isEmpty ? 0 : text.width(label, column.look) + 14
    // Wider ones reach into the margin; what is wider still is broken, and in need set smaller.
    if formula.width + labelWidth > column.fullWidth {
      let lines = DisplayBreaker.lines(equation.math) { node in
        let wider = text.fonts.formula(node, size: column.look.size, isDisplay: true)
        return wider.width + labelWidth <= column.fullWidth
      }
      if let lines {
        formula = text.fonts.formula(lines, size: column.look.size, isDisplay: true)
      }
    }
    let room =
      formula.width + 2 * labelWidth <= column.width ? column.width : column.fullWidth
    if formula.width + labelWidth > room {
      let size = column.look.size * max(0.6, (room - labelWidth) / formula.width)
      formula = text.fonts.formula(equation.math, size: size, isDisplay: true)
    }
    var x = (room - formula.width) / 2
    if x + formula.width + labelWidth > room { x = max(0, room - labelWidth - formula.width) }
    flow.begin(before: 9, cost: 40, element: "Formula")
    var slab = Slab(height: formula.height + formula.depth + 2)
    let baseline = formula.height + 1
    if let name = equation.name {
      slab.items.append(.destination(destination("eq-\(name)"), Point(0, -8)))
    }
    slab.items += formula.items(at: Point(column.x + x, baseline), color: column.look.color)
    if !label.isEmpty {
      let end = column.x + room - text.width(label, column.look)
      slab.items += text.items(label, column.look, at: Point(end, baseline)).items
    }
    flow.add(.slab(slab))
    flow.end(after: 10)
  }

  // MARK: - Notes

  private func noteSlab(_ number: Int) -> Slab? {
    guard let note = chapter.footnotes.first(where: { $0.number == number }) else { return nil }
    let look = Design.note
    var result = Slab(height: 0)
    result.items.append(.destination(destination("note-\(number)"), Point(0, -4)))
    let line = text.line
    defer { text.line = line }
    for (index, block) in note.blocks.enumerated() {
      text.line = block.line
      let words: [Inline]
      switch block.kind {
      case .paragraph(let inlines): words = inlines
      case .equation(let equation): words = [.math(equation.math)]
      case .code(_, let code): words = [.code(code)]
      default: continue
      }
      let mark: [Inline] =
        index == 0 ? [.superscript([.text("\(number)")]), .text("\u{00A0}")] : []
      for line in text.lines(mark + words, look, width: Design.measure) {
        let strip = slab(line, look)
        result.add(strip, y: result.height)
        result.height += strip.height
      }
    }
    return result
  }

  /// The width within a box.
  static func boxWidth(_ width: Double) -> Double { width - 25 }

  /// Strips upon a panel with a coloured edge, as a box that stays whole.
  func box(width: Double, color: RGB, _ content: (Double) -> [Slab]) -> Slab {
    let strips = [Slab(height: 9)] + content(Self.boxWidth(width)) + [Slab(height: 10)]
    return Self.panel(strips, width: width, color: color)
  }

  /// A part of a box.
  static func panel(
    _ strips: [Slab], width: Double, height: Double = 0, color: RGB
  ) -> Slab {
    var slab = Slab(height: height)
    for strip in strips {
      slab.add(strip, x: 14, y: slab.height)
      slab.height += strip.height
    }
    // Parts overlap a little, so that no line is seen between them.
    let (y, height) = (-0.2, slab.height + 0.4)
    slab.items.insert(
      contentsOf: [
        .fill(Rect(x: 0, y: y, width: width, height: height), Ink.panel, radius: 0),
        .fill(Rect(x: 0, y: y, width: 2.5, height: height), color, radius: 0),
      ], at: 0)
    return slab
  }

  func endParagraphs() { isAfterParagraph = false }

  func keep(aside: (title: String, destination: String, blocks: [WovenBlock])) {
    asides.append(aside)
  }

  func keep(solution: (number: Int, title: [Inline], blocks: [WovenBlock])) {
    solutions.append(solution)
  }
}
