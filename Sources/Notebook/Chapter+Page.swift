import Foundation
import Weaving

extension Chapter {
  /// Weaves source and record into the chapter's page; returns its place.
  func weave() throws -> URL {
    let page = folder.file("index.html")
    try Weaver.weaveChapter(
      source: URL(fileURLWithPath: sourceFile), recordFolder: folder.url, to: page)
    return page
  }
}
