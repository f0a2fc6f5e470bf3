import CairoRendering
import Foundation
import Plotting
import Weaving

/// A figure as files, kept until `finish` writes them all.
struct RenderedFigure {
  var name: String
  /// File name extension and content.
  var files: [(kind: String, bytes: Data)]
}

extension Chapter {
  /// Shows a figure behind this line's code: draws it and keeps its data as CSV.
  ///
  /// In the smoke profile it says so in a corner.
  ///
  /// - Parameters:
  ///   - name: A short name, unique in the chapter, for `@fig:name` and the file.
  ///   - caption: What a dot and a band are, as CommonMark with math; may quote values.
  ///   - alternativeText: What the data show, for those who cannot see the figure; by default
  ///     sentences that `Plot.summary` writes from the data.
  ///   - png: Whether the figure is written as PNG, too, for a place that shows no SVG.
  public func show(
    figure plot: Plot, name: String, caption: String, alternativeText: String? = nil,
    png: Bool = false, line: Int = #line
  ) throws {
    try stage.guarding {
      let text = try alternativeText ?? plot.summary(figure: name)
      ledger.show(
        FigureRecord(
          name: name, caption: caption, alternativeText: text, width: plot.width,
          height: plot.height, line: line))
      if isPlan { return }
      let stamped = plot.stamped(profile == .smoke ? profile.rawValue : nil)
      let scene = try stamped.scene(
        figure: name, theme: .light, measurer: try FontBook.shared())
      let svg = try CairoRenderer.svg(
        scene, id: "\(slug)-\(name)", title: name, description: text)
      var files: [(kind: String, bytes: Data)] = [
        ("svg", Data(svg.utf8)), ("csv", Data(try plot.csv(figure: name).utf8)),
      ]
      if png || invocation.command.png {
        files.append(("png", Data(try CairoRenderer.png(scene, scale: 2))))
      }
      if invocation.command.pdf {
        files.append(("pdf", Data(try CairoRenderer.pdf(scene, title: name))))
      }
      rendered.append(RenderedFigure(name: name, files: files))
    }
  }

  /// Writes a text beside the chapter's figures, for a reader to take away: `runs.csv`.
  ///
  /// It is written with the figures when the chapter finishes; give it a name that no figure has.
  public func attach(_ text: String, name: String, kind: String) {
    rendered.append(RenderedFigure(name: name, files: [(kind, Data(text.utf8))]))
  }
}
