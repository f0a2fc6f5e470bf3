import Foundation
import Plotting
import Testing

@testable import CairoRendering

/// The drawings of the gallery as text: rounded to whole points, glyphs counted.
///
/// What is left depends on the fonts' widths only, so that other versions of the libraries that draw
/// give the same.
@Suite struct GalleryTests {
  @Test(arguments: Gallery.all.map(\.name))
  func theDrawingIsTheRecordedOne(name: String) throws {
    let plot = try #require(Gallery.all.first { $0.name == name }).plot
    let svg = try CairoRenderer.svg(try plot.scene(measurer: try FontBook.shared()), id: "f")
    try expectGolden(Self.rounded(svg), name)
  }

  @Test func roundingKeepsLooksAndCountsGlyphs() throws {
    let svg = """
      <svg viewBox="0 0 10 10"><defs>
      <path id="f-g0" d="M1.5 2Z"/>
      </defs>
      <path d="M-.4 2.51L3.49 -4.6" stroke-width=".8"/>
      <g transform="translate(1.2 8.7)rotate(-90)"><g transform="scale(.01 -.01)">\
      <use href="#f-g0"/><use href="#f-g0" x="512"/></g></g>
      </svg>
      """
    #expect(
      Self.rounded(svg) == """
        <svg viewBox="0 0 10 10">
        <path d="M0 3L3 -5" stroke-width=".8"/>
        <g transform="translate(1 9)rotate(-90)">2 glyphs</g>
        </svg>
        """)
  }

  /// The drawing without its definitions, places in whole points, glyphs counted.
  static func rounded(_ svg: String) -> String {
    var text = svg.replacing(/<defs>[\s\S]*?<\/defs>/, with: "")
    text = text.replacing(/<g transform="scale\([^)]*\)"[^>]*>((?:<use [^>]*>)+)<\/g>/) { match in
      "\(match.1.split(separator: "<use ").count) glyphs"
    }
    return text.replacing(/(\s(?:d|cx|cy|transform)=")([^"]*)/) { match in
      match.1
        + match.2.replacing(/-?(?:\d+\.?\d*|\.\d+)/) { number in
          String(Int((Double(number.0.hasPrefix(".") ? "0" + number.0 : number.0) ?? 0).rounded()))
        }
    }
  }

  /// Compares text with `Golden/<name>.txt`, as the tests of scenes do.
  private func expectGolden(_ text: String, _ name: String) throws {
    let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .appendingPathComponent("Golden")
    let file = folder.appendingPathComponent("\(name).txt")
    if ProcessInfo.processInfo.environment["RECORD_GOLDEN"] != nil {
      return try text.write(to: file, atomically: true, encoding: .utf8)
    }
    if text == (try? String(contentsOf: file, encoding: .utf8)) { return }
    let actual = folder.appendingPathComponent("\(name).actual.txt")
    try text.write(to: actual, atomically: true, encoding: .utf8)
    Issue.record(
      """
      \(name): the drawing is not the recorded one. Compare \(file.path) with \(actual.path); if \
      the new one is right, run RECORD_GOLDEN=1 swift test --filter CairoRenderingTests.
      """)
  }
}
