import Foundation
import Testing

/// Compares text with the file `Golden/<name>.txt` beside this file.
///
/// A mismatch leaves what was found in `<name>.actual.txt`. `RECORD_GOLDEN=1 swift test` accepts all.
func expectGolden(_ text: String, _ name: String, sourceLocation: SourceLocation = #_sourceLocation)
{
  let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .appendingPathComponent("Golden")
  let file = folder.appendingPathComponent("\(name).txt")
  if ProcessInfo.processInfo.environment["RECORD_GOLDEN"] != nil {
    try? text.write(to: file, atomically: true, encoding: .utf8)
    return
  }
  let expected = (try? String(contentsOf: file, encoding: .utf8)) ?? ""
  if text == expected { return }
  let actual = folder.appendingPathComponent("\(name).actual.txt")
  try? text.write(to: actual, atomically: true, encoding: .utf8)
  let pairs = zip(
    text.split(separator: "\n", omittingEmptySubsequences: false),
    expected.split(separator: "\n", omittingEmptySubsequences: false))
  let difference =
    pairs.first { $0 != $1 }.map { "first difference: '\($0)' instead of '\($1)'" }
    ?? "one is longer"
  Issue.record(
    """
    \(name): the scene is not the recorded one (\(difference)). Compare \(file.path) with \
    \(actual.path); if the new one is right, run RECORD_GOLDEN=1 swift test --filter PlottingTests.
    """, sourceLocation: sourceLocation)
}
