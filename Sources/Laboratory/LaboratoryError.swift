import Foundation
import GRDB

/// What can go wrong between a chapter and its outcomes; every text says what to do.
public enum LaboratoryError: Error, Equatable, CustomStringConvertible {
  /// The file is something else.
  case notAStore(path: String, found: String)
  /// The file was written by a later version of this package.
  case newerStore(path: String, found: Int32, known: Int32)
  /// A folder stands where the file should.
  case folderInTheWay(path: String)
  /// There is no file to read.
  case noStore(path: String)
  /// The file is there but cannot be read.
  case cannotRead(path: String, reason: String)
  /// There is no file and none can be made.
  case cannotCreate(path: String, reason: String)
  /// Trials are missing and the store cannot take their outcomes.
  case readOnlyStore(path: String, reason: String, missing: Int, asked: Int)
  /// No space is left.
  case diskFull(path: String)
  /// SQLite found the file damaged.
  case damagedStore(path: String, detail: String)
  /// Another program keeps the store locked.
  case lockedStore(path: String)
  /// Anything else that SQLite reports.
  case storeFailed(path: String, detail: String)
  /// A trial type no longer gives what the store holds.
  case changedTrial(type: String, name: String, parameters: String, difference: String)
  /// A stored outcome is of another shape than the trial type's.
  case outcomeDoesNotFit(type: String, name: String, detail: String)
  /// `--rerun` names no trial type.
  case unknownRerun(word: String, known: [String])
  /// Trials ask for one another in a circle.
  case circle([String])
  /// A trial asked for the outcome of one that failed.
  case dependencyFailed(name: String, parameters: String, reason: String)
  /// Trials that a forecast is about were run before it.
  case forecastTooLate(path: String, name: String, trial: String, held: Int, asked: Int)
  /// Another forecast was written before the trials were run.
  case forecastChanged(path: String, name: String, trial: String, made: String)
  /// A canary asked for an outcome that is not stored.
  case canaryNeedsTraining(name: String)

  /// The text for the user.
  public var description: String {
    switch self {
    case .notAStore(let path, let found):
      "The run store must be a file that this program made; \(path) is \(found). "
        + "It was left as it is: move it away, or pass --store with another path."
    case .newerStore(let path, let found, let known):
      "The run store \(path) has format \(found); this program knows formats up to \(known). "
        + "It was left as it is: update this package, or pass --store with another path."
    case .folderInTheWay(let path):
      "The run store must be a file; \(path) is a folder. "
        + "Pass --store with the path of a file, for example \(path)/runs.sqlite."
    case .noStore(let path):
      "There is no run store at \(path). Run a chapter first, or pass --store with another path."
    case .cannotRead(let path, let reason):
      "The run store \(path) cannot be read: \(reason). "
        + "Check its permissions, or pass --store with another path."
    case .cannotCreate(let path, let reason):
      "There is no run store at \(path) and none can be made: \(reason). "
        + "Pass --store with a path that can be written."
    case .readOnlyStore(let path, let reason, let missing, let asked):
      "The run store \(path) cannot be written: \(reason). "
        + (missing == 0
          ? "Nothing can be forgotten or trained. "
          : "\(missing) of the \(Text.count(asked, "trial")) asked for \(missing == 1 ? "is" : "are") "
            + "not in it and would have to be trained. ")
        + "Make it writable, or copy it and pass --store with the copy."
    case .diskFull(let path):
      "The disk that holds the run store \(path) is full. Every outcome up to here is kept: "
        + "free some space and start again, or pass --store with a path on another disk."
    case .damagedStore(let path, let detail):
      "The run store \(path) is damaged (\(detail)). Save what can be read with "
        + "`sqlite3 \(path) .recover | sqlite3 recovered.sqlite`, or move it away to train anew."
    case .lockedStore(let path):
      "The run store \(path) has been locked by another program for 30 seconds. "
        + "Close what holds it (`fuser \(path)` names it) and start again."
    case .storeFailed(let path, let detail):
      "The run store \(path) failed: \(detail). Start again, or pass --store with another path."
    case .changedTrial(let type, let name, let parameters, let difference):
      "`\(type).run` no longer gives what the store holds: \(difference) for \(parameters). "
        + "Bump `\(type).version`, or pass --rerun \(name) to forget its stored outcomes."
    case .outcomeDoesNotFit(let type, let name, let detail):
      "A stored outcome is no `\(type).Outcome` any more: \(detail). "
        + "Bump `\(type).version`, or pass --rerun \(name) to forget its stored outcomes."
    case .unknownRerun(let word, let known):
      "--rerun takes the name of a trial type, or 'failed'; '\(word)' is neither."
        + (NearestWord.to(word, in: known + ["failed"]).map { " Did you mean '\($0)'?" } ?? "")
        + (known.isEmpty ? "" : " The types are \(known.joined(separator: ", ")).")
    case .circle(let names):
      "Trials must not wait for one another; here \(names.joined(separator: " asks for ")). "
        + "Remove one of these calls of `context.outcome(of:)`."
    case .dependencyFailed(let name, let parameters, let reason):
      "it needs \(name) \(parameters), which failed: \(reason)"
    case .forecastTooLate(let path, let name, let trial, let held, let asked):
      "A forecast must be written before its runs: of the \(Text.count(asked, "trial")) of '\(trial)' that "
        + "'\(name)' is about, \(path) holds \(held) already. Pass --rerun \(trial) to forget them, or "
        + "--store with the path of a new store."
    case .forecastChanged(let path, let name, let trial, let made):
      "A forecast cannot be changed after its runs: '\(name)' stands in \(path) since \(made) with "
        + "another value, so what it is computed from has changed. Pass --rerun \(trial) to forget it with its "
        + "runs, or --store with the path of a new store."
    case .canaryNeedsTraining(let name):
      "the check needs an outcome of \(name) that is not stored"
    }
  }

  /// Turns an error of the database into one that says what to do.
  init(_ error: any Error, path: String) {
    if let error = error as? LaboratoryError {
      self = error
      return
    }
    guard let error = error as? DatabaseError else {
      self = .storeFailed(path: path, detail: "\(error)")
      return
    }
    switch error.resultCode {
    case .SQLITE_FULL: self = .diskFull(path: path)
    case .SQLITE_NOTADB:
      self = .notAStore(path: path, found: "a file that is no SQLite database")
    case .SQLITE_CORRUPT: self = .damagedStore(path: path, detail: error.message ?? "corrupt")
    case .SQLITE_BUSY, .SQLITE_LOCKED: self = .lockedStore(path: path)
    case .SQLITE_READONLY:
      self = .readOnlyStore(path: path, reason: "the file is read-only", missing: 0, asked: 0)
    case .SQLITE_IOERR, .SQLITE_CANTOPEN:
      // A disk without space shows itself in several ways: no log can be made, no page shared.
      self =
        Self.freeBytes(besides: path) < 1 << 16
        ? .diskFull(path: path)
        : .storeFailed(path: path, detail: error.message ?? "\(error.resultCode)")
    default: self = .storeFailed(path: path, detail: error.message ?? "\(error.resultCode)")
    }
  }

  /// The bytes that are free on the disk of a file.
  private static func freeBytes(besides path: String) -> UInt64 {
    let folder = URL(fileURLWithPath: path).deletingLastPathComponent().path
    let attributes = try? FileManager.default.attributesOfFileSystem(forPath: folder)
    return (attributes?[.systemFreeSize] as? NSNumber)?.uint64Value ?? .max
  }
}
