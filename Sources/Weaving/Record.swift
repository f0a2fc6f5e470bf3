// What a chapter's run leaves behind, and all that the weaver knows about it.

/// Everything that one run of a chapter measured and showed; stored as `record.json`.
///
/// It is the same on every rebuild of the same profile: what varies (seconds, machine, date) stands
/// in `BuildRecord`.
public struct ChapterRecord: Codable, Equatable, Sendable {
  /// The version of this format.
  public static let currentSchema = 1

  public var schema = Self.currentSchema
  /// The chapter's name as a command, for example `power-law-error`.
  public var chapter: String
  public var number: Int
  public var title: String
  /// `smoke`, `course` or `full`.
  public var profile: String
  /// The settings of this run, rendered as a flag's value, in order of declaration.
  public var settings: [Setting]
  public var claims: [ClaimRecord]
  public var values: [ValueRecord]
  public var figures: [FigureRecord]
  public var tables: [TableRecord]
  public var provenance: Provenance

  public struct Setting: Codable, Equatable, Sendable {
    public var name: String
    public var value: String
    public var help: String
    public init(name: String, value: String, help: String) {
      self.name = name
      self.value = value
      self.help = help
    }
  }

  public init(
    chapter: String, number: Int, title: String, profile: String, settings: [Setting] = [],
    claims: [ClaimRecord] = [], values: [ValueRecord] = [], figures: [FigureRecord] = [],
    tables: [TableRecord] = [], provenance: Provenance
  ) {
    self.chapter = chapter
    self.number = number
    self.title = title
    self.profile = profile
    self.settings = settings
    self.claims = claims
    self.values = values
    self.figures = figures
    self.tables = tables
    self.provenance = provenance
  }
}

/// How a claim fared under its decision rule.
public enum Verdict: String, Codable, Sendable, CaseIterable {
  case holds
  case holdsWithLimit
  case fails
  case notDecided
  case notJudged

  /// The verdict in words, for example "holds with a limit".
  public var words: String {
    switch self {
    case .holds: "holds"
    case .holdsWithLimit: "holds with a limit"
    case .fails: "fails"
    case .notDecided: "not decided"
    case .notJudged: "not judged"
    }
  }
}

/// A claim, its rule and its verdict.
public struct ClaimRecord: Codable, Equatable, Sendable {
  /// A short name, unique in the chapter.
  public var name: String
  /// The claim in our words, so that it can fail.
  public var statement: String
  /// The sentence that makes the claim, and where it was said.
  public var quotation: String
  public var source: String
  /// What theory predicts, with its citation.
  public var theory: String
  /// The decision rule, fixed before the runs.
  public var rule: String
  public var verdict: Verdict?
  /// One sentence: the measured ground of the verdict, or its limit.
  public var reason: String
  /// The lines of the chapter's source where the claim is made and judged.
  public var line: Int
  public var verdictLine: Int?

  public init(
    name: String, statement: String, quotation: String, source: String, theory: String,
    rule: String, verdict: Verdict? = nil, reason: String = "", line: Int,
    verdictLine: Int? = nil
  ) {
    self.name = name
    self.statement = statement
    self.quotation = quotation
    self.source = source
    self.theory = theory
    self.rule = rule
    self.verdict = verdict
    self.reason = reason
    self.line = line
    self.verdictLine = verdictLine
  }
}

/// A measured value that prose may quote as `\(name)`, `\(name.low)`, `\(name.theory)`...
public struct ValueRecord: Codable, Equatable, Sendable {
  public var name: String
  public var value: Double
  /// The bounds of the interval, if there is one, and its level (0.95).
  public var low: Double?
  public var high: Double?
  public var level: Double?
  /// What theory predicts, if it does.
  public var theory: Double?
  /// The unit as it is printed behind the number, for example `nats`; empty for a pure number.
  public var unit: String
  /// Significant digits in print.
  public var digits: Int
  /// Printed as a percentage.
  public var percent: Bool
  /// The value, if it is a word rather than a number; `value` is then 0.
  public var text: String?
  /// Recorded for readers of the file: no prose need quote it.
  public var quiet: Bool
  public var line: Int

