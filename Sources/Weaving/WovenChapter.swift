import Foundation
import Literate

/// A chapter ready for any printer: values filled in, figures in their places, all numbered.
public struct WovenChapter: Sendable {
  /// The source as it is named in messages.
  public var file: String
  /// The chapter's name as a command.
  public var slug: String
  /// The number of the chapter.
  public var number: Int
  /// The title with its mark-up.
  public var title: [Inline]
  /// The content in order.
  public var blocks: [WovenBlock]
  /// The footnotes in order of their numbers.
  public var footnotes: [Footnote]
  /// The claims in order of their numbers.
  public var claims: [WovenClaim]
  /// The works that the chapter cites, in the order of a list of references.
  public var references: [WovenReference]
  /// What the run left behind.
  public var record: ChapterRecord
  /// What the last run cost, where that is known.
  public var build: BuildRecord?
  /// The command that makes the chapter anew.
  public var command: String

  /// Whether the numbers are those of a quick trial of the program and prove nothing.
  public var isSmoke: Bool { record.profile == "smoke" }
}

/// A block of a woven chapter.
public indirect enum WovenBlock: Sendable {
  /// Prose whose values are filled in; never a listing, an aside, an exercise, a solution or a table
  /// with a caption.
  case prose(Block)
  /// A formula on its own line; its number is 0 if nothing refers to it by name.
  case equation(Equation, number: Int)
  case listing(Listing)
  case aside(title: String, line: Int, [WovenBlock])
  case exercise(anchor: String, number: Int, title: [Inline], [WovenBlock])
  case solution([WovenBlock])
  case figure(WovenFigure)
  case table(WovenTable)
  case claim(WovenClaim)
  case verdict(WovenClaim)
}

/// A figure in its place.
public struct WovenFigure: Sendable {
  /// What the run said about the figure.
  public var record: FigureRecord
  /// Its number in the chapter, counted from 1.
  public var number: Int
  /// The caption with its values.
  public var caption: [Inline]
  /// The drawing as it lies on disk.
  public var svg: String
  /// Its data as it lies on disk.
  public var csv: String
}

/// A table with a caption: one that the program showed, or one of the prose.
public struct WovenTable: Sendable {
  /// What the run said about the table; of a table in prose, its name and columns only.
  public var record: TableRecord
  /// Its number in the chapter, counted from 1.
  public var number: Int
  /// The caption with its values.
  public var caption: [Inline]
  /// The titles of the columns.
  public var header: [[Inline]]
  /// The cells, row by row.
  public var rows: [[[Inline]]]
}

/// A claim with its verdict.
public struct WovenClaim: Sendable {
  /// What the run said about the claim.
  public var record: ClaimRecord
  /// Its number in the chapter, counted from 1.
  public var number: Int
  /// The claim with its values.
  public var statement: [Inline]
  /// What theory predicts; empty if it is silent.
  public var theory: [Inline]
  /// The decision rule.
  public var rule: [Inline]
  /// The ground of the verdict; empty if there is none.
  public var reason: [Inline]
  /// The verdict; a claim that was not judged says so.
  public var verdict: Verdict { record.verdict ?? .notJudged }
}
