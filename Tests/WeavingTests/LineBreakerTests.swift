import Testing

@testable import Weaving

/// Breaks by trying every set of breakpoints, with the demerits as the paper and TeX define them.
private struct EveryWay {
  let elements: [LineBreaker.Element]
  let width: Double

  private func mayBreak(at index: Int) -> Bool {
    switch elements[index] {
    case .glue:
      if index > 0, case .box = elements[index - 1] { return true }
      return false
    case .penalty(let cost, _, _, _): return cost < LineBreaker.never
    default: return false
    }
  }

  private func isForced(_ index: Int) -> Bool {
    if case .penalty(let cost, _, _, _) = elements[index] { return cost <= -LineBreaker.never }
    return false
  }

  private func isHyphen(_ index: Int) -> Bool {
    if case .penalty(_, _, _, true) = elements[index] { return true }
    return false
  }

  /// The ratio of the line from behind one break to another.
  private func ratio(from start: Int, to end: Int) -> Double {
    var first = start + 1
    if start >= 0 {
      skip: while first < end {
        switch elements[first] {
        case .box: break skip
        case .penalty(let cost, _, _, _) where cost <= -LineBreaker.never: break skip
        default: first += 1
        }
      }
    }
    var (natural, stretch, shrink) = (0.0, 0.0, 0.0)
    for index in first..<max(first, end) {
      switch elements[index] {
      case .box(let width, _), .kern(let width): natural += width
      case .glue(let width, let more, let less):
        natural += width
        stretch += more
        shrink += less
      case .penalty: break
      }
    }
    if case .penalty(_, let width, let hang, _) = elements[end] { natural += width - hang }
    let room = width - natural
    if abs(room) < 1e-9 { return 0 }
    if room > 0 { return stretch > 0 ? room / stretch : .infinity }
    return shrink > 0 ? room / shrink : -.infinity
  }

  /// The breaks of least demerits with no line looser than the tolerance.
  func best(tolerance: Double) -> [Int]? {
    var best: (demerits: Double, breaks: [Int])?
    func fitness(_ ratio: Double) -> Int {
      ratio < -0.5 ? 0 : ratio <= 0.5 ? 1 : ratio <= 1 ? 2 : 3
    }
    func go(_ breaks: [Int], _ demerits: Double, _ last: Int) {
      let start = breaks.last ?? -1
      if start == elements.count - 1 {
        if demerits < best?.demerits ?? .infinity { best = (demerits, breaks) }
        return
      }
      for index in (start + 1)..<elements.count where mayBreak(at: index) {
        let ratio = ratio(from: start, to: index)
        if ratio >= -1, ratio <= tolerance {
          let bad = 100 * abs(ratio) * abs(ratio) * abs(ratio)
          var more = (10 + bad) * (10 + bad)
          if case .penalty(let cost, _, _, _) = elements[index], !isForced(index) {
            more += cost >= 0 ? cost * cost : -cost * cost
          }
          if start >= 0, isHyphen(start), isHyphen(index) { more += 12_000 }
          if start >= 0, isHyphen(start), isForced(index) { more += 6_000 }
          if abs(fitness(ratio) - last) > 1 { more += 4_000 }
          go(breaks + [index], demerits + more, fitness(ratio))
        }
        if isForced(index) { break }
      }
    }
    go([], 0, 1)
    return best?.breaks
  }
}

/// Words of the given widths with spaces of 3 that stretch by 1.5 and shrink by 1.
private func paragraph(_ words: [Double], stretch: Double = 1.5) -> [LineBreaker.Element] {
  var elements: [LineBreaker.Element] = []
  for (index, width) in words.enumerated() {
    if index > 0 { elements.append(.glue(width: 3, stretch: stretch, shrink: 1)) }
    elements.append(.box(width: width, hang: 0))
  }
  return elements + end
}

private let end: [LineBreaker.Element] = [
  .penalty(cost: LineBreaker.never, width: 0, hang: 0, isHyphen: false),
  .glue(width: 0, stretch: 1e5, shrink: 0),
  .penalty(cost: -LineBreaker.never, width: 0, hang: 0, isHyphen: false),
]

struct LineBreakerTests {
  @Test func aShortTextIsOneLine() {
    let lines = LineBreaker(elements: paragraph([10, 10]), width: 100).lines()
    #expect(lines.count == 1)
    #expect(abs(lines[0].ratio) < 0.01)
  }

