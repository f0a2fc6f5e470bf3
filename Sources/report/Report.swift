// `report` weaves the chapters' sources and records into pages:
//
//     swift run -c release report                 all chapters, then figures/report.html and .pdf
//     swift run -c release report --json          the same; one line of JSON with the times
//     swift run -c release report power-law-error only that chapter's page
//     swift run -c release report --gallery       figures/gallery.html: every kind of figure
//
// It measures nothing: a chapter whose record is missing is an error that says which command
// makes it. Nothing is written unless everything could be woven.

import ArgumentParser
import Foundation
import Weaving

@main
struct Report: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "report",
    abstract: "Weaves the chapters and the records of their runs into pages.",
    discussion: """
      Without names, every chapter gets its page figures/<chapter>/index.html, and all of them \
      together become figures/report.html and, for print, figures/report.pdf. With names, only these \
      chapters' pages are made.
      """)

  @Argument(help: "Chapters to weave alone, for example power-law-error.")
  var names: [String] = []

  @Option(help: "The folder of the chapters; by default 'chapters' in the package.")
  var chapters: String?

  @Option(help: "The folder of records and pages; by default 'figures' in the package.")
  var figures: String?

  @Flag(help: "Write figures/gallery.html, which shows every kind of figure, and nothing else.")
  var gallery = false

  @Flag(help: "Print what was written and how long it took as JSON.")
  var json = false

  mutating func run() throws {
    do {
      try weave()
    } catch let error as WeavingError {
      throw Failure(text: error.description)
    }
  }

  private func weave() throws {
    let begin = ContinuousClock.now
    if gallery {
      guard names.isEmpty else {
        throw ValidationError("--gallery takes no chapters; found '\(names[0])'.")
      }
      let folder = try figures ?? Library.find(chapters: chapters).figures.relativePath
      let page = URL(fileURLWithPath: folder).appendingPathComponent("gallery.html")
      return try tell([try Weaver.weaveGallery(to: page)], since: begin)
    }
    let library = try Library.find(chapters: chapters, figures: figures)
    for name in names where !library.chapters.contains(where: { $0.name == name }) {
      let known = library.chapters.map(\.name).joined(separator: ", ")
      throw ValidationError("there is no chapter '\(name)'. The chapters are: \(known).")
    }
    let outputs =
      names.isEmpty
      ? try Weaver.weave(chapters: library.chapters, report: library.report)
      : try Weaver.weavePages(of: library.chapters.filter { names.contains($0.name) })
    try tell(outputs, since: begin)
  }

  private func tell(_ outputs: [WovenOutput], since begin: ContinuousClock.Instant) throws {
    let total = (ContinuousClock.now - begin) / .milliseconds(1)
    if json {
      let encoder = JSONEncoder()
      encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
      let account = Account(
        milliseconds: total,
        outputs: outputs.map {
          Account.Output(
            kind: $0.kind, path: $0.url.relativePath, bytes: $0.bytes,
            milliseconds: $0.milliseconds)
        })
      print(String(decoding: try encoder.encode(account), as: UTF8.self))
    } else {
      for output in outputs {
        let size = String(format: "%.0f kB", Double(output.bytes) / 1000)
        let time = String(format: "%.0f ms", output.milliseconds)
        print("\(output.url.relativePath)  \(size)  \(time)")
      }
    }
  }

  /// What `--json` prints, in one line.
  private struct Account: Encodable {
    /// From the start to the last file written.
    var milliseconds: Double
    var outputs: [Output]

    struct Output: Encodable {
      var kind: String
      var path: String
      var bytes: Int
      var milliseconds: Double
    }
  }

  /// An error whose text is complete: where, what and what to do.
  private struct Failure: Error, CustomStringConvertible {
    var text: String
    var description: String { text }
  }
}
