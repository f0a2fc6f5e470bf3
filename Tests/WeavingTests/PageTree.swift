import Foundation

#if canImport(FoundationXML)
  import FoundationXML
#endif

/// A page as a tree of elements; pages are well-formed XML.
final class PageTree: NSObject, XMLParserDelegate {
  /// An element with what it holds.
  final class Element {
    let name: String
    let attributes: [String: String]
    let line: Int
    weak var parent: Element?
    var children: [Element] = []
    /// The text directly within.
    var text = ""

    init(_ name: String, _ attributes: [String: String], line: Int, parent: Element?) {
      self.name = name
      self.attributes = attributes
      self.line = line
      self.parent = parent
    }

    var ancestors: some Sequence<Element> { sequence(first: self, next: \.parent).dropFirst() }

    /// This element and all within, in order.
    var all: [Element] { [self] + children.flatMap(\.all) }

    /// All text within.
    var wholeText: String { text + children.map(\.wholeText).joined() }

    func isWithin(_ name: String) -> Bool { ancestors.contains { $0.name == name } }
  }

  private(set) var root: Element?
  private(set) var fault: String?
  private var current: Element?

  init(_ page: String) {
    super.init()
    let parser = XMLParser(data: Data(page.utf8))
    parser.delegate = self
    if !parser.parse(), fault == nil {
      fault = "line \(parser.lineNumber): \(parser.parserError.map { "\($0)" } ?? "unknown")"
    }
  }

  var elements: [Element] { root?.all ?? [] }

  func elements(_ name: String) -> [Element] { elements.filter { $0.name == name } }

  var ids: [String] { elements.compactMap { $0.attributes["id"] } }

  func parser(
    _ parser: XMLParser, didStartElement name: String, namespaceURI: String?,
    qualifiedName: String?, attributes: [String: String]
  ) {
    let element = Element(name, attributes, line: parser.lineNumber, parent: current)
    current?.children.append(element)
    if root == nil { root = element }
    current = element
  }

  func parser(
    _ parser: XMLParser, didEndElement name: String, namespaceURI: String?, qualifiedName: String?
  ) {
    current = current?.parent
  }

  func parser(_ parser: XMLParser, foundCharacters text: String) { current?.text += text }
}
