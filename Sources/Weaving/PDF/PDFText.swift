import CairoRendering
import Literate
import Plotting

/// A line of text relative to the beginning of its baseline.
struct TypesetLine {
  var items: [BookPage.Item] = []
  var width = 0.0
  var height = 0.0
  var depth = 0.0
  /// The numbers of the footnotes that the line refers to.
  var notes: [Int] = []
}

/// Running text as the elements of lines and what is drawn for each.
struct ParagraphContent {
  /// What an element draws.
  enum Piece {
    /// A part of a word; parts of one word that follow one another are drawn as one.
    case text(String, Look, word: Int, rise: Double)
    case space(Look)
    case formula(Formula, RGB)
    /// A hyphen that is there only at the end of a line.
    case hyphen(Look)
    case nothing
  }

  var elements: [LineBreaker.Element] = []
  var pieces: [Piece] = []
  var links: [BookPage.LinkTarget?] = []
  /// The footnote that an element's mark refers to.
  var notes: [Int?] = []

  mutating func add(
    _ element: LineBreaker.Element, _ piece: Piece = .nothing, link: BookPage.LinkTarget? = nil,
    note: Int? = nil
  ) {
    elements.append(element)
    pieces.append(piece)
    links.append(link)
    notes.append(note)
  }

  /// The width on one line.
  var naturalWidth: Double {
    elements.reduce(0) { sum, element in
      switch element {
      case .box(let width, _), .kern(let width), .glue(let width, _, _): sum + width
      case .penalty: sum
      }
    }
  }
}

/// Sets running text for one chapter.
final class TextSetter {
  let fonts: FontBook
  private let hyphenation: Hyphenation
  /// Turns the destination of a link in the source into one of the document.
  let resolve: (String) -> BookPage.LinkTarget
  /// What footnotes are marked as.
  let noteDestination: (Int) -> String
  /// Characters that no font of the book has, with the lines of the source.
  private(set) var missing: [(scalar: Unicode.Scalar, line: Int)] = []
  /// The line of the source that is being set.
  var line = 1
  private var words = 0

  init(
    fonts: FontBook, hyphenation: Hyphenation,
    resolve: @escaping (String) -> BookPage.LinkTarget,
    noteDestination: @escaping (Int) -> String
  ) {
    self.fonts = fonts
    self.hyphenation = hyphenation
    self.resolve = resolve
    self.noteDestination = noteDestination
  }

  // MARK: - Words

  /// The runs of a text on one line.
  func runs(_ text: String, _ look: Look) -> [GlyphRun] {
    let (runs, absent) = fonts.runs(text, font: look.font, size: look.size, features: look.features)
    note(missing: absent)
    return runs
  }

  /// Remembers characters that no font has.
  func note(missing scalars: [Unicode.Scalar]) { missing += scalars.map { ($0, line) } }

  func width(_ text: String, _ look: Look) -> Double {
    runs(text, look).reduce(0) { $0 + $1.width }
  }

  /// A text as items on a baseline that begins at a place, and where it ends.
  func items(_ text: String, _ look: Look, at place: Point) -> (items: [BookPage.Item], end: Double)
  {
    var items: [BookPage.Item] = []
    var x = place.x
    for run in runs(text, look) {
      items.append(.run(run, Point(x, place.y), look.color))
      x += run.width
    }
    return (items, x)
  }

  // MARK: - From running text to elements

  struct Context {
    var look: Look
    var link: BookPage.LinkTarget?
    var rise = 0.0
    /// Whether words may be broken.
    var hyphenates = true
  }

  func content(_ inlines: [Inline], _ look: Look, hyphenates: Bool = true) -> ParagraphContent {
    var content = ParagraphContent()
    words += 1
    append(inlines, Context(look: look, hyphenates: hyphenates), to: &content)
    return content
  }

  private func append(
    _ inlines: [Inline], _ context: Context, to content: inout ParagraphContent
  ) {
    for inline in inlines { append(inline, context, to: &content) }
  }

