import CairoRendering
import Literate
import Plotting

// What the program shows: listings, figures, claims, and where its numbers come from.
extension ChapterSetter {
  // MARK: - Listings

  /// Code upon a panel; lines longer than the panel go on below, further in.
  func setListing(
    _ code: String, _ column: Column, isProgram: Bool, isSwift: Bool = true
  ) {
    endParagraphs()
    let padding = 7.0
    let room = column.fullWidth - 2 * padding
    var look = Design.code
    var columns = Int(room / text.width("0", look))
    if !isProgram {
      // Tables that a program printed are set a little smaller rather than broken.
      let widest = code.split(separator: "\n").map(\.count).max() ?? 0
      if widest > columns, Double(columns) >= 0.85 * Double(widest) {
        look = look.scaled(Double(columns) / Double(widest))
        columns = widest
      }
    }
    var lines: [[(text: String, color: RGB)]] = [[]]
    let tokens =
      isSwift ? SwiftHighlighter.tokens(code) : [.init(text: code, kind: nil)]
    for token in tokens {
      for (index, part) in token.text.split(
        separator: "\n", omittingEmptySubsequences: false
      ).enumerated() {
        if index > 0 { lines.append([]) }
        if !part.isEmpty { lines[lines.count - 1].append((String(part), Ink.code(token.kind))) }
      }
    }
    let start = text.line
    func isBlank(_ line: [(text: String, color: RGB)]) -> Bool {
      line.allSatisfy { $0.text.allSatisfy { $0 == " " } }
    }
    while let last = lines.last, lines.count > 1, isBlank(last) { lines.removeLast() }
    // For each strip what it costs to end a page before it, and how many that are not empty stand
    // before it.
    var strips: [(slab: Slab, cost: Double?, before: Int)] = []
    var written = 0
    for (index, line) in lines.enumerated() {
      text.line = start + index
      let cost = Self.breakCost(
        between: index > 0 ? lines[index - 1].map(\.text).joined() : "",
        and: line.map(\.text).joined())
      for (part, row) in Self.wrapped(line, columns: columns).enumerated() {
        var slab = Slab(height: look.leading)
        slab.items.append(
          .fill(
            Rect(x: column.x, y: -0.2, width: column.fullWidth, height: look.leading + 0.4),
            Ink.panel, radius: 0))
        var x = column.x + padding
        for token in row {
          let (items, end) = text.items(
            token.text, look.colored(token.color), at: Point(x, 0.5 + 0.74 * look.leading))
          slab.items += items
          x = end
        }
        // An empty line ends the page before it, and does not begin the next.
        slab.vanishesAtBreak = isBlank(row)
        strips.append((slab, part == 0 && !slab.vanishesAtBreak ? cost : nil, written))
        if !slab.vanishesAtBreak { written += 1 }
      }
    }
    let seam = FlowItem.Seam(before: edge(column, height: 6), after: edge(column, height: 6))
    flow.begin(before: Design.blockSpace, cost: isProgram ? 5 : 25, element: "Code")
    flow.add(.slab(edge(column, height: 6)))
    for strip in strips {
      // Three lines at least stay together.
      if strip.before >= 3, written - strip.before >= 3, let cost = strip.cost {
        flow.add(.breakpoint(cost: cost, seam: seam))
      }
      flow.add(.slab(strip.slab))
    }
    flow.add(.slab(edge(column, height: 6)))
    flow.end(after: Design.blockSpace)
  }

  /// How bad it is to end a page between two lines of a program: best between its paragraphs, worst
  /// where a brace has just been opened or is about to be closed.
  static func breakCost(between before: String, and after: String) -> Double {
    let depth = Double(min(6, after.prefix { $0 == " " }.count / 2))
    let line = after.drop { $0 == " " }
    guard let first = line.first else { return 60 }
    if "})]".contains(first) { return 180 }
    guard let last = before.last(where: { $0 != " " }) else { return 8 + 8 * depth }
    if "{([".contains(last) { return 120 + 8 * depth }
    // What a comment says belongs to what follows it.
    if before.drop(while: { $0 == " " }).hasPrefix("//") { return 150 }
    return 60 + 14 * depth
  }

  private func edge(_ column: Column, height: Double) -> Slab {
    var slab = Slab(height: height)
    slab.items.append(
      .fill(
        Rect(x: column.x, y: 0, width: column.fullWidth, height: height), Ink.panel, radius: 0))
    slab.element = "Code"
    slab.beginsElement = false
    return slab
  }

