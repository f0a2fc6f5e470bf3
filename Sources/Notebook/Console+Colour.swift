import Laboratory
import Weaving

extension Console {
  enum Colour: Int {
    case bold = 1
    case faint = 2
    case red = 31
    case green = 32
    case yellow = 33
  }

  /// `text` in a colour, where colours may be used.
  func paint(_ text: String, _ colour: Colour) -> String {
    hasColours ? "\u{1B}[\(colour.rawValue)m\(text)\u{1B}[0m" : text
  }

  func paint(_ verdict: Verdict) -> String {
    switch verdict {
    case .holds: paint(verdict.words, .green)
    case .holdsWithLimit: paint(verdict.words, .yellow)
    case .fails: paint(verdict.words, .red)
    case .notDecided, .notJudged: paint(verdict.words, .bold)
    }
  }
}
