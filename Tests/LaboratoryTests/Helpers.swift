import Foundation
import Synchronization

@testable import Laboratory

let bench = Workbench(trainerVersion: 1, instructionSet: "test", measureFLOPS: { 1e9 })

/// A console that keeps what was written.
final class Transcript: Sendable {
  private let texts = Mutex("")
  var text: String { texts.withLock { $0 } }
  func console(isTerminal: Bool = false, colours: Bool = false) -> Console {
    Console(isTerminal: isTerminal, hasColours: colours) { text in
      self.texts.withLock { $0 += text }
    }
  }
}

func laboratory(
  _ store: RunStore, workbench: Workbench = bench, transcript: Transcript = Transcript(),
  _ change: (inout Laboratory.Options) -> Void = { _ in }
) -> Laboratory {
  var options = Laboratory.Options()
  options.workers = 2
  options.program = nil
  options.console = transcript.console()
  change(&options)
  return Laboratory(store: store, workbench: workbench, options: options)
}

/// A folder that is removed when the body ends.
func withFolder<Value>(_ body: (URL) throws -> Value) throws -> Value {
  let folder = FileManager.default.temporaryDirectory
    .appendingPathComponent("laboratory-tests-\(UUID().uuidString)")
  try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  defer { try? FileManager.default.removeItem(at: folder) }
  return try body(folder)
}

/// What trials of a test may look at besides their parameters, to count and to cheat.
enum Backstage {
  private static let counts = Mutex<[String: Int]>([:])
  private static let offsets = Mutex<[String: Double]>([:])

  static func count(_ key: String) { counts.withLock { $0[key, default: 0] += 1 } }
  static func runs(_ key: String) -> Int { counts.withLock { $0[key] ?? 0 } }
  static func offset(_ key: String) -> Double { offsets.withLock { $0[key] ?? 0 } }
  static func setOffset(_ key: String, _ value: Double) { offsets.withLock { $0[key] = value } }
}

struct Diverged: Error, CustomStringConvertible {
  var step: Int
  var description: String { "diverged at step \(step)" }
}

/// The square of a number; fails below zero.
struct Square: Trial {
  static let name = "square"
  static let version = 1
  var x: Double
  var seed: UInt64 = 1
  /// The test that runs it.
  var key = ""

  struct Outcome: Codable, Sendable, Equatable {
    var y: Double
    var curve: [Double] = []
  }

  var flops: Double { x * 1e6 }
  var trainingTokens: Double { 10 }

  func run(_ context: TrialContext) throws -> Outcome {
    Backstage.count(key)
    guard x >= 0 else { throw Diverged(step: 3) }
    return Outcome(y: x * x + Backstage.offset(key), curve: [x, x / 3])
  }
}

/// Asks for the square of its number.
struct Fourth: Trial {
  static let name = "fourth"
  static let version = 1
  var x: Double
  var twin = 0
  var key = ""

  struct Outcome: Codable, Sendable, Equatable { var y: Double }

  func run(_ context: TrialContext) throws -> Outcome {
    let square = try context.outcome(of: Square(x: x, key: key)).y
    return Outcome(y: square * square)
  }
}

/// Asks for itself by way of another.
struct Circular: Trial {
  static let name = "circular"
  static let version = 1
  var step: Int
  struct Outcome: Codable, Sendable { var y: Int }
  func run(_ context: TrialContext) throws -> Outcome {
    try Outcome(y: context.outcome(of: Circular(step: 1 - step)).y)
  }
}
