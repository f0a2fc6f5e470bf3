import Foundation

/// The chapters of a package: sources in `chapters/NN-name/main.swift`, records in `figures/name`.
public struct Library: Equatable, Sendable {
  /// The chapters in the order of their folders.
  public var chapters: [ChapterFiles]
  /// Where the report of all chapters goes.
  public var report: URL

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
      let parts = entry.split(separator: "-", maxSplits: 1)
      let source = URL(fileURLWithPath: "\(chaptersFolder)/\(entry)/main.swift")
      guard parts.count == 2, Int(parts[0]) != nil,
        FileManager.default.fileExists(atPath: source.path)
      else { continue }
      found.append(
        ChapterFiles(
          source: source, recordFolder: figuresFolder.appendingPathComponent(String(parts[1]))))
    }
    guard !found.isEmpty else { throw .noChapters(folder: chaptersFolder) }
    return Library(
      chapters: found, report: figuresFolder.appendingPathComponent("report.html"))
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
