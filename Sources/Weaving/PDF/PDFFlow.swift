import CairoRendering
import Plotting

/// A strip of a page that stays whole, relative to its upper left corner.
struct Slab {
  var height: Double
  var items: [BookPage.Item] = []
  /// What stands at the foot of the page that the strip is on.
  var notes: [Slab] = []
  /// The element of the document's structure that the strip is part of; empty if its items name
  /// their own.
  var element = "P"
  /// Whether the element begins here and does not go on from the strip before.
  var beginsElement = true
  /// Whether it is left out where a page ends at it, as an empty line of a program.
  var vanishesAtBreak = false

  init(height: Double, items: [BookPage.Item] = []) {
    self.height = height
    self.items = items
  }

  /// Draws another strip within this one.
  mutating func add(_ other: Slab, x: Double = 0, y: Double) {
    items += other.items.map { $0.moved(x: x, y: y) }
    notes += other.notes
  }

  /// Makes all that is drawn so far behind an index one element of the structure.
  mutating func wrap(_ element: String, from index: Int = 0) {
    items.insert(.open(element), at: index)
    items.append(.close(element))
  }
}

/// What follows one another down the pages.
enum FlowItem {
  case slab(Slab)
  /// White space; it vanishes at the top of a page, and may grow to fill one.
  case space(Double, stretch: Double)
  /// A page may end here at a cost; `seam` is drawn if it does.
  case breakpoint(cost: Double, seam: Seam? = nil)
  /// A figure or table that may stand here or at the top of a later page.
  case float(Slab)
  /// No float stays behind.
  case barrier
  case newPage(isOpening: Bool)
  /// The running head from this page on.
  case head(String)

  /// What ends a panel or a table on one page and begins it again on the next.
  struct Seam {
    var before: Slab
    var after: Slab
  }
}

/// Builds a flow block by block: of the spaces after one and before the next the larger counts.
struct FlowBuilder {
  private(set) var items: [FlowItem] = []
  private var space = 0.0
  private var staysWithNext = true
  private var isFirst = true
  private var element = "P"
  private var beginsElement = true

  /// Begins a block: a page may end before it unless the last one must stay with it.
  ///
  /// - Parameters:
  ///   - isJoined: Whether nothing but `before` separates it from the last block.
  ///   - element: What the block is in the structure of the document; empty if its strips say it.
  mutating func begin(
    before: Double, cost: Double = 0, isJoined: Bool = false, element: String = "P"
  ) {
    self.element = element
    beginsElement = true
    if !isFirst {
      if !staysWithNext { items.append(.breakpoint(cost: cost)) }
      let gap = isJoined ? before : max(space, before)
      items.append(.space(gap, stretch: gap * 0.4))
    }
    isFirst = false
    staysWithNext = false
    space = 0
  }

  /// Ends a block.
  mutating func end(after: Double, staysWithNext: Bool = false) {
    space = after
    self.staysWithNext = staysWithNext
  }

  mutating func add(_ item: FlowItem) {
    guard case .slab(var slab) = item else { return items.append(item) }
    slab.element = element
    slab.beginsElement = beginsElement
    beginsElement = false
    items.append(.slab(slab))
  }

  /// Lines with the rules against widows and orphans: no line of a paragraph stands alone.
  mutating func add(_ slabs: [Slab], leastTogether least: Int = 2, cost: Double = 6) {
    for (index, slab) in slabs.enumerated() {
      if index >= least, slabs.count - index >= least { items.append(.breakpoint(cost: cost)) }
      add(.slab(slab))
    }
  }

  mutating func append(_ other: [FlowItem]) { items += other }

  /// Goes on behind something else, at the given distance.
  mutating func resume(after space: Double) {
    isFirst = false
    end(after: space)
  }

  /// Begins a page of its own.
  mutating func startPage(isOpening: Bool, head: String) {
    items += [.barrier, .newPage(isOpening: isOpening), .head(head)]
    space = 0
    isFirst = true
    staysWithNext = true
  }

  /// All of it as one strip, as for boxes.
  static func slab(_ items: [FlowItem]) -> Slab {
    var result = Slab(height: 0)
    for item in items {
      switch item {
      case .slab(let slab), .float(let slab):
        result.add(slab, y: result.height)
        result.height += slab.height
      case .space(let height, _): result.height += height
      case .breakpoint, .barrier, .newPage, .head: break
      }
    }
    return result
  }
}

