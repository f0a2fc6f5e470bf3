import Foundation
import ScalingLaws
import Testing

@testable import scaling

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
