import ArgumentParser
import Laboratory
import Testing

@testable import Notebook

enum Optimiser: String, SettingValue, CaseIterable { case adam, sgd }

struct Settings: ChapterSettings {
  @Option(help: "Widths of the models.")
  var widths = Profiled(smoke: [8, 16], course: [8, 16, 32], full: [8, 16, 32, 64])
  @Option(help: "Seeds per cell.")
  var seeds = Profiled(smoke: 1, course: 3, full: 5)
  @Option(help: "Highest learning rate.")
  var maximumRate = Profiled(0.5)
  @Option(help: "The optimiser.")
  var optimiser = Profiled(Optimiser.adam)
  init() {}
}

struct SettingsTests {
  static let title = CommandTitle(name: "power-law-error", abstract: "Chapter 1: Error.")

  static func parse(_ arguments: String...) throws -> Invocation<Settings> {
    try Invocation<Settings>(arguments, title: title)
  }

  static func message(_ arguments: [String]) -> String {
    do {
      _ = try Invocation<Settings>(arguments, title: title)
      return "nothing wrong"
    } catch {
      guard case .usage(let text) = error else { return "\(error)" }
      return String(text.split(separator: "\n")[0])
    }
  }

  @Test func defaultsFollowTheProfile() throws {
    #expect(try Self.parse().settings.widths == [8, 16, 32])
    #expect(try Self.parse("--profile", "smoke").settings.widths == [8, 16])
    #expect(try Self.parse("--profile=full").settings.seeds == 5)
    #expect(try Self.parse("--profile=full").settings.maximumRate == 0.5)
    #expect(try !Self.parse("--profile=full", "--plan", "--why", "--workers", "1").isOverridden)
  }

  @Test func aFlagOverridesInEveryProfile() throws {
    for profile in Profile.allCases {
      let run = try Self.parse(
        "--profile", profile.rawValue, "--widths", "4, 5", "--maximum-rate", "1e-3")
      #expect(run.isOverridden)
      #expect(run.settings.widths == [4, 5])
      #expect(run.settings.maximumRate == 0.001)
      #expect(run.settings.optimiser == .adam)
      #expect(
        run.listing.map { "\($0.name)=\($0.value) \($0.isOverridden)" } == [
          "widths=4,5 true", "seeds=\(run.settings.seeds) false", "maximum-rate=0.001 true",
          "optimiser=adam false",
        ])
      #expect(run.listing[2].help == "Highest learning rate.")
    }
  }

  @Test(arguments: [
    (["--seeds", "1e3"], "1000"), (["--seeds", "12_800"], "12800"), (["--seeds", "0"], "0"),
  ])
  func wholeNumbersAreReadAsPeopleWriteThem(arguments: [String], value: String) throws {
    let run = try Invocation<Settings>(arguments, title: Self.title)
    #expect(run.listing[1].value == value)
  }

  /// Nothing is started by a wrong command line, and its text says what was meant.
  @Test(arguments: [
    (
      ["--widths", "8,x,32"],
      "Error: The value '8,x,32' is invalid for '--widths <widths>': 'x' is not a whole number."
    ),
    (
      ["--widths", "8,,32"],
      "Error: The value '8,,32' is invalid for '--widths <widths>': "
        + "a value is missing between the commas of '8,,32'."
    ),
    (
      ["--seeds", "1.5"],
      "Error: The value '1.5' is invalid for '--seeds <seeds>': '1.5' is not a whole number."
    ),
    (
      ["--maximum-rate", "nan"],
      "Error: The value 'nan' is invalid for '--maximum-rate <maximum-rate>': 'nan' is not a number."
    ),
    (
      ["--optimiser", "adma"],
      "Error: The value 'adma' is invalid for '--optimiser <optimiser>': "
        + "'adma' is not one of adam, sgd; did you mean 'adam'?"
    ),
    (["--wdths", "8"], "Error: Unknown option '--wdths'. Did you mean '--widths'?"),
    (
      ["--profile", "corse"],
      "Error: The profiles are smoke, course, full; 'corse' is none. Did you mean 'course'?"
    ),
    (["--workers", "0"], "Error: --workers must be at least 1; found 0."),
    (["--widths"], "Error: Missing value for '--widths <widths>'"),
    (["extra"], "Error: Unexpected argument 'extra'"),
  ])
  func aWrongCommandLineIsExplained(arguments: [String], text: String) {
    #expect(Self.message(arguments) == text)
  }

  @Test func helpListsSettingsWithTheirDefaults() {
    let error = #expect(throws: NotebookError.self) { try Self.parse("--help") }
    guard case .leave(let text) = error else {
      Issue.record("--help must leave, found \(String(describing: error))")
      return
    }
    #expect(text.contains("Chapter 1: Error."))
    #expect(text.contains("SETTINGS OF THIS CHAPTER"))
    let words = text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
    #expect(words.contains("(default: smoke 8,16; course 8,16,32; full 8,16,32,64)"))
    #expect(words.contains("Highest learning rate. (default: 0.5)"))
    #expect(error?.exitCode == 0)
    #expect(NotebookError.usage(text: "").exitCode == 64)
  }
}
