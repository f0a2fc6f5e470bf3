/// A line of text in runs: upright or math italic, on the line, raised or lowered.
public struct RichText: Hashable, Sendable, Codable {
  /// A stretch of text in one style.
  public struct Run: Hashable, Sendable, Codable {
    /// The characters; a math italic run holds plain letters.
    public var text: String
    /// Set in the italic letters of formulas.
    public var isMath: Bool
    /// On the line, raised or lowered.
    public var script: Script

    /// A run of the given style.
    public init(_ text: String, isMath: Bool = false, script: Script = .none) {
      self.text = text
      self.isMath = isMath
      self.script = script
    }
  }

  /// Where a run stands.
  public enum Script: String, Hashable, Sendable, Codable {
    /// On the line.
    case none
    /// Raised and small.
    case superscript
    /// Lowered and small.
    case `subscript`
  }

  /// The runs from left to right; neighbours differ in style.
  public private(set) var runs: [Run] = []

  /// The text of the given runs.
  public init(runs: [Run]) {
    for run in runs { append(run) }
  }

  /// The text without mark-up.
  public init(verbatim text: String) {
    append(Run(text))
  }

  /// Whether there is nothing to draw.
  public var isEmpty: Bool { runs.isEmpty }

  /// The characters without their styles; raised numbers keep their height, other scripts are
  /// written `^` and `_`.
  public var plain: String {
    var result = ""
    var rest = runs[...]
    while let first = rest.first {
      // Neighbours at one height are one script, whatever their slant.
      let text = rest.prefix { $0.script == first.script }.map(\.text).joined()
      rest = rest.drop { $0.script == first.script }
      switch first.script {
      case .none: result += text
      case .superscript: result += Self.raised(text) ?? "^" + text
      case .subscript: result += "_" + text
      }
    }
    return result
  }

  private static func raised(_ text: String) -> String? {
    let signs = text.compactMap { NumberLabel.superscripts[$0] }
    return signs.count == text.count ? String(signs) : nil
  }

  /// Adds a run, joined to the last one if it has the same style.
  public mutating func append(_ run: Run) {
    guard !run.text.isEmpty else { return }
    if let last = runs.last, last.isMath == run.isMath, last.script == run.script {
      runs[runs.count - 1].text += run.text
    } else {
      runs.append(run)
    }
  }

  /// The text with every run's style in marks: `Parameters {i:N}`, `10{^:4}`.
  var marked: String {
    runs.map { run in
      var style = run.isMath ? "i" : ""
      switch run.script {
      case .none: break
      case .superscript: style += "^"
      case .subscript: style += "_"
      }
      return style.isEmpty ? run.text : "{\(style):\(run.text)}"
    }.joined()
  }
}

/// The stroke weight of a text.
public enum TextWeight: String, Hashable, Sendable, Codable {
  /// For everything that has no reason to stand out.
  case regular
  /// For direct labels.
  case medium
  /// For titles.
  case semibold
}

/// Size and weight of a text.
public struct TextStyle: Hashable, Sendable, Codable {
  /// The size in points.
  public var size: Double
  /// The weight.
  public var weight: TextWeight

  /// A style of the given size and weight.
  public init(size: Double, weight: TextWeight = .regular) {
    self.size = size
    self.weight = weight
  }

  /// The height of capitals and digits over the baseline (Inter: 0.727 em).
  var capHeight: Double { size * 0.727 }
  /// The distance of two baselines.
  var lineHeight: Double { size * 1.3 }
}

/// Says how wide a text is when it is drawn.
public protocol TextMeasurer: Sendable {
  /// The advance of the text in points.
  func width(of text: RichText, style: TextStyle) -> Double
}

/// Widths from a table of Inter's advances: within a few per cent, and the same everywhere.
public struct ApproximateMeasurer: TextMeasurer {
  /// The size of a script relative to its line.
  static let scriptScale = 0.7

  /// A measurer; it has no state.
  public init() {}

  /// The advance of the text in points.
  public func width(of text: RichText, style: TextStyle) -> Double {
    var total = 0.0
    for run in text.runs {
      let scale = run.script == .none ? 1 : Self.scriptScale
      for character in run.text.unicodeScalars { total += Self.advance(of: character) * scale }
    }
    let weight =
      switch style.weight {
      case .regular: 1.0
      case .medium: 1.02
      case .semibold: 1.05
      }
    return total * style.size * weight
  }

  private static func advance(of character: Unicode.Scalar) -> Double {
    switch character {
    case "\u{2009}", "\u{200A}": 0.16
    case " ", "i", "j", "l", "I", ".", ",", ":", ";", "'", "|", "!": 0.28
    case "f", "r", "t", "(", ")", "[", "]", "/", "-": 0.37
    case "m", "w", "M", "W", "%", "@": 0.88
    case "A"..."Z": 0.70
    case "\u{2212}", "+", "=", "<", ">", "×", "≈", "≤", "≥", "±", "∝": 0.65
    case "0"..."9": 0.62
    default: 0.58
    }
  }
}
