import Foundation

/// A window on the bytes of a file that moves forwards and never grows beyond a limit.
final class ByteWindow {
  /// The bytes at hand are `base + start ..< base + end`.
  private(set) var base: UnsafeMutablePointer<UInt8>
  /// Where the bytes that are still wanted begin.
  var start = 0
  /// Where the bytes at hand end.
  private(set) var end = 0
  /// There is nothing beyond `end`.
  private(set) var isAtEnd = false
  private var capacity: Int
  /// -1 for bytes that were given.
  private let descriptor: Int32
  private let file: String

  /// The longest record, in bytes.
  static let limit = 8 << 20

  /// A window on a file; `-` is the standard input.
  init(path: String, file: String) throws(DataError) {
    self.file = file
    capacity = 1 << 20
    base = .allocate(capacity: capacity)
    descriptor = path == "-" ? 0 : open(path, O_RDONLY)
    guard descriptor >= 0 else {
      let reason = errno == ENOENT ? "there is no such file" : String(cString: strerror(errno))
      throw .unreadable(file: file, reason: reason)
    }
  }

  /// A window on bytes in memory.
  init(bytes: [UInt8], file: String) {
    self.file = file
    capacity = max(1, bytes.count)
    base = .allocate(capacity: capacity)
    end = bytes.count
    isAtEnd = true
    descriptor = -1
    bytes.withUnsafeBufferPointer {
      if let source = $0.baseAddress { base.update(from: source, count: $0.count) }
    }
  }

  deinit {
    base.deallocate()
    if descriptor > 0 { close(descriptor) }
  }

  /// Brings more bytes into the window; those from `start` on stay, at another place.
  ///
  /// False if the window is as large as it may be and full.
  func extend() throws(DataError) -> Bool {
    if start > 0 {
      memmove(base, base + start, end - start)
      end -= start
      start = 0
    }
    if end == capacity {
      guard capacity < Self.limit else { return false }
      let larger = UnsafeMutablePointer<UInt8>.allocate(capacity: capacity * 2)
      larger.update(from: base, count: end)
      base.deallocate()
      base = larger
      capacity *= 2
    }
    var count: Int
    repeat {
      count = read(descriptor, base + end, capacity - end)
    } while count < 0 && errno == EINTR
    guard count >= 0 else {
      let reason =
        errno == EISDIR ? "it is a folder; name a file" : String(cString: strerror(errno))
      throw .unreadable(file: file, reason: reason)
    }
    end += count
    if count == 0 { isAtEnd = true }
    return true
  }

  /// Whether the window's first bytes are these; reads as many as that takes.
  func begins(with prefix: [UInt8]) throws(DataError) -> Bool {
    while end - start < prefix.count, !isAtEnd { _ = try extend() }
    guard end - start >= prefix.count else { return false }
    return prefix.indices.allSatisfy { base[start + $0] == prefix[$0] }
  }
}
