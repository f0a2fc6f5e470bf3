import Foundation
import Testing

@testable import Laboratory

/// Builds that are killed, interrupted, and run at the same time; each a process of its own.
struct ProcessTests {
  struct Missing: Error { var folders: [URL] }

  final class Probe {
    let process = Process()
    let output = Pipe()
    let errors = Pipe()

    init(store: URL, log: URL, count: Int, milliseconds: Int) throws {
      // The test's own program lies in the same folder.
      let tests = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
      let arguments = CommandLine.arguments.first ?? tests
      let folders = [tests, arguments].map { URL(fileURLWithPath: $0).deletingLastPathComponent() }
      let candidates = folders.map { $0.appendingPathComponent("laboratory-probe") }
      let found = candidates.first { FileManager.default.isExecutableFile(atPath: $0.path) }
      guard let found else { throw Missing(folders: folders) }
      process.executableURL = found
      process.arguments = [store.path, String(count), String(milliseconds), log.path]
      process.standardOutput = output
      process.standardError = errors
      try process.run()
    }

    func end() -> (status: Int32, output: String, errors: String) {
      let out = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
      let err = String(decoding: errors.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
      process.waitUntilExit()
      return (process.terminationStatus, out, err)
    }
  }

  static func begun(_ log: URL) -> [Int] {
    ((try? String(contentsOf: log, encoding: .utf8)) ?? "").split(separator: "\n").compactMap {
      Int($0)
    }
  }

  static func wait(for log: URL, count: Int) throws {
    for _ in 0..<2000 where begun(log).count < count { Thread.sleep(forTimeInterval: 0.005) }
    try #require(begun(log).count >= count)
  }

  @Test func aKilledBuildLosesNoFinishedTrialAndCountsNoHalfFinishedOne() throws {
    try withFolder { folder in
      let store = folder.appendingPathComponent("runs.sqlite")
      let log = folder.appendingPathComponent("log")
      let first = try Probe(store: store, log: log, count: 24, milliseconds: 40)
      try Self.wait(for: log, count: 9)
      kill(first.process.processIdentifier, SIGKILL)
      _ = first.end()
      let begun = Self.begun(log)
      let kept = try RunStore.open(path: store.path).allRows()
      // Two workers: at most two of those begun were not done.
      #expect(kept.count >= begun.count - 2 && kept.count < 24)
      #expect(kept.allSatisfy { $0.outcome != nil })

      let second = try Probe(store: store, log: log, count: 24, milliseconds: 40).end()
      #expect(second.status == 0)
      #expect(second.output == "sum \(Double((0..<24).reduce(0) { $0 + $1 * $1 }))\n")
      // Only what was not kept was begun again, and one canary.
      #expect(Self.begun(log).count <= begun.count + (24 - kept.count) + 1)
      #expect(try RunStore.open(path: store.path).allRows().count == 24)
    }
  }

  @Test(arguments: [SIGINT, SIGTERM])
  func anInterruptedBuildSaysSoAndKeepsWhatIsDone(signal: Int32) throws {
    try withFolder { folder in
      let store = folder.appendingPathComponent("runs.sqlite")
      let log = folder.appendingPathComponent("log")
      let probe = try Probe(store: store, log: log, count: 100, milliseconds: 30)
      try Self.wait(for: log, count: 5)
      kill(probe.process.processIdentifier, signal)
      let end = probe.end()
      #expect(end.status == 128 + signal)
      #expect(end.errors.contains("Interrupted: "))
      #expect(end.errors.hasSuffix(" of 100 trials done and kept; start again to go on.\n"))
      #expect(try RunStore.open(path: store.path).allRows().count >= 3)
    }
  }

  @Test func twoBuildsDivideTheTrialsBetweenThem() throws {
    try withFolder { folder in
      let store = folder.appendingPathComponent("runs.sqlite")
      let log = folder.appendingPathComponent("log")
      let probes = try (0..<2).map { _ in
        try Probe(store: store, log: log, count: 30, milliseconds: 30)
      }
      let ends = probes.map { $0.end() }
      #expect(ends.map(\.status) == [0, 0])
      #expect(Set(ends.map(\.output)).count == 1)
      // A canary may run one more, if one of them began late.
      let begun = Self.begun(log)
      #expect(Set(begun) == Set(0..<30))
      #expect(begun.count <= 31)
      #expect(try RunStore.open(path: store.path).allRows().count == 30)
    }
  }
}
