import Foundation

/// The folder of one run's record, figures and page, and how files get there.
struct OutputFolder {
  let url: URL

  /// The committed record is written by nothing but a plain run of the course profile.
  init(
    packageRoot: URL, chapter: String, profile: Profile, isOverridden: Bool, out: String?
  ) {
    if let out {
      url = URL(fileURLWithPath: out, isDirectory: true)
    } else if isOverridden {
      url = packageRoot.appendingPathComponent(".runs/scratch/\(chapter)", isDirectory: true)
    } else if profile == .course {
      url = packageRoot.appendingPathComponent("figures/\(chapter)", isDirectory: true)
    } else {
      url = packageRoot.appendingPathComponent(
        ".runs/\(profile.rawValue)/\(chapter)", isDirectory: true)
    }
  }

  func file(_ name: String) -> URL { url.appendingPathComponent(name) }

  /// Writes a file beside its place and renames it; a file that is the same already is left alone.
  func write(_ bytes: Data, to name: String) throws(NotebookError) {
    let target = file(name)
    if let old = try? Data(contentsOf: target), old == bytes { return }
    do {
      try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
      try bytes.write(to: target, options: .atomic)
    } catch {
      throw .cannotWrite(path: target.path, reason: Self.reason(error))
    }
  }

  func remove(_ names: [String]) {
    for name in names { try? FileManager.default.removeItem(at: file(name)) }
  }

  private static func reason(_ error: any Error) -> String {
    let error = error as NSError
    if let below = error.userInfo[NSUnderlyingErrorKey] as? NSError {
      return String(cString: strerror(Int32(below.code)))
    }
    return error.localizedDescription
  }
}
