import CairoRendering
import Plotting

/// A strip of a page that stays whole, relative to its upper left corner.
struct Slab {
  var height: Double
  var items: [BookPage.Item] = []
  /// What stands at the foot of the page that the strip is on.
  var notes: [Slab] = []

  /// Draws another strip within this one.
  mutating func add(_ other: Slab, x: Double = 0, y: Double) {
    items += other.items.map { $0.moved(x: x, y: y) }
    notes += other.notes
  }
}

/// What follows one another down the pages.
enum FlowItem {
  case slab(Slab)
  /// White space; it vanishes at the top of a page, and may grow to fill one.
  case space(Double, stretch: Double)
  /// A page may end here at a cost.
  case breakpoint(cost: Double)
  /// A figure or table that may stand here or at the top of a later page.
  case float(Slab)
  /// No float stays behind.
  case barrier
  case newPage(isOpening: Bool)
  /// The running head from this page on.
  case head(String)
}

/// Builds a flow block by block: of the spaces after one and before the next the larger counts.
struct FlowBuilder {
  private(set) var items: [FlowItem] = []
  private var space = 0.0
  private var staysWithNext = true
  private var isFirst = true

  /// Begins a block: a page may end before it unless the last one must stay with it.
  ///
  /// - Parameter isJoined: Whether nothing but `before` separates it from the last block.
  mutating func begin(before: Double, cost: Double = 0, isJoined: Bool = false) {
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

  mutating func add(_ item: FlowItem) { items.append(item) }

  /// Lines with the rules against widows and orphans: no line of a paragraph stands alone.
  mutating func add(_ slabs: [Slab], leastTogether least: Int = 2, cost: Double = 20) {
    for (index, slab) in slabs.enumerated() {
      if index >= least, slabs.count - index >= least { items.append(.breakpoint(cost: cost)) }
      items.append(.slab(slab))
    }
  }

  mutating func append(_ other: [FlowItem]) { items += other }

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
  private var head = ""
  private var sheets: [Sheet] = []

  /// The space around a float.
  private static let floatSpace = 16.0
  private static let noteSpace = 12.0
  /// How much each page's spaces may grow in all, at most.
  private static let slack = 36.0

  static func fill(_ flow: [FlowItem]) -> [Sheet] {
    var filler = PageFiller(flow: flow)
    while filler.next < flow.count || !filler.waiting.isEmpty { filler.page() }
    return filler.sheets
  }

  private init(flow: [FlowItem]) { self.flow = flow }

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

    mutating func add(space: Double, stretch: Double) {
      guard hasContent else { return }
      parts.append(.space(space, stretch: stretch))
      height += space
    }

    /// The height without white space at the end.
    var used: Double {
      var height = height
      for part in parts.reversed() {
        guard case .space(let space, _) = part else { break }
        height -= space
      }
      return height + notesHeight
    }
  }

  private mutating func page() {
    let room = Design.textHeight
    var sheet = Sheet()
    var draft = Draft(waiting: [])
    // What waits stands at the top, as much as leaves a fifth of the page, or fills it.
    while let float = waiting.first {
      let gap = draft.hasContent ? Self.floatSpace : 0
      guard !draft.hasContent || draft.height + gap + float.height <= 0.82 * room else { break }
      draft.add(space: gap, stretch: 4)
      draft.add(float)
      waiting.removeFirst()
    }
    if draft.hasContent { draft.add(space: Self.floatSpace, stretch: 6) }
    draft.waiting = waiting

    var best: (score: Double, next: Int, draft: Draft)?
    var index = next
    var isForced = false
    scan: while index < flow.count {
      switch flow[index] {
      case .slab(let slab):
        var longer = draft
        longer.add(slab)
        if longer.used > room, draft.hasContent { break scan }
        draft = longer
      case .space(let height, let stretch): draft.add(space: height, stretch: stretch)
      case .breakpoint(let cost):
        guard draft.hasContent else { break }
        let shortage = max(0, room - draft.used)
        // A page that ends early is worse the earlier; a good place is worth a few lines.
        let score = pow2(shortage / 10) + cost
        if score <= best?.score ?? .infinity { best = (score, index + 1, draft) }
      case .float(let slab):
        var longer = draft
        longer.add(space: Self.floatSpace, stretch: 6)
        longer.add(slab)
        if draft.waiting.isEmpty, longer.used <= room {
          longer.add(space: Self.floatSpace, stretch: 6)
          draft = longer
          let shortage = max(0, room - draft.used)
          best = (min(best?.score ?? .infinity, pow2(shortage / 10)), index + 1, draft)
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
    if isForced {
      best = (0, index, draft)
    } else if best == nil {
      // Nothing could end here: the strip alone is higher than the page, or must stay with it.
      best = (0, index, draft)
      if !draft.hasContent, index < flow.count { best?.next = index + 1 }
    }
    guard let chosen = best else { return }
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
    while case .space? = parts.last { parts.removeLast() }
    let shortage = Design.textHeight - draft.used
    let stretch = parts.reduce(0.0) { sum, part in
      if case .space(_, let stretch) = part { sum + stretch } else { sum }
    }
    // A page is filled only if its spaces do not become holes.
    let fits = !isLast && shortage > 0 && shortage <= min(Self.slack, 1.2 * stretch)
    let ratio = fits ? shortage / stretch : 0
    var y = Design.top
    for part in parts {
      switch part {
      case .slab(let slab):
        sheet.items += slab.items.map { $0.moved(x: Design.left, y: y) }
        y += slab.height
      case .space(let height, let stretch): y += height + ratio * stretch
      }
    }
    guard !draft.notes.isEmpty else { return }
    y = Design.top + Design.textHeight - draft.notesHeight + Self.noteSpace
    sheet.items.append(
      .fill(
        Rect(x: Design.left, y: y - 6, width: 72, height: 0.4), Ink.rule, radius: 0))
    for note in draft.notes {
      sheet.items += note.items.map { $0.moved(x: Design.left, y: y) }
      y += note.height + 2
    }
  }
}
