import Foundation

/// A file that could not be written.
struct OutputError: Error, CustomStringConvertible {
  var path: String
  var reason: String

  var description: String { "\(path) cannot be written: \(reason)." }
}

/// Files that a command leaves.
enum OutputFile {
  /// Writes a file beside its place and renames it, so that it is never half there.
  static func write(_ bytes: [UInt8], to path: String) throws(OutputError) {
    let beside = path + ".\(ProcessInfo.processInfo.processIdentifier).part"
    let descriptor = open(beside, O_WRONLY | O_CREAT | O_TRUNC, 0o644)
    guard descriptor >= 0 else { throw OutputError(path: path, reason: reason()) }
    var written = 0
    while written < bytes.count {
      let count = bytes.withUnsafeBytes {
        Foundation.write(descriptor, $0.baseAddress! + written, bytes.count - written)
      }
      if count < 0, errno == EINTR { continue }
      guard count > 0 else {
        let error = OutputError(path: path, reason: reason())
        close(descriptor)
        unlink(beside)
        throw error
      }
      written += count
    }
    guard fsync(descriptor) == 0, close(descriptor) == 0, rename(beside, path) == 0 else {
      let error = OutputError(path: path, reason: reason())
      unlink(beside)
      throw error
    }
  }

  private static func reason() -> String { String(cString: strerror(errno)) }
}