  /// 10 + 3 + 10 + 3 + 10 = 36 on a line of 38: two spaces stretch by 2 in all, each by 1 of 1.5.
  @Test func spacesStretchToTheWidth() {
    let lines = LineBreaker(elements: paragraph([10, 10, 10, 10, 10]), width: 38).lines()
    #expect(lines.map(\.elements) == [0..<5, 6..<12])
    #expect(abs(lines[0].ratio - 2.0 / 3) < 1e-12)
  }

  /// 10 + 3 + 10 + 3 + 10 = 36 on a line of 35: two spaces shrink by 1 in all, each by half.
  @Test func spacesShrinkToTheWidth() {
    let lines = LineBreaker(elements: paragraph([10, 10, 10, 10]), width: 35).lines()
    #expect(lines[0].elements == 0..<5)
    #expect(abs(lines[0].ratio + 0.5) < 1e-12)
  }

  /// Filling the first line (ratio 1/3) leaves the second with one space for a surplus of 3.5;
  /// the best paragraph gives up the fullest first line.
  @Test func aWorseLineIsTakenForABetterParagraph() {
    // First line 20+3+11 = 34 or 20+3+11+3+... on 40; chosen so that greed ends badly.
    let words = [14.0, 9, 9, 30, 8, 20]
    let elements = paragraph(words, stretch: 3)
    let expected = EveryWay(elements: elements, width: 42).best(tolerance: 1.6)
    let lines = LineBreaker(elements: elements, width: 42).lines()
    #expect(expected != nil)
    #expect(breaks(lines, elements) == expected)
  }

  @Test func aHyphenIsDrawnOnlyWhereALineEnds() {
    // "ab-cd": one word of two parts that fit on no line together.
    let elements: [LineBreaker.Element] =
      [
        .box(width: 20, hang: 0), .glue(width: 3, stretch: 2, shrink: 1),
        .box(width: 12, hang: 0), .penalty(cost: 60, width: 4, hang: 0, isHyphen: true),
        .box(width: 12, hang: 0),
      ] + end
    let broken = LineBreaker(elements: elements, width: 39).lines()
    #expect(broken.map(\.elements) == [0..<4, 4..<8])
    let whole = LineBreaker(elements: elements, width: 47).lines()
    #expect(whole.map(\.elements) == [0..<8])
  }

  /// A full stop that may stand out by 2: the line of 42 holds 44.
  @Test func punctuationHangsInTheMargin() {
    let elements: [LineBreaker.Element] =
      [
        .box(width: 20, hang: 0), .glue(width: 4, stretch: 0, shrink: 0),
        .box(width: 20, hang: 2), .glue(width: 4, stretch: 0, shrink: 0),
        .box(width: 20, hang: 0),
      ] + end
    let lines = LineBreaker(elements: elements, width: 42).lines()
    #expect(lines.map(\.elements) == [0..<3, 4..<8])
    #expect(lines[0].ratio == 0)
  }

  /// Four words of 22 fill a line of 100 (ratio 0.1) and leave one of 5 alone, which is worse than
  /// three words and a second line of two (ratio 0.9); without room to stretch there is no choice.
  @Test func aShortWordDoesNotEndAParagraphAlone() {
    let words = [22.0, 22, 22, 22, 5]
    let open = LineBreaker(elements: paragraph(words, stretch: 15), width: 100).lines()
    #expect(open.map(\.elements) == [0..<5, 6..<12])
    let tight = LineBreaker(elements: paragraph(words), width: 100).lines()
    #expect(tight.map(\.elements) == [0..<7, 8..<12])
    let ragged = LineBreaker(elements: paragraph(words), width: 100, isRagged: true).lines()
    #expect(ragged.map(\.elements) == [0..<5, 6..<12])
    let longer = LineBreaker(
      elements: paragraph([22, 22, 22, 22, 30]), width: 100, isRagged: true
    ).lines()
    #expect(longer.map(\.elements) == [0..<7, 8..<12])
  }

  @Test func aWordThatIsTooLongStandsAlone() {
    let lines = LineBreaker(elements: paragraph([10, 90, 10]), width: 50).lines()
    #expect(lines.contains { $0.elements == 2..<3 })
    #expect(lines.count == 3)
  }

  @Test func raggedLinesKeepTheirSpaces() {
    let lines = LineBreaker(
      elements: paragraph([10, 10, 10, 25, 10]), width: 38, isRagged: true
    ).lines()
    #expect(lines.count == 2)
    #expect(lines.allSatisfy { $0.ratio == 0 })
  }

