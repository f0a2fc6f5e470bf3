import MathTree
import Testing

@testable import CairoRendering
@testable import Plotting

/// Labels of figures: words and formulas on one baseline.
@Suite struct LabelTests {
  let book: FontBook

  init() throws { book = try FontBook.shared() }

  /// What is drawn of a text at (100, 100), as the corners of its ink.
  private func ink(
    _ text: RichText, _ style: TextStyle, anchor: Scene.Anchor = .start, isVertical: Bool = false,
    hasHalo: Bool = false
  ) throws -> Rect {
    let item = Scene.Item.text(
      text, at: Point(100, 100), anchor, style, .ink, isVertical: isVertical, hasHalo: hasHalo)
    let scene = Scene(width: 400, height: 400, palette: .light, items: [item])
    let drawing = try Drawing(svg: CairoRenderer.svg(scene, id: "a"))
    var points: [Point] = []
    func add(_ segments: [Drawing.Segment], _ map: Drawing.Transform, x: Double, y: Double) {
      for segment in segments {
        let corners: [Point] =
          switch segment {
          case .move(let a), .line(let a): [a]
          case .curve(let a, let b, let c): [a, b, c]
          case .arc, .close: []
          }
        for corner in corners {
          let (u, v) = (corner.x + x, corner.y + y)
          points.append(
            Point(map.a * u + map.c * v + map.e, map.b * u + map.d * v + map.f))
        }
      }
    }
    for item in drawing.items {
      switch item {
      case .path(let segments, let map, _): add(segments, map, x: 0, y: 0)
      case .glyphs(let glyphs, let map, _):
        for glyph in glyphs {
          add(try Drawing.outline(glyph.outline), map, x: glyph.x, y: glyph.y)
        }
      case .clip: break
      }
    }
    let (xs, ys) = (points.map(\.x), points.map(\.y))
    let (left, top) = (try #require(xs.min()), try #require(ys.min()))
    return Rect(x: left, y: top, width: xs.max()! - left, height: ys.max()! - top)
  }

  static let labels = [
    "Training tokens $D$", "Ångström (q)", "$10^{-4}$", "$3 \\times 10^8$",
    "$\\hat{L} - E = \\frac{A}{N^\\alpha} + \\frac{B}{D^\\beta}$ (nats)",
    "$\\sqrt{\\frac{1}{n} \\sum_{i=1}^n (\\hat{L}_i - L_i)^2}$", "$\\displaystyle\\int_0^1 f$",
    "$\\left(\\frac{A}{B}\\right)^{1/(\\alpha - \\beta)}$", "$\\overline{g}_w$", "$\\vec{F}$",
    "$\\begin{pmatrix} a & b \\\\ c & d \\end{pmatrix}$", "$\\lim_{x \\to 0} \\text{loss}$",
    "$\\displaystyle\\sum_{i=1}^n \\frac{a}{b}$", "$\\underbrace{a + b}_{c}$", "$\\sqrt[3]{x}$",
  ]

  @Test(arguments: labels)
  func whatIsDrawnLiesInTheMeasuredBox(label: String) throws {
    let text = try RichText(label)
    for style in [TextStyle(size: 7), TextStyle(size: 9, weight: .semibold)] {
      let extent = book.extent(of: text, style: style)
      #expect(extent.height >= style.ascent && extent.depth >= style.descent)
      // Outlines are rounded to their font's units and overshoot sideways by their bearings.
      let slack = 0.06 * style.size
      for anchor in [Scene.Anchor.start, .middle, .end] {
        let left = 100 - anchor.fraction * extent.width
        let ink = try ink(text, style, anchor: anchor)
        #expect(ink.x >= left - slack && ink.x + ink.width <= left + extent.width + slack)
        #expect(ink.y >= 100 - extent.height - 0.02)
        #expect(ink.y + ink.height <= 100 + extent.depth + 0.02)
      }
      // The box of a tall formula is no larger than its ink needs.
      if extent.above > 0 {
        #expect(try ink(text, style).y <= 100 - extent.height + 0.15 * style.size)
      }
    }
  }

  @Test(arguments: labels)
  func aTurnedLabelIsTheLabelTurned(label: String) throws {
    let text = try RichText(label)
    let style = TextStyle(size: 8)
    let upright = try ink(text, style, anchor: .middle)
    let turned = try ink(text, style, anchor: .middle, isVertical: true)
    // (x, y) goes to (y, -x) about (100, 100).
    #expect(abs(turned.x - upright.y) < 0.02)
    #expect(abs(turned.y - (200 - upright.x - upright.width)) < 0.02)
    #expect(abs(turned.width - upright.height) < 0.02)
    #expect(abs(turned.height - upright.width) < 0.02)
  }

  @Test func sizesFollowTheLabel() throws {
    let text = try RichText("Risk $\\frac{A}{N^\\alpha}$")
    let small = book.extent(of: text, style: TextStyle(size: 7))
    let large = book.extent(of: text, style: TextStyle(size: 14))
    #expect(abs(large.width - 2 * small.width) < 1e-9)
    #expect(abs(large.height - 2 * small.height) < 1e-9)
    #expect(abs(large.depth - 2 * small.depth) < 1e-9)
  }

  @Test func numbersAndWordsOfAFormulaAreInTheLabelsFace() throws {
    let style = TextStyle(size: 8, weight: .medium)
    let label = book.withLock {
      book.label(try! RichText("loss at $10^4 \\text{steps} + \\log N$"), style)
    }
    let fonts = Dictionary(grouping: label.runs, by: \.run.font).mapValues { runs in
      runs.map(\.run.text)
    }
    #expect(fonts[.sansMedium] == ["loss at ", "10", "4", "steps", "log"])
    #expect(fonts[.math] == ["+", "𝑁"])
    let words = try #require(label.runs.first)
    let number = try #require(label.runs.first { $0.run.text == "10" })
    #expect(words.place.y == 0 && number.place.y == 0, "one baseline")
    #expect(words.run.size == 8 && abs(number.run.size - 8) < 1e-9)
  }

  @Test func ruleAndLettersLieOverTheirRim() throws {
    let scene = Scene(
      width: 100, height: 50, palette: .light,
      items: [
        .text(
          try RichText("a $\\frac{1}{2}$"), at: Point(10, 30), .start, TextStyle(size: 8), .ink,
          hasHalo: true)
      ])
    let svg = try CairoRenderer.svg(scene, id: "a")
    let rim = try #require(svg.range(of: "stroke:var(--paper"))
    let fill = try #require(svg.range(of: "<g fill=\"#222\" style=\"fill:var(--ink,#222)\">"))
    #expect(rim.upperBound < fill.lowerBound)
    for part in [svg[rim.upperBound..<fill.lowerBound], svg[fill.upperBound...]] {
      #expect(part.contains("<use ") && part.contains("<path d="))
    }
  }

  @Test func aLabelOfWordsTakesTheRoomOfItsFace() throws {
    let style = TextStyle(size: 8)
    let extent = book.extent(of: try RichText("Jump by [q] (%)"), style: style)
    #expect(extent.above == 0 && extent.below == 0)
    #expect(extent.height == style.ascent && extent.depth == style.descent)
    let power = book.extent(of: try RichText("$10^4$"), style: style)
    #expect(power.above == 0, "powers of ten need no more room than words")
  }
}