  /// A line of tokens in rows of at most the given number of characters, broken behind a blank
  /// where one stands in the last third; what goes on stands four further in than the line.
  static func wrapped(
    _ line: [(text: String, color: RGB)], columns: Int
  ) -> [[(text: String, color: RGB)]] {
    var letters = line.flatMap { token in token.text.map { (letter: $0, color: token.color) } }[...]
    let indent = min(letters.prefix { $0.letter == " " }.count + 4, columns / 2)
    var rows: [[(text: String, color: RGB)]] = []
    repeat {
      let lead = rows.isEmpty ? 0 : indent
      var count = letters.count
      if lead + count > columns {
        let most = letters.prefix(columns - lead)
        let blank = most.lastIndex { $0.letter == " " }
        count = most.count
        if let blank, blank - letters.startIndex > 2 * count / 3 {
          count = blank - letters.startIndex + 1
        }
      }
      var row: [(text: String, color: RGB)] = []
      if lead > 0 { row.append((String(repeating: " ", count: lead), Ink.text)) }
      for (letter, color) in letters.prefix(count) {
        if let last = row.last, last.color == color {
          row[row.count - 1].text.append(letter)
        } else {
          row.append((String(letter), color))
        }
      }
      rows.append(row)
      letters = letters.dropFirst(count)
    } while !letters.isEmpty
    return rows
  }

  // MARK: - Parts that stand in the appendix

  func setAsides(_ group: [(title: String, blocks: [WovenBlock])], _ column: Column) {
    endParagraphs()
    let look = Design.small
    for (index, aside) in group.enumerated() {
      let name = destination("aside-\(asides.count + 1)")
      keep(aside: (aside.title, name, aside.blocks))
      flow.begin(before: index == 0 ? 8 : 0, cost: 90, isJoined: index > 0)
      let words: [Inline] = [
        .text("Left to the appendix (page\u{00A0}\(page(name))): "),
        .emphasis([.text(aside.title)]),
      ]
      var line = text.line(words, look)
      line.items.append(
        .link(Rect(x: 0, y: -7, width: line.width, height: 9.5), .place(name)))
      var strip = slab(line, look, x: column.x)
      strip.items.append(.destination(name + "/from", Point(0, -4)))
      flow.add(.slab(strip))
      flow.end(after: 8)
    }
  }

  func setExercise(
    _ anchor: String, _ number: Int, _ title: [Inline], _ blocks: [WovenBlock], _ column: Column
  ) {
    endParagraphs()
    let look = Design.text.strong()
    flow.begin(before: 16, cost: -8)
    let label = Look(
      family: .sans, size: 8.4, leading: look.leading, color: Palette.print[.seriesText(1)],
      isStrong: true)
    let (items, end) = text.items(
      "Exercise \(chapter.number).\(number)", label, at: Point(0, 0))
    let lines = text.lines(
      title, look.emphasized().changed { $0.isStrong = false }, width: column.width - end - 8,
      isRagged: true)
    for (index, line) in lines.enumerated() {
      var line = line
      line.items = line.items.map { $0.moved(x: end + 8, y: 0) }
      if index == 0 { line.items = items + line.items }
      var strip = slab(line, look, x: column.x)
      if index == 0 {
        strip.items.insert(.destination(destination(anchor), Point(0, -8)), at: 0)
      }
      flow.add(.slab(strip))
    }
    flow.end(after: 3, staysWithNext: true)
    set(blocks, column)
    for case .solution(let inner) in blocks {
      keep(solution: (number, title, inner))
      let name = destination("solution-\(number)")
      flow.begin(before: 3, cost: 200)
      var line = text.line([.text("Solution on page\u{00A0}\(page(name))")], Design.small)
      line.items.append(
        .link(Rect(x: 0, y: -7, width: line.width, height: 9.5), .place(name)))
      flow.add(.slab(slab(line, Design.small, x: column.x)))
      flow.end(after: 8)
      endParagraphs()
    }
  }

  // MARK: - Figures

  func setFigure(_ figure: WovenFigure, _ column: Column) {
    endParagraphs()
    guard let drawing = figures[figure.record.name] else { return }
    let scale = min(1, Design.fullWidth / drawing.width)
    var slab = Slab(height: drawing.height * scale)
    slab.items.append(.destination(destination("fig-\(figure.record.name)"), Point(0, -8)))
    slab.items += [
      .open("Figure"), .drawing(drawing, Point(0, 0), scale: scale), .close("Figure"),
    ]
    slab.height += 5
    slab.element = ""
    addCaption("Figure \(chapter.number).\(figure.number)", figure.caption, to: &slab)
    flow.add(.float(slab))
  }

