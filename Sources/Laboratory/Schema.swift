import Foundation
import GRDB

/// The tables of the run store, version 1.
///
/// `run` holds one row a trial that ended, `metric` the numbers of its outcome, `forecast` what was
/// expected of trials before they were run; these three are for everybody. `lease` and `canary` are the
/// laboratory's own: which build runs what at the moment, and which program was found to give what
/// the store holds.
enum Schema {
  /// `SLMr` in ASCII, SQLite's `application_id` of a run store.
  static let applicationID: Int32 = 0x534C_4D72
  /// SQLite's `user_version`; a program refuses stores of a later version.
  static let version: Int32 = 1

  static let sql = """
    CREATE TABLE run (
      id INTEGER PRIMARY KEY,
      trial TEXT NOT NULL,              -- the name of the trial's type
      version INTEGER NOT NULL,         -- of the type
      trainer INTEGER NOT NULL,         -- the trainer's version
      parameters TEXT NOT NULL,         -- the trial as canonical JSON
      status TEXT NOT NULL CHECK (status IN ('ok', 'failed')),
      outcome TEXT,                     -- as canonical JSON, if ok
      reason TEXT NOT NULL,             -- why it failed, else empty
      seconds REAL NOT NULL,            -- wall clock
      flops REAL NOT NULL,              -- of training
      tokens REAL NOT NULL,             -- trained on
      started TEXT NOT NULL,            -- UTC, ISO 8601 with milliseconds
      finished TEXT NOT NULL,
      machine TEXT NOT NULL,            -- processor and cores
      instruction_set TEXT NOT NULL,    -- of the kernels
      UNIQUE (trial, version, trainer, parameters),
      CHECK ((status = 'ok') = (outcome IS NOT NULL))
    ) STRICT;

    CREATE TABLE metric (
      run INTEGER NOT NULL REFERENCES run (id) ON DELETE CASCADE,
      name TEXT NOT NULL,               -- path in the outcome, for example branches.loss
      step INTEGER,                     -- index in the outermost list, if there is one
      value REAL NOT NULL
    ) STRICT;
    CREATE INDEX metric_run ON metric (run);
    CREATE INDEX metric_name ON metric (name);

    CREATE TABLE lease (
      trial TEXT NOT NULL,
      version INTEGER NOT NULL,
      trainer INTEGER NOT NULL,
      parameters TEXT NOT NULL,
      holder TEXT NOT NULL,             -- one running build
      host TEXT NOT NULL,
      process INTEGER NOT NULL,
      heartbeat REAL NOT NULL,          -- seconds since 1970, renewed while the trial runs
      PRIMARY KEY (trial, version, trainer, parameters)
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE canary (
      trial TEXT NOT NULL,
      version INTEGER NOT NULL,
      trainer INTEGER NOT NULL,
      program TEXT NOT NULL,            -- path of the executable
      content TEXT NOT NULL,            -- its size and time of change when it was checked
      instruction_set TEXT NOT NULL,
      PRIMARY KEY (trial, version, trainer, program)
    ) STRICT, WITHOUT ROWID;

    """ + forecastSQL

  /// Made where it is missing, too: the first stores of version 1 came without it.
  static let forecastSQL = """
    CREATE TABLE IF NOT EXISTS forecast (
      name TEXT NOT NULL,
      trial TEXT NOT NULL,              -- what it is about: trials of one type,
      version INTEGER NOT NULL,
      trainer INTEGER NOT NULL,
      runs TEXT NOT NULL,               -- their parameters as a JSON list
      value TEXT NOT NULL,              -- what was expected, as canonical JSON
      made TEXT NOT NULL,               -- before any of the runs; UTC, as in `run`
      PRIMARY KEY (name, trial, version, trainer, runs)
    ) STRICT, WITHOUT ROWID;
    """

  /// What the first bytes of a file say about it.
  enum Header: Equatable {
    /// There is no file, or nothing in it.
    case empty
    case store(version: Int32)

    /// Reads the header of a file without opening it as a database, which might write beside it.
    ///
    /// SQLite's header: magic text at 0, `user_version` at 60, `application_id` at 68, both
    /// big-endian (https://www.sqlite.org/fileformat.html, section 1.3).
    static func read(path: String) throws(LaboratoryError) -> Header {
      var isFolder: ObjCBool = false
      guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else {
        return .empty
      }
      guard !isFolder.boolValue else { throw .folderInTheWay(path: path) }
      guard let handle = FileHandle(forReadingAtPath: path) else {
        throw .cannotRead(path: path, reason: "the file cannot be opened for reading")
      }
      defer { try? handle.close() }
      let bytes: [UInt8]
      do {
        bytes = Array(try handle.read(upToCount: 100) ?? Data())
      } catch {
        throw .cannotRead(path: path, reason: "\(error)")
      }
      guard !bytes.isEmpty else { return .empty }
      guard bytes.starts(with: Array("SQLite format 3\0".utf8)), bytes.count >= 100 else {
        throw .notAStore(path: path, found: "a file that is no SQLite database")
      }
      func number(at offset: Int) -> Int32 {
        bytes[offset..<offset + 4].reduce(0) { $0 << 8 | Int32(bitPattern: UInt32($1)) }
      }
      guard number(at: 68) == applicationID else {
        throw .notAStore(path: path, found: "the SQLite database of another program")
      }
      let found = number(at: 60)
      guard found <= version else { throw .newerStore(path: path, found: found, known: version) }
      return .store(version: found)
    }
  }

  /// Makes the tables in a new or empty file.
  ///
  /// With a rollback journal, in one transaction: when it ends, the header is in the file itself and
  /// not in a log beside it, so that `Header.read` may trust it.
  static func create(path: String) throws {
    guard try Header.read(path: path) == .empty else { return }
    var configuration = Configuration()
    configuration.busyMode = .timeout(30)
    let queue = try DatabaseQueue(path: path, configuration: configuration)
    try queue.writeWithoutTransaction { database in
      try database.inTransaction(.exclusive) {
        // Another build may have been faster.
        if try Int32.fetchOne(database, sql: "PRAGMA application_id") != applicationID {
          try apply(to: database)
        }
        return .commit
      }
    }
    try queue.close()
  }

  static func apply(to database: Database) throws {
    try database.execute(sql: sql)
    try database.execute(sql: "PRAGMA application_id = \(applicationID)")
    try database.execute(sql: "PRAGMA user_version = \(version)")
  }

  /// Asserts that an open database is a store that this program knows.
  static func check(_ database: Database, path: String) throws {
    guard try Int32.fetchOne(database, sql: "PRAGMA application_id") == applicationID else {
      throw LaboratoryError.notAStore(path: path, found: "the SQLite database of another program")
    }
    let found = try Int32.fetchOne(database, sql: "PRAGMA user_version") ?? 0
    guard found <= version else {
      throw LaboratoryError.newerStore(path: path, found: found, known: version)
    }
  }
}
