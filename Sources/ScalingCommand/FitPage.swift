import Foundation
import ScalingLaws

/// A fit as one HTML page that needs no network.
struct FitPage {
  private let analysis: FitAnalysis
  private let figures: FitFigures

  init(_ analysis: FitAnalysis, figures: FitFigures) {
    self.analysis = analysis
    self.figures = figures
  }

  /// The whole page.
  func html() throws -> String {
    let name = Page.escaped(analysis.table.file)
    var body = "<h1>A scaling law of \(name)</h1>\n"
    body += "<p class=\"formula\"><code>\(Page.escaped(analysis.formula))</code></p>\n"
    body += "<p>\(Page.escaped(summary))</p>\n"
    body += section(
      "Not identified",
      Page.list(analysis.openLines))
    body += section("Warnings", Page.list(analysis.warnings))
    body += section("Parameters", Page.table(analysis.parameterRows))
    if let plot = figures.main {
      body += section(
        "Loss and residuals",
        "<figure>\(try FigureFile.svg(plot, id: "fit"))<figcaption>Each dot is a run. The curve is "
          + "the loss of the best split of each budget; residuals are the logarithm of predicted "
          + "over measured loss.</figcaption></figure>\n")
    }
    body += section("The best split of a budget", Page.table(analysis.optimumRows))
    body += section(
      "Forms on the same runs",
      Page.table(analysis.formRows)
        + (analysis.forms.isEmpty ? "" : "<p>Held out: \(Page.escaped(analysis.comparedOn)).</p>\n")
    )
    body += section("Correlation of the parameters", Page.table(analysis.correlationRows))
    body += section("Runs that pull hardest", Page.table(analysis.pullRows))
    return Page.document(title: "Scaling law of \(analysis.table.file)", body: body)
  }

  private var summary: String {
    var parts = ["\(analysis.fitted.runs.count) runs"]
    if analysis.table.skippedCount > 0 {
      parts.append("\(analysis.table.skippedCount) rows skipped")
    }
    if let fit = analysis.fit {
      parts.append(
        "objective \(Estimate(fit.search.objective).formatted(digits: 6)) "
          + "(\(analysis.objectiveName))")
      parts.append("\(fit.search.agreeing) of \(fit.search.starts) starts agree")
    }
    if let interval = analysis.intervalText { parts.append("95 % intervals: \(interval)") }
    if let holdOut = analysis.holdOut, let heldOut = analysis.heldOut {
      parts.append(
        "held out (\(holdOut.text)): \(heldOut.rows) runs, error "
          + "\(Text.number(100 * heldOut.totalError)) %")
    }
    return parts.joined(separator: "; ") + "."
  }

  private func section(_ title: String, _ content: String) -> String {
    content.isEmpty ? "" : "<h2>\(title)</h2>\n\(content)"
  }
}

/// Pieces of HTML.
enum Page {
  static func escaped(_ text: String) -> String {
    text.replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing(">", with: "&gt;")
      .replacing("\"", with: "&quot;")
  }

  static func list(_ items: [String]) -> String {
    guard !items.isEmpty else { return "" }
    return "<ul>\n" + items.map { "<li>\(escaped($0))</li>\n" }.joined() + "</ul>\n"
  }

  /// The first row is the header; empty without rows.
  static func table(_ rows: [[String]]) -> String {
    guard let head = rows.first, rows.count > 1 else { return "" }
    func line(_ cells: [String], _ tag: String) -> String {
      let padded = cells + [String](repeating: "", count: max(0, head.count - cells.count))
      return "<tr>" + padded.map { "<\(tag)>\(escaped($0))</\(tag)>" }.joined() + "</tr>\n"
    }
    return "<div class=\"wide\"><table>\n<thead>\(line(head, "th"))</thead>\n<tbody>\n"
      + rows.dropFirst().map { line($0, "td") }.joined() + "</tbody></table></div>\n"
  }

  static func document(title: String, body: String) -> String {
    """
    <!DOCTYPE html>
    <html lang="en">
    <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>\(escaped(title))</title>
    <style>
    :root { color-scheme: light; --rule: #d9d9d9; }
    body { font: 17px/1.55 Georgia, "TeX Gyre Pagella", serif; max-width: 44rem; margin: 2rem auto;
      padding: 0 1rem; color: #1a1a1a; background: #fff; }
    h1 { font-size: 1.6rem; line-height: 1.25; } h2 { font-size: 1.15rem; margin-top: 2rem; }
    table { border-collapse: collapse; font-size: .9rem; font-variant-numeric: tabular-nums; }
    th, td { padding: .25rem .9rem .25rem 0; text-align: left; border-bottom: 1px solid var(--rule); }
    th { font-weight: 600; } .wide { overflow-x: auto; }
    figure { margin: 0; } figure svg { max-width: 100%; height: auto; }
    figcaption { font-size: .85rem; } code { font-size: .95em; }
    </style>
    </head>
    <body>
    \(body)</body>
    </html>

    """
  }
}
