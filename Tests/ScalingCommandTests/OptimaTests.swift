import Foundation
import ScalingLaws
import Testing

@testable import ScalingCommand

struct OptimaTests {
  static func profiles() throws -> TemporaryFile {
    var text = "flops,params,loss\n"
    for compute in [1e18, 1e19, 1e20, 1e21] {
      for factor in [0.3, 0.5, 0.8, 1.2, 2, 3] {
        let n = (factor * Planted.law.optimum(compute: compute)!.n).rounded()
        text += "\(compute),\(n),\(Planted.law.loss(n: n, d: compute / 6 / n))\n"
      }
    }
    return try TemporaryFile(text)
  }

  @Test func isoFLOPProfilesGiveTheExponent() throws {
    let file = try Self.profiles()
    let report = try IsoFLOPCommand.parse([file.path, "--bootstrap", "50"]).result()
    let object = try FitTests.object(report.json)
    let optimal = try #require(object["optimal"] as? [String: [String: Double]])
    #expect(abs(optimal["a"]!["value"]! - Planted.law.optimalSizeExponent) < 0.01)
    #expect(optimal["a"]!["low"] != nil)
    #expect((object["budgets"] as? [Any])?.count == 4)
    #expect(report.text.contains("N_opt ~ C^a") && report.figure != nil)
  }

  @Test func profilesWithoutMinimaAreNotIdentified() throws {
    let file = try TemporaryFile("N,D,loss\n1e8,1e9,3\n1e9,1e10,2.5\n")
    let report = try IsoFLOPCommand.parse([file.path]).result()
    #expect(report.text.contains("not identified: exponents of the best sizes need"))
    let object = try FitTests.object(report.json)
    #expect(object["identified"] as? Bool == false)
    #expect((object["optimal"] as? [String: Any])?["a"] is NSNull)
  }

  @Test func curvesGiveTheEnvelope() throws {
    var text = "run,N,tokens,loss\n"
    for index in 0..<15 {
      let n = 1e7 * pow(1.6, Double(index))
      for step in 0..<30 {
        let d = 1e8 * pow(1.3, Double(step))
        text += "width \(index),\(n),\(d),\(Planted.law.loss(n: n, d: d))\n"
      }
    }
    let file = try TemporaryFile(text)
    let report = try EnvelopeCommand.parse([file.path]).result()
    #expect(abs(try #require(report.sizeExponent).value - 0.28 / 0.62) < 0.05)
    #expect(report.text.contains("width 7") && report.text.contains("learning rate"))
    #expect(report.figure != nil)
  }
}

struct TextTests {
  @Test func boundsOfVeryDifferentSizeAreWrittenEachInItsOwnWay() {
    #expect(Text.interval(Estimate(value: 41, low: 17, high: 3e200)) == "17.0 to 3.00e+200")
    #expect(Text.interval(Estimate(value: 0.34, low: 0.3, high: 0.41)) == "0.3000 to 0.4100")
    #expect(Text.interval(Estimate(2)) == "")
  }

  @Test func amountsAreWrittenAsPeopleSayThem() {
    #expect(Text.amount(70e9) == "70.0B" && Text.amount(1.4e12) == "1.40T")
    #expect(Text.amount(5.76e23) == "5.76e+23" && Text.amount(2e6) == "2.00M")
  }

  @Test func jsonKeepsItsOrderAndEscapes() {
    let json = JSON.object([
      ("b", .number(1)), ("a", .text("x\"\\\n\u{1}")), ("n", .number(.infinity)),
      ("l", .list([.number(0.1), .bool(true)])),
    ])
    #expect(
      json.description
        == #"{"b": 1, "a": "x\"\\\n\u0001", "n": null, "l": [0.1, true]}"#)
  }
}
