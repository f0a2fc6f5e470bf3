import Foundation

/// The chapters of a package: sources in `chapters/NN-name/main.swift`, records in `figures/name`.
public struct Library: Equatable, Sendable {
  /// The chapters in the order of their folders.
  public var chapters: [ChapterFiles]
  /// The folder of the records and the pages.
  public var figures: URL
  /// Where the report of all chapters goes.
  public var report: URL { figures.appendingPathComponent("report.html") }

  /// Finds the chapters of the package around a folder.
  ///
  /// - Parameters:
  ///   - chapters: The folder of the chapters' folders; nil for `chapters` in the package.
  ///   - figures: The folder of the records; nil for `figures` in the package.
  ///   - folder: Where the search for the package begins, upward.
  public static func find(
    chapters: String? = nil, figures: String? = nil,
    from folder: String = FileManager.default.currentDirectoryPath
  ) throws(WeavingError) -> Library {
    let root = chapters == nil || figures == nil ? try packageRoot(from: folder) : ""
    let chaptersFolder = chapters ?? root + "chapters"
    let figuresFolder = URL(fileURLWithPath: figures ?? root + "figures")
    var found: [ChapterFiles] = []
    let entries = (try? FileManager.default.contentsOfDirectory(atPath: chaptersFolder)) ?? []
    for entry in entries.sorted() {
      let source = URL(fileURLWithPath: "\(chaptersFolder)/\(entry)/main.swift")
      guard let (_, name) = numberAndName(entry),
        FileManager.default.fileExists(atPath: source.path)
      else { continue }
      found.append(
        ChapterFiles(source: source, recordFolder: figuresFolder.appendingPathComponent(name)))
    }
    guard !found.isEmpty else { throw .noChapters(folder: chaptersFolder) }
    return Library(chapters: found, figures: figuresFolder)
  }

  /// "02-name" as 2 and "name"; nil for other folders.
  private static func numberAndName(_ folder: String) -> (Int, String)? {
    let parts = folder.split(separator: "-", maxSplits: 1)
    guard parts.count == 2, let number = Int(parts[0]) else { return nil }
    return (number, String(parts[1]))
  }

  /// The chapters beside a source, itself included, by name; nil if it lies in no chapter's folder.
  static func siblings(of source: URL) -> [String: Int]? {
    let own = source.deletingLastPathComponent()
    guard numberAndName(own.lastPathComponent) != nil else { return nil }
    let folder = own.deletingLastPathComponent().path
    let entries = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    let known = entries.filter {
      FileManager.default.fileExists(atPath: "\(folder)/\($0)/main.swift")
    }
    return Dictionary(
      known.compactMap(numberAndName).map { ($0.1, $0.0) }, uniquingKeysWith: { first, _ in first })
  }

  /// The package's folder with a slash at its end, as short as it can be said from here.
  private static func packageRoot(from folder: String) throws(WeavingError) -> String {
    var path = ""
    var url = URL(fileURLWithPath: folder).standardizedFileURL
    while true {
      let manifest = url.appendingPathComponent("Package.swift")
      if FileManager.default.fileExists(atPath: manifest.path) {
        return folder == FileManager.default.currentDirectoryPath ? path : url.path + "/"
      }
      let parent = url.deletingLastPathComponent().standardizedFileURL
      if parent.path == url.path { throw .noPackageRoot(from: folder) }
      url = parent
      path += "../"
    }
  }
}
