import Testing

@testable import Plotting

@Suite struct GalleryTests {
  @Test(arguments: Gallery.all.map(\.name))
  func theSceneIsTheRecordedOne(name: String) throws {
    let exhibit = try #require(Gallery.all.first { $0.name == name })
    expectGolden(try exhibit.plot.scene().text, "gallery/\(name)")
  }

  @Test func namesAreUniqueAndTextsAreWritten() {
    #expect(Set(Gallery.all.map(\.name)).count == Gallery.all.count)
    for exhibit in Gallery.all {
      #expect(!exhibit.title.isEmpty && !exhibit.text.isEmpty)
      #expect(exhibit.name.allSatisfy { $0.isLowercase || $0.isNumber || $0 == "-" })
    }
  }

  @Test func everyMarkIsShown() {
    var kinds: Set<String> = []
    for plot in Gallery.all.map(\.plot) {
      for layer in plot.panels.flatMap(\.layers) {
        kinds.insert(String("\(layer.kind)".prefix { $0.isLetter }))
      }
    }
    #expect(
      kinds.isSuperset(of: [
        "points", "line", "band", "errorBars", "rule", "annotation", "segment", "cells", "contours",
      ]), "\(kinds.sorted())")
  }

  @Test(arguments: Gallery.all.map(\.name))
  func aSummaryHasSentencesAndDataHaveRows(name: String) throws {
    let plot = try #require(Gallery.all.first { $0.name == name }).plot
    let summary = try plot.summary()
    #expect(summary.hasSuffix("."))
    #expect(!summary.contains("$") && !summary.contains("\\"), "\(summary)")
    let rows = try plot.csv().split(separator: "\n")
    #expect(rows.count > 1)
  }
}