  func addCaption(_ label: String, _ words: [Inline], to slab: inout Slab) {
    let look = Design.caption
    let start = slab.items.count
    let lines = text.lines(
      [.strong([.text(label)]), .text("\u{2002}")] + words, look, width: Design.measure,
      isRagged: true)
    for line in lines {
      let strip = self.slab(line, look)
      slab.add(strip, y: slab.height)
      slab.height += strip.height
    }
    slab.wrap("Caption", from: start)
  }

  // MARK: - Claims

  static func color(_ verdict: Verdict) -> RGB {
    switch verdict {
    case .holds, .holdsWithLimit: Ink.good
    case .fails: Ink.bad
    case .notDecided, .notJudged: Ink.muted
    }
  }

  /// A verdict as a sign and its words, which end at a place; the sign also tells without colour.
  static func badge(
    _ verdict: Verdict, words: String? = nil, _ text: TextSetter, endingAt end: Point? = nil,
    beginningAt start: Point? = nil
  ) -> (items: [BookPage.Item], width: Double) {
    let color = color(verdict)
    let look = Look(family: .sans, size: 7.8, leading: 11, color: color, isStrong: true)
    let words = words ?? verdict.words
    let width = text.width(words, look) + 10
    let origin = start ?? Point((end?.x ?? 0) - width, end?.y ?? 0)
    let circle = Rect(x: origin.x, y: origin.y - 5.8, width: 6, height: 6)
    let ring = Rect(x: circle.x + 0.45, y: circle.y + 0.45, width: 5.1, height: 5.1)
    var items: [BookPage.Item]
    switch verdict {
    case .holds, .fails: items = [.fill(circle, color, radius: 3)]
    case .holdsWithLimit:
      let dot = Rect(x: circle.x + 1.7, y: circle.y + 1.7, width: 2.6, height: 2.6)
      items = [.frame(ring, color, width: 0.9, radius: 2.55), .fill(dot, color, radius: 1.3)]
    case .notDecided: items = [.frame(ring, color, width: 0.9, radius: 2.55)]
    case .notJudged: items = [.frame(ring, Ink.faint, width: 0.9, radius: 2.55)]
    }
    items += text.items(words, look, at: Point(origin.x + 10, origin.y)).items
    return (items, width)
  }

  /// The head of a box: what it is and how it was judged.
  private func head(_ claim: WovenClaim, width: Double, target: String?) -> Slab {
    let label = Look(family: .sans, size: 8.2, leading: 13, isStrong: true)
    var slab = Slab(height: 15)
    slab.items +=
      text.items(
        "Claim \(chapter.number).\(claim.number)", label, at: Point(0, 9.5)
      ).items
    slab.items += Self.badge(claim.verdict, text, endingAt: Point(width, 9.5)).items
    if let target {
      slab.items.append(.link(Rect(x: 0, y: 0, width: width, height: 13), .place(target)))
    }
    return slab
  }

  func setClaim(_ claim: WovenClaim, _ column: Column) {
    endParagraphs()
    let record = claim.record
    let color = Palette.print[.seriesText(1)]
    let width = Self.boxWidth(column.width)
    var strips = [
      head(
        claim, width: width,
        target: record.verdictLine == nil ? nil : destination("verdict-\(record.name)"))
    ]
    let statement = Design.text.changed { $0.size = 10.6 }
    strips += slabs(text.lines(claim.statement, statement, width: width), statement)
    if !record.quotation.isEmpty {
      strips.append(Slab(height: 4))
      var words: [Inline] = [.emphasis([.text(HTMLPrinter.quoted(record.quotation))])]
      if !record.source.isEmpty { words.append(.text("\u{2002}\(record.source)")) }
      let look = Design.note.colored(Ink.muted)
      strips += slabs(
        text.lines(words, look, width: width - 14, isRagged: true), look, x: 14)
    }
    var parts = [strips]
    for (name, words) in [("Theory", claim.theory), ("Rule", claim.rule)] where !words.isEmpty {
      parts.append([Slab(height: 4)] + labelled(name, words, width: width))
    }
    // A page may end between the parts of a box.
    flow.begin(before: Design.blockSpace + 2)
    var top = Self.panel([], width: column.width, height: 9, color: color)
    top.items.append(.destination(destination("claim-\(record.name)"), Point(0, -8)))
    flow.add(.slab(top))
    let again = text.line(
      [
        .strong([.text("Claim \(chapter.number).\(claim.number)")]),
        .text("\u{2002}continued"),
      ], Design.caption)
    var seam = FlowItem.Seam(
      before: Self.panel([], width: column.width, height: 10, color: color),
      after: Self.panel(
        [slab(again, Design.caption), Slab(height: 2)], width: column.width, height: 9,
        color: color))
    seam.before.beginsElement = false
    for (index, part) in parts.enumerated() {
      if index > 0 { flow.add(.breakpoint(cost: 70, seam: seam)) }
      flow.add(.slab(Self.panel(part, width: column.width, color: color)))
    }
    flow.add(.slab(Self.panel([], width: column.width, height: 10, color: color)))
    flow.end(after: Design.blockSpace + 2)
  }

