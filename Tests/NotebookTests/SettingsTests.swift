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

struct CheckedSettings: ChapterSettings {
  @Option(help: "Seeds.")
  var seeds = Profiled(smoke: 1, course: 3, full: 5)
  @Option(help: "Widths.")
  var widths = Profiled([8, 16, 32])
  @Option(help: "Pairs.")
  var pairs = Profiled([32, 64])
  @Option(help: "Loads.")
  var loads = Profiled([0.5, 1])
  @Option(help: "Updates.")
  var updates = Profiled([30])
  @Option(help: "Doublings.")
  var doublings = Profiled(6)
  init() {}

  func validate() throws {
    try check("seeds", seeds, least: 1)
    try check("widths", widths, least: 2, in: 4...128)
    try check("pairs", pairs, in: 32...1000, multipleOf: 32)
    try check("loads", loads, least: 2, in: 0.1...1000)
    try checkPositive("updates", updates)
    try check("doublings", doublings, in: 5...20)
  }
}

struct CheckTests {
  static func message(_ arguments: [String]) -> String {
    do {
      _ = try Invocation<CheckedSettings>(arguments, title: SettingsTests.title)
      return "nothing wrong"
    } catch {
      guard case .usage(let text) = error else { return "\(error)" }
      return String(text.split(separator: "\n")[0])
    }
  }

  /// Ends are included, and a text names the flag, what it takes and what was found.
  @Test(arguments: [
    (["--seeds", "1", "--widths", "4,128", "--pairs", "32", "--doublings", "5"], "nothing wrong"),
    (["--loads", "0.1,1000", "--updates", "1", "--doublings", "20"], "nothing wrong"),
    (["--seeds", "0"], "Error: --seeds must be at least 1; found 0."),
    (
      ["--widths", "8"],
      "Error: --widths takes at least 2 of the numbers from 4 to 128; found [8]."
    ),
    (
      ["--widths", "8,129"],
      "Error: --widths takes at least 2 of the numbers from 4 to 128; found [8, 129]."
    ),
    (
      ["--pairs", "48"],
      "Error: --pairs takes at least 1 of the multiples of 32 from 32 to 1000; found [48]."
    ),
    (
      ["--loads", "0.01,1"],
      "Error: --loads takes at least 2 numbers from 0.1 to 1000; found [0.01, 1.0]."
    ),
    (["--updates", "0,5"], "Error: --updates takes one or more positive numbers; found [0, 5]."),
    (["--doublings", "4"], "Error: --doublings must lie in 5...20; found 4."),
  ])
  func whatCannotBeUsedIsRefused(arguments: [String], text: String) {
    #expect(Self.message(arguments) == text)
  }

  /// The smoke profile's default is wrong, though the profile that runs is another.
  struct WrongDefault: ChapterSettings {
    @Option(help: "Seeds.")
    var seeds = Profiled(smoke: 0, course: 3, full: 5)
    init() {}
    func validate() throws { try check("seeds", seeds, least: 1) }
  }

  @Test func aWrongDefaultIsFoundInEveryProfile() {
    #expect(throws: NotebookError.self) {
      try Invocation<WrongDefault>(["--profile", "full"], title: SettingsTests.title)
    }
  }
}