/// A page of the body.
struct Sheet {
  var items: [BookPage.Item] = []
  var head = ""
  /// Whether something begins here that needs no running head.
  var isOpening = false
}

/// Fills pages from a flow: strips stay whole, floats go to the top of the next page if they do
/// not fit, notes stand at the foot, and what little is left over is shared among the spaces.
struct PageFiller {
  private let flow: [FlowItem]
  private var next = 0
  private var waiting: [Slab] = []
  /// What begins again on this page what the last one broke off.
  private var opening: Slab?
  private var head = ""
  private var sheets: [Sheet] = []

  /// The space around a float.
  private static let floatSpace = 18.0
  private static let noteSpace = 12.0
  /// How much each page's spaces may grow in all, at most.
  private static let slack = 36.0
  private let room: Double

  /// The pages of a flow.
  ///
  /// - Parameter room: The height of the text on a page in points.
  static func fill(_ flow: [FlowItem], room: Double = Design.textHeight) -> [Sheet] {
    var filler = PageFiller(flow: flow, room: room)
    while filler.next < flow.count || !filler.waiting.isEmpty { filler.page() }
    return filler.sheets
  }

  private init(flow: [FlowItem], room: Double) {
    self.flow = flow
    self.room = room
  }

  /// The page while it is filled.
  private struct Draft {
    enum Part {
      case slab(Slab)
      case space(Double, stretch: Double)
    }
    var parts: [Part] = []
    var height = 0.0
    var notes: [Slab] = []
    var notesHeight = 0.0
    var waiting: [Slab]

    var hasContent: Bool { !parts.isEmpty }

    mutating func add(_ slab: Slab) {
      parts.append(.slab(slab))
      height += slab.height
      for note in slab.notes {
        notesHeight += note.height + (notes.isEmpty ? PageFiller.noteSpace : 2)
        notes.append(note)
      }
    }

    /// Adds white space; of neighbours the larger counts.
    mutating func add(space: Double, stretch: Double) {
      guard hasContent else { return }
      if case .space(let before, let stretchBefore)? = parts.last {
        parts[parts.count - 1] = .space(
          max(before, space), stretch: max(stretchBefore, stretch))
        height += max(before, space) - before
        return
      }
      parts.append(.space(space, stretch: stretch))
      height += space
    }

    /// Leaves out what need not stand at the end of a page.
    mutating func dropVanishing() {
      while case .slab(let slab)? = parts.last, slab.vanishesAtBreak {
        parts.removeLast()
        height -= slab.height
      }
    }

    /// The height without white space at the end.
    var used: Double {
      var height = height
      if case .space(let space, _)? = parts.last { height -= space }
      return height + notesHeight
    }
  }

  /// Where a page may end: how good that is, where the next one goes on, and what is on this one.
  private struct Ending {
    var score: Double
    var next: Int
    var draft: Draft
    var seam: FlowItem.Seam?
  }