  private func append(_ inline: Inline, _ context: Context, to content: inout ParagraphContent) {
    var context = context
    switch inline {
    case .text(let text): appendText(text, context, to: &content)
    case .emphasis(let inner):
      context.look = context.look.emphasized()
      append(inner, context, to: &content)
    case .strong(let inner):
      context.look = context.look.strong()
      append(inner, context, to: &content)
    case .code(let text): appendCode(text, context, to: &content)
    case .link(let destination, let inner):
      context.link = resolve(destination)
      context.look.color = Ink.link
      if case .address = context.link {
        context.hyphenates = false
      }
      append(inner, context, to: &content)
    case .lineBreak:
      content.add(.glue(width: 0, stretch: 1e5, shrink: 0))
      content.add(
        .penalty(cost: -LineBreaker.never, width: 0, hang: 0, isHyphen: false))
    case .math(let node): appendMath(node, context, to: &content)
    case .value(_, let inner): append(inner, context, to: &content)
    case .superscript(let inner):
      context.rise += 0.34 * context.look.size
      context.look = context.look.scaled(0.7)
      append(inner, context, to: &content)
    case .footnote(let number):
      context.rise += 0.34 * context.look.size
      context.look = context.look.scaled(0.7).colored(Ink.link)
      let text = String(number)
      content.add(
        .box(width: width(text, context.look), hang: 0),
        .text(text, context.look, word: nextWord(), rise: context.rise),
        link: .place(noteDestination(number)), note: number)
    case .reference, .crossReference, .citation:
      // All of these are filled in before a chapter is printed.
      appendText([inline].plainText, context, to: &content)
    }
  }

  private func nextWord() -> Int {
    words += 1
    return words
  }

  private func appendText(
    _ text: String, _ context: Context, to content: inout ParagraphContent
  ) {
    var word = ""
    func flush() {
      if !word.isEmpty { appendWord(word, context, to: &content) }
      word = ""
    }
    for character in text {
      switch character {
      case " ", "\n", "\t":
        flush()
        appendSpace(context, to: &content)
      case "\u{00A0}", "\u{202F}", "\u{2009}", "\u{200A}":
        flush()
        let natural = width(" ", context.look)
        let factor = character == "\u{00A0}" ? 1 : character == "\u{200A}" ? 0.35 : 0.65
        content.add(
          .kern(width: natural * factor),
          .space(context.look), link: context.link)
      default: word.append(character)
      }
    }
    flush()
  }

  private func appendSpace(_ context: Context, to content: inout ParagraphContent) {
    if case .glue? = content.elements.last { return }
    let natural = width(" ", context.look)
    content.add(
      .glue(width: natural, stretch: 0.55 * natural, shrink: 0.28 * natural),
      .space(context.look), link: context.link)
  }

  /// How much of a sign at a line's end may stand in the margin, in parts of its width.
  private static func hang(_ character: Character?) -> Double {
    switch character {
    case ".", ",", "-", "’", "”", "'", "\"", "‐": 0.55
    case ":", ";", "–": 0.35
    case ")", "!", "?", "—": 0.15
    default: 0
    }
  }

  private func appendWord(
    _ word: String, _ context: Context, to content: inout ParagraphContent
  ) {
    let look = context.look
    let id = nextWord()
    // Words are broken between their letters, and behind hyphens and dashes that they have.
    var ends: [(count: Int, isHyphen: Bool)] = []
    var letters = ""
    var start = 0
    let characters = Array(word)
    func take(_ end: Int) {
      if context.hyphenates {
        for place in hyphenation.breaks(in: letters) { ends.append((start + place, true)) }
      }
      letters = ""
      start = end + 1
    }
    for (index, character) in characters.enumerated() {
      if character.isLetter {
        letters.append(character)
        continue
      }
      take(index)
      let isInside = index > 0 && index + 1 < characters.count
      if isInside, "-–—/".contains(character), !characters[index + 1].isNumber {
        ends.append((index + 1, false))
      }
    }
    take(characters.count)
    var shown = 0
    var widthBefore = 0.0
    for end in ends + [(characters.count, false)] where end.count > shown {
      let prefix = String(characters[..<end.count])
      let width = self.width(prefix, look)
      let part = String(characters[shown..<end.count])
      let last = part.last
      let hang = Self.hang(last) * (last.map { self.width(String($0), look) } ?? 0)
      content.add(
        .box(width: width - widthBefore, hang: hang),
        .text(part, look, word: id, rise: context.rise), link: context.link)
      if end.count < characters.count {
        let hyphen = end.isHyphen ? self.width("-", look) : 0
        content.add(
          .penalty(
            cost: end.isHyphen ? 60 : 30, width: hyphen,
            hang: end.isHyphen ? 0.55 * hyphen : 0, isHyphen: true),
          end.isHyphen ? .hyphen(look) : .nothing, link: context.link)
      }
      widthBefore = width
      shown = end.count
    }
  }

