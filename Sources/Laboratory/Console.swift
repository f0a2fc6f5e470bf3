import Foundation

/// Where messages go: a terminal, a pipe or a test.
public struct Console: Sendable {
  /// Whether lines may be redrawn.
  public var isTerminal: Bool
  /// Whether colours may be used: on a terminal, and never where `NO_COLOR` is set.
  public var hasColours: Bool
  private let sink: @Sendable (String) -> Void

  /// A console that hands every text to `write`.
  public init(
    isTerminal: Bool, hasColours: Bool, write: @escaping @Sendable (String) -> Void
  ) {
    self.isTerminal = isTerminal
    self.hasColours = hasColours
    sink = write
  }

  /// Writes a text; ends no line by itself.
  public func write(_ text: String) { sink(text) }

  /// The columns of the terminal, 80 where there is none.
  public var width: Int {
    var size = winsize()
    guard isTerminal, ioctl(STDERR_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else {
      return 80
    }
    return Int(size.ws_col)
  }

  /// Standard error, for progress and messages.
  public static let standardError = Console(descriptor: STDERR_FILENO)

  /// Standard output, for results.
  public static let standardOutput = Console(descriptor: STDOUT_FILENO)

  /// Colours stand on terminals only, and never where `NO_COLOR` is set and not empty, whatever its
  /// value (https://no-color.org).
  static func allowsColours(isTerminal: Bool, environment: [String: String]) -> Bool {
    isTerminal && (environment["NO_COLOR"] ?? "").isEmpty
  }

  private init(descriptor: Int32) {
    let environment = ProcessInfo.processInfo.environment
    let isTerminal = isatty(descriptor) == 1 && environment["TERM"] != "dumb"
    let hasColours = Self.allowsColours(isTerminal: isTerminal, environment: environment)
    self.init(isTerminal: isTerminal, hasColours: hasColours) { text in
      var bytes = Array(text.utf8)[...]
      while !bytes.isEmpty {
        let written = bytes.withUnsafeBytes {
          Foundation.write(descriptor, $0.baseAddress, $0.count)
        }
        if written < 0, errno == EINTR { continue }
        guard written > 0 else { return }
        bytes = bytes.dropFirst(written)
      }
    }
  }
}
