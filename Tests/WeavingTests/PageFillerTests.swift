import CairoRendering
import Literate
import Plotting
import Testing

@testable import Weaving

/// Pages of 100 pt filled with strips that are named by destinations.
struct PageFillerTests {
  private func slab(_ name: String, _ height: Double) -> Slab {
    Slab(height: height, items: [.destination(name, Point(0, 0))])
  }

  /// The names on each page with the heights at which they stand.
  private func pages(_ flow: [FlowItem]) -> [[String: Double]] {
    PageFiller.fill(flow, room: 100).map { sheet in
      var found: [String: Double] = [:]
      for case .destination(let name, let place) in sheet.items {
        found[name] = place.y - Design.top
      }
      return found
    }
  }

  private func lines(_ count: Int, _ name: String = "l") -> [Slab] {
    (1...count).map { slab("\(name)\($0)", 10) }
  }

  @Test func noLineOfAParagraphStandsAlone() {
    // 9 lines fit; 11 lines would leave one for the next page, 10 of the second one the first.
    var flow = FlowBuilder()
    flow.begin(before: 0)
    flow.add(lines(11))
    let orphan = pages(flow.items)
    #expect(orphan.count == 2)
    #expect(Set(orphan[1].keys) == ["l10", "l11"])

    flow = FlowBuilder()
    flow.begin(before: 0)
    flow.add(lines(9, "a"))
    flow.end(after: 0)
    flow.begin(before: 0)
    flow.add(lines(5, "b"))
    let widow = pages(flow.items)
    #expect(Set(widow[1].keys) == ["b1", "b2", "b3", "b4", "b5"])
  }

  @Test func aHeadingStaysWithItsText() {
    var flow = FlowBuilder()
    flow.begin(before: 0)
    flow.add(lines(8, "a"))
    flow.end(after: 0)
    flow.begin(before: 0)
    flow.add(.slab(slab("heading", 10)))
    flow.end(after: 0, staysWithNext: true)
    flow.begin(before: 0)
    flow.add(lines(4, "b"))
    let pages = pages(flow.items)
    #expect(pages[0]["heading"] == nil)
    #expect(pages[1]["heading"] == 0)
  }

  @Test func spaceVanishesAtTheTopAndTheLargerOneCounts() {
    var flow = FlowBuilder()
    flow.begin(before: 30)
    flow.add(.slab(slab("a", 40)))
    flow.end(after: 8)
    flow.begin(before: 12)
    flow.add(.slab(slab("b", 10)))
    flow.end(after: 0)
    flow.begin(before: 20)
    flow.add(.slab(slab("c", 60)))
    let pages = pages(flow.items)
    #expect(pages[0]["a"] == 0)
    #expect(pages[0]["b"] == 52)
    #expect(pages[1]["c"] == 0)
  }

  @Test func aFigureThatDoesNotFitFloatsToTheNextPage() {
    var flow = FlowBuilder()
    flow.begin(before: 0)
    flow.add(lines(6, "a"))
    flow.end(after: 0)
    flow.add(.float(slab("figure", 50)))
    flow.begin(before: 0)
    flow.add(lines(5, "b"))
    flow.end(after: 0)
    let pages = pages(flow.items)
    // The text goes on where the figure was shown, and below it on the next page.
    #expect(pages[0]["figure"] == nil)
    #expect(pages[0]["b1"] == 60)
    #expect(pages[1]["figure"] == 0)
    #expect((pages[1]["b4"] ?? pages[1]["b5"] ?? 0) > 50)
  }

