import Foundation
import Plotting
import Testing

@testable import CairoRendering

@Suite struct FontTests {
  /// The tags of an OpenType file's tables.
  private func tables(_ bytes: [UInt8]) -> Set<String> {
    let count = Int(bytes[4]) << 8 | Int(bytes[5])
    return Set(
      (0..<count).map { String(decoding: bytes[(12 + 16 * $0)..<(16 + 16 * $0)], as: UTF8.self) })
  }

  @Test func anAbsentFontIsNamedWithItsPackage() {
    #expect(
      throws: RenderingError.missingFont(
        file: "texgyrepagella-regular.otf", package: "fonts-texgyre", searched: ["/nowhere"])
    ) { try FontBook(directories: ["/nowhere"]) }
  }

  @Test func aFileThatIsNoFontIsNamed() throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent(
      "book-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let path = folder.appendingPathComponent(BookFont.math.fileName).path
    try Data("not a font".utf8).write(to: URL(fileURLWithPath: path))
    #expect(throws: RenderingError.unreadableFont(path: path)) {
      try FontBook(directories: [folder.path] + BookFont.standardDirectories)
    }
  }

  @Test(arguments: [
    (
      RenderingError.missingFont(file: "a.otf", package: "fonts-a", searched: ["/x", "/y"]),
      "Figures need the font a.otf, which is in none of the folders /x, /y. Install the Debian "
        + "package fonts-a, or name the folder that has it in BOOK_FONT_PATH (folders separated by "
        + "colons)."
    ),
    (
      .invalidID("1"),
      "A figure's id must begin with a letter and hold only letters, digits and hyphens; found "
        + "'1'. Give another name to the figure."
    ),
  ])
  func errorsSayWhatToDo(error: RenderingError, text: String) {
    #expect(error.description == text)
  }

  @Test(arguments: BookFont.allCases)
  func aSubsetIsASmallFont(font: BookFont) throws {
    let bytes = try FontSubset.make(font: font, scalars: Set("Scaling laws 0123".unicodeScalars))
    let signature: [UInt8] = font.fileName.hasSuffix(".otf") ? Array("OTTO".utf8) : [0, 1, 0, 0]
    #expect(bytes.starts(with: signature))
    let whole = try #require(FileManager.default.contents(atPath: FontBook.shared().paths[font]!))
    #expect(bytes.count < whole.count / 5)
    #expect(tables(bytes).isSuperset(of: ["cmap", "head", "hmtx", "maxp"]))
    #expect(tables(bytes).contains("MATH") == (font == .math))
  }

  @Test func theMathTableKeepsLargerAndAssembledForms() throws {
    let letters = try FontSubset.make(font: .math, scalars: ["x"])
    let fences = try FontSubset.make(font: .math, scalars: ["x", "(", ")", "√", "∑"])
    #expect(fences.count > letters.count + 1500, "variants and parts of the signs came along")
    #expect(
      !tables(try FontSubset.make(font: .math, scalars: ["x"], keepingMath: false)).contains("MATH")
    )
  }

  @Test func theSameSubsetHasTheSameBytes() throws {
    let scalars = Set("alphabet".unicodeScalars)
    #expect(
      try FontSubset.make(font: .textItalic, scalars: scalars)
        == FontSubset.make(font: .textItalic, scalars: scalars))
  }

  @Test func charactersThatAFontLacksArePassedOver() throws {
    let plain = try FontSubset.make(font: .textRegular, scalars: ["a"])
    #expect(try FontSubset.make(font: .textRegular, scalars: ["a", "\u{1F600}"]) == plain)
  }

  @Test func theApproximateMeasureIsNearTheTrueOne() throws {
    let book = try FontBook.shared()
    for label in [
      "Excess loss (nats per token)", "Training tokens $D$", "10^6", "d = 128",
      "entropy of the language",
    ] {
      let style = TextStyle(size: 8)
      let text = try RichText(label)
      let ratio =
        ApproximateMeasurer().width(of: text, style: style) / book.width(of: text, style: style)
      #expect(ratio > 0.85 && ratio < 1.18, "\(label): \(ratio)")
    }
  }
}
