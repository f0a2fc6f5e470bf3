// What a chapter's run leaves behind, and all that the weaver knows about it.

/// Everything that one run of a chapter measured and showed; stored as `record.json`.
///
/// It is the same on every rebuild of the same profile: what varies (seconds, machine, date) stands
/// in `BuildRecord`.
public struct ChapterRecord: Codable, Equatable, Sendable {
  /// The version of this format.
  public static let currentSchema = 1

  /// The version that this record has.
  public var schema = Self.currentSchema
  /// The chapter's name as a command, for example `power-law-error`.
  public var chapter: String
  /// The number of the chapter in the book, from 1.
  public var number: Int
  /// The title as plain text.
  public var title: String
  /// `smoke`, `course` or `full`.
  public var profile: String
  /// The settings of this run, rendered as a flag's value, in order of declaration.
  public var settings: [Setting]
  /// The claims in the order in which they were made.
  public var claims: [ClaimRecord]
  /// The values in the order in which they were recorded.
  public var values: [ValueRecord]
  /// The figures in the order in which they were shown.
  public var figures: [FigureRecord]
  /// The tables in the order in which they were shown.
  public var tables: [TableRecord]
  /// Where the numbers come from.
  public var provenance: Provenance

  /// A setting of the run.
  public struct Setting: Codable, Equatable, Sendable {
    /// The flag, for example `--widths`.
    public var name: String
    /// The value as one would write it behind the flag.
    public var value: String
    /// What the setting means.
    public var help: String
    /// Creates a setting.
    public init(name: String, value: String, help: String) {
      self.name = name
      self.value = value
      self.help = help
    }
  }

  /// Creates a record.
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
  /// The sentence that makes the claim.
  public var quotation: String
  /// Where the sentence was said.
  public var source: String
  /// What theory predicts, with its citation.
  public var theory: String
  /// The decision rule, fixed before the runs.
  public var rule: String
  /// The verdict; nil counts as not judged.
  public var verdict: Verdict?
  /// One sentence: the measured ground of the verdict, or its limit.
  public var reason: String
  /// The line of the source that makes the claim.
  public var line: Int
  /// The line of the judgement; nil if there was none.
  public var verdictLine: Int?

  /// Creates a claim.
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
  /// A short name, unique in the chapter: letters, digits, `-` and `_`.
  public var name: String
  /// The value itself.
  public var value: Double
  /// The lower bound of the interval, if there is one.
  public var low: Double?
  /// The upper bound.
  public var high: Double?
  /// The level of the interval.
  public var level: Double?
  /// What theory predicts, if it does.
  public var theory: Double?
  /// The unit as it is printed behind the number, for example `nats`; empty for a pure number.
  public var unit: String
  /// Significant digits in print; 0 for an exact count, printed in full.
  public var digits: Int
  /// Printed as a percentage.
  public var percent: Bool
  /// The value, if it is a word rather than a number; `value` is then 0.
  public var text: String?
  /// Recorded for readers of the file: no prose need quote it.
  public var quiet: Bool
  /// The line of the source that recorded it.
  public var line: Int

  /// Creates a value.
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
  /// The width in points.
  public var width: Double
  /// The height in points.
  public var height: Double
  /// The line of the source that showed it.
  public var line: Int

  /// Creates a figure.
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
  /// A short name, unique among the tables of the chapter.
  public var name: String
  /// CommonMark with math; may quote values as `\(name)`.
  public var caption: String
  /// The columns from left to right.
  public var columns: [Column]
  /// The cells, row by row, one a column.
  public var rows: [[String]]
  /// The line of the source that showed it.
  public var line: Int

  /// A column of a table.
  public struct Column: Codable, Equatable, Sendable {
    /// How a column is set.
    public enum Alignment: String, Codable, Sendable { case leading, center, trailing }
    /// The title, CommonMark with math.
    public var title: String
    /// How the cells are set.
    public var alignment: Alignment
    /// Creates a column; numbers are set to the right.
    public init(_ title: String, alignment: Alignment = .trailing) {
      self.title = title
      self.alignment = alignment
    }
  }

  /// Creates a table.
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
  /// The version of the trainer that trained everything.
  public var trainerVersion: Int
  /// Trial types with their versions and how many trials of each were used.
  public var trials: [TrialType]
  /// Trials that diverged or failed, with reasons.
  public var failures: [String]
  /// The seeds of all trials.
  public var seeds: [UInt64]
  /// Counted training FLOPs of all trials used, known or new.
  public var flops: Double
  /// Counted tokens of all trials used.
  public var tokens: Double

  /// A type of trials.
  public struct TrialType: Codable, Equatable, Sendable {
    /// The name in the store.
    public var name: String
    /// The version that was used.
    public var version: Int
    /// How many trials of it were used.
    public var count: Int
    /// Creates a description of a type of trials.
    public init(name: String, version: Int, count: Int) {
      self.name = name
      self.version = version
      self.count = count
    }
  }

  /// Creates a provenance.
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
  /// The day of the run.
  public var date: String
  /// The machine in words.
  public var machine: String
  /// The instruction set of the kernels.
  public var instructionSet: String
  /// How many trials ran at a time.
  public var workers: Int
  /// How long the run took.
  public var seconds: Double
  /// How many trials the store answered.
  public var known: Int
  /// How many trials were trained in this run.
  public var trained: Int
  /// Seconds that the stored trials took when they were trained, on whatever machine that was.
  public var trainingSeconds: Double

  /// Creates a record of a build.
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