  @Test func figuresKeepTheirOrder() {
    var flow = FlowBuilder()
    flow.begin(before: 0)
    flow.add(lines(6, "a"))
    flow.end(after: 0)
    flow.add(.float(slab("first", 70)))
    flow.add(.float(slab("second", 10)))
    flow.begin(before: 0)
    flow.add(lines(2, "b"))
    let pages = pages(flow.items)
    let first = pages.firstIndex { $0["first"] != nil }
    let second = pages.firstIndex { $0["second"] != nil }
    #expect(first != nil && second != nil)
    #expect(
      first! < second! || (first == second && pages[first!]["first"]! < pages[second!]["second"]!))
  }

  @Test func noFigureLeavesItsChapter() {
    var flow = FlowBuilder()
    flow.begin(before: 0)
    flow.add(lines(8, "a"))
    flow.end(after: 0)
    flow.add(.float(slab("figure", 60)))
    flow.startPage(isOpening: true, head: "Next")
    flow.begin(before: 0)
    flow.add(.slab(slab("next", 10)))
    let pages = pages(flow.items)
    #expect(pages.count == 3)
    #expect(pages[1]["figure"] == 0)
    #expect(pages[2]["next"] == 0)
  }

  @Test func whatMustStayTogetherFollowsTheFloatsOnAPageOfItsOwn() {
    // The caption and the head of a table do not fill the rest of a page of floats by themselves.
    var flow = FlowBuilder()
    flow.begin(before: 0)
    flow.add(lines(9, "a"))
    flow.end(after: 0)
    flow.add(.float(slab("first", 40)))
    flow.add(.float(slab("second", 35)))
    flow.add(.barrier)
    flow.begin(before: 0)
    flow.add(.slab(slab("caption", 5)))
    flow.end(after: 0, staysWithNext: true)
    flow.begin(before: 0)
    flow.add(.slab(slab("rows", 50)))
    let pages = pages(flow.items)
    #expect(pages.count == 3)
    // Where only floats can stand, they share a page.
    #expect(Set(pages[1].keys) == ["first", "second"])
    #expect(pages[2]["caption"] == 0)
    #expect(pages[2]["rows"] == 5)
  }

  @Test func anEmptyLineStandsAtNoEndOfAPage() {
    var empty = slab("empty", 10)
    empty.vanishesAtBreak = true
    let seam = FlowItem.Seam(before: slab("end", 6), after: slab("again", 6))
    var flow = FlowBuilder()
    flow.begin(before: 0)
    flow.add(lines(8, "a"))
    flow.add(.slab(empty))
    flow.add(.breakpoint(cost: 0, seam: seam))
    flow.add(lines(4, "b"))
    let pages = pages(flow.items)
    #expect(pages[0]["empty"] == nil)
    #expect(pages[0]["end"] == 80)
    #expect(pages[1]["again"] == 0)
    #expect(pages[1]["b1"] == 6)
  }

  @Test func aBrokenTableBeginsAgainWithItsHeader() {
    let seam = FlowItem.Seam(before: slab("end", 2), after: slab("again", 12))
    var flow = FlowBuilder()
    flow.begin(before: 0)
    for row in 1...12 {
      if row > 2 { flow.add(.breakpoint(cost: 15, seam: seam)) }
      flow.add(.slab(slab("r\(row)", 10)))
    }
    let pages = pages(flow.items)
    #expect(pages.count == 2)
    #expect(pages[0]["end"] == 90)
    #expect(pages[0]["r9"] == 80)
    #expect(pages[1]["again"] == 0)
    #expect(pages[1]["r10"] == 12)
  }

  @Test func notesStandAtTheFootOfTheirPage() {
    var marked = slab("a", 10)
    marked.notes = [slab("note", 20)]
    var flow = FlowBuilder()
    flow.begin(before: 0)
    flow.add(.slab(marked))
    flow.end(after: 0)
    flow.begin(before: 0)
    flow.add(lines(8, "b"))
    let pages = pages(flow.items)
    // The note takes its height and the space above it from the page.
    #expect(pages[0]["note"] == 80)
    #expect(pages[0]["b5"] == 50 && pages[0]["b6"] == nil)
  }

  @Test func whatIsHigherThanAPageStillEnds() {
    var flow = FlowBuilder()
    flow.begin(before: 0)
    flow.add(.slab(slab("tower", 250)))
    flow.end(after: 0)
    flow.add(.float(slab("figure", 250)))
    flow.begin(before: 0)
    flow.add(.slab(slab("text", 10)))
    let pages = pages(flow.items)
    #expect(pages.contains { $0["tower"] == 0 })
    #expect(pages.contains { $0["figure"] == 0 })
    #expect(pages.contains { $0["text"] != nil })
  }

  /// Elements of structure are closed on the page where they were opened, and never hold a link.
  @Test func theStructureOfEveryPageIsBalanced() {
    var flow = FlowBuilder()
    for paragraph in 0..<12 {
      flow.begin(before: 4, element: paragraph == 0 ? "H1" : "P")
      var strips = lines(4, "p\(paragraph)-")
      strips[1].items.append(
        .link(Rect(x: 0, y: 0, width: 5, height: 5), .place("p0-1")))
      flow.add(strips)
      flow.end(after: 4)
    }
    for sheet in PageFiller.fill(flow.items, room: 100) {
      var open: [String] = []
      for item in sheet.items {
        switch item {
        case .open(let name): open.append(name)
        case .close(let name): #expect(open.popLast() == name)
        case .link: #expect(open.isEmpty)
        case .destination: #expect(open.count == 1)
        default: break
        }
      }
      #expect(open.isEmpty)
    }
  }
}

