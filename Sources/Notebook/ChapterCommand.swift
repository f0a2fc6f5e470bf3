import ArgumentParser
import Foundation
import Laboratory

/// A chapter's command line: its own settings and what every chapter understands.
struct ChapterCommand<Settings: ChapterSettings>: ParsableCommand {
  static var configuration: CommandConfiguration {
    let about = CommandTitle.current
    return CommandConfiguration(
      commandName: about.name, abstract: about.abstract,
      discussion: """
        A flag overrides a setting; the page is then written to .runs/scratch/\(about.name)/ and the \
        committed record stays as it is. Outcomes are kept in the run store, so that only what is \
        new is trained.
        """)
  }

  @OptionGroup(title: "Settings of this chapter") var settings: Settings

  @Option(help: "How much to measure: smoke, course or full.")
  var profile = Profile.course.rawValue

  @Flag(help: "Say what is known and what would be trained, and how long it would take; then stop.")
  var plan = false

  @Flag(help: "Say of each trial whether it was known or trained, and what was new about it.")
  var why = false

  @Option(
    help: ArgumentHelp(
      "Forget the stored outcomes of a trial type, or all failures ('failed'), and train anew.",
      valueName: "type"))
  var rerun: [String] = []

  @Option(help: ArgumentHelp("The run store. (default: .runs/runs.sqlite)", valueName: "path"))
  var store: String?

  @Option(help: "Trials at a time.")
  var workers = Machine.cores

  @Option(
    help: ArgumentHelp("The folder for the record, the figures and the page.", valueName: "folder"))
  var out: String?

  @Flag(help: "Write every figure as PNG, too.")
  var png = false

  @Flag(help: "Write every figure as PDF, too.")
  var pdf = false

  func validate() throws {
    if Profile(rawValue: profile) == nil {
      let names = Profile.allCases.map(\.rawValue)
      let hint = NearestWord.to(profile, in: names).map { " Did you mean '\($0)'?" } ?? ""
      throw ValidationError(
        "The profiles are \(names.joined(separator: ", ")); '\(profile)' is none.\(hint)")
    }
    guard workers >= 1 else {
      throw ValidationError("--workers must be at least 1; found \(workers).")
    }
  }
}

/// The name and title that the help screen shows; a generic type cannot store them.
struct CommandTitle: Sendable {
  var name: String
  var abstract: String

  @TaskLocal static var current = CommandTitle(name: "chapter", abstract: "")
}

/// A command line, read.
struct Invocation<Settings: ChapterSettings> {
  var profile: Profile
  var settings: ResolvedSettings<Settings>
  /// Every setting in order of declaration.
  var listing: [Listed]
  var command: ChapterCommand<Settings>

  /// A setting as the record lists it.
  struct Listed: Equatable {
    var name: String
    var value: String
    var help: String
    var isOverridden: Bool
  }

  /// Whether a flag changed a setting.
  var isOverridden: Bool { listing.contains(where: \.isOverridden) }

  /// Reads the arguments of a chapter, without the program's own name.
  init(_ arguments: [String], title: CommandTitle) throws(NotebookError) {
    let problems = SettingProblems()
    let command: ChapterCommand<Settings>
    do {
      command = try CommandTitle.$current.withValue(title) {
        try SettingProblems.$current.withValue(problems) {
          do {
            let parsed = try ChapterCommand<Settings>.parseAsRoot(arguments)
            guard let command = parsed as? ChapterCommand<Settings> else {
              // `help` and `--generate-completion-script` are commands of their own.
              var other = parsed
              try other.run()
              throw ExitCode.success
            }
            return command
          } catch {
            throw Self.leave(error, problems: problems)
          }
        }
      }
    } catch let error as NotebookError {
      throw error
    } catch {
      preconditionFailure("\(error)")
    }
    self.command = command
    profile = Profile(rawValue: command.profile) ?? .course
    settings = ResolvedSettings(profile: profile, declared: command.settings)
    listing = Self.list(command.settings, profile: profile)
  }

  private static func leave(_ error: any Error, problems: SettingProblems) -> NotebookError {
    let code = ChapterCommand<Settings>.exitCode(for: error)
    var text = ChapterCommand<Settings>.fullMessage(for: error)
    guard !code.isSuccess else { return .leave(text: text) }
    if let problem = problems.last {
      var lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
      lines[0] += ": \(problem)" + (problem.hasSuffix("?") ? "" : ".")
      text = lines.joined(separator: "\n")
    }
    return .usage(text: text)
  }

  private static func list(_ settings: Settings, profile: Profile) -> [Listed] {
    let helps = HelpTexts.read(from: ChapterCommand<Settings>._dumpHelp())
    return Mirror(reflecting: settings).children.map { child in
      guard let label = child.label, let option = child.value as? any ListedSetting else {
        preconditionFailure(
          "every property of \(Settings.self) must be an @Option of a Profiled value; "
            + "\(child.label ?? "one") is not")
      }
      let name = flagName(String(label.drop { $0 == "_" }))
      let (value, isOverridden) = option.listed(in: profile)
      return Listed(
        name: name, value: value, help: helps[name] ?? "", isOverridden: isOverridden)
    }
  }

  /// `maximumWidth` is `--maximum-width`.
  static func flagName(_ property: String) -> String {
    property.reduce(into: "") { name, letter in
      if letter.isUppercase, !name.isEmpty { name += "-" }
      name += letter.lowercased()
    }
  }
}

/// A setting whose value can be listed without knowing its type.
private protocol ListedSetting {
  func listed(in profile: Profile) -> (value: String, isOverridden: Bool)
}

private protocol AnyProfiled {
  func listed(in profile: Profile) -> (value: String, isOverridden: Bool)
}

extension Profiled: AnyProfiled {
  fileprivate func listed(in profile: Profile) -> (value: String, isOverridden: Bool) {
    (self[profile].settingText, given != nil)
  }
}

extension Option: ListedSetting where Value: AnyProfiled {
  fileprivate func listed(in profile: Profile) -> (value: String, isOverridden: Bool) {
    wrappedValue.listed(in: profile)
  }
}

/// The help lines of flags, from ArgumentParser's own description of a command.
private struct HelpTexts: Decodable {
  var command: Command

  struct Command: Decodable { var arguments: [Argument]? }

  struct Argument: Decodable {
    var preferredName: Name?
    var abstract: String?
  }

  struct Name: Decodable { var name: String }

  static func read(from json: String) -> [String: String] {
    guard let texts = try? JSONDecoder().decode(HelpTexts.self, from: Data(json.utf8)) else {
      return [:]
    }
    let pairs = (texts.command.arguments ?? []).compactMap { argument in
      argument.preferredName.map { ($0.name, argument.abstract ?? "") }
    }
    return Dictionary(pairs) { first, _ in first }
  }
}
