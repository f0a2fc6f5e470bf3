import ArgumentParser
import Foundation
import RunTables
import ScalingLaws
import Testing

@testable import ScalingCommand

/// A file that goes with its owner.
final class TemporaryFile {
  let path: String
  init(_ text: String = "", ending: String = "csv") throws {
    path =
      FileManager.default.temporaryDirectory
      .appendingPathComponent("\(UUID().uuidString).\(ending)").path
    if !text.isEmpty { try text.write(toFile: path, atomically: true, encoding: .utf8) }
  }
  var text: String? { try? String(contentsOfFile: path, encoding: .utf8) }
  deinit { try? FileManager.default.removeItem(atPath: path) }
}

/// Planted tables.
enum Planted {
  static let law = LossLaw(
    floor: 1.69, sizeCoefficient: 406.4, alpha: 0.34, dataCoefficient: 410.7, beta: 0.28)

  /// A fixed scatter between -1 and 1 for a row.
  static func scatter(_ row: Int) -> Double {
    let x = sin(Double(row) * 12.9898 + 4.1) * 43758.5453
    return 2 * (x - x.rounded(.down)) - 1
  }

  /// `side`² runs a seed over `decades` of N and D.
  static func text(
    side: Int = 5, seeds: Int = 3, decades: Double = 3, scatter amount: Double = 0.001
  ) -> String {
    var text = "seed,params,tokens,loss\n"
    var row = 0
    for seed in 0..<seeds {
      for i in 0..<side {
        for j in 0..<side {
          let n = 1e7 * pow(10, decades * Double(i) / Double(side - 1))
          let d = 1e8 * pow(10, decades * Double(j) / Double(side - 1))
          row += 1
          let loss = law.loss(n: n, d: d) * (1 + amount * scatter(row))
          text += "\(seed),\(n / 1e6)M,\(d / 1e9)B,\(loss)\n"
        }
      }
    }
    return text
  }

  static func file(
    side: Int = 5, seeds: Int = 3, decades: Double = 3, scatter: Double = 0.001
  ) throws -> TemporaryFile {
    try TemporaryFile(text(side: side, seeds: seeds, decades: decades, scatter: scatter))
  }
}

struct FitTests {
  static func analysis(_ path: String, _ arguments: [String] = []) throws -> FitAnalysis {
    try Fit.parse([path, "--starts", "8", "--bootstrap", "40", "--no-comparison"] + arguments)
      .analysis()
  }

