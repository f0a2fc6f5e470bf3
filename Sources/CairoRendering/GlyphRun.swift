/// A stretch of text in one face and size, shaped: what stands where, and what it says.
///
/// It is plain data. The text goes into the page with the glyphs, so that a reader can search and
/// copy it.
public struct GlyphRun: Equatable, Sendable {
  /// A glyph relative to the beginning of the run's baseline, in points, y downwards.
  struct Glyph: Equatable, Sendable {
    var id: UInt32
    var x: Double
    var y: Double
  }

  /// Bytes of the text and the glyphs that spell them.
  struct Cluster: Equatable, Sendable {
    var bytes: Int
    var glyphs: Int
  }

  /// The face.
  public let font: BookFont
  /// The size in points.
  public let size: Double
  /// The characters that the glyphs stand for.
  public internal(set) var text: String
  /// The advance in points.
  public internal(set) var width: Double
  var glyphs: [Glyph]
  var clusters: [Cluster]

  init(
    font: BookFont, size: Double, text: String, width: Double, glyphs: [Glyph],
    clusters: [Cluster]
  ) {
    self.font = font
    self.size = size
    self.text = text
    self.width = width
    self.glyphs = glyphs
    self.clusters = clusters
  }

  init(_ shape: PageFace.Shape, text: String, face: PageFace, size: Double) {
    let unit = size / face.unitsPerEm
    font = face.font
    self.size = size
    self.text = text
    width = shape.advance * unit
    glyphs = shape.glyphs.map { Glyph(id: $0.id, x: $0.x * unit, y: -$0.y * unit) }
    clusters = []
    let count = text.utf8.count
    for (index, glyph) in shape.glyphs.enumerated() {
      let next = index + 1 < shape.glyphs.count ? shape.glyphs[index + 1].byte : count
      if index > 0, glyph.byte == shape.glyphs[index - 1].byte {
        clusters[clusters.count - 1].glyphs += 1
        clusters[clusters.count - 1].bytes += next - glyph.byte
      } else {
        clusters.append(Cluster(bytes: next - glyph.byte, glyphs: 1))
      }
    }
  }

  /// A run with other letters between the glyphs' places: each glyph and the end move by a
  /// multiple of `amount` points.
  public func tracked(by amount: Double) -> GlyphRun {
    var copy = self
    for index in copy.glyphs.indices { copy.glyphs[index].x += amount * Double(index) }
    copy.width += amount * Double(glyphs.count)
    return copy
  }

  /// A run that says something else than its glyphs show, as a hyphen at a line's end does.
  public func saying(_ words: String) -> GlyphRun {
    var copy = self
    copy.text = words
    copy.clusters = [Cluster(bytes: words.utf8.count, glyphs: glyphs.count)]
    return copy
  }
}

/// How far above and below the baseline a face reaches, in points.
public struct FaceMetrics: Equatable, Sendable {
  /// Upwards.
  public var ascent: Double
  /// Downwards.
  public var descent: Double
}

extension FontBook {
  /// Shapes a text that stays on one line.
  ///
  /// Characters that the face lacks are taken from the face of formulas, then from those of figures
  /// and code, so the result may have several runs; characters that no face has are in `missing`.
  ///
  /// - Parameters:
  ///   - size: The size in points.
  ///   - features: OpenType features as HarfBuzz writes them, for example `tnum` or `-liga`.
  public func runs(
    _ text: String, font: BookFont, size: Double, features: [String] = []
  ) -> (runs: [GlyphRun], missing: [Unicode.Scalar]) {
    withLock {
      let first = pageFace(font)
      if text.unicodeScalars.allSatisfy(first.covers) {
        return (
          [GlyphRun(first.shape(text, features: features), text: text, face: first, size: size)], []
        )
      }
      var runs: [GlyphRun] = []
      var missing: [Unicode.Scalar] = []
      var stretch = ""
      var current = first
      func flush() {
        guard !stretch.isEmpty else { return }
        runs.append(
          GlyphRun(
            current.shape(stretch, features: features), text: stretch, face: current, size: size))
        stretch = ""
      }
      for scalar in text.unicodeScalars {
        var face = first
        if !first.covers(scalar) {
          let others: [BookFont] = [.math, .sansRegular, .monoRegular]
          if let other = others.lazy.map({ self.pageFace($0) }).first(where: { $0.covers(scalar) })
          {
            face = other
          } else {
            missing.append(scalar)
          }
        }
        if face !== current {
          flush()
          current = face
        }
        stretch.unicodeScalars.append(scalar)
      }
      flush()
      return (runs, missing)
    }
  }

  /// How far a face reaches from its baseline.
  public func metrics(_ font: BookFont, size: Double) -> FaceMetrics {
    withLock {
      let face = pageFace(font)
      return FaceMetrics(ascent: face.ascender * size, descent: face.descender * size)
    }
  }
}