  /// Words beside a name in a narrow column.
  func labelled(_ name: String, _ words: [Inline], width: Double, gutter: Double = 46) -> [Slab] {
    let look = Design.caption
    var strips = slabs(
      text.lines(words, look, width: width - gutter, isRagged: true), look, x: gutter)
    if !strips.isEmpty {
      let usual = (look.leading - look.size) / 2 + 0.77 * look.size
      strips[0].items.insert(
        contentsOf: text.items(
          name, look.strong(), at: Point(0, usual + max(0, strips[0].height - look.leading))
        ).items, at: 0)
    }
    return strips
  }

  func setVerdict(_ claim: WovenClaim, _ column: Column) {
    endParagraphs()
    var slab = box(width: column.width, color: Self.color(claim.verdict)) { width in
      var strips = [
        head(claim, width: width, target: destination("claim-\(claim.record.name)"))
      ]
      strips += slabs(text.lines(claim.statement, Design.text, width: width), Design.text)
      if !claim.reason.isEmpty {
        strips.append(Slab(height: 3))
        strips += slabs(
          text.lines(claim.reason, Design.caption, width: width, isRagged: true), Design.caption)
      }
      return strips
    }
    slab.items.append(.destination(destination("verdict-\(claim.record.name)"), Point(0, -8)))
    flow.begin(before: Design.blockSpace)
    flow.add(.slab(slab))
    flow.end(after: Design.blockSpace)
  }

  // MARK: - Where the numbers come from

  func setColophon() {
    let record = chapter.record
    setHeading(
      [.text("Where the numbers come from")], level: 2, destination: destination("numbers"),
      Column())
    let provenance = record.provenance
    var trials: [Inline] = []
    for trial in provenance.trials {
      if !trials.isEmpty { trials.append(.text(", ")) }
      trials += [
        .text("\(Statistics.count(trial.count))\u{00A0}× "), .code(trial.name),
        .text(" version\u{00A0}\(trial.version)"),
      ]
    }
    var rows: [(String, [Inline])] = [
      ("Command", [.code(chapter.command)]), ("Profile", [.text(record.profile)]),
      ("Trials", trials.isEmpty ? [.text("none")] : trials),
      (
        "Trainer",
        [
          .text(
            "version \(provenance.trainerVersion), \(Statistics.quantity(provenance.flops)) FLOPs, "
              + "\(Statistics.quantity(provenance.tokens)) tokens")
        ]
      ),
    ]
    if !provenance.seeds.isEmpty {
      rows.append(("Seeds", [.text(provenance.seeds.map(String.init).joined(separator: ", "))]))
    }
    for failure in provenance.failures { rows.append(("Failed", [.text(failure)])) }
    // All of it stands on one page, unless many trials failed or there is very much to set.
    let isShort = rows.count <= 8
    for (index, (name, words)) in rows.enumerated() {
      flow.begin(before: 2, cost: index == 0 ? 0 : 200, isJoined: index > 0)
      flow.add(labelled(name, words, width: Design.measure, gutter: 56))
      flow.end(after: 2, staysWithNext: isShort)
    }
    guard !record.settings.isEmpty else { return flow.end(after: 2) }
    flow.end(after: 10, staysWithNext: isShort)
    setGrid(
      header: [[.text("Setting")], [.text("Value")], [.text("Meaning")]],
      rows: record.settings.map { [[.code($0.name)], [.code($0.value)], [.text($0.help)]] },
      alignments: [.leading, .leading, .leading], Column(), mostWhole: isShort ? 0.7 : 0.2)
  }
}
