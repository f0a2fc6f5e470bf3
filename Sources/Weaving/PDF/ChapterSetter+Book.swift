import CairoRendering
import Literate
import Plotting

// The parts of the book around its chapters.
extension ChapterSetter {
  /// The title of a part that begins a page.
  func setPartTitle(_ title: String, destination: String) {
    flow.begin(before: 0, element: "H1")
    var sink = Slab(height: 46)
    sink.items.append(.destination(destination, Point(0, -20)))
    flow.add(.slab(sink))
    let look = Design.heading(1)
    for line in text.lines([.text(title)], look, width: 430, isRagged: true, hyphenates: false) {
      flow.add(.slab(slab(line, look)))
    }
    flow.add(.space(18, stretch: 0))
    flow.end(after: 0, staysWithNext: true)
    endParagraphs()
  }

  /// A claim with its verdict in the list of all.
  func setScore(_ claim: WovenClaim) {
    flow.begin(before: 0)
    let numberWidth = 30.0
    let badgeWidth = 92.0
    let width = Design.fullWidth - numberWidth - badgeWidth - 16
    var slab = Slab(height: 9)
    slab.items.append(
      .fill(
        Rect(x: 0, y: 0, width: Design.fullWidth, height: 0.4), Ink.faint, radius: 0))
    let look = Design.text
    let usual = 9 + (look.leading - look.size) / 2 + 0.77 * look.size
    let label = "\(chapter.number).\(claim.number)"
    slab.items +=
      text.items(
        label, look.colored(Palette.print[.seriesText(1)]), at: Point(0, usual)
      ).items
    slab.items +=
      Self.badge(
        claim.verdict, text, beginningAt: Point(numberWidth + width + 16, usual)
      ).items
    for line in text.lines(claim.statement, look, width: width, isRagged: true) {
      let strip = self.slab(line, look, x: numberWidth)
      slab.add(strip, y: slab.height)
      slab.height += strip.height
    }
    if !claim.reason.isEmpty {
      slab.height += 3
      let small = Design.caption.colored(Ink.muted)
      for line in text.lines(claim.reason, small, width: width, isRagged: true) {
        let strip = self.slab(line, small, x: numberWidth)
        slab.add(strip, y: slab.height)
        slab.height += strip.height
      }
    }
    slab.height += 11
    let name = claim.record.name
    let target = claim.record.verdictLine == nil ? "claim-\(name)" : "verdict-\(name)"
    slab.items.append(
      .link(
        Rect(x: 0, y: 4, width: Design.fullWidth, height: slab.height - 8),
        .place(destination(target))))
    flow.add(.slab(slab))
    flow.end(after: 0)
  }

  func setReferences(_ references: [WovenReference]) {
    let look = Design.text.changed {
      $0.size = 9.2
      $0.leading = 13
    }
    let hang = 14.0
    for reference in references {
      // Addresses cannot be broken: the lines end unevenly.
      let lines = text.lines(
        reference.text, look, width: Design.measure - hang, isRagged: true)
      flow.begin(before: 5)
      var strips = slabs(lines, look, x: hang)
      if !strips.isEmpty {
        strips[0].items = strips[0].items.map { $0.moved(x: -hang, y: 0) }
        strips[0].items.insert(.destination("ref/\(reference.key)", Point(0, -6)), at: 0)
      }
      flow.add(strips, leastTogether: strips.count, cost: 50)
      flow.end(after: 5)
    }
  }

  // MARK: - Appendices

  private func setChapterHeading() {
    setHeading(
      chapter.title, level: 2, destination: destination("appendix-\(flow.items.count)"), Column(),
      label: "\(chapter.number)", isListed: false)
  }

  func setSolutions() {
    guard !solutions.isEmpty else { return }
    setChapterHeading()
    for solution in solutions {
      setHeading(
        solution.title, level: 4, destination: destination("solution-\(solution.number)"),
        Column(), label: "Exercise \(chapter.number).\(solution.number)", isListed: false)
      set(solution.blocks, Column())
    }
  }

  func setAsides() {
    guard !asides.isEmpty else { return }
    setChapterHeading()
    for aside in asides {
      let name = aside.destination
      flow.begin(before: 20, cost: -12, element: "H4")
      let look = Design.heading(4)
      var line = text.line([.text(aside.title)], look)
      let from = text.line(
        [.text("\u{2003}from page\u{00A0}\(page(name + "/from"))")], Design.small)
      line.items += from.items.map { $0.moved(x: line.width, y: 0) }
      line.items.append(
        .link(
          Rect(x: line.width, y: -7, width: from.width, height: 9.5), .place(name + "/from")))
      var strip = slab(line, look)
      strip.items.insert(.destination(name, Point(0, -8)), at: 0)
      flow.add(.slab(strip))
      flow.end(after: 4, staysWithNext: true)
      endParagraphs()
      set(aside.blocks, Column())
    }
  }

  // MARK: - The making of the book

  func setStatistics(_ chapters: [WovenChapter]) {
    setParagraph(
      [
        .text(
          "Every number and figure is the output of a program in this repository, run on "
            + "synthetic worlds whose truth is known. "), .code("./build.sh"),
        .text(" makes all of it anew."),
      ], Column())
    var rows: [[[Inline]]] = []
    var trials = 0
    var failures = 0
    var flops = 0.0
    var tokens = 0.0
    func row(_ name: [Inline], _ profile: String, _ numbers: [String]) -> [[Inline]] {
      [name, [.text(profile)]] + numbers.map { [.text($0)] }
    }
    for chapter in chapters {
      let provenance = chapter.record.provenance
      let ours = provenance.trials.reduce(0) { $0 + $1.count }
      trials += ours
      failures += provenance.failures.count
      flops += provenance.flops
      tokens += provenance.tokens
      rows.append(
        row(
          [.text("\(chapter.number)\u{2002}")] + chapter.title, chapter.record.profile,
          [
            Statistics.count(ours), Statistics.count(provenance.failures.count),
            Statistics.quantity(provenance.flops), Statistics.quantity(provenance.tokens),
          ]))
    }
    if chapters.count > 1 {
      rows.append(
        row(
          [.strong([.text("All")])], "",
          [
            Statistics.count(trials), Statistics.count(failures), Statistics.quantity(flops),
            Statistics.quantity(tokens),
          ]))
    }
    endParagraphs()
    setGrid(
      header: ["Chapter", "Profile", "Trials", "Failed", "FLOPs", "Tokens"].map { [.text($0)] },
      rows: rows,
      alignments: [.leading, .leading, .trailing, .trailing, .trailing, .trailing], Column())
    setParagraph(
      [
        .text(
          "The text is set in TeX Gyre Pagella and its companion for formulas, figures and tables "
            + "in Inter, programs in JetBrains Mono. Lines are broken by the method of Knuth and "
            + "Plass, words by Liang’s patterns, formulas by the rules of TeX; Cairo draws the "
            + "pages.")
      ], Column())
  }
}
