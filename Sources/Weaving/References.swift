import Literate

/// A work in a list of references.
public struct WovenReference: Equatable, Sendable {
  /// The key of the bibliography's entry; links to `#ref:key` lead here.
  public var key: String
  /// The whole entry: authors, year, title, where it appeared, with links.
  public var text: [Inline]
  /// What the list is sorted by.
  var order: String

  /// The entry of a work.
  init(_ work: Bibliography.Work) {
    key = work.key
    order = work.authors.map { $0.family.lowercased() }.joined(separator: " ") + " " + work.label
    text = Self.entry(work)
  }

  /// "Kaplan, J., McCandlish, S., et al. (2020). *Title*. Journal. arXiv:2001.08361"
  private static func entry(_ work: Bibliography.Work) -> [Inline] {
    let names = work.authors.map {
      $0.given.isEmpty ? $0.family : "\($0.family), \($0.initials)"
    }
    var authors = names.joined(separator: ", ")
    if work.hasOthers {
      authors += ", et\u{00A0}al."
    } else if names.count > 1 {
      authors = names.dropLast().joined(separator: ", ") + " and " + names[names.count - 1]
    }
    var text: [Inline] = [.text("\(authors) (\(work.label)). "), .emphasis([.text(work.title)])]
    text.append(.text(work.title.hasSuffix("?") || work.title.hasSuffix("!") ? " " : ". "))
    if let place = place(work) { text.append(.text(place + ". ")) }
    if let address = work.address {
      let name =
        work.arxiv.map { "arXiv:\($0)" } ?? work.fields["doi"].map { "doi:\($0)" } ?? address
      text.append(.link(destination: address, [.text(name)]))
    }
    if case .text(let last)? = text.last { text[text.count - 1] = .text(trimmed(last)) }
    return text
  }

  private static func trimmed(_ text: String) -> String {
    var text = text
    while text.last == " " { text.removeLast() }
    return text
  }

  /// The journal, the proceedings or the publisher, with volume and pages.
  private static func place(_ work: Bibliography.Work) -> String? {
    let fields = work.fields
    let names = ["journal", "booktitle", "school", "institution", "howpublished", "publisher"]
    guard var place = names.lazy.compactMap({ fields[$0] }).first else { return nil }
    if let volume = fields["volume"] {
      place += " \(volume)" + (fields["number"].map { "(\($0))" } ?? "")
    }
    if let pages = fields["pages"] {
      place += ", " + pages.replacing("--", with: "–")
    }
    return place
  }
}

extension [WovenChapter] {
  /// The works that any of the chapters cites, in the order of a list of references.
  public var references: [WovenReference] {
    var keys: Set<String> = []
    return flatMap(\.references).filter { keys.insert($0.key).inserted }.sorted {
      ($0.order, $0.key) < ($1.order, $1.key)
    }
  }
}
