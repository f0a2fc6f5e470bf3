import CairoRendering
import Foundation
import Plotting
import Testing

@Suite struct RendererTests {
  @Test func everyFigureOfTheGalleryIsDrawn() throws {
    let folder = ProcessInfo.processInfo.environment["FIGURE_GALLERY"]
    let only = ProcessInfo.processInfo.environment["FIGURE_ONLY"]
    for (name, plot) in Gallery.all where only == nil || only == name {
      let scene = plot.scene(measurer: try FontBook.shared())
      let png = try CairoRenderer.png(scene, scale: 2)
      let svg = try CairoRenderer.svg(scene, id: name, title: name, description: plot.summary())
      #expect(png.count > 1000)
      if let folder {
        try Data(png).write(to: URL(fileURLWithPath: "\(folder)/\(name).png"))
        try Data(svg.utf8).write(to: URL(fileURLWithPath: "\(folder)/\(name).svg"))
        try Data(try CairoRenderer.pdf(scene)).write(
          to: URL(fileURLWithPath: "\(folder)/\(name).pdf"))
      }
    }
  }
}
