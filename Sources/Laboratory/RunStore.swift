import Foundation
import GRDB

/// A stored outcome or failure, one row of the table `run`.
public struct StoredRun: Sendable, Equatable {
  /// Whose outcome this is.
  public var identity: TrialIdentity
  /// The outcome as canonical JSON; nil if the trial failed.
  public var outcome: String?
  /// Why it failed; empty if it did not.
  public var reason = ""
  /// Wall-clock seconds that the trial took.
  public var seconds: Double
  /// Training FLOPs and tokens, counted by the trial or else as it estimated them.
  public var flops: Double
  /// Tokens trained on.
  public var tokens: Double
  /// When it began and ended, as seconds since 1970.
  public var started: Double
  /// When it ended.
  public var finished: Double
  /// Processor and cores, and the kernels' instruction set.
  public var machine = Machine.description
  /// The kernels' instruction set.
  public var instructionSet: String
}

/// The run store: one SQLite file that remembers what every trial gave.
///
/// `Schema` documents its tables. Other programs may read it while a build writes (its journal is a
/// write-ahead log), and builds may share it: a trial that one of them runs is leased to it.
///
/// Opening a file checks what it is before anything is written: a file that is no run store, or one
/// of a newer program, is left as it is. On a read-only disk the store still answers.
public final class RunStore: Sendable {
  /// The file; `:memory:` for a store that only this process sees.
  public let path: String
  /// Why nothing can be written; nil if it can.
  public let readOnlyReason: String?
  let database: DatabaseQueue
  /// A private copy of a store on a read-only disk, removed with the last use of this object.
  private let copy: URL?

  /// How to open a store.
  public enum Access: Sendable {
    /// Reads and writes; makes the file if there is none; falls back to reading.
    case readWrite
    /// Reads only; where there is no file, an empty store answers.
    case readOnly
  }

  /// Opens the store at `path`.
  public static func open(
    path: String, access: Access = .readWrite
  ) throws(LaboratoryError) -> RunStore {
    let exists = FileManager.default.fileExists(atPath: path)
    let header = try Schema.Header.read(path: path)
    if access == .readOnly {
      let reason = "it was opened for reading only"
      guard exists, header != .empty else { return try inMemory(path: path, readOnly: reason) }
      guard unwritableReason(path: path, exists: exists) == nil else {
        return try openCopy(path: path, reason: reason)
      }
      return try openInPlace(path: path, reason: reason)
    }
    if let reason = unwritableReason(path: path, exists: exists) {
      guard exists, header != .empty else {
        throw .cannotCreate(path: path, reason: reason)
      }
      return try openCopy(path: path, reason: reason)
    }
    do {
      try Schema.create(path: path)
      // One connection, not a pool: trials take longer than any query, and its last use removes the
      // log, which a pool's read-only connections would leave behind.
      var logged = configuration
      logged.journalMode = .wal
      let queue = try retryingWhenBusy { try DatabaseQueue(path: path, configuration: logged) }
      return RunStore(path: path, database: queue, readOnlyReason: nil)
    } catch let error as LaboratoryError {
      throw error
    } catch {
      if let code = (error as? DatabaseError)?.resultCode, code == .SQLITE_READONLY, exists {
        return try openCopy(path: path, reason: "the file is read-only")
      }
      throw LaboratoryError(error, path: path)
    }
  }

  /// An empty store in memory, for tests and plans.
  public static func inMemory(
    path: String = ":memory:", readOnly reason: String? = nil
  ) throws(LaboratoryError) -> RunStore {
    do {
      let queue = try DatabaseQueue(configuration: configuration)
      try queue.write { try Schema.apply(to: $0) }
      return RunStore(path: path, database: queue, readOnlyReason: reason)
    } catch {
      throw LaboratoryError(error, path: path)
    }
  }

  /// The usual place of the store: `.runs/runs.sqlite` in the package of a source file.
  public static func defaultPath(for sourceFile: String) -> String {
    PackageRoot.find(from: sourceFile).appendingPathComponent(".runs/runs.sqlite").path
  }

