public import Plotting

/// A page of a document: what stands where, in points, with the origin at the top left.
///
/// Like a scene it is plain data: its printer decides everything, drawing it decides nothing.
public struct BookPage: Sendable {
  /// The width in points.
  public var width: Double
  /// The height in points.
  public var height: Double
  /// The page's number as readers' programs show it.
  public var label: String
  /// What is on the page, the lowest first; text is read in this order.
  public var items: [Item]

  /// A page with the given items.
  public init(width: Double, height: Double, label: String, items: [Item] = []) {
    self.width = width
    self.height = height
    self.label = label
    self.items = items
  }

  /// Something on a page.
  public enum Item: Sendable {
    /// Text whose baseline begins at a place.
    case run(GlyphRun, Point, RGB)
    /// A filled rectangle; its corners may be round.
    case fill(Rect, RGB, radius: Double)
    /// The outline of a rectangle.
    case frame(Rect, RGB, width: Double, radius: Double)
    /// A figure with its upper left corner at a place, enlarged by a factor.
    case drawing(Drawing, Point, scale: Double)
    /// A place to click.
    case link(Rect, LinkTarget)
    /// A place that links of the document lead to.
    case destination(String, Point)
    /// What stands up to its `close` is one element of the document's structure, by the standard
    /// names (ISO 32000-1, 14.8.4): P, H1, Table, TR, TD... An element holds either others or text.
    case open(String)
    case close(String)
  }

  /// Where a link leads.
  public enum LinkTarget: Equatable, Sendable {
    /// To a destination of this document.
    case place(String)
    /// To an address.
    case address(String)
  }
}

/// An entry of the outline that readers' programs show beside the pages.
public struct OutlineEntry: Equatable, Sendable {
  /// The words.
  public var title: String
  /// The destination that it leads to.
  public var destination: String
  /// How deep it stands, from 0.
  public var level: Int
  /// Whether what stands below it is shown at first.
  public var isOpen: Bool

  /// An entry.
  public init(title: String, destination: String, level: Int, isOpen: Bool = false) {
    self.title = title
    self.destination = destination
    self.level = level
    self.isOpen = isOpen
  }
}

/// What a document says of itself.
public struct DocumentMetadata: Equatable, Sendable {
  /// The title.
  public var title: String
  /// Who wrote it; empty if it does not say.
  public var author: String
  /// What it is about.
  public var subject: String
  /// Words to find it by, separated by commas.
  public var keywords: String
  /// What made it.
  public var creator: String
  /// What it says of its age, as `2026-01-31T12:00:00Z`.
  public var date: String

  /// A description; the date is the same for all unless told, so that bytes can be compared.
  public init(
    title: String, author: String = "", subject: String = "", keywords: String = "",
    creator: String = "", date: String = "2000-01-01T00:00:00Z"
  ) {
    self.title = title
    self.author = author
    self.subject = subject
    self.keywords = keywords
    self.creator = creator
    self.date = date
  }
}
