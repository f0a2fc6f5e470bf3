/// The works that a book cites, read from a BibTeX file.
public struct Bibliography: Equatable, Sendable {
  /// The file that it was read from, as it is named in messages.
  public var file: String
  /// The works in the order of the file.
  public var works: [Work]

  /// A person or a body that wrote a work.
  public struct Author: Equatable, Sendable {
    /// What the work is sorted and quoted by.
    public var family: String
    /// The other names; empty for a body.
    public var given: String

    /// The other names as initials: "Sam" is "S.", "Jean-Luc" is "J.-L.".
    public var initials: String {
      given.split(separator: " ").map { word in
        word.split(separator: "-").compactMap(\.first).map { "\($0)." }.joined(separator: "-")
      }.joined(separator: "\u{00A0}")
    }
  }

  /// An entry of the bibliography.
  public struct Work: Equatable, Sendable {
    /// What prose cites it by.
    public var key: String
    /// The kind of the entry in lower case, for example `article`.
    public var kind: String
    /// The authors that the entry names.
    public var authors: [Author]
    /// Whether the entry says that there are more ("and others").
    public var hasOthers: Bool
    /// The year, four digits.
    public var year: String
    /// The letter that tells works of the same authors and year apart; empty if it needs none.
    public var letter: String
    /// The title.
    public var title: String
    /// All fields with their names in lower case; braces are taken off.
    public var fields: [String: String]
    /// The line of the file where the entry begins.
    public var line: Int

    /// How running text names the authors: "Pearce and Song", "Kaplan et al."
    public var shortAuthors: String {
      if hasOthers || authors.count > 2 { return "\(authors[0].family) et\u{00A0}al." }
      return authors.map(\.family).joined(separator: " and ")
    }

    /// The year with its letter.
    public var label: String { year + letter }

    /// The number in arXiv, for example "2001.08361"; nil if the entry names none.
    public var arxiv: String? {
      guard let number = fields["eprint"] else { return nil }
      let archive = fields["archiveprefix"] ?? fields["eprinttype"] ?? "arXiv"
      return archive.lowercased() == "arxiv" ? number : nil
    }

    /// Where the work can be read; nil if the entry does not say.
    public var address: String? {
      if let arxiv { return "https://arxiv.org/abs/\(arxiv)" }
      if let doi = fields["doi"] { return "https://doi.org/\(doi)" }
      return fields["url"]
    }
  }

  /// A bibliography of the given works.
  public init(file: String, works: [Work] = []) {
    self.file = file
    self.works = works
  }

  /// The work of a key.
  public subscript(key: String) -> Work? { works.first { $0.key == key } }

  /// Reads a BibTeX file in UTF-8.
  ///
  /// Understood are entries `@kind{key, field = {value}, field = "value", field = 2020}` with nested
  /// braces, comments outside entries, and lines that begin with `%`. TeX's commands, `@string` and
  /// `#` are not: write the characters themselves. Every entry needs `author`, `title` and `year`.
  ///
  /// - Parameters:
  ///   - text: The whole file.
  ///   - file: The file's name as messages should give it.
  public static func parse(_ text: String, file: String) throws(LiterateError) -> Bibliography {
    var parser = BibTeXParser(text, file: file)
    var works: [Work] = []
    var lines: [String: Int] = [:]
    while let entry = try parser.next() {
      func fault(_ problem: LiterateError.Problem) -> LiterateError {
        LiterateError(problem, at: SourceLocation(file: file, line: entry.line))
      }
      func field(_ name: String) throws(LiterateError) -> String {
        guard let value = entry.fields[name], !value.isEmpty else {
          throw fault(.missingField(name, entry: entry.key))
        }
        return value
      }
      guard Citation.isKey(entry.key) else { throw fault(.badKey(entry.key)) }
      if let first = lines[entry.key] {
        throw fault(.duplicateEntry(entry.key, firstLine: first))
      }
      lines[entry.key] = entry.line
      let year = try field("year")
      guard year.utf8.count == 4, Int(year) != nil else {
        throw fault(.badYear(year, entry: entry.key))
      }
      let names = entry.authors
      let authors = names.filter { $0 != "others" }.map(author)
      if authors.isEmpty { throw fault(.missingField("author", entry: entry.key)) }
      works.append(
        Work(
          key: entry.key, kind: entry.kind, authors: authors, hasOthers: names.contains("others"),
          year: year, letter: "", title: try field("title"), fields: entry.fields,
          line: entry.line))
    }
    // Letters go by the order of the file, so that a new citation changes no other.
    var table: [String: [Int]] = [:]
    for (index, work) in works.enumerated() {
      table["\(work.shortAuthors) \(work.year)", default: []].append(index)
    }
    for indices in table.values where indices.count > 1 {
      for (position, index) in indices.enumerated() {
        works[index].letter = String(Unicode.Scalar(UInt8(ascii: "a") + UInt8(position % 26)))
      }
    }
    return Bibliography(file: file, works: works)
  }

