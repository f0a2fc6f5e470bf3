// A build to be killed: `laboratory-probe STORE COUNT MILLISECONDS LOG` runs COUNT naps.
//
// Each nap appends its index to LOG when it begins, so that a test can count who ran what.

import Foundation
import Laboratory

struct Nap: Trial {
  static let name = "nap"
  static let version = 1
  var index: Int
  var milliseconds: Int
  var log: String

  struct Outcome: Codable, Sendable { var square: Double }

  func run(_ context: TrialContext) throws -> Outcome {
    let descriptor = open(log, O_WRONLY | O_CREAT | O_APPEND, 0o644)
    let line = Array("\(index)\n".utf8)
    _ = write(descriptor, line, line.count)
    close(descriptor)
    Thread.sleep(forTimeInterval: Double(milliseconds) / 1000)
    return Outcome(square: Double(index * index))
  }
}

let arguments = CommandLine.arguments
guard arguments.count == 5, let count = Int(arguments[2]), let milliseconds = Int(arguments[3])
else {
  print("usage: laboratory-probe STORE COUNT MILLISECONDS LOG")
  exit(64)
}
do {
  var options = Laboratory.Options()
  options.workers = 2
  options.handlesInterrupt = true
  let laboratory = Laboratory(
    store: try RunStore.open(path: arguments[1]),
    workbench: Workbench(trainerVersion: 1, instructionSet: "none", measureFLOPS: { 1e9 }),
    options: options)
  let runs = try laboratory.run(
    (0..<count).map { Nap(index: $0, milliseconds: milliseconds, log: arguments[4]) })
  print("sum \(runs.outcomes.reduce(0) { $0 + $1.square })")
} catch {
  print("error: \(error)")
  exit(1)
}