  /// Many paragraphs of words and hyphens against the search of every way to break them.
  @Test(arguments: 0..<60)
  func theBestOfAllWaysIsFound(seed: Int) {
    var state = UInt64(seed) &* 0x9E37_79B9_7F4A_7C15 &+ 1
    func random(_ count: Int) -> Int {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int(state >> 33) % count
    }
    var elements: [LineBreaker.Element] = []
    for word in 0..<9 {
      if word > 0 { elements.append(.glue(width: 3, stretch: 2, shrink: 1)) }
      elements.append(.box(width: Double(6 + random(12)), hang: 0))
      if random(3) == 0 {
        elements.append(.penalty(cost: 60, width: 2, hang: 0, isHyphen: true))
        elements.append(.box(width: Double(5 + random(8)), hang: 0))
      }
    }
    elements += end
    // The first tolerance at which there is a way is the one that is used.
    for tolerance in [1.6, 3.5, 7] {
      guard let expected = EveryWay(elements: elements, width: 45).best(tolerance: tolerance)
      else { continue }
      let lines = LineBreaker(elements: elements, width: 45).lines()
      #expect(breaks(lines, elements) == expected)
      return
    }
  }

  private func breaks(
    _ lines: [LineBreaker.Line], _ elements: [LineBreaker.Element]
  ) -> [Int] {
    lines.map { line in
      let last = line.elements.upperBound - 1
      if case .penalty = elements[last] { return last }
      return line.elements.upperBound
    }
  }
}

struct CodeBreakTests {
  /// The places in code at which a line may end, shown as bars.
  private func shown(_ code: String) -> String {
    let characters = Array(code)
    return characters.indices.map { index in
      let mayEnd = TextSetter.breakCost(behind: index, of: characters) != nil
      return String(characters[index]) + (mayEnd ? "|" : "")
    }.joined()
  }

  @Test(arguments: [
    ("run --protocol-widths 8,16,32", "run --protocol-widths 8,|16,32"),
    ("--budgets=14,15,16", "--budgets=14,|15,16"),
    ("Sources/Studies/BudgetProfile.swift", "Sources/|Studies/|BudgetProfile.|swift"),
    ("swift run chain-of-thought", "swift run chain-|of-|thought"),
  ])
  func pathsAreBrokenAndFlagsAreNot(_ code: String, _ expected: String) {
    #expect(shown(code) == expected)
  }

  /// In a page of HTML nothing but paths and long names has a place at which a line may end.
  @Test func pagesBreakPathsAndNotFlags() {
    #expect(
      HTML.code("swift run a-b --widths 8")
        == "<code>swift run <span class=\"together\">a-b</span> "
        + "<span class=\"together\">--widths</span> 8</code>")
    #expect(
      HTML.code("./path/name_c-d<e")
        == "<code>./path/<wbr/>name_<wbr/><span class=\"together\">c-d&lt;e</span></code>")
    let long = String(repeating: "ab-", count: 12)
    #expect(HTML.code(long) == "<code>\(long)</code>")
  }
}

struct HyphenationTests {
  /// Patterns of four words, by which digits can be added up by hand.
  private let small = Hyphenation(
    dictionary: """
      UTF-8
      LEFTHYPHENMIN 2
      RIGHTHYPHENMIN 2
      1na
      n2at
      .ab1
      a1b
      """)

  @Test func theLargestDigitDecides() {
    // b-a-n-a-n-a: '1na' allows a break before each 'na', 'n2at' forbids none of them.
    #expect(small.breaks(in: "banana") == [2, 4])
    // 'n2at' stands between n and a, not before n: the break before 'na' stays.
    #expect(small.breaks(in: "canat") == [2])
    // '.ab1' allows one behind the first two letters.
    #expect(small.breaks(in: "abcde") == [2])
  }

  @Test func shortPartsAndForeignLettersStayWhole() {
    #expect(small.breaks(in: "ana") == [])
    #expect(small.breaks(in: "naïna") == [])
  }

  /// Words whose divisions stand in Liang's thesis or in any dictionary.
  @Test(arguments: [
    ("hyphenation", "hy-phen-ation"), ("concatenation", "con-cate-na-tion"),
    ("supercalifragilistic", "su-per-cal-ifrag-ilis-tic"), ("parameters", "pa-ram-e-ters"),
    ("the", "the"),
  ])
  func englishWordsAreBroken(_ word: String, _ expected: String) throws {
    let letters = Array(word)
    var shown = ""
    var before = 0
    for place in try Hyphenation.english().breaks(in: word) {
      shown += String(letters[before..<place]) + "-"
      before = place
    }
    #expect(shown + String(letters[before...]) == expected)
  }
}
