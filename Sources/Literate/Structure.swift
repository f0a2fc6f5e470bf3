/// Makes a document from the flat sequence of blocks and code that a parse gives: takes the title
/// out, names the headings, and gathers asides, exercises and solutions.
struct Structure {
  private let file: String
  private var anchors: Set<String> = []

  private init(file: String) { self.file = file }

  static func document(
    _ parsed: Markdown.Parsed, file: String
  ) throws(LiterateError) -> Document {
    var structure = Structure(file: file)
    var blocks = try structure.gatherAsides(parsed.items)
    guard
      let titleIndex = blocks.firstIndex(where: {
        if case .heading(1, _, _) = $0.kind { true } else { false }
      }), case .heading(_, _, let title) = blocks[titleIndex].kind
    else { throw LiterateError(.noTitle, at: SourceLocation(file: file, line: 1)) }
    let titleLine = blocks.remove(at: titleIndex).line
    for block in blocks {
      if case .heading(1, _, _) = block.kind {
        throw structure.error(.secondTitle(firstLine: titleLine), block.line)
      }
    }
    blocks = try structure.gatherExercises(blocks)
    return Document(file: file, title: title, blocks: blocks, footnotes: parsed.footnotes)
  }

  private func error(_ problem: LiterateError.Problem, _ line: Int) -> LiterateError {
    LiterateError(problem, at: SourceLocation(file: file, line: line))
  }

  /// The splitter has seen to it that asides are closed and do not nest.
  private func gatherAsides(_ items: [Markdown.Parsed.Item]) throws(LiterateError) -> [Block] {
    var result: [Block] = []
    var aside: (title: String, line: Int, blocks: [Block])?
    func add(_ block: Block) {
      if aside == nil { result.append(block) } else { aside?.blocks.append(block) }
    }
    for item in items {
      switch item {
      case .block(let block): add(block)
      case .piece(.code(let listing)):
        add(Block(.listing(listing), line: listing.lines.lowerBound))
      case .piece(.asideBegin(let title, let line)): aside = (title, line, [])
      case .piece(.asideEnd):
        if let open = aside {
          result.append(Block(.aside(title: open.title, open.blocks), line: open.line))
        }
        aside = nil
      case .piece(.prose): break
      }
    }
    return result
  }

  /// Exercises run to the next heading of their level, a solution to the next heading of its own;
  /// both end at the program's next code, which a reader must not miss.
  private mutating func gatherExercises(_ blocks: [Block]) throws(LiterateError) -> [Block] {
    var result: [Block] = []
    var exercise: (level: Int, anchor: String, title: [Inline], line: Int, blocks: [Block])?
    var solution: (level: Int, line: Int, blocks: [Block])?

    func closeSolution() {
      guard let open = solution else { return }
      exercise?.blocks.append(Block(.solution(open.blocks), line: open.line))
      solution = nil
    }
    func closeExercise() {
      closeSolution()
      guard let open = exercise else { return }
      result.append(
        Block(
          .exercise(anchor: open.anchor, title: open.title, open.blocks), line: open.line))
      exercise = nil
    }
    func add(_ block: Block) {
      if solution != nil {
        solution?.blocks.append(block)
      } else if exercise != nil {
        exercise?.blocks.append(block)
      } else {
        result.append(block)
      }
    }

    for block in blocks {
      switch block.kind {
      case .heading(let level, _, let inlines):
        if let open = solution, level <= open.level { closeSolution() }
        if let open = exercise, level <= open.level { closeExercise() }
        if let title = Self.exerciseTitle(inlines) {
          guard !title.isEmpty else { throw error(.exerciseWithoutTitle, block.line) }
          closeExercise()
          exercise = (level, anchor(for: inlines), title, block.line, [])
        } else if inlines == [.text("Solution")] {
          guard exercise != nil else { throw error(.solutionOutsideExercise, block.line) }
          solution = (level, block.line, [])
        } else {
          add(
            Block(.heading(level: level, anchor: anchor(for: inlines), inlines), line: block.line))
        }
      case .listing:
        closeExercise()
        add(block)
      case .aside(let title, let inner):
        closeExercise()
        add(Block(.aside(title: title, nameHeadings(inner)), line: block.line))
      default: add(block)
      }
    }
    closeExercise()
    return result
  }

  private mutating func nameHeadings(_ blocks: [Block]) -> [Block] {
    var result: [Block] = []
    for block in blocks {
      if case .heading(let level, _, let inlines) = block.kind {
        result.append(
          Block(.heading(level: level, anchor: anchor(for: inlines), inlines), line: block.line))
      } else {
        result.append(block)
      }
    }
    return result
  }

  /// What follows "Exercise:" in a heading; nil if it is no exercise.
  private static func exerciseTitle(_ inlines: [Inline]) -> [Inline]? {
    guard case .text(let text)? = inlines.first, text.hasPrefix("Exercise:") else { return nil }
    var rest = text.dropFirst("Exercise:".count)
    while rest.first == " " { rest.removeFirst() }
    return (rest.isEmpty ? [] : [.text(String(rest))]) + inlines.dropFirst()
  }

  /// A name for a heading made of its letters and digits, unique in the document.
  private mutating func anchor(for inlines: [Inline]) -> String {
    var name = ""
    for character in inlines.plainText.lowercased() {
      if character.isLetter || character.isNumber {
        name.append(character)
      } else if !name.isEmpty, name.last != "-" {
        name.append("-")
      }
    }
    while name.last == "-" { name.removeLast() }
    if name.isEmpty { name = "section" }
    var unique = name
    var count = 2
    while !anchors.insert(unique).inserted {
      unique = "\(name)-\(count)"
      count += 1
    }
    return unique
  }
}