  public init(
    name: String, value: Double, low: Double? = nil, high: Double? = nil, level: Double? = nil,
    theory: Double? = nil, unit: String = "", digits: Int = 3, percent: Bool = false,
    text: String? = nil, quiet: Bool = false, line: Int
  ) {
    self.name = name
    self.value = value
    self.low = low
    self.high = high
    self.level = level
    self.theory = theory
    self.unit = unit
    self.digits = digits
    self.percent = percent
    self.text = text
    self.quiet = quiet
    self.line = line
  }
}

/// A figure: files lie beside the record.
public struct FigureRecord: Codable, Equatable, Sendable {
  /// A short name, unique in the chapter; the file is `<name>.svg`, its data `<name>.csv`.
  public var name: String
  /// CommonMark with math; may quote values as `\(name)`.
  public var caption: String
  /// What the figure shows, for those who cannot see it, written from its data.
  public var alternativeText: String
  /// Size in points.
  public var width: Double
  public var height: Double
  public var line: Int

  public init(
    name: String, caption: String, alternativeText: String, width: Double, height: Double,
    line: Int
  ) {
    self.name = name
    self.caption = caption
    self.alternativeText = alternativeText
    self.width = width
    self.height = height
    self.line = line
  }
}

/// A table with its cells already formatted (CommonMark with math).
public struct TableRecord: Codable, Equatable, Sendable {
  public var name: String
  public var caption: String
  public var columns: [Column]
  public var rows: [[String]]
  public var line: Int

  public struct Column: Codable, Equatable, Sendable {
    public enum Alignment: String, Codable, Sendable { case leading, center, trailing }
    public var title: String
    public var alignment: Alignment
    public init(_ title: String, alignment: Alignment = .trailing) {
      self.title = title
      self.alignment = alignment
    }
  }

  public init(name: String, caption: String, columns: [Column], rows: [[String]], line: Int) {
    self.name = name
    self.caption = caption
    self.columns = columns
    self.rows = rows
    self.line = line
  }
}

/// Where the numbers come from.
public struct Provenance: Codable, Equatable, Sendable {
  public var trainerVersion: Int
  /// Trial types with their versions and how many trials of each were used.
  public var trials: [TrialType]
  /// Trials that diverged or failed, with reasons.
  public var failures: [String]
  public var seeds: [UInt64]
  /// Counted training FLOPs and tokens of all trials used, known or new.
  public var flops: Double
  public var tokens: Double

  public struct TrialType: Codable, Equatable, Sendable {
    public var name: String
    public var version: Int
    public var count: Int
    public init(name: String, version: Int, count: Int) {
      self.name = name
      self.version = version
      self.count = count
    }
  }

  public init(
    trainerVersion: Int, trials: [TrialType] = [], failures: [String] = [], seeds: [UInt64] = [],
    flops: Double = 0, tokens: Double = 0
  ) {
    self.trainerVersion = trainerVersion
    self.trials = trials
    self.failures = failures
    self.seeds = seeds
    self.flops = flops
    self.tokens = tokens
  }
}

/// What differs between two builds of the same record; stored as `build.json`, not committed.
public struct BuildRecord: Codable, Equatable, Sendable {
  public var date: String
  public var machine: String
  public var instructionSet: String
  public var workers: Int
  public var seconds: Double
  /// Trials answered from the store and trained in this run.
  public var known: Int
  public var trained: Int
  /// Seconds that the stored trials took when they were trained, on whatever machine that was.
  public var trainingSeconds: Double

  public init(
    date: String, machine: String, instructionSet: String, workers: Int, seconds: Double,
    known: Int, trained: Int, trainingSeconds: Double
  ) {
    self.date = date
    self.machine = machine
    self.instructionSet = instructionSet
    self.workers = workers
    self.seconds = seconds
    self.known = known
    self.trained = trained
    self.trainingSeconds = trainingSeconds
  }
}
