import Foundation

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
    do {
      try FileManager.default.createDirectory(
        at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
      try data.write(to: url, options: .atomic)
    } catch {
      throw .cannotWrite(path: url.relativePath, reason: error.localizedDescription)
    }
  }

  static func text(_ url: URL) -> String? {
    (try? Data(contentsOf: url)).map { String(decoding: $0, as: UTF8.self) }
  }
}
