import ArgumentParser
import Foundation
import ScalingLaws
import Testing

@testable import scaling

struct RunColumnsTests {
  static func runs(
    _ text: String, names: RunColumns.Names = RunColumns.Names(), floor: Double? = nil,
    skipInvalid: Bool = false
  ) throws -> (runs: [RunColumns.Run], skipped: [DataError]) {
    let table = try CSVTable(file: "runs.csv", bytes: Array(text.utf8))
    return try RunColumns(table, names: names).runs(floor: floor, skipInvalid: skipInvalid)
  }

  @Test func computeStandsInForSizeOrData() throws {
    let size = try Self.runs("C,N,loss\n6e20,1B,3\n").runs
    #expect(abs(size[0].d / 1e11 - 1) < 1e-12)
    let data = try Self.runs("C,D,loss\n6e20,100B,3\n").runs
    #expect(abs(data[0].n / 1e9 - 1) < 1e-12)
  }

  @Test func sizeAndDataComeBeforeComputeUnlessComputeIsNamed() throws {
    let text = "N,D,C,loss\n1e9,2e9,6e20,3\n"
    #expect(try Self.runs(text).runs[0].d == 2e9)
    var names = RunColumns.Names(n: "N", c: "C")
    #expect(abs(try Self.runs(text, names: names).runs[0].d / 1e11 - 1) < 1e-12)
    names = RunColumns.Names(d: "D", c: "C")
    #expect(abs(try Self.runs(text, names: names).runs[0].n / 5e10 - 1) < 1e-12)
    names = RunColumns.Names(c: "C")
    #expect(abs(try Self.runs(text, names: names).runs[0].d / 1e11 - 1) < 1e-12)
  }

  @Test func columnsMayHaveAnyName() throws {
    let names = RunColumns.Names(n: "size", d: "tokens", loss: "eval", group: "seed")
    let runs = try Self.runs("seed,size,tokens,eval\n7,1M,2M,3\n", names: names).runs
    #expect(runs == [RunColumns.Run(n: 1e6, d: 2e6, loss: 3, group: "7")])
  }

  @Test(arguments: [
    ("N,loss\n1,2\n", "D", "--d"), ("D,loss\n1,2\n", "N", "--n"), ("loss\n2\n", "N", "--n"),
    ("C,loss\n1,2\n", "N", "--n"), ("N,D\n1,2\n", "loss", "--loss"),
  ])
  func aMissingColumnIsNamedWithItsOption(text: String, name: String, option: String) {
    #expect {
      try Self.runs(text)
    } throws: { error in
      guard case DataError.missingColumn("runs.csv", name, option, _, _) = error else {
        return false
      }
      return true
    }
  }

  @Test(arguments: [
    ("1,x,3,a", DataError.notANumber(file: "runs.csv", row: 3, column: "D", found: "x")),
    ("0,1,3,a", .notPositive(file: "runs.csv", row: 3, column: "N", found: "0")),
    ("1,1,1e999,a", .notPositive(file: "runs.csv", row: 3, column: "loss", found: "1e999")),
    ("1,1", .wrongWidth(file: "runs.csv", row: 3, found: 2, expected: 4)),
    ("1,1,3,", .emptyGroup(file: "runs.csv", row: 3, column: "seed")),
    ("1,1,1,a", .belowFloor(file: "runs.csv", row: 3, column: "loss", found: "1", floor: 1.5)),
  ])
  func aBadRowStopsOrIsSkipped(row: String, fault: DataError) throws {
    let text = "N,D,loss,seed\n1,2,3,a\n\(row)\n"
    let names = RunColumns.Names(group: "seed")
    #expect(throws: fault) { try Self.runs(text, names: names, floor: 1.5) }
    let (runs, skipped) = try Self.runs(text, names: names, floor: 1.5, skipInvalid: true)
    #expect(runs.count == 1 && skipped == [fault])
  }
}

struct FitTests {
  /// Writes a table of planted runs, removed with the returned folder's owner.
  final class Table {
    let path: String
    init(_ text: String) throws {
      path =
        FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
        .path
      try text.write(toFile: path, atomically: true, encoding: .utf8)
    }
    deinit { try? FileManager.default.removeItem(atPath: path) }
  }

  static let law = LossLaw(
    floor: 1.69, sizeCoefficient: 406.4, alpha: 0.34, dataCoefficient: 410.7, beta: 0.28)