  private mutating func page() {
    var sheet = Sheet()
    var draft = Draft(waiting: [])
    // What waits stands at the top, as much as leaves a fifth of the page, or fills it; where no text
    // can follow before all of it is out, as much as there is room for.
    var most = 0.82 * room
    if next >= flow.count { most = room } else if case .barrier = flow[next] { most = room }
    while let float = waiting.first {
      let gap = draft.hasContent ? Self.floatSpace : 0
      guard !draft.hasContent || draft.height + gap + float.height <= most else { break }
      draft.add(space: gap, stretch: 4)
      draft.add(float)
      waiting.removeFirst()
    }
    if draft.hasContent { draft.add(space: Self.floatSpace, stretch: 6) }
    draft.waiting = waiting
    let floats = draft
    let begun = opening
    if let begun { draft.add(begun) }
    opening = nil
    let start = draft.parts.count

    var best: Ending?
    var index = next
    var isForced = false
    scan: while index < flow.count {
      switch flow[index] {
      case .slab(let slab):
        var longer = draft
        longer.add(slab)
        if longer.used > room, draft.parts.count > start || floats.hasContent { break scan }
        draft = longer
      case .space(let height, let stretch): draft.add(space: height, stretch: stretch)
      case .breakpoint(let cost, let seam):
        guard draft.parts.count > start else { break }
        var ended = draft
        ended.dropVanishing()
        if let seam { ended.add(seam.before) }
        guard ended.used <= room else { break }
        // A page that ends early is worse the earlier; a good place is worth a few lines.
        let score = pow2((room - ended.used) / 10) + cost
        if score <= best?.score ?? .infinity {
          best = Ending(score: score, next: index + 1, draft: ended, seam: seam)
        }
      case .float(let slab):
        var longer = draft
        longer.add(space: Self.floatSpace, stretch: 6)
        longer.add(slab)
        if draft.waiting.isEmpty, longer.used <= room {
          longer.add(space: Self.floatSpace, stretch: 6)
          draft = longer
          let score = pow2(max(0, room - draft.used) / 10)
          best = Ending(
            score: min(best?.score ?? .infinity, score), next: index + 1, draft: draft)
        } else {
          draft.waiting.append(slab)
        }
      case .barrier:
        if !draft.waiting.isEmpty {
          // Everything before goes out, then pages of floats, then what follows.
          isForced = true
          break scan
        }
      case .newPage(let isOpening):
        if draft.hasContent {
          isForced = true
          break scan
        }
        sheet.isOpening = isOpening
      case .head(let text): head = text
      }
      index += 1
    }
    if index >= flow.count { isForced = true }
    let chosen: Ending
    if let best, !isForced {
      chosen = best
      opening = best.seam?.after
    } else if !isForced, floats.hasContent {
      // Floats alone fill the page: what follows them must stay together and finds no room.
      chosen = Ending(score: 0, next: next, draft: floats)
      opening = begun
    } else {
      // All of it is here, or what must stay together is higher than a page.
      chosen = Ending(score: 0, next: index, draft: draft)
    }
    next = chosen.next
    waiting = chosen.draft.waiting
    sheet.head = head
    finish(chosen.draft, isLast: isForced, &sheet)
    sheets.append(sheet)
  }

  private func pow2(_ value: Double) -> Double { value * value }

  /// Puts the strips in their places.
  private func finish(_ draft: Draft, isLast: Bool, _ sheet: inout Sheet) {
    var parts = draft.parts
    if case .space? = parts.last { parts.removeLast() }
    let shortage = room - draft.used
    let stretch = parts.reduce(0.0) { sum, part in
      if case .space(_, let stretch) = part { sum + stretch } else { sum }
    }
    // A page is filled only if its spaces do not become holes.
    let fits = !isLast && shortage > 0 && shortage <= min(Self.slack, 1.2 * stretch)
    let ratio = fits ? shortage / stretch : 0
    var y = Design.top
    var writer = StructureWriter()
    for part in parts {
      switch part {
      case .slab(let slab):
        writer.add(slab, x: Design.left, y: y)
        y += slab.height
      case .space(let height, let stretch): y += height + ratio * stretch
      }
    }
    if !draft.notes.isEmpty {
      y = Design.top + room - draft.notesHeight + Self.noteSpace
      writer.end()
      writer.items.append(
        .fill(
          Rect(x: Design.left, y: y - 6, width: 72, height: 0.4), Ink.rule, radius: 0))
      for note in draft.notes {
        var note = note
        note.element = "Note"
        note.beginsElement = true
        writer.add(note, x: Design.left, y: y)
        y += note.height + 2
      }
    }
    sheet.items = writer.finished()
  }
}

/// Joins strips to a page whose elements of structure are whole.
struct StructureWriter {
  var items: [BookPage.Item] = []
  /// Links are elements of their own, which cannot stand within text.
  private var links: [BookPage.Item] = []
  private var open: String?

  mutating func add(_ slab: Slab, x: Double, y: Double) {
    if slab.beginsElement || slab.element != open { end() }
    if open == nil, !slab.element.isEmpty {
      items.append(.open(slab.element))
      open = slab.element
    }
    for item in slab.items {
      if case .link = item {
        links.append(item.moved(x: x, y: y))
      } else {
        items.append(item.moved(x: x, y: y))
      }
    }
  }

  mutating func end() {
    if let open { items.append(.close(open)) }
    open = nil
  }

  mutating func finished() -> [BookPage.Item] {
    end()
    return items + links
  }
}
