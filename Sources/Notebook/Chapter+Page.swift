import Foundation
import Weaving

extension Chapter {
  /// Weaves source and record into the chapter's page; returns its place.
  func weave() throws -> URL { folder.file("index.html") }
}
