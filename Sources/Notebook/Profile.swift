import ArgumentParser

/// How much a chapter measures.
public enum Profile: String, Codable, Sendable, CaseIterable {
  /// A few seconds a chapter, for tests; nothing is judged.
  case smoke
  /// The default, whose record is committed.
  case course
  /// More seeds and a longer ladder: an hour or more.
  case full
}

/// A chapter's parameters: a struct whose every property is an `@Option` of a `Profiled` value.
///
///     struct Settings: ChapterSettings {
///       @Option(help: "Widths of the models.")
///       var widths = Profiled(smoke: [8, 16], course: [8, 16, 32], full: [8, 16, 32, 64])
///       init() {}
///     }
///
/// `--help` lists them with their defaults; a flag (`--widths 8,16`) overrides one. Values that cannot
/// be used are refused by the struct's `validate()`, which runs before anything is opened.
public protocol ChapterSettings: ParsableArguments, Sendable {}

/// A setting's default in each profile, or the value given on the command line.
public struct Profiled<Value: SettingValue>: Sendable, Equatable {
  private var defaults: [Value]
  private(set) var given: Value?

  /// A default for each profile.
  public init(smoke: Value, course: Value, full: Value) {
    defaults = [smoke, course, full]
  }

  /// One default for all profiles.
  public init(_ value: Value) {
    self.init(smoke: value, course: value, full: value)
  }

  /// The value that holds in `profile`.
  public subscript(profile: Profile) -> Value {
    if let given { return given }
    switch profile {
    case .smoke: return defaults[0]
    case .course: return defaults[1]
    case .full: return defaults[2]
    }
  }
}

extension Profiled: ExpressibleByArgument {
  /// The value that a flag gives, in every profile; nil if `argument` is none.
  public init?(argument: String) {
    switch Value.parse(setting: argument) {
    case .success(let value):
      defaults = []
      given = value
    case .failure(let problem):
      SettingProblems.current?.note(argument: argument, problem: problem)
      return nil
    }
  }

  /// The defaults as `--help` shows them.
  public var defaultValueDescription: String {
    if let given { return given.settingText }
    let texts = defaults.map(\.settingText)
    guard Set(texts).count > 1 else { return texts[0] }
    return zip(Profile.allCases, texts).map { "\($0.rawValue) \($1)" }.joined(separator: "; ")
  }
}

/// The settings of a run: reads like the struct that declares them, with plain values.
@dynamicMemberLookup
public struct ResolvedSettings<Settings: ChapterSettings>: Sendable {
  /// The profile whose defaults hold.
  public let profile: Profile
  let declared: Settings

  /// The value of a setting in this run.
  public subscript<Value>(dynamicMember path: KeyPath<Settings, Profiled<Value>>) -> Value {
    declared[keyPath: path][profile]
  }
}
