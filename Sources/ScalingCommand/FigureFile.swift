import ArgumentParser
import CairoRendering
import Foundation
import Plotting

/// A figure as a file, by the ending of its name.
enum FigureFile {
  private static let endings = ["svg", "pdf", "png"]

  private static func ending(_ path: String) -> String {
    URL(fileURLWithPath: path).pathExtension.lowercased()
  }

  /// Refuses names whose ending says nothing.
  static func validate(_ path: String) throws {
    guard endings.contains(ending(path)) else {
      throw ValidationError("--figure must end in .svg, .pdf or .png, not '\(path)'.")
    }
  }

  /// Draws and writes.
  static func write(_ plot: Plot, to path: String) throws {
    let scene = try plot.scene(theme: .light, measurer: try FontBook.shared())
    let bytes: [UInt8]
    switch ending(path) {
    case "pdf": bytes = try CairoRenderer.pdf(scene)
    case "png": bytes = try CairoRenderer.png(scene)
    default: bytes = Array(try svg(plot, id: "figure").utf8)
    }
    try OutputFile.write(bytes, to: path)
  }

  /// The figure as SVG, to stand alone or in a page.
  static func svg(_ plot: Plot, id: String) throws -> String {
    try CairoRenderer.svg(
      try plot.scene(theme: .light, measurer: try FontBook.shared()), id: id,
      description: try plot.summary())
  }
}
