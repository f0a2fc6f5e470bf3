import Literate

// What the program showed: figures, tables, claims, verdicts, and where the numbers come from.
extension HTMLPrinter {
  // MARK: - Figures and tables

  mutating func print(_ figure: WovenFigure) {
    let record = figure.record
    line("<figure class=\"figure\" id=\"\(id("fig-" + record.name))\">")
    line(
      "<div class=\"art\" style=\"--w:\(Self.number(record.width))\">"
        + SVG.inlined(
          figure.svg, prefix: "\(chapter.slug)-\(record.name)-", label: record.alternativeText)
        + "</div>")
    line(
      "<figcaption><p><span class=\"label\">Figure \(chapter.number).\(figure.number)</span> "
        + "\(inlines(figure.caption))</p>")
    printData(figure)
    line("</figcaption></figure>")
  }

  /// A length without superfluous decimals.
  static func number(_ value: Double) -> String {
    let rounded = (value * 10).rounded() / 10
    return rounded == rounded.rounded() ? String(Int(rounded)) : String(rounded)
  }

  /// Rows of a figure's data that are printed; the file that can be saved has all.
  private static let shownRows = 50

  private mutating func printData(_ figure: WovenFigure) {
    let name = figure.record.name
    var rows = CSV.rows(figure.csv)
    // Columns that no mark of this figure fills are left out.
    let columns = (rows.first ?? []).indices.filter { column in
      rows.dropFirst().contains { column < $0.count && !$0[column].isEmpty }
    }
    rows = rows.map { row in columns.filter { $0 < row.count }.map { row[$0] } }
    let header = rows.isEmpty ? [] : rows.removeFirst()
    let address = "data:text/csv;base64," + Base64.encode(Array(figure.csv.utf8))
    line("<details class=\"data\"><summary>Data and command</summary>")
    var note = "<p><a href=\"\(address)\" download=\"\(HTML.attribute(name)).csv\">"
    note += "\(HTML.text(name)).csv</a>, \(rows.count) \(rows.count == 1 ? "row" : "rows")"
    if rows.count > Self.shownRows { note += ", the first \(Self.shownRows) below" }
    line(note + ". Drawn by \(HTML.code(chapter.command)).</p>")
    line(
      "<div class=\"scroll\" tabindex=\"0\" role=\"group\" aria-label=\"Data of figure "
        + "\(chapter.number).\(figure.number)\"><table>")
    line(
      "<thead><tr>\(header.map { "<th scope=\"col\">\(HTML.text($0))</th>" }.joined())</tr></thead>"
    )
    line("<tbody>")
    for row in rows.prefix(Self.shownRows) {
      line("<tr>\(row.map { "<td>\(HTML.text(Self.shortened($0)))</td>" }.joined())</tr>")
    }
    line("</tbody></table></div></details>")
  }

  /// A number to five digits: the table is for eyes, the file for machines.
  private static func shortened(_ field: String) -> String {
    guard field.utf8.count > 8, let value = Double(field) else { return field }
    return NumberText(value, digits: 5).plain
  }

  mutating func print(_ table: WovenTable) {
    line("<figure class=\"table\" id=\"\(id("tbl-" + table.record.name))\">")
    line(
      "<figcaption><p><span class=\"label\">Table \(chapter.number).\(table.number)</span> "
        + "\(inlines(table.caption))</p></figcaption>")
    line(
      "<div class=\"scroll\" tabindex=\"0\" role=\"group\" aria-label=\"Table "
        + "\(chapter.number).\(table.number)\">")
    let sides = table.record.columns.map { column in
      switch column.alignment {
      case .leading: "left"
      case .center: "center"
      case .trailing: "right"
      }
    }
    printTable(header: table.header, rows: table.rows, alignments: sides)
    line("</div></figure>")
  }

  // MARK: - Claims

  static func className(_ verdict: Verdict) -> String {
    switch verdict {
    case .holds: "holds"
    case .holdsWithLimit: "limit"
    case .fails: "fails"
    case .notDecided: "open"
    case .notJudged: "unjudged"
    }
  }

  static func badge(_ verdict: Verdict) -> String {
    "<span class=\"badge \(className(verdict))\">\(verdict.words)</span>"
  }

  private func label(_ claim: WovenClaim) -> String { "\(chapter.number).\(claim.number)" }

  mutating func printClaim(_ claim: WovenClaim) {
    let record = claim.record
    line(
      "<section class=\"claim\" id=\"\(id("claim-" + record.name))\" "
        + "aria-label=\"Claim \(label(claim))\">")
    var verdict = Self.badge(claim.verdict)
    if record.verdictLine != nil {
      verdict = "<a href=\"#\(id("verdict-" + record.name))\">\(verdict)</a>"
    }
    line(
      "<p class=\"head\"><span class=\"label\">Claim \(label(claim))</span> \(verdict)</p>")
    line("<p class=\"statement\">\(inlines(claim.statement))</p>")
    if !record.quotation.isEmpty {
      line(
        "<blockquote><p>\(HTML.text(Self.quoted(record.quotation)))</p>"
          + (record.source.isEmpty
            ? "" : "<footer><cite>\(HTML.text(record.source))</cite></footer>")
          + "</blockquote>")
    }
    line("<dl>")
    if !claim.theory.isEmpty { line("<dt>Theory</dt><dd>\(inlines(claim.theory))</dd>") }
    line("<dt>Rule</dt><dd>\(inlines(claim.rule))</dd>")
    line("</dl></section>")
  }

  /// A quotation in its marks, whether or not it came with some.
  static func quoted(_ text: String) -> String {
    let bare = text.drop { "\"“”'‘’".contains($0) }
    var end = bare
    while let last = end.last, "\"“”".contains(last) { end.removeLast() }
    return "“\(end.replacingStraightQuotes)”"
  }

  mutating func printVerdict(_ claim: WovenClaim) {
    line(
      "<section class=\"judged \(Self.className(claim.verdict))\" "
        + "id=\"\(id("verdict-" + claim.record.name))\" "
        + "aria-label=\"Verdict on claim \(label(claim))\">")
    line(
      "<p class=\"head\"><a class=\"label\" href=\"#\(id("claim-" + claim.record.name))\">"
        + "Claim \(label(claim))</a> \(Self.badge(claim.verdict))</p>")
    line("<p class=\"statement\">\(inlines(claim.statement))</p>")
    if !claim.reason.isEmpty { line("<p class=\"reason\">\(inlines(claim.reason))</p>") }
    line("</section>")
  }

  // MARK: - Where the numbers come from

  mutating func printColophon() {
    let record = chapter.record
    let level = 2 + headingShift
    line("<section class=\"colophon\" id=\"\(id("numbers"))\">")
    line("<h\(level)>Where the numbers come from</h\(level)>")
    line("<dl>")
    line("<dt>Command</dt><dd>\(HTML.code(chapter.command))</dd>")
    line("<dt>Profile</dt><dd>\(HTML.text(record.profile))</dd>")
    let provenance = record.provenance
    let trials = provenance.trials.map {
      "\(Statistics.count($0.count)) × \(HTML.code($0.name)) version \($0.version)"
    }
    line("<dt>Trials</dt><dd>\(trials.isEmpty ? "none" : trials.joined(separator: ", "))</dd>")
    line(
      "<dt>Trainer</dt><dd>version \(provenance.trainerVersion), "
        + "\(Statistics.quantity(provenance.flops)) FLOPs, "
        + "\(Statistics.quantity(provenance.tokens)) tokens</dd>")
    if !provenance.seeds.isEmpty {
      line(
        "<dt>Seeds</dt><dd>\(provenance.seeds.map(String.init).joined(separator: ", "))</dd>")
    }
    if !provenance.failures.isEmpty {
      line(
        "<dt>Failed</dt><dd>\(provenance.failures.map(HTML.text).joined(separator: "<br/>"))</dd>")
    }
    // The day of a run has no place in a book that is kept under version control.
    if let build = chapter.build, headingShift == 0 {
      line("<dt>Last run</dt><dd>\(HTML.text(Statistics.sentence(build)))</dd>")
    }
    line("</dl>")
    if !record.settings.isEmpty {
      line(
        "<div class=\"scroll\" tabindex=\"0\" role=\"group\" aria-label=\"Settings\"><table class=\"settings\">"
          + "<thead><tr><th scope=\"col\" class=\"left\">Setting</th>"
          + "<th scope=\"col\" class=\"left\">Value</th>"
          + "<th scope=\"col\" class=\"left\">Meaning</th></tr></thead><tbody>")
      for setting in record.settings {
        line(
          "<tr><td class=\"left\">\(HTML.code(setting.name))</td>"
            + "<td class=\"left\"><code>\(HTML.text(setting.value))</code></td>"
            + "<td class=\"left\">\(HTML.text(setting.help))</td></tr>")
      }
      line("</tbody></table></div>")
    }
    line("</section>")
  }
}

extension StringProtocol {
  /// Apostrophes and quotation marks as they are set in print.
  fileprivate var replacingStraightQuotes: String {
    var result = ""
    var isOpening = true
    for character in self {
      switch character {
      case "'": result.append(isOpening ? "‘" : "’")
      case "\"": result.append(isOpening ? "‘" : "’")
      default: result.append(character)
      }
      isOpening = character.isWhitespace || "([“‘—".contains(character)
    }
    return result
  }
}
