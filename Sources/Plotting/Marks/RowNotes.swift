/// Texts to the right of a panel, one beside each row: the numbers of a forest plot.
public struct RowNotes: Mark {
  /// The data and the look.
  public let layer: Layer

  /// Notes on the rows of a panel whose y axis has categories.
  ///
  /// - Parameters:
  ///   - title: Mark-up over the notes; empty for none.
  ///   - text: Mark-up beside a row.
  public init<Data: Sequence>(
    _ data: Data, y: (Data.Element) -> String, title: String = "", text: (Data.Element) -> String
  ) {
    layer = Layer(
      kind: .rowNotes(title: title),
      rows: data.map { .init(y: .name(y($0)), label: text($0)) })
  }
}
