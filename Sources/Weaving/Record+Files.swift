import Foundation
import Literate

/// A record that is stored as a JSON file.
public protocol StoredRecord: Codable {}

extension ChapterRecord: StoredRecord {}
extension BuildRecord: StoredRecord {}

extension StoredRecord {
  /// Writes the record as JSON with sorted keys, beside its place and then renamed.
  ///
  /// Equal records give equal bytes.
  public func write(to url: URL) throws(WeavingError) {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    do {
      var data = try encoder.encode(self)
      data.append(UInt8(ascii: "\n"))
      try Files.write(data, to: url)
    } catch let error as WeavingError {
      throw error
    } catch {
      throw .cannotWrite(path: url.relativePath, reason: "\(error)")
    }
  }

  /// Reads a record from JSON.
  public static func read(from url: URL) throws -> Self {
    try JSONDecoder().decode(Self.self, from: Data(contentsOf: url))
  }
}

/// Reading and writing whole files.
enum Files {
  /// Writes beside the file and renames, so that no reader ever sees half a file.
  static func write(_ data: Data, to url: URL) throws(WeavingError) {
    try write([(data, url)])
  }

  /// Writes several files: all of them beside their places first, and only when all are complete
  /// takes each to its place. A full disk leaves every file as it was.
  static func write(_ files: [(data: Data, url: URL)]) throws(WeavingError) {
    var staged: [URL] = []
    do throws(WeavingError) {
      for (data, url) in files { staged.append(try stage(data, for: url)) }
      for (place, (_, url)) in zip(staged, files) where rename(place.path, url.path) != 0 {
        throw WeavingError.cannotWrite(path: url.relativePath, reason: systemReason())
      }
    } catch {
      for place in staged { unlink(place.path) }
      throw error
    }
  }

  /// Writes a file that lies hidden beside the one it will replace, and takes away what a process
  /// that was killed has left there.
  private static func stage(_ data: Data, for url: URL) throws(WeavingError) -> URL {
    let folder = url.deletingLastPathComponent()
    let prefix = ".\(url.lastPathComponent)."
    func failure(_ reason: String) -> WeavingError {
      .cannotWrite(path: url.relativePath, reason: reason)
    }
    do {
      try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    } catch {
      throw failure("its folder cannot be made")
    }
    var isFolder: ObjCBool = false
    if FileManager.default.fileExists(atPath: url.path, isDirectory: &isFolder), isFolder.boolValue
    {
      throw failure("a folder of this name stands there")
    }
    for name in (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
    where name.hasPrefix(prefix) && name.hasSuffix(".part") {
      guard let owner = Int32(name.dropFirst(prefix.count).dropLast(5)) else { continue }
      if kill(owner, 0) != 0, errno == ESRCH {
        unlink(folder.appendingPathComponent(name).path)
      }
    }
    let place = folder.appendingPathComponent("\(prefix)\(getpid()).part")
    let file = open(place.path, O_WRONLY | O_CREAT | O_TRUNC, 0o666)
    guard file >= 0 else { throw failure(systemReason()) }
    var written = 0
    let isComplete = data.withUnsafeBytes { bytes in
      while written < bytes.count {
        let count = Foundation.write(file, bytes.baseAddress! + written, bytes.count - written)
        if count < 0, errno == EINTR { continue }
        guard count > 0 else { return false }
        written += count
      }
      return true
    }
    let reason = systemReason()
    guard close(file) == 0, isComplete else {
      unlink(place.path)
      throw failure(reason)
    }
    return place
  }

  /// What the system says of the call that failed last.
  private static func systemReason() -> String {
    String(cString: strerror(errno)).lowercased()
  }

  /// The text of a file, nil if there is none.
  ///
  /// - Throws: ``WeavingError/notText(at:)`` with the line whose bytes are not UTF-8.
  static func text(_ url: URL) throws(WeavingError) -> String? {
    guard let data = try? Data(contentsOf: url) else { return nil }
    if let text = String(validating: data, as: UTF8.self) { return text }
    var line = 1
    for bytes in data.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false) {
      if String(validating: bytes, as: UTF8.self) == nil { break }
      line += 1
    }
    throw .notText(at: SourceLocation(file: url.relativePath, line: line))
  }
}