  /// What it costs to end a line within code behind a character, nil if none may end there: a path
  /// behind its slashes, a name rather not at a hyphen of its own, and a flag as `--seeds` never.
  static func breakCost(behind index: Int, of characters: [Character]) -> Double? {
    guard index > 2, characters.count - index > 3 else { return nil }
    let start = characters[..<index].lastIndex(of: " ").map { $0 + 1 } ?? 0
    if characters[start] == "-" { return characters[index] == "," ? 150 : nil }
    switch characters[index] {
    case "/", ".", "_", ",", "(": return 150
    case "-": return 250
    default: return nil
    }
  }

  private func appendCode(
    _ text: String, _ context: Context, to content: inout ParagraphContent
  ) {
    var look = context.look
    look.family = .mono
    look.isEmphasized = false
    // JetBrains Mono is large on its body.
    look.size *= context.look.family == .sans ? 0.92 : 0.84
    let id = nextWord()
    var part = ""
    func flush() {
      if part.isEmpty { return }
      content.add(
        .box(width: width(part, look), hang: 0), .text(part, look, word: id, rise: context.rise),
        link: context.link)
      part = ""
    }
    let characters = Array(text)
    for (index, character) in characters.enumerated() {
      if character == " " {
        flush()
        let natural = width(" ", look)
        content.add(
          .glue(width: natural, stretch: 0.1 * natural, shrink: 0), .space(look),
          link: context.link)
        continue
      }
      part.append(character)
      if let cost = Self.breakCost(behind: index, of: characters) {
        flush()
        content.add(.penalty(cost: cost, width: 0, hang: 0, isHyphen: false))
      }
    }
    flush()
  }

  private func appendMath(
    _ node: MathNode, _ context: Context, to content: inout ParagraphContent
  ) {
    // Beside Inter the letters of Pagella look small.
    let size = context.look.size * (context.look.family == .sans ? 1.08 : 1)
    for part in fonts.formulaParts(node, size: size) {
      note(missing: part.formula.missing)
      content.add(
        .box(width: part.formula.width, hang: 0), .formula(part.formula, context.look.color),
        link: context.link)
      if part.space > 0 || part.endsWithRelation {
        content.add(
          .penalty(
            cost: part.endsWithRelation ? 250 : 400, width: 0, hang: 0, isHyphen: false))
        content.add(.kern(width: part.space))
      }
    }
  }

  // MARK: - Lines

  /// A paragraph broken into lines.
  ///
  /// - Parameters:
  ///   - indent: By how much the first line begins further in.
  ///   - isRagged: Whether lines end unevenly, as in narrow columns.
  func lines(
    _ inlines: [Inline], _ look: Look, width: Double, indent: Double = 0, isRagged: Bool = false,
    hyphenates: Bool = true
  ) -> [TypesetLine] {
    var content = ParagraphContent()
    if indent > 0 { content.add(.box(width: indent, hang: 0)) }
    words += 1
    append(inlines, Context(look: look, hyphenates: hyphenates && !isRagged), to: &content)
    while case .glue? = content.elements.last {
      content.elements.removeLast()
      content.pieces.removeLast()
      content.links.removeLast()
      content.notes.removeLast()
    }
    return lines(content, width: width, isRagged: isRagged)
  }

  func lines(
    _ content: ParagraphContent, width: Double, isRagged: Bool = false
  ) -> [TypesetLine] {
    guard !content.elements.isEmpty else { return [] }
    var content = content
    content.add(.penalty(cost: LineBreaker.never, width: 0, hang: 0, isHyphen: false))
    content.add(.glue(width: 0, stretch: 1e5, shrink: 0))
    content.add(.penalty(cost: -LineBreaker.never, width: 0, hang: 0, isHyphen: false))
    let breaker = LineBreaker(elements: content.elements, width: width, isRagged: isRagged)
    return breaker.lines().map { line(content, $0) }
  }

  /// A text on one line, whatever its width.
  func line(_ inlines: [Inline], _ look: Look) -> TypesetLine {
    let content = content(inlines, look, hyphenates: false)
    return line(content, LineBreaker.Line(elements: 0..<content.elements.count, ratio: 0))
  }

  /// The widest part of a text within which no line can end.
  func widestWord(_ inlines: [Inline], _ look: Look) -> Double {
    var widest = 0.0
    var width = 0.0
    for element in content(inlines, look, hyphenates: false).elements {
      switch element {
      case .box(let own, _), .kern(let own): width += own
      case .glue: width = 0
      case .penalty: break
      }
      widest = max(widest, width)
    }
    return widest
  }

