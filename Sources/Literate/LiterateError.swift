/// Why a chapter's source could not be read: where, what was found and what to do.
public struct LiterateError: Error, Equatable, Sendable, CustomStringConvertible {
  /// Where the fault is.
  public var location: SourceLocation
  /// What the fault is.
  public var problem: Problem

  init(_ problem: Problem, at location: SourceLocation) {
    self.problem = problem
    self.location = location
  }

  init(_ error: MathError) { self.init(.formula(error.problem), at: error.location) }

  /// `file:line:column: what is wrong. What to do.`
  public var description: String { "\(location): \(problem.text)" }

  /// The faults that a source can have.
  public enum Problem: Equatable, Sendable {
    case noTitle
    case secondTitle(firstLine: Int)
    case unclosedProseBlock
    case unclosedCodeFence
    case unclosedAside(title: String)
    case asideInAside(title: String)
    case endWithoutAside
    case asideWithoutTitle
    case solutionOutsideExercise
    case exerciseWithoutTitle
    case rawHTML(String)
    case image
    case unknownFootnote(String)
    case unusedFootnote(String)
    case unknownReferenceKind(String, nearest: [String])
    case badCitation(String)
    case raggedTable(found: Int, expected: Int)
    case captionWithoutTable
    case captionWithoutName
    case badEntry(String, expected: String)
    case duplicateEntry(String, firstLine: Int)
    case missingField(String, entry: String)
    case badYear(String, entry: String)
    case badKey(String)
    case reservedCharacter
    /// A fault within a formula.
    case formula(MathError.Problem)

    var text: String {
      switch self {
      case .noTitle:
        "a chapter must begin with a title, but no heading of level 1 was found. "
          + "Add a line such as '//: # Does error fall as a power of size?' at the top."
      case .secondTitle(let firstLine):
        "a chapter has one heading of level 1, its title, and line \(firstLine) holds it already. "
          + "Use '##' here."
      case .unclosedProseBlock:
        "the prose block that '/*:' opens here is never closed. Add '*/' at its end."
      case .unclosedCodeFence:
        "the fenced code block that begins here is never closed, so it would swallow the program. "
          + "Close it with the same marks."
      case .unclosedAside(let title):
        "the aside '\(title)' that begins here is never closed. Add '// MARK: - end' after it."
      case .asideInAside(let title):
        "an aside cannot hold another, but '\(title)' begins inside one. "
          + "Put '// MARK: - end' before it."
      case .endWithoutAside:
        "'// MARK: - end' closes an aside, but none is open. "
          + "Remove it, or add '// MARK: - aside TITLE' before it."
      case .asideWithoutTitle:
        "an aside needs a title, which readers see while it is folded. "
          + "Write '// MARK: - aside TITLE'."
      case .solutionOutsideExercise:
        "a solution belongs to an exercise, but none is open here. "
          + "Put '### Exercise: TITLE' before '#### Solution'."
      case .exerciseWithoutTitle:
        "an exercise needs a title. Write '### Exercise: TITLE'."
      case .rawHTML(let tag):
        "prose is CommonMark without HTML, because it is printed on paper too, but '\(tag)' was "
          + "found. Use Markdown, or write '\\<' for the character itself."
      case .image:
        "prose holds no images: a figure is shown by the program. "
          + "Use chapter.show(figure:name:caption:alt:)."
      case .unknownFootnote(let name):
        "there is no footnote '\(name)'. Define it in prose as '[^\(name)]: ...'."
      case .unusedFootnote(let name):
        "the footnote '\(name)' is defined but nothing refers to it. "
          + "Put '[^\(name)]' where it belongs, or remove it."
      case .unknownReferenceKind(let word, let nearest):
        "'@\(word):' refers to nothing that has a number here."
          + (nearest.isEmpty
            ? "" : " Did you mean \(nearest.map { "'@\($0):'" }.joined(separator: " or "))?")
          + " Write '@fig:', '@tbl:', '@eq:' or '@ch:', or put the text in backquotes."
      case .badCitation(let found):
        "'[@' begins a citation, but '\(found)' was found. Write '[@kaplan2020]' or "
          + "'[@kaplan2020, section 3; @hoffmann2022]', or put the text in backquotes."
      case .raggedTable(let found, let expected):
        "every row of a table must have as many cells as its first row, \(expected), but this one "
          + "has \(found). Fill the row up, or write '\\|' for a bar within a cell."
      case .captionWithoutTable:
        "a caption of a table must follow it, but no table stands before this one. "
          + "Move it, with one empty line between, to where the table ends."
      case .captionWithoutName:
        "the caption of a table must end with its name. Write 'Table: CAPTION {#tbl:name}'."
      case .badEntry(let found, let expected):
        "\(expected) must stand here, but '\(found)' was found. An entry looks like "
          + "'@article{kaplan2020, author = {Jared Kaplan and others}, title = {...}, year = {2020}}'."
      case .duplicateEntry(let key, let firstLine):
        "there are two entries '\(key)', the first in line \(firstLine). Remove one of them."
      case .missingField(let field, let entry):
        "the entry '\(entry)' has no field '\(field)'. Add '\(field) = {...}'."
      case .badYear(let year, let entry):
        "the year of the entry '\(entry)' must have four digits, but is '\(year)'. Correct it."
      case .badKey(let key):
        "'\(key)' cannot be cited: a key is made of lower-case letters and hyphens, a year, and "
          + "perhaps one letter more. Write, for example, 'kaplan2020'."
      case .reservedCharacter:
        "the characters U+E000 and U+E001 are reserved for the weaver. Remove them."
      case .formula(let problem): problem.text
      }
    }
  }
}
