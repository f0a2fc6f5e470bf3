/// Sets a drawing into a page: ids of its own, a size that yields to the page, a role for readers.
enum SVG {
  /// Why a text is no drawing; nil if it is one.
  static func fault(in svg: String) -> String? {
    guard let root = rootTag(svg) else { return "it has no <svg> element" }
    guard svg.hasSuffixIgnoringSpace("</svg>") else { return "it does not end with </svg>" }
    if attributes(root.text).first(where: { $0.name == "viewBox" }) == nil {
      return "its <svg> element has no viewBox"
    }
    return nil
  }

  /// The drawing without declaration and comments before its root, ids beginning with `prefix`.
  ///
  /// Its width in the page is left to the page's style sheet.
  static func inlined(_ svg: String, prefix: String, label: String) -> String {
    guard let root = rootTag(svg) else { return "" }
    var tag = "<svg"
    let dropped = ["width", "height", "role", "aria-label", "aria-labelledby", "aria-describedby"]
    var names: Set<String> = []
    for attribute in attributes(root.text) where !dropped.contains(attribute.name) {
      // An XML declaration may be repeated in a page, but an attribute may not.
      if names.insert(attribute.name).inserted {
        tag += " \(attribute.name)=\"\(attribute.value)\""
      }
    }
    tag += " role=\"img\" aria-label=\"\(HTML.attribute(label))\">"
    var body = String(svg[root.end...])
    while let last = body.last, last.isWhitespace { body.removeLast() }
    return prefixed(tag + body, prefix: prefix)
  }

  /// Renames every id and every reference to one.
  static func prefixed(_ svg: String, prefix: String) -> String {
    let bytes = Array(svg.utf8)
    let lead = Array(prefix.utf8)
    // What stands before an id or a reference to one.
    let marks = [" id=\"", "url(#", "href=\"#"].map { Array($0.utf8) }
    var result: [UInt8] = []
    result.reserveCapacity(bytes.count + bytes.count / 8)
    var index = 0
    while index < bytes.count {
      let byte = bytes[index]
      if byte == 32 || byte == UInt8(ascii: "u") || byte == UInt8(ascii: "h"),
        let mark = marks.first(where: { bytes[index...].starts(with: $0) })
      {
        result += mark
        result += lead
        index += mark.count
      } else {
        result.append(byte)
        index += 1
      }
    }
    return String(decoding: result, as: UTF8.self)
  }

  private static func rootTag(_ svg: String) -> (text: Substring, end: String.Index)? {
    var rest = svg[...]
    while let open = rest.firstIndex(of: "<") {
      let tag = rest[open...]
      if tag.hasPrefix("<svg"), let close = tag.firstIndex(of: ">") {
        let text = tag[tag.index(open, offsetBy: 4)..<close]
        return (text, svg.index(after: close))
      }
      rest = rest[rest.index(after: open)...]
    }
    return nil
  }

  private static func attributes(_ tag: Substring) -> [(name: String, value: String)] {
    var result: [(name: String, value: String)] = []
    var rest = tag
    while let equals = rest.firstIndex(of: "=") {
      let name = rest[..<equals].filter { !$0.isWhitespace }
      rest = rest[rest.index(after: equals)...]
      guard let quote = rest.first, quote == "\"" || quote == "'",
        let close = rest.dropFirst().firstIndex(of: quote)
      else { break }
      result.append((String(name), String(rest[rest.index(after: rest.startIndex)..<close])))
      rest = rest[rest.index(after: close)...]
    }
    return result
  }
}

extension String {
  fileprivate func hasSuffixIgnoringSpace(_ suffix: String) -> Bool {
    var text = self[...]
    while let last = text.last, last.isWhitespace { text.removeLast() }
    return text.hasSuffix(suffix)
  }
}
