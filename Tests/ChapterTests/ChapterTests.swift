import Foundation
import Testing

/// Runs chapters as a newcomer does, as programs.
struct ChapterTests {
  struct Output {
    var status: Int32
    var text: String
    var errors: String
  }

  /// The folder in which the build puts programs and tests alike.
  static let programs =
    Bundle.main.bundleURL.pathExtension == "xctest"
    ? Bundle.main.bundleURL.deletingLastPathComponent() : Bundle.main.bundleURL

  static func run(_ program: String, _ arguments: [String]) throws -> Output {
    let process = Process()
    process.executableURL = programs.appendingPathComponent(program)
    process.arguments = arguments
    let folder = FileManager.default.temporaryDirectory
      .appendingPathComponent("chapter-output-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    // Files, not pipes: a full pipe would stop the program.
    let (text, errors) = (folder.appendingPathComponent("1"), folder.appendingPathComponent("2"))
    for file in [text, errors] { try Data().write(to: file) }
    process.standardOutput = try FileHandle(forWritingTo: text)
    process.standardError = try FileHandle(forWritingTo: errors)
    try process.run()
    process.waitUntilExit()
    return Output(
      status: process.terminationStatus, text: try String(contentsOf: text, encoding: .utf8),
      errors: try String(contentsOf: errors, encoding: .utf8))
  }

  static func withFolder(_ body: (URL) throws -> Void) throws {
    let folder = FileManager.default.temporaryDirectory
      .appendingPathComponent("chapter-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    try body(folder)
  }

  @Test(arguments: [
    "power-law-error", "data-optimal-exponents", "diminishing-returns", "chain-of-thought",
    "fit-your-own",
  ])
  func aSmokeRunWritesTheSameRecordTwiceAndTrainsOnce(chapter: String) throws {
    try Self.withFolder { folder in
      let store = folder.appendingPathComponent("runs.sqlite").path
      var records: [String] = []
      for name in ["first", "second"] {
        let output = folder.appendingPathComponent(name)
        let run = try Self.run(
          chapter, ["--profile", "smoke", "--store", store, "--out", output.path])
        #expect(run.status == 0, "\(run.errors)")
        #expect(run.text.contains("not judged"))
        #expect(!run.text.contains("\u{1B}["), "colours in a file")
        if name == "second" { #expect(run.text.contains(" 0 trained"), "\(run.text)") }
        records.append(
          try String(contentsOf: output.appendingPathComponent("record.json"), encoding: .utf8))
        let page = try String(
          contentsOf: output.appendingPathComponent("index.html"), encoding: .utf8)
        #expect(page.contains("<math"))
        #expect(!page.contains("src=\"http") && !page.contains("url(http"))
      }
      #expect(records[0] == records[1])
    }
  }

  @Test func aForecastIsNotWrittenAfterTheRuns() throws {
    try Self.withFolder { folder in
      let store = folder.appendingPathComponent("runs.sqlite").path
      let page = ["--profile", "smoke", "--store", store, "--out"]
      let first = try Self.run(
        "diminishing-returns", page + [folder.appendingPathComponent("1").path])
      #expect(first.status == 0, "\(first.errors)")
      // Other cheap runs, another forecast: the dear runs are known by now.
      let late = try Self.run(
        "diminishing-returns",
        page + [folder.appendingPathComponent("2").path, "--widths", "8,12,16,32,48"])
      #expect(late.status == 0, "\(late.errors)")
      #expect(late.errors.contains("forecast"), "\(late.errors)")
      #expect((late.text + late.errors).contains("hindsight"))
    }
  }

  @Test(arguments: [
    (["--profile", "smke"], "smoke"), (["--seed", "1"], "--seeds"), (["--widths", "8,x"], "x"),
    (["--seeds", "many"], "many"), (["--seeds", "0"], "at least 1"),
    (["--widths", "8"], "at least 2"),
  ])
  func aWrongFlagStartsNothingAndSaysWhatIsMeant(arguments: [String], hint: String) throws {
    try Self.withFolder { folder in
      let store = folder.appendingPathComponent("runs.sqlite")
      let run = try Self.run("power-law-error", arguments + ["--store", store.path])
      #expect(run.status == 64)
      #expect(run.errors.contains(hint), "\(run.errors)")
      #expect(!FileManager.default.fileExists(atPath: store.path))
    }
  }

  @Test(arguments: [
    (["--longest", "1"], "2...12"), (["--tested", "4"], "9...24"),
    (["--updates", "1,10"], "from 10 to"), (["--examples", "0"], "positive"),
    (["--depth-update", "8"], "--depth-updates"),
  ])
  func aWrongFlagOfChapterFourSaysWhatIsMeant(arguments: [String], hint: String) throws {
    let run = try Self.run("chain-of-thought", arguments)
    #expect(run.status == 64)
    #expect(run.errors.contains(hint), "\(run.errors)")
  }

  @Test(arguments: [
    ("data-optimal-exponents", "minimum inside --widths [16, 32, 64]"),
    ("diminishing-returns", "inside --widths [16, 32, 64]"),
  ])
  func settingsThatMeasureNothingEndWithTheReason(chapter: String, reason: String) throws {
    try Self.withFolder { folder in
      let output = folder.appendingPathComponent("page")
      let run = try Self.run(
        chapter,
        [
          "--profile", "smoke", "--widths", "16,32,64", "--store",
          folder.appendingPathComponent("runs.sqlite").path, "--out", output.path,
        ])
      #expect(run.status == 1)
      #expect(run.errors.contains(reason), "\(run.errors)")
      #expect(!run.errors.contains("crashed"))
      #expect(!FileManager.default.fileExists(atPath: output.path))
    }
  }

  @Test func aPlanTrainsNothing() throws {
    try Self.withFolder { folder in
      let store = folder.appendingPathComponent("runs.sqlite").path
      let run = try Self.run(
        "power-law-error", ["--profile", "smoke", "--plan", "--store", store])
      #expect(run.status == 0, "\(run.errors)")
      #expect((run.text + run.errors).contains("to train"))
      let again = try Self.run(
        "power-law-error", ["--profile", "smoke", "--plan", "--store", store])
      #expect(!(again.text + again.errors).contains(" 1 known"))
    }
  }

  @Test func aWidthThatNoModelCanHaveFailsAloneAndIsReported() throws {
    try Self.withFolder { folder in
      let run = try Self.run(
        "power-law-error",
        [
          "--profile", "smoke", "--widths", "8,16,30,32,48", "--store",
          folder.appendingPathComponent("runs.sqlite").path, "--out",
          folder.appendingPathComponent("page").path,
        ])
      #expect(run.status == 0, "\(run.errors)")
      #expect((run.text + run.errors).contains("`width`"), "\(run.text)\(run.errors)")
    }
  }

  @Test func aFileThatIsNoStoreIsLeftAlone() throws {
    try Self.withFolder { folder in
      let file = folder.appendingPathComponent("notes.txt")
      let content = String(repeating: "These are my notes, not a store.\n", count: 50)
      try content.write(to: file, atomically: true, encoding: .utf8)
      let run = try Self.run("power-law-error", ["--profile", "smoke", "--store", file.path])
      #expect(run.status != 0)
      #expect(run.errors.contains("notes.txt"))
      #expect(try String(contentsOf: file, encoding: .utf8) == content)
    }
  }
}