  /// "Family, Given" or "Given Family"; small words such as "de" belong to the family.
  private static func author(_ name: String) -> Author {
    let halves = name.split(separator: ",", maxSplits: 1).map { BibTeXParser.tidy(String($0)) }
    if halves.count == 2 { return Author(family: halves[0], given: halves[1]) }
    let isBody = name.hasPrefix("{") && name.hasSuffix("}")
    let words = BibTeXParser.tidy(name).split(separator: " ").map(String.init)
    if isBody || words.count < 2 {
      return Author(family: words.joined(separator: " "), given: "")
    }
    let particle = words.dropFirst().dropLast().firstIndex { $0.first?.isLowercase ?? false }
    let start = particle ?? words.count - 1
    return Author(
      family: words[start...].joined(separator: " "),
      given: words[..<start].joined(separator: " "))
  }
}

/// Reads the entries of a BibTeX file one after the other.
struct BibTeXParser {
  struct Entry {
    var kind: String
    var key: String
    /// Values without braces, except for names of authors, which need theirs.
    var fields: [String: String] = [:]
    var authors: [String] = []
    var line: Int
  }

  private let file: String
  private let scalars: [Unicode.Scalar]
  private var position = 0
  private var line = 1

  init(_ text: String, file: String) {
    self.file = file
    scalars = Array(text.unicodeScalars)
  }

  private var current: Unicode.Scalar? { position < scalars.count ? scalars[position] : nil }

  private mutating func advance() {
    if current == "\n" { line += 1 }
    position += 1
  }

  private mutating func skipSpace() {
    while let scalar = current, scalar.properties.isWhitespace { advance() }
  }

  private func fault(_ expected: String) -> LiterateError {
    let rest = scalars[min(position, scalars.count)...].prefix { $0 != "\n" }.prefix(24)
    var found = ""
    found.unicodeScalars.append(contentsOf: rest)
    return LiterateError(
      .badEntry(found.isEmpty ? "the end" : found, expected: expected),
      at: SourceLocation(file: file, line: line))
  }

  private mutating func expect(_ scalar: Unicode.Scalar) throws(LiterateError) {
    skipSpace()
    guard current == scalar else { throw fault("'\(scalar)'") }
    advance()
  }

  /// Letters, digits and the signs that stand in names of entries and fields.
  private mutating func word() -> String {
    skipSpace()
    var word = ""
    while let scalar = current,
      scalar.properties.isAlphabetic || scalar.properties.numericType != nil
        || "-_:.+/".unicodeScalars.contains(scalar)
    {
      word.unicodeScalars.append(scalar)
      advance()
    }
    return word
  }

  /// The next entry; nil at the end of the file. What stands between entries is comment.
  mutating func next() throws(LiterateError) -> Entry? {
    var isLineStart = true
    while let scalar = current, scalar != "@" {
      if scalar == "%", isLineStart {
        while let scalar = current, scalar != "\n" {
          _ = scalar
          advance()
        }
      } else {
        isLineStart = scalar == "\n" || (isLineStart && scalar.properties.isWhitespace)
        advance()
      }
    }
    guard current != nil else { return nil }
    let start = line
    advance()
    let kind = word().lowercased()
    guard !kind.isEmpty else { throw fault("a kind of entry such as 'article'") }
    try expect("{")
    let key = word()
    guard !key.isEmpty else { throw fault("the entry's key") }
    var entry = Entry(kind: kind, key: key, line: start)
    skipSpace()
    while current != "}" {
      try expect(",")
      skipSpace()
      if current == "}" { break }
      let name = word().lowercased()
      guard !name.isEmpty else { throw fault("the name of a field") }
      try expect("=")
      let value = try value()
      entry.fields[name] = Self.tidy(value)
      if name == "author" { entry.authors = Self.names(value) }
      skipSpace()
    }
    advance()
    return entry
  }

  private mutating func value() throws(LiterateError) -> String {
    skipSpace()
    guard let open = current, open == "{" || open == "\"" else {
      let plain = word()
      guard !plain.isEmpty else { throw fault("a value in braces") }
      return plain
    }
    let start = (position, line)
    advance()
    var depth = 0
    var text = ""
    while let scalar = current {
      if depth == 0, scalar == (open == "{" ? "}" : "\"") {
        advance()
        return text
      }
      if scalar == "{" { depth += 1 }
      if scalar == "}" { depth -= 1 }
      text.unicodeScalars.append(scalar)
      advance()
    }
    (position, line) = start
    throw fault("a value that is closed")
  }

  /// One space between words, no braces.
  static func tidy(_ value: String) -> String {
    value.filter { $0 != "{" && $0 != "}" }.split { $0.isWhitespace }.joined(separator: " ")
  }

  /// The names between the words "and" outside braces.
  private static func names(_ value: String) -> [String] {
    var names: [String] = []
    var words: [Substring] = []
    var depth = 0
    func join() {
      if !words.isEmpty { names.append(words.joined(separator: " ")) }
      words = []
    }
    for word in value.split(whereSeparator: \.isWhitespace) {
      if word == "and", depth == 0 {
        join()
      } else {
        words.append(word)
      }
      depth += word.count { $0 == "{" } - word.count { $0 == "}" }
    }
    join()
    return names
  }
}
