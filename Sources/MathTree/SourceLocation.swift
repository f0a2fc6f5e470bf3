/// A place in a chapter's source, or in a text that the source handed over at run time.
public struct SourceLocation: Hashable, Sendable, CustomStringConvertible {
  /// The file as it should be named in messages.
  public var file: String
  /// The line, counted from 1.
  public var line: Int
  /// The column in bytes, counted from 1; nil where only the line is known.
  public var column: Int?
  /// What the text is when it is not the file's own, for example "the caption of figure 'loss'".
  public var context: String?

  /// Creates a location.
  public init(file: String, line: Int, column: Int? = nil, context: String? = nil) {
    self.file = file
    self.line = line
    self.column = column
    self.context = context
  }

  /// `file:line:column`, as compilers print it, with the context in parentheses.
  public var description: String {
    var text = "\(file):\(line)"
    if let column { text += ":\(column)" }
    if let context { text += " (\(context))" }
    return text
  }

  package func moved(columns: Int) -> SourceLocation {
    var copy = self
    copy.column = column.map { $0 + columns }
    return copy
  }
}
