import Foundation
import Literate
import Testing

@testable import Weaving

struct WeavingErrorTests {
  private static let main = "DIR/chapters/01-small/main.swift"
  private static let folder = "DIR/figures/small"

  private func fault(_ change: (inout Sample) -> Void) throws -> String {
    var sample = Sample()
    change(&sample)
    return try sample.fault()
  }

  @Test func theSampleItselfHasNoFault() throws {
    #expect(try Sample().fault() == "no error")
  }

  @Test func unknownValuesNameTheNearest() throws {
    #expect(
      try fault { $0.source += "\n//: Also \\(alpah)." }
        == "\(Self.main):26:10: no value 'alpah' was recorded. Did you mean '\\(alpha)'? "
        + "Record it with chapter.record(\"alpah\", ...), or correct the name.")
    #expect(
      try fault { $0.record.figures[0].caption = "Slope $\\(beta)$." }
        == "\(Self.main):11 (the caption of figure 'curve'): no value 'beta' was recorded. "
        + "Record it with chapter.record(\"beta\", ...), or correct the name.")
    #expect(
      try fault { $0.record.claims[0].reason = "\\(alpha2)" }
        == "\(Self.main):21 (the reason of claim 'falls'): no value 'alpha2' was recorded. "
        + "Did you mean '\\(alpha)'? Record it with chapter.record(\"alpha2\", ...), or correct the name."
    )
  }

  @Test func aBlockOfOutputPrintsARecordedText() throws {
    let block = "\n//: ```output\n//: \\(NAME)\n//: ```"
    #expect(
      try fault { $0.source += block.replacing("NAME", with: "alpah") }
        .contains("no value 'alpah' was recorded. Did you mean '\\(alpha)'?"))
    // A value that is quoted there alone is quoted.
    #expect(
      try fault {
        $0.record.values[3].quiet = false
        $0.source += block.replacing("NAME", with: "extra")
      } == "no error")
  }

  @Test func missingPartsOfValuesAreNamed() throws {
    #expect(
      try fault { $0.source += "\n//: Also \\(runs.low)." }
        == "\(Self.main):26:10: the value 'runs' has no interval, which '\\(runs.low)' asks for. "
        + "Record an Estimate, or quote the value alone.")
    #expect(
      try fault { $0.source += "\n//: Also \\(runs.theory)." }
        == "\(Self.main):26:10: the value 'runs' has no theoretical value, which "
        + "'\\(runs.theory)' asks for. Pass theory: to chapter.record.")
  }

  @Test func valuesThatNobodyQuotesAreNamedUnlessQuiet() throws {
    #expect(
      try fault { $0.record.values[3].quiet = false }
        == "\(Self.main):8: the value 'extra' is recorded but quoted nowhere. "
        + "Quote it as '\\(extra)', or record it with quiet: true.")
    #expect(
      try fault {
        $0.record.values[3].quiet = false
        $0.record.tables[0].rows[0][0] = "\\(extra)"
      } == "no error")
  }

  @Test func unknownCrossReferencesNameTheNearest() throws {
    #expect(
      try fault { $0.source += "\n//: See @fig:curv." }
        == "\(Self.main):26:9: there is no figure 'curv'. Did you mean '@fig:curve'? "
        + "Correct the name, or write the text without '@'.")
  }

  @Test func unknownChaptersAndWorksNameTheNearest() throws {
    #expect(
      try fault { $0.source += "\n//: See @ch:smal." }
        == "\(Self.main):26:9: there is no chapter 'smal'. Did you mean '@ch:small'? "
        + "Correct the name, or write the text without '@'.")
    #expect(
      try fault { $0.source += "\n//: See [@kaplan2021]." }
        == "\(Self.main):26:9: the bibliography has no work 'kaplan2021'. Did you mean "
        + "'@kaplan2020'? Correct the key, or enter the work in DIR/chapters/references.bib.")
    #expect(
      try fault { $0.record.claims[0].theory = "as @kaplan2019 says" }
        == "\(Self.main):8 (the theory of claim 'falls'): the bibliography has no work "
        + "'kaplan2019'. Did you mean '@kaplan2020'? Correct the key, or enter the work in "
        + "DIR/chapters/references.bib.")
  }

  @Test func namesAreUnique() throws {
    #expect(
      try fault { $0.record.figures.append($0.record.figures[0]) }
        == "\(Self.main):11: two figures are named 'curve'. Give each its own name.")
    #expect(
      try fault { $0.record.values.append($0.record.values[0]) }
        == "\(Self.main):8: two values are named 'alpha'. Give each its own name.")
  }

  @Test func aRecordOfAnotherSourceIsNoticed() throws {
    #expect(
      try fault { $0.record.figures[0].line = 2 }
        == "\(Self.main):2: the record says that figure 'curve' comes from this line, but the "
        + "source has no code here: it was edited after the run. Run './build.sh small' again.")
  }

  @Test func figuresAndTablesMustSayWhatTheyShow() throws {
    #expect(
      try fault { $0.record.figures[0].caption = " " }
        == "\(Self.main):11: the figure 'curve' has no caption. Say in one what it shows.")
    #expect(
      try fault { $0.record.tables[0].caption = "" }
        == "\(Self.main):20: the table 'fits' has no caption. Say in one what it shows.")
    #expect(
      try fault { $0.record.figures[0].alternativeText = "" }
        == "\(Self.main):11: the figure 'curve' has no alternative text. "
        + "Pass alternativeText: with what it shows, for those who cannot see it.")
    #expect(
      try fault { $0.record.tables[0].rows[1] = ["max"] }
        == "\(Self.main):20: every row of the table 'fits' must have 2 cells, one a column, "
        + "but row 2 has 1. Fill the row up.")
  }

  @Test func missingAndBrokenFilesAreNamed() throws {
    #expect(
      try fault { $0.files["curve.svg"] = nil }
        == "\(Self.main):11: the figure 'curve' was recorded, but its file "
        + "\(Self.folder)/curve.svg is missing. Run './build.sh small' again.")
    #expect(
      try fault {
        $0.files["curve.csv"] = nil
        $0.record.profile = "full"
      }
        == "\(Self.main):11: the figure 'curve' was recorded, but its file "
        + "\(Self.folder)/curve.csv is missing. Run './build.sh --profile full small' again.")
    #expect(
      try fault { $0.files["curve.svg"] = "<svg viewBox=\"0 0 1 1\">" }
        == "\(Self.folder)/curve.svg: this is no figure that can be set into a page: it does not "
        + "end with </svg>. Run './build.sh small' again.")
  }

  @Test func missingAndBrokenRecordsAreNamed() throws {
    let path = "\(Self.folder)/record.json"
    func record(_ text: String?) throws -> String {
      try Sample().fault { place in
        let url = place.recordFolder.appendingPathComponent("record.json")
        if let text {
          try Data(text.utf8).write(to: url)
        } else {
          try FileManager.default.removeItem(at: url)
        }
      }
    }
    #expect(
      try record(nil)
        == "\(path): there is no record of this chapter. Run './build.sh small' first.")
    #expect(
      try record("{\"schema\": 99}")
        == "\(path): the record has format 99, but this program reads format 1. "
        + "Run './build.sh small' to write it anew.")
    #expect(
      try record("{\"schema\": 1}").hasPrefix("\(path): the record cannot be read: '"))
    #expect(
      try record("nonsense")
        == "\(path): the record cannot be read: it is not JSON. "
        + "Run './build.sh small' to write it anew.")
    #expect(
      try fault { $0.record.chapter = "other" }
        == "\(path): the record is of the chapter 'other', but 'small' was expected here. "
        + "Give the chapter the name of its folder.")
    #expect(
      try Sample().fault { try FileManager.default.removeItem(at: $0.source) }
        == "\(Self.main): the chapter's source is missing. Check the name of the folder.")
  }

  @Test func faultsOfTheSourceKeepTheirPlaces() throws {
    #expect(
      try fault { $0.source += "\n//: $\\aplha$" }
        == "\(Self.main):26:6: '\\aplha' is not a command of formulas here. "
        + "Did you mean '\\alpha'?")
  }

  @Test func packagesAndChaptersThatAreNotThereAreNamed() throws {
    try inTemporaryFolder { folder in
      do throws(WeavingError) {
        _ = try Library.find(from: folder.path)
        Issue.record("a package was found")
      } catch {
        #expect(
          error.description
            == "\(folder.path): neither this folder nor one above it holds a Package.swift. "
            + "Go to the package, or pass --chapters and --figures.")
      }
      do throws(WeavingError) {
        _ = try Library.find(chapters: folder.path, figures: folder.path)
        Issue.record("chapters were found")
      } catch {
        #expect(
          error.description
            == "\(folder.path): no chapters were found. A chapter is a file NN-name/main.swift in "
            + "this folder; pass another folder with --chapters.")
      }
    }
  }

  @Test func fontsThatFailAndFoldersThatCannotBeWrittenAreNamed() throws {
    struct Fault: Error, CustomStringConvertible { let description = "Inter is missing." }
    let chapter = try Sample().woven()
    do throws(WeavingError) {
      _ = try Weaver.chapterPage(chapter, fonts: FontEmbedding { _, _ in throw Fault() })
      Issue.record("no error")
    } catch {
      #expect(error.description == "the fonts of the page cannot be embedded: Inter is missing.")
    }
    do throws(WeavingError) {
      try Files.write(Data(), to: URL(fileURLWithPath: "/proc/nowhere/page.html"))
      Issue.record("no error")
    } catch {
      #expect(error.description.hasPrefix("/proc/nowhere/page.html: the page cannot be written: "))
    }
  }

  @Test func severalFilesAreReplacedAllOrNone() throws {
    try inTemporaryFolder { folder in
      let first = folder.appendingPathComponent("first.html")
      let second = folder.appendingPathComponent("second.html")
      try Data("old".utf8).write(to: first)
      try FileManager.default.createDirectory(at: second, withIntermediateDirectories: true)
      do throws(WeavingError) {
        try Files.write([(Data("new".utf8), first), (Data("new".utf8), second)])
        Issue.record("a page was written over a folder")
      } catch {
        #expect(
          error.description
            == "\(second.path): the page cannot be written: a folder of this name stands there. "
            + "Check the folder, its permissions and the room on the disk.")
      }
      #expect(try Data(contentsOf: first) == Data("old".utf8))
      try FileManager.default.removeItem(at: second)

      // What a process that was killed has left is taken away, what a living one writes is not.
      let left = folder.appendingPathComponent(".first.html.\(Int32.max).part")
      let living = folder.appendingPathComponent(".first.html.1.part")
      for url in [left, living] { try Data("half".utf8).write(to: url) }
      try Files.write([(Data("new".utf8), first), (Data("new".utf8), second)])
      #expect(try Data(contentsOf: first) == Data("new".utf8))
      let names = try FileManager.default.contentsOfDirectory(atPath: folder.path)
      #expect(names.sorted() == [".first.html.1.part", "first.html", "second.html"])
    }
  }

  @Test func oneChapterThatFailsLeavesThePagesOfAll() throws {
    try inTemporaryFolder { folder in
      var broken = Sample(slug: "other", number: 2)
      broken.source += "\n//:\n//: See @fig:nothing."
      let files = [try Sample().write(to: folder), try broken.write(to: folder)]
      #expect(throws: WeavingError.self) { try Weaver.weavePages(of: files, fonts: .none) }
      let page = files[0].recordFolder.appendingPathComponent("index.html")
      #expect(!FileManager.default.fileExists(atPath: page.path))
      let outputs = try Weaver.weavePages(of: [files[0]], fonts: .none)
      #expect(try Data(contentsOf: page).count == outputs[0].bytes)
    }
  }

  @Test func bytesThatAreNoTextAreNamedWithTheirLine() throws {
    try inTemporaryFolder { folder in
      let files = try Sample().write(to: folder)
      var data = try Data(contentsOf: files.source)
      let line = data.count { $0 == UInt8(ascii: "\n") } + 2
      data += Data("\n//: ".utf8) + Data([0xFF, 0xFE])
      try data.write(to: files.source)
      do throws(WeavingError) {
        _ = try Weaver.chapter(files)
        Issue.record("no error")
      } catch {
        #expect(
          error.description.hasSuffix(
            "main.swift:\(line): these bytes are not UTF-8. Save the file in this encoding."))
      }
    }
  }
}
