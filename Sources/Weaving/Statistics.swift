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

  // MARK: - The section on all chapters

  /// What a busy core draws, with its share of memory, power supply and cooling, in watts.
  ///
  /// An assumption, of the order of a server's rated power divided by its cores. It is named where
  /// it is used.
  static let wattsPerCore = 10.0

  /// The energy of so many seconds of one core, in watt-hours.
  static func energy(coreSeconds: Double) -> Double { coreSeconds * wattsPerCore / 3600 }

  private static func energyText(_ seconds: Double) -> String {
    let hours = energy(coreSeconds: seconds)
    return hours == 0 ? "0" : NumberText(hours, digits: 2, unit: "Wh").plain
  }

  /// What a chapter, or all of them, cost.
  private struct Cost {
    var trials = 0
    var failures = 0
    var flops = 0.0
    var tokens = 0.0
    /// Seconds of one core; nil if no run on this machine has left word of them.
    var seconds: Double?

    init() {}

    init(_ chapter: WovenChapter) {
      let provenance = chapter.record.provenance
      trials = provenance.trials.reduce(0) { $0 + $1.count }
      failures = provenance.failures.count
      flops = provenance.flops
      tokens = provenance.tokens
      seconds = chapter.build?.trainingSeconds
    }

    static func + (left: Cost, right: Cost) -> Cost {
      var sum = Cost()
      sum.trials = left.trials + right.trials
      sum.failures = left.failures + right.failures
      sum.flops = left.flops + right.flops
      sum.tokens = left.tokens + right.tokens
      if left.seconds != nil || right.seconds != nil {
        sum.seconds = (left.seconds ?? 0) + (right.seconds ?? 0)
      }
      return sum
    }

    func cells(withTime: Bool) -> [String] {
      let counts = [count(trials), count(failures), quantity(flops), quantity(tokens)]
      guard withTime else { return counts }
      return counts + [seconds.map(duration) ?? "", seconds.map(energyText) ?? ""]
    }
  }

  /// The page's section on all chapters together.
  static func section(_ chapters: [WovenChapter]) -> String {
    let total = chapters.map(Cost.init).reduce(Cost(), +)
    let hasTime = total.seconds != nil
    var html = "<section class=\"statistics\" id=\"statistics\">\n<h2>How this book was made</h2>\n"
    html +=
      "<p>Every number and figure is the output of a program in this repository, run on synthetic "
      + "worlds whose truth is known. <code>./build.sh</code> makes all of it anew.</p>\n"
    html += "<div class=\"scroll\" tabindex=\"0\" role=\"group\" aria-label=\"Statistics\">"
    html += "<table>\n<thead><tr><th scope=\"col\" class=\"left\">Chapter</th>"
    let titles =
      ["Trials", "Failed", "FLOPs", "Tokens"] + (hasTime ? ["Core time", "Energy, estimated"] : [])
    for title in titles { html += "<th scope=\"col\" class=\"right\">\(title)</th>" }
    html += "</tr></thead>\n<tbody>\n"
    func row(_ name: String, _ cost: Cost, isTotal: Bool = false) -> String {
      let cells = cost.cells(withTime: hasTime).map { "<td class=\"right\">\($0)</td>" }.joined()
      return
        "<tr\(isTotal ? " class=\"total\"" : "")><td class=\"left\">\(name)</td>\(cells)</tr>\n"
    }
    for chapter in chapters {
      let link =
        "<a href=\"#\(HTMLPrinter.chapterID(chapter.slug))\">\(chapter.number). "
        + "\(HTML.text(chapter.title.plainText))</a>"
      html += row(link, Cost(chapter))
    }
    if chapters.count > 1 { html += row("Together", total, isTotal: true) }
    html += "</tbody></table></div>\n"
    if let seconds = total.seconds, seconds > 0 {
      html +=
        "<p class=\"assumption\">Core time is what the trials took on one core each when they were "
        + "trained, \(quantity(total.flops / seconds)) FLOPs a second. Energy is not measured: it "
        + "is the core time at an assumed \(NumberText(wattsPerCore, digits: 2, unit: "W").plain) "
        + "for a busy core with its share of memory, power supply and cooling.</p>\n"
    }
    return html + versions(chapters) + "</section>\n"
  }

  /// What the numbers hang on, beside the source.
  private static func versions(_ chapters: [WovenChapter]) -> String {
    func list(_ texts: [String]) -> String { Set(texts).sorted().joined(separator: ", ") }
    let records = chapters.map(\.record)
    var html = "<dl>"
    func entry(_ name: String, _ text: String) {
      if !text.isEmpty { html += "<dt>\(name)</dt><dd>\(text)</dd>\n" }
    }
    entry("Profile", list(records.map { HTML.text($0.profile) }))
    entry("Trainer", "version " + list(records.map { String($0.provenance.trainerVersion) }))
    entry(
      "Trial types",
      list(
        records.flatMap(\.provenance.trials).map {
          "\(HTML.code($0.name))\u{00A0}\($0.version)"
        }))
    entry("Records", "format \(ChapterRecord.currentSchema)")
    entry("Machine", list(chapters.compactMap(\.build).map { HTML.text(machine($0)) }))
    return html + "</dl>\n"
  }

  /// The machine of a build, and how it was used.
  private static func machine(_ build: BuildRecord) -> String {
    "\(build.machine), \(build.instructionSet), \(build.workers) "
      + (build.workers == 1 ? "worker" : "workers")
  }
}
