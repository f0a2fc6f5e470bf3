import Foundation
import Laboratory
import Synchronization

/// A type that a chapter's setting may have: numbers, words, cases, and lists of these.
public protocol SettingValue: Sendable, Equatable {
  /// Reads the text of a flag.
  static func parse(setting text: String) -> Result<Self, SettingProblem>
  /// The value as a flag would give it.
  var settingText: String { get }
}

/// Why a text is no value of a setting.
public struct SettingProblem: Error, Equatable, Sendable {
  /// For example "'x' is not a whole number".
  public var text: String
  /// A problem.
  public init(_ text: String) { self.text = text }
}

/// Keeps why a text was refused while the command line is read.
///
/// `ExpressibleByArgument.init?` can only say that it was.
final class SettingProblems: Sendable {
  @TaskLocal static var current: SettingProblems?
  private let problems = Mutex<[(argument: String, problem: SettingProblem)]>([])

  func note(argument: String, problem: SettingProblem) {
    problems.withLock { $0.append((argument, problem)) }
  }

  /// The last problem noted, in words.
  var last: String? { problems.withLock { $0.last?.problem.text } }
}

private func whole<Number: FixedWidthInteger>(
  _ text: String, as type: Number.Type
) -> Result<Number, SettingProblem> {
  let plain = text.replacingOccurrences(of: "_", with: "")
  if let value = Number(plain) { return .success(value) }
  // 1e6 is how people write a token count.
  if let value = Double(plain), let exact = Number(exactly: value) { return .success(exact) }
  let kind = Number.isSigned ? "a whole number" : "a whole number from 0"
  return .failure(SettingProblem("'\(text)' is not \(kind)"))
}

extension Int: SettingValue {
  /// Reads `12`, `12_800` or `1e6`.
  public static func parse(setting text: String) -> Result<Int, SettingProblem> {
    whole(text, as: Int.self)
  }
  /// Digits.
  public var settingText: String { String(self) }
}

extension UInt64: SettingValue {
  /// Reads `12`, `12_800` or `1e6`.
  public static func parse(setting text: String) -> Result<UInt64, SettingProblem> {
    whole(text, as: UInt64.self)
  }
  /// Digits.
  public var settingText: String { String(self) }
}

extension Double: SettingValue {
  /// Reads a finite number.
  public static func parse(setting text: String) -> Result<Double, SettingProblem> {
    guard let value = Double(text.replacingOccurrences(of: "_", with: "")), value.isFinite else {
      return .failure(SettingProblem("'\(text)' is not a number"))
    }
    return .success(value)
  }
  /// The shortest digits that give this number.
  public var settingText: String {
    Int(exactly: self).map { abs($0) < 1_000_000 ? String($0) : "\(self)" } ?? "\(self)"
  }
}

extension Bool: SettingValue {
  /// Reads `true` or `false`.
  public static func parse(setting text: String) -> Result<Bool, SettingProblem> {
    guard let value = Bool(text) else {
      return .failure(SettingProblem("'\(text)' is neither true nor false"))
    }
    return .success(value)
  }
  /// `true` or `false`.
  public var settingText: String { String(self) }
}

extension String: SettingValue {
  /// Any text.
  public static func parse(setting text: String) -> Result<String, SettingProblem> {
    text.isEmpty ? .failure(SettingProblem("an empty text is not a value")) : .success(text)
  }
  /// The text.
  public var settingText: String { self }
}

extension SettingValue where Self: RawRepresentable & CaseIterable, RawValue == String {
  /// Reads the name of a case.
  public static func parse(setting text: String) -> Result<Self, SettingProblem> {
    if let value = Self(rawValue: text) { return .success(value) }
    let names = allCases.map(\.rawValue)
    let hint = NearestWord.to(text, in: names).map { "; did you mean '\($0)'?" } ?? ""
    return .failure(
      SettingProblem("'\(text)' is not one of \(names.joined(separator: ", "))\(hint)"))
  }
  /// The name of the case.
  public var settingText: String { rawValue }
}

extension Array: SettingValue where Element: SettingValue {
  /// Reads values between commas, at least one.
  public static func parse(setting text: String) -> Result<[Element], SettingProblem> {
    var values: [Element] = []
    for part in text.split(separator: ",", omittingEmptySubsequences: false) {
      let word = part.trimmingCharacters(in: .whitespaces)
      guard !word.isEmpty else {
        return .failure(SettingProblem("a value is missing between the commas of '\(text)'"))
      }
      switch Element.parse(setting: word) {
      case .success(let value): values.append(value)
      case .failure(let problem): return .failure(problem)
      }
    }
    return .success(values)
  }
  /// Values between commas.
  public var settingText: String { map(\.settingText).joined(separator: ",") }
}
