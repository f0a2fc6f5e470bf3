import Foundation

/// A file that could not be written.
struct OutputError: Error, CustomStringConvertible {
  var path: String
  /// What the system said: an `errno`.
  var code: Int32

  var description: String {
    "\(path) cannot be written: \(String(cString: strerror(code))). \(advice)"
  }

  private var advice: String {
    switch code {
    case EISDIR: "Name a file, not a folder."
    case ENOENT, ENOTDIR: "Make its folder first, or name another file."
    case ENOSPC, EDQUOT: "Free some space, or write elsewhere."
    default: "Write elsewhere."
    }
  }
}

/// Files that a command leaves.
enum OutputFile {
  /// Writes a file beside its place and renames it, so that it is never half there.
  ///
  /// What is no plain file, such as a pipe or /dev/stdout, is written as it is and never replaced.
  static func write(_ bytes: [UInt8], to path: String) throws(OutputError) {
    var status = stat()
    if stat(path, &status) == 0, status.st_mode & S_IFMT != S_IFREG {
      let descriptor = open(path, O_WRONLY)
      guard descriptor >= 0 else { throw OutputError(path: path, code: errno) }
      defer { close(descriptor) }
      return try write(bytes, descriptor, path: path)
    }
    let beside = path + ".\(ProcessInfo.processInfo.processIdentifier).part"
    let descriptor = open(beside, O_WRONLY | O_CREAT | O_TRUNC, 0o644)
    guard descriptor >= 0 else { throw OutputError(path: path, code: errno) }
    do throws(OutputError) {
      defer { close(descriptor) }
      try write(bytes, descriptor, path: path)
      guard fsync(descriptor) == 0 else { throw OutputError(path: path, code: errno) }
    } catch {
      unlink(beside)
      throw error
    }
    guard rename(beside, path) == 0 else {
      let error = OutputError(path: path, code: errno)
      unlink(beside)
      throw error
    }
  }

  /// Prints; a full disk behind the standard output is an error and not silence.
  static func writeStandardOutput(_ text: String) throws(OutputError) {
    try write(Array(text.utf8), STDOUT_FILENO, path: "the standard output")
  }

  private static func write(
    _ bytes: [UInt8], _ descriptor: Int32, path: String
  ) throws(OutputError) {
    var written = 0
    while written < bytes.count {
      let count = bytes.withUnsafeBytes {
        Foundation.write(descriptor, $0.baseAddress! + written, bytes.count - written)
      }
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { throw OutputError(path: path, code: errno) }
      written += count
    }
  }
}
