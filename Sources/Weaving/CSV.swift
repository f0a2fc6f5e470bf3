/// Reads comma-separated values (RFC 4180) for the table beside a figure.
enum CSV {
  /// The fields of each line; quotes are taken off.
  static func rows(_ text: String) -> [[String]] {
    var rows: [[String]] = []
    var row: [String] = []
    var field = ""
    var isQuoted = false
    var hasField = false
    var scalars = Array(text.unicodeScalars)[...]
    while let scalar = scalars.popFirst() {
      if isQuoted {
        if scalar == "\"" {
          if scalars.first == "\"" {
            field.unicodeScalars.append("\"")
            scalars.removeFirst()
          } else {
            isQuoted = false
          }
        } else {
          field.unicodeScalars.append(scalar)
        }
      } else if scalar == "\"" {
        isQuoted = true
        hasField = true
      } else if scalar == "," {
        row.append(field)
        field = ""
        hasField = true
      } else if scalar == "\n" {
        if hasField || !field.isEmpty || !row.isEmpty { rows.append(row + [field]) }
        row = []
        field = ""
        hasField = false
      } else if scalar != "\r" {
        field.unicodeScalars.append(scalar)
      }
    }
    if hasField || !field.isEmpty || !row.isEmpty { rows.append(row + [field]) }
    return rows
  }
}