struct TableWidthTests {
  @Test func comfortableWidthsAreTakenWhereTheyFit() {
    #expect(ChapterSetter.widths([[40, 60], [20, 30]], room: 120) == [40, 60])
  }

  /// 20 + 30 of 90 leave 40, in equal parts: 20 bring the first to its 40, 20 the second to 50.
  @Test func whatIsLeftOverIsShared() {
    #expect(ChapterSetter.widths([[40, 60], [20, 30]], room: 90) == [40, 50])
  }

  @Test func theWidestGiveWayWhereNothingFits() {
    #expect(ChapterSetter.widths([[100, 80, 30]], room: 150) == [60, 60, 30])
  }

  @Test func intervalsStayOnOneLine() {
    #expect(
      ChapterSetter.glued([.text("0.5 [0.4, 0.6] a")]) == [.text("0.5 [0.4,\u{A0}0.6] a")])
    #expect(ChapterSetter.glued([.text("1 % to 2 %")]) == [.text("1 % to\u{A0}2 %")])
  }
}

struct ListingTests {
  @Test func longLinesGoOnFurtherInBehindABlank() {
    let rows = ChapterSetter.wrapped(
      [("  call(first, second, third)", Ink.text)], columns: 22)
    #expect(rows.map { $0.map(\.text).joined() } == ["  call(first, second, ", "      third)"])
    #expect(ChapterSetter.wrapped([], columns: 22).count == 1)
  }

  @Test func pagesEndBetweenTheParagraphsOfAProgram() {
    let gap = ChapterSetter.breakCost(between: "", and: "let a = 1")
    let plain = ChapterSetter.breakCost(between: "let a = 1", and: "let b = 2")
    let inside = ChapterSetter.breakCost(between: "  let a = 1", and: "  let b = 2")
    let opened = ChapterSetter.breakCost(between: "struct A {", and: "  let b = 2")
    let closing = ChapterSetter.breakCost(between: "  let a = 1", and: "}")
    #expect(gap < plain && plain < inside && inside < opened && opened < closing)
  }
}

struct DisplayBreakerTests {
  /// A formula "fits" if no line has more than the given number of letters.
  private func lines(_ tex: String, _ most: Int) throws -> [String]? {
    let broken = DisplayBreaker.lines(try MathParser.parse(tex)) { node in
      guard case .array(let array) = node else { return false }
      return array.rows.allSatisfy { $0.map(\.plainText).joined().count <= most }
    }
    guard case .array(let array)? = broken else { return nil }
    return array.rows.map {
      $0.map(\.plainText).joined(separator: "|").filter { $0 != " " }
    }
  }

  @Test func longFormulasAreBrokenBeforeRelationsAndTerms() throws {
    #expect(try lines("f = a + b = c", 4) == ["f|=a", "|+b", "|=c"])
    #expect(try lines("f = a + b = c + d", 6) == ["f|=a+b", "|=c+d"])
  }

  @Test func bracketsAreNotBroken() throws {
    #expect(try lines("f(a + b) = (c + d) + e", 12) == ["f(a+b)|=(c+d)", "|+e"])
    #expect(try lines("a + b + c", 3) == nil)
    #expect(try lines("a = (b + c)", 3) == nil)
  }
}