  /// 25 cells of three seeds, each seed 0.1 % above or below the law.
  static func planted() throws -> Table {
    var text = "seed,params,tokens,loss\n"
    for seed in 0..<3 {
      for i in 0..<5 {
        for j in 0..<5 {
          let (n, d) = (1e7 * pow(5, Double(i)), 1e8 * pow(5, Double(j)))
          let loss = law.loss(n: n, d: d) * (1 + 0.001 * Double(seed - 1))
          text += "\(seed),\(n / 1e6)M,\(d / 1e9)B,\(loss)\n"
        }
      }
    }
    return try Table(text)
  }

  static let columns = ["--n", "params", "--d", "tokens", "--starts", "8"]

  @Test func theJSONHoldsThePlantedLaw() throws {
    let table = try Self.planted()
    let fit = try Fit.parse([table.path, "--group", "seed", "--json"] + Self.columns)
    let text = try fit.report().json()
    let object = try #require(
      JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
    let parameters = try #require(object["parameters"] as? [String: [String: Double]])
    #expect(Set(parameters.keys) == ["A", "B", "E", "alpha", "beta"])
    for (name, truth) in [("alpha", 0.34), ("beta", 0.28), ("E", 1.69), ("A", 406.4)] {
      let parameter = try #require(parameters[name])
      #expect(abs(parameter["value"]! / truth - 1) < 0.02)
      #expect(parameter["low"]! <= parameter["value"]! && parameter["value"]! <= parameter["high"]!)
    }
    let optimal = try #require(object["optimal"] as? [String: [String: Double]])
    #expect(abs(optimal["a"]!["value"]! + optimal["b"]!["value"]! - 1) < 1e-9)
    #expect(object["form"] as? String == "additive")
    #expect(object["rows"] as? Int == 75 && object["starts"] as? Int == 8)
    #expect(object["agreeing"] as? Int == 8)
    #expect((object["warnings"] as? [String])?.isEmpty == true)
    #expect((object["seconds"] as? Double)! > 0 && (object["objective"] as? Double)! > 0)
    #expect(object["interval"] as? String == "jackknife over 3 groups of 'seed', Student's t")
  }

  @Test func theTableNamesEveryParameterAndTheSearch() throws {
    let table = try Self.planted()
    let fit = try Fit.parse(
      [table.path, "--form", "power-mean", "--floor", "1.6", "--bootstrap", "20"] + Self.columns)
    let text = try fit.report().text()
    for part in [
      "L = E + ((A N^-alpha)^q + (B D^-beta)^q)^(1/q), 75 runs", "\nE  ", "known", "\nalpha ",
      "\nq ", "N_opt ~ C^a", "bootstrap over 75 rows, 20 resamples", "8 starts agree",
    ] {
      #expect(text.contains(part), "\(part) in \(text)")
    }
    #expect(text.split(separator: "\n").allSatisfy { $0.last != " " })
  }

  @Test func withoutABootstrapThereAreNoIntervals() throws {
    let table = try Self.planted()
    let report = try Fit.parse([table.path, "--bootstrap", "0"] + Self.columns).report()
    #expect(try !report.json().contains("\"low\""))
    #expect(!report.text().contains("interval"))
  }

  @Test(arguments: [
    ["--bootstrap", "3"], ["--delta", "0"], ["--delta", "1", "--objective", "squared"],
    ["--floor=-1"], ["--form", "sum"], ["--starts", "0"], ["--n", "a", "--d", "b", "--c", "c"],
    ["--bootstrap", "0", "--group", "seed"], ["--colour", "red"],
  ])
  func wrongUsageExitsWith64(arguments: [String]) {
    #expect {
      try Scaling.parseAsRoot(["fit", "runs.csv"] + arguments)
    } throws: {
      Scaling.exitCode(for: $0).rawValue == 64
    }
  }

  @Test(arguments: ["N,D,loss\n1,2,nan\n", "N,D\n1,2\n", "N,D,loss\n1,2,3\n", ""])
  func badDataExitsWith65(text: String) throws {
    let table = try Table(text)
    var fit = try Fit.parse([table.path])
    #expect {
      try fit.run()
    } throws: {
      Scaling.exitCode(for: $0).rawValue == 65
    }
  }
}
