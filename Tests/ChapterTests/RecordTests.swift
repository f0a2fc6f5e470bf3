import Foundation
import Testing

/// Holds the committed records against theory where theory is exact, and against wide, stated bands
/// elsewhere. No test asserts that a claim holds.
struct RecordTests {
  struct Record: Decodable {
    struct Value: Decodable {
      var name: String
      var value: Double
      var low: Double?
      var theory: Double?
    }
    struct Claim: Decodable {
      var name: String
      var verdict: String?
      var rule: String
    }
    struct Provenance: Decodable { var failures: [String] }
    var chapter: String
    var profile: String
    var values: [Value]
    var claims: [Claim]
    var provenance: Provenance

    subscript(name: String) -> Value? { values.first { $0.name == name } }
  }

  static let root = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

  static func record(_ chapter: String) throws -> Record {
    let file = root.appendingPathComponent("figures/\(chapter)/record.json")
    return try JSONDecoder().decode(Record.self, from: Data(contentsOf: file))
  }

  @Test func everyChapterHasAJudgedRecordOfTheCourseProfile() throws {
    let folders = try FileManager.default.contentsOfDirectory(
      atPath: Self.root.appendingPathComponent("chapters").path
    ).filter { $0.first?.isNumber == true }
    #expect(!folders.isEmpty)
    for folder in folders {
      let record = try Self.record(String(folder.dropFirst(3)))
      #expect(record.profile == "course")
      #expect(!record.claims.isEmpty)
      for claim in record.claims {
        #expect(!claim.rule.isEmpty)
        #expect(claim.verdict != nil && claim.verdict != "notJudged", "\(folder): \(claim.name)")
      }
      #expect(record.provenance.failures == [])
    }
  }

  @Test func theExactWorldsOfChapterOneAreWhereTheorySays() throws {
    let record = try Self.record("power-law-error")
    let spectra = (1...7).filter { index in
      ["spectrumAlpha\(index)", "spectrumBeta\(index)"].allSatisfy { name in
        guard let value = record[name], let theory = value.theory else { return false }
        return abs(value.value / theory - 1) < 0.03
      }
    }
    #expect(spectra.count >= 4)
    for index in 1...3 {
      for name in ["memoryAlpha\(index)", "memoryBeta\(index)"] {
        let value = try #require(record[name])
        #expect(abs(value.value / (try #require(value.theory)) - 1) < 0.05)
        #expect(value.low != nil, "\(name) has no interval")
      }
    }
  }

  @Test func theLanguageOfChapterOneFollowsADataLaw() throws {
    let record = try Self.record("power-law-error")
    for draw in 1...2 {
      #expect(try #require(record["dataR2Draw\(draw)"]).value >= 0.99)
      #expect((0.3...0.5).contains(try #require(record["dataSlope\(draw)"]).value))
      #expect((0.15...0.45).contains(try #require(record["sizeSlope\(draw)"]).value))
      for selection in ["All", "Near", "Cheap"] {
        let floor = try #require(record["floor\(selection)\(draw)"])
        #expect(floor.low != nil)
        #expect((1.5...3.5).contains(floor.value))
      }
    }
    #expect(try #require(record["dataDecades"]).value >= 1.5)
  }

  @Test func theRegressionOfChapterTwoSplitsAsTheorySays() throws {
    let record = try Self.record("data-optimal-exponents")
    let within = try (1...7).filter { index in
      let size = try #require(record["spectrumSize\(index)"])
      return abs(size.value / (try #require(size.theory)) - 1) < 0.03
    }
    #expect(within.count >= 4)
    for index in 1...7 {
      let ratio = try #require(record["spectrumRatio\(index)"])
      #expect(abs(ratio.value / (try #require(ratio.theory)) - 1) < 0.05)
    }
  }

  @Test func everySetOfChapterTwoHasSevenResolvedMinimaOverAlmostTwoDecades() throws {
    let record = try Self.record("data-optimal-exponents")
    for set in ["Draw1", "Draw2", "Second"] {
      #expect(try #require(record["resolved\(set)"]).value >= 7)
      #expect(try #require(record["decades\(set)"]).value >= 1.8)
      let ratio = try #require(record["isoflop\(set)"])
      #expect(ratio.low != nil)
      #expect((0.85...1.35).contains(ratio.value))
    }
    let all = try #require(record["allCooldown"]).value
    let without = try #require(record["withoutCooldown"]).value
    #expect(without <= all - 0.1)
    #expect(try #require(record["rateInterior"]).value == record["rateWidths"]?.value)
  }

  @Test func thePerceptronsOfChapterThreeErrAsTheorySays() throws {
    let record = try Self.record("diminishing-returns")
    for student in ["Sum", "Margin"] {
      for index in 1...8 {
        let error = try #require(record["error\(student)\(index)"])
        // Fifty dimensions are not infinitely many, and two dozen students scatter.
        #expect(abs(error.value / (try #require(error.theory)) - 1) < 0.15)
      }
    }
    #expect((0.45...0.55).contains(try #require(record["exponentSum"]).value))
    #expect((0.85...1.15).contains(try #require(record["exponentMargin"]).value))
    let pool = try #require(record["poolAsymptotic"])
    #expect(abs(pool.value / (try #require(pool.theory)) - 1) < 0.05)
  }

  @Test func theFrontierOfChapterThreeFallsAsAPower() throws {
    let record = try Self.record("diminishing-returns")
    for set in ["Draw1", "Draw2", "Second"] {
      #expect((0.1...0.4).contains(try #require(record["gamma\(set)"]).value))
      #expect(record["gamma\(set)"]?.low != nil)
    }
    #expect(try #require(record["judgedCells"]).value >= 36)
  }

  @Test func guessesOfChapterFourAreExactAndNoModelIsWorse() throws {
    let record = try Self.record("chain-of-thought")
    let chances = ["Arithmetic": 1.0 / 7, "Cups": 1.0 / 5]
    // A swap leaves a ball in its place with 6/10 and brings it to each other cup with 1/10: the
    // transition matrix has the second eigenvalue 1/2.
    #expect(abs(try #require(record["guessCups"]).value - (0.2 + 0.8 * pow(0.5, 8))) < 1e-12)
    for (task, chance) in chances {
      #expect(try #require(record["chance\(task)"]).value == chance)
      for mode in ["Direct", "Steps", "Filler", "Dense", "Wrong"] {
        let share = try #require(record["share\(mode)\(task)"])
        // 600 problems: four standard deviations of chance are 0.07.
        #expect((chance - 0.1...1).contains(share.value), "\(mode) \(task): \(share.value)")
        #expect(share.low != nil, "\(mode) \(task) has no interval")
      }
      // Of chains that were given a wrong state, none is counted twice.
      let followed = try #require(record["followed\(task)"]).value
      let restored = try #require(record["restored\(task)"]).value
      #expect((0...1).contains(followed) && (0...1 - followed).contains(restored))
    }
    #expect(try #require(record["mazeChance"]).value == 1.0 / 3)
    for mode in ["Direct", "Path", "Search", "Backwards"] {
      let share = try #require(record["maze\(mode)"])
      #expect((0...1).contains(share.value))
      #expect(share.low != nil)
    }
  }

  @Test func chainsOfChapterFourBreakAboutAsIndependentSlipsDo() throws {
    let record = try Self.record("chain-of-thought")
    #expect(try #require(record["slipError"]).value < 0.25)
  }
}