  static func object(_ json: JSON) throws -> [String: Any] {
    try #require(
      JSONSerialization.jsonObject(with: Data(json.text().utf8)) as? [String: Any])
  }

  @Test func theJSONHoldsThePlantedLaw() throws {
    let table = try Planted.file()
    let object = try Self.object(try Self.analysis(table.path, ["--group", "seed"]).json())
    let parameters = try #require(object["parameters"] as? [String: [String: Double]])
    #expect(Set(parameters.keys) == ["A", "B", "E", "alpha", "beta"])
    for (name, truth) in [("alpha", 0.34), ("beta", 0.28), ("E", 1.69), ("A", 406.4)] {
      let parameter = try #require(parameters[name])
      #expect(abs(parameter["value"]! / truth - 1) < 0.05)
      #expect(parameter["low"]! <= parameter["value"]! && parameter["value"]! <= parameter["high"]!)
      #expect(parameter["standardError"]! > 0)
    }
    let optimal = try #require(object["optimal"] as? [String: [String: Double]])
    #expect(abs(optimal["a"]!["value"]! + optimal["b"]!["value"]! - 1) < 1e-9)
    #expect(object["form"] as? String == "additive" && object["identified"] as? Bool == true)
    #expect(object["rows"] as? Int == 75 && object["starts"] as? Int == 8)
    #expect(object["agreeing"] as? Int == 8)
    #expect((object["warnings"] as? [String])?.isEmpty == true)
    #expect((object["seconds"] as? Double)! > 0 && (object["objective"] as? Double)! > 0)
    #expect(object["interval"] as? String == "jackknife over 3 groups of 'seed', Student's t")
  }

  @Test func theTableNamesEveryParameterAndTheSearch() throws {
    let table = try Planted.file()
    let text = try Self.analysis(table.path, ["--form", "power-mean", "--floor", "1.6"]).text()
    for part in [
      "L = E + ((A N^-alpha)^q + (B D^-beta)^q)^(1/q), 75 runs", "\nE  ", "given", "\nalpha ",
      "\nq ", "N_opt ~ C^a", "bootstrap over 75 rows, 40 resamples", "8 starts agree",
      "(columns params, tokens, loss)", "Runs that pull hardest",
    ] {
      #expect(text.contains(part), "\(part) in \(text)")
    }
    #expect(text.split(separator: "\n").allSatisfy { $0.last != " " })
  }

  @Test func withoutABootstrapThereAreNoIntervals() throws {
    let table = try Planted.file()
    let analysis = try Fit.parse(
      [table.path, "--bootstrap", "0", "--starts", "8", "--no-comparison"]
    ).analysis()
    #expect(!analysis.json().text().contains("\"high\": 0"))
    #expect(!analysis.text().contains("interval"))
    #expect(analysis.text().contains("std. error"))
  }

  @Test func everyFormIsComparedAndTheRightOneWins() throws {
    let table = try Planted.file(side: 6, seeds: 1, scatter: 0.005)
    let analysis = try Fit.parse([table.path, "--starts", "8", "--bootstrap", "0"]).analysis()
    #expect(analysis.forms.map(\.form) == LossLaw.Form.allCases)
    let scores = Dictionary(
      uniqueKeysWithValues: analysis.forms.map { ($0.form, $0.informationExcess ?? .nan) })
    #expect(scores[.additive]! < 3 && scores[.maximum]! > 10 && scores[.kaplan]! > 10)
    let errors = Dictionary(
      uniqueKeysWithValues: analysis.forms.map { ($0.form, $0.heldOutError ?? .nan) })
    #expect(errors[.additive]! < 0.01 && errors[.maximum]! > errors[.additive]!)
  }

  @Test func heldOutRunsJudgeTheFitAndDoNotEnterIt() throws {
    let table = try Planted.file()
    let analysis = try Self.analysis(table.path, ["--hold-out", "C>1e20"])
    let held = try #require(analysis.heldOut)
    #expect(held.rows > 0 && held.rows + analysis.fitted.runs.count == 75)
    #expect(analysis.fitted.runs.allSatisfy { $0.c <= 1e20 })
    #expect(held.totalError < 0.01)
    #expect(throws: FitFileError.self) { try Self.analysis(table.path, ["--hold-out", "C>1e40"]) }
    let other = try Self.analysis(table.path, ["--hold-out", "seed >= 2"])
    #expect(other.heldOut?.rows == 25)
  }

  @Test func theRunThatWentWrongPullsHardest() throws {
    var lines = Planted.text(seeds: 1).split(separator: "\n")
    // The largest model with the most data, 20 % too bad.
    let cells = lines[25].split(separator: ",")
    lines[25] = "\(cells[0]),\(cells[1]),\(cells[2]),\(Double(cells[3])! * 1.2)"
    let table = try TemporaryFile(lines.joined(separator: "\n"))
    let analysis = try Self.analysis(table.path, ["--objective", "squared"])
    #expect(analysis.fileRow(of: try #require(analysis.pulls.first).row) == 26)
    #expect(analysis.text().contains("off the law") || !analysis.warnings.isEmpty)
  }

  // MARK: Not identified

  @Test(arguments: [
    ("5 points", 5, "needs at least 6 runs"), ("constant loss", 9, "is 2.5 in every run"),
    ("one line", 9, "all runs lie on one line"), ("one size", 9, "distinct values of `N`"),
  ])
  func aTableThatLeavesTheLawOpenGivesNoNumber(what: String, rows: Int, reason: String) throws {
    var text = "N,D,loss\n"
    for row in 0..<rows {
      var n = 1e8 * pow(2, Double(row % 3))
      var d = 1e9 * pow(3, Double(row / 3))
      if what == "one line" { (n, d) = (1e8 * pow(2, Double(row)), 2e9 * pow(2, Double(row))) }
      if what == "one size" { n = 1e8 }
      let loss = what == "constant loss" ? 2.5 : Planted.law.loss(n: n, d: d)
      text += "\(n),\(d),\(loss)\n"
    }
    let table = try TemporaryFile(text)
    let analysis = try Self.analysis(table.path)
    let object = try Self.object(analysis.json())
    #expect(object["identified"] as? Bool == false)
    let parameters = try #require(object["parameters"] as? [String: [String: Any]])
    let open = try #require(object["notIdentified"] as? [[String: String]])
    #expect(open.contains { $0["parameter"] == "alpha" && $0["reason"]!.contains(reason) })
    for name in ["A", "alpha"] {
      #expect(parameters[name]?["value"] is NSNull && parameters[name]?["low"] is NSNull)
    }
    #expect((object["optimal"] as? [String: Any])?["a"] is NSNull)
    #expect(object["law"] == nil)
    #expect(analysis.text().contains("not identified: `") && analysis.text().contains("`alpha`"))
    #expect(analysis.text().contains(reason))
  }

  @Test func oneDecadeWithScatterLeavesTheFloorOpen() throws {
    let table = try Planted.file(side: 5, seeds: 1, decades: 0.9, scatter: 0.02)
    let analysis = try Self.analysis(table.path)
    #expect(analysis.open.contains { $0.parameter == "E" })
    let object = try Self.object(analysis.json())
    let parameters = try #require(object["parameters"] as? [String: [String: Any]])
    #expect(parameters["E"]?["value"] is NSNull)
    #expect((parameters["E"]?["reason"] as? String)?.isEmpty == false)
    #expect(analysis.warnings.contains { $0.contains("spans a factor of") })
    #expect(analysis.warnings.contains { $0.contains("decades of compute") })
  }

  // MARK: Traps

  @Test func repeatedRowsAreNamed() throws {
    let text = Planted.text(seeds: 1)
    let table = try TemporaryFile(text + text.split(separator: "\n")[3] + "\n")
    let warnings = try Self.analysis(table.path).warnings
    #expect(warnings.contains { $0.hasPrefix("1 row repeats") && $0.contains("row 27") })
  }

  @Test func runsNearOneLineAreNamed() throws {
    var text = "N,D,loss\n"
    for row in 0..<20 {
      let n = 1e7 * pow(1.5, Double(row))
      let d = 20 * n * (row % 2 == 0 ? 1 : 1.3)
      text += "\(n),\(d),\(Planted.law.loss(n: n, d: d))\n"
    }
    let table = try TemporaryFile(text)
    #expect(try Self.analysis(table.path).warnings.contains { $0.contains("near one line") })
  }

  @Test func budgetsWhoseBestRunIsAtTheEdgeAreNamed() throws {
    var text = "C,N,loss\n"
    for compute in [1e19, 1e20, 1e21] {
      for factor in [0.02, 0.05, 0.1, 0.2, 0.4] {
        let n = factor * (compute / 120).squareRoot()
        text += "\(compute),\(n),\(Planted.law.loss(n: n, d: compute / 6 / n))\n"
      }
    }
    let table = try TemporaryFile(text)
    #expect(
      try Self.analysis(table.path).warnings.contains { $0.hasPrefix("at 3 of 3 compute budgets") })
  }

  @Test(arguments: [
    ("1e-3", "all runs used the learning rate 0.00100"), ("2e-3", "the best learning rate is the"),
  ])
  func learningRatesThatAreNotTunedAreNamed(other: String, warning: String) throws {
    var text = "N,D,loss,lr\n"
    for i in 0..<4 {
      for j in 0..<4 {
        let (n, d) = (1e7 * pow(10, Double(i)), 1e8 * pow(10, Double(j)))
        let loss = Planted.law.loss(n: n, d: d)
        text += "\(n),\(d),\(loss),1e-3\n\(n),\(d),\(loss * 1.001),\(other)\n"
      }
    }
    let table = try TemporaryFile(text)
    #expect(try Self.analysis(table.path).warnings.contains { $0.contains(warning) })
  }

  // MARK: Files and usage

  @Test func figuresAndReportsAreWritten() throws {
    let table = try Planted.file()
    for (ending, magic) in [("svg", "<svg"), ("pdf", "%PDF"), ("png", "PNG")] {
      let figure = try TemporaryFile(ending: ending)
      let plot = try #require(try FitFigures(try Self.analysis(table.path)).main)
      try FigureFile.write(plot, to: figure.path)
      let bytes = try Data(contentsOf: URL(fileURLWithPath: figure.path))
      #expect(String(decoding: bytes.prefix(200), as: UTF8.self).contains(magic))
    }
    let analysis = try Self.analysis(table.path)
    let html = try FitPage(analysis, figures: try FitFigures(analysis)).html()
    for part in ["<!DOCTYPE html>", "<svg", "alpha", "Runs that pull hardest", "</html>"] {
      #expect(html.contains(part))
    }
    #expect(!html.contains("<script") && !html.contains("src="))
  }

  @Test func aFailedWriteLeavesWhatWasThere() throws {
    let file = try TemporaryFile("old")
    try OutputFile.write(Array("new".utf8), to: file.path)
    #expect(file.text == "new")
    #expect(throws: OutputError.self) {
      try OutputFile.write(Array("x".utf8), to: "/nowhere/figure.svg")
    }
    let folder = URL(fileURLWithPath: file.path).deletingLastPathComponent().path
    let name = URL(fileURLWithPath: file.path).lastPathComponent
    let beside = try FileManager.default.contentsOfDirectory(atPath: folder)
    #expect(!beside.contains { $0.hasPrefix(name + ".") })
  }

  @Test(arguments: [
    ("/nowhere/figure.svg", "Make its folder first, or name another file."),
    (NSTemporaryDirectory(), "Name a file, not a folder."),
    ("/dev/full", "Free some space, or write elsewhere."),
  ])
  func aFileThatCannotBeWrittenSaysWhatToDo(path: String, advice: String) throws {
    let error = try #require(throws: OutputError.self) {
      try OutputFile.write(Array("x".utf8), to: path)
    }
    #expect(error.description.hasPrefix("\(path) cannot be written: "))
    #expect(error.description.hasSuffix(advice))
  }

  @Test(arguments: ["1", "19", "1000001", "9223372036854775807"])
  func resamplesThatAreTooFewOrTooManyAreRefused(count: String) throws {
    for command in [Fit.self, IsoFLOPCommand.self] as [any ParsableArguments.Type] {
      let error = try #require(throws: (any Error).self) {
        _ = try command.parse(["runs.csv", "--bootstrap", count])
      }
      let text = command.message(for: error)
      #expect(text.contains("--bootstrap must be") && text.contains(count), "\(text)")
    }
  }

  @Test func aTableOfTooManyRunsIsRefusedUntilASampleIsNamed() throws {
    let table = try Planted.file(side: 41)
    #expect(
      throws: FitFileError.tooManyRuns(
        file: table.path, runs: 5043, limit: FitAnalysis.mostRuns)
    ) { try Self.analysis(table.path) }
    let analysis = try Self.analysis(table.path, ["--sample", "200"])
    #expect(analysis.fitted.runs.count == 200 && analysis.drawnFrom == 5043)
    #expect(Set(analysis.fitted.runs.map(\.row)).count == 200)
    #expect(analysis.text().contains("200 of 5043 runs"))
    let other = try Self.analysis(table.path, ["--sample", "200", "--seed", "2"])
    #expect(other.fitted.runs != analysis.fitted.runs)
  }

  @Test func runWritesTheFigureAndTheReport() throws {
    let table = try Planted.file()
    let (figure, report) = (try TemporaryFile(ending: "svg"), try TemporaryFile(ending: "html"))
    try Fit.parse([
      table.path, "--starts", "8", "--bootstrap", "40", "--no-comparison", "--figure", figure.path,
      "--report", report.path,
    ]).run()
    #expect(figure.text?.contains("</svg>") == true)
    #expect(report.text?.hasSuffix("</html>\n") == true)
  }

  @Test func whatIsNoPlainFileIsWrittenAndNeverReplaced() throws {
    let path = try TemporaryFile(ending: "pipe").path
    #expect(mkfifo(path, 0o600) == 0)
    defer { unlink(path) }
    let reader = open(path, O_RDONLY | O_NONBLOCK)
    defer { close(reader) }
    try OutputFile.write(Array("a law".utf8), to: path)
    var bytes = [UInt8](repeating: 0, count: 16)
    #expect(read(reader, &bytes, 16) == 5)
    #expect(String(decoding: bytes.prefix(5), as: UTF8.self) == "a law")
    var status = stat()
    #expect(stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFIFO)
  }

  @Test func theOutputOfACommandNamesFilesByTheirPlaceInTheFolder() throws {
    let table = try Planted.file()
    let url = URL(fileURLWithPath: table.path)
    let text = try Scaling.output(
      of: ["fit", url.lastPathComponent, "--starts", "8", "--bootstrap", "0", "--no-comparison"],
      in: url.deletingLastPathComponent())
    #expect(text.contains("75 runs of \(url.lastPathComponent) "))
    #expect(throws: (any Error).self) {
      try Scaling.output(of: ["fit", "no-such.csv"], in: url.deletingLastPathComponent())
    }
  }

  @Test(arguments: [
    ["--bootstrap", "3"], ["--delta", "0"], ["--delta", "1", "--objective", "squared"],
    ["--floor=-1"], ["--form", "sum"], ["--starts", "0"], ["--n", "a", "--d", "b", "--c", "c"],
    ["--bootstrap", "0", "--group", "seed"], ["--colour", "red"], ["--hold-out", "C=3"],
    ["--sample", "3"], ["--figure", "fit.gif"], ["--form", "kaplan", "--floor", "1"],
    ["--compute=-1"],
  ])
  func wrongUsageExitsWith64(arguments: [String]) {
    #expect {
      try Scaling.parseAsRoot(["fit", "runs.csv"] + arguments)
    } throws: {
      Scaling.exitCode(for: $0).rawValue == 64
    }
  }

  @Test(arguments: ["N,D,loss\n1,2,nan\n", "N,D\n1,2\n", "N,D,loss\n1,2,3\n", "\n"])
  func badDataExitsWith65(text: String) throws {
    let table = try TemporaryFile(text)
    #expect {
      try Fit.parse([table.path]).run()
    } throws: {
      Scaling.exitCode(for: $0).rawValue == 65
    }
  }
}
