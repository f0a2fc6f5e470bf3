import Foundation
import Synchronization

/// The machine and the process, as far as runs record them.
public enum Machine {
  /// The cores that this process may use.
  public static let cores = max(1, ProcessInfo.processInfo.activeProcessorCount)

  /// Processor and cores, for example `AMD EPYC 7B13, 2 cores`.
  public static let description: String = {
    let information = (try? String(contentsOfFile: "/proc/cpuinfo", encoding: .utf8)) ?? ""
    let model = information.split(separator: "\n").first { $0.hasPrefix("model name") }
    let name = model?.split(separator: ":", maxSplits: 1).last.map {
      $0.trimmingCharacters(in: .whitespaces)
    }
    return "\(name ?? architecture), \(Text.count(cores, "core"))"
  }()

  /// The name of this host in its network.
  static let host = ProcessInfo.processInfo.hostName

  private static var architecture: String {
    #if arch(x86_64)
      "x86-64"
    #elseif arch(arm64)
      "ARM64"
    #else
      "unknown processor"
    #endif
  }

  /// Whether a process of this host is alive.
  static func isAlive(process: Int32) -> Bool { kill(process, 0) == 0 || errno == EPERM }
}

/// A program file as it was when it ran: a rebuilt program has another stamp.
///
/// Size and time of change, not a hash: the linker writes the file anew only when something in it
/// changed, and reading tens of megabytes at each start would cost what the stamp is to save.
public struct ProgramStamp: Hashable, Sendable {
  /// The file of the program.
  public var path: String
  /// Its size in bytes and its time of change in nanoseconds since 1970.
  public var content: String

  /// The stamp made of these two.
  public init(path: String, content: String) {
    self.path = path
    self.content = content
  }

  /// The running program; nil if its file cannot be found.
  public static let current: ProgramStamp? = {
    guard let path = try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
    else { return nil }
    var information = stat()
    guard stat(path, &information) == 0 else { return nil }
    let changed = information.st_mtim
    return ProgramStamp(
      path: path, content: "\(information.st_size)/\(changed.tv_sec).\(changed.tv_nsec)")
  }()
}

/// Words and numbers as this folder prints them.
enum Text {
  /// `1 trial`, `2 trials`.
  static func count(_ count: Int, _ noun: String) -> String {
    "\(count) \(noun)\(count == 1 ? "" : "s")"
  }

  /// A duration: `0.4 s`, `12 s`, `3 min 20 s`, `2 h 5 min`.
  static func duration(_ seconds: Double, wholeSeconds: Bool = false) -> String {
    guard seconds.isFinite else { return "unknown" }
    if wholeSeconds, seconds < 59 { return "\(Int(max(1, seconds.rounded(.up)))) s" }
    if seconds < 0.0995 { return "\(rounded(seconds * 1000, digits: 2)) ms" }
    if seconds < 9.95 { return "\(rounded(seconds, digits: 2)) s" }
    let whole = Int(min(seconds, 1e9).rounded())
    if whole < 60 { return "\(whole) s" }
    if whole < 3600 { return "\(whole / 60) min" + (whole % 60 == 0 ? "" : " \(whole % 60) s") }
    let minutes = (whole % 3600) / 60
    return "\(whole / 3600) h" + (minutes == 0 ? "" : " \(minutes) min")
  }

  /// A count of FLOPs: `4.9e12 FLOPs`.
  static func flops(_ flops: Double) -> String { "\(scientific(flops)) FLOPs" }

  /// A rate: `12 GFLOP/s`.
  static func rate(_ flopsPerSecond: Double) -> String {
    "\(rounded(flopsPerSecond / 1e9, digits: 2)) GFLOP/s"
  }

  private static func scientific(_ value: Double) -> String {
    guard value >= 1000 else { return rounded(value, digits: 3) }
    let text = String(format: "%.1e", value)
    return text.replacingOccurrences(of: "e+0", with: "e").replacingOccurrences(of: "e+", with: "e")
  }

  static func rounded(_ value: Double, digits: Int) -> String {
    guard value != 0, value.isFinite else { return value == 0 ? "0" : "\(value)" }
    let decimals = max(0, digits - 1 - Int(floor(log10(abs(value)))))
    return String(format: "%.\(decimals)f", value)
  }
}
