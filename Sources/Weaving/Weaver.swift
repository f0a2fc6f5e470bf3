import Foundation
import Literate

/// Where a chapter lies: its source, and the folder that its run filled.
public struct ChapterFiles: Equatable, Sendable {
  /// The chapter's `main.swift`.
  public var source: URL
  /// The folder of `record.json` and the figures; it has the chapter's name as a command.
  public var recordFolder: URL

  /// The chapter's name as a command.
  public var name: String { recordFolder.lastPathComponent }

  /// Creates a description of a chapter's place.
  public init(source: URL, recordFolder: URL) {
    self.source = source
    self.recordFolder = recordFolder
  }
}

/// A file that was written.
public struct WovenOutput: Equatable, Sendable {
  /// What it is, by its ending: `html` or `pdf`.
  public var kind: String { url.pathExtension }
  /// Where the file is.
  public var url: URL
  /// Its size.
  public var bytes: Int
  /// The time from reading the source to having the file's bytes; reading is shared by all files.
  public var milliseconds: Double

  init(url: URL, bytes: Int, took time: Duration) {
    self.url = url
    self.bytes = bytes
    milliseconds = time / .milliseconds(1)
  }
}

/// Makes pages from chapters and the records of their runs.
///
/// A page is written beside its place and renamed, and only if all of it could be made. Equal
/// sources and records give equal bytes.
public enum Weaver {
  /// Weaves one chapter into a page of its own.
  @discardableResult
  public static func weaveChapter(
    source: URL, recordFolder: URL, to url: URL, fonts: FontEmbedding = .book
  ) throws(WeavingError) -> WovenOutput {
    let begin = ContinuousClock.now
    let chapter = try chapter(ChapterFiles(source: source, recordFolder: recordFolder))
    let page = try chapterPage(chapter, fonts: fonts)
    return try write(Data(page.utf8), to: url, took: begin.duration(to: .now))
  }

  /// Weaves some chapters into pages of their own, `index.html` beside each record; nothing is
  /// written before all could be made.
  public static func weavePages(
    of chapters: [ChapterFiles], fonts: FontEmbedding = .book
  ) throws(WeavingError) -> [WovenOutput] {
    var made: [(data: Data, url: URL)] = []
    var outputs: [WovenOutput] = []
    for files in chapters {
      let begin = ContinuousClock.now
      let data = Data(try chapterPage(try chapter(files), fonts: fonts).utf8)
      let url = files.recordFolder.appendingPathComponent("index.html")
      made.append((data, url))
      outputs.append(
        WovenOutput(url: url, bytes: data.count, took: begin.duration(to: .now)))
    }
    try Files.write(made)
    return outputs
  }

  /// Weaves all chapters into one page that opens with the scorecard of their claims.
  @discardableResult
  public static func weaveReport(
    chapters files: [ChapterFiles], to url: URL, fonts: FontEmbedding = .book
  ) throws(WeavingError) -> WovenOutput {
    let begin = ContinuousClock.now
    let page = try reportPage(try chapters(files), fonts: fonts)
    return try write(Data(page.utf8), to: url, took: begin.duration(to: .now))
  }

  /// Weaves each chapter's own page, `index.html` beside its record, and then, if it is asked for,
  /// the page of all of them and, beside it with the ending `pdf`, the printed book.
  ///
  /// Nothing is written before everything could be made.
  public static func weave(
    chapters files: [ChapterFiles], report: URL?, fonts: FontEmbedding = .book
  ) throws(WeavingError) -> [WovenOutput] {
    let clock = ContinuousClock()
    let begin = clock.now
    let chapters = try chapters(files)
    // Every file needs all chapters to be read; each is charged its share.
    let reading = begin.duration(to: clock.now) / (files.count + (report == nil ? 0 : 2))
    var made: [(url: URL, data: Data, time: Duration)] = []
    func make(
      _ url: URL, _ content: () throws(WeavingError) -> Data
    ) throws(WeavingError) {
      let begin = clock.now
      let data = try content()
      made.append((url, data, begin.duration(to: clock.now) + reading))
    }
    for (files, chapter) in zip(files, chapters) {
      try make(files.recordFolder.appendingPathComponent("index.html")) {
        () throws(WeavingError) in Data(try chapterPage(chapter, fonts: fonts).utf8)
      }
    }
    if let report {
      try make(report) {
        () throws(WeavingError) in Data(try reportPage(chapters, fonts: fonts).utf8)
      }
      try make(report.deletingPathExtension().appendingPathExtension("pdf")) {
        () throws(WeavingError) in Data(try bookPDF(chapters))
      }
    }
    try Files.write(made.map { ($0.data, $0.url) })
    return made.map { WovenOutput(url: $0.url, bytes: $0.data.count, took: $0.time) }
  }

  /// Reads and joins what belongs to one chapter, without printing it.
  public static func chapter(_ files: ChapterFiles) throws(WeavingError) -> WovenChapter {
    var input = try read(files, bibliography: try bibliography(beside: files))
    input.chapters = Library.siblings(of: files.source)
    return try ChapterWeave.weave(input)
  }

