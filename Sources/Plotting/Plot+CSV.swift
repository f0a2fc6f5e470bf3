extension Plot {
  /// The numbers behind the figure, one row a mark, with a header line (RFC 4180, lines end in `\n`).
  ///
  /// Columns: `panel,mark,series,x,y,low,high,value,label`; a field that a mark does not have is
  /// empty. Numbers read back as the same doubles. Annotations and notes on rows are left out: they
  /// are words, not data.
  public func csv() -> String {
    var lines = ["panel,mark,series,x,y,low,high,value,label"]
    for (index, panel) in panels.enumerated() {
      let name = panel.title.isEmpty ? (panels.count > 1 ? "\(index + 1)" : "") : panel.title
      for layer in panel.layers {
        switch layer.kind {
        case .annotation, .rowNotes: continue
        default: break
        }
        for row in layer.rows where !row.isBreak {
          let fields = [
            name, layer.name, row.series ?? "", row.x?.text ?? "", row.y?.text ?? "",
            row.low.map(csvNumber) ?? "", row.high.map(csvNumber) ?? "",
            row.value.map(csvNumber) ?? "", row.label ?? "",
          ]
          lines.append(fields.map(Self.quoted).joined(separator: ","))
        }
      }
    }
    return lines.joined(separator: "\n") + "\n"
  }

  private static func quoted(_ field: String) -> String {
    let needsQuotes = field.contains { ",\"\r\n".contains($0) }
    return needsQuotes ? "\"" + field.replacing("\"", with: "\"\"") + "\"" : field
  }
}
