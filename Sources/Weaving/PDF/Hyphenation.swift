import CairoRendering
import Foundation

/// Where words may be broken: Liang's algorithm over a table of patterns.
///
/// A pattern is letters with digits between them; a word may be broken where the largest digit of
/// all patterns that match there is odd (Liang 1983, *Word hy-phen-a-tion by com-put-er*, chapter 2).
struct Hyphenation: Sendable {
  /// The digits before, between and behind the letters of each pattern.
  private let patterns: [[UInt8]: [UInt8]]
  private let longest: Int
  private let least: (left: Int, right: Int)

  /// The file of the patterns, in Hunspell's format.
  static let fileName = "hyph_en_US.dic"
  /// The Debian package that has the file.
  static let package = "hyphen-en-us"
  private static let standardDirectory = "/usr/share/hyphen"

  private static let loaded = Result { () throws(WeavingError) in
    let folders = FontBook.defaultDirectories + [standardDirectory]
    for folder in folders {
      let path = "\(folder)/\(fileName)"
      guard let data = FileManager.default.contents(atPath: path) else { continue }
      return Hyphenation(dictionary: String(decoding: data, as: UTF8.self))
    }
    throw .missingPatterns(file: fileName, package: package, searched: [standardDirectory])
  }

  /// American English; read once.
  static func english() throws(WeavingError) -> Hyphenation { try loaded.get() }

  /// Reads a table: an encoding, settings in capitals, then one pattern a line.
  init(dictionary: String) {
    var patterns: [[UInt8]: [UInt8]] = [:]
    var least = (left: 2, right: 3)
    var longest = 0
    for (index, line) in dictionary.utf8.split(separator: UInt8(ascii: "\n")).enumerated() {
      var line = line
      while line.last == UInt8(ascii: "\r") || line.last == 32 { line.removeLast() }
      guard let first = line.first, index > 0, first != UInt8(ascii: "%") else { continue }
      if (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(first) {
        let words = String(decoding: line, as: UTF8.self).split(separator: " ")
        if words.count == 2, let value = Int(words[1]) {
          if words[0] == "LEFTHYPHENMIN" { least.left = value }
          if words[0] == "RIGHTHYPHENMIN" { least.right = value }
        }
        continue
      }
      // Entries with a slash change letters at the break, which English does not.
      if line.contains(UInt8(ascii: "/")) { continue }
      var letters: [UInt8] = []
      var digits: [UInt8] = [0]
      for byte in line {
        if (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) {
          digits[digits.count - 1] = byte - UInt8(ascii: "0")
        } else {
          letters.append(byte)
          digits.append(0)
        }
      }
      patterns[letters] = digits
      longest = max(longest, letters.count)
    }
    self.patterns = patterns
    self.longest = longest
    self.least = least
  }

  /// The numbers of letters after which a word may be broken, in ascending order.
  ///
  /// Words with anything but the letters of ASCII are left whole.
  /// - Complexity: O(n k) for n letters and patterns of at most k.
  func breaks(in word: String) -> [Int] {
    let letters = word.lowercased().utf8
    guard letters.count >= least.left + least.right + 1, word.utf8.count == letters.count,
      letters.allSatisfy({ (UInt8(ascii: "a")...UInt8(ascii: "z")).contains($0) })
    else { return [] }
    let dotted = [UInt8(ascii: ".")] + letters + [UInt8(ascii: ".")]
    var values = [UInt8](repeating: 0, count: dotted.count + 1)
    for start in dotted.indices {
      for end in (start + 1)...min(dotted.count, start + longest) {
        guard let digits = patterns[Array(dotted[start..<end])] else { continue }
        for (offset, digit) in digits.enumerated() {
          values[start + offset] = max(values[start + offset], digit)
        }
      }
    }
    // values[i + 1] stands before letter i.
    return (least.left...(letters.count - least.right)).filter { values[$0 + 1] % 2 == 1 }
  }
}