  /// Reads and joins the chapters of a book, which may refer to one another.
  public static func chapters(_ files: [ChapterFiles]) throws(WeavingError) -> [WovenChapter] {
    var inputs: [ChapterWeave.Input] = []
    var bibliographies: [URL: Bibliography] = [:]
    for files in files {
      let place = bibliographyFile(beside: files)
      if bibliographies[place] == nil {
        bibliographies[place] = try bibliography(beside: files)
      }
      let bibliography = bibliographies[place] ?? Bibliography(file: place.relativePath)
      let input = try read(files, bibliography: bibliography)
      // In a book a folder's name is the command that fills it; a page alone may lie anywhere.
      guard input.record.chapter == files.name else {
        throw .wrongChapter(
          path: files.recordFolder.appendingPathComponent("record.json").relativePath,
          found: input.record.chapter, expected: files.name)
      }
      inputs.append(input)
    }
    let numbers = Dictionary(
      inputs.map { ($0.record.chapter, $0.record.number) }, uniquingKeysWith: { first, _ in first })
    var result: [WovenChapter] = []
    for var input in inputs {
      input.chapters = numbers
      result.append(try ChapterWeave.weave(input))
    }
    return result
  }

  /// The page of one chapter.
  public static func chapterPage(
    _ chapter: WovenChapter, fonts: FontEmbedding = .book
  ) throws(WeavingError) -> String {
    try PageTemplate.chapter(chapter, fonts: fonts)
  }

  /// The page of the whole book.
  ///
  /// Of the build it says what stays as long as the run store does, the time of training and the
  /// machine, and not when it was: equal records from one store give equal bytes, so that the page
  /// can be kept under version control. A chapter's own page says the rest.
  public static func reportPage(
    _ chapters: [WovenChapter], fonts: FontEmbedding = .book
  ) throws(WeavingError) -> String {
    try PageTemplate.report(chapters, fonts: fonts)
  }

  /// The bytes of the printed book; like the page of it, it says nothing of the build.
  public static func bookPDF(_ chapters: [WovenChapter]) throws(WeavingError) -> [UInt8] {
    try BookPrinter.bytes(chapters)
  }

  // MARK: - Files

  /// `references.bib` beside the folders of the chapters.
  private static func bibliographyFile(beside files: ChapterFiles) -> URL {
    files.source.deletingLastPathComponent().deletingLastPathComponent()
      .appendingPathComponent("references.bib")
  }

  /// The bibliography of a chapter; an empty one if there is no file.
  private static func bibliography(
    beside files: ChapterFiles
  ) throws(WeavingError) -> Bibliography {
    let url = bibliographyFile(beside: files)
    guard let text = try Files.text(url) else { return Bibliography(file: url.relativePath) }
    do {
      return try Bibliography.parse(text, file: url.relativePath)
    } catch {
      throw .source(error)
    }
  }

  private static func read(
    _ files: ChapterFiles, bibliography: Bibliography
  ) throws(WeavingError) -> ChapterWeave.Input {
    let command = ChapterWeave.command(chapter: files.name)
    guard let source = try Files.text(files.source) else {
      throw .missingSource(path: files.source.relativePath)
    }
    let recordURL = files.recordFolder.appendingPathComponent("record.json")
    let path = recordURL.relativePath
    guard FileManager.default.fileExists(atPath: recordURL.path) else {
      throw .missingRecord(path: path, command: command)
    }
    let record: ChapterRecord
    do {
      record = try ChapterRecord.read(from: recordURL)
    } catch {
      if let found = try? JSONDecoder().decode(Schema.self, from: Data(contentsOf: recordURL)),
        found.schema != ChapterRecord.currentSchema
      {
        throw .wrongSchema(path: path, found: found.schema, command: command)
      }
      throw .unreadableRecord(path: path, reason: Self.reason(error), command: command)
    }
    guard record.schema == ChapterRecord.currentSchema else {
      throw .wrongSchema(path: path, found: record.schema, command: command)
    }
    let document: Document
    do {
      document = try ChapterSource.parse(source, file: files.source.relativePath)
    } catch {
      throw .source(error)
    }
    let build = try? BuildRecord.read(from: files.recordFolder.appendingPathComponent("build.json"))
    return ChapterWeave.Input(
      document: document, record: record, build: build, folder: files.recordFolder,
      bibliography: bibliography)
  }

  private struct Schema: Decodable { var schema: Int }

  /// What was wrong with the JSON, in words.
  private static func reason(_ error: any Error) -> String {
    func path(_ context: DecodingError.Context) -> String {
      context.codingPath.map { $0.intValue.map { "[\($0)]" } ?? ".\($0.stringValue)" }.joined()
    }
    return switch error as? DecodingError {
    case .keyNotFound(let key, let context): "'\(key.stringValue)' is missing at '\(path(context))'"
    case .typeMismatch(let type, let context): "'\(path(context))' should be a \(type)"
    case .valueNotFound(_, let context): "'\(path(context))' is null"
    case .dataCorrupted(let context):
      context.codingPath.isEmpty ? "it is not JSON" : "'\(path(context))' cannot be right"
    default: "\(error)"
    }
  }

  static func write(
    _ data: Data, to url: URL, took time: Duration
  ) throws(WeavingError) -> WovenOutput {
    try Files.write(data, to: url)
    return WovenOutput(url: url, bytes: data.count, took: time)
  }
}
