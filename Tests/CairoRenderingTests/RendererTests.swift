import Foundation
import FoundationXML
import Plotting
import Testing

@testable import CairoRendering

/// Reads SVG and collects ids, references to them and names of elements.
private final class Reader: NSObject, XMLParserDelegate {
  var ids: [String] = []
  var references: [String] = []
  var elements: [String: Int] = [:]
  var root: [String: String] = [:]

  func parser(
    _ parser: XMLParser, didStartElement name: String, namespaceURI: String?,
    qualifiedName: String?, attributes: [String: String]
  ) {
    if elements.isEmpty { root = attributes }
    elements[name, default: 0] += 1
    if let id = attributes["id"] { ids.append(id) }
    if let href = attributes["href"] { references.append(String(href.dropFirst())) }
    if let clip = attributes["clip-path"] {
      references.append(String(clip.dropFirst("url(#".count).dropLast()))
    }
    for id in attributes["aria-labelledby"]?.split(separator: " ") ?? [] {
      references.append(String(id))
    }
  }
}

private func exhibit(_ name: String) -> Plot { Gallery.all.first { $0.name == name }!.plot }

@Suite struct RendererTests {
  let book: FontBook

  init() throws { book = try FontBook.shared() }

  /// Draws all figures; with `FIGURE_GALLERY=folder` also writes them there, to be looked at.
  @Test(arguments: Gallery.all.map(\.name))
  func aFigureOfTheGalleryIsDrawnOnAllSurfaces(name: String) throws {
    let plot = try #require(Gallery.all.first { $0.name == name }).plot
    let scene = try plot.scene(measurer: book)
    let svg = try CairoRenderer.svg(
      scene, id: "f-\(name)", title: "Figure <\(name)>", description: try plot.summary())
    let png = try CairoRenderer.png(scene, scale: 1)
    let pdf = try CairoRenderer.pdf(scene, title: name)
    #expect(png.starts(with: [0x89, 0x50, 0x4E, 0x47]))
    #expect(pdf.starts(with: Array("%PDF-1.".utf8)))
    #expect(svg.utf8.count < 60_000)
    if let folder = ProcessInfo.processInfo.environment["FIGURE_GALLERY"] {
      let base = URL(fileURLWithPath: folder).appendingPathComponent(name)
      try Data(svg.utf8).write(to: base.appendingPathExtension("svg"))
      try Data(pdf).write(to: base.appendingPathExtension("pdf"))
      try Data(try CairoRenderer.png(scene)).write(to: base.appendingPathExtension("png"))
    }
  }

  @Test(arguments: Gallery.all.map(\.name))
  func svgIsWellFormedAndItsIdsAreItsOwn(name: String) throws {
    let plot = try #require(Gallery.all.first { $0.name == name }).plot
    let svg = try CairoRenderer.svg(
      try plot.scene(measurer: book), id: "f-\(name)", title: "A & B", description: "x < y")
    let reader = Reader()
    let parser = XMLParser(data: Data(svg.utf8))
    parser.delegate = reader
    #expect(parser.parse(), "\(String(describing: parser.parserError))")
    #expect(Set(reader.ids).count == reader.ids.count)
    #expect(reader.ids.allSatisfy { $0.hasPrefix("f-\(name)") })
    #expect(Set(reader.references).isSubset(of: reader.ids))
    #expect(reader.root["role"] == "img")
    #expect(reader.root["viewBox"] == "0 0 \(hundredths(plot.width)) \(hundredths(plot.height))")
    #expect(reader.elements["title"] == 1 && reader.elements["desc"] == 1)
    #expect(reader.elements["text"] == nil, "glyphs are outlines")
  }

  @Test(arguments: Gallery.all.map(\.name))
  func everyTextLiesOnThePageAndHasItsGlyphs(name: String) throws {
    let plot = try #require(Gallery.all.first { $0.name == name }).plot
    func check(_ items: [Scene.Item]) {
      for item in items {
        switch item {
        case .clip(_, let inner): check(inner)
        case .text(let text):
          let width = book.width(of: text.content, style: text.style)
          let start = -text.anchor.fraction * width
          let along = text.isVertical ? text.position.y : text.position.x
          let limit = text.isVertical ? plot.height : plot.width
          let (from, to) =
            text.isVertical
            ? (along - start - width, along - start) : (along + start, along + start + width)
          #expect(from >= -0.01 && to <= limit + 0.01, "\(text.content.plain)")
          #expect(book.withLock { book.label(text.content, text.style).missing.isEmpty })
        default: break
        }
      }
    }
    check(try plot.scene(measurer: book).items)
  }

  @Test func theSameSceneGivesTheSameBytes() throws {
    let first = try exhibit("facets").scene(measurer: book)
    let second = try exhibit("facets").scene(
      measurer: try FontBook(directories: FontBook.defaultDirectories))
    #expect(first == second)
    #expect(try CairoRenderer.svg(first, id: "a") == CairoRenderer.svg(second, id: "a"))
    #expect(try CairoRenderer.pdf(first) == CairoRenderer.pdf(second))
    #expect(try CairoRenderer.png(first) == CairoRenderer.png(second))
  }

  @Test func manyThreadsDrawWhatOneDraws() async throws {
    let scene = try exhibit("half").scene(measurer: book)
    let alone = try CairoRenderer.svg(scene, id: "a")
    try await withThrowingTaskGroup(of: String.self) { group in
      for _ in 0..<8 { group.addTask { try CairoRenderer.svg(scene, id: "a") } }
      for try await together in group { #expect(together == alone) }
    }
  }

  @Test func coloursAreVariablesWithFallbacks() throws {
    let svg = try CairoRenderer.svg(try exhibit("half").scene(measurer: book), id: "a")
    #expect(svg.contains("fill=\"#222\" style=\"fill:var(--ink,#222)\""))
    #expect(svg.contains("stroke:var(--ladder-16,#2a216b)"))
    #expect(svg.contains("var(--paper,#fff)"))
  }

  @Test func aTypicalFigureIsSmall() throws {
    let runs = (0..<300).map { index in
      let (width, step) = (8 + index % 9, index / 9)
      return (
        tokens: 1e4 * pow(1.2, Double(step)), excess: 9 / Double(width + step), name: "\(width)"
      )
    }
    let plot = Plot(x: .log("Tokens $D$"), y: .log("Excess loss"), colors: .ladder) {
      Line(runs, x: \.tokens, y: \.excess, series: \.name)
      Points(runs, x: \.tokens, y: \.excess, series: \.name)
    }
    #expect(try CairoRenderer.svg(plot.scene(measurer: book), id: "a").utf8.count < 60_000)
  }

  @Test(arguments: ["", "1a", "a b", "a\"b", "ä"])
  func anIdThatCannotStandInSVGIsRefused(id: String) throws {
    let scene = try exhibit("half").scene()
    #expect(throws: RenderingError.invalidID(id)) { try CairoRenderer.svg(scene, id: id) }
  }
}
