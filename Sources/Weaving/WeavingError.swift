import Literate

/// Why a page could not be woven: where, what was found and what to do.
public enum WeavingError: Error, Equatable, Sendable, CustomStringConvertible {
  /// The source itself is at fault.
  case source(LiterateError)
  case unknownValue(ValueReference, nearest: [String])
  case missingPart(ValueReference)
  case unusedValue(name: String, at: SourceLocation)
  case unknownCrossReference(CrossReference, nearest: [String])
  case unknownCitation(key: String, at: SourceLocation, bibliography: String, nearest: [String])
  case duplicateName(kind: String, name: String, at: SourceLocation)
  case staleLine(kind: String, name: String, at: SourceLocation, command: String)
  case noCaption(kind: String, name: String, at: SourceLocation)
  case noAlternativeText(figure: String, at: SourceLocation)
  case raggedTable(name: String, row: Int, found: Int, expected: Int, at: SourceLocation)
  case missingFigureFile(path: String, figure: String, at: SourceLocation, command: String)
  case badFigureFile(path: String, reason: String, command: String)
  case missingSource(path: String)
  case notText(at: SourceLocation)
  case missingRecord(path: String, command: String)
  case unreadableRecord(path: String, reason: String, command: String)
  case wrongSchema(path: String, found: Int, command: String)
  case wrongChapter(path: String, found: String, expected: String)
  case noChapters(folder: String)
  case noPackageRoot(from: String)
  case fonts(reason: String)
  case missingPatterns(file: String, package: String, searched: [String])
  case missingCharacter(Unicode.Scalar, at: SourceLocation)
  case pages(reason: String)
  case cannotWrite(path: String, reason: String)

  /// `file:line: what is wrong. What to do.`
  public var description: String {
    switch self {
    case .source(let error): error.description
    case .unknownValue(let reference, let nearest):
      "\(reference.location): no value '\(reference.name)' was recorded."
        + Self.suggestion(nearest, form: { "\\(\($0))" })
        + " Record it with chapter.record(\"\(reference.name)\", ...), or correct the name."
    case .missingPart(let reference):
      "\(reference.location): the value '\(reference.name)' has no "
        + (reference.part == .theory ? "theoretical value" : "interval")
        + ", which '\\(\(reference.name).\(reference.part.rawValue))' asks for. "
        + (reference.part == .theory
          ? "Pass theory: to chapter.record." : "Record an Estimate, or quote the value alone.")
    case .unusedValue(let name, let location):
      "\(location): the value '\(name)' is recorded but quoted nowhere. "
        + "Quote it as '\\(\(name))', or record it with quiet: true."
    case .unknownCrossReference(let reference, let nearest):
      "\(reference.location): there is no \(Self.word(reference.kind)) '\(reference.name)'."
        + Self.suggestion(nearest, form: { "@\(reference.kind.rawValue):\($0)" })
        + " Correct the name, or write the text without '@'."
    case .unknownCitation(let key, let location, let bibliography, let nearest):
      "\(location): the bibliography has no work '\(key)'."
        + Self.suggestion(nearest, form: { "@\($0)" })
        + " Correct the key, or enter the work in \(bibliography)."
    case .duplicateName(let kind, let name, let location):
      "\(location): two \(kind)s are named '\(name)'. Give each its own name."
    case .staleLine(let kind, let name, let location, let command):
      "\(location): the record says that \(kind) '\(name)' comes from this line, "
        + "but the source has no code here: it was edited after the run. Run '\(command)' again."
    case .noCaption(let kind, let name, let location):
      "\(location): the \(kind) '\(name)' has no caption. Say in one what it shows."
    case .noAlternativeText(let figure, let location):
      "\(location): the figure '\(figure)' has no alternative text. "
        + "Pass alternativeText: with what it shows, for those who cannot see it."
    case .raggedTable(let name, let row, let found, let expected, let location):
      "\(location): every row of the table '\(name)' must have \(expected) cells, "
        + "one a column, but row \(row) has \(found). Fill the row up."
    case .missingFigureFile(let path, let figure, let location, let command):
      "\(location): the figure '\(figure)' was recorded, but its file \(path) is missing. "
        + "Run '\(command)' again."
    case .badFigureFile(let path, let reason, let command):
      "\(path): this is no figure that can be set into a page: \(reason). "
        + "Run '\(command)' again."
    case .missingSource(let path):
      "\(path): the chapter's source is missing. Check the name of the folder."
    case .notText(let location):
      "\(location): these bytes are not UTF-8. Save the file in this encoding."
    case .missingRecord(let path, let command):
      "\(path): there is no record of this chapter. Run '\(command)' first."
    case .unreadableRecord(let path, let reason, let command):
      "\(path): the record cannot be read: \(reason). Run '\(command)' to write it anew."
    case .wrongSchema(let path, let found, let command):
      "\(path): the record has format \(found), but this program reads format "
        + "\(ChapterRecord.currentSchema). Run '\(command)' to write it anew."
    case .wrongChapter(let path, let found, let expected):
      "\(path): the record is of the chapter '\(found)', but '\(expected)' was expected here. "
        + "Give the chapter the name of its folder."
    case .noChapters(let folder):
      "\(folder): no chapters were found. A chapter is a file NN-name/main.swift in this folder; "
        + "pass another folder with --chapters."
    case .noPackageRoot(let folder):
      "\(folder): neither this folder nor one above it holds a Package.swift. "
        + "Go to the package, or pass --chapters and --figures."
    case .fonts(let reason): "the fonts of the page cannot be embedded: \(reason)"
    case .missingPatterns(let file, let package, let searched):
      "\(file): the patterns for breaking words are in none of the folders "
        + searched.joined(separator: ", ") + ". Install the Debian package \(package)."
    case .missingCharacter(let scalar, let location):
      "\(location): no font of the book has the character '\(scalar)' (U+"
        + String(scalar.value, radix: 16, uppercase: true) + "). Write it another way."
    case .pages(let reason): "the pages of the book cannot be drawn: \(reason)"
    case .cannotWrite(let path, let reason):
      "\(path): the page cannot be written: \(reason). "
        + "Check the folder, its permissions and the room on the disk."
    }
  }

  private static func word(_ kind: CrossReference.Kind) -> String {
    switch kind {
    case .figure: "figure"
    case .table: "table"
    case .equation: "formula"
    case .chapter: "chapter"
    }
  }

  private static func suggestion(_ nearest: [String], form: (String) -> String) -> String {
    nearest.isEmpty
      ? "" : " Did you mean \(nearest.map { "'\(form($0))'" }.joined(separator: " or "))?"
  }
}