  private func line(_ content: ParagraphContent, _ line: LineBreaker.Line) -> TypesetLine {
    var result = TypesetLine()
    var x = 0.0
    var pending: (text: String, look: Look, word: Int, rise: Double, x: Double)?
    var linked: (target: BookPage.LinkTarget, start: Double, end: Double, size: Double)?

    func flushText() {
      guard let word = pending else { return }
      result.items += items(word.text, word.look, at: Point(word.x, -word.rise)).items
      pending = nil
    }
    func flushLink() {
      guard let link = linked else { return }
      result.items.append(
        .link(
          Rect(
            x: link.start, y: -0.8 * link.size, width: link.end - link.start,
            height: 1.05 * link.size), link.target))
      linked = nil
    }
    func reach(_ look: Look, _ rise: Double) {
      let metrics = fonts.metrics(look.font, size: look.size)
      result.height = max(result.height, min(metrics.ascent, 0.78 * look.size) + rise)
      result.depth = max(result.depth, min(metrics.descent, 0.25 * look.size) - rise)
    }

    for index in line.elements {
      let before = x
      var size = 10.0
      if let note = content.notes[index] { result.notes.append(note) }
      switch content.elements[index] {
      case .box(let width, _):
        switch content.pieces[index] {
        case .text(let text, let look, let word, let rise):
          size = look.size
          reach(look, rise)
          if let last = pending, last.word == word, last.look == look {
            pending?.text += text
          } else {
            flushText()
            pending = (text, look, word, rise, x)
          }
        case .formula(let formula, let color):
          flushText()
          result.items += formula.items(at: Point(x, 0), color: color)
          result.height = max(result.height, formula.height)
          result.depth = max(result.depth, formula.depth)
        default: flushText()
        }
        x += width
      case .glue(let width, let stretch, let shrink):
        flushText()
        let actual =
          width + (line.ratio >= 0 ? min(line.ratio, 1e4) * stretch : line.ratio * shrink)
        if case .space(let look) = content.pieces[index] {
          size = look.size
          if let space = runs(" ", look).first {
            result.items.append(.run(space, Point(x, 0), look.color))
          }
        }
        // The space that fills the last line is none of the text.
        x += stretch >= 1e5 ? 0 : actual
      case .kern(let width):
        flushText()
        if case .space(let look) = content.pieces[index], let space = runs(" ", look).first {
          result.items.append(.run(space, Point(x, 0), look.color))
        }
        x += width
      case .penalty(_, let width, _, _):
        guard index == line.elements.upperBound - 1,
          case .hyphen(let look) = content.pieces[index]
        else { continue }
        flushText()
        // It says that it is there for the line's sake, so that words are found across lines.
        for run in runs("-", look) {
          result.items.append(.run(run.saying("\u{00AD}"), Point(x, 0), look.color))
        }
        x += width
      }
      if let target = content.links[index] {
        if let link = linked, link.target == target {
          linked = (target, link.start, x, max(link.size, size))
        } else {
          flushLink()
          linked = (target, before, x, size)
        }
      } else if x > before {
        flushLink()
      }
    }
    flushText()
    flushLink()
    result.width = x
    return result
  }
}

extension Formula {
  /// The formula on a baseline that begins at a place.
  func items(at place: Point, color: RGB) -> [BookPage.Item] {
    runs.map { .run($0.run, Point(place.x + $0.place.x, place.y + $0.place.y), color) }
      + rules.map {
        .fill(
          Rect(x: place.x + $0.x, y: place.y + $0.y, width: $0.width, height: $0.height), color,
          radius: 0)
      }
  }
}

extension BookPage.Item {
  /// The item elsewhere.
  func moved(x: Double, y: Double) -> BookPage.Item {
    func moved(_ point: Point) -> Point { Point(point.x + x, point.y + y) }
    func moved(_ rect: Rect) -> Rect {
      Rect(x: rect.x + x, y: rect.y + y, width: rect.width, height: rect.height)
    }
    return switch self {
    case .run(let run, let place, let color): .run(run, moved(place), color)
    case .fill(let rect, let color, let radius): .fill(moved(rect), color, radius: radius)
    case .frame(let rect, let color, let width, let radius):
      .frame(moved(rect), color, width: width, radius: radius)
    case .drawing(let drawing, let place, let scale):
      .drawing(drawing, moved(place), scale: scale)
    case .link(let rect, let target): .link(moved(rect), target)
    case .destination(let name, let place): .destination(name, moved(place))
    case .open, .close: self
    }
  }
}