  private init(
    path: String, database: DatabaseQueue, readOnlyReason: String?, copy: URL? = nil
  ) {
    self.path = path
    self.database = database
    self.readOnlyReason = readOnlyReason
    self.copy = copy
  }

  /// Ends the use of the store: with its last user the log is folded into the one file.
  ///
  /// A process that just ends loses nothing, but leaves the log beside the file.
  public func close() { try? database.close() }

  deinit {
    if let copy { try? FileManager.default.removeItem(at: copy) }
  }

  private static var configuration: Configuration {
    var configuration = Configuration()
    configuration.busyMode = .timeout(30)
    configuration.label = "run store"
    configuration.prepareDatabase { database in
      // A commit survives the death of the process; only a power cut may undo the last ones.
      try database.execute(sql: "PRAGMA synchronous = NORMAL")
    }
    return configuration
  }

  /// Switching to the write-ahead log does not wait for other processes that do the same.
  private static func retryingWhenBusy<Value>(_ body: () throws -> Value) throws -> Value {
    for _ in 0..<200 {
      do {
        return try body()
      } catch let error as DatabaseError where error.resultCode == .SQLITE_BUSY {
        Thread.sleep(forTimeInterval: 0.05)
      }
    }
    return try body()
  }

  /// Why `path` cannot be written, or nil.
  private static func unwritableReason(path: String, exists: Bool) -> String? {
    let folder = URL(fileURLWithPath: path).deletingLastPathComponent()
    if !exists {
      do {
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
      } catch {
        return "the folder \(folder.path) cannot be made"
      }
    }
    // The log lies beside the file, so the folder counts too.
    for place in [folder.path] + (exists ? [path] : []) where access(place, W_OK) != 0 {
      if errno == EROFS { return "the disk is read-only" }
      return "\(place) is not writable"
    }
    return nil
  }

  /// Opens a store for reading while others may write to it.
  private static func openInPlace(
    path: String, reason: String
  ) throws(LaboratoryError) -> RunStore {
    do {
      var configuration = configuration
      configuration.readonly = true
      let queue = try DatabaseQueue(path: path, configuration: configuration)
      try queue.read { try Schema.check($0, path: path) }
      return RunStore(path: path, database: queue, readOnlyReason: reason)
    } catch {
      throw LaboratoryError(error, path: path)
    }
  }

  /// Opens a private copy of a store on a read-only disk: reading a write-ahead log in place would
  /// have to write beside it. Nobody writes there, so the copied files belong together.
  static func openCopy(path: String, reason: String) throws(LaboratoryError) -> RunStore {
    do {
      let manager = FileManager.default
      let folder = manager.temporaryDirectory
        .appendingPathComponent("run-store-\(UUID().uuidString)")
      try manager.createDirectory(at: folder, withIntermediateDirectories: true)
      let copy = folder.appendingPathComponent("runs.sqlite").path
      for suffix in ["", "-wal"] where manager.fileExists(atPath: path + suffix) {
        try manager.copyItem(atPath: path + suffix, toPath: copy + suffix)
        chmod(copy + suffix, 0o600)
      }
      let queue = try DatabaseQueue(path: copy, configuration: configuration)
      try queue.read { try Schema.check($0, path: path) }
      return RunStore(path: path, database: queue, readOnlyReason: reason, copy: folder)
    } catch {
      throw LaboratoryError(error, path: path)
    }
  }
}

/// The folder of a package.
public enum PackageRoot {
  /// The nearest folder above a source file that holds a `Package.swift`; if the sources have moved,
  /// above the current folder; else the current folder.
  public static func find(from sourceFile: String) -> URL {
    let current = URL(fileURLWithPath: FileManager.default.currentDirectoryPath)
    for start in [URL(fileURLWithPath: sourceFile).deletingLastPathComponent(), current] {
      var folder = start.standardizedFileURL
      while true {
        let manifest = folder.appendingPathComponent("Package.swift")
        if FileManager.default.fileExists(atPath: manifest.path) { return folder }
        guard folder.path != "/" else { break }
        folder.deleteLastPathComponent()
      }
    }
    return current
  }
}
