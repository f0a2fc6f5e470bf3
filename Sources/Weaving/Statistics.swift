import Foundation

/// Numbers about the making of the book, in words and tables.
enum Statistics {
  static func count(_ value: Int) -> String { NumberText(Double(value), digits: 0).plain }

  /// A large counted amount to three digits.
  static func quantity(_ value: Double) -> String {
    value == 0 ? "0" : NumberText(value, digits: 3).plain
  }

  /// A time in the unit that suits it.
  static func duration(_ seconds: Double) -> String {
    let space = NumberText.unitSpace
    if seconds < 100 { return String(format: "%.1f", seconds) + space + "s" }
    if seconds < 6000 { return String(format: "%.0f", seconds / 60) + space + "min" }
    return String(format: "%.1f", seconds / 3600) + space + "h"
  }

  /// What the last run was.
  static func sentence(_ build: BuildRecord) -> String {
    "\(duration(build.seconds)) on \(build.machine) (\(build.instructionSet), "
      + "\(build.workers) \(build.workers == 1 ? "worker" : "workers")), \(build.date): "
      + "\(count(build.trained)) \(build.trained == 1 ? "trial" : "trials") trained, "
      + "\(count(build.known)) known; all of them took \(duration(build.trainingSeconds)) to train"
  }

  /// The page's section on all chapters together.
  static func section(_ chapters: [WovenChapter]) -> String {
    var html = "<section class=\"statistics\" id=\"statistics\">\n<h2>How this book was made</h2>\n"
    html +=
      "<p>Every number and figure is the output of a program in this repository, run on synthetic "
      + "worlds whose truth is known. <code>./build.sh</code> makes all of it anew.</p>\n"
    let hasBuild = chapters.contains { $0.build != nil }
    html += "<div class=\"scroll\" tabindex=\"0\" role=\"group\" aria-label=\"Statistics\">"
    html += "<table>\n<thead><tr><th scope=\"col\" class=\"left\">Chapter</th>"
    html += "<th scope=\"col\" class=\"left\">Profile</th>"
    for title in ["Trials", "Failed", "FLOPs", "Tokens"] + (hasBuild ? ["Training"] : []) {
      html += "<th scope=\"col\" class=\"right\">\(title)</th>"
    }
    html += "</tr></thead>\n<tbody>\n"
    var trials = 0
    var failures = 0
    var flops = 0.0
    var tokens = 0.0
    var training = 0.0
    func row(_ cells: [String], isTotal: Bool = false) -> String {
      var row = isTotal ? "<tr class=\"total\">" : "<tr>"
      for (index, cell) in cells.enumerated() {
        row += "<td class=\"\(index < 2 ? "left" : "right")\">\(cell)</td>"
      }
      return row + "</tr>\n"
    }
    for chapter in chapters {
      let provenance = chapter.record.provenance
      let ours = provenance.trials.reduce(0) { $0 + $1.count }
      trials += ours
      failures += provenance.failures.count
      flops += provenance.flops
      tokens += provenance.tokens
      training += chapter.build?.trainingSeconds ?? 0
      var cells = [
        "<a href=\"#\(HTMLPrinter.chapterID(chapter.slug))\">\(chapter.number). "
          + "\(HTML.text(chapter.title.plainText))</a>",
        HTML.text(chapter.record.profile), count(ours), count(provenance.failures.count),
        quantity(provenance.flops), quantity(provenance.tokens),
      ]
      if hasBuild { cells.append(chapter.build.map { duration($0.trainingSeconds) } ?? "") }
      html += row(cells)
    }
    if chapters.count > 1 {
      var cells = [
        "Together", "", count(trials), count(failures), quantity(flops), quantity(tokens),
      ]
      if hasBuild { cells.append(duration(training)) }
      html += row(cells, isTotal: true)
    }
    html += "</tbody></table></div>\n"
    html += versions(chapters)
    return html + "</section>\n"
  }

  private static func versions(_ chapters: [WovenChapter]) -> String {
    let trainers = Set(chapters.map(\.record.provenance.trainerVersion)).sorted()
    var types: Set<String> = []
    for chapter in chapters {
      for trial in chapter.record.provenance.trials {
        types.insert("<code>\(HTML.text(trial.name))</code>\u{00A0}\(trial.version)")
      }
    }
    var html = "<dl><dt>Trainer</dt><dd>version "
    html += trainers.map(String.init).joined(separator: ", ") + "</dd>\n"
    if !types.isEmpty {
      html += "<dt>Trial types</dt><dd>\(types.sorted().joined(separator: ", "))</dd>\n"
    }
    for chapter in chapters {
      if let build = chapter.build {
        html += "<dt>Chapter \(chapter.number)</dt><dd>\(HTML.text(sentence(build)))</dd>\n"
      }
    }
    return html + "</dl>\n"
  }
}
