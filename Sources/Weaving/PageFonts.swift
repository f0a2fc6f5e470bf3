import CairoRendering
import Literate

/// A face that pages are set in.
public enum PageFont: String, CaseIterable, Sendable {
  case text, textItalic, textBold, sans, sansItalic, sansSemibold, mono, math

  /// The file that has the face.
  var file: BookFont {
    switch self {
    case .text: .textRegular
    case .textItalic: .textItalic
    case .textBold: .textBold
    case .sans: .sansRegular
    case .sansItalic: .sansItalic
    case .sansSemibold: .sansSemibold
    case .mono: .monoRegular
    case .math: .math
    }
  }

  /// The family's name in the page's style sheet.
  var family: String {
    switch self {
    case .text, .textItalic, .textBold: "Book"
    case .sans, .sansItalic, .sansSemibold: "Book Sans"
    case .mono: "Book Mono"
    case .math: "Book Math"
    }
  }

  var weight: Int {
    switch self {
    case .textBold: 700
    case .sansSemibold: 600
    default: 400
    }
  }

  var style: String { self == .textItalic || self == .sansItalic ? "italic" : "normal" }
}

/// Makes the fonts that stand inside a page.
public struct FontEmbedding: Sendable {
  /// The font file, OpenType, with the glyphs for these characters only, in ascending order.
  ///
  /// Characters that the face does not have are passed over.
  public var subset: @Sendable (PageFont, [Unicode.Scalar]) throws -> [UInt8]

  /// Embeds what a closure makes.
  public init(subset: @escaping @Sendable (PageFont, [Unicode.Scalar]) throws -> [UInt8]) {
    self.subset = subset
  }

  /// The fonts of the book, as the figures use them.
  public static let book = FontEmbedding { font, scalars in
    try FontSubset.make(font: font.file, scalars: Set(scalars))
  }

  /// Embeds nothing: the page takes what the reader's machine has.
  public static let none = FontEmbedding { _, _ in [] }
}

/// The characters that each kind of face must have for a page.
struct PageCharacters {
  var text: Set<Unicode.Scalar> = []
  /// What is set bold, and what is slanted within captions and tables: often nothing.
  var bold: Set<Unicode.Scalar> = []
  var slantedSans: Set<Unicode.Scalar> = []
  var code: Set<Unicode.Scalar> = []
  var math: Set<Unicode.Scalar> = []

  /// Collects the characters of a page by where they stand; drawings bring their own outlines.
  init(html: String) {
    var stack: [String] = []
    let bytes = Array(html.utf8)
    var index = 0
    while index < bytes.count {
      if bytes[index] == UInt8(ascii: "<") {
        let close = bytes[index...].firstIndex(of: UInt8(ascii: ">")) ?? bytes.count - 1
        Self.tag(bytes[(index + 1)..<close], stack: &stack)
        index = close + 1
      } else {
        let end = bytes[index...].firstIndex(of: UInt8(ascii: "<")) ?? bytes.count
        take(String(decoding: bytes[index..<end], as: UTF8.self), in: stack)
        index = end
      }
    }
    text.formUnion(Self.entities)
    code.formUnion(Self.entities)
  }

  /// Characters that stand in a page as entities or come from its style sheet and script.
  private static let entities = Set("<>&\"+−–→¶0123456789Copied".unicodeScalars)

  /// Elements that decide the face of what they hold.
  private static let deciding: Set<String> = [
    "pre", "code", "math", "svg", "style", "script", "strong", "em", "figcaption", "table", "dl",
  ]

  /// Elements that have a face of their own.
  private static let faces: Set<String> = ["pre", "code", "math", "svg", "style", "script"]

  private static func tag(_ tag: ArraySlice<UInt8>, stack: inout [String]) {
    let isClosing = tag.first == UInt8(ascii: "/")
    let letters = (isClosing ? tag.dropFirst() : tag).prefix {
      ($0 >= UInt8(ascii: "a") && $0 <= UInt8(ascii: "z"))
    }
    let name = String(decoding: letters, as: UTF8.self)
    guard deciding.contains(name), tag.last != UInt8(ascii: "/") else { return }
    if isClosing {
      if let open = stack.lastIndex(of: name) { stack.removeSubrange(open...) }
    } else {
      stack.append(name)
    }
  }

  private mutating func take(_ characters: String, in stack: [String]) {
    let scalars = characters.unicodeScalars.filter { $0.value > 32 || $0 == " " }
    if stack.contains("strong") { bold.formUnion(scalars) }
    if stack.contains("em"), !Set(stack).isDisjoint(with: ["figcaption", "table", "dl"]) {
      slantedSans.formUnion(scalars)
    }
    switch stack.last(where: Self.faces.contains) {
    case "math":
      for scalar in scalars {
        math.insert(scalar)
        // Browsers set a single letter in italics by taking the character of that alphabet.
        math.insert(MathAlphabet.scalar(scalar, .italic))
      }
      // Words within a formula are set in the text's face.
      text.formUnion(scalars)
    case "pre", "code": code.formUnion(scalars)
    case "svg", "style", "script": break
    default: text.formUnion(scalars)
    }
  }

  func scalars(for font: PageFont) -> [Unicode.Scalar] {
    let set =
      switch font {
      case .mono: code
      case .math: math
      case .textBold: bold
      case .sansItalic: slantedSans
      default: text
      }
    return set.sorted { $0.value < $1.value }
  }
}

extension PageFont {
  /// The rules that give a page its fonts; empty where nothing is to be embedded.
  static func faces(
    for characters: PageCharacters, embedding: FontEmbedding
  ) throws(WeavingError) -> String {
    var css = ""
    for font in allCases {
      let scalars = characters.scalars(for: font)
      if scalars.isEmpty { continue }
      let bytes: [UInt8]
      do {
        bytes = try embedding.subset(font, scalars)
      } catch {
        throw .fonts(reason: "\(error)")
      }
      if bytes.isEmpty { continue }
      css += "@font-face{font-family:\"\(font.family)\";font-weight:\(font.weight);"
      css += "font-style:\(font.style);font-display:block;"
      css += "src:url(data:font/otf;base64,\(Base64.encode(bytes))) format(\"opentype\")}\n"
    }
    return css
  }
}
