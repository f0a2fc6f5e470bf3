import ArgumentParser
import CairoRendering
import Foundation
import Plotting

/// Draws every figure of the gallery and measures time and size.
struct Figures: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "figure",
    abstract: "Measure how long a figure takes from its data to SVG, and how large it is.",
    discussion: """
      Draws each figure of the gallery (swift run report --gallery shows them). The time is that of \
      layout, text and SVG with fonts already loaded; loading them is the row 'fonts'. A figure whose \
      bytes differ between two drawings ends the program with status 1.
      """)

  @OptionGroup var output: RowOutput

  @Option(help: "Times that each figure is drawn; the fastest counts.")
  var runs = 20

  @Argument(help: "Figures of the gallery to draw alone, for example ladder.")
  var names: [String] = []

  func validate() throws {
    guard runs >= 2 else { throw ValidationError("--runs must be at least 2; found \(runs).") }
    let known = Gallery.all.map(\.name)
    for name in names where !known.contains(name) {
      throw ValidationError(
        "the gallery has no figure '\(name)'. It has: \(known.joined(separator: ", ")).")
    }
  }

  /// What is printed of one figure.
  struct Row: ResultRow {
    var figure: String
    var milliseconds: Double
    var bytes: Int

    static let header = "figure            ms     kB"

    var line: String {
      figure.padding(toLength: 14, withPad: " ", startingAt: 0)
        + String(format: " %6.2f %6.1f", milliseconds, Double(bytes) / 1000)
    }
  }

  func run() throws {
    var fonts = Timing()
    fonts.measure { _ = try? FontBook.shared() }
    // What the first call could not load is an error here.
    let book = try FontBook.shared()
    try output.begin(Row.self)
    try output.write(Row(figure: "fonts", milliseconds: fonts.seconds * 1e3, bytes: 0))
    for exhibit in Gallery.all where names.isEmpty || names.contains(exhibit.name) {
      try output.write(measure(exhibit, book: book))
    }
  }

  private func measure(_ exhibit: Gallery.Exhibit, book: FontBook) throws -> Row {
    var timing = Timing()
    var drawings: Set<String> = []
    for _ in 0..<runs {
      var drawn: Result<String, RenderingError> = .success("")
      timing.measure {
        let scene = exhibit.plot.scene(measurer: book)
        do throws(RenderingError) {
          drawn = .success(
            try CairoRenderer.svg(
              scene, id: exhibit.name, title: exhibit.title, description: exhibit.plot.summary()))
        } catch {
          drawn = .failure(error)
        }
      }
      drawings.insert(try drawn.get())
    }
    guard let svg = drawings.first, drawings.count == 1 else {
      throw ValidationError(
        "equal figures must give equal bytes; '\(exhibit.name)' gave \(drawings.count) drawings. "
          + "Run the tests of CairoRendering to find what differs.")
    }
    return Row(
      figure: exhibit.name, milliseconds: timing.seconds * 1e3, bytes: svg.utf8.count)
  }
}
