/// The rules of HTML 5 and of MathML Core that pages could break, and those of this book.
///
/// Not all of HTML: what a page does not use is not allowed at all.
struct PageRules {
  let tree: PageTree

  /// Everything that is wrong, each with its line; empty for a valid page.
  var faults: [String] {
    if let fault = tree.fault { return [fault] }
    var faults: [String] = []
    for element in tree.elements {
      for fault in Self.faults(of: element) {
        faults.append("line \(element.line): <\(element.name)> \(fault)")
      }
    }
    return faults + wholeFaults + requests
  }

  // MARK: - Elements

  /// Elements that hold words; nothing of `flow` may stand within.
  private static let phrasing: Set<String> = [
    "p", "h1", "h2", "h3", "h4", "h5", "h6", "span", "em", "strong", "code", "sup", "sub", "cite",
    "summary", "button", "pre", "title", "dt",
  ]
  private static let flow: Set<String> = [
    "p", "h1", "h2", "h3", "h4", "h5", "h6", "div", "ul", "ol", "li", "dl", "dt", "dd", "table",
    "figure", "figcaption", "section", "article", "header", "footer", "nav", "main", "pre",
    "blockquote", "details", "summary", "hr",
  ]
  private static let interactive: Set<String> = ["a", "button", "details", "summary"]
  private static let head: Set<String> = ["html", "head", "body", "meta", "style", "script"]
  private static let void: Set<String> = ["br", "hr", "meta", "wbr"]
  private static let tables: Set<String> = ["thead", "tbody", "tr", "th", "td"]

  /// What an element may hold, where that is a short list.
  private static let children: [String: Set<String>] = [
    "html": ["head", "body"], "ul": ["li"], "ol": ["li"], "table": ["thead", "tbody"],
    "thead": ["tr"], "tbody": ["tr"], "tr": ["th", "td"], "dl": ["dt", "dd"],
    "head": ["meta", "title", "style"], "mtable": ["mtr"], "mtr": ["mtd"],
  ]
  /// Where an element may stand, where that is a short list.
  private static let parents: [String: Set<String>] = [
    "li": ["ul", "ol"], "tr": ["thead", "tbody"], "td": ["tr"], "th": ["tr"], "dt": ["dl"],
    "dd": ["dl"], "figcaption": ["figure"], "summary": ["details"], "thead": ["table"],
    "tbody": ["table"], "mtr": ["mtable"], "mtd": ["mtr"], "main": ["div", "body"],
  ]
  /// MathML Core with the number of children where it is fixed; nil for rows.
  private static let math: [String: Int?] = [
    "math": nil, "mrow": nil, "mi": 0, "mn": 0, "mo": 0, "mtext": 0, "mspace": 0, "mfrac": 2,
    "msqrt": nil, "mroot": 2, "msub": 2, "msup": 2, "msubsup": 3, "munder": 2, "mover": 2,
    "munderover": 3, "mtable": nil, "mtr": nil, "mtd": nil, "mpadded": nil, "mphantom": nil,
    "mstyle": nil,
  ]
  private static let drawing: Set<String> = [
    "svg", "g", "path", "circle", "use", "defs", "clipPath", "title", "desc",
  ]
  private static let global: Set<String> = [
    "id", "class", "style", "role", "tabindex", "title", "lang", "hidden",
  ]
  private static let attributes: [String: Set<String>] = [
    "a": ["href", "download"], "button": ["type"], "th": ["scope"], "ol": ["start"],
    "meta": ["charset", "name", "content"], "math": ["display", "xmlns"], "details": ["open"],
  ]

  private static func faults(of element: PageTree.Element) -> [String] {
    if element.name == "svg" || element.isWithin("svg") { return svgFaults(element) }
    if element.name == "math" || element.isWithin("math") { return mathFaults(element) }
    var faults: [String] = []
    let name = element.name
    let known = flow.union(phrasing).union(interactive).union(head).union(void).union(tables)
    if !known.contains(name) { faults.append("is no element of pages") }
    if flow.contains(name),
      let outer = element.ancestors.first(where: { phrasing.contains($0.name) }
      )
    {
      faults.append("stands within <\(outer.name)>, which holds words only")
    }
    if interactive.contains(name), name != "summary",
      let outer = element.ancestors.first(where: { ["a", "button"].contains($0.name) })
    {
      faults.append("stands within <\(outer.name)>")
    }
    if void.contains(name), !(element.children.isEmpty && element.wholeText.isEmpty) {
      faults.append("must be empty")
    }
    faults += familyFaults(element)
    for (attribute, value) in element.attributes.sorted(by: { $0.key < $1.key }) {
      let isKnown =
        global.contains(attribute) || attribute.hasPrefix("data-") || attribute.hasPrefix("aria-")
        || attributes[name]?.contains(attribute) == true
      if !isKnown { faults.append("has no attribute '\(attribute)'") }
      if attribute != "class", value.isEmpty { faults.append("has an empty '\(attribute)'") }
    }
    // Who comes here with the keyboard must be told where they are.
    if element.attributes["tabindex"] == "0",
      element.attributes["role"] == nil || element.attributes["aria-label"] == nil
    {
      faults.append("can have the focus, but neither role nor name")
    }
    switch name {
    case "dl":
      let names = element.children.map(\.name)
      if names.first != "dt" || names.last != "dd" { faults.append("must go from <dt> to <dd>") }
    case "details" where element.children.first?.name != "summary":
      faults.append("must begin with <summary>")
    case "figure":
      let places = element.children.indices.filter { element.children[$0].name == "figcaption" }
      if places.count != 1 || ![0, element.children.count - 1].contains(places[0]) {
        faults.append("needs one <figcaption>, first or last")
      }
    case "a", "button", "summary", "figcaption", "h1", "h2", "h3", "h4", "h5", "h6":
      let text = element.wholeText.filter { !$0.isWhitespace }
      if text.isEmpty, element.attributes["class"] != "place" { faults.append("says nothing") }
    case "tr":
      let table = element.ancestors.first { $0.name == "table" }
      let counts = Set(table?.all.filter { $0.name == "tr" }.map(\.children.count) ?? [])
      if counts.count > 1 { faults.append("stands in a table whose rows differ: \(counts)") }
    default: break
    }
    return faults
  }

