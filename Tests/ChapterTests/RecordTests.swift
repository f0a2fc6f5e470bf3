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
}
