extension Plot {
  /// The numbers behind the figure, one row a mark, with a header line (RFC 4180, lines end in `\n`).
  ///
  /// Columns: `panel,mark,series,x,y,low,high,value,label`; a field that a mark does not have is
  /// empty. Numbers read back as the same doubles. Annotations and notes on rows are left out: they
  /// are words, not data. Formulas in names are in plain text: `N^b`.
  ///
  /// - Parameter figure: The figure's name, for messages.
  /// - Throws: `LabelError` if a label has a formula that cannot be read.
  public func csv(figure: String? = nil) throws(LabelError) -> String {
    let labels = try LabelTable(self, figure: figure)
    func plain(_ datum: Datum?) -> String {
      switch datum {
      case .name(let name)?: labels.plain(name)
      default: datum?.text ?? ""
      }
    }
    var lines = ["panel,mark,series,x,y,low,high,value,label"]
    for (index, panel) in panels.enumerated() {
      let name =
        panel.title.isEmpty
        ? (panels.count > 1 ? "\(index + 1)" : "") : labels.plain(panel.title)
      for layer in panel.layers {
        switch layer.kind {
        case .annotation, .rowNotes: continue
        default: break
        }
        for row in layer.rows where !row.isBreak {
          let fields = [
            name, layer.name, row.series.map(labels.plain) ?? "", plain(row.x), plain(row.y),
            row.low.map(csvNumber) ?? "", row.high.map(csvNumber) ?? "",
            row.value.map(csvNumber) ?? "", row.label.map(labels.plain) ?? "",
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