  private static func familyFaults(_ element: PageTree.Element) -> [String] {
    var faults: [String] = []
    if let allowed = children[element.name] {
      for child in element.children where !allowed.contains(child.name) {
        faults.append("holds <\(child.name)>")
      }
      if element.text.contains(where: { !$0.isWhitespace }) { faults.append("holds bare text") }
    }
    if let allowed = parents[element.name], !allowed.contains(element.parent?.name ?? "") {
      faults.append("stands in <\(element.parent?.name ?? "")>")
    }
    return faults
  }

  private static func mathFaults(_ element: PageTree.Element) -> [String] {
    guard let arity = math[element.name] else { return ["is no element of MathML Core"] }
    var faults = familyFaults(element)
    if let arity, element.children.count != arity {
      faults.append("has \(element.children.count) parts, not \(arity)")
    }
    let isToken = ["mi", "mn", "mo", "mtext"].contains(element.name)
    let text = element.text.filter { !$0.isWhitespace }
    if isToken, element.text.isEmpty { faults.append("is empty") }
    if !isToken, !text.isEmpty { faults.append("holds bare text") }
    if element.name == "math",
      !["block", "inline"].contains(element.attributes["display"] ?? "inline")
    {
      faults.append("has an unknown display")
    }
    return faults
  }

  private static func svgFaults(_ element: PageTree.Element) -> [String] {
    if !drawing.contains(element.name) { return ["is no element of the book's drawings"] }
    guard element.name == "svg" else { return [] }
    var faults: [String] = []
    if element.attributes["role"] != "img" { faults.append("needs the role 'img'") }
    if (element.attributes["aria-label"] ?? "").count < 3 { faults.append("needs a label") }
    if element.attributes["viewBox"] == nil { faults.append("needs a viewBox") }
    return faults
  }

  // MARK: - The whole

  private var wholeFaults: [String] {
    var faults: [String] = []
    let ids = tree.ids
    let twice = Dictionary(grouping: ids) { $0 }.filter { $0.value.count > 1 }.keys.sorted()
    if !twice.isEmpty { faults.append("ids are used twice: \(twice.joined(separator: ", "))") }
    let known = Set(ids)
    for element in tree.elements {
      var targets: [String] = []
      if let href = element.attributes["href"], href.hasPrefix("#") {
        targets.append(String(href.dropFirst()))
      }
      for name in ["aria-controls", "aria-labelledby", "aria-describedby"] {
        targets += (element.attributes[name] ?? "").split(separator: " ").map(String.init)
      }
      if let clip = element.attributes["clip-path"] {
        targets.append(String(clip.dropFirst("url(#".count).dropLast()))
      }
      for target in targets where !known.contains(target) {
        faults.append("line \(element.line): '#\(target)' leads nowhere")
      }
    }
    let headings = tree.elements.compactMap { element -> Int? in
      element.name.count == 2 && element.name.hasPrefix("h") ? Int(element.name.dropFirst()) : nil
    }
    if headings.count(where: { $0 == 1 }) != 1 { faults.append("there must be one <h1>") }
    for (above, below) in zip(headings, headings.dropFirst()) where below > above + 1 {
      faults.append("<h\(below)> follows <h\(above)>")
    }
    if tree.root?.attributes["lang"] != "en" { faults.append("the page must say its language") }
    if tree.elements("main").count != 1 { faults.append("there must be one <main>") }
    if tree.elements("title").first?.wholeText.isEmpty ?? true { faults.append("no title") }
    return faults
  }

  /// Whatever would make a browser fetch something.
  private var requests: [String] {
    var faults: [String] = []
    for element in tree.elements {
      for name in ["src", "srcset", "data", "poster", "action", "background", "xlink:href"] {
        if let value = element.attributes[name] {
          faults.append("line \(element.line): \(name)=\"\(value.prefix(40))\"")
        }
      }
      if element.name != "a", let href = element.attributes["href"], !href.hasPrefix("#") {
        faults.append("line \(element.line): href=\"\(href.prefix(40))\"")
      }
      let css = (element.attributes["style"] ?? "") + (element.name == "style" ? element.text : "")
      for part in css.components(separatedBy: "url(").dropFirst()
      where !part.hasPrefix("data:") && !part.hasPrefix("#") {
        faults.append("line \(element.line): url(\(part.prefix(40))")
      }
      if css.contains("@import") { faults.append("line \(element.line): @import") }
      if element.name == "script" {
        for call in [
          "fetch", "XMLHttpRequest", "import(", "WebSocket", "sendBeacon", "EventSource",
        ]
        where element.text.contains(call) {
          faults.append("the script calls \(call)")
        }
      }
    }
    return faults
  }
}
